"""The plan: the instructions that a player runs for a tape.

A forward instruction computes a run of results.  A backward instruction pulls gradient to a
run of targets, each of which has the same number of uses of the same kind.  A target's uses
are added up in eager order, so that the gradients are the same to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.program.derivative import OUT, derivatives
from autograd.program.player import Player
from autograd.program.runs import BLOCK, affine_runs, changes, lengths_and_strides
from autograd.program.schedule import Facts, Integers, Section, schedule
from autograd.program.tape import Tape

Floats = NDArray[np.float64]

KINDS = 1 << 20
"""More than there are codes of instructions."""


@dataclass(frozen=True)
class Plan:
    """Instructions, and where the numbers lie.

    Attributes
    ----------
    forward, backward : int64 array of shape (instructions, columns)
        What the player runs, see :mod:`autograd.program.source`.
    table : int64 array
        The places of the operands of rows with any number of operands.
    values, gradients : int
        The length of the columns of values and gradients; leaves come first, in the order of
        the tape.
    outputs : int array
        The places of the outputs' values.
    seeds : int array
        The places of the outputs' gradients; -1 for an output without.
    choices : pair of int arrays
        Where the numbers lie that select one of several operands, and how many there are to
        choose from.
    levels : int
        The most levels of a section.
    """

    forward: NDArray[Any]
    backward: NDArray[Any]
    table: NDArray[Any]
    values: int
    gradients: int
    outputs: Integers
    seeds: Integers
    choices: tuple[Integers, Integers]
    levels: int

    @property
    def nbytes(self) -> int:
        """The memory of the instructions and of both columns, in bytes."""
        return self.forward.nbytes + self.backward.nbytes + self.table.nbytes + 8 * (self.values + self.gradients)

    def play(self, player: Player, values: Floats, gradients: Floats, start: Floats | None) -> None:
        """Run forward, and backward when the outputs have a gradient to start from.

        Raises
        ------
        IndexError
            When a number that selects an operand is not one of 0, 1, ...; the gradients are as they were.
        """
        backward = self.backward[:0] if start is None else self.backward
        with np.errstate(all="ignore"):
            if len(self.choices[0]):
                player.play(self.forward, backward[:0], self.table, values, gradients)
                self.check_choices(values[self.choices[0]])
            if start is not None:
                reached = self.seeds >= 0
                places = self.seeds[reached]
                gradients[places] = -0.0
                np.add.at(gradients, places, start[reached])  # an output may be given twice
            forward = self.forward[:0] if len(self.choices[0]) else self.forward
            player.play(forward, backward, self.table, values, gradients)

    def check_choices(self, chosen: Floats) -> None:
        """Raise IndexError when one of the numbers that select an operand, in the last axis, selects none."""
        counts = self.choices[1]
        wrong = np.argwhere(~((chosen >= 0) & (chosen < counts) & (chosen == np.floor(chosen))))
        if len(wrong):
            first = tuple(wrong[0])
            raise IndexError(
                f"choose: the index {chosen[first]:g} selects none of the {counts[first[-1]]} operands; "
                f"give a whole number from 0 to {counts[first[-1]] - 1}"
            )


def plan(tape: Tape, player: Player) -> Plan:
    """Plan how `player` runs a tape."""
    return _Planner(tape, player).plan()


class _Planner:
    def __init__(self, tape: Tape, player: Player) -> None:
        self.tape = tape
        self.player = player
        self.facts = facts = Facts(tape)
        leaves, wanted = tape.leaves, len(tape.wanted)
        self.most = max([3, *(op.arity or 0 for op in tape.operations)])

        # Leaves, and what outlives its section, have places of their own; the rest share.
        self.value = np.full(tape.nodes, -1)
        self.value[:leaves] = np.arange(leaves)
        self.pack = np.full(tape.results, -1)
        self.next_value = leaves
        kept = facts.kept[leaves:].sum() + facts.counts[facts.packs_kept].sum()
        self.shared_values = self.end_values = leaves + int(kept)

        self.gradient = np.full(tape.nodes, -1)
        self.gradient[:wanted] = np.where(tape.wanted, np.arange(wanted), -1)
        lasting = np.flatnonzero((facts.output | facts.crosses)[leaves:] & facts.differentiable[leaves:])
        self.gradient[leaves + lasting] = wanted + np.arange(len(lasting))
        self.shared_gradients = self.end_gradients = wanted + len(lasting)

        # For each operand slot of each row in use: its instruction, and whether it passes gradient on as it is.
        self.slots = [
            (number, op, slot, derivative)
            for number, op in enumerate(tape.operations)
            for slot, derivative in enumerate(derivatives(op))
        ]

    def plan(self) -> Plan:
        tape = self.tape
        forward: list[Integers] = []
        backward: list[Integers] = []
        tables: list[Integers] = []
        in_table = levels = 0
        for begin, end in self.facts.sections():
            section = schedule(self.facts, begin, end)
            self.place_values(section)
            instructions, table = self.forward(section, in_table)
            forward.append(instructions)
            tables.append(table)
            in_table += len(table)
            backward.append(self.backward(section))
            levels = max(levels, int(section.level.max()))
        return Plan(
            self.player.instructions(forward, 3 + 2 * self.most),
            self.player.instructions(backward[::-1], 8 + 3 * (self.most + 1)),
            self.player.instructions(tables, 0),
            # Rooms where an instruction places what is not side by side: for operands and the output.
            self.end_values + (self.most + 1) * BLOCK,
            self.end_gradients + BLOCK,
            self.value[tape.outputs],
            self.gradient[tape.outputs],
            self.choices(),
            levels,
        )

    def choices(self) -> tuple[Integers, Integers]:
        """Return where the numbers lie that select an operand, each index once, and how many it chooses from."""
        tape, counts = self.tape, self.facts.counts
        selects = np.array([op.selects for op in tape.operations], bool)
        nodes = np.flatnonzero(selects[tape.codes]) if len(tape.codes) else np.zeros(0, np.int64)
        last = tape.starts[nodes + 1] - 1
        _, first = np.unique(np.stack([tape.operands[last], counts[nodes]]), axis=1, return_index=True)
        nodes = nodes[first]
        return self.pack[nodes] + counts[nodes] - 1, counts[nodes] - 1

    def place_values(self, section: Section) -> None:
        """Give the results of a section, and operands that lie side by side, places in the order of play."""
        facts, order = self.facts, section.order
        many = order[np.array([op.arity is None for op in self.tape.operations])[self.tape.codes[order]]]
        ones = np.ones(len(order), np.int64)
        shared = self.shared_values
        for column, members, sizes, kept in (
            (self.value, order + self.tape.leaves, ones, facts.kept[order + self.tape.leaves]),
            (self.pack, many, facts.counts[many], facts.packs_kept[many]),
        ):
            for which in (kept, ~kept):
                at = np.cumsum(sizes[which])
                first = self.next_value if which is kept else shared
                column[members[which]] = first + at - sizes[which]
                if len(at) and which is kept:
                    self.next_value += int(at[-1])
                elif len(at):
                    shared += int(at[-1])
        self.end_values = max(self.end_values, shared)

    def forward(self, section: Section, in_table: int) -> tuple[Integers, Integers]:
        """Write the instructions that compute a section, and the table of operands for rows with any number."""
        tape, order = self.tape, section.order
        codes, starts, counts = tape.codes[order], tape.starts[order], self.facts.counts[order]
        columns = np.zeros((self.most, len(order)), np.int64)
        many = np.zeros(len(order), bool)
        for number, op in enumerate(tape.operations):
            members = np.flatnonzero(codes == number)
            many[members] = op.arity is None
            for slot in range(op.arity or 0):
                columns[slot, members] = self.value[tape.operands[starts[members] + slot]]
        many = np.flatnonzero(many)
        ends = np.cumsum(counts[many])
        firsts = ends - counts[many]
        within = np.arange(counts[many].sum()) - np.repeat(firsts, counts[many])
        table = self.value[tape.operands[np.repeat(starts[many], counts[many]) + within]]
        columns[0, many], columns[1, many], columns[2, many] = self.pack[order[many]], in_table + firsts, counts[many]

        runs = affine_runs(section.new, columns, BLOCK)
        lengths, strides = lengths_and_strides(runs, columns)
        instruction_of = np.array([self.player.forward_codes[op] for op in tape.operations])
        written = np.empty((len(runs), 3 + 2 * self.most), np.int64)
        written[:, 0] = instruction_of[codes[runs]]
        written[:, 1] = lengths
        written[:, 2] = self.value[tape.leaves + order[runs]]
        written[:, 3::2] = columns[:, runs].T
        written[:, 4::2] = strides.T
        return written, table

    def backward(self, section: Section) -> Integers:
        """Write the instructions that pull gradient through a section."""
        tape, facts, uses = self.tape, self.facts, self.facts.uses
        here = slice(tape.starts[section.begin], tape.starts[section.end])
        through = np.flatnonzero(uses.flows[here]) + here.start
        node, consumer, slot = uses.node[through], uses.consumer[through], uses.slot[through]
        codes = tape.codes[consumer]
        instruction = np.empty(len(through), np.int64)
        passes_on = np.zeros(len(through), bool)
        for number, op, at, derivative in self.slots:
            members = (codes == number) if op.arity is None else (codes == number) & (slot == at)
            instruction[members] = self.player.backward_codes[op, at]
            if op.arity is None:  # an instruction is for one number of operands
                instruction[members] += KINDS * facts.counts[consumer[members]]
            passes_on[members] = derivative.is_one
        own = node >= tape.leaves + section.begin
        same = passes_on & own & (facts.use_counts[node] == 1) & (self.gradient[node] < 0)
        self.place_gradients(section, node[same], consumer[same])

        node, consumer, slot, instruction = node[~same], consumer[~same], slot[~same], instruction[~same]
        target = self.gradient[node]
        level = np.zeros(len(node), np.int64)
        own = own[~same]
        level[own] = section.level[node[own] - tape.leaves - section.begin]
        # From the last level to the first; a target's uses in eager order: the last consumer first.
        order = np.lexsort((slot, -consumer, target, -level))
        node, consumer, slot = node[order], consumer[order], slot[order]
        instruction, target, level = instruction[order], target[order], level[order]

        # Uses of one target that differ by fixed strides become one segment ...
        columns = self.reads(consumer, slot)
        first = changes(target)
        runs = affine_runs(first | changes(instruction), columns)
        counts, strides = lengths_and_strides(runs, columns)
        numbers = np.arange(len(runs))
        segment = numbers - np.maximum.accumulate(np.where(first[runs], numbers, 0))
        assign = (segment == 0) & ~facts.output[node[runs]] & (facts.last[node[runs]] < section.end)
        target, level, instruction, columns = target[runs], level[runs], instruction[runs], columns[:, runs]

        # ... and equal segments of neighbouring targets become one instruction.
        order = np.lexsort((target, segment, -level))
        target, level, segment, instruction = target[order], level[order], segment[order], instruction[order]
        assign, counts, columns, strides = assign[order], counts[order], columns[:, order], strides[:, order]
        new = changes(level, segment, instruction, assign, counts, *strides)
        new[1:] |= np.diff(target) != 1
        runs = affine_runs(new, columns, BLOCK)
        lengths, across = lengths_and_strides(runs, columns)
        written = np.empty((len(runs), 5 + 3 * len(columns)), np.int64)
        written[:, 0] = instruction[runs] % KINDS
        written[:, 1] = assign[runs]
        written[:, 2] = lengths
        written[:, 3] = counts[runs]
        written[:, 4] = target[runs]
        written[:, 5::3] = columns[:, runs].T
        written[:, 6::3] = across.T
        written[:, 7::3] = strides[:, runs].T
        return written

    def place_gradients(self, section: Section, node: Integers, consumer: Integers) -> None:
        """Give the results of a section places for their gradients: `node` shares its consumer's."""
        begin, end, leaves = section.begin, section.end, self.tape.leaves
        root = np.arange(end - begin)
        root[node - leaves - begin] = consumer - begin
        while not np.array_equal(jumped := root[root], root):
            root = jumped
        own = self.gradient[leaves + begin : leaves + end]
        order = section.order - begin
        flows = self.facts.differentiable[leaves + begin : leaves + end]
        targets = order[(root[order] == order) & (own[order] < 0) & flows[order]]
        own[targets] = self.shared_gradients + np.arange(len(targets))
        own[:] = own[root]
        self.end_gradients = max(self.end_gradients, self.shared_gradients + len(targets))

    def reads(self, consumer: Integers, slot: Integers) -> Integers:
        """Return what the derivative of each use reads: the upstream gradient's place, then values' places."""
        tape = self.tape
        codes = tape.codes[consumer]
        columns = np.zeros((2 + self.most, len(consumer)), np.int64)
        columns[0] = self.gradient[tape.leaves + consumer]
        for number, op, at, derivative in self.slots:
            if op.arity is None:
                members = np.flatnonzero(codes == number)
                used_by = consumer[members]
                columns[1, members] = self.pack[used_by] if derivative.reads else 0
                columns[2, members] = slot[members]
                columns[3, members] = self.facts.counts[used_by]
                columns[4, members] = self.value[tape.leaves + used_by] if OUT in derivative.reads else 0
                continue
            members = np.flatnonzero((codes == number) & (slot == at))
            used_by = consumer[members]
            for column, place in enumerate(derivative.reads, start=1):
                read = tape.leaves + used_by if place == OUT else tape.operands[tape.starts[used_by] + place]
                columns[column, members] = self.value[read]
        return columns

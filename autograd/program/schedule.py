"""The schedule: in which order a tape is played, and where in memory each number lies.

Eager order visits one sample after the other and computes a single number at a time.  Here
nodes of the same level (all whose operands are ready) and the same operation stand side by
side, ordered so that the operands of neighbours are neighbours too.  Then one instruction
computes hundreds of nodes, and the processor does eight of them at once.

A long tape is cut into sections that fit the processor's cache.  What only one section needs
lies in a part of memory that the next section uses again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autograd.program.derivative import OUT, derivatives
from autograd.program.runs import changes
from autograd.program.tape import Tape

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SECTION = 65536
"""Results in a section: their values and gradients fit the second-level cache."""


@dataclass(frozen=True)
class Uses:
    """Every use of a node as an operand, one entry for each operand slot of each result.

    Attributes
    ----------
    consumer : int array
        The position of the result that uses it.
    slot : int array
        In which operand slot.
    node : int array
        The number of the node that is used.
    flows : bool array
        Whether gradient flows through this use.
    """

    consumer: Integers
    slot: Integers
    node: Integers
    flows: Flags


class Facts:
    """What the planner asks of a tape, computed once for all of it."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.counts = np.diff(tape.starts)
        consumer = np.repeat(np.arange(tape.results), self.counts)
        node = tape.operands.astype(np.int64)
        self.differentiable = tape.differentiable()
        self.uses = Uses(consumer, np.arange(len(node)) - tape.starts[consumer], node, self.differentiable[node])
        self.output = np.zeros(tape.nodes, bool)
        self.output[tape.outputs] = True

        self.use_counts = np.bincount(node, minlength=tape.nodes)
        self.last = np.full(tape.nodes, -1)  # the last consumer of each node
        self.last[node] = consumer  # consumers ascend, so the last one stays
        needed = np.where(self.output, tape.results, self.last)
        self.bounds = _cut(needed[tape.leaves :], SECTION)
        section = np.full(tape.nodes, -1)  # leaves belong to no section
        section[tape.leaves :] = np.searchsorted(self.bounds, np.arange(tape.results), side="right")
        self.crosses = np.zeros(tape.nodes, bool)
        self.crosses[node[section[node] != section[tape.leaves + consumer]]] = True
        self.kept, self.packs_kept = self._kept()

    def _kept(self) -> tuple[Flags, Flags]:
        """Tell for each node whether its value is needed after its section was computed, and for packed operands."""
        tape, uses = self.tape, self.uses
        kept = self.output | self.crosses
        packs = np.zeros(tape.results, bool)
        code = tape.codes[uses.consumer]
        for number, op in enumerate(tape.operations):
            if op.selects:  # the index is checked after the run
                packs[tape.codes == number] = True
            of_op = np.flatnonzero((code == number) & uses.flows)
            for slot, derivative in enumerate(derivatives(op)):
                through = of_op if op.arity is None else of_op[uses.slot[of_op] == slot]
                consumer = uses.consumer[through]
                for place in derivative.reads:
                    if place == OUT:
                        kept[tape.leaves + consumer] = True
                    elif op.arity is None:
                        packs[consumer] = True
                    else:
                        kept[tape.operands[tape.starts[consumer] + place]] = True
        return kept, packs

    def sections(self) -> Iterator[tuple[int, int]]:
        """Yield where each section begins and ends, as positions of results."""
        edges = [0, *self.bounds.tolist(), self.tape.results] if self.tape.results else []
        yield from pairwise(edges)


def _cut(last: Integers, size: int) -> Integers:
    """Return where to cut: about every `size` results, where few of them are still needed later."""
    n = len(last)
    ends = np.bincount(np.minimum(last, n), minlength=n + 1)[:n]
    alive = np.arange(n) - np.cumsum(ends) + ends  # alive[p]: results before p that are used at p or later
    bounds, begin = [], 0
    while n - begin > size * 3 // 2:
        low, high = begin + size // 2, begin + size * 3 // 2
        best = np.flatnonzero(alive[low:high] == alive[low:high].min()) + low
        begin = int(best[np.argmin(np.abs(best - begin - size))])
        bounds.append(begin)
    return np.array(bounds, np.int64)


@dataclass(frozen=True)
class Section:
    """A part of the tape in the order in which it is played.

    Attributes
    ----------
    begin, end : int
        Its results, as positions of the tape.
    order : int array
        The positions in the order of play.
    level : int array
        For each result, from `begin` on: one more than the highest level of its operands;
        leaves and results of other sections have level 0.
    new : bool array
        Where in `order` another kind of instruction begins.
    """

    begin: int
    end: int
    order: Integers
    level: Integers
    new: Flags


def schedule(facts: Facts, begin: int, end: int) -> Section:
    """Order a section so that neighbours have the same operation and neighbouring operands."""
    tape = facts.tape
    first_use, last_use = tape.starts[begin], tape.starts[end]
    operand = facts.uses.node[first_use:last_use] - tape.leaves - begin
    starts = (tape.starts[begin : end + 1] - first_use).tolist()
    # Local numbers from 1; 0 stands for everything outside of the section.
    local = np.maximum(operand + 1, 0)
    levels = [0]
    level_of, append, numbers = levels.__getitem__, levels.append, local.tolist()
    for a, b in pairwise(starts):
        append(1 + max(map(level_of, numbers[a:b])))
    level = np.array(levels[1:])

    codes = tape.codes[begin:end].astype(np.int64)
    counts = facts.counts[begin:end]
    kept = facts.kept[tape.leaves + begin : tape.leaves + end] * 2 + facts.packs_kept[begin:end]
    order = np.lexsort((kept, counts, codes, level))
    new = changes(level[order], codes[order], counts[order], kept[order])
    _rank(order, np.flatnonzero(new), starts, local, counts.tolist())
    return Section(begin, end, order + begin, level, new)


def _rank(order: Integers, groups: Integers, starts: list[int], local: Integers, counts: list[int]) -> None:
    """Order each group, from the last to the first, by the place of each node's first consumer."""
    n = len(order)
    key = np.full(n + 1, np.iinfo(np.int64).max)
    starts_of = np.array(starts)
    group = np.append(groups, n).tolist()
    most = max(counts)
    for a, b in zip(group[-2::-1], group[:0:-1], strict=True):
        if b - a == 1:  # as in a chain: no order to choose
            node = order[a]
            at = starts[node]
            for slot in range(counts[node] - 1, -1, -1):
                key[local[at + slot]] = a * most + slot
            continue
        members = order[a:b]
        members = members[np.argsort(key[members + 1], kind="stable")]
        order[a:b] = members
        at = starts_of[members[::-1]]
        rank = np.arange(b - a - 1, -1, -1)
        # The first slot and the lowest rank are written last and stay.
        for slot in range(counts[members[0]] - 1, -1, -1):
            key[local[at + slot]] = a * most + slot * (b - a) + rank

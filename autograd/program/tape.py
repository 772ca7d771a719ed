"""The tape: a recorded graph as columns of numbers instead of objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.graph import results_in_order
from autograd.operation import Operation

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Tape:
    """A graph as columns: one entry per result, in topological order, operands before results.

    Nodes are numbered: first the leaves (parameters, inputs, constants), then the results.

    Attributes
    ----------
    operations : tuple of Operation
        The rows of the op table in use.
    codes : int16 array
        For each result the number of its row in `operations`.
    starts : int32 array
        Where the operands of each result begin in `operands`; one entry more than results.
    operands : int32 array
        The numbers of the operands, in order, duplicates kept.
    parameters, inputs : int
        How many leaves of each kind there are.
    wanted : bool array
        For each parameter and input whether it receives a gradient.
    constants : float64 array
        The numbers of the constants, each bit pattern once.
    outputs : int32 array
        The numbers of the nodes that the program computes.
    """

    operations: tuple[Operation, ...]
    codes: NDArray[np.int16]
    starts: Ids
    operands: Ids
    parameters: int
    inputs: int
    wanted: NDArray[np.bool_]
    constants: NDArray[np.float64]
    outputs: Ids

    @property
    def leaves(self) -> int:
        """How many parameters, inputs and constants there are."""
        return self.parameters + self.inputs + len(self.constants)

    @property
    def results(self) -> int:
        """How many results of operations there are."""
        return len(self.codes)

    @property
    def nodes(self) -> int:
        """How many nodes there are, leaves included."""
        return self.leaves + self.results

    def used(self) -> NDArray[np.bool_]:
        """Tell for each node whether it is an operand or an output."""
        used = np.zeros(self.nodes, bool)
        used[self.operands] = used[self.outputs] = True
        return used

    @property
    def nbytes(self) -> int:
        """The memory of the columns, in bytes."""
        columns = (self.codes, self.starts, self.operands, self.wanted, self.constants, self.outputs)
        return sum(column.nbytes for column in columns)

    def differentiable(self) -> NDArray[np.bool_]:
        """Tell for each node whether a gradient flows to it: whether it depends on a wanted leaf."""
        flows = np.ones(self.nodes, bool)
        if self.wanted.all():
            flows[len(self.wanted) : self.leaves] = False
            return flows
        flags = [*self.wanted.tolist(), *[False] * len(self.constants)]
        starts, operands = self.starts.tolist(), self.operands.tolist()
        for begin, end in pairwise(starts):
            flags.append(any(flags[operand] for operand in operands[begin:end]))
        return np.array(flags)

    def repeated(self, times: int, shared: bool) -> Tape:
        """Return the tape of `times` samples side by side.

        Parameters
        ----------
        times : int
            The number of samples.
        shared : bool
            Whether all samples use the same parameters, so that their gradients add up, or
            each sample has parameters of its own.

        Returns
        -------
        Tape
            The leaves of one kind lie in the order (leaf, sample), the outputs likewise.
        """
        leaves = np.arange(self.leaves)
        sample = np.arange(times)[:, None]
        parameters = self.parameters * (1 if shared else times)
        inputs = self.inputs * times
        ids = np.empty((times, self.nodes), np.int32)
        kinds = (leaves < self.parameters, leaves < self.parameters + self.inputs)
        ids[:, : self.leaves] = np.select(
            kinds,
            (
                leaves if shared else leaves * times + sample,
                parameters + (leaves - self.parameters) * times + sample,
            ),
            leaves - self.parameters - self.inputs + parameters + inputs,
        )
        first = parameters + inputs + len(self.constants)
        ids[:, self.leaves :] = first + np.arange(times * self.results).reshape(times, self.results)
        counts = np.diff(self.starts)
        return Tape(
            self.operations,
            np.tile(self.codes, times),
            np.concatenate([[0], np.cumsum(np.tile(counts, times))]).astype(np.int32),
            ids[:, self.operands].ravel(),
            parameters,
            inputs,
            np.concatenate(
                [
                    np.repeat(self.wanted[: self.parameters], 1 if shared else times),
                    np.repeat(self.wanted[self.parameters :], times),
                ]
            ),
            self.constants,
            ids[:, self.outputs].T.ravel(),
        )


@dataclass(frozen=True)
class Recording:
    """A tape and the nodes that its leaves were recorded from."""

    tape: Tape
    parameters: list[Any]
    inputs: list[Any]
    constants: list[Any]


def record(
    outputs: Sequence[Any], inputs: Sequence[Any], parameters: Sequence[Any], wanted: Sequence[bool]
) -> Recording:
    """Write down what `outputs` are computed from; what is not needed for them is left out.

    Parameters
    ----------
    outputs : sequence of Node
        The results to compute.
    inputs : sequence of Node
        The leaves that each run gives new numbers.
    parameters : sequence of Node
        The leaves to list first; others that require a gradient are added as they are found.
    wanted : sequence of bool
        For each input whether its gradient is wanted.

    Raises
    ------
    TypeError
        When the graph has a gate that is no row of the op table.
    """
    order = results_in_order(outputs)
    # One dictionary numbers everything: results from 0 up, leaves from -1 down.
    ids: dict[Any, int] = {}
    known: list[Any] = [*parameters, *inputs]
    for leaf in known:
        ids[leaf] = -1 - len(ids)
    leaves = list(known)
    rows: dict[Any, int] = {}
    codes: list[int] = []
    operands: list[int] = []
    starts = [0]
    number, add = ids.get, operands.append

    def found(leaf: Any) -> int:
        leaves.append(leaf)
        ids[leaf] = at = -len(leaves)
        return at

    for position, node in enumerate(order):
        codes.append(rows.setdefault(node.op, len(rows)))
        first, second = node._first, node._second
        at = number(first)
        add(found(first) if at is None else at)
        if second is not None:
            at = number(second)
            add(found(second) if at is None else at)
            for operand in node._rest:
                at = number(operand)
                add(found(operand) if at is None else at)
        starts.append(len(operands))
        ids[node] = position
    for output in outputs:
        if output not in ids:
            found(output)
    for op in rows:
        if not isinstance(op, Operation):
            raise TypeError(
                f"compile: the graph has the gate {op.name}, which is written in Python; a program holds rows of the "
                f"op table only: declare it as one with @autograd.operation, or leave it out of the compiled part"
            )

    extra = leaves[len(known) :]
    constants = [leaf for leaf in extra if not leaf.requires_grad]
    discovered = [leaf for leaf in extra if leaf.requires_grad]
    all_parameters = [*parameters, *discovered]
    # Equal constants are one, in the order in which they are found, so that neighbours stay neighbours.
    found_bits = np.array([leaf._data for leaf in constants], np.float64).view(np.int64)
    _, first, pool = np.unique(found_bits, return_index=True, return_inverse=True)
    numbers, pool = found_bits[np.sort(first)], np.argsort(np.argsort(first))[pool.ravel()]
    final = {leaf: i for i, leaf in enumerate([*all_parameters, *inputs])}
    first_constant = len(final)
    final.update(zip(constants, (first_constant + pool).tolist(), strict=True))
    count = first_constant + len(numbers)
    # Looked up with a negative number: the last entry is leaf -1, the one before it leaf -2, ...
    table = np.array([final[leaf] for leaf in reversed(leaves)] or [0], np.int32)

    def renumbered(given: list[int]) -> Ids:
        column = np.array(given, np.int32)
        return np.where(column < 0, table[np.minimum(column, -1)], column + count).astype(np.int32)

    tape = Tape(
        tuple(rows),
        np.array(codes, np.int16),
        np.array(starts, np.int32),
        renumbered(operands),
        len(all_parameters),
        len(inputs),
        np.array([*[True] * len(all_parameters), *wanted], bool),
        numbers.view(np.float64),
        renumbered([ids[output] for output in outputs]),
    )
    return Recording(tape, all_parameters, list(inputs), constants)

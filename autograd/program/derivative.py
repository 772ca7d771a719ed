"""What a local derivative reads, found by running its rule on nodes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from autograd.graph import topological_order
from autograd.mode import compiling
from autograd.operation import Operation
from autograd.value import Value

OUT = -1
"""The place of the output among what a derivative reads; operands have the places 0, 1, ..."""


@dataclass(frozen=True)
class Derivative:
    """The local derivative of one operand slot.

    Attributes
    ----------
    reads : tuple of int
        The places of what it depends on: operands, and ``OUT``.
    formula : str
        The rule as an expression of what it reads; equal for rules that compute the same.
    """

    reads: tuple[int, ...]
    formula: str

    @property
    def is_one(self) -> bool:
        """Whether the gate passes the upstream gradient on as it is."""
        return self.formula == "1.0"


@cache
def derivatives(op: Operation) -> tuple[Derivative, ...]:
    """Return the local derivative of every slot; the only one of a row for any number of operands."""
    # Recorded, so that a rule that branches on a number is refused instead of read for one case only.
    with compiling(f"the derivative of {op.name}"):
        leaves = [Value((low + high) / 2) for low, high in op.domain * (5 if op.arity is None else 1)]
        out = Value(op.forward(*[leaf._data for leaf in leaves]))
        places = {leaf: i for i, leaf in enumerate(leaves)} | {out: OUT}
        if op.arity is not None:
            return tuple(_described(partial(*leaves, out), places) for partial in op.node_partials)
        found = [_described(op.node_partials[0](leaves, out, i), places) for i in range(len(leaves))]
    reads = sorted({place for derivative in found for place in derivative.reads}, reverse=True)
    same = len({derivative.formula for derivative in found}) == 1
    return (Derivative(tuple(reads), found[0].formula if same else op.name),)


def _described(result: Any, places: dict[Any, int]) -> Derivative:
    if not isinstance(result, Value):
        return Derivative((), repr(float(result)))
    order = topological_order([result], constants=True)
    # Operands in order, then the output.
    reads = sorted((places[node] for node in order if node in places), key=lambda place: (place == OUT, place))
    text: dict[Any, str] = {}
    for node in order:
        if node in places:
            text[node] = f"r{reads.index(places[node])}"
        elif node.op is None:
            text[node] = repr(node._data)
        else:
            text[node] = f"{node.op.name}({', '.join(text[operand] for operand in node.parents)})"
    return Derivative(tuple(reads), text[result])

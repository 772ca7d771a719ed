"""Graphs of other engines as ours, so that they are drawn in the same look: PyTorch's and micrograd's.

Neither is imported: a result of PyTorch can only exist when its user has imported it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import OPERATIONS, Tensor, Value, enable_grad


class ForeignOperation:
    """An operation that the op table does not have: a gate with its name and a function for its gradients.

    Parameters
    ----------
    name : str
        What the gate shows.
    pull : callable
        Takes the upstream gradient and returns what each operand receives.
    detail : str
        What the gate shows in small letters.
    """

    arity = plain_arity = None
    latex = operator = ""
    gradient_latex = ()
    composed = None
    runs_again = False

    def __init__(self, name: str, pull: Callable[[Any], list[Any]], detail: str = "") -> None:
        self.name = self.symbol = name
        self.detail = detail
        self._pull = pull

    def contributions(self, node: Any, upstream: Any, on_nodes: bool) -> list[Any]:
        """Return what each operand of `node` receives."""
        return self._pull(upstream)


def is_unknown(node: Any) -> bool:
    """Whether the other engine does not keep the value of a node."""
    return isinstance(node, Tensor) and node.__dict__.get("_unknown", False)


def converted(node: Any) -> Any:
    """Return a result of PyTorch or micrograd as a node with its graph; anything else as it is."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(node, torch.Tensor):
        from viz.pytorch import from_pytorch

        with enable_grad(), np.errstate(all="ignore"):
            return from_pytorch(node)
    if not isinstance(node, Value) and _is_micrograd(node):
        with enable_grad():
            return _from_micrograd(node)
    return node


def _is_micrograd(node: Any) -> bool:
    names = ("data", "grad", "_prev", "_op", "_backward")
    return all(hasattr(node, name) for name in names) and isinstance(node._prev, (set, tuple, list))


def _from_micrograd(output: Any) -> Value:
    """Convert a micrograd Value; gradients are taken over once a backward pass has set that of the output."""
    done: dict[int, Value] = {}
    passed = output.grad != 0
    stack = [output]
    while stack:
        node = stack[-1]
        waiting = [operand for operand in node._prev if id(operand) not in done]
        if waiting and id(node) not in done:
            stack += waiting
            continue
        stack.pop()
        if id(node) in done:
            continue
        operands = _operands(node)
        made = _gate(node, operands, [done[id(operand)] for operand in operands])
        made.label = label if isinstance(label := getattr(node, "label", ""), str) else ""
        made._grad = float(node.grad) if passed else None
        done[id(node)] = made
    return done[id(output)]


def _operands(node: Any) -> list[Any]:
    """Return the operands in order; ``_prev`` is a set, but the closure of the backward rule knows more."""
    code, cells = getattr(node._backward, "__code__", None), getattr(node._backward, "__closure__", None)
    kept: dict[str, Any] = dict(zip(code.co_freevars if code else (), map(_content, cells or ()), strict=True))
    named = [kept[name] for name in ("self", "other") if any(kept.get(name) is operand for operand in node._prev)]
    return named if {id(operand) for operand in named} == {id(operand) for operand in node._prev} else list(node._prev)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # never filled
        return None


def _gate(node: Any, operands: Sequence[Any], copies: list[Value]) -> Value:
    """Make a node by the row of the op table that computes the same number, or else by the other engine's rule."""
    if not operands:
        return Value(float(node.data))
    name = str(node._op)
    operators = {row.symbol: row for row in OPERATIONS.values() if row.operator and row.arity == 2}
    row = operators.get(name) or OPERATIONS.get(name.lower())
    if name.startswith("**"):
        row, copies = operators["**"], [*copies, Value(float(name[2:]), requires_grad=False)]
    if row is not None and row.arity == len(copies):
        made = row(*copies)
        if math.isclose(made.data, node.data, rel_tol=1e-9, abs_tol=1e-12) or made.data != made.data:
            made._data = float(node.data)
            return made
    locals_ = _locals(node, operands)
    made = Value(float(node.data))
    made.op = ForeignOperation(name or "?", lambda upstream: [upstream * local for local in locals_])  # pyright: ignore[reportAttributeAccessIssue]
    made.set_operands(copies[: len(operands)])
    return made


def _locals(node: Any, operands: Sequence[Any]) -> list[float]:
    """Return the local derivatives: run the backward rule of one gate, and put all gradients back."""
    before = [(part, part.grad) for part in (node, *operands)]
    try:
        for part, _ in before:
            part.grad = 0.0
        node.grad = 1.0
        node._backward()
        return [float(operand.grad) for operand in operands]
    finally:
        for part, gradient in before:
            part.grad = gradient

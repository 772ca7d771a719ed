"""When data were changed in place: a clock that ticks with every change.

A result remembers the time when it was recorded, and a tensor the time of its last change.  An
operand that was changed after its result was recorded no longer has the numbers that the
derivative needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Clock:
    """Counts the changes in place, of any tensor, and the blocks that look for anomalies."""

    now = 0
    watched = 0
    rebases = 0  # how many tensors came to stand for another result while a graph was recorded


clock = Clock()


def settle(outputs: Iterable[Any]) -> None:
    """Let every result have the operands that it was computed from.

    A tensor that was changed in place while a graph was recorded stands for its new result; what
    was computed from it before gets the node that it was at that time.
    """
    stack = [node for node in outputs if hasattr(node, "_made")]
    seen = set()
    while stack:
        node = stack.pop()
        if node in seen or node.op is None:
            continue
        seen.add(node)
        operands = node.parents
        if any(operand._rebased > node._made for operand in operands):
            operands = tuple(_at(operand, node._made) for operand in operands)
            node.set_operands(operands)
        stack.extend(operands)


def _at(tensor: Any, time: int) -> Any:
    """Return the node that a tensor was at a time."""
    return next((old for changed, old in tensor._versions if changed > time), tensor)


class ChangedOperand:
    """Stands for an operand that was changed: shape and dtype are known, using its numbers is an error."""

    def __init__(self, array: Any, message: str) -> None:
        self.shape, self.ndim, self.dtype, self.size = array.shape, array.ndim, array.dtype, array.size
        self._message = message

    def _refuse(self, *operands: Any, **options: Any) -> Any:
        """Raise the error that names who needs the numbers from before."""
        raise RuntimeError(self._message)

    __array__ = __array_ufunc__ = __array_function__ = __getitem__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __pow__ = __rpow__ = __neg__ = __matmul__ = __rmatmul__ = __mod__ = __rmod__ = _refuse
    transpose = reshape = sum = max = min = copy = ravel = astype = _refuse

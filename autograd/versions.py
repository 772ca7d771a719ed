"""When data were changed in place: a clock that ticks with every change.

A result remembers the time when it was recorded, and a tensor the time of its last change.  An
operand that was changed after its result was recorded no longer has the numbers that the
derivative needs.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import Any


class Clock:
    """Counts the changes in place, of any tensor, and what else an operation must look at before it is recorded."""

    def __init__(self) -> None:
        self.now = 0
        self.rebases = 0  # how many tensors came to stand for another result while a graph was recorded
        # An entry for each block, of any thread, that changes how operations are recorded; mostly none, see `mode`.
        # A list, because threads can append and pop at the same time without a lock.
        self.special: list[str] = []


clock = Clock()


def settle(outputs: Iterable[Any], since: int | None = None) -> None:
    """Let every result have the operands that it was computed from.

    A tensor that was changed in place while a graph was recorded stands for its new result; what
    was computed from it before gets the node that it was at that time.

    With `since` only results made since that time are looked at, and views from before the change
    let go of their base: the base is about to be computed from them.
    """
    stack = [node for node in outputs if hasattr(node, "_made")]
    seen = set()
    while stack:
        node = stack.pop()
        if node in seen or node.op is None or (since is not None and node._made < since):
            continue
        seen.add(node)
        operands = node.parents
        if any(operand._rebased > node._made for operand in operands):
            operands = tuple(_at(operand, node._made) for operand in operands)
            node.set_operands(operands)
        if since is not None and node._base is not None and node._base._rebased > node._made:
            node._base = LostBase()
        stack.extend(operands)


def _at(tensor: Any, time: int) -> Any:
    """Return the node that a tensor was at a time."""
    versions = tensor._versions or []
    later = bisect_right(versions, time, key=itemgetter(0))
    return versions[later][1] if later < len(versions) else tensor


class LostBase:
    """Stands for the base of a view that was taken before the base was changed in place."""

    _rebased = _changed = math.inf


def refuse_outdated(tensor: Any) -> None:
    """Raise RuntimeError for a view of a tensor that came to stand for another result since."""
    if tensor._base is not None and tensor._base._rebased > tensor._made:
        raise RuntimeError(
            f"a tensor of shape {tensor.shape} is a view of a tensor that was changed in place since; "
            f"take the view again"
        )


def refuse_changed(inputs: Iterable[Any]) -> None:
    """Raise RuntimeError when the numbers of one of the operands changed."""
    for operand in inputs:
        if isinstance(operand, ChangedOperand):
            operand._refuse()


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

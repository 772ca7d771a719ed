"""Gradients of several operands that one kernel computes at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import ref


def _nothing() -> None:
    return None


class Together:
    """Keeps what one kernel computed for all operands until each product has taken its part.

    >>> together, g = Together(), {1.0}
    >>> together.take(g, 0, lambda: ["for x", "for weight"])
    'for x'
    >>> together.take(g, 1, lambda: ["computed", "again"])
    'for weight'
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: tuple[Any, list[Any]] = (_nothing, [])

    def take(self, upstream: Any, place: int, compute: Callable[[], Sequence[Any]]) -> Any:
        """Return the part of operand `place`; `compute` runs when another upstream gradient arrives."""
        # The upstream gradient is held by a weak reference, so that the graph does not keep its memory.
        kept = self._kept  # read once: another thread may go backward through the same graph
        if kept[0]() is not upstream or kept[1][place] is None:
            kept = self._kept = ref(upstream), list(compute())
        part, kept[1][place] = kept[1][place], None
        return part

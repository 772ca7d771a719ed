"""Hooks: functions that are called when something happens, until their handle takes them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Handle:
    """Takes a hook away again."""

    _count = 0

    def __init__(self, hooks: dict[int, Callable[..., Any]], hook: Callable[..., Any]) -> None:
        Handle._count += 1
        self._hooks, self._key = hooks, Handle._count
        hooks[self._key] = hook

    def remove(self) -> None:
        """Stop calling the hook."""
        self._hooks.pop(self._key, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: Any) -> None:
        self.remove()

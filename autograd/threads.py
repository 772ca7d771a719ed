"""How many threads compute: one switch for kernels and BLAS."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_pool: ThreadPoolExecutor | None = None


def get_num_threads() -> int:
    """Return how many threads kernels and BLAS use."""
    return _count


def set_num_threads(count: int) -> None:
    """Set how many threads kernels and BLAS use."""
    global _count
    if not isinstance(count, int) or count < 1:
        raise ValueError(f"set_num_threads takes a whole number from 1, got {count!r}")
    _count = count


def parts(count: int, grain: int = 1) -> list[tuple[int, int]]:
    """Split ``range(count)`` into at most one interval (start, stop) a thread, none smaller than `grain`."""
    number = max(1, min(_count, count // max(grain, 1)))
    return [(count * i // number, count * (i + 1) // number) for i in range(number)]


def run(kernel: Callable[..., Any], intervals: list[tuple[int, int]], *arguments: Any) -> None:
    """Call ``kernel(part, start, stop, *arguments)`` for every interval, at the same time.

    The kernel must release the GIL to gain from it; `part` counts the intervals from 0.
    """
    global _pool
    if len(intervals) == 1:
        return kernel(0, *intervals[0], *arguments)
    if _pool is None:
        _pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="chainrule")
    futures = [
        _pool.submit(kernel, part, start, stop, *arguments) for part, (start, stop) in enumerate(intervals[1:], start=1)
    ]
    kernel(0, *intervals[0], *arguments)
    for future in futures:
        future.result()
    return None

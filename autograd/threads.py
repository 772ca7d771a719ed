"""How many threads compute: one switch for the kernels and for NumPy's BLAS.

The threads are this library's own, see :mod:`autograd.workers`, and BLAS runs on one thread
inside each of them, see :mod:`autograd.blas`.  Two sets of threads on the same cores would fight:
a BLAS with threads of its own keeps them spinning after every call, in the way of what runs next.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from autograd import blas, workers
from autograd.workers import Intervals


def _default() -> int:
    """Return the number that OMP_NUM_THREADS asks for, else the cores that this process may use."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_count = _default()


def get_num_threads() -> int:
    """Return how many threads the kernels and matrix products use.

    At first this is the number of cores that the process may use, or what the environment
    variable ``OMP_NUM_THREADS`` says.

    Examples
    --------
    >>> get_num_threads() >= 1
    True
    """
    return _count


def set_num_threads(count: int) -> None:
    """Set how many threads the kernels and matrix products use.

    Parameters
    ----------
    count : int
        From 1; with 1 everything runs on the thread that calls.

    Raises
    ------
    ValueError
        When `count` is not a whole number from 1.

    Notes
    -----
    NumPy's own BLAS is held at one thread from the first parallel kernel, the first large matrix
    product of this library or the first call of this function on, for the rest of the process:
    products of this library are split over its threads instead.  ``np.matmul`` called directly
    then uses one thread; :func:`autograd.blas.release` gives NumPy's BLAS its own threads back.

    Examples
    --------
    >>> before = get_num_threads()
    >>> set_num_threads(1)
    >>> get_num_threads()
    1
    >>> set_num_threads(before)
    """
    global _count
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ValueError(f"set_num_threads takes a whole number from 1, got {count!r}")
    _count = count
    blas.hold()


def parts(count: int, grain: int = 1) -> Intervals:
    """Split ``range(count)`` into at most one interval (start, stop) a thread, none smaller than `grain`.

    Parameters
    ----------
    count : int
        How many items there are.
    grain : int
        The fewest items that are worth a thread; about 10 microseconds of work.

    Examples
    --------
    >>> parts(5, grain=5)
    ((0, 5),)
    """
    return _divided(count, max(1, min(_count, count // max(grain, 1))))


@lru_cache(1024)
def _divided(count: int, number: int) -> Intervals:
    stops = [count * (i + 1) // number for i in range(number)]
    return tuple(zip([0, *stops], stops, strict=False))


def run(kernel: Callable[..., Any], intervals: Intervals, *arguments: Any) -> None:
    """Call ``kernel(part, start, stop, *arguments)`` for every interval, at the same time.

    Parameters
    ----------
    kernel : callable
        Must release the GIL to gain from it; `part` counts the intervals from 0.
    intervals : sequence of (int, int)
        For instance those of :func:`parts`.  When there are more of them than threads, a thread
        that is done takes the next one.
    *arguments
        Handed to every call.

    Raises
    ------
    Exception
        The error of the first part that raised one, once no part runs any more.

    Notes
    -----
    A call from inside a part, or while another Python thread is in here, runs its intervals one
    after the other on the calling thread.
    """
    if len(intervals) > 1 and _count > 1:
        blas.hold()
        workers.run(kernel, intervals, arguments, _count)
    elif len(intervals) == 1:
        kernel(0, *intervals[0], *arguments)
    else:
        for part, (start, stop) in enumerate(intervals):
            kernel(part, start, stop, *arguments)

"""The k largest or smallest numbers of each row, for small k.

The best so far lie sorted in a short list.  A block of numbers is compared with the last of the list
in vector lanes; most blocks have none that is better, and only the others are looked at one by one.
Equal numbers keep their order.  nan counts as larger than all numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.rules import exact
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

GRAIN = 16384  # elements a thread must get: about 10 µs of work
BLOCK = 64
MOST = 64
"""For larger k, shifting the list would take longer than sorting."""


@exact
def larger_than(x: Any, y: Any) -> Any:
    """Whether x > y, where nan is the largest."""
    return (x > y) | ((x != x) & (y == y))


@exact
def insert(x: Any, place: int, values: Any, places: Any, count: int, largest: bool) -> None:
    """Put a number into the sorted list of `count` numbers, whose last one it replaces or follows."""
    at = count
    while at > 0 and (larger_than(x, values[at - 1]) if largest else larger_than(values[at - 1], x)):
        if at < len(values):
            values[at], places[at] = values[at - 1], places[at - 1]
        at -= 1
    if at < len(values):
        values[at], places[at] = x, place


@kernel
def _best(part: int, start: int, stop: int, x: Any, values: Any, places: Any, largest: bool) -> None:
    k = values.shape[1]
    for r in range(start, stop):
        row, best, found = x[r], values[r], places[r]
        for i in range(k):
            insert(row[i], i, best, found, i, largest)
        for first in range(k, len(row), BLOCK):
            block, last, better = row[first : first + BLOCK], best[k - 1], 0
            if largest:
                for i in range(len(block)):
                    better += larger_than(block[i], last)
            else:
                for i in range(len(block)):
                    better += larger_than(last, block[i])
            if better:
                for i in range(len(block)):
                    insert(block[i], first + i, best, found, k, largest)


def best(x: Array, k: int, largest: bool) -> tuple[Array, Array]:
    """Return the `k` best numbers of each row, in order, and their places.

    Parameters
    ----------
    x : array of float32 or float64, shape (rows, length)
    k : int
        From 1 to the length.
    largest : bool

    Examples
    --------
    >>> best(np.array([[3.0, 1.0, 2.0]]), 2, True)
    (array([[3., 2.]]), array([[0, 2]]))
    """
    if small(x.size):
        # Backwards for the largest, so that equal numbers keep their order when the result is turned around.
        order = np.argsort(x[:, ::-1] if largest else x, axis=1, kind="stable")
        places = (x.shape[1] - 1 - order[:, ::-1] if largest else order)[:, :k]
        return np.take_along_axis(x, places, 1), places
    values, places = np.empty((len(x), k), x.dtype), np.empty((len(x), k), np.int64)
    intervals = threads.parts(len(x), GRAIN // x.shape[1] + 1)
    threads.run(_best, intervals, contiguous(x), values, places, largest)
    return values, places


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        x, places = np.ones((1, 2), dtype), np.zeros((1, 1), np.int64)
        yield f"best {dtype.__name__}", lambda x=x, places=places: _best(0, 0, 1, x, x[:, :1].copy(), places, True)

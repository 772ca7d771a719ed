"""Reading by index, and its gradient: adding by index.

- rows: y_i = table[index_i], and table̅[v] = Σ ȳ_i over all i with index_i = v;
- single elements: the same in a flat array (advanced indexing).

Along one axis: see :mod:`autograd.kernels.along_axis`.

Additions run in the order of the index, also with threads: each thread owns an interval of the
result, goes through the whole index and adds what falls into its interval.  So the result does not
depend on the number of threads.
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

GRAIN = 16384  # elements a thread must get: about 10 µs of work, more than waking it costs


@kernel
def _take_rows(part: int, start: int, stop: int, table: Any, index: Any, out: Any, bad: Any) -> None:
    for i in range(start, stop):
        if index[i] < 0 or index[i] >= len(table):
            bad[part] += 1
            continue
        row, result = table[index[i]], out[i]
        for j in range(len(result)):
            result[j] = row[j]


@kernel
def _add_rows(part: int, start: int, stop: int, rows: Any, index: Any, out: Any, bad: Any) -> None:
    for v in range(start, stop):
        row = out[v]
        for j in range(len(row)):
            row[j] = 0
    for i in range(len(index)):
        if start <= index[i] < stop:
            row, result = rows[i], out[index[i]]
            for j in range(len(result)):
                result[j] += row[j]
        elif index[i] < 0 or index[i] >= len(out):
            bad[part] += 1


@kernel
def _add_at(part: int, start: int, stop: int, index: Any, values: Any, out: Any, bad: Any) -> None:
    bad[part] = add(values[start:stop], index[start:stop], len(out), 1, 0, out)


@exact
def add(values: Any, index: Any, count: int, scale: int, step: int, flat: Any) -> Any:
    """Add values_i to flat[index_i scale + i step]; return how many entries are not in range(count)."""
    wrong = 0
    for i in range(len(index)):
        at = np.uint64(index[i])
        if at < np.uint64(count):
            flat[at * np.uint64(scale) + np.uint64(i) * np.uint64(step)] += values[i]
        else:
            wrong += 1
    return wrong


def check(name: str, index: Array, count: int) -> None:
    """Raise for the first entry of an index that is not in range(count)."""
    wrong = np.flatnonzero((index < 0) | (index >= count))
    if len(wrong):
        place = ", ".join(str(i) for i in np.unravel_index(int(wrong[0]), index.shape)) if index.ndim else ""
        raise IndexError(
            f"{name}: index[{place}] is {index.flat[wrong[0]]}, but there are {count} entries, 0 to {count - 1}"
        )


def integers(name: str, index: Array) -> Array:
    """Return an index as kernels take it."""
    if index.dtype.kind not in "iu":
        raise TypeError(f"{name}: an index must hold integers, got an array of {index.dtype}")
    return contiguous(index, np.int64)


def launch(name: str, compiled: Any, intervals: threads.Intervals, index: Array, count: int, *arguments: Array) -> None:
    """Run a kernel that counts wrong entries of the index, and raise for the first one."""
    bad = np.zeros(len(intervals), np.int64)
    if count == 0:
        check(name, index, count)
    threads.run(compiled, intervals, *arguments, bad)
    if any(bad.tolist()):
        check(name, index, count)


def take_rows(table: Array, index: Array) -> Array:
    """Return the rows of a table that an index names.

    Parameters
    ----------
    table : array, shape (V, D)
    index : array of integers, any shape
        Row numbers, 0 to V - 1.

    Returns
    -------
    array, shape (*index.shape, D)

    Raises
    ------
    IndexError
        When an entry is not a row number.

    Examples
    --------
    >>> take_rows(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 1, 0]))
    array([[3., 4.],
           [3., 4.],
           [1., 2.]])
    """
    index = integers("embedding", index)
    size = table.shape[1]
    if small(index.size * size):
        check("embedding", index, len(table))
        return table[index]
    out = np.empty((*index.shape, size), table.dtype)
    intervals = threads.parts(index.size, GRAIN // size + 1)
    arguments = contiguous(table), index.reshape(-1), out.reshape(-1, size)
    launch("embedding", _take_rows, intervals, index, len(table), *arguments)
    return out


def add_rows(rows: Array, index: Array, count: int) -> Array:
    """Return a table of `count` rows, each the sum of the rows that the index assigns to it.

    Parameters
    ----------
    rows : array, shape (n, D)
    index : array of integers, shape (n,)
        Row numbers of the result.
    count : int

    Raises
    ------
    IndexError
        When an entry is not a row number.

    Examples
    --------
    >>> add_rows(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 1]), 2)
    array([[0., 0.],
           [4., 6.]])
    """
    index = integers("add_rows", index)
    size = rows.shape[1]
    if small(max(rows.size, count * size)):
        check("add_rows", index, count)
        out = np.zeros((count, size), rows.dtype)
        np.add.at(out, index, rows)
        return out
    out = np.empty((count, size), rows.dtype)
    launch("add_rows", _add_rows, _by_result(count, size), index, count, contiguous(rows), index, out)
    return out


def _by_result(count: int, size: int) -> threads.Intervals:
    return threads.parts(count, GRAIN // max(size, 1) + 1)


def add_at(shape: int | tuple[int, ...], index: Array, values: Array) -> Array:
    """Return an array of zeros to which each value is added at its flat position.

    Parameters
    ----------
    shape : int or tuple of int
        The result's.
    index : array of integers, shape (n,)
        Positions in the flattened result.
    values : array, shape (n,)

    Raises
    ------
    IndexError
        When an entry is not a position.

    Examples
    --------
    >>> add_at((2, 2), np.array([3, 0, 3]), np.array([1.0, 2.0, 4.0]))
    array([[2., 0.],
           [0., 5.]])
    """
    index, values = integers("add_at", index).reshape(-1), contiguous(values).reshape(-1)
    out = np.zeros(shape, values.dtype)
    flat = out.reshape(-1)
    if small(values.size):
        check("add_at", index, out.size)
        np.add.at(flat, index, values)
    else:  # on one thread: with several, each would have to go through the whole index for single elements
        launch("add_at", _add_at, [(0, index.size)], index, out.size, index, values, flat)
    return out


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    index = np.zeros(1, np.int64)
    bad = np.ones(1, np.int64)
    for dtype in (np.float32, np.float64):
        x1, x2 = np.ones(1, dtype), np.ones((1, 1), dtype)
        calls = {
            "take_rows": (_take_rows, x2, index, x2.copy(), bad),
            "add_rows": (_add_rows, x2, index, x2.copy(), bad),
            "add_at": (_add_at, index, x1, x1.copy(), bad),
        }
        for name, (compiled, *arguments) in calls.items():
            yield f"{name} {dtype.__name__}", lambda run=compiled, arguments=arguments: run(0, 0, 1, *arguments)

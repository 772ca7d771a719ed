"""Reading by index, and its gradient: adding by index.

- rows: y_i = table[index_i], and table̅[v] = Σ ȳ_i over all i with index_i = v;
- single elements: the same along one axis (gather) or in a flat array (advanced indexing).

Additions run in the order of the index, also with threads: each thread owns an interval of the
result, goes through the whole index and adds what falls into its interval.  So the result does not
depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
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
def take(flat: Any, index: Any, count: int, scale: int, step: int, out: Any) -> Any:
    """Write flat[index_i scale + i step]; return how many entries are not in range(count).

    As an unsigned number a negative entry is a large one.  Without a way out in the middle the loop
    runs in vector lanes; wrong entries read position 0.
    """
    wrong = 0
    for i in range(len(index)):
        at = np.uint64(index[i])
        right = at < np.uint64(count)
        wrong += not right
        out[i] = flat[(at if right else np.uint64(0)) * np.uint64(scale) + np.uint64(i) * np.uint64(step)]
    return wrong


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


@kernel
def _gather(part: int, start: int, stop: int, x: Any, index: Any, out: Any, bad: Any) -> None:
    count, inner, wrong = x.shape[1], x.shape[2], 0
    for o in range(start, stop):
        flat = x[o].reshape(-1)
        if inner == 1:
            wrong += take(flat, index[o].reshape(-1), count, 1, 0, out[o].reshape(-1))
        else:
            for k in range(index.shape[1]):
                wrong += take(flat, index[o, k], count, inner, 1, out[o, k])
    bad[part] = wrong


@kernel
def _scatter_add(part: int, start: int, stop: int, values: Any, index: Any, out: Any, bad: Any) -> None:
    count, inner, wrong = out.shape[1], out.shape[2], 0
    for o in range(start, stop):
        flat = out[o].reshape(-1)
        if inner == 1:
            wrong += add(values[o].reshape(-1), index[o].reshape(-1), count, 1, 0, flat)
        else:
            for k in range(index.shape[1]):
                wrong += add(values[o, k], index[o, k], count, inner, 1, flat)
    bad[part] = wrong


def _checked(name: str, index: Array, count: int) -> None:
    """Raise for the first entry of an index that is not in range(count)."""
    wrong = np.flatnonzero((index < 0) | (index >= count))
    if len(wrong):
        place = ", ".join(str(i) for i in np.unravel_index(int(wrong[0]), index.shape)) if index.ndim else ""
        raise IndexError(
            f"{name}: index[{place}] is {index.flat[wrong[0]]}, but there are {count} entries, 0 to {count - 1}"
        )


def _integers(name: str, index: Array) -> Array:
    if index.dtype.kind not in "iu":
        raise TypeError(f"{name}: an index must hold integers, got an array of {index.dtype}")
    return contiguous(index, np.int64)


def _launch(
    name: str, compiled: Any, intervals: list[tuple[int, int]], index: Array, count: int, *arguments: Array
) -> None:
    """Run a kernel that counts wrong entries of the index, and raise for the first one."""
    bad = np.zeros(len(intervals), np.int64)
    if count == 0:
        _checked(name, index, count)
    threads.run(compiled, intervals, *arguments, bad)
    if any(bad.tolist()):
        _checked(name, index, count)


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
    index = _integers("embedding", index)
    size = table.shape[1]
    if small(index.size * size):
        _checked("embedding", index, len(table))
        return table[index]
    out = np.empty((*index.shape, size), table.dtype)
    intervals = threads.parts(index.size, GRAIN // size + 1)
    arguments = contiguous(table), index.reshape(-1), out.reshape(-1, size)
    _launch("embedding", _take_rows, intervals, index, len(table), *arguments)
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
    index = _integers("add_rows", index)
    size = rows.shape[1]
    if small(max(rows.size, count * size)):
        _checked("add_rows", index, count)
        out = np.zeros((count, size), rows.dtype)
        np.add.at(out, index, rows)
        return out
    out = np.empty((count, size), rows.dtype)
    _launch("add_rows", _add_rows, _by_result(count, size), index, count, contiguous(rows), index, out)
    return out


def _by_result(count: int, size: int) -> list[tuple[int, int]]:
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
    index, values = _integers("add_at", index).reshape(-1), contiguous(values).reshape(-1)
    out = np.zeros(shape, values.dtype)
    flat = out.reshape(-1)
    if small(values.size):
        _checked("add_at", index, out.size)
        np.add.at(flat, index, values)
    else:  # on one thread: with several, each would have to go through the whole index for single elements
        _launch("add_at", _add_at, [(0, index.size)], index, out.size, index, values, flat)
    return out


def _same_extent(array: Array, axis: int, index: Array) -> Array:
    """Return the part of an array that an index along one axis, maybe smaller elsewhere, speaks of."""
    return array[tuple(slice(None) if a == axis else slice(size) for a, size in enumerate(index.shape))]


def _around(shape: tuple[int, ...], axis: int) -> tuple[int, int, int]:
    return prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])


def gather(x: Array, axis: int, index: Array) -> Array:
    """Return the elements that an index names along one axis: out[i, j] = x[index[i, j], j] for axis 0.

    Parameters
    ----------
    x : array
    axis : int
    index : array of integers, with as many dimensions, no larger than `x` except along the axis

    Raises
    ------
    IndexError
        When an entry lies outside the axis.
    """
    index, axis = _integers("gather", index), axis % x.ndim
    x = _same_extent(x, axis, index)
    if small(index.size):
        _checked("gather", index, x.shape[axis])
        return np.take_along_axis(x, index, axis)
    out = np.empty(index.shape, x.dtype)
    around = _around(index.shape, axis)
    intervals = threads.parts(around[0], GRAIN // (around[1] * around[2]) + 1)
    arguments = contiguous(x).reshape(_around(x.shape, axis)), index.reshape(around), out.reshape(around)
    _launch("gather", _gather, intervals, index, x.shape[axis], *arguments)
    return out


def scatter_add(x: Array, axis: int, index: Array, values: Array) -> Array:
    """Return a copy of `x` to which values are added where an index says: out[index[i, j], j] += values[i, j].

    Parameters
    ----------
    x : array
    axis : int
    index : array of integers, with as many dimensions, no larger than `x` except along the axis
    values : array, at least as large as `index`

    Raises
    ------
    IndexError
        When an entry lies outside the axis.
    """
    index, axis = _integers("scatter_add", index), axis % x.ndim
    values = values[tuple(slice(size) for size in index.shape)]
    result = np.array(x, order="C")
    reached = _same_extent(result, axis, index)
    count = x.shape[axis]
    if small(index.size):
        _checked("scatter_add", index, count)
        places: list[Any] = list(np.indices(index.shape, sparse=True))
        places[axis] = index
        np.add.at(reached, tuple(places), values)
        return result
    out = contiguous(reached)
    around = _around(index.shape, axis)
    intervals = threads.parts(around[0], GRAIN // (around[1] * around[2]) + 1)
    arguments = (
        contiguous(values, x.dtype).reshape(around),
        index.reshape(around),
        out.reshape(_around(out.shape, axis)),
    )
    _launch("scatter_add", _scatter_add, intervals, index, count, *arguments)
    if out is not reached:
        reached[...] = out
    return result


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    index = np.zeros(1, np.int64)
    index3, bad = index.reshape(1, 1, 1), np.ones(1, np.int64)
    for dtype in (np.float32, np.float64):
        x1, x2, x3 = (np.ones((1,) * n, dtype) for n in (1, 2, 3))
        calls = {
            "take_rows": (_take_rows, x2, index, x2.copy(), bad),
            "add_rows": (_add_rows, x2, index, x2.copy(), bad),
            "add_at": (_add_at, index, x1, x1.copy(), bad),
            "gather": (_gather, x3, index3, x3.copy(), bad),
            "scatter_add": (_scatter_add, x3, index3, x3.copy(), bad),
        }
        for name, (compiled, *arguments) in calls.items():
            yield f"{name} {dtype.__name__}", lambda run=compiled, arguments=arguments: run(0, 0, 1, *arguments)

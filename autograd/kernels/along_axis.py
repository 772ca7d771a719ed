"""Reading and adding by index along one axis: of whole entries, or of single elements (gather, scatter).

The array is seen as (outer, count, inner), and the index names places among `count`.  Threads share
`outer`, so no two of them add to one place, and additions run in the order of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.embedding import GRAIN, add, check, integers, launch
from autograd.kernels.jit import kernel
from autograd.kernels.rules import exact
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]


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


@kernel
def _take_along(part: int, start: int, stop: int, x: Any, index: Any, out: Any, bad: Any) -> None:
    count, inner = x.shape[1], x.shape[2]
    for o in range(start, stop):
        if inner == 1:
            bad[part] += take(x[o].reshape(-1), index, count, 1, 0, out[o].reshape(-1))
        else:
            for k in range(len(index)):
                if index[k] < 0 or index[k] >= count:
                    bad[part] += 1
                    continue
                row, result = x[o, index[k]], out[o, k]
                for i in range(inner):
                    result[i] = row[i]


@kernel
def _add_along(part: int, start: int, stop: int, values: Any, index: Any, out: Any, bad: Any) -> None:
    count, inner = out.shape[1], out.shape[2]
    for o in range(start, stop):
        if inner == 1:
            bad[part] += add(values[o].reshape(-1), index, count, 1, 0, out[o].reshape(-1))
        else:
            for k in range(len(index)):
                if index[k] < 0 or index[k] >= count:
                    bad[part] += 1
                    continue
                row, result = values[o, k], out[o, index[k]]
                for i in range(inner):
                    result[i] += row[i]


def take_along(x: Array, axis: int, index: Array) -> Array:
    """Return the entries along one axis that an index names: ``np.take`` without negative entries.

    Parameters
    ----------
    x : array
    axis : int
        From 0.
    index : array of integers, shape (n,)

    Raises
    ------
    IndexError
        When an entry lies outside the axis.
    """
    index = integers("take", index)
    if small(x.size):
        check("take", index, x.shape[axis])
        return np.take(x, index, axis)
    out = np.empty((*x.shape[:axis], len(index), *x.shape[axis + 1 :]), x.dtype)
    around, result = _around(x.shape, axis), _around(out.shape, axis)
    intervals = threads.parts(around[0], GRAIN // (around[2] * len(index) + 1) + 1)
    arguments = contiguous(x).reshape(around), index, out.reshape(result)
    launch("take", _take_along, intervals, index, x.shape[axis], *arguments)
    return out


def add_along(shape: tuple[int, ...], axis: int, index: Array, values: Array) -> Array:
    """Return zeros to which the entries of `values` along one axis are added where an index says.

    Parameters
    ----------
    shape : tuple of int
        The result's.
    axis : int
        From 0.
    index : array of integers, shape (n,)
    values : array, shape of the result, with n entries along the axis

    Raises
    ------
    IndexError
        When an entry lies outside the axis.
    """
    index = integers("add", index)
    out = np.zeros(shape, values.dtype)
    if small(out.size):
        check("add", index, shape[axis])
        np.add.at(np.moveaxis(out, axis, 0), index, np.moveaxis(values, axis, 0))
        return out
    around, given = _around(shape, axis), _around(values.shape, axis)
    intervals = threads.parts(around[0], GRAIN // (around[1] * around[2]) + 1)
    arguments = contiguous(values).reshape(given), index, out.reshape(around)
    launch("add", _add_along, intervals, index, shape[axis], *arguments)
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
    index, axis = integers("gather", index), axis % x.ndim
    x = _same_extent(x, axis, index)
    if small(index.size):
        check("gather", index, x.shape[axis])
        return np.take_along_axis(x, index, axis)
    out = np.empty(index.shape, x.dtype)
    around = _around(index.shape, axis)
    intervals = threads.parts(around[0], GRAIN // (around[1] * around[2]) + 1)
    arguments = contiguous(x).reshape(_around(x.shape, axis)), index.reshape(around), out.reshape(around)
    launch("gather", _gather, intervals, index, x.shape[axis], *arguments)
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
    index, axis = integers("scatter_add", index), axis % x.ndim
    values = values[tuple(slice(size) for size in index.shape)]
    result = np.array(x, order="C")
    reached = _same_extent(result, axis, index)
    count = x.shape[axis]
    if small(index.size):
        check("scatter_add", index, count)
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
    launch("scatter_add", _scatter_add, intervals, index, count, *arguments)
    if out is not reached:
        reached[...] = out
    return result


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    index, bad = np.zeros(1, np.int64), np.ones(1, np.int64)
    for dtype in (np.float32, np.float64):
        x = np.ones((1, 1, 1), dtype)
        calls = {
            "take_along": (_take_along, index),
            "add_along": (_add_along, index),
            "gather": (_gather, index.reshape(1, 1, 1)),
            "scatter_add": (_scatter_add, index.reshape(1, 1, 1)),
        }
        for name, (compiled, places) in calls.items():
            yield (
                f"{name} {dtype.__name__}",
                lambda x=x, run=compiled, places=places: run(0, 0, 1, x, places, x.copy(), bad),
            )

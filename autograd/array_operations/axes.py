"""Axes and shapes of arrays, checked once for all rows."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import fused

Axes = int | Sequence[int] | None


def axis_of(operation: str, dim: Any, ndim: int) -> int:
    """Return an axis counted from 0; negative ones count from the end.

    Raises
    ------
    IndexError
        When the array has no such axis.
    TypeError
        When `dim` is no whole number.
    """
    try:
        axis = operator.index(dim)
    except TypeError:
        raise TypeError(f"{operation}: dim is a whole number, got {dim!r}") from None
    if not -max(ndim, 1) <= axis < max(ndim, 1):
        raise IndexError(
            f"{operation}: there is no dim {axis} in {ndim} dimensions; "
            f"give one from {-max(ndim, 1)} to {max(ndim, 1) - 1}"
        )
    return axis % max(ndim, 1)


def axes_of(operation: str, dim: Axes, ndim: int) -> tuple[int, ...]:
    """Return axes counted from 0; all of them for ``None`` and for an empty list.

    Raises
    ------
    ValueError
        When an axis is named twice.
    """
    if dim is None:
        return tuple(range(ndim))
    if not isinstance(dim, Sequence):
        axis = axis_of(operation, dim, ndim)
        return (axis,) if ndim else ()
    axes = tuple(axis_of(operation, axis, ndim) for axis in dim) or tuple(range(ndim))
    if len(set(axes)) < len(axes):
        raise ValueError(f"{operation}: a dim appears twice in {tuple(dim)}")
    return axes if ndim else ()


def kept_shape(shape: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of a reduction over `axes` that keeps them as axes of size 1."""
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def count(shape: Sequence[int], axes: Sequence[int]) -> int:
    """Return how many elements a reduction over `axes` puts together."""
    return math.prod(shape[i] for i in axes)


def spread(m: Any, reduced: Any, x: Any, axes: Sequence[int]) -> Any:
    """Expand what a reduction over `axes` gave to the shape of `x` again."""
    if axes != tuple(range(len(axes))):  # axes in front are new ones to expand
        reduced = m.reshape(reduced, kept_shape(x.shape, axes))
    return m.expand(reduced, x.shape)


def shape_of(operation: str, given: Sequence[Any]) -> tuple[int, ...]:
    """Return a shape given as several numbers or as one sequence.

    Raises
    ------
    TypeError
        When an entry is no whole number.
    """
    sizes = given[0] if len(given) == 1 and isinstance(given[0], Sequence) else given
    try:
        return tuple(operator.index(size) for size in sizes)
    except TypeError:
        raise TypeError(f"{operation}: a shape is made of whole numbers, got {tuple(sizes)!r}") from None


def added_up(x: np.ndarray, axes: tuple[int, ...], keepdims: bool = False) -> Any:
    """Add the elements along `axes`.

    NumPy adds rows one after the other, so that the rounding errors of many rows pile up; blocks
    of about the square root of their number keep them as small as in a pairwise sum.
    """
    rows = count(x.shape, axes)
    if x.dtype.kind == "f" and axes and rows and fused.is_large(x.size):
        result = _large_sum(x, tuple(sorted(axes)))
    elif rows < BLOCKED or x.dtype.kind != "f" or axes != tuple(range(len(axes))) or len(axes) == x.ndim:
        return x.sum(axis=axes, keepdims=keepdims)
    else:
        table = x.reshape(rows, -1)
        block = math.isqrt(rows)
        whole = rows - rows % block
        result = table[:whole].reshape(-1, block, table.shape[1]).sum(axis=1).sum(axis=0) + table[whole:].sum(axis=0)
    return result.reshape(
        kept_shape(x.shape, axes) if keepdims else [n for i, n in enumerate(x.shape) if i not in axes]
    )[()]


BLOCKED = 256
"""Rows from which sums are taken in blocks."""


def _large_sum(x: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """Add up by a compiled kernel; of an expanded gradient only the elements that are in memory."""
    from autograd.kernels.reductions import summed

    repeated = [i for i in axes if x.strides[i] == 0]
    once = x[tuple(slice(1) if i in repeated else slice(None) for i in range(x.ndim))]
    return summed(once, axes) * x.dtype.type(count(x.shape, repeated)) if repeated else summed(x, axes)

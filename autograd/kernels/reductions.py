"""Sums along axes of a contiguous array, more accurate than one running total in its own dtype.

Neighbouring axes are one axis, so an array is seen as (outer, length, inner), and out[o, i] = Σₗ x[o, l, i].

- inner = 1, the last axes: each row is added up in vector lanes, block by block, see :mod:`autograd.kernels.sums`.
- inner > 1: rows of `inner` numbers are added to one another, WIDTH of them at a time, which stay in the
  first-level cache, STEP rows at once; every RUN rows the totals move to float64.

Long sums are split into pieces for several threads.  The pieces depend on the shape alone, so the
result does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.rules import exact, reordered
from autograd.kernels.small import contiguous, small
from autograd.kernels.sums import BLOCK, total

Array = npt.NDArray[Any]

GRAIN = 32768  # elements a thread must get: about 5 µs of work
PIECE = 8 * BLOCK  # elements of a long row that are added up together
PIECES = 16  # at most so many pieces of the rows that are added to one another
WIDTH = 1024
STEP = 4
RUN = 64
NARROW = 256  # fewer columns than this are put beside those of the next rows


@reordered
def four_totals(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Return the sums of four rows, whose additions do not wait for one another."""
    zero = a.dtype.type(0)
    sum_a, sum_b, sum_c, sum_d = zero, zero, zero, zero
    for i in range(len(a)):
        sum_a += a[i]
        sum_b += b[i]
        sum_c += c[i]
        sum_d += d[i]
    return sum_a, sum_b, sum_c, sum_d


@kernel
def _short_row_totals(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    for group in range(start, stop):
        first = 4 * group
        if first + 4 <= len(x):
            out[first], out[first + 1], out[first + 2], out[first + 3] = four_totals(
                x[first], x[first + 1], x[first + 2], x[first + 3]
            )
        else:
            for row in range(first, len(x)):
                out[row] = total(x[row])


@kernel
def _row_totals(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    pieces = out.shape[1]
    for unit in range(start, stop):
        row, piece = unit // pieces, unit % pieces
        out[row, piece] = total(x[row, piece * PIECE : (piece + 1) * PIECE])


@exact
def add_rows(flat: Any, step: int, count: int, partial: Any, sums: Any) -> None:
    """Write the sums of the columns of `count` rows, `step` numbers apart; `partial` is memory to work in."""
    n = len(partial)
    sums[:] = 0
    for start in range(0, count, RUN):
        stop = min(start + RUN, count)
        whole = stop - (stop - start) % STEP
        partial[:] = 0
        for r in range(start, whole, STEP):
            at = r * step
            a, b, c, d = flat[at : at + n], flat[at + step :][:n], flat[at + 2 * step :][:n], flat[at + 3 * step :][:n]
            for i in range(n):
                partial[i] += (a[i] + b[i]) + (c[i] + d[i])
        for r in range(whole, stop):
            row = flat[r * step :][:n]
            for i in range(n):
                partial[i] += row[i]
        for i in range(n):
            sums[i] += partial[i]


@kernel
def _column_totals(part: int, start: int, stop: int, x: Any, out: Any, rows: int) -> None:
    partial = np.empty(WIDTH, x.dtype)
    length, inner, pieces = x.shape[1], x.shape[2], out.shape[1]
    blocks = (inner + WIDTH - 1) // WIDTH
    for unit in range(start, stop):
        o, piece, first = unit // blocks // pieces, unit // blocks % pieces, unit % blocks * WIDTH
        last, row = min(first + WIDTH, inner), piece * rows
        flat = x[o].reshape(-1)[row * inner + first :]
        add_rows(flat, inner, min(rows, length - row), partial[: last - first], out[o, piece, first:last])


def _totals(x: Array) -> Array:
    """Return Σ x along the middle one of three axes as float64."""
    outer, length, inner = x.shape
    if inner == 1 and length <= BLOCK:
        out = np.empty(outer)
        threads.run(_short_row_totals, threads.parts(-(-outer // 4), GRAIN // (4 * length) + 1), x[..., 0], out)
        return out
    if inner == 1:
        pieces = -(-length // PIECE)
        out = np.empty((outer, pieces))
        intervals = threads.parts(outer * pieces, GRAIN // min(length, PIECE) + 1)
        threads.run(_row_totals, intervals, x[..., 0], out)
        return out.sum(1)
    fold = 1
    while fold * inner < NARROW and length % (2 * fold) == 0:
        fold *= 2
    x = x.reshape(outer, length // fold, fold * inner)
    rows = max(RUN, -(-x.shape[1] // PIECES))
    pieces, blocks = -(-x.shape[1] // rows), -(-x.shape[2] // WIDTH)
    out = np.empty((outer, pieces, x.shape[2]))
    intervals = threads.parts(outer * pieces * blocks, GRAIN * outer * pieces * blocks // x.size + 1)
    threads.run(_column_totals, intervals, x, out, rows)
    return out.reshape(outer, pieces * fold, inner).sum(1)


def summed(x: Array, axes: tuple[int, ...]) -> Array:
    """Return the sum along some axes, which stay as axes of size 1.

    Parameters
    ----------
    x : array of float32 or float64
    axes : tuple of int
        From 0, in order.

    Examples
    --------
    >>> summed(np.array([[1.0, 2.0], [3.0, 4.0]]), (1,))
    array([[3.],
           [7.]])
    """
    if small(x.size):
        return x.sum(axes, np.float64, keepdims=True).astype(x.dtype)
    x, dtype, left = contiguous(x), x.dtype, list(axes)
    while left:  # the last axes first: they leave the least to do
        last = first = left.pop()
        while left and left[-1] == first - 1:
            first = left.pop()
        shape = x.shape
        around = prod(shape[:first]), prod(shape[first : last + 1]), prod(shape[last + 1 :])
        kept = (*shape[:first], *(1,) * (last + 1 - first), *shape[last + 1 :])
        x = _totals(x.reshape(around)).reshape(kept)
    return x.astype(dtype)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        for name, length, inner in (("short row", 2, 1), ("row", PIECE, 1), ("column", 2, 2)):
            x = np.ones((1, length, inner), dtype)
            yield f"{name} totals {dtype.__name__}", lambda x=x: _totals(x)

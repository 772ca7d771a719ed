"""Softmax and its logarithm along one axis, and their gradients.

With m = max x and s = Σ exp(x - m) along the axis:

- softmax: y = exp(x - m) / s, gradient x̄ = y (ȳ - Σ ȳ y);
- log-softmax: y = (x - m) - log s, gradient x̄ = ȳ - exp(y) Σ ȳ.

An array is seen as (outer, axis, inner).  For the last axis inner is 1: a loop over rows, vectorised along
the row.  Else loops outer -> block of 1024 inner positions -> axis, vectorised over the block, whose running
maxima and sums stay in the first-level cache, the block itself in the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.mathematics import exponential, larger, logarithm
from autograd.kernels.rules import exact, reordered
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

BLOCK = 1024
ROWS = 64
GRAIN = 16384  # elements a thread must get: about 10 µs of work, more than waking it costs


@reordered
def softmax_row(row: Any, out: Any) -> None:
    """Write exp(x - m) / Σ exp(x - m)."""
    largest = row[0]
    for i in range(len(row)):
        largest = larger(row[i], largest)
    total = row.dtype.type(0)
    for i in range(len(row)):
        power = exponential(row[i] - largest)
        out[i] = power
        total += power
    for i in range(len(row)):
        out[i] = out[i] / total


@reordered
def softmax_row_gradient(g: Any, y: Any, gx: Any) -> None:
    """Write y (g - Σ g y)."""
    total = g.dtype.type(0)
    for i in range(len(y)):
        total += g[i] * y[i]
    for i in range(len(y)):
        gx[i] = y[i] * (g[i] - total)


@reordered
def log_softmax_row_gradient(g: Any, y: Any, gx: Any) -> None:
    """Write g - exp(y) Σ g."""
    total = g.dtype.type(0)
    for i in range(len(y)):
        total += g[i]
    for i in range(len(y)):
        gx[i] = g[i] - exponential(y[i]) * total


@exact
def write_log_softmax(row: Any, largest: Any, logarithm_of_total: Any, out: Any) -> None:
    """Write (x - m) - log Σ: the parentheses keep the digits of x - m when both are large."""
    for i in range(len(row)):
        out[i] = (row[i] - largest) - logarithm_of_total


@reordered
def largest_and_total(row: Any) -> Any:
    """Return m = max x and Σ exp(x - m) of a row."""
    largest = row[0]
    for i in range(len(row)):
        largest = larger(row[i], largest)
    total = row.dtype.type(0)
    for i in range(len(row)):
        total += exponential(row[i] - largest)
    return largest, total


@kernel
def _softmax_rows(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    for r in range(start, stop):
        softmax_row(x[r], out[r])


@kernel
def _softmax_rows_gradient(part: int, start: int, stop: int, g: Any, out: Any, gx: Any) -> None:
    for r in range(start, stop):
        softmax_row_gradient(g[r], out[r], gx[r])


@kernel
def _log_softmax_rows(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    largest, logarithms = np.empty(ROWS, x.dtype), np.empty(ROWS, x.dtype)
    for first in range(start, stop, ROWS):  # so that the logarithms of a block run in vector lanes
        rows = min(ROWS, stop - first)
        for r in range(rows):
            largest[r], logarithms[r] = largest_and_total(x[first + r])
        for r in range(rows):
            logarithms[r] = logarithm(logarithms[r])
        for r in range(rows):
            row, result = x[first + r], out[first + r]
            write_log_softmax(row, largest[r], logarithms[r], result)


@kernel
def _log_softmax_rows_gradient(part: int, start: int, stop: int, g: Any, out: Any, gx: Any) -> None:
    for r in range(start, stop):
        log_softmax_row_gradient(g[r], out[r], gx[r])


@kernel
def _softmax_inner(part: int, start: int, stop: int, x: Any, out: Any, blocks: int) -> None:
    largest, total = np.empty(BLOCK, x.dtype), np.empty(BLOCK, x.dtype)
    for unit in range(start, stop):
        o, first = unit // blocks, unit % blocks * BLOCK
        last = min(first + BLOCK, x.shape[2])
        m, s = largest[: last - first], total[: last - first]
        m[:] = x[o, 0, first:last]
        for k in range(1, x.shape[1]):
            row = x[o, k, first:last]
            for i in range(len(m)):
                m[i] = larger(row[i], m[i])
        s[:] = 0
        for k in range(x.shape[1]):
            row, result = x[o, k, first:last], out[o, k, first:last]
            for i in range(len(m)):
                power = exponential(row[i] - m[i])
                result[i] = power
                s[i] += power
        for k in range(x.shape[1]):
            result = out[o, k, first:last]
            for i in range(len(s)):
                result[i] = result[i] / s[i]


@kernel
def _softmax_inner_gradient(part: int, start: int, stop: int, g: Any, out: Any, gx: Any, blocks: int) -> None:
    total = np.empty(BLOCK, g.dtype)
    for unit in range(start, stop):
        o, first = unit // blocks, unit % blocks * BLOCK
        last = min(first + BLOCK, g.shape[2])
        s = total[: last - first]
        s[:] = 0
        for k in range(g.shape[1]):
            upstream, y = g[o, k, first:last], out[o, k, first:last]
            for i in range(len(s)):
                s[i] += upstream[i] * y[i]
        for k in range(g.shape[1]):
            upstream, y, result = g[o, k, first:last], out[o, k, first:last], gx[o, k, first:last]
            for i in range(len(s)):
                result[i] = y[i] * (upstream[i] - s[i])


@kernel
def _log_softmax_inner(part: int, start: int, stop: int, x: Any, out: Any, blocks: int) -> None:
    largest, total = np.empty(BLOCK, x.dtype), np.empty(BLOCK, x.dtype)
    for unit in range(start, stop):
        o, first = unit // blocks, unit % blocks * BLOCK
        last = min(first + BLOCK, x.shape[2])
        m, s = largest[: last - first], total[: last - first]
        m[:] = x[o, 0, first:last]
        for k in range(1, x.shape[1]):
            row = x[o, k, first:last]
            for i in range(len(m)):
                m[i] = larger(row[i], m[i])
        s[:] = 0
        for k in range(x.shape[1]):
            row, result = x[o, k, first:last], out[o, k, first:last]
            for i in range(len(m)):
                result[i] = row[i] - m[i]
                s[i] += exponential(row[i] - m[i])
        for i in range(len(s)):
            s[i] = logarithm(s[i])
        for k in range(x.shape[1]):
            result = out[o, k, first:last]
            for i in range(len(s)):
                result[i] -= s[i]


@kernel
def _log_softmax_inner_gradient(part: int, start: int, stop: int, g: Any, out: Any, gx: Any, blocks: int) -> None:
    total = np.empty(BLOCK, g.dtype)
    for unit in range(start, stop):
        o, first = unit // blocks, unit % blocks * BLOCK
        last = min(first + BLOCK, g.shape[2])
        s = total[: last - first]
        s[:] = 0
        for k in range(g.shape[1]):
            upstream = g[o, k, first:last]
            for i in range(len(s)):
                s[i] += upstream[i]
        for k in range(g.shape[1]):
            upstream, y, result = g[o, k, first:last], out[o, k, first:last], gx[o, k, first:last]
            for i in range(len(s)):
                result[i] = upstream[i] - exponential(y[i]) * s[i]


def _along(axis: int, rows_kernel: Any, inner_kernel: Any, *operands: Array) -> Array:
    """Run the kernel that fits the axis on operands of one shape."""
    arrays = [contiguous(operand) for operand in operands]
    shape = arrays[0].shape
    out = np.empty(shape, arrays[0].dtype)
    arrays.append(out)
    length = shape[axis]
    if axis == len(shape) - 1:
        count = out.size // length
        if len(shape) != 2:
            arrays = [array.reshape(count, length) for array in arrays]
        threads.run(rows_kernel, threads.parts(count, GRAIN // length + 1), *arrays)
        return out
    inner = 1
    for size in shape[axis + 1 :]:
        inner *= size
    outer, blocks = out.size // (length * inner), -(-inner // BLOCK)
    arrays = [array.reshape(outer, length, inner) for array in arrays]
    threads.run(inner_kernel, threads.parts(outer * blocks, GRAIN // (length * BLOCK) + 1), *arrays, blocks)
    return out


def softmax(x: Array, axis: int = -1) -> Array:
    """Return exp(x) / Σ exp(x), with the sum along one axis, without overflow.

    Parameters
    ----------
    x : array of float32 or float64, any shape with at least one axis
    axis : int

    Examples
    --------
    >>> softmax(np.zeros((1, 4)), 1)
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    axis = axis % x.ndim
    if small(x.size):
        with np.errstate(all="ignore"):
            powers = np.exp(x - x.max(axis, keepdims=True, initial=-np.inf))
            return powers / powers.sum(axis, keepdims=True)
    return _along(axis, _softmax_rows, _softmax_inner, x)


def softmax_gradient(g: Array, out: Array, axis: int = -1) -> Array:
    """Return out (g - Σ g out): what softmax's input receives when its result `out` receives `g`.

    Parameters
    ----------
    g, out : arrays of the same shape
    axis : int
    """
    axis = axis % out.ndim
    if small(out.size):
        with np.errstate(all="ignore"):
            return out * (g - (g * out).sum(axis, keepdims=True))
    return _along(axis, _softmax_rows_gradient, _softmax_inner_gradient, g, out)


def log_softmax(x: Array, axis: int = -1) -> Array:
    """Return x - log Σ exp(x), with the sum along one axis, without overflow.

    Parameters
    ----------
    x : array of float32 or float64, any shape with at least one axis
    axis : int
    """
    axis = axis % x.ndim
    if small(x.size):
        with np.errstate(all="ignore"):
            shifted = x - x.max(axis, keepdims=True, initial=-np.inf)
            return shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))
    return _along(axis, _log_softmax_rows, _log_softmax_inner, x)


def log_softmax_gradient(g: Array, out: Array, axis: int = -1) -> Array:
    """Return g - exp(out) Σ g: what log_softmax's input receives when its result `out` receives `g`.

    Parameters
    ----------
    g, out : arrays of the same shape
    axis : int
    """
    axis = axis % out.ndim
    if small(out.size):
        with np.errstate(all="ignore"):
            return g - np.exp(out) * g.sum(axis, keepdims=True)
    return _along(axis, _log_softmax_rows_gradient, _log_softmax_inner_gradient, g, out)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    kernels = {
        "softmax": (_softmax_rows, _softmax_inner, 1),
        "softmax_gradient": (_softmax_rows_gradient, _softmax_inner_gradient, 2),
        "log_softmax": (_log_softmax_rows, _log_softmax_inner, 1),
        "log_softmax_gradient": (_log_softmax_rows_gradient, _log_softmax_inner_gradient, 2),
    }
    for dtype in (np.float32, np.float64):
        for name, (rows, inner, count) in kernels.items():
            for axis, where in enumerate(("inner", "rows")):
                arguments = [np.ones((2, 2), dtype)] * count
                yield (
                    f"{name} {where} {dtype.__name__}",
                    lambda axis=axis, rows=rows, inner=inner, arguments=arguments: _along(
                        axis, rows, inner, *arguments
                    ),
                )

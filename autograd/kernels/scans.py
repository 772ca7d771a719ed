"""Running sums along one axis, added up in float64.

The array is seen as (outer, length, inner).  Each running sum is one chain of additions that wait for one
another, so several run beside each other:

- inner = 1: CHAINS rows at once;
- inner > 1: WIDTH columns at once, whose sums stay in the first-level cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

GRAIN = 16384  # elements a thread must get: about 10 µs of work
CHAINS = 4
WIDTH = 512


@kernel
def _along_rows(part: int, start: int, stop: int, x: Any, out: Any, first: int, step: int) -> None:
    length = x.shape[1]
    for group in range(start, stop):
        r = CHAINS * group
        if r + CHAINS <= len(x):
            a, b, c, d = x[r], x[r + 1], x[r + 2], x[r + 3]
            to_a, to_b, to_c, to_d = out[r], out[r + 1], out[r + 2], out[r + 3]
            sum_a, sum_b, sum_c, sum_d = 0.0, 0.0, 0.0, 0.0
            for k in range(length):
                i = np.uint64(first + k * step)
                sum_a += a[i]
                sum_b += b[i]
                sum_c += c[i]
                sum_d += d[i]
                to_a[i], to_b[i], to_c[i], to_d[i] = sum_a, sum_b, sum_c, sum_d
        else:
            for row in range(r, len(x)):
                given, result, total = x[row], out[row], 0.0
                for k in range(length):
                    i = np.uint64(first + k * step)
                    total += given[i]
                    result[i] = total


@kernel
def _along_columns(part: int, start: int, stop: int, x: Any, out: Any, first: int, step: int) -> None:
    sums = np.empty(WIDTH)
    length, inner = x.shape[1], x.shape[2]
    blocks = (inner + WIDTH - 1) // WIDTH
    for unit in range(start, stop):
        o, left = unit // blocks, unit % blocks * WIDTH
        right = min(left + WIDTH, inner)
        total = sums[: right - left]
        total[:] = 0
        for k in range(length):
            given, result = x[o, first + k * step, left:right], out[o, first + k * step, left:right]
            for i in range(len(total)):
                total[i] += given[i]
                result[i] = total[i]


def running_sum(x: Array, axis: int) -> Array:
    """Return the sums of the elements up to each one along an axis.

    Parameters
    ----------
    x : array of float32 or float64, not empty
        A view that goes backwards along the axis is read, and the result written, backwards.
    axis : int
        From 0.

    Examples
    --------
    >>> running_sum(np.array([[1.0, 2.0], [3.0, 4.0]]), 0)
    array([[1., 2.],
           [4., 6.]])
    """
    if small(x.size):
        return np.cumsum(x, axis, np.float64).astype(x.dtype)
    turned = x.strides[axis] < 0
    x = contiguous(np.flip(x, axis) if turned else x)
    out = np.empty(x.shape, x.dtype)
    _launch(x, out, axis, turned)
    return np.flip(out, axis) if turned else out


def _launch(x: Array, out: Array, axis: int, turned: bool) -> None:
    length = x.shape[axis]
    first, step = (length - 1, -1) if turned else (0, 1)
    outer, inner = prod(x.shape[:axis]), prod(x.shape[axis + 1 :])
    if inner == 1:
        intervals = threads.parts(-(-outer // CHAINS), GRAIN // (CHAINS * length) + 1)
        threads.run(_along_rows, intervals, x.reshape(outer, length), out.reshape(outer, length), first, step)
    else:
        blocks, shape = -(-inner // WIDTH), (outer, length, inner)
        intervals = threads.parts(outer * blocks, GRAIN // (length * min(inner, WIDTH)) + 1)
        threads.run(_along_columns, intervals, x.reshape(shape), out.reshape(shape), first, step)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        x = np.ones((2, 2), dtype)
        for axis, name in enumerate(("columns", "rows")):
            yield f"{name} {dtype.__name__}", lambda x=x, axis=axis: _launch(x, x.copy(), axis, False)

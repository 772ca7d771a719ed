"""Matrix products: NumPy for small ones, register tiles or BLAS over this library's threads for large ones.

Which one is chosen by shape, dtype and processor only, from measurements (two cores with 512-bit
vectors, float32, NumPy's OpenBLAS).  Where the processor has 512-bit vectors that OpenBLAS does not
use, the tiles of :mod:`autograd.kernels.products` reach 210 to 230 GFLOP/s a thread against its 125.
With 256-bit vectors they reach 0.93 to 0.98 of its speed, and so large products go to BLAS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import blas, threads

Array = NDArray[Any]

BLAS_THREADS = 2**15
"""Multiplications below which OpenBLAS never starts threads, so that it need not be held at one."""
SMALL = 2**17
"""Multiplications (50 x 50 x 50, 3 microseconds) below which np.matmul is as fast: the way to the tiles costs 1.5."""
SMALL_BATCH = 2**19
"""The same for all matrices of a batch together: np.matmul spends 0.1 microseconds or more on the way to each."""
INTEGER = 16
"""How many times longer np.matmul takes for integers than for floats."""
COMPILING = 2**23
"""Multiplications (200 x 200 x 200, 130 microseconds) from which to load Numba and compile, when not done before."""
GRAIN = 2**19
"""Multiplications that are worth a thread: 5 microseconds with tiles, about what starting it costs."""
BLAS_GRAIN = 2**20
"""The same for BLAS: 8 microseconds."""
FEW = 4
"""Rows or columns below which a tile is mostly empty, and the product is limited by memory."""

_products: Any = None  # autograd.kernels.products once it is loaded; False where nothing is compiled


def matmul(a: Array, b: Array) -> Array:
    """Return the matrix product ``a @ b``, with leading axes broadcast.

    Parameters
    ----------
    a, b : array (..., n, k) and (..., k, m)
        Of any dtype and any strides.

    Returns
    -------
    array (..., n, m)
        As ``np.matmul`` returns, apart from rounding.

    Raises
    ------
    ValueError
        When the shapes do not fit.

    Examples
    --------
    >>> matmul(np.array([[1, 2]]), np.array([[3], [4]]))
    array([[11]])
    """
    if a.ndim == b.ndim == 2 and a.dtype == b.dtype and a.dtype.char in "fd" and a.shape[1] == len(b):
        work = a.size * b.shape[1]  # the shortest ways, as these take some microseconds
        if work < SMALL:
            if work >= BLAS_THREADS:
                blas.hold()
            return np.matmul(a, b)
        if _products and _tiles_win(a.dtype, len(a), b.shape[1]):
            return _one_by_tiles(a, b)
    if b.ndim == 2 < a.ndim and a.size and a.shape[-1] == len(b):  # one product of many rows
        return matmul(a.reshape(-1, a.shape[-1]), b).reshape(*a.shape[:-1], b.shape[1])
    rows, depth, columns = a.shape[-2], a.shape[-1], b.shape[-1]
    batch = a.shape[:-2]
    if batch != b.shape[:-2]:
        batch = np.broadcast_shapes(batch, b.shape[:-2])
    count = math.prod(batch)
    one = rows * depth * columns
    if depth != b.shape[-2] or not _is_large(a.dtype, b.dtype, one, count):
        return np.matmul(a, b)
    dtype = a.dtype if a.dtype == b.dtype else np.result_type(a, b)
    a, b = a.astype(dtype, copy=False), b.astype(dtype, copy=False)
    if _tiles_win(dtype, rows, columns):
        return _by_tiles(a, b, batch)
    return _by_blas(a, b, batch) if dtype.kind == "f" and blas.hold() else np.matmul(a, b)


def linear(x: Array, weight: Array, bias: Array | None = None) -> Array:
    """Return ``x @ weight.T + bias``, the bias added without another pass over the result.

    Parameters
    ----------
    x : array (..., k)
        At least one leading axis.
    weight : array (m, k)
    bias : array (m,), optional

    Returns
    -------
    array (..., m)

    Examples
    --------
    >>> linear(np.ones((1, 2)), np.array([[1.0, 2.0]]), np.array([0.5]))
    array([[3.5]])
    """
    flat = x.reshape(-1, x.shape[-1])
    if bias is None:
        return matmul(flat, weight.T).reshape(*x.shape[:-1], len(weight))
    rows, depth, columns = *flat.shape, len(weight)
    same = flat.dtype == weight.dtype == bias.dtype and flat.dtype.kind == "f"
    fits = depth == weight.shape[1] and bias.shape == (columns,)
    large = same and fits and _is_large(flat.dtype, weight.dtype, rows * depth * columns, 1)
    if large and _tiles_win(flat.dtype, rows, columns):
        result = _one_by_tiles(flat, weight.T, bias)
    else:
        result = matmul(flat, weight.T)
        result = np.add(result, bias, out=result if result.dtype == np.result_type(result, bias) else None)
    return result.reshape(*x.shape[:-1], columns)


def _is_large(left: np.dtype, right: np.dtype, one: int, count: int) -> bool:
    """Tell whether a product is worth more than a call of np.matmul."""
    work = one * count
    small = SMALL if count == 1 else SMALL_BATCH
    if work == 0 or work < small // INTEGER:
        return False
    if work >= BLAS_THREADS:
        blas.hold()
    if left.kind in "iu" and right.kind in "iu":
        work *= INTEGER
    elif left.char not in "fd" or right.char not in "fd":
        return False
    return work >= (small if _products else COMPILING)


def _tiles_win(dtype: np.dtype, rows: int, columns: int) -> bool:
    """Tell whether tiles are faster than what np.matmul calls."""
    return bool(_load()) and (dtype.kind in "iu" or (min(rows, columns) >= FEW and _has_wide_tiles()))


@cache
def _has_wide_tiles() -> bool:
    """Tell whether the processor has 512-bit vectors that BLAS does not use."""
    return _products.VECTOR == 64 and not blas.uses_wide_vectors()


def _load() -> Any:
    """Return the module of compiled products, or False where nothing is compiled."""
    global _products
    if _products is None:
        from autograd.kernels.jit import COMPILED

        if COMPILED:
            from autograd.kernels import products

            _products = products
        else:
            _products = False
    return _products


def _by_tiles(a: Array, b: Array, batch: tuple[int, ...]) -> Array:
    """Multiply by register tiles: the matrices of a batch over the threads."""
    count = math.prod(batch)
    rows, depth, columns = a.shape[-2], a.shape[-1], b.shape[-1]
    if count == 1:
        return _one_by_tiles(a.reshape(rows, depth), b.reshape(depth, columns)).reshape(*batch, rows, columns)
    size, result = a.itemsize, np.empty((*batch, rows, columns), a.dtype)
    intervals = threads.parts(count, max(1, GRAIN // (rows * depth * columns)))
    items = np.stack([_addresses(matrix, batch) for matrix in (a, b, result)], axis=1)
    steps = [rows, columns, depth, *(stride // size for stride in (*a.strides[-2:], *b.strides[-2:])), columns]
    scratch = np.empty((len(intervals), _products.room(size, depth, columns)), _signed(a.dtype))
    threads.run(_products.products, intervals, items, np.array(steps), scratch)
    return result


def _one_by_tiles(a: Array, b: Array, bias: Array | None = None) -> Array:
    """Multiply two matrices by register tiles: blocks of the result over the threads."""
    dtype = a.dtype
    result = np.empty((a.shape[0], b.shape[1]), dtype)
    a, across_a = _in_rows(a)
    b, across_b = _in_rows(b)
    bias = _nothing(dtype) if bias is None else bias if bias.flags.carray else bias.copy()
    intervals, by_rows = _blocks(*result.shape, a.shape[0] if across_a else a.shape[1], across_b)
    arrays = a, b, result, bias
    if dtype.kind == "u":
        arrays = [array.view(_signed(dtype)) for array in arrays]
    threads.run(_products.product, intervals, *arrays, across_a, across_b, by_rows)
    return result


@cache
def _nothing(dtype: np.dtype) -> Array:
    return np.empty(0, dtype)


def _in_rows(matrix: Array) -> tuple[Array, bool]:
    """Return a matrix as a kernel reads it, and whether its rows and columns are exchanged."""
    if matrix.flags.carray:
        return matrix, False
    return (matrix.T, True) if matrix.T.flags.carray else (matrix.copy(), False)


def _signed(dtype: np.dtype) -> np.dtype:
    """Return the type with the same bits as without a sign: products of both are the same."""
    return np.dtype(f"i{dtype.itemsize}") if dtype.kind == "u" else dtype


def _addresses(matrix: Array, batch: tuple[int, ...]) -> NDArray[np.int64]:
    """Return where each matrix of a batch begins, in the batch's order."""
    addresses = np.array(matrix.ctypes.data)
    lacking = len(batch) - (matrix.ndim - 2)
    for axis, length in enumerate(batch):
        own = axis - lacking
        step = matrix.strides[own] if own >= 0 and matrix.shape[own] == length else 0
        addresses = addresses[..., None] + np.arange(length) * step
    return addresses.ravel()


def _blocks(rows: int, columns: int, depth: int, across_b: bool) -> tuple[threads.Intervals, bool]:
    """Split a result into blocks of rows or columns, one for every thread that is worth it; say whether of rows.

    Blocks of columns are better where there are enough and b is packed: their threads pack nothing twice.
    """
    if rows * columns * depth < 2 * GRAIN:
        return [(0, columns)], False
    by_rows = columns < min(rows, 512) or (not across_b and 16 <= rows <= _products.FEW_ROWS)
    length, unit, work = (rows, 8, columns * depth) if by_rows else (columns, 16, rows * depth)
    pieces = threads.parts(length // unit, max(1, GRAIN // (work * unit))) if length >= unit else [(0, 0)]
    return [(start * unit, stop * unit) for start, stop in pieces[:-1]] + [(pieces[-1][0] * unit, length)], by_rows


def _by_blas(a: Array, b: Array, batch: tuple[int, ...]) -> Array:
    """Multiply by calls of BLAS, one a thread at a time: on parts of the batch, or on halves of one result."""
    rows, depth, columns = a.shape[-2], a.shape[-1], b.shape[-1]
    result = np.empty((*batch, rows, columns), a.dtype)
    work = rows * depth * columns
    if math.prod(batch) > 1:
        axis = max(range(len(batch)), key=lambda axis: batch[axis])
        grain = -(-BLAS_GRAIN * batch[axis] // (work * math.prod(batch)))
        whole = [np.broadcast_to(each, (*batch, *each.shape[-2:])) for each in (a, b)]
        left, right, out = (np.moveaxis(each, axis, 0) for each in (*whole, result))
        threads.run(_multiply, threads.parts(batch[axis], grain), left, right, out)
        return result
    left, right, out = a.reshape(rows, depth), b.reshape(depth, columns), result.reshape(rows, columns)
    grain = BLAS_GRAIN if min(rows, columns) >= FEW else BLAS_GRAIN // 4  # a matrix times a vector waits for memory
    kernel, length = (_multiply_rows, rows) if rows >= columns else (_multiply_columns, columns)
    intervals = threads.parts(length, -(-grain * length // work))
    if len(intervals) == 1:
        return np.matmul(a, b)
    threads.run(kernel, intervals, left, right, out)
    return result


def _multiply(part: int, start: int, stop: int, a: Array, b: Array, out: Array) -> None:
    np.matmul(a[start:stop], b[start:stop], out=out[start:stop])


def _multiply_rows(part: int, start: int, stop: int, a: Array, b: Array, out: Array) -> None:
    np.matmul(a[start:stop], b, out=out[start:stop])


def _multiply_columns(part: int, start: int, stop: int, a: Array, b: Array, out: Array) -> None:
    np.matmul(a, b[:, start:stop], out=out[:, start:stop])


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what compiles every kernel of this module."""
    for name in ("float32", "float64", "int8", "int16", "int32", "int64"):
        ones = np.ones((2, 3, 3), name)
        if _load():
            yield f"product {name}", lambda ones=ones: _one_by_tiles(ones[0], ones[1])
            yield f"products {name}", lambda ones=ones: _by_tiles(ones, ones, (2,))

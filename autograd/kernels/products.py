"""Products of matrices by register tiles: large ones, batches of small ones, any strides.

Loop order, the textbook one that keeps what is used again in the cache it fits::

    matrix of a batch, or part of a result
      depth in blocks of DEPTH
        columns in blocks of COLUMNS           this block of b is packed: 480 kB, second-level cache
          rows in strips of ROWS               this strip of a is read as it lies: 8 kB, first-level cache
            columns in tiles of 3 vectors      in registers, see autograd/kernels/tile.py

Matrices are known by addresses and steps, so that one compilation serves every memory order.
"""

from __future__ import annotations

import numpy as np

from autograd.kernels.jit import inlined, kernel
from autograd.kernels.tile import (
    MASKED_LOADS,
    ROWS,
    VECTOR,
    VECTORS,
    copy_vector,
    get,
    multiply_1,
    multiply_2,
    multiply_3,
    multiply_whole,
    put,
    transpose_square,
)

DEPTH = 256
COLUMNS = 480
FEW_ROWS = 256
"""Up to this many rows of a, b is read as it lies, where that is possible: packing would take longer than it saves."""


def room(size: int, depth: int, columns: int) -> int:
    """Return how many numbers of so many bytes a thread needs for the packed block of b."""
    lanes = VECTOR // size
    padded = -(-min(columns, COLUMNS) // lanes) * lanes
    return min(depth, DEPTH) * padded


_room = inlined(room)


@kernel
def product(part, start, stop, a, b, c, bias, across_a, across_b, by_rows):
    """Compute a part of one matrix product ``c = a @ b``, or ``c = bias + a @ b``.

    Parameters
    ----------
    start, stop : int
        Which rows of c, or which columns.
    a, b : array
        Row by row in memory; when it is `across`, the rows of the array are the columns of the matrix.
    c : array (rows, columns)
    bias : array (columns,)
        Empty for none.
    across_a, across_b, by_rows : bool
    """
    size, (rows, columns) = c.itemsize, c.shape
    depth = a.shape[0] if across_a else a.shape[1]
    a_row, a_column = (1, a.shape[1]) if across_a else (a.shape[1], 1)
    b_row, b_column = (1, b.shape[1]) if across_b else (b.shape[1], 1)
    c_row, left, right, place = columns, a.ctypes.data, b.ctypes.data, c.ctypes.data
    onto = bias.ctypes.data if len(bias) else 0
    if by_rows:
        rows, left, place = stop - start, left + start * a_row * size, place + start * c_row * size
    else:
        columns, right, place = stop - start, right + start * b_column * size, place + start * size
        onto += start * size if onto else 0
    packed = np.empty(_room(size, depth, columns) if _is_packed(size, rows, b_column, columns) else 0, c.dtype)
    _multiply(packed, left, a_row, a_column, right, b_row, b_column, place, c_row, onto, rows, columns, depth)


@kernel
def products(part, start, stop, items, steps, scratch):
    """Compute the matrix products ``c = a @ b`` of a batch, for the items from `start` to `stop`.

    Parameters
    ----------
    items : int64 array (count, 3)
        Addresses of a, b and c.
    steps : int64 array (8,)
        Rows and columns of c; the depth, which is the number of columns of a; from row to row and from column to
        column of a, and of b; from row to row of c.  In numbers, not bytes; columns of c are neighbours.
    scratch : array (parts, numbers)
        Of the dtype of the matrices, see :func:`room`.
    """
    rows, columns, depth, a_row, a_column = steps[0], steps[1], steps[2], steps[3], steps[4]
    b_row, b_column, c_row = steps[5], steps[6], steps[7]
    for item in range(start, stop):
        a, b, c = items[item, 0], items[item, 1], items[item, 2]
        _multiply(scratch[part], a, a_row, a_column, b, b_row, b_column, c, c_row, 0, rows, columns, depth)


@inlined
def _is_packed(size, rows, b_column, columns):
    """Packing pays when b is read often, and is needed for vectors that b does not hold as such."""
    return rows > FEW_ROWS or b_column != 1 or not (MASKED_LOADS or columns % (VECTOR // size) == 0)


@kernel
def _multiply(packed, a, a_row, a_column, b, b_row, b_column, c, c_row, bias, rows, columns, depth):
    """Multiply matrices at addresses; `packed` has room for a block of b if need be, and is of their dtype anyway."""
    size = packed.itemsize
    width = VECTORS * (VECTOR // size)
    for p in range(0, depth, DEPTH):
        deep = min(DEPTH, depth - p)
        for j in range(0, columns, COLUMNS):
            wide = min(COLUMNS, columns - j)
            right, right_row = b + (p * b_row + j * b_column) * size, b_row
            if _is_packed(size, rows, b_column, columns):
                _pack(packed, right, b_row, b_column, deep, wide, width)
                right, right_row = packed.ctypes.data, 0
            for i in range(0, rows, ROWS):
                high = min(ROWS, rows - i)
                left, place = a + (i * a_row + p * a_column) * size, c + (i * c_row + j) * size
                if bias != 0 and p == 0:
                    for x in range(high):
                        for y in range(wide):
                            put(packed, place, x * c_row + y, get(packed, bias, j + y))
                onto = bias != 0 or p > 0
                _strip(packed, left, a_row, a_column, high, right, right_row, place, c_row, deep, wide, onto)


@kernel
def _pack(packed, b, b_row, b_column, depth, columns, width):
    """Copy a block of b as one strip of columns after another, each row by row, padded to whole vectors with zeros."""
    size = packed.itemsize
    lanes = VECTOR // size
    target = packed.ctypes.data
    for first in range(0, columns, width):
        filled = min(width, columns - first)
        padded = -(-filled // lanes) * lanes
        for j in range(0, filled, lanes):
            wide = min(lanes, filled - j)
            source, place = b + (first + j) * b_column * size, target + j * size
            if b_column == 1:
                for p in range(depth):
                    copy_vector(packed, place + p * padded * size, source + p * b_row * size, wide)
            else:
                _pack_vectors(packed, place, padded, source, b_row, b_column, depth, wide)
        target += depth * padded * size


@kernel
def _pack_vectors(like, target, target_row, source, b_row, b_column, depth, wide):
    """Copy columns that are a vector wide, in any memory order; fill missing ones up with zeros."""
    size = like.itemsize
    lanes = VECTOR // size
    done = 0
    if b_row == 1 and wide == lanes:
        done = depth // lanes * lanes
        for p in range(0, done, lanes):
            transpose_square(like, target + p * target_row * size, target_row, source + p * size, b_column)
    for p in range(done, depth):
        for j in range(wide):
            put(like, target, p * target_row + j, get(like, source, p * b_row + j * b_column))
        for j in range(wide, lanes):
            put(like, target, p * target_row + j, 0)


@kernel
def _strip(like, a, a_row, a_column, rows, b, b_row, c, c_row, depth, columns, onto):
    """Compute up to ROWS rows of c, or add to them; b is packed when the step between its rows is 0."""
    size = like.itemsize
    lanes = VECTOR // size
    width = VECTORS * lanes
    for j in range(0, columns, width):
        wide = min(width, columns - j)
        vectors = -(-wide // lanes)
        step = vectors * lanes if b_row == 0 else b_row
        if wide == width:
            multiply_whole(like, a, a_row, a_column, rows, b, step, wide, c, c_row, depth, onto)
        elif vectors == 3:
            multiply_3(like, a, a_row, a_column, rows, b, step, wide, c, c_row, depth, onto)
        elif vectors == 2:
            multiply_2(like, a, a_row, a_column, rows, b, step, wide, c, c_row, depth, onto)
        else:
            multiply_1(like, a, a_row, a_column, rows, b, step, wide, c, c_row, depth, onto)
        b += (depth * step if b_row == 0 else width) * size
        c += wide * size

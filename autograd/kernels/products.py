"""Products of matrices by tiles: one for large matrices, for batches of small ones, for any strides.

Loop order, the textbook one that keeps each operand in the cache it fits::

    depth in blocks of DEPTH
      columns in blocks of COLUMNS           this block of b is packed: it stays in the second-level cache
        rows in tiles of ROWS                this strip of a is packed: it stays in the first-level cache
          columns in tiles of 3 vectors      in registers, see autograd/kernels/tile.py

Arrays are passed as addresses and steps, so that one compilation serves every memory order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.jit import inlined, kernel
from autograd.kernels.tile import ROWS, VECTOR, get, multiply_1, multiply_2, multiply_3, put

DEPTH = 256
COLUMNS = 480


@kernel
def _multiply(like, vectors, a, a_row, a_column, rows, b, b_row, c, c_row, depth, accumulate):
    if vectors == 3:
        multiply_3(like, a, a_row, a_column, rows, b, b_row, c, c_row, depth, accumulate)
    elif vectors == 2:
        multiply_2(like, a, a_row, a_column, rows, b, b_row, c, c_row, depth, accumulate)
    else:
        multiply_1(like, a, a_row, a_column, rows, b, b_row, c, c_row, depth, accumulate)


@kernel
def _pack_columns(packed, b, b_row, b_column, depth, columns, width):
    """Copy a block of b as strips of `width` columns, each row by row, padded with zeros."""
    place = 0
    for strip in range(0, columns, width):
        filled = min(width, columns - strip)
        padded = width if filled == width else -(-filled // (VECTOR // packed.itemsize)) * (VECTOR // packed.itemsize)
        if b_column == 1:
            for p in range(depth):
                for j in range(filled):
                    packed[place + p * padded + j] = get(packed, b, p * b_row + strip + j)
        else:
            for j in range(filled):
                for p in range(depth):
                    packed[place + p * padded + j] = get(packed, b, p * b_row + (strip + j) * b_column)
        for p in range(depth):
            for j in range(filled, padded):
                packed[place + p * padded + j] = 0
        place += depth * padded


@kernel
def products(part, start, stop, items, steps, scratch):
    """Compute matrix products ``c = a @ b``, or ``c += a @ b``.

    Parameters
    ----------
    items : int64 array (count, 5)
        Addresses of a, b and c, rows and columns of c.
    steps : int64 array (8,)
        The depth (columns of a); steps in numbers from row to row and from column to column of a, of b, from row
        to row of c (whose columns are neighbours); whether to add to c.
    scratch : array (parts, numbers)
        Of the dtype of the matrices, see `room`.
    """
    depth, a_row, a_column, b_row, b_column, c_row, adds = (
        steps[0], steps[1], steps[2], steps[3], steps[4], steps[5], steps[6] != 0,
    )
    size = scratch.itemsize
    width = 3 * (VECTOR // size)
    tile = scratch[part, : ROWS * width]
    strip = scratch[part, ROWS * width : ROWS * (width + DEPTH)]
    packed = scratch[part, ROWS * (width + DEPTH) :]
    for item in range(start, stop):
        a, b, c, rows, columns = items[item, 0], items[item, 1], items[item, 2], items[item, 3], items[item, 4]
        for p in range(0, depth, DEPTH):
            block = min(DEPTH, depth - p)
            for j in range(0, columns, COLUMNS):
                across = min(COLUMNS, columns - j)
                _pack_columns(packed, b + (p * b_row + j * b_column) * size, b_row, b_column, block, across, width)
                for i in range(0, rows, ROWS):
                    high = min(ROWS, rows - i)
                    left = a + (i * a_row + p * a_column) * size
                    left_row, left_column = a_row, a_column
                    _row_of_tiles(
                        tile, packed, left, left_row, left_column, high,
                        c + (i * c_row + j) * size, c_row, block, across, width, adds or p > 0,
                    )


@kernel
def _row_of_tiles(tile, packed, a, a_row, a_column, high, c, c_row, depth, columns, width, accumulate):
    size = packed.itemsize
    lanes = VECTOR // size
    b = packed.ctypes.data
    for j in range(0, columns, width):
        wide = min(width, columns - j)
        vectors = -(-wide // lanes)
        if high == ROWS and wide == vectors * lanes:
            _multiply(
                packed, vectors, a, a_row, a_column, high, b, vectors * lanes, c + j * size, c_row, depth, accumulate
            )
        else:
            _multiply(
                packed, vectors, a, a_row, a_column, high, b, vectors * lanes, tile.ctypes.data, width, depth, False
            )
            for x in range(high):
                for y in range(wide):
                    value = tile[x * width + y]
                    if accumulate:
                        value += get(packed, c, x * c_row + j + y)
                    put(packed, c, x * c_row + j + y, value)
        b += depth * vectors * lanes * size


def room(dtype: np.dtype, depth: int, columns: int) -> int:
    """Return how many numbers of scratch a thread needs."""
    lanes = VECTOR // dtype.itemsize
    padded = -(-min(columns, COLUMNS) // lanes) * lanes
    return ROWS * (3 * lanes + DEPTH) + min(depth, DEPTH) * padded

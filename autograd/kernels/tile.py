"""A tile of a matrix product that stays in vector registers: the innermost loop of every product.

::

                 b     [ vector 0 ][ vector 1 ][ vector 2 ]      row p of b
        a[0, p] *  ->  [          ][          ][          ]
        a[1, p] *  ->  [          ][          ][          ]      `ROWS` x 3 accumulators,
           ...                                                   each a vector register
        a[7, p] *  ->  [          ][          ][          ]

For every p, vectors of row p of b are loaded once, and one number of a is spread over all lanes
for every row: 24 fused multiply-adds for 11 loads.  LLVM's vector types make this certain; a plain
loop leaves it to the vectoriser.  Where registers are fewer or shorter the tile is smaller.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _tile() -> tuple[int, int]:
    """Return the bytes of a vector register and the rows that fill the registers with three vectors each."""
    features = llvmlite.binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64, 8
    if features.get("avx2"):
        return 32, 4
    return 16, 8 if features.get("neon") else 4


VECTOR, ROWS = _tile()
VECTORS = 3
"""A tile is ``ROWS`` rows of up to ``VECTORS`` vectors of ``VECTOR`` bytes."""


def lanes(dtype: np.dtype) -> int:
    """Return how many numbers a vector holds."""
    return VECTOR // dtype.itemsize


def _multiply(vectors: int) -> Any:
    @intrinsic
    def multiply(typing: Any, like, a, a_row, a_column, rows, b, b_row, c, c_row, depth, accumulate) -> Any:
        """Multiply ``rows`` rows at address `a` with the packed rows at address `b` into or onto those at `c`.

        Steps are in numbers.  Rows of a past `rows` repeat the last one, so that nothing beyond a is read.
        """

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _, a, a_row, a_column, rows, b, b_row, c, c_row, depth, accumulate = arguments
            scalar = context.get_value_type(signature.args[0].dtype)
            width = VECTOR * 8 // signature.args[0].dtype.bitwidth
            vector = ir.VectorType(scalar, width)
            index = rows.type
            kind = ir.FunctionType(vector, [vector] * 3)
            name = f"llvm.fmuladd.v{width}f{VECTOR * 8 // width}"
            fuse = cgutils.get_or_insert_function(builder.module, kind, name)

            def pointer(base, offset, kind):
                place = builder.gep(builder.inttoptr(base, scalar.as_pointer()), [offset])
                return builder.bitcast(place, kind.as_pointer())

            def load(base, offset, kind):
                value = builder.load(pointer(base, offset, kind))
                value.align = signature.args[0].dtype.bitwidth // 8
                return value

            def spread(value):
                one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.IntType(32)(0))
                zeros = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
                return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)

            last = builder.sub(rows, index(1))
            starts = []
            for i in range(ROWS):
                row = builder.select(builder.icmp_signed("<", index(i), last), index(i), last)
                starts.append(builder.mul(row, a_row))
            offsets = [
                [builder.add(builder.mul(index(i), c_row), index(j * width)) for j in range(vectors)]
                for i in range(ROWS)
            ]
            sums = [[cgutils.alloca_once(builder, vector) for _ in range(vectors)] for _ in range(ROWS)]
            with builder.if_else(cgutils.is_true(builder, accumulate)) as (onto, into):
                with onto:
                    for i in range(ROWS):
                        for j in range(vectors):
                            builder.store(load(c, offsets[i][j], vector), sums[i][j])
                with into:
                    for i in range(ROWS):
                        for j in range(vectors):
                            builder.store(ir.Constant(vector, [0.0] * width), sums[i][j])
            with cgutils.for_range(builder, depth) as loop:
                row = builder.mul(loop.index, b_row)
                column = builder.mul(loop.index, a_column)
                right = [load(b, builder.add(row, index(j * width)), vector) for j in range(vectors)]
                for i in range(ROWS):
                    left = spread(load(a, builder.add(starts[i], column), scalar))
                    for j in range(vectors):
                        builder.store(builder.call(fuse, [left, right[j], builder.load(sums[i][j])]), sums[i][j])
            for i in range(ROWS):
                for j in range(vectors):
                    written = builder.store(builder.load(sums[i][j]), pointer(c, offsets[i][j], vector))
                    written.align = signature.args[0].dtype.bitwidth // 8
            return context.get_dummy_value()

        number = types.int64
        return types.void(like, *[number] * 9, types.boolean), generate

    return multiply


multiply_1, multiply_2, multiply_3 = _multiply(1), _multiply(2), _multiply(3)


def _access(store: bool) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        scalar = context.get_value_type(signature.args[0].dtype)
        place = builder.gep(builder.inttoptr(arguments[1], scalar.as_pointer()), [arguments[2]])
        if store:
            builder.store(arguments[3], place)
            return context.get_dummy_value()
        return builder.load(place)

    return generate


@intrinsic
def get(typing: Any, like: Any, address: Any, offset: Any) -> Any:
    """Read the number at an address, of the dtype of the array `like`."""
    return like.dtype(like, types.int64, types.int64), _access(store=False)


@intrinsic
def put(typing: Any, like: Any, address: Any, offset: Any, value: Any) -> Any:
    """Write a number at an address, of the dtype of the array `like`."""
    return types.void(like, types.int64, types.int64, like.dtype), _access(store=True)

"""A tile of a matrix product that stays in vector registers: the innermost loop of every product.

::

                 b     [ vector 0 ][ vector 1 ][ vector 2 ]      row p of b
        a[0, p] *  ->  [          ][          ][          ]
        a[1, p] *  ->  [          ][          ][          ]      ROWS x 3 accumulators,
           ...                                                   each a vector register
        a[7, p] *  ->  [          ][          ][          ]

For every p, three vectors of row p of b are loaded once, and one number of a is spread over all
lanes for every row: 24 fused multiply-adds for 11 loads.  LLVM's vector types make this certain; a
plain loop leaves it to the vectoriser.  Where registers are fewer or shorter the tile is smaller.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils

from autograd.kernels.jit import instruction


def _registers() -> tuple[int, int]:
    """Return the bytes of a vector register, and how many rows of three vectors the registers hold."""
    features = llvmlite.binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64, 8
    if features.get("avx2"):
        return 32, 4
    return 16, 8 if features.get("neon") else 4


VECTOR, ROWS = _registers()
VECTORS = 3
MASKED_LOADS = VECTOR == 64
"""Whether loading a part of a vector is as fast as loading all of it."""


class _Vectors:
    """The instructions on vectors of one dtype that a tile is made of."""

    def __init__(self, context: Any, builder: Any, dtype: Any):
        self.builder, self.scalar, self.dtype = builder, context.get_value_type(dtype), dtype
        self.lanes = VECTOR * 8 // dtype.bitwidth
        self.kind = ir.VectorType(self.scalar, self.lanes)
        self.short = f"v{self.lanes}{'f' if isinstance(dtype, types.Float) else 'i'}{dtype.bitwidth}"
        self.align = dtype.bitwidth // 8

    def _call(self, name: str, result: Any, *arguments: Any) -> Any:
        kind = ir.FunctionType(result, [argument.type for argument in arguments])
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, name), arguments)

    def pointer(self, base: Any, offset: Any, kind: Any) -> Any:
        place = self.builder.gep(self.builder.inttoptr(base, self.scalar.as_pointer()), [offset])
        return self.builder.bitcast(place, kind.as_pointer())

    def load(self, base: Any, offset: Any, mask: Any = None) -> Any:
        place = self.pointer(base, offset, self.kind)
        if mask is None:
            value = self.builder.load(place)
            value.align = self.align
            return value
        name = f"llvm.masked.load.{self.short}.p0{self.short}"
        return self._call(name, self.kind, place, ir.IntType(32)(self.align), mask, ir.Constant(self.kind, None))

    def store(self, value: Any, base: Any, offset: Any, mask: Any = None) -> None:
        place = self.pointer(base, offset, self.kind)
        if mask is None:
            self.builder.store(value, place).align = self.align
        else:
            name = f"llvm.masked.store.{self.short}.p0{self.short}"
            self._call(name, ir.VoidType(), value, place, ir.IntType(32)(self.align), mask)

    def spread(self, value: Any) -> Any:
        """Return a vector with a value in all lanes."""
        kind = ir.VectorType(value.type, self.lanes)
        empty, zeros = ir.Constant(kind, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), None)
        return self.builder.shuffle_vector(
            self.builder.insert_element(empty, value, ir.IntType(32)(0)), empty, zeros
        )  # fmt: skip

    def first(self, count: Any) -> Any:
        """Return the mask of the first lanes."""
        number = ir.VectorType(count.type, self.lanes)
        lanes = ir.Constant(number, [count.type(lane) for lane in range(self.lanes)])
        return self.builder.icmp_signed("<", lanes, self.spread(count))

    def multiply_add(self, left: Any, right: Any, onto: Any) -> Any:
        if isinstance(self.dtype, types.Integer):
            return self.builder.add(self.builder.mul(left, right), onto)
        return self._call(f"llvm.fmuladd.{self.short}", self.kind, left, right, onto)


def _tile(vectors: int, masked: bool) -> Any:
    @instruction
    def multiply(typing: Any, like, a, a_row, a_column, rows, b, b_row, columns, c, c_row, depth, onto) -> Any:
        """Compute up to ROWS rows and some vectors of ``c = a @ b``, or add to them.

        The matrices lie at addresses, steps are in numbers; `like` is any array of their dtype.  Missing rows repeat
        the last one.  With a mask, the last vector has only the lanes that `columns` leaves to it.
        """

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _, a, a_row, a_column, rows, b, b_row, columns, c, c_row, depth, onto = arguments
            dtype = signature.args[0].dtype
            simd = _Vectors(context, builder, dtype)
            index = rows.type
            tile = [(i, j) for i in range(ROWS) for j in range(vectors)]
            masks = [None] * vectors
            if masked:
                masks[-1] = simd.first(builder.sub(columns, index((vectors - 1) * simd.lanes)))
            last = builder.sub(rows, index(1))
            row = [builder.select(builder.icmp_signed("<", index(i), last), index(i), last) for i in range(ROWS)]
            left = [builder.mul(row[i], a_row) for i in range(ROWS)]
            place = {
                (i, j): builder.add(builder.mul(row[i], c_row), index(j * simd.lanes)) for i, j in tile
            }  # fmt: skip
            sums = {each: cgutils.alloca_once(builder, simd.kind) for each in tile}
            with builder.if_else(onto) as (adding, beginning):
                with adding:
                    for i, j in tile:
                        builder.store(simd.load(c, place[i, j], masks[j]), sums[i, j])
                with beginning:
                    for each in tile:
                        builder.store(ir.Constant(simd.kind, None), sums[each])
            with cgutils.for_range(builder, depth) as loop:
                begin, column = builder.mul(loop.index, b_row), builder.mul(loop.index, a_column)
                right = [
                    simd.load(b, builder.add(begin, index(j * simd.lanes)), masks[j] if MASKED_LOADS else None)
                    for j in range(vectors)
                ]
                for i in range(ROWS):
                    number = builder.load(simd.pointer(a, builder.add(left[i], column), simd.scalar))
                    number = simd.spread(number)
                    for j in range(vectors):
                        total = simd.multiply_add(number, right[j], builder.load(sums[i, j]))
                        builder.store(total, sums[i, j])
            for i, j in tile:
                simd.store(builder.load(sums[i, j]), c, place[i, j], masks[j])
            return context.get_dummy_value()

        return types.void(like, *[types.int64] * 10, types.boolean), generate

    return multiply


multiply_whole = _tile(VECTORS, masked=False)
multiply_1, multiply_2, multiply_3 = _tile(1, masked=True), _tile(2, masked=True), _tile(3, masked=True)


@instruction
def copy_vector(typing: Any, like: Any, target: Any, source: Any, count: Any) -> Any:
    """Copy the first `count` numbers of a vector from an address to another, and fill the vector up with zeros."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, target, source, count = arguments
        simd = _Vectors(context, builder, signature.args[0].dtype)
        zero = count.type(0)
        simd.store(simd.load(source, zero, simd.first(count)), target, zero)
        return context.get_dummy_value()

    return types.void(like, *[types.int64] * 3), generate


@instruction
def transpose_square(typing: Any, like: Any, target: Any, target_row: Any, source: Any, source_row: Any) -> Any:
    """Copy a square, as wide as a vector, with rows and columns exchanged.

    Rows i and i + 1 exchange every second number, then rows i and i + 2 every second pair, and so on.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, target, target_row, source, source_row = arguments
        simd = _Vectors(context, builder, signature.args[0].dtype)
        index = target_row.type
        rows = [simd.load(source, builder.mul(source_row, index(i))) for i in range(simd.lanes)]
        step = 1
        while step < simd.lanes:
            # Numbers from simd.lanes on are those of the second vector.
            upper = [lane if not lane & step else simd.lanes + lane - step for lane in range(simd.lanes)]
            lower = [lane + step if not lane & step else simd.lanes + lane for lane in range(simd.lanes)]
            masks = [
                ir.Constant(ir.VectorType(ir.IntType(32), simd.lanes), [ir.IntType(32)(lane) for lane in lanes])
                for lanes in (upper, lower)
            ]
            for i in range(simd.lanes):
                if not i & step:
                    pair = rows[i], rows[i + step]
                    rows[i], rows[i + step] = (builder.shuffle_vector(*pair, mask) for mask in masks)
            step *= 2
        for i, row in enumerate(rows):
            simd.store(row, target, builder.mul(target_row, index(i)))
        return context.get_dummy_value()

    return types.void(like, *[types.int64] * 4), generate


@instruction
def get(typing: Any, like: Any, address: Any, offset: Any) -> Any:
    """Read the number at an address, of the dtype of the array `like`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        dtype = signature.args[0].dtype
        simd = _Vectors(context, builder, dtype)
        return builder.load(simd.pointer(arguments[1], arguments[2], simd.scalar))

    return like.dtype(like, types.int64, types.int64), generate


@instruction
def put(typing: Any, like: Any, address: Any, offset: Any, value: Any) -> Any:
    """Write a number at an address, of the dtype of the array `like`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        dtype = signature.args[0].dtype
        simd = _Vectors(context, builder, dtype)
        builder.store(arguments[3], simd.pointer(arguments[1], arguments[2], simd.scalar))
        return context.get_dummy_value()

    return types.void(like, types.int64, types.int64, like.dtype), generate

"""Vector registers in kernels: the few LLVM instructions from which the convolutions are built.

The compiler's own vectoriser is not certain to find these loops, so they are written as instructions.  A vector
holds LANES numbers (16 of float32 with 512-bit registers, 8 with 256-bit ones); arrays are addressed by the offset
of a number from the array's first one, so arrays must be C-contiguous, and nobody checks bounds.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic as _intrinsic

VECTOR_BYTES = 64 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 32
INTEGER = ir.IntType(64)

intrinsic: Any = _intrinsic  # a function that emits instructions where it is called, in the eyes of a type checker


class Emitter:
    """Shorthands for the instructions, for one element type: that of the array argument `position`."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any, position: int) -> None:
        self.context, self.builder = context, builder
        self.types, self.arguments = signature.args, arguments
        bits = self.types[position].dtype.bitwidth
        self.scalar = ir.FloatType() if bits == 32 else ir.DoubleType()
        self.bytes = bits // 8
        self.lanes = VECTOR_BYTES // self.bytes
        self.vector = ir.VectorType(self.scalar, self.lanes)
        self.suffix = f"v{self.lanes}f{bits}"

    def array(self, position: int, *offsets: Any) -> Any:
        """The address of element ``sum(offsets)`` of an array argument."""
        struct = self.context.make_array(self.types[position])(self.context, self.builder, self.arguments[position])
        return self.at(struct.data, *offsets)

    def at(self, address: Any, *offsets: Any) -> Any:
        """Move an address on by some numbers."""
        for offset in offsets:
            index = INTEGER(offset) if isinstance(offset, int) else offset
            address = self.builder.gep(address, [index])
        return address

    def number(self, address: Any) -> Any:
        """Load one number."""
        return self.builder.load(address)

    def load(self, address: Any) -> Any:
        """Load a vector."""
        return self.builder.load(self.builder.bitcast(address, self.vector.as_pointer()), align=self.bytes)

    def store(self, value: Any, address: Any) -> None:
        """Store a vector."""
        self.builder.store(value, self.builder.bitcast(address, self.vector.as_pointer()), align=self.bytes)

    def shuffle(self, a: Any, b: Any, lanes: list[int]) -> Any:
        """Choose lanes of two vectors."""
        return self.builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), lanes))

    def splat(self, value: Any) -> Any:
        """Fill a vector with one number."""
        undefined = ir.Constant(self.vector, ir.Undefined)
        single = self.builder.insert_element(undefined, value, ir.IntType(32)(0))
        return self.shuffle(single, undefined, [0] * self.lanes)

    def zero(self) -> Any:
        """A vector of zeros."""
        return ir.Constant(self.vector, None)

    def constant(self, value: float) -> Any:
        """A vector of one constant."""
        return ir.Constant(self.vector, [value] * self.lanes)

    def function(self, name: str, result: Any, *parameters: Any) -> Any:
        """Declare an LLVM intrinsic."""
        return cgutils.get_or_insert_function(self.builder.module, ir.FunctionType(result, parameters), name)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """``a * b + c``, rounded once where the processor can."""
        fused = self.function(f"llvm.fmuladd.{self.suffix}", self.vector, self.vector, self.vector, self.vector)
        return self.builder.call(fused, [a, b, c])

    def first(self, count: Any) -> Any:
        """The mask of the first `count` lanes."""
        lane = ir.VectorType(INTEGER, self.lanes)
        undefined = ir.Constant(lane, ir.Undefined)
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        counts = self.builder.shuffle_vector(
            self.builder.insert_element(undefined, count, ir.IntType(32)(0)), undefined, zeros
        )
        return self.builder.icmp_signed("<", ir.Constant(lane, list(range(self.lanes))), counts)

    def masked_load(self, address: Any, mask: Any) -> Any:
        """Load some lanes; the others are zero, and their memory is not touched."""
        pointer = self.builder.bitcast(address, self.vector.as_pointer())
        masked = self.function(
            f"llvm.masked.load.{self.suffix}.p0", self.vector, pointer.type, ir.IntType(32), mask.type, self.vector
        )
        return self.builder.call(masked, [pointer, ir.IntType(32)(self.bytes), mask, self.zero()])

    def masked_store(self, value: Any, address: Any, mask: Any) -> None:
        """Store some lanes."""
        pointer = self.builder.bitcast(address, self.vector.as_pointer())
        masked = self.function(
            f"llvm.masked.store.{self.suffix}.p0", ir.VoidType(), self.vector, pointer.type, ir.IntType(32), mask.type
        )
        self.builder.call(masked, [value, pointer, ir.IntType(32)(self.bytes), mask])

    def loop(self, count: Any, values: list[Any], body: Any) -> list[Any]:
        """Run ``values = body(step, values)`` `count` times (at least once); the values stay in registers."""
        builder = self.builder
        before, block = builder.block, builder.append_basic_block("tile")
        after = builder.append_basic_block("tile.end")
        builder.branch(block)
        builder.position_at_end(block)
        step = builder.phi(INTEGER)
        step.add_incoming(INTEGER(0), before)
        nodes = [builder.phi(value.type) for value in values]
        results = body(step, nodes)
        following = builder.add(step, INTEGER(1))
        step.add_incoming(following, builder.block)
        for node, value, result in zip(nodes, values, results, strict=True):
            node.add_incoming(value, before)
            node.add_incoming(result, builder.block)
        builder.cbranch(builder.icmp_signed("<", following, count), block, after)
        builder.position_at_end(after)
        return results


@intrinsic
def move(typing_context, target, target_at, source, source_at):
    """Copy one vector."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        e.store(e.load(e.array(2, arguments[3])), e.array(0, arguments[1]))
        return context.get_dummy_value()

    return types.void(target, types.int64, source, types.int64), generate


@intrinsic
def move_between(typing_context, target, target_at, source, source_at, low, high):
    """Write one vector: the lanes from `low` to `high` - 1 from the source, which is not read elsewhere, else zeros."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        mask = builder.and_(e.first(arguments[5]), builder.not_(e.first(arguments[4])))
        e.store(e.masked_load(e.array(2, arguments[3]), mask), e.array(0, arguments[1]))
        return context.get_dummy_value()

    integer = types.int64
    return types.void(target, integer, source, integer, integer, integer), generate


@intrinsic
def prefetch(typing_context, source, source_at):
    """Ask for a cache line that will be needed soon; it may lie beyond the array."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        address = builder.bitcast(e.array(0, arguments[1]), ir.IntType(8).as_pointer())
        flag = ir.IntType(32)
        hint = e.function("llvm.prefetch.p0", ir.VoidType(), address.type, flag, flag, flag)
        builder.call(hint, [address, flag(0), flag(2), flag(1)])  # to read, into the second level, data
        return context.get_dummy_value()

    return types.void(source, types.int64), generate


@intrinsic
def clear(typing_context, target, target_at):
    """Write one vector of zeros."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        e.store(e.zero(), e.array(0, arguments[1]))
        return context.get_dummy_value()

    return types.void(target, types.int64), generate


@intrinsic
def split_pairs(typing_context, target, even_at, odd_at, source, source_at, low, high):
    """Copy two vectors, the even places to one and the odd places to another; as in `move_between`."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        halves = []
        for begin in (0, e.lanes):
            low, high = (builder.sub(arguments[k], INTEGER(begin)) for k in (5, 6))
            mask = builder.and_(e.first(high), builder.not_(e.first(low)))
            halves.append(e.masked_load(e.array(3, arguments[4], begin), mask))
        for parity in (0, 1):
            chosen = e.shuffle(halves[0], halves[1], list(range(parity, 2 * e.lanes, 2)))
            e.store(chosen, e.array(0, arguments[1 + parity]))
        return context.get_dummy_value()

    integer = types.int64
    return types.void(target, integer, integer, source, integer, integer, integer), generate


@intrinsic
def join_pairs(typing_context, target, target_at, source, even_at, odd_at):
    """Copy two vectors: one to the even places, one to the odd places."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        even, odd = e.load(e.array(2, arguments[3])), e.load(e.array(2, arguments[4]))
        for half in (0, 1):
            lanes = [i // 2 + half * e.lanes // 2 + i % 2 * e.lanes for i in range(e.lanes)]
            e.store(e.shuffle(even, odd, lanes), e.array(0, arguments[1], half * e.lanes))
        return context.get_dummy_value()

    integer = types.int64
    return types.void(target, integer, source, integer, integer), generate


@intrinsic
def transpose(typing_context, target, target_at, target_step, source, source_at, table, table_at):
    """Transpose LANES x LANES numbers; row i of the source begins at ``source_at + table[table_at + i]``."""

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 0)
        source, table = e.array(3, arguments[4]), e.array(5, arguments[6])
        rows = [e.load(e.at(source, e.number(e.at(table, i)))) for i in range(e.lanes)]
        distance = 1
        while distance < e.lanes:  # exchange the off-diagonal squares of all 2*distance x 2*distance squares
            upper = [i + e.lanes - distance if i & distance else i for i in range(e.lanes)]
            lower = [i + e.lanes if i & distance else i + distance for i in range(e.lanes)]
            for i in range(e.lanes):
                if not i & distance:
                    a, b = rows[i], rows[i + distance]
                    rows[i], rows[i + distance] = e.shuffle(a, b, upper), e.shuffle(a, b, lower)
            distance *= 2
        target = e.array(0, arguments[1])
        for i, row in enumerate(rows):
            e.store(row, e.at(target, builder.mul(arguments[2], INTEGER(i))))
        return context.get_dummy_value()

    integer = types.int64
    return types.void(target, integer, integer, source, integer, table, integer), generate

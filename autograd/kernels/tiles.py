"""The innermost loops of the convolutions: a tile of sums that stays in vector registers.

Each step multiplies `rows` single numbers by `columns` vectors and adds the products to the tile:

                 vector 0   vector 1   vector 2   vector 3
    number 0  |    +=         +=         +=         +=        one step: 4 loads, 6 broadcasts,
      ...     |                                               24 fused multiply-adds
    number 5  |    +=         +=         +=         +=
"""

from __future__ import annotations

from numba import types
from numba.extending import intrinsic

from autograd.kernels.vectors import INTEGER, Emitter


@intrinsic(prefer_literal=True)
def multiply_indirect(
    typing_context, rows, columns, sums, sums_at, steps, numbers, row_offsets, row_at, step_offsets, step_at, vectors, vectors_at
):  # fmt: skip
    """``sums[i, j] += numbers[row_offsets[row_at + i] + step_offsets[step_at + l]] * vectors[l, j]`` over steps l.

    `sums` and `vectors` are contiguous, (rows, columns, LANES) from `sums_at` and (steps, columns, LANES) from
    `vectors_at`.  With pixels as rows, (channel, tap) pairs as steps this is a convolution, with pixels as steps its
    weight gradient; without indirection it is a matrix product.  The sum of the steps begins at zero and is added to
    `sums` at the end: partial sums of a few hundred steps each keep the rounding errors of a long sum small.
    """
    height, width = rows.literal_value, columns.literal_value

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 2)
        numbers, row_table = e.array(5), e.array(6, arguments[7])
        starts = [e.at(numbers, e.number(e.at(row_table, i))) for i in range(height)]
        step_table = e.array(8, arguments[9])
        vectors = e.array(10, arguments[11])
        target = e.array(2, arguments[3])

        def body(step, sums):
            offset = e.number(e.at(step_table, step))
            here = e.at(vectors, builder.mul(step, INTEGER(width * e.lanes)))
            vector = [e.load(e.at(here, j * e.lanes)) for j in range(width)]
            results = []
            for i in range(height):
                number = e.splat(e.number(e.at(starts[i], offset)))
                results += [e.multiply_add(number, vector[j], sums[i * width + j]) for j in range(width)]
            return results

        for n, total in enumerate(e.loop(arguments[4], [e.zero()] * (height * width), body)):
            place = e.at(target, n * e.lanes)
            e.store(builder.fadd(e.load(place), total), place)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(
        rows, columns, sums, integer, integer, numbers, row_offsets, integer, step_offsets, integer, vectors, integer
    ), generate

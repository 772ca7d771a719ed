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
    typing_context, rows, columns, add, sums, sums_at, steps, numbers, numbers_at, row_offsets, row_at, step_offsets,
    step_at, vectors, vectors_at,
):  # fmt: skip
    """``sums[i, j] = sum(number(i, l) * vectors[l, j] for l in range(steps))``, or ``+=`` if `add` is 1.

    Here ``number(i, l) = numbers[numbers_at + row_offsets[row_at + i] + step_offsets[step_at + l]]``.
    `sums` and `vectors` are contiguous, (rows, columns, LANES) from `sums_at` and (steps, columns, LANES) from
    `vectors_at`.  With pixels as rows, (channel, tap) pairs as steps this is a convolution, with pixels as steps its
    weight gradient; with evenly spaced offsets it is a matrix product.  What is added begins at zero: partial sums of a few hundred steps each keep the rounding errors of a long sum small.
    """
    height, width = rows.literal_value, columns.literal_value

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 3)
        numbers, row_table = e.array(6, arguments[7]), e.array(8, arguments[9])
        starts = [e.at(numbers, e.number(e.at(row_table, i))) for i in range(height)]
        step_table = e.array(10, arguments[11])
        vectors = e.array(12, arguments[13])
        target = e.array(3, arguments[4])

        def body(step, sums):
            offset = e.number(e.at(step_table, step))
            here = e.at(vectors, builder.mul(step, INTEGER(width * e.lanes)))
            vector = [e.load(e.at(here, j * e.lanes)) for j in range(width)]
            results = []
            for i in range(height):
                number = e.splat(e.number(e.at(starts[i], offset)))
                results += [e.multiply_add(number, vector[j], sums[i * width + j]) for j in range(width)]
            return results

        for n, total in enumerate(e.loop(arguments[5], [e.zero()] * (height * width), body)):
            place = e.at(target, n * e.lanes)
            e.store(builder.fadd(e.load(place), total) if add.literal_value else total, place)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(
        rows, columns, add, sums, integer, integer, numbers, integer, row_offsets, integer, step_offsets, integer,
        vectors, integer,
    ), generate  # fmt: skip

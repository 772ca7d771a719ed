"""The innermost loops of the convolutions: a tile of sums that stays in vector registers.

Each step multiplies `rows` single numbers by `columns` vectors and adds the products to the tile:

                 vector 0   vector 1   vector 2   vector 3
    number 0  |    +=         +=         +=         +=        one step: 4 loads, 6 broadcasts,
      ...     |                                               24 fused multiply-adds
    number 5  |    +=         +=         +=         +=
"""

from __future__ import annotations

from numba import types

from autograd.kernels.vectors import INTEGER, Emitter, intrinsic


@intrinsic(prefer_literal=True)
def multiply_indirect(
    typing_context, rows, columns, add, sums, sums_at, steps, numbers, numbers_at, row_offsets, row_at, step_offsets,
    step_at, vectors, vectors_at,
):  # fmt: skip
    """``sums[i, j] = sum(number(i, l) * vectors[l, j] for l in range(steps))``, or ``+=`` if `add` is 1.

    Here ``number(i, l) = numbers[numbers_at + row_offsets[row_at + i] + step_offsets[step_at + l]]``; `sums` and
    `vectors` are contiguous, (rows, columns, LANES) from `sums_at` and (steps, columns, LANES) from `vectors_at`.  With
    pixels as rows and (channel, tap) pairs as steps this is a convolution, with pixels as steps its weight gradient,
    with evenly spaced offsets a matrix product.  What is added begins at zero: partial sums of few steps each keep the
    rounding errors of a long sum small.
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


@intrinsic(prefer_literal=True)
def convolve_vectors(
    typing_context, rows, columns, add, steps, numbers, numbers_at, vectors, vector_offsets, vector_at, step_offsets,
    step_at, bias, bias_at, target, target_at, row_step, target_offsets, counts, valid_rows,
):  # fmt: skip
    """Write ``bias[i] + sum(numbers[l, i] * vector(j, l) for l in range(steps))`` to row i, vector j of the target.

    If `add` is 1, what the target holds takes the place of the bias.

    Here ``vector(j, l)`` begins at ``vectors[vector_offsets[vector_at + j] + step_offsets[step_at + l]]``, and the
    result at ``target[target_at + i * row_step + target_offsets[vector_at + j]]``; only its first
    ``counts[vector_at + j]`` numbers are written, in the first `valid_rows` rows.
    """
    height, width = rows.literal_value, columns.literal_value

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 4)
        numbers, step_table = e.array(4, arguments[5]), e.array(9, arguments[10])
        offsets, places, counts = (e.array(k, arguments[8]) for k in (7, 16, 17))
        base, target, bias = e.array(6), e.array(13, arguments[14]), e.array(11, arguments[12])
        adds = bool(add.literal_value)
        starts = [e.at(base, e.number(e.at(offsets, j))) for j in range(width)]

        def body(step, sums):
            offset = e.number(e.at(step_table, step))
            here = e.at(numbers, builder.mul(step, INTEGER(height)))
            vector = [e.load(e.at(start, offset)) for start in starts]
            results = []
            for i in range(height):
                number = e.splat(e.number(e.at(here, i)))
                results += [e.multiply_add(number, vector[j], sums[i * width + j]) for j in range(width)]
            return results

        biases = [e.zero() if adds else e.splat(e.number(e.at(bias, i))) for i in range(height)]
        sums = e.loop(arguments[3], [number for number in biases for _ in range(width)], body)
        lengths = [e.number(e.at(counts, j)) for j in range(width)]
        shortest = lengths[0]
        for length in lengths[1:]:
            shortest = builder.select(builder.icmp_signed("<", length, shortest), length, shortest)
        whole = builder.icmp_signed("==", shortest, INTEGER(e.lanes))
        whole = builder.and_(whole, builder.icmp_signed("==", arguments[18], INTEGER(height)))
        with builder.if_else(whole) as (all_lanes, some_lanes):
            for branch, masked in ((all_lanes, False), (some_lanes, True)):
                with branch:
                    for j in range(width):
                        column = e.at(target, e.number(e.at(places, j)))
                        mask = e.first(lengths[j]) if masked else None
                        for i in range(height):
                            place = e.at(column, builder.mul(arguments[15], INTEGER(i)))
                            total = sums[i * width + j]
                            if masked:
                                with builder.if_then(builder.icmp_signed("<", INTEGER(i), arguments[18])):
                                    if adds:
                                        total = builder.fadd(e.masked_load(place, mask), total)
                                    e.masked_store(total, place, mask)
                            else:
                                e.store(builder.fadd(e.load(place), total) if adds else total, place)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(
        rows, columns, add, integer, numbers, integer, vectors, vector_offsets, integer, step_offsets, integer, bias,
        integer, target, integer, integer, target_offsets, counts, integer,
    ), generate  # fmt: skip


@intrinsic(prefer_literal=True)
def correlate_vectors(
    typing_context, rows, columns, sums, sums_at, sums_step, steps, vectors, row_offsets, row_at, step_offsets, others,
    others_at, column_step,
):  # fmt: skip
    """``sums[i, j] += vector(i, l) * other(j, l)``, all of them vectors, over steps l: lanes are summed later.

    Here ``vector(i, l)`` begins at ``vectors[row_offsets[row_at + i] + step_offsets[l]]``, ``other(j, l)`` at
    ``others[others_at + j * column_step + l * LANES]`` and ``sums[i, j]`` at
    ``sums[sums_at + i * sums_step + j * LANES]``.
    """
    height, width = rows.literal_value, columns.literal_value

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 2)
        base, row_table, step_table = e.array(6), e.array(7, arguments[8]), e.array(9)
        starts = [e.at(base, e.number(e.at(row_table, i))) for i in range(height)]
        others = e.array(10, arguments[11])
        columns = [e.at(others, builder.mul(arguments[12], INTEGER(j))) for j in range(width)]
        target = e.array(2, arguments[3])

        def body(step, sums):
            offset = e.number(e.at(step_table, step))
            here = builder.mul(step, INTEGER(e.lanes))
            other = [e.load(e.at(column, here)) for column in columns]
            results = []
            for i in range(height):
                vector = e.load(e.at(starts[i], offset))
                results += [e.multiply_add(vector, other[j], sums[i * width + j]) for j in range(width)]
            return results

        totals = e.loop(arguments[5], [e.zero()] * (height * width), body)
        for i in range(height):
            for j in range(width):
                place = e.at(target, builder.mul(arguments[4], INTEGER(i)), j * e.lanes)
                e.store(builder.fadd(e.load(place), totals[i * width + j]), place)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(
        rows, columns, sums, integer, integer, integer, vectors, row_offsets, integer, step_offsets, others, integer,
        integer,
    ), generate  # fmt: skip


@intrinsic(prefer_literal=True)
def roll_convolution(
    typing_context, taps_down, taps_across, count, weights, weights_at, vectors, vectors_at, row_step, across, bias,
    target, target_at, target_step,
):  # fmt: skip
    """Convolve one plane: a vector of one column of pixels after another, down `count` rows.

    Every row of the source is loaded once, shifted as `across` tells for each tap, and added to the results of all the
    rows it reaches, which roll through the registers.
    """
    height, width = taps_down.literal_value, taps_across.literal_value

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 3)
        weights, source = e.array(3, arguments[4]), e.array(5, arguments[6])
        shifts = [e.number(e.at(e.array(8), i)) for i in range(width)]
        numbers = [e.splat(e.number(e.at(weights, i))) for i in range(height * width)]
        bias, target = e.splat(arguments[9]), e.array(10, arguments[11])

        def add_row(row, sums):
            here = e.at(source, builder.mul(row, arguments[7]))
            for i in range(width):
                vector = e.load(e.at(here, shifts[i]))
                sums = [
                    e.multiply_add(numbers[(len(sums) - 1 - j) * width + i], vector, total)
                    for j, total in enumerate(sums)
                ]
            return sums

        def body(step, sums):
            first, *rest = add_row(builder.add(step, INTEGER(height - 1)), [*sums, bias])
            e.store(first, e.at(target, builder.mul(step, arguments[12])))
            return rest

        sums = []
        for row in range(height - 1):  # the rows above those that complete a result
            sums = add_row(INTEGER(row), [*sums, bias])
        e.loop(arguments[2], sums, body)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(
        taps_down, taps_across, integer, weights, integer, vectors, integer, integer, across, vectors.dtype, target,
        integer, integer,
    ), generate  # fmt: skip


@intrinsic(prefer_literal=True)
def roll_correlation(
    typing_context, taps_down, taps_across, count, sums, vectors, vectors_at, row_step, across, others, others_at,
    others_step,
):  # fmt: skip
    """Add to ``sums`` (taps_down, taps_across, LANES) how a column of vectors goes with the shifted rows it meets.

    The counterpart of `roll_convolution`: `others` are the gradients of its results, of `count` rows.
    """
    height, width = taps_down.literal_value, taps_across.literal_value

    def generate(context, builder, signature, arguments):
        e = Emitter(context, builder, signature, arguments, 3)
        source, others = e.array(4, arguments[5]), e.array(8, arguments[9])
        shifts = [e.number(e.at(e.array(7), i)) for i in range(width)]
        places = [e.array(3, i * e.lanes) for i in range(height * width)]

        def add_row(row, recent, totals):  # recent: the gradients of the last rows, the newest one at the end
            here = e.at(source, builder.mul(row, arguments[6]))
            totals = list(totals)
            for i in range(width):
                vector = e.load(e.at(here, shifts[i]))
                for back, other in enumerate(reversed(recent)):
                    if other is not None:
                        totals[back * width + i] = e.multiply_add(vector, other, totals[back * width + i])
            return totals

        def body(step, values):
            recent, totals = values[: height - 1], values[height - 1 :]
            recent = [*recent, e.load(e.at(others, builder.mul(step, arguments[10])))]
            return [*recent[1:], *add_row(step, recent, totals)]

        values = e.loop(arguments[2], [*[e.zero()] * (height - 1), *map(e.load, places)], body)
        recent, totals = values[: height - 1], values[height - 1 :]
        for row in range(height - 1):  # the rows below the last gradient
            totals = add_row(builder.add(arguments[2], INTEGER(row)), [*recent[row:], *[None] * (row + 1)], totals)
        for total, place in zip(totals, places, strict=True):
            e.store(total, place)
        return context.get_dummy_value()

    integer = types.int64
    return types.void(
        taps_down, taps_across, integer, sums, vectors, integer, integer, across, others, integer, integer
    ), generate

"""Convolution with a vector of output channels in each register: for deep sources.

Loops, from the outside: bands, blocks of columns * LANES output channels, tiles of `rows` pixels, steps, where a step
is one (channel, tap) pair.  The weights are packed as (block, step, columns, LANES), so that a step's vectors follow
one another; the sums of a block, (pixel, columns, LANES), are transposed on their way out.  The pixels of a tile can
lie anywhere, so strides, dilations and narrow images cost nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograd import threads
from autograd.kernels.geometry import Geometry, intervals
from autograd.kernels.jit import kernel
from autograd.kernels.planes import fill_phased_planes
from autograd.kernels.tiles import multiply_indirect
from autograd.kernels.vectors import VECTOR_BYTES, move, transpose

# Rows of the tile for each number of columns: as many as leave the pointers to the rows in registers.
ROWS = {4: 6, 3: 8, 2: 9, 1: 8} if VECTOR_BYTES == 64 else {3: 4, 2: 6, 1: 8}
STEPS = 128  # steps to a partial sum


def columns_for(channels: int, lanes: int) -> int:
    """The number of vectors in a block of output channels that wastes the fewest lanes."""
    return min(sorted(ROWS, reverse=True), key=lambda columns: -(-channels // (columns * lanes)) * columns)


def tile_rows(channels: int, lanes: int) -> int:
    """The number of pixels in a tile, for a result of so many channels."""
    return ROWS[columns_for(channels, lanes)]


@kernel
def pack_weights(
    part, start, stop, weights, group_size, channels, offsets, weight_step, tap_steps, packed, base, block, blocks,
    lanes
):  # fmt: skip
    """Write the blocks `start` to `stop` (of all groups) to ``packed``, (group, block, step, `block` channels).

    The first block that it has room for is number `base`.
    """
    steps, taps = len(offsets), len(tap_steps)
    rows, squares = np.arange(lanes) * weight_step, np.empty(lanes * lanes, weights.dtype)
    for number in range(start, stop):
        group, first = number // blocks, number % blocks * block
        for channel in range(first, first + block, lanes):
            source = group * group_size + channel * weight_step
            target = (number - base) * steps * block + channel - first
            whole = channel + lanes <= channels
            step = 0
            if whole and taps == 0:  # the steps are in order
                while step + lanes <= steps:
                    transpose(packed, target + step * block, block, weights, source + step, rows, 0)
                    step += lanes
            elif whole and taps == 1:  # the channels are in order
                while step < steps:
                    move(packed, target + step * block, weights, source + offsets[step])
                    step += 1
            elif whole:
                step = steps
                period = channels * taps
                for i in range(group_size // period):
                    for tap in range(0, taps, lanes):
                        at = source + i * period + tap
                        safe = at + rows[lanes - 1] + lanes <= len(weights)
                        if safe:
                            transpose(squares, 0, lanes, weights, at, rows, 0)
                        else:
                            for j in range(min(lanes, taps - tap)):
                                for lane in range(lanes):
                                    squares[j * lanes + lane] = weights[at + rows[lane] + j]
                        for j in range(min(lanes, taps - tap)):
                            place = tap_steps[tap + j, 0] + i * tap_steps[tap + j, 1]
                            if tap_steps[tap + j, 0] >= 0:
                                move(packed, target + place * block, squares, j * lanes)
            for rest in range(step, steps):
                for lane in range(lanes):
                    inside = channel + lane < channels
                    packed[target + rest * block + lane] = (
                        weights[source + offsets[rest] + lane * weight_step] if inside else 0
                    )


@kernel
def write_channels(target, target_at, area, channels, pixels, sums, sums_at, places, lanes):
    """Transpose channel-last sums, `pixels` of them at `places`, into `channels` planes of `area` numbers."""
    for channel in range(0, channels, lanes):
        pixel, at = 0, target_at + channel * area
        if channel + lanes <= channels:
            while pixel + lanes <= pixels:
                transpose(target, at + pixel, area, sums, sums_at + channel, places, pixel)
                pixel += lanes
        for lane in range(min(lanes, channels - channel)):
            for rest in range(pixel, pixels):
                target[at + lane * area + rest] = sums[sums_at + places[rest] + channel + lane]


@kernel
def unpack_weights(part, start, stop, weights, channels, steps, sums, padded, block, blocks, lanes):
    """Transpose blocks `start` to `stop` of sums (group, block, step, `block` channels) into (channel, step)."""
    places = np.arange(steps) * block
    for number in range(start, stop):
        group, first = number // blocks, number % blocks * block
        write_channels(
            weights, (group * channels + first) * steps, steps, min(block, channels - first), steps, sums,
            number * padded * block, places, lanes,
        )  # fmt: skip


@cache
def _convolve(rows: int, columns: int, lanes: int) -> Any:
    block = columns * lanes

    @kernel
    def convolve(
        part, start, stop, source, in_place, size, plane, first, row_step, stride, weights, bias, groups, target,
        channels, height, width, bands, band_rows, phases, pixel_offsets, places, step_offsets, all_planes, all_sums,
    ):  # fmt: skip
        planes, sums = all_planes[part], all_sums[part]
        steps = len(step_offsets)
        blocks = (channels + block - 1) // block
        numbers, numbers_at = source if in_place else planes, 0
        for unit in range(start, stop):
            image, band = unit // bands, unit % bands
            group = image % groups
            source_at = image * size[0] * size[1] * size[2]
            if in_place:
                numbers_at = source_at + band * row_step * size[2]
            else:
                fill_phased_planes(
                    planes, 0, plane, source, source_at, size, (first[0] + band * row_step, first[1]), stride, 1, lanes
                )  # fmt: skip
            pixels = min(band_rows, height - band * band_rows) * width
            for number in range(blocks):
                weights_at = (group * blocks + number) * steps * block
                bias_at = (group * blocks + number) * block
                for phase in range(len(phases)):
                    first_pixel, last_pixel, first_step, last_step = phases[phase]
                    for row in range(first_pixel, last_pixel):
                        for j in range(columns):
                            move(sums, row * block + j * lanes, bias, bias_at + j * lanes)
                    for step in range(first_step, last_step, STEPS):
                        for pixel in range(first_pixel, last_pixel, rows):
                            multiply_indirect(
                                rows, columns, 1, sums, pixel * block, min(STEPS, last_step - step), numbers,
                                numbers_at, pixel_offsets, pixel, step_offsets, step, weights,
                                weights_at + step * block,
                            )  # fmt: skip
                channel = number * block
                target_at = ((image * channels + channel) * height + band * band_rows) * width
                write_channels(
                    target, target_at, height * width, min(block, channels - channel), pixels, sums, 0, places, lanes
                )  # fmt: skip

    return convolve


def convolve(
    source: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, geometry: Geometry, channels: int, groups: int
) -> np.ndarray:
    """Convolve as `geometry` says: ``source`` (N, groups * C, H, W) to (N, groups * channels, height, width)."""
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    columns = columns_for(channels, lanes)
    block = columns * lanes
    blocks = -(-channels // block)
    height, width = geometry.target
    steps = len(geometry.step_offsets)
    packed = np.empty(groups * blocks * steps * block, dtype)
    threads.run(
        pack_weights, intervals(groups * blocks, 16 * steps * block), weight.reshape(-1), weight.size // groups,
        channels, geometry.weight_offsets, geometry.weight_step, geometry.tap_steps, packed, 0, block, blocks, lanes,
    )  # fmt: skip
    start = np.zeros((groups, blocks * block), dtype)
    if bias is not None:
        start[:, :channels] = bias.reshape(groups, channels)
    target = np.empty((len(source), groups * channels, height, width), dtype)
    shares = intervals(
        len(source) * groups * geometry.bands, geometry.band_rows * width * channels * steps // len(geometry.phases)
    )
    threads.run(
        _convolve(ROWS[columns], columns, lanes), shares, source.reshape(-1), geometry.in_place, geometry.source,
        geometry.plane, geometry.first, geometry.row_step, geometry.stride, packed, start.reshape(-1), groups,
        target.reshape(-1), channels, height, width, geometry.bands, geometry.band_rows, geometry.phases,
        geometry.pixel_offsets, geometry.pixel_places * block, geometry.step_offsets,
        np.empty((len(shares), geometry.planes_size), dtype),
        np.empty((len(shares), len(geometry.pixel_offsets) * block), dtype),
    )  # fmt: skip
    return target


@cache
def _correlate(rows: int, columns: int, lanes: int) -> Any:
    block = columns * lanes

    @kernel
    def correlate(
        part, start, stop, source, in_place, size, plane, first, row_step, stride, gradient, groups, channels, height,
        width, bands, band_rows, pixel_offsets, step_offsets, all_planes, all_columns, all_sums,
    ):  # fmt: skip
        planes, transposed, sums = all_planes[part], all_columns[part], all_sums[part]
        steps = len(step_offsets)
        blocks = (channels + block - 1) // block
        channel_rows = np.arange(lanes) * (height * width)
        sums[:] = 0
        numbers, numbers_at = source if in_place else planes, 0
        for unit in range(start, stop):
            image, band = unit // bands, unit % bands
            group = image % groups
            source_at = image * size[0] * size[1] * size[2]
            if in_place:
                numbers_at = source_at + band * row_step * size[2]
            else:
                fill_phased_planes(
                    planes, 0, plane, source, source_at, size, (first[0] + band * row_step, first[1]), stride, 1, lanes
                )  # fmt: skip
            pixels = min(band_rows, height - band * band_rows) * width
            for number in range(blocks):
                for j in range(columns):
                    channel = number * block + j * lanes
                    gradient_at = ((image * channels + channel) * height + band * band_rows) * width
                    pixel = 0
                    if channel + lanes <= channels:
                        while pixel + lanes <= pixels:
                            transpose(
                                transposed, pixel * block + j * lanes, block, gradient, gradient_at + pixel,
                                channel_rows, 0,
                            )  # fmt: skip
                            pixel += lanes
                    for lane in range(lanes):
                        inside = channel + lane < channels
                        for rest in range(pixel, pixels):
                            transposed[rest * block + j * lanes + lane] = (
                                gradient[gradient_at + lane * height * width + rest] if inside else 0
                            )
                sums_at = (group * blocks + number) * steps * block
                for step in range(0, steps, rows):
                    multiply_indirect(
                        rows, columns, 1, sums, sums_at + step * block, pixels, numbers, numbers_at, step_offsets, step,
                        pixel_offsets, 0, transposed, 0,
                    )  # fmt: skip

    return correlate


def correlate(
    source: np.ndarray, gradient: np.ndarray, geometry: Geometry, kernel_shape: tuple[int, ...], groups: int
) -> np.ndarray:
    """The weight gradient: how each (channel, tap) pair of the source goes with each channel of the gradient."""
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    channels = kernel_shape[0] // groups
    columns = columns_for(channels, lanes)
    rows, block = ROWS[columns], columns * lanes
    blocks = -(-channels // block)
    steps = len(geometry.step_offsets)
    padded = -(-steps // rows) * rows
    shares = intervals(
        len(source) * groups * geometry.bands, geometry.band_rows * geometry.target[1] * channels * steps
    )
    sums = np.empty((len(shares), groups * blocks * padded * block), dtype)
    threads.run(
        _correlate(rows, columns, lanes), shares, source.reshape(-1), geometry.in_place, geometry.source,
        geometry.plane, geometry.first, geometry.row_step, geometry.stride, gradient.reshape(-1), groups, channels,
        *geometry.target, geometry.bands, geometry.band_rows, geometry.pixel_offsets, np.append(geometry.step_offsets,
        np.zeros(padded - steps, int)), np.empty((len(shares), geometry.planes_size), dtype),
        np.empty((len(shares), geometry.band_rows * geometry.target[1] * block), dtype), sums,
    )  # fmt: skip
    total = sums[0]
    for partial in sums[1:]:  # in a fixed order, so that a result can be reproduced
        total += partial
    weight = np.empty(kernel_shape, dtype)
    threads.run(
        unpack_weights, intervals(groups * blocks, 16 * steps * block), weight.reshape(-1), channels, steps, total,
        padded, block, blocks, lanes,
    )  # fmt: skip
    return weight

"""Winograd's convolution: 3x3 kernels with stride 1, 2.25 times fewer multiplications, for deep sources.

Loops, from the outside: units (a band of an image, or several small images), blocks of output channels, the 16
positions of the transformed tile, and then a matrix product of (tiles, channels) and (channels, block).  All data of
a unit is channel-last and stays in the cache:

    source -> planes -> pixels (pixel, channel) -> spread (position, tile, channel)
                              products (position, tile, block) -> outputs (tile, 2x2, block) -> result
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from autograd import threads
from autograd.kernels.channel_lanes import ROWS, columns_for, pack_weights, write_channels
from autograd.kernels.jit import kernel
from autograd.kernels.planes import fill_planes
from autograd.kernels.tiles import multiply_indirect
from autograd.kernels.transforms import (
    transform_back,
    transform_gradient,
    transform_input,
    transform_output,
    transform_weight,
)
from autograd.kernels.vectors import VECTOR_BYTES, clear, move, transpose

TILES, GRADIENT_TILES = 64, 96  # about this many tiles to a unit
DEEP, DEEP_TILES = 512, 128  # with so many channels: the weights come from further away, so use them longer
STEPS = 64  # steps to a partial sum

Pair = tuple[int, int]


@dataclass(frozen=True)
class Tiling:
    """How the results of a convolution fall into tiles."""

    size: Pair
    """Height and width of the result."""
    images: int
    """Images to a unit."""
    bands: int
    band_rows: int
    first: Pair
    """Row and column of the source that the planes of the first band begin with."""
    plane: tuple[int, int, int]
    offsets: np.ndarray
    """For each tile of a unit: its first pixel in the planes; padded to a multiple of the rows of a product."""
    places: np.ndarray
    """For each pixel of a band in its order in the result: 4 * tile + place in the 2x2 outputs."""
    gradient_plane: tuple[int, int, int]
    gradient_offsets: np.ndarray

    each: int
    """Tiles of one image of a unit."""


def _axis(length: int, dilation: int) -> tuple[np.ndarray, np.ndarray]:
    """The first outputs of the tiles that cover `length` outputs; for each output 2 * tile + which of the two."""
    starts: list[int] = []
    places = np.zeros(length, int)
    for residue in range(min(dilation, length)):
        outputs = np.arange(residue, length, dilation)
        places[outputs] = 2 * len(starts) + np.arange(len(outputs))
        starts += [residue + 2 * dilation * i for i in range(-(-len(outputs) // 2))]
    return np.array(starts), places


@lru_cache(256)
def tiling(
    images: int, size: Pair, padding: tuple[Pair, Pair], dilation: Pair, rows: int, tiles: int, parts: int,
    least_bands: int,
) -> Tiling:  # fmt: skip
    """Divide the result of `images` sources of `size` into units of about `tiles` tiles."""
    height, width = (n + sum(p) - 2 * d for n, p, d in zip(size, padding, dilation, strict=True))
    across, _ = _axis(width, dilation[1])
    bands = max(least_bands, round(-(-height // 2) * len(across) / tiles))
    band_rows = -(-height // bands)
    band_rows += -band_rows % (2 * dilation[0])
    bands = -(-height // band_rows)
    down, row_places = _axis(band_rows, dilation[0])
    across, column_places = _axis(width, dilation[1])
    together = max(1, min(tiles // (len(down) * len(across)), images // parts)) if bands == 1 else 1
    plane_rows, pitch = int(down.max()) + 3 * dilation[0] + 1, int(across.max()) + 3 * dilation[1] + 1
    numbers = -(-plane_rows * pitch // 16) * 16
    offsets = np.arange(together)[:, None, None] * numbers + down[:, None] * pitch + across
    offsets = np.append(offsets, np.zeros(-offsets.size % rows, int))
    rows_of, columns_of = row_places[:, None], column_places
    places = (rows_of // 2 * len(across) + columns_of // 2) * 4 + rows_of % 2 * 2 + columns_of % 2
    gradient_rows, gradient_pitch = int(down.max()) + dilation[0] + 1, int(across.max()) + dilation[1] + 1
    gradient_numbers = -(-gradient_rows * gradient_pitch // 16) * 16
    gradient_offsets = np.arange(together)[:, None, None] * gradient_numbers + down[:, None] * gradient_pitch + across
    return Tiling(
        size=(height, width),
        images=together,
        bands=bands,
        band_rows=band_rows,
        first=(-padding[0][0], -padding[1][0]),
        plane=(plane_rows, pitch, numbers),
        offsets=offsets,
        places=places.ravel(),
        gradient_plane=(gradient_rows, gradient_pitch, gradient_numbers),
        gradient_offsets=gradient_offsets.ravel(),
        each=len(down) * len(across),
    )


@kernel
def transform_weights(part, start, stop, weights, channels, offsets, weight_step, tap_steps, packed, spread, depth,
                      padded, block, blocks, lanes):  # fmt: skip
    """Transform the weights into (block, position, source channel, lanes), the source channels padded."""
    own = packed[part]
    for number in range(start, stop):
        pack_weights(
            part, number, number + 1, weights, len(weights), channels, offsets, weight_step, tap_steps, own, number,
            block, blocks, lanes,
        )  # fmt: skip
        for channel in range(depth):
            for lane in range(0, block, lanes):
                transform_weight(
                    spread, (number * 16 * padded + channel) * block + lane, 4 * padded * block, padded * block,
                    own, channel * 9 * block + lane, 3 * block, block,
                )  # fmt: skip


@kernel
def channel_last(
    pixels, pixels_at, depth, planes, plane, source, source_at, size, first_row, first_column, lanes, table
):
    """Copy channels of a band into `pixels`, (pixel, depth): zero-padded, transposed."""
    channels, height, width = size
    numbers = plane[2]
    for channel in range(0, depth, lanes):
        count = min(lanes, channels - channel)
        fill_planes(
            planes, 0, plane, source, source_at + channel * height * width, (count, height, width), first_row,
            first_column, lanes,
        )  # fmt: skip
        for number in range(count * numbers, lanes * numbers, lanes):
            clear(planes, number)
        for pixel in range(0, numbers, lanes):
            transpose(pixels, pixels_at + pixel * depth + channel, depth, planes, pixel, table, 0)


@kernel
def spread_tiles(spread, depth, images, first_image, tiles, offsets, together, pixels, planes, source, size, plane,
                 first_row, first_column, dilation, lanes):  # fmt: skip
    """Transform the tiles of some images of the source into `spread`, (position, tile, depth)."""
    table = np.arange(lanes) * plane[2]
    count = min(together, images - first_image)
    for i in range(count):
        source_at = (first_image + i) * size[0] * size[1] * size[2]
        channel_last(
            pixels, i * plane[2] * depth, depth, planes, plane, source, source_at, size, first_row, first_column,
            lanes, table,
        )  # fmt: skip
    row, column, area = dilation[0] * plane[1] * depth, dilation[1] * depth, tiles * depth + lanes
    for tile in range(tiles):
        for channel in range(0, depth, lanes):
            transform_input(
                spread, tile * depth + channel, 4 * area, area, pixels, offsets[tile] * depth + channel, row, column
            )  # fmt: skip
    return count


@cache
def _convolve(rows: int, columns: int, lanes: int) -> Any:
    block = columns * lanes

    @kernel
    def convolve(
        part, start, stop, by_block, units, source, images, size, plane, first, dilation, weights, bias, target,
        channels, height, width, together, bands, band_rows, offsets, each, places, depth, all_planes, all_pixels,
        all_spread, all_products, all_outputs,
    ):  # fmt: skip
        planes, pixels, spread = all_planes[part], all_pixels[part], all_spread[part]
        products, outputs = all_products[part], all_outputs[part]
        tiles = len(offsets)
        tile_rows, steps = np.arange(tiles) * depth, np.arange(depth)
        area = tiles * block + lanes
        first_block, last_block = (start, stop) if by_block else (0, (channels + block - 1) // block)
        for unit in range(units) if by_block else range(start, stop):
            first_image, band = unit // bands * together, unit % bands
            count = spread_tiles(
                spread, depth, images, first_image, tiles, offsets, together, pixels, planes, source, size, plane,
                first[0] + band * band_rows, first[1], dilation, lanes,
            )  # fmt: skip
            for number in range(first_block, last_block):
                for position in range(16):
                    weights_at = (number * 16 + position) * depth * block
                    position_at = position * (tiles * depth + lanes)
                    for tile in range(0, count * each, rows):
                        at = position * area + tile * block
                        if position == 5:  # reaches all four outputs with factor 1: the bias goes there
                            for i in range(rows):
                                for j in range(0, block, lanes):
                                    move(products, at + i * block + j, bias, number * block + j)
                        else:
                            multiply_indirect(
                                rows, columns, 0, products, at, min(STEPS, depth), spread, position_at, tile_rows,
                                tile, steps, 0, weights, weights_at,
                            )  # fmt: skip
                        for step in range(0 if position == 5 else STEPS, depth, STEPS):
                            multiply_indirect(
                                rows, columns, 1, products, at, min(STEPS, depth - step), spread, position_at,
                                tile_rows, tile, steps, step, weights, weights_at + step * block,
                            )  # fmt: skip
                for tile in range(count * each):
                    for lane in range(0, block, lanes):
                        transform_output(
                            outputs, tile * 4 * block + lane, 2 * block, block, products, tile * block + lane,
                            4 * area, area,
                        )  # fmt: skip
                pixels_here = min(band_rows, height - band * band_rows) * width
                channel = number * block
                for i in range(count):
                    target_at = (((first_image + i) * channels + channel) * height + band * band_rows) * width
                    write_channels(
                        target, target_at, height * width, min(block, channels - channel), pixels_here, outputs,
                        i * each * 4 * block, places, lanes,
                    )  # fmt: skip

    return convolve


def convolve(
    source: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    padding: tuple[Pair, Pair],
    dilation: Pair,
    channels: int,
    flipped: bool = False,
) -> np.ndarray:
    """Convolve ``source`` (N, C, H, W) to (N, channels, height, width), 3x3 with stride 1.

    The weights are (channels, C, 3, 3), or if `flipped`, as for an input gradient, (C, channels, 3, 3), turned by 180
    degrees.
    """
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    columns = columns_for(channels, lanes)
    rows, block = ROWS[columns], columns * lanes
    blocks = -(-channels // block)
    images, depth, *size = source.shape
    if flipped:
        offsets = (np.arange(depth)[:, None] * channels * 9 + np.arange(8, -1, -1)).ravel()
        weight_step, tap_steps = 9, np.stack([np.arange(8, -1, -1), np.full(9, 9)], 1)
    else:
        offsets, weight_step, tap_steps = np.arange(depth * 9), depth * 9, np.zeros((0, 2), int)
    padded = -(-depth // lanes) * lanes
    weights = (np.empty if padded == depth else np.zeros)(blocks * 16 * padded * block, dtype)
    intervals = threads.parts(blocks)
    threads.run(
        transform_weights, intervals, weight.reshape(-1), channels, offsets, weight_step, tap_steps,
        np.empty((len(intervals), depth * 9 * block), dtype), weights, depth, padded, block, blocks, lanes,
    )  # fmt: skip
    start = np.zeros(blocks * block, dtype)
    if bias is not None:
        start[:channels] = bias
    number = threads.get_num_threads()
    least_bands = 1 if blocks >= number else -(-number // images)
    t = tiling(
        images, (size[0], size[1]), padding, dilation, rows, DEEP_TILES if depth >= DEEP else TILES, number, least_bands
    )
    target = np.empty((images, channels, *t.size), dtype)
    units = -(-images // t.images) * t.bands
    by_block = units < number
    intervals = threads.parts(blocks if by_block else units)
    parts, tiles = len(intervals), len(t.offsets)
    threads.run(
        _convolve(rows, columns, lanes), intervals, by_block, units, source.reshape(-1), images, (depth, *size),
        t.plane, t.first, dilation, weights, start, target.reshape(-1), channels, *t.size, t.images, t.bands,
        t.band_rows, t.offsets, t.each, t.places * block, padded,
        np.empty((parts, lanes * t.plane[2] + 4 * lanes), dtype),
        np.empty((parts, t.images * t.plane[2] * padded), dtype),
        np.empty((parts, 16 * (tiles * padded + lanes)), dtype),
        np.empty((parts, 16 * (tiles * block + lanes)), dtype),
        np.empty((parts, 4 * tiles * block), dtype),
    )  # fmt: skip
    return target


@cache
def _correlate(rows: int, columns: int, lanes: int) -> Any:
    block = columns * lanes

    @kernel
    def correlate(
        part, start, stop, by_block, units, source, images, size, plane, first, dilation, gradient, gradient_plane,
        channels, height, width, together, bands, band_rows, offsets, gradient_offsets, each, depth, all_planes,
        all_pixels, all_spread, all_gradient_spread, all_sums,
    ):  # fmt: skip
        planes, pixels, spread = all_planes[part], all_pixels[part], all_spread[part]
        gradient_spread, sums = all_gradient_spread[part], all_sums[0 if by_block else part]
        tiles = len(offsets)
        blocks = (channels + block - 1) // block
        channel_rows = np.zeros((depth + rows - 1) // rows * rows, np.int64)
        for channel in range(depth):
            channel_rows[channel] = channel
        padded = len(channel_rows)
        steps = np.arange(tiles) * depth
        table = np.arange(lanes) * gradient_plane[2]
        area = tiles * block + lanes
        first_block, last_block = (start, stop) if by_block else (0, blocks)
        sums[first_block * 16 * padded * block : last_block * 16 * padded * block] = 0
        for unit in range(units) if by_block else range(start, stop):
            first_image, band = unit // bands * together, unit % bands
            count = spread_tiles(
                spread, depth, images, first_image, tiles, offsets, together, pixels, planes, source, size, plane,
                first[0] + band * band_rows, first[1], dilation, lanes,
            )  # fmt: skip
            row, column = dilation[0] * gradient_plane[1] * block, dilation[1] * block
            for number in range(first_block, last_block):
                channel = number * block
                for i in range(count):
                    channel_last(
                        pixels, i * gradient_plane[2] * block, block, planes, gradient_plane, gradient,
                        ((first_image + i) * channels + channel) * height * width,
                        (min(block, channels - channel), height, width), band * band_rows, 0, lanes, table,
                    )  # fmt: skip
                for tile in range(count * each):
                    for lane in range(0, block, lanes):
                        transform_gradient(
                            gradient_spread, tile * block + lane, 4 * area, area, pixels,
                            gradient_offsets[tile] * block + lane, row, column,
                        )  # fmt: skip
                for position in range(16):
                    for channel in range(0, depth, rows):
                        multiply_indirect(
                            rows, columns, 1, sums, ((number * 16 + position) * padded + channel) * block,
                            count * each, spread, position * (tiles * depth + lanes), channel_rows, channel, steps, 0,
                            gradient_spread, position * area,
                        )  # fmt: skip

    return correlate


@kernel
def gather_weights(part, start, stop, weights, channels, depth, padded, sums, taps, block, blocks, lanes):
    """Transform the sums (block, position, channel, lanes) back, to (channel, source channel, 3, 3)."""
    places, own = np.arange(9 * depth) * block, taps[part]
    for number in range(start, stop):
        for channel in range(depth):
            for lane in range(0, block, lanes):
                transform_back(
                    own, channel * 9 * block + lane, 3 * block, block, sums,
                    (number * 16 * padded + channel) * block + lane, 4 * padded * block, padded * block,
                )  # fmt: skip
        first = number * block
        write_channels(
            weights, first * depth * 9, depth * 9, min(block, channels - first), depth * 9, own, 0, places, lanes,
        )  # fmt: skip


def correlate(source: np.ndarray, gradient: np.ndarray, padding: tuple[Pair, Pair], dilation: Pair) -> np.ndarray:
    """The weight gradient, (channels, C, 3, 3), of ``source`` (N, C, H, W) and ``gradient`` (N, channels, ...)."""
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    images, depth, *size = source.shape
    channels = gradient.shape[1]
    columns = columns_for(channels, lanes)
    rows, block = ROWS[columns], columns * lanes
    blocks = -(-channels // block)
    deep = -(-depth // lanes) * lanes
    padded = -(-deep // rows) * rows
    number = threads.get_num_threads()
    least_bands = 1 if blocks >= number else -(-number // images)
    tiles = DEEP_TILES if depth >= DEEP else GRADIENT_TILES
    t = tiling(images, (size[0], size[1]), padding, dilation, 1, tiles, number, least_bands)
    units = -(-images // t.images) * t.bands
    by_block = units < number or (blocks >= number and blocks * padded * block >= 1 << 16)
    intervals = threads.parts(blocks if by_block else units)
    parts, tiles = len(intervals), len(t.offsets)
    sums = np.empty((1 if by_block else parts, blocks * 16 * padded * block), dtype)
    pixels = t.images * max(t.plane[2] * deep, t.gradient_plane[2] * block)
    threads.run(
        _correlate(rows, columns, lanes), intervals, by_block, units, source.reshape(-1), images, (depth, *size),
        t.plane, t.first, dilation, gradient.reshape(-1), t.gradient_plane, channels, *t.size, t.images, t.bands,
        t.band_rows, t.offsets, t.gradient_offsets, t.each, deep,
        np.empty((parts, lanes * max(t.plane[2], t.gradient_plane[2]) + 4 * lanes), dtype),
        np.empty((parts, pixels), dtype),
        np.empty((parts, 16 * (tiles * deep + lanes)), dtype),
        np.empty((parts, 16 * (tiles * block + lanes)), dtype),
        sums,
    )  # fmt: skip
    total = sums[0]
    for partial in sums[1:]:  # in a fixed order, so that a result can be reproduced
        total += partial
    weight = np.empty((channels, depth, 3, 3), dtype)
    intervals = threads.parts(blocks)
    threads.run(
        gather_weights, intervals, weight.reshape(-1), channels, depth, padded, total,
        np.empty((len(intervals), depth * 9 * block), dtype), block, blocks, lanes,
    )  # fmt: skip
    return weight

"""Convolution with a vector of pixels in each register: for few channels, or few to a group.

Loops, from the outside: bands, blocks of `rows` output channels, tiles of `columns` vectors of pixels, steps, where a
step is one (channel, tap) pair.  A vector holds neighbours of one row of the result; the planes keep the columns of
each residue modulo the stride together, so that what a vector meets is contiguous.

The input gradient with a stride is one without: it computes ``stride x stride`` results for every pixel of the
gradient, as if they were channels, and then interleaves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from autograd import threads
from autograd.kernels.geometry import Pair, intervals, padded_plane, split_rows
from autograd.kernels.jit import inlined, kernel
from autograd.kernels.planes import fill_phased_planes, fill_planes
from autograd.kernels.tiles import convolve_vectors, correlate_vectors
from autograd.kernels.vectors import VECTOR_BYTES, join_pairs

# Tiles of (output channels, vectors of pixels); the same of (taps, channels of the gradient) where lanes are summed.
TILES = {8: 3, 6: 4, 4: 6, 3: 7, 1: 6} if VECTOR_BYTES == 64 else {4: 3, 3: 4, 1: 8}
SUM_TILES = {8: 3, 4: 6, 1: 9} if VECTOR_BYTES == 64 else {4: 3, 1: 9}  # channels: taps
PIXELS, PLANES = 4096, 1 << 16  # at most about this many to a band
STEPS = 288  # steps to a partial sum


def best_height(tiles: dict[int, int], channels: int) -> int:
    """The tile height that pads `channels` least."""
    return min(sorted(tiles, reverse=True), key=lambda height: -(-channels // height) * height)


@dataclass(frozen=True)
class Rows:
    """Where the vectors of a band lie."""

    source: tuple[int, int, int]
    size: Pair
    """Height and width of the result."""
    bands: int
    band_rows: int
    first: Pair
    row_step: int
    stride: Pair
    """What the rows and columns of the planes are taken by."""
    segments: int
    """Segments to a row of the planes."""
    plane: tuple[int, int, int]
    offsets: np.ndarray
    """For each vector of a band: where it begins in the planes."""
    places: np.ndarray
    """For each vector: where it begins in the band of the result."""
    counts: np.ndarray
    """For each vector: how many pixels it has."""
    steps: np.ndarray
    """For each (channel, tap) pair: its offset in the planes."""

    @property
    def a_row(self) -> int:
        """Vectors to a row."""
        return len(self.offsets) // self.band_rows


@lru_cache(256)
def rows_of(
    channels: int,
    size: Pair,
    out: Pair,
    kernel: Pair,
    stride: Pair,
    first: Pair,
    dilation: Pair,
    lanes: int,
    overlap: bool,
    least_bands: int,
) -> Rows:
    """Tables for a source of `channels` and `size` and a result of size `out` that begins at source pixel `first`."""
    height, width = out
    reach = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    segments = min(stride[1], reach[1] + 1)
    segment = width + reach[1] // stride[1]
    if segments > 1:
        segment += -segment % lanes  # so that whole vectors can be written
    pitch = segment * segments
    row_stride = stride[0] if kernel[0] == 1 else 1  # of the rows that are copied
    step = stride[0] // row_stride
    bands, rows = split_rows(height, width, 1, least_bands, channels * step * pitch, PIXELS, PLANES)
    plane = padded_plane((rows - 1) * step + reach[0] + 1, pitch)
    y, x = np.mgrid[:rows, :width:lanes]
    if width >= lanes and overlap and channels * kernel[0] * kernel[1] <= STEPS:
        x = np.minimum(x, width - lanes)  # the last vector of a row repeats some pixels, instead of being short
    tap_y, tap_x = np.mgrid[: kernel[0], : kernel[1]] * np.array(dilation)[:, None, None]
    taps = tap_y * pitch + tap_x % stride[1] * segment + tap_x // stride[1]
    return Rows(
        source=(channels, *size),
        size=out,
        bands=bands,
        band_rows=rows,
        first=first,
        row_step=rows * stride[0],
        stride=(row_stride, stride[1]),
        segments=segments,
        plane=plane,
        offsets=(y * step * pitch + x).ravel(),
        places=(y * width + x).ravel(),
        counts=np.minimum(lanes, width - x).ravel(),
        steps=(np.arange(channels)[:, None] * plane[2] + taps.ravel()).ravel(),
    )


def _pad(table: np.ndarray, multiple: int) -> np.ndarray:
    return np.append(table, np.zeros(-len(table) % multiple, int))


@inlined
def join_rows(target, target_at, width, source, source_at, distance, lanes):
    """Interleave two rows that lie `distance` apart into one of `width` numbers."""
    pairs = width // 2
    x = 0
    if pairs >= lanes:
        for first in range(0, pairs, lanes):
            x = min(first, pairs - lanes)
            join_pairs(target, target_at + 2 * x, source, source_at + x, source_at + distance + x)
        x = pairs
    for i in range(2 * x, width):
        target[target_at + i] = source[source_at + i // 2 + i % 2 * distance]


@cache
def _convolve(rows: int, columns: int, lanes: int) -> Any:
    @kernel
    def convolve(
        part, start, stop, source, size, plane, first, row_step, stride, segments, weights, bias, groups, target,
        channels, height, width, bands, band_rows, a_row, offsets, places, all_counts, steps, all_planes, phases,
        full_height, full_width, all_results,
    ):  # fmt: skip
        planes = all_planes[part]
        scattered = phases[0] * phases[1] > 1
        result = all_results[part] if scattered else target
        counts = all_counts.copy()
        blocks = (channels + rows - 1) // rows
        for unit in range(start, stop):
            image, band = unit // bands, unit % bands
            group = image % groups
            fill_phased_planes(
                planes, 0, plane, source, image * size[0] * size[1] * size[2], size,
                (first[0] + band * row_step, first[1]), stride, segments, lanes,
            )  # fmt: skip
            rows_here = min(band_rows, height - band * band_rows)
            vectors = rows_here * a_row
            for vector in range(len(counts)):
                counts[vector] = all_counts[vector] if vector < vectors else 0
            area = band_rows * width if scattered else height * width
            base = 0 if scattered else (image * channels * height + band * band_rows) * width
            for number in range(blocks):
                weights_at = (group * blocks + number) * len(steps) * rows
                result_at, here = base + number * rows * area, min(rows, channels - number * rows)
                for vector in range(0, vectors, columns):
                    convolve_vectors(
                        rows, columns, 0, min(STEPS, len(steps)), weights, weights_at, planes, offsets, vector, steps,
                        0, bias, (group * blocks + number) * rows, result, result_at, area, places, counts, here,
                    )  # fmt: skip
                    for step in range(STEPS, len(steps), STEPS):
                        convolve_vectors(
                            rows, columns, 1, min(STEPS, len(steps) - step), weights, weights_at + step * rows, planes,
                            offsets, vector, steps, step, bias, 0, result, result_at, area, places, counts, here,
                        )  # fmt: skip
            if scattered:
                for channel in range(channels):
                    phase = channel % (phases[0] * phases[1])
                    down, right = phase // phases[1], phase % phases[1]
                    plane_at = (unit // bands * (channels // (phases[0] * phases[1]))
                                + channel // (phases[0] * phases[1])) * full_height  # fmt: skip
                    count = (full_width - right + phases[1] - 1) // phases[1]
                    for y in range(rows_here):
                        row = (band * band_rows + y) * phases[0] + down
                        if row < full_height:
                            here = (plane_at + row) * full_width + right
                            there = (channel * band_rows + y) * width
                            if phases[1] == 2:
                                if right == 0:
                                    join_rows(target, here, full_width, result, there, band_rows * width, lanes)
                            else:
                                for x in range(count):
                                    target[here + x * phases[1]] = result[there + x]

    return convolve


def convolve(
    source: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, rows: Rows, phases: Pair, full: Pair
) -> np.ndarray:
    """Convolve ``source`` (N, groups * C, H, W) with ``weight`` (groups, channels, C * taps).

    With `phases` the channels hold, for each channel proper, the results at phases[0] x phases[1] neighbours, which
    are interleaved into a result of size `full`.
    """
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    groups, channels, steps = weight.shape
    height = best_height(TILES, channels)
    blocks = -(-channels // height)
    packed = np.zeros((groups, blocks * height, steps), dtype)
    packed[:, :channels] = weight
    packed = packed.reshape(groups, blocks, height, steps).swapaxes(2, 3).ravel()
    start = np.zeros((groups, blocks * height), dtype)
    if bias is not None:
        start[:, :channels] = bias.reshape(groups, channels)
    target = np.empty((len(source), groups * channels // (phases[0] * phases[1]), *full), dtype)
    shares = intervals(len(source) * groups * rows.bands, rows.band_rows * rows.size[1] * channels * len(rows.steps))
    scattered = phases[0] * phases[1] > 1
    columns = TILES[height]
    threads.run(
        _convolve(height, columns, lanes), shares, source.reshape(-1), rows.source, rows.plane, rows.first,
        rows.row_step, rows.stride, rows.segments, packed, start.reshape(-1), groups, target.reshape(-1), channels,
        *rows.size, rows.bands, rows.band_rows, rows.a_row, _pad(rows.offsets, columns), _pad(rows.places, columns),
        _pad(rows.counts, columns), rows.steps,
        np.zeros((len(shares), rows.source[0] * rows.plane[2] + 4 * lanes), dtype), phases, *full,
        np.empty((len(shares), channels * rows.band_rows * rows.size[1] if scattered else 0), dtype),
    )  # fmt: skip
    return target


@cache
def _correlate(rows: int, columns: int, lanes: int) -> Any:
    @kernel
    def correlate(
        part, start, stop, source, size, plane, first, row_step, stride, segments, gradient, gradient_plane, groups,
        channels, height, width, bands, band_rows, a_row, offsets, steps, all_planes, all_gradient_planes, all_sums,
    ):  # fmt: skip
        planes, gradient_planes, sums = all_planes[part], all_gradient_planes[part], all_sums[part]
        sums[:] = 0
        padded = (channels + columns - 1) // columns * columns
        gradient_planes[:] = 0
        for unit in range(start, stop):
            image, band = unit // bands, unit % bands
            group = image % groups
            fill_phased_planes(
                planes, 0, plane, source, image * size[0] * size[1] * size[2], size,
                (first[0] + band * row_step, first[1]), stride, segments, lanes,
            )  # fmt: skip
            fill_planes(
                gradient_planes, 0, gradient_plane, gradient, image * channels * height * width,
                (channels, height, width), band * band_rows, 0, lanes,
            )  # fmt: skip
            vectors = min(band_rows, height - band * band_rows) * a_row
            for channel in range(0, padded, columns):
                for step in range(0, len(steps), rows):
                    correlate_vectors(
                        rows, columns, sums, ((group * len(steps) + step) * padded + channel) * lanes, padded * lanes,
                        vectors, planes, steps, step, offsets, gradient_planes, channel * gradient_plane[2],
                        gradient_plane[2],
                    )  # fmt: skip

    return correlate


def correlate(
    source: np.ndarray, gradient: np.ndarray, rows: Rows, kernel_shape: tuple[int, ...], groups: int
) -> np.ndarray:
    """The weight gradient: each (channel, tap) pair of the source with each channel of the gradient."""
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    channels, count = kernel_shape[0] // groups, len(rows.steps)
    columns = best_height(SUM_TILES, channels)
    taps = SUM_TILES[columns]
    padded = -(-channels // columns) * columns
    steps = _pad(rows.steps, taps)
    shares = intervals(len(source) * groups * rows.bands, rows.band_rows * rows.size[1] * channels * len(rows.steps))
    gradient_plane = padded_plane(rows.band_rows, rows.a_row * lanes)
    sums = np.empty((len(shares), groups * len(steps) * padded * lanes), dtype)
    threads.run(
        _correlate(taps, columns, lanes), shares, source.reshape(-1), rows.source, rows.plane, rows.first,
        rows.row_step, rows.stride, rows.segments, gradient.reshape(-1), gradient_plane, groups, channels, *rows.size,
        rows.bands, rows.band_rows, rows.a_row, rows.offsets, steps,
        np.zeros((len(shares), rows.source[0] * rows.plane[2] + 4 * lanes), dtype),
        np.empty((len(shares), padded * gradient_plane[2] + 4 * lanes), dtype), sums,
    )  # fmt: skip
    total = sums[0]
    for partial in sums[1:]:  # in a fixed order, so that a result can be reproduced
        total += partial
    total = total.reshape(groups, len(steps), padded, lanes).sum(-1)[:, :count, :channels]
    return np.ascontiguousarray(total.swapaxes(1, 2)).reshape(kernel_shape)

"""Depthwise convolution, each channel with kernels of its own: rows roll through the registers.

Loops, from the outside: bands of one channel of one image, columns one vector wide, rows.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from autograd import threads
from autograd.kernels.geometry import intervals, padded_plane
from autograd.kernels.jit import kernel
from autograd.kernels.pixel_lanes import Rows
from autograd.kernels.planes import fill_phased_planes, fill_planes
from autograd.kernels.tiles import roll_convolution, roll_correlation
from autograd.kernels.vectors import VECTOR_BYTES


@cache
def _convolve(down: int, across: int, lanes: int) -> Any:
    @kernel
    def convolve(
        part, start, stop, source, size, plane, first, row_step, stride, segments, weights, bias, groups, target,
        height, width, bands, band_rows, a_row, offsets, steps, all_planes,
    ):  # fmt: skip
        planes = all_planes[part]
        for unit in range(start, stop):
            image, band = unit // bands, unit % bands
            channel = image % groups
            fill_phased_planes(
                planes, 0, plane, source, image * size[1] * size[2], size, (first[0] + band * row_step, first[1]),
                stride, segments, lanes,
            )  # fmt: skip
            rows = min(band_rows, height - band * band_rows)
            base = (image * height + band * band_rows) * width
            for vector in range(a_row):
                roll_convolution(
                    down, across, rows, weights, channel * down * across, planes, offsets[vector], plane[1], steps,
                    bias[channel], target, base + offsets[vector], width,
                )  # fmt: skip

    return convolve


def convolve(source: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, rows: Rows) -> np.ndarray:
    """Convolve ``source`` (N, C, H, W) with ``weight`` (C, 1, down, across); results at least a vector wide."""
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    images, channels = source.shape[:2]
    down, across = weight.shape[2:]
    target = np.empty((images, channels, *rows.size), dtype)
    shares = intervals(images * channels * rows.bands, 16 * rows.band_rows * rows.size[1] * down * across)
    threads.run(
        _convolve(down, across, lanes), shares, source.reshape(-1), rows.source, rows.plane, rows.first,
        rows.row_step, rows.stride, rows.segments, weight.reshape(-1),
        np.zeros(channels, dtype) if bias is None else np.ascontiguousarray(bias), channels, target.reshape(-1),
        *rows.size, rows.bands, rows.band_rows, rows.a_row, rows.offsets, rows.steps[:across],
        np.zeros((len(shares), rows.plane[2] + 4 * lanes), dtype),
    )  # fmt: skip
    return target


@cache
def _correlate(down: int, across: int, lanes: int) -> Any:
    @kernel
    def correlate(
        part, start, stop, source, size, plane, first, row_step, stride, segments, gradient, gradient_plane, groups,
        height, width, bands, band_rows, a_row, offsets, steps, all_planes, all_gradient_planes, all_sums,
    ):  # fmt: skip
        planes, gradient_planes, sums = all_planes[part], all_gradient_planes[part], all_sums[part]
        for unit in range(start, stop):
            image, band = unit // bands, unit % bands
            fill_phased_planes(
                planes, 0, plane, source, image * size[1] * size[2], size, (first[0] + band * row_step, first[1]),
                stride, segments, lanes,
            )  # fmt: skip
            fill_planes(
                gradient_planes, 0, gradient_plane, gradient, image * height * width, (1, height, width),
                band * band_rows, 0, lanes,
            )  # fmt: skip
            rows = min(band_rows, height - band * band_rows)
            for vector in range(a_row):
                roll_correlation(
                    down, across, rows, sums[image % groups], planes, offsets[vector], plane[1], steps,
                    gradient_planes, vector * lanes, gradient_plane[1],
                )  # fmt: skip

    return correlate


def correlate(source: np.ndarray, gradient: np.ndarray, rows: Rows, kernel_shape: tuple[int, ...]) -> np.ndarray:
    """The weight gradient, (C, 1, down, across)."""
    dtype, lanes = source.dtype, VECTOR_BYTES // source.itemsize
    channels, _, down, across = kernel_shape
    shares = intervals(len(source) * channels * rows.bands, 16 * rows.band_rows * rows.size[1] * down * across)
    parts = len(shares)
    gradient_plane = padded_plane(rows.band_rows, rows.a_row * lanes)
    sums = np.zeros((parts, channels, down * across * lanes), dtype)
    threads.run(
        _correlate(down, across, lanes), shares, source.reshape(-1), rows.source, rows.plane, rows.first,
        rows.row_step, rows.stride, rows.segments, gradient.reshape(-1), gradient_plane, channels, *rows.size,
        rows.bands, rows.band_rows, rows.a_row, rows.offsets, rows.steps[:across],
        np.zeros((parts, rows.plane[2] + 4 * lanes), dtype),
        np.zeros((parts, gradient_plane[2] + 4 * lanes), dtype), sums,
    )  # fmt: skip
    return sums.reshape(parts, channels, down, across, lanes).sum((0, -1)).reshape(kernel_shape)

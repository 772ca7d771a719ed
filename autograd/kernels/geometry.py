"""Where a convolution's numbers lie: tables of offsets, computed once for a shape and kept.

The kernels work through *bands*: some rows of the output of one image and group.  For a band they copy the rows of
the source that it needs into *planes*, one a channel, with zeros where the padding is; then every number that a tap
meets lies at ``planes[pixel_offset + step_offset]``, where a step is one (channel, tap) pair.  The tables hold these
two kinds of offsets.

The input gradient is a convolution too, of the output gradient with the flipped kernel.  With a stride the pixels of
the result fall into phases, one a residue modulo the stride, and each phase meets only some of the taps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autograd import threads
from autograd.kernels.vectors import VECTOR_BYTES

PLANES = 1 << 18  # at most about this many numbers in the planes of a band, so that they stay in the cache
PIXELS = 512  # at most about this many pixels a band
PRODUCTS = 1_000_000  # fewer are not worth a thread

Pair = tuple[int, int]


@dataclass(frozen=True)
class Geometry:
    """Tables of one convolution (or input gradient), for one group."""

    source: tuple[int, int, int]
    """Channels, height and width of the source."""
    target: tuple[int, int]
    """Height and width of the result."""
    in_place: bool
    """Whether the source can be read as it is, without planes."""
    bands: int
    band_rows: int
    """Rows of the result in a band (the last band may hang over the edge)."""
    first: Pair
    """The row and column of the source that the planes of the first band begin with."""
    row_step: int
    """How many rows of the source lie between two bands."""
    stride: Pair
    """What the rows and columns of the planes are taken by."""
    plane: tuple[int, int, int]
    """Rows, numbers a row and numbers in all of a plane."""
    phases: np.ndarray
    """For each phase: its first and last+1 pixel in `pixel_offsets`, its first and last+1 step in `step_offsets`."""
    pixel_offsets: np.ndarray
    """Offsets in the planes; each phase padded to a multiple of `tile`."""
    pixel_places: np.ndarray
    """For the pixels of a band in their order in the result: where they are in `pixel_offsets`."""
    step_offsets: np.ndarray
    """Offsets in the planes, of (channel, tap) pairs."""
    weight_offsets: np.ndarray
    """The offsets of the same pairs in the weights of one group, for output channel 0."""
    weight_step: int
    """How far apart two output channels are in the weights."""
    tap_steps: np.ndarray
    """For each tap: the step it has with channel 0 of the source and how many later it comes with the next one.

    Empty where the steps are in the order of the weights.
    """

    @property
    def planes_size(self) -> int:
        """Numbers in the planes of a band, with room to write and read beyond the end."""
        return self.source[0] * self.plane[2] + 4 * VECTOR_BYTES


def intervals(units: int, products: int) -> threads.Intervals:
    """Divide `units` of so many products each among threads, unless that takes longer than it saves."""
    return threads.parts(units, 1 + PRODUCTS // max(products, 1))


def split_rows(
    height: int, width: int, multiple: int, least: int, numbers_a_row: int, pixels: int = PIXELS, numbers: int = PLANES
) -> tuple[int, int]:
    """The number of bands, `least` if there are so many rows, and the rows of each, a multiple of `multiple`."""
    rows = min(numbers // max(numbers_a_row, 1), pixels // max(width, 1), -(-height // least))
    rows = max(multiple, rows // multiple * multiple)
    bands = -(-height // rows)
    rows = -(-height // bands)
    rows = -(-rows // multiple) * multiple
    return -(-height // rows), rows


def _even_rows(height: int, rows: int) -> tuple[int, int]:
    """At most `rows` rows a band, so that no band hangs over the edge."""
    rows = max(n for n in range(1, rows + 1) if height % n == 0)
    return height // rows, rows


def padded_plane(rows: int, width: int) -> tuple[int, int, int]:
    """Rows, numbers a row and in all: an odd number of cache lines, so that planes do not evict one another."""
    lines = -(-rows * width // 16)
    return rows, width, 16 * (lines | 1)


@lru_cache(256)
def forward_geometry(
    channels: int,
    size: Pair,
    kernel: Pair,
    stride: Pair,
    padding: tuple[Pair, Pair],
    dilation: Pair,
    tile: int,
    least_bands: int,
) -> Geometry:
    """Tables of a convolution whose source has `channels` channels of `size`."""
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    height, width = ((n + sum(p) - r) // s + 1 for n, p, r, s in zip(size, padding, reach, stride, strict=True))
    # Rows and columns that no tap meets are not copied.
    copied = (stride[0] if kernel[0] == 1 else 1, stride[1] if kernel[1] == 1 else 1)
    stride = (stride[0] // copied[0], stride[1] // copied[1])
    bands, rows = split_rows(height, width, 1, least_bands, channels * stride[0] * ((width - 1) * stride[1] + reach[1]))
    plane = padded_plane((rows - 1) * stride[0] + reach[0], (width - 1) * stride[1] + reach[1])
    in_place = kernel == (1, 1) and copied == (1, 1) and padding == ((0, 0), (0, 0))
    if in_place:
        plane, (bands, rows) = (height, width, height * width), _even_rows(height, rows)
    y, x = np.mgrid[:rows, :width]
    pixels = (y * stride[0] * plane[1] + x * stride[1]).ravel()
    taps = (np.arange(kernel[0])[:, None] * dilation[0] * plane[1] + np.arange(kernel[1]) * dilation[1]).ravel()
    steps = (np.arange(channels)[:, None] * plane[2] + taps).ravel()
    padded = np.append(pixels, np.zeros(-len(pixels) % tile, int))
    return Geometry(
        source=(channels, *size),
        target=(height, width),
        in_place=in_place,
        bands=bands,
        band_rows=rows,
        first=(-padding[0][0], -padding[1][0]),
        row_step=rows * stride[0] * copied[0],
        stride=copied,
        plane=plane,
        phases=np.array([[0, len(padded), 0, len(steps)]]),
        pixel_offsets=padded,
        pixel_places=np.arange(len(pixels)),
        step_offsets=steps,
        weight_offsets=np.arange(len(steps)),
        weight_step=len(steps),
        tap_steps=np.zeros((0, 2), int),
    )


@lru_cache(256)
def backward_geometry(
    channels: int,
    out_channels: int,
    size: Pair,
    grad_size: Pair,
    kernel: Pair,
    stride: Pair,
    padding: tuple[Pair, Pair],
    dilation: Pair,
    tile: int,
    least_bands: int,
) -> Geometry:
    """Tables of an input gradient: source is the gradient of `out_channels` channels, the result has `size`."""
    # Input row i receives from output row (i + padding - tap * dilation) / stride where that is whole.
    lowest = [(p[0] - d * (k - 1)) // s for p, k, d, s in zip(padding, kernel, dilation, stride, strict=True)]
    highest = [(s - 1 + p[0]) // s for p, s in zip(padding, stride, strict=True)]
    width_in_strides = -(-size[1] // stride[1])
    plane_width = width_in_strides + highest[1] - lowest[1]
    bands, rows = split_rows(size[0], size[1], stride[0], least_bands, -(-out_channels * plane_width // stride[0]))
    plane = padded_plane(rows // stride[0] + highest[0] - lowest[0], plane_width)
    in_place = kernel == stride == (1, 1) and padding == ((0, 0), (0, 0))
    if in_place:
        plane, (bands, rows) = (*size, size[0] * size[1]), _even_rows(size[0], rows)
    pixels, places, steps, weights, phases = [], np.zeros((rows, size[1]), int), [], [], []
    pixel_count = step_count = 0
    tap_steps = np.full((kernel[0] * kernel[1], 2), -1)
    for phase_y in range(stride[0]):
        for phase_x in range(stride[1]):
            y, x = np.mgrid[phase_y : rows : stride[0], phase_x : size[1] : stride[1]]
            offsets = (y // stride[0] * plane[1] + x // stride[1]).ravel()
            places[y, x] = pixel_count + np.arange(offsets.size).reshape(y.shape)
            offsets = np.append(offsets, np.zeros(-len(offsets) % tile, int))
            taps = [
                (
                    (top // stride[0] - lowest[0]) * plane[1] + left // stride[1] - lowest[1],
                    tap_y * kernel[1] + tap_x,
                )
                for tap_y in range(kernel[0])
                for tap_x in range(kernel[1])
                if (top := phase_y + padding[0][0] - tap_y * dilation[0]) % stride[0] == 0
                and (left := phase_x + padding[1][0] - tap_x * dilation[1]) % stride[1] == 0
            ]
            moves, numbers = np.array(taps, int).reshape(-1, 2).T
            tap_steps[numbers] = np.array([step_count + np.arange(len(taps)), np.full(len(taps), len(taps))]).T
            channel = np.arange(out_channels)[:, None]
            steps.append((channel * plane[2] + moves).ravel())
            weights.append((channel * channels * kernel[0] * kernel[1] + numbers).ravel())
            pixels.append(offsets)
            phases.append([pixel_count, pixel_count + len(offsets), step_count, step_count + len(steps[-1])])
            pixel_count, step_count = phases[-1][1], phases[-1][3]
    return Geometry(
        source=(out_channels, *grad_size),
        target=size,
        in_place=in_place,
        bands=bands,
        band_rows=rows,
        first=(lowest[0], lowest[1]),
        row_step=rows // stride[0],
        stride=(1, 1),
        plane=plane,
        phases=np.array(phases),
        pixel_offsets=np.concatenate(pixels),
        pixel_places=places.ravel(),
        step_offsets=np.concatenate(steps),
        weight_offsets=np.concatenate(weights),
        weight_step=kernel[0] * kernel[1],
        tap_steps=tap_steps,
    )

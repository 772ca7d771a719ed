"""Convolution and its two gradients: the choice of the kernel by shape.

=====================  ==================================================================================
`depthwise`            one channel to a group, rows one below the other: the rows roll through registers
`winograd`             3x3 kernels, stride 1, many channels: 2.25 times fewer multiplications
`pixel_lanes`          few channels of the result: vectors of neighbouring pixels
`channel_lanes`        all else: vectors of output channels
`windows`              NumPy: three axes, mixed dtypes, empty arrays, ``NUMBA_DISABLE_JIT=1``
=====================  ==================================================================================

All functions take arrays (N, C, *size), weights (O, C / groups, *kernel), `stride` and `dilation` with a number for
each axis of `size` and `padding` with a pair (before, after) for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import config

from autograd import threads
from autograd.kernels import channel_lanes, depthwise, pixel_lanes, windows, winograd
from autograd.kernels.geometry import Pair, backward_geometry, forward_geometry
from autograd.kernels.vectors import VECTOR_BYTES
from autograd.kernels.windows import Padding, Sizes

FEW_CHANNELS = 12  # up to which vectors of channels would be too empty
FEW_STEPS = 64  # products to a result up to which it is not worth transposing the result
WINOGRAD_CHANNELS = 24


@dataclass(frozen=True)
class _Problem:
    """A convolution over two axes; with one axis, the other one has size 1."""

    groups: int
    channels: int
    """Channels of the source and of the result, of one group."""
    out_channels: int
    size: Pair
    kernel: Pair
    stride: Pair
    padding: tuple[Pair, Pair]
    dilation: Pair
    lanes: int
    least_bands: int
    """Parts of an image that there must be to give every thread work."""

    @property
    def out(self) -> Pair:
        """Height and width of the result."""
        height, width = (
            (n + sum(p) - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(self.size, self.kernel, self.stride, self.padding, self.dilation, strict=True)
        )
        return height, width

    @property
    def suits_winograd(self) -> bool:
        return (
            self.kernel == (3, 3)
            and self.stride == (1, 1)
            and self.groups == 1
            and min(self.channels, self.out_channels) >= WINOGRAD_CHANNELS
        )

    def rows(self, overlap: bool) -> pixel_lanes.Rows:
        first = (-self.padding[0][0], -self.padding[1][0])
        return pixel_lanes.rows_of(
            self.channels, self.size, self.out, self.kernel, self.stride, first, self.dilation, self.lanes, overlap,
            self.least_bands,
        )  # fmt: skip

    def geometry(self, tile: int) -> Any:
        return forward_geometry(
            self.channels, self.size, self.kernel, self.stride, self.padding, self.dilation, tile, self.least_bands
        )  # fmt: skip


def _problem(
    x_shape: Sizes, weight_shape: Sizes, stride: Sizes, padding: Padding, dilation: Sizes, groups: int, *arrays: Any
) -> _Problem | None:
    """Describe the problem, or return None where NumPy has to do it."""
    dtype: Any = arrays[0].dtype
    if (
        config.DISABLE_JIT  # pyright: ignore[reportAttributeAccessIssue]
        or len(weight_shape) not in (3, 4)
        or dtype not in (np.float32, np.float64)
        or any(a is not None and (a.dtype != dtype or not a.size) for a in arrays)
        or not np.prod(x_shape)
        or not np.prod(weight_shape)
    ):
        return None
    one = len(weight_shape) == 3
    height, width = ((1,) if one else ()) + tuple(x_shape[2:])
    down, across = ((1,) if one else ()) + tuple(weight_shape[2:])
    return _Problem(
        groups=groups,
        channels=weight_shape[1],
        out_channels=weight_shape[0] // groups,
        size=(height, width),
        kernel=(down, across),
        stride=(1, stride[0]) if one else (stride[0], stride[1]),
        padding=((0, 0), padding[0]) if one else (padding[0], padding[1]),
        dilation=(1, dilation[0]) if one else (dilation[0], dilation[1]),
        lanes=VECTOR_BYTES // np.dtype(dtype).itemsize,
        least_bands=-(-threads.get_num_threads() // (x_shape[0] * groups)),
    )


def _rows_can_roll(channels: int, out_channels: int, kernel: Pair, stride: Pair, dilation: Pair, room: bool) -> bool:
    """Whether `depthwise` fits: one channel to a group, and taps one below the other meet rows one below the other."""
    return (
        room
        and channels == out_channels == 1
        and stride[0] == 1
        and (dilation[0] == 1 or kernel[0] == 1)
        and max(kernel) <= 5
    )


def convolution(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> np.ndarray:
    """Convolve, as `windows.convolution`.

    Parameters
    ----------
    x
        The source, (N, C, *size), float32 or float64; one, two or three axes after the channels.
    weight
        (O, C / groups, *kernel).
    bias
        (O,), or None.
    stride, dilation
        One number for each axis of `size`.
    padding
        One pair for each axis: how many zeros come before and after.
    groups
        Into how many groups the channels are divided.

    Returns
    -------
    numpy.ndarray
        (N, O, *output), a new C-contiguous array.

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.arange(5.0).reshape(1, 1, 5), np.ones((1, 1, 3))
    >>> convolution(x, weight, None, (1,), ((0, 0),), (1,), 1)
    array([[[3., 6., 9.]]])
    """
    p = _problem(x.shape, weight.shape, stride, padding, dilation, groups, x, weight, bias)
    if p is None:
        return windows.convolution(x, weight, bias, stride, padding, dilation, groups)
    x, weight = np.ascontiguousarray(x).reshape(*x.shape[:2], *p.size), np.ascontiguousarray(weight)
    steps = p.channels * p.kernel[0] * p.kernel[1]
    if p.suits_winograd:
        y = winograd.convolve(x, weight, bias, p.padding, p.dilation, p.out_channels)
    elif p.out_channels > FEW_CHANNELS and steps > FEW_STEPS:
        y = channel_lanes.convolve(
            x, weight, bias, p.geometry(channel_lanes.tile_rows(p.out_channels, p.lanes)), p.out_channels, groups
        )
    elif _rows_can_roll(p.channels, p.out_channels, p.kernel, p.stride, p.dilation, p.out[1] >= p.lanes):
        y = depthwise.convolve(x, weight.reshape(groups, 1, *p.kernel), bias, p.rows(True))
    else:
        y = pixel_lanes.convolve(x, weight.reshape(groups, p.out_channels, steps), bias, p.rows(True), (1, 1), p.out)
    return y.reshape(len(x), -1, *p.out[4 - weight.ndim :])


def input_gradient(
    g: np.ndarray,
    weight: np.ndarray,
    input_shape: Sizes,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> np.ndarray:
    """Return the gradient of a convolution's input, of `input_shape`, from that of its result, ``g``.

    The parameters are those of `convolution`.
    """
    p = _problem(input_shape, weight.shape, stride, padding, dilation, groups, g, weight)
    if p is None:
        return windows.input_gradient(g, weight, input_shape, stride, padding, dilation, groups)
    g, weight = np.ascontiguousarray(g).reshape(*g.shape[:2], *p.out), np.ascontiguousarray(weight)
    if p.suits_winograd:
        before_after = [(2 * d - b, 2 * d - a) for d, (b, a) in zip(p.dilation, p.padding, strict=True)]
        gx = winograd.convolve(g, weight, None, (before_after[0], before_after[1]), p.dilation, p.channels, True)
    elif p.channels > FEW_CHANNELS and p.out_channels * p.kernel[0] * p.kernel[1] > FEW_STEPS:
        tile = channel_lanes.tile_rows(p.channels, p.lanes)
        geometry = backward_geometry(
            p.channels, p.out_channels, p.size, p.out, p.kernel, p.stride, p.padding, p.dilation, tile, p.least_bands
        )
        gx = channel_lanes.convolve(g, weight, None, geometry, p.channels, groups)
    else:
        phases, taps, first, spacing = _phases(weight.reshape(*weight.shape[:2], *p.kernel), p)
        out = (-(-p.size[0] // p.stride[0]), -(-p.size[1] // p.stride[1]))
        rows = pixel_lanes.rows_of(
            p.out_channels, p.out, out, taps, (1, 1), first, spacing, p.lanes, True, p.least_bands
        )
        room = p.stride[1] == 1 and out[1] >= p.lanes
        if _rows_can_roll(p.channels, p.out_channels, taps, p.stride, spacing, room):
            gx = depthwise.convolve(g, phases.reshape(groups, 1, *taps), None, rows)
        else:
            gx = pixel_lanes.convolve(g, phases, None, rows, p.stride, p.size)
    return gx.reshape(input_shape)


def _phases(weight: np.ndarray, p: _Problem) -> tuple[np.ndarray, Pair, Pair, Pair]:
    """Turn the weights into those of a convolution of the gradient that gives each phase of the input a channel.

    The input pixels whose distance is a multiple of the stride are a phase; tap t of the kernel reaches phase f from
    the gradient's pixel (f + padding - t * dilation) / stride, where that is whole.

    Returns the weights (groups, channels * phases, out channels * taps), the number of taps, the gradient's pixel that
    the first result begins with, and the distance of the taps.
    """
    axes = list(zip(p.kernel, p.stride, p.padding, p.dilation, strict=True))
    lowest = [(pad[0] - d * (k - 1)) // s for k, s, pad, d in axes]
    highest = [(s - 1 + pad[0]) // s for k, s, pad, d in axes]
    spacing = [d if s == 1 else 1 for k, s, pad, d in axes]
    taps = [(high - low) // d + 1 for low, high, d in zip(lowest, highest, spacing, strict=True)]
    ways = [
        [
            (phase, tap, ((phase + pad[0] - tap * d) // s - low) // distance)
            for phase in range(s)
            for tap in range(k)
            if (phase + pad[0] - tap * d) % s == 0
        ]
        for (k, s, pad, d), low, distance in zip(axes, lowest, spacing, strict=True)
    ]
    grouped = weight.reshape(p.groups, p.out_channels, p.channels, *p.kernel).swapaxes(1, 2)
    result = np.zeros((p.groups, p.channels, *p.stride, p.out_channels, *taps), weight.dtype)
    for down, tap_y, y in ways[0]:
        for right, tap_x, x in ways[1]:
            result[:, :, down, right, :, y, x] = grouped[..., tap_y, tap_x]
    result = result.reshape(p.groups, p.channels * p.stride[0] * p.stride[1], -1)
    return result, (taps[0], taps[1]), (lowest[0], lowest[1]), (spacing[0], spacing[1])


def weight_gradient(
    g: np.ndarray,
    x: np.ndarray,
    kernel_shape: Sizes,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> np.ndarray:
    """Return the gradient of a convolution's weight, of `kernel_shape`, from that of its result, ``g``.

    The other parameters are those of `convolution`.  The result does not depend on the order in which threads finish.
    """
    p = _problem(x.shape, kernel_shape, stride, padding, dilation, groups, g, x)
    if p is None:
        return windows.weight_gradient(g, x, kernel_shape, stride, padding, dilation, groups)
    g, x = np.ascontiguousarray(g), np.ascontiguousarray(x).reshape(*x.shape[:2], *p.size)
    g = g.reshape(*g.shape[:2], *p.out)
    shape = (kernel_shape[0], p.channels, *p.kernel)
    if p.suits_winograd:
        gw = winograd.correlate(x, g, p.padding, p.dilation)
    elif p.out_channels > FEW_CHANNELS:
        gw = channel_lanes.correlate(x, g, p.geometry(1), shape, groups)
    elif _rows_can_roll(p.channels, p.out_channels, p.kernel, p.stride, p.dilation, p.out[1] >= p.lanes):
        gw = depthwise.correlate(x, g, p.rows(False), shape)
    else:
        gw = pixel_lanes.correlate(x, g, p.rows(False), shape, groups)
    return gw.reshape(kernel_shape)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield calls that compile what common shapes need: a name for each kernel, and a call of its three functions."""
    shapes = {  # channels, channels of the result, size, kernel, stride, groups
        "few channels": (3, 8, 20, 3, 1, 1),
        "one channel": (1, 6, 20, 5, 1, 1),
        "to one channel": (8, 1, 20, 3, 1, 1),
        "to 16 channels": (8, 16, 12, 3, 1, 1),
        "to 32 channels": (16, 32, 12, 3, 2, 1),
        "to 48 channels": (48, 48, 12, 3, 2, 1),
        "to 64 channels": (64, 64, 12, 3, 2, 1),
        "Winograd, 32 channels": (32, 32, 8, 3, 1, 1),
        "Winograd, 64 channels": (64, 64, 8, 3, 1, 1),
        "depthwise": (2, 2, 20, 3, 1, 2),
    }
    for dtype in (np.float32, np.float64):
        for name, shape in shapes.items():
            yield f"{name} {dtype.__name__}", lambda dtype=dtype, shape=shape: _example(dtype, *shape)


def _example(dtype: Any, channels: int, out_channels: int, size: int, kernel: int, stride: int, groups: int) -> None:
    x = np.ones((1, channels, size, size), dtype)
    weight = np.ones((out_channels, channels // groups, kernel, kernel), dtype)
    where = ((stride, stride), ((0, 0), (0, 0)), (1, 1), groups)
    y = convolution(x, weight, None, *where)
    input_gradient(y, weight, x.shape, *where)
    weight_gradient(y, x, weight.shape, *where)

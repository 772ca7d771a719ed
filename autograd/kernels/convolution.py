"""Convolution and its two gradients: the choice of the kernel by shape."""

from __future__ import annotations

import numpy as np
from numba import config

from autograd.kernels import channel_lanes, depthwise, pixel_lanes, windows, winograd
from autograd.kernels.geometry import backward_geometry, forward_geometry
from autograd.kernels.vectors import VECTOR_BYTES


def _compiled(kernel_shape, *arrays):
    return (
        len(kernel_shape) in (3, 4)
        and not config.DISABLE_JIT
        and all(a.dtype == arrays[0].dtype and a.dtype in (np.float32, np.float64) and a.size for a in arrays)
    )


def _plane_shape(values, filler):
    return (filler, *values) if len(values) == 1 else tuple(values)


def _lanes(x):
    return VECTOR_BYTES // x.itemsize


def _winograd(kernel, stride, groups, channels, out_channels):
    return kernel == (3, 3) and stride == (1, 1) and groups == 1 and min(channels, out_channels) >= 24


def _shallow(channels, steps):
    """Whether vectors of pixels do better than vectors of output channels."""
    return channels <= 12 or steps <= 64


def _rolling(channels, out_channels, kernel, stride, dilation, width, lanes):
    """Whether rows can roll: depthwise, and the taps of neighbouring rows meet neighbouring rows."""
    return (
        channels == out_channels == 1
        and stride[0] == 1
        and (dilation[0] == 1 or kernel[0] == 1)
        and max(kernel) <= 5
        and width >= lanes
    )


def _output_size(size, kernel, stride, padding, dilation):
    return tuple(
        (n + sum(p) - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
    )


def convolution(x, weight, bias, stride, padding, dilation, groups):
    if not _compiled(weight.shape, x, weight, *(() if bias is None else (bias,))):
        return windows.convolution(x, weight, bias, stride, padding, dilation, groups)
    size, kernel = _plane_shape(x.shape[2:], 1), _plane_shape(weight.shape[2:], 1)
    stride, padding, dilation = _plane_shape(stride, 1), _plane_shape(padding, (0, 0)), _plane_shape(dilation, 1)
    channels, out_channels = weight.shape[1], len(weight) // groups
    x, weight = np.ascontiguousarray(x), np.ascontiguousarray(weight)
    steps = channels * kernel[0] * kernel[1]
    if _winograd(kernel, stride, groups, channels, out_channels):
        y = winograd.convolve(x, weight, bias, padding, dilation, out_channels)
    elif _shallow(out_channels, steps):
        out = _output_size(size, kernel, stride, padding, dilation)
        first = (-padding[0][0], -padding[1][0])
        rows = pixel_lanes.rows_of(channels, size, out, kernel, stride, first, dilation, _lanes(x), True)
        if _rolling(channels, out_channels, kernel, stride, dilation, out[1], _lanes(x)):
            y = depthwise.convolve(x, weight.reshape(groups, 1, *kernel), bias, rows)
        else:
            y = pixel_lanes.convolve(x, weight.reshape(groups, out_channels, steps), bias, rows, (1, 1), out)
    else:
        geometry = forward_geometry(channels, size, kernel, stride, padding, dilation, 72)
        y = channel_lanes.convolve(x, weight, bias, geometry, out_channels, groups)
    return y.reshape(*y.shape[:2], *y.shape[6 - x.ndim :])


def _phase_weights(weight, stride, padding, dilation, groups):
    """The weights from the gradient to each phase of the input, the taps they have the first pixel they meet and their dilation."""
    kernel = weight.shape[2:]
    lowest = [(p[0] - d * (k - 1)) // s for p, k, d, s in zip(padding, kernel, dilation, stride, strict=True)]
    spacing = tuple(d if s == 1 else 1 for d, s in zip(dilation, stride, strict=True))  # of the taps of a phase
    highest = [(s - 1 + p[0]) // s for p, s in zip(padding, stride, strict=True)]
    sizes = tuple((h - low) // d + 1 for h, low, d in zip(highest, lowest, spacing, strict=True))
    grouped = weight.reshape(groups, -1, *weight.shape[1:]).swapaxes(1, 2)
    result = np.zeros((groups, weight.shape[1], *stride, grouped.shape[2], *sizes), weight.dtype)
    ways = [
        [
            (phase, tap, ((phase + p[0] - tap * d) // s - low) // space)
            for phase in range(s) for tap in range(k) if (phase + p[0] - tap * d) % s == 0
        ]
        for p, k, d, s, low, space in zip(padding, kernel, dilation, stride, lowest, spacing, strict=True)
    ]  # fmt: skip
    for down, tap_y, y in ways[0]:
        for right, tap_x, x in ways[1]:
            result[:, :, down, right, :, y, x] = grouped[:, :, :, tap_y, tap_x]
    return result.reshape(groups, weight.shape[1] * stride[0] * stride[1], -1), sizes, tuple(lowest), spacing


def input_gradient(g, weight, input_shape, stride, padding, dilation, groups):
    if not _compiled(weight.shape, g, weight):
        return windows.input_gradient(g, weight, input_shape, stride, padding, dilation, groups)
    size, kernel = _plane_shape(input_shape[2:], 1), _plane_shape(weight.shape[2:], 1)
    stride, padding, dilation = _plane_shape(stride, 1), _plane_shape(padding, (0, 0)), _plane_shape(dilation, 1)
    channels, out_channels = weight.shape[1], len(weight) // groups
    g, weight = np.ascontiguousarray(g), np.ascontiguousarray(weight)
    grad_size = _plane_shape(g.shape[2:], 1)
    if _winograd(kernel, stride, groups, channels, len(weight)):
        flipped = tuple((2 * d - p[0], 2 * d - p[1]) for p, d in zip(padding, dilation))
        gx = winograd.convolve(g, weight, None, flipped, dilation, channels, True)
    elif _shallow(channels, out_channels * kernel[0] * kernel[1]):
        planar = weight.reshape(*weight.shape[:2], *kernel)
        spread, taps, first, spacing = _phase_weights(planar, stride, padding, dilation, groups)
        out = tuple(-(-n // s) for n, s in zip(size, stride, strict=True))
        rows = pixel_lanes.rows_of(out_channels, grad_size, out, taps, (1, 1), first, spacing, _lanes(g), True)
        if stride[1] == 1 and _rolling(channels, out_channels, taps, stride, spacing, out[1], _lanes(g)):
            gx = depthwise.convolve(g, spread.reshape(groups, 1, *taps), None, rows)
        else:
            gx = pixel_lanes.convolve(g, spread, None, rows, stride, size)
    else:
        geometry = backward_geometry(channels, out_channels, size, grad_size, kernel, stride, padding, dilation, 72)
        gx = channel_lanes.convolve(g, weight, None, geometry, channels, groups)
    return gx.reshape(input_shape)


def weight_gradient(g, x, kernel_shape, stride, padding, dilation, groups):
    if not _compiled(kernel_shape, g, x):
        return windows.weight_gradient(g, x, kernel_shape, stride, padding, dilation, groups)
    size, kernel = _plane_shape(x.shape[2:], 1), _plane_shape(kernel_shape[2:], 1)
    stride, padding, dilation = _plane_shape(stride, 1), _plane_shape(padding, (0, 0)), _plane_shape(dilation, 1)
    channels, out_channels = kernel_shape[1], kernel_shape[0] // groups
    g, x = np.ascontiguousarray(g), np.ascontiguousarray(x)
    if _winograd(kernel, stride, groups, channels, out_channels):
        return winograd.correlate(x, g, padding, dilation)
    if out_channels <= 12:
        out = _output_size(size, kernel, stride, padding, dilation)
        first = (-padding[0][0], -padding[1][0])
        rows = pixel_lanes.rows_of(channels, size, out, kernel, stride, first, dilation, _lanes(x), False)
        if _rolling(channels, out_channels, kernel, stride, dilation, out[1], _lanes(x)):
            weight_shape = (groups, 1, *kernel)
            return depthwise.correlate(x, g, rows, weight_shape).reshape(kernel_shape)
        return pixel_lanes.correlate(x, g, rows, tuple(kernel_shape), groups)
    geometry = forward_geometry(channels, size, kernel, stride, padding, dilation, 72)
    return channel_lanes.correlate(x, g, geometry, tuple(kernel_shape), groups)

"""Convolution and its two gradients: the choice of the kernel by shape."""

from __future__ import annotations

import numpy as np
from numba import config

from autograd.kernels import channel_lanes, windows, winograd
from autograd.kernels.geometry import backward_geometry, forward_geometry


def _compiled(kernel_shape, *arrays):
    return (
        len(kernel_shape) in (3, 4)
        and not config.DISABLE_JIT
        and all(a.dtype == arrays[0].dtype and a.dtype in (np.float32, np.float64) and a.size for a in arrays)
    )


def _plane_shape(values, filler):
    return (filler, *values) if len(values) == 1 else tuple(values)


def _winograd(kernel, stride, groups, channels, out_channels):
    return kernel == (3, 3) and stride == (1, 1) and groups == 1 and min(channels, out_channels) >= 24


def convolution(x, weight, bias, stride, padding, dilation, groups):
    if not _compiled(weight.shape, x, weight, *(() if bias is None else (bias,))):
        return windows.convolution(x, weight, bias, stride, padding, dilation, groups)
    size, kernel = _plane_shape(x.shape[2:], 1), _plane_shape(weight.shape[2:], 1)
    if _winograd(kernel, stride, groups, weight.shape[1], len(weight)):
        steps = 9 * weight.shape[1]
        return winograd.convolve(
            np.ascontiguousarray(x), np.ascontiguousarray(weight), bias, padding, dilation, np.arange(steps), steps,
            len(weight),
        )
    geometry = forward_geometry(
        weight.shape[1], size, kernel, _plane_shape(stride, 1), _plane_shape(padding, (0, 0)),
        _plane_shape(dilation, 1), 72,
    )
    y = channel_lanes.convolve(
        np.ascontiguousarray(x), np.ascontiguousarray(weight), bias, geometry, len(weight) // groups, groups
    )
    return y.reshape(*y.shape[:2], *y.shape[4 - (x.ndim - 2) :])


def input_gradient(g, weight, input_shape, stride, padding, dilation, groups):
    if not _compiled(weight.shape, g, weight):
        return windows.input_gradient(g, weight, input_shape, stride, padding, dilation, groups)
    size, kernel = _plane_shape(input_shape[2:], 1), _plane_shape(weight.shape[2:], 1)
    channels = weight.shape[1]
    if _winograd(kernel, stride, groups, channels, len(weight)):
        flipped = tuple((2 * d - p[0], 2 * d - p[1]) for p, d in zip(padding, dilation))
        offsets = (np.arange(len(weight))[:, None] * channels * 9 + np.arange(8, -1, -1)).ravel()
        return winograd.convolve(
            np.ascontiguousarray(g), np.ascontiguousarray(weight), None, flipped, dilation, offsets, 9, channels
        )
    geometry = backward_geometry(
        channels, len(weight) // groups, size, _plane_shape(g.shape[2:], 1), kernel, _plane_shape(stride, 1),
        _plane_shape(padding, (0, 0)), _plane_shape(dilation, 1), 72,
    )
    gx = channel_lanes.convolve(
        np.ascontiguousarray(g), np.ascontiguousarray(weight), None, geometry, channels, groups
    )
    return gx.reshape(input_shape)


def weight_gradient(g, x, kernel_shape, stride, padding, dilation, groups):
    if not _compiled(kernel_shape, g, x):
        return windows.weight_gradient(g, x, kernel_shape, stride, padding, dilation, groups)
    size, kernel = _plane_shape(x.shape[2:], 1), _plane_shape(kernel_shape[2:], 1)
    if _winograd(kernel, stride, groups, kernel_shape[1], kernel_shape[0]):
        return winograd.correlate(np.ascontiguousarray(x), np.ascontiguousarray(g), padding, dilation)
    geometry = forward_geometry(
        kernel_shape[1], size, kernel, _plane_shape(stride, 1), _plane_shape(padding, (0, 0)),
        _plane_shape(dilation, 1), 72,
    )
    return channel_lanes.correlate(
        np.ascontiguousarray(x), np.ascontiguousarray(g), geometry, tuple(kernel_shape), groups
    )

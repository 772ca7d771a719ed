"""Convolution in NumPy, by views of windows: for small work, any number of axes, and to check the kernels by."""

from __future__ import annotations

from itertools import product

import numpy as np

Sizes = tuple[int, ...]
Padding = tuple[tuple[int, int], ...]


def _pad(x: np.ndarray, padding: Padding) -> np.ndarray:
    return np.pad(x, ((0, 0), (0, 0), *padding)) if any(map(any, padding)) else x


def _windows(x: np.ndarray, kernel: Sizes, stride: Sizes, dilation: Sizes) -> np.ndarray:
    """A view (N, C, *output, *kernel) of a padded ``x`` (N, C, *size)."""
    axes = tuple(range(2, x.ndim))
    reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axes)
    return view[(..., *(slice(None, None, s) for s in stride), *(slice(None, None, d) for d in dilation))]


def convolution(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> np.ndarray:
    """Convolve ``x`` (N, C, *size) with ``weight`` (O, C / groups, *kernel): (N, O, *output)."""
    windows = _windows(_pad(x, padding), weight.shape[2:], stride, dilation)
    rank = len(stride)
    parts = [
        np.tensordot(w, v, ((1, *range(2, 2 + rank)), (1, *range(2 + rank, 2 + 2 * rank)))).swapaxes(0, 1)
        for w, v in zip(np.split(weight, groups), np.split(windows, groups, 1), strict=True)
    ]
    y = np.ascontiguousarray(np.concatenate(parts, 1))
    return y if bias is None else y + bias.reshape(-1, *[1] * rank)


def input_gradient(
    g: np.ndarray,
    weight: np.ndarray,
    input_shape: Sizes,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> np.ndarray:
    """The gradient of the input, ``g`` (N, O, *output) sent back through every tap of the kernel."""
    size = [n + sum(p) for n, p in zip(input_shape[2:], padding, strict=True)]
    gx = np.zeros((*input_shape[:2], *size), np.result_type(g, weight))
    channels = weight.shape[1]
    for group, (w, part) in enumerate(zip(np.split(weight, groups), np.split(g, groups, 1), strict=True)):
        target = gx[:, group * channels : (group + 1) * channels]
        for tap in product(*map(range, weight.shape[2:])):
            met = tuple(
                slice(t * d, t * d + s * (n - 1) + 1, s)
                for t, d, s, n in zip(tap, dilation, stride, g.shape[2:], strict=True)
            )
            if g.size:
                target[(..., *met)] += np.tensordot(w[(..., *tap)], part, (0, 1)).swapaxes(0, 1)
    inside = tuple(slice(p[0], p[0] + n) for n, p in zip(input_shape[2:], padding, strict=True))
    return np.ascontiguousarray(gx[(..., *inside)])


def weight_gradient(
    g: np.ndarray,
    x: np.ndarray,
    kernel_shape: Sizes,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> np.ndarray:
    """The gradient of the weight: ``g`` (N, O, *output) times the windows it met, summed over images and pixels."""
    rank = len(stride)
    # The taps change places with the output: a window of the gradient's size, dilated by the stride.
    windows = _windows(_pad(x, padding), kernel_shape[2:], stride, dilation)
    met = (0, *range(2, 2 + rank))
    parts = [
        np.tensordot(part, v, (met, met))
        for part, v in zip(np.split(g, groups, 1), np.split(windows, groups, 1), strict=True)
    ]
    return np.ascontiguousarray(np.concatenate(parts))


def unfold(x: np.ndarray, kernel: Sizes, stride: Sizes, padding: Padding, dilation: Sizes) -> np.ndarray:
    """The windows of ``x`` (N, C, H, W) as columns: (N, C * taps, output pixels)."""
    windows = _windows(_pad(x, padding), kernel, stride, dilation)
    rank = len(kernel)
    columns = windows.transpose(0, 1, *range(2 + rank, 2 + 2 * rank), *range(2, 2 + rank))
    return columns.reshape(len(x), x.shape[1] * int(np.prod(kernel)), -1)


def fold(
    columns: np.ndarray, output_size: Sizes, kernel: Sizes, stride: Sizes, padding: Padding, dilation: Sizes
) -> np.ndarray:
    """Add columns (N, C * taps, pixels) up where they came from: (N, C, *output_size), the adjoint of `unfold`."""
    size = [n + sum(p) for n, p in zip(output_size, padding, strict=True)]
    counts = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(size, kernel, stride, dilation, strict=True)]
    channels = columns.shape[1] // int(np.prod(kernel))
    windows = columns.reshape(len(columns), channels, *kernel, *counts)
    x = np.zeros((len(columns), channels, *size), columns.dtype)
    for tap in product(*map(range, kernel)):
        met = tuple(
            slice(t * d, t * d + s * (n - 1) + 1, s) for t, d, s, n in zip(tap, dilation, stride, counts, strict=True)
        )
        x[(..., *met)] += windows[(slice(None), slice(None), *tap)]
    return np.ascontiguousarray(x[(..., *(slice(p[0], p[0] + n) for n, p in zip(output_size, padding, strict=True)))])

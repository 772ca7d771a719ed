"""Normalisation over the last dimensions: layer norm, RMS norm, group norm, and their gradients.

With n elements in a row, mean m = Σ x / n, variance v = Σ (x - m)² / n, r = 1 / √(v + ε), x̂ = (x - m) r:

- y = x̂ w + b, and with ĝ = ȳ w: x̄ = r (ĝ - Σ ĝ / n - x̂ Σ ĝ x̂ / n);
- w̄ = Σ ȳ x̂ and b̄ = Σ ȳ over the rows;
- RMS norm: the same with m = 0 and without the term Σ ĝ / n;
- group norm: a row holds several channels, and w and b have one entry per channel.

Loop order: row -> element, three passes over a row that stays in the cache.  The variance takes a pass
of its own, because Σ x² - n m² loses its digits when the mean is large.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.small import contiguous, small
from autograd.kernels.sums import total, total_of_squares, totals_with_gradient, weighted_totals

Array = npt.NDArray[Any]

GRAIN = 16384  # elements a thread must get: about 10 µs of work, more than waking it costs
ROWS = 64  # so many rows are added in the arrays' own precision, then to a float64 total


@kernel
def _rows(
    part: int,
    start: int,
    stop: int,
    x: Any,
    weight: Any,
    bias: Any,
    eps: float,
    centred: bool,
    out: Any,
    mean: Any,
    rstd: Any,
) -> None:
    kind = x.dtype.type
    for r in range(start, stop):
        row, result = x[r], out[r]
        m = kind(total(row) / len(row) if centred else 0.0)
        s = kind(1 / np.sqrt(total_of_squares(row, m) / len(row) + eps))
        mean[r], rstd[r] = m, s
        for i in range(len(row)):
            result[i] = (row[i] - m) * s * weight[i] + bias[i]


@kernel
def _rows_gradient(
    part: int,
    start: int,
    stop: int,
    g: Any,
    x: Any,
    mean: Any,
    rstd: Any,
    weight: Any,
    centred: bool,
    gx: Any,
    gweight: Any,
    gbias: Any,
) -> None:
    kind = x.dtype.type
    of_weight, of_bias = np.zeros(x.shape[1], x.dtype), np.zeros(x.shape[1], x.dtype)
    all_weight, all_bias = gweight[part], gbias[part]
    for r in range(start, stop):
        upstream, row, result, m, s = g[r], x[r], gx[r], mean[r], rstd[r]
        first, second = weighted_totals(upstream, row, m, s, weight)
        shift = kind(first / len(row) if centred else 0.0)
        slope = kind(second / len(row))
        for i in range(len(row)):
            normalised = (row[i] - m) * s
            result[i] = s * (upstream[i] * weight[i] - shift - normalised * slope)
            of_weight[i] += upstream[i] * normalised
            of_bias[i] += upstream[i]
        if (r - start) % ROWS == ROWS - 1 or r == stop - 1:
            for i in range(len(of_bias)):
                all_weight[i] += of_weight[i]
                all_bias[i] += of_bias[i]
                of_weight[i] = 0
                of_bias[i] = 0


@kernel
def _groups(
    part: int, start: int, stop: int, x: Any, weight: Any, bias: Any, eps: float, out: Any, mean: Any, rstd: Any
) -> None:
    kind, groups, channels = x.dtype.type, x.shape[1], x.shape[2]
    for unit in range(start, stop):
        n, group = unit // groups, unit % groups
        row = x[n, group].reshape(-1)
        m = kind(total(row) / len(row))
        s = kind(1 / np.sqrt(total_of_squares(row, m) / len(row) + eps))
        mean[n, group], rstd[n, group] = m, s
        for k in range(channels):
            w, b = weight[group * channels + k], bias[group * channels + k]
            channel, result = x[n, group, k], out[n, group, k]
            for i in range(len(channel)):
                result[i] = (channel[i] - m) * s * w + b


@kernel
def _groups_gradient(
    part: int, start: int, stop: int, g: Any, x: Any, mean: Any, rstd: Any, weight: Any, gx: Any, sums: Any
) -> None:
    kind, groups, channels, size = x.dtype.type, x.shape[1], x.shape[2], x.shape[2] * x.shape[3]
    for unit in range(start, stop):
        n, group = unit // groups, unit % groups
        m, s = mean[n, group], rstd[n, group]
        first, second = 0.0, 0.0
        for k in range(channels):
            of_bias, of_weight = totals_with_gradient(g[n, group, k], x[n, group, k], m, s)
            c = group * channels + k
            sums[0, n, c], sums[1, n, c] = of_weight, of_bias
            first += weight[c] * of_bias
            second += weight[c] * of_weight
        shift, slope = kind(first / size), kind(second / size)
        for k in range(channels):
            w = weight[group * channels + k]
            upstream, channel, result = g[n, group, k], x[n, group, k], gx[n, group, k]
            for i in range(len(channel)):
                result[i] = s * (upstream[i] * w - shift - (channel[i] - m) * s * slope)


def _affine(parameter: Array | None, count: int, neutral: float, x: Array) -> Array:
    """Return a weight or bias for a kernel: neutral numbers, 1 or 0, stand for none."""
    return np.full(count, neutral, x.dtype) if parameter is None else contiguous(parameter, x.dtype)


def _sum(array: Array, axis: int | tuple[int, ...]) -> Array:
    """Return the sum; NumPy adds one by one along the first axis, so in float64."""
    return array.sum(axis, dtype=np.float64).astype(array.dtype)


def _normalise(
    x: Array, weight: Array | None, bias: Array | None, eps: float, centred: bool
) -> tuple[Array, Array, Array]:
    rows, features = x.shape
    if small(x.size):
        m = x.mean(1, keepdims=True) if centred and features else np.zeros((rows, 1), x.dtype)
        with np.errstate(all="ignore"):
            r = (1 / np.sqrt(np.square(x - m).sum(1, keepdims=True) / max(features, 1) + eps)).astype(x.dtype)
            out = (x - m) * r
            out = out if weight is None else out * weight
            return out if bias is None else out + bias, m[:, 0], r[:, 0]
    x = contiguous(x)
    out, mean, rstd = np.empty_like(x), np.empty(rows, x.dtype), np.empty(rows, x.dtype)
    intervals = threads.parts(rows, GRAIN // features + 1)
    affine = _affine(weight, features, 1, x), _affine(bias, features, 0, x)
    threads.run(_rows, intervals, x, *affine, float(eps), centred, out, mean, rstd)
    return out, mean, rstd


def _normalise_gradient(
    g: Array, x: Array, mean: Array, rstd: Array, weight: Array | None, centred: bool
) -> tuple[Array, Array, Array]:
    rows, features = x.shape
    if small(x.size):
        with np.errstate(all="ignore"):
            r = rstd[:, None]
            normalised = (x - mean[:, None]) * r
            weighted = g if weight is None else g * weight
            shift = weighted.sum(1, keepdims=True) / max(features, 1) if centred else 0
            slope = (weighted * normalised).sum(1, keepdims=True) / max(features, 1)
            return r * (weighted - shift - normalised * slope), _sum(g * normalised, 0), _sum(g, 0)
    x = contiguous(x)
    gx = np.empty_like(x)
    intervals = threads.parts(rows, GRAIN // features + 1)
    sums = np.zeros((2, len(intervals), features))
    arguments = contiguous(g, x.dtype), x, contiguous(mean), contiguous(rstd), _affine(weight, features, 1, x)
    threads.run(_rows_gradient, intervals, *arguments, centred, gx, *sums)
    gweight, gbias = (sums[:, 0] if len(intervals) == 1 else sums.sum(1)).astype(x.dtype)
    return gx, gweight, gbias


def layer_norm(
    x: Array, weight: Array | None = None, bias: Array | None = None, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Return rows with mean 0 and variance 1, times `weight`, plus `bias`.

    Parameters
    ----------
    x : array of float32 or float64, shape (rows, features)
    weight, bias : arrays, shape (features,), optional
    eps : float
        Added to the variance.

    Returns
    -------
    out : array, shape (rows, features)
    mean, rstd : arrays, shape (rows,)
        The means and 1 / √(variance + eps), which the gradient needs.

    Examples
    --------
    >>> out, mean, rstd = layer_norm(np.array([[1.0, 3.0]]), eps=0.0)
    >>> out, mean, rstd
    (array([[-1.,  1.]]), array([2.]), array([1.]))
    """
    return _normalise(x, weight, bias, eps, True)


def layer_norm_gradient(
    g: Array, x: Array, mean: Array, rstd: Array, weight: Array | None = None
) -> tuple[Array, Array, Array]:
    """Return what the input, the weight and the bias of `layer_norm` receive when its result receives `g`.

    Parameters
    ----------
    g, x : arrays, shape (rows, features)
    mean, rstd : arrays, shape (rows,)
    weight : array, shape (features,), optional
    """
    return _normalise_gradient(g, x, mean, rstd, weight, True)


def rms_norm(x: Array, weight: Array | None = None, eps: float = 1e-5) -> tuple[Array, Array]:
    """Return rows with mean square 1, times `weight`.

    Parameters
    ----------
    x : array of float32 or float64, shape (rows, features)
    weight : array, shape (features,), optional
    eps : float
        Added to the mean square.

    Returns
    -------
    out : array, shape (rows, features)
    rstd : array, shape (rows,)
        1 / √(mean square + eps), which the gradient needs.
    """
    out, _, rstd = _normalise(x, weight, None, eps, False)
    return out, rstd


def rms_norm_gradient(g: Array, x: Array, rstd: Array, weight: Array | None = None) -> tuple[Array, Array]:
    """Return what the input and the weight of `rms_norm` receive when its result receives `g`.

    Parameters
    ----------
    g, x : arrays, shape (rows, features)
    rstd : array, shape (rows,)
    weight : array, shape (features,), optional
    """
    gx, gweight, _ = _normalise_gradient(g, x, np.zeros_like(rstd), rstd, weight, False)
    return gx, gweight


def group_norm(
    x: Array, weight: Array | None = None, bias: Array | None = None, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Return groups of channels with mean 0 and variance 1, with a weight and a bias per channel.

    One group for all channels is layer norm over them, one channel per group is instance norm.

    Parameters
    ----------
    x : array of float32 or float64, shape (N, groups, channels of a group, L)
    weight, bias : arrays, shape (channels,), optional
    eps : float
        Added to the variance.

    Returns
    -------
    out : array, the shape of `x`
    mean, rstd : arrays, shape (N, groups)
    """
    count, groups, channels, length = x.shape
    if small(x.size):
        rows, mean, rstd = layer_norm(x.reshape(count * groups, channels * length), eps=eps)
        out = rows.reshape(x.shape)
        out = out if weight is None else out * weight.reshape(groups, channels, 1)
        out = out if bias is None else out + bias.reshape(groups, channels, 1)
        return out, mean.reshape(count, groups), rstd.reshape(count, groups)
    x = contiguous(x)
    out, mean, rstd = np.empty_like(x), np.empty((count, groups), x.dtype), np.empty((count, groups), x.dtype)
    intervals = threads.parts(count * groups, GRAIN // (channels * length) + 1)
    affine = _affine(weight, groups * channels, 1, x), _affine(bias, groups * channels, 0, x)
    threads.run(_groups, intervals, x, *affine, float(eps), out, mean, rstd)
    return out, mean, rstd


def group_norm_gradient(
    g: Array, x: Array, mean: Array, rstd: Array, weight: Array | None = None
) -> tuple[Array, Array, Array]:
    """Return what the input, the weight and the bias of `group_norm` receive when its result receives `g`.

    Parameters
    ----------
    g, x : arrays, shape (N, groups, channels of a group, L)
    mean, rstd : arrays, shape (N, groups)
    weight : array, shape (channels,), optional
    """
    count, groups, channels, length = x.shape
    if small(x.size):
        shape = (count * groups, channels * length)
        weighted = g if weight is None else g * weight.reshape(groups, channels, 1)
        gx, _, _ = layer_norm_gradient(weighted.reshape(shape), x.reshape(shape), mean.reshape(-1), rstd.reshape(-1))
        with np.errstate(all="ignore"):
            normalised = (x - mean[:, :, None, None]) * rstd[:, :, None, None]
            return gx.reshape(x.shape), _sum(g * normalised, (0, 3)).reshape(-1), _sum(g, (0, 3)).reshape(-1)
    x = contiguous(x)
    gx, sums = np.empty_like(x), np.empty((2, count, groups * channels))
    intervals = threads.parts(count * groups, GRAIN // (channels * length) + 1)
    filled = _affine(weight, groups * channels, 1, x)
    arguments = contiguous(g, x.dtype), x, contiguous(mean), contiguous(rstd), filled
    threads.run(_groups_gradient, intervals, *arguments, gx, sums)
    gweight, gbias = sums.sum(1).astype(x.dtype)
    return gx, gweight, gbias


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        x, row = np.ones((2, 2), dtype), np.ones(2, dtype)
        x4, row2, sums = x.reshape(1, 2, 2, 1), x[:1].copy(), np.zeros((1, 2))
        calls = {
            "layer_norm": (_rows, x, row, row, 1e-5, True, x.copy(), row, row),
            "layer_norm_gradient": (_rows_gradient, x, x, row, row, row, True, x.copy(), sums, sums),
            "group_norm": (_groups, x4, row, row, 1e-5, x4.copy(), row2, row2),
            "group_norm_gradient": (_groups_gradient, x4, x4, row2, row2, row, x4.copy(), np.zeros((2, 1, 4))),
        }
        for name, (compiled, *arguments) in calls.items():
            yield f"{name} {dtype.__name__}", lambda run=compiled, arguments=arguments: run(0, 0, 1, *arguments)

"""Batch normalisation of channels, in training and with given statistics, and the gradients.

For channel c with M = N L elements, mean m, variance v (over M), r = 1 / √(v + ε) and x̂ = (x - m) r:

- y = x̂ w + b;
- w̄ = Σ ȳ x̂, b̄ = Σ ȳ;
- in training m and v depend on x: x̄ = w r (ȳ - b̄ / M - x̂ w̄ / M);
- with given m and v: x̄ = w r ȳ.

Loop order: channel -> sample -> position; the passes over a channel (mean, variance, result) find it in the
second-level cache.  With one position a channel (L = 1) the channels are neighbours instead: block of
channels -> sample -> channel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.small import contiguous, small
from autograd.kernels.sums import total, total_of_squares, totals_with_gradient

Array = npt.NDArray[Any]

BLOCK = 256  # channels that are neighbours and go together
GRAIN = 16384  # elements a thread must get: about 10 µs of work, more than waking it costs


@kernel
def _channels(
    part: int,
    start: int,
    stop: int,
    x: Any,
    weight: Any,
    bias: Any,
    eps: float,
    training: bool,
    out: Any,
    mean: Any,
    variance: Any,
    rstd: Any,
) -> None:
    kind, samples, count = x.dtype.type, x.shape[0], x.shape[0] * x.shape[2]
    for c in range(start, stop):
        if training:
            result = 0.0
            for n in range(samples):
                result += total(x[n, c])
            mean[c] = kind(result / count)
            result = 0.0
            for n in range(samples):
                result += total_of_squares(x[n, c], mean[c])
            variance[c] = kind(result / count)
        rstd[c] = kind(1 / np.sqrt(variance[c] + eps))
        m, scale = mean[c], rstd[c] * (weight[c] if len(weight) else kind(1))
        shift = bias[c] if len(bias) else kind(0)
        for n in range(samples):
            row, y = x[n, c], out[n, c]
            for i in range(len(row)):
                y[i] = (row[i] - m) * scale + shift


@kernel
def _channels_gradient(
    part: int,
    start: int,
    stop: int,
    g: Any,
    x: Any,
    mean: Any,
    rstd: Any,
    weight: Any,
    training: bool,
    gx: Any,
    gweight: Any,
    gbias: Any,
) -> None:
    kind, samples, count = x.dtype.type, x.shape[0], x.shape[0] * x.shape[2]
    for c in range(start, stop):
        of_weight, of_bias = 0.0, 0.0
        for n in range(samples):
            first, second = totals_with_gradient(g[n, c], x[n, c], mean[c], rstd[c])
            of_bias += first
            of_weight += second
        gweight[c], gbias[c] = kind(of_weight), kind(of_bias)
        scale = rstd[c] * (weight[c] if len(weight) else kind(1))
        # x̄ = scale ȳ + slope (x - m) + shift
        slope = kind(-scale * rstd[c] * of_weight / count if training else 0.0)
        shift = kind(-scale * of_bias / count if training else 0.0)
        m = mean[c]
        for n in range(samples):
            upstream, row, result = g[n, c], x[n, c], gx[n, c]
            if training:
                for i in range(len(row)):
                    result[i] = scale * upstream[i] + slope * (row[i] - m) + shift
            else:
                for i in range(len(row)):
                    result[i] = scale * upstream[i]


@kernel
def _neighbours(
    part: int,
    start: int,
    stop: int,
    x: Any,
    weight: Any,
    bias: Any,
    eps: float,
    training: bool,
    out: Any,
    mean: Any,
    variance: Any,
    rstd: Any,
) -> None:
    kind, samples = x.dtype.type, x.shape[0]
    sums = np.empty(BLOCK)
    scale, shift = np.ones(BLOCK, x.dtype), np.zeros(BLOCK, x.dtype)
    for block in range(start, stop):
        first = block * BLOCK
        last = min(first + BLOCK, x.shape[1])
        s, m, v, r = sums[: last - first], mean[first:last], variance[first:last], rstd[first:last]
        if training:
            s[:] = 0
            for n in range(samples):
                row = x[n, first:last]
                for c in range(len(s)):
                    s[c] += row[c]
            for c in range(len(s)):
                m[c] = kind(s[c] / samples)
                s[c] = 0
            for n in range(samples):
                row = x[n, first:last]
                for c in range(len(s)):
                    s[c] += (row[c] - m[c]) * (row[c] - m[c])
            for c in range(len(s)):
                v[c] = kind(s[c] / samples)
        for c in range(len(s)):
            r[c] = kind(1 / np.sqrt(v[c] + eps))
            scale[c] = r[c] * (weight[first + c] if len(weight) else kind(1))
            shift[c] = bias[first + c] if len(bias) else kind(0)
        for n in range(samples):
            row, y = x[n, first:last], out[n, first:last]
            for c in range(len(s)):
                y[c] = (row[c] - m[c]) * scale[c] + shift[c]


@kernel
def _neighbours_gradient(
    part: int,
    start: int,
    stop: int,
    g: Any,
    x: Any,
    mean: Any,
    rstd: Any,
    weight: Any,
    training: bool,
    gx: Any,
    gweight: Any,
    gbias: Any,
) -> None:
    kind, samples = x.dtype.type, x.shape[0]
    weight_sums, bias_sums = np.empty(BLOCK), np.empty(BLOCK)
    scale, slope, shift = np.empty(BLOCK, x.dtype), np.empty(BLOCK, x.dtype), np.empty(BLOCK, x.dtype)
    for block in range(start, stop):
        first = block * BLOCK
        last = min(first + BLOCK, x.shape[1])
        of_weight, of_bias = weight_sums[: last - first], bias_sums[: last - first]
        m, r = mean[first:last], rstd[first:last]
        of_weight[:] = 0
        of_bias[:] = 0
        for n in range(samples):
            upstream, row = g[n, first:last], x[n, first:last]
            for c in range(len(m)):
                of_bias[c] += upstream[c]
                of_weight[c] += upstream[c] * (row[c] - m[c])
        for c in range(len(m)):
            of_weight[c] *= r[c]
            gweight[first + c], gbias[first + c] = kind(of_weight[c]), kind(of_bias[c])
            scale[c] = r[c] * (weight[first + c] if len(weight) else kind(1))
            slope[c] = kind(-scale[c] * r[c] * of_weight[c] / samples if training else 0.0)
            shift[c] = kind(-scale[c] * of_bias[c] / samples if training else 0.0)
        for n in range(samples):
            upstream, row, result = g[n, first:last], x[n, first:last], gx[n, first:last]
            for c in range(len(m)):
                result[c] = scale[c] * upstream[c] + slope[c] * (row[c] - m[c]) + shift[c]


def _affine(parameter: Array | None, x: Array) -> Array:
    return np.empty(0, x.dtype) if parameter is None else contiguous(parameter, x.dtype)


def _column(parameter: Array | None, otherwise: float) -> Any:
    return otherwise if parameter is None else parameter[:, None]


def _launch(channels: Any, neighbours: Any, x: Array, arrays: tuple[Array, ...], arguments: tuple[Any, ...]) -> None:
    """Run the kernel that fits the layout; `arrays` have the shape of `x`, the result among `arguments` too."""
    samples, count, length = x.shape
    if length == 1:
        blocks = -(-count // BLOCK)
        flat = [a.reshape(samples, count) if isinstance(a, np.ndarray) and a.ndim == 3 else a for a in arguments]
        matrices = [array.reshape(samples, count) for array in arrays]
        threads.run(neighbours, threads.parts(blocks, GRAIN // (samples * BLOCK) + 1), *matrices, *flat)
    else:
        threads.run(channels, threads.parts(count, GRAIN // (samples * length) + 1), *arrays, *arguments)


def _forward(
    x: Array, weight: Array | None, bias: Array | None, eps: float, given: tuple[Array, Array] | None
) -> tuple[Array, Array, Array, Array]:
    if small(x.size):
        with np.errstate(all="ignore"):
            if given is None:
                count = max(x.shape[0] * x.shape[2], 1)
                mean = (x.sum((0, 2), dtype=np.float64) / count).astype(x.dtype)
                squares = np.square(x - mean[:, None])
                variance = (squares.sum((0, 2), dtype=np.float64) / count).astype(x.dtype)
            else:
                mean, variance = (statistic.astype(x.dtype, copy=False) for statistic in given)
            rstd = (1 / np.sqrt(variance + eps)).astype(x.dtype, copy=False)
            scale = rstd[:, None] * _column(weight, 1.0)
            return (x - mean[:, None]) * scale + _column(bias, 0.0), mean, variance, rstd
    x = contiguous(x)
    rstd, out = np.empty(x.shape[1], x.dtype), np.empty_like(x)
    mean, variance = (np.empty_like(rstd), np.empty_like(rstd)) if given is None else (_affine(s, x) for s in given)
    affine = _affine(weight, x), _affine(bias, x)
    _launch(_channels, _neighbours, x, (x,), (*affine, float(eps), given is None, out, mean, variance, rstd))
    return out, mean, variance, rstd


def batch_norm(
    x: Array, weight: Array | None = None, bias: Array | None = None, eps: float = 1e-5
) -> tuple[Array, Array, Array, Array]:
    """Return channels with mean 0 and variance 1 over the batch, times `weight`, plus `bias`.

    Parameters
    ----------
    x : array of float32 or float64, shape (N, C, L)
    weight, bias : arrays, shape (C,), optional
    eps : float
        Added to the variance.

    Returns
    -------
    out : array, shape (N, C, L)
    mean, variance, rstd : arrays, shape (C,)
        Statistics of the batch, the variance over N L elements, and 1 / √(variance + eps).
    """
    return _forward(x, weight, bias, eps, None)


def batch_norm_inference(
    x: Array,
    mean: Array,
    variance: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    eps: float = 1e-5,
) -> tuple[Array, Array]:
    """Return channels normalised with a given mean and variance, and 1 / √(variance + eps).

    Parameters
    ----------
    x : array of float32 or float64, shape (N, C, L)
    mean, variance : arrays, shape (C,)
    weight, bias : arrays, shape (C,), optional
    eps : float
        Added to the variance.
    """
    out, _, _, rstd = _forward(x, weight, bias, eps, (mean, variance))
    return out, rstd


def batch_norm_gradient(
    g: Array, x: Array, mean: Array, rstd: Array, weight: Array | None = None, training: bool = True
) -> tuple[Array, Array, Array]:
    """Return what the input, the weight and the bias receive when the result receives `g`.

    Parameters
    ----------
    g, x : arrays, shape (N, C, L)
    mean, rstd : arrays, shape (C,)
        As the forward pass returned them, or was given them.
    weight : array, shape (C,), optional
    training : bool
        Whether mean and variance were the batch's own.
    """
    if small(x.size):
        with np.errstate(all="ignore"):
            count = max(x.shape[0] * x.shape[2], 1)
            normalised = (x - mean[:, None]) * rstd[:, None]
            gweight = (g * normalised).sum((0, 2), dtype=np.float64).astype(x.dtype)
            gbias = g.sum((0, 2), dtype=np.float64).astype(x.dtype)
            scale = rstd[:, None] * _column(weight, 1.0)
            if training:
                return scale * (g - gbias[:, None] / count - normalised * (gweight[:, None] / count)), gweight, gbias
            return scale * g, gweight, gbias
    x, g = contiguous(x), contiguous(g, x.dtype)
    gx, gweight, gbias = np.empty_like(x), np.empty(x.shape[1], x.dtype), np.empty(x.shape[1], x.dtype)
    statistics = _affine(mean, x), _affine(rstd, x), _affine(weight, x)
    arguments = (*statistics, training, gx, gweight, gbias)
    _launch(_channels_gradient, _neighbours_gradient, x, (g, x), arguments)
    return gx, gweight, gbias


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        row = np.ones(1, dtype)
        for name, shape in (("channels", (1, 1, 1)), ("neighbours", (1, 1))):
            x = np.ones(shape, dtype)
            forward, backward = _channels, _channels_gradient
            if name == "neighbours":
                forward, backward = _neighbours, _neighbours_gradient
            calls = {
                "batch_norm": (forward, x, row, row, 1e-5, True, x.copy(), row.copy(), row.copy(), row.copy()),
                "batch_norm_gradient": (backward, x, x, row, row, row, True, x.copy(), row.copy(), row.copy()),
            }
            for what, (compiled, *arguments) in calls.items():
                yield (
                    f"{what} {name} {dtype.__name__}",
                    lambda run=compiled, arguments=arguments: run(0, 0, 1, *arguments),
                )

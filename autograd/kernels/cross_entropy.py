"""Cross-entropy of scores and class numbers, fused with the softmax, and its gradient.

For a sample with scores x, class t, class weights w, smoothing ε and C classes, with p = softmax(x):

- loss = -(1 - ε) w_t log p_t - (ε / C) Σ w_c log p_c;
- gradient x̄_c = ȳ ((1 - ε) w_t (p_c - [c = t]) + (ε / C) (p_c Σ w - w_c)).

A sample whose class is `ignore_index` has loss 0 and gradient 0.  Loop order: block of 64 samples -> sample
-> class, vectorised over the classes; the logarithms of a block are taken together, in vector lanes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.mathematics import exponential, larger, logarithm
from autograd.kernels.rules import exact, reordered
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

ROWS = 64
GRAIN = 16384  # elements a thread must get: about 10 µs of work, more than waking it costs


@reordered
def write_powers(row: Any, out: Any) -> Any:
    """Write exp(x - m) with m = max x; return m and the sum."""
    largest = row[0]
    for i in range(len(row)):
        largest = larger(row[i], largest)
    total = row.dtype.type(0)
    for i in range(len(row)):
        power = exponential(row[i] - largest)
        out[i] = power
        total += power
    return largest, total


@exact
def surprise(score: Any, largest: Any, logarithm_of_total: Any) -> Any:
    """Return -log p of a class: the parentheses keep the digits of x - m when both are large."""
    return logarithm_of_total - (score - largest)


@reordered
def smoothed(row: Any, largest: Any, logarithm_of_total: Any, weight: Any) -> Any:
    """Return -Σ w log p."""
    total = row.dtype.type(0)
    for c in range(len(row)):
        term = surprise(row[c], largest, logarithm_of_total)
        total += term * weight[c]
    return total


@kernel
def _cross_entropy(
    part: int,
    start: int,
    stop: int,
    x: Any,
    target: Any,
    weight: Any,
    ignore_index: int,
    smoothing: float,
    loss: Any,
    p: Any,
    found: Any,
) -> None:
    kind = x.dtype.type
    total, counted, bad = 0.0, 0.0, len(x)
    hard, soft = kind(1 - smoothing), kind(smoothing / x.shape[1])
    largest, totals, logarithms = np.empty(ROWS, x.dtype), np.empty(ROWS, x.dtype), np.empty(ROWS, x.dtype)
    for first in range(start, stop, ROWS):
        rows = min(ROWS, stop - first)
        for r in range(rows):
            largest[r], totals[r] = write_powers(x[first + r], p[first + r])
        for r in range(rows):
            logarithms[r] = logarithm(totals[r])
        for r in range(rows):
            sample = first + r
            probabilities = p[sample]
            for c in range(len(probabilities)):
                probabilities[c] = probabilities[c] / totals[r]
            t = target[sample]
            loss[sample] = 0
            if t == ignore_index:
                continue
            if t < 0 or t >= x.shape[1]:
                bad = min(bad, sample)
                continue
            value = hard * surprise(x[sample, t], largest[r], logarithms[r]) * weight[t]
            if smoothing > 0:
                value += soft * smoothed(x[sample], largest[r], logarithms[r], weight)
            loss[sample] = value
            total += value
            counted += weight[t]
    found[part, 0], found[part, 1], found[part, 2] = total, counted, bad


@kernel
def _cross_entropy_gradient(
    part: int,
    start: int,
    stop: int,
    g: Any,
    p: Any,
    target: Any,
    weight: Any,
    ignore_index: int,
    smoothing: float,
    gx: Any,
) -> None:
    kind = p.dtype.type
    hard, soft, weights = kind(1 - smoothing), kind(smoothing / p.shape[1]), weight.sum()
    for sample in range(start, stop):
        probabilities, result, t = p[sample], gx[sample], target[sample]
        if t == ignore_index:
            result[:] = 0
            continue
        upstream = g[sample if len(g) > 1 else 0]
        chosen, each = upstream * hard * weight[t], upstream * soft
        factor = chosen + each * weights
        for c in range(len(result)):
            result[c] = factor * probabilities[c] - each * weight[c]
        result[t] -= chosen


def _prepared(logits: Array, target: Array, weight: Array | None) -> tuple[Array, Array, Array]:
    if target.dtype.kind not in "iu":
        raise TypeError(f"cross_entropy: class numbers must be integers, got an array of {target.dtype}")
    weight = _ones(logits.shape[1], logits.dtype) if weight is None else contiguous(weight, logits.dtype)
    return contiguous(logits), contiguous(target, np.int64), weight


@lru_cache(64)
def _ones(count: int, dtype: np.dtype) -> Array:
    return np.ones(count, dtype)


def _out_of_range(target: Array, sample: int, classes: int) -> IndexError:
    return IndexError(
        f"cross_entropy: target[{sample}] is {target[sample]}, but there are {classes} classes, 0 to {classes - 1}"
    )


def cross_entropy(
    logits: Array,
    target: Array,
    weight: Array | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> tuple[Array, Array, float, float]:
    """Return the loss of each sample, the probabilities that the gradient needs, and what the mean is made of.

    Parameters
    ----------
    logits : array of float32 or float64, shape (N, C)
        Scores.
    target : array of integers, shape (N,)
        The class of each sample.
    weight : array, shape (C,), optional
        A weight for each class.
    ignore_index : int
        Samples of this class have loss 0.
    label_smoothing : float
        The share of the target that is spread over all classes.

    Returns
    -------
    loss : array, shape (N,)
    probabilities : array, shape (N, C)
    total : float
        The sum of all losses.
    counted : float
        The sum of the weights of the true classes; without weights the number of samples that are not ignored.

    Raises
    ------
    IndexError
        When a target is neither a class nor `ignore_index`.
    TypeError
        When the targets are no integers.

    Examples
    --------
    >>> loss, probabilities, total, counted = cross_entropy(np.zeros((1, 4)), np.array([2]))
    >>> loss.round(3), probabilities, round(total, 3), counted
    (array([1.386]), array([[0.25, 0.25, 0.25, 0.25]]), 1.386, 1.0)
    """
    x, target, weight = _prepared(logits, target, weight)
    count, classes = x.shape
    if small(x.size):
        return _with_numpy(x, target, weight, ignore_index, label_smoothing)
    loss, p = np.empty(count, x.dtype), np.empty_like(x)
    intervals = threads.parts(count, GRAIN // classes + 1)
    found = np.empty((len(intervals), 3))  # of each part the total, what counts, the first sample without a class
    threads.run(_cross_entropy, intervals, x, target, weight, ignore_index, float(label_smoothing), loss, p, found)
    totals, counts, bad = zip(*found.tolist(), strict=True)
    if min(bad) < count:
        raise _out_of_range(target, int(min(bad)), classes)
    return loss, p, sum(totals), sum(counts)


def _with_numpy(x: Array, target: Array, weight: Array, ignore_index: int, smoothing: float) -> Any:
    count, classes = x.shape
    kept = target != ignore_index
    bad = np.flatnonzero(kept & ((target < 0) | (target >= classes)))
    if len(bad):
        raise _out_of_range(target, int(bad[0]), classes)
    t = np.where(kept, target, 0)
    with np.errstate(all="ignore"):
        shifted = x - x.max(1, keepdims=True, initial=-np.inf)
        powers = np.exp(shifted)
        totals = powers.sum(1, keepdims=True)
        surprises = np.log(totals) - shifted
        loss = (1 - smoothing) * weight[t] * surprises[np.arange(count), t]
        if smoothing > 0:
            loss += smoothing / classes * (surprises * weight).sum(1)
        loss = np.where(kept, loss, 0).astype(x.dtype, copy=False)
        return loss, powers / totals, float(loss.sum(dtype=float)), float(weight[t][kept].sum(dtype=float))


def cross_entropy_gradient(
    g: Array,
    probabilities: Array,
    target: Array,
    weight: Array | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Array:
    """Return what the logits receive when the losses receive `g`.

    Parameters
    ----------
    g : array, shape (N,) or (1,)
        One upstream gradient per sample, or one for all.
    probabilities : array, shape (N, C)
        As `cross_entropy` returned them.
    target, weight, ignore_index, label_smoothing
        As they were given to `cross_entropy`.
    """
    p, target, weight = _prepared(probabilities, target, weight)
    g = contiguous(g, p.dtype)
    count, classes = p.shape
    if not small(p.size):
        gx = np.empty_like(p)
        intervals = threads.parts(count, GRAIN // classes + 1)
        threads.run(_cross_entropy_gradient, intervals, g, p, target, weight, ignore_index, float(label_smoothing), gx)
        return gx
    kept = target != ignore_index
    t = np.where(kept, target, 0)
    with np.errstate(all="ignore"):
        chosen, each = g * (1 - label_smoothing) * weight[t], g * label_smoothing / classes
        gx = (chosen + each * weight.sum())[:, None] * p - each[:, None] * weight
        gx[np.arange(count), t] -= chosen
    gx[~kept] = 0
    return gx.astype(p.dtype, copy=False)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    target, found = np.zeros(2, np.int64), np.zeros((1, 3))
    for dtype in (np.float32, np.float64):
        x, g, ones = np.ones((2, 3), dtype), np.ones(2, dtype), np.ones(3, dtype)
        yield (
            f"cross_entropy {dtype.__name__}",
            lambda x=x, g=g, ones=ones: _cross_entropy(0, 0, 2, x, target, ones, -100, 0.0, g, x.copy(), found),
        )
        yield (
            f"cross_entropy_gradient {dtype.__name__}",
            lambda x=x, g=g, ones=ones: _cross_entropy_gradient(0, 0, 2, g, x, target, ones, -100, 0.0, x.copy()),
        )

"""Cross-entropy: softmax, logarithm and the choice of the true class in one operation.

With p = softmax(x), true class t, weights w of the classes, smoothing ε and C classes the loss of a sample is
-(1 - ε) w_t log p_t - (ε / C) Σ w_c log p_c, and its derivative for x_c is a p_c - b_c with constants a and b.
"""

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.axes import count
from autograd.array_operations.checks import check_floats, no_gradient
from autograd.kernels import load


def _rows(x):
    """Scores (N, C, ...) or (C,) as rows of one sample each, as a view where the memory allows it."""
    if x.ndim == 2:
        return x
    x = x[None] if x.ndim == 1 else np.moveaxis(x, 1, -1)
    return x.reshape(count(x.shape[:-1], range(x.ndim - 1)), x.shape[-1])


def _from_rows(rows, shape):
    """Undo :func:`_rows`."""
    if len(shape) <= 2:
        return rows.reshape(shape)
    return np.moveaxis(rows.reshape(shape[0], *shape[2:], shape[1]), -1, 1)


def _slope(target, weight, ignore_index, smoothing, shape, dtype):
    """The constants a, for each sample, and b, for each score, of the derivative a p - b."""
    classes = shape[1] if len(shape) > 1 else shape[0]
    kept = (target != ignore_index).astype(dtype).reshape(-1)
    safe = np.where(target != ignore_index, target, 0).reshape(-1)
    w = np.ones(classes, dtype) if weight is None else weight
    true = (1 - smoothing) * w[safe] * kept
    b = (smoothing / classes * kept)[:, None] * w
    b[np.arange(len(safe)), safe] += true
    a = np.broadcast_to(b.sum(1, keepdims=True), b.shape)
    return _from_rows(a, shape).astype(dtype), _from_rows(b, shape).astype(dtype)


def _product(m, g, out, x, target, *, weight, ignore_index, reduction, label_smoothing, saved):
    probabilities, divisor = saved
    indices = np.asarray(target)
    if reduction == "mean":
        g = g / divisor
    if isinstance(g, (np.ndarray, np.generic)):
        rows = load("cross_entropy").cross_entropy_gradient(
            g.reshape(-1), probabilities, indices.reshape(-1), weight, ignore_index, label_smoothing
        )
        return _from_rows(rows, x.shape)
    a, b = _slope(indices, weight, ignore_index, label_smoothing, x.shape, x.dtype)
    if reduction == "none" and x.ndim > 1:
        g = m.reshape(g, (x.shape[0], 1, *x.shape[2:]))
    return g * (m.softmax(x, min(x.ndim - 1, 1)) * a - b)


@array_operation(
    symbol="cross entropy",
    latex=r"-\ln \frac{e^{x_t}}{\sum_j e^{x_j}}",
    products=[_product, no_gradient],
    saves=True,
    method=False,
)
def cross_entropy(x, target, *, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """Compare scores (N, C, ...) with the true classes (N, ...): minus the logarithm of softmax at the true class.

    >>> cross_entropy(tensor([[0.0, 0.0]]), tensor([1]))
    tensor(0.6931472)
    """
    kernels = load("cross_entropy")
    check_floats("cross_entropy", input=x, weight=weight)
    losses, probabilities, total, counted = kernels.cross_entropy(
        _rows(x), target.reshape(-1), weight, ignore_index, label_smoothing
    )
    if reduction == "none":
        return losses.reshape(target.shape), (probabilities, None)
    kind = x.dtype.type
    if reduction == "mean":
        return kind(np.float64(total) / counted), (probabilities, kind(counted))
    return kind(total), (probabilities, None)


def _soft_input_product(m, g, out, x, target):
    axis = min(x.ndim - 1, 1)
    g = g if x.ndim == 1 else m.reshape(g, (x.shape[0], 1, *x.shape[2:]))
    return g * (m.softmax(x, axis) * m.sum(target, axis, keepdim=True) - target)


def _soft_target_product(m, g, out, x, target):
    g = g if x.ndim == 1 else m.reshape(g, (x.shape[0], 1, *x.shape[2:]))
    return -g * m.log_softmax(x, min(x.ndim - 1, 1))


@array_operation(
    symbol="cross entropy",
    latex=r"-\sum_c t_c \ln \frac{e^{x_c}}{\sum_j e^{x_j}}",
    products=[_soft_input_product, _soft_target_product],
    method=False,
)
def soft_cross_entropy(x, target):
    """Compare scores (N, C, ...) with probabilities of the classes, of the same shape: one loss for each sample.

    >>> soft_cross_entropy(tensor([[0.0, 0.0]]), tensor([[0.5, 0.5]]))
    tensor([0.6931472])
    """
    kernels = load("softmax")
    check_floats("cross_entropy", input=x, target=target)
    axis = min(x.ndim - 1, 1)
    return -np.sum(target * kernels.log_softmax(x, axis), axis=axis)


@array_operation(
    symbol="BCE",
    latex=r"-t \ln x - (1 - t) \ln(1 - x)",
    products=[
        lambda m, g, out, x, target: g * (x - target) / m.maximum(x * (1.0 - x), 1e-12),
        lambda m, g, out, x, target: g * (m.log1p(-x) - m.log(x)),
    ],
    method=False,
)
def binary_cross_entropy(x, target):
    """Compare probabilities with targets between 0 and 1, element by element; no logarithm counts as less than -100.

    >>> binary_cross_entropy(tensor([0.5]), tensor([1.0]))
    tensor([0.6931472])
    """
    check_floats("binary_cross_entropy", input=x, target=target)
    if x.size and not (x.min() >= 0 and x.max() <= 1):
        raise ValueError(
            f"binary_cross_entropy: input {x.shape} holds numbers from {x.min()} to {x.max()}, which are no "
            f"probabilities; use sigmoid first, or binary_cross_entropy_with_logits"
        )
    return target * -np.maximum(np.log(x), -100) + (1 - target) * -np.maximum(np.log1p(-x), -100)

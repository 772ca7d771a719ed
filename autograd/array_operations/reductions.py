"""Reductions: many numbers become one; the gradient is spread over them again."""

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.axes import axes_of, axis_of, count, kept_shape, spread


def _sum_product(m, g, out, x, dim, keepdim):
    return spread(m, g, x, axes_of("sum", dim, x.ndim))


@array_operation(symbol="Σ", latex=r"\sum_i x_i", products=[_sum_product])
def sum(x, dim=None, keepdim=False):
    """Add the elements along `dim`, or all; every element receives the upstream gradient.

    >>> sum(tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    return np.sum(x, axis=axes_of("sum", dim, x.ndim), keepdims=keepdim)


def _mean_product(m, g, out, x, dim, keepdim):
    axes = axes_of("mean", dim, x.ndim)
    return spread(m, g / count(x.shape, axes) if x.size else g, x, axes)


@array_operation(symbol="mean", latex=r"\frac{1}{n} \sum_i x_i", products=[_mean_product])
def mean(x, dim=None, keepdim=False):
    """Average along `dim`, or over all.

    >>> mean(tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    axes = axes_of("mean", dim, x.ndim)
    total = np.sum(x, axis=axes, keepdims=keepdim)
    return np.true_divide(
        total, np.array(count(x.shape, axes)).astype(total.dtype if total.dtype.kind == "f" else float)
    )


def _var_product(m, g, out, x, dim, correction, keepdim):
    axes = axes_of("var", dim, x.ndim)
    degrees = max(count(x.shape, axes) - correction, 0)
    return spread(m, g, x, axes) * (x - m.mean(x, axes, keepdim=True)) * (2.0 / degrees if degrees else float("nan"))


@array_operation(symbol="var", latex=r"\frac{1}{n - c} \sum_i (x_i - \bar x)^2", products=[_var_product])
def var(x, dim=None, correction=1, keepdim=False):
    """Variance along `dim`, or over all; divided by n - correction, so 1 estimates it without bias.

    >>> var(tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return np.var(x, axis=axes_of("var", dim, x.ndim), ddof=correction, keepdims=keepdim)


def _std_product(m, g, out, x, dim, correction, keepdim):
    axes = axes_of("std", dim, x.ndim)
    degrees = max(count(x.shape, axes) - correction, 0)
    # A deviation of zero has no derivative; zero is taken, as PyTorch does.
    scale = m.where(m.equal(out, 0.0), 0.0, m.div(g, out)) * (1.0 / degrees if degrees else float("nan"))
    return spread(m, scale, x, axes) * (x - m.mean(x, axes, keepdim=True))


@array_operation(symbol="std", latex=r"\sqrt{\frac{1}{n - c} \sum_i (x_i - \bar x)^2}", products=[_std_product])
def std(x, dim=None, correction=1, keepdim=False):
    """Standard deviation along `dim`, or over all; see :func:`var`.

    >>> std(tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return np.std(x, axis=axes_of("std", dim, x.ndim), ddof=correction, keepdims=keepdim)


def _others(x, axis):
    """For each place along `axis` a copy of `x` in which the number at that place is one."""
    n = x.shape[axis]
    eye = np.eye(n, dtype=bool).reshape(n, *(n if i == axis else 1 for i in range(x.ndim)))
    return eye, (n, *x.shape)


def _prod_product(m, g, out, x, dim, keepdim):
    axes = axes_of("prod", dim, x.ndim)
    upstream = spread(m, g, x, axes)
    if np.all(np.asarray(x) != 0):
        return upstream * m.div(spread(m, out, x, axes), x)
    # Division fails where a factor is zero: multiply all the others.
    order = [*(i for i in range(x.ndim) if i not in axes), *axes]
    moved = m.permute(x, tuple(order))
    rows = m.reshape(moved, (*moved.shape[: x.ndim - len(axes)], count(x.shape, axes)))
    eye, shape = _others(rows, rows.ndim - 1)
    products = m.prod(m.where(eye, 1.0, m.expand(rows, shape)), rows.ndim)
    products = m.permute(products, (*range(1, rows.ndim), 0))
    back = m.permute(m.reshape(products, moved.shape), tuple(int(i) for i in np.argsort(order)))
    return upstream * back


@array_operation(symbol="Π", latex=r"\prod_i x_i", products=[_prod_product])
def prod(x, dim=None, keepdim=False):
    """Multiply the elements along `dim`, or all; each receives the product of the others.

    >>> prod(tensor([2.0, 3.0, 4.0]))
    tensor(24.)
    """
    return np.prod(x, axis=axes_of("prod", dim, x.ndim), keepdims=keepdim)


def _extreme_product(m, g, out, x, dim, keepdim):
    axes = axes_of("amax", dim, x.ndim)
    winners = m.equal(x, spread(m, out, x, axes))
    share = np.sum(np.asarray(winners), axis=axes, keepdims=True).astype(x.dtype)
    return m.reshape(g, kept_shape(x.shape, axes)) / share * winners


def _not_empty(operation, x, axes):
    if count(x.shape, axes) == 0:
        raise ValueError(
            f"{operation}: the shape {x.shape} has no element along dim {axes}, so there is no largest or smallest"
        )


@array_operation(symbol="max", latex=r"\max_i x_i", products=[_extreme_product])
def amax(x, dim=None, keepdim=False):
    """Largest element along `dim`, or of all; equal winners share the gradient.

    >>> amax(tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1)
    tensor([5., 4.])
    """
    axes = axes_of("amax", dim, x.ndim)
    _not_empty("amax", x, axes)
    return np.max(x, axis=axes, keepdims=keepdim)


@array_operation(symbol="min", latex=r"\min_i x_i", products=[_extreme_product])
def amin(x, dim=None, keepdim=False):
    """Smallest element along `dim`, or of all; equal winners share the gradient.

    >>> amin(tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1)
    tensor([1., 3.])
    """
    axes = axes_of("amin", dim, x.ndim)
    _not_empty("amin", x, axes)
    return np.min(x, axis=axes, keepdims=keepdim)


def _logsumexp_product(m, g, out, x, dim, keepdim):
    axes = axes_of("logsumexp", dim, x.ndim)
    difference = x - spread(m, out, x, axes)
    return spread(m, g, x, axes) * m.exp(m.where(m.equal(x, float("-inf")), float("-inf"), difference))


@array_operation(symbol="logsumexp", latex=r"\ln \sum_i e^{x_i}", products=[_logsumexp_product])
def logsumexp(x, dim, keepdim=False):
    """Logarithm of the sum of exponentials along `dim`, without overflow on the way; its gradient is softmax.

    >>> logsumexp(tensor([1000.0, 1000.0]), dim=0)
    tensor(1000.6932)
    """
    axes = axes_of("logsumexp", dim, x.ndim)
    largest = np.max(x, axis=axes, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(largest), largest, 0).astype(largest.dtype)
    out = np.log(np.sum(np.exp(x - shift), axis=axes, keepdims=True)) + shift
    return out if keepdim else np.squeeze(out, axes)


def _norm_product(m, g, out, x, p, dim, keepdim):
    axes = axes_of("norm", dim, x.ndim)
    upstream, length = spread(m, g, x, axes), spread(m, out, x, axes)
    if p == 0:
        return upstream * 0.0
    if p == 1:
        return upstream * m.sign(x)
    if p in (float("inf"), float("-inf")):
        winners = m.equal(m.abs(x), length)
        share = np.sum(np.asarray(winners), axis=axes, keepdims=True).astype(x.dtype)
        return upstream * m.sign(x) * winners / share
    # A length of zero has no derivative; zero is taken, as PyTorch does.
    if p == 2:
        return x * m.where(m.equal(length, 0.0), 0.0, m.div(upstream, length))
    direction = m.sign(x) * m.pow(m.abs(x), p - 1.0)
    return direction * m.where(m.equal(length, 0.0), 0.0, m.div(upstream, m.pow(length, p - 1.0)))


@array_operation(symbol="‖x‖", latex=r"(\sum_i |x_i|^p)^{1/p}", products=[_norm_product])
def norm(x, p=2.0, dim=None, keepdim=False):
    """Length of a vector in the p-norm along `dim`, or of all elements.

    >>> norm(tensor([3.0, 4.0]))
    tensor(5.)
    """
    axes = axes_of("norm", dim, x.ndim)
    size = np.abs(x)
    if p == 0:
        return np.sum(x != 0, axis=axes, keepdims=keepdim, dtype=x.dtype)
    if p == 1:
        return np.sum(size, axis=axes, keepdims=keepdim)
    if p == 2:
        return np.sqrt(np.sum(x * x, axis=axes, keepdims=keepdim))
    if p == float("inf"):
        return np.max(size, axis=axes, keepdims=keepdim)
    if p == float("-inf"):
        return np.min(size, axis=axes, keepdims=keepdim)
    return np.sum(size**p, axis=axes, keepdims=keepdim) ** (1.0 / p)


def _reverse_cumsum(m, g, axis):
    return m.flip(m.cumsum(m.flip(g, axis), axis), axis)


@array_operation(
    symbol="cumsum",
    latex=r"\sum_{j \le i} x_j",
    products=[lambda m, g, out, x, dim: _reverse_cumsum(m, g, axis_of("cumsum", dim, x.ndim))],
)
def cumsum(x, dim):
    """Add up along `dim`: each result is the sum so far.

    >>> cumsum(tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 3., 6.])
    """
    axis = axis_of("cumsum", dim, x.ndim)
    return np.cumsum(x, axis=axis) if x.ndim else x + 0


def _cumprod_product(m, g, out, x, dim):
    axis = axis_of("cumprod", dim, x.ndim)
    if x.ndim == 0:
        return g
    if np.all(np.asarray(x) != 0):
        return m.div(_reverse_cumsum(m, g * out, axis), x)
    # Division fails where a factor is zero: derivatives of all products for all factors.
    eye, shape = _others(x, axis)
    n = x.shape[axis]
    reached = np.tri(n, dtype=x.dtype).T.reshape(n, *(n if i == axis else 1 for i in range(x.ndim)))
    products = m.cumprod(m.where(eye, 1.0, m.expand(x, shape)), axis + 1) * reached
    total = m.sum(products * g, axis + 1)  # the first axis counts the factors
    return m.permute(total, (*range(1, axis + 1), 0, *range(axis + 1, x.ndim)))


@array_operation(symbol="cumprod", latex=r"\prod_{j \le i} x_j", products=[_cumprod_product])
def cumprod(x, dim):
    """Multiply along `dim`: each result is the product so far.

    >>> cumprod(tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    axis = axis_of("cumprod", dim, x.ndim)
    return np.cumprod(x, axis=axis) if x.ndim else x + 0

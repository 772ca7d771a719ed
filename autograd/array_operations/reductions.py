"""Reductions: many numbers become one; the gradient is spread over them again."""

import numpy as np

from autograd import fused
from autograd.array_operation import array_operation
from autograd.array_operations.axes import added_up, axes_of, axis_of, count, kept_shape, spread


def _sum_product(m, g, out, x, dim, keepdim):
    return spread(m, g, x, axes_of("sum", dim, x.ndim))


@array_operation(symbol="Σ", latex=r"\sum_i x_i", products=[_sum_product])
def sum(input, dim=None, keepdim=False):
    """Add the elements along `dim`, or all; every element receives the upstream gradient.

    >>> sum(tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    return added_up(input, axes_of("sum", dim, input.ndim), keepdim)


def _mean_product(m, g, out, x, dim, keepdim):
    axes = axes_of("mean", dim, x.ndim)
    return spread(m, g / count(x.shape, axes) if x.size else g, x, axes)


@array_operation(symbol="mean", latex=r"\frac{1}{n} \sum_i x_i", products=[_mean_product])
def mean(input, dim=None, keepdim=False):
    """Average along `dim`, or over all.

    >>> mean(tensor([1.0, 2.0, 6.0]))
    tensor(3.)
    """
    axes = axes_of("mean", dim, input.ndim)
    total = added_up(input, axes, keepdim)
    return np.true_divide(
        total, np.array(count(input.shape, axes)).astype(total.dtype if total.dtype.kind == "f" else float)
    )


def _var_product(m, g, out, x, dim, correction, keepdim):
    axes = axes_of("var", dim, x.ndim)
    degrees = max(count(x.shape, axes) - correction, 0)
    return spread(m, g, x, axes) * (x - m.mean(x, axes, keepdim=True)) * (2.0 / degrees if degrees else float("nan"))


@array_operation(symbol="var", latex=r"\frac{1}{n - c} \sum_i (x_i - \bar x)^2", products=[_var_product])
def var(input, dim=None, correction=1, keepdim=False):
    """Variance along `dim`, or over all; divided by n - correction, so 1 estimates it without bias.

    >>> var(tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return _variance(input, axes_of("var", dim, input.ndim), correction, keepdim)


def _variance(x, axes, correction, keepdim):
    difference = x - np.mean(x, axis=axes, keepdims=True) if count(x.shape, axes) else x
    total = np.sum(difference * difference, axis=axes, keepdims=keepdim)
    return np.true_divide(total, max(count(x.shape, axes) - correction, 0))


def _quotient(m, g, x):
    """Divide, but give zero where `x` is zero; then the derivatives are zero there too, not nan."""
    zero = m.equal(x, 0.0)
    return m.where(zero, 0.0, g) / m.where(zero, 1.0, x)


def _std_product(m, g, out, x, dim, correction, keepdim):
    axes = axes_of("std", dim, x.ndim)
    degrees = max(count(x.shape, axes) - correction, 0)
    # A deviation of zero has no derivative; zero is taken, as PyTorch does.
    scale = _quotient(m, g, out) * (1.0 / degrees if degrees else float("nan"))
    return spread(m, scale, x, axes) * (x - m.mean(x, axes, keepdim=True))


@array_operation(symbol="std", latex=r"\sqrt{\frac{1}{n - c} \sum_i (x_i - \bar x)^2}", products=[_std_product])
def std(input, dim=None, correction=1, keepdim=False):
    """Standard deviation along `dim`, or over all; see :func:`var`.

    >>> std(tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return np.sqrt(_variance(input, axes_of("std", dim, input.ndim), correction, keepdim))


def _others(x, axis):
    """For each place along `axis` a copy of `x` in which the number at that place is one."""
    n = x.shape[axis]
    eye = np.eye(n, dtype=bool).reshape(n, *(n if i == axis else 1 for i in range(x.ndim)))
    return eye, (n, *x.shape)


def _has_zero(x):
    """Whether an array or a node has an element that is zero."""
    return not np.all(x.numpy() if hasattr(x, "numpy") else x)


def _prod_product(m, g, out, x, dim, keepdim):
    axes = axes_of("prod", dim, x.ndim)
    upstream = spread(m, g, x, axes)
    if not _has_zero(x):
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
def prod(input, dim=None, keepdim=False):
    """Multiply the elements along `dim`, or all; each receives the product of the others.

    >>> prod(tensor([2.0, 3.0, 4.0]))
    tensor(24.)
    """
    return np.prod(input, axis=axes_of("prod", dim, input.ndim), keepdims=keepdim)


def _extreme_product(m, g, out, x, dim, keepdim):
    axes = axes_of("amax", dim, x.ndim)
    return _shared(m, m.reshape(g, kept_shape(x.shape, axes)), m.equal(x, spread(m, out, x, axes)), x, axes)


def _shared(m, g, winners, x, axes):
    """Give each winner along the axes the same share of the gradient."""
    return g / m.sum(m.astype(winners, x.dtype), axes, True) * winners


def _not_empty(operation, x, axes):
    if count(x.shape, axes) == 0:
        raise ValueError(
            f"{operation}: the shape {x.shape} has no element along dim {axes}, so there is no largest or smallest"
        )


@array_operation(symbol="max", latex=r"\max_i x_i", products=[_extreme_product])
def amax(input, dim=None, keepdim=False):
    """Largest element along `dim`, or of all; equal winners share the gradient.

    >>> amax(tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1)
    tensor([5., 4.])
    """
    axes = axes_of("amax", dim, input.ndim)
    _not_empty("amax", input, axes)
    return np.max(input, axis=axes, keepdims=keepdim)


@array_operation(symbol="min", latex=r"\min_i x_i", products=[_extreme_product])
def amin(input, dim=None, keepdim=False):
    """Smallest element along `dim`, or of all; equal winners share the gradient.

    >>> amin(tensor([[1.0, 5.0], [3.0, 4.0]]), dim=1)
    tensor([1., 3.])
    """
    axes = axes_of("amin", dim, input.ndim)
    _not_empty("amin", input, axes)
    return np.min(input, axis=axes, keepdims=keepdim)


def _logsumexp_product(m, g, out, x, dim, keepdim):
    axes = axes_of("logsumexp", dim, x.ndim)
    kept = m.reshape(out, kept_shape(x.shape, axes))
    # Where all are minus infinity the difference would be nan.
    shift = m.where(m.equal(kept, float("-inf")), 0.0, kept)
    return m.reshape(g, kept.shape) * m.exp(x - shift)


@array_operation(symbol="logsumexp", latex=r"\ln \sum_i e^{x_i}", products=[_logsumexp_product])
def logsumexp(input, dim, keepdim=False):
    """Logarithm of the sum of exponentials along `dim`, without overflow on the way; its gradient is softmax.

    >>> logsumexp(tensor([1000.0, 1000.0]), dim=0)
    tensor(1000.6932)
    """
    axes = axes_of("logsumexp", dim, input.ndim)
    largest = np.max(input, axis=axes, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(largest), largest, 0).astype(largest.dtype)
    out = np.log(np.sum(np.exp(input - shift), axis=axes, keepdims=True)) + shift
    return out if keepdim else np.squeeze(out, axes)


def _norm_product(m, g, out, x, p, dim, keepdim):
    axes = axes_of("norm", dim, x.ndim)
    upstream, length, kept = spread(m, g, x, axes), spread(m, out, x, axes), kept_shape(x.shape, axes)
    if p == 0:
        return upstream * 0.0
    if p == 1:
        return upstream * m.sign(x)
    if p in (float("inf"), float("-inf")):
        return _shared(m, upstream, m.equal(m.abs(x), length), x, axes) * m.sign(x)
    # A length of zero has no derivative; zero is taken, as PyTorch does.
    if p == 2:
        return x * spread(m, _quotient(m, m.reshape(g, kept), m.reshape(out, kept)), x, axes)
    direction = m.sign(x) * m.pow(m.abs(x), p - 1.0)
    return direction * spread(m, _quotient(m, m.reshape(g, kept), m.pow(m.reshape(out, kept), p - 1.0)), x, axes)


@array_operation(symbol="‖x‖", latex=r"(\sum_i |x_i|^p)^{1/p}", products=[_norm_product])
def norm(input, p=2.0, dim=None, keepdim=False):
    """Length of a vector in the p-norm along `dim`, or of all elements.

    >>> norm(tensor([3.0, 4.0]))
    tensor(5.)
    """
    axes = axes_of("norm", dim, input.ndim)
    if p == 2:
        return np.sqrt(np.sum(input * input, axis=axes, keepdims=keepdim))
    if p in (float("inf"), float("-inf")):
        _not_empty("norm", input, axes)
    size = np.abs(input)
    if p == 0:
        return np.sum(input != 0, axis=axes, keepdims=keepdim, dtype=input.dtype)
    if p == 1:
        return np.sum(size, axis=axes, keepdims=keepdim)
    if p == float("inf"):
        return np.max(size, axis=axes, keepdims=keepdim)
    if p == float("-inf"):
        return np.min(size, axis=axes, keepdims=keepdim)
    return np.sum(size**p, axis=axes, keepdims=keepdim) ** (1.0 / p)


def _accumulated(ufunc, x, axis):
    if x.ndim == 0:
        return x + 0
    if x.size < 256 * x.shape[axis] or axis == x.ndim - 1 or x.dtype.kind != "f":
        return ufunc.accumulate(x, axis)
    # NumPy would go through memory with long steps; whole slices are ten times faster.
    out = np.empty_like(x, order="C")
    previous = None
    for result, part in zip(np.moveaxis(out, axis, 0), np.moveaxis(x, axis, 0), strict=True):
        if previous is None:
            result[...] = part
        else:
            ufunc(previous, part, out=result)
        previous = result
    return out


def _reverse_cumsum(m, g, axis):
    backwards = (slice(None),) * axis + (slice(None, None, -1),) * (g.ndim > 0)
    return m.cumsum(g[backwards], axis)[backwards]


@array_operation(
    symbol="cumsum",
    latex=r"\sum_{j \le i} x_j",
    products=[lambda m, g, out, x, dim: _reverse_cumsum(m, g, axis_of("cumsum", dim, x.ndim))],
)
def cumsum(input, dim):
    """Add up along `dim`: each result is the sum so far.

    >>> cumsum(tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 3., 6.])
    """
    axis = axis_of("cumsum", dim, input.ndim)
    if input.dtype.kind == "f" and fused.is_large(input.size):
        from autograd.kernels.scans import running_sum

        return running_sum(input, axis)
    return _accumulated(np.add, input, axis)


def _cumprod_product(m, g, out, x, dim):
    axis = axis_of("cumprod", dim, x.ndim)
    if x.ndim == 0:
        return g
    if not _has_zero(x):
        return m.div(_reverse_cumsum(m, g * out, axis), x)
    # Division fails where a factor is zero: derivatives of all products for all factors.
    eye, shape = _others(x, axis)
    n = x.shape[axis]
    reached = np.tri(n, dtype=x.dtype).T.reshape(n, *(n if i == axis else 1 for i in range(x.ndim)))
    products = m.cumprod(m.where(eye, 1.0, m.expand(x, shape)), axis + 1) * reached
    total = m.sum(products * g, axis + 1)  # the first axis counts the factors
    return m.permute(total, (*range(1, axis + 1), 0, *range(axis + 1, x.ndim)))


@array_operation(symbol="cumprod", latex=r"\prod_{j \le i} x_j", products=[_cumprod_product])
def cumprod(input, dim):
    """Multiply along `dim`: each result is the product so far.

    >>> cumprod(tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    axis = axis_of("cumprod", dim, input.ndim)
    return _accumulated(np.multiply, input, axis)

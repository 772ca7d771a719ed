"""Pooling: every window of an image becomes one number; the gradient goes back to the window."""

import math

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.checks import check_floats
from autograd.kernels import load


@array_operation(
    symbol="max pool",
    latex=r"\max_{i \in \text{window}} x_i",
    products=[
        lambda m, g, out, x, kernel, stride, padding, dilation, ceil_mode, saved: m.max_pool_gradient(
            g, saved, x.shape, len(kernel)
        )
    ],
    saves=True,
    method=False,
)
def max_pool(x, *, kernel, stride, padding, dilation, ceil_mode=False):
    """Keep the largest number of every window; it alone receives the gradient.

    >>> max_pool(tensor([[1.0, 5.0, 2.0, 3.0]]), kernel=(2,), stride=(2,), padding=(0,), dilation=(1,))
    tensor([[5., 3.]])
    """
    pooling = load("pooling")
    check_floats("max_pool", input=x)
    return pooling.max_pool(x, kernel, stride, padding, dilation, ceil_mode)


@array_operation(
    symbol="max unpool",
    latex=r"\sum_i g_i e_{w_i}",
    products=[lambda m, h, out, g, indices, input_shape, dimensions: m.max_pool_winners(h, indices, dimensions)],
    method=False,
)
def max_pool_gradient(g, indices, input_shape, dimensions):
    """Add every number to the place, in the last `dimensions` axes, that won its window.

    >>> max_pool_gradient(tensor([[5.0, 3.0]]), np.array([[1, 3]]), (1, 4), 1)
    tensor([[0., 5., 0., 3.]])
    """
    pooling = load("pooling")
    return pooling.max_pool_gradient(g, indices, tuple(input_shape), dimensions)


@array_operation(
    symbol="winners",
    latex=r"x_{w_i}",
    products=[lambda m, g, out, x, indices, dimensions: m.max_pool_gradient(g, indices, x.shape, dimensions)],
    method=False,
)
def max_pool_winners(x, indices, dimensions):
    """Take the numbers at the places, in the last `dimensions` axes, that won the windows.

    >>> max_pool_winners(tensor([[1.0, 5.0, 2.0, 3.0]]), np.array([[1, 3]]), 1)
    tensor([[5., 3.]])
    """
    front = x.shape[: x.ndim - dimensions]
    planes = x.reshape(*front, math.prod(x.shape[x.ndim - dimensions :]))
    places = indices.reshape(*front, math.prod(indices.shape[indices.ndim - dimensions :]))
    return np.take_along_axis(planes, places, -1).reshape(indices.shape)


@array_operation(
    symbol="avg pool",
    latex=r"\frac{1}{n} \sum_{i \in \text{window}} x_i",
    products=[lambda m, g, out, x, **options: m.avg_pool_gradient(g, x.shape, **options)],
    method=False,
)
def avg_pool(x, *, kernel, stride, padding, ceil_mode=False, count_include_pad=True, divisor_override=None):
    """Average every window.

    >>> avg_pool(tensor([[1.0, 5.0, 2.0, 4.0]]), kernel=(2,), stride=(2,), padding=(0,))
    tensor([[3., 3.]])
    """
    pooling = load("pooling")
    check_floats("avg_pool", input=x)
    return pooling.average_pool(x, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override)


@array_operation(
    symbol="avg unpool",
    latex=r"\sum_i \frac{1}{n_i} g_i",
    products=[lambda m, h, out, g, input_shape, **options: m.avg_pool(h, **options)],
    method=False,
)
def avg_pool_gradient(
    g, input_shape, *, kernel, stride, padding, ceil_mode=False, count_include_pad=True, divisor_override=None
):
    """Divide every number among the places of its window.

    >>> avg_pool_gradient(tensor([[2.0, 4.0]]), (1, 4), kernel=(2,), stride=(2,), padding=(0,))
    tensor([[1., 1., 2., 2.]])
    """
    pooling = load("pooling")
    options = kernel, stride, padding, ceil_mode, count_include_pad, divisor_override
    return pooling.average_pool_gradient(g, tuple(input_shape), *options)


@array_operation(
    symbol="avg pool",
    latex=r"\frac{1}{n} \sum_{i \in \text{window}} x_i",
    products=[lambda m, g, out, x, output_size: m.adaptive_avg_pool_gradient(g, x.shape, len(output_size))],
    method=False,
)
def adaptive_avg_pool(x, output_size):
    """Average windows that divide the last axes into a given number of parts.

    >>> adaptive_avg_pool(tensor([[1.0, 5.0, 2.0, 4.0]]), (1,))
    tensor([[3.]])
    """
    pooling = load("pooling")
    check_floats("adaptive_avg_pool", input=x)
    return pooling.adaptive_average_pool(x, tuple(output_size))


@array_operation(
    symbol="avg unpool",
    latex=r"\sum_i \frac{1}{n_i} g_i",
    products=[
        lambda m, h, out, g, input_shape, dimensions: m.adaptive_avg_pool(h, tuple(g.shape[g.ndim - dimensions :]))
    ],
    method=False,
)
def adaptive_avg_pool_gradient(g, input_shape, dimensions):
    """Divide every number among the places that :func:`adaptive_avg_pool` averaged.

    >>> adaptive_avg_pool_gradient(tensor([[2.0]]), (1, 2), 1)
    tensor([[1., 1.]])
    """
    pooling = load("pooling")
    return pooling.adaptive_average_pool_gradient(g, tuple(input_shape), dimensions)

"""Softmax and its logarithm along one axis."""

from autograd.array_operation import array_operation
from autograd.array_operations.axes import axis_of
from autograd.array_operations.checks import check_floats
from autograd.kernels import load


def _along(kernel, dim, *arrays):
    if arrays[0].ndim == 0:
        return kernel(*(array.reshape(1) for array in arrays), 0).reshape(())
    return kernel(*arrays, axis_of("softmax", dim, arrays[0].ndim))


@array_operation(
    symbol="softmax",
    latex=r"\frac{e^{x_i}}{\sum_j e^{x_j}}",
    products=[lambda m, g, out, x, dim: m.softmax_gradient(g, out, dim)],
)
def softmax(x, dim):
    """Make positive numbers with the sum 1 along `dim`: exponentials divided by their sum.

    >>> softmax(tensor([1.0, 1.0]), dim=0)
    tensor([0.5, 0.5])
    """
    kernels = load("softmax")
    check_floats("softmax", input=x)
    return _along(kernels.softmax, dim, x)


@array_operation(
    symbol="∇softmax",
    latex=r"y_i (g_i - \sum_j g_j y_j)",
    products=[
        lambda m, h, received, g, out, dim: m.softmax_gradient(h, out, dim),
        lambda m, h, received, g, out, dim: (
            h * (g - m.sum(g * out, dim, keepdim=True)) - g * m.sum(h * out, dim, keepdim=True)
        ),
    ],
    method=False,
)
def softmax_gradient(g, out, dim):
    """Pull a gradient back through :func:`softmax`, whose result `out` was.

    >>> softmax_gradient(tensor([1.0, 0.0]), tensor([0.5, 0.5]), dim=0)
    tensor([ 0.25, -0.25])
    """
    kernels = load("softmax")
    return _along(kernels.softmax_gradient, dim, g, out)


@array_operation(
    symbol="log softmax",
    latex=r"x_i - \ln \sum_j e^{x_j}",
    products=[lambda m, g, out, x, dim: m.log_softmax_gradient(g, out, dim)],
)
def log_softmax(x, dim):
    """Take the logarithm of :func:`softmax`, without overflow on the way.

    >>> log_softmax(tensor([0.0, 0.0]), dim=0)
    tensor([-0.6931472, -0.6931472])
    """
    kernels = load("softmax")
    check_floats("log_softmax", input=x)
    return _along(kernels.log_softmax, dim, x)


@array_operation(
    symbol="∇log softmax",
    latex=r"g_i - e^{y_i} \sum_j g_j",
    products=[
        lambda m, h, received, g, out, dim: h - m.sum(h * m.exp(out), dim, keepdim=True),
        lambda m, h, received, g, out, dim: -h * m.exp(out) * m.sum(g, dim, keepdim=True),
    ],
    method=False,
)
def log_softmax_gradient(g, out, dim):
    """Pull a gradient back through :func:`log_softmax`, whose result `out` was.

    >>> log_softmax_gradient(tensor([1.0, 0.0]), log_softmax(tensor([0.0, 0.0]), 0), dim=0)
    tensor([ 0.5, -0.5])
    """
    kernels = load("softmax")
    return _along(kernels.log_softmax_gradient, dim, g, out)

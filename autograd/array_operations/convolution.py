"""Convolution and its two gradients: three bilinear operations, each the derivative of the others.

All have the same options: `stride`, `dilation` and `padding` have one entry for every axis that the kernel moves
along, the padding a pair (before, after); `groups` divides the channels into so many independent convolutions.
"""

import math

from autograd.array_operation import array_operation
from autograd.kernels import load

NUMPY_LIMIT = 1 << 12
"""Up to so many multiplications NumPy computes, which waits for no compilation."""


def _kernels(weight_shape, output_shape):
    """The module that computes a convolution of this size."""
    if math.prod(output_shape) * math.prod(weight_shape[1:]) <= NUMPY_LIMIT:
        return load("windows")
    return load("convolution")


def output_sizes(sizes, kernel, stride, padding, dilation):
    """How many places a kernel has along each axis."""
    return tuple(
        (n + before + after - d * (k - 1) - 1) // s + 1
        for n, k, s, (before, after), d in zip(sizes, kernel, stride, padding, dilation, strict=True)
    )


@array_operation(
    symbol="conv",
    latex=r"x * w + b",
    products=[
        lambda m, g, out, x, weight, bias, **options: m.convolution_input_gradient(g, weight, x.shape, **options),
        lambda m, g, out, x, weight, bias, **options: m.convolution_weight_gradient(g, x, weight.shape, **options),
        lambda m, g, out, x, weight, bias, **options: m.sum(g, (0, *range(2, g.ndim))),
    ],
    method=False,
)
def convolution(x, weight, bias=None, *, stride, padding, dilation, groups):
    """Slide a kernel (O, C / groups, ...) over images (N, C, ...): a dot product at every place.

    >>> options = dict(stride=(1,), padding=((0, 0),), dilation=(1,), groups=1)
    >>> convolution(tensor([[[1.0, 2.0, 3.0]]]), tensor([[[1.0, 10.0]]]), **options)
    tensor([[[21., 32.]]])
    """
    places = output_sizes(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    kernels = _kernels(weight.shape, (x.shape[0], weight.shape[0], *places))
    return kernels.convolution(x, weight, bias, stride, padding, dilation, groups)


@array_operation(
    symbol="convᵀ",
    latex=r"g *^{T} w",
    products=[
        lambda m, h, out, g, weight, input_shape, **options: m.convolution(h, weight, **options),
        lambda m, h, out, g, weight, input_shape, **options: m.convolution_weight_gradient(
            g, h, weight.shape, **options
        ),
    ],
    method=False,
)
def convolution_input_gradient(g, weight, input_shape, *, stride, padding, dilation, groups):
    """Spread every number over the places its kernel looked at: convolution's transpose.

    >>> options = dict(stride=(1,), padding=((0, 0),), dilation=(1,), groups=1)
    >>> convolution_input_gradient(tensor([[[1.0, 2.0]]]), tensor([[[1.0, 10.0]]]), (1, 1, 3), **options)
    tensor([[[ 1., 12., 20.]]])
    """
    kernels = _kernels(weight.shape, g.shape)
    return kernels.input_gradient(g, weight, tuple(input_shape), stride, padding, dilation, groups)


@array_operation(
    symbol="conv w",
    latex=r"g * x",
    products=[
        lambda m, h, out, g, x, kernel_shape, **options: m.convolution(x, h, **options),
        lambda m, h, out, g, x, kernel_shape, **options: m.convolution_input_gradient(g, h, x.shape, **options),
    ],
    method=False,
)
def convolution_weight_gradient(g, x, kernel_shape, *, stride, padding, dilation, groups):
    """Add up, for every weight of a kernel, what it multiplied times the gradient it helped to make.

    >>> options = dict(stride=(1,), padding=((0, 0),), dilation=(1,), groups=1)
    >>> convolution_weight_gradient(tensor([[[1.0, 2.0]]]), tensor([[[1.0, 2.0, 3.0]]]), (1, 1, 2), **options)
    tensor([[[5., 8.]]])
    """
    kernels = _kernels(kernel_shape, g.shape)
    return kernels.weight_gradient(g, x, tuple(kernel_shape), stride, padding, dilation, groups)

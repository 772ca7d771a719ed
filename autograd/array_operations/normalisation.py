"""Normalisation: subtract a mean, divide by a deviation, then scale and shift.

On arrays one kernel computes all gradients of an operation at once.  On nodes they are written out, with
x̂ = (x - mean) / deviation, so that they can be differentiated again.
"""

import math
from typing import Any

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.checks import check_floats
from autograd.array_operations.together import Together
from autograd.kernels import load


def _is_array(g):
    return isinstance(g, np.ndarray)


def _normalised(m, x, axes, eps, centred=True):
    """x̂ and one over the deviation, over `axes`."""
    if centred:
        x = x - m.mean(x, axes, keepdim=True)
    scale = 1.0 / m.sqrt(m.mean(x * x, axes, keepdim=True) + eps)
    return x * scale, scale


def _input_gradient(m, g, normalised, scale, axes, centred=True):
    """What x receives when x̂ receives g: without the parts that would move the mean and the deviation."""
    moved = g - normalised * m.mean(g * normalised, axes, keepdim=True)
    if centred:
        moved = moved - m.mean(g, axes, keepdim=True)
    return moved * scale


# Over the last axes: layer norm and RMS norm.


def _rows(x, shape):
    """See the last axes, of the given shape, as one and all others as one."""
    return x.reshape(math.prod(x.shape[: x.ndim - len(shape)]), math.prod(shape))


def _flat(parameter):
    return None if parameter is None else parameter.reshape(-1)


def _layer_products(centred):
    def written_out(m, g, x, weight, normalized_shape, eps, place):
        if place == 2:
            return g
        axes = tuple(range(x.ndim - len(normalized_shape), x.ndim))
        normalised, scale = _normalised(m, x, axes, eps, centred)
        if place == 1:
            return g * normalised
        return _input_gradient(m, g if weight is None else g * weight, normalised, scale, axes, centred)

    def fused(g, x, weight, shape, statistics):
        kernels = load("normalisation")
        gradient: Any = kernels.layer_norm_gradient if centred else kernels.rms_norm_gradient
        gx, *others = gradient(_rows(g, shape), _rows(x, shape), *statistics, _flat(weight))
        return [gx.reshape(x.shape), *(other.reshape(shape) for other in others)]

    def product(place):
        def pull(m, g, out, x, weight, bias=None, *, normalized_shape, eps, saved):
            if not _is_array(g):
                return written_out(m, g, x, weight, normalized_shape, eps, place)
            *statistics, together = saved
            return together.take(g, place, lambda: fused(g, x, weight, normalized_shape, statistics))

        return pull

    return [product(place) for place in range(3 if centred else 2)]


@array_operation(
    symbol="LN",
    latex=r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} w + b",
    products=_layer_products(centred=True),
    saves=True,
    method=False,
)
def layer_norm(x, weight=None, bias=None, *, normalized_shape, eps=1e-5):
    """Normalise every sample over its last axes, which have the shape `normalized_shape`.

    >>> layer_norm(tensor([[1.0, 3.0]]), normalized_shape=(2,), eps=0.0)
    tensor([[-1.,  1.]])
    """
    kernels = load("normalisation")
    check_floats("layer_norm", input=x, weight=weight, bias=bias)
    out, mean, scale = kernels.layer_norm(_rows(x, normalized_shape), _flat(weight), _flat(bias), eps)
    return out.reshape(x.shape), (mean, scale, Together())


@array_operation(
    symbol="RMS",
    latex=r"\frac{x}{\sqrt{\frac{1}{n} \sum_i x_i^2 + \varepsilon}} w",
    products=_layer_products(centred=False),
    saves=True,
    method=False,
)
def rms_norm(x, weight=None, *, normalized_shape, eps):
    """Divide every sample by its root mean square over its last axes, of the shape `normalized_shape`.

    >>> rms_norm(tensor([[1.0, 7.0]]), normalized_shape=(2,), eps=0.0)
    tensor([[0.2, 1.4]])
    """
    kernels = load("normalisation")
    check_floats("rms_norm", input=x, weight=weight)
    out, scale = kernels.rms_norm(_rows(x, normalized_shape), _flat(weight), eps)
    return out.reshape(x.shape), (scale, Together())


# Over groups of the channels of images (N, C, ...).


def _grouped(x, groups):
    count, channels, *sizes = x.shape
    return x.reshape(count, groups, channels // groups, math.prod(sizes))


def _per_channel(m, parameter, ndim):
    """See a parameter of shape (C,) so that it broadcasts against images (N, C, ...)."""
    return m.reshape(parameter, (parameter.shape[0], *(1,) * (ndim - 2)))


def _over_channels(m, product):
    """Add up everything that belongs to one channel."""
    return m.sum(product, (0, *range(2, product.ndim)))


def _group_product(place):
    def written_out(m, g, x, weight, groups, eps):
        if place == 2:
            return _over_channels(m, g)
        shape = (x.shape[0], groups, math.prod(x.shape[1:]) // groups)
        normalised, scale = _normalised(m, m.reshape(x, shape), -1, eps)
        if place == 1:
            return _over_channels(m, g * m.reshape(normalised, x.shape))
        upstream = g if weight is None else g * _per_channel(m, weight, x.ndim)
        return m.reshape(_input_gradient(m, m.reshape(upstream, shape), normalised, scale, -1), x.shape)

    def fused(g, x, weight, groups, statistics):
        kernels = load("normalisation")
        mean, scale = statistics
        gx, *others = kernels.group_norm_gradient(_grouped(g, groups), _grouped(x, groups), mean, scale, weight)
        return [gx.reshape(x.shape), *others]

    def product(m, g, out, x, weight, bias, *, num_groups, eps, saved):
        if not _is_array(g):
            return written_out(m, g, x, weight, num_groups, eps)
        *statistics, together = saved
        return together.take(g, place, lambda: fused(g, x, weight, num_groups, statistics))

    return product


@array_operation(
    symbol="GN",
    latex=r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} w + b",
    products=[_group_product(0), _group_product(1), _group_product(2)],
    saves=True,
    method=False,
)
def group_norm(x, weight=None, bias=None, *, num_groups, eps=1e-5):
    """Normalise every image over groups of its channels; one group for each channel is instance norm.

    >>> group_norm(tensor([[[1.0, 3.0], [0.0, 4.0]]]), num_groups=2, eps=0.0)
    tensor([[[-1.,  1.],
             [-1.,  1.]]])
    """
    kernels = load("normalisation")
    check_floats("group_norm", input=x, weight=weight, bias=bias)
    out, mean, scale = kernels.group_norm(_grouped(x, num_groups), weight, bias, eps)
    return out.reshape(x.shape), (mean, scale, Together())


# Over the batch.


def _flat_pixels(x):
    return x.reshape(*x.shape[:2], math.prod(x.shape[2:]))


def _batch_product(place, training):
    def written_out(m, g, x, weight, mean, scale, eps):
        if place == 2:
            return _over_channels(m, g)
        axes = (0, *range(2, x.ndim))
        if training:
            normalised, scale = _normalised(m, x, axes, eps)
        else:
            mean, scale = (given.reshape(-1, *(1,) * (x.ndim - 2)) for given in (mean, scale))
            normalised = (x - mean) * scale
        if place == 1:
            return _over_channels(m, g * normalised)
        upstream = g if weight is None else g * _per_channel(m, weight, x.ndim)
        return _input_gradient(m, upstream, normalised, scale, axes) if training else upstream * scale

    def fused(g, x, weight, mean, scale):
        kernels = load("batch_norm")
        gx, *others = kernels.batch_norm_gradient(_flat_pixels(g), _flat_pixels(x), mean, scale, weight, training)
        return [gx.reshape(x.shape), *others]

    def product(m, g, out, x, weight, bias, *, eps, saved, **given):
        mean, scale, together = saved
        if not _is_array(g):
            return written_out(m, g, x, weight, mean, scale, eps)
        return together.take(g, place, lambda: fused(g, x, weight, mean, scale))

    return product


@array_operation(
    symbol="BN",
    latex=r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} w + b",
    products=[_batch_product(place, training=True) for place in range(3)],
    saves=True,
    method=False,
)
def batch_norm(x, weight=None, bias=None, *, eps=1e-5, running=None, momentum=0.1):
    """Normalise every channel of images (N, C, ...) over the batch.

    `running` may hold two arrays, which move by the share `momentum` towards the mean and the variance.

    >>> batch_norm(tensor([[1.0], [3.0]]), eps=0.0)
    tensor([[-1.],
            [ 1.]])
    """
    kernels = load("batch_norm")
    check_floats("batch_norm", input=x, weight=weight, bias=bias)
    out, mean, variance, scale = kernels.batch_norm(_flat_pixels(x), weight, bias, eps)
    if running is not None:
        count = x.size // max(x.shape[1], 1)
        for average, batch in zip(running, (mean, variance * (count / max(count - 1, 1))), strict=True):
            average *= 1 - momentum
            average += momentum * batch
    return out.reshape(x.shape), (mean, scale, Together())


@array_operation(
    symbol="BN",
    latex=r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} w + b",
    products=[_batch_product(place, training=False) for place in range(3)],
    saves=True,
    method=False,
)
def batch_norm_inference(x, weight=None, bias=None, *, mean, variance, eps=1e-5):
    """Normalise every channel of images (N, C, ...) with a mean and a variance that are given.

    >>> one = np.ones(1, np.float32)
    >>> batch_norm_inference(tensor([[1.0], [3.0]]), mean=one, variance=one, eps=0.0)
    tensor([[0.],
            [2.]])
    """
    kernels = load("batch_norm")
    check_floats("batch_norm", input=x, weight=weight, bias=bias)
    out, scale = kernels.batch_norm_inference(_flat_pixels(x), mean, variance, weight, bias, eps)
    return out.reshape(x.shape), (mean.copy(), scale, Together())

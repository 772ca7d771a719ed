"""Normalisation over a batch, a sample, or groups of channels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional.arguments import Sizes, rows, sizes_of, tensor_of, tensors_of


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise every channel over the batch: subtract its mean, divide by its deviation, scale and shift.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (N, C, ...)
    running_mean, running_var : Tensor, shape (C,), optional
        With `training` they move by the share `momentum` towards this batch's mean and (unbiased) variance;
        without it they are what is normalised with.
    weight, bias : Tensor, shape (C,), optional
    training : bool
        Whether to use this batch's own mean and variance.
    momentum, eps : float
        `eps` is added to the variance.

    Raises
    ------
    TypeError, ValueError
        When dtypes or shapes do not fit, or there is only one number for each channel to learn from.

    Examples
    --------
    >>> from autograd import tensor
    >>> batch_norm(tensor([[1.0], [3.0]]), None, None, training=True, eps=0.0)
    tensor([[-1.],
            [ 1.]])
    """
    input, mean, variance = tensors_of("batch_norm", input=input, running_mean=running_mean, running_var=running_var)
    weight, bias = tensors_of("batch_norm", weight=weight, bias=bias)
    if input.ndim < 2:
        raise ValueError(f"batch_norm: input {input.shape}; it has shape (samples, channels, ...)")
    channels = {"running_mean": mean, "running_var": variance, "weight": weight, "bias": bias}
    _check_channels("batch_norm", input, channels)
    weight, bias = _paired(weight, bias, input)
    if not training and mean is not None and variance is not None:
        given = {"mean": _constants(mean, input), "variance": _constants(variance, input)}
        return rows.batch_norm_inference(input, weight, bias, **given, eps=eps)
    if not training and (mean is None or variance is None):
        raise ValueError("batch_norm: without training it needs running_mean and running_var, but one is None")
    if training and input.numel() <= input.shape[1]:
        raise ValueError(
            f"batch_norm: input {input.shape} has no more than one number for each channel, so there is no variance "
            f"to train with; give more samples (DataLoader(..., drop_last=True) leaves out a last batch of one), or "
            f"use training=False, as model.eval() does"
        )
    if mean is None or variance is None:
        return rows.batch_norm(input, weight, bias, eps=eps)
    running = mean.numpy(), variance.numpy()
    out = rows.batch_norm(input, weight, bias, eps=eps, running=running, momentum=momentum)
    for statistic in (mean, variance):
        statistic.data = statistic  # its memory was written to
    return out


def _constants(statistic: Tensor, input: Tensor) -> np.ndarray:
    return statistic.numpy().astype(input.dtype, copy=False)


def _check_channels(operation: str, input: Tensor, given: dict[str, Tensor | None]) -> None:
    for name, parameter in given.items():
        if parameter is not None and parameter.shape != (input.shape[1],):
            raise ValueError(
                f"{operation}: {name} {parameter.shape} for input {input.shape}; it has shape ({input.shape[1]},), one "
                f"for each channel"
            )


def _paired(weight: Any, bias: Any, input: Tensor) -> tuple[Any, Any]:
    """A bias alone gets a weight of ones, because operands come in order."""
    if weight is None and bias is not None:
        weight = tensor_of("normalisation", "weight", np.ones(bias.shape, input.dtype))
    return weight, bias


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise every channel of every image (N, C, ...) by itself.

    The arguments are those of :func:`batch_norm`; `use_input_stats` is its `training`.

    Examples
    --------
    >>> from autograd import tensor
    >>> instance_norm(tensor([[[1.0, 3.0], [0.0, 4.0]]]), eps=0.0)
    tensor([[[-1.,  1.],
             [-1.,  1.]]])
    """
    input, mean, variance = tensors_of("instance_norm", input=input, running_mean=running_mean, running_var=running_var)
    weight, bias = tensors_of("instance_norm", weight=weight, bias=bias)
    if input.ndim < 3:
        raise ValueError(f"instance_norm: input {input.shape}; it has shape (images, channels, ...) with pixels")
    channels = {"running_mean": mean, "running_var": variance, "weight": weight, "bias": bias}
    _check_channels("instance_norm", input, channels)
    weight, bias = _paired(weight, bias, input)
    if not use_input_stats:
        if mean is None or variance is None:
            raise ValueError("instance_norm: without use_input_stats it needs running_mean and running_var")
        given = {"mean": _constants(mean, input), "variance": _constants(variance, input)}
        return rows.batch_norm_inference(input, weight, bias, **given, eps=eps)
    if math.prod(input.shape[2:]) == 1:
        raise ValueError(
            f"instance_norm: input {input.shape} has one pixel for each channel, so there is no variance; "
            f"give larger images, or use_input_stats=False"
        )
    if mean is not None and variance is not None:
        axes = tuple(range(2, input.ndim))
        images = input.numpy()
        found = images.mean(axes).mean(0), images.var(axes, ddof=1).mean(0)
        for statistic, batch in zip((mean, variance), found, strict=True):
            statistic.data = ((1 - momentum) * statistic.numpy() + momentum * batch).astype(statistic.dtype)
    return rows.group_norm(input, weight, bias, num_groups=input.shape[1], eps=eps)


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """Normalise every image (N, C, ...) over groups of its channels.

    Parameters
    ----------
    input : Tensor, shape (N, C, ...)
    num_groups : int
        A divisor of the number of channels.
    weight, bias : Tensor, shape (C,), optional
    eps : float
        Added to the variance.

    Raises
    ------
    TypeError, ValueError
        When dtypes, shapes or the number of groups do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> group_norm(tensor([[1.0, 3.0, 0.0, 4.0]]), 2, eps=0.0)
    tensor([[-1.,  1., -1.,  1.]])
    """
    input, weight, bias = tensors_of("group_norm", input=input, weight=weight, bias=bias)
    (groups,) = sizes_of("group_norm", "num_groups", num_groups, 1, 1)
    if input.ndim < 2 or input.shape[1] % groups:
        raise ValueError(
            f"group_norm: {groups} groups do not divide the channels of input {input.shape}, (samples, channels, ...)"
        )
    _check_channels("group_norm", input, {"weight": weight, "bias": bias})
    weight, bias = _paired(weight, bias, input)
    return rows.group_norm(input, weight, bias, num_groups=groups, eps=eps)


def _last_axes(operation: str, input: Tensor, normalized_shape: Any, **given: Tensor | None) -> tuple[int, ...]:
    shape = tuple(normalized_shape) if not isinstance(normalized_shape, int) else (normalized_shape,)
    if not shape or input.shape[max(input.ndim - len(shape), 0) :] != shape:
        raise ValueError(f"{operation}: the last sizes of input {input.shape} are not normalized_shape {shape}")
    for name, parameter in given.items():
        if parameter is not None and parameter.shape != shape:
            raise ValueError(f"{operation}: {name} {parameter.shape} must have normalized_shape {shape}")
    return shape


def layer_norm(
    input: Tensor,
    normalized_shape: Sizes,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise every sample over its last axes.

    Parameters
    ----------
    input : Tensor, shape (..., *normalized_shape)
    normalized_shape : int or sequence of int
        The sizes of the axes to normalise over.
    weight, bias : Tensor, shape normalized_shape, optional
    eps : float
        Added to the variance.

    Raises
    ------
    TypeError, ValueError
        When dtypes or shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> layer_norm(tensor([[1.0, 3.0], [0.0, 8.0]]), 2, eps=0.0)
    tensor([[-1.,  1.],
            [-1.,  1.]])
    """
    input, weight, bias = tensors_of("layer_norm", input=input, weight=weight, bias=bias)
    shape = _last_axes("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    weight, bias = _paired(weight, bias, input)
    return rows.layer_norm(input, weight, bias, normalized_shape=shape, eps=eps)


def rms_norm(input: Tensor, normalized_shape: Sizes, weight: Tensor | None = None, eps: float | None = None) -> Tensor:
    """Divide every sample by its root mean square over its last axes.

    Parameters
    ----------
    input : Tensor, shape (..., *normalized_shape)
    normalized_shape : int or sequence of int
        The sizes of the axes to normalise over.
    weight : Tensor, shape normalized_shape, optional
    eps : float, optional
        Added to the mean square; by default the smallest step from one of the dtype.

    Examples
    --------
    >>> from autograd import tensor
    >>> rms_norm(tensor([[1.0, 7.0]]), 2)
    tensor([[0.2, 1.4]])
    """
    input, weight = tensors_of("rms_norm", input=input, weight=weight)
    shape = _last_axes("rms_norm", input, normalized_shape, weight=weight)
    if eps is None and input.dtype.kind == "f":
        eps = float(np.finfo(input.dtype).eps)
    return rows.rms_norm(input, weight, normalized_shape=shape, eps=eps)


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Tensor:
    """Divide by the norm along `dim`, or by `eps` where the norm is smaller.

    Examples
    --------
    >>> from autograd import tensor
    >>> normalize(tensor([[3.0, 4.0]]))
    tensor([[0.6, 0.8]])
    """
    input = tensor_of("normalize", "input", input)
    return input / rows.maximum(rows.norm(input, p, dim, True), eps)

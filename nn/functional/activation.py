"""Activation functions, with PyTorch's arguments; the rules stand in the op table."""

from __future__ import annotations

import math
from typing import Any

from autograd import Tensor
from autograd.dtypes import checked_dtype
from nn.functional.arguments import choice_of, rows, tensor_of


def _apply(name: str, input: Any, *constants: float, inplace: bool = False) -> Tensor:
    input = tensor_of(name, "input", input)
    return getattr(input, f"{name}_" if inplace else name)(*constants)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Rectified linear unit: max(0, x).

    Examples
    --------
    >>> from autograd import tensor
    >>> relu(tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return _apply("relu", input, inplace=inplace)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """ReLU that stops at six.

    Examples
    --------
    >>> from autograd import tensor
    >>> relu6(tensor([-1.0, 9.0]))
    tensor([0., 6.])
    """
    return _apply("relu6", input, inplace=inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """ReLU with a small slope below zero.

    Examples
    --------
    >>> from autograd import tensor
    >>> leaky_relu(tensor([-1.0, 2.0]), 0.5)
    tensor([-0.5,  2. ])
    """
    return _apply("leaky_relu", input, negative_slope, inplace=inplace)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """ReLU with a learned slope below zero: one for all, or one for each channel (the second axis).

    Raises
    ------
    ValueError
        When there are several slopes, but not one for each channel.

    Examples
    --------
    >>> from autograd import tensor
    >>> prelu(tensor([[-1.0, -1.0]]), tensor([0.5, 0.25]))
    tensor([[-0.5 , -0.25]])
    """
    input, weight = tensor_of("prelu", "input", input), tensor_of("prelu", "weight", weight)
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.ndim > 1 or weight.numel() not in (1, channels):
        raise ValueError(f"prelu: weight {weight.shape} for input {input.shape}; give 1 slope or {channels}")
    if weight.numel() > 1:
        weight = weight.reshape(-1, *(1,) * (input.ndim - 2))
    return rows.leaky_relu(input, weight.reshape(()) if input.ndim == 0 else weight)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Exponential linear unit: alpha (e^x - 1) below zero.

    Examples
    --------
    >>> from autograd import tensor
    >>> elu(tensor([0.0, 2.0]))
    tensor([0., 2.])
    """
    return _apply("elu", input, alpha, inplace=inplace)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """ELU scaled so that activations keep mean zero and variance one.

    Examples
    --------
    >>> from autograd import tensor
    >>> selu(tensor([0.0]))
    tensor([0.])
    """
    return _apply("selu", input, inplace=inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """ELU whose derivative is continuous for every alpha.

    Examples
    --------
    >>> from autograd import tensor
    >>> celu(tensor([0.0, 2.0]), 0.5)
    tensor([0., 2.])
    """
    return _apply("celu", input, alpha, inplace=inplace)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """Gaussian error linear unit: x times the normal distribution function, or its approximation by "tanh".

    Examples
    --------
    >>> from autograd import tensor
    >>> gelu(tensor([0.0]))
    tensor([0.])
    """
    if choice_of("gelu", "approximate", approximate, ["none", "tanh"]) == "none":
        return _apply("gelu", input)
    x = tensor_of("gelu", "input", input)
    return 0.5 * x * (1.0 + rows.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * (x * x * x))))


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """Sigmoid linear unit: x σ(x), also called swish.

    Examples
    --------
    >>> from autograd import tensor
    >>> silu(tensor([0.0]))
    tensor([0.])
    """
    return _apply("silu", input, inplace=inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """X times tanh of softplus.

    Examples
    --------
    >>> from autograd import tensor
    >>> mish(tensor([0.0]))
    tensor([0.])
    """
    return _apply("mish", input, inplace=inplace)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Smooth ReLU: ln(1 + e^(beta x)) / beta, and x itself where beta x is above the threshold.

    Examples
    --------
    >>> from autograd import tensor
    >>> softplus(tensor([0.0, 30.0]))
    tensor([ 0.6931472, 30.       ])
    """
    x = tensor_of("softplus", "input", input)
    scaled = x if beta == 1 else x * beta
    out = rows.softplus(scaled) if beta == 1 else rows.softplus(scaled) / beta
    # Where the exact rule gives x as well, to the last digit, one gate is enough.
    beyond = scaled.numpy() > threshold
    return rows.where(beyond, x, out) if beyond.any() else out


def softsign(input: Tensor) -> Tensor:
    """X divided by 1 + |x|.

    Examples
    --------
    >>> from autograd import tensor
    >>> softsign(tensor([1.0]))
    tensor([0.5])
    """
    return _apply("softsign", input)


def sigmoid(input: Tensor) -> Tensor:
    """Squash to (0, 1): 1 / (1 + e^-x).

    Examples
    --------
    >>> from autograd import tensor
    >>> sigmoid(tensor([0.0]))
    tensor([0.5])
    """
    return _apply("sigmoid", input)


def logsigmoid(input: Tensor) -> Tensor:
    """Logarithm of the sigmoid, accurate in both tails.

    Examples
    --------
    >>> from autograd import tensor
    >>> logsigmoid(tensor([-100.0]))
    tensor([-100.])
    """
    return _apply("logsigmoid", input)


def tanh(input: Tensor) -> Tensor:
    """Squash to (-1, 1): the hyperbolic tangent.

    Examples
    --------
    >>> from autograd import tensor
    >>> tanh(tensor([0.0]))
    tensor([0.])
    """
    return _apply("tanh", input)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """Limit to an interval; outside of it, and at its ends, the derivative is zero.

    Raises
    ------
    ValueError
        When the interval is empty.

    Examples
    --------
    >>> from autograd import tensor
    >>> hardtanh(tensor([-3.0, 0.5]))
    tensor([-1. ,  0.5])
    """
    if not min_val <= max_val:
        raise ValueError(f"hardtanh: min_val {min_val} is larger than max_val {max_val}")
    if (min_val, max_val) == (-1.0, 1.0):
        return _apply("hardtanh", input, inplace=inplace)
    x = tensor_of("hardtanh", "input", input)
    out = rows.where(x <= min_val, min_val, rows.where(x >= max_val, max_val, x))
    return x.copy_(out) if inplace else out


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """Sigmoid made of three straight lines.

    Examples
    --------
    >>> from autograd import tensor
    >>> hardsigmoid(tensor([-4.0, 0.0]))
    tensor([0. , 0.5])
    """
    return _apply("hardsigmoid", input, inplace=inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """SiLU with the hard sigmoid.

    Examples
    --------
    >>> from autograd import tensor
    >>> hardswish(tensor([-4.0, 3.0]))
    tensor([-0.,  3.])
    """
    return _apply("hardswish", input, inplace=inplace)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """Gated linear unit: the first half along `dim` times the sigmoid of the second.

    Raises
    ------
    ValueError
        When the size along `dim` is odd.

    Examples
    --------
    >>> from autograd import tensor
    >>> glu(tensor([4.0, 0.0]))
    tensor([2.])
    """
    x = tensor_of("glu", "input", input)
    if x.ndim == 0 or x.shape[dim] % 2:
        raise ValueError(f"glu: the size of input {x.shape} along dim {dim} is odd, so it has no halves")
    half = x.shape[dim] // 2
    return x.narrow(dim, 0, half) * rows.sigmoid(x.narrow(dim, half, half))


def _along(name: str, input: Any, dim: int | None, dtype: Any) -> Tensor:
    x = tensor_of(name, "input", input)
    if dim is None:
        raise TypeError(f"{name}: name the axis along which the numbers belong together, such as dim=-1")
    return getattr(rows, name)(x if dtype is None else x.to(checked_dtype(dtype, name)), dim)


def softmax(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
    """Make positive numbers with the sum 1 along `dim`: exponentials divided by their sum.

    Raises
    ------
    TypeError
        When no `dim` is given, or the input holds whole numbers and no `dtype` is given.

    Examples
    --------
    >>> from autograd import tensor
    >>> softmax(tensor([1.0, 1.0]), dim=0)
    tensor([0.5, 0.5])
    """
    return _along("softmax", input, dim, dtype)


def softmin(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
    """Softmax of the negative numbers.

    Examples
    --------
    >>> from autograd import tensor
    >>> softmin(tensor([1.0, 1.0]), dim=0)
    tensor([0.5, 0.5])
    """
    return _along("softmax", -tensor_of("softmin", "input", input), dim, dtype)


def log_softmax(input: Tensor, dim: int | None = None, *, dtype: Any = None) -> Tensor:
    """Logarithm of softmax along `dim`, without overflow on the way.

    Examples
    --------
    >>> from autograd import tensor
    >>> log_softmax(tensor([0.0, 0.0]), dim=0)
    tensor([-0.6931472, -0.6931472])
    """
    return _along("log_softmax", input, dim, dtype)

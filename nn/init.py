"""Initialisation: the numbers that weights start from.

Every function writes into the tensor it is given and returns it.  Random numbers come from
autograd's generator, so ``autograd.manual_seed`` repeats them.

>>> import autograd, nn
>>> autograd.manual_seed(0)
>>> weight = nn.init.kaiming_normal_(nn.Linear(500, 300).weight)
>>> round(weight.std().item(), 2) == round((2 / 500) ** 0.5, 2)
True
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.creation import generator
from nn.functional.arguments import choice_of

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]


def _checked(operation: str, tensor: Any, *ranks: int) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{operation}: takes a tensor or parameter, got {type(tensor).__name__}")
    if tensor.dtype.kind != "f":
        raise TypeError(f"{operation}: takes a tensor of floats, got {tensor.dtype}")
    if ranks and tensor.ndim not in ranks:
        raise ValueError(f"{operation}: takes a tensor with {' or '.join(map(str, ranks))} axes, got {tensor.shape}")
    return tensor


def _written(tensor: Tensor, numbers: Any) -> Tensor:
    """Put the numbers in, also where a graph is being recorded, and return the tensor."""
    tensor.data = np.asarray(numbers, tensor.dtype)
    return tensor


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the factor by which weights before an activation are enlarged, to keep the variance.

    Parameters
    ----------
    nonlinearity : str
        "linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu", or "conv2d" and its like.
    param : float, optional
        The negative slope of a leaky ReLU; 0.01 by default.

    Raises
    ------
    ValueError
        When it is another word.

    Examples
    --------
    >>> calculate_gain("relu"), calculate_gain("tanh")
    (1.4142135623730951, 1.6666666666666667)
    """
    gains = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2.0), "selu": 3 / 4}
    gains |= {f"conv{way}{rank}d": 1.0 for way in ("", "_transpose") for rank in (1, 2, 3)}
    gains["leaky_relu"] = math.sqrt(2.0 / (1.0 + (0.01 if param is None else param) ** 2))
    return gains[choice_of("calculate_gain", "nonlinearity", nonlinearity, list(gains))]


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """Fill with uniform random numbers from `a` to `b`.

    Examples
    --------
    >>> uniform_(zeros(2, 2), 3.0, 3.0)
    tensor([[3., 3.],
            [3., 3.]])
    """
    _checked("uniform_", tensor)
    if not a <= b:
        raise ValueError(f"uniform_: a is not larger than b, got {a} and {b}")
    return _written(tensor, a + generator().random(tensor.shape, tensor.dtype) * (b - a))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    """Fill with normal random numbers.

    Examples
    --------
    >>> normal_(zeros(2), 3.0, 0.0)
    tensor([3., 3.])
    """
    _checked("normal_", tensor)
    if not std >= 0:
        raise ValueError(f"normal_: the standard deviation is not negative, got {std}")
    return _written(tensor, mean + generator().standard_normal(tensor.shape, tensor.dtype) * std)


def trunc_normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0) -> Tensor:
    """Fill with normal random numbers between `a` and `b`: those outside are drawn again.

    Raises
    ------
    ValueError
        When less than a hundredth of the normal numbers lie between them.

    Examples
    --------
    >>> bool((trunc_normal_(zeros(100)).abs() <= 2).all())
    True
    """
    _checked("trunc_normal_", tensor)
    if not std > 0 or not a < b:
        raise ValueError(f"trunc_normal_: std is positive and a is smaller than b, got {std}, {a} and {b}")
    share = NormalDist(mean, std).cdf(b) - NormalDist(mean, std).cdf(a)
    if not share >= 0.01:
        raise ValueError(
            f"trunc_normal_: only a share of {share:.2g} of normal numbers with mean {mean} and deviation {std} is "
            f"between {a} and {b}; move the interval towards the mean"
        )
    numbers = generator().normal(mean, std, tensor.shape)
    while (outside := (numbers < a) | (numbers > b)).any():
        numbers[outside] = generator().normal(mean, std, int(outside.sum()))
    return _written(tensor, numbers)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one number.

    Examples
    --------
    >>> constant_(zeros(2), 0.1)
    tensor([0.1, 0.1])
    """
    return _written(_checked("constant_", tensor), np.full(tensor.shape, val))


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros.

    Examples
    --------
    >>> zeros_(ones(2))
    tensor([0., 0.])
    """
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones.

    Examples
    --------
    >>> ones_(zeros(2))
    tensor([1., 1.])
    """
    return constant_(tensor, 1.0)


def eye_(tensor: Tensor) -> Tensor:
    """Make a matrix the identity: a linear layer with it gives back its input.

    Examples
    --------
    >>> eye_(zeros(2, 3))
    tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    return _written(_checked("eye_", tensor, 2), np.eye(tensor.shape[0], tensor.shape[1]))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Make the weight of a convolution the identity: every output channel is an input channel.

    Raises
    ------
    ValueError
        When it is no weight of a convolution, or the groups do not divide its output channels.

    Examples
    --------
    >>> dirac_(zeros(1, 1, 3))
    tensor([[[0., 1., 0.]]])
    """
    _checked("dirac_", tensor, 3, 4, 5)
    outputs, inputs = tensor.shape[:2]
    if groups < 1 or outputs % groups:
        raise ValueError(f"dirac_: {groups} groups do not divide the {outputs} output channels of {tensor.shape}")
    numbers = np.zeros(tensor.shape)
    centre = tuple(n // 2 for n in tensor.shape[2:])
    for output in range(outputs):
        channel = output % (outputs // groups)
        if channel < inputs:
            numbers[(output, channel, *centre)] = 1.0
    return _written(tensor, numbers)


def _fans(operation: str, tensor: Any) -> tuple[int, int]:
    """How many numbers a unit adds up, and to how many units a number goes."""
    if _checked(operation, tensor).ndim < 2:
        raise ValueError(f"{operation}: takes a weight (outputs, inputs, ...) with at least 2 axes, got {tensor.shape}")
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def _xavier_deviation(operation: str, tensor: Any, gain: float) -> float:
    return gain * math.sqrt(2.0 / max(sum(_fans(operation, tensor)), 1))


def _kaiming_deviation(operation: str, tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    inputs, outputs = _fans(operation, tensor)
    fan = inputs if choice_of(operation, "mode", mode, ["fan_in", "fan_out"]) == "fan_in" else outputs
    return calculate_gain(nonlinearity, a) / math.sqrt(max(fan, 1))


def xavier_uniform_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Fill with uniform numbers of variance gain² 2 / (inputs + outputs), after Glorot and Bengio (2010).

    Examples
    --------
    >>> bool((xavier_uniform_(zeros(3, 3)).abs() <= 1).all())
    True
    """
    bound = math.sqrt(3.0) * _xavier_deviation("xavier_uniform_", tensor, gain)
    return uniform_(tensor, -bound, bound)


def xavier_normal_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Fill with normal numbers of variance gain² 2 / (inputs + outputs), after Glorot and Bengio (2010).

    Examples
    --------
    >>> xavier_normal_(zeros(3, 3)).shape
    (3, 3)
    """
    return normal_(tensor, 0.0, _xavier_deviation("xavier_normal_", tensor, gain))


def kaiming_uniform_(tensor: Tensor, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu") -> Tensor:
    """Fill with uniform numbers of variance gain² / inputs, after He et al. (2015).

    Parameters
    ----------
    tensor : Tensor, shape (outputs, inputs, ...)
    a : float
        The negative slope of a leaky ReLU; 0 is ReLU.
    mode : {"fan_in", "fan_out"}
        Whether to divide by the inputs, which keeps the variance forward, or by the outputs, backward.
    nonlinearity : str
        See :func:`calculate_gain`.

    Examples
    --------
    >>> bool((kaiming_uniform_(zeros(3, 6)).abs() <= 1).all())
    True
    """
    bound = math.sqrt(3.0) * _kaiming_deviation("kaiming_uniform_", tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound)


def kaiming_normal_(tensor: Tensor, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu") -> Tensor:
    """Fill with normal numbers of variance gain² / inputs, after He et al. (2015); see :func:`kaiming_uniform_`.

    Examples
    --------
    >>> kaiming_normal_(zeros(3, 6)).shape
    (3, 6)
    """
    return normal_(tensor, 0.0, _kaiming_deviation("kaiming_normal_", tensor, a, mode, nonlinearity))


def orthogonal_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Make the rows (or, if there are fewer, the columns) orthogonal, of length `gain`, after Saxe et al. (2013).

    Axes after the first count as columns.

    Examples
    --------
    >>> weight = orthogonal_(zeros(2, 3))
    >>> bool(((weight @ weight.T - eye(2)).abs() < 1e-5).all())
    True
    """
    if _checked("orthogonal_", tensor).ndim < 2:
        raise ValueError(f"orthogonal_: takes a tensor with at least 2 axes, got {tensor.shape}")
    if not tensor.numel():
        return tensor
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    q, r = np.linalg.qr(generator().standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diagonal(r))  # else the matrices are not uniformly distributed
    return _written(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01) -> Tensor:
    """Fill a matrix with normal numbers, and a share `sparsity` of every column with zeros.

    Examples
    --------
    >>> (sparse_(zeros(10, 3), 0.3) == 0).sum(0)
    tensor([3, 3, 3])
    """
    rows, columns = _checked("sparse_", tensor, 2).shape
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparse_: the share of zeros is between 0 and 1, got {sparsity}")
    normal_(tensor, 0.0, std)
    numbers = tensor.numpy().copy()
    empty = math.ceil(sparsity * rows)
    for column in range(columns):
        numbers[generator().permutation(rows)[:empty], column] = 0.0
    return _written(tensor, numbers)

"""Activations with options or parameters as modules; the functions stand in :mod:`nn.functional`."""

from __future__ import annotations

from typing import Any

from autograd import Tensor, full
from nn import functional as F
from nn.modules.module import Module
from nn.parameter import Parameter


class LeakyReLU(Module):
    """ReLU with a small slope below zero; see :func:`nn.functional.leaky_relu`.

    Parameters
    ----------
    negative_slope : float
    inplace : bool

    Examples
    --------
    >>> from autograd import tensor
    >>> LeakyReLU(0.5)(tensor([-1.0, 2.0]))
    tensor([-0.5,  2. ])
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"negative_slope={self.negative_slope}" + _in_place(self.inplace)


class PReLU(Module):
    """ReLU with a learned slope below zero; see :func:`nn.functional.prelu`.

    Parameters
    ----------
    num_parameters : int
        One slope for all, or one for each channel.
    init : float
        The slope at the start.
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape (num_parameters,)

    Examples
    --------
    >>> from autograd import tensor
    >>> PReLU()(tensor([-1.0, 2.0]))
    tensor([-0.25,  2.  ], op=leaky_relu)
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: Any = None) -> None:
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(full((num_parameters,), float(init), dtype=dtype))

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        """Return the number of slopes."""
        return f"num_parameters={self.num_parameters}"


class ELU(Module):
    """Exponential linear unit; see :func:`nn.functional.elu`.

    Parameters
    ----------
    alpha : float
        Minus the limit for small numbers.
    inplace : bool

    Examples
    --------
    >>> from autograd import tensor
    >>> ELU()(tensor([0.0, 2.0]))
    tensor([0., 2.])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"alpha={self.alpha}" + _in_place(self.inplace)


class CELU(ELU):
    """ELU whose derivative is continuous for every alpha; see :func:`nn.functional.celu`.

    Examples
    --------
    >>> from autograd import tensor
    >>> CELU(0.5)(tensor([0.0, 2.0]))
    tensor([0., 2.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.celu(input, self.alpha, self.inplace)


class GELU(Module):
    """Gaussian error linear unit; see :func:`nn.functional.gelu`.

    Parameters
    ----------
    approximate : {"none", "tanh"}

    Examples
    --------
    >>> from autograd import tensor
    >>> GELU()(tensor([0.0]))
    tensor([0.])
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        """Return the option."""
        return f"approximate={self.approximate!r}"


class Softplus(Module):
    """Smooth ReLU; see :func:`nn.functional.softplus`.

    Parameters
    ----------
    beta : float
        How sharp the bend is.
    threshold : float
        Where beta x is above it, the result is x itself.

    Examples
    --------
    >>> from autograd import tensor
    >>> Softplus()(tensor([30.0]))
    tensor([30.])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"beta={self.beta}, threshold={self.threshold}"


class Hardtanh(Module):
    """Limit to an interval; see :func:`nn.functional.hardtanh`.

    Parameters
    ----------
    min_val, max_val : float
    inplace : bool

    Raises
    ------
    ValueError
        When the interval is empty.

    Examples
    --------
    >>> from autograd import tensor
    >>> Hardtanh()(tensor([-3.0, 0.5]))
    tensor([-1. ,  0.5])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        if not min_val < max_val:
            raise ValueError(f"Hardtanh: min_val is smaller than max_val, got {min_val} and {max_val}")
        self.min_val, self.max_val, self.inplace = min_val, max_val, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"min_val={self.min_val}, max_val={self.max_val}" + _in_place(self.inplace)


class GLU(Module):
    """Gated linear unit: half of the numbers times the sigmoid of the other half; see :func:`nn.functional.glu`.

    Parameters
    ----------
    dim : int
        The axis that is halved.

    Examples
    --------
    >>> from autograd import tensor
    >>> GLU()(tensor([4.0, 0.0]))
    tensor([2.])
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Return half as many numbers."""
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        """Return the axis."""
        return f"dim={self.dim}"


class Softmax(Module):
    """Probabilities: positive numbers with the sum 1 along an axis; see :func:`nn.functional.softmax`.

    Parameters
    ----------
    dim : int
        The axis of the classes; calling it without is an error.

    Examples
    --------
    >>> from autograd import tensor
    >>> Softmax(dim=1)(tensor([[1.0, 1.0]]))
    tensor([[0.5, 0.5]])
    """

    function = staticmethod(F.softmax)

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Return numbers of the same shape."""
        return self.function(input, self.dim)

    def extra_repr(self) -> str:
        """Return the axis."""
        return f"dim={self.dim}"


class Softmin(Softmax):
    """Softmax of the negative numbers; see :func:`nn.functional.softmin`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Softmin(dim=1)(tensor([[1.0, 1.0]]))
    tensor([[0.5, 0.5]])
    """

    function = staticmethod(F.softmin)


class LogSoftmax(Softmax):
    """Logarithm of softmax; see :func:`nn.functional.log_softmax`.

    Examples
    --------
    >>> from autograd import tensor
    >>> LogSoftmax(dim=0)(tensor([0.0]))
    tensor([0.])
    """

    function = staticmethod(F.log_softmax)


def _in_place(inplace: bool) -> str:
    return ", inplace=True" if inplace else ""

"""The fully connected layer, and its relatives."""

from __future__ import annotations

import math
from typing import Any

from autograd import Tensor, empty
from nn import functional as F
from nn import init
from nn.functional.arguments import check_counts
from nn.modules.module import Module
from nn.parameter import Parameter


def uniform_parameter(*shape: int, bound: float, dtype: Any = None) -> Parameter:
    """Return a parameter that starts uniform between -bound and bound.

    Examples
    --------
    >>> uniform_parameter(2, bound=0.0)
    Parameter([0., 0.], requires_grad=True)
    """
    parameter = Parameter(empty(*shape, dtype=dtype))
    init.uniform_(parameter, -bound, bound)
    return parameter


def inverse_root(count: int) -> float:
    """Return 1/√count, the bound of PyTorch's weights for so many inputs; 0 without any.

    Examples
    --------
    >>> inverse_root(4)
    0.5
    """
    return 1 / math.sqrt(count) if count else 0.0


class Linear(Module):
    """Fully connected layer: x Wᵀ + b.

    The weights start uniform between -1/√in and 1/√in, as PyTorch's.

    Parameters
    ----------
    in_features, out_features : int
        The number of inputs and of outputs.
    bias : bool
        Whether to add a bias.
    dtype : numpy.dtype, optional
        float32 or float64.

    Attributes
    ----------
    weight : Parameter, shape (out_features, in_features)
    bias : Parameter, shape (out_features,), or None

    Examples
    --------
    >>> from autograd import zeros
    >>> Linear(3, 2)(zeros(5, 3)).shape
    (5, 2)
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True, dtype: Any = None) -> None:
        check_counts("Linear", in_features=in_features, out_features=out_features)
        self.in_features, self.out_features = in_features, out_features
        bound = inverse_root(in_features)
        self.weight = uniform_parameter(out_features, in_features, bound=bound, dtype=dtype)
        self.bias = uniform_parameter(out_features, bound=bound, dtype=dtype) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        """Return the outputs, shape (..., out_features)."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Bilinear(Module):
    """Layer of two inputs: every output is x₁ᵀ W x₂ + b with a matrix of its own.

    Parameters
    ----------
    in1_features, in2_features, out_features : int
    bias : bool
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape (out_features, in1_features, in2_features)
    bias : Parameter, shape (out_features,), or None

    Examples
    --------
    >>> from autograd import zeros
    >>> Bilinear(3, 4, 2)(zeros(5, 3), zeros(5, 4)).shape
    (5, 2)
    """

    def __init__(
        self, in1_features: int, in2_features: int, out_features: int, bias: bool = True, dtype: Any = None
    ) -> None:
        check_counts("Bilinear", in1_features=in1_features, in2_features=in2_features, out_features=out_features)
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        bound = inverse_root(in1_features)
        self.weight = uniform_parameter(out_features, in1_features, in2_features, bound=bound, dtype=dtype)
        self.bias = uniform_parameter(out_features, bound=bound, dtype=dtype) if bias else None

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        """Return the outputs, shape (..., out_features)."""
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


class Maxout(Module):
    """Largest of several fully connected layers: max(w₁ᵀx + b₁, w₂ᵀx + b₂, ...), after Goodfellow et al. (2013).

    ReLU and leaky ReLU are special cases; it does not saturate, for twice the parameters.

    Parameters
    ----------
    in_features, out_features : int
    num_pieces : int
        How many layers compete.
    bias : bool
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape (out_features * num_pieces, in_features)
        The pieces of one output follow each other.
    bias : Parameter, shape (out_features * num_pieces,), or None

    Raises
    ------
    ValueError
        When there is no piece.

    Examples
    --------
    >>> from autograd import tensor
    >>> absolute = Maxout(1, 1, bias=False)
    >>> absolute.weight.data = tensor([[1.0], [-1.0]])
    >>> absolute(tensor([[-3.0], [2.0]]))
    tensor([[3.],
            [2.]], op=amax)
    """

    def __init__(
        self, in_features: int, out_features: int, num_pieces: int = 2, bias: bool = True, dtype: Any = None
    ) -> None:
        check_counts("Maxout", in_features=in_features, out_features=out_features)
        check_counts("Maxout", 1, num_pieces=num_pieces)
        self.in_features, self.out_features, self.num_pieces = in_features, out_features, num_pieces
        bound = inverse_root(in_features)
        self.weight = uniform_parameter(out_features * num_pieces, in_features, bound=bound, dtype=dtype)
        self.bias = uniform_parameter(out_features * num_pieces, bound=bound, dtype=dtype) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        """Return the outputs, shape (..., out_features)."""
        pieces = F.linear(input, self.weight, self.bias)
        return pieces.reshape(*pieces.shape[:-1], self.out_features, self.num_pieces).amax(-1)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"num_pieces={self.num_pieces}, bias={self.bias is not None}"
        )

"""The fully connected layer."""

from __future__ import annotations

import math

from autograd import Tensor, rand
from nn import functional as F
from nn.modules.module import Module
from nn.parameter import Parameter


class Linear(Module):
    """Fully connected layer: x Wᵀ + b.

    The weights start uniform between -1/√in and 1/√in, as PyTorch's.

    Parameters
    ----------
    in_features, out_features : int
        The number of inputs and of outputs.
    bias : bool
        Whether to add a bias.

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

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        self.in_features, self.out_features = in_features, out_features
        bound = 1 / math.sqrt(in_features) if in_features else 0.0
        self.weight = Parameter((rand(out_features, in_features) * 2 - 1) * bound)
        self.bias = Parameter((rand(out_features) * 2 - 1) * bound) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        """Return the outputs, shape (..., out_features)."""
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"

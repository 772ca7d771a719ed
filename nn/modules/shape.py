"""Modules that change shapes, or nothing."""

from __future__ import annotations

from typing import Any

from autograd import Tensor
from nn.modules.module import Module


class Flatten(Module):
    """Put several axes into one; by default all but the first.

    Examples
    --------
    >>> from autograd import zeros
    >>> Flatten()(zeros(2, 3, 4)).shape
    (2, 12)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        """Return the same numbers in another shape."""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Return the axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """Give back what it is given.

    Examples
    --------
    >>> Identity()(3)
    3
    """

    def __init__(self, *ignored: Any, **named: Any) -> None:
        pass

    def forward(self, input: Any) -> Any:
        """Return the input."""
        return input

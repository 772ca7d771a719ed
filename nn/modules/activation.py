"""Activations as modules."""

from __future__ import annotations

from autograd import Tensor
from nn import functional as F
from nn.modules.module import Module


class ReLU(Module):
    """Zero for negative numbers; see :func:`nn.functional.relu`.

    Examples
    --------
    >>> from autograd import tensor
    >>> ReLU()(tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.relu(input)

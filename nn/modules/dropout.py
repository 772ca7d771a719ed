"""Dropout as modules: they act in training and do nothing after ``eval()``."""

from __future__ import annotations

from collections.abc import Callable

from autograd import Tensor
from nn import functional as F
from nn.modules.module import Module


class Dropout(Module):
    """Set numbers to zero with probability `p` and divide the others by 1 - p, in training.

    Parameters
    ----------
    p : float
    inplace : bool
        Whether to change the input itself.

    Raises
    ------
    ValueError
        When `p` is no probability.

    Examples
    --------
    >>> from autograd import ones
    >>> Dropout(0.5).eval()(ones(3))
    tensor([1., 1., 1.])
    """

    function: Callable[..., Tensor] = staticmethod(F.dropout)

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: the probability p is between 0 and 1, got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Return the input with zeros in it."""
        return self.function(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout1d(Dropout):
    """Drop whole channels of signals (N, C, L); see :class:`Dropout`.

    Examples
    --------
    >>> from autograd import ones
    >>> Dropout1d(1.0)(ones(1, 2, 1))
    tensor([[[0.],
             [0.]]])
    """

    function = staticmethod(F.dropout1d)


class Dropout2d(Dropout):
    """Drop whole channels of images (N, C, H, W); see :class:`Dropout`.

    Examples
    --------
    >>> from autograd import ones
    >>> Dropout2d(1.0)(ones(1, 1, 1, 2))
    tensor([[[[0., 0.]]]])
    """

    function = staticmethod(F.dropout2d)


class AlphaDropout(Dropout):
    """Dropout for SELU, which keeps mean and variance; see :func:`nn.functional.alpha_dropout`.

    Examples
    --------
    >>> from autograd import ones
    >>> AlphaDropout(0.5).eval()(ones(3))
    tensor([1., 1., 1.])
    """

    function = staticmethod(F.alpha_dropout)

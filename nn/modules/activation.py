"""Activations without options as modules; the functions stand in :mod:`nn.functional`."""

from __future__ import annotations

from collections.abc import Callable

from autograd import Tensor
from nn import functional as F
from nn.modules.module import Module


class Elementwise(Module):
    """An activation without options: applies one function.

    Examples
    --------
    >>> from nn import functional as F
    >>> class Squash(Elementwise):
    ...     function = staticmethod(F.tanh)
    >>> Squash()
    Squash()
    """

    function: Callable[..., Tensor]

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return self.function(input)


class InPlace(Elementwise):
    """An activation that may change its input instead of returning a new tensor.

    Parameters
    ----------
    inplace : bool
        Whether it does.

    Examples
    --------
    >>> import nn
    >>> nn.ReLU(inplace=True)
    ReLU(inplace=True)
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Apply it to every element."""
        return self.function(input, inplace=self.inplace)

    def extra_repr(self) -> str:
        """Return ``inplace=True`` where it is."""
        return "inplace=True" if self.inplace else ""


class ReLU(InPlace):
    """Zero for negative numbers; see :func:`nn.functional.relu`.

    Examples
    --------
    >>> from autograd import tensor
    >>> ReLU()(tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    function = staticmethod(F.relu)


class ReLU6(InPlace):
    """ReLU that stops at six; see :func:`nn.functional.relu6`.

    Examples
    --------
    >>> from autograd import tensor
    >>> ReLU6()(tensor([-1.0, 9.0]))
    tensor([0., 6.])
    """

    function = staticmethod(F.relu6)


class SELU(InPlace):
    """ELU scaled so that activations keep mean zero and variance one; see :func:`nn.functional.selu`.

    Examples
    --------
    >>> from autograd import tensor
    >>> SELU()(tensor([0.0]))
    tensor([0.])
    """

    function = staticmethod(F.selu)


class SiLU(InPlace):
    """X times its sigmoid, also called swish; see :func:`nn.functional.silu`.

    Examples
    --------
    >>> from autograd import tensor
    >>> SiLU()(tensor([0.0]))
    tensor([0.])
    """

    function = staticmethod(F.silu)


class Mish(InPlace):
    """X times tanh of softplus; see :func:`nn.functional.mish`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Mish()(tensor([0.0]))
    tensor([0.])
    """

    function = staticmethod(F.mish)


class Hardsigmoid(InPlace):
    """Sigmoid made of three straight lines; see :func:`nn.functional.hardsigmoid`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Hardsigmoid()(tensor([-4.0, 0.0]))
    tensor([0. , 0.5])
    """

    function = staticmethod(F.hardsigmoid)

    def extra_repr(self) -> str:
        """Return nothing, as PyTorch's."""
        return ""


class Hardswish(InPlace):
    """X times the hard sigmoid; see :func:`nn.functional.hardswish`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Hardswish()(tensor([3.0]))
    tensor([3.])
    """

    function = staticmethod(F.hardswish)

    def extra_repr(self) -> str:
        """Return nothing, as PyTorch's."""
        return ""


class Sigmoid(Elementwise):
    """Squash to (0, 1); see :func:`nn.functional.sigmoid`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Sigmoid()(tensor([0.0]))
    tensor([0.5])
    """

    function = staticmethod(F.sigmoid)


class LogSigmoid(Elementwise):
    """Logarithm of the sigmoid; see :func:`nn.functional.logsigmoid`.

    Examples
    --------
    >>> from autograd import tensor
    >>> LogSigmoid()(tensor([-100.0]))
    tensor([-100.])
    """

    function = staticmethod(F.logsigmoid)


class Tanh(Elementwise):
    """Squash to (-1, 1); see :func:`nn.functional.tanh`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Tanh()(tensor([0.0]))
    tensor([0.])
    """

    function = staticmethod(F.tanh)


class Softsign(Elementwise):
    """X divided by 1 + |x|; see :func:`nn.functional.softsign`.

    Examples
    --------
    >>> from autograd import tensor
    >>> Softsign()(tensor([1.0]))
    tensor([0.5])
    """

    function = staticmethod(F.softsign)

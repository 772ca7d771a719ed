"""Tensors that a module owns: parameters, which are trained, and buffers, which are only kept."""

from __future__ import annotations

from typing import Any

from autograd import Tensor


class Parameter(Tensor):
    """A tensor that a module trains: assigned to an attribute, it is found by ``module.parameters()``.

    Parameters
    ----------
    data : array-like
        The numbers to start from, which are copied.
    requires_grad : bool
        Whether a backward pass computes its gradient; ``False`` freezes it.

    Raises
    ------
    TypeError
        When `data` holds whole numbers, which have no gradient.

    Examples
    --------
    >>> Parameter([1.0, 2.0])
    Parameter([1., 2.], requires_grad=True)
    """

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        super().__init__(data, requires_grad=requires_grad)

    def __repr__(self) -> str:
        return "Parameter" + super().__repr__().removeprefix("tensor")


class Buffer(Tensor):
    """A tensor that belongs to the state of a module but is not trained, such as a running mean.

    Parameters
    ----------
    data : array-like
        The numbers to start from, which are copied.
    persistent : bool
        Whether it is part of ``module.state_dict()``.

    Examples
    --------
    >>> Buffer([0.0]).requires_grad
    False
    """

    persistent = True

    def __init__(self, data: Any, persistent: bool = True) -> None:
        super().__init__(data)
        self.persistent = persistent

    def __reduce__(self) -> tuple[Any, ...]:
        return (*super().__reduce__(), {"persistent": self.persistent})

"""How the functions of tensors become methods of ``Tensor``, and how they look at their arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autograd import tensor_methods  # noqa: F401  # the rows' methods come first: a function may take the place of one
from autograd.tensor import ARRAYS, Tensor, as_constant
from autograd.value import describe

Function = TypeVar("Function", bound=Callable[..., Any])

METHODS: dict[str, Callable[..., Any]] = {}
"""What becomes a method of ``Tensor``, by its name."""


def method(*names: str) -> Callable[[Function], Function]:
    """Make a function a method of ``Tensor``: by its own name, or by those given."""

    def register(function: Function) -> Function:
        METHODS.update(dict.fromkeys(names or (function.__name__,), function))
        return function

    return register


def attach(methods: dict[str, Callable[..., Any]]) -> None:
    """Give ``Tensor`` its methods."""
    for name, function in methods.items():
        setattr(Tensor, name, function)


def checked(operation: str, x: Any) -> Tensor:
    """Return a tensor, made of an array where it is one.

    Raises
    ------
    TypeError
        When it is neither.
    """
    if isinstance(x, Tensor):
        return x
    if isinstance(x, np.ndarray):
        return as_constant(x)
    raise TypeError(f"{operation}: takes a tensor, got {describe(x)}; make it one with tensor(...)")


def is_array(x: Any) -> bool:
    """Whether `x` is a tensor or an array, not a Value or a number."""
    return isinstance(x, ARRAYS)


def constant(array: Any) -> Tensor:
    """Return a tensor without gradient."""
    return as_constant(np.asarray(array))

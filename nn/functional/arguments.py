"""How functions read their arguments: tensors, and sizes given once or for every axis."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograd import Tensor, functions
from autograd.creation import from_numpy

rows: Any = functions
"""The operations; a function here adds checks and PyTorch's names."""

Sizes = int | Sequence[int]


def tensor_of(operation: str, name: str, argument: Any) -> Tensor:
    """Return a tensor or an array as a tensor.

    Raises
    ------
    TypeError
        When it is neither.

    Examples
    --------
    >>> tensor_of("relu", "input", np.ones(2))
    tensor([1., 1.], dtype=float64)
    """
    if isinstance(argument, Tensor):
        return argument
    if isinstance(argument, np.ndarray):
        return from_numpy(argument)
    remedy = "does a function end without return?" if argument is None else "make it a tensor(...) first"
    raise TypeError(f"{operation}: {name} is a tensor, got {type(argument).__name__}; {remedy}")


def tensors_of(operation: str, **arguments: Any) -> list[Any]:
    """Return tensors or arrays as tensors; ``None`` stays ``None``.

    Examples
    --------
    >>> tensors_of("linear", input=np.ones(1), bias=None)
    [tensor([1.], dtype=float64), None]
    """
    return [None if argument is None else tensor_of(operation, name, argument) for name, argument in arguments.items()]


def sizes_of(operation: str, name: str, given: Any, count: int, least: int = 0) -> tuple[int, ...]:
    """Return whole numbers for `count` axes, given as one for all or one for each.

    Raises
    ------
    TypeError, ValueError
        When they are no whole numbers, too small, or too many or few.

    Examples
    --------
    >>> sizes_of("conv2d", "stride", 2, 2), sizes_of("conv2d", "stride", (1, 2), 2)
    ((2, 2), (1, 2))
    """
    return _sizes_of(operation, name, tuple(given) if isinstance(given, list) else given, count, least)


@lru_cache(4096, typed=True)
def _sizes_of(operation: str, name: str, given: Any, count: int, least: int) -> tuple[int, ...]:
    try:
        sizes = tuple(map(operator.index, given)) if isinstance(given, Sequence) else (operator.index(given),)
    except TypeError:
        raise TypeError(f"{operation}: {name} is a whole number or {count} of them, got {given!r}") from None
    sizes = sizes * count if len(sizes) == 1 else sizes
    if len(sizes) != count or min(sizes) < least:
        raise ValueError(f"{operation}: {name} is a whole number from {least}, or {count} of them; got {given!r}")
    return sizes


def check_counts(operation: str, least: int = 0, **counts: Any) -> None:
    """Check that everything given is a whole number of things.

    Raises
    ------
    TypeError, ValueError
        When one is something else, or below `least`.

    Examples
    --------
    >>> check_counts("Linear", in_features=-3)
    Traceback (most recent call last):
    ValueError: Linear: in_features is a whole number from 0, got -3
    """
    for name, count in counts.items():
        kind = TypeError if not isinstance(count, (int, np.integer)) else ValueError if count < least else None
        if kind is not None:
            raise kind(f"{operation}: {name} is a whole number from {least}, got {count!r}")


def choice_of(operation: str, name: str, given: Any, choices: Sequence[str]) -> str:
    """Return one of several words.

    Raises
    ------
    ValueError
        When it is another.

    Examples
    --------
    >>> choice_of("mse_loss", "reduction", "sum", ["mean", "sum"])
    'sum'
    """
    if given not in choices:
        raise ValueError(f"{operation}: {name} is one of {', '.join(map(repr, choices))}; got {given!r}")
    return given


REDUCTIONS = ("mean", "sum", "none")
"""What becomes of the losses of all elements or samples."""


def reduced(losses: Tensor, reduction: str) -> Tensor:
    """Return the mean or the sum of losses, or the losses themselves.

    Examples
    --------
    >>> reduced(from_numpy(np.ones(3)), "sum")
    tensor(3., dtype=float64)
    """
    return {"mean": losses.mean, "sum": losses.sum}[reduction]() if reduction != "none" else losses

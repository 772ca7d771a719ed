"""The arithmetic of element-wise kernels: the names of :mod:`autograd.floats`, so that loops become vector code.

A rule receives this module as its ``m``.  Nothing here branches or calls the C library.  All is
computed in float64: float32 results are rounded once.  A row whose rules need a function that is
missing here is computed by NumPy.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import fabs as abs
from math import sqrt  # noqa: F401
from typing import Any

from numpy import ceil, floor, trunc  # noqa: F401
from numpy import rint as round  # noqa: F401

from autograd.kernels import erf as errors
from autograd.kernels.mathematics import chosen, exp64, log64
from autograd.kernels.rules import exact
from autograd.operations import OPERATIONS

exp = exp64
log = log64
erf = errors._erf64
erfc = errors._erfc64


@exact
def div(x: Any, y: Any) -> Any:
    """Divide; by zero gives an infinity or nan."""
    return x / y


@exact
def expm1(x: Any) -> Any:
    """Exponential minus one; near zero by its series."""
    return chosen(abs(x) < 1e-5, x + 0.5 * x * x, exp64(x) - 1.0)


@exact
def log1p(x: Any) -> Any:
    """Logarithm of one plus a number; near zero by its series."""
    return chosen(abs(x) < 1e-5, x - 0.5 * x * x, log64(1.0 + x))


@exact
def tanh(x: Any) -> Any:
    """Hyperbolic tangent; near zero by its series."""
    power = exp64(-2.0 * abs(x))
    size = (1.0 - power) / (1.0 + power)
    return chosen(abs(x) < 1e-4, x - x * x * x / 3.0, chosen(x < 0.0, -size, size))


@exact
def maximum(x: Any, y: Any) -> Any:
    """The larger of the two; nan when either is nan."""
    return chosen((x > y) | (x != x), x, y)


@exact
def minimum(x: Any, y: Any) -> Any:
    """The smaller of the two; nan when either is nan."""
    return chosen((x < y) | (x != x), x, y)


@exact
def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` when the condition holds (is not zero), else `y`."""
    return chosen(condition != 0.0, x, y)


@exact
def greater(x: Any, y: Any) -> Any:
    """1.0 when x > y, else 0.0."""
    return chosen(x > y, 1.0, 0.0)


@exact
def greater_equal(x: Any, y: Any) -> Any:
    """1.0 when x >= y, else 0.0."""
    return chosen(x >= y, 1.0, 0.0)


@exact
def less(x: Any, y: Any) -> Any:
    """1.0 when x < y, else 0.0."""
    return chosen(x < y, 1.0, 0.0)


@exact
def less_equal(x: Any, y: Any) -> Any:
    """1.0 when x <= y, else 0.0."""
    return chosen(x <= y, 1.0, 0.0)


@exact
def equal(x: Any, y: Any) -> Any:
    """1.0 when x == y, else 0.0."""
    return chosen(x == y, 1.0, 0.0)


@exact
def not_equal(x: Any, y: Any) -> Any:
    """1.0 when x != y, else 0.0."""
    return chosen(x != y, 1.0, 0.0)


def has(rule: Callable[..., Any]) -> bool:
    """Whether all functions that a rule calls are here."""
    return all(hasattr(_THIS, name) for name in rule.__code__.co_names if name.islower())


_THIS = sys.modules[__name__]
# Rows that need no function from here, so that every rule can use every other operation.
for _row in [*OPERATIONS.values()] * 2:  # a row may use one that comes later
    if not hasattr(_THIS, _row.name) and _row.arity is not None and has(_row.rules(_THIS)[0]):
        setattr(_THIS, _row.name, exact(_row.rules(_THIS)[0]))

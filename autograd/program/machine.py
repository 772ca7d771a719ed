"""The arithmetic that Numba compiles: the names of :mod:`autograd.floats`, read as machine code.

A rule receives this module as its ``m``.  The functions are the same C library's that Python's
``math`` uses, so a compiled rule gives the same bits (``hypot`` may differ in the last one).
Rows of the op table that need no function from here are added by :func:`complete`.
"""

import math
import sys
from math import (  # noqa: F401
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    expm1,
    hypot,
    log,
    log1p,
    log10,
    pow,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from typing import Any

from numba import njit
from numpy import ceil, floor, fmod, log2, trunc  # noqa: F401
from numpy import rint as round  # noqa: F401

from autograd import floats
from autograd.operation import OPERATIONS

# NumPy's error model: dividing by zero gives an infinity or nan, as IEEE 754 says.  Only machine
# code calls these functions, so they need no way in from Python.
jit: Any = njit(  # pyright: ignore[reportCallIssue]
    error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)

abs = math.fabs


@jit
def div(x, y):
    """Divide; by zero gives an infinity or nan."""
    return x / y


@jit
def remainder(x, y):
    """Remainder with the sign of the divisor."""
    return x % y


maximum = jit(floats.maximum)
minimum = jit(floats.minimum)
greater = jit(floats.greater)
greater_equal = jit(floats.greater_equal)
less = jit(floats.less)
less_equal = jit(floats.less_equal)
equal = jit(floats.equal)
not_equal = jit(floats.not_equal)


@jit
def where(condition, x, y):
    """`x` when the condition holds (is not zero), else `y`."""
    return x if condition != 0.0 else y


def complete() -> None:
    """Add the rows that are missing here, so that every rule can use every other operation."""
    this = sys.modules[__name__]
    for row in OPERATIONS.values():
        if not hasattr(this, row.name):
            setattr(this, row.name, jit(row.rules(this)[0]))

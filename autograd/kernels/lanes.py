"""The arithmetic of element-wise kernels in float32: functions by the names of the op table.

Nothing here branches or calls the C library, so that the loops around it become vector code.
Kernels write every other row in terms of these, see :mod:`autograd.kernels.elementwise`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels import erf as errors
from autograd.kernels.mathematics import F32, chosen, exp32, fused, log32
from autograd.kernels.rules import exact

ALONE = {"exp", "expm1", "log", "log1p", "tanh"}
"""Functions that NumPy computes faster than a kernel when a rule consists of nothing else."""

exp = exp32
log = log32
erf = errors._erf32


@exact
def erfc(x: Any) -> Any:
    """One minus the error function, in float32 throughout: a few units in the last place."""
    size = np.abs(x)
    far = errors._far32(size)
    near = F32(1.0) - errors._near32(x)
    return chosen(size < F32(0.5), near, chosen(x < F32(0.0), F32(2.0) - far, far))


@exact
def add(x: Any, y: Any) -> Any:
    """Add."""
    return x + y


@exact
def sub(x: Any, y: Any) -> Any:
    """Subtract."""
    return x - y


@exact
def mul(x: Any, y: Any) -> Any:
    """Multiply."""
    return x * y


@exact
def div(x: Any, y: Any) -> Any:
    """Divide; by zero gives an infinity or nan."""
    return x / y


@exact
def neg(x: Any) -> Any:
    """Change the sign."""
    return -x


@exact
def sqrt(x: Any) -> Any:
    """Square root."""
    return np.sqrt(x)


@exact
def abs(x: Any) -> Any:
    """Absolute value."""
    return np.abs(x)


@exact
def floor(x: Any) -> Any:
    """Round down."""
    return np.floor(x)


@exact
def expm1(x: Any) -> Any:
    """Exponential minus one; near zero by a polynomial of its own."""
    q = fused(F32(0.00138145111207), x, F32(0.0083687479234))
    q = fused(q, x, F32(0.0416683913972))
    q = fused(q, x, F32(0.166665203687))
    q = fused(q, x, F32(0.49999993429))
    return chosen(np.abs(x) < F32(0.34), fused(x * x, q, x), exp32(x) - F32(1.0))


@exact
def log1p(x: Any) -> Any:
    """Logarithm of one plus a number: what rounding 1 + x lost is made good by a quotient."""
    rounded = F32(1.0) + x
    result = log32(rounded) * (x / (rounded - F32(1.0)))
    return chosen(rounded == F32(1.0), x, chosen(rounded == F32(np.inf), rounded, result))


@exact
def tanh(x: Any) -> Any:
    """Hyperbolic tangent; near zero by a polynomial, a weighted least-squares fit."""
    power = exp32(F32(-2.0) * np.abs(x))
    size = (F32(1.0) - power) / (F32(1.0) + power)
    z = x * x
    q = fused(F32(0.002064639935269952), z, F32(-0.00809194054454565))
    q = fused(q, z, F32(0.021666336804628372))
    q = fused(q, z, F32(-0.053940560668706894))
    q = fused(q, z, F32(0.13333158195018768))
    q = fused(q, z, F32(-0.333333283662796))
    return chosen(np.abs(x) < F32(0.65), fused(x * z, q, x), chosen(x < F32(0.0), -size, size))


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
    return chosen(condition != F32(0.0), x, y)


@exact
def greater(x: Any, y: Any) -> Any:
    """1 when x > y, else 0."""
    return chosen(x > y, F32(1.0), F32(0.0))


@exact
def greater_equal(x: Any, y: Any) -> Any:
    """1 when x >= y, else 0."""
    return chosen(x >= y, F32(1.0), F32(0.0))


@exact
def less(x: Any, y: Any) -> Any:
    """1 when x < y, else 0."""
    return chosen(x < y, F32(1.0), F32(0.0))


@exact
def less_equal(x: Any, y: Any) -> Any:
    """1 when x <= y, else 0."""
    return chosen(x <= y, F32(1.0), F32(0.0))


@exact
def equal(x: Any, y: Any) -> Any:
    """1 when x == y, else 0."""
    return chosen(x == y, F32(1.0), F32(0.0))


@exact
def not_equal(x: Any, y: Any) -> Any:
    """1 when x != y, else 0."""
    return chosen(x != y, F32(1.0), F32(0.0))

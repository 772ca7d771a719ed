"""The arithmetic on NumPy arrays: the names of :mod:`autograd.floats`, read on arrays.

Broadcasting and dtypes are NumPy's; a plain number takes the dtype of the array beside it.
Every row of both halves of the op table is a function here, so that each rule can use the others.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy import (  # noqa: F401
    abs,
    ceil,
    cos,
    cosh,
    equal,
    exp,
    expm1,
    floor,
    fmod,
    greater,
    greater_equal,
    hypot,
    less,
    less_equal,
    log,
    log1p,
    log2,
    log10,
    maximum,
    minimum,
    not_equal,
    remainder,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    trunc,
)
from numpy import arccos as acos  # noqa: F401
from numpy import arccosh as acosh  # noqa: F401
from numpy import arcsin as asin  # noqa: F401
from numpy import arcsinh as asinh  # noqa: F401
from numpy import arctan as atan  # noqa: F401
from numpy import arctan2 as atan2  # noqa: F401
from numpy import arctanh as atanh  # noqa: F401
from numpy import rint as round  # noqa: F401
from numpy import true_divide as div  # noqa: F401

from autograd import floats


def pow(x: Any, y: Any) -> Any:
    """Raise to a power; a whole exponent is multiplied out."""
    return x**y


def sign(x: Any) -> Any:
    """Minus one, zero or one; zero for nan, as for Values."""
    return np.subtract(np.greater(x, 0), np.less(x, 0), dtype=np.result_type(x))


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`."""
    if condition.__class__ is np.bool:
        chosen, other = (x, y) if condition else (y, x)
        fits = np.ndim(chosen) and np.result_type(x, y) == np.result_type(chosen)
        if np.ndim(other) == 0 and (fits or chosen.__class__ is other.__class__):
            return chosen  # without a copy
    if x.__class__ is float and y.__class__ is float and all(n == float(np.float32(n)) or n != n for n in (x, y)):
        x, y = np.float32(x), np.float32(y)  # exact, and a mask does not become float64
    return np.where(condition, x, y)


def erf(x: Any) -> Any:
    """Error function."""
    return _by_kernel("erf", x)


def erfc(x: Any) -> Any:
    """One minus the error function."""
    return _by_kernel("erfc", x)


def _by_kernel(name: str, x: Any) -> Any:
    x = np.asarray(x, np.result_type(x, np.float32))
    if x.size <= FEW:
        numbers = map(getattr(floats, name), x.ravel().tolist())
        return np.fromiter(numbers, x.dtype, x.size).reshape(x.shape)[()]
    from autograd.kernels import erf as kernels

    return getattr(kernels, name)(x)


FEW = 512
"""So many elements need no kernel, and so no compiler."""


def complete() -> None:
    """Add the rows that are missing here, so that every rule can use every other operation."""
    from autograd.array_operations import ARRAY_OPERATIONS
    from autograd.operations import OPERATIONS

    this = sys.modules[__name__]
    for row in OPERATIONS.values():
        if not hasattr(this, row.name) and row.arity is not None:
            setattr(this, row.name, row.rules(this)[0])
    for row in ARRAY_OPERATIONS.values():
        setattr(this, row.name, row.on_arrays)

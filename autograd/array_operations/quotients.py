"""Rounded quotients, which are flat between their steps."""

import numpy as np

from autograd.array_operation import array_operation


@array_operation(
    symbol="//",
    latex=r"\lfloor \frac{x}{y} \rfloor",
    products=[lambda m, g, out, x, y: g * 0.0, lambda m, g, out, x, y: g * 0.0],
    method=False,
)
def floor_divide(input, other):
    """Divide and round down; exact where rounding the quotient is not: 1 // 0.1 is 9.

    >>> floor_divide(tensor([7.0, -7.0]), 2.0)
    tensor([ 3., -4.])
    """
    return np.floor_divide(input, other)

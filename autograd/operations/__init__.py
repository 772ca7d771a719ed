"""The op table: one row per operation, grouped by mathematical area.

To add an operation, write its row in the file where it belongs (or in a file of its own,
imported here).  Nothing else has to change: methods, functions, pictures, formulas, checks,
stubs and the documentation are loops over the table.
"""

from autograd.operation import OPERATIONS
from autograd.operations import (  # noqa: F401
    activation,
    arithmetic,
    exponential,
    hyperbolic,
    powers,
    rounding,
    selection,
    trigonometric,
    variadic,
)

__all__ = ["OPERATIONS"]

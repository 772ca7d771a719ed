"""Large element-wise operations: a compiled loop for the whole rule, where that is faster than NumPy.

NumPy runs a rule function by function, each over the whole array.  From some ten thousand
elements on a kernel written from the row of the op table is faster, see
:mod:`autograd.kernels.elementwise`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.operation import Operation
from autograd.versions import ChangedOperand

LARGE = 2**15
"""Elements from which a kernel is faster: NumPy's functions take 3 to 20 microseconds each there."""

LARGEST = 3.4e38
"""Numbers beyond it are not finite in float32."""

COLD = 2**18
"""The same as long as Numba, which takes half a second to load, is not in use."""


def is_large(size: int) -> bool:
    """Whether a kernel may be worth it."""
    return size >= LARGE and (size >= COLD or "numba" in sys.modules)


def forward(operation: Operation, inputs: Sequence[Any]) -> Any:
    """Compute a row by its kernel; ``None`` when NumPy shall do it."""
    elementwise = _kernels()
    found = _fitting(inputs)
    return elementwise.forward(operation, found) if elementwise and found else None


def pull(operation: Operation, slot: int, upstream: Any, inputs: Sequence[Any], out: Any) -> Any:
    """Return upstream gradient times local gradient by a kernel; ``None`` when NumPy shall do it."""
    elementwise = _kernels()
    if not elementwise or not elementwise.has_pull(operation, slot):
        return None
    if any(isinstance(x, ChangedOperand) for x in (*inputs, out)):  # the rule may do without its numbers
        return None
    found = _fitting([*inputs, out, np.ascontiguousarray(upstream)])
    return elementwise.pull(operation, slot, found[-1], found[:-2], found[-2]) if found else None


def _kernels() -> Any:
    from autograd.kernels import elementwise
    from autograd.kernels.jit import COMPILED

    return elementwise if COMPILED else None


def _fitting(inputs: Sequence[Any]) -> list[Any] | None:
    """Return arrays of one shape and plain numbers, as kernels take them, or ``None``."""
    shape, found = None, []
    for x in inputs:
        if np.ndim(x) == 0:
            if getattr(x, "dtype", np.float32) not in (np.float32, np.bool):
                return None
            if abs(x) > LARGEST:
                return None
            found.append(float(x))
            continue
        if x.dtype not in (np.float32, np.bool) or not x.flags.c_contiguous or x.shape != (shape or x.shape):
            return None
        shape = x.shape
        found.append(x)
    return found if any(isinstance(x, np.ndarray) and x.dtype == np.float32 for x in found) else None

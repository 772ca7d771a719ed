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
    found = _fitting(inputs) if elementwise else None
    return elementwise.forward(operation, *found) if found else None


def pull(operation: Operation, slot: int, upstream: Any, inputs: Sequence[Any], out: Any) -> Any:
    """Return upstream gradient times local gradient by a kernel; ``None`` when NumPy shall do it."""
    elementwise = _kernels()
    if not elementwise:
        return None
    if any(isinstance(x, ChangedOperand) for x in (*inputs, out)):  # the rule may do without its numbers
        return None
    broadcast = any(np.ndim(x) and x.shape != upstream.shape for x in inputs)
    if not elementwise.has_pull(operation, slot, broadcast):
        return None
    upstream = once(upstream)
    found = _fitting([*inputs, out, upstream if np.ndim(upstream) == 0 else np.ascontiguousarray(upstream)])
    if not found:
        return None
    (*operands, result, upstream), shape = found
    return elementwise.pull(operation, slot, upstream, operands, result, shape)


def once(x: Any) -> Any:
    """Return an expanded array with the numbers that it has in memory: repeated axes have size 1."""
    if np.ndim(x) == 0 or 0 not in x.strides:
        return x
    return x[tuple([slice(None) if stride else slice(1) for stride in x.strides])]


def _kernels() -> Any:
    from autograd.kernels import elementwise
    from autograd.kernels.jit import COMPILED

    return elementwise if COMPILED else None


def _fitting(inputs: Sequence[Any]) -> tuple[list[Any], tuple[int, ...]] | None:
    """Return contiguous arrays and plain numbers, as kernels take them, and the shape of all; or ``None``."""
    found = []
    for x in inputs:
        if np.size(x) == 1:
            if getattr(x, "dtype", np.float32) not in (np.float32, np.bool):
                return None
            number = float(x if np.ndim(x) == 0 else x.reshape(()))
            if abs(number) > LARGEST:
                return None
            found.append(number)
            continue
        if x.dtype not in (np.float32, np.bool) or not x.flags.c_contiguous:
            return None
        found.append(x)
    if not any(isinstance(x, np.ndarray) and x.dtype == np.float32 for x in found):
        return None
    shapes = {np.shape(x) for x in inputs}
    if len(shapes) == 1:
        return found, shapes.pop()
    try:
        return found, np.broadcast_shapes(*shapes)
    except ValueError:  # NumPy explains it
        return None

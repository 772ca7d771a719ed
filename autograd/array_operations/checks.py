"""What several rows ask of their operands before a kernel reads them."""

from __future__ import annotations

from typing import Any

import numpy as np

FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


def check_floats(operation: str, **operands: Any) -> None:
    """Check that all operands that are given are floats of one dtype.

    Raises
    ------
    TypeError
        When they are not; names each operand with its dtype.
    """
    found = {name: operand.dtype for name, operand in operands.items() if operand is not None}
    kinds = set(found.values())
    if len(kinds) > 1 or not kinds <= FLOATS:
        given = ", ".join(f"{name} has dtype {dtype}" for name, dtype in found.items())
        raise TypeError(f"{operation}: {given}; all must be float32 or all float64, convert with .to(...)")


def check_indices(operation: str, name: str, indices: Any, count: int, ignored: int | None = None) -> None:
    """Check that an array holds whole numbers from 0 up to, without, `count`.

    Raises
    ------
    TypeError
        When it holds other numbers.
    IndexError
        When one is out of range and not `ignored`.
    """
    if indices.dtype.kind not in "iu":
        raise TypeError(f"{operation}: {name} holds whole numbers, got dtype {indices.dtype}; convert with .to(int64)")
    bad = (indices < 0) | (indices >= count)
    if bad.any() and ignored is not None:
        bad &= indices != ignored
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        where = f" at {place}" if place else ""
        raise IndexError(
            f"{operation}: {name} of shape {indices.shape} holds {int(indices[place])}{where}; "
            f"there are {count}, counted from 0 to {count - 1}"
        )


def no_gradient(m: Any, g: Any, out: Any, *operands: Any, **options: Any) -> Any:
    """Stand for the product of an operand of whole numbers, which never requires a gradient."""
    raise TypeError("an operand of whole numbers has no gradient")

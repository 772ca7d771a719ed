"""Checks of the numbers that a program is given."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def is_number(given: Any) -> bool:
    """Tell whether this is one real number."""
    return isinstance(given, numbers.Real)


def assign(array: Floats, given: Any, what: str) -> None:
    """Copy numbers of the same shape into an array, or raise ValueError."""
    if np.shape(given) != array.shape:
        raise ValueError(f"{what} of shape {np.shape(given)}; the program has {len(array)}, give one number for each")
    array[:] = given


def checked_rows(rows: Any, inputs: int | None = None) -> Floats:
    """Return samples as an array of shape (samples, inputs), or raise an error that says what does not fit."""
    try:
        array = np.asarray(rows)
    except ValueError:
        raise ValueError("map: the rows differ in length; give one number for each input in every row") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"map: rows are real numbers, got an array of {array.dtype}")
    if array.ndim == 1 and inputs in (1, None):
        array = array[:, None]
    if array.ndim != 2 or inputs not in (array.shape[1], None):
        width = "inputs" if inputs is None else inputs
        raise ValueError(f"map: rows of shape {array.shape}; give an array of shape (samples, {width})")
    return array.astype(np.float64)

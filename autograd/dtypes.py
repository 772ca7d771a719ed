"""The kinds of numbers in a tensor, and how data become an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.mode import mode

float32 = np.dtype(np.float32)
float64 = np.dtype(np.float64)
int8, int16, int32, int64 = (np.dtype(f"int{n}") for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (np.dtype(f"uint{n}") for n in (8, 16, 32, 64))
bool = np.dtype(np.bool)

DTYPES = (float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool)


def checked_dtype(dtype: Any, what: str) -> np.dtype[Any]:
    """Return a dtype that tensors have.

    Raises
    ------
    TypeError
        When it is another.
    """
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = None
    if found is None or found not in DTYPES or dtype is None:
        device = isinstance(dtype, str) and dtype.startswith(("cuda", "mps", "xpu"))
        remedy = "; they live on the CPU, so leave the device out" if device else ""
        raise TypeError(f"{what}: tensors have the dtypes {', '.join(map(str, DTYPES))}; got {dtype!r}{remedy}")
    return found


def as_array(data: Any, dtype: Any, what: str) -> np.ndarray:
    """Return `data` as a new array: of its own dtype, float32 where it holds Python's floats.

    Raises
    ------
    TypeError
        When it holds anything but real numbers.
    ValueError
        When nested lists have different lengths.
    """
    wanted = None if dtype is None else checked_dtype(dtype, what)
    try:
        array = np.array(data)
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise ValueError(
                f"{what}: nested lists of different lengths make no array; pad them to one shape"
            ) from None
        raise
    if array.size == 0 and not hasattr(data, "dtype"):
        array = array.astype(np.float32)
    if array.dtype == object or array.dtype.kind not in "fiub" or array.dtype not in DTYPES:
        kinds = ", ".join(map(str, DTYPES))
        raise TypeError(f"{what}: takes real numbers ({kinds}), got an array of dtype {array.dtype}; convert it first")
    if wanted is None and array.dtype == np.float64 and not hasattr(data, "dtype"):
        wanted = float32
    return array if wanted is None else mode.quietly(array.astype, wanted, copy=False)

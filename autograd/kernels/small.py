"""When NumPy computes and when a compiled kernel does, and the form of array kernels take."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import config

# NumPy needs 5 to 20 µs for what a kernel does in 2, up to about this number of elements; above it the
# kernel gains by more than the call.  A cold compilation costs 0.5 to 1.5 s, from the disk cache 20 to 50 ms.
SMALL = 512


def small(count: int) -> bool:
    """Return whether NumPy computes a problem of `count` elements, so that it waits for no compilation.

    >>> small(3)
    True
    """
    return count <= SMALL or bool(config.DISABLE_JIT)  # pyright: ignore[reportAttributeAccessIssue]


def contiguous(array: npt.ArrayLike, dtype: Any = None) -> npt.NDArray[Any]:
    """Return the array itself if a kernel can read it as it is, else a copy in row-major order.

    Read-only arrays are copied too: Numba would compile each kernel once more for them.
    """
    if isinstance(array, np.ndarray) and array.flags.carray and (dtype is None or array.dtype == dtype):
        return array
    return np.array(array, dtype=dtype, order="C")

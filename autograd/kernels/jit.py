"""How kernels are compiled: one decorator, so that all share its settings and the cache on disk."""

from __future__ import annotations

from typing import Any

from numba import njit

# NumPy's error model: dividing by zero gives an infinity or nan, as IEEE 754 says.
kernel: Any = njit(cache=True, nogil=True, error_model="numpy")  # pyright: ignore[reportCallIssue]
inlined: Any = njit(forceinline=True, nogil=True, error_model="numpy")  # pyright: ignore[reportCallIssue]

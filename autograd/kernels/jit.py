"""How kernels are compiled: the decorators, so that all share their settings and the cache on disk."""

from __future__ import annotations

from typing import Any

from numba import njit

# NumPy's error model: dividing by zero gives an infinity or nan, as IEEE 754 says.
SETTINGS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# A sum may be taken in any order, so that it runs in vector lanes: each lane adds its share, which is
# also more accurate than one running total.  Nans, infinities and divisions keep their meaning.
REORDERED = {"reassoc", "contract", "nsz"}

kernel: Any = njit(cache=True, **SETTINGS)  # pyright: ignore[reportCallIssue]
reordered_kernel: Any = njit(cache=True, fastmath=REORDERED, **SETTINGS)  # pyright: ignore[reportCallIssue]
inlined: Any = njit(inline="always", **SETTINGS)  # pyright: ignore[reportCallIssue]

# For functions whose code depends on the type of their argument (numba.extending.overload).
INLINED: Any = {"forceinline": True, **SETTINGS}
# Functions that become part of the machine code of the kernel that calls them, each keeping its own rules.
exact: Any = njit(fastmath={"contract"}, forceinline=True, **SETTINGS)  # pyright: ignore[reportCallIssue]
reordered: Any = njit(fastmath=REORDERED, forceinline=True, **SETTINGS)  # pyright: ignore[reportCallIssue]

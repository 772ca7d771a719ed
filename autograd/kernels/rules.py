"""How functions inside kernels may be rounded: the decorators for what kernels call.

Each function becomes part of the machine code of the kernel that calls it and keeps its own rules there.
"""

from __future__ import annotations

from typing import Any

from numba import njit

# For functions whose code depends on the type of their argument (numba.extending.overload).
INLINED: Any = {"forceinline": True, "nogil": True, "error_model": "numpy"}

# A fused multiply-add may replace a multiplication and an addition; nothing else changes.
exact: Any = njit(fastmath={"contract"}, **INLINED)

# A sum may be taken in any order, so that it runs in vector lanes: each lane adds its share, which is
# also more accurate than one running total.  Nans, infinities and divisions keep their meaning.
reordered: Any = njit(fastmath={"reassoc", "contract", "nsz"}, **INLINED)

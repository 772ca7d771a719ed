"""How kernels are compiled: one decorator, so that all share its settings and the cache on disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba import njit

# NumPy's error model: dividing by zero gives an infinity or nan, as IEEE 754 says.
_compiled: Any = njit(cache=True, nogil=True, error_model="numpy")  # pyright: ignore[reportCallIssue]

# For a function that kernels call: part of each of them, not compiled or cached by itself.
inlined: Any = njit(forceinline=True, nogil=True, error_model="numpy")  # pyright: ignore[reportCallIssue]


@cache
def _stamp() -> tuple[float, int]:
    """When the kernels' folder was last changed, and its size."""
    files = [path.stat() for path in Path(__file__).parent.glob("*.py")]
    return max(file.st_mtime for file in files), sum(file.st_size for file in files)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, and keep the machine code on disk."""
    dispatcher = _compiled(function)
    index = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if index is not None:
        # Numba looks at the function's own file only, but machine code also holds what comes from other files.
        index._source_stamp = _stamp()
    return dispatcher

"""How kernels are compiled: one decorator, so that all share its settings and the cache on disk.

Numba keeps the machine code of every kernel in the folder ``kernels`` of
:func:`autograd.caching.cache_directory`, which ``CHAINRULE_CACHE_DIR`` names where it is set, for
this processor and this version of Numba.  Numba looks at the file of a kernel alone to tell
whether its machine code is still that of the source; here the folder's name stands for the files
whose functions it calls as well.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit
from numba.core import config as numba_config
from numba.extending import intrinsic

from autograd import caching, memory

config: Any = numba_config

COMPILED = not config.DISABLE_JIT
"""False where ``NUMBA_DISABLE_JIT=1`` lets kernels run as plain Python."""

SETTINGS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
"""NumPy's error model: dividing by zero gives an infinity or nan, as IEEE 754 says."""

memory.keep_freed()  # here, where arrays are about to be large enough for kernels

made: list[Any] = []
"""All kernels of this process."""

_lock = threading.Lock()


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function at its first call for each combination of dtypes, or read what was compiled before.

    Machine code is found by name, so the functions that one factory makes get names of their own: they end
    with the numbers that the factory gave them.
    """
    for cell in function.__closure__ or ():
        function.__qualname__ += f"_{cell.cell_contents}"
    compiled = _compiled(function)
    made.append(compiled)
    return compiled


def _compiled(function: Callable[..., Any]) -> Any:
    file = Path(function.__code__.co_filename)
    if caching.keeps_nothing() or not COMPILED or not file.is_file():
        return njit(**SETTINGS)(function)
    with _lock:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(folder(file))  # which Numba reads at once
        try:
            return njit(cache=True, **SETTINGS)(function)
        except RuntimeError:  # no folder can be written
            return njit(**SETTINGS)(function)
        finally:
            config.CACHE_DIR = before


inlined: Any = njit(forceinline=True, **SETTINGS)
"""Numba's decorator for functions that become part of the kernels that call them."""

instruction: Any = intrinsic
"""Numba's decorator for functions that emit LLVM instructions."""


def folder(file: Path) -> Path:
    """Return where the machine code of a file of kernels is kept."""
    digest = hashlib.sha256()
    for source in sorted(_sources(file)):
        digest.update(source.name.encode() + source.read_bytes())
    return caching.cache_directory().absolute() / "kernels" / digest.hexdigest()[:16]


def _sources(file: Path) -> set[Path]:
    """Return a file and the files of this folder that it refers to, directly or not."""
    found, left = set(), {file}
    while left:
        source = left.pop()
        found.add(source)
        names = re.findall(r"autograd\.kernels(?:\.| import )(\w+)", source.read_text(encoding="utf-8"))
        beside = {Path(__file__).with_name(f"{name}.py") for name in names}
        left |= {each for each in beside if each.is_file()} - found
    return found

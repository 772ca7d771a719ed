"""The threads of NumPy's BLAS: held at one, and given back."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

_lock = threading.Lock()
_limits: list[Any] | None = None  # what restores the libraries; None while they are not held


def hold() -> bool:
    """Hold NumPy's BLAS at one thread, and say whether it can be held.

    The first call takes a few milliseconds, later ones nothing; the libraries of other packages are left alone
    where NumPy brings its own.  A BLAS without a switch (Accelerate) keeps its threads.
    """
    global _limits
    if _limits is None:
        with _lock:
            if _limits is None:
                _limits = [library.limit(limits=1) for library in _libraries()]
    return bool(_limits)


def release() -> None:
    """Give NumPy's BLAS the number of threads back that it had before :func:`hold`.

    The next parallel kernel or large matrix product of this library holds it again.
    """
    global _limits
    with _lock:
        for limit in _limits or ():
            limit.restore_original_limits()
        _limits = None


def uses_wide_vectors() -> bool:
    """Tell whether NumPy's BLAS has kernels for 512-bit vectors and chose them for this processor."""
    names = {library.get("architecture") for found in _libraries() for library in found.info()}
    other = any(library["internal_api"] != "openblas" for found in _libraries() for library in found.info())
    return other or bool(names & {"SkylakeX", "Cooperlake", "SapphireRapids"})


def _libraries() -> list[Any]:
    """Return a controller for the BLAS that NumPy brings along, else for every BLAS that is loaded."""
    import numpy as np
    from threadpoolctl import ThreadpoolController

    found = ThreadpoolController().select(user_api="blas")
    beside = Path(np.__file__).parent
    own = [path for path in (library["filepath"] for library in found.info()) if _is_beside(Path(path), beside)]
    found = found.select(filepath=own) if own else found
    return [found] if found.info() else []


def _is_beside(library: Path, package: Path) -> bool:
    """Tell whether a library lies in a package or in the folder of libraries that a wheel puts next to it."""
    return any(folder in library.parents for folder in (package, package.with_name(f"{package.name}.libs")))

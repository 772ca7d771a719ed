"""Where machine code is kept across processes: one folder for programs and kernels."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_directory() -> Path:
    """Return where machine code is kept across processes.

    The environment variable ``CHAINRULE_CACHE_DIR`` names another place; an empty one keeps
    nothing.  Deleting the directory is always safe.  What lies there is run: let nobody else
    write to it.
    """
    given = os.environ.get("CHAINRULE_CACHE_DIR")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "chainrule"


def keeps_nothing() -> bool:
    """Tell whether ``CHAINRULE_CACHE_DIR`` is set to nothing."""
    return os.environ.get("CHAINRULE_CACHE_DIR") == ""

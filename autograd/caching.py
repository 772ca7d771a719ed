"""Where machine code is kept across processes: one folder for programs and kernels."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Any


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


def written(source: str, name: str) -> Path | None:
    """Return the file of generated code, written if need be; ``None`` where nothing can be written."""
    if keeps_nothing():
        return None
    try:
        directory = cache_directory()
        file = directory / f"{name}.py"
        if file.is_file() and file.read_text(encoding="utf-8") == source:
            return file
        directory.mkdir(parents=True, exist_ok=True)
        # Other processes see the whole file or none.
        handle, temporary = tempfile.mkstemp(dir=directory, suffix=".py")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(source)
        os.replace(temporary, file)
        return file
    except (OSError, RuntimeError):  # read-only, no space, or no home directory
        return None


def imported(name: str, file: Path) -> Any:
    """Import generated code from its file; Numba finds the module by its name when it keeps the machine code."""
    specification = importlib.util.spec_from_file_location(name, file)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    sys.modules[name] = module
    return module

"""Compiled loops over numbers: arrays in, arrays out, no nodes.

Nothing here is imported before a problem is large enough to be worth compiling for; the rows of
the op table say what each kernel computes, in NumPy, and the tests compare the two.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def load(name: str) -> Any:
    """Import one module of kernels, when a row first needs it."""
    return import_module(f"autograd.kernels.{name}")

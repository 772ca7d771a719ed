"""Checks of what `draw` and `trace` are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Value
from viz.labels import name_text


def checked_outputs(node: Any, function: str) -> list[Value]:
    """Return one Value or several as a list, or raise TypeError; a program gives the Values of its graph."""
    outputs = [node] if isinstance(node, Value) else node.graph() if hasattr(node, "graph") else node
    if not isinstance(outputs, Sequence) or not outputs or not all(isinstance(output, Value) for output in outputs):
        given = f"{type(node).__name__} {name_text(node)}"
        raise TypeError(f"{function} takes a Value, a list of Values or a program, got {given}")
    return list(outputs)


def checked_precision(precision: Any) -> int:
    """Return a number of decimals, or raise ValueError."""
    if type(precision) is not int or not 0 <= precision <= 17:
        raise ValueError(f"precision is a number of decimals from 0 to 17, got {precision!r}")
    return precision

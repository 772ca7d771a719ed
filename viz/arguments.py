"""Checks of what `draw` and `trace` are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Tensor, Value
from viz.foreign import converted
from viz.labels import name_text

NODES = (Value, Tensor)

MOST_NUMBERS = 400
"""The largest matrix that a picture shows number by number."""


def checked_outputs(node: Any, function: str) -> list[Any]:
    """Return one node or several as a list, or raise TypeError; a program gives the Values of its graph.

    Results of PyTorch and of micrograd become nodes.
    """
    node = converted(node)
    outputs = [node] if isinstance(node, NODES) else node.graph() if hasattr(node, "graph") else node
    if isinstance(outputs, (list, tuple)):
        outputs = [converted(output) for output in outputs]
    if not isinstance(outputs, Sequence) or not outputs or not all(isinstance(output, NODES) for output in outputs):
        given = f"{type(node).__name__} {name_text(node)}"
        raise TypeError(f"{function} takes a Value or a tensor, a list of them or a program, got {given}")
    return list(outputs)


def checked_count(numbers: Any) -> int:
    """Return up to how many elements a tensor shows its numbers, or raise ValueError."""
    if type(numbers) is not int or not 0 <= numbers <= MOST_NUMBERS:
        raise ValueError(f"numbers is up to how many elements to write out, 0 to {MOST_NUMBERS}, got {numbers!r}")
    return numbers


def checked_precision(precision: Any) -> int:
    """Return a number of decimals, or raise ValueError."""
    if type(precision) is not int or not 0 <= precision <= 17:
        raise ValueError(f"precision is a number of decimals from 0 to 17, got {precision!r}")
    return precision

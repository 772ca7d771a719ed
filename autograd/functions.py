"""One function of nodes per row of the op table: ``exp(x)``, ``maximum(x, y)``, ``sum(values)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.operation import Operation
from autograd.operations import OPERATIONS
from autograd.value import Value


def _function(operation: Operation, name: str) -> Callable[..., Value]:
    def function(*operands: Any, **named: Any) -> Value:
        return operation(*operands, **named)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = operation.doc
    function.__wrapped__ = operation.collect or operation.forward  # type: ignore[attr-defined]  # gives help() the signature
    return function


__all__ = [name for row in OPERATIONS.values() for name in row.names]  # pyright: ignore[reportUnsupportedDunderAll]

for _row in OPERATIONS.values():
    for _name in _row.names:
        globals()[_name] = _function(_row, _name)

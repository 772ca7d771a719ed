"""One function of nodes per row of the op table: ``exp(x)``, ``maximum(x, y)``, ``sum(values)``, ``matmul(x, y)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.operation import Operation
from autograd.operations import OPERATIONS
from autograd.tensor import ARRAYS


def _function(operation: Operation | ArrayOperation, name: str) -> Callable[..., Any]:
    def function(*operands: Any, **named: Any) -> Any:
        return operation(*operands, **named)

    rule = operation.forward if isinstance(operation, ArrayOperation) else operation.collect or operation.forward
    return _named(function, name, operation.doc, rule)


def _named(function: Any, name: str, doc: str, wrapped: Any) -> Callable[..., Any]:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    function.__wrapped__ = wrapped  # gives help() the signature
    return function


def _by_operand(scalar: Operation, array: ArrayOperation) -> Callable[..., Any]:
    """One name in both halves of the table, such as ``sum``: a tensor is summed up, a list of Values added."""

    def function(*operands: Any, **named: Any) -> Any:
        return (array if isinstance(operands[0] if operands else None, ARRAYS) else scalar)(*operands, **named)

    return _named(function, scalar.name, f"{scalar.doc}\n\nOf a tensor: {array.doc}", scalar.collect)


__all__ = [name for row in OPERATIONS.values() for name in row.names]  # pyright: ignore[reportUnsupportedDunderAll]
__all__ += [name for name in ARRAY_OPERATIONS if name not in OPERATIONS]

for _row in OPERATIONS.values():
    for _name in _row.names:
        globals()[_name] = _function(_row, _name)
for _name, _array in ARRAY_OPERATIONS.items():
    globals()[_name] = _by_operand(OPERATIONS[_name], _array) if _name in OPERATIONS else _function(_array, _name)

"""The methods of ``Tensor`` that are rows of the op table."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import fused, inplace
from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.mode import mode
from autograd.operation import Operation
from autograd.operations import OPERATIONS
from autograd.recording import apply_array_operation, computed, explained, record
from autograd.tensor import ARRAYS, Tensor, as_constant, as_operand
from autograd.value import Value
from autograd.versions import clock

_new = object.__new__
_array = np.ndarray


def _unary_method(operation: Operation) -> Callable[..., Tensor]:
    def method(self: Tensor) -> Tensor:
        return record(operation, (self,), computed(operation, [self._data]))

    return method


def _binary_method(operation: Operation, convert: Callable[..., Any]) -> Callable[..., Any]:
    forward = operation.on_arrays[0]
    compares = bool(operation.comparison)

    def method(self: Tensor, other: Any) -> Any:
        kind = other.__class__
        if kind is float or kind is int:
            other = as_constant(other)
        elif kind is not Tensor:
            other = convert(other, operation)
            if other is NotImplemented:
                return other
        x = self._data
        if x.__class__ is _array and x.size >= fused.LARGE:
            return record(operation, (self, other), computed(operation, [x, other._data]))
        try:
            data = mode.quietly(forward, x, other._data)
        except (ValueError, TypeError) as error:
            raise explained(operation, [x, other._data], error) from None
        if self._base is not None or other._base is not None or clock.special or compares or data.__class__ is float:
            return record(operation, (self, other), data)
        # As `record`, written out: small graphs are made of these.
        out = _new(Tensor)
        out._data = data
        out._grad = None
        out._rest = ()
        out.label = ""
        out._made = clock.now
        if self.requires_grad or other.requires_grad:
            out.requires_grad = True
            out.op = operation
            out._first = self
            out._second = other
        else:
            out.requires_grad = False
            out.op = out._first = out._second = None
        return out

    return method


def _as_partner(other: Any, operation: Operation) -> Any:
    """As `as_operand`; but Python tries the other's own method when it is of a kind that we do not know."""
    known = isinstance(other, (*ARRAYS, numbers.Real, np.generic, Value, list, tuple, str, bytes, dict, type(None)))
    return as_operand(other, operation) if known or hasattr(other, "__array__") else NotImplemented


def _method(operation: Operation | ArrayOperation) -> Callable[..., Tensor]:
    return lambda self, *operands, **named: operation(self, *operands, **named)


def _reflected(operation: Operation, method: Callable[..., Any]) -> Callable[..., Any]:
    def reflected(self: Tensor, other: Any) -> Any:
        other = _as_partner(other, operation)
        return other if other is NotImplemented else method(other, self)

    return reflected


def _attach() -> None:
    for row in OPERATIONS.values():
        if row.arity is None:
            continue
        if row.arity == 1:
            made = _unary_method(row)
        elif row.arity == 2 and not row.defaults:
            made = _binary_method(row, as_operand)
        else:
            made = _method(row)
        _name(made, row)
        for name in row.names:
            setattr(Tensor, name, made)
            setattr(Tensor, f"{name}_", inplace.method(row))
        if row.operator and row.arity == 2:
            made = _binary_method(row, _as_partner)
            setattr(Tensor, row.operator.replace("__", "__r", 1), _reflected(row, made))
            setattr(Tensor, row.operator.replace("__", "__i", 1), inplace.method(row))
        if row.operator:
            setattr(Tensor, row.operator, made)
        if row.comparison:
            setattr(Tensor, row.comparison, _binary_method(row, _as_partner))
    for row in ARRAY_OPERATIONS.values():
        if row.method:
            made = _method(row)
            _name(made, row)
            setattr(Tensor, row.name, made)
    matmul = ARRAY_OPERATIONS["matmul"]  # the table gives all methods
    setattr(Tensor, "__matmul__", lambda self, other: apply_array_operation(matmul, [self, other], {}))  # noqa: B010
    setattr(Tensor, "__rmatmul__", lambda self, other: apply_array_operation(matmul, [other, self], {}))  # noqa: B010


def _name(method: Any, row: Operation | ArrayOperation) -> None:
    method.__doc__ = row.doc
    method.__name__ = row.name
    method.__qualname__ = f"Tensor.{row.name}"


_attach()

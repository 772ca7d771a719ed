"""Running operations on tensors: compute at once, and record how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import arrays, fused, inplace
from autograd.array_operation import ArrayOperation
from autograd.mode import mode
from autograd.operation import Operation
from autograd.tensor import Tensor, as_operand
from autograd.versions import clock, refuse_outdated

_new = object.__new__
_array = np.ndarray


def apply(operation: Operation, *operands: Any) -> Tensor:
    """Run an element-wise operation on tensors, arrays and numbers, and record it.

    Raises
    ------
    TypeError
        When an operand is neither a tensor, nor an array, nor a number.
    ValueError
        When the shapes do not broadcast.

    Examples
    --------
    >>> from autograd.operation import lookup
    >>> apply(lookup("maximum"), tensor([1.0, 5.0]), 3.0)
    tensor([3., 5.])
    """
    if operation.arity is None:
        raise TypeError(f"{operation.name}: takes Values; there is no such operation of tensors")
    nodes = [as_operand(operand, operation) for operand in operands]
    data = computed(operation, [node._data for node in nodes])
    weak = (float, int, bool)
    if data.__class__ is _array and any(data is node._data for node in nodes):
        data = data.copy()  # where() chose all of an operand
    if (
        getattr(data, "dtype", np.dtype(data.__class__)) == np.float64
        and not mode.deriving  # in a rule, a number beside a mask has the digits that the gradient needs
        and all(node._data.__class__ in weak or node._data.dtype.kind == "b" for node in nodes)
    ):
        data = mode.quietly(np.float32, data)  # from Python's numbers alone
    return record(operation, nodes, data)


def computed(operation: Operation, inputs: list[Any]) -> Any:
    """Return the result of an element-wise row on arrays and numbers."""
    if any(np.size(x) >= fused.LARGE for x in inputs) and fused.is_large(max(map(np.size, inputs))):
        data = fused.forward(operation, inputs)
        if data is not None:
            return data
    try:
        return mode.quietly(operation.on_arrays[0], *inputs)
    except (ValueError, TypeError) as error:
        raise explained(operation, inputs, error) from None


def explained(operation: Any, inputs: Sequence[Any], error: Exception) -> Exception:
    """Return the error with the operation, the shapes and dtypes, and what to do."""
    if str(error).startswith(operation.name):
        return error
    shapes = [np.shape(x) for x in inputs]
    given = ", ".join(f"{x.shape} {x.dtype}" if isinstance(x, np.ndarray) else repr(x) for x in inputs)
    if isinstance(error, TypeError):
        return TypeError(f"{operation.name}: not defined for {given}; convert with .to(float32)")
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return ValueError(
            f"{operation.name}: the shapes {' and '.join(map(str, shapes))} do not broadcast; "
            f"counted from the last axis, sizes must be equal or 1; reshape or unsqueeze one of them"
        )
    return type(error)(f"{operation.name} of {given}: {error}")


def record(operation: Any, operands: Sequence[Tensor], data: Any) -> Tensor:
    """Return the node for a result that was computed already."""
    if data.__class__ in (float, int, bool):  # a rule chose a number that stands in it
        data = np.asarray(data, np.result_type(*[operand._data for operand in operands]))[()]
    out = _new(Tensor)
    out._data = data
    out._grad = out.op = out._first = out._second = None
    out._rest = ()
    out.label = ""
    out.requires_grad = False
    out._made = clock.now
    if mode.recording and data.dtype.kind == "f":
        for operand in operands:
            if operand.requires_grad:
                out.requires_grad = True
                out.op = operation
                out.set_operands(operands)
                break
    for operand in operands:
        if operand._base is not None:
            refuse_outdated(operand)
    if clock.special and mode.anomaly:
        inplace.check_result(out, operation, operands)
    return out


def apply_array_operation(operation: ArrayOperation, operands: Sequence[Any], options: dict[str, Any]) -> Tensor:
    """Run a row of the table for arrays on tensors, and record it with its options."""
    nodes = [as_operand(operand, operation) for operand in operands]
    inputs = [
        node._data if node._data.__class__ is _array and not node._repeats else _input(node, nodes[0]) for node in nodes
    ]
    try:
        result = mode.quietly(operation.forward, *([inputs] if operation.several else inputs), **options)
    except IndexError as error:
        if str(error).startswith(operation.name):
            raise
        remedy = "; an axis of size n has the indices -n to n - 1" if "out of bounds" in str(error) else ""
        raise IndexError(f"{operation.name} of shape {inputs[0].shape}: {error}{remedy}") from None
    except (ValueError, TypeError) as error:
        raise explained(operation, inputs, error) from None
    data, saved = result if operation.saves else (result, None)
    out = record(operation, nodes, data)
    if out.requires_grad:
        out._options = {name: _kept(option) for name, option in options.items()}
        out._saved = saved
    if out._data.base is not None and nodes:
        _note_view(out, nodes[0])
    elif nodes and out._data is nodes[0]._data:
        _see_memory_of(out, nodes[0])
    return out


def _input(node: Tensor, first: Tensor) -> np.ndarray:
    """Return the array of an operand; a Python number takes the dtype of the first one."""
    if node._data.__class__ is float and first.dtype.kind == "f":
        return mode.quietly(np.asarray, node._data, first.dtype)
    return node.numpy()


def _kept(option: Any) -> Any:
    """Return an option for the backward pass: indices are copied, as their owner may change them."""
    if option.__class__ is tuple:
        return tuple(map(_kept, option))
    return option.copy() if option.__class__ is _array and option.dtype.kind != "f" else option


def _note_view(out: Tensor, source: Tensor) -> None:
    """Remember whose memory a view looks at."""
    data = source._data
    if isinstance(data, np.ndarray) and out._data.base is (data if data.base is None else data.base):
        _see_memory_of(out, source)


def _see_memory_of(out: Tensor, source: Tensor) -> None:
    out._base = source._base if source._base is not None else source
    out._cut = source._cut


ArrayOperation.apply = staticmethod(apply_array_operation)
arrays.complete()

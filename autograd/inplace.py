"""Changing tensors in place: recorded with correct gradients, or refused.

While a graph is recorded, ``x += y`` computes ``x + y`` from a copy of the old node and then lets
``x`` stand for the result.  What was computed from ``x`` before still means the old node: the next
walk over the graph settles that.  A view changes its base too: the base becomes its old numbers
with the view's put in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.array_operations import ARRAY_OPERATIONS
from autograd.array_operations.indexing import flat_positions
from autograd.mode import mode, users_line
from autograd.operation import Operation
from autograd.versions import LostBase, clock, refuse_outdated, settle


def method(operation: Operation) -> Callable[..., Any]:
    """Return the method that computes an element-wise operation in place: ``add_``, ``+=``."""

    def in_place(self: Any, *operands: Any, **named: Any) -> Any:
        from autograd.recording import apply
        from autograd.tensor import as_operand

        bound = operation.bind((self, *operands), named)
        nodes = [as_operand(operand, operation) for operand in bound]
        return change(self, nodes[1:], f"{operation.name}_", lambda old, *others: apply(operation, old, *others))

    in_place.__name__ = f"{operation.name}_"
    in_place.__doc__ = f"In place: {operation.doc.splitlines()[0]}"
    return in_place


def change(tensor: Any, others: Any, name: str, compute: Callable[..., Any]) -> Any:
    """Let `tensor` become ``compute(tensor, *others)`` in its own memory, and return it.

    Raises
    ------
    RuntimeError
        When it is a leaf that requires a gradient, outside of ``no_grad()``.
    TypeError, ValueError
        When the result has another shape, or a dtype that does not fit.
    """
    recorded = mode.recording and (tensor.requires_grad or any(other.requires_grad for other in others))
    if recorded and tensor.op is None and tensor.requires_grad:
        raise RuntimeError(
            f"{name}: this leaf requires a gradient, so it cannot be changed in place while a graph is recorded; "
            f"use no_grad(), or compute a new tensor"
        )
    if not recorded:
        result = compute(tensor.detach(), *others)
        _write(tensor, result, name)
        return tensor
    root: Any = tensor._base
    refuse_outdated(tensor)
    if root is not None and root.op is None and root.requires_grad:
        raise RuntimeError(
            f"{name}: this is a view of a leaf that requires a gradient, which cannot be changed in place while "
            f"a graph is recorded; use no_grad(), or change a clone()"
        )
    if tensor._cut or (root is not None and root.requires_grad and not tensor.requires_grad):
        raise RuntimeError(
            f"{name}: this tensor shares the memory of one with a graph, of which it is no part (detach(), .data or "
            f"no_grad()); change a clone()"
        )
    if root is None:
        old = _snapshot(tensor)
        made = old._made
        others = [_before(other, tensor, {tensor: old}) for other in others]
        result = compute(old, *others)
        _write(tensor, result, name)
    else:
        positions = _positions_in(root, tensor)
        root_old = _snapshot(root)
        made = min(tensor._made, root_old._made)
        old = _taken_at(root_old, positions)
        old._changed = root_old._changed
        others = [_before(other, root, {tensor: old, root: root_old}) for other in others]
        result = compute(old, *others)
        _write(tensor, result, name)
        _become(root, root_old, ARRAY_OPERATIONS["put_at"](root_old, result, positions))
        result = _taken_at(root, positions)
    _become(tensor, old, result)
    settle(others, made)  # what was computed from the old numbers must not hold the new ones: a reference cycle
    return tensor


def set_item(tensor: Any, index: tuple[Any, ...], value: Any) -> None:
    """Assign to the elements that an index selects.

    Raises
    ------
    IndexError, ValueError, TypeError
        When the index or the shape or dtype of the value does not fit.
    """
    from autograd.tensor import as_operand

    value = as_operand(value, ARRAY_OPERATIONS["put_at"])
    given = value.numpy()
    try:
        target = tensor.numpy()[index].shape
    except IndexError as error:
        raise IndexError(f"t[...] = value of shape {tensor.shape}: {error}") from None
    _check_cast(given, tensor, "t[...] = value")
    try:
        np.broadcast_to(given, target)
    except ValueError:
        if given.size == 1 or given.reshape([n for n in given.shape if n != 1]).shape != target:
            raise ValueError(
                f"t[...] = value: a value of shape {given.shape} does not fit the selected shape {target}; reshape it"
            ) from None
        value = value.reshape(target)
    if not mode.recording or not (tensor.requires_grad or value.requires_grad):
        mode.quietly(_writable(tensor, "t[...] = value").__setitem__, index, value._data)
        tick(tensor)
        return
    positions = flat_positions(tensor.shape, index)
    change(tensor, [value], "t[...] = value", lambda old, new: ARRAY_OPERATIONS["put_at"](old, new, positions))


def assign_data(tensor: Any, data: Any) -> None:
    """Put other numbers into a tensor, as ``t.data = ...``; the graph that it is in sees the change."""
    from autograd.tensor import as_operand

    new = as_operand(data, ARRAY_OPERATIONS["put_at"]).numpy()
    if new.dtype != tensor.dtype:
        raise TypeError(f".data: the tensor has dtype {tensor.dtype}, the new data {new.dtype}; convert with .to(...)")
    if new.shape == tensor.shape and not np.may_share_memory(new, tensor.numpy()):
        _writable(tensor, ".data")[...] = new
    elif new is not tensor._data:
        if tensor.op is not None or tensor._base is not None:
            raise ValueError(f".data: only a leaf can take data of another shape; {tensor.shape} is a result or a view")
        tensor._data = new.copy() if new.base is not None or not new.flags.writeable else new
    tick(tensor)


def change_dtype(leaf: Any, dtype: np.dtype[Any]) -> None:
    """Convert the numbers and the gradient of a leaf to another dtype of floats; a graph that it is in notices."""
    if leaf.dtype != dtype:
        leaf._data = leaf.numpy().astype(dtype)
        leaf._grad = None if leaf.grad is None else leaf.grad.to(dtype)
        tick(leaf)


def _check_cast(new: Any, tensor: Any, name: str) -> None:
    if new.dtype != tensor.dtype and not np.can_cast(new.dtype, tensor.dtype, "same_kind"):
        raise TypeError(f"{name}: {new.dtype} does not fit into a tensor of {tensor.dtype}; convert with .to(...)")


def _writable(tensor: Any, name: str) -> np.ndarray:
    if tensor._base.__class__ is LostBase:
        refuse_outdated(tensor)
    if not tensor.numpy().flags.writeable:
        raise ValueError(
            f"{name}: the memory is read-only, several elements of an expanded tensor are one; use .clone() first"
        )
    return tensor._data


def _write(tensor: Any, result: Any, name: str) -> None:
    new = result.numpy()
    if new.shape != tensor.shape:
        raise ValueError(
            f"{name}: the result has shape {new.shape}, the tensor {tensor.shape}; it cannot grow in place"
        )
    _check_cast(new, tensor, name)
    mode.quietly(_writable(tensor, name).__setitem__, ..., new)
    tick(tensor)


def tick(tensor: Any) -> None:
    """Note that the numbers of a tensor changed in place; who writes to ``tensor.numpy()`` calls this."""
    clock.now += 1
    root = tensor if tensor._base is None else tensor._base
    root._changed = clock.now


def _snapshot(tensor: Any) -> Any:
    """Return a node with the numbers and the history that `tensor` has now."""
    from autograd.tensor import Tensor

    old = object.__new__(Tensor)
    old._data = tensor._data.copy()
    for name in ("op", "_first", "_second", "_rest", "label", "requires_grad"):
        setattr(old, name, getattr(tensor, name))
    old._grad = None
    old._changed = (tensor if tensor._base is None else tensor._base)._changed
    old._options, old._saved, old._made, old._line = tensor._options, tensor._saved, tensor._made, tensor._line
    return old


def _before(operand: Any, root: Any, known: dict[Any, Any]) -> Any:
    """Return an operand with the numbers that it has before the memory of `root` changes."""
    if operand in known:
        return known[operand]
    if operand._base is not root:
        return operand
    refuse_outdated(operand)
    return _snapshot(operand)


def _become(tensor: Any, old: Any, result: Any) -> None:
    """Let `tensor` stand for what `result` was computed from; `old` is what it was."""
    for name in ("op", "_first", "_second", "_rest", "requires_grad"):
        setattr(tensor, name, getattr(result, name))
    tensor._options, tensor._saved, tensor._line = result._options, result._saved, result._line
    tensor._grad = None
    tensor._made = tensor._rebased = clock.now
    old._hooks, tensor._hooks = tensor._hooks, None
    tensor._versions = tensor._versions or []
    tensor._versions.append((clock.now, old))
    clock.rebases += 1


def _positions_in(root: Any, view: Any) -> np.ndarray:
    """The positions in the flattened base of the elements of a view."""
    if not root._data.flags.c_contiguous:
        raise RuntimeError("the base of this view does not lie in memory in order; change a clone() instead")
    itemsize = root._data.itemsize
    start = (view._data.__array_interface__["data"][0] - root._data.__array_interface__["data"][0]) // itemsize
    steps = [np.arange(n) * (stride // itemsize) for n, stride in zip(view.shape, view._data.strides, strict=True)]
    return start + (sum(np.ix_(*steps)) if steps else 0) + np.zeros(view.shape, np.int64)


def _taken_at(root: Any, positions: np.ndarray) -> Any:
    """Return the elements at flat positions: what a view shows of its base."""
    flat = ARRAY_OPERATIONS["reshape"](root, (-1,))
    return ARRAY_OPERATIONS["getitem"](flat, (positions,))


def check_result(out: Any, operation: Any, operands: Any) -> None:
    """While anomalies are looked for: raise at the first result that is nan or infinite."""
    out._line = users_line()
    if (
        out._data.dtype.kind == "f"
        and not np.isfinite(out._data).all()
        and all(np.isfinite(o._data).all() for o in operands)
    ):
        raise FloatingPointError(
            f"detect_anomaly: {operation.name} gave {_first_bad(out._data)} from finite operands"
            + (f", in {out._line}" if out._line else "")
        )


def check_gradients(node: Any, received: Any) -> None:
    """While anomalies are looked for: raise at the first gradient that is nan or infinite."""
    for i, contribution in enumerate(received):
        if contribution is None:
            continue
        numbers = contribution.numpy() if hasattr(contribution, "numpy") else contribution
        if not np.isfinite(numbers).all():
            raise FloatingPointError(
                f"detect_anomaly: the gradient of operand {i} of {node.op.name} is {_first_bad(numbers)}"
                + (f"; the operation was recorded in {node._line}" if node._line else "")
            )


def _first_bad(numbers: Any) -> str:
    places = np.argwhere(~np.isfinite(numbers))
    first = tuple(int(i) for i in places[0])
    return f"{np.asarray(numbers)[first]} at {first}" if first else f"{np.asarray(numbers)}"

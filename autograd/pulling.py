"""How a tensor pulls its gradient to its operands: the chain rule on arrays and on nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import arrays, fused, inplace
from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.array_operations.shapes import astype as astype_row
from autograd.graph import Node
from autograd.mode import mode
from autograd.operation import Operation, routed
from autograd.versions import ChangedOperand, clock, refuse_changed

_array = np.ndarray


def pull(self: Any, gradients: dict[Any, Any], on_nodes: bool = False) -> None:
    """Pull the gradient of this result to its operands: upstream gradient times local gradient."""
    op: Any = self.op
    if on_nodes or self._hooks or self._made != clock.now or op.__class__ is not Operation or clock.special:
        return _pull_carefully(self, gradients, on_nodes)
    # The common case, an element-wise operation of one or two operands, is written out.
    upstream, out = gradients[self], self._data
    first, second = self._first, self._second
    rules = op.on_arrays
    if upstream.size >= fused.LARGE:
        return _pull_carefully(self, gradients, on_nodes)
    if second is None:
        local = rules[1](first._data, out)
        if op.routes:
            product = _routed(upstream, local)
        else:
            product = upstream if local.__class__ is float and local == 1.0 else upstream * local
        if product.shape != first._data.shape or product.dtype is not first._data.dtype:
            product = _fitted(product, first, False)
        gradients[first] = gradients[first] + product if first in gradients else product
    elif self._rest or op.routes:
        _pull_carefully(self, gradients, on_nodes)
    else:
        x, y = first._data, second._data
        if first.requires_grad:
            local = rules[1](x, y, out)
            product = upstream if local.__class__ is float and local == 1.0 else upstream * local
            if product.__class__ is not x.__class__ or (
                product.__class__ is _array and (product.shape != x.shape or product.dtype is not x.dtype)
            ):
                product = _fitted(product, first, False)
            gradients[first] = gradients[first] + product if first in gradients else product
        if second.requires_grad:
            local = rules[2](x, y, out)
            product = upstream if local.__class__ is float and local == 1.0 else upstream * local
            if product.__class__ is not y.__class__ or (
                product.__class__ is _array and (product.shape != y.shape or product.dtype is not y.dtype)
            ):
                product = _fitted(product, second, False)
            gradients[second] = gradients[second] + product if second in gradients else product
    return None


def _pull_carefully(node: Any, gradients: dict[Any, Any], on_nodes: bool) -> None:
    """Pull by any kind of rule, on arrays or nodes, with a look at changes in place."""
    op: Any = node.op
    upstream = gradients[node] = node.arrived(gradients[node])
    operands = node.parents
    inputs: list[Any] = [*operands] if on_nodes else [operand._data for operand in operands]
    out: Any = node if on_nodes else node._data
    if node._made != clock.now:  # something was changed in place since
        _check_changes(node, operands, inputs)
        if (node if node._base is None else node._base)._changed > node._made:
            out = ChangedOperand(node.numpy(), _changed_message(node, op))
    if op.__class__ is Operation:
        received = _local_products(op, upstream, operands, inputs, out, on_nodes)
    elif op.__class__ is ArrayOperation:
        received = _products(node, op, upstream, operands, inputs, out, on_nodes)
    else:
        if on_nodes or op.runs_again:
            refuse_changed(inputs)
        received = op.contributions(node, upstream, on_nodes)
    for i, (operand, contribution) in enumerate(zip(operands, received, strict=True)):
        if contribution is not None and operand.requires_grad:
            received[i] = contribution = _fitted(contribution, operand, on_nodes)
            gradients[operand] = gradients[operand] + contribution if operand in gradients else contribution
    if mode.anomaly:
        inplace.check_gradients(node, received)


def _local_products(
    op: Operation, upstream: Any, operands: Any, inputs: list[Any], out: Any, on_nodes: bool
) -> list[Any]:
    """Return upstream gradient times local gradient for each operand of an element-wise row."""
    partials = op.node_partials if on_nodes else op.on_arrays[1:]
    large = not on_nodes and fused.is_large(upstream.size)
    received: list[Any] = []
    for slot, (partial, operand) in enumerate(zip(partials, operands, strict=True)):
        product = None
        if operand.requires_grad:
            product = fused.pull(op, slot, upstream, inputs, out) if large else None
            product = _times(op, upstream, partial(*inputs, out)) if product is None else product
        received.append(product)
    return received


def _times(op: Operation, upstream: Any, local: Any) -> Any:
    if not op.routes:
        return upstream if local.__class__ is float and local == 1.0 else upstream * local
    if isinstance(upstream, Node):
        from autograd import functions

        return routed(functions, upstream, local)
    return _routed(upstream, local)


def _routed(upstream: Any, local: Any) -> Any:
    product = upstream * local
    # Infinite gradients are rare, and NumPy finds a nan much faster than it selects elements.
    return routed(arrays, upstream, local) if np.count_nonzero(product != product) else product


def _products(
    node: Any, op: ArrayOperation, upstream: Any, operands: Any, inputs: list[Any], out: Any, on_nodes: bool
) -> list[Any]:
    m: Any = arrays
    if on_nodes:
        from autograd import functions as m
    options = node._options or {}
    if op.saves:
        options = {**options, "saved": node._saved}
    if op.several:
        product = op.products[0]
        return [
            product(m, upstream, out, inputs, i, **options) if operand.requires_grad else None
            for i, operand in enumerate(operands)
        ]
    missing = [None] * (len(op.products) - len(operands))  # optional operands that were not given
    return [
        product(m, upstream, out, *inputs, *missing, **options) if operand.requires_grad else None
        for product, operand in zip(op.products, operands, strict=False)
    ]


def _fitted(contribution: Any, operand: Any, on_nodes: bool) -> Any:
    """Return the contribution in the operand's shape and dtype."""
    data = operand._data
    if contribution.shape != data.shape:
        sum_to_size = ARRAY_OPERATIONS["sum_to_size"]
        if on_nodes:
            contribution = sum_to_size(expanded_to(contribution, data.shape), data.shape)
        else:
            contribution = sum_to_size.forward(expanded_to(contribution, data.shape), data.shape)
    if contribution.dtype is not data.dtype and contribution.dtype != data.dtype:
        contribution = astype_row(contribution, data.dtype) if on_nodes else contribution.astype(data.dtype)
    return contribution


def expanded_to(contribution: Any, shape: tuple[int, ...]) -> Any:
    """Return `contribution` broadcast against `shape`: a derivative may be one number for all elements."""
    full = np.broadcast_shapes(contribution.shape, shape)
    if full == contribution.shape:
        return contribution
    if isinstance(contribution, Node):
        return ARRAY_OPERATIONS["expand"](contribution, full)
    return np.broadcast_to(contribution, full)


def _check_changes(node: Any, operands: Sequence[Any], inputs: list[Any]) -> None:
    made = node._made
    for i, operand in enumerate(operands):
        root = operand._base if operand._base is not None else operand
        if operand._rebased > made:
            raise RuntimeError(_changed_message(operand, node.op))
        if root._changed > made:
            inputs[i] = ChangedOperand(operand.numpy(), _changed_message(operand, node.op))


def _changed_message(tensor: Any, saver: Any) -> str:
    name = f" {tensor.label!r}" if tensor.label else ""
    return (
        f"a tensor{name} of shape {tensor.shape} was changed in place after {saver.name} had used it, and the gradient "
        f"of {saver.name} needs the numbers from before; change a copy (x.clone()), or compute a new one (x = x + 1)"
    )


# A whole pass.


def quiet_pass(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that runs many operations; NumPy follows IEEE 754 without warnings all the time."""
    quietly = mode.quietly
    mode.quietly = _directly  # a context cannot be entered twice
    try:
        return quietly(function, *arguments)
    finally:
        mode.quietly = quietly


def _directly(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


def owned(total: Any, taken: set[int]) -> Any:
    """Return a gradient that shares its memory with no other; `taken` are the arrays that somebody has."""
    if total.__class__ is _array:
        memory = total
        if total.base is not None:
            memory = total.base
            if memory.__class__ is not _array or memory.size != total.size or not total.flags.carray:
                return total.copy()
        if id(memory) in taken:
            return total.copy()
        taken.add(id(memory))
    elif isinstance(total, Node):
        tensor: Any = total
        if tensor.op is None or tensor._base is not None or id(tensor._data) in taken:
            return tensor.clone()
        taken.add(id(tensor._data))
    return total


def sum_of(before: Any, total: Any) -> Any:
    """Return the gradient of a leaf, to which another pass adds."""
    plain = isinstance(before, Node) and not before.requires_grad and not isinstance(total, Node)
    earlier: Any = before._data if plain else before
    return total + earlier

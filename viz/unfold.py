"""The unfolded form of compound gates: a sigmoid as ``*-1``, ``exp``, ``+1``, ``1/x``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

import numpy as np

from autograd import OPERATIONS, Tensor, Value, enable_grad, functions, topological_order
from autograd.graph import backpropagate
from autograd.tensor import as_constant
from viz.arrays import array_of
from viz.contributions import bare_copy


def unfold_gates(outputs: Sequence[Any], names: Collection[str] | Literal[True]) -> list[Any]:
    """Copy a graph with its compound gates replaced by the smaller gates they are composed of.

    Parameters
    ----------
    outputs : sequence of Value or Tensor
        The results; they and their graph stay as they are.
    names : collection of str or True
        The operations to unfold, or all that have an unfolded form.

    Returns
    -------
    list of Value or Tensor
        The copies of the outputs.  The gates inside hold the values and gradients that belong there.

    Raises
    ------
    ValueError
        When a name is no operation that has an unfolded form.

    Examples
    --------
    >>> (unfolded,) = unfold_gates([Value(1.0).sigmoid()], True)
    >>> [node.op.symbol for node in topological_order([unfolded]) if node.op]
    ['*-1', 'exp', '+', '1/x']
    """
    wanted = compound_names(names)
    order = topological_order(outputs, constants=True)
    while any(node.op is not None and node.op.name in wanted for node in order):
        copies: dict[Any, Any] = {}
        for node in order:
            operands = [copies[operand] for operand in node.parents]
            unfold = node.op is not None and node.op.name in wanted
            copies[node] = _composed(node, operands) if unfold else copy_node(node, node.op, operands)
        outputs = [copies[output] for output in outputs]
        order = topological_order(outputs, constants=True)
    return list(outputs)


def compound_names(names: Collection[str] | Literal[True]) -> set[str]:
    """Return the operations that have an unfolded form, those of `names` or all, or raise ValueError."""
    compound = {row.name for row in OPERATIONS.values() if row.composed}
    wanted = compound if names is True else {names} if isinstance(names, str) else set(names)
    if wanted - compound:
        unknown, known = ", ".join(sorted(wanted - compound)), ", ".join(sorted(compound))
        raise ValueError(f"there is no unfolded form of {unknown}; there is one of {known}")
    return wanted


def copy_node(node: Any, op: Any, operands: Sequence[Any]) -> Any:
    """Return a node with the values of `node`, made by `op` from `operands`."""
    copy = bare_copy(node) if isinstance(node, Tensor) else Value(node.data, node.label, node.requires_grad)
    copy._grad = node._grad
    if op is not None:
        copy.op = op
        copy.set_operands(operands)
    return copy


def _composed(node: Any, operands: list[Any]) -> Any:
    """Build the small gates on stand-ins for the operands, then connect them to the operands."""
    stand_ins = [_stand_in(operand) for operand in operands]
    with enable_grad():
        result = node.op.composed(functions, *stand_ins)
    if node.grad_computed:
        upstream = array_of(node._grad) if isinstance(node, Tensor) else node._grad
        with np.errstate(all="ignore"):
            gradients = backpropagate({result: upstream})
        for inner, gradient in gradients.items():
            inner._grad = gradient
    real = dict(zip(stand_ins, operands, strict=True))
    for inner in topological_order([result]):
        if inner.op is not None:
            inner.set_operands([real.get(operand, operand) for operand in inner.parents])
    result.label = node.label
    return result


def _stand_in(operand: Any) -> Any:
    if not isinstance(operand, Tensor):
        return Value(operand.data, requires_grad=operand.requires_grad)
    leaf = as_constant(operand._data)
    leaf.requires_grad = operand.requires_grad
    return leaf

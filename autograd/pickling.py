"""Pickling a graph of any depth: the nodes as columns instead of nested objects."""

from __future__ import annotations

from typing import Any

from autograd.graph import topological_order

_STATE = ("_data", "_grad", "label")


def pack(output: Any) -> tuple[Any, ...]:
    """Return what pickle stores for `output` and everything it was computed from.

    Leaves that require a gradient are stored as objects of their own, so that two results
    pickled together still share their parameters.  Results in between belong to one output.
    """
    if output.op is None:
        return _restore_leaf, (type(output), output._data, output._grad, output.label, output.requires_grad)
    order = topological_order([output], constants=True)
    position = {node: i for i, node in enumerate(order)}
    leaves = [node if node.op is None and node.requires_grad else None for node in order]
    operations = [node.op for node in order]
    operands = [tuple(position[operand] for operand in node.parents) for node in order]
    state = {name: [getattr(node, name, None) for node in order] for name in (*_STATE, *output.pickled)}
    return _restore, (type(output), leaves, operations, operands, state)


def _restore_leaf(kind: type, data: Any, grad: Any, label: str, requires_grad: bool) -> Any:
    leaf = _blank(kind)
    leaf._data, leaf._grad, leaf.label, leaf.requires_grad = data, grad, label, requires_grad
    return leaf


def _blank(kind: type) -> Any:
    """Return a node without numbers, whose constructor was not asked."""
    node: Any = object.__new__(kind)
    node.op = node._first = node._second = None
    node._rest = ()
    return node


def _restore(kind: type, leaves: list[Any], operations: list[Any], operands: list[Any], state: dict[str, Any]) -> Any:
    nodes: list[Any] = []
    for i, leaf in enumerate(leaves):
        node = leaf
        if node is None:
            node = _blank(kind)
            for name, column in state.items():
                setattr(node, name, column[i])
            node.op = operations[i]
            node.requires_grad = node.op is not None
            node.set_operands([nodes[k] for k in operands[i]])
        nodes.append(node)
    return nodes[-1]

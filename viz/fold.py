"""The folded form of compound gates: ``1 / (1 + exp(-x))`` drawn as one sigmoid gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Literal

from autograd import OPERATIONS, Value, functions, topological_order
from viz.labels import is_constant
from viz.unfold import compound_names, copy_node


def fold_gates(outputs: Sequence[Any], names: Collection[str] | Literal[True]) -> list[Any]:
    """Copy a graph with compositions of small gates replaced by the compound gate they amount to.

    A composition is folded only when nothing else uses the results inside it, as those
    disappear from the picture.

    Parameters
    ----------
    outputs : sequence of Value or Tensor
        The results; they and their graph stay as they are.
    names : collection of str or True
        The compound operations to look for, or all that have an unfolded form.

    Returns
    -------
    list of Value or Tensor
        The copies of the outputs, with the same values and gradients.

    Raises
    ------
    ValueError
        When a name is no operation that has an unfolded form.

    Examples
    --------
    >>> x = Value(1.0)
    >>> (folded,) = fold_gates([1 / (1 + (-x).exp())], {"sigmoid"})
    >>> folded.op.name
    'sigmoid'
    """
    patterns = []
    for row in OPERATIONS.values():
        if row.composed and row.name in compound_names(names):
            stand_in = Value(0.5)
            patterns.append((row, stand_in, row.composed(functions, stand_in)))
    order = topological_order(outputs, constants=True)
    uses = Counter(operand for node in order for operand in node.parents)
    uses.update(outputs)
    copies: dict[Any, Any] = {}
    for node in order:
        op, operands = node.op, node.parents
        for row, stand_in, pattern in patterns:
            bound: dict[Any, Any] = {}
            if op is not None and _matches(node, pattern, stand_in, bound, uses, outermost=True):
                op, operands = row, (bound[stand_in],)
                break
        copies[node] = copy_node(node, op, [copies[operand] for operand in operands])
    return [copies[output] for output in outputs]


def _normal_form(node: Any) -> tuple[str, list[Any]]:
    """Name the operation so that different ways to write the same gate compare equal."""
    name, operands = node.op.name, list(node.parents)
    if name in ("add", "mul") and is_constant(operands[0]):
        operands.reverse()
    if name == "div" and is_constant(operands[0]) and operands[0]._data == 1.0:
        return "reciprocal", operands[1:]
    if name == "mul" and is_constant(operands[1]) and operands[1]._data == -1.0:
        return "neg", operands[:1]
    return name, operands


def _matches(
    node: Any, pattern: Any, stand_in: Any, bound: dict[Any, Any], uses: Counter[Any], outermost: bool = False
) -> bool:
    if pattern is stand_in:
        return bound.setdefault(stand_in, node) is node
    if pattern.op is None or node.op is None:
        return is_constant(node) and pattern.op is None and node._data == pattern._data
    if uses[node] > 1 and not outermost:
        return False
    (name, operands), (pattern_name, pattern_operands) = _normal_form(node), _normal_form(pattern)
    return (
        name == pattern_name
        and len(operands) == len(pattern_operands)
        and all(
            _matches(operand, inner, stand_in, bound, uses)
            for operand, inner in zip(operands, pattern_operands, strict=True)
        )
    )

"""The graph: nodes, their topological order, and the backward pass.

A node stores its operation, its operands in order, its data and its gradient.  It holds no
closures and no reference cycles, so dropping the result frees the graph at once.  Everything
here is iterative: a chain of a million operations needs no recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.mode import mode, refuse
from autograd.operation import Operation
from autograd.versions import clock, settle


class Node:
    """A variable, a constant, or the result of an operation.

    Attributes
    ----------
    op : Operation or None
        The operation that made this node; ``None`` for a leaf.
    label : str
        The name in pictures.
    requires_grad : bool
        Whether a backward pass gives this node a gradient; constants need none.
    """

    # The first two operands have slots of their own: a tuple of operands for every node would
    # be one more object for Python's cyclic garbage collector to trace.
    __slots__ = ("_data", "_first", "_grad", "_rest", "_second", "label", "op", "requires_grad")

    pickled: tuple[str, ...] = ()
    """The attributes of a kind of node, beside those of all nodes, that are pickled with it."""

    edits = 0
    """How often the data of a constant or a result was assigned, anywhere: programs look whether it was theirs."""

    _data: Any
    _grad: Any
    _first: Any
    _second: Any
    _rest: Any
    op: Operation | None
    label: str
    requires_grad: bool

    @property
    def parents(self) -> tuple[Any, ...]:
        """The operands in order, duplicates kept; empty for a leaf."""
        if self._first is None:
            return ()
        if self._second is None:
            return (self._first,)
        return (self._first, self._second, *self._rest)

    def set_operands(self, operands: Sequence[Any]) -> None:
        """Store the operands, in order."""
        count = len(operands)
        self._first = operands[0] if count else None
        self._second = operands[1] if count > 1 else None
        self._rest = tuple(operands[2:]) if count > 2 else ()

    def _backward(self, gradient: Any) -> dict[Any, Any]:
        """Backpropagate from here, add the results to the gradients of the leaves, and return them.

        Results of operations get the gradient of this pass only, so that a second pass adds
        exactly the same amount to the leaves again.
        """
        gradients = backpropagate({self: gradient})
        for node, total in gradients.items():
            node._grad = total if node.op is not None or node._grad is None else node._grad + total
        return gradients

    def pull(self, gradients: dict[Any, Any], on_nodes: bool = False) -> None:
        """Pull the gradient of this result to its operands: upstream gradient times local gradient.

        This is the whole of backpropagation; :func:`backpropagate` is a loop over it.

        Parameters
        ----------
        gradients : dict
            The gradients of this pass; that of this node is complete.  An operand used several
            times adds up its contributions.
        on_nodes : bool
            Compute with nodes instead of numbers, which records the graph of the derivative.
        """
        raise NotImplementedError

    def compute(self) -> None:
        """Compute the data of this result again, from the data that its operands have now."""
        raise NotImplementedError

    @property
    def grad_computed(self) -> bool:
        """Whether a backward pass has reached this node since its gradient was last cleared."""
        if mode.compiling:
            refuse("grad_computed is read", "return the result, the program computes its gradient")
        return self._grad is not None


def topological_order(outputs: Iterable[Node], *, constants: bool = False) -> list[Any]:
    """List the nodes that `outputs` are computed from, operands before results.

    Parameters
    ----------
    outputs : iterable of Node
        The results; they are in the list too.
    constants : bool
        Whether to list leaves that need no gradient.

    Returns
    -------
    list of Node
        Each node once; a leaf stands before the first operation that uses it.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> [node.op.symbol if node.op else node.label for node in topological_order([(x + y) * z])]
    ['x', 'y', '+', 'z', '*']
    """
    outputs = list(outputs)
    order: dict[Any, None] = {}  # keeps the order, and each node once
    for result in results_in_order(outputs):
        for operand in result.parents:
            if operand.op is None and (constants or operand.requires_grad):
                order[operand] = None
        order[result] = None
    order.update(dict.fromkeys(outputs))  # an output may be a leaf
    return list(order)


def results_in_order(outputs: Iterable[Any]) -> list[Any]:
    """List the results of operations, operands before results: depth-first, without recursion."""
    stack: list[Any] = [*outputs]
    if clock.rebases:
        settle(stack)
    order: list[Any] = []
    seen: set[Any] = set()
    stack.reverse()
    while stack:
        node = stack.pop()
        if node is None:  # all that the next node is computed from is in the list
            order.append(stack.pop())
            continue
        if node in seen or node.op is None:
            continue
        seen.add(node)
        first, second = node._first, node._second
        if first.op is None or first in seen:
            first = None
        if second is not None and (second.op is None or second in seen):
            second = None
        if first is None and second is None and not node._rest:
            order.append(node)
            continue
        stack.append(node)
        stack.append(None)
        if node._rest:
            stack.extend(reversed(node._rest))
        if second is not None:
            stack.append(second)
        if first is not None:
            stack.append(first)
    return order


def backpropagate(
    gradients: dict[Any, Any], on_nodes: bool = False, keeps: Callable[[Any], bool] | None = None
) -> dict[Any, Any]:
    """Run one backward pass and return the gradient of every node it reached.

    Nothing is written to the graph, so an error on the way leaves it as it was.

    Parameters
    ----------
    gradients : dict of Node to gradient
        The outputs and the gradient that each starts from; the others are added to it.
    on_nodes : bool
        Whether the gradients are nodes, which can be differentiated again.
    keeps : callable, optional
        Tells for which results to keep the gradient; others are let go once they were pulled,
        so that a pass over large arrays needs little memory.

    Raises
    ------
    ValueError
        When an output needs no gradient, so that there is nothing to differentiate.
    """
    if mode.compiling and not on_nodes:
        refuse(
            "a gradient is computed as a number",
            "return the result, the program computes its gradient; or use autograd.grad(..., create_graph=True)",
        )
    for output in gradients:
        if not output.requires_grad:
            raise ValueError(
                f"{output!r} is a constant: it was computed from numbers only, or inside no_grad(), "
                f"so it has no graph to differentiate; compute it from Values that require a gradient"
            )
    order = results_in_order(gradients)
    order.reverse()
    before = mode.deriving
    mode.deriving = on_nodes
    try:
        for node in order:
            node.pull(gradients, on_nodes)
            if keeps is not None and not keeps(node):
                del gradients[node]
    finally:
        mode.deriving = before
    return gradients

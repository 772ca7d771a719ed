"""Gradients as values: ``grad`` for any order of derivative, and ``value_and_grad``."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.fused import LARGE, once
from autograd.graph import Node, backpropagate
from autograd.mode import mode
from autograd.pulling import owned, quiet_pass
from autograd.tensor import ARRAYS, Tensor, as_constant, seed_for
from autograd.value import Value, as_float, describe
from autograd.versions import refuse_outdated


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    create_graph: bool = False,
    allow_unused: bool = False,
    retain_graph: bool | None = None,
) -> tuple[Any, ...]:
    """Return the gradient of the sum of `outputs` with respect to each of `inputs`.

    The ``grad`` of the nodes is not touched.

    Parameters
    ----------
    outputs : Value, Tensor, or sequence of them
        What to differentiate: all Values, or all Tensors.
    inputs : Value, Tensor, or sequence of them
        With respect to what: leaves or results on the way.
    grad_outputs : float, node, array or a sequence of them, optional
        The gradient each output starts from; 1 by default, for tensors with one element.
    create_graph : bool
        Record the graph of the derivative, so that the result can be differentiated again.
    allow_unused : bool
        Return ``None`` for an input that the outputs do not depend on, instead of raising.
    retain_graph : bool, optional
        Accepted for PyTorch's sake: a graph lives as long as its result.

    Returns
    -------
    tuple of Value or Tensor
        One gradient per input, in order.

    Raises
    ------
    TypeError
        When an output or an input is no node.
    ValueError
        When an output is a constant, has several elements and no gradient to start from, or an
        input is not part of the graph.

    Examples
    --------
    >>> x = Value(2.0)
    >>> (first,) = grad(x**3, x, create_graph=True)
    >>> (second,) = grad(first, x)
    >>> first.data, second.data
    (12.0, 12.0)
    """
    outputs, inputs = _nodes(outputs, "outputs"), _nodes(inputs, "inputs")
    one = None if isinstance(outputs[0], Tensor) else 1.0
    starts = [one] * len(outputs) if grad_outputs is None else grad_outputs
    starts = list(starts) if isinstance(starts, (list, tuple)) else [starts]
    if len(starts) != len(outputs):
        raise ValueError(f"grad: {len(starts)} grad_outputs for {len(outputs)} outputs; give one for each")
    before, mode.recording = mode.recording, True
    try:
        if isinstance(outputs[0], Tensor):
            found = _tensor_gradients(outputs, inputs, starts, create_graph)
        else:
            found = _value_gradients(outputs, inputs, starts, create_graph)
    finally:
        mode.recording = before
    for i, node in enumerate(inputs):
        if found[i] is None and not allow_unused:
            name = f" ({node.label!r})" if node.label else ""
            raise ValueError(
                f"grad: the outputs do not depend on input {i}{name}, {node!r}; "
                f"leave it out, or pass allow_unused=True to get None for it"
            )
    return found


def _nodes(given: Any, what: str) -> tuple[Any, ...]:
    nodes = (given,) if isinstance(given, Node) else given
    if nodes.__class__ in (tuple, list) and len(nodes) == 1 and nodes[0].__class__ in (Tensor, Value):
        return tuple(nodes)
    kinds = (
        {Tensor if isinstance(node, Tensor) else type(node) for node in nodes} if isinstance(nodes, Sequence) else set()
    )
    if len(kinds) != 1 or not kinds <= {Value, Tensor}:
        raise TypeError(f"grad: {what} takes a Value, a Tensor, or a list of one of the two, got {describe(given)}")
    return tuple(nodes)


def _value_gradients(outputs: Any, inputs: Any, starts: list[Any], create_graph: bool) -> tuple[Any, ...]:
    seeds: dict[Value, Any] = {}
    for output, start in zip(outputs, starts, strict=True):
        if not (isinstance(start, Value) and create_graph):
            start = as_float(start.data if isinstance(start, Value) else start, "grad_outputs")
        seeds[output] = seeds[output] + start if output in seeds else start
    gradients = backpropagate(seeds, on_nodes=create_graph)
    return tuple(_own_node(gradients.get(node), gradients) for node in inputs)


def _tensor_gradients(outputs: Any, inputs: Any, starts: list[Any], create_graph: bool) -> tuple[Any, ...]:
    seeds: dict[Any, Any] = {}
    for output, start in zip(outputs, starts, strict=True):
        refuse_outdated(output)
        seed = seed_for(output, start, "grad")
        seed = seed if create_graph else seed.numpy()
        seeds[output] = seeds[output] + seed if output in seeds else seed
    taken = {id(memory) for seed in seeds.values() for memory in _memories(seed)}
    keeps = set(inputs).__contains__
    walk = backpropagate if create_graph else partial(quiet_pass, backpropagate)
    gradients = walk(seeds, create_graph, keeps)
    found = []
    for node in inputs:
        gradient = gradients.get(node)
        if gradient is not None:
            gradient = node.arrived(gradient) if node.op is None else gradient
            gradient = gradient * 1.0 if isinstance(gradient, Tensor) else _own_tensor(gradient, taken)
        found.append(gradient)
    return tuple(found)


def _memories(seed: Any) -> tuple[Any, ...]:
    """The arrays that the gradient of an output looks at, which may be the user's."""
    array = seed.numpy() if isinstance(seed, Tensor) else seed
    return array, getattr(array, "base", None)


def _own_tensor(gradient: Any, taken: set[int]) -> Tensor:
    """Return the gradient as a tensor with memory of its own; large ones of repeated numbers take it when used."""
    if gradient.size < LARGE or 0 not in gradient.strides:
        return as_constant(owned(gradient, taken))
    numbers = once(gradient).copy()
    strides = [step and own for step, own in zip(gradient.strides, numbers.strides, strict=True)]
    tensor = as_constant(np.ndarray(gradient.shape, gradient.dtype, numbers, 0, strides))
    tensor._repeats = True
    return tensor


def _own_node(gradient: Any, graph: Container[Value]) -> Any:
    """Return the gradient as a Value of its own, which can be labelled and changed."""
    if isinstance(gradient, float):
        return Value(gradient, requires_grad=False)
    if gradient is not None and (gradient.op is None or gradient in graph):
        return gradient * 1.0 if gradient.requires_grad else Value(gradient.data, requires_grad=False)
    return gradient


def value_and_grad(f: Callable[..., Value], argnums: int | tuple[int, ...] = 0) -> Callable[..., tuple[Any, Any]]:
    """Turn `f` into a function that returns its value and its gradient.

    Parameters
    ----------
    f : callable
        A function of Values, of lists of Values, or of Tensors, that returns one number.
    argnums : int or tuple of int
        With respect to which arguments to differentiate.

    Returns
    -------
    callable
        Called with numbers (or lists of numbers) it returns numbers; called with Values it
        returns Values that can be differentiated again; called with arrays it returns an array,
        with Tensors Tensors.  For a tuple of `argnums` the gradient is a tuple.  An argument that
        `f` does not use has gradient 0.

    Raises
    ------
    TypeError
        When `f` does not return a Value, or an argument is neither a number nor a Value.

    Examples
    --------
    >>> value_and_grad(lambda w, x: (w * x).tanh(), argnums=(0, 1))(0.0, 2.0)
    (0.0, (2.0, 0.0))
    >>> value_and_grad(lambda ws: ws[0] * ws[1])([3.0, 4.0])
    (12.0, [4.0, 3.0])
    """
    positions = (argnums,) if isinstance(argnums, int) else argnums

    def differentiated(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        if any(isinstance(arguments[i], ARRAYS) for i in positions):
            value, gradients = _tensor_value_and_grad(f, positions, arguments, named)
            return value, gradients[0] if isinstance(argnums, int) else gradients
        leaves: list[Value] = []
        given = [isinstance(x, Value) for i in positions for x in _entries(arguments[i])]

        def lift(x: Any) -> Value:
            leaf = x if isinstance(x, Value) else Value(as_float(x, "value_and_grad: an argument"))
            leaves.append(leaf)
            return leaf

        lifted = list(arguments)
        for i in positions:
            lifted[i] = [lift(x) for x in arguments[i]] if _is_list(arguments[i]) else lift(arguments[i])
        value = f(*lifted, **named)
        if not isinstance(value, Value):
            raise TypeError(f"value_and_grad: the function must return a Value, got {describe(value)}")
        on_nodes = any(given)
        unused = Value(0.0, requires_grad=False)
        flat: list[Any] = [unused] * len(leaves)
        if value.requires_grad:
            found = grad(value, leaves, create_graph=on_nodes, allow_unused=True)
            flat = [unused if gradient is None else gradient for gradient in found]
        if not on_nodes:
            flat = [gradient.data for gradient in flat]
        remaining = iter(flat)
        gradients = tuple(
            [next(remaining) for _ in arguments[i]] if _is_list(arguments[i]) else next(remaining) for i in positions
        )
        return value if on_nodes else value.data, gradients[0] if isinstance(argnums, int) else gradients

    return differentiated


def _tensor_value_and_grad(f: Any, positions: Any, arguments: Any, named: Any) -> tuple[Any, tuple[Any, ...]]:
    on_nodes = any(isinstance(arguments[i], Tensor) for i in positions)
    leaves = []
    lifted = list(arguments)
    for i in positions:
        given = arguments[i]
        leaf = given if isinstance(given, Tensor) and given.requires_grad else Tensor(given, requires_grad=True)
        lifted[i] = leaf
        leaves.append(leaf)
    value = f(*lifted, **named)
    if not isinstance(value, Tensor):
        raise TypeError(f"value_and_grad: the function must return a Tensor, got {describe(value)}")
    found: Any = [None] * len(leaves)
    if value.requires_grad:
        found = grad(value, leaves, create_graph=on_nodes, allow_unused=True)
    gradients = [leaf * 0.0 if g is None else g for leaf, g in zip(leaves, found, strict=True)]
    if on_nodes:
        return value, tuple(gradients)
    return value.item(), tuple(gradient.numpy() for gradient in gradients)


def _is_list(argument: Any) -> bool:
    return isinstance(argument, Sequence) and not isinstance(argument, str)


def _entries(argument: Any) -> Sequence[Any]:
    return argument if _is_list(argument) else [argument]

"""Derivatives of functions of tensors: Jacobians, Hessians and products with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.gradients import grad
from autograd.mode import enable_grad
from autograd.tensor import ARRAYS, Tensor, as_constant
from autograd.tensor_functions import stack
from autograd.value import describe

Inputs = Any


def vjp(f: Callable[..., Any], inputs: Inputs, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """Return ``f(*inputs)`` and the vector-Jacobian product: `v` pulled back to the inputs.

    Parameters
    ----------
    f : callable
        A function of tensors that returns a tensor or several.
    inputs : Tensor, array, or sequence of them
        Where to differentiate.
    v : Tensor, array, or sequence of them, optional
        One upstream gradient for each output, in its shape; 1 by default, for an output with one element.
    create_graph : bool
        Record the graph, so that the product can be differentiated again.

    Returns
    -------
    tuple
        The outputs, and a gradient for each input: one tensor or a tuple, as the inputs were given.

    Raises
    ------
    TypeError
        When an input or an output is no tensor.
    ValueError
        When `v` does not have the shape of the outputs.

    Examples
    --------
    >>> vjp(lambda x: x * x, tensor([1.0, 2.0]), v=[1.0, 10.0])[1]
    tensor([ 2., 40.])
    """
    leaves, single = _leaves("vjp", inputs, create_graph)
    outputs, gradients = _pullback("vjp", f, leaves, v, create_graph)
    return outputs, gradients[0] if single else gradients


def jvp(f: Callable[..., Any], inputs: Inputs, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """Return ``f(*inputs)`` and the Jacobian-vector product: how the outputs move when the inputs move along `v`.

    The vector-Jacobian product is linear in its vector; differentiating it gives this one.

    Parameters
    ----------
    f : callable
        A function of tensors that returns a tensor or several.
    inputs : Tensor, array, or sequence of them
        Where to differentiate.
    v : Tensor, array, or sequence of them, optional
        A direction for each input, in its shape; 1 by default, for an input with one element.
    create_graph : bool
        Record the graph, so that the product can be differentiated again.

    Returns
    -------
    tuple
        The outputs, and a tangent for each: one tensor or a tuple, as `f` returns them.

    Raises
    ------
    ValueError
        When `v` does not have the shapes of the inputs.

    Examples
    --------
    >>> jvp(lambda x: x * x, tensor([1.0, 2.0]), v=[1.0, 10.0])[1]
    tensor([ 2., 40.])
    """
    leaves, _ = _leaves("jvp", inputs, create_graph)
    directions = _vectors("jvp", v, leaves, "input")
    with enable_grad():
        outputs = f(*leaves)
        several, results = _results("jvp", outputs)
        dummies = [as_constant(np.zeros(result.shape, result.dtype)).requires_grad_() for result in results]
        pulled = _gradients(results, leaves, dummies, True)
        tangents = _gradients(pulled, dummies, directions, create_graph)
    detached = outputs if create_graph else _detached(outputs)
    return detached, tuple(tangents) if several else tangents[0]


def jacobian(f: Callable[..., Any], inputs: Inputs, create_graph: bool = False) -> Any:
    """Return the Jacobian: the derivative of every element of the outputs by every element of the inputs.

    One backward pass for each element of the outputs.

    Parameters
    ----------
    f : callable
        A function of tensors that returns a tensor or several.
    inputs : Tensor, array, or sequence of them
        Where to differentiate.
    create_graph : bool
        Record the graph, so that the Jacobian can be differentiated again.

    Returns
    -------
    Tensor or tuple
        For one output and one input a tensor of shape ``(*output.shape, *input.shape)``; for
        several inputs a tuple of them, for several outputs a tuple of those.

    Raises
    ------
    TypeError
        When an input or an output is no tensor.

    Examples
    --------
    >>> W = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> jacobian(lambda x: W @ x, tensor([1.0, 1.0]))
    tensor([[1., 2.],
            [3., 4.],
            [5., 6.]])
    """
    leaves, single = _leaves("jacobian", inputs, create_graph)
    with enable_grad():
        several, results = _results("jacobian", f(*leaves))
        found = []
        for result in results:
            rows = []
            for i in range(result.numel()):
                seed = np.zeros(result.numel(), result.dtype)
                seed[i] = 1
                rows.append(_gradients([result], leaves, [as_constant(seed.reshape(result.shape))], create_graph))
            blocks = tuple(
                stack(column).reshape((*result.shape, *leaf.shape))
                if rows
                else as_constant(np.zeros((*result.shape, *leaf.shape), leaf.dtype))
                for leaf, column in zip(leaves, zip(*rows, strict=True) if rows else leaves, strict=True)
            )
            found.append(blocks[0] if single else blocks)
    return tuple(found) if several else found[0]


def hessian(f: Callable[..., Any], inputs: Inputs, create_graph: bool = False) -> Any:
    """Return the Hessian of a function with one number as its result: the Jacobian of its gradient.

    Parameters
    ----------
    f : callable
        A function of tensors that returns a tensor with one element.
    inputs : Tensor, array, or sequence of them
        Where to differentiate.
    create_graph : bool
        Record the graph, so that the Hessian can be differentiated again.

    Returns
    -------
    Tensor or tuple of tuple of Tensor
        For one input a tensor of shape ``(*input.shape, *input.shape)``, else a table of blocks.

    Raises
    ------
    ValueError
        When `f` returns several elements.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 * x[1], tensor([1.0, 2.0]))
    tensor([[4., 2.],
            [2., 0.]])
    """
    single = isinstance(inputs, ARRAYS)

    def gradient(*leaves: Tensor) -> Any:
        found = _pullback("hessian", f, list(leaves), None, True)[1]
        return found[0] if single else tuple(found)

    return jacobian(gradient, inputs, create_graph)


def hvp(f: Callable[..., Any], inputs: Inputs, v: Any = None, create_graph: bool = False) -> tuple[Any, Any]:
    """Return ``f(*inputs)`` and the product of its Hessian with `v`, without building the Hessian.

    Parameters
    ----------
    f : callable
        A function of tensors that returns a tensor with one element.
    inputs : Tensor, array, or sequence of them
        Where to differentiate.
    v : Tensor, array, or sequence of them, optional
        A direction for each input, in its shape; 1 by default, for an input with one element.
    create_graph : bool
        Record the graph, so that the product can be differentiated again.

    Returns
    -------
    tuple
        The value, and the product for each input: one tensor or a tuple, as the inputs were given.

    Raises
    ------
    ValueError
        When `f` returns several elements, or `v` does not have the shapes of the inputs.

    Examples
    --------
    >>> hvp(lambda x: x[0] ** 2 * x[1], tensor([1.0, 2.0]), v=[1.0, 0.0])[1]
    tensor([4., 2.])
    """
    leaves, single = _leaves("hvp", inputs, create_graph)
    directions = _vectors("hvp", v, leaves, "input")
    outputs, first = _pullback("hvp", f, leaves, None, True)
    with enable_grad():
        products = _gradients(first, leaves, directions, create_graph)
    value = outputs if create_graph else _detached(outputs)
    return value, products[0] if single else tuple(products)


def _leaves(function: str, inputs: Inputs, create_graph: bool) -> tuple[list[Tensor], bool]:
    """Return tensors to differentiate by, the given ones where a graph of them is wanted."""
    single = isinstance(inputs, ARRAYS)
    leaves = []
    for given in [inputs] if single else inputs:
        if not isinstance(given, ARRAYS):
            raise TypeError(f"{function}: an input is {describe(given)}; inputs are tensors and arrays")
        if isinstance(given, Tensor):
            # An alias, so that inputs computed from one another are still varied one by one.
            keep = create_graph and given.requires_grad
            leaves.append(given.clone() if keep else given.detach().requires_grad_())
        else:
            leaves.append(Tensor(given, requires_grad=True))
    return leaves, single


def _results(function: str, outputs: Any) -> tuple[bool, list[Tensor]]:
    several = isinstance(outputs, (tuple, list))
    results = list(outputs) if several else [outputs]
    for result in results:
        if not isinstance(result, Tensor):
            raise TypeError(f"{function}: the function must return tensors, got {describe(result)}")
    return several, results


def _vectors(function: str, v: Any, nodes: Sequence[Tensor], what: str) -> list[Tensor]:
    given = [None] * len(nodes) if v is None else list(v) if isinstance(v, tuple) else [v]
    if len(given) != len(nodes):
        raise ValueError(f"{function}: {len(given)} vectors for {len(nodes)} {what}s; give a tuple with one for each")
    vectors = []
    for vector, node in zip(given, nodes, strict=True):
        if vector is None and node.numel() != 1:
            raise ValueError(f"{function}: the {what} has shape {node.shape}, so v is needed, in this shape")
        found = vector if isinstance(vector, Tensor) else Tensor(1.0 if vector is None else vector, node.dtype)
        found = found.reshape(node.shape) if vector is None else found
        if found.shape != node.shape:
            raise ValueError(f"{function}: v of shape {found.shape} for an {what} of shape {node.shape}")
        vectors.append(found)
    return vectors


def _pullback(function: str, f: Any, leaves: list[Tensor], v: Any, create_graph: bool) -> tuple[Any, tuple[Any, ...]]:
    with enable_grad():
        outputs = f(*leaves)
        several, results = _results(function, outputs)
        upstream = _vectors(function, tuple(v) if several and v is not None else v, results, "output")
        gradients = _gradients(results, leaves, upstream, create_graph)
    return outputs if create_graph else _detached(outputs), tuple(gradients)


def _gradients(outputs: Sequence[Tensor], inputs: Sequence[Tensor], seeds: Any, create_graph: bool) -> list[Tensor]:
    """As :func:`grad`, but what does not depend on an input has gradient zero."""
    pairs = [(output, seed) for output, seed in zip(outputs, seeds, strict=True) if output.requires_grad]
    found: Any = [None] * len(inputs)
    if pairs:
        found = grad([o for o, _ in pairs], list(inputs), [s for _, s in pairs], create_graph, allow_unused=True)
    return [
        as_constant(np.zeros(x.shape, x.dtype)) if gradient is None else gradient
        for x, gradient in zip(inputs, found, strict=True)
    ]


def _detached(outputs: Any) -> Any:
    if isinstance(outputs, Tensor):
        return outputs.detach()
    return type(outputs)(output.detach() for output in outputs)

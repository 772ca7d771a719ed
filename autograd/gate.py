"""Gates of your own, and the graph as an object with a forward and a backward pass (lecture row G4)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.gradients import grad
from autograd.graph import Node, topological_order
from autograd.mode import mode
from autograd.recording import record as record_tensor
from autograd.tensor import ARRAYS, Tensor
from autograd.tensor import as_operand as as_tensor
from autograd.value import Value, as_float, as_operand, describe, record


class Gate:
    """An operation written by you: a class with ``forward`` and ``backward``.

    ``forward(self, x, y)`` receives numbers, keeps on ``self`` what the backward pass needs,
    and returns a number.  ``backward(self, dz)`` receives the upstream gradient and returns
    one gradient per operand.  Calling the gate on Values makes a node; a gate may be called
    any number of times, each call keeps its own values.  Called on Tensors, forward and backward
    receive and return NumPy arrays.

    Attributes
    ----------
    symbol : str
        What the picture shows; by default the name of the class without ``Gate``.

    Raises
    ------
    TypeError
        When forward does not return one number (an array for Tensors), or backward not one
        gradient per operand.

    Examples
    --------
    >>> class MultiplyGate(Gate):
    ...     symbol = "*"
    ...
    ...     def forward(self, x, y):
    ...         self.x, self.y = x, y
    ...         return x * y
    ...
    ...     def backward(self, dz):
    ...         return [self.y * dz, self.x * dz]
    >>> x, y = Value(3.0), Value(-4.0)
    >>> MultiplyGate()(x, y).backward()
    >>> x.grad, y.grad
    (-4.0, 3.0)
    """

    symbol: str = ""

    def forward(self, *operands: Any) -> Any:
        """Compute the result; written by the subclass."""
        raise NotImplementedError(f"{type(self).__name__} needs a method forward(self, x, ...) that returns a number")

    def backward(self, gradient: Any) -> Any:
        """Return the gradient for each operand; written by the subclass."""
        raise NotImplementedError(
            f"{type(self).__name__} needs a method backward(self, dz) that returns one gradient per operand"
        )

    def __call__(self, *operands: Any) -> Any:
        """Run the gate on Values, or on Tensors, and numbers, and record it."""
        operation = GateOperation(copy.copy(self))
        if not operands:
            raise TypeError(f"{operation.name}: give at least one Value or Tensor to compute with")
        if any(isinstance(operand, ARRAYS) for operand in operands):
            tensors = [as_tensor(operand, operation) for operand in operands]
            # Copies: what the gate keeps stays as it is when a tensor is changed in place.
            result = operation.forward(*[node.numpy().copy() for node in tensors])
            return record_tensor(operation, tensors, result.copy())
        nodes = [as_operand(operand, operation) for operand in operands]
        return record(operation, nodes, operation.forward(*[node._data for node in nodes]))


class GateOperation:
    """A called :class:`Gate`, in the role that a row of the op table has for other nodes."""

    arity = plain_arity = None
    latex = ""
    gradient_latex = ()
    composed = None
    runs_again = False

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @property
    def name(self) -> str:
        """The name of the gate's class."""
        return type(self.gate).__name__

    @property
    def symbol(self) -> str:
        """What the gate shows in a picture."""
        return self.gate.symbol or self.name.removesuffix("Gate") or self.name

    def __repr__(self) -> str:
        return f"<gate {self.name}>"

    def forward(self, *operands: Any) -> Any:
        """Run the gate's forward rule on numbers, or on arrays."""
        result = self.gate.forward(*operands)
        what = f"the result of {self.name}.forward"
        if all(operand.__class__ is float for operand in operands):
            return as_float(result, what)
        if not isinstance(result, (np.ndarray, np.generic)):
            raise TypeError(f"{what}: for Tensors it is an array, got {describe(result)}")
        return result

    def contributions(self, node: Any, upstream: Any, on_nodes: bool) -> list[Any]:
        """Return what each operand of `node` receives, by the gate's backward rule."""
        gate = self.gate
        if on_nodes:
            # The derivative's graph: run the gate's own code on nodes instead of numbers.
            gate = copy.copy(gate)
            mode.conversion_error = (
                f"{self.name} turns a Value into a plain number, so its second derivative is not known; "
                f"write forward and backward with arithmetic and functions of autograd"
            )
        try:
            if on_nodes:
                gate.forward(*node.parents)
            received = gate.backward(upstream)
        finally:
            mode.conversion_error = ""
        received = list(received) if isinstance(received, (list, tuple)) else [received]
        if len(received) != len(node.parents):
            raise TypeError(
                f"{self.name}.backward returned {len(received)} gradients for {len(node.parents)} operands; "
                f"return a list with one gradient per operand"
            )
        if isinstance(node, Value):
            what = f"a gradient from {self.name}.backward"
            return [
                0.0 if g is None else g if isinstance(g, Value) and on_nodes else as_float(g, what) for g in received
            ]
        return [
            self._checked(gradient, operand, on_nodes) for gradient, operand in zip(received, node.parents, strict=True)
        ]

    def _checked(self, gradient: Any, operand: Any, on_nodes: bool) -> Any:
        """Return an array, or on nodes a tensor, in a shape that fits the operand."""
        if gradient is None:
            return None
        gradient = as_tensor(gradient, self) if on_nodes else np.asarray(gradient)
        try:
            np.broadcast_shapes(gradient.shape, operand.shape)
        except ValueError:
            raise ValueError(
                f"{self.name}.backward returned a gradient of shape {gradient.shape} "
                f"for an operand of shape {operand.shape}"
            ) from None
        return gradient


class ComputationalGraph:
    """A built graph that can be run again with other inputs, forward and backward.

    Parameters
    ----------
    output : Value or Tensor
        The result to compute.

    Attributes
    ----------
    output : Value or Tensor
        The result.
    inputs : tuple of Value or Tensor
        The leaves that require a gradient, in topological order.

    Examples
    --------
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> graph = ComputationalGraph((x + y) * z)
    >>> graph.forward({"x": 1.0, "z": 2.0})
    12.0
    >>> graph.backward()
    [2.0, 2.0, 6.0]
    """

    def __init__(self, output: Any) -> None:
        if not isinstance(output, Node):
            raise TypeError(f"ComputationalGraph takes the Value or Tensor to compute, got {describe(output)}")
        self.output: Any = output
        self._order: list[Any] = topological_order([output], constants=True)
        self.inputs: tuple[Any, ...] = tuple(node for node in self._order if node.op is None and node.requires_grad)

    def nodes_topologically_sorted(self) -> list[Any]:
        """Return all nodes, operands before results."""
        return list(self._order)

    def forward(self, inputs: Mapping[Any, Any] | Sequence[Any] = ()) -> Any:
        """Put numbers into the inputs, run every gate in topological order, return the result.

        Parameters
        ----------
        inputs : mapping or sequence of float
            Numbers by label or by Value, those left out keep theirs; or one number per input,
            in the order of `inputs`.

        Raises
        ------
        KeyError
            When no input, or more than one, has a given label.
        ValueError
            When a sequence has not one number per input.
        """
        if isinstance(inputs, Mapping):
            pairs = [(self._input(key), number) for key, number in inputs.items()]
        else:
            if len(inputs) not in (0, len(self.inputs)):
                names = ", ".join(node.label or repr(node) for node in self.inputs)
                raise ValueError(f"forward: {len(inputs)} numbers for {len(self.inputs)} inputs ({names})")
            pairs = list(zip(self.inputs, inputs, strict=False))
        numbers = [(node, _data_for(node, number)) for node, number in pairs]
        before = [node._data for node in self._order]
        try:
            for node, number in numbers:
                node._data = number
            self._run()
        except BaseException:
            for node, number in zip(self._order, before, strict=True):
                node._data = number
            self._run()  # so that gates keep what belongs to the numbers from before
            raise
        return self.output.data

    def _run(self) -> None:
        for node in self._order:
            if node.op is not None:
                node.compute()

    def _input(self, key: Any) -> Any:
        found = [node for node in self.inputs if node is key or (isinstance(key, str) and node.label == key)]
        if len(found) != 1:
            names = ", ".join(repr(node.label) for node in self.inputs)
            count = "no input" if not found else f"{len(found)} inputs"
            raise KeyError(f"{count} called {key!r}; the graph's inputs are {names}")
        return found[0]

    def backward(self) -> list[Any]:
        """Run every gate in reverse order and return the gradient of each input.

        The gradients are also added to the ``grad`` of the inputs, as ``output.backward()`` does.
        """
        if isinstance(self.output, Tensor):
            gradients = grad(self.output, self.inputs)
            self.output.backward()
            return list(gradients)
        found = self.output._backward(1.0)
        return [found[node] for node in self.inputs]


def _data_for(node: Any, given: Any) -> Any:
    """Return what a leaf is to hold, checked."""
    if isinstance(node, Value):
        return as_float(given, f"input {node.label!r}")
    new = Tensor(given, node.dtype)
    if new.shape != node.shape:
        raise ValueError(f"forward: input {node.label!r} has shape {node.shape}, the new data {new.shape}")
    return new.numpy()

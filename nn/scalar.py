"""A multilayer perceptron of Values: every weight is a node that can be drawn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd import Value


class ScalarModule:
    """What neurons, layers and networks have in common: parameters, and a way to clear their gradients."""

    def parameters(self) -> list[Value]:
        """Return the Values to train, in a fixed order."""
        return []

    def zero_grad(self) -> None:
        """Clear the gradient of every parameter.

        Examples
        --------
        >>> neuron = Neuron(1)
        >>> neuron([2.0]).backward()
        >>> neuron.zero_grad()
        >>> [p.grad for p in neuron.parameters()]
        [0.0, 0.0]
        """
        for parameter in self.parameters():
            parameter.grad = None


def _checked(x: Sequence[Any], expected: int, module: ScalarModule) -> Sequence[Any]:
    if not hasattr(x, "__len__"):
        raise TypeError(f"{module!r} takes a list of {expected} Values or numbers, got {type(x).__name__}")
    if len(x) != expected:
        raise ValueError(f"{module!r} takes {expected} inputs, got {len(x)}")
    return x


class Neuron(ScalarModule):
    """Weighted sum of the inputs plus a bias, then ReLU.

    Parameters
    ----------
    nin : int
        The number of inputs.
    nonlin : bool
        Whether to apply ReLU.

    Examples
    --------
    >>> neuron = Neuron(2)
    >>> for w, number in zip(neuron.w, [2.0, -3.0]):
    ...     w.data = number
    >>> neuron([1.0, -1.0]).data
    5.0
    """

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        self.w = [Value(random.uniform(-1, 1), f"w{i}") for i in range(nin)]
        self.b = Value(0.0, "b")
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Value | float]) -> Value:
        """Compute the output for one sample."""
        act = sum((wi * xi for wi, xi in zip(self.w, _checked(x, len(self.w), self), strict=True)), self.b)
        return act.relu() if self.nonlin else act

    def parameters(self) -> list[Value]:
        """Return the weights, then the bias."""
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(ScalarModule):
    """Neurons side by side, all with the same inputs.

    Parameters
    ----------
    nin, nout : int
        The number of inputs, and of neurons.
    **options
        Passed to every :class:`Neuron`.

    Examples
    --------
    >>> len(Layer(3, 4)([1.0, 2.0, 3.0]))
    4
    """

    def __init__(self, nin: int, nout: int, **options: Any) -> None:
        self.neurons = [Neuron(nin, **options) for _ in range(nout)]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """Compute one output per neuron; a single neuron's output comes without a list."""
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        """Return the parameters of all neurons, in order."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(ScalarModule):
    """Multilayer perceptron: ReLU layers, then a linear one.

    Parameters
    ----------
    nin : int
        The number of inputs.
    nouts : list of int
        The number of neurons in each layer.

    Examples
    --------
    >>> model = MLP(2, [16, 16, 1])
    >>> len(model.parameters())
    337
    >>> isinstance(model([1.0, -2.0]), Value)
    True
    """

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        if not nouts:
            raise ValueError(
                "MLP(nin, nouts): give the number of neurons of at least one layer, such as MLP(2, [4, 1])"
            )
        sizes = [nin, *nouts]
        self.layers = [Layer(sizes[i], sizes[i + 1], nonlin=i != len(nouts) - 1) for i in range(len(nouts))]

    def __call__(self, x: Sequence[Value | float]) -> Any:
        """Compute the output for one sample: a Value, or a list of them when the last layer has several neurons."""
        out: Any = x
        for i, layer in enumerate(self.layers):
            out = layer([out] if i and isinstance(out, Value) else out)
        return out

    def parameters(self) -> list[Value]:
        """Return the parameters of all layers, in order."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"

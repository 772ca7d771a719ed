"""The rules for activations."""

from __future__ import annotations

from typing import Any

import nn.modules as layers
from nn.onnx.graph import Graph, exports
from nn.onnx.layers import channels

OPERATORS = {
    layers.ReLU: "Relu",
    layers.SELU: "Selu",
    layers.Mish: "Mish",
    layers.Hardswish: "HardSwish",
    layers.Sigmoid: "Sigmoid",
    layers.Tanh: "Tanh",
    layers.Softsign: "Softsign",
}
"""Those that ONNX has under a name of its own, without options."""


@exports(*OPERATORS)
def same(graph: Graph, layer: Any, x: str) -> str:
    """The operator of this name."""
    return graph.add(next(OPERATORS[kind] for kind in type(layer).__mro__ if kind in OPERATORS), x)


@exports(layers.LeakyReLU)
def leaky_relu(graph: Graph, layer: Any, x: str) -> str:
    """LeakyRelu."""
    return graph.add("LeakyRelu", x, alpha=layer.negative_slope)


@exports(layers.PReLU)
def prelu(graph: Graph, layer: Any, x: str) -> str:
    """PRelu."""
    slope = graph.parameter("weight") if layer.num_parameters == 1 else channels(graph, "weight", len(graph.shape(x)))
    return graph.add("PRelu", x, slope)


@exports(layers.ELU)
def elu(graph: Graph, layer: Any, x: str) -> str:
    """Elu."""
    return graph.add("Elu", x, alpha=layer.alpha)


@exports(layers.CELU)
def celu(graph: Graph, layer: Any, x: str) -> str:
    """Celu."""
    return graph.add("Celu", x, alpha=layer.alpha)


@exports(layers.GELU)
def gelu(graph: Graph, layer: Any, x: str) -> str:
    """Gelu."""
    return graph.add("Gelu", x, approximate=layer.approximate)


@exports(layers.SiLU)
def silu(graph: Graph, layer: Any, x: str) -> str:
    """Mul with Sigmoid."""
    return graph.add("Mul", x, graph.add("Sigmoid", x))


@exports(layers.Softplus)
def softplus(graph: Graph, layer: Any, x: str) -> str:
    """Softplus of beta x, divided by beta, up to the threshold."""
    beta = graph.constant(float(layer.beta))
    scaled = graph.add("Mul", x, beta)
    above = graph.add("Greater", scaled, graph.constant(float(layer.threshold)))
    return graph.add("Where", above, x, graph.add("Div", graph.add("Softplus", scaled), beta))


@exports(layers.LogSigmoid)
def log_sigmoid(graph: Graph, layer: Any, x: str) -> str:
    """Minus Softplus of minus x."""
    return graph.add("Neg", graph.add("Softplus", graph.add("Neg", x)))


@exports(layers.Hardtanh)
def hardtanh(graph: Graph, layer: Any, x: str) -> str:
    """Clip."""
    return graph.add("Clip", x, graph.constant(float(layer.min_val)), graph.constant(float(layer.max_val)))


@exports(layers.ReLU6)
def relu6(graph: Graph, layer: Any, x: str) -> str:
    """Clip."""
    return graph.add("Clip", x, graph.constant(0.0), graph.constant(6.0))


@exports(layers.Hardsigmoid)
def hardsigmoid(graph: Graph, layer: Any, x: str) -> str:
    """HardSigmoid."""
    return graph.add("HardSigmoid", x, alpha=1 / 6, beta=0.5)


@exports(layers.Softmax)
def softmax(graph: Graph, layer: Any, x: str) -> str:
    """Softmax."""
    return graph.add("Softmax", x, axis=layer.dim)


@exports(layers.Softmin)
def softmin(graph: Graph, layer: Any, x: str) -> str:
    """Softmax of minus x."""
    return graph.add("Softmax", graph.add("Neg", x), axis=layer.dim)


@exports(layers.LogSoftmax)
def log_softmax(graph: Graph, layer: Any, x: str) -> str:
    """LogSoftmax."""
    return graph.add("LogSoftmax", x, axis=layer.dim)


@exports(layers.GLU)
def glu(graph: Graph, layer: Any, x: str) -> str:
    """One Slice times the Sigmoid of the other."""
    half, axis = graph.output_shape[layer.dim], graph.constant([layer.dim])
    first, second = (
        graph.add("Slice", x, graph.constant([start]), graph.constant([start + half]), axis) for start in (0, half)
    )
    return graph.add("Mul", first, graph.add("Sigmoid", second))

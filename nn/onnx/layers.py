"""One rule for each kind of layer: its forward, in evaluation mode, as ONNX nodes."""

from __future__ import annotations

import math
from typing import Any

import nn.modules as layers
from nn.modules.module import Module
from nn.onnx.graph import Graph, exports

# Containers, and layers that do nothing


@exports(layers.Sequential)
def sequential(graph: Graph, layer: Any, x: str) -> str:
    """One after the other."""
    for name, module in layer._own(Module):  # also one that is there twice
        x = graph.run(name, module, x)
    return x


@exports(layers.Identity)
def nothing(graph: Graph, layer: Any, x: str) -> str:
    """No node."""
    return x


# Fully connected layers and shapes


@exports(layers.Linear)
def linear(graph: Graph, layer: Any, x: str) -> str:
    """Gemm for rows; for more axes, or one, MatMul."""
    if len(graph.shape(x)) == 2:
        return graph.add("Gemm", x, graph.parameter("weight"), graph.parameter("bias"), transB=1)
    product = graph.add("MatMul", x, graph.add("Transpose", graph.parameter("weight"), perm=[1, 0]))
    return graph.add("Add", product, graph.parameter("bias")) if layer.bias is not None else product


def reshape(graph: Graph, x: str, *sizes: int) -> str:
    """Reshape each item of the batch to these sizes."""
    return graph.add("Reshape", x, graph.constant([0, *sizes]))  # 0 keeps the size of the batch


@exports(layers.Flatten)
def flatten(graph: Graph, layer: Any, x: str) -> str:
    """Flatten, or Reshape when not all axes but the first are put together."""
    shape = graph.shape(x)
    start, end = layer.start_dim % len(shape), layer.end_dim % len(shape)
    if start == 0:
        raise graph.unsupported(f"start_dim={layer.start_dim} would mix the items of a batch")
    if (start, end) == (1, len(shape) - 1):
        return graph.add("Flatten", x, axis=1)
    return reshape(graph, x, *shape[1:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])


# Activations


@exports(layers.ReLU)
def relu(graph: Graph, layer: Any, x: str) -> str:
    """Relu."""
    return graph.add("Relu", x)

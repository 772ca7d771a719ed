"""One rule for each kind of layer: its forward, in evaluation mode, as ONNX nodes."""

from __future__ import annotations

from typing import Any

import numpy as np

import nn.modules as layers
from nn.functional.arguments import sizes_of
from nn.modules.module import Module
from nn.onnx.graph import Graph, exports

# Containers, and layers that do nothing in evaluation mode


@exports(layers.Sequential)
def sequential(graph: Graph, layer: Any, x: str) -> str:
    """One after the other."""
    for name, module in layer._own(Module):  # also one that is there twice
        x = graph.run(name, module, x)
    return x


@exports(layers.Identity, layers.Dropout, layers.Dropout1d, layers.Dropout2d, layers.AlphaDropout)
def nothing(graph: Graph, layer: Any, x: str) -> str:
    """No node."""
    return x


# Fully connected layers, tables, shapes


@exports(layers.Linear)
def linear(graph: Graph, layer: Any, x: str) -> str:
    """Gemm for rows, MatMul for more axes."""
    if len(graph.shape(x)) == 2:
        return graph.add("Gemm", x, graph.parameter("weight"), graph.parameter("bias"), transB=1)
    product = graph.add("MatMul", x, graph.add("Transpose", graph.parameter("weight"), perm=[1, 0]))
    return graph.add("Add", product, graph.parameter("bias")) if layer.bias is not None else product


@exports(layers.Maxout)
def maxout(graph: Graph, layer: Any, x: str) -> str:
    """Linear, and the largest of the pieces of every output."""
    pieces = (*graph.output_shape, layer.num_pieces)
    return graph.add("ReduceMax", reshape(graph, linear(graph, layer, x), pieces), graph.constant([-1]), keepdims=0)


@exports(layers.Embedding)
def embedding(graph: Graph, layer: Any, x: str) -> str:
    """Gather."""
    if layer.max_norm is not None:
        raise graph.unsupported("with max_norm it changes its weights when it is called")
    return graph.add("Gather", graph.parameter("weight"), x)


def reshape(graph: Graph, x: str, shape: tuple[int, ...]) -> str:
    """Reshape to a shape whose first axis is the batch."""
    return graph.add("Reshape", x, graph.constant([0, *shape[1:]]))  # 0 keeps the size


@exports(layers.Flatten, layers.Unflatten)
def flatten(graph: Graph, layer: Any, x: str) -> str:
    """Flatten, or Reshape when not all axes but the first are put together."""
    shape = graph.output_shape
    return graph.add("Flatten", x, axis=1) if len(shape) == 2 else reshape(graph, x, shape)


@exports(layers.PixelShuffle)
def pixel_shuffle(graph: Graph, layer: Any, x: str) -> str:
    """DepthToSpace, channels before rows and columns."""
    check_batch(graph, x, 2)
    return graph.add("DepthToSpace", x, blocksize=layer.upscale_factor, mode="CRD")


@exports(layers.Upsample)
def upsample(graph: Graph, layer: Any, x: str) -> str:
    """Resize."""
    sizes = graph.output_shape[2:]
    options: Any = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    if layer.size is not None:
        axes = list(range(2, len(sizes) + 2))
        return graph.add("Resize", x, "", "", graph.constant(list(sizes)), axes=axes, **options)
    scales = np.array([1, 1, *np.ones(len(sizes)) * layer.scale_factor], np.float32)
    return graph.add("Resize", x, "", graph.constant(scales, np.float32), **options)


# Convolution and pooling


def check_batch(graph: Graph, x: str, rank: int) -> None:
    """Refuse a single image: its first axis would be taken for the batch."""
    shape = ("batch", *graph.shape(x)[1:])
    if len(shape) != rank + 2:
        wanted = ("channels, length", "channels, height, width", "channels, depth, height, width")[rank - 1]
        raise graph.unsupported(f"its input has shape {shape}; it takes a batch of ({wanted})")


@exports(layers.Conv1d, layers.Conv2d, layers.Conv3d)
def convolution(graph: Graph, layer: Any, x: str) -> str:
    """Conv, after Pad when the padding is not of zeros."""
    check_batch(graph, x, layer.rank)
    around = layer._around()
    before, after = around[-2::-2], around[::-2]
    if layer.padding_mode != "zeros":
        mode = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}[layer.padding_mode]
        x = graph.add("Pad", x, graph.constant([0, 0, *before, 0, 0, *after]), mode=mode)
        before = after = [0] * layer.rank
    return graph.add("Conv", x, *_weights(graph), pads=[*before, *after], **_window(layer))


@exports(layers.ConvTranspose1d, layers.ConvTranspose2d)
def transposed_convolution(graph: Graph, layer: Any, x: str) -> str:
    """ConvTranspose."""
    check_batch(graph, x, layer.rank)
    options = {"pads": layer.padding * 2, "output_padding": layer.output_padding, **_window(layer)}
    return graph.add("ConvTranspose", x, *_weights(graph), **options)


def _weights(graph: Graph) -> tuple[str, str]:
    return graph.parameter("weight"), graph.parameter("bias")


def _window(layer: Any) -> dict[str, Any]:
    return {
        "kernel_shape": layer.kernel_size,
        "strides": layer.stride,
        "dilations": layer.dilation,
        "group": layer.groups,
    }


def _rank(layer: Any) -> int:
    return 2 if isinstance(layer, (layers.MaxPool2d, layers.AvgPool2d, layers.AdaptiveAvgPool2d)) else 1


def _pool(graph: Graph, layer: Any, x: str) -> tuple[dict[str, Any], list[int], list[int]]:
    """Return the window, and the padding before and after each axis.

    ``ceil_mode`` becomes padding after: ONNX keeps a last window that lies in the padding alone, PyTorch does not.
    """
    rank = _rank(layer)
    check_batch(graph, x, rank)

    def sizes(name: str) -> tuple[int, ...]:
        return sizes_of(type(layer).__name__, name, getattr(layer, name, 1), rank)

    window = {"kernel_shape": sizes("kernel_size"), "strides": sizes("stride"), "dilations": sizes("dilation")}
    axes = zip(graph.shape(x)[2:], graph.output_shape[2:], sizes("padding"), *window.values(), strict=True)
    ends = [(m - 1) * stride + dilation * (k - 1) + 1 - n - pad for n, m, pad, k, stride, dilation in axes]
    before = list(sizes("padding"))
    return window, before, [max(pad, end) for pad, end in zip(before, ends, strict=True)]


@exports(layers.MaxPool1d, layers.MaxPool2d)
def max_pool(graph: Graph, layer: Any, x: str) -> str:
    """MaxPool, after Pad when ``ceil_mode`` adds to the end: onnxruntime pads by less than a kernel."""
    window, before, after = _pool(graph, layer, x)
    if after != before:
        x = graph.add("Pad", x, graph.constant([0, 0, *before, 0, 0, *after]), graph.constant(-np.inf))
        before = after = [0] * len(before)
    return graph.add("MaxPool", x, pads=[*before, *after], **window)


@exports(layers.AvgPool1d, layers.AvgPool2d)
def average_pool(graph: Graph, layer: Any, x: str) -> str:
    """AveragePool, after Pad when zeros of the padding count, but not those that ``ceil_mode`` adds."""
    if getattr(layer, "divisor_override", None) is not None:
        raise graph.unsupported("ONNX has no divisor_override")
    window, before, after = _pool(graph, layer, x)
    counted = layer.count_include_pad
    if counted and after != before:
        x = graph.add("Pad", x, graph.constant([0, 0, *before] * 2))
        before, after, counted = [0] * len(before), [n - m for n, m in zip(after, before, strict=True)], False
    return graph.add("AveragePool", x, pads=[*before, *after], count_include_pad=int(counted), **window)


@exports(layers.AdaptiveAvgPool1d, layers.AdaptiveAvgPool2d)
def adaptive_average_pool(graph: Graph, layer: Any, x: str) -> str:
    """GlobalAveragePool for one number; AveragePool where all windows have one size."""
    check_batch(graph, x, _rank(layer))
    given, wanted = graph.shape(x)[2:], graph.output_shape[2:]
    if max(wanted) == 1:
        return graph.add("GlobalAveragePool", x)
    window = [n // m for n, m in zip(given, wanted, strict=True)]
    if any(n % m for n, m in zip(given, wanted, strict=True)):
        raise graph.unsupported(f"ONNX averages windows of one size, but {wanted} does not divide the image {given}")
    return graph.add("AveragePool", x, kernel_shape=window, strides=window)


# Normalisation


@exports(layers.BatchNorm1d, layers.BatchNorm2d)
def batch_norm(graph: Graph, layer: Any, x: str) -> str:
    """BatchNormalization with the running statistics."""
    if layer.running_mean is None:
        raise graph.unsupported("without running statistics (track_running_stats=False) it depends on the batch")
    statistics = graph.parameter("running_mean"), graph.parameter("running_var")
    return graph.add("BatchNormalization", x, *_affine(graph, layer.num_features), *statistics, epsilon=layer.eps)


@exports(layers.InstanceNorm1d, layers.InstanceNorm2d)
def instance_norm(graph: Graph, layer: Any, x: str) -> str:
    """InstanceNormalization; with running statistics it is batch norm."""
    check_batch(graph, x, 2 if isinstance(layer, layers.InstanceNorm2d) else 1)
    if layer.running_mean is not None:
        return batch_norm(graph, layer, x)
    return graph.add("InstanceNormalization", x, *_affine(graph, layer.num_features), epsilon=layer.eps)


def _affine(graph: Graph, count: int) -> tuple[str, str]:
    return graph.parameter("weight", np.ones(count)), graph.parameter("bias", np.zeros(count))


@exports(layers.LayerNorm)
def layer_norm(graph: Graph, layer: Any, x: str) -> str:
    """LayerNormalization."""
    weight, bias = graph.parameter("weight", np.ones(layer.normalized_shape)), graph.parameter("bias")
    return graph.add("LayerNormalization", x, weight, bias, axis=-len(layer.normalized_shape), epsilon=layer.eps)


@exports(layers.RMSNorm)
def rms_norm(graph: Graph, layer: Any, x: str) -> str:
    """Divide by the root of the mean square; the operator RMSNormalization is younger than opset 20."""
    axes = graph.constant([-1 - n for n in range(len(layer.normalized_shape))])
    mean = graph.add("ReduceMean", graph.add("Mul", x, x), axes)
    eps = np.finfo(graph.dtype).eps if layer.eps is None else layer.eps
    out = graph.add("Div", x, graph.add("Sqrt", graph.add("Add", mean, graph.constant(float(eps)))))
    return out if layer.weight is None else graph.add("Mul", out, graph.parameter("weight"))


@exports(layers.GroupNorm)
def group_norm(graph: Graph, layer: Any, x: str) -> str:
    """Every group as one channel of InstanceNormalization, then the scale and shift of every channel."""
    groups, shape = layer.num_groups, graph.output_shape
    unscaled = graph.constant(np.ones(groups)), graph.constant(np.zeros(groups))
    grouped = reshape(graph, x, (0, groups, -1))
    out = reshape(graph, graph.add("InstanceNormalization", grouped, *unscaled, epsilon=layer.eps), shape)
    for operation, name in (("Mul", "weight"), ("Add", "bias")):
        if getattr(layer, name) is not None:
            out = graph.add(operation, out, channels(graph, name, len(shape)))
    return out


def channels(graph: Graph, attribute: str, axes: int) -> str:
    """Give a parameter with one number for each channel the axes that broadcast over an input."""
    return graph.add("Reshape", graph.parameter(attribute), graph.constant([-1, *[1] * (axes - 2)]))

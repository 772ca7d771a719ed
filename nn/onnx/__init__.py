"""Networks as ONNX files, which other programs run (onnxruntime) and draw (Netron)."""

from __future__ import annotations

import operator
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import Tensor, no_grad
from autograd.dtypes import checked_dtype
from nn.files import replacing
from nn.modules.module import Module
from nn.onnx import activations as activations  # declares rules, as the next line
from nn.onnx import layers as layers
from nn.onnx.graph import Graph as Graph
from nn.onnx.graph import exports as exports
from nn.onnx.graph import onnx_library

OLDEST = 20
"""The oldest version of the operators that the rules are written for."""


def export_onnx(
    model: Module,
    path: str | os.PathLike[str],
    input_shape: int | Sequence[int],
    opset: int = OLDEST,
    input_dtype: Any = None,
) -> None:
    """Write a network as an ONNX file, for evaluation.

    Dropout is left out and batch norm uses its running statistics, as after ``model.eval()``.  The
    size of the batch stays open; the parameters have their names from the state dict.  Hooks are
    not exported.

    Parameters
    ----------
    model : Module
        A ``Sequential``, also nested, of layers, or one layer; for modules with a forward of their
        own declare a rule with :func:`nn.onnx.exports`.
    path : str or path
        Where to save; the file appears complete or not at all.
    input_shape : int or sequence of int
        The shape of one input, without the batch, such as ``(1, 28, 28)``.
    opset : int
        The version of ONNX's operators, from 20.
    input_dtype : dtype, optional
        Of the input, such as int64 before an ``Embedding``; by default that of the parameters.

    Raises
    ------
    TypeError
        When a module has no rule: says where it is.
    ValueError
        When the input does not fit, or an option of a layer does not exist in ONNX.
    ImportError
        When the package onnx is missing.

    Examples
    --------
    >>> import nn, os, tempfile
    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.onnx")
    ...     nn.export_onnx(model, path, input_shape=4)
    ...     os.path.getsize(path) > 0
    True
    """
    onnx = onnx_library()
    if not isinstance(model, Module):
        raise TypeError(f"export_onnx: takes a module, got {type(model).__name__}")
    newest = onnx.defs.onnx_opset_version()
    if not isinstance(opset, int) or not OLDEST <= opset <= newest:
        raise ValueError(f"export_onnx: opset is from {OLDEST} to {newest} (what this onnx knows), got {opset!r}")
    dtype = next((p.dtype for p in model.parameters() if p.dtype.kind == "f"), np.dtype(np.float32))
    taken = dtype if input_dtype is None else checked_dtype(input_dtype, "export_onnx: input_dtype")
    graph = Graph(Tensor(np.zeros((2, *_sizes(input_shape)), taken)), dtype)
    written = onnx.helper.make_model(
        _graph(model, graph),
        producer_name="chainrule",
        opset_imports=[onnx.helper.make_opsetid("", opset)],
        ir_version=onnx.helper.find_min_ir_version_for([onnx.helper.make_opsetid("", opset)]),
    )
    onnx.checker.check_model(written, full_check=True)
    with replacing(path) as file:
        file.write(written.SerializeToString())


def _sizes(input_shape: Any) -> tuple[int, ...]:
    try:
        sizes = tuple(map(operator.index, input_shape if isinstance(input_shape, Sequence) else [input_shape]))
    except TypeError:
        sizes = (0,)
    if min(sizes, default=1) < 1:
        raise ValueError(
            f"export_onnx: input_shape is the shape of one input without the batch, such as (1, 28, 28); "
            f"got {input_shape!r}"
        )
    return sizes


def _graph(model: Module, graph: Graph) -> Any:
    """Visit the layers, in evaluation mode, and return the graph as onnx has it."""
    helper, numpy_helper = onnx_library().helper, onnx_library().numpy_helper
    training = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with no_grad():
            last = graph.run("", model, "input")
    finally:
        for module, mode in training.items():
            module.training = mode
    if last == "input":
        last = graph.add("Identity", "input")
        graph.examples[last] = graph.examples["input"]
    for node in graph.nodes:
        node.output[:] = ["output" if name == last else name for name in node.output]
        node.input[:] = ["output" if name == last else name for name in node.input]
    shapes = {"output" if name == last else name: example for name, example in graph.examples.items()}
    described = {
        name: helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(example.dtype), ["batch", *example.shape[1:]]
        )
        for name, example in shapes.items()
    }
    return helper.make_graph(
        graph.nodes,
        type(model).__name__,
        [described.pop("input")],
        [described.pop("output")],
        [numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
        value_info=list(described.values()),
    )

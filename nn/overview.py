"""What a network is made of: layers, shapes and numbers of parameters, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor, no_grad
from autograd.creation import from_numpy
from autograd.dtypes import checked_dtype
from nn.modules.module import Module


class Row(NamedTuple):
    """A module in a :class:`Summary`."""

    name: str
    """Its full name, such as ``features.0``; empty for the network itself."""
    kind: str
    """Its class."""
    output_shape: Any
    """The shape of its output, or several; ``None`` if it was not called."""
    parameters: int
    """The number of its own parameters, without those of modules inside."""


class Summary(NamedTuple):
    """The modules of a network; its repr is a table.

    Examples
    --------
    >>> import nn
    >>> nn.summary(nn.Conv2d(3, 10, 5, padding=2), (3, 32, 32)).total_parameters
    760
    """

    rows: list[Row]
    input_shape: tuple[int, ...]
    total_parameters: int
    trainable_parameters: int
    size: int
    """The memory of parameters and buffers in bytes."""

    def __repr__(self) -> str:
        table = [("Layer", "Output shape", "Parameters")]
        for row in self.rows:
            depth = row.name.count(".") + 1 if row.name else 0
            name = row.name.rpartition(".")[2]
            shape = "-" if row.output_shape is None else _text(row.output_shape)
            number = f"{row.parameters:,}" if row.parameters else "-"
            table.append(("  " * depth + (f"{name}: " if name else "") + row.kind, shape, number))
        widths = [max(len(line[column]) for line in table) for column in range(3)]
        lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in table]
        rule = "-" * (sum(widths) + 4)
        fixed = self.total_parameters - self.trainable_parameters
        return "\n".join(
            [
                *(line.rstrip() for line in (lines[0], rule, *lines[1:], rule)),
                f"input {_text((1, *self.input_shape))}",
                f"{self.total_parameters:,} parameters, {self.trainable_parameters:,} trainable, {fixed:,} frozen",
                f"{self.size / 1e6:.2f} MB of parameters and buffers",
            ]
        )


def summary(model: Module, input_shape: Any, dtype: Any = np.float32) -> Summary:
    """Return a table of the layers of a network, the shapes of their outputs, and their parameters.

    A sample of zeros goes through the network, in evaluation mode.  Afterwards the network is as it was.

    Parameters
    ----------
    model : Module
    input_shape : sequence of int
        The shape of one sample, without the axis N.
    dtype : numpy.dtype
        Of the sample; int64 for a network that begins with an embedding.

    Returns
    -------
    Summary
        Its ``rows``, ``total_parameters``, ``trainable_parameters`` and ``size`` hold the numbers.

    Raises
    ------
    TypeError
        When `model` is no module or `input_shape` holds no whole numbers.
    ValueError
        When the sample does not fit the network.

    Examples
    --------
    >>> import nn
    >>> nn.summary(nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.ReLU()), (2, 3))
    Layer         Output shape  Parameters
    --------------------------------------
    Sequential    (N, 4)                 -
      0: Flatten  (N, 6)                 -
      1: Linear   (N, 4)                28
      2: ReLU     (N, 4)                 -
    --------------------------------------
    input (N, 2, 3)
    28 parameters, 28 trainable, 0 frozen
    0.00 MB of parameters and buffers
    """
    if not isinstance(model, Module):
        raise TypeError(f"summary: takes a module, got {type(model).__name__}")
    sizes = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
    if not all(isinstance(n, (int, np.integer)) for n in sizes):
        raise TypeError(f"summary: input_shape is made of whole numbers, got {input_shape!r}")
    kind = checked_dtype(dtype, "summary")
    if kind.kind == "f":
        kind = next((p.dtype for p in model.parameters()), kind)
    shapes: dict[Module, Any] = {}

    def note(module: Module, inputs: tuple[Any, ...], output: Any) -> None:
        shapes[module] = _shape(output)

    with ExitStack() as stack:
        stack.enter_context(_untouched(model))
        stack.enter_context(no_grad())
        for module in model.modules():
            stack.enter_context(module.register_forward_hook(note))
        model.eval()(from_numpy(np.zeros((1, *sizes), kind)))
    rows, seen = [], set()
    for name, module in model.named_modules():
        own = [p for p in module.parameters(recurse=False) if p not in seen]
        seen.update(own)
        rows.append(Row(name, type(module).__name__, shapes.get(module), sum(p.numel() for p in own)))
    tensors = [*model.parameters(), *model.buffers()]
    return Summary(
        rows,
        sizes,
        sum(p.numel() for p in model.parameters()),
        sum(p.numel() for p in model.parameters() if p.requires_grad),
        sum(t.nbytes for t in tensors),
    )


@contextmanager
def _untouched(model: Module) -> Iterator[None]:
    """Put modes and buffers back, also after an error."""
    modes = [(module, module.training) for module in model.modules()]
    buffers = [(buffer, buffer.numpy().copy()) for buffer in model.buffers()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
        for buffer, numbers in buffers:
            buffer.data = numbers


def _shape(output: Any) -> Any:
    if isinstance(output, Tensor):
        return output.shape
    return [_shape(part) for part in output] if isinstance(output, (tuple, list)) else None


def _text(shape: Any) -> str:
    """A shape as text; the first axis of the one sample is called N."""
    if isinstance(shape, list):
        return ", ".join(_text(part) for part in shape if part is not None)
    sizes = ["N" if i == 0 and n == 1 else str(n) for i, n in enumerate(shape)]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"

"""What a gate of arrays does to the shape of its gradient, in words."""

from __future__ import annotations

from typing import Any

from autograd import Operation, Tensor
from viz.arrays import shape_text


def shape_note(node: Any, slot: int) -> str:
    """Say how the gradient of a gate takes the shape of one of its operands.

    Examples
    --------
    >>> from autograd import tensor
    >>> x, b = tensor([[1.0, 2.0], [3.0, 4.0]]), tensor([1.0, 1.0], requires_grad=True)
    >>> shape_note(x + b, 1)
    '(2) was broadcast to 2×2: the gradient is summed over axis 0'
    """
    if not isinstance(node, Tensor):
        return ""
    operand = node.parents[slot]
    if isinstance(node.op, Operation) and operand.shape != node.shape:
        axes = summed_axes(operand.shape, node.shape)
        return f"{_shape(operand)} was broadcast to {_shape(node)}: the gradient is summed over {_axes(axes)}"
    rule = RULES.get(getattr(node.op, "name", ""))
    return rule(node, operand, slot) if rule else ""


def summed_axes(narrow: tuple[int, ...], wide: tuple[int, ...]) -> list[int]:
    """Return the axes along which an operand was repeated.

    Examples
    --------
    >>> summed_axes((3, 1), (5, 3, 4))
    [0, 2]
    """
    added = len(wide) - len(narrow)
    return [i for i, n in enumerate(wide) if i < added or (narrow[i - added] == 1 and n != 1)]


def _shape(node: Any) -> str:
    return shape_text(node.shape) if node.shape else "one number"


def _axes(axes: list[int]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {', '.join(map(str, axes))}"


def _repeated(node: Any, operand: Any, slot: int) -> str:
    return f"every element had the same part in its sum: the gradient is repeated to {_shape(operand)}"


def _shared(node: Any, operand: Any, slot: int) -> str:
    count = operand.numel() // max(1, node.numel())
    return (
        f"every element had a part of 1/{count}: the gradient is divided by {count} and repeated to {_shape(operand)}"
    )


def _reshaped(node: Any, operand: Any, slot: int) -> str:
    return f"no number was changed: the gradient is put back into the shape {_shape(operand)}"


def _product(node: Any, operand: Any, slot: int) -> str:
    other = node.parents[1 - slot]
    if slot == 0:
        return f"upstream @ transposed right operand: {_shape(node)} and {_shape(other)} give {_shape(operand)}"
    return f"transposed left operand @ upstream: {_shape(other)} and {_shape(node)} give {_shape(operand)}"


def _linear(node: Any, operand: Any, slot: int) -> str:
    if slot == 2:
        return f"the bias was added to every row: the gradient is summed over {_axes(list(range(node.ndim - 1)))}"
    words = ("upstream @ weight", "transposed upstream @ input")[slot]
    return f"{words}, of shape {_shape(operand)}"


def _convolved(node: Any, operand: Any, slot: int) -> str:
    return (
        "every upstream number goes back to its window, times the kernel",
        "every upstream number times its window, summed over all positions",
        "the bias was added at every position: the gradient is summed over all but the channels",
    )[slot]


def _taken(node: Any, operand: Any, slot: int) -> str:
    return "the gradient goes to the elements that were taken; the others get zero"


def _largest(node: Any, operand: Any, slot: int) -> str:
    return "the gradient goes to the elements that were chosen; the others get zero"


RULES = {
    "sum": _repeated,
    "mean": _shared,
    "reshape": _reshaped,
    "permute": _reshaped,
    "matmul": _product,
    "linear": _linear,
    "convolution": _convolved,
    "getitem": _taken,
    "amax": _largest,
    "amin": _largest,
    "max_pool": _largest,
}
"""For gates of arrays what becomes of the shape."""

"""What the gates of arrays say beside their symbol: options such as ``dim=1``, an index, and tooltips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.array_operation import ArrayOperation
from autograd.tensor import KEPT_GRADIENT
from viz.arrays import array_of, array_words, kind_text, shape_text
from viz.foreign import is_unknown
from viz.labels import gate_text, is_constant, name_text, short_list

UNSEEN = ("shape", "keepdim", "dtype", "input_shape", "kernel_shape", "normalized_shape", "dimensions", "eps", "index")
"""Options that the shape of the result shows, or that are too small a detail for the picture."""

NEUTRAL = {"stride": 1, "dilation": 1, "padding": 0, "groups": 1}
"""Options that say nothing at these values, whatever the row's default."""


def options(node: Any) -> dict[str, str]:
    """Return the options of a gate of arrays that are not the usual ones, as text.

    Examples
    --------
    >>> from autograd import tensor
    >>> options(tensor([[1.0, 2.0]], requires_grad=True).sum(dim=1))
    {'dim': '1'}
    """
    if not isinstance(node.op, ArrayOperation):
        return {}
    given = getattr(node, "_options", None) or {}
    plain = {name: _uniform(array_of(value) if hasattr(value, "shape") else value) for name, value in given.items()}
    return {
        name: index_text(value) if name == "index" else option_text(value)
        for name, value in plain.items()
        if isinstance(value, np.ndarray) or value != node.op.defaults.get(name, NEUTRAL.get(name, _uniform))
    }


def gate_lines(node: Any, folded: tuple[bool, ...]) -> list[str]:
    """Return what stands in a gate: its symbol or index, and below it in small letters at most three short options."""
    given = options(node)
    text = f"[{given['index']}]" if "index" in given else gate_text(node, folded)
    found = [f"{name}={option}" for name, option in given.items() if name not in UNSEEN]
    found += filter(None, [name_text(getattr(node.op, "detail", ""), 24)])
    return [text, *[line for line in found if len(line) <= 24][:3]]


def array_expression_text(node: Any, name: Callable[[Any], str]) -> str:
    """Write the operation of a gate of arrays as an expression of its operands' names.

    Examples
    --------
    >>> from autograd import tensor
    >>> x = tensor([[1.0, 2.0], [3.0, 4.0]], label="x", requires_grad=True)
    >>> [array_expression_text(y, lambda node: node.label) for y in (x @ x, x[:, 0], x.sum(dim=1))]
    ['x @ x', 'x[:, 0]', 'sum(x, dim=1)']
    """
    operands, given = short_list([name(operand) for operand in node.parents]), options(node)
    if node.op.name == "matmul":
        return f"{operands[0]} @ {operands[1]}"
    if node.op.name == "getitem":
        return f"{operands[0]}[{given.get('index', '')}]"
    return f"{node.op.name}({', '.join([*operands, *(f'{option}={text}' for option, text in given.items())])})"


def _uniform(value: Any) -> Any:
    """Return the one number that all entries of an option are, as ``stride=(2, 2)``; else the option as it is."""
    if isinstance(value, tuple) and value:
        entries = [_uniform(entry) for entry in value]
        if isinstance(entries[0], int) and all(isinstance(e, int) and e == entries[0] for e in entries):
            return entries[0]
    return value


def option_text(value: Any) -> str:
    """Write one option; an array by its shape and dtype."""
    if isinstance(value, np.ndarray):
        return f"{shape_text(value.shape)} {value.dtype}"
    return name_text(value, 60)


def index_text(index: Any) -> str:
    """Write an index as it stands between the brackets of an expression.

    Examples
    --------
    >>> index_text((slice(1, None), ..., None, np.array([0, 2])))
    '1:, …, None, i'
    """
    if not isinstance(index, tuple):
        index = (index,)
    return ", ".join(_part_text(part) for part in index)


def _part_text(part: Any) -> str:
    if isinstance(part, slice):
        ends = ["" if end is None else str(end) for end in (part.start, part.stop, part.step)]
        return ":".join(ends if ends[2] else ends[:2])
    if isinstance(part, np.ndarray):
        return "mask" if part.dtype == bool else "i"
    return "…" if part is Ellipsis else name_text(part, 20)


def tooltip(node: Any) -> str:
    """Say everything about a node in one line, with all digits."""
    words = [name_text(node.label, 500)] if node.label else []
    words += [node.op.name if node.op else "constant" if _is_fixed(node) else "input"]
    words += [f"{name}={text}" for name, text in options(node).items()]
    if not isinstance(node, Tensor):
        words += [
            f"value {node.data!r}",
            f"gradient {node._grad!r}" if node.grad_computed else "no gradient computed yet",
        ]
        return ", ".join(words)
    array = array_of(node)
    if array.size > 1:
        words += [f"shape {shape_text(array.shape)}"]
    words += [kind_text(array) or "float32", "value not kept" if is_unknown(node) else f"value {array_words(array)}"]
    if node.grad_computed:
        words += [f"gradient {array_words(array_of(node._grad))}"]
    elif not node.requires_grad:
        words += ["needs no gradient"]
    elif node.op and array.size > KEPT_GRADIENT and not node.retains_grad:
        words += ["a gradient as large as this is kept after retain_grad() only"]
    else:
        words += ["no gradient computed yet"]
    return ", ".join(words)


def _is_fixed(node: Any) -> bool:
    return is_constant(node) or (isinstance(node, Tensor) and not node.requires_grad)

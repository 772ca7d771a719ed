"""``trace``: the forward and the backward pass as a text table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from autograd import OPERATIONS, Tensor, Value, topological_order
from autograd.array_operation import ArrayOperation
from viz.arguments import checked_outputs, checked_precision
from viz.arrays import array_of, element_text, shape_text, summary_lines
from viz.contributions import received
from viz.foreign import is_unknown
from viz.gates import array_expression_text
from viz.labels import constant_text, expression_text, is_constant, names_of


def trace(node: Value | Tensor | Sequence[Value | Tensor], *, precision: int = 2, limit: int = 100) -> str:
    """Write the forward and the backward pass as a text table.

    Parameters
    ----------
    node : Value, Tensor or sequence of them
        The result, or several.
    precision : int
        Decimals of the numbers.
    limit : int
        The largest number of lines for each pass.

    Returns
    -------
    str
        The table.  The backward pass is there once it has been computed: for every wire the
        upstream gradient, the local gradient, and their product that the operand receives.
        Arrays are told by shape, mean and norm; in the backward pass beside every gate those of
        the gradient that arrives at it, and below it what each operand receives.

    Raises
    ------
    TypeError
        When `node` is neither a Value nor a tensor.
    ValueError
        When `precision` is out of range.

    Examples
    --------
    >>> from autograd import tensor
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> print(trace(f))
    forward         value
      x             -2.00
      y              5.00
      v1 = x + y     3.00
      z             -4.00
      v2 = v1 * z  -12.00
    <BLANKLINE>
    backward       upstream  * local  = gradient
      v2 = v1 * z
        v1             1.00    -4.00       -4.00
        z              1.00     3.00        3.00
      v1 = x + y
        x             -4.00     1.00       -4.00
        y             -4.00     1.00       -4.00
    <BLANKLINE>
    gradient
      x       -4.00
      y       -4.00
      z        3.00

    >>> W, x = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, label="W"), tensor([1.0, 1.0], label="x")
    >>> loss = (W @ x).sum()
    >>> loss.backward()
    >>> print(trace(loss))
    forward         shape   mean  norm
      W               2×2   2.50  5.48
      x               (2)   1.00  1.41
      v1 = W @ x      (2)   5.00  7.62
      v2 = sum(v1)         10.00
    <BLANKLINE>
    backward        shape  mean  norm
      v2 = sum(v1)         1.00
        v1            (2)  1.00  1.41
      v1 = W @ x      (2)  1.00  1.41
        W             2×2  1.00  2.00
    <BLANKLINE>
    gradient  shape  mean  norm
      W         2×2  1.00  2.00
    """
    outputs, precision = checked_outputs(node, "trace"), checked_precision(precision)
    order = [node for node in topological_order(outputs, constants=True) if not is_constant(node)]
    names = names_of(order)

    def name(node: Any) -> str:
        return constant_text(node._data) if is_constant(node) else names[node]

    def gate(node: Any) -> str:
        write = array_expression_text if isinstance(node.op, ArrayOperation) else expression_text
        return f"{name(node)} = {write(node, name)}"

    arrays = any(isinstance(node, Tensor) and node.numel() != 1 for node in order)
    cells = partial(_array_cells if arrays else _number_cells, precision=precision)
    pulls = _array_pulls if arrays else _pulls

    forward = [
        [f"  {gate(node) if node.op else name(node)}", *(["?"] if is_unknown(node) else cells(node._data))]
        for node in order[:limit]
    ]
    columns = ["shape", "mean", "norm"] if arrays else ["value"]
    parts = [_table(["forward", *columns], forward, len(order) - limit)]
    passed = [node for node in reversed(order) if node.op is not None and node.grad_computed]
    if passed:
        backward = [row for node in passed[:limit] for row in pulls(node, gate(node), name, cells)]
        header = ["backward", *(columns if arrays else ["upstream", "* local", "= gradient"])]
        lines = sum(1 + sum(operand.requires_grad for operand in node.parents) for node in passed)
        parts.append(_table(header, backward[:limit], lines - limit))
    leaves = [node for node in order if node.op is None and node.grad_computed]
    if leaves:
        gradients = [[f"  {name(node)}", *cells(node._grad)] for node in leaves[:limit]]
        parts.append(_table(["gradient", *(columns if arrays else [])], gradients, len(leaves) - limit))
    return "\n\n".join(parts)


def _number_cells(number: Any, precision: int) -> list[str]:
    """One cell: a number."""
    if number is None:
        return [""]
    return [element_text(number if type(number) is float else array_of(number).item(), precision)]


def _array_cells(data: Any, precision: int) -> list[str]:
    """Three cells: the shape, the mean or the only number, the norm."""
    if data is None:
        return []
    array = array_of(data)
    if array.size == 1:
        return ["", element_text(array.item(), precision)]
    return [shape_text(array.shape), *(line.split()[-1] for line in summary_lines(array, precision))]


def _pulls(node: Any, gate: str, name: Any, cells: Any) -> list[list[str]]:
    """A row for a gate, and one for every wire of it through which gradient flows."""
    gradients = received(node) or [None] * len(node.parents)
    if isinstance(node, Tensor):
        locals_ = received(node, 1.0) or [None] * len(node.parents)
    elif node.op.name in OPERATIONS:
        locals_ = node.op.contributions(node, 1.0, False)
    else:  # a gate of one's own has no local gradients, only a backward rule
        locals_ = [gradient / node._grad if gradient is not None and node._grad else None for gradient in gradients]
    return [
        [f"  {gate}"],
        *(
            [f"    {name(operand)}", *cells(node._grad), *cells(local), *cells(gradient)]
            for operand, local, gradient in zip(node.parents, locals_, gradients, strict=True)
            if operand.requires_grad
        ),
    ]


def _array_pulls(node: Any, gate: str, name: Any, cells: Any) -> list[list[str]]:
    """A row for a gate with the gradient that arrives at it, and one for each operand with what that receives."""
    gradients = received(node) or [None] * len(node.parents)
    return [
        [f"  {gate}", *cells(node._grad)],
        *(
            [f"    {name(operand)}", *cells(gradient)]
            for operand, gradient in zip(node.parents, gradients, strict=True)
            if operand.requires_grad
        ),
    ]


def _table(header: list[str], rows: list[list[str]], left_out: int) -> str:
    """Align the rows in columns: the first to the left, the numbers to the right."""
    columns = max([len(header), *map(len, rows)])
    widths = [max([len(row[i]) for row in [header, *rows] if i < len(row)]) for i in range(columns)]
    lines = []
    for row in [header, *rows]:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers]))
    if left_out > 0:
        lines.append(f"  … and {left_out:,} more")
    return "\n".join(line.rstrip() for line in lines)

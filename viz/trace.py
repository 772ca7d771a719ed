"""``trace``: the forward and the backward pass as a text table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import OPERATIONS, Value, topological_order
from viz.arguments import checked_outputs, checked_precision
from viz.labels import constant_text, expression_text, is_constant, name_text, number_text


def trace(node: Value | Sequence[Value], *, precision: int = 2, limit: int = 100) -> str:
    """Write the forward and the backward pass as a text table.

    Parameters
    ----------
    node : Value or sequence of Value
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

    Raises
    ------
    TypeError
        When `node` is not a Value.
    ValueError
        When `precision` is out of range.

    Examples
    --------
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
    """
    outputs, precision = checked_outputs(node, "trace"), checked_precision(precision)
    order = [node for node in topological_order(outputs, constants=True) if not is_constant(node)]
    names = _names(order)

    def name(node: Any) -> str:
        return constant_text(node.data) if is_constant(node) else names[node]

    def number(x: float | None) -> str:
        return "" if x is None else number_text(x, precision)

    def gate(node: Any) -> str:
        return f"{name(node)} = {expression_text(node, name)}"

    forward = [[f"  {gate(node) if node.op else name(node)}", number(node.data)] for node in order[:limit]]
    parts = [_table(["forward", "value"], forward, len(order) - limit)]
    passed = [node for node in reversed(order) if node.op is not None and node.grad_computed]
    if passed:
        backward = [row for node in passed[:limit] for row in ([f"  {gate(node)}"], *_pulls(node, name, number))]
        header = ["backward", "upstream", "* local", "= gradient"]
        lines = sum(1 + sum(operand.requires_grad for operand in node.parents) for node in passed)
        parts.append(_table(header, backward[:limit], lines - limit))
    leaves = [node for node in order if node.op is None and node.grad_computed]
    if leaves:
        gradients = [[f"  {name(node)}", number(node._grad)] for node in leaves[:limit]]
        parts.append(_table(["gradient"], gradients, len(leaves) - limit))
    return "\n\n".join(parts)


def received(node: Any) -> list[Any] | None:
    """Return what each operand receives from a gate, or None when a gate of one's own refuses to run again."""
    try:
        return node.op.contributions(node, node._grad, False)
    except Exception:  # the user's code: whatever it raises, a picture is still wanted
        return None


def _pulls(node: Any, name: Any, number: Any) -> list[list[str]]:
    """One row for every wire of a gate through which gradient flows."""
    gradients = received(node) or [None] * len(node.parents)
    if node.op.name in OPERATIONS:
        locals_ = node.op.contributions(node, 1.0, False)
    else:  # a gate of one's own has no local gradients, only a backward rule
        locals_ = [gradient / node._grad if gradient is not None and node._grad else None for gradient in gradients]
    return [
        [f"    {name(operand)}", number(node._grad), number(local), number(gradient)]
        for operand, local, gradient in zip(node.parents, locals_, gradients, strict=True)
        if operand.requires_grad
    ]


def _names(order: Sequence[Any]) -> dict[Any, str]:
    """Name every node: its label, or a letter and a number."""
    labels = {node.label for node in order}
    names, counts = {}, {"x": 0, "v": 0}
    for node in order:
        names[node] = name_text(node.label, 24)
        kind = "x" if node.op is None else "v"
        while not names[node]:
            counts[kind] += 1
            candidate = f"{kind}{counts[kind]}"
            names[node] = "" if candidate in labels else candidate
    return names


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

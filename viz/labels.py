"""The words of a picture: numbers, names and what a gate shows."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from autograd import OPERATIONS, Tensor
from autograd.array_operation import ArrayOperation

NAME_LENGTH = 32
PLACEHOLDER = re.compile("(?<![A-Za-z])x(?![A-Za-z])")  # the x of the symbols 1/x and x²


def number_text(number: float, precision: int) -> str:
    """Write a number with `precision` decimals, or in powers of ten where that would hide it.

    Examples
    --------
    >>> [number_text(x, 2) for x in (-12.0, 0.5, -0.0, 0.00012, 1234567.0, float("nan"))]
    ['-12.00', '0.50', '0.00', '1.20e-04', '1.23e+06', 'nan']
    """
    if not math.isfinite(number):
        return str(number)
    text = f"{number:.{precision}f}"
    if (number and not float(text)) or abs(number) >= 1e6:
        return f"{number:.{precision}e}"
    return text.lstrip("-") if not float(text) else text


def constant_text(number: float) -> str:
    """Write a constant in at most six digits, for the inside of a gate.

    Examples
    --------
    >>> [constant_text(x) for x in (1.0, -1.0, 0.1, 1 / 3)]
    ['1', '-1', '0.1', '0.333333']
    """
    return f"{number:.6g}"


def name_text(name: object, length: int = NAME_LENGTH) -> str:
    r"""Return a name on one line, without characters that are invisible or turn the text around.

    Examples
    --------
    >>> name_text("two\nlines"), name_text("a" * 50, 5)
    ('two lines', 'aaaa…')
    """
    text = str(name)
    text = text[: length - 1] + "…" if len(text) > length else text
    text = "".join(c for c in text if c not in "\u200b\u200e\u200f\u2060\ufeff")
    text = "".join(" " if c in "\n\r\t\v\f\u2028\u2029" else c for c in text)
    # Cc control, Cs half of a surrogate pair, Cn not a character; bidirectional overrides are Cf.
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(c) in ("Cc", "Cs", "Cn") or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"
        else c
        for c in text
    )


def markup(text: str) -> str:
    """Escape text for SVG and HTML.

    Examples
    --------
    >>> markup('<script>"&"')
    '&lt;script&gt;&quot;&amp;&quot;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def dot_markup(text: str) -> str:
    r"""Escape text for the HTML-like labels of DOT, where ``\N`` would be replaced by the node's name.

    Examples
    --------
    >>> print(dot_markup(r"a<b \N"))
    a&lt;b \\N
    """
    return markup(text).replace("\\", "\\\\")


def is_constant(node: Any) -> bool:
    """Whether a node is a plain number of an expression, such as the 1 of ``x + 1``.

    A tensor is one when it holds a Python number; an array stays on a wire of its own.
    """
    plain = not isinstance(node, Tensor) or type(node._data) in (float, int, bool)
    return node.op is None and not node.requires_grad and not node.label and plain


def folded_operands(node: Any) -> tuple[bool, ...]:
    """For each operand of a gate, whether it is a constant that the gate can show inside itself."""
    constant = tuple(is_constant(operand) for operand in node.parents)
    return (False,) * len(constant) if node.op.arity is None or all(constant) else constant


def order_matters(op: Any) -> bool:
    """Whether a gate computes something else when its operands change places; a gate of one's own may."""
    if isinstance(op, ArrayOperation):
        return True
    if op.arity == 2:
        return op.forward(2.0, 3.0) != op.forward(3.0, 2.0)
    return op.arity == 3 or op.name not in OPERATIONS


def gate_text(node: Any, folded: tuple[bool, ...]) -> str:
    """What the gate of `node` shows: its symbol, with the folded operands as ``+1``, ``*-1``, ``1/x``.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> [gate_text(y, folded_operands(y)) for y in (x * x, x + 1, 1 - x, x.maximum(0), x**2)]
    ['*', '+1', '1-x', 'max(x, 0)', '**2']
    """
    op = node.op
    if not any(folded):
        return name_text(op.symbol)
    constants = [
        constant_text(operand._data) if fold else "" for operand, fold in zip(node.parents, folded, strict=True)
    ]
    if isinstance(op, ArrayOperation):
        return f"{op.symbol} {', '.join(filter(None, constants))}"
    if op.operator and op.arity == 2:
        if op.symbol in ("+", "-"):
            constants = [f"({text})" if text.startswith("-") else text for text in constants]
        if constants[1]:
            return f"{op.symbol}{constants[1]}"
        return f"{constants[0]}{op.symbol}x" if order_matters(op) else f"{op.symbol}{constants[0]}"
    defaults = dict(zip(op.operand_names[op.arity - len(op.defaults) :], map(constant_text, op.defaults), strict=True))
    if all(not text or defaults.get(name) == text for name, text in zip(op.operand_names, constants, strict=True)):
        return op.symbol
    letters = iter("xyz")
    return f"{op.symbol}({', '.join(text or next(letters) for text in constants)})"


def expression_text(node: Any, name: Callable[[Any], str]) -> str:
    """Write the operation of `node` as an expression of its operands' names.

    Examples
    --------
    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> [expression_text(z, lambda node: node.label) for z in (x + y, -x, x.maximum(y))]
    ['x + y', '-x', 'max(x, y)']
    """
    op, operands = node.op, short_list([name(operand) for operand in node.parents])
    if op.arity == 2 and op.operator:
        return f"{operands[0]} {op.symbol} {operands[1]}"
    if op.name == "neg":
        return f"-{operands[0]}"
    if op.arity == 1 and PLACEHOLDER.search(op.symbol):
        return PLACEHOLDER.sub(lambda _: operands[0], op.symbol)
    return f"{name_text(op.symbol)}({', '.join(operands)})"


def short_list(operands: list[str]) -> list[str]:
    """Leave out the middle of many operands."""
    return operands if len(operands) <= 6 else [*operands[:4], "…", operands[-1]]


def names_of(order: Sequence[Any]) -> dict[Any, str]:
    """Name every node: its label, or a letter and a number.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(2.0, "x")
    >>> list(names_of([x, x * 3.0]).values())
    ['x', 'v1']
    """
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

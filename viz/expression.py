"""Expressions typed on the command line: parsed with ``ast``, computed on Values, never evaluated as code."""

from __future__ import annotations

import ast
import difflib
import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from autograd import OPERATIONS, Value, functions
from viz.labels import name_text

LONGEST = 10_000
"""The largest number of characters of an expression."""

OPERATORS = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.Mod: "__mod__",
    ast.Pow: "__pow__",
    ast.USub: "__neg__",
}
"""Python's syntax for the operators that rows of the op table are reached by."""

FUNCTIONS: dict[str, Callable[..., Value]] = {
    name: getattr(functions, row.name)
    for row in OPERATIONS.values()
    if row.arity is not None
    for name in (row.symbol, *row.names)
    if name.isidentifier()
}
"""The functions by their names, and by the symbols of their gates, such as ``ln`` and ``max``."""


class ExpressionError(ValueError):
    """The expression or a value is not allowed; the message says why and what is."""


def evaluate(text: str, values: Mapping[str, float]) -> Value:
    """Build the graph of an expression.

    Parameters
    ----------
    text : str
        Numbers, names, ``+ - * / % **``, parentheses and the functions of the op table.
    values : mapping of str to float
        A number for every name; they become the labelled inputs of the graph.

    Raises
    ------
    ExpressionError
        When the expression has anything else in it, a name has no value or a value no name.

    Examples
    --------
    >>> evaluate("(x + y) * z", {"x": -2, "y": 5, "z": -4}).data
    -12.0
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters; at most {LONGEST:,} are allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on the style of code
            tree = ast.parse(text.strip(), mode="eval").body
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
        names.sort(key=lambda node: (node.lineno, node.col_offset))
        leaves = {node.id: Value(values.get(node.id, math.nan), node.id) for node in names}
        result = _build(tree, leaves)
        _check_names(leaves, values)
    except SyntaxError as error:
        place = f" at character {error.offset}" if error.offset else ""
        raise ExpressionError(f"{text[:60]!r} is not an expression: {error.msg}{place}") from None
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression is nested too deeply") from None
    except ValueError as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"the expression cannot be read: {error}") from None  # a zero byte, a huge integer
    if not isinstance(result, Value) or not result.requires_grad:
        raise ExpressionError(f"{text[:60]!r} has no names to differentiate by; write one, such as x, and give x=VALUE")
    return result


def _check_names(names: Mapping[str, Value], values: Mapping[str, float]) -> None:
    missing = [name for name in names if name not in values]
    if missing and missing[0] in FUNCTIONS:
        raise ExpressionError(f"{missing[0]} is a function; call it, as in {missing[0]}(x)")
    if missing:
        close = difflib.get_close_matches(missing[0][:100], [*FUNCTIONS, *values], 1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        add = " ".join(f"{name_text(name)}=NUMBER" for name in missing[:20])
        raise ExpressionError(f"the name {name_text(missing[0])} has no value{hint}; add {add}")
    unused = [name_text(name) for name in values if name not in names]
    if unused:
        known = ", ".join(name_text(name) for name in list(names)[:20]) or "none"
        raise ExpressionError(f"{', '.join(unused[:20])}: no such name in the expression; its names are: {known}")


def _build(node: ast.expr, leaves: Mapping[str, Value]) -> Any:
    """Compute one part of the expression: a Value, or a float where no name is involved."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        try:
            return _finite(float(node.value), node)
        except OverflowError:
            return _finite(math.inf, node)
    if isinstance(node, ast.Name):
        return leaves[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
        return _build(node.operand, leaves)
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
        return _apply(node, OPERATORS[type(node.op)], [_build(node.operand, leaves)])
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return _apply(node, OPERATORS[type(node.op)], [_build(node.left, leaves), _build(node.right, leaves)])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        _check_function(node.func.id)
        return _apply(node, node.func.id, [_build(argument, leaves) for argument in node.args])
    raise ExpressionError(
        f"{ast.unparse(node)[:80]!r} is not allowed; an expression has numbers, names, + - * / % **, parentheses "
        f"and functions such as exp(x)"
    )


def _check_function(name: str) -> None:
    if name not in FUNCTIONS:
        close = difflib.get_close_matches(name[:100], FUNCTIONS, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(FUNCTIONS)}"
        raise ExpressionError(f"there is no function {name_text(name)}; {hint}")


def _apply(node: ast.expr, name: str, operands: list[Any]) -> Any:
    """Apply an operator or a function; numbers alone give a number."""
    function = FUNCTIONS.get(name) or next(row for row in OPERATIONS.values() if row.operator == name)
    try:
        result = function(*operands)
    except TypeError as error:
        raise ExpressionError(str(error)) from None
    return result if result.requires_grad else _finite(result.data, node)


def _finite(number: float, node: ast.expr) -> float:
    if not math.isfinite(number):
        raise ExpressionError(f"{ast.unparse(node)[:80]} is {number}: constants must be finite, below 1.8e308")
    return number

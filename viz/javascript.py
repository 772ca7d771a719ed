"""The forward rules of the op table as JavaScript, so that a page can compute again when an input is nudged.

A rule is read once more: with an arithmetic that writes down what it is asked to compute.  The names it uses are
those of :mod:`autograd.floats`, which ``page/arithmetic.js`` has for JavaScript's numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import OPERATIONS, Operation, floats


class _Text:
    """An expression in JavaScript."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __neg__(self) -> _Text:
        return _Text(f"(-{self.text})")

    def __add__(self, other: Any) -> _Text:
        return _Text(f"({self.text} + {_written(other)})")

    def __radd__(self, other: Any) -> _Text:
        return _Text(f"({_written(other)} + {self.text})")

    def __sub__(self, other: Any) -> _Text:
        return _Text(f"({self.text} - {_written(other)})")

    def __rsub__(self, other: Any) -> _Text:
        return _Text(f"({_written(other)} - {self.text})")

    def __mul__(self, other: Any) -> _Text:
        return _Text(f"({self.text} * {_written(other)})")

    def __rmul__(self, other: Any) -> _Text:
        return _Text(f"({_written(other)} * {self.text})")

    def __pow__(self, other: Any) -> _Text:
        return _Text(f"m.pow({self.text}, {_written(other)})")


def _written(operand: Any) -> str:
    if isinstance(operand, _Text):
        return operand.text
    if isinstance(operand, (int, float)):
        return repr(float(operand)).replace("inf", "Infinity").replace("nan", "NaN")
    raise TypeError(f"{operand!r} has no form in JavaScript")


class _Writer:
    """The arithmetic that writes calls down, and remembers which rows were called."""

    def __init__(self) -> None:
        self.used: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(*operands: Any) -> _Text:
            if not hasattr(floats, name):
                self.used.append(name)
            return _Text(f"m.{name}({', '.join(map(_written, operands))})")

        return call


def rules(wanted: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Return the forward rules of rows as JavaScript functions, with those of the rows they use.

    Parameters
    ----------
    wanted : iterable of (str, int)
        The names of the rows, and with how many operands.

    Returns
    -------
    dict of str to str
        The name of a row for any number of operands has that number behind it, as ``sum/3``.  Rows
        whose rule cannot be written are left out.

    Examples
    --------
    >>> rules([("mul", 2), ("sigmoid", 1), ("sum", 3)])["sum/3"]
    '(x0, x1, x2) => ((x0 + x1) + x2)'
    """
    found: dict[str, str] = {}
    waiting = list(wanted)
    while waiting:
        name, count = waiting.pop()
        row = OPERATIONS.get(name)
        if row is None or key(row, count) in found:
            continue
        writer = _Writer()
        names = [f"x{i}" for i in range(count)] if row.arity is None else row.operand_names[:count]
        operands = [_Text(name) for name in names]
        forward = row.rules(writer)[0]
        try:
            body = _written(forward(operands) if row.arity is None else forward(*operands))
        except TypeError:  # it branches on numbers, or has something that no number has
            continue
        found[key(row, count)] = f"({', '.join(names)}) => {body}"
        waiting += [(used, OPERATIONS[used].arity or 0) for used in writer.used if used in OPERATIONS]
    return dict(sorted(found.items()))


def key(row: Operation, count: int) -> str:
    """Return the name of a rule for this number of operands."""
    return f"{row.name}/{count}" if row.arity is None else row.name

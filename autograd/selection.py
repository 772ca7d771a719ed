"""Look up a row of a table by an index that may be an input of a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.functions import choose  # pyright: ignore[reportAttributeAccessIssue]
from autograd.value import Value, describe


def take(rows: Sequence[Any], index: Value | float) -> Any:
    """Return the row with the given index: the look-up in an embedding table.

    The index is an operand of the graph, so a compiled program takes it as an input: another
    index needs no new recording.

    Parameters
    ----------
    rows : sequence of Value, or of sequences of Value of equal length
        The table.
    index : Value or float
        Which row, counted from 0.

    Returns
    -------
    Value or list of Value
        One row; the gradient flows to this row alone.

    Raises
    ------
    IndexError
        When the index is not a whole number from 0 to the number of rows - 1.
    TypeError, ValueError
        When `rows` is no table, or its rows differ in length.

    Examples
    --------
    >>> table = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    >>> [x.data for x in take(table, 1)]
    [3.0, 4.0]
    """
    rows = list(rows)
    nested = [isinstance(row, Sequence) for row in rows]
    if not any(nested):
        return choose(rows, index)
    if not all(nested):
        raise TypeError(f"take: row {nested.index(False)} is {describe(rows[nested.index(False)])}, others are lists")
    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        raise ValueError(f"take: the rows differ in length ({', '.join(map(str, sorted(lengths)))}); give a table")
    return [choose(column, index) for column in zip(*rows, strict=True)]

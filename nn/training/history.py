"""What a training run was like: one record for each epoch."""

from __future__ import annotations

import csv
import html
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


class History(list[dict[str, Any]]):
    """The records of a training run: a list with one dict for each epoch.

    It plots with ``viz.plots``, and anything that takes a list of dicts reads it, such as
    ``pandas.DataFrame(history)``.

    Parameters
    ----------
    records : iterable of dict
        To start with.

    Examples
    --------
    >>> history = History([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}])
    >>> history["loss"]
    [0.5, 0.25]
    >>> history[-1]
    {'epoch': 2, 'loss': 0.25}
    >>> history
    epoch  loss
        1   0.5
        2  0.25
    """

    def __init__(self, records: Iterable[Mapping[str, Any]] = ()) -> None:
        super().__init__(dict(record) for record in records)

    @property
    def columns(self) -> list[str]:
        """The names that occur in the records, in the order of their first appearance."""
        return list(dict.fromkeys(name for record in self for name in record))

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return History(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)
        if key not in self.columns:
            raise KeyError(f"history has no column {key!r}; it has {', '.join(self.columns) or 'no records yet'}")
        return [record.get(key) for record in self]

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        r"""Write the records as a table of comma-separated values, and return where.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = History([{"epoch": 1, "loss": 0.5}]).to_csv(folder + "/history.csv")
        ...     path.read_text(encoding="utf-8")
        'epoch,loss\n1,0.5\n'
        """
        path = Path(path)
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, self.columns, lineterminator="\n")
            table.writeheader()
            table.writerows(self)
        return path

    def _table(self) -> list[list[str]]:
        return [self.columns, *([_text(record.get(name)) for name in self.columns] for record in self)]

    def __repr__(self) -> str:
        if not self:
            return "History([])"
        rows = self._table()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head, *rows = ([html.escape(cell) for cell in row] for row in self._table())
        body = "".join("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in rows)
        return f"<table><thead><tr><th>{'</th><th>'.join(head)}</th></tr></thead><tbody>{body}</tbody></table>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)

"""What came of a search: one record for every trial, ranked, as a table, as CSV."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nn.files import replacing
from nn.search.space import RESERVED, Config, name_of

SHOWN = 10
"""How many trials the table shows."""


@dataclass(frozen=True)
class Trial:
    """One configuration that was tried, and what came of it.

    Attributes
    ----------
    number, seed : int
        Which trial it is, and the seed it was given.
    config : dict
        The hyperparameters.
    status : str
        ``"done"``; ``"diverged"`` when the score was nan or infinite, or a :class:`nn.Trainer` stopped with
        :class:`nn.Diverged`; ``"failed"`` when there was another exception.
    score : float
        nan for a trial that failed or that the trainer stopped.
    results : dict
        What else `train` returned.
    message : str
        What went wrong.
    seconds : float
        How long it took.

    Examples
    --------
    >>> Trial(0, 42, {"lr": 0.1}, "done", 0.9).score
    0.9
    """

    number: int
    seed: int
    config: Config
    status: str
    score: float = math.nan
    results: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    seconds: float = 0.0

    def record(self) -> dict[str, Any]:
        """Return it as one flat dict: a row of a table."""
        config = {name: name_of(value) for name, value in self.config.items()}
        taken = (*RESERVED, *config)
        more = {f"result {name}" if name in taken else name: value for name, value in self.results.items()}
        own = {"seed": self.seed, "seconds": self.seconds, "message": self.message}
        return {"number": self.number, "status": self.status, "score": self.score, **config, **more, **own}


class Results(Sequence[Trial]):
    """The trials of a search, in the order of their numbers.

    Parameters
    ----------
    trials : sequence of Trial
    mode : str
        ``"max"`` when a higher score is better, ``"min"`` when a lower one is.

    Examples
    --------
    >>> results = Results([Trial(0, 1, {"lr": 0.1}, "done", 0.5), Trial(1, 2, {"lr": 0.2}, "done", 0.75)])
    >>> results.best.config
    {'lr': 0.2}
    >>> results
    2 trials: 2 done
    number  status  score   lr
         1    done   0.75  0.2
         0    done    0.5  0.1
    """

    def __init__(self, trials: Sequence[Trial], mode: str = "max") -> None:
        self._trials = sorted(trials, key=lambda trial: trial.number)
        self.mode = mode

    def __len__(self) -> int:
        return len(self._trials)

    def __getitem__(self, index: Any) -> Any:
        return Results(self._trials[index], self.mode) if isinstance(index, slice) else self._trials[index]

    def __iter__(self) -> Iterator[Trial]:
        return iter(self._trials)

    @property
    def ranked(self) -> list[Trial]:
        """The trials, the best first; those that diverged or failed last."""
        sign = -1 if self.mode == "max" else 1
        done = sorted((trial for trial in self if trial.status == "done"), key=lambda trial: sign * trial.score)
        return done + [trial for trial in self if trial.status != "done"]

    @property
    def best(self) -> Trial:
        """The trial with the best score; of equal ones the first.

        Raises
        ------
        ValueError
            When no trial has a score: says what went wrong in the first.
        """
        ranked = self.ranked
        if not ranked or ranked[0].status != "done":
            first = f"; trial {self[0].number} {self[0].status}: {self[0].message}" if len(self) else ""
            raise ValueError(f"no trial has a score: {self._counts()}{first}")
        return ranked[0]

    def records(self) -> list[dict[str, Any]]:
        """Return every trial as one flat dict, as tables and plots take them."""
        return [trial.record() for trial in self]

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Save all trials as comma-separated values, one row each.

        Parameters
        ----------
        path : str or path
            Where to save; the file appears complete or not at all.
        """
        records = self.records()
        columns = list(dict.fromkeys(name for record in records for name in record))
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        writer.writerows(records)
        with replacing(path) as file:
            file.write(text.getvalue().encode())

    def _counts(self) -> str:
        counts = [(sum(trial.status == status for trial in self), status) for status in ("done", "diverged", "failed")]
        return f"{len(self)} trials: " + (", ".join(f"{n} {status}" for n, status in counts if n) or "none ran")

    def __repr__(self) -> str:
        """Show the best trials as a table."""
        rows = [
            {"number": trial.number, "status": trial.status, "score": trial.score, **trial.config, "": trial.message}
            for trial in self.ranked[:SHOWN]
        ]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        cells = [columns, *([_cell(row.get(name, "")) for name in columns] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(map(str.rjust, row[:-1], widths)) + "  " + row[-1] for row in cells if rows]
        left = [f"... and {len(self) - SHOWN} more, in .ranked"] if len(self) > SHOWN else []
        return "\n".join([self._counts(), *(line.rstrip() for line in lines), *left])


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(name_of(value))

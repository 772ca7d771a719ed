"""Checks of what plots are given: arrays, and the records of a training run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.labels import name_text


def checked_array(data: Any, name: str, finite: bool = True) -> np.ndarray:
    """Return numbers, a tensor or a list of Values as an array.

    Raises
    ------
    TypeError
        When `data` is not numbers in rows of one length.
    ValueError
        When it is empty, or has nan or infinity although `finite`.

    Examples
    --------
    >>> checked_array([Value(1.0), 2.0], "weights")
    array([1., 2.])
    """
    try:
        array = np.asarray(data)
        array = array.astype(float) if array.dtype == object else array
    except (TypeError, ValueError):
        array = None
    if array is None or array.dtype.kind not in "fiub":
        raise TypeError(f"{name} is an array of numbers or a tensor, got {type(data).__name__} {name_text(data)}")
    if not array.size:
        raise ValueError(f"{name} of shape {array.shape} is empty: there is nothing to draw")
    if finite and not np.isfinite(array).all():
        count = int((~np.isfinite(array)).sum())
        raise ValueError(f"{name} of shape {array.shape} has {count} numbers that are nan or infinite")
    return array


def checked_limits(limits: Any, name: str = "limits") -> tuple[float, float]:
    """Return a range as two numbers.

    Raises
    ------
    ValueError
        When it is not a lower and an upper number.

    Examples
    --------
    >>> checked_limits((-1, 1))
    (-1.0, 1.0)
    """
    try:
        low, high = (float(limit) for limit in limits)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{name} is a pair (lower, upper) of numbers, got {limits!r}")
    return low, high


def named(data: Any, name: str = "layer") -> dict[str, Any]:
    """Return a dict as it is, and number the members of a list from 1.

    Raises
    ------
    TypeError
        When `data` is neither.
    ValueError
        When it is empty.

    Examples
    --------
    >>> named(["a", "b"])
    {'layer 1': 'a', 'layer 2': 'b'}
    """
    if not isinstance(data, Mapping) and (isinstance(data, str | np.ndarray) or not isinstance(data, Sequence)):
        raise TypeError(f"give a list or a dict with one entry per {name}, got {type(data).__name__}")
    if not data:
        raise ValueError(f"there is no {name} to draw")
    if isinstance(data, Mapping):
        return {name_text(key): member for key, member in data.items()}
    return {f"{name} {i + 1}": member for i, member in enumerate(data)}


def runs(history: Any) -> dict[str, list[Mapping[str, Any]]]:
    """Return the records of each run; one run without a name has the name ``""``.

    Raises
    ------
    TypeError
        When `history` is neither a list of dicts nor a dict of such lists.
    ValueError
        When a run has no records.

    Examples
    --------
    >>> runs([{"loss": 1.0}])
    {'': [{'loss': 1.0}]}
    """
    given = history if isinstance(history, Mapping) else {"": history}
    if not given:
        raise ValueError("the history is empty: there is no run to draw")
    checked = {}
    for name, records in given.items():
        of_run = f" of run {name!r}" if isinstance(history, Mapping) else ""
        listed = isinstance(records, Sequence) and not isinstance(records, str)
        if not listed or not all(isinstance(record, Mapping) for record in records):
            raise TypeError(
                f"the history{of_run} is a list of dicts, one per epoch, such as "
                f"[{{'epoch': 1, 'loss': 2.3}}, ...], got {type(records).__name__} {name_text(records)}"
            )
        if not records:
            raise ValueError(f"the history{of_run} is empty: train for at least one epoch")
        checked[name_text(name)] = list(records)
    return checked


@dataclass(frozen=True)
class Series:
    """One curve: where, how high (nan where there is no number), and in words what is missing."""

    x: np.ndarray
    y: np.ndarray
    gap: str

    @property
    def stop(self) -> tuple[float, float] | None:
        """The last point before the numbers cease for good."""
        drawn = np.flatnonzero(np.isfinite(self.y))
        if not len(drawn) or drawn[-1] == len(self.y) - 1:
            return None
        return float(self.x[drawn[-1]]), float(self.y[drawn[-1]])


def series(records: Sequence[Mapping[str, Any]], key: str, log: bool = False, sparse: bool = False) -> Series:
    """Take one column out of records, against their epochs or, where they name none, their number.

    Parameters
    ----------
    records : sequence of dict
        The records.
    key : str
        The name of the column.
    log : bool
        Whether a logarithmic axis has no place for zero and below.
    sparse : bool
        Whether some records may lack the column, as when only every fifth epoch is validated.

    Raises
    ------
    ValueError
        When the column is missing, or the epochs do not rise.
    TypeError
        When an entry is no number.

    Examples
    --------
    >>> series([{"epoch": 3, "loss": 1.0}, {"epoch": 4, "loss": float("nan")}], "loss").gap
    'nan at epoch 4'
    """
    kept = [(i, record) for i, record in enumerate(records) if record.get(key) is not None]
    if not kept or (len(kept) < len(records) and not sparse):
        lacking = next(i for i, record in enumerate(records) if record.get(key) is None)
        columns = ", ".join(repr(name) for name in records[lacking]) or "nothing"
        raise ValueError(f"record {lacking} of the history has no {key!r}; it has {columns}")
    x = np.array([_number(record.get("epoch", i + 1), "epoch", i) for i, record in kept])
    if not np.isfinite(x).all() or (np.diff(x) <= 0).any():
        raise ValueError(f"the epochs of the history must rise from record to record, got {name_text(x.tolist(), 60)}")
    return with_gaps(x, np.array([_number(record[key], key, i) for i, record in kept]), log)


def with_gaps(x: np.ndarray, y: np.ndarray, log: bool = False, step: str = "epoch") -> Series:
    """Leave out what cannot be drawn, and say so in words.

    Examples
    --------
    >>> with_gaps(np.arange(4.0), np.array([1.0, 0.0, np.inf, np.nan]), log=True)
    Series(x=array([0., 1., 2., 3.]), y=array([ 1., nan, nan, nan]), gap='zero, infinite or nan from epoch 1')
    """
    finite = np.isfinite(y)
    drawn = finite & (y > 0) if log else finite
    if drawn.all():
        return Series(x, y, "")
    wrong = y[~drawn]
    kinds = [
        word
        for word, present in (
            ("negative", (np.isfinite(wrong) & (wrong < 0)).any()),
            ("zero", (wrong == 0).any()),
            ("infinite", np.isinf(wrong).any()),
            ("nan", np.isnan(wrong).any()),
        )
        if present
    ]
    places = x[~drawn]
    if len(places) > 1 and not drawn[-len(places) :].any():
        where = f"from {step} {places[0]:g}"
    elif len(places) <= 3:
        where = f"at {step} " + ", ".join(f"{place:g}" for place in places)
    else:
        where = f"at {len(places)} of {len(x)} points"
    words = " or ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))
    return Series(x, np.where(drawn, y, math.nan), f"{words} {where}")


def _number(entry: Any, key: str, record: int) -> float:
    try:
        if isinstance(entry, str):
            raise TypeError
        return float(entry)
    except (TypeError, ValueError):
        raise TypeError(
            f"{key!r} of record {record} of the history is a number, got {type(entry).__name__} {name_text(entry)}"
        ) from None

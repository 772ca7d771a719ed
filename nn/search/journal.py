"""The file of a search that may be interrupted: one JSON line for the search, then one for every finished trial."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from typing import Any

from nn.search.results import Trial
from nn.search.space import name_of


class Journal:
    """Appends finished trials to a file, and knows those that are in it already.

    Parameters
    ----------
    path : str or path
        The file; it is made when it does not exist.
    header : dict
        What the search is; a file of another search is refused.

    Raises
    ------
    ValueError
        When the file belongs to another search, says in what, or is no file of a search.

    Notes
    -----
    Every line is on the disk before the next trial counts as finished.  A last line without its
    end was being written when the process died; it is cut off.

    Examples
    --------
    >>> import tempfile
    >>> header = {"search": "random", "seed": 0, "space": {}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "search.jsonl")
    ...     with Journal(path, header) as journal:
    ...         journal.append(Trial(3, 42, {"lr": 0.1}, "done", 0.9))
    ...     with Journal(path, header) as journal:
    ...         list(journal.finished)
    [3]
    """

    def __init__(self, path: str | os.PathLike[str], header: dict[str, Any]) -> None:
        self.finished: dict[int, Trial] = {}
        self._path = os.fspath(path)
        first = (json.dumps(header) + "\n").encode()
        self._file = open(path, "a+b")  # noqa: SIM115  # closed by close
        try:
            self._file.seek(0)
            content = self._file.read()
            if first.startswith(content):  # new, or died while the first line was being written
                self._file.truncate(0)
                self._write(first)
            else:
                self._read(content, json.loads(first))
                self._file.truncate(content.rfind(b"\n") + 1)
        except BaseException:
            self._file.close()
            raise

    def _read(self, content: bytes, header: dict[str, Any]) -> None:
        lines = content[: content.rfind(b"\n") + 1].splitlines()
        records = [_parsed(line) for line in lines]
        found = records[0] if records else {}
        if "search" not in found or "space" not in found:
            raise ValueError(f"{self._path} is no file of a search; resume from another one, it was not changed")
        there, here = _flat(found), _flat(header)
        different = [
            f"{key} is {there.get(key, 'missing')} there and {here.get(key, 'missing')} here"
            for key in {**here, **there}
            if there.get(key) != here.get(key)
        ]
        if different:
            raise ValueError(
                f"{self._path} belongs to another search: {'; '.join(different)}. Resume with the same arguments, or "
                f"write to another file"
            )
        names = {entry.name for entry in fields(Trial)}
        for number, record in enumerate(records[1:], 2):
            if record.keys() != names:
                raise ValueError(f"{self._path} is damaged: line {number} is no trial; delete it to run it again")
            self.finished[record["number"]] = Trial(**record)

    def append(self, trial: Trial) -> None:
        """Write a finished trial, to the disk."""
        record = asdict(trial)
        record["config"] = {name: name_of(value) for name, value in trial.config.items()}
        self._write((json.dumps(record) + "\n").encode())
        self.finished[trial.number] = trial

    def _write(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _flat(header: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in header.items() if name != "space"} | header["space"]

"""Program files: the columns of a tape in NumPy's npz format, without pickles and without code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.operation import OPERATIONS
from autograd.program.tape import Recording, Tape
from autograd.value import Value

FORMAT = "chainrule program"
VERSION = 1

COLUMNS = {
    "operations": "U",
    "codes": "i",
    "starts": "i",
    "operands": "i",
    "wanted": "b",
    "constants": "f",
    "outputs": "i",
    "start": "f",
    "counts": "i",
    "labels": "U",
    "numbers": "f",
}
"""What a file holds besides its format: the kind of numbers in each column."""


def save(file: str | Path, tape: Tape, leaves: Sequence[Value], start: NDArray[np.float64]) -> None:
    """Write a tape, with the labels and numbers of its parameters and inputs, to a file."""
    columns = {
        "format": np.array(FORMAT),
        "version": np.array(VERSION),
        "operations": np.array([op.name for op in tape.operations], np.str_),
        "codes": tape.codes,
        "starts": tape.starts,
        "operands": tape.operands,
        "wanted": tape.wanted,
        "constants": tape.constants,
        "outputs": tape.outputs,
        "start": start,
        "counts": np.array([tape.parameters, tape.inputs]),
        "labels": np.array([leaf.label for leaf in leaves], np.str_),
        "numbers": np.array([leaf._data for leaf in leaves], np.float64),
    }
    with Path(file).open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **columns)


def load(file: str | Path) -> tuple[Recording, NDArray[np.float64]]:
    """Read a program file and check all of it.

    Raises
    ------
    ValueError
        When the file is no program, is damaged, or uses a row that the op table does not have.
    """
    with Path(file).open("rb") as stream:
        try:
            with np.load(stream, allow_pickle=False) as archive:
                columns = {name: archive[name] for name in archive.files}
        except Exception as error:  # a damaged file may raise anything in the libraries that unpack it
            raise ValueError(f"{file} is not a program file, or it is damaged: {error}") from None
    if "format" not in columns or str(columns["format"]) != FORMAT:
        raise ValueError(f"{file} is not a program file; give one that Program.save wrote")
    version = columns.get("version")
    if version is None or version.tolist() != VERSION:
        raise ValueError(f"{file} has version {version} of the format, this reads version {VERSION}; save it again")
    for name, kind in COLUMNS.items():
        if kind == "i" and name in columns and columns[name].dtype.kind == "i":
            columns[name] = columns[name].astype(np.int64)
    wrong = _fault(columns)
    if wrong:
        raise ValueError(f"{file} is damaged: {wrong}")
    parameters, inputs = map(int, columns["counts"])
    tape = Tape(
        tuple(OPERATIONS[name] for name in columns["operations"].tolist()),
        columns["codes"].astype(np.int16),
        columns["starts"].astype(np.int32),
        columns["operands"].astype(np.int32),
        parameters,
        inputs,
        columns["wanted"],
        columns["constants"],
        columns["outputs"].astype(np.int32),
    )
    pairs = zip(columns["numbers"].tolist(), columns["labels"].tolist(), strict=True)
    leaves = [Value(number, label) for number, label in pairs]
    return Recording(tape, leaves[:parameters], leaves[parameters:], []), columns["start"]


def _fault(columns: dict[str, Any]) -> str:
    """Return what is wrong with the columns, or an empty text."""
    for name, kind in COLUMNS.items():
        if name not in columns:
            return f"the column {name} is missing"
        if columns[name].ndim != 1 or columns[name].dtype.kind != kind:
            return f"the column {name} has shape {columns[name].shape} and holds {columns[name].dtype}"
    names, codes, starts = columns["operations"].tolist(), columns["codes"], columns["starts"]
    operands, outputs, wanted = columns["operands"], columns["outputs"], columns["wanted"]
    unknown = [name for name in names if name not in OPERATIONS]
    if unknown:
        return f"the op table has no operation {', '.join(unknown)}; declare it before loading"
    if len(columns["counts"]) != 2 or columns["counts"].min() < 0 or columns["counts"].sum() != len(wanted):
        return "the numbers of parameters and inputs do not fit"
    if not len(columns["labels"]) == len(columns["numbers"]) == len(wanted):
        return "labels and numbers do not fit the parameters and inputs"
    if len(starts) != len(codes) + 1 or starts[0] != 0 or starts[-1] != len(operands) or (np.diff(starts) < 1).any():
        return "the operands do not fit the results"
    if len(codes) and not (codes.min() >= 0 and codes.max() < len(names)):
        return "a result has an operation that is not listed"
    arity = np.array([OPERATIONS[name].arity or -1 for name in names], np.int64)[codes] if len(codes) else np.zeros(0)
    if ((arity >= 0) & (arity != np.diff(starts))).any():
        return "a result has a wrong number of operands"
    leaves = len(wanted) + len(columns["constants"])
    results = leaves + np.arange(len(codes))
    if (operands < 0).any() or (operands >= np.repeat(results, np.diff(starts))).any():
        return "a result uses an operand that does not come before it"
    if not len(outputs) or outputs.min() < 0 or outputs.max() >= leaves + len(codes):
        return "an output is not one of the nodes"
    return "" if len(columns["start"]) == len(outputs) else "the gradients to start from do not fit the outputs"

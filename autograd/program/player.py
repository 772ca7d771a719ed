"""Players: machine code for the operations in use, kept in memory and on disk.

A player is a generated loop over instructions, see :mod:`autograd.program.source`.  Its file
lies in a cache directory, and Numba keeps the machine code beside it.  The directory is
``CHAINRULE_CACHE_DIR`` where that is set, else the user's cache directory.  Where it cannot be
written, players live in memory only.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numba import njit
from numba.core import errors
from numpy.typing import NDArray

from autograd import floats
from autograd.caching import imported, written
from autograd.operation import OPERATIONS, Operation
from autograd.program.derivative import derivatives
from autograd.program.kernels import Position
from autograd.program.locks import Lock
from autograd.program.source import backward_source, forward_source, play_source

Play = Callable[..., None]


@dataclass(frozen=True)
class Player:
    """The compiled loop over instructions, and the codes that instructions are written with.

    Attributes
    ----------
    play : callable
        Runs ``play(forward, backward, table, values, gradients)`` on arrays.
    sweep : callable
        Runs ``play`` for batch after batch of samples, see :mod:`autograd.program.batch`.
    forward_codes : dict of Operation to int
        The code of the instruction that computes results of a row.
    backward_codes : dict of (Operation, int) to int
        The code of the instruction that pulls gradient through an operand slot of a row;
        slots with the same derivative share one.
    source : str
        The generated kernels and the loop over instructions.
    """

    play: Play
    sweep: Play
    forward_codes: dict[Operation, int]
    backward_codes: dict[tuple[Operation, int], int]
    source: str

    @staticmethod
    def instructions(tables: Sequence[NDArray[Any]], columns: int) -> NDArray[Any]:
        """Return tables of instructions as the one that ``play`` runs."""
        shape = (0, columns) if columns else (0,)
        table = np.concatenate([np.zeros(shape, np.int64), *tables])
        return table.view(Position)


_players: list[Player] = []
_lock = Lock()


def player_for(operations: Iterable[Operation]) -> Player:
    """Return a player for these rows: one that was made before, or a new one.

    Parameters
    ----------
    operations : iterable of Operation
        The rows in use.
    """
    needed = set(operations)
    with _lock:
        for player in _players:
            if needed <= player.forward_codes.keys():
                return player
        rows = [row for row in OPERATIONS.values() if row in needed]
        if len(rows) < len(needed):
            lost = ", ".join(sorted(row.name for row in needed - set(rows)))
            raise TypeError(f"compile: {lost} is not in the op table any more; build the graph with the present rows")
        for row in rows:
            derivatives(row)  # raises for a rule that cannot be read on nodes
        try:
            player = _make(rows)
        except (errors.NumbaError, ValueError, TypeError) as error:  # whatever Numba meets in a rule
            raise TypeError(
                f"compile: a rule of {', '.join(row.name for row in rows)} cannot be compiled; write rules with + - * "
                f"and the functions of m only.  Numba says: {str(error).strip().splitlines()[-1]}"
            ) from error
        _players.append(player)
        return player


def _make(rows: list[Operation]) -> Player:
    kernels: dict[tuple[str, bool], tuple[Operation, int]] = {}
    backward_codes = {}
    for row in rows:
        for slot, derivative in enumerate(derivatives(row)):
            # Slots whose derivatives are the same expression share a kernel.
            formula = derivative.formula if row.arity is not None else row.name
            kernels.setdefault((formula, row.routes), (row, slot))
            backward_codes[row, slot] = list(kernels).index((formula, row.routes))
    source = play_source(rows, list(kernels.values()))
    play, sweep = _load(source, _fingerprint(source))
    kernel_sources = [*map(forward_source, rows), *(backward_source(*kernel) for kernel in kernels.values())]
    return Player(
        play,
        sweep,
        {row: code for code, row in enumerate(rows)},
        backward_codes,
        "\n\n\n".join([*kernel_sources, source]),
    )


def _fingerprint(source: str) -> str:
    """Name everything that the machine code depends on, besides what Numba checks itself; "" when that is not known."""
    digest = hashlib.sha256(source.encode())
    files = {Path(__file__).with_name(f"{name}.py") for name in ("kernels", "machine", "source")}
    files.add(Path(floats.__file__))
    for row in OPERATIONS.values():
        if row.rules.__module__.startswith("autograd.operations."):
            files.add(Path(row.rules.__globals__["__file__"]))
            continue
        described = _described(row.rules)
        if described is None:
            return ""
        digest.update(described + bytes([row.routes]))
    for file in sorted(files, key=lambda file: file.name):
        digest.update(file.read_bytes())
    return f"chainrule_player_{digest.hexdigest()[:32]}"


def _described(rules: Callable[..., Any]) -> bytes | None:
    """Return the code of rules declared by the user and the constants it refers to, or None when it refers to more."""
    if rules.__closure__:
        return None
    codes, constants = [rules.__code__], []
    for code in codes:
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        for name in code.co_names:
            value = rules.__globals__.get(name)
            if isinstance(value, (int, float, str)):
                constants.append((name, value))
            elif value is not None:
                return None
    # Version 2 of the format depends on nothing but the code.
    return marshal.dumps(rules.__code__, 2) + repr(constants).encode()


def _load(source: str, name: str) -> tuple[Play, Play]:
    file = written(source, name) if name else None
    if file is not None:
        try:
            return _compiled(imported(name, file), cache=True)
        except errors.NumbaError:
            raise
        except Exception:  # a damaged file, a full disk, no right to write: whatever it is, do without
            for kept in file.parent.rglob(f"{name}*"):
                with contextlib.suppress(OSError):
                    kept.unlink()
    module = ModuleType("player")
    exec(compile(source, "<player>", "exec"), module.__dict__)  # generated from the op table a moment ago
    return _compiled(module)


def _compiled(module: ModuleType, **options: Any) -> tuple[Play, Play]:
    """Compile the loop by running it without instructions; the sweep is compiled at its first call."""
    jit = njit(error_model="numpy", nogil=True, **options)
    play = module.__dict__["play"] = jit(module.play)  # the sweep calls it by this name
    table, column = np.zeros((0, 1), np.int64).view(Position), np.zeros(0)
    play(table, table, table[:, 0].copy(), column, column)
    return play, jit(module.sweep)

"""Find runs: neighbours whose numbers all grow by one fixed stride each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 512
"""Longest run: what one instruction loads stays in the processor's nearest memory."""


def changes(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Mark every entry at which one of the columns differs from the entry before; the first is marked."""
    marked = np.ones(len(columns[0]), bool)
    if len(marked):
        marked[1:] = columns[0][1:] != columns[0][:-1]
        for column in columns[1:]:
            marked[1:] |= column[1:] != column[:-1]
    return marked


def affine_runs(new: NDArray[np.bool_], columns: NDArray[np.int64], longest: int = 0) -> NDArray[np.int64]:
    """Return where the runs start: a column of a run is first + i * stride, with a stride of its own.

    Runs are taken greedily from the left, as long as possible.

    Parameters
    ----------
    new : bool array of shape (n,)
        Where a run has to start.
    columns : int array of shape (m, n)
        The numbers.
    longest : int
        Split longer runs; 0 for no limit.
    """
    n = columns.shape[1]
    if n == 0:
        return np.zeros(0, np.int64)
    breaks = new.copy()
    breaks[0] = True
    if n > 2:
        steps = np.diff(columns, axis=1)
        bend = np.zeros(n, bool)  # the stride to this entry differs from the stride before it
        bend[2:] = (steps[:, 1:] != steps[:, :-1]).any(axis=0) & ~breaks[2:] & ~breaks[1:-1]
        # A run that starts at a bend may take any stride to its second entry, so of
        # consecutive bends every other one continues a run.
        at = np.arange(n)
        before = np.zeros(n, bool)
        before[1:] = bend[:-1]
        first = np.maximum.accumulate(np.where(bend & ~before, at, 0))
        breaks |= bend & ((at - first) % 2 == 0)
    starts = np.flatnonzero(breaks)
    if longest:
        lengths = np.diff(starts, append=n)
        pieces = -(-lengths // longest)
        within = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        starts = np.repeat(starts, pieces) + within * longest
    return starts


def lengths_and_strides(
    starts: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the length of each run and the stride of each column in it; 0 for a run of one."""
    lengths = np.diff(starts, append=columns.shape[1])
    following = np.minimum(starts + 1, columns.shape[1] - 1)
    return lengths, np.where(lengths > 1, columns[:, following] - columns[:, starts], 0)

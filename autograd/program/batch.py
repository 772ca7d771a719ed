"""Many samples through the same program: copies of the tape side by side, sharing the parameters."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numba import get_num_threads
from numpy.typing import NDArray

from autograd.program.locks import Lock
from autograd.program.plan import plan
from autograd.program.player import Player
from autograd.program.tape import Tape

Floats = NDArray[np.float64]

LANES = 128
"""Most samples that are played side by side."""

NODES = 98304
"""Most nodes in a batch: its memory fits the second-level cache."""

WORTH_THREADS = 2_000_000
"""Nodes to compute below which starting a thread takes longer than it saves."""


class Batch:
    """A plan for a fixed number of samples."""

    def __init__(self, tape: Tape, player: Player, samples: int, shared: bool) -> None:
        wanted = tape.wanted.copy()
        wanted[tape.parameters :] = False  # the gradients of the inputs are not asked for
        self.tape = tape
        self.samples = samples
        self.shared = shared
        self.repeated = replace(tape, wanted=wanted).repeated(samples, shared)
        self.player = player
        self.plan = plan(self.repeated, player)
        self._free: list[tuple[Floats, Floats]] = []  # memory of earlier calls; lists change safely in threads

    def _memory(self) -> tuple[Floats, Floats]:
        if self._free:
            with contextlib.suppress(IndexError):  # another thread took it
                return self._free.pop()
        values, gradients = np.zeros(self.plan.values), np.zeros(self.plan.gradients)
        values[self.repeated.leaves - len(self.tape.constants) : self.repeated.leaves] = self.tape.constants
        return values, gradients

    def run(self, rows: Floats, parameters: Floats, start: Floats | None) -> tuple[Floats, Floats]:
        """Play batches one after the other.

        Parameters
        ----------
        rows : float64 array of shape (batches, samples, inputs)
            The inputs.
        parameters : float64 array of shape (parameters,)
            The parameters.
        start : float64 array of shape (outputs,), or None
            The gradient that each output starts from; None to run forward only.

        Returns
        -------
        tuple of arrays
            The outputs of shape (batches * samples, outputs); the gradients of shape (batches,
            parameters) when the parameters are shared, else (batches * samples, parameters).
        """
        plan, count = self.plan, len(rows)
        values, gradients = memory = self._memory()
        first = self.repeated.parameters
        values[:first] = parameters if self.shared else np.repeat(parameters, self.samples)
        reached = np.flatnonzero(plan.seeds >= 0) if start is not None else np.zeros(0, np.int64)
        starts = np.repeat(start, self.samples)[reached] if start is not None else np.zeros(0)
        chosen = np.empty((count, len(plan.choices[0])))
        results = np.empty((count, len(plan.outputs)))
        found = np.empty((count, 0 if start is None else first))
        backward = plan.backward[:0] if start is None else plan.backward
        with np.errstate(all="ignore"):
            self.player.sweep(
                plan.forward,
                backward,
                plan.table,
                values,
                gradients,
                rows,
                first,
                plan.choices[0],
                chosen,
                plan.outputs,
                results,
                plan.seeds[reached],
                starts,
                found,
            )
        self._free.append(memory)
        plan.check_choices(chosen)
        outputs = self._by_sample(results, len(self.tape.outputs))
        if start is None or self.shared:
            return outputs, found
        return outputs, self._by_sample(found, self.tape.parameters)

    def _by_sample(self, column: Floats, width: int) -> Floats:
        """Turn rows in the order (what, sample), one for each batch, into one row for each sample."""
        turned = column.reshape(len(column), width, self.samples).swapaxes(1, 2)
        return turned.reshape(len(column) * self.samples, width)


class Batches:
    """All samples of a call: batches of at most two sizes, played by several threads."""

    def __init__(self, tape: Tape, player: Player) -> None:
        self.tape = tape
        self.player = player
        self._kept: dict[tuple[int, bool], Batch] = {}
        self._lock = Lock()

    def _batch(self, samples: int, shared: bool) -> Batch:
        with self._lock:
            if (samples, shared) not in self._kept:
                while len(self._kept) >= 8:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[samples, shared] = Batch(self.tape, self.player, samples, shared)
            return self._kept[samples, shared]

    def run(
        self, rows: Floats, parameters: Floats, start: Floats | None, each: bool, threads: int | None
    ) -> tuple[Floats, Floats | None]:
        """Play all samples; how they are cut into batches does not depend on the number of threads."""
        samples = len(rows)
        each_nodes = self.tape.inputs + self.tape.results
        lanes = max(1, min(LANES, NODES // max(1, each_nodes)))
        count = -(-samples // lanes)
        if not samples:
            none = None if start is None else np.zeros((0, self.tape.parameters) if each else self.tape.parameters)
            return np.empty((0, len(self.tape.outputs))), none
        workers = threads or get_num_threads()
        if samples * each_nodes < WORTH_THREADS:
            workers = 1
        workers = min(workers, count)

        # Larger batches first, then those with one sample less; every thread takes neighbours.
        size, larger = divmod(samples, count)
        tasks, row = [], 0
        for length, batches in ((size + 1, larger), (size, count - larger)):
            edges = [batches * i // workers for i in range(workers + 1)]
            for some in (b - a for a, b in pairwise(edges) if b > a):
                tasks.append((length, rows[row : row + some * length].reshape(some, length, self.tape.inputs)))
                row += some * length

        def work(task: tuple[int, Floats]) -> tuple[Floats, Floats]:
            return self._batch(task[0], not each).run(task[1], parameters, start)

        if workers == 1:
            done = list(map(work, tasks))
        else:
            with ThreadPoolExecutor(workers) as pool:
                done = list(pool.map(work, tasks))
        outputs = np.concatenate([task[0] for task in done])
        gradients = None if start is None else np.concatenate([task[1] for task in done])
        if gradients is not None and not each:
            # From the first batch to the last, so that the sum is the same with any number of threads.
            total = gradients[0]
            for part in gradients[1:]:
                total += part
            gradients = total
        return outputs, gradients

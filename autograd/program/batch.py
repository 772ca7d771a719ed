"""Many samples through the same program: copies of the tape side by side, sharing the parameters."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
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

    def run(self, rows: Floats, parameters: Floats, start: Floats | None, outputs: Floats, into: Floats | None) -> None:
        """Play the samples `rows`; write their outputs, and their gradients when `into` is given."""
        values, gradients = memory = self._memory()
        first = self.repeated.parameters
        values[:first] = parameters if self.shared else np.repeat(parameters, self.samples)
        values[first : first + self.repeated.inputs].reshape(self.tape.inputs, self.samples)[:] = rows.T
        self.plan.play(self.player, values, gradients, None if start is None else np.repeat(start, self.samples))
        outputs[:] = values[self.plan.outputs].reshape(-1, self.samples).T
        if into is not None:
            found = gradients[: self.repeated.parameters]
            into[:] = found if self.shared else found.reshape(-1, self.samples).T
        self._free.append(memory)


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
        edges = [samples * i // count for i in range(count + 1)]
        pieces = [slice(a, b) for a, b in pairwise(edges)]
        outputs = np.empty((samples, len(self.tape.outputs)))
        gradients = None
        if start is not None:
            gradients = np.empty((samples if each else count, self.tape.parameters))

        workers = threads or get_num_threads()
        if samples * each_nodes < WORTH_THREADS:
            workers = 1
        workers = min(workers, count)

        def work(numbers: Sequence[int]) -> None:
            for i in numbers:
                piece = pieces[i]
                into = None if gradients is None else gradients[piece] if each else gradients[i]
                batch = self._batch(piece.stop - piece.start, not each)
                batch.run(rows[piece], parameters, start, outputs[piece], into)

        if workers == 1:
            work(range(count))
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(work, [range(i, count, workers) for i in range(workers)]))
        if gradients is not None and not each:
            # From the first batch to the last, so that the sum is the same with any number of threads.
            total = gradients[0]
            for part in gradients[1:]:
                total += part
            gradients = total
        return outputs, gradients

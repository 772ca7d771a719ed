"""Threads that wait for parts of a computation, started with a latency of a few microseconds.

A sleeping thread takes about 50 microseconds to wake up, longer than many kernels run.  So a
worker that is done does not sleep at once: it spins for :data:`SPIN` microseconds in machine code,
without the GIL, until the next job is announced.  Spinning is only a hint: a worker then takes its
permit from a lock, and where there is no machine code (``NUMBA_DISABLE_JIT=1``, or Numba not yet
imported) it sleeps on that lock at once.

The caller works too, and takes every part that no worker has begun when it is done with its own:
it never waits for a thread to wake up.

The GIL decides the latency.  A thread that asks for the GIL while another holds it sleeps, however
short the wait.  So a worker that sees a job stays in machine code until the caller is likely to
have entered its kernel (:data:`STAGGER`), and reports its end from machine code as well.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

SPIN = 50.0
"""Microseconds for which an idle worker waits awake; shorter than its way through sleep."""
STAGGER = 1.5
"""Microseconds from the announcement of a job to the first worker's wish for the GIL, and from worker to worker."""
PATIENCE = 100.0
"""Microseconds for which the caller waits awake for a worker that has begun its last part."""

_LINE = 16  # 64-bit words from flag to flag: two cache lines, so that threads that spin do not disturb one another


class _Job:
    """Parts to compute, and what became of them."""

    def __init__(self, kernel: Callable[..., Any], intervals: list[tuple[int, int]], arguments: tuple[Any, ...]):
        self.kernel = kernel
        self.arguments = arguments
        self.waiting = deque(enumerate(intervals))
        self.unfinished = len(intervals)
        self.lock = threading.Lock()
        self.finished = threading.Lock()
        self.finished.acquire()
        self.joined: list[int] = []
        self.errors: dict[int, BaseException] = {}

    def work(self, slot: int) -> None:
        """Compute parts until none waits."""
        first = True
        while True:
            with self.lock:
                if not self.waiting:
                    return
                part, (start, stop) = self.waiting.popleft()
                if first:
                    self.joined.append(slot)
                    first = False
            try:
                self.kernel(part, start, stop, *self.arguments)
            except BaseException as error:
                self.errors[part] = error
            with self.lock:
                if self.errors:  # parts that nobody has begun are left
                    self.unfinished -= len(self.waiting)
                    self.waiting.clear()
                self.unfinished -= 1
                if self.unfinished == 0:
                    self.finished.release()


class _Pool:
    """The workers of this process, and the flags that they and the caller spin on."""

    def __init__(self) -> None:
        self.job: _Job | None = None
        self.ticket = 0  # counts the jobs
        self.stopped = False
        self.permits: list[threading.Lock] = []
        self.threads: list[threading.Thread] = []
        self.spin: Any = None  # autograd.kernels.spin, once it can be used
        self.flags: Any = None
        self.pauses = 0.0  # a microsecond
        self.asleep: set[int] = set()  # the places of workers that sleep, or are about to

    def run(self, job: _Job, helpers: int) -> None:
        while len(self.threads) < helpers:
            self._hire()
        if self.spin is None and "numba" in sys.modules:
            self._load_spin()
        self.job = job
        self.ticket += 1
        for slot, permit in enumerate(self.permits[:helpers]):
            # A permit that is free was not taken yet: its worker is still waking up, and will find this job.
            if permit.locked():
                if slot in self.asleep:
                    _wake_elsewhere(self.threads[slot])
                permit.release()
        if self.spin:
            self.flags[0] = self.ticket
        try:
            job.work(0)
            self._wait(job)
        finally:
            self.job = None  # the arrays are the caller's again

    def _wait(self, job: _Job) -> None:
        if self.spin and job.unfinished:
            for slot in job.joined:
                if slot:
                    self.spin.wait(self.flags, slot * _LINE, self.ticket, int(PATIENCE * self.pauses))
        job.finished.acquire()

    def _load_spin(self) -> None:
        import numpy as np

        from autograd.kernels.jit import COMPILED

        if not COMPILED:
            self.spin = False
            return
        from autograd.kernels import spin

        self.flags = np.zeros((1 + 256) * _LINE, np.int64)
        spin.serve(self.flags, 1, 0, 0, 0, 0, 0)  # compiles
        spin.wait(self.flags, 0, 1, 1)
        seconds = []
        for _ in range(5):  # the shortest is the one that nothing interrupted
            began = time.perf_counter()
            spin.wait(self.flags, 0, 1, 1000)
            seconds.append(time.perf_counter() - began)
        self.pauses = 1e-3 / max(min(seconds), 1e-7)
        self.spin = spin

    def _hire(self) -> None:
        permit = threading.Lock()
        permit.acquire()
        slot = len(self.threads) + 1
        thread = threading.Thread(target=self._serve, args=(slot, permit), name=f"autograd-{slot}", daemon=True)
        self.permits.append(permit)
        self.threads.append(thread)
        thread.start()

    def _serve(self, slot: int, permit: threading.Lock) -> None:
        ticket = 0
        while True:
            if self.spin:
                limit, stagger = int(SPIN * self.pauses), int(STAGGER * slot * self.pauses)
                self.spin.serve(self.flags, slot * _LINE, ticket, 0, ticket, limit, stagger)
            self.asleep.add(slot - 1)
            permit.acquire()
            self.asleep.discard(slot - 1)
            if self.stopped:
                return
            ticket = self.ticket  # read before the job: a newer job then ends the spinning at once
            job = self.job
            if job is not None:
                job.work(slot)
                del job

    def stop(self) -> None:
        """End the workers; none may be in a job."""
        self.stopped = True
        for permit in self.permits:
            if permit.locked():
                permit.release()
        for thread in self.threads:
            thread.join(1.0)


def _current_processor() -> Callable[[], int] | None:
    try:
        return ctypes.CDLL(None).sched_getcpu
    except (OSError, TypeError, AttributeError):  # not Linux
        return None


_processor = _current_processor()


def _wake_elsewhere(thread: threading.Thread) -> None:
    """Let a sleeping worker wake up on another processor than the caller's, which is busy with its own part.

    The scheduler likes to wake a thread where its waker runs, and takes milliseconds to move it.
    """
    if _processor is None or thread.native_id is None:
        return
    with contextlib.suppress(OSError):  # a thread that has ended
        allowed = os.sched_getaffinity(0)
        others = allowed - {_processor()}
        os.sched_setaffinity(thread.native_id, others or allowed)


_pool: _Pool | None = None
_lock = threading.Lock()  # held by the one caller whose job the workers do


def run(kernel: Callable[..., Any], intervals: list[tuple[int, int]], arguments: tuple[Any, ...], threads: int) -> None:
    """Call ``kernel(part, start, stop, *arguments)`` for every interval on up to this number of threads.

    See :func:`autograd.threads.run`.
    """
    global _pool
    if not _lock.acquire(blocking=False):
        for part, (start, stop) in enumerate(intervals):
            kernel(part, start, stop, *arguments)
        return
    try:
        if _pool is None:
            _pool = _Pool()
        job = _Job(kernel, intervals, arguments)
        _pool.run(job, min(threads, len(intervals)) - 1)
    finally:
        _lock.release()
    if job.errors:
        try:
            raise job.errors[min(job.errors)]
        finally:
            job.errors.clear()  # an error refers to its frames, and they to the job


def _stop() -> None:
    """End the workers while nobody uses them: before the interpreter ends, and before a fork."""
    global _pool
    if _lock.acquire(blocking=False):
        try:
            if _pool is not None:
                _pool.stop()
                _pool = None
        finally:
            _lock.release()


def _forget() -> None:
    """Begin anew in a child process: of a fork's threads only the one that forked lives on."""
    global _pool, _lock
    _pool, _lock = None, threading.Lock()


atexit.register(_stop)  # a thread that is ended inside machine code could end the process with an error
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_stop, after_in_child=_forget)

"""Threads that wait for parts of a computation, started with a latency of about a microsecond.

A sleeping thread takes about 50 microseconds to wake up, longer than many kernels run.  So a
worker that is done does not sleep at once: it waits awake for :data:`AWAKE` microseconds, in
machine code without the GIL, and takes parts of compiled kernels there too, see
:mod:`autograd.kernels.sharing`.  It leaves machine code only for a function of Python, and to sleep
on its permit, a lock.

The caller works too, and takes every part that no worker has begun when it is done with its own:
it never waits for a thread to wake up.
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
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

AWAKE = 1000.0
"""Microseconds for which an idle worker waits awake; the gaps between the kernels of a training step are shorter."""
PATIENCE = 100.0
"""Microseconds after which a caller that waits for the last part lets other threads run on its core."""


Intervals = Sequence[tuple[int, int]]
"""(start, stop) of each part."""


class _Job:
    """Parts of a function of Python, and what became of them."""

    def __init__(self, kernel: Callable[..., Any], intervals: Intervals, arguments: tuple[Any, ...]):
        self.kernel = kernel
        self.arguments = arguments
        self.waiting = deque(enumerate(intervals))
        self.unfinished = len(intervals)
        self.lock = threading.Lock()
        self.finished = threading.Lock()
        self.finished.acquire()
        self.errors: dict[int, BaseException] = {}

    def work(self) -> None:
        """Compute parts until none waits."""
        while True:
            with self.lock:
                if not self.waiting:
                    return
                part, (start, stop) = self.waiting.popleft()
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
    """The workers of this process, and the board that they and the caller meet at."""

    def __init__(self) -> None:
        self.job: _Job | None = None
        self.calls = 0  # counts the jobs in Python
        self.numbers = 0  # counts the jobs in machine code
        self.stopped = False
        self.permits: list[threading.Lock] = []
        self.threads: list[threading.Thread] = []
        self.asleep: set[int] = set()  # the places of workers that sleep, or are about to
        self.sharing: Any = None  # autograd.kernels.sharing, once it can be used
        self.board: Any = None
        self.rounds = 0.0  # of waiting in a microsecond

    def run(self, kernel: Callable[..., Any], intervals: Intervals, arguments: Any, helpers: int) -> None:
        while len(self.threads) < helpers:
            self._hire()
        if self.sharing is None and "numba" in sys.modules:
            self._load_sharing()
        if self.sharing and hasattr(kernel, "py_func"):
            self._run_compiled(kernel, intervals, arguments, helpers)
        else:
            self._run_python(_Job(kernel, intervals, arguments), helpers)

    def _run_compiled(self, kernel: Any, intervals: Any, arguments: Any, helpers: int) -> None:
        address = self.sharing.address_of(kernel, arguments)  # compiles, for longer than workers wait awake
        self.numbers += 1
        for slot in self.asleep.copy():
            if slot < helpers:
                self._wake(slot)
        patience = int(PATIENCE * self.rounds)
        if self.sharing.share(self.board, self.numbers, _table(tuple(intervals)), patience, address, *arguments):
            raise MemoryError(f"{kernel.__name__}: there is not enough memory for what the kernel keeps for itself")

    def _run_python(self, job: _Job, helpers: int) -> None:
        self.job = job
        self.calls += 1
        for slot in range(helpers):
            self._wake(slot)
        if self.sharing:
            self.board[self.sharing.CALL] = self.calls
        try:
            job.work()
            job.finished.acquire()
        finally:
            self.job = None  # the arrays are the caller's again
        if job.errors:
            try:
                raise job.errors[min(job.errors)]
            finally:
                job.errors.clear()  # an error refers to its frames, and they to the job

    def _wake(self, slot: int) -> None:
        # A permit that is free was not taken yet: its worker is still waking up, and will find the job.
        if self.permits[slot].locked():
            if slot in self.asleep:
                _wake_elsewhere(self.threads[slot])
            self.permits[slot].release()

    def _load_sharing(self) -> None:
        import numpy as np

        from autograd.kernels.jit import COMPILED

        if not COMPILED:
            self.sharing = False
            return
        from autograd.kernels import sharing

        board = np.zeros(sharing.WORDS, np.int64)
        sharing.serve(board, 0, 0, 1)  # compiles
        seconds = []
        for _ in range(5):  # the shortest is the one that nothing interrupted
            began = time.perf_counter()
            sharing.serve(board, 0, 0, 1000)
            seconds.append(time.perf_counter() - began)
        self.rounds = 1e-3 / max(min(seconds), 1e-7)
        board[sharing.CALL] = self.calls
        self.board, self.sharing = board, sharing

    def _hire(self) -> None:
        permit = threading.Lock()
        permit.acquire()
        slot = len(self.threads)
        thread = threading.Thread(target=self._serve, args=(slot, permit), name=f"autograd-{slot + 1}", daemon=True)
        self.permits.append(permit)
        self.threads.append(thread)
        thread.start()

    def _serve(self, slot: int, permit: threading.Lock) -> None:
        calls = number = seen = 0
        while True:
            if self.sharing:
                number = self.sharing.serve(self.board, calls, number, int(AWAKE * self.rounds))
            self.asleep.add(slot)
            if self.numbers != seen:  # the last job may have come too late for the loop, too early to find a sleeper
                seen = self.numbers
                self.asleep.discard(slot)
                continue
            permit.acquire()
            self.asleep.discard(slot)
            if self.stopped:
                return
            _may_run_anywhere()
            calls = self.calls  # read before the job: a newer job then ends the waiting at once
            job = self.job
            if job is not None:
                job.work()
                del job

    def stop(self) -> None:
        """End the workers; none may be in a job."""
        self.stopped = True
        if self.sharing:
            self.board[self.sharing.CALL] = -1
        for permit in self.permits:
            if permit.locked():
                permit.release()
        for thread in self.threads:
            thread.join(1.0)


@lru_cache(1024)
def _table(intervals: Intervals) -> Any:
    """Return intervals as the array that machine code reads; the same ones come again and again."""
    import numpy as np

    return np.array(intervals)


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


def _may_run_anywhere() -> None:
    """Let the worker that calls this move to another processor again: the caller may move to its own."""
    if _processor is not None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, os.sched_getaffinity(os.getpid()))


_pool: _Pool | None = None
_lock = threading.Lock()  # held by the one caller whose job the workers do


def run(kernel: Callable[..., Any], intervals: Intervals, arguments: tuple[Any, ...], threads: int) -> None:
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
        _pool.run(kernel, intervals, arguments, min(threads, len(intervals)) - 1)
    finally:
        _lock.release()


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

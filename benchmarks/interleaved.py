"""Time several contenders in one process, taken in turn, so that other work disturbs all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

BLOCK = 0.03
"""Seconds that a contender runs before the next has its turn."""


def medians(
    contenders: Mapping[str, Callable[[], Any]],
    rounds: int,
    block: float = BLOCK,
    prepare: Mapping[str, Callable[[], Any]] | None = None,
) -> dict[str, list[float]]:
    """Return for each contender the median time of a call in each round.

    The first call of a turn, in which caches and sleeping threads warm up again, is not counted.
    `prepare` has what to do before a turn.
    """
    calls = {}
    prepare = prepare or {}
    for name, call in contenders.items():
        prepare.get(name, tuple)()
        call()
        started = time.perf_counter()
        call()
        once = time.perf_counter() - started
        calls[name] = max(3, min(2000, round(block / max(once, 1e-7))))
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, call in contenders.items():
            prepare.get(name, tuple)()
            call()
            times = []
            for _ in range(calls[name]):
                started = time.perf_counter()
                call()
                times.append(time.perf_counter() - started)
            found[name].append(median(times))
    return found


def ratio(found: Mapping[str, list[float]], peer: str, ours: str) -> float:
    """How many times longer the peer takes: the median over the rounds."""
    return median(theirs / own for theirs, own in zip(found[peer], found[ours], strict=True))

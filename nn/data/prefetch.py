"""Work done ahead in a thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def prefetched(make: Callable[[Given], Made], items: Iterable[Given], ahead: int) -> Iterator[Made]:
    """Give ``make(item)`` for every item, computed in one thread up to `ahead` items early.

    An error of `make` is raised where the result is asked for.  The thread ends with the
    iterator: when it is exhausted, closed or dropped.

    Examples
    --------
    >>> [*prefetched(lambda n: n * n, range(4), ahead=2)]
    [0, 1, 4, 9]
    """
    items = iter(items)
    pool = ThreadPoolExecutor(1, "nn.data.prefetch")
    try:
        waiting = deque(pool.submit(make, item) for item in islice(items, ahead))
        while waiting:
            made = waiting.popleft().result()
            waiting.extend(pool.submit(make, item) for item in islice(items, 1))
            yield made
    finally:
        # Not waiting: the garbage collector may run this in the thread itself.
        pool.shutdown(wait=False, cancel_futures=True)

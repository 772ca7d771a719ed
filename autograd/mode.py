"""Switch recording on and off: ``no_grad`` and ``enable_grad``."""

from __future__ import annotations

import contextvars
import linecache
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from autograd.versions import clock

PACKAGE = str(Path(__file__).parent)
STANDARD_LIBRARY = str(Path(linecache.__file__).parent)


class _Mode(threading.local):
    recording = True
    conversion_error = ""  # while set, turning a Value into a plain number raises it
    compiling = ""  # while a program is recorded, the name of the function
    constants: list[Any] = []  # noqa: RUF012  # the constants whose numbers it read; each recording has its own list
    deriving = False  # whether the graph of a derivative is built
    anomaly = False  # whether to look for nan and infinity

    def __init__(self) -> None:
        # A context in which NumPy follows IEEE 754 without warnings: entering it for one operation
        # costs a tenth of a microsecond, np.errstate one.
        context = contextvars.copy_context()
        context.run(np.seterr, all="ignore")
        self.quietly: Callable[..., Any] = context.run


mode = _Mode()


@contextmanager
def _block(setting: str, on: bool) -> Iterator[None]:
    """Change a setting of this thread; while no thread has such a block, operations need not look at their mode."""
    before = getattr(mode, setting)
    clock.special.append(setting)
    setattr(mode, setting, on)
    try:
        yield
    finally:
        setattr(mode, setting, before)
        clock.special.pop()


def no_grad():
    """Compute without recording a graph, in a ``with`` block or a decorated function.

    The results need no gradient.  Each thread has its own switch.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.requires_grad, y.parents
    (False, ())
    """
    if mode.compiling:
        refuse("no_grad() is entered", "compute what needs no gradient outside of the function and pass it in")
    return _block("recording", False)


def enable_grad():
    """Record a graph again inside a ``no_grad`` block.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> with no_grad(), enable_grad():
    ...     y = x * x
    >>> y.requires_grad
    True
    """
    return _block("recording", True)


@contextmanager
def compiling(name: str) -> Iterator[list[Any]]:
    """Record the function `name` for a program: what depends on the numbers of this one run is refused.

    Gives the list of constants whose numbers the function reads.
    """
    before = mode.compiling, mode.constants
    mode.compiling, mode.constants = name, []
    try:
        with enable_grad():
            yield mode.constants
    finally:
        mode.compiling, mode.constants = before


def _is_ours(file: str) -> bool:
    return file.startswith(PACKAGE) or (file.startswith(STANDARD_LIBRARY) and "site-packages" not in file)


def users_line() -> str:
    """Return where the user's code is now: number, file and text of the line."""
    frame = sys._getframe(1)
    while frame.f_back and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    file, number = frame.f_code.co_filename, frame.f_lineno
    line = linecache.getline(file, number).strip()
    where = "the cell" if "ipykernel" in file or file.startswith("<") else file
    return f"line {number} of {where}" + (f", `{line}`" if line else "")


def refuse(what: str, remedy: str) -> None:
    """Raise TypeError that names the line of the user's code."""
    raise TypeError(
        f"compile: while {mode.compiling} is recorded, {what} in {users_line()}"
        f": the program would keep the answer for the numbers of this one run; {remedy}"
    )


def detect_anomaly():
    """Find the first tensor or gradient that is nan or infinite, in a ``with`` block.

    Every operation inside looks at its result, and the backward pass at every gradient; the first
    that is not finite raises FloatingPointError, which names the operation and the line that
    called it.  This costs time, so use it to look for a mistake only.

    Examples
    --------
    >>> from autograd import tensor
    >>> x = tensor([1.0, 0.0], requires_grad=True)
    >>> with detect_anomaly():
    ...     y = x.log()
    Traceback (most recent call last):
    ...
    FloatingPointError: detect_anomaly: log gave -inf at (1,) from finite operands, in line ...
    """
    return _block("anomaly", True)

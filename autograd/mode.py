"""Switch recording on and off: ``no_grad`` and ``enable_grad``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Mode(threading.local):
    recording = True
    conversion_error = ""  # while set, turning a Value into a plain number raises it


mode = _Mode()


@contextmanager
def _recording(on: bool) -> Iterator[None]:
    before = mode.recording
    mode.recording = on
    try:
        yield
    finally:
        mode.recording = before


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
    return _recording(False)


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
    return _recording(True)

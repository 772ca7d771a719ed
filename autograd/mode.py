"""Switch recording on and off: ``no_grad`` and ``enable_grad``."""

from __future__ import annotations

import threading
from contextlib import ContextDecorator


class _Mode(threading.local):
    recording = True
    conversion_error = ""  # while set, turning a Value into a plain number raises it


mode = _Mode()


class _Recording(ContextDecorator):
    recording: bool

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(mode.recording)
        mode.recording = self.recording

    def __exit__(self, *exception: object) -> None:
        mode.recording = self._before.pop()


class no_grad(_Recording):
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

    recording = False


class enable_grad(_Recording):
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

    recording = True

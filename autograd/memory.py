"""Freed memory is kept for the next array, instead of being given back to the system at once.

A training step allocates the same large arrays in every step, and frees them.  The GNU C library
gives freed memory back to the system, which hands out pages of zeros the next time, 4,096 bytes at
a time: in the step of a small convolutional network that takes as long as computing.
"""

from __future__ import annotations

import ctypes
import os

KEPT = 256 << 20
"""Bytes of freed memory that the process keeps at most."""
LARGEST = 32 << 20
"""Bytes of the largest block that is kept; larger ones come in pages of 2 MB, which cost less."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # the names of the two settings in malloc.h
_SETTINGS = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


def keep_freed() -> bool:
    """Keep freed memory from now on, and return whether the C library can.

    Nothing is changed when the environment has one of glibc's own settings
    (``MALLOC_TRIM_THRESHOLD_``, ``MALLOC_MMAP_THRESHOLD_``, ``GLIBC_TUNABLES``).

    Examples
    --------
    >>> keep_freed() in (True, False)
    True
    """
    if any(name in os.environ for name in _SETTINGS):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # another C library
        return False
    return bool(set_option(_TRIM_THRESHOLD, KEPT) and set_option(_MMAP_THRESHOLD, LARGEST))

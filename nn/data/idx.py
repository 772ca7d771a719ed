"""The idx format, in which MNIST and data sets like it are distributed."""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from pathlib import Path

import numpy as np

DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: "i2", 0x0C: "i4", 0x0D: "f4", 0x0E: "f8"}
"""The dtype that the third byte of a file stands for; numbers are stored big end first."""


def read_idx(path: str | os.PathLike[str]) -> np.ndarray:
    """Read an array from an idx file, plain or compressed by gzip.

    Returns
    -------
    array
        In the shape and the dtype that the file states: uint8, int8, int16, int32, float32 or
        float64.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ValueError
        When it is another kind of file, damaged, or has more or fewer numbers than it states.

    Notes
    -----
    The format: two bytes of zero, one for the dtype, one for the number of axes; the length of
    each axis as a 32-bit number; then all numbers, the last axis fastest.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     written = file.write(bytes([0, 0, 8, 1, 0, 0, 0, 3, 5, 6, 7]))
    ...     file.flush()
    ...     read_idx(file.name)
    array([5, 6, 7], dtype=uint8)
    """
    content = Path(path).read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"read_idx: {path} is a damaged gzip file ({error}); get it again") from error
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in DTYPES:
        raise ValueError(
            f"read_idx: {path} is no idx file: such a file starts with the bytes 00 00, one of "
            f"{', '.join(f'{code:02x}' for code in DTYPES)} for the dtype, and the number of axes; this one "
            f"{f'starts with {content[:4].hex(chr(32))}' if content else 'is empty'}"
        )
    dtype, axes = np.dtype(DTYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError(f"read_idx: {path} ends inside the lengths of its {axes} axes; get it again")
    shape = struct.unpack(f">{axes}I", content[4:start])
    stated, found = math.prod(shape) * dtype.itemsize, len(content) - start
    if stated != found:
        raise ValueError(
            f"read_idx: {path} states shape {shape} of {dtype}, which takes {stated} bytes, but {found} follow; it is "
            f"{'cut off' if found < stated else 'longer than it states'}, get it again"
        )
    return np.frombuffer(content, dtype.newbyteorder(">"), offset=start).reshape(shape).astype(dtype)

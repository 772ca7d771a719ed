"""Small heat maps of arrays: blue below zero, orange above, the page's colour at zero."""

from __future__ import annotations

import base64
import itertools
import math
import struct
import zlib
from dataclasses import dataclass

import numpy as np

from viz.labels import dot_markup
from viz.themes import Theme

SIDE = 57
"""The largest number of cells along each side; larger arrays show the means of blocks."""

POINTS = 56
"""About how many points long the longer side is drawn."""

LIGHT = ("#1b62a8", "#b54708")
DARK = ("#5aa9ff", "#ff8f4d")
"""The colours of the most negative and the most positive number on light and on dark pages; they differ in more than
red and green, and are about equally far from the page."""

PLAIN = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'

LEVELS = 32
"""The shades of each of the two colours."""


@dataclass(frozen=True)
class Thumbnail:
    """A heat map: colours of shape (rows, columns, 3), height and width of a cell in points, and what it shows."""

    colours: np.ndarray
    cell: tuple[int, int]
    words: str
    frame: str

    @property
    def width(self) -> int:
        """The width in points."""
        return self.colours.shape[1] * self.cell[1]

    @property
    def height(self) -> int:
        """The height in points."""
        return self.colours.shape[0] * self.cell[0]

    def png(self) -> bytes:
        """Return the picture as PNG bytes, a pixel for every point, so that no viewer needs to blur it."""
        pixels = self.colours.repeat(self.cell[0], axis=0).repeat(self.cell[1], axis=1)
        height, width, _ = pixels.shape
        rows = np.zeros((height, 1 + 3 * width), np.uint8)  # every row begins with the number of its filter, none
        rows[:, 1:] = pixels.reshape(height, 3 * width)
        parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
        parts += [(b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in parts
        )

    def data_uri(self) -> str:
        """Return the picture as the address of an image in SVG or HTML."""
        return "data:image/png;base64," + base64.b64encode(self.png()).decode()

    def markup(self, name: str) -> str:
        """Return the picture in a frame as an HTML-like table of DOT."""
        framed = f'{PLAIN.replace("0", "1", 1)} {_size(self.width + 2, self.height + 2)} COLOR="{self.frame}"'
        return f"<TABLE {framed}><TR><TD>{self.cells(name)}</TD></TR></TABLE>"

    def blank(self) -> str:
        """Return an empty table of the size that the framed picture has."""
        return f"<TABLE {PLAIN} {_size(self.width + 2, self.height + 2)}><TR><TD></TD></TR></TABLE>"

    def cells(self, name: str) -> str:
        """Return the picture as a table with a cell for every run of one colour, for any engine and kind of file."""
        height, width = self.cell
        rows = []
        for row in self.colours:
            runs = [(colour, len(list(same))) for colour, same in itertools.groupby(map(tuple, row.tolist()))]
            cells = [
                f'<TD {_size(width * length, height)} BGCOLOR="#{bytes(colour).hex()}"></TD>' for colour, length in runs
            ]
            # A table for every row: the engine lays out a line of cells much faster than a grid.
            rows.append(f"<TR><TD><TABLE {PLAIN}><TR>{''.join(cells)}</TR></TABLE></TD></TR>")
        return self._table(name, "".join(rows))

    def box(self, name: str) -> str:
        """Return a table of the same size with one cell, where the SVG gets an image: quick to lay out."""
        cell = f'<TD {_size(self.width, self.height)} BGCOLOR="{self.frame}"></TD>'
        return self._table(name, f"<TR>{cell}</TR>")

    def _table(self, name: str, rows: str) -> str:
        size = _size(self.width, self.height)
        return f'<TABLE ID="{name}" TITLE="{dot_markup(self.words)}" {size} {PLAIN}>{rows}</TABLE>'


def _size(width: int, height: int) -> str:
    return f'FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"'


def thumbnail(array: np.ndarray, theme: Theme) -> Thumbnail:
    """Draw an array: a matrix as it is, a vector as a strip, higher ranks as tiles of their last two axes."""
    matrix, words = _matrix(array)
    with np.errstate(all="ignore"):
        finite = np.abs(matrix[np.isfinite(matrix)])
        largest = float(finite.max()) if finite.size else 0.0
    low, high = (_rgb(colour) for colour in (DARK if _is_dark(theme) else LIGHT))
    page, nan = _rgb(theme.background), _rgb(theme.line)
    level = np.nan_to_num(np.clip(matrix / (largest or 1.0), -1.0, 1.0))
    level = np.round(level * LEVELS)[..., None] / LEVELS
    colours = page + np.abs(level) * (np.where(level < 0, low, high) - page)
    colours[np.isnan(matrix)] = nan
    scale = f"colours from {-largest:.3g} (blue) to {largest:.3g} (orange)" if largest else "all zero"
    bad = int(np.count_nonzero(np.isnan(matrix)))
    words = [*words, scale, *([f"{'white' if _is_dark(theme) else 'black'} is nan"] if bad else [])]
    frame = (page + nan) / 2
    return Thumbnail(_bytes(colours), _cell(*matrix.shape), ", ".join(words), f"#{_bytes(frame).tobytes().hex()}")


def _cell(rows: int, columns: int) -> tuple[int, int]:
    """Height and width of a cell: square, unless the picture were a line too thin to see."""
    size = min(max(1, round(POINTS / max(rows, columns))), 12)
    return max(size, min(8 // rows, 8)), max(size, min(8 // columns, 8))


def _bytes(colours: np.ndarray) -> np.ndarray:
    return np.round(colours).astype(np.uint8)


def _matrix(array: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return the cells of the picture, and in words how they were chosen."""
    if array.ndim < 3:
        return _blocks(array.reshape(1, -1) if array.ndim < 2 else array)
    outer = array.shape[:-2]
    count = math.prod(outer)
    first, words = _blocks(array[(0,) * len(outer)])
    height, width = first.shape
    down, across = max(1, (SIDE + 1) // (height + 1)), max(1, (SIDE + 1) // (width + 1))
    across = outer[-1] if len(outer) > 1 and 1 < outer[-1] <= across else min(across, math.ceil(math.sqrt(count)))
    shown = min(count, down * across)
    across = min(across, shown)
    down = -(-shown // across)
    # Between the tiles, and where the last row ends early, the page shows.
    tiled = np.zeros((down * (height + 1) - 1, across * (width + 1) - 1))
    for place, index in zip(range(shown), np.ndindex(*outer), strict=False):
        top, left = (place // across) * (height + 1), (place % across) * (width + 1)
        tiled[top : top + height, left : left + width] = _blocks(array[index])[0]
    return tiled, [*words, f"{shown} of {count:,} matrices" if shown < count else f"{count} matrices"]


def _blocks(matrix: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return a matrix in float64, a large one as the means of blocks."""
    words = []
    for axis in (0, 1):
        n = matrix.shape[axis]
        if n > SIDE:
            starts = np.arange(SIDE) * n // SIDE
            sums = np.add.reduceat(matrix, starts, axis=axis, dtype=np.float64)
            lengths = np.diff([*starts, n])
            matrix = sums / (lengths if axis == 1 else lengths[:, None])
            words = ["a cell is the mean of a block"]
    return matrix.astype(np.float64), words


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float64)


def _is_dark(theme: Theme) -> bool:
    return bool(_rgb(theme.background) @ (0.3, 0.59, 0.11) < 128)

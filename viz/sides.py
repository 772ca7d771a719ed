"""The two sides of a wire: what stands above its rule, and what below."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Tensor
from viz.arrays import array_of, element_text, kind_text, shape_text, summary_lines
from viz.foreign import is_unknown
from viz.labels import dot_markup, number_text
from viz.themes import Theme
from viz.thumbnail import Thumbnail, thumbnail

BLANK = "&#160;"
SMALL = 11
"""The size of the letters of mean and norm."""

ROW = 20
"""The height of a row of a matrix."""

HIDDEN = "transparent"
"""The colour of a number that is not known yet: it takes its room."""

LETTERS = dict.fromkeys("0123456789e", 0.556) | {".": 0.278, "-": 0.333, "+": 0.584}
"""The widths of Helvetica's letters, of which numbers are made."""

PLAIN = 'BORDER="0" CELLBORDER="0" CELLSPACING="0"'


@dataclass(frozen=True)
class Style:
    """What to show, and how."""

    theme: Theme
    direction: str = "LR"
    precision: int = 2
    values: bool = True
    gradients: bool = True
    labels: bool = True
    fold_constants: bool = True
    numbers: int = 6
    thumbnails: bool = False


@dataclass(frozen=True)
class Text:
    """One line: a number, and in front of it perhaps the name of the value.

    When `hidden`, the number takes its room, but is not seen; `room` is the least width, in points.
    """

    number: str = ""
    label: str = ""
    hidden: bool = False
    room: int = 0

    @property
    def name(self) -> str:
        """The name as markup."""
        return dot_markup(self.label) + (" = " if self.number else "") if self.label else ""

    @property
    def width(self) -> int:
        """About how many points wide it is drawn."""
        return max(8 * len(self.number + self.name) + 6, self.room)

    @property
    def height(self) -> int:
        """Nothing to tell: all lines are equally high."""
        return 0

    def markup(self, name_colour: str, colour: str, align: str = "", above: int = 0, below: int = 0) -> str:
        """Return it as a part of an HTML-like label."""
        name = f'<FONT COLOR="{name_colour}">{self.name}</FONT>' if self.name else ""
        return f'{name}<FONT COLOR="{HIDDEN if self.hidden else colour}">{self.number or BLANK}</FONT>'


@dataclass(frozen=True)
class Block:
    """Several lines about an array: its shape, then mean and norm, a heat map, or the numbers as a small matrix.

    When `hidden`, all but the shape takes its room, but is not seen; `room` is the least width, in points.
    """

    heading: str = ""
    lines: tuple[str, ...] = ()
    numbers: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    picture: Thumbnail | None = None
    name: str = ""
    hidden: bool = False
    room: int = 0

    @property
    def width(self) -> int:
        """About how many points wide it is drawn."""
        widths = [8 * len(self.heading), *(6 * len(line) for line in self.lines)]
        widths += [self.picture.width if self.picture else 0]
        label = 8 * (len(self.label) + 3) if self.label else 0
        return max(max(*widths, label + self._matrix_width) + 12, self.room)

    @property
    def height(self) -> int:
        """About how many points high it is drawn, rather more than less."""
        height = 18 * bool(self.heading) + 14 * len(self.lines) + (self.picture.height + 6 if self.picture else 0)
        return height + (ROW * len(self.numbers) + 6 if self.numbers else 0)

    def markup(self, name_colour: str, colour: str, align: str = "", above: int = 0, below: int = 0) -> str:
        """Return it as a part of an HTML-like label, with so much empty space above and below."""
        colour = HIDDEN if self.hidden else colour
        cell = f'<TD ALIGN="{align}">' if align else "<TD>"
        rows = []
        if self.heading:
            rows.append(f'<FONT COLOR="{name_colour}">{dot_markup(self.heading)}</FONT>')
        if self.picture:
            rows.append(_padded(cell, self.picture.blank() if self.hidden else self.picture.markup(self.name)))
        if self.numbers:
            name = f'<FONT COLOR="{name_colour}">{dot_markup(self.label)} = </FONT>' if self.label else ""
            rows.append(_padded(cell, self._matrix(colour, align), f"<TD>{name}</TD>" if name else ""))
        rows += [f'<FONT COLOR="{colour}" POINT-SIZE="{SMALL}">{line}</FONT>' for line in self.lines]
        lines = [f"<TR>{cell}{row}</TD></TR>" for row in rows]
        above_line, below_line = (f'<TR><TD HEIGHT="{n}"></TD></TR>' if n else "" for n in (above, below))
        return f'<TABLE {PLAIN} CELLPADDING="0">{above_line}{"".join(lines)}{below_line}</TABLE>'

    def _matrix(self, colour: str, align: str) -> str:
        """The numbers between brackets."""
        side = f'<TD ROWSPAN="{len(self.numbers)}" BORDER="1" WIDTH="4" COLOR="{colour}" SIDES='
        rows = []
        for i, numbers in enumerate(self.numbers):
            cells = "".join(f'<TD ALIGN="RIGHT"><FONT COLOR="{colour}">{number}</FONT></TD>' for number in numbers)
            rows.append(f'<TR>{cells if i else f"""{side}"LTB"></TD>{cells}{side}"RTB"></TD>"""}</TR>')
        # A fixed size keeps the brackets slim when the other side is wider.
        size = f'FIXEDSIZE="TRUE" WIDTH="{self._matrix_width}" HEIGHT="{ROW * len(self.numbers)}"'
        return f'<TABLE ALIGN="{align or "CENTER"}" {PLAIN} CELLPADDING="2" {size}>{"".join(rows)}</TABLE>'

    @property
    def _matrix_width(self) -> int:
        columns = zip(*self.numbers, strict=True)
        return sum(max(map(_text_width, column)) + 5 for column in columns) + 2 * 5 if self.numbers else 0


def _padded(cell: str, content: str, before: str = "") -> str:
    """The content with a little space around it, which keeps it off the rule."""
    return f'<TABLE {PLAIN} CELLPADDING="2"><TR>{before}{cell}{content}</TD></TR></TABLE>'


def _text_width(number: str) -> int:
    """How many points wide a number is drawn, rather more than less."""
    return math.ceil(sum(LETTERS.get(letter, 0.6) for letter in number) * 13)


Side = Text | Block


def value_side(
    node: Any, style: Style, name: str, label: str = "", wider: tuple[int, ...] = (), whole: bool = True
) -> Side:
    """Return what stands above the wire of a node.

    Parameters
    ----------
    node : Value or Tensor
        Whose value it is.
    style : Style
        What to show.
    name : str
        The name of the wire, from which that of a heat map is made.
    label : str
        The name of the value where it stands on the wire.
    wider : tuple of int
        The shape to which a gate broadcasts the tensor, when it does.
    whole : bool
        Whether to tell more than the shape of many numbers; a branch leaves that to its trunk.
    """
    if not isinstance(node, Tensor):
        return Text(number_text(node.data, style.precision) if style.values else "", label)
    array = array_of(node)
    if is_unknown(node):
        return (
            Text("?", label) if array.size == 1 else Block(f"{label} = {shape_text(array.shape)}".removeprefix(" = "))
        )
    if array.size == 1:
        return Text(element_text(array.item(), style.precision) if style.values else "", label)
    shape = f"{shape_text(array.shape)} → {shape_text(wider)}" if wider else shape_text(array.shape)
    if style.values and (numbers := _few(array, style)):
        heading = f"{shape if wider else ''} {kind_text(array)}".strip()
        return Block(heading, (), numbers, label)
    if not (style.values and whole):
        return Block(f"{label} = {shape}" if label else shape)
    heading = f"{label} = {shape} {kind_text(array)}" if label else f"{shape} {kind_text(array)}"
    return _block(array, style, f"{name}value", heading.strip())


def gradient_side(gradient: Any, style: Style, name: str) -> Side:
    """Return what stands below a wire: the gradient, or nothing when there is none."""
    if gradient is None or not style.gradients:
        return Text()
    if isinstance(gradient, float) and not isinstance(gradient, np.generic):
        return Text(number_text(gradient, style.precision))
    array = array_of(gradient)
    if array.size == 1:
        return Text(element_text(array.item(), style.precision))
    if numbers := _few(array, style):
        return Block(numbers=numbers)
    return _block(array, style, f"{name}gradient")


def _few(array: np.ndarray, style: Style) -> tuple[tuple[str, ...], ...]:
    """The numbers of a small matrix, row by row; nothing for other arrays."""
    if not 0 < array.size <= style.numbers or array.ndim > 2:
        return ()
    rows = array.reshape(1, -1) if array.ndim < 2 else array
    return tuple(tuple(element_text(x, style.precision) for x in row) for row in rows.tolist())


def _block(array: np.ndarray, style: Style, name: str, heading: str = "") -> Block:
    lines = tuple(summary_lines(array, style.precision))
    picture = thumbnail(array, style.theme) if style.thumbnails and array.size else None
    return Block(heading, lines, picture=picture, name=name)

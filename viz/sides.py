"""The two sides of a wire: what stands above its rule, and what below."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd import Tensor
from viz.arrays import array_of, element_text, kind_text, shape_text, summary_lines
from viz.labels import dot_markup, name_text, number_text
from viz.themes import Theme
from viz.thumbnail import Thumbnail, thumbnail

BLANK = "&#160;"
SMALL = 11
"""The size of the letters of mean and norm."""

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
    """One line: a number, and in front of it perhaps the name of the value."""

    number: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """The name as markup."""
        return dot_markup(self.label) + (" = " if self.number else "") if self.label else ""

    @property
    def width(self) -> int:
        """About how many points wide it is drawn."""
        return 8 * len(self.number + self.name) + 6

    def markup(self, name_colour: str, colour: str) -> str:
        """Return it as a part of an HTML-like label."""
        name = f'<FONT COLOR="{name_colour}">{self.name}</FONT>' if self.name else ""
        return f'{name}<FONT COLOR="{colour}">{self.number or BLANK}</FONT>'


@dataclass(frozen=True)
class Block:
    """Several lines about an array: a heading, a heat map, mean and norm, or a small matrix of numbers."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    numbers: tuple[tuple[str, ...], ...] = ()
    picture: Thumbnail | None = None
    name: str = field(default="", compare=False)
    frame: str = ""

    @property
    def width(self) -> int:
        """About how many points wide it is drawn."""
        widths = [7 * max(map(len, [self.heading, *self.lines])), self.picture.width if self.picture else 0]
        return max(*widths, *(sum(7 * len(number) + 8 for number in row) for row in self.numbers), 0) + 6

    def markup(self, name_colour: str, colour: str) -> str:
        """Return it as a part of an HTML-like label."""
        rows = []
        if self.heading and not self.numbers:
            rows.append(f'<FONT COLOR="{name_colour}">{dot_markup(self.heading)}</FONT>')
        if self.picture:
            rows.append(self.picture.markup(self.name, dot_markup(self.picture.words), self.frame))
        if self.numbers:
            rows.append(self._matrix(name_colour, colour))
        rows += [f'<FONT COLOR="{colour}" POINT-SIZE="{SMALL}">{line}</FONT>' for line in self.lines]
        cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
        return f'<TABLE {PLAIN} CELLPADDING="0">{cells}</TABLE>'

    def _matrix(self, name_colour: str, colour: str) -> str:
        """The numbers between brackets, behind the name."""
        height = len(self.numbers)
        name = f'<FONT COLOR="{name_colour}">{dot_markup(self.heading)} = </FONT>' if self.heading else ""
        rows = []
        for i, numbers in enumerate(self.numbers):
            cells = "".join(f'<TD ALIGN="RIGHT"><FONT COLOR="{colour}">{number}</FONT></TD>' for number in numbers)
            if i == 0:
                bracket = f'<TD ROWSPAN="{height}" BORDER="1" WIDTH="4" COLOR="{colour}" SIDES='
                cells = f'{bracket}"LTB"></TD>{cells}{bracket}"RTB"></TD>'
                cells = f'<TD ROWSPAN="{height}">{name}</TD>{cells}' if name else cells
            rows.append(f"<TR>{cells}</TR>")
        return f'<TABLE {PLAIN} CELLPADDING="2">{"".join(rows)}</TABLE>'


Side = Text | Block


def value_side(node: Any, style: Style, name: str, label: str = "", wider: tuple[int, ...] = ()) -> Side:
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
    """
    if not isinstance(node, Tensor):
        return Text(number_text(node.data, style.precision) if style.values else "", label)
    array = array_of(node)
    if array.size == 1:
        return Text(element_text(array.item(), style.precision) if style.values else "", label)
    shape = f"{shape_text(array.shape)} → {shape_text(wider)}" if wider else shape_text(array.shape)
    heading = f"{shape} {kind_text(array)}".strip()
    if style.values and (numbers := _few(array, style)):
        extra = (f"→ {shape_text(wider)}",) if wider else ()
        return Block(label, (*extra, *filter(None, [kind_text(array)])), numbers)
    heading = f"{label} = {heading}" if label else heading
    return _block(array, style, f"{name}value", heading) if style.values else Block(heading)


def branch_side(node: Any, style: Style, name: str, wider: tuple[int, ...] = ()) -> Side:
    """Return what stands above a branch, whose trunk says more: the number, or the shape of an array."""
    if isinstance(node, Tensor) and array_of(node).size > 1:
        shape = shape_text(node.shape)
        return Block(f"{shape} → {shape_text(wider)}" if wider else shape)
    return value_side(node, style, name)


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
    return Block(heading, lines, (), picture, name, style.theme.line)

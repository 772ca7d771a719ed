"""Arrays as grids of cells in one SVG: value above gradient in every cell, one grid for every channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from viz.labels import markup, number_text
from viz.render import FONTS
from viz.themes import Theme

CELL = (52, 38)
"""Width and height of a cell, in points."""

GAP = 14
HEAD = 24


@dataclass(frozen=True)
class Panel:
    """An array with its gradient; `padding` cells of zeros stand around it.

    Arrays of three axes are a column of grids, of four axes several columns.
    """

    name: str
    title: str
    values: np.ndarray
    gradients: np.ndarray
    padding: int = 0


def grid_svg(panels: Sequence[Panel], theme: Theme, precision: int, description: str) -> str:
    """Draw panels side by side; a cell is named after its panel and its place, such as ``x7``."""
    parts, left, height = [], GAP, 0
    for panel in panels:
        drawn, width, tall = _panel(panel, left, theme, precision)
        parts += drawn
        left += width + 3 * GAP
        height = max(height, tall)
    width = left - 2 * GAP
    return (
        f'<svg role="img" aria-label="{markup(description)}" font-family="{FONTS}" font-size="12" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" '
        f'style="max-width:100%;height:auto">\n<rect width="{width}" height="{height}" fill="{theme.background}"/>\n'
        f"{''.join(parts)}</svg>\n"
    )


def _panel(panel: Panel, left: int, theme: Theme, precision: int) -> tuple[list[str], int, int]:
    """Return the marks of a panel, its width and its height."""
    rows, columns = (n + 2 * panel.padding for n in panel.values.shape[-2:])
    wide, high = columns * CELL[0], rows * CELL[1]
    across = len(panel.values) if panel.values.ndim == 4 else 1
    down = panel.values.shape[-3]
    parts = [f'<text x="{left}" y="16" fill="{theme.text}">{markup(panel.title)}</text>\n']
    for place, (column, row) in enumerate(np.ndindex(across, down)):
        x, y = left + column * (wide + GAP), HEAD + row * (high + GAP)
        parts += _cells(panel, place, x, y, theme, precision)
    return parts, across * (wide + GAP) - GAP, HEAD + down * (high + GAP)


def _cells(panel: Panel, grid: int, left: int, top: int, theme: Theme, precision: int) -> Iterator[str]:
    rows, columns = panel.values.shape[-2:]
    width, height = CELL
    pad = panel.padding
    for row in range(-pad, rows + pad):
        for column in range(-pad, columns + pad):
            x, y = left + (column + pad) * width, top + (row + pad) * height
            inside = 0 <= row < rows and 0 <= column < columns
            place = (grid * rows + row) * columns + column
            name = f"{panel.name}{place}" if inside else f"{panel.name}pad{grid}.{row + pad}.{column + pad}"
            dash = "" if inside else ' stroke-dasharray="2 3"'
            texts = f'<text x="{x + width / 2:g}" y="{y + 24}" fill="{theme.text}">0</text>'
            if inside:
                value, gradient = (
                    number_text(float(array.reshape(-1)[place]), precision) for array in (panel.values, panel.gradients)
                )
                texts = (
                    f'<text x="{x + width / 2:g}" y="{y + 16}" fill="{theme.value}">{value}</text>'
                    f'<text x="{x + width / 2:g}" y="{y + 31}" fill="{theme.gradient}">{gradient}</text>'
                )
            yield (
                f'<g data-name="{name}" class="cell" text-anchor="middle"><rect x="{x}" y="{y}" width="{width}" '
                f'height="{height}" fill="{theme.gate}" stroke="{theme.line}"{dash}/>{texts}</g>\n'
            )

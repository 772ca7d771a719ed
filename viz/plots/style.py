"""The look of a plot: its colours, its fonts, and how it shows itself in a notebook."""

from __future__ import annotations

import functools
import io
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viz.themes import Theme, theme
from viz.thumbnail import DARK, LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

TITLE, LABEL, TICK, NOTE = 15, 13, 12, 11
"""Sizes of the fonts, in points, for a figure 8 inches wide."""

ON_LIGHT = ("#1b62a8", "#d9660a", "#00775a", "#6a0f4a", "#3d9bd9", "#6b5200", "#8b8f97", "#d860b8")
ON_DARK = ("#5aa9ff", "#ff8f4d", "#2fd6a3", "#b45fc4", "#ffe95c", "#d5ecff", "#7d8794", "#c94f4f")
"""Colours of several runs or classes, in the order in which they are used.

Chosen so that they also differ in brightness, for those who do not see red or green; line styles and markers differ
as well.
"""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">", "p")


@dataclass(frozen=True)
class Look:
    """The colours that a plot is drawn with."""

    theme: Theme
    colours: tuple[str, ...]

    @property
    def dark(self) -> bool:
        """Whether the background is dark."""
        return brightness(self.theme.background) < 0.5

    @property
    def quiet(self) -> str:
        """The colour of what stands behind the curves."""
        return mix(self.theme.text, self.theme.background, 0.4)

    @property
    def grid(self) -> str:
        """The colour of grid lines."""
        return mix(self.theme.text, self.theme.background, 0.88)

    @property
    def signs(self) -> LinearSegmentedColormap:
        """Blue below zero, the background at zero, orange above."""
        low, high = DARK if self.dark else LIGHT
        return ramp(low, self.theme.background, high)

    def colour(self, i: int) -> str:
        """Return the colour of the i-th run or class."""
        return self.colours[i % len(self.colours)]


def brightness(colour: Any) -> float:
    """Return how bright a colour looks, from 0 to 1."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def mix(one: str, other: str, share: float) -> str:
    """Return a colour between two: `share` of the `other`."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = ((1 - share) * a + share * b for a, b in zip(to_rgb(one), to_rgb(other), strict=True))
    return to_hex((red, green, blue))


def ramp(*colours: str) -> LinearSegmentedColormap:
    """Return the colour map that runs through these colours."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("chainrule", colours)


def make_look(name: str | Theme, colours: Sequence[str] | None = None) -> Look:
    """Return the colours of a theme, with other colours for runs and classes when they are given.

    Raises
    ------
    ImportError
        When Matplotlib is missing.
    ValueError
        When there is no such theme, or one of `colours` is none.
    """
    try:
        from matplotlib.colors import is_color_like
    except ImportError as error:
        raise ImportError('plots need Matplotlib: pip install "chainrule[plots]"') from error
    chosen = theme(name)
    if colours is None:
        return Look(chosen, ON_DARK if brightness(chosen.background) < 0.5 else ON_LIGHT)
    wrong = [colour for colour in colours if not is_color_like(colour)] if not isinstance(colours, str) else [colours]
    if wrong or not len(colours):
        given = repr(wrong[0]) if wrong else "none"
        raise ValueError(f"colours is a list of colours such as ['#1b62a8', 'orange'], got {given}")
    return Look(chosen, tuple(colours))


def make_axes(ax: Axes | None, look: Look, size: tuple[float, float] = (8, 5)) -> Axes:
    """Return `ax`, or the axes of a new figure, in the colours of `look`."""
    if ax is None:
        ax = make_figure(look, size).add_subplot()
        show_in_notebooks(ax, ax.get_figure())
    elif not hasattr(ax, "get_subplotspec"):
        hint = "; take one of them, such as axes[0]" if hasattr(ax, "__len__") else ""
        raise TypeError(f"ax is one Axes of Matplotlib, got {type(ax).__name__}{hint}")
    paint(ax, look)
    return ax


def make_panels(
    ax: Axes | None, look: Look, count: int, columns: int, size: tuple[float, float], title: str | None
) -> tuple[Figure, list[Axes]]:
    """Return a figure and the axes of `count` panels of `size` inches in it, or in the place of `ax`."""
    columns = min(columns, count)
    rows = -(-count // columns)
    if ax is None:
        figure: Any = make_figure(look, (columns * size[0], rows * size[1]))
        part = figure
    else:
        place = make_axes(ax, look).get_subplotspec()
        if place is None:
            raise ValueError("several panels need the place of axes that come from subplots(), not from add_axes()")
        ax.set_axis_off()
        figure = ax.figure
        part = figure.add_subfigure(place, facecolor=look.theme.background)
    panels = [part.add_subplot(rows, columns, i + 1) for i in range(count)]
    for panel in panels:
        paint(panel, look)
    if title:
        part.suptitle(title, color=look.theme.text, fontsize=TITLE)
    return figure, panels


def make_figure(look: Look, size: tuple[float, float]) -> Figure:
    """Return a figure that belongs to nobody else: pyplot does not know it, so nothing has to be closed."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=size, dpi=100, layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12))
    figure.set_facecolor(look.theme.background)
    show_in_notebooks(figure, figure)
    return figure


def show_in_notebooks(thing: Any, figure: Any) -> None:
    """Make a figure or its axes show itself: notebooks ask an object for this method, and Matplotlib's have none."""
    thing._repr_mimebundle_ = functools.partial(_mimebundle, thing, figure)


def _mimebundle(thing: Any, figure: Figure, include: object = None, exclude: object = None) -> tuple[Any, Any]:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=2 * figure.dpi)  # sharp on a fine screen and when enlarged
    png = file.getvalue()
    width, height = struct.unpack(">II", png[16:24])
    return {"image/png": png, "text/plain": repr(thing)}, {"image/png": {"width": width // 2, "height": height // 2}}


def paint(ax: Axes, look: Look) -> None:
    """Give axes the colours and fonts of `look`."""
    ax.figure.set_facecolor(look.theme.background)
    ax.set_facecolor(look.theme.background)
    for side, spine in ax.spines.items():
        spine.set(color=look.quiet, visible=side in ("left", "bottom"))
    ax.tick_params(which="both", color=look.quiet, labelcolor=look.theme.text, labelsize=TICK)
    ax.grid(True, color=look.grid, linewidth=1)
    ax.set_axisbelow(True)


def describe(ax: Axes, look: Look, x: str = "", y: str = "", title: str | None = None) -> None:
    """Write the names of the axes and the title."""
    ax.set_xlabel(x, color=look.theme.text, fontsize=LABEL)
    ax.set_ylabel(y, color=look.theme.text, fontsize=LABEL)
    if title:
        ax.set_title(title, color=look.theme.text, fontsize=TITLE, pad=10)


def legend(ax: Axes, look: Look, **options: Any) -> None:
    """Write what the lines are, when there are any with a name."""
    count = len(ax.get_legend_handles_labels()[1])
    if count > 4 and "loc" not in options:
        options = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}
    if count:
        ax.legend(
            fontsize=TICK,
            labelcolor=look.theme.text,
            facecolor=look.theme.background,
            edgecolor=look.grid,
            framealpha=0.85,
            **options,
        )


def logarithmic(ax: Axes) -> None:
    """Make the vertical axis logarithmic, with labels that are read at a glance: 0.2, 0.5, 1."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    ax.set_yscale("log")
    low, high = ax.get_ylim()
    between = (1.0, 2.0, 5.0) if high < 1000 * low else (1.0,)
    ax.yaxis.set_major_locator(LogLocator(subs=between))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))


def bare(ax: Axes) -> None:
    """Take away ticks, grid and frame, for images."""
    ax.grid(False)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)


def colour_bar(ax: Axes, look: Look, mappable: Any, name: str, ticks: Any = None) -> None:
    """Draw the scale of the colours beside `ax`."""
    bar = ax.figure.colorbar(mappable, ax=ax, shrink=0.85, pad=0.02, ticks=ticks)
    decimals = max(0, 2 - math.floor(math.log10(mappable.norm.vmax - mappable.norm.vmin)))
    bar.ax.yaxis.set_major_formatter(lambda number, _: f"{round(number, decimals):.6g}".replace("-", "−"))
    bar.minorticks_off()
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    bar.ax.tick_params(color=look.quiet, labelcolor=look.theme.text, labelsize=TICK)
    bar.set_label(name, color=look.theme.text, fontsize=LABEL)

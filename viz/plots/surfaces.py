"""Losses as curves and surfaces, and the ways that optimisers take on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Value, no_grad, tensor
from viz.plots.checks import checked_array, checked_limits, named
from viz.plots.style import MARKERS, TICK, Look, colour_bar, describe, legend, make_axes, make_look, mix, ramp
from viz.themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Range = tuple[float, float]


def evaluate(f: Callable[..., Any], *grids: np.ndarray) -> np.ndarray:
    """Compute `f` at every point of `grids`: at once with tensors or, when `f` takes only Values, one by one.

    Raises
    ------
    TypeError
        When `f` cannot be called.
    ValueError
        When it gives no number for each point, or none that is finite.

    Examples
    --------
    >>> evaluate(lambda x, y: x * y, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([3., 8.])
    """
    if not callable(f):
        raise TypeError(f"the loss is a function, got {type(f).__name__}")
    with no_grad():
        try:
            heights = f(*(tensor(grid) for grid in grids))
        except Exception as error:
            try:
                points = zip(*(grid.ravel().tolist() for grid in grids), strict=True)
                heights = np.reshape([float(f(*map(Value, point))) for point in points], grids[0].shape)
            except Exception:
                raise error from None
    heights = np.asarray(heights, dtype=float)
    if heights.shape not in ((), grids[0].shape):
        raise ValueError(
            f"the loss gave shape {heights.shape} for {grids[0].size} points of shape {grids[0].shape}: "
            f"it takes {'one coordinate' if len(grids) == 1 else 'two coordinates, f(x, y)'} and works on each point"
        )
    heights = np.broadcast_to(heights, grids[0].shape)
    if not np.isfinite(heights).any():
        raise ValueError("the loss is nan or infinite everywhere in these limits")
    return heights


def loss_curve_1d(
    loss: Callable[[Any], Any],
    iterates: Any = None,
    *,
    limits: Range | None = None,
    xlabel: str = "weight $w$",
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw a loss of one weight, and gradient descent on it step by step (lecture row P2).

    Parameters
    ----------
    loss : callable
        Takes a tensor of weights, or one Value, and returns the loss of each.
    iterates : array-like of shape (steps,), or dict of them, optional
        The weight before the first step, after it, and so on; several runs by name.  Those that are nan or
        infinite, or beyond the limits, are not drawn, and the legend says so.
    limits : (float, float), optional
        The range of weights; by default a bit more than the iterates'.
    xlabel : str
        The name of the weight.
    title, colours, theme, ax
        As for :func:`viz.plots.loss_curves`.

    Raises
    ------
    ValueError
        When there are neither iterates nor limits, or shapes do not fit.

    Examples
    --------
    >>> ax = loss_curve_1d(lambda w: w**2, [2.0, 1.0, 0.5])
    >>> ax.lines[1].get_ydata().tolist()
    [4.0, 1.0, 0.25]
    """
    given = {} if iterates is None else iterates if isinstance(iterates, Mapping) else {"": iterates}
    steps = {str(name): checked_array(some, "iterates", finite=False).astype(float) for name, some in given.items()}
    for array in steps.values():
        if array.ndim != 1:
            raise ValueError(f"iterates is a row of weights, one per step, got shape {array.shape}")
    if limits is None:
        known = np.concatenate([array[np.isfinite(array)] for array in steps.values()] or [np.empty(0)])
        if not known.size:
            raise ValueError("there are no finite iterates: give limits=(lower, upper)")
        room = 0.35 * (known.max() - known.min()) or 1.0
        limits = (known.min() - room, known.max() + room)
    low, high = checked_limits(limits, "limits")
    weights = np.linspace(low, high, 401)
    heights = evaluate(loss, weights)
    look = make_look(theme, colours)
    ax = make_axes(ax, look)
    ax.plot(weights, np.where(np.isfinite(heights), heights, np.nan), color=look.quiet, linewidth=2.5)
    for i, (name, array) in enumerate(steps.items()):
        inside = np.isfinite(array) & (array >= low) & (array <= high)
        at = np.full(len(array), np.nan)
        if inside.any():
            at[inside] = evaluate(loss, array[inside])
        colour = look.colour(i) if len(steps) > 1 or colours else look.theme.gradient
        label = name or "gradient descent"
        label += f" ({np.count_nonzero(~inside)} of {len(array)} points outside)" if not inside.all() else ""
        ax.plot(array, at, "o", color=colour, markersize=9, markeredgecolor=look.theme.background, label=label)
        points = list(zip(array.tolist(), at.tolist(), strict=True))
        for before, after in pairwise(points):
            if np.isfinite([*before, *after]).all():
                arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 4, "shrinkB": 4}
                ax.annotate("", after, xytext=before, arrowprops=arrow)
        if i == 0 and inside[0]:
            left = array[0] < (low + high) / 2
            ax.annotate(
                "start",
                points[0],
                xytext=(-12 if left else 12, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                va="center",
                color=look.theme.text,
                fontsize=TICK,
            )
    ax.set_xlim(low, high)
    describe(ax, look, xlabel, "loss", title)
    if any(steps) or any(((array < low) | (array > high) | np.isnan(array)).any() for array in steps.values()):
        legend(ax, look, loc="upper center")
    return ax


def loss_surface(
    surface: Callable[[Any, Any], Any],
    limits: tuple[Range, Range] = ((-2.0, 2.0), (-2.0, 2.0)),
    *,
    levels: int = 16,
    resolution: int = 200,
    minimum: Sequence[float] | None = None,
    labels: tuple[str, str] = ("$w_1$", "$w_2$"),
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw a loss of two weights as a map with contour lines, closer to each other near the bottom.

    Parameters
    ----------
    surface : callable
        Takes two tensors of the same shape, or two Values, and returns the loss at each point.
    limits : ((float, float), (float, float))
        The ranges of the first and of the second weight.
    levels : int
        How many contour lines.
    resolution : int
        How many points to compute along each side.
    minimum : (float, float), optional
        Where to draw a star.
    labels : (str, str)
        The names of the weights.
    title, theme, ax
        As for :func:`viz.plots.loss_curves`.

    Raises
    ------
    ValueError
        When limits are none, or the loss is nowhere finite.

    Examples
    --------
    >>> ax = loss_surface(lambda x, y: x**2 + 10 * y**2, ((-3, 3), (-1, 1)), minimum=(0, 0))
    >>> ax.get_xlabel(), [line.get_label() for line in ax.lines]
    ('$w_1$', ['minimum'])
    """
    look = make_look(theme)
    return _surface(surface, limits, levels, resolution, minimum, labels, title, look, ax)


def _surface(
    surface: Callable[[Any, Any], Any],
    limits: Any,
    levels: int,
    resolution: int,
    minimum: Sequence[float] | None,
    labels: tuple[str, str],
    title: str | None,
    look: Look,
    ax: Axes | None,
) -> Axes:
    try:
        first, second = limits
    except (TypeError, ValueError):
        raise ValueError(f"limits is a pair of ranges, ((-2, 2), (-1, 1)), got {limits!r}") from None
    ranges = checked_limits(first, "the first of limits"), checked_limits(second, "the second of limits")
    for name, count in (("levels", levels), ("resolution", resolution)):
        if type(count) is not int or count < 2:
            raise ValueError(f"{name} is a whole number of at least 2, got {count!r}")
    sides = [np.linspace(*limit, resolution) for limit in ranges]
    heights = np.ma.masked_invalid(evaluate(surface, *np.meshgrid(*sides)))
    low, high = float(heights.min()), float(heights.max())
    if low == high:
        raise ValueError(f"the loss is {low:g} everywhere in these limits: there are no contours to draw")
    ax = make_axes(ax, look, (8.5, 5.6))
    steps = low + (high - low) * np.linspace(0, 1, levels + 1) ** 2.5
    shades = ramp(*(mix(look.theme.value, look.theme.background, share) for share in (0.55, 0.98)))
    from matplotlib.colors import BoundaryNorm

    area = ax.contourf(*sides, heights, levels=steps, cmap=shades, norm=BoundaryNorm(steps, shades.N))
    ax.contour(*sides, heights, levels=steps, colors=look.theme.value, linewidths=0.8, alpha=0.45)
    if minimum is not None:
        ax.plot(*minimum, "*", color=look.theme.text, markersize=16, label="minimum", linestyle="none", zorder=5)
    ax.grid(False)
    ax.set(xlim=ranges[0], ylim=ranges[1])
    describe(ax, look, *labels, title)
    colour_bar(ax, look, area, "loss", ticks=steps[:: max(1, levels // 6)])
    return ax


def optimiser_paths(
    surface: Callable[[Any, Any], Any],
    paths: Mapping[str, Any] | Sequence[Any],
    *,
    limits: tuple[Range, Range] | None = None,
    levels: int = 16,
    resolution: int = 200,
    minimum: Sequence[float] | None = None,
    labels: tuple[str, str] = ("$w_1$", "$w_2$"),
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw the ways of several optimisers on the map of a loss (lecture row T8).

    Parameters
    ----------
    surface : callable
        As for :func:`loss_surface`.
    paths : dict or list
        For each optimiser the points of its way, of shape (steps, 2).  A way that reaches nan or infinity ends
        there, and the legend says so.
    limits : ((float, float), (float, float)), optional
        The ranges of the first and of the second weight; by default a bit more than the ways'.
    levels, resolution, minimum, labels
        As for :func:`loss_surface`.
    title, colours, theme, ax
        As for :func:`viz.plots.loss_curves`; one colour per way.

    Raises
    ------
    ValueError
        When a way has another shape, or there is none.

    Examples
    --------
    >>> ways = {"SGD": [(2.0, 1.0), (1.6, -0.6), (1.3, 0.4)], "Adam": [(2.0, 1.0), (1.5, 0.5), (1.0, 0.1)]}
    >>> ax = optimiser_paths(lambda x, y: x**2 + 8 * y**2, ways, minimum=(0, 0))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['minimum', 'SGD', 'Adam']
    """
    ways = {}
    for name, given in named(paths, "path").items():
        array = checked_array(given, f"path {name!r}", finite=False).astype(float)
        if array.ndim != 2 or array.shape[1] != 2:
            raise ValueError(f"path {name!r} has shape (steps, 2), a point per step, got {array.shape}")
        ways[name] = array
    if limits is None:
        points = np.concatenate(list(ways.values()) + ([np.array([minimum], float)] if minimum is not None else []))
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            raise ValueError("no path has a finite point: give limits=((x0, x1), (y0, y1))")
        low, high = points.min(axis=0), points.max(axis=0)
        room = 0.15 * np.where(high > low, high - low, 1.0)
        limits = tuple(zip((low - room).tolist(), (high + room).tolist(), strict=True))  # pyright: ignore
    look = make_look(theme, colours)
    ax = _surface(surface, limits, levels, resolution, minimum, labels, title, look, ax)
    from matplotlib.patheffects import Normal, Stroke

    halo = [Stroke(linewidth=5, foreground=look.theme.background, alpha=0.7), Normal()]
    for i, (name, way) in enumerate(ways.items()):
        reached = np.isfinite(way).all(axis=1)
        end = len(way) if reached.all() else int(np.argmin(reached))
        colour, label = look.colour(i), name if reached.all() else f"{name} (nan or infinite from step {end})"
        ax.plot(*way[:end].T, color=colour, linewidth=2.4, path_effects=halo, zorder=4)
        (line,) = ax.plot(*way[:end].T, color=colour, linewidth=2.4, label=label, zorder=5)
        line.set(marker=MARKERS[i % len(MARKERS)], markersize=6, markevery=max(1, end // 30))
    starts = np.array([way[0] for way in ways.values() if np.isfinite(way[0]).all()])
    if len(starts):
        ax.scatter(*starts.T, s=130, color=look.theme.background, edgecolors=look.theme.text, linewidths=2.5, zorder=6)
    legend(ax, look, loc="best")
    return ax

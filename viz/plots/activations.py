"""Activation functions with their derivatives, and how activations are spread over the layers of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Value, enable_grad, grad, tensor
from viz.labels import name_text
from viz.plots.checks import checked_array, checked_limits, named
from viz.plots.style import LABEL, NOTE, describe, legend, make_axes, make_look, make_panels
from viz.themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def activation(
    f: Callable[[Any], Any],
    *,
    limits: tuple[float, float] = (-11.0, 11.0),
    marks: Sequence[float] = (-10.0, 0.0, 10.0),
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw an activation function with its derivative, which autograd computes (lecture row T1).

    Below the picture stand both at x = -10, 0 and 10.

    Parameters
    ----------
    f : callable
        Takes a tensor, or one Value, and returns a number for each: ``autograd.tanh``, ``nn.functional.elu``,
        a layer, a function of your own.
    limits : (float, float)
        The range of x.
    marks : sequence of float
        Where to write both.
    title : str, optional
        The title; the name of the function when it has one.
    theme, ax
        As for :func:`viz.plots.loss_curves`.

    Raises
    ------
    ValueError
        When `f` gives no number for each x, or limits are none.
    TypeError
        When `f` cannot be called, or gives something without a gradient.

    Examples
    --------
    >>> ax = activation(lambda x: x.sigmoid(), title="sigmoid")
    >>> [text.get_text() for text in ax.texts]
    ['0.00005', '0.00005', '0.5', '0.25', '0.99995', '0.00005']
    """
    if not callable(f):
        raise TypeError(f"f is a function, got {type(f).__name__}")
    low, high = checked_limits(limits)
    places = checked_array(marks, "marks").astype(float)
    x = np.linspace(low, high, 1001)
    both = _with_derivative(f, np.concatenate([x, places]))
    curve, slope = (array[: len(x)] for array in both)
    at_marks = [array[len(x) :] for array in both]

    look = make_look(theme)
    ax = make_axes(ax, look, (8, 5.4))
    for place in places:
        ax.axvline(place, color=look.quiet, linewidth=1, linestyle=(0, (2, 3)), zorder=1)
    colours = (look.theme.value, look.theme.gradient)
    names = ("$f(x)$", "derivative $f'(x)$")
    for height, found, colour, name, style in zip(
        (curve, slope), at_marks, colours, names, ("-", (0, (5, 1.5))), strict=True
    ):
        ax.plot(x, height, color=colour, linewidth=3.5, label=name, linestyle=style)
        ax.plot(places, found, "o", color=colour, markersize=9, markeredgecolor=look.theme.background, zorder=4)
    for place, *pair in zip(places, *at_marks, strict=True):
        for row, (number, colour) in enumerate(zip(pair, colours, strict=True)):
            ax.annotate(
                _short(number).replace("-", "−"),
                (place, 0),
                xycoords=("data", "axes fraction"),
                xytext=(0, -26 - 18 * row),
                textcoords="offset points",
                ha="center",
                va="top",
                color=colour,
                fontsize=LABEL,
                fontweight="bold",
            )
    ax.set_xlim(low, high)
    ax.set_xticks(places, [f"x = {place:g}".replace("-", "−") for place in places])
    ax.set_ylim(*_roomy(np.concatenate(both)))
    own = getattr(f, "__name__", type(f).__name__)
    describe(ax, look, title=title or (None if own in ("<lambda>", "function") else own))
    legend(ax, look, loc="upper left")
    return ax


def _with_derivative(f: Callable[[Any], Any], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with enable_grad():
        points: Any = tensor(x, requires_grad=True)
        try:
            out = f(points)
        except Exception as error:
            points = [Value(number) for number in x.tolist()]
            try:
                results = [f(point) for point in points]
                out = sum(results)
            except Exception:
                raise error from None
            heights = np.array([float(result) for result in results])
        else:
            heights = np.asarray(out)
            if heights.shape != x.shape:
                raise ValueError(f"f turned shape {x.shape} into {heights.shape}: it works on each number by itself")
            out = out.sum()
        if not getattr(out, "requires_grad", False):
            return heights.astype(float), np.zeros(len(x))  # a constant, or a step that autograd does not follow
        slopes = grad(out, points if isinstance(points, list) else [points], allow_unused=True)
    if isinstance(points, list):
        return heights, np.array([0.0 if slope is None else float(slope) for slope in slopes])
    return heights.astype(float), np.asarray(slopes[0], dtype=float)


def _short(number: float) -> str:
    """Write a number with few digits: a saturated unit's 0.00005 in full, what is smaller in powers of ten."""
    if abs(number) < 5e-6:
        return f"{number:.0e}" if number and abs(number) >= 1e-99 else "0"
    return f"{number:.5f}".rstrip("0").rstrip(".") if abs(number) < 1e4 else f"{number:.3g}"


def _roomy(heights: np.ndarray) -> tuple[float, float]:
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        raise ValueError("f is nan or infinite everywhere in these limits")
    low, high = float(finite.min()), float(finite.max())
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def activation_histograms(
    layers: Mapping[str, Any] | Sequence[Any],
    *,
    bins: int = 60,
    limits: tuple[float, float] | None = None,
    columns: int = 5,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Figure:
    """Draw how the activations of each layer are spread, with their mean and standard deviation (lecture row T3).

    Parameters
    ----------
    layers : list or dict
        The activations of each layer, arrays or tensors of any shape.
    bins : int
        How many bars.
    limits : (float, float), optional
        The range of all panels, by default from the smallest to the largest activation; what lies beyond
        stands in the outer bars.
    columns : int
        How many panels stand in a row.
    title, theme, ax
        As for :func:`viz.plots.loss_curves`; the panels take the place of `ax`, and do not overlap in a figure made
        with ``layout="constrained"``.

    Returns
    -------
    matplotlib.figure.Figure
        A figure with a panel per layer.

    Raises
    ------
    ValueError
        When there is no layer, or one has no activations.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> figure = activation_histograms({"first": rng.normal(size=(50, 20)), "second": np.zeros((50, 10))})
    >>> [panel.get_title() for panel in figure.axes]
    ['first', 'second']
    """
    for name, count in (("bins", bins), ("columns", columns)):
        if type(count) is not int or count < 1:
            raise ValueError(f"{name} is a whole number of at least 1, got {count!r}")
    arrays = _layers(layers)
    if limits is None:
        ends = [(a.min(), a.max()) for a in (array[np.isfinite(array)] for array in arrays.values()) if a.size]
        low, high = min((end[0] for end in ends), default=0.0), max((end[1] for end in ends), default=0.0)
        limits = (low, high) if low < high else (low - 1, high + 1)
    limits = checked_limits(limits)
    edges = np.linspace(*limits, bins + 1)
    look = make_look(theme)
    figure, panels = make_panels(ax, look, len(arrays), columns, (2.6, 2.5), title)
    for panel, (name, array) in zip(panels, arrays.items(), strict=True):
        finite = array[np.isfinite(array)]
        counts = np.histogram(np.clip(finite, *limits), edges)[0]
        zeros = np.count_nonzero(finite == 0)
        # A ReLU's zeros would press all else flat: their bar ends at the top, and the words say how many they are.
        highest = np.histogram(np.clip(finite[finite != 0], *limits), edges)[0].max()
        shares = counts / max(highest or counts.max(), 1)
        panel.stairs(shares, edges, fill=True, color=look.theme.value, alpha=0.85)
        mean, spread = (finite.mean(), finite.std()) if finite.size else (np.nan, np.nan)
        decimals = 3 if not spread > 0 else int(np.clip(2 - np.floor(np.log10(spread)), 0, 99))
        words = "\n".join(f"{name} {_figures(x, decimals)}" for name, x in (("mean", mean), ("std", spread)))
        if zeros >= 0.01 * array.size:
            words += f"\nzero {100 * zeros / array.size:.0f} %"
        if finite.size < array.size:
            words += f"\n{100 * (1 - finite.size / array.size):.3g} % nan or inf"
        panel.set(xlim=limits, ylim=(0, 1.0), yticks=[])
        panel.grid(False)
        panel.spines["left"].set_visible(False)
        describe(panel, look, words, title=name)
        panel.title.set_fontsize(LABEL)
        panel.xaxis.label.set(fontsize=NOTE, linespacing=1.35)
        panel.tick_params(labelsize=NOTE - 1)
        panel.locator_params(axis="x", nbins=3)
    return figure


def _layers(layers: Any) -> dict[str, np.ndarray]:
    return {
        name: checked_array(given, f"the activations of {name_text(name)}", finite=False).astype(float).ravel()
        for name, given in named(layers).items()
    }


def _figures(number: float, decimals: int) -> str:
    """Write a number with so many decimals, or in powers of ten where they would be too many to read."""
    text = f"{number:.{decimals}f}" if decimals <= 6 else f"{number:.1e}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def saturation(
    layers: Mapping[str, Any] | Sequence[Any],
    *,
    low: float | None = -0.95,
    high: float | None = 0.95,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw which share of each layer's activations is saturated, or switched off (lecture rows T1 and T3).

    Parameters
    ----------
    layers : list or dict
        The activations of each layer, arrays or tensors of any shape.
    low, high : float, optional
        Activations up to `low`, and from `high` on, have almost no slope.  The defaults are for tanh;
        ``low=0.05`` with 0.95 is for sigmoid, ``low=0, high=None`` for ReLU's zeros.
    title, theme, ax
        As for :func:`viz.plots.loss_curves`.

    Raises
    ------
    ValueError
        When there is no layer, both bounds are None, or `low` is not below `high`.

    Examples
    --------
    >>> ax = saturation({"first": [0.0, 0.0, 1.0, 2.0]}, low=0, high=None)
    >>> float(ax.patches[0].get_height())
    50.0
    """
    if low is None and high is None:
        raise ValueError("give low, high or both")
    if low is not None and high is not None and not low < high:
        raise ValueError(f"low must be below high, got {low!r} and {high!r}")
    arrays = _layers(layers)
    look = make_look(theme)
    ax = make_axes(ax, look)
    sides = []
    if low is not None:
        sides.append((f"≤ {low:g}".replace("-", "−"), [(a <= low).mean() for a in arrays.values()], look.colour(0), ""))
    if high is not None:
        sides.append(
            (f"≥ {high:g}".replace("-", "−"), [(a >= high).mean() for a in arrays.values()], look.colour(1), "//")
        )
    bottom = np.zeros(len(arrays))
    for name, shares, colour, hatch in sides:
        heights = 100 * np.array(shares)
        ax.bar(
            range(len(arrays)),
            heights,
            bottom=bottom,
            color=colour,
            label=name,
            hatch=hatch,
            width=0.7,
            edgecolor=look.theme.background,
        )
        bottom += heights
    for i, height in enumerate(bottom):
        ax.annotate(
            f"{height:.0f} %",
            (i, height),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            color=look.theme.text,
            fontsize=NOTE,
        )
    names = list(arrays)
    slanted = len(names) > 6 and max(map(len, names)) > 3
    ax.set_xticks(range(len(names)), names, rotation=45 if slanted else 0, ha="right" if slanted else "center")
    ax.grid(False, axis="x")
    ax.set_ylim(0, 108)
    ax.set_yticks(range(0, 101, 20))
    describe(ax, look, "", "% of activations", title)
    legend(ax, look, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return ax

"""Curves over the course of training: losses, learning rates, sizes of updates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.plots.checks import Series, checked_array, runs, series, with_gaps
from viz.plots.style import MARKERS, NOTE, Look, describe, legend, logarithmic, make_axes, make_look
from viz.themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

History = Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Mapping[str, Any]]]

DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))
"""The patterns of lines that cross each other, told apart without colour."""

FEW = 25
"""Up to how many points are marked one by one."""


def loss_curves(
    history: History,
    *,
    metric: str = "loss",
    log: bool = False,
    gap: bool = False,
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw a loss, or another metric, over the epochs: training as a line, validation dashed (lecture row T7).

    Where a number is nan or infinite the line has a gap, and the legend says so.

    Parameters
    ----------
    history : list of dict, or dict of such lists
        The records of a run, such as ``{"epoch": 1, "loss": 2.3, "val_loss": 2.4}``, or of several runs by name.
    metric : str
        Which column to draw; the validation's is the one that begins with ``val_``, where there is one.
    log : bool
        Whether the vertical axis is logarithmic.
    gap : bool
        Whether to fill the space between training and validation, and write how wide it is in the end.
    title : str, optional
        The title.
    colours : list of colours, optional
        One per run.
    theme : {"default", "cs231n", "dark"} or Theme
        The colours.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Raises
    ------
    ValueError
        When the history is empty or lacks the column.
    TypeError
        When it is not records, or an entry is no number.

    Examples
    --------
    >>> ax = loss_curves([{"loss": 1.0, "val_loss": 1.5}, {"loss": 0.5, "val_loss": 1.25}], gap=True)
    >>> [line.get_ydata().tolist() for line in ax.lines]
    [[1.0, 0.5], [1.5, 1.25]]
    """
    given = runs(history)
    columns = [(series(records, metric, log), _validation(records, f"val_{metric}", log)) for records in given.values()]
    look = make_look(theme, colours)
    ax = make_axes(ax, look)
    for i, (name, (training, validation)) in enumerate(zip(given, columns, strict=True)):
        prefix = f"{name}, " if name else ""
        plain = name or "training"
        colour = look.colour(i)
        _line(ax, training, f"{prefix}training" if validation else plain, i, color=colour)
        if validation:
            own = colour if len(given) > 1 else look.colour(1)
            _line(ax, validation, f"{prefix}validation", i, color=own, linestyle=(0, (4, 2)))
            if gap:
                _fill_gap(ax, look, training, validation, own)
    if log:
        logarithmic(ax)
    _whole_epochs(ax, [column for column, _ in columns])
    describe(ax, look, "epoch", metric.replace("_", " "), title)
    legend(ax, look)
    return ax


def _validation(records: Sequence[Mapping[str, Any]], key: str, log: bool) -> Series | None:
    known = any(record.get(key) is not None for record in records)
    return series(records, key, log, sparse=True) if known else None


def _line(ax: Axes, data: Series, label: str, run: int = 0, **style: Any) -> None:
    label = f"{label} ({data.gap})" if data.gap else label
    if "drawstyle" not in style and (run or len(data.x) <= FEW):  # runs differ in more than colour
        style |= {"marker": MARKERS[run % len(MARKERS)], "markevery": max(1, len(data.x) // FEW)}
    ax.plot(data.x, data.y, label=label, linewidth=2.8, markersize=6, **style)
    if data.stop:
        ax.scatter(*data.stop, marker="X", s=110, color=style["color"], edgecolors=ax.get_facecolor(), zorder=3)


def _fill_gap(ax: Axes, look: Look, training: Series, validation: Series, colour: str) -> None:
    both, left, right = np.intersect1d(training.x, validation.x, return_indices=True)
    low, high = training.y[left], validation.y[right]
    ax.fill_between(both, low, high, color=colour, alpha=0.13, linewidth=0)
    drawn = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    if len(drawn):
        last = drawn[-1]
        ax.annotate(
            f"gap {abs(high[last] - low[last]):.3g}",
            (both[last], (low[last] + high[last]) / 2),
            xytext=(-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=look.theme.text,
            fontsize=NOTE + 1,
        )


def _whole_epochs(ax: Axes, columns: Sequence[Series]) -> None:
    from matplotlib.ticker import MaxNLocator

    if all((column.x == np.round(column.x)).all() for column in columns):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def learning_rate_curves(
    histories: Mapping[Any, Sequence[Mapping[str, Any]]],
    *,
    metric: str = "loss",
    log: bool = False,
    ceiling: float | None = 3.0,
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw the losses of runs with several learning rates over each other (lecture rows P2 and T5).

    The smaller the rate, the darker its line (the brighter, on a dark page).  A cross marks where a run became nan.

    Parameters
    ----------
    histories : dict
        For each learning rate the records of its run.
    metric : str
        Which column to draw.
    log : bool
        Whether the vertical axis is logarithmic.
    ceiling : float, optional
        The picture ends at this many times the largest first loss, so that a run that explodes does not
        press the others flat; the legend names the runs that leave it.  None shows everything.
    title, colours, theme, ax
        As for :func:`loss_curves`.

    Raises
    ------
    ValueError, TypeError
        As :func:`loss_curves`; also when a rate is no positive number.

    Examples
    --------
    >>> ax = learning_rate_curves({0.1: [{"loss": 1.0}, {"loss": 0.5}], 9.0: [{"loss": 1.0}, {"loss": 50.0}]})
    >>> [line.get_label() for line in ax.lines]
    ['0.1', '9 (explodes)']
    """
    if not isinstance(histories, Mapping):
        raise TypeError(f"give a dict of runs, {{0.1: records, 0.01: records}}, got {type(histories).__name__}")
    for rate in histories:
        if not isinstance(rate, Real) or not 0 < float(rate) < np.inf:
            raise ValueError(f"the runs are named by their learning rates, positive numbers, got {rate!r}")
    ordered = sorted(histories, key=float)
    columns = [series(records, metric, log) for records in runs({rate: histories[rate] for rate in ordered}).values()]
    look = make_look(theme, colours)
    ax = make_axes(ax, look)
    firsts = [column.y[np.isfinite(column.y)][0] for column in columns if np.isfinite(column.y).any()]
    top = ceiling * max(firsts) if ceiling and firsts and max(firsts) > 0 else np.inf
    for i, (rate, column) in enumerate(zip(ordered, columns, strict=True)):
        leaves = bool((column.y > top).any())
        label = f"{float(rate):g}{' (explodes)' if leaves else ''}"
        _line(ax, column, label, i, color=look.colour(i) if colours else _shade(look, i, len(ordered)))
    if any((column.y > top).any() for column in columns):
        lowest = min(np.nanmin(column.y) for column in columns if np.isfinite(column.y).any())
        ax.set_ylim(lowest / 1.3 if log else min(0.0, lowest), top)
    if log:
        logarithmic(ax)
    _whole_epochs(ax, columns)
    describe(ax, look, "epoch", metric.replace("_", " "), title)
    legend(ax, look, title="learning rate", loc="upper left", bbox_to_anchor=(1.01, 1.0))
    key = ax.get_legend()
    if key:
        key.get_title().set(color=look.theme.text, fontsize=12)
    return ax


def _shade(look: Look, i: int, count: int) -> Any:
    """Take a colour for a place in an order, also when seen without colour."""
    from matplotlib import colormaps

    share = i / max(count - 1, 1)
    return colormaps["viridis"](1 - 0.65 * share if look.dark else 0.84 * share)


def update_ratios(
    history: History,
    *,
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw how large the updates are beside the weights, with the line at 1e-3 where they should be (lecture row T7).

    Parameters
    ----------
    history : list of dict, or dict of such lists
        Records with ``update_ratio``: a number, or a dict with a number per parameter.
    title, colours, theme, ax
        As for :func:`loss_curves`.

    Raises
    ------
    ValueError, TypeError
        As :func:`loss_curves`; also when a ratio is negative.

    Examples
    --------
    >>> ax = update_ratios([{"update_ratio": 2e-3}, {"update_ratio": 1e-3}])
    >>> ax.get_yscale(), [line.get_label() for line in ax.lines]
    ('log', ['update / weight', 'about right: 1e-3'])
    """
    lines: dict[str, Series] = {}
    for name, records in runs(history).items():
        for part, column in _ratios(records).items():
            lines[", ".join(filter(None, (name, part))) or "update / weight"] = column
    look = make_look(theme, colours)
    ax = make_axes(ax, look)
    for i, (name, column) in enumerate(lines.items()):
        _line(ax, column, name, i, color=look.colour(i))
    ax.axhline(1e-3, color=look.theme.text, linestyle=(0, (2, 2)), linewidth=1.8, label="about right: 1e-3", zorder=1)
    ax.set_yscale("log")  # before the limits are read
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, 1e-4), max(high, 1e-2))
    logarithmic(ax)
    _whole_epochs(ax, list(lines.values()))
    describe(ax, look, "epoch", "|update| / |weight|", title)
    legend(ax, look)
    return ax


def _ratios(records: list[Mapping[str, Any]]) -> dict[str, Series]:
    entries = [record.get("update_ratio") for record in records]
    if any(isinstance(entry, Mapping) for entry in entries):
        parts = dict.fromkeys(part for entry in entries if isinstance(entry, Mapping) for part in entry)
        flat = [{**record, **(entry or {})} for record, entry in zip(records, entries, strict=True)]
        flat = [
            {"epoch": record.get("epoch", i + 1), **{p: record.get(p) for p in parts}} for i, record in enumerate(flat)
        ]
        columns = {str(part): series(flat, part, sparse=True) for part in parts}
    else:
        columns = {"": series(records, "update_ratio", sparse=True)}
    for part, column in columns.items():
        if (column.y < 0).any():
            raise ValueError(
                f"a ratio of sizes is not negative, got {np.nanmin(column.y):g}{f' for {part}' * bool(part)}"
            )
    return {part: with_gaps(column.x, column.y, log=True) for part, column in columns.items()}


def schedule(
    rates: Any,
    *,
    log: bool = False,
    xlabel: str = "step",
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw the learning rate of each step, for one schedule or several (lecture row T9).

    Parameters
    ----------
    rates : array-like of shape (steps,), or dict of them
        The learning rates, from step 0 on.
    log : bool
        Whether the vertical axis is logarithmic.
    xlabel : str
        What a step is, such as ``"epoch"``.
    title, colours, theme, ax
        As for :func:`loss_curves`.

    Raises
    ------
    ValueError
        When there are none, or they are not a sequence of finite numbers.

    Examples
    --------
    >>> ax = schedule({"step": [0.1, 0.1, 0.01], "1/t": [0.1, 0.05, 0.033]})
    >>> [line.get_label() for line in ax.lines]
    ['step', '1/t']
    """
    if isinstance(rates, Mapping) and not rates:
        raise ValueError("there is no schedule to draw")
    given = rates if isinstance(rates, Mapping) else {"": rates}
    columns = {str(name): checked_array(some, f"rates{f' of {name!r}' * bool(name)}") for name, some in given.items()}
    for name, array in columns.items():
        if array.ndim != 1:
            raise ValueError(f"rates{f' of {name!r}' * bool(name)} is a sequence of numbers, got shape {array.shape}")
    look = make_look(theme, colours)
    ax = make_axes(ax, look)
    for i, (name, array) in enumerate(columns.items()):
        column = with_gaps(np.arange(len(array)), array.astype(float), log, xlabel)
        steps = "steps-post" if 2 * (np.diff(array) == 0).sum() >= len(array) else "default"
        _line(ax, column, name or "learning rate", color=look.colour(i), drawstyle=steps, linestyle=DASHES[i % 4])
    if log:
        logarithmic(ax)
    else:
        ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]) if any((a < 0).any() for a in columns.values()) else 0.0)
    describe(ax, look, xlabel, "learning rate", title)
    if len(columns) > 1 or "" not in columns:
        legend(ax, look)
    return ax

"""Where a classifier changes its mind: its decision regions in the plane, with the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, no_grad, tensor
from viz.labels import name_text
from viz.plots.checks import checked_array
from viz.plots.style import MARKERS, describe, legend, make_axes, make_look
from viz.themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def decision_boundary(
    predict: Callable[[Any], Any],
    X: Any,
    y: Any,
    *,
    threshold: float | None = None,
    labels: Sequence[str] | None = None,
    resolution: int = 300,
    margin: float = 0.15,
    title: str | None = None,
    colours: Sequence[str] | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw the regions of a classifier of points in the plane, its boundary, and the data (lecture rows P3, P8).

    The surer the classifier, the stronger the colour of the region.

    Parameters
    ----------
    predict : callable
        Takes points of shape (n, 2) and returns one score or probability per point, of shape (n,) or (n, 1); or
        one per class, of shape (n, classes); or the class.  The points come as a tensor when `X` is one, else as
        a NumPy array, of the dtype of `X`; nothing is recorded.
    X : array-like of shape (n, 2)
        The points of the data.
    y : array-like of shape (n,)
        Their classes; 0, 1, 2, ... when `predict` returns one score per class.
    threshold : float, optional
        From where on a single score means the second class; 0.5 when all scores lie between 0 and 1, else 0.
    labels : list of str, optional
        The names of the classes, in the order of their numbers.
    resolution : int
        How many points of the plane to ask along each side.
    margin : float
        How far the plane goes beyond the data, as a share of their extent.
    title, colours, theme, ax
        As for :func:`viz.plots.loss_curves`; one colour per class.

    Raises
    ------
    ValueError
        When shapes do not fit, or `predict` returns nan or a class that `y` does not have.
    TypeError
        When `predict` cannot be called.

    Examples
    --------
    The unit that computes AND (row P3):

    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    >>> ax = decision_boundary(lambda points: points @ np.array([1.0, 1.0]) > 1.5, X, y, labels=["no", "yes"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['no', 'yes']
    """
    if not callable(predict):
        raise TypeError(f"predict is a function of points, got {type(predict).__name__}")
    points = checked_array(X, "X")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"X has shape (n, 2), points in the plane, got {points.shape}")
    given = np.asarray(y)
    if given.shape != (len(points),):
        raise ValueError(f"y has one class per point of X, shape ({len(points)},), got {given.shape}")
    if type(resolution) is not int or resolution < 2:
        raise ValueError(f"resolution is a number of points along each side, at least 2, got {resolution!r}")
    dtype = points.dtype if points.dtype.kind == "f" else np.dtype(float)
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    room = margin * np.where(high > low, high - low, 1.0)
    sides = [np.linspace(start, stop, resolution) for start, stop in zip(low - room, high + room, strict=True)]
    plane = np.stack([side.ravel() for side in np.meshgrid(*sides)], axis=1).astype(dtype)
    with no_grad():
        output = np.asarray(predict(tensor(plane) if isinstance(X, Tensor) else plane))
    classes, margins = _margins(output, len(plane), np.unique(given), threshold)
    if labels is not None and len(labels) != len(classes):
        raise ValueError(f"there are {len(classes)} classes, {name_text(classes.tolist())}, but {len(labels)} labels")

    look = make_look(theme, colours)
    ax = make_axes(ax, look, (7.5, 6))
    from matplotlib.colors import to_rgb

    ink = np.array([to_rgb(look.colour(i)) for i in range(len(classes))])
    surest = margins.max(axis=1)
    strength = 0.12 + 0.26 * np.clip(surest / (np.quantile(surest, 0.9) or 1.0), 0, 1)[:, None]
    regions = strength * ink[margins.argmax(axis=1)] + (1 - strength) * np.array(to_rgb(look.theme.background))
    (left, right), (bottom, top) = [(side[0], side[-1]) for side in sides]
    square = (resolution, resolution)
    ax.imshow(regions.reshape(*square, 3), origin="lower", extent=(left, right, bottom, top), aspect="auto")
    for column in margins.T[1:] if len(classes) == 2 else margins.T:
        if column.min() < 0 < column.max():
            ax.contour(*sides, column.reshape(square), levels=[0.0], colors=look.theme.line, linewidths=2)
    for i, name in enumerate(classes):
        chosen = points[given == name]
        ax.scatter(
            *chosen.T,
            s=170 if len(points) <= 20 else 60 if len(points) <= 400 else 22,
            marker=MARKERS[i % len(MARKERS)],
            color=look.colour(i),
            edgecolors=look.theme.background,
            linewidths=1.0,
            label=str(labels[i] if labels is not None else f"class {name}"),
            zorder=3,
        )
    ax.grid(False)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    describe(ax, look, "$x_1$", "$x_2$", title)
    legend(ax, look, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return ax


def _margins(
    output: np.ndarray, count: int, classes: np.ndarray, threshold: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes and, for each point, by how much each class is ahead of the best other one."""
    if output.shape == (count, 1):
        output = output[:, 0]
    if output.shape != (count,) and (output.ndim != 2 or len(output) != count):
        raise ValueError(
            f"predict turned points of shape ({count}, 2) into shape {output.shape}; allowed are "
            f"({count},), ({count}, 1) and ({count}, classes)"
        )
    if output.dtype.kind == "f" and not np.isfinite(output).all():
        bad = ~np.isfinite(output).reshape(count, -1).all(axis=1)
        raise ValueError(f"predict gave nan or infinity for {bad.sum()} of {count} points")
    if output.ndim == 2:
        names = np.arange(output.shape[1])
        if not np.isin(classes, names).all():
            if len(classes) != len(names):
                raise ValueError(
                    f"predict gives {len(names)} scores per point, so y has classes from 0 to {len(names) - 1}, "
                    f"got {name_text(classes.tolist(), 60)}"
                )
            names = classes
        best = np.sort(output.astype(float), axis=1)[:, -2:]
        rival = np.where(output == best[:, 1:], best[:, :1], best[:, 1:])
        return names, output - rival
    if np.isin(output, classes).all() and threshold is None:
        return classes, np.where(output[:, None] == classes, 1.0, -1.0)
    if output.dtype.kind not in "fb" or len(classes) > 2:
        found = name_text(np.unique(output).tolist(), 60)
        raise ValueError(f"predict gave the classes {found}, but y has {name_text(classes.tolist(), 60)}")
    if len(classes) < 2:
        classes = np.array([0, 1]) if np.isin(classes, [0, 1]).all() else np.array([-1, 1])
    scores = output.astype(float)
    if threshold is None:
        threshold = 0.5 if scores.min() >= 0 and scores.max() <= 1 else 0.0
    return classes, np.stack([threshold - scores, scores - threshold], axis=1)

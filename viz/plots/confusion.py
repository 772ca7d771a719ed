"""Which classes a classifier takes for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.plots.checks import checked_array
from viz.plots.style import LABEL, brightness, describe, make_axes, make_look, mix, ramp
from viz.themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NUMBERS = 20
"""Up to how many classes every cell says its number."""


def confusion_matrix(
    matrix: Any,
    predicted: Any = None,
    *,
    labels: Sequence[str] | None = None,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each class (row) was taken for each class (column).

    The colour of a cell is its share of the row: green on the diagonal, where the classifier is right, and
    orange beside it.

    Parameters
    ----------
    matrix : array-like of shape (classes, classes), or (n,) together with `predicted`
        The counts, a row per true class; or the true classes, numbers from 0 on.
    predicted : array-like of shape (n,), optional
        The predicted classes.
    labels : list of str, optional
        The names of the classes.
    title : str, optional
        The title; the accuracy when none is given.
    theme, ax
        As for :func:`viz.plots.loss_curves`.

    Raises
    ------
    ValueError
        When shapes do not fit, or counts or classes are negative or no whole numbers.

    Examples
    --------
    >>> ax = confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], labels=["cat", "dog"])
    >>> ax.get_title(), [text.get_text() for text in ax.texts]
    ('accuracy 75.0 %', ['1', '1', '0', '2'])
    """
    counts = checked_array(matrix, "matrix") if predicted is None else _count(matrix, predicted, labels)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(
            f"the matrix has a row and a column per class, got shape {counts.shape}; "
            f"for lists of classes call confusion_matrix(true, predicted)"
        )
    if (counts < 0).any():
        raise ValueError(f"the matrix holds counts, got {counts.min():g}")
    if not counts.any():
        raise ValueError("the matrix holds only zeros: there is nothing to draw")
    size = len(counts)
    names = [str(label) for label in labels] if labels is not None else [str(i) for i in range(size)]
    if len(names) != size:
        raise ValueError(f"the matrix has {size} classes, but there are {len(names)} labels")

    look = make_look(theme)
    side = min(max(5.0, 0.62 * size + 1.6), 11.0)
    ax = make_axes(ax, look, (side + 0.6, side))
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.where(totals > 0, totals, 1)
    deepest = 0.85 if look.dark else 1.0
    right, wrong = (
        ramp(look.theme.background, mix(look.theme.background, colour, deepest))
        for colour in (look.theme.value, look.theme.gradient)
    )
    # Errors are rarer than hits: the root lets a share of one in a hundred be seen.
    diagonal = np.eye(size, dtype=bool)[..., None]
    colours = np.where(diagonal, right(shares), wrong(shares**0.4))[..., :3]
    ax.imshow(colours)
    if size <= MOST_NUMBERS:
        for (row, column), count in np.ndenumerate(counts):
            bright = brightness(colours[row, column])
            ax.text(
                column,
                row,
                f"{count:.6g}",
                ha="center",
                va="center",
                fontsize=LABEL if size <= 12 else LABEL - 3,
                color=("#000000" if bright > 0.45 else "#ffffff") if count else look.quiet,
                alpha=1.0 if count else 0.6,
            )
    slanted = max(map(len, names)) * 0.11 * size > side - 1.6  # inches
    ax.set_xticks(range(size), names, rotation=45 if slanted else 0, ha="right" if slanted else "center")
    ax.set_yticks(range(size), names)
    ax.grid(False)
    ax.set_xticks(np.arange(0.5, size - 1), minor=True)
    ax.set_yticks(np.arange(0.5, size - 1), minor=True)
    ax.grid(which="minor", color=look.grid, linewidth=1)
    ax.tick_params(which="both", length=0)
    for spine in ax.spines.values():
        spine.set(visible=True, color=look.grid)
    accuracy = np.trace(counts) / counts.sum()
    describe(ax, look, "predicted class", "true class", title or f"accuracy {100 * accuracy:.1f} %")
    return ax


def _count(true: Any, predicted: Any, labels: Sequence[str] | None) -> np.ndarray:
    columns = []
    for name, given in (("true", true), ("predicted", predicted)):
        array = checked_array(given, f"the {name} classes")
        if array.ndim != 1 or (array != np.round(array)).any() or (array < 0).any():
            raise ValueError(
                f"the {name} classes are whole numbers from 0 on, in one row, "
                f"got {array.dtype} of shape {array.shape}, least {array.min():g}"
            )
        columns.append(array.astype(np.int64))
    if len(columns[0]) != len(columns[1]):
        raise ValueError(f"{len(columns[0])} true classes, but {len(columns[1])} predicted ones")
    largest = int(max(column.max() for column in columns))
    size = len(labels) if labels is not None else largest + 1
    if largest >= size:
        raise ValueError(f"there is a class {largest}, but {size} labels name only classes 0 to {size - 1}")
    return np.bincount(columns[0] * size + columns[1], minlength=size * size).reshape(size, size)

"""Images side by side: filters, feature maps, templates of a linear classifier, batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.plots.checks import checked_array
from viz.plots.style import NOTE, Look, bare, colour_bar, describe, make_axes, make_look
from viz.themes import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP, CAPTION = 0.08, 0.26
"""The space between tiles, and above them for a caption, as a share of a tile's width."""


def filters(
    weights: Any,
    *,
    columns: int | None = None,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw the filters of a convolution (lecture row C6).

    Filters of three channels are shown in colour, each stretched to its own range.  Others show
    their signs, blue below zero and orange above, on one scale; of several channels each has a column.

    Parameters
    ----------
    weights : array-like of shape (filters, channels, height, width)
        The weights, such as ``layer.weight``.
    columns : int, optional
        How many tiles stand in a row; by default about a square of them.
    title, theme, ax
        As for :func:`viz.plots.loss_curves`.

    Raises
    ------
    ValueError
        When the shape is another, or a weight is nan or infinite.

    Examples
    --------
    >>> filters(np.random.rand(8, 3, 5, 5))
    <Axes: >
    """
    array = checked_array(weights, "weights").astype(float)
    if array.ndim != 4:
        raise ValueError(f"weights has shape (filters, channels, height, width), got {array.shape}")
    look = make_look(theme)
    if array.shape[1] == 3:
        return _draw(ax, look, [_stretch(tile) for tile in array.transpose(0, 2, 3, 1)], columns, title)
    if array.shape[1] > 1:
        columns = columns or array.shape[1]
    tiles = array.reshape(-1, *array.shape[2:])
    return _draw(ax, look, list(tiles), columns, title, scale=abs(tiles).max(), name="weight")


def feature_maps(
    maps: Any,
    *,
    columns: int | None = None,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw what the filters of a layer make of one image (lecture row C6).

    Maps without a negative number, as after ReLU, run from black at zero to bright: the dark areas are where the
    ReLU is off.  Other maps show their signs, blue below zero and orange above.  All maps share one scale.

    Parameters
    ----------
    maps : array-like of shape (channels, height, width) or (1, channels, height, width)
        The output of a layer.
    columns, title, theme, ax
        As for :func:`filters`.

    Raises
    ------
    ValueError
        When the shape is another, or a number is nan or infinite.

    Examples
    --------
    >>> ax = feature_maps(np.random.rand(6, 14, 14))
    >>> len(ax.images)
    6
    """
    array = checked_array(maps, "maps").astype(float)
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim != 3:
        hint = "; take one image of the batch, maps[0]" if array.ndim == 4 else ""
        raise ValueError(f"maps has shape (channels, height, width), got {array.shape}{hint}")
    lit = bool((array >= 0).all())
    return _draw(ax, make_look(theme), list(array), columns, title, scale=abs(array).max(), lit=lit, name="activation")


def templates(
    weights: Any,
    labels: Sequence[str] | None = None,
    *,
    shape: tuple[int, ...] | None = None,
    columns: int | None = None,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw each row of a linear classifier's weights as the image that it looks for (lecture row T12).

    Parameters
    ----------
    weights : array-like of shape (classes, pixels)
        The weights without the bias.
    labels : list of str, optional
        The names of the classes.
    shape : tuple of int, optional
        (height, width) or (3, height, width) of an image; by default a square, grey or in colour.
    columns, title, theme, ax
        As for :func:`filters`.

    Raises
    ------
    ValueError
        When the rows do not make images of that shape.

    Examples
    --------
    >>> ax = templates(np.random.rand(2, 3072), ["cat", "dog"])
    >>> [text.get_text() for text in ax.texts]
    ['cat', 'dog']
    """
    array = checked_array(weights, "weights").astype(float)
    if array.ndim != 2:
        raise ValueError(f"weights has shape (classes, pixels), got {array.shape}")
    pixels = array.shape[1]
    shape = _image_shape(pixels) if shape is None else tuple(shape)
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[0] != 3) or math.prod(shape) != pixels:
        raise ValueError(
            f"a row of weights has {pixels} numbers, which make no image of shape {shape}; "
            f"give shape=(height, width) or shape=(3, height, width)"
        )
    names = _names(labels, len(array), "templates")
    look = make_look(theme)
    columns = columns or min(len(array), 5)
    if len(shape) == 3:
        tiles = [_stretch(row.reshape(shape).transpose(1, 2, 0)) for row in array]
        return _draw(ax, look, tiles, columns, title, captions=names)
    tiles = list(array.reshape(-1, *shape))
    return _draw(ax, look, tiles, columns, title, captions=names, scale=abs(array).max(), name="weight")


def images(
    batch: Any,
    labels: Any = None,
    predictions: Any = None,
    *,
    names: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    theme: str | Theme = "default",
    ax: Axes | None = None,
) -> Axes:
    """Draw a batch of images with their labels, and with what a classifier took them for.

    Parameters
    ----------
    batch : array-like of shape (n, height, width), (n, 1, height, width) or (n, 3, height, width)
        Whole numbers from 0 to 255, or floats; floats beyond 0 to 1, as after standardising, are stretched
        image by image.
    labels, predictions : array-like of shape (n,), optional
        The true classes and the predicted ones.  A wrong prediction is written ``✗ dog (cat)``: a cat, taken for a
        dog.
    names : list of str, optional
        The names of the classes.
    columns, title, theme, ax
        As for :func:`filters`.

    Raises
    ------
    ValueError
        When shapes do not fit, a pixel is nan, or a class has no name.

    Examples
    --------
    >>> ax = images(np.random.rand(2, 8, 8), [0, 1], [0, 0], names=["cat", "dog"])
    >>> [text.get_text() for text in ax.texts]
    ['✓ cat', '✗ cat (dog)']
    """
    array = checked_array(batch, "batch")
    if array.ndim == 4 and array.shape[1] in (1, 3):
        array = array.transpose(0, 2, 3, 1)
        array = array[..., 0] if array.shape[3] == 1 else array
    elif array.ndim != 3:
        hint = f"; one image is a batch of one, image[None], of shape {(1, *array.shape)}" if array.ndim == 2 else ""
        raise ValueError(
            f"batch has shape (n, height, width), (n, 1, height, width) or (n, 3, height, width), "
            f"got {array.shape}{hint}"
        )
    true = _names(labels, len(array), "images", names)
    taken = _names(predictions, len(array), "images", names)
    look = make_look(theme)
    captions, inks = true or taken, None
    if true and taken:
        right = [a == b for a, b in zip(true, taken, strict=True)]
        captions = [f"✓ {a}" if ok else f"✗ {b} ({a})" for a, b, ok in zip(true, taken, right, strict=True)]
        inks = [look.theme.value if ok else look.theme.gradient for ok in right]
    if array.dtype.kind in "iu":
        if array.min() < 0 or array.max() > 255:
            raise ValueError(f"whole numbers of an image lie from 0 to 255, got {array.min()} to {array.max()}")
        array = array / 255
    tiles = [tile if tile.min() >= 0 and tile.max() <= 1 else _stretch(tile) for tile in array.astype(float)]
    return _draw(ax, look, tiles, columns, title, captions=captions, inks=inks)


def _image_shape(pixels: int) -> tuple[int, ...]:
    for channels in (1, 3):
        side = math.isqrt(pixels // channels)
        if channels * side * side == pixels:
            return (side, side) if channels == 1 else (3, side, side)
    return (pixels,)


def _columns(count: int) -> int:
    """Return how many tiles to put in a row, so that the last row is as full as can be."""
    least = math.ceil(math.sqrt(count))
    return min(range(least, 2 * least + 1), key=lambda columns: -count % columns)


def _stretch(tile: np.ndarray) -> np.ndarray:
    """Move an image to the range from 0 to 1."""
    low, high = tile.min(), tile.max()
    return (tile - low) / (high - low) if high > low else np.full_like(tile, 0.5)


def _names(given: Any, count: int, what: str, names: Sequence[str] | None = None) -> list[str] | None:
    if given is None:
        return None
    entries = np.asarray(given).tolist()
    if not isinstance(entries, list) or len(entries) != count:
        size = len(entries) if isinstance(entries, list) else "one"
        raise ValueError(f"there are {count} {what}, but {size} labels")
    if names is None:
        return [str(entry) for entry in entries]
    for entry in entries:
        if not isinstance(entry, int) or not 0 <= entry < len(names):
            raise ValueError(f"class {entry!r} has no name: names has {len(names)}, for classes 0 to {len(names) - 1}")
    return [str(names[entry]) for entry in entries]


def _draw(
    ax: Axes | None,
    look: Look,
    tiles: list[np.ndarray],
    columns: int | None,
    title: str | None,
    *,
    captions: list[str] | None = None,
    inks: list[str] | None = None,
    scale: float | None = None,
    lit: bool = False,
    name: str = "",
) -> Axes:
    """Draw tiles in rows: each is one wide.  With a `scale` they are numbers, shown as colours of one scale."""
    if columns is not None and (type(columns) is not int or columns < 1):
        raise ValueError(f"columns is how many tiles stand in a row, at least 1, got {columns!r}")
    columns = min(columns or _columns(len(tiles)), len(tiles))
    rows = math.ceil(len(tiles) / columns)
    tall = tiles[0].shape[0] / tiles[0].shape[1]
    step_x, step_y = 1 + GAP, tall + (CAPTION if captions else GAP)
    across, down = columns * step_x - GAP, rows * step_y - (0 if captions else GAP)
    inch = min(max(9.0 / across, 0.28), 1.5, max(7.0 / down, 0.28))
    ax = make_axes(ax, look, (max(across * inch, 3.0) + (1.4 if scale else 0.3), down * inch + (0.7 if title else 0.3)))
    bare(ax)
    low, high = 0.0 if lit or scale is None else -scale, scale or 1.0
    colours = ("magma" if lit else look.signs) if scale is not None else "gray"
    for i, tile in enumerate(tiles):
        x, y = i % columns * step_x, i // columns * step_y + (CAPTION if captions else 0)
        place = (x, x + 1, y + tall, y)
        ax.imshow(tile, extent=place, cmap=colours, interpolation="nearest", vmin=low, vmax=high)
        if captions:
            ink = inks[i] if inks else look.theme.text
            size = min(NOTE + 1, 72 * inch * 1.05 / (0.62 * max(map(len, captions))))
            ax.text(x + 0.5, y - 0.05, captions[i], ha="center", va="bottom", color=ink, fontsize=max(size, 6))
    if scale is not None:
        _frame(ax, look, len(tiles), columns, step_x, step_y, tall, CAPTION if captions else 0)
    ax.set(xlim=(-0.02, across + 0.02), ylim=(down + 0.02, -0.02), aspect="equal")
    describe(ax, look, title=title)
    if scale:
        colour_bar(ax, look, ax.images[0], name)
    return ax


def _frame(
    ax: Axes, look: Look, count: int, columns: int, step_x: float, step_y: float, tall: float, top: float
) -> None:
    """Draw a line around each tile: zero may have the colour of the page."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    boxes = [Rectangle((i % columns * step_x, i // columns * step_y + top), 1, tall) for i in range(count)]
    ax.add_collection(PatchCollection(boxes, facecolor="none", edgecolor=look.quiet, linewidth=0.6), autolim=False)

"""Augmentation: every time an image is seen it is changed a little, at random, as its meaning allows.

The random numbers are those of ``autograd.manual_seed``, or in a DataLoader those of its seed.
"""

from __future__ import annotations

import numpy as np

from autograd.creation import generator
from nn.data.transforms.transform import Transform, as_images


class RandomTransform(Transform):
    """The base of random transforms of images, which are written as ``change`` in a subclass.

    Examples
    --------
    >>> class RandomBrightness(RandomTransform):
    ...     def change(self, images, random):
    ...         return images * random.uniform(0.8, 1.2, (len(images), 1, 1, 1))
    >>> RandomBrightness()(np.ones((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """

    def change(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return changed images, of a batch (N, C, H, W)."""
        raise NotImplementedError(f"{type(self).__name__} has no change(self, images, random): write one")

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the changed images, or the one image."""
        changed = self.change(as_images(self, x), generator())
        return changed[0] if x.ndim == 3 else changed


class RandomHorizontalFlip(RandomTransform):
    """Mirror left and right with probability `p`, each image for itself.

    Examples
    --------
    >>> RandomHorizontalFlip(p=1.0)(np.array([[[1, 2, 3]]]))
    array([[[3, 2, 1]]])
    """

    axis = 3

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"{type(self).__name__}: p is a probability from 0 to 1, got {p}")
        self.p = p

    def change(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return images of which some are mirrored."""
        chosen = random.random(len(images)) < self.p
        out = images.copy()
        out[chosen] = np.flip(images[chosen], self.axis)
        return out


class RandomVerticalFlip(RandomHorizontalFlip):
    """Mirror top and bottom with probability `p`, each image for itself.

    Examples
    --------
    >>> RandomVerticalFlip(p=1.0)(np.array([[[1], [2]]]))
    array([[[2],
            [1]]])
    """

    axis = 2


class RandomCrop(RandomTransform):
    """Cut out a part of a given size at a random place, each image for itself.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the part.
    padding : int
        How many pixels of zero are put around the image first.

    Raises
    ------
    ValueError
        When the part is larger than the padded image.

    Examples
    --------
    >>> RandomCrop(28, padding=2)(np.ones((5, 1, 28, 28))).shape
    (5, 1, 28, 28)
    """

    def __init__(self, size: int | tuple[int, int], padding: int = 0) -> None:
        self.size = (size, size) if isinstance(size, int) else tuple(size)
        self.padding = padding
        if len(self.size) != 2 or min(self.size) < 1 or padding < 0:
            raise ValueError(
                f"RandomCrop: size is a number from 1 or two of them, padding from 0; got {size!r} and {padding!r}"
            )

    def change(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return the parts."""
        return _cropped(self, images, self.size, self.padding, random)


class RandomShift(RandomTransform):
    """Shift by up to so many pixels up or down and left or right; what moves in is zero.

    Parameters
    ----------
    pixels : int
        The farthest that an image is shifted along an axis.

    Examples
    --------
    >>> RandomShift(2)(np.ones((5, 1, 28, 28))).shape
    (5, 1, 28, 28)
    """

    def __init__(self, pixels: int) -> None:
        if pixels < 0:
            raise ValueError(f"RandomShift: pixels is not negative, got {pixels}")
        self.pixels = pixels

    def change(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return the shifted images."""
        return _cropped(self, images, images.shape[2:], self.pixels, random)


def _cropped(
    transform: Transform, images: np.ndarray, size: tuple[int, ...], padding: int, random: np.random.Generator
) -> np.ndarray:
    around = (padding, padding)
    padded = np.pad(images, ((0, 0), (0, 0), around, around)) if padding else images
    room = [have - want for have, want in zip(padded.shape[2:], size, strict=True)]
    if min(room) < 0:
        raise ValueError(
            f"{type(transform).__name__}: no part {size} in images {images.shape} with padding {padding}; make the "
            f"size smaller or the padding larger"
        )
    top, left = (random.integers(0, most + 1, len(images)) for most in room)
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, (2, 3))  # type: ignore[arg-type]
    return windows[np.arange(len(images)), :, top, left]


class RandomRotation(RandomTransform):
    """Turn around the centre by an angle up to `degrees` to either side; each pixel takes the nearest one.

    Parameters
    ----------
    degrees : float or (float, float)
        The largest angle, or the smallest and the largest, counter-clockwise.

    Examples
    --------
    >>> RandomRotation((90, 90))(np.array([[[1, 2], [3, 4]]]))
    array([[[2, 4],
            [1, 3]]])
    """

    def __init__(self, degrees: float | tuple[float, float]) -> None:
        low, high = (-degrees, degrees) if isinstance(degrees, (int, float)) else degrees
        if not low <= high:
            raise ValueError(
                f"RandomRotation: degrees is a number from 0, or the smallest and the largest angle; got {degrees!r}"
            )
        self.degrees = low, high

    def change(self, images: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return the turned images; what comes in from outside is zero."""
        count, _, height, width = images.shape
        angle = np.radians(random.uniform(*self.degrees, count))[:, None, None]
        y = np.arange(height)[:, None] - (height - 1) / 2
        x = np.arange(width) - (width - 1) / 2
        # Where the pixel that is now at (y, x) comes from.
        row = np.rint(np.cos(angle) * y + np.sin(angle) * x + (height - 1) / 2).astype(int)
        column = np.rint(np.cos(angle) * x - np.sin(angle) * y + (width - 1) / 2).astype(int)
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        rows, columns = row.clip(0, height - 1), column.clip(0, width - 1)
        taken = images[np.arange(count)[:, None, None], :, rows, columns]  # (N, H, W, C)
        return np.where(inside[..., None], taken, images.dtype.type(0)).transpose(0, 3, 1, 2)

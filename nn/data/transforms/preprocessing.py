"""Preprocessing: scales, and statistics that are taken from the training data.

What is fitted is fitted on the training data alone, and then applied to all data alike.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from autograd import Tensor
from nn.data.checks import check_finite
from nn.data.transforms.transform import Transform, as_images, floats

Self = TypeVar("Self", bound="Fitted")


class ToFloat(Transform):
    """Bytes from 0 to 255 as float32 from 0 to 1; other numbers as float32.

    Examples
    --------
    >>> ToFloat()(np.array([0, 51, 255], np.uint8))
    array([0. , 0.2, 1. ], dtype=float32)
    """

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return float32."""
        scaled = x.astype(np.float32)
        return scaled / np.float32(255) if x.dtype == np.uint8 else scaled


class Normalize(Transform):
    """Subtract from each channel of images its given mean, and divide by its given deviation.

    Parameters
    ----------
    mean, std : sequence of float
        One number for each channel.

    Raises
    ------
    ValueError
        When a deviation is not above zero, or images have another number of channels.

    Examples
    --------
    >>> Normalize(mean=[1.0], std=[2.0])(np.array([[[1.0, 5.0]]]))
    array([[[0., 2.]]])
    """

    def __init__(self, mean: Any, std: Any) -> None:
        self.mean, self.std = ([float(number) for number in np.atleast_1d(numbers)] for numbers in (mean, std))
        if len(self.mean) != len(self.std) or not all(number > 0 for number in self.std):
            raise ValueError(
                f"Normalize: one mean and one deviation above zero a channel, got mean {self.mean} and std {self.std}"
            )

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the normalised images."""
        x = floats(x)
        images = as_images(self, x)
        if images.shape[1] != len(self.mean):
            raise ValueError(f"Normalize: means for {len(self.mean)} channels, but images of shape {x.shape}")
        mean, std = (np.array(numbers, x.dtype)[:, None, None] for numbers in (self.mean, self.std))
        return (x - mean) / std


class PerImageZeroMean(Transform):
    """Subtract from each image its own mean: how bright the whole image is no longer counts.

    Examples
    --------
    >>> PerImageZeroMean()(np.array([[[1.0, 5.0]]]))
    array([[[-2.,  2.]]])
    """

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the images without their means."""
        x = floats(x)
        as_images(self, x)
        return x - x.mean((-3, -2, -1), keepdims=True)


class Fitted(Transform):
    """The base of transforms that are fitted on training data first.

    Examples
    --------
    >>> ZeroMean()(np.ones((2, 3)))
    Traceback (most recent call last):
    ...
    ValueError: ZeroMean: call fit(training_data) first
    """

    _shape: tuple[int | None, ...] = ()  # of an item; None where any length is right

    def fit(self: Self, x: Any) -> Self:
        """Take the statistics from training data, one item a row, and return the transform.

        Raises
        ------
        ValueError
            When there are no items, or a number is nan or infinite.
        """
        array = x.numpy() if isinstance(x, Tensor) else np.asarray(x)
        if array.ndim < 2 or not array.size:
            raise ValueError(f"{type(self).__name__}.fit takes training data, one item a row; got shape {array.shape}")
        check_finite(array, f"{type(self).__name__}.fit")
        self._learn(array.astype(np.float64))
        return self

    def _learn(self, x: np.ndarray) -> None:
        raise NotImplementedError

    def _checked(self, x: np.ndarray) -> np.ndarray:
        """Return the numbers to transform: a batch or a single item of the shape of the training data's."""
        if not self._shape:
            raise ValueError(f"{type(self).__name__}: call fit(training_data) first")
        item = x.shape[-len(self._shape) :]
        fits = len(item) == len(self._shape) and x.ndim - len(item) <= 1
        if not fits or any(n not in (length, None) for length, n in zip(item, self._shape, strict=True)):
            wanted = str(self._shape).replace("None", "any")
            raise ValueError(f"{type(self).__name__}: fitted on items of shape {wanted}, got shape {x.shape}")
        return floats(x)


class ZeroMean(Fitted):
    """Subtract the mean of the training data.

    Parameters
    ----------
    axis : int or tuple of int
        The axes that the mean runs over: 0 gives each feature its own mean, and for images (N, C, H, W) is
        the mean image; (0, 2, 3) gives each channel its own.

    Examples
    --------
    >>> zero_mean = ZeroMean().fit(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> zero_mean(np.array([[1.0, 10.0], [3.0, 30.0]]))
    array([[ -1., -10.],
           [  1.,  10.]])
    """

    def __init__(self, axis: int | tuple[int, ...] = 0) -> None:
        self.axis = (axis,) if isinstance(axis, int) else tuple(axis)
        if 0 not in self.axis or min(self.axis) < 0:
            raise ValueError(
                f"{type(self).__name__}: axis counts from 0, which is that of the samples and one of them; got {axis!r}"
            )

    def _learn(self, x: np.ndarray) -> None:
        self.mean = x.mean(self.axis, keepdims=True)[0]
        self._shape = tuple(None if i in self.axis else n for i, n in enumerate(x.shape))[1:]

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the numbers without their means."""
        x = self._checked(x)
        return x - self.mean.astype(x.dtype)


class Standardize(ZeroMean):
    """Subtract the mean and divide by the standard deviation of the training data.

    What is the same in all of the training data is not divided.

    Parameters
    ----------
    axis : int or tuple of int
        The axes that mean and deviation run over; see :class:`ZeroMean`.

    Examples
    --------
    >>> standardize = Standardize().fit(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> standardize(np.array([[1.0, 10.0], [5.0, 20.0]]))
    array([[-1., -1.],
           [ 3.,  0.]])
    """

    def _learn(self, x: np.ndarray) -> None:
        super()._learn(x)
        std = x.std(self.axis, keepdims=True)[0]
        # The mean of equal numbers is rounded, so that their deviation is not exactly zero.
        constant = std <= 10 * np.finfo(np.float64).eps * np.abs(self.mean)
        self.std = np.where(constant, 1.0, std)

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the standardised numbers."""
        centred = super().apply(x)
        return centred / self.std.astype(centred.dtype)


class Decorrelate(Fitted):
    """Rotate the data onto the directions in which the training data vary most, so that none correlate (PCA).

    Parameters
    ----------
    components : int, optional
        How many directions are kept, those of the largest variance first; by default all.

    Attributes
    ----------
    directions : array (D, components)
        Eigenvectors of the covariance matrix; the largest entry of each is positive.
    variances : array (components,)
        Its eigenvalues, with the largest first.

    Examples
    --------
    >>> line = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    >>> (Decorrelate().fit(line)(line) + 0.0).round(3)
    array([[-1.414,  0.   ],
           [ 0.   ,  0.   ],
           [ 1.414,  0.   ]])
    """

    def __init__(self, components: int | None = None) -> None:
        self.components = components

    def _learn(self, x: np.ndarray) -> None:
        rows = x.reshape(len(x), -1)
        count = rows.shape[1] if self.components is None else self.components
        if not 1 <= count <= rows.shape[1]:
            raise ValueError(f"{type(self).__name__}: components is from 1 to {rows.shape[1]}, got {count}")
        self.mean = rows.mean(0)
        covariance = (rows - self.mean).T @ (rows - self.mean) / len(rows)
        variances, directions = np.linalg.eigh(covariance)
        variances, directions = variances[::-1][:count], directions[:, ::-1][:, :count]
        largest = np.take_along_axis(directions, np.abs(directions).argmax(0)[None], 0)
        # Rounding can leave a variance of zero a little below it.
        self.directions, self.variances = directions * np.sign(largest), np.maximum(variances, 0.0)
        self._shape = x.shape[1:]

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the data in the directions: (N, components), or (components,) for a single item."""
        x = self._checked(x)
        batch = x.shape[: x.ndim - len(self._shape)]
        return (x.reshape(*batch, -1) - self.mean.astype(x.dtype)) @ self.directions.astype(x.dtype)


class Whiten(Decorrelate):
    """Decorrelate the data and give each direction variance one.

    Parameters
    ----------
    components : int, optional
        How many directions are kept; by default all.
    eps : float
        Added to the variances, so that directions that hardly vary do not become noise.

    Examples
    --------
    >>> data = np.array([[0.0, 1.0], [1.0, 3.0], [2.0, 2.0], [3.0, 6.0]])
    >>> white = Whiten(eps=0.0).fit(data)(data)
    >>> np.cov(white.T, bias=True).round(3) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """

    def __init__(self, components: int | None = None, eps: float = 1e-5) -> None:
        super().__init__(components)
        if eps < 0:
            raise ValueError(f"Whiten: eps is not negative, got {eps}")
        self.eps = eps

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the data in the directions, divided by their standard deviations."""
        rotated = super().apply(x)
        return rotated / np.sqrt(self.variances + self.eps).astype(rotated.dtype)

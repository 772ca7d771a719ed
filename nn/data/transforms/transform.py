"""What all transforms have in common, and several as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.creation import from_numpy


class Transform:
    """A function of arrays that is written as ``apply`` in a subclass; called with a tensor, it returns one.

    Examples
    --------
    >>> class Double(Transform):
    ...     def apply(self, x):
    ...         return 2 * x
    >>> Double()(np.ones(2)), Double()(ones(2))
    (array([2., 2.]), tensor([2., 2.]))
    """

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return the transformed array, without changing the one that is given."""
        raise NotImplementedError(f"{type(self).__name__} has no apply(self, x): write one that returns an array")

    def __call__(self, x: Any) -> Any:
        """Return the transformed array, or a tensor for a tensor."""
        if isinstance(x, Tensor):
            return from_numpy(self.apply(x.numpy()))
        return self.apply(np.asarray(x))

    def __repr__(self) -> str:
        given = {name: value for name, value in vars(self).items() if not isinstance(value, np.ndarray)}
        options = ", ".join(f"{name}={value!r}" for name, value in given.items() if not name.startswith("_"))
        return f"{type(self).__name__}({options})"


class Compose(Transform):
    """Several transforms, one after the other.

    Parameters
    ----------
    transforms : sequence of callable
        Each is called with the array that the one before returned.

    Examples
    --------
    >>> from nn.data.transforms.preprocessing import Normalize, ToFloat
    >>> to_input = Compose([ToFloat(), Normalize([0.5], [0.5])])
    >>> to_input(np.array([[[0, 255]]], np.uint8))
    array([[[-1.,  1.]]], dtype=float32)
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = list(transforms)

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return what the last transform returns."""
        for transform in self.transforms:
            x = np.asarray(transform(x))
        return x


def floats(x: np.ndarray) -> np.ndarray:
    """Return numbers to compute with: whole numbers as float32, floats as they are.

    Examples
    --------
    >>> floats(np.array([1, 2]))
    array([1., 2.], dtype=float32)
    """
    return x if x.dtype.kind == "f" else x.astype(np.float32)


def as_images(transform: Transform, x: np.ndarray) -> np.ndarray:
    """Return a batch of images (N, C, H, W), also of a single one (C, H, W).

    Raises
    ------
    ValueError
        When it has another number of axes.

    Examples
    --------
    >>> as_images(Transform(), np.zeros((3, 8, 8))).shape
    (1, 3, 8, 8)
    """
    if x.ndim not in (3, 4):
        raise ValueError(
            f"{type(transform).__name__} takes images (N, C, H, W) or one (C, H, W), got shape {x.shape}; grey images "
            f"have one channel: x[:, None]"
        )
    return x[None] if x.ndim == 3 else x

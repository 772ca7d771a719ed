"""Modules that change shapes, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Tensor
from nn import functional as F
from nn.functional.arguments import choice_of
from nn.modules.module import Module


class Flatten(Module):
    """Put several axes into one; by default all but the first.

    Examples
    --------
    >>> from autograd import zeros
    >>> Flatten()(zeros(2, 3, 4)).shape
    (2, 12)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        """Return the same numbers in another shape."""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Return the axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Divide one axis into several.

    Parameters
    ----------
    dim : int
        The axis.
    unflattened_size : sequence of int
        The sizes of the new axes; one may be -1.

    Examples
    --------
    >>> from autograd import zeros
    >>> Unflatten(1, (3, 4))(zeros(2, 12)).shape
    (2, 3, 4)
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, input: Tensor) -> Tensor:
        """Return the same numbers in another shape."""
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        """Return the axis and the sizes."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class PixelShuffle(Module):
    """Spread channels over a larger image; see :func:`nn.functional.pixel_shuffle`.

    Parameters
    ----------
    upscale_factor : int
        By how much height and width grow.

    Examples
    --------
    >>> from autograd import zeros
    >>> PixelShuffle(2)(zeros(1, 8, 2, 3)).shape
    (1, 2, 4, 6)
    """

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        """Return larger images with fewer channels."""
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        """Return the factor."""
        return f"upscale_factor={self.upscale_factor}"


class Upsample(Module):
    """Enlarge signals, images or volumes by repeating the nearest pixel; see :func:`nn.functional.interpolate`.

    Parameters
    ----------
    size : int or sequence of int, optional
        The size of the result, or
    scale_factor : float or sequence of float, optional
        by how much it grows.
    mode : {"nearest"}

    Raises
    ------
    ValueError
        When not exactly one of size and factor is given, or the mode is another.

    Examples
    --------
    >>> from autograd import tensor
    >>> Upsample(scale_factor=2)(tensor([[[1.0, 2.0]]]))
    tensor([[[1., 1., 2., 2.]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None, mode: str = "nearest") -> None:
        if (size is None) == (scale_factor is None):
            raise ValueError(f"Upsample: give either size or scale_factor, got {size!r} and {scale_factor!r}")
        self.size, self.mode = size, choice_of("Upsample", "mode", mode, ["nearest"])
        many = isinstance(scale_factor, (tuple, list))
        self.scale_factor: Any = tuple(map(float, scale_factor)) if many else scale_factor and float(scale_factor)

    def forward(self, input: Tensor) -> Tensor:
        """Return larger inputs."""
        return F.interpolate(input, self.size, self.scale_factor, self.mode)

    def extra_repr(self) -> str:
        """Return the options."""
        sizes = f"size={self.size}" if self.size is not None else f"scale_factor={self.scale_factor}"
        return f"{sizes}, mode={self.mode!r}"


class Identity(Module):
    """Give back what it is given.

    Examples
    --------
    >>> Identity()(3)
    3
    """

    def __init__(self, *ignored: Any, **named: Any) -> None:
        pass

    def forward(self, input: Any) -> Any:
        """Return the input."""
        return input

"""Enlarging and shrinking images."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional.arguments import choice_of, sizes_of, tensor_of


def interpolate(input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest") -> Tensor:
    """Give signals, images or volumes (N, C, ...) another size; every pixel is the nearest of the input.

    Parameters
    ----------
    input : Tensor, shape (N, C, L), (N, C, H, W) or (N, C, D, H, W)
    size : int or sequence of int, optional
        The size of the result, or
    scale_factor : float or sequence of float, optional
        by how much it grows.
    mode : {"nearest"}

    Raises
    ------
    ValueError
        When not exactly one of size and factor is given, or the shape does not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> interpolate(tensor([[[1.0, 2.0]]]), scale_factor=2)
    tensor([[[1., 1., 2., 2.]]])
    """
    x = tensor_of("interpolate", "input", input)
    choice_of("interpolate", "mode", mode, ["nearest"])
    rank = x.ndim - 2
    if rank not in (1, 2, 3) or 0 in x.shape[2:]:
        raise ValueError(f"interpolate: input {x.shape}; it has shape (images, channels, ...) with 1 to 3 more axes")
    if (size is None) == (scale_factor is None):
        raise ValueError(f"interpolate: give either size or scale_factor, got {size!r} and {scale_factor!r}")
    if size is not None:
        sizes = sizes_of("interpolate", "size", size, rank, 1)
        steps = [n / wanted for n, wanted in zip(x.shape[2:], sizes, strict=True)]
    else:
        factors = [float(factor) for factor in (np.ones(rank) * scale_factor)]
        sizes = [int(n * factor) for n, factor in zip(x.shape[2:], factors, strict=True)]
        if min(sizes) < 1:
            raise ValueError(f"interpolate: scale_factor {scale_factor} leaves nothing of input {x.shape}")
        steps = [1.0 / factor for factor in factors]
    for axis, (wanted, step) in enumerate(zip(sizes, steps, strict=True), 2):
        nearest = np.minimum((np.arange(wanted) * step).astype(np.int64), x.shape[axis] - 1)
        x = x[(*(slice(None),) * axis, nearest)]
    return x

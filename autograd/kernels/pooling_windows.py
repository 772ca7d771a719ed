"""Where the windows of a pooling layer lie, in any number of dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Sizes = tuple[int, ...]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Windows:
    """The windows over an input of size `spatial`: one entry per dimension in each field."""

    spatial: Sizes
    kernel: Sizes
    stride: Sizes
    padding: Sizes
    dilation: Sizes
    output: Sizes

    def padded(self, axis: int) -> int:
        """Return how many positions the windows reach over, from the first padded one."""
        return (self.output[axis] - 1) * self.stride[axis] + (self.kernel[axis] - 1) * self.dilation[axis] + 1

    def starts(self, axis: int) -> Array:
        """Return where each window begins; negative inside the left padding."""
        return np.arange(self.output[axis]) * self.stride[axis] - self.padding[axis]

    def tap(self, tap: Sizes) -> tuple[slice, ...]:
        """Return the slices of a padded input that hold one element of every window."""
        return tuple(
            slice(i * d, i * d + (out - 1) * s + 1, s)
            for i, d, out, s in zip(tap, self.dilation, self.output, self.stride, strict=True)
        )


@lru_cache(maxsize=256)
def windows(
    name: str, spatial: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool
) -> Windows:
    """Return the windows of a pooling layer.

    The last window may reach over the end of the input with `ceil_mode`, but it begins inside the input
    or its left padding.

    Raises
    ------
    ValueError
        When a size is not positive, the padding is more than half a window, or a window is larger than
        its padded input.
    """
    output = []
    for size, k, s, p, d in zip(spatial, kernel, stride, padding, dilation, strict=True):
        reach = (k - 1) * d + 1
        if k < 1 or s < 1 or d < 1:
            raise ValueError(
                f"{name}: kernel_size {kernel}, stride {stride} and dilation {dilation} must be at least 1"
            )
        if not 0 <= p <= reach // 2:
            raise ValueError(f"{name}: padding {padding} must be between 0 and half of kernel_size {kernel}")
        room = size + 2 * p - reach
        count = (-(-room // s) if ceil_mode else room // s) + 1
        if ceil_mode and (count - 1) * s >= size + p:
            count -= 1
        if count < 1 or size < 1:
            raise ValueError(
                f"{name}: kernel_size {kernel} with dilation {dilation} is larger than the input {spatial} "
                f"with padding {padding}; use a smaller kernel or more padding"
            )
        starts = np.arange(count)[:, None] * s - p
        elements = starts + np.arange(k) * d
        if not ((elements >= 0) & (elements < size)).any(1).all():
            raise ValueError(
                f"{name}: kernel_size {kernel} with dilation {dilation} and padding {padding} puts a window "
                f"into the padding alone of the input {spatial}"
            )
        output.append(count)
    return Windows(spatial, kernel, stride, padding, dilation, tuple(output))

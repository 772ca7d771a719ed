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
        output.append(count)
    return Windows(spatial, kernel, stride, padding, dilation, tuple(output))


@dataclass(frozen=True)
class Phases:
    """A plane in scratch memory such that every element of all windows is one contiguous stretch.

    The padded plane is split by its row and column modulo the stride: ``phase[a, b, i, j]`` holds padded
    position (i * stride + a, j * stride + b).  With 3 x 3 windows and stride 2::

        a b a b a         phase (0,0)  a a a      phase (0,1)  b b
        c d c d c    ->   of the rows  a a a      of the rows  b b   and so on
        a b a b a         0, 2, 4      a a a      0, 2, 4      b b

    The windows' upper left elements are then phase (0, 0) read in order, the ones to their right phase
    (0, 1), the next ones phase (0, 0) one position later.  Output rows keep the phase's row length, so one
    loop runs over a whole plane; what it computes at the end of each row is not used.

    Attributes
    ----------
    size : int
        Elements of the scratch memory.
    pitch : int
        The length of a phase's row.
    length : int
        How far the loop over a plane runs.
    geometry : array of int64, (2, 4)
        For rows and columns: stride, padding, length within a phase, number of windows.
    taps : array of int64, (kernel height * kernel width, 2)
        For each element of a window, where in scratch memory the first is and by how much its position
        in the plane is larger than the window's start.
    first, base : arrays of int32, (length,)
        For each window the position in the plane of its first element inside the input, and of its start.
    """

    size: int
    pitch: int
    length: int
    geometry: Array
    taps: Array
    first: Array
    base: Array


@lru_cache(maxsize=256)
def phases(w: Windows) -> Phases:
    """Return the arrangement of planes for windows in two dimensions."""
    (_, width), (sh, sw), (dh, dw) = w.spatial, w.stride, w.dilation
    rows, pitch = -(-w.padded(0) // sh), -(-w.padded(1) // sw)
    length = (w.output[0] - 1) * pitch + w.output[1]
    taps = [
        (((i * dh % sh * sw + j * dw % sw) * rows + i * dh // sh) * pitch + j * dw // sw, i * dh * width + j * dw)
        for i in range(w.kernel[0])
        for j in range(w.kernel[1])
    ]
    starts = [w.starts(0), np.arange(pitch) * sw - w.padding[1]]
    inside = [start + -(-np.maximum(-start, 0) // d) * d for start, d in zip(starts, w.dilation, strict=True)]
    base, first = (row[:, None] * width + column for row, column in (starts, inside))
    geometry = np.array([(sh, w.padding[0], rows, w.output[0]), (sw, w.padding[1], pitch, w.output[1])])
    flat = [array.ravel()[:length].astype(np.int32) for array in (first, base)]
    return Phases(sh * sw * rows * pitch, pitch, length, geometry, np.array(taps), *flat)

"""What a picture says about an array: its shape, mean and norm, or its numbers when they are few."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Tensor, float32
from viz.labels import number_text

CHUNK = 1 << 14
"""How many elements are converted to float64 at a time."""


def array_of(data: Any) -> np.ndarray:
    """Return the data or the gradient of a tensor as an array, without changing the tensor."""
    data = data._data if isinstance(data, Tensor) else data
    return np.asarray(data, float32 if isinstance(data, float) and not isinstance(data, np.generic) else None)


def shape_text(shape: tuple[int, ...]) -> str:
    """Write a shape.

    Examples
    --------
    >>> [shape_text(shape) for shape in ((3, 4), (5,), ())]
    ['3×4', '(5)', '()']
    """
    return "×".join(map(str, shape)) if len(shape) > 1 else f"({''.join(map(str, shape))})"


def element_text(element: Any, precision: int) -> str:
    """Write one element: floats with `precision` decimals, whole numbers and truth values as they are."""
    return number_text(element, precision) if isinstance(element, float) else str(element)


@dataclass(frozen=True)
class Summary:
    """Some numbers about many: mean and Euclidean norm of all, and the range of those that are not nan."""

    mean: float
    norm: float
    low: float
    high: float
    nans: int
    infinite: int


def summary(array: np.ndarray) -> Summary:
    """Summarise an array in float64, whatever its dtype, without a copy of all of it.

    Examples
    --------
    >>> summary(np.array([3.0, -4.0]))
    Summary(mean=-0.5, norm=5.0, low=-4.0, high=3.0, nans=0, infinite=0)
    """
    nan = float("nan")
    if not array.size:
        return Summary(nan, 0.0, nan, nan, 0, 0)
    total, squares, low, high = 0.0, 0.0, math.inf, -math.inf
    with np.errstate(all="ignore"):
        for chunk in _chunks(array):
            total += chunk.sum()
            squares += np.einsum("i,i->", chunk, chunk)
            low, high = min(low, chunk.min()), max(high, chunk.max())
        if 1e-200 < squares < math.inf:
            return Summary(float(total) / array.size, math.sqrt(squares), float(low), float(high), 0, 0)
        return _unusual(array, float(total) / array.size)


def _unusual(array: np.ndarray, mean: float) -> Summary:
    """The summary of numbers that are not finite, or whose squares are too large or too small for a float."""
    low, high, nans, infinite = np.inf, -np.inf, 0, 0
    for chunk in _chunks(array):
        low, high = np.fmin(low, np.fmin.reduce(chunk)), np.fmax(high, np.fmax.reduce(chunk))
        nans += int(np.count_nonzero(np.isnan(chunk)))
        infinite += int(np.count_nonzero(np.isinf(chunk)))
    if nans == array.size:
        low = high = np.nan
    largest = max(abs(low), abs(high))
    scale = largest if np.isfinite(largest) and largest > 0 else 1.0
    norm = scale * np.sqrt(sum(np.square(chunk / scale).sum() for chunk in _chunks(array)))
    if not nans + infinite:  # the sum may have overflowed
        mean = scale * float(sum((chunk / scale).sum() for chunk in _chunks(array)) / array.size)
    return Summary(mean, float(norm), float(low), float(high), nans, infinite)


def _chunks(array: np.ndarray) -> Iterator[np.ndarray]:
    flags = ["external_loop", "buffered"]
    yield from np.nditer(array, flags, op_dtypes=[np.float64], casting="unsafe", buffersize=CHUNK)  # pyright: ignore


def summary_lines(array: np.ndarray, precision: int) -> list[str]:
    """Write mean and norm, a line each."""
    if not array.size:
        return ["empty"]
    found = summary(array)
    # A mean that is lost in rounding is zero to a reader.
    error = np.finfo(array.dtype).eps * max(abs(found.low), abs(found.high)) if array.dtype.kind == "f" else 0.0
    lines = [f"mean {number_text(0.0 if abs(found.mean) < error else found.mean, precision)}"]
    return lines if array.dtype == bool else [*lines, f"norm {number_text(found.norm, precision)}"]


def array_words(array: np.ndarray) -> str:
    """Describe an array in a tooltip: all digits of few numbers, mean, norm and range of many.

    Examples
    --------
    >>> array_words(np.array([1.5, 2.5])), array_words(np.arange(10.0))
    ('[1.5, 2.5]', 'mean 4.5, norm 16.8819, from 0 to 9')
    """
    if array.size <= 6:
        return str(array.tolist())
    found = summary(array)
    words = [f"mean {found.mean:.6g}", f"norm {found.norm:.6g}", f"from {found.low:.6g} to {found.high:.6g}"]
    words += [f"{count:,} {kind}" for count, kind in ((found.nans, "nan"), (found.infinite, "infinite")) if count]
    return ", ".join(words)


def kind_text(array: np.ndarray) -> str:
    """Write the dtype when it is not the usual one, float32."""
    return "" if array.dtype == float32 else str(array.dtype)

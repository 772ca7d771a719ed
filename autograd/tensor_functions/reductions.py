"""Reductions with PyTorch's options, and those that name a winner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd import functions, fused
from autograd.array_operations.axes import axis_of
from autograd.dtypes import int64
from autograd.tensor import Tensor
from autograd.tensor_functions.attach import checked, constant, is_array, method
from autograd.tensor_functions.elements import _to
from autograd.tensor_functions.shapes import squeeze

f: Any = functions

__all__ = [
    "argmax",
    "argmin",
    "argsort",
    "cumprod",
    "cumsum",
    "max",
    "mean",
    "min",
    "norm",
    "prod",
    "sort",
    "std",
    "sum",
    "topk",
    "var",
]


def _in(dtype: Any, operation: str, input: Any) -> Tensor:
    """Return the tensor in the dtype to compute with; small whole numbers are added up as int64."""
    input = checked(operation, input)
    if dtype is None and input.dtype.kind in "iub":
        dtype = int64
    return input if dtype is None else _to(input, dtype)


@method()
def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """Add the elements along `dim`, or all; of a list of Values, add them in one gate.

    Parameters
    ----------
    input : Tensor, or iterable of Value
    dim : int, sequence of int or None
        The axes to add along; all for ``None``.
    keepdim : bool
        Keep them as axes of size 1.
    dtype : numpy.dtype, optional
        Convert to it first; whole numbers are added up as int64.

    Examples
    --------
    >>> sum(tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    >>> sum([Value(1.0), Value(2.0), 3.0]).data
    6.0
    """
    if not is_array(input):
        return f.sum(input)
    return f.sum(_in(dtype, "sum", input), dim, keepdim)


@method()
def mean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """Average along `dim`, or over all.

    Examples
    --------
    >>> mean(tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1)
    tensor([1.5, 3.5])
    """
    input = checked("mean", input)
    return f.mean(input if dtype is None else _to(input, dtype), dim, keepdim)


@method()
def prod(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """Multiply the elements along `dim`, or all; each receives the product of the others.

    Examples
    --------
    >>> prod(tensor([2.0, 3.0, 4.0]))
    tensor(24.)
    """
    return f.prod(_in(dtype, "prod", input), dim, keepdim)


@method()
def cumsum(input: Any, dim: int, *, dtype: Any = None) -> Tensor:
    """Add up along `dim`: each result is the sum so far.

    Examples
    --------
    >>> cumsum(tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 3., 6.])
    """
    return f.cumsum(_in(dtype, "cumsum", input), dim)


@method()
def cumprod(input: Any, dim: int, *, dtype: Any = None) -> Tensor:
    """Multiply along `dim`: each result is the product so far.

    Examples
    --------
    >>> cumprod(tensor([1.0, 2.0, 3.0]), dim=0)
    tensor([1., 2., 6.])
    """
    return f.cumprod(_in(dtype, "cumprod", input), dim)


def _corrected(operation: str, dim: Any, unbiased: bool | None, correction: float | None) -> tuple[Any, float]:
    """Return the axes and the correction from PyTorch's two ways to say it."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None and correction is not None:
        raise TypeError(f"{operation}: give unbiased= or correction=, not both")
    if correction is None:
        correction = 1 if unbiased is None or unbiased else 0
    return dim, correction


@method()
def var(
    input: Any,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """Variance along `dim`, or over all.

    Parameters
    ----------
    input : Tensor
    dim : int, sequence of int or None
        The axes; all for ``None``.
    unbiased : bool
        Divide by n - 1 (the default) or by n.
    keepdim : bool
        Keep the axes with size 1.
    correction : float
        Divide by n - correction, instead of `unbiased`.

    Examples
    --------
    >>> var(tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    >>> var(tensor([1.0, 3.0]), correction=0)
    tensor(1.)
    """
    dim, correction = _corrected("var", dim, unbiased, correction)
    return f.var(checked("var", input), dim, correction, keepdim)


@method()
def std(
    input: Any,
    dim: Any = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """Standard deviation along `dim`, or over all; arguments as of :func:`var`.

    Examples
    --------
    >>> std(tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    dim, correction = _corrected("std", dim, unbiased, correction)
    return f.std(checked("std", input), dim, correction, keepdim)


@method()
def norm(
    input: Any, p: float | str | None = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None
) -> Tensor:
    """Length of a vector in the p-norm along `dim`, or of all elements.

    Parameters
    ----------
    input : Tensor
    p : float or "fro"
        The power; ``"fro"`` is 2, infinity the largest size, 0 counts what is not zero.
    dim : int, sequence of int or None
        The axes; all for ``None``.
    keepdim : bool
        Keep the axes with size 1.
    dtype : numpy.dtype, optional
        Convert to it first.

    Examples
    --------
    >>> norm(tensor([3.0, 4.0]))
    tensor(5.)
    >>> norm(tensor([3.0, -4.0]), float("inf"))
    tensor(4.)
    """
    input = checked("norm", input)
    p = 2.0 if p is None or p == "fro" else p
    if isinstance(p, str):
        raise ValueError(f"norm: p is a number or 'fro', got {p!r}; for singular values see numpy.linalg")
    return f.norm(input if dtype is None else _to(input, dtype), float(p), dim, keepdim)


# Those that name a winner.


class Extreme(NamedTuple):
    """Values and the indices where they were found."""

    values: Tensor
    indices: Tensor


def _winner(operation: str, choose: Callable[..., Any], x: Any, dim: int | None, keepdim: bool) -> Tensor:
    x = checked(operation, x)
    if dim is None:
        if x.numel() == 0:
            raise ValueError(
                f"{operation}: a tensor of shape {x.shape} has no element to choose; give a dim of size > 0"
            )
        return constant(np.asarray(choose(x.numpy()), np.int64).reshape((1,) * x.ndim if keepdim else ()))
    axis = axis_of(operation, dim, x.ndim)
    if x.ndim == 0:
        return constant(np.int64(0))
    if x.shape[axis] == 0:
        raise IndexError(f"{operation}: dim {dim} of shape {x.shape} has no element to choose")
    return constant(choose(x.numpy(), axis=axis, keepdims=keepdim))


@method()
def argmax(input: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Index of the largest element, the first of equal ones; along `dim`, or of all in one axis.

    Examples
    --------
    >>> argmax(tensor([1.0, 5.0, 3.0]))
    tensor(1)
    """
    return _winner("argmax", np.argmax, input, dim, keepdim)


@method()
def argmin(input: Any, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Index of the smallest element, the first of equal ones; along `dim`, or of all in one axis.

    Examples
    --------
    >>> argmin(tensor([[1.0, 5.0], [3.0, 2.0]]), dim=1)
    tensor([0, 1])
    """
    return _winner("argmin", np.argmin, input, dim, keepdim)


def _extreme(x: Any, dim: Any, keepdim: bool, whole: Any, two: Any, index: Any) -> Any:
    if not is_array(x) or is_array(dim):
        return two(x, dim)
    if dim is None:
        return whole(x)
    x = checked(index.__name__[3:], x)
    indices = index(x, dim, True)
    if x.ndim == 0:
        return Extreme(f.clone(x), indices)
    values = f.gather(x, dim, indices.numpy())
    return Extreme(values, indices) if keepdim else Extreme(squeeze(values, dim), squeeze(indices, dim))


@method()
def max(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Largest element; along `dim` the values and the indices; of two tensors the larger, element by element.

    Examples
    --------
    >>> max(tensor([[1.0, 5.0], [3.0, 4.0]]))
    tensor(5.)
    >>> max(tensor([[1.0, 5.0], [3.0, 4.0]]), 1)
    Extreme(values=tensor([5., 4.]), indices=tensor([1, 1]))
    >>> max(tensor([1.0, 5.0]), tensor([2.0, 3.0]))
    tensor([2., 5.])
    """
    return f.maximum(input, other) if other is not None else _extreme(input, dim, keepdim, f.amax, f.maximum, argmax)


@method()
def min(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Smallest element; along `dim` the values and the indices; of two tensors the smaller, element by element.

    Examples
    --------
    >>> min(tensor([[1.0, 5.0], [3.0, 4.0]]), 1)
    Extreme(values=tensor([1., 3.]), indices=tensor([0, 0]))
    """
    return f.minimum(input, other) if other is not None else _extreme(input, dim, keepdim, f.amin, f.minimum, argmin)


@method()
def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """Indices that put an axis in order; equal elements keep theirs, whatever `stable` says.

    Examples
    --------
    >>> argsort(tensor([3.0, 1.0, 2.0]))
    tensor([1, 2, 0])
    """
    input = checked("argsort", input)
    axis = axis_of("argsort", dim, input.ndim)
    if input.ndim == 0:
        return constant(np.int64(0))
    array = input.numpy()
    if not descending:
        return constant(np.argsort(array, axis=axis, kind="stable"))
    # Sorted backwards, so that equal elements keep their order when the result is turned around.
    order = np.argsort(np.flip(array, axis), axis=axis, kind="stable")
    return constant(np.flip(array.shape[axis] - 1 - order, axis))


@method()
def sort(input: Any, dim: int = -1, descending: bool = False, stable: bool = True) -> Extreme:
    """Put an axis in order: the values and the indices they had; equal elements keep their order.

    Examples
    --------
    >>> sort(tensor([3.0, 1.0, 2.0])).values
    tensor([1., 2., 3.])
    """
    input = checked("sort", input)
    indices = argsort(input, dim, descending)
    return Extreme(f.gather(input, dim, indices.numpy()) if input.ndim else f.clone(input), indices)


@method()
def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Extreme:
    """The `k` largest, or smallest, along an axis in order: the values and the indices they had.

    Examples
    --------
    >>> topk(tensor([3.0, 1.0, 2.0]), 2)
    Extreme(values=tensor([3., 2.]), indices=tensor([0, 2]))
    """
    input = checked("topk", input)
    axis = axis_of("topk", dim, input.ndim)
    if not 0 <= k <= (input.shape[axis] if input.ndim else 1):
        raise ValueError(f"topk: k is from 0 to the size of dim {dim} of shape {input.shape}, got {k}")
    if input.ndim == 0:
        return Extreme(f.clone(input), constant(np.int64(0)))
    places = _best(input.numpy(), k, axis, largest)
    return Extreme(f.gather(input, axis, places), constant(places))


def _best(array: np.ndarray, k: int, axis: int, largest: bool) -> np.ndarray:
    """The places of the `k` largest or smallest elements, in order: they are found first, and only they are sorted."""
    n = array.shape[axis]
    if 0 < 4 * k < n and array.dtype.kind == "f" and fused.is_large(array.size):
        from autograd.kernels.best import MOST, best

        if k <= MOST:
            rows = np.moveaxis(array, axis, -1)
            places = best(rows.reshape(-1, n), k, largest)[1]
            return np.moveaxis(places.reshape(*rows.shape[:-1], k), -1, axis)
    if k in (0, n):
        return np.take(argsort(array, axis, descending=largest).numpy(), np.arange(k), axis)
    found = np.argpartition(array, n - k if largest else k - 1, axis)
    found = np.take(found, np.arange(n - k, n) if largest else np.arange(k), axis)
    order = argsort(np.take_along_axis(array, found, axis), axis, descending=largest).numpy()
    return np.take_along_axis(found, order, axis)

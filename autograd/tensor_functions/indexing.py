"""Taking elements out by indices and masks, and putting them in."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import functions
from autograd.array_operations.axes import axis_of
from autograd.dtypes import bool as bool_dtype
from autograd.mode import mode
from autograd.tensor import Tensor, as_operand
from autograd.tensor_functions.attach import checked, constant, is_array, method

f: Any = functions

__all__ = [
    "diag",
    "gather",
    "index_add",
    "index_select",
    "masked_fill",
    "masked_select",
    "pad",
    "scatter",
    "scatter_add",
    "take_along_axis",
    "take_along_dim",
    "trace",
]


def _indices(operation: str, index: Any) -> np.ndarray:
    array = index.numpy() if isinstance(index, Tensor) else np.asarray(index)
    if array.size == 0 and not is_array(index):
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{operation}: the index is made of whole numbers, got dtype {array.dtype}")
    return array


def _vector(operation: str, index: Any, n: int, shape: tuple[int, ...], dim: int) -> np.ndarray:
    """Return an index of entries along one axis; negative ones are refused, as PyTorch does."""
    index = _indices(operation, index)
    if index.ndim > 1:
        raise ValueError(f"{operation}: the index is a vector, got shape {index.shape}")
    if index.size and (index.min() < 0 or index.max() >= n):
        wrong = index.min() if index.min() < 0 else index.max()
        raise IndexError(
            f"{operation}: the index {wrong} is out of range for dim {dim} of shape {shape}; give 0 to {n - 1}"
        )
    return np.atleast_1d(index)


@method()
def index_select(input: Any, dim: int, index: Any) -> Tensor:
    """The entries along one axis that an index names.

    Examples
    --------
    >>> index_select(tensor([[1.0, 2.0], [3.0, 4.0]]), 1, tensor([1, 1]))
    tensor([[2., 2.],
            [4., 4.]])
    """
    input = checked("index_select", input)
    axis = axis_of("index_select", dim, input.ndim)
    index = _vector("index_select", index, input.shape[axis] if input.ndim else 1, input.shape, dim)
    return input[(slice(None),) * axis + (index,)] if input.ndim else f.reshape(input, (1,))[index].reshape(())


@method()
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: float = 1) -> Tensor:
    """A copy to which the entries of `source` along one axis are added where an index says.

    Examples
    --------
    >>> index_add(tensor([[0.0, 0.0], [0.0, 0.0]]), 0, tensor([1, 1]), tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[0., 0.],
            [4., 6.]])
    """
    input, source = checked("index_add", input), checked("index_add", source)
    axis = axis_of("index_add", dim, input.ndim)
    index = _vector("index_add", index, input.shape[axis] if input.ndim else 1, input.shape, dim)
    expected = (*input.shape[:axis], len(index), *input.shape[axis + 1 :])
    if source.shape != expected:
        raise ValueError(
            f"index_add: a source of shape {source.shape} for {len(index)} entries of dim {dim} of shape "
            f"{input.shape}; it needs {expected}"
        )
    places = index.reshape([-1 if i == axis else 1 for i in range(input.ndim)])
    return f.scatter_add(input, source if alpha == 1 else source * alpha, axis, np.broadcast_to(places, expected))


@method()
def gather(input: Any, dim: int, index: Any) -> Tensor:
    """The elements along one axis that an index names, one for each of its entries.

    Examples
    --------
    >>> gather(tensor([[1.0, 2.0], [3.0, 4.0]]), 1, tensor([[1], [0]]))
    tensor([[2.],
            [3.]])
    """
    return f.gather(checked("gather", input), dim, _indices("gather", index))


@method("take_along_dim", "take_along_axis")
def take_along_dim(input: Any, indices: Any, dim: int | None = None) -> Tensor:
    """As :func:`gather`, but the other axes broadcast; of all elements in one axis for ``dim=None``.

    Examples
    --------
    >>> x = tensor([[3.0, 1.0], [2.0, 4.0]])
    >>> take_along_dim(x, argmax(x, 1, keepdim=True), 1)
    tensor([[3.],
            [4.]])
    """
    input, indices = checked("take_along_dim", input), _indices("take_along_dim", indices)
    if dim is None:
        return f.gather(f.reshape(input, (input.numel(),)), 0, indices.reshape(-1))
    axis = axis_of("take_along_dim", dim, input.ndim)
    if indices.ndim != input.ndim:
        raise ValueError(
            f"take_along_dim: indices of shape {indices.shape} for shape {input.shape}; they need as many dims"
        )
    shapes = [tuple(1 if i == axis else n for i, n in enumerate(x.shape)) for x in (input, indices)]
    try:
        rest = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"take_along_dim: indices of shape {indices.shape} and the shape {input.shape} do not broadcast; "
            f"beside dim {dim} sizes must be equal or 1"
        ) from None
    wide, full = ((*rest[:axis], *x.shape[axis : axis + 1], *rest[axis + 1 :]) for x in (input, indices))
    return f.gather(f.expand(input, wide), axis, np.broadcast_to(indices, full))


take_along_axis = take_along_dim


@method()
def scatter(input: Any, dim: int, index: Any, src: Any, *, reduce: str | None = None) -> Tensor:
    """A copy in which the elements that an index names along one axis come from `src`, a tensor or a number.

    Parameters
    ----------
    input : Tensor
    dim : int
    index : Tensor of whole numbers
    src : Tensor or number
    reduce : {None, "add"}
        Replace the elements, or add to them.

    Examples
    --------
    >>> scatter(zeros(2, 3), 1, tensor([[2], [0]]), 1.0)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])
    """
    input, index = checked("scatter", input), _indices("scatter", index)
    if reduce not in (None, "add"):
        raise ValueError(f"scatter: reduce is None or 'add', got {reduce!r}")
    src = src if is_array(src) else mode.quietly(np.full, index.shape, src, input.dtype)
    return (f.scatter_add if reduce else f.scatter)(input, src, dim, index)


@method()
def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Tensor:
    """A copy to which `src` is added, each element where an index names along one axis.

    Examples
    --------
    >>> scatter_add(zeros(3), 0, tensor([1, 1, 0]), tensor([1.0, 2.0, 3.0]))
    tensor([3., 3., 0.])
    """
    return f.scatter_add(
        checked("scatter_add", input), checked("scatter_add", src), dim, _indices("scatter_add", index)
    )


@method()
def masked_fill(input: Any, mask: Any, value: Any) -> Tensor:
    """A copy with a number where the mask holds.

    Examples
    --------
    >>> masked_fill(tensor([1.0, 2.0]), tensor([True, False]), 0.0)
    tensor([0., 2.])
    """
    input, mask = checked("masked_fill", input), _mask("masked_fill", mask)
    if is_array(value) and value.ndim:
        raise ValueError(f"masked_fill: the value is one number, got shape {value.shape}; see where")
    if not isinstance(value, Tensor):
        if input.dtype.kind != "f" and not float(value).is_integer():
            raise TypeError(f"masked_fill: {value} does not fit into a tensor of {input.dtype}; use .to(float32)")
        value = constant(input.dtype.type(value))
    return f.where(mask, value, input)


@method()
def masked_select(input: Any, mask: Any) -> Tensor:
    """The elements where the mask holds, in one axis.

    Examples
    --------
    >>> x = tensor([1.0, -2.0, 3.0])
    >>> masked_select(x, x > 0)
    tensor([1., 3.])
    """
    input, mask = checked("masked_select", input), _mask("masked_select", mask).numpy()
    try:
        shape = np.broadcast_shapes(input.shape, mask.shape)
    except ValueError:
        raise ValueError(
            f"masked_select: a mask of shape {mask.shape} does not broadcast to the shape {input.shape}"
        ) from None
    return f.expand(input, shape)[np.broadcast_to(mask, shape)]


def _mask(operation: str, mask: Any) -> Tensor:
    mask = as_operand(mask, None) if is_array(mask) else Tensor(mask)
    if mask.dtype != bool_dtype:
        raise TypeError(f"{operation}: the mask is of dtype bool, got {mask.dtype}; compare, as in x > 0")
    return mask


@method()
def diag(input: Any, diagonal: int = 0) -> Tensor:
    """The diagonal of a matrix, or the matrix with a vector on its diagonal.

    Examples
    --------
    >>> diag(tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    >>> diag(tensor([[1.0, 2.0], [3.0, 4.0]]), 1)
    tensor([2.])
    """
    input = checked("diag", input)
    if input.ndim == 2:
        return f.diagonal(input, diagonal)
    if input.ndim != 1:
        raise ValueError(f"diag: takes a vector or a matrix, got shape {input.shape}; see diagonal")
    n = input.numel() + abs(diagonal)
    return f.diagonal_embed(input, (n, n), diagonal, 0, 1)


@method()
def trace(input: Any) -> Tensor:
    """Sum of the diagonal of a matrix.

    Examples
    --------
    >>> trace(tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(5.)
    """
    input = checked("trace", input)
    if input.ndim != 2:
        raise ValueError(f"trace: takes a matrix, got shape {input.shape}")
    return f.sum(f.diagonal(input))


def pad(input: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """Put numbers around a tensor, from the last axis on: ``(left, right, top, bottom, ...)``.

    Parameters
    ----------
    input : Tensor
    pad : sequence of int
        Two widths for each axis, counted from the last; negative ones cut off.
    mode : {"constant", "reflect", "replicate", "circular"}
        What to put there.
    value : float
        The number for ``"constant"``; 0 when it is not given.

    Raises
    ------
    ValueError
        When there is no such mode, or the widths do not fit the shape.

    Examples
    --------
    >>> pad(tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    tensor([3., 2., 1., 2., 3., 2.])
    """
    input = checked("pad", input)
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise ValueError(
            f"pad: {len(pad)} widths for shape {input.shape}; give two for each padded axis, from the last on"
        )
    pairs = [(operator.index(pad[i]), operator.index(pad[i + 1])) for i in range(0, len(pad), 2)]
    widths = ((0, 0),) * (input.ndim - len(pairs)) + tuple(reversed(pairs))
    if mode == "constant":
        return f.pad_constant(input, widths, value or 0)
    if mode not in _SOURCES:
        raise ValueError(f"pad: there is no mode {mode!r}; choose 'constant', {', '.join(map(repr, _SOURCES))}")
    if value:
        raise ValueError(f"pad: the mode {mode!r} takes no value, got {value}")
    for axis, (before, after) in enumerate(widths):
        n = input.shape[axis]
        limit = {"reflect": n - 1, "circular": n, "replicate": max(before, after) if n else 0}[mode]
        if max(before, after) > limit or n + min(before, 0) + min(after, 0) < 0:
            raise ValueError(
                f"pad: widths {before, after} do not fit dim {axis} of shape {input.shape}; "
                f"{mode!r} allows up to {limit}"
            )
        if before or after:
            places = _SOURCES[mode](np.arange(-before, n + after), n)
            input = input[(slice(None),) * axis + (places,)]
    return input


_SOURCES = {
    "reflect": lambda i, n: n - 1 - np.abs(n - 1 - np.abs(i)),
    "replicate": lambda i, n: np.clip(i, 0, n - 1),
    "circular": lambda i, n: i % n,
}
"""Where along an axis of size n the place i comes from, which lies before or behind the axis."""

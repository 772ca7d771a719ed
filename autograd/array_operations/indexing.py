"""Taking elements out and putting them back: each is the other's gradient."""

import contextlib
import math
from typing import Any

import numpy as np

from autograd import fused
from autograd.array_operation import array_operation
from autograd.array_operations.axes import axis_of


def _is_unique(index):
    """Whether the index is made of slices, numbers and masks, which select every element at most once."""
    return all(not isinstance(part, np.ndarray) or part.dtype == bool for part in index)


def _one_axis(index):
    """The axis, when the index names entries along one axis and takes the others as they are; else -1."""
    *others, last = index or (None,)
    whole = all(isinstance(part, slice) and part == slice(None) for part in others)
    return len(others) if whole and isinstance(last, np.ndarray) and last.ndim == 1 and last.dtype != bool else -1


@array_operation(
    symbol="[ ]",
    latex=r"x[i]",
    products=[lambda m, g, out, x, index: m.put(g, x.shape, index)],
    method=False,
)
def getitem(x, index):
    """The elements that an index selects, as NumPy defines it: slices give views, arrays copies.

    >>> getitem(tensor([1.0, 2.0, 3.0]), (slice(1, None),))
    tensor([2., 3.])
    """
    axis = _one_axis(index)
    if 0 <= axis < x.ndim:
        return _taken(x, axis, index[axis])
    # Numbers alone may select one element, of which NumPy gives a copy; with an ellipsis it is a view.
    return x[(*index, ...)] if all(isinstance(part, int) for part in index) else x[index]


def _taken(x, axis, index):
    """The entries along one axis: as advanced indexing, and faster."""
    n = x.shape[axis]
    if _by_kernel(x, x.size // max(n, 1) * index.size):
        from autograd.kernels.along_axis import take_along

        with contextlib.suppress(IndexError):  # NumPy's names the entry as it was given
            return take_along(x, axis, np.where(index < 0, index + n, index))
    return np.take(x, index, axis)


def _by_kernel(x, size):
    return x.dtype.kind == "f" and fused.is_large(size)


@array_operation(
    symbol="put",
    latex=r"\sum_{i} x_i e_{i}",
    products=[lambda m, g, out, x, shape, index: m.getitem(g, index)],
    method=False,
)
def put(x, shape, index):
    """Zeros of the given shape into which `x` is added where an index selects: what undoes :func:`getitem`.

    >>> put(tensor([5.0, 6.0]), (3,), (slice(1, None),))
    tensor([0., 5., 6.])
    """
    axis = _one_axis(index)
    if _is_unique(index):
        out = np.zeros(shape, x.dtype)
        out[index] = x
    elif axis >= 0 and _by_kernel(x, x.size):
        return _added_along(shape, axis, index[axis] % shape[axis], x)
    else:
        out = np.zeros(shape, x.dtype)
        # One flat index is several times faster than one for each axis.
        np.add.at(out.reshape(-1), flat_positions(shape, index).reshape(-1), x.reshape(-1))
    return out


def _added_along(shape, axis, index, x):
    """Add the entries of `x` along an axis to zeros where an index says."""
    from autograd.kernels.along_axis import add_along
    from autograd.kernels.embedding import add_rows

    if axis:
        return add_along(shape, axis, index, x)
    return add_rows(x.reshape(len(x), math.prod(shape[1:])), index, shape[0]).reshape(shape)


def _put_at_product(m, g, out, x, values, positions):
    return m.put_at(g, np.zeros(positions.shape, x.dtype), positions)


@array_operation(
    symbol="[ ] =",
    latex=r"x[i] \leftarrow y",
    products=[
        _put_at_product,
        lambda m, g, out, x, values, positions: m.getitem(m.reshape(g, (-1,)), (positions,)),
    ],
    method=False,
)
def put_at(x, values, positions):
    """A copy of `x` in which the elements at flat `positions` are `values`: what assigning in place records.

    >>> put_at(tensor([1.0, 2.0, 3.0]), tensor([9.0]), np.array([1]))
    tensor([1., 9., 3.])
    """
    out = np.array(x, order="C")
    out.reshape(-1)[positions] = values
    return out


def _check_index(operation, x, axis, index):
    n = x.shape[axis] if x.ndim else 1
    if index.size and (index.min() < 0 or index.max() >= n):
        wrong = int(index.max() if index.max() >= n else index.min())
        raise IndexError(
            f"{operation}: the index {wrong} is out of range for dim {axis} of shape {x.shape}; give 0 to {n - 1}"
        )


def _index_axis(operation, x, dim, index):
    """The axis along which an index of elements goes; its dtype and shape are checked."""
    axis = axis_of(operation, dim, x.ndim)
    if index.dtype.kind not in "iu":
        raise TypeError(f"{operation}: the index is made of whole numbers, got dtype {index.dtype}")
    if index.ndim != x.ndim or any(
        n > full for i, (n, full) in enumerate(zip(index.shape, x.shape, strict=True)) if i != axis
    ):
        raise ValueError(f"{operation}: an index of shape {index.shape} does not fit the shape {x.shape} in dim {dim}")
    return axis


def _flat(operation, x, dim, index):
    """The positions in the flattened array of the elements that an index names along one axis."""
    axis = _index_axis(operation, x, dim, index)
    _check_index(operation, x, axis, index)
    # Along the axis the index says where, along the others the place stays.
    positions: Any = 0
    step = 1
    for i in reversed(range(index.ndim)):
        along = np.arange(index.shape[i]).reshape([-1 if k == i else 1 for k in range(index.ndim)])
        positions = positions + (index if i == axis else along) * step
        step *= x.shape[i]
    return positions if index.ndim else index


def _gather_product(m, g, out, x, dim, index):
    return m.scatter_add(np.broadcast_to(x.dtype.type(0), x.shape), g, dim, index)


def _along_axis(operation, x, dim, index, *values):
    """Run an operation's kernel; ``None`` where NumPy shall do it."""
    if not (_by_kernel(x, index.size) and x.ndim):
        return None
    from autograd.kernels import along_axis

    axis = _index_axis(operation, x, dim, index)
    try:
        return getattr(along_axis, operation)(x, axis, index, *values)
    except IndexError:
        return _check_index(operation, x, axis, index)  # raises


@array_operation(symbol="gather", latex=r"x[i]", products=[_gather_product])
def gather(input, dim, index):
    """Take along one axis the elements that an index array names, one for each of its entries.

    >>> gather(tensor([[1.0, 2.0], [3.0, 4.0]]), 1, np.array([[1], [0]]))
    tensor([[2.],
            [3.]])
    """
    found = _along_axis("gather", input, dim, index)
    return np.take(input, _flat("gather", input, dim, index)) if found is None else found


def _part(m, g, index):
    return m.getitem(g, tuple(slice(n) for n in index.shape))


@array_operation(
    symbol="scatter +",
    latex=r"x + \sum_i y_i e_{i}",
    products=[
        lambda m, g, out, x, source, dim, index: g,
        lambda m, g, out, x, source, dim, index: m.put_like(m.gather(g, dim, index), source.shape),
    ],
    method=False,
)
def scatter_add(input, source, dim, index):
    """Add `source` to a copy of `input`, each element where the index names along one axis.

    >>> scatter_add(tensor([0.0, 0.0]), tensor([1.0, 2.0, 3.0]), 0, np.array([1, 1, 0]))
    tensor([3., 3.])
    """
    part = _source("scatter_add", source, index)
    out = _along_axis("scatter_add", input, dim, index, part)
    if out is not None:
        return out
    out = np.array(input, order="C")
    np.add.at(out.reshape(-1), _flat("scatter_add", input, dim, index).reshape(-1), part.reshape(-1))
    return out


def _source(operation, source, index):
    """The part of the source that the index speaks of."""
    part = source[tuple(slice(n) for n in index.shape)] if source.ndim == index.ndim else source
    if part.shape != index.shape:
        raise ValueError(
            f"{operation}: the source of shape {source.shape} is smaller than the index of shape {index.shape}; "
            f"it has a number for every entry of the index"
        )
    return part


@array_operation(
    symbol="put",
    latex=r"x",
    products=[lambda m, g, out, x, shape: m.getitem(g, tuple(slice(n) for n in x.shape))],
    method=False,
)
def put_like(x, shape):
    """Zeros of the given shape with `x` in the first places of every axis.

    >>> put_like(tensor([1.0]), (2,))
    tensor([1., 0.])
    """
    if x.shape == tuple(shape):
        return x
    out = np.zeros(shape, x.dtype)
    out[tuple(slice(n) for n in x.shape)] = x
    return out


@array_operation(
    symbol="scatter",
    latex=r"x[i] \leftarrow y",
    products=[
        lambda m, g, out, x, source, dim, index: m.scatter(g, np.zeros(index.shape, x.dtype), dim, index),
        lambda m, g, out, x, source, dim, index: m.put_like(m.gather(g, dim, index), source.shape),
    ],
    method=False,
)
def scatter(input, source, dim, index):
    """A copy of `input` in which the elements that the index names along one axis come from `source`.

    >>> scatter(tensor([0.0, 0.0, 0.0]), tensor([5.0]), 0, np.array([2]))
    tensor([0., 0., 5.])
    """
    out, part = np.array(input, order="C"), _source("scatter", source, index)
    out.reshape(-1)[_flat("scatter", input, dim, index)] = part
    return out


def flat_positions(shape, index):
    """The positions in the flattened array that an index selects."""
    return np.arange(math.prod(shape)).reshape(shape)[index]

"""Taking elements out and putting them back: each is the other's gradient."""

import math

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.axes import axis_of


def _selects_once(index):
    """Whether every element is selected at most once: by slices, numbers and masks, not by arrays of numbers."""
    return not any(isinstance(part, np.ndarray) and part.dtype != bool for part in index)


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
    # Numbers alone select one element, of which NumPy gives a copy; with an ellipsis it is a view.
    return x[(*index, ...)] if index and all(isinstance(part, int) for part in index) else x[index]


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
    out = np.zeros(shape, x.dtype)
    if _selects_once(index):
        out[index] = x
    else:
        np.add.at(out, index, x)
    return out


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
    out = x.copy()
    out.reshape(-1)[positions] = values
    return out


def _check_index(operation, x, axis, index):
    n = x.shape[axis] if x.ndim else 1
    if index.size and (index.min() < 0 or index.max() >= n):
        wrong = int(index.max() if index.max() >= n else index.min())
        raise IndexError(
            f"{operation}: the index {wrong} is out of range for dim {axis} of shape {x.shape}; give 0 to {n - 1}"
        )


def _places(x, axis, index):
    """The index arrays that select along one axis and keep the place along all others."""
    grid = [np.arange(n).reshape([-1 if i == k else 1 for k in range(index.ndim)]) for i, n in enumerate(index.shape)]
    grid[axis] = index
    return tuple(grid)


def _indices(operation, x, dim, index):
    axis = axis_of(operation, dim, x.ndim)
    if index.dtype.kind not in "iu":
        raise TypeError(f"{operation}: the index is made of whole numbers, got dtype {index.dtype}")
    if index.ndim != x.ndim or any(
        n > full for i, (n, full) in enumerate(zip(index.shape, x.shape, strict=True)) if i != axis
    ):
        raise ValueError(f"{operation}: an index of shape {index.shape} does not fit the shape {x.shape} in dim {dim}")
    _check_index(operation, x, axis, index)
    return _places(x, axis, index)


def _gather_product(m, g, out, x, dim, index):
    return m.scatter_add(np.zeros(x.shape, x.dtype), g, dim, index)


@array_operation(symbol="gather", latex=r"x[i]", products=[_gather_product])
def gather(input, dim, index):
    """Take along one axis the elements that an index array names, one for each of its entries.

    >>> gather(tensor([[1.0, 2.0], [3.0, 4.0]]), 1, np.array([[1], [0]]))
    tensor([[2.],
            [3.]])
    """
    return input[_indices("gather", input, dim, index)]


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
    out = input.copy()
    np.add.at(out, _indices("scatter_add", input, dim, index), source[tuple(slice(n) for n in index.shape)])
    return out


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
    out = input.copy()
    out[_indices("scatter", input, dim, index)] = source[tuple(slice(n) for n in index.shape)]
    return out


def flat_positions(shape, index):
    """The positions in the flattened array that an index selects."""
    return np.arange(math.prod(shape)).reshape(shape)[index]

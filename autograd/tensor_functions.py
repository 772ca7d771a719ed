"""Functions of tensors made of rows of the op table; each is a method of ``Tensor`` too.

A function here adds no derivative: its gates are those of the rows that it calls.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from autograd import functions
from autograd.array_operations.axes import axes_of, axis_of, shape_of
from autograd.dtypes import bool as bool_dtype
from autograd.dtypes import checked_dtype, float32, float64
from autograd.inplace import change
from autograd.mode import mode
from autograd.tensor import ARRAYS, Tensor, _constant, as_operand
from autograd.value import describe

f: Any = functions

Function = TypeVar("Function", bound=Callable[..., Any])
__all__: list[str] = []


def _both(*names: str) -> Callable[[Function], Function]:
    """Make it a function of the package and a method, by its name and others."""

    def attach(function: Function) -> Function:
        for name in (function.__name__, *names):
            setattr(Tensor, name, function)
            globals()[name] = function
            __all__.append(name)
        return function

    return attach


def _method(*names: str) -> Callable[[Function], Function]:
    def attach(function: Function) -> Function:
        for name in names:
            setattr(Tensor, name, function)
        return function

    return attach


def _function(function: Function) -> Function:
    __all__.append(function.__name__)
    return function


def _tensor(operation: str, x: Any) -> Tensor:
    if not isinstance(x, ARRAYS):
        raise TypeError(f"{operation}: takes a tensor, got {describe(x)}")
    return x if isinstance(x, Tensor) else _constant(x)


def _indices(operation: str, index: Any) -> np.ndarray:
    array = index.numpy() if isinstance(index, Tensor) else np.asarray(index)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{operation}: the index is made of whole numbers, got dtype {array.dtype}")
    return array


# Shapes.


@_method("reshape")
def _reshape(input: Tensor, *shape: Any) -> Tensor:
    return f.reshape(input, shape_of("reshape", shape))


@_method("view")
def _view(input: Tensor, *shape: Any) -> Tensor:
    """The same memory in another shape; an error where that needs a copy."""
    out = f.reshape(input, shape_of("view", shape))
    if input.numel() and not np.shares_memory(out._data, input._data):
        raise ValueError(f"view: shape {input.shape} with strides cannot be seen as {shape}; use reshape()")
    return out


@_method("permute")
def _permute(input: Tensor, *dims: Any) -> Tensor:
    return f.permute(input, shape_of("permute", dims))


@_method("expand")
def _expand(input: Tensor, *shape: Any) -> Tensor:
    return f.expand(input, shape_of("expand", shape))


@_both()
def broadcast_to(input: Tensor, shape: Sequence[int]) -> Tensor:
    """Repeat along new axes and axes of size 1, without a copy."""
    return f.expand(_tensor("broadcast_to", input), shape_of("broadcast_to", (shape,)))


@_both()
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Expand to the shape of another tensor."""
    return f.expand(input, other.shape)


@_both("swapaxes")
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Swap two axes: a view.

    Examples
    --------
    >>> transpose(zeros(2, 3), 0, 1).shape
    (3, 2)
    """
    input = _tensor("transpose", input)
    order = list(range(input.ndim))
    first, second = axis_of("transpose", dim0, input.ndim), axis_of("transpose", dim1, input.ndim)
    if input.ndim:
        order[first], order[second] = order[second], order[first]
    return f.permute(input, tuple(order))


@_both()
def t(input: Tensor) -> Tensor:
    """Transpose of a matrix; a vector stays as it is."""
    if input.ndim > 2:
        raise ValueError(f"t: takes at most two dims, got shape {input.shape}; use transpose(dim0, dim1)")
    return f.permute(input, tuple(reversed(range(input.ndim))))


@_both()
def movedim(input: Tensor, source: int, destination: int) -> Tensor:
    """Move one axis to another place, the others keep their order."""
    order = list(range(input.ndim))
    order.insert(axis_of("movedim", destination, input.ndim), order.pop(axis_of("movedim", source, input.ndim)))
    return f.permute(input, tuple(order))


def _transposed(input: Tensor) -> Tensor:
    return f.permute(input, tuple(reversed(range(input.ndim))))


Tensor.T = property(_transposed, doc="The axes in reverse order.")  # type: ignore[attr-defined]
Tensor.mT = property(lambda input: transpose(input, -2, -1), doc="The last two axes swapped.")  # type: ignore[attr-defined]


@_both()
def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Remove axes of size 1: all, or those named.

    Examples
    --------
    >>> squeeze(zeros(1, 2, 1)).shape, squeeze(zeros(1, 2, 1), 0).shape
    ((2,), (2, 1))
    """
    input = _tensor("squeeze", input)
    axes = axes_of("squeeze", dim, input.ndim)
    return f.reshape(input, tuple(n for i, n in enumerate(input.shape) if not (i in axes and n == 1)))


@_both()
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """Insert an axis of size 1.

    Examples
    --------
    >>> unsqueeze(zeros(2), 0).shape, unsqueeze(zeros(2), -1).shape
    ((1, 2), (2, 1))
    """
    input = _tensor("unsqueeze", input)
    axis = axis_of("unsqueeze", dim, input.ndim + 1)
    return f.reshape(input, (*input.shape[:axis], 1, *input.shape[axis:]))


@_both()
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Join axes into one.

    Examples
    --------
    >>> flatten(zeros(2, 3, 4), 1).shape
    (2, 12)
    """
    input = _tensor("flatten", input)
    start, end = axis_of("flatten", start_dim, input.ndim), axis_of("flatten", end_dim, input.ndim)
    if start > end:
        raise ValueError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}")
    shape = input.shape or (1,)
    return f.reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


@_both()
def ravel(input: Tensor) -> Tensor:
    """All elements in one axis."""
    return f.reshape(input, (-1,) if input.numel() else (0,))


@_both()
def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """Split one axis into several."""
    axis = axis_of("unflatten", dim, input.ndim)
    sizes = list(sizes)
    if -1 in sizes:
        known = math.prod(n for n in sizes if n != -1)
        sizes[sizes.index(-1)] = input.shape[axis] // builtins.max(known, 1)
    if math.prod(sizes) != input.shape[axis]:
        raise ValueError(f"unflatten: the sizes {tuple(sizes)} do not make the {input.shape[axis]} of dim {dim}")
    return f.reshape(input, (*input.shape[:axis], *sizes, *input.shape[axis + 1 :]))


@_function
def cat(tensors: Iterable[Tensor], dim: int = 0) -> Tensor:
    """Join tensors along an axis that they have.

    Examples
    --------
    >>> cat([tensor([1.0]), tensor([2.0, 3.0])])
    tensor([1., 2., 3.])
    """
    return f.cat([_tensor("cat", x) for x in tensors], dim)


@_function
def stack(tensors: Iterable[Tensor], dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new axis.

    Examples
    --------
    >>> stack([tensor([1.0, 2.0]), tensor([3.0, 4.0])])
    tensor([[1., 2.],
            [3., 4.]])
    """
    tensors = [_tensor("stack", x) for x in tensors]
    if len({x.shape for x in tensors}) > 1:
        raise ValueError(f"stack: the shapes {', '.join(str(x.shape) for x in tensors)} must be the same; see cat")
    return f.cat([unsqueeze(x, dim) for x in tensors], dim)


@_both()
def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """Part of an axis: a view.

    Examples
    --------
    >>> narrow(tensor([1.0, 2.0, 3.0]), 0, 1, 2)
    tensor([2., 3.])
    """
    axis = axis_of("narrow", dim, input.ndim)
    n = input.shape[axis]
    start = start + n if start < 0 else start
    if not (0 <= start <= start + length <= n):
        raise IndexError(f"narrow: {length} elements from {start} are not in dim {dim} of shape {input.shape}")
    return input[(slice(None),) * axis + (slice(start, start + length),)]


@_both()
def split(input: Tensor, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Cut an axis into parts of one size, the last perhaps smaller, or of given sizes.

    Examples
    --------
    >>> split(tensor([1.0, 2.0, 3.0]), 2)
    (tensor([1., 2.]), tensor([3.]))
    """
    axis = axis_of("split", dim, input.ndim)
    n = input.shape[axis]
    if isinstance(split_size, int):
        if split_size < 1:
            raise ValueError(f"split: parts have at least one element, got {split_size}")
        sizes = [builtins.min(split_size, n - start) for start in range(0, n, split_size)] or [0]
    else:
        sizes = list(split_size)
        if sum(sizes) != n:
            raise ValueError(f"split: the sizes {tuple(sizes)} do not add up to the {n} of dim {dim}")
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    return tuple(narrow(input, axis, start, size) for start, size in zip(starts, sizes, strict=True))


@_both()
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """Cut an axis into so many parts of one size, the last perhaps smaller."""
    if chunks < 1:
        raise ValueError(f"chunk: at least one part, got {chunks}")
    n = input.shape[axis_of("chunk", dim, input.ndim)]
    return split(input, builtins.max(-(-n // chunks), 1), dim)


@_both()
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts along an axis, without the axis."""
    axis = axis_of("unbind", dim, input.ndim)
    return tuple(input[(slice(None),) * axis + (i,)] for i in range(input.shape[axis]))


@_method("repeat")
def _repeat(input: Tensor, *sizes: Any) -> Tensor:
    """Copies side by side along every axis."""
    return (
        tile(input, shape_of("repeat", sizes))
        if len(shape_of("repeat", sizes)) >= input.ndim
        else _fail_repeat(input, sizes)
    )


def _fail_repeat(input: Tensor, sizes: Any) -> Tensor:
    raise ValueError(
        f"repeat: {len(sizes)} numbers for the {input.ndim} dims of shape {input.shape}; give one for each"
    )


@_both()
def tile(input: Tensor, dims: Sequence[int]) -> Tensor:
    """Copies side by side: so many along each axis, counted from the last.

    Examples
    --------
    >>> tile(tensor([1.0, 2.0]), (2,))
    tensor([1., 2., 1., 2.])
    """
    input = _tensor("tile", input)
    dims = shape_of("tile", (dims,))
    rank = builtins.max(len(dims), input.ndim)
    dims = (1,) * (rank - len(dims)) + dims
    shape = (1,) * (rank - input.ndim) + input.shape
    with_axes = f.reshape(input, tuple(n for size in shape for n in (1, size)))
    copies = f.expand(with_axes, tuple(n for times, size in zip(dims, shape, strict=True) for n in (times, size)))
    return f.reshape(copies, tuple(times * size for times, size in zip(dims, shape, strict=True)))


@_both()
def repeat_interleave(input: Tensor, repeats: int | Sequence[int], dim: int | None = None) -> Tensor:
    """Every element several times in a row."""
    if dim is None:
        input, dim = ravel(input), 0
    axis = axis_of("repeat_interleave", dim, input.ndim)
    counts = repeats.numpy() if isinstance(repeats, Tensor) else repeats
    return index_select(input, axis, np.repeat(np.arange(input.shape[axis]), counts))


# Taking and putting elements.


@_both()
def index_select(input: Tensor, dim: int, index: Any) -> Tensor:
    """The entries along one axis that an index names.

    Examples
    --------
    >>> index_select(tensor([[1.0, 2.0], [3.0, 4.0]]), 1, tensor([1, 1]))
    tensor([[2., 2.],
            [4., 4.]])
    """
    axis = axis_of("index_select", dim, input.ndim)
    index = _indices("index_select", index)
    if index.ndim > 1:
        raise ValueError(f"index_select: the index is a vector, got shape {index.shape}")
    return input[(slice(None),) * axis + (np.atleast_1d(index),)]


@_both()
def gather(input: Tensor, dim: int, index: Any) -> Tensor:
    """The elements along one axis that an index names, one for each of its entries."""
    return f.gather(_tensor("gather", input), dim, _indices("gather", index))


@_both("take_along_axis")
def take_along_dim(input: Tensor, indices: Any, dim: int | None = None) -> Tensor:
    """As :func:`gather`, but the other axes broadcast; of all elements in one axis for ``dim=None``."""
    indices = _indices("take_along_dim", indices)
    if dim is None:
        return f.gather(ravel(input), 0, indices.reshape(-1))
    axis = axis_of("take_along_dim", dim, input.ndim)
    if indices.ndim != input.ndim:
        raise ValueError(f"take_along_dim: {indices.ndim} dims of indices for {input.ndim} of the tensor")
    rest = np.broadcast_shapes(
        tuple(1 if i == axis else n for i, n in enumerate(input.shape)),
        tuple(1 if i == axis else n for i, n in enumerate(indices.shape)),
    )
    full = tuple(indices.shape[axis] if i == axis else n for i, n in enumerate(rest))
    wide = tuple(input.shape[axis] if i == axis else n for i, n in enumerate(rest))
    return f.gather(f.expand(input, wide), axis, np.broadcast_to(indices, full))


@_both()
def scatter(input: Tensor, dim: int, index: Any, src: Any) -> Tensor:
    """A copy in which the elements that an index names along one axis come from `src`, a tensor or a number."""
    index = _indices("scatter", index)
    src = src if isinstance(src, ARRAYS) else mode.quietly(np.full, index.shape, src, input.dtype)
    return f.scatter(input, src, dim, index)


@_both()
def scatter_add(input: Tensor, dim: int, index: Any, src: Tensor) -> Tensor:
    """A copy to which `src` is added, each element where an index names along one axis."""
    return f.scatter_add(input, src, dim, _indices("scatter_add", index))


@_both()
def masked_fill(input: Tensor, mask: Any, value: Any) -> Tensor:
    """A copy with a number where the mask holds.

    Examples
    --------
    >>> masked_fill(tensor([1.0, 2.0]), tensor([True, False]), 0.0)
    tensor([0., 2.])
    """
    mask = _mask("masked_fill", mask)
    return f.where(mask, value, input)


@_both()
def masked_select(input: Tensor, mask: Any) -> Tensor:
    """The elements where the mask holds, in one axis."""
    mask = _mask("masked_select", mask).numpy()
    shape = np.broadcast_shapes(input.shape, mask.shape)
    return f.expand(input, shape)[np.broadcast_to(mask, shape)]


def _mask(operation: str, mask: Any) -> Tensor:
    mask = as_operand(mask, None) if isinstance(mask, ARRAYS) else Tensor(mask)
    if mask.dtype != bool_dtype:
        raise TypeError(f"{operation}: the mask is of dtype bool, got {mask.dtype}; compare, as in x > 0")
    return mask


# Reductions that name a winner.


class Extreme(NamedTuple):
    """Values and the indices where they were found."""

    values: Tensor
    indices: Tensor


def _winner(operation: str, choose: Any, x: Tensor, dim: int | None, keepdim: bool) -> Tensor:
    x = _tensor(operation, x)
    if x.numel() == 0:
        raise ValueError(f"{operation}: a tensor of shape {x.shape} has no element to choose")
    if dim is None:
        found = choose(x.numpy().reshape(-1))
        return _constant(np.asarray(found, np.int64).reshape((1,) * x.ndim if keepdim else ()))
    axis = axis_of(operation, dim, x.ndim)
    return _constant(np.asarray(choose(x.numpy(), axis=axis, keepdims=keepdim) if x.ndim else 0, np.int64))


@_both()
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Index of the largest element, the first of equal ones; along `dim`, or of all in one axis.

    Examples
    --------
    >>> argmax(tensor([1.0, 5.0, 3.0]))
    tensor(1)
    """
    return _winner("argmax", np.argmax, input, dim, keepdim)


@_both()
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Index of the smallest element, the first of equal ones; along `dim`, or of all in one axis."""
    return _winner("argmin", np.argmin, input, dim, keepdim)


def _extreme(operation: str, x: Tensor, dim: Any, keepdim: bool, whole: Any, two: Any, index: Any) -> Any:
    if dim is None:
        return whole(x)
    if isinstance(dim, ARRAYS):
        return two(x, dim)
    axis = axis_of(operation, dim, x.ndim)
    indices = index(x, axis, True)
    values = f.gather(x, axis, indices.numpy()) if x.ndim else x
    if not keepdim and x.ndim:
        values, indices = squeeze(values, axis), squeeze(indices, axis)
    return Extreme(values, indices)


@_both()
def max(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """Largest element; along `dim` the values and the indices; of two tensors the larger, element by element.

    Examples
    --------
    >>> max(tensor([[1.0, 5.0], [3.0, 4.0]]), 1)
    Extreme(values=tensor([5., 4.]), indices=tensor([1, 1]))
    """
    return _extreme("max", input, dim, keepdim, f.amax, f.maximum, argmax)


@_both()
def min(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """Smallest element; along `dim` the values and the indices; of two tensors the smaller, element by element."""
    return _extreme("min", input, dim, keepdim, f.amin, f.minimum, argmin)


@_both()
def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """Indices that put an axis in order; equal elements keep theirs."""
    array = input.numpy()
    if input.ndim == 0:
        return _constant(np.zeros((), np.int64))
    axis = axis_of("argsort", dim, input.ndim)
    if not descending:
        return _constant(np.argsort(array, axis=axis, kind="stable"))
    flipped = np.argsort(np.flip(array, axis), axis=axis, kind="stable")
    return _constant(np.flip(array.shape[axis] - 1 - flipped, axis).copy())


@_both()
def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = True) -> Extreme:
    """Put an axis in order: the values and the indices they had.

    Examples
    --------
    >>> sort(tensor([3.0, 1.0, 2.0])).values
    tensor([1., 2., 3.])
    """
    indices = argsort(input, dim, descending)
    return Extreme(f.gather(input, dim, indices.numpy()) if input.ndim else input, indices)


@_both()
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Extreme:
    """The `k` largest, or smallest, along an axis: the values and the indices they had."""
    axis = axis_of("topk", dim, input.ndim)
    if not 0 <= k <= (input.shape[axis] if input.ndim else 1):
        raise ValueError(f"topk: k is from 0 to the size of dim {dim} of shape {input.shape}, got {k}")
    values, indices = sort(input, axis, descending=largest)
    return Extreme(narrow(values, axis, 0, k), narrow(indices, axis, 0, k)) if input.ndim else Extreme(values, indices)


@_both()
def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are true (not zero)."""
    return _constant(np.asarray(np.all(input.numpy(), axis=axes_of("all", dim, input.ndim), keepdims=keepdim)))


@_both()
def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element is true (not zero)."""
    return _constant(np.asarray(np.any(input.numpy(), axis=axes_of("any", dim, input.ndim), keepdims=keepdim)))


@_both()
def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not zero."""
    return _constant(np.asarray(np.count_nonzero(input.numpy(), axis=axes_of("count_nonzero", dim, input.ndim))))


@_both()
def nonzero(input: Tensor) -> Tensor:
    """The indices of the elements that are not zero, one row for each."""
    return _constant(np.argwhere(input.numpy()))


@_both()
def isnan(input: Tensor) -> Tensor:
    """Which elements are nan."""
    return _constant(np.asarray(np.isnan(input.numpy())))


@_both()
def isinf(input: Tensor) -> Tensor:
    """Which elements are infinite."""
    return _constant(np.asarray(np.isinf(input.numpy())))


@_both()
def isfinite(input: Tensor) -> Tensor:
    """Which elements are neither infinite nor nan."""
    return _constant(np.asarray(np.isfinite(input.numpy())))


@_both("__and__")
def logical_and(input: Tensor, other: Any) -> Tensor:
    """Whether both are true."""
    return _constant(np.asarray(np.logical_and(input.numpy(), as_operand(other, logical_and).numpy())))


@_both("__or__")
def logical_or(input: Tensor, other: Any) -> Tensor:
    """Whether at least one is true."""
    return _constant(np.asarray(np.logical_or(input.numpy(), as_operand(other, logical_or).numpy())))


@_both("__invert__")
def logical_not(input: Tensor) -> Tensor:
    """Whether it is false."""
    return _constant(np.asarray(np.logical_not(input.numpy())))


for _dunder in ("__and__", "__or__", "__invert__"):
    __all__.remove(_dunder)


@_both()
def allclose(input: Tensor, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    """Whether all elements are equal within tolerances."""
    return bool(np.allclose(input.numpy(), as_operand(other, allclose).numpy(), rtol, atol, equal_nan))


# Products.


@_both()
def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Product of two matrices."""
    return _product("mm", input, mat2, 2, 2)


@_both()
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """Products of the matrices of two batches."""
    out = _product("bmm", input, mat2, 3, 3)
    if input.shape[0] != mat2.shape[0]:
        raise ValueError(f"bmm: batches of {input.shape[0]} and {mat2.shape[0]} matrices; they must be as many")
    return out


@_both()
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """Product of a matrix and a vector."""
    return _product("mv", input, vec, 2, 1)


def _product(operation: str, x: Tensor, y: Tensor, x_rank: int, y_rank: int) -> Tensor:
    if (x.ndim, y.ndim) != (x_rank, y_rank):
        raise ValueError(
            f"{operation}: takes {x_rank} and {y_rank} dims, got shapes {x.shape} and {y.shape}; see matmul"
        )
    return f.matmul(x, y)


@_both()
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an element of one vector with one of the other.

    Examples
    --------
    >>> outer(tensor([1.0, 2.0]), tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    if input.ndim != 1 or vec2.ndim != 1:
        raise ValueError(f"outer: takes two vectors, got shapes {input.shape} and {vec2.shape}")
    return f.mul(unsqueeze(input, 1), vec2)


@_both()
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta * input + alpha * (mat1 @ mat2)``."""
    product = mm(mat1, mat2)
    product = product if alpha == 1 else product * alpha
    return (input if beta == 1 else input * beta) + product


@_function
def einsum(equation: str, *operands: Any) -> Tensor:
    """Sum of products over the axes that an equation names (Einstein's convention).

    Parameters
    ----------
    equation : str
        Letters for the axes of each operand, then ``->`` and those of the result; letters that
        the result leaves out are summed over; ``...`` stands for axes that broadcast.
    *operands : Tensor

    Raises
    ------
    ValueError
        When the equation and the shapes do not fit; says which letter and which sizes.

    Examples
    --------
    >>> einsum("ij,j->i", tensor([[1.0, 2.0], [3.0, 4.0]]), tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    given = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    return f.einsum_product(list(given), equation)


# Elements.


@_method("to", "type")
def _to(input: Tensor, dtype: Any) -> Tensor:
    """The same numbers in another dtype, or the dtype of another tensor; itself when it has it already."""
    dtype = dtype.dtype if isinstance(dtype, Tensor) else dtype
    if isinstance(dtype, str) and dtype == "cpu":
        return input
    wanted = checked_dtype(dtype, "to")
    return input if input.dtype == wanted else f.astype(input, wanted)


for _name, _dtype in {"float": float32, "double": float64, "long": np.dtype(np.int64), "bool": bool_dtype}.items():
    setattr(Tensor, _name, (lambda wanted: lambda input: _to(input, wanted))(_dtype))
Tensor.int = lambda input: _to(input, np.dtype(np.int32))  # type: ignore[attr-defined]


@_method("contiguous")
def _contiguous(input: Tensor) -> Tensor:
    """Itself, or a copy whose elements lie in memory in the order of their indices."""
    return input if input.is_contiguous() else f.clone(input)


@_both()
def true_divide(input: Any, other: Any) -> Tensor:
    """Divide."""
    return f.div(input, other)


@_both()
def floor_divide(input: Tensor, other: Any) -> Tensor:
    """Divide and round down."""
    return f.floor(f.div(input, other))


@_function
def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float = 0.0) -> Tensor:
    """Put numbers around a tensor, from the last axis on: ``(left, right, top, bottom, ...)``.

    Parameters
    ----------
    input : Tensor
    pad : sequence of int
        Two widths for each axis, counted from the last; negative ones cut off.
    mode : {"constant", "reflect", "replicate", "circular"}
        What to put there.
    value : float
        The number for ``"constant"``.

    Examples
    --------
    >>> pad(tensor([1.0, 2.0, 3.0]), (2, 1), mode="reflect")
    tensor([3., 2., 1., 2., 3., 2.])
    """
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise ValueError(
            f"pad: {len(pad)} widths for shape {input.shape}; give two for each padded axis, from the last on"
        )
    pairs = [(operator.index(pad[2 * i]), operator.index(pad[2 * i + 1])) for i in range(len(pad) // 2)]
    widths = ((0, 0),) * (input.ndim - len(pairs)) + tuple(reversed(pairs))
    if mode == "constant":
        return f.pad_constant(input, widths, value)
    ways = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    if mode not in ways:
        raise ValueError(f"pad: there is no mode {mode!r}; choose 'constant', {', '.join(map(repr, ways))}")
    for axis, (before, after) in enumerate(widths):
        n = input.shape[axis]
        limit = n - 1 if mode == "reflect" else n
        if mode != "replicate" and (before > limit or after > limit):
            raise ValueError(
                f"pad: widths {before, after} are too large for {mode!r} of dim {axis} of shape {input.shape}"
            )
        if before or after:
            order = np.pad(np.arange(n), (before if before > 0 else 0, after if after > 0 else 0), mode=ways[mode])  # type: ignore[call-overload]
            order = order[-before if before < 0 else 0 : len(order) + after if after < 0 else None]
            input = index_select(input, axis, order)
    return input


def _derived_in_place(name: str, compute: Callable[..., Any]) -> None:
    setattr(
        Tensor, name, lambda self, *given, **named: change(self, [], name, lambda old: compute(old, *given, **named))
    )


_derived_in_place("zero_", lambda old: _constant(np.zeros(old.shape, old.dtype)))
_derived_in_place("fill_", lambda old, value: _constant(mode.quietly(np.full, old.shape, value, old.dtype)))


def _copy_in(self: Tensor, src: Any) -> Tensor:
    """Take over the numbers of another tensor, which broadcasts."""
    source = as_operand(src, _copy_in)
    return change(self, [source], "copy_", lambda old, new: _to(f.expand(new, old.shape), old.dtype))


_copy_in.name = "copy_"  # type: ignore[attr-defined]
Tensor.copy_ = _copy_in  # type: ignore[attr-defined]


def _masked_fill_in(self: Tensor, mask: Any, value: Any) -> Tensor:
    return change(self, [], "masked_fill_", lambda old: masked_fill(old, mask, value))


Tensor.masked_fill_ = _masked_fill_in  # type: ignore[attr-defined]

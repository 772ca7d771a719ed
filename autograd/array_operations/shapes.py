"""Rows that move or copy numbers without changing them; gradients move back."""

import math

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.axes import added_up, axes_of, axis_of


def _resolve(x, shape):
    """Fill in the size given as -1."""
    if any(n < -1 for n in shape):
        raise ValueError(f"reshape: sizes are not negative, except one -1 for the size that follows, got {shape}")
    if shape.count(-1) > 1:
        raise ValueError(f"reshape: only one size can be -1, got {shape}")
    known = math.prod(n for n in shape if n != -1)
    if -1 in shape and known and x.size % known == 0:
        shape = tuple(x.size // known if n == -1 else n for n in shape)
    if math.prod(shape) != x.size or -1 in shape:
        raise ValueError(f"reshape: {x.size} elements of shape {x.shape} do not fill the shape {shape}")
    return shape


@array_operation(
    symbol="reshape",
    latex=r"\operatorname{reshape}(x)",
    products=[lambda m, g, out, x, shape: m.reshape(g, x.shape)],
    method=False,
)
def reshape(input, shape):
    """The same elements in another shape; one size may be -1 and follows from the others.

    >>> reshape(tensor([1.0, 2.0, 3.0, 4.0]), (2, 2))
    tensor([[1., 2.],
            [3., 4.]])
    """
    return input.reshape(_resolve(input, tuple(shape)))


@array_operation(
    symbol="permute",
    latex=r"x^{T}",
    products=[lambda m, g, out, x, dims: m.permute(g, tuple(np.argsort([d % max(x.ndim, 1) for d in dims]).tolist()))],
    method=False,
)
def permute(input, dims):
    """Put the axes into another order: a view.

    >>> permute(tensor([[1.0, 2.0, 3.0]]), (1, 0)).shape
    (3, 1)
    """
    axes = tuple(axis_of("permute", axis, input.ndim) for axis in dims)
    if len(axes) != input.ndim or len(set(axes)) < len(axes):
        raise ValueError(
            f"permute: the dims {tuple(dims)} are no order of the {input.ndim} axes of shape {input.shape}"
        )
    return input.transpose(axes)


@array_operation(
    symbol="expand",
    latex=r"\operatorname{expand}(x)",
    products=[lambda m, g, out, x, shape: m.sum_to_size(g, x.shape)],
    method=False,
)
def expand(input, shape):
    """Repeat along new axes and axes of size 1, without a copy; the copies' gradients add up.

    >>> expand(tensor([[1.0], [2.0]]), (2, 3))
    tensor([[1., 1., 1.],
            [2., 2., 2.]])
    """
    full = shape = tuple(shape)
    if -1 in shape:
        new = len(shape) - input.ndim
        full = tuple(input.shape[i - new] if n == -1 and i >= new else n for i, n in enumerate(shape))
    try:
        return np.broadcast_to(input, full)
    except ValueError:
        raise ValueError(
            f"expand: the shape {input.shape} cannot be expanded to {shape}; "
            f"only axes of size 1 and new axes in front can grow"
        ) from None


@array_operation(
    symbol="Σ",
    latex=r"\sum_i x_i",
    products=[lambda m, g, out, x, shape: m.expand(g, x.shape)],
)
def sum_to_size(x, shape):
    """Undo broadcasting: add up along the axes in which `shape` has size 1 or none.

    >>> sum_to_size(tensor([[1.0, 2.0], [3.0, 4.0]]), (1, 2))
    tensor([[4., 6.]])
    """
    new = x.ndim - len(shape)
    if new < 0 or any(n not in (1, full) for n, full in zip(shape, x.shape[new:], strict=False)):
        raise ValueError(f"sum_to_size: the shape {x.shape} is no broadcast of {tuple(shape)}")
    if x.shape == shape:
        return x
    axes = tuple(range(new)) + tuple(new + i for i, n in enumerate(shape) if n == 1 and x.shape[new + i] != 1)
    return added_up(x, axes).reshape(shape)


def _cat_product(m, g, out, operands, i, dim):
    axis = axis_of("cat", dim, operands[0].ndim)
    start = sum(operand.shape[axis] for operand in operands[:i])
    return g[(slice(None),) * axis + (slice(start, start + operands[i].shape[axis]),)]


@array_operation(symbol="cat", latex=r"[x_1, \dots, x_n]", products=[_cat_product], several=True, method=False)
def cat(tensors, dim=0):
    """Join along an axis; each part gets its part of the gradient.

    >>> cat([tensor([1.0]), tensor([2.0, 3.0])])
    tensor([1., 2., 3.])
    """
    first = tensors[0]
    axis = axis_of("cat", dim, first.ndim)
    rest = first.shape[:axis] + first.shape[axis + 1 :]
    if first.ndim == 0 or any(x.ndim != first.ndim or x.shape[:axis] + x.shape[axis + 1 :] != rest for x in tensors):
        shapes = ", ".join(str(x.shape) for x in tensors)
        raise ValueError(f"cat: the shapes {shapes} must agree in all dims but dim {dim}; see stack for a new dim")
    return np.concatenate(tensors, axis)


@array_operation(
    symbol="flip",
    latex=r"\operatorname{flip}(x)",
    products=[lambda m, g, out, x, dims: m.flip(g, dims)],
)
def flip(input, dims):
    """Reverse the order along the axes.

    >>> flip(tensor([1.0, 2.0, 3.0]), 0)
    tensor([3., 2., 1.])
    """
    return np.flip(input, axes_of("flip", dims, input.ndim)).copy() if input.ndim else input.copy()


def _roll_product(m, g, out, x, shifts, dims):
    return m.roll(g, -shifts if isinstance(shifts, int) else tuple(-n for n in shifts), dims)


@array_operation(symbol="roll", latex=r"\operatorname{roll}(x)", products=[_roll_product])
def roll(input, shifts, dims=None):
    """Move along the axes; what leaves at one end comes in at the other.

    >>> roll(tensor([1.0, 2.0, 3.0]), 1)
    tensor([3., 1., 2.])
    """
    return np.roll(input, shifts, None if dims is None else axes_of("roll", dims, input.ndim))


def _triangle(rows, columns, diagonal):
    return np.tri(rows, columns, diagonal, dtype=bool)


@array_operation(
    symbol="tril",
    latex=r"\operatorname{tril}(x)",
    products=[lambda m, g, out, x, diagonal: m.tril(g, diagonal)],
)
def tril(input, diagonal=0):
    """Lower triangle of the last two axes; zero above.

    >>> tril(tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[1., 0.],
            [3., 4.]])
    """
    _matrix("tril", input)
    return np.tril(input, diagonal)


@array_operation(
    symbol="triu",
    latex=r"\operatorname{triu}(x)",
    products=[lambda m, g, out, x, diagonal: m.triu(g, diagonal)],
)
def triu(input, diagonal=0):
    """Upper triangle of the last two axes; zero below.

    >>> triu(tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[1., 2.],
            [0., 4.]])
    """
    _matrix("triu", input)
    return np.triu(input, diagonal)


def _matrix(operation, x):
    if x.ndim < 2:
        raise ValueError(f"{operation}: needs at least two dims, got shape {x.shape}")


def _diagonal_product(m, g, out, x, offset, dim1, dim2):
    return m.diagonal_embed(g, x.shape, offset, dim1, dim2)


@array_operation(symbol="diag", latex=r"\operatorname{diag}(x)", products=[_diagonal_product])
def diagonal(input, offset=0, dim1=0, dim2=1):
    """Diagonal of two axes, as the last axis of the result: a view.

    >>> diagonal(tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([1., 4.])
    """
    _matrix("diagonal", input)
    first, second = axis_of("diagonal", dim1, input.ndim), axis_of("diagonal", dim2, input.ndim)
    if first == second:
        raise ValueError(f"diagonal: dim1 and dim2 are the same axis, {dim1} and {dim2} of shape {input.shape}")
    view = np.diagonal(input, offset, first, second)
    view.flags.writeable = input.flags.writeable  # NumPy refuses to write, PyTorch does not
    return view


@array_operation(
    symbol="diag",
    latex=r"\operatorname{diag}(x)",
    products=[lambda m, g, out, x, shape, offset, dim1, dim2: m.diagonal(g, offset, dim1, dim2)],
    method=False,
)
def diagonal_embed(x, shape, offset, dim1, dim2):
    """Zeros of the given shape with `x` on the diagonal of two axes: what undoes :func:`diagonal`.

    >>> diagonal_embed(tensor([1.0, 2.0]), (2, 2), 0, 0, 1)
    tensor([[1., 0.],
            [0., 2.]])
    """
    out = np.zeros(shape, x.dtype)
    view = np.diagonal(out, offset, dim1, dim2)
    view.flags.writeable = True
    view[...] = x
    return out


def _pad_product(m, g, out, x, widths, value):
    inside = tuple(
        slice(max(before, 0), max(before, 0) + n + min(before, 0) + min(after, 0))
        for (before, after), n in zip(widths, x.shape, strict=True)
    )
    kept = g[inside]
    cut = tuple((min(before, 0), min(after, 0)) for before, after in widths)
    return m.pad_constant(kept, tuple((-b, -a) for b, a in cut), 0.0) if any(map(any, cut)) else kept


@array_operation(symbol="pad", latex=r"\operatorname{pad}(x)", products=[_pad_product], method=False)
def pad_constant(x, widths, value=0.0):
    """Put numbers around an array: `widths` has (before, after) for every axis; negative ones cut off.

    >>> pad_constant(tensor([1.0]), ((1, 2),), 0.0)
    tensor([0., 1., 0., 0.])
    """
    if any(n + before + after < 0 for (before, after), n in zip(widths, x.shape, strict=True)):
        raise ValueError(f"pad: the widths {widths} cut more off than the shape {x.shape} has")
    cut = tuple(slice(max(-before, 0), n - max(-after, 0)) for (before, after), n in zip(widths, x.shape, strict=True))
    shape = tuple(before + n + after for (before, after), n in zip(widths, x.shape, strict=True))
    out = np.full(shape, value, x.dtype)
    out[tuple(slice(max(before, 0), n - max(after, 0)) for (before, after), n in zip(widths, shape, strict=True))] = x[
        cut
    ]
    return out


@array_operation(
    symbol="to",
    latex=r"x",
    products=[lambda m, g, out, x, dtype: m.astype(g, x.dtype)],
    method=False,
)
def astype(x, dtype):
    """The same numbers in another dtype.

    >>> astype(tensor([1.7]), int64)
    tensor([1])
    """
    return x.astype(dtype, copy=False)


@array_operation(symbol="clone", latex=r"x", products=[lambda m, g, out, x: g])
def clone(input):
    """A copy with memory of its own; the gradient passes through.

    >>> clone(tensor([1.0]))
    tensor([1.])
    """
    return input.copy()

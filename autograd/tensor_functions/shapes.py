"""Other shapes of the same elements; views wherever PyTorch gives views."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import functions
from autograd.array_operations.axes import axes_of, axis_of, shape_of
from autograd.tensor import Tensor
from autograd.tensor_functions.attach import checked, method

f: Any = functions

__all__ = [
    "broadcast_to",
    "chunk",
    "expand_as",
    "flatten",
    "moveaxis",
    "movedim",
    "narrow",
    "permute",
    "ravel",
    "reshape",
    "select",
    "split",
    "squeeze",
    "swapaxes",
    "swapdims",
    "t",
    "transpose",
    "unbind",
    "unflatten",
    "unsqueeze",
]


def reshape(input: Any, shape: Sequence[int]) -> Tensor:
    """The same elements in another shape; one size may be -1 and follows from the others.

    Examples
    --------
    >>> reshape(tensor([1.0, 2.0, 3.0, 4.0]), (2, -1))
    tensor([[1., 2.],
            [3., 4.]])
    """
    return f.reshape(checked("reshape", input), shape_of("reshape", (shape,)))


@method("reshape")
def _reshape(input: Tensor, *shape: Any) -> Tensor:
    """The same elements in another shape; one size may be -1 and follows from the others."""
    return f.reshape(input, shape_of("reshape", shape))


@method("view")
def _view(input: Tensor, *shape: Any) -> Tensor:
    """The same memory in another shape.

    Raises
    ------
    ValueError
        When the elements do not lie in memory in an order that allows it; see ``reshape``.

    Examples
    --------
    >>> zeros(2, 3).view(-1).shape
    (6,)
    """
    out = f.reshape(input, shape_of("view", shape))
    if input.numel() and not np.may_share_memory(out.numpy(), input.numpy()):
        raise ValueError(
            f"view: the elements of this tensor of shape {input.shape} do not lie in memory in the order that "
            f"{out.shape} needs; use reshape(), which copies"
        )
    return out


@method("view_as", "reshape_as")
def _view_as(input: Tensor, other: Tensor) -> Tensor:
    """The same elements in the shape of another tensor."""
    return f.reshape(input, other.shape)


def permute(input: Any, dims: Sequence[int]) -> Tensor:
    """Put the axes into another order: a view.

    Examples
    --------
    >>> permute(zeros(2, 3, 4), (2, 0, 1)).shape
    (4, 2, 3)
    """
    return f.permute(checked("permute", input), shape_of("permute", (dims,)))


@method("permute")
def _permute(input: Tensor, *dims: Any) -> Tensor:
    """Put the axes into another order: a view."""
    return f.permute(input, shape_of("permute", dims))


@method("expand")
def _expand(input: Tensor, *sizes: Any) -> Tensor:
    """Repeat along new axes and axes of size 1, without a copy; -1 keeps a size."""
    return f.expand(input, shape_of("expand", sizes))


@method()
def broadcast_to(input: Any, shape: Sequence[int]) -> Tensor:
    """Repeat along new axes and axes of size 1, without a copy.

    Examples
    --------
    >>> broadcast_to(tensor([1.0, 2.0]), (2, 2))
    tensor([[1., 2.],
            [1., 2.]])
    """
    return f.expand(checked("broadcast_to", input), shape_of("broadcast_to", (shape,)))


@method()
def expand_as(input: Any, other: Any) -> Tensor:
    """Expand to the shape of another tensor.

    Examples
    --------
    >>> expand_as(tensor([1.0, 2.0]), zeros(2, 2)).shape
    (2, 2)
    """
    return f.expand(checked("expand_as", input), other.shape)


@method("transpose", "swapaxes", "swapdims")
def transpose(input: Any, dim0: int, dim1: int) -> Tensor:
    """Swap two axes: a view.

    Examples
    --------
    >>> transpose(zeros(2, 3), 0, 1).shape
    (3, 2)
    """
    input = checked("transpose", input)
    first, second = axis_of("transpose", dim0, input.ndim), axis_of("transpose", dim1, input.ndim)
    order = list(range(input.ndim))
    if order:
        order[first], order[second] = order[second], order[first]
    return f.permute(input, tuple(order))


swapaxes = swapdims = transpose


@method()
def t(input: Any) -> Tensor:
    """Transpose of a matrix; a vector stays as it is.

    Examples
    --------
    >>> t(tensor([[1.0, 2.0]]))
    tensor([[1.],
            [2.]])
    """
    input = checked("t", input)
    if input.ndim > 2:
        raise ValueError(f"t: takes at most two dims, got shape {input.shape}; use transpose(dim0, dim1)")
    return f.permute(input, tuple(reversed(range(input.ndim))))


Tensor.T = property(  # type: ignore[attr-defined]
    lambda input: f.permute(input, tuple(reversed(range(input.ndim)))), doc="The axes in reverse order: a view."
)
Tensor.mT = property(  # type: ignore[attr-defined]
    lambda input: transpose(input, -2, -1), doc="The last two axes swapped: a view."
)


@method("movedim", "moveaxis")
def movedim(input: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Move axes to other places; the others keep their order.

    Examples
    --------
    >>> movedim(zeros(2, 3, 4), 0, -1).shape
    (3, 4, 2)
    """
    input = checked("movedim", input)
    sources = [axis_of("movedim", axis, input.ndim) for axis in shape_of("movedim", (source,))]
    targets = [axis_of("movedim", axis, input.ndim) for axis in shape_of("movedim", (destination,))]
    if len(sources) != len(targets) or len(set(sources)) < len(sources) or len(set(targets)) < len(targets):
        raise ValueError(
            f"movedim: {source} and {destination} do not name as many different dims; give each source a destination"
        )
    order = [axis for axis in range(input.ndim) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return f.permute(input, tuple(order))


moveaxis = movedim


@method()
def squeeze(input: Any, dim: int | Sequence[int] | None = None) -> Tensor:
    """Remove axes of size 1: all, or those named.

    Examples
    --------
    >>> squeeze(zeros(1, 2, 1)).shape, squeeze(zeros(1, 2, 1), 0).shape
    ((2,), (2, 1))
    """
    input = checked("squeeze", input)
    axes = axes_of("squeeze", dim, input.ndim)
    return f.reshape(input, tuple(n for i, n in enumerate(input.shape) if not (i in axes and n == 1)))


@method()
def unsqueeze(input: Any, dim: int) -> Tensor:
    """Insert an axis of size 1.

    Examples
    --------
    >>> unsqueeze(zeros(2), 0).shape, unsqueeze(zeros(2), -1).shape
    ((1, 2), (2, 1))
    """
    input = checked("unsqueeze", input)
    axis = axis_of("unsqueeze", dim, input.ndim + 1)
    return f.reshape(input, (*input.shape[:axis], 1, *input.shape[axis:]))


@method()
def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Join axes into one.

    Examples
    --------
    >>> flatten(zeros(2, 3, 4), 1).shape
    (2, 12)
    """
    input = checked("flatten", input)
    start, end = axis_of("flatten", start_dim, input.ndim), axis_of("flatten", end_dim, input.ndim)
    if start > end:
        raise ValueError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim} of shape {input.shape}")
    shape = input.shape or (1,)
    return f.reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


@method()
def ravel(input: Any) -> Tensor:
    """All elements in one axis.

    Examples
    --------
    >>> ravel(tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([1., 2., 3., 4.])
    """
    input = checked("ravel", input)
    return f.reshape(input, (input.numel(),))


@method()
def unflatten(input: Any, dim: int, sizes: Sequence[int]) -> Tensor:
    """Split one axis into several; one of their sizes may be -1.

    Examples
    --------
    >>> unflatten(zeros(2, 12), 1, (3, -1)).shape
    (2, 3, 4)
    """
    input = checked("unflatten", input)
    axis = axis_of("unflatten", dim, input.ndim)
    found = list(shape_of("unflatten", (sizes,)))
    if found.count(-1) == 1:
        known = math.prod(n for n in found if n != -1)
        found[found.index(-1)] = input.shape[axis] // known if known else 0
    if math.prod(found) != input.shape[axis] or any(n < 0 for n in found):
        raise ValueError(
            f"unflatten: the sizes {tuple(sizes)} do not make the {input.shape[axis]} of dim {dim} "
            f"of shape {input.shape}"
        )
    return f.reshape(input, (*input.shape[:axis], *found, *input.shape[axis + 1 :]))


@method()
def narrow(input: Any, dim: int, start: int, length: int) -> Tensor:
    """Part of an axis: a view.

    Examples
    --------
    >>> narrow(tensor([1.0, 2.0, 3.0]), 0, 1, 2)
    tensor([2., 3.])
    """
    input = checked("narrow", input)
    axis = _axis("narrow", dim, input)
    n = input.shape[axis]
    first = int(start) + n if start < 0 else int(start)
    if not 0 <= first <= first + length <= n:
        raise IndexError(f"narrow: {length} elements from {start} are not in dim {dim} of shape {input.shape}")
    return input[(slice(None),) * axis + (slice(first, first + length),)]


def _axis(operation: str, dim: Any, input: Tensor) -> int:
    if input.ndim == 0:
        raise ValueError(f"{operation}: a single number has no axis; it needs at least one dim")
    return axis_of(operation, dim, input.ndim)


@method()
def select(input: Any, dim: int, index: int) -> Tensor:
    """One place of an axis, without the axis: a view.

    Examples
    --------
    >>> select(tensor([[1.0, 2.0], [3.0, 4.0]]), 1, 0)
    tensor([1., 3.])
    """
    input = checked("select", input)
    axis = _axis("select", dim, input)
    n = input.shape[axis]
    if not -n <= index < n:
        raise IndexError(f"select: the index {index} is out of range for dim {dim} of shape {input.shape}")
    return input[(slice(None),) * axis + (int(index),)]


def split(tensor: Any, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Cut an axis into parts of one size, the last perhaps smaller, or of given sizes: views.

    Examples
    --------
    >>> split(tensor([1.0, 2.0, 3.0]), 2)
    (tensor([1., 2.]), tensor([3.]))
    """
    tensor = checked("split", tensor)
    axis = _axis("split", dim, tensor)
    n = tensor.shape[axis]
    if isinstance(split_size_or_sections, Sequence):
        sizes = list(split_size_or_sections)
        if sum(sizes) != n or any(size < 0 for size in sizes):
            raise ValueError(
                f"split: the sizes {tuple(sizes)} do not add up to the {n} of dim {dim} of shape {tensor.shape}"
            )
    elif split_size_or_sections < 1:
        raise ValueError(f"split: parts have at least one element, got {split_size_or_sections}")
    else:
        size = int(split_size_or_sections)
        sizes = [min(size, n - start) for start in range(0, n, size)] or [0]
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    return tuple(narrow(tensor, axis, start, size) for start, size in zip(starts, sizes, strict=True))


@method("split")
def _split(input: Tensor, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Cut an axis into parts of one size, the last perhaps smaller, or of given sizes: views."""
    return split(input, split_size, dim)


@method()
def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """Cut an axis into so many parts of one size, the last perhaps smaller: views.

    Examples
    --------
    >>> chunk(tensor([1.0, 2.0, 3.0]), 2)
    (tensor([1., 2.]), tensor([3.]))
    """
    input = checked("chunk", input)
    if chunks < 1:
        raise ValueError(f"chunk: at least one part, got {chunks}")
    n = input.shape[_axis("chunk", dim, input)]
    return split(input, max(-(-n // chunks), 1), dim) if n else (input,) * chunks


@method()
def unbind(input: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts along an axis, without the axis: views.

    Examples
    --------
    >>> unbind(tensor([[1.0, 2.0], [3.0, 4.0]]))
    (tensor([1., 2.]), tensor([3., 4.]))
    """
    input = checked("unbind", input)
    axis = _axis("unbind", dim, input)
    return tuple(input[(slice(None),) * axis + (i,)] for i in range(input.shape[axis]))


@method("flip")
def _flip(input: Tensor, *dims: Any) -> Tensor:
    """Reverse the order along the axes."""
    return f.flip(input, shape_of("flip", dims))

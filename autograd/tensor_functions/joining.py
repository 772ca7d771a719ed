"""Joining tensors, and repeating one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd import functions
from autograd.array_operations.axes import axis_of, shape_of
from autograd.tensor import Tensor
from autograd.tensor_functions.attach import checked, method
from autograd.tensor_functions.shapes import ravel, unsqueeze

f: Any = functions

__all__ = [
    "broadcast_tensors",
    "cat",
    "concat",
    "concatenate",
    "hstack",
    "meshgrid",
    "repeat_interleave",
    "stack",
    "tile",
    "vstack",
]


def cat(tensors: Iterable[Any], dim: int = 0) -> Tensor:
    """Join tensors along an axis that they have.

    Examples
    --------
    >>> cat([tensor([1.0]), tensor([2.0, 3.0])])
    tensor([1., 2., 3.])
    """
    given = [checked("cat", x) for x in tensors]
    # As in PyTorch an empty vector may stand among tensors of any shape: what a loop begins with.
    kept = [x for x in given if x.shape != (0,)]
    return f.cat(kept or given, dim)


concat = concatenate = cat


def stack(tensors: Iterable[Any], dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new axis.

    Examples
    --------
    >>> stack([tensor([1.0, 2.0]), tensor([3.0, 4.0])])
    tensor([[1., 2.],
            [3., 4.]])
    """
    given = [checked("stack", x) for x in tensors]
    if len({x.shape for x in given}) > 1:
        raise ValueError(f"stack: the shapes {', '.join(str(x.shape) for x in given)} must be the same; see cat")
    return f.cat([unsqueeze(x, dim) for x in given], axis_of("stack", dim, given[0].ndim + 1) if given else 0)


def hstack(tensors: Iterable[Any]) -> Tensor:
    """Join side by side: vectors along their axis, others along the second.

    Examples
    --------
    >>> hstack([tensor([[1.0], [2.0]]), tensor([[3.0], [4.0]])])
    tensor([[1., 3.],
            [2., 4.]])
    """
    given = [x if x.ndim else ravel(x) for x in (checked("hstack", x) for x in tensors)]
    return cat(given, 0 if given and given[0].ndim == 1 else 1)


def vstack(tensors: Iterable[Any]) -> Tensor:
    """Join one above the other; vectors become rows.

    Examples
    --------
    >>> vstack([tensor([1.0, 2.0]), tensor([3.0, 4.0])])
    tensor([[1., 2.],
            [3., 4.]])
    """
    given = [checked("vstack", x) for x in tensors]
    return cat([x if x.ndim > 1 else f.reshape(x, (1, x.numel())) for x in given])


@method("repeat")
def _repeat(input: Tensor, *repeats: Any) -> Tensor:
    """Copies side by side: so many along each axis; more numbers than axes make new axes in front.

    Examples
    --------
    >>> tensor([1.0, 2.0]).repeat(2, 1)
    tensor([[1., 2.],
            [1., 2.]])
    """
    times = shape_of("repeat", repeats)
    if len(times) < input.ndim:
        raise ValueError(
            f"repeat: {len(times)} numbers for the {input.ndim} dims of shape {input.shape}; "
            f"give one for each, or use tile"
        )
    return tile(input, times)


def tile(input: Any, dims: Sequence[int]) -> Tensor:
    """Copies side by side: so many along each axis, counted from the last.

    Examples
    --------
    >>> tile(tensor([1.0, 2.0]), (2,))
    tensor([1., 2., 1., 2.])
    """
    input = checked("tile", input)
    times = shape_of("tile", (dims,))
    if any(n < 0 for n in times):
        raise ValueError(f"tile: numbers of copies are not negative, got {times}")
    rank = max(len(times), input.ndim)
    times = (1,) * (rank - len(times)) + times
    shape = (1,) * (rank - input.ndim) + input.shape
    with_axes = f.reshape(input, tuple(n for size in shape for n in (1, size)))
    copies = f.expand(with_axes, tuple(n for pair in zip(times, shape, strict=True) for n in pair))
    out = f.reshape(copies, tuple(n * size for n, size in zip(times, shape, strict=True)))
    return f.clone(out) if np.may_share_memory(out.numpy(), input.numpy()) else out


@method("tile")
def _tile(input: Tensor, *dims: Any) -> Tensor:
    """Copies side by side: so many along each axis, counted from the last."""
    return tile(input, shape_of("tile", dims))


@method()
def repeat_interleave(input: Any, repeats: Any, dim: int | None = None) -> Tensor:
    """Every element, or every entry along `dim`, several times in a row.

    Examples
    --------
    >>> repeat_interleave(tensor([1.0, 2.0]), 2)
    tensor([1., 1., 2., 2.])
    """
    input = checked("repeat_interleave", input)
    if dim is None:
        input, dim = ravel(input), 0
    axis = axis_of("repeat_interleave", dim, input.ndim)
    counts = repeats.numpy() if isinstance(repeats, Tensor) else np.asarray(repeats)
    n = input.shape[axis]
    if counts.dtype.kind not in "iu" or (counts < 0).any() or counts.size not in (1, n):
        raise ValueError(
            f"repeat_interleave: repeats is a whole number or one for each of the {n} entries of dim {dim}, "
            f"got {repeats!r}"
        )
    return input[(slice(None),) * axis + (np.repeat(np.arange(n), counts),)]


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Expand vectors over the grid that they make: each varies along an axis of its own.

    Examples
    --------
    >>> meshgrid(tensor([1, 2]), tensor([3, 4]))
    (tensor([[1, 1],
            [2, 2]]), tensor([[3, 4],
            [3, 4]]))
    """
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid: indexing is 'ij' or 'xy', got {indexing!r}")
    given = [ravel(x) for x in tensors]
    if any(checked("meshgrid", x).ndim > 1 for x in tensors):
        raise ValueError(f"meshgrid: takes vectors, got shapes {', '.join(str(x.shape) for x in tensors)}")
    places = list(range(len(given)))
    if indexing == "xy" and len(given) > 1:
        places[:2] = 1, 0
    shape = tuple(given[places.index(i)].numel() for i in range(len(given)))
    return tuple(
        f.expand(f.reshape(x, tuple(n if i == place else 1 for i, n in enumerate(shape))), shape)
        for x, place in zip(given, places, strict=True)
    )


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """Expand tensors to the shape that they have together.

    Examples
    --------
    >>> [x.shape for x in broadcast_tensors(zeros(2, 1), zeros(3))]
    [(2, 3), (2, 3)]
    """
    given = [checked("broadcast_tensors", x) for x in tensors]
    try:
        shape = np.broadcast_shapes(*(x.shape for x in given))
    except ValueError:
        shapes = " and ".join(str(x.shape) for x in given)
        raise ValueError(
            f"broadcast_tensors: the shapes {shapes} do not broadcast; counted from the last axis, "
            f"sizes must be equal or 1"
        ) from None
    return tuple(f.expand(x, shape) for x in given)

"""Pooling over windows in 1, 2 or 3 dimensions, and its gradients.

- maximum: y = max of the window, its gradient goes to the element that was the largest;
- average: y = Σ window / divisor, each element of the window receives ȳ / divisor;
- adaptive average: the windows follow from the output's size: window i of n over a length L is
  ⌊i L / n⌋ to ⌈(i + 1) L / n⌉.

Arrays are (..., *spatial).  The kernels compute planes; a row is a plane of height 1, and of a volume the planes
are pooled first, then the results along the depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels import pooling_planes as planes
from autograd.kernels.pooling_windows import Sizes, Windows, windows
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

GRAIN = 16384  # input elements a thread must get: about 10 µs of work, more than waking it costs


def _windows(
    name: str, x_shape: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes | None, ceil_mode: bool
) -> Windows:
    kernel = tuple(kernel)
    spatial = tuple(x_shape)[len(x_shape) - len(kernel) :]
    return windows(name, spatial, kernel, tuple(stride), tuple(padding), dilation or (1,) * len(kernel), ceil_mode)


def _as_planes(w: Windows) -> Windows:
    """Return the windows of the planes: of a row as a plane of height 1, of a volume without its depth."""
    if len(w.kernel) == 1:
        return Windows(
            (1, *w.spatial), (1, *w.kernel), (1, *w.stride), (0, *w.padding), (1, *w.dilation), (1, *w.output)
        )
    return Windows(w.spatial[-2:], w.kernel[-2:], w.stride[-2:], w.padding[-2:], w.dilation[-2:], w.output[-2:])


def _sizes(w: Windows) -> Array:
    """Return what the kernels need: for rows and columns the kernel, stride, padding and dilation."""
    return np.array([w.kernel, w.stride, w.padding, w.dilation]).T.copy()


def _intervals(count: int, w: Windows) -> threads.Intervals:
    return threads.parts(count, GRAIN // prod(w.spatial) + 1)


def _squares_that_touch(w: Windows) -> bool:
    """Whether windows are 2 x 2, without padding, and none reaches over the end."""
    inside = all(2 * count <= size for count, size in zip(w.output, w.spatial, strict=True))
    return inside and (w.kernel, w.stride, w.padding, w.dilation) == ((2, 2), (2, 2), (0, 0), (1, 1))


def max_pool(
    x: Array, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil_mode: bool = False
) -> tuple[Array, Array]:
    """Return the largest element of every window, and where it is.

    Parameters
    ----------
    x : array of float32 or float64, shape (..., *spatial)
    kernel, stride, padding, dilation : tuples of int, one entry per spatial dimension
    ceil_mode : bool
        Whether the last window may reach over the end.

    Returns
    -------
    out : array, shape (..., *output)
        A nan in a window makes its result nan.
    indices : array of int32, shape (..., *output)
        Positions in the flattened spatial dimensions of `x`.

    Raises
    ------
    ValueError
        When the windows do not fit; see `windows`.

    Examples
    --------
    >>> max_pool(np.array([[1.0, 3.0, 2.0, 0.0]]), (2,), (2,), (0,), (1,))
    (array([[3., 2.]]), array([[1, 2]], dtype=int32))
    """
    w = _windows("max_pool", x.shape, kernel, stride, padding, tuple(dilation), ceil_mode)
    leading = x.shape[: x.ndim - len(w.kernel)]
    if small(x.size):
        return _max_with_numpy(x, w)
    flat, plane = (
        _as_planes(w),
        contiguous(x).reshape(-1, *((1, *x.shape[-1:]) if len(w.kernel) == 1 else x.shape[-2:])),
    )
    out = np.empty((len(plane), *flat.output), x.dtype)
    indices = np.empty(out.shape, np.int32)
    intervals = _intervals(len(plane), flat)
    if _squares_that_touch(flat):
        threads.run(planes.max_squares, intervals, plane, out, indices)
    else:
        threads.run(planes.max_planes, intervals, plane, _sizes(flat), out, indices)
    if len(w.kernel) < 3:
        return out.reshape(*leading, *w.output), indices.reshape(*leading, *w.output)
    # Of a volume: the largest of the planes' results, counted in whole planes.
    depth = w.spatial[0]
    shape = (*leading, depth, *flat.output)
    indices = indices.reshape(shape) + (np.arange(depth, dtype=np.int32) * prod(flat.spatial))[:, None, None]
    along = Windows(w.spatial[:1], w.kernel[:1], w.stride[:1], w.padding[:1], w.dilation[:1], w.output[:1])
    rows = np.moveaxis(out.reshape(shape), -3, -1)
    out, chosen = max_pool(rows, along.kernel, along.stride, along.padding, along.dilation, ceil_mode)
    indices = np.take_along_axis(np.moveaxis(indices, -3, -1), chosen, -1)
    return np.ascontiguousarray(np.moveaxis(out, -1, -3)), np.ascontiguousarray(np.moveaxis(indices, -1, -3))


def _positions(w: Windows, tap: Sizes, inside: bool) -> Array:
    """Return the position of one element of every window; with `inside`, of the first inside the input."""
    position: Array = np.zeros((1,) * len(w.kernel), np.int64)
    for axis, i in enumerate(tap):
        start = w.starts(axis) + i * w.dilation[axis]
        if inside:
            start = start + -(-np.maximum(-start, 0) // w.dilation[axis]) * w.dilation[axis]
        shape = [-1 if a == axis else 1 for a in range(len(tap))]
        position = position * w.spatial[axis] + start.reshape(shape)
    return position


def _padded(x: Array, w: Windows, value: float) -> Array:
    """Return `x` inside an array as large as the windows reach, or larger."""
    shape = [max(w.padded(a), w.padding[a] + w.spatial[a]) for a in range(len(w.kernel))]
    padded = np.full((*x.shape[: x.ndim - len(shape)], *shape), value, x.dtype)
    padded[(..., *(slice(p, p + size) for p, size in zip(w.padding, w.spatial, strict=True)))] = x
    return padded


def _max_with_numpy(x: Array, w: Windows) -> tuple[Array, Array]:
    padded = _padded(x, w, -np.inf)
    shape = (*x.shape[: x.ndim - len(w.kernel)], *w.output)
    out = np.full(shape, -np.inf, x.dtype)
    indices = np.broadcast_to(_positions(w, (0,) * len(w.kernel), True), shape).astype(np.int32)
    for tap in product(*map(range, w.kernel)):
        values = padded[(..., *w.tap(tap))]
        replaces = (values > out) | np.isnan(values)
        np.copyto(out, values, where=replaces)
        np.copyto(indices, _positions(w, tap, False), where=replaces, casting="same_kind")
    return out, indices


def max_pool_gradient(g: Array, indices: Array, input_shape: Sizes, dimensions: int) -> Array:
    """Return what the input of `max_pool` receives when its result receives `g`.

    Parameters
    ----------
    g, indices : arrays, shape (..., *output)
    input_shape : tuple of int
    dimensions : int
        How many of the last dimensions are spatial.
    """
    input_shape = tuple(input_shape)
    count = prod(input_shape[: len(input_shape) - dimensions])
    size, outputs = prod(input_shape[len(input_shape) - dimensions :]), indices.size // max(count, 1)
    if small(count * size):
        gx = np.zeros((count, size), g.dtype)
        np.add.at(gx, (np.arange(count)[:, None], indices.reshape(count, outputs)), g.reshape(count, outputs))
        return gx.reshape(input_shape)
    gx = np.empty((count, size), g.dtype)
    upstream, places = contiguous(g).reshape(count, outputs), contiguous(indices, np.int32).reshape(count, outputs)
    threads.run(planes.max_planes_gradient, threads.parts(count, GRAIN // size + 1), upstream, places, gx)
    return gx.reshape(input_shape)


def average_pool(
    x: Array,
    kernel: Sizes,
    stride: Sizes,
    padding: Sizes,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Return the average of every window.

    Parameters
    ----------
    x : array of float32 or float64, shape (..., *spatial)
    kernel, stride, padding : tuples of int, one entry per spatial dimension
    ceil_mode : bool
        Whether the last window may reach over the end.
    count_include_pad : bool
        Whether the padding counts as zeros; else only elements of the input count.
    divisor_override : int, optional
        Divide by this instead of the number of elements.

    Raises
    ------
    ValueError
        When the windows do not fit; see `windows`.

    Examples
    --------
    >>> average_pool(np.array([[1.0, 3.0, 2.0, 0.0]]), (2,), (2,), (0,))
    array([[2., 1.]])
    """
    w = _windows("avg_pool", x.shape, kernel, stride, padding, None, ceil_mode)
    divisors = _divisors(w, count_include_pad, divisor_override).astype(x.dtype)
    shape = (*x.shape[: x.ndim - len(w.kernel)], *w.output)
    if small(x.size):
        padded = _padded(x, w, 0)
        total = np.zeros(shape, x.dtype)
        for tap in product(*map(range, w.kernel)):
            total += padded[(..., *w.tap(tap))]
        return total / divisors
    flat = _as_planes(w)
    volume = len(w.kernel) == 3
    plane = contiguous(x).reshape(-1, *flat.spatial)
    out = np.empty((len(plane), *flat.output), x.dtype)
    over = np.ones(flat.output, x.dtype) if volume else divisors.reshape(flat.output)
    threads.run(planes.average_planes, _intervals(len(plane), flat), plane, _sizes(flat), over, out)
    if not volume:
        return out.reshape(shape)
    out = out.reshape(*shape[:-3], w.spatial[0], *flat.output)
    return sum(_depths(out, w)) / divisors


def _depths(out: Array, w: Windows) -> Iterator[Array]:
    """Yield for each tap along the depth of a volume the planes that it finds, zeros in the padding."""
    along = Windows(w.spatial[:1], w.kernel[:1], w.stride[:1], w.padding[:1], w.dilation[:1], w.output[:1])
    end = max(along.padded(0) - w.padding[0] - w.spatial[0], 0)
    padded = np.pad(out, [(0, 0)] * (out.ndim - 3) + [(w.padding[0], end), (0, 0), (0, 0)])
    for i in range(w.kernel[0]):
        yield padded[(..., *along.tap((i,)), slice(None), slice(None))]


def _divisors(w: Windows, count_include_pad: bool, override: int | None) -> Array:
    """Return what the sum of each window is divided by, (*output)."""
    if override is not None:
        if override == 0:
            raise ValueError("avg_pool: divisor_override must not be 0")
        return np.full(w.output, override)
    counts: Array = np.ones((1,) * len(w.kernel), np.int64)
    for axis, (size, k, p) in enumerate(zip(w.spatial, w.kernel, w.padding, strict=True)):
        start = w.starts(axis)
        stop = np.minimum(start + k, size + p)
        if not count_include_pad:
            start, stop = np.maximum(start, 0), np.minimum(stop, size)
        counts = counts * (stop - start).reshape([-1 if a == axis else 1 for a in range(len(w.kernel))])
    return counts


def average_pool_gradient(
    g: Array,
    input_shape: Sizes,
    kernel: Sizes,
    stride: Sizes,
    padding: Sizes,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Return what the input of `average_pool` receives when its result receives `g`.

    Parameters
    ----------
    g : array, shape (..., *output)
    input_shape : tuple of int
    kernel, stride, padding, ceil_mode, count_include_pad, divisor_override
        As they were given to `average_pool`.
    """
    input_shape = tuple(input_shape)
    w = _windows("avg_pool", input_shape, kernel, stride, padding, None, ceil_mode)
    divisors = _divisors(w, count_include_pad, divisor_override).astype(g.dtype)
    volume = len(w.kernel) == 3
    if small(prod(input_shape)) or volume:
        leading = input_shape[: len(input_shape) - len(w.kernel)]
        shares = g / divisors
        padded = _padded(np.zeros(input_shape, g.dtype), w, 0)
        for tap in product(*map(range, w.kernel)):
            padded[(..., *w.tap(tap))] += shares
        inside = tuple(slice(p, p + size) for p, size in zip(w.padding, w.spatial, strict=True))
        return np.ascontiguousarray(padded[(..., *inside)]).reshape(*leading, *w.spatial)
    flat = _as_planes(w)
    upstream = contiguous(g).reshape(-1, *flat.output)
    gx = np.empty((len(upstream), *flat.spatial), g.dtype)
    over = divisors.reshape(flat.output)
    threads.run(planes.average_planes_gradient, _intervals(len(gx), flat), upstream, _sizes(flat), over, gx)
    return gx.reshape(input_shape)


def _adaptive(size: int, count: int) -> Array:
    """Return where `count` windows over `size` elements start and stop, (count, 2)."""
    i = np.arange(count)
    return np.stack([i * size // count, -(-(i + 1) * size // count)], axis=1)


def adaptive_average_pool(x: Array, output_size: Sizes) -> Array:
    """Return averages over windows whose sizes follow from the output's.

    Parameters
    ----------
    x : array of float32 or float64, shape (..., *spatial)
    output_size : tuple of int, one entry per spatial dimension

    Examples
    --------
    >>> adaptive_average_pool(np.array([[1.0, 3.0, 2.0]]), (2,))
    array([[2. , 2.5]])
    """
    output_size = tuple(output_size)
    leading, spatial = x.shape[: x.ndim - len(output_size)], x.shape[x.ndim - len(output_size) :]
    if min(spatial) < 1:
        raise ValueError(f"adaptive_avg_pool: the input {x.shape} has no elements to average")
    edges = [_adaptive(size, count) for size, count in zip(spatial, output_size, strict=True)]
    along, flat = range(len(edges)), x
    if not small(x.size) and prod(output_size):
        rows, columns = edges[-2:] if len(edges) > 1 else [np.array([[0, 1]]), *edges]
        plane = contiguous(x).reshape(-1, *((1, *spatial) if len(spatial) == 1 else spatial[-2:]))
        flat = np.empty((len(plane), len(rows), len(columns)), x.dtype)
        intervals = threads.parts(len(plane), GRAIN // plane[0].size + 1)
        threads.run(planes.adaptive_planes, intervals, plane, rows, columns, flat)
        if len(spatial) < 3:
            return flat.reshape(*leading, *output_size)
        along, flat = range(1), flat.reshape(*leading, spatial[0], *output_size[1:])
    for axis in along:  # windows are products of intervals, so the axes can be averaged one after the other
        axis_of_array = axis - len(edges)
        means = [
            flat[(..., slice(start, stop), *[slice(None)] * (-axis_of_array - 1))].mean(axis_of_array)
            for start, stop in edges[axis]
        ]
        flat = np.stack(means, axis_of_array) if means else np.empty((*leading, *output_size), x.dtype)
    return flat


def adaptive_average_pool_gradient(g: Array, input_shape: Sizes, dimensions: int) -> Array:
    """Return what the input of `adaptive_average_pool` receives when its result receives `g`.

    Parameters
    ----------
    g : array, shape (..., *output)
    input_shape : tuple of int
    dimensions : int
        How many of the last dimensions are spatial.
    """
    input_shape = tuple(input_shape)
    spatial, output = input_shape[len(input_shape) - dimensions :], g.shape[g.ndim - dimensions :]
    edges = [_adaptive(size, count) for size, count in zip(spatial, output, strict=True)]
    gx = np.zeros(input_shape, g.dtype)
    if small(gx.size) or dimensions == 3:
        for window in product(*map(range, output)):
            cells = tuple(slice(*edge[i]) for edge, i in zip(edges, window, strict=True))
            count = prod(int(cell.stop - cell.start) for cell in cells)
            gx[(..., *cells)] += (g[(..., *window)] / g.dtype.type(count))[(..., *[None] * dimensions)]
        return gx
    rows, columns = edges if dimensions == 2 else [np.array([[0, 1]]), *edges]
    upstream = contiguous(g).reshape(-1, len(rows), len(columns))
    plane = gx.reshape(len(upstream), *(spatial if dimensions == 2 else (1, *spatial)))
    intervals = threads.parts(len(plane), GRAIN // plane[0].size + 1)
    threads.run(planes.adaptive_planes_gradient, intervals, upstream, rows, columns, plane)
    return gx


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    sizes, ends = _sizes(windows("example", (2, 2), (2, 2), (2, 2), (0, 0), (1, 1), False)), _adaptive(2, 1)
    for dtype in (np.float32, np.float64):
        x, y, i = np.ones((1, 2, 2), dtype), np.ones((1, 1, 1), dtype), np.zeros((1, 1, 1), np.int32)
        calls = {
            "max_planes": (x, sizes, y, i),
            "max_squares": (x, y, i),
            "max_planes_gradient": (y[0], i[0], x.reshape(1, 4)),
            "average_planes": (x, sizes, y[0], y),
            "average_planes_gradient": (y, sizes, y[0], x),
            "adaptive_planes": (x, ends, ends, y),
            "adaptive_planes_gradient": (y, ends, ends, x),
        }
        for name, arguments in calls.items():
            compiled = getattr(planes, name)
            yield f"{name} {dtype.__name__}", lambda run=compiled, arguments=arguments: run(0, 0, 1, *arguments)

"""Pooling over planes: the compiled loops.

Every kernel takes planes (count, height, width); a thread takes an interval of planes.  The windowed ones copy
a plane into the scratch memory that :class:`autograd.kernels.windows.Phases` describes, then loop
element of the window -> position, the inner loop contiguous over all windows of the plane at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.jit import exact, kernel, reordered_kernel


@exact
def overlap(shift: int, step: int, size: int, count: int) -> Any:
    """Return for which i of range(count) the position i * step + shift lies in range(size): from, to."""
    start = max(0, -(shift // step))
    stop = min(count, (size - 1 - shift) // step + 1)
    return start, max(start, stop)


@exact
def split(plane: Any, geometry: Any, scratch: Any) -> None:
    """Copy a plane into its phases; cells of the padding keep what they hold."""
    sh, top, rows, _ = geometry[0]
    sw, left, pitch, _ = geometry[1]
    for a in range(sh):
        first_row, last_row = overlap(a - top, sh, plane.shape[0], rows)
        for i in range(first_row, last_row):
            row = plane[i * sh + a - top]
            for b in range(sw):
                start, stop = overlap(b - left, sw, len(row), pitch)
                at = ((a * sw + b) * rows + i) * pitch
                cells, source = scratch[at + start : at + stop], row[start * sw + b - left :]
                if sw == 1:
                    cells[:] = source[: len(cells)]
                elif sw == 2:  # a stride the compiler knows becomes vector shuffles
                    for j in range(len(cells)):
                        cells[j] = source[2 * j]
                else:
                    for j in range(len(cells)):
                        cells[j] = source[sw * j]


@exact
def join(scratch: Any, geometry: Any, plane: Any) -> None:
    """Copy the phases back into a plane; positions that no window reaches receive 0."""
    sh, top, rows, _ = geometry[0]
    sw, left, pitch, _ = geometry[1]
    plane[:] = 0
    for a in range(sh):
        first_row, last_row = overlap(a - top, sh, plane.shape[0], rows)
        for i in range(first_row, last_row):
            row = plane[i * sh + a - top]
            for b in range(sw):
                start, stop = overlap(b - left, sw, len(row), pitch)
                at = ((a * sw + b) * rows + i) * pitch
                cells, target = scratch[at + start : at + stop], row[start * sw + b - left :]
                if sw == 1:
                    target[: len(cells)] = cells
                elif sw == 2:
                    for j in range(len(cells)):
                        target[2 * j] = cells[j]
                else:
                    for j in range(len(cells)):
                        target[sw * j] = cells[j]


@kernel
def max_planes(
    part: int,
    start: int,
    stop: int,
    x: Any,
    geometry: Any,
    size: int,
    taps: Any,
    first: Any,
    base: Any,
    out: Any,
    indices: Any,
) -> None:
    """Write the largest element of every window and its position; the last nan wins, as in PyTorch."""
    length = len(base)
    scratch = np.full(size, -np.inf, x.dtype)
    largest, places = np.empty(length, x.dtype), np.empty(length, np.int32)
    pitch, width = geometry[1, 2], geometry[1, 3]
    for p in range(start, stop):
        split(x[p], geometry, scratch)
        largest[:] = -np.inf
        places[:] = first
        for tap in range(len(taps)):
            values, offset = scratch[taps[tap, 0] : taps[tap, 0] + length], np.int32(taps[tap, 1])
            for q in range(length):
                value, before = values[q], largest[q]
                replaces = (value > before) | (value != value)
                largest[q] = value if replaces else before
                places[q] = np.int32(base[q] + offset) if replaces else places[q]
        for i in range(out.shape[1]):
            at = i * pitch
            out[p, i] = largest[at : at + width]
            indices[p, i] = places[at : at + width]


@kernel
def max_planes_gradient(part: int, start: int, stop: int, g: Any, indices: Any, gx: Any) -> None:
    """Add every window's gradient where its maximum was; all arrays (planes, positions)."""
    for p in range(start, stop):
        row, upstream, places = gx[p], g[p], indices[p]
        row[:] = 0
        for i in range(len(places)):
            row[np.uint64(places[i])] += upstream[i]


@kernel
def average_planes(
    part: int, start: int, stop: int, x: Any, geometry: Any, size: int, taps: Any, divisors: Any, out: Any
) -> None:
    """Write the sum of every window over its divisor."""
    length = len(divisors)
    scratch, totals = np.zeros(size, x.dtype), np.empty(length, x.dtype)
    pitch, width = geometry[1, 2], geometry[1, 3]
    for p in range(start, stop):
        split(x[p], geometry, scratch)
        totals[:] = scratch[taps[0, 0] : taps[0, 0] + length]
        for tap in range(1, len(taps)):
            values = scratch[taps[tap, 0] : taps[tap, 0] + length]
            for q in range(length):
                totals[q] += values[q]
        for q in range(length):
            totals[q] = totals[q] / divisors[q]
        for i in range(out.shape[1]):
            out[p, i] = totals[i * pitch : i * pitch + width]


@kernel
def average_planes_gradient(
    part: int, start: int, stop: int, g: Any, geometry: Any, size: int, taps: Any, divisors: Any, gx: Any
) -> None:
    """Spread every window's gradient, over its divisor, evenly over the window."""
    length = len(divisors)
    scratch, shares = np.empty(size, g.dtype), np.zeros(length, g.dtype)
    pitch, width = geometry[1, 2], geometry[1, 3]
    for p in range(start, stop):
        for i in range(g.shape[1]):
            shares[i * pitch : i * pitch + width] = g[p, i]
        for q in range(length):
            shares[q] = shares[q] / divisors[q]
        for i in range(1, g.shape[1]):  # what lies between the rows is no window
            shares[(i - 1) * pitch + width : i * pitch] = 0
        scratch[:] = 0
        for tap in range(len(taps)):
            values = scratch[taps[tap, 0] : taps[tap, 0] + length]
            for q in range(length):
                values[q] += shares[q]
        join(scratch, geometry, gx[p])


@reordered_kernel
def adaptive_planes(part: int, start: int, stop: int, x: Any, rows: Any, columns: Any, out: Any) -> None:
    """Write the mean of every window; `rows` and `columns` hold where windows start and stop, (count, 2)."""
    whole = out.shape[1] == 1 and out.shape[2] == 1
    for p in range(start, stop):
        if whole:  # one loop over the plane instead of one a row
            flat = x[p].reshape(-1)
            total = x.dtype.type(0)
            for q in range(len(flat)):
                total += flat[q]
            out[p, 0, 0] = total / x.dtype.type(len(flat))
            continue
        for i in range(len(rows)):
            for j in range(len(columns)):
                total = x.dtype.type(0)
                for r in range(rows[i, 0], rows[i, 1]):
                    cells = x[p, r, columns[j, 0] : columns[j, 1]]
                    for q in range(len(cells)):
                        total += cells[q]
                count = (rows[i, 1] - rows[i, 0]) * (columns[j, 1] - columns[j, 0])
                out[p, i, j] = total / x.dtype.type(count)


@kernel
def adaptive_planes_gradient(part: int, start: int, stop: int, g: Any, rows: Any, columns: Any, gx: Any) -> None:
    """Spread every window's gradient evenly over the window."""
    for p in range(start, stop):
        gx[p] = 0
        for i in range(len(rows)):
            for j in range(len(columns)):
                count = (rows[i, 1] - rows[i, 0]) * (columns[j, 1] - columns[j, 0])
                share = g[p, i, j] / g.dtype.type(count)
                for r in range(rows[i, 0], rows[i, 1]):
                    cells = gx[p, r, columns[j, 0] : columns[j, 1]]
                    for q in range(len(cells)):
                        cells[q] += share

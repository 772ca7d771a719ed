"""Pooling over planes: the compiled loops.

Every kernel takes planes (count, height, width); a thread takes an interval of planes.  Windows are products of a
column and a row, so the windowed kernels go output row -> input rows -> columns: the rows under an output
row are combined into one row, contiguous and vectorised, then the elements of the windows along it::

    x x x x x x
    x x x x x x  ->  r r r r r r  ->  y y y      loop order: plane -> output row -> input row of the window
    x x x x x x                                  -> column, then output column -> element along the window

`sizes` holds for rows, then for columns: kernel, stride, padding, dilation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.kernels.jit import kernel
from autograd.kernels.rules import exact
from autograd.kernels.sums import total

NOWHERE = np.int32(2**31 - 1)


@exact
def inside(first: int, taps: int, dilation: int, size: int) -> Any:
    """Return which elements of a window that begins at `first` lie in range(size): from, to."""
    start = 0 if first >= 0 else (-first + dilation - 1) // dilation
    stop = taps if first + (taps - 1) * dilation < size else (size - first + dilation - 1) // dilation
    return start, stop


@exact
def largest_along(best: Any, places: Any, taps: int, stride: int, dilation: int, out: Any, indices: Any) -> None:
    """Write the largest of each window along a row: of equals the one with the smallest place, of nans the last."""
    for j in range(len(out)):
        largest, place = best[stride * j], places[stride * j]
        for b in range(1, taps):
            value, at = best[stride * j + b * dilation], places[stride * j + b * dilation]
            is_nan, was_nan = value != value, largest != largest
            equal = (value == largest) & (at < place)
            replaces = (value > largest) | equal | (is_nan & ((not was_nan) | (at > place)))
            largest = value if replaces else largest
            place = at if replaces else place
        out[j] = largest
        indices[j] = place


@exact
def total_along(totals: Any, taps: int, stride: int, divisors: Any, out: Any) -> None:
    """Write the sum of each window along a row over its divisor."""
    for j in range(len(out)):
        total = totals[stride * j]
        for b in range(1, taps):
            total += totals[stride * j + b]
        out[j] = total / divisors[j]


@exact
def spread_along(shares: Any, taps: int, stride: int, row: Any) -> None:
    """Add each window's share to its elements along a row."""
    for b in range(taps):
        for j in range(len(shares)):
            row[stride * j + b] += shares[j]


@kernel
def max_planes(part: int, start: int, stop: int, x: Any, sizes: Any, out: Any, indices: Any) -> None:
    """Write the largest element of every window and its position; the last nan wins, as in PyTorch."""
    taps, stride, padding, dilation = sizes[0]
    columns, step, left, spacing = sizes[1]
    width = x.shape[2]
    # With the padding on both sides, where nothing is ever written.
    reach = max(left + width, (out.shape[2] - 1) * step + (columns - 1) * spacing + 1)
    best, places = np.full(reach, -np.inf, x.dtype), np.full(reach, NOWHERE)
    row_best, row_places = best[left : left + width], places[left : left + width]
    for p in range(start, stop):
        for i in range(out.shape[1]):
            first = i * stride - padding
            from_tap, to_tap = inside(first, taps, dilation, x.shape[1])
            place = (first + from_tap * dilation) * width
            row = x[p, first + from_tap * dilation]
            for c in range(len(row)):
                row_best[c] = row[c]
                row_places[c] = np.int32(place + c)
            for tap in range(from_tap + 1, to_tap):
                row, place = x[p, first + tap * dilation], (first + tap * dilation) * width
                for c in range(len(row)):
                    value, before = row[c], row_best[c]
                    replaces = (value > before) | (value != value)
                    row_best[c] = value if replaces else before
                    row_places[c] = np.int32(place + c) if replaces else row_places[c]
            # Sizes that the compiler knows become vector shuffles, without a loop over the window.
            if columns == 2 and step == 2 and spacing == 1:
                largest_along(best, places, 2, 2, 1, out[p, i], indices[p, i])
            elif columns == 3 and step == 2 and spacing == 1:
                largest_along(best, places, 3, 2, 1, out[p, i], indices[p, i])
            elif columns == 3 and step == 1 and spacing == 1:
                largest_along(best, places, 3, 1, 1, out[p, i], indices[p, i])
            else:
                largest_along(best, places, columns, step, spacing, out[p, i], indices[p, i])


@kernel
def max_squares(part: int, start: int, stop: int, x: Any, out: Any, indices: Any) -> None:
    """Do what :func:`max_planes` does, for windows of 2 x 2 that touch: several times faster, as no row is in between.

    The order of the comparisons decides which of equal elements counts, the first one, and which nan, the last.
    """
    width = x.shape[2]
    for p in range(start, stop):
        for i in range(out.shape[1]):
            top, bottom = x[p, 2 * i], x[p, 2 * i + 1]
            results, places = out[p, i], indices[p, i]
            for j in range(len(results)):
                first = np.int32(2 * i * width + 2 * j)
                largest, place = top[2 * j], first
                value = top[2 * j + 1]
                replaces = (value > largest) | (value != value)
                largest, place = value if replaces else largest, np.int32(first + 1) if replaces else place
                value = bottom[2 * j]
                replaces = (value > largest) | (value != value)
                largest, place = value if replaces else largest, np.int32(first + width) if replaces else place
                value = bottom[2 * j + 1]
                replaces = (value > largest) | (value != value)
                results[j] = value if replaces else largest
                places[j] = np.int32(first + width + 1) if replaces else place


@kernel
def average_planes(part: int, start: int, stop: int, x: Any, sizes: Any, divisors: Any, out: Any) -> None:
    """Write the sum of every window over its divisor; `divisors` has the shape of one plane of `out`."""
    taps, stride, padding, _ = sizes[0]
    columns, step, left, _ = sizes[1]
    width = x.shape[2]
    totals = np.zeros(max(left + width, (out.shape[2] - 1) * step + columns), x.dtype)
    row_totals = totals[left : left + width]
    for p in range(start, stop):
        for i in range(out.shape[1]):
            first = i * stride - padding
            from_tap, to_tap = inside(first, taps, 1, x.shape[1])
            row = x[p, first + from_tap]
            for c in range(len(row)):
                row_totals[c] = row[c]
            for tap in range(from_tap + 1, to_tap):
                row = x[p, first + tap]
                for c in range(len(row)):
                    row_totals[c] += row[c]
            if columns == 2 and step == 2:
                total_along(totals, 2, 2, divisors[i], out[p, i])
            elif columns == 3 and step == 2:
                total_along(totals, 3, 2, divisors[i], out[p, i])
            elif columns == 3 and step == 1:
                total_along(totals, 3, 1, divisors[i], out[p, i])
            else:
                total_along(totals, columns, step, divisors[i], out[p, i])


@kernel
def average_planes_gradient(part: int, start: int, stop: int, g: Any, sizes: Any, divisors: Any, gx: Any) -> None:
    """Spread every window's gradient, over its divisor, evenly over the window."""
    taps, stride, padding, _ = sizes[0]
    columns, step, left, _ = sizes[1]
    width = gx.shape[2]
    shares = np.empty(g.shape[2], g.dtype)
    totals = np.empty(max(left + width, (g.shape[2] - 1) * step + columns), g.dtype)
    row_totals = totals[left : left + width]
    for p in range(start, stop):
        plane = gx[p].reshape(-1)
        for c in range(len(plane)):
            plane[c] = 0
        for i in range(g.shape[1]):
            upstream, divisor = g[p, i], divisors[i]
            for j in range(len(shares)):
                shares[j] = upstream[j] / divisor[j]
            for c in range(len(totals)):
                totals[c] = 0
            if columns == 2 and step == 2:
                spread_along(shares, 2, 2, totals)
            elif columns == 3 and step == 2:
                spread_along(shares, 3, 2, totals)
            elif columns == 3 and step == 1:
                spread_along(shares, 3, 1, totals)
            else:
                spread_along(shares, columns, step, totals)
            from_tap, to_tap = inside(i * stride - padding, taps, 1, gx.shape[1])
            for tap in range(from_tap, to_tap):
                row = gx[p, i * stride - padding + tap]
                for c in range(len(row)):
                    row[c] += row_totals[c]


@kernel
def max_planes_gradient(part: int, start: int, stop: int, g: Any, indices: Any, gx: Any) -> None:
    """Add every window's gradient where its maximum was; all arrays (planes, positions)."""
    for p in range(start, stop):
        row, upstream, places = gx[p], g[p], indices[p]
        for j in range(len(row)):
            row[j] = 0
        for i in range(len(places)):
            row[np.uint64(places[i])] += upstream[i]


@kernel
def adaptive_planes(part: int, start: int, stop: int, x: Any, rows: Any, columns: Any, out: Any) -> None:
    """Write the mean of every window; `rows` and `columns` hold where windows start and stop, (count, 2)."""
    for p in range(start, stop):
        if out.shape[1] == 1 and out.shape[2] == 1:  # one loop over the plane instead of one a row
            plane = x[p].reshape(-1)
            out[p, 0, 0] = total(plane) / len(plane)
            continue
        for i in range(len(rows)):
            for j in range(len(columns)):
                count = (rows[i, 1] - rows[i, 0]) * (columns[j, 1] - columns[j, 0])
                result = 0.0
                for r in range(rows[i, 0], rows[i, 1]):
                    result += total(x[p, r, columns[j, 0] : columns[j, 1]])
                out[p, i, j] = result / count


@kernel
def adaptive_planes_gradient(part: int, start: int, stop: int, g: Any, rows: Any, columns: Any, gx: Any) -> None:
    """Spread every window's gradient evenly over the window."""
    for p in range(start, stop):
        if g.shape[1] == 1 and g.shape[2] == 1:
            cells = gx[p].reshape(-1)
            share = g[p, 0, 0] / g.dtype.type(len(cells))
            for q in range(len(cells)):
                cells[q] = share
            continue
        gx[p] = 0
        for i in range(len(rows)):
            for j in range(len(columns)):
                count = (rows[i, 1] - rows[i, 0]) * (columns[j, 1] - columns[j, 0])
                share = g[p, i, j] / g.dtype.type(count)
                for r in range(rows[i, 0], rows[i, 1]):
                    cells = gx[p, r, columns[j, 0] : columns[j, 1]]
                    for q in range(len(cells)):
                        cells[q] += share

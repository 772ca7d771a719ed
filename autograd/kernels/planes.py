"""Copying the rows of a band into zero-padded planes."""

from __future__ import annotations

from autograd.kernels.jit import kernel
from autograd.kernels.vectors import clear, move, move_first, split_pairs


@kernel
def fill_planes(planes, planes_at, plane, source, source_at, size, first_row, first_column, lanes):
    """Copy rows of ``source`` (channels, height, width) into planes of `plane` = (rows, width, numbers)."""
    channels, height, width = size
    rows, pitch, numbers = plane
    left = max(0, -first_column)  # zeros before a row
    skipped = max(0, first_column)  # numbers of a row that are left out
    count = max(0, min(width - skipped, pitch - left))
    for channel in range(channels):
        target = planes_at + channel * numbers
        for row in range(first_row, first_row + rows):
            # Vectors may write beyond the end of a row: the next row comes later.
            if row < 0 or row >= height or count == 0:
                for column in range(0, pitch, lanes):
                    clear(planes, target + column)
            else:
                begin = source_at + (channel * height + row) * width + skipped
                for column in range(0, left, lanes):
                    clear(planes, target + column)
                whole = count // lanes * lanes
                for column in range(0, whole, lanes):
                    move(planes, target + left + column, source, begin + column)
                if whole < count:
                    move_first(planes, target + left + whole, source, begin + whole, count - whole)
                    whole += lanes
                for column in range(left + whole, pitch, lanes):
                    clear(planes, target + column)
            target += pitch


@kernel
def fill_phased_planes(planes, planes_at, plane, source, source_at, size, first, stride, segments, lanes):
    """Like `fill_planes`, for every stride[0]-th row, and with `segments` to a row.

    Segment i holds the columns i, i + stride[1], i + 2 stride[1] ... from the first one.
    """
    first_row, first_column = first
    if stride[0] == 1 and stride[1] == 1:
        fill_planes(planes, planes_at, plane, source, source_at, size, first_row, first_column, lanes)
        return
    channels, height, width = size
    rows, pitch, numbers = plane
    segment = pitch // segments
    step = stride[1]
    for channel in range(channels):
        for i in range(rows):
            row = first_row + i * stride[0]
            begin = source_at + (channel * height + row) * width
            inside = 0 <= row < height
            place = planes_at + channel * numbers + i * pitch
            done = middle = 0
            if inside and step == 2 and segments == 2:  # whole vectors in the middle of both segments
                done = middle = max(0, (1 - first_column) // 2)
                while middle + lanes <= segment and 2 * (middle + lanes) + first_column <= width:
                    split_pairs(planes, place + middle, place + segment + middle, source, begin + 2 * middle + first_column)
                    middle += lanes
            for part in range(segments):
                shift, target = part + first_column, place + part * segment
                low = min(segment, max(0, -(shift // step)))  # the first place whose column is not negative
                high = max(low, min(segment, (width - shift + step - 1) // step))
                if not inside:
                    low = high = segment
                for j in range(low):
                    planes[target + j] = 0
                for j in range(low, min(done, high)):
                    planes[target + j] = source[begin + j * step + shift]
                for j in range(max(low, middle), high):
                    planes[target + j] = source[begin + j * step + shift]
                for j in range(high, segment):
                    planes[target + j] = 0

"""Copying the rows of a band into zero-padded planes."""

from __future__ import annotations

from autograd.kernels.jit import kernel
from autograd.kernels.vectors import clear, move_between, split_pairs


@kernel
def fill_planes(planes, planes_at, plane, source, source_at, size, first_row, first_column, lanes):
    """Copy rows of ``source`` (channels, height, width) into planes of `plane` = (rows, width, numbers)."""
    channels, height, width = size
    rows, pitch, numbers = plane
    top = min(rows, max(0, -first_row))
    bottom = max(top, min(rows, height - first_row))
    for channel in range(channels):
        target = planes_at + channel * numbers
        begin = source_at + (channel * height + first_row) * width + first_column
        # A row's last vector may write beyond its end, so what comes there must be written later.
        for place in range(0, top * pitch, lanes):
            clear(planes, target + place)
        for column in range((pitch - 1) // lanes * lanes, -1, -lanes):
            low, high = -first_column - column, width - first_column - column
            for row in range(top, bottom):
                move_between(planes, target + row * pitch + column, source, begin + row * width + column, low, high)
        for place in range(bottom * pitch, rows * pitch, lanes):
            clear(planes, target + place)


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
    pairs = stride[1] == 2 and segments == 2  # then a segment is a multiple of a vector
    for channel in range(channels):
        for i in range(rows):
            row = first_row + i * stride[0]
            target = planes_at + channel * numbers + i * pitch
            begin = source_at + (channel * height + row) * width + first_column
            low, high = -first_column, width - first_column if 0 <= row < height else -first_column
            if pairs:
                for j in range(0, segment, lanes):
                    split_pairs(
                        planes, target + j, target + segment + j, source, begin + 2 * j, low - 2 * j, high - 2 * j
                    )  # fmt: skip
            else:
                for part in range(segments):
                    for j in range(segment):
                        column = j * stride[1] + part
                        planes[target + part * segment + j] = source[begin + column] if low <= column < high else 0

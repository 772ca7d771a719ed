"""Copying the rows of a band into zero-padded planes."""

from __future__ import annotations

from autograd.kernels.jit import inlined
from autograd.kernels.vectors import clear, move_between, prefetch, split_pairs

AHEAD = 8192  # numbers from what is copied to what is asked for, where the copy goes on with what follows


@inlined
def fill_planes(planes, planes_at, plane, source, source_at, size, first_row, first_column, lanes):
    """Copy rows of ``source`` (channels, height, width) into planes of `plane` = (rows, width, numbers)."""
    channels, height, width = size
    rows, pitch, numbers = plane
    top = min(rows, max(0, -first_row))
    bottom = max(top, min(rows, height - first_row))
    ahead = AHEAD if bottom - top == height else 0
    for channel in range(channels):
        target = planes_at + channel * numbers
        begin = source_at + (channel * height + first_row) * width + first_column
        # A row's last vector may write beyond its end, so what comes there must be written later.
        for place in range(0, top * pitch, lanes):
            clear(planes, target + place)
        for column in range((pitch - 1) // lanes * lanes, -1, -lanes):
            low, high = -first_column - column, width - first_column - column
            for row in range(top, bottom):
                prefetch(source, begin + row * width + column + ahead)
                move_between(planes, target + row * pitch + column, source, begin + row * width + column, low, high)
        for place in range(bottom * pitch, rows * pitch, lanes):
            clear(planes, target + place)


@inlined
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
    ahead = AHEAD if stride[0] == 1 else 0
    pairs = stride[1] == 2 and segments == 2  # then a segment is a multiple of a vector
    top = min(rows, max(0, -(first_row // stride[0])))  # the first row inside of the source, and the last one + 1
    bottom = max(top, min(rows, (height - first_row + stride[0] - 1) // stride[0]))
    for channel in range(channels):
        target = planes_at + channel * numbers
        begin = source_at + (channel * height + first_row) * width + first_column
        row_step = stride[0] * width
        if pairs:
            for place in range(0, top * pitch, lanes):
                clear(planes, target + place)
            for column in range(0, segment, lanes):
                low, high = -first_column - 2 * column, width - first_column - 2 * column
                for row in range(top, bottom):
                    place = target + row * pitch + column
                    prefetch(source, begin + row * row_step + 2 * column + ahead)
                    prefetch(source, begin + row * row_step + 2 * column + ahead + lanes)
                    split_pairs(
                        planes, place, place + segment, source, begin + row * row_step + 2 * column, low, high
                    )  # fmt: skip
            for place in range(bottom * pitch, rows * pitch, lanes):
                clear(planes, target + place)
        else:
            for row in range(rows):
                for part in range(segments):
                    for j in range(segment):
                        column = j * stride[1] + part
                        inside = top <= row < bottom and 0 <= column + first_column < width
                        planes[target + row * pitch + part * segment + j] = (
                            source[begin + row * row_step + column] if inside else 0
                        )

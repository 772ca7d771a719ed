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
    step = stride[1]
    for channel in range(channels):
        for i in range(rows):
            row = first_row + i * stride[0]
            begin = source_at + (channel * height + row) * width
            inside = 0 <= row < height
            place = planes_at + channel * numbers + i * pitch
            done = middle = 0
            if inside and step == 2 and segments == 2:  # vectors, which may write beyond a segment's end
                done = middle = max(0, (1 - first_column) // 2)
                at = begin + first_column
                while middle < segment and at + 2 * (middle + lanes) <= len(source):
                    split_pairs(planes, place + middle, place + segment + middle, source, at + 2 * middle)
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

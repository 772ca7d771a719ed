"""Copying the rows of a band into zero-padded planes."""

from __future__ import annotations

from autograd.kernels.jit import kernel
from autograd.kernels.vectors import clear, move, move_first


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
def fill_phased_planes(
    planes, planes_at, plane, source, source_at, size, first_row, first_column, stride, lanes
):  # fmt: skip
    """Like `fill_planes`, but each row is split into `stride` segments: columns 0, s, 2s ..., columns 1, 1+s, ..."""
    if stride == 1:
        fill_planes(planes, planes_at, plane, source, source_at, size, first_row, first_column, lanes)
        return
    channels, height, width = size
    rows, pitch, numbers = plane
    segment = pitch // stride
    for channel in range(channels):
        for i in range(rows):
            row = first_row + i
            begin = source_at + (channel * height + row) * width
            for phase in range(stride):
                target = planes_at + channel * numbers + i * pitch + phase * segment
                shift = phase + first_column
                low = min(segment, max(0, -(shift // stride)))  # the first place whose column is not negative
                high = max(low, min(segment, (width - shift + stride - 1) // stride))
                if row < 0 or row >= height:
                    low = high = segment
                for place in range(low):
                    planes[target + place] = 0
                for place in range(low, high):
                    planes[target + place] = source[begin + place * stride + shift]
                for place in range(high, segment):
                    planes[target + place] = 0

"""Arrays that broadcast against one another, seen as rows.

The axes at the end along which every array either has all numbers or one are a row.  Row r of the
result then reads row ``r // step % count`` of an array; of one that has a single number for each
row, that number:

- all numbers, (N, C, H, W): rows of H W numbers, step 1, count N C;
- one for each channel, (1, C, 1, 1): a number, step 1, count C;
- one plane for each image, (N, 1, H, W): a row, step C, count N;
- the same for all images, (1, 1, H, W): a row, step 1, count 1.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import NamedTuple

Shape = tuple[int, ...]


class Rows(NamedTuple):
    """How arrays are read: the length of a row of the result, and for each array its kind, step and count."""

    length: int
    kinds: tuple[str, ...]
    steps: tuple[int, ...]


@lru_cache(maxsize=1024)
def seen_as_rows(full: Shape, shapes: tuple[Shape, ...]) -> Rows | None:
    """Return how arrays of these shapes are read for a result of the shape `full`; ``None`` where rows do not do.

    Examples
    --------
    >>> seen_as_rows((32, 64, 28, 28), ((32, 64, 28, 28), (64, 1, 1)))
    Rows(length=784, kinds=('row', 'number of a row'), steps=(1, 2048, 1, 64))
    """
    aligned = [(1,) * (len(full) - len(shape)) + shape for shape in shapes]
    axes = [(n, [shape[i] == n for shape in aligned]) for i, n in enumerate(full) if n != 1]
    row = len(axes)
    while row and axes[row - 1][1] == axes[-1][1]:
        row -= 1
    kinds, steps = [], []
    for k in range(len(shapes)):
        varies = [i for i in range(row) if axes[i][1][k]]
        first, last = (varies[0], varies[-1] + 1) if varies else (row, row)
        if len(varies) != last - first:
            return None
        kinds.append("row" if axes[-1][1][k] else "number of a row")
        steps += [prod(n for n, _ in axes[last:row]), prod(n for n, _ in axes[first:last])]
    return Rows(prod(n for n, _ in axes[row:]), tuple(kinds), tuple(steps))

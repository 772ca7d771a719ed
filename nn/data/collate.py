"""Samples joined to a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.creation import from_numpy


def samples_of(dataset: Any, indices: Sequence[int] | np.ndarray) -> list[Any]:
    """Return a list of samples, in one call where the data set has PyTorch's ``__getitems__``.

    Examples
    --------
    >>> samples_of("abc", [2, 0])
    ['c', 'a']
    """
    numbers = [int(index) for index in indices]
    if hasattr(dataset, "__getitems__"):
        return dataset.__getitems__(numbers)
    return [dataset[number] for number in numbers]


def default_collate(samples: Sequence[Any], indices: Sequence[int] | np.ndarray | None = None) -> Any:
    """Join samples: numbers, arrays and tensors become one tensor with a new first axis.

    Of samples that are tuples, lists or dicts, the entries are joined one by one; texts become a
    list.  Python's floats become float32, its ints int64.

    Parameters
    ----------
    samples : sequence
        At least one, all of the same structure and shapes.
    indices : sequence of int, optional
        Where the samples are in the data set, for messages.

    Raises
    ------
    ValueError
        When a sample has another shape or structure than the first.
    TypeError
        When a sample holds something else.

    Examples
    --------
    >>> default_collate([([1.0, 2.0], 0), ([3.0, 4.0], 1)])
    ([tensor([1., 3.]), tensor([2., 4.])], tensor([0, 1]))
    >>> default_collate([{"x": np.zeros(2), "name": "a"}, {"x": np.ones(2), "name": "b"}])["x"]
    tensor([[0., 0.],
            [1., 1.]], dtype=float64)
    """
    if not len(samples):
        raise ValueError("default_collate takes at least one sample, got none")
    return _joined(samples, range(len(samples)) if indices is None else indices, "")


def _joined(entries: Sequence[Any], indices: Sequence[int] | np.ndarray, where: str) -> Any:
    first, form = entries[0], _form(entries[0])
    for index, entry in zip(indices, entries, strict=True):
        if _form(entry) != form:
            raise ValueError(
                f"default_collate: item {index}{where} is {_form(entry)}, but item {indices[0]}{where} is {form}; "
                f"the items of a batch are alike: crop or pad them, or give the loader a collate_fn"
            )
    if isinstance(first, (str, bytes)):
        return list(entries)
    if isinstance(first, Mapping):
        return {key: _joined([entry[key] for entry in entries], indices, f"{where}[{key!r}]") for key in first}
    if isinstance(first, (tuple, list)):
        columns = zip(*entries, strict=True)
        joined = [_joined(column, indices, f"{where}[{i}]") for i, column in enumerate(columns)]
        return type(first)(*joined) if hasattr(first, "_fields") else type(first)(joined)
    if type(first) in (bool, int, float):
        return Tensor(list(entries))
    array = np.stack([np.asarray(entry) for entry in entries])
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"default_collate: item {indices[0]}{where} is a {type(first).__name__}, which is no number, array, tensor "
            f"or text; return one of these from the data set, or give the loader a collate_fn"
        )
    return from_numpy(array)


def _form(entry: Any) -> str:
    """Say what all entries that are joined must have in common."""
    if isinstance(entry, (str, bytes)):
        return "a text"
    if isinstance(entry, Mapping):
        return f"a dict with the keys {[*entry]}"
    if isinstance(entry, (tuple, list)):
        return f"a {type(entry).__name__} of length {len(entry)}"
    return f"of shape {np.shape(entry)}"

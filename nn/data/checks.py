"""A look at data before they are trained on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import Tensor
from nn.data.dataset import TensorDataset


def check_finite(data: Any, name: str = "data") -> None:
    """Raise an error when a number is nan or infinite.

    Parameters
    ----------
    data : Tensor, array, TensorDataset, or a batch of them
        In tuples, lists and dicts every entry is looked at; what holds no numbers is skipped.
    name : str
        What the message calls it.

    Raises
    ------
    ValueError
        When a number is nan or infinite; says which is the first and how many there are.

    Examples
    --------
    >>> check_finite(np.array([[1.0, np.nan]]), "train")
    Traceback (most recent call last):
    ...
    ValueError: train: 1 of 2 numbers is nan or infinite, the first at (0, 1) is nan; drop or replace such samples
    """
    if isinstance(data, TensorDataset):
        return check_finite(data.tensors, name)
    if isinstance(data, (tuple, list, Mapping)):
        parts = data.items() if isinstance(data, Mapping) else enumerate(data)
        for key, part in parts:
            check_finite(part, f"{name}[{key!r}]")
        return None
    array = data.numpy() if isinstance(data, Tensor) else np.asarray(data)
    if array.dtype.kind != "f":
        return None
    with np.errstate(all="ignore"):
        # The sum is finite only if every number is, and costs a fraction of looking at each.
        if np.isfinite(array.sum()):
            return None
    wrong = ~np.isfinite(array)
    count = int(wrong.sum())
    if count:
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(
            f"{name}: {count} of {array.size} numbers {'is' if count == 1 else 'are'} nan or infinite, the first at "
            f"{place} is {array[place]}; drop or replace such samples"
        )
    return None

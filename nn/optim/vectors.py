"""Parameters as one vector: for methods that look at all of them together."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from autograd.inplace import tick


def numbers(parameters: list[Any]) -> np.ndarray:
    """Return a copy of all numbers of tensors and Values, one after the other."""
    return np.concatenate([[p.data] if isinstance(p, Value) else p.numpy().reshape(-1) for p in parameters])


def gradients(parameters: list[Any]) -> np.ndarray:
    """Return a copy of all gradients, one after the other; those that are missing are zero."""
    parts = []
    for p in parameters:
        if isinstance(p, Value):
            parts.append(np.array([p.grad]))
        else:
            parts.append(p.grad.numpy().reshape(-1) if p.grad_computed else np.zeros(p.numel(), p.dtype))
    return np.concatenate(parts)


def assign(parameters: list[Any], vector: np.ndarray) -> None:
    """Write the numbers of a vector into the parameters."""
    start = 0
    for p in parameters:
        if isinstance(p, Value):
            p.data = float(vector[start])
            start += 1
        else:
            p.numpy()[...] = vector[start : start + p.numel()].reshape(p.shape)
            tick(p)
            start += p.numel()

"""Looking rows up in a table; the gradient adds to the rows that were looked up."""

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.checks import check_floats, check_indices, no_gradient
from autograd.kernels import load

NUMPY_LIMIT = 1 << 12
"""Tables of up to so many numbers NumPy looks up, which waits for no compilation."""


@array_operation(
    symbol="embedding",
    latex=r"W_{i}",
    products=[
        no_gradient,
        lambda m, g, out, indices, weight, padding_idx, by_frequency: m.embedding_gradient(
            indices, g, weight.shape[0], padding_idx, by_frequency
        ),
    ],
    method=False,
)
def embedding(indices, weight, padding_idx=None, by_frequency=False):
    """Take a row of a table for every index.

    The row `padding_idx` receives no gradient; `by_frequency` divides the gradient of a row by how often it is taken.

    >>> embedding(tensor([1, 0]), tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[3., 4.],
            [1., 2.]])
    """
    check_floats("embedding", weight=weight)
    if weight.ndim != 2:
        raise ValueError(f"embedding: weight {weight.shape} is no table; it has shape (rows, features)")
    check_indices("embedding", "input", indices, len(weight))
    if indices.size * weight.shape[1] <= NUMPY_LIMIT:
        return weight[indices]
    kernels = load("embedding")
    return kernels.take_rows(weight, indices)


def _shares(indices, padding_idx, by_frequency, dtype):
    """The factor of each index's gradient, or None where all are one."""
    if padding_idx is None and not by_frequency:
        return None
    shares = np.ones(indices.shape, dtype)
    if by_frequency and indices.size:
        shares /= np.bincount(indices.ravel())[indices]
    if padding_idx is not None:
        shares[indices == padding_idx] = 0
    return shares[..., None]


def _taken_back(m, h, out, indices, g, rows, padding_idx, by_frequency):
    shares = _shares(np.asarray(indices), padding_idx, by_frequency, g.dtype)
    taken = m.embedding(indices, h)
    return taken if shares is None else taken * shares


@array_operation(
    symbol="∇embedding",
    latex=r"\sum_i e_{i} g_i",
    products=[no_gradient, _taken_back],
    method=False,
)
def embedding_gradient(indices, g, rows, padding_idx=None, by_frequency=False):
    """Add up, in a table of so many rows, what belongs to the same index.

    >>> embedding_gradient(tensor([1, 1]), tensor([[1.0], [2.0]]), rows=3)
    tensor([[0.],
            [3.],
            [0.]])
    """
    shares = _shares(indices, padding_idx, by_frequency, g.dtype)
    g = g if shares is None else g * shares
    if g.size > NUMPY_LIMIT:
        kernels = load("embedding")
        return kernels.add_rows(g.reshape(-1, g.shape[-1]), indices.reshape(-1), rows)
    table = np.zeros((rows, g.shape[-1]), g.dtype)
    np.add.at(table, indices, g)
    return table

"""The linear layer, tables of vectors, dropout, padding and similarity."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd import Tensor, einsum, pad
from autograd.array_operations.checks import check_indices
from autograd.creation import from_numpy, generator
from nn.functional.arguments import rows, tensor_of, tensors_of

__all__ = [
    "alpha_dropout",
    "bilinear",
    "cosine_similarity",
    "dropout",
    "dropout1d",
    "dropout2d",
    "embedding",
    "linear",
    "one_hot",
    "pad",
]


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Multiply the last axis by every row of a weight, and add a bias: x Wᵀ + b.

    Parameters
    ----------
    input : Tensor, shape (..., inputs)
    weight : Tensor, shape (outputs, inputs)
    bias : Tensor, shape (outputs,), optional

    Raises
    ------
    TypeError, ValueError
        When dtypes or shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> linear(tensor([[1.0, 2.0]]), tensor([[3.0, 4.0]]), tensor([0.5]))
    tensor([[11.5]])
    """
    return rows.linear(*tensors_of("linear", input=input, weight=weight, bias=bias))


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Combine two vectors by one matrix for each output: x₁ᵀ W x₂ + b.

    Parameters
    ----------
    input1 : Tensor, shape (..., inputs1)
    input2 : Tensor, shape (..., inputs2)
    weight : Tensor, shape (outputs, inputs1, inputs2)
    bias : Tensor, shape (outputs,), optional

    Raises
    ------
    ValueError
        When the shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> bilinear(tensor([[2.0]]), tensor([[3.0]]), tensor([[[10.0]]]))
    tensor([[60.]])
    """
    x, y, weight, bias = tensors_of("bilinear", input1=input1, input2=input2, weight=weight, bias=bias)
    fits = weight.ndim == 3 and x.shape[:-1] == y.shape[:-1] and (*x.shape[-1:], *y.shape[-1:]) == weight.shape[1:]
    if not fits or (bias is not None and bias.shape != weight.shape[:1]):
        raise ValueError(
            f"bilinear: inputs {x.shape} and {y.shape}, weight {weight.shape}, bias {getattr(bias, 'shape', None)}; "
            f"they have shapes (..., inputs1), (..., inputs2), (outputs, inputs1, inputs2) and (outputs,)"
        )
    out = einsum("...i,oij,...j->...o", x, weight, y)
    return out if bias is None else out + bias


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Take a row of a table for every index.

    Parameters
    ----------
    input : Tensor of integers, any shape
    weight : Tensor, shape (rows, features)
    padding_idx : int, optional
        A row that receives no gradient.
    max_norm, norm_type : float
        Rows with a larger norm are first scaled down to it, in place.
    scale_grad_by_freq : bool
        Whether to divide the gradient of a row by how often it is taken.
    sparse : bool
        Only ``False``: gradients are dense.

    Returns
    -------
    Tensor, shape (*input.shape, features)

    Raises
    ------
    IndexError
        When an index is out of range.
    TypeError, ValueError
        When dtypes or shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> embedding(tensor([[1, 0]]), tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[[3., 4.],
             [1., 2.]]])
    """
    input, weight = tensors_of("embedding", input=input, weight=weight)
    if sparse:
        raise ValueError("embedding: there are no sparse gradients; leave sparse=False")
    if padding_idx is not None:
        padding_idx = operator.index(padding_idx)
        if not -weight.shape[0] <= padding_idx < weight.shape[0]:
            raise ValueError(f"embedding: padding_idx {padding_idx} is no row of weight {weight.shape}")
        padding_idx %= weight.shape[0]
    if max_norm is not None:
        _limit(input, weight, max_norm, norm_type)
    return rows.embedding(input, weight, padding_idx, scale_grad_by_freq)


def _limit(input: Tensor, weight: Tensor, max_norm: float, norm_type: float) -> None:
    """Scale down, in place, the rows that are looked up and too long."""
    table, indices = weight.numpy(), np.unique(input.numpy())
    check_indices("embedding", "input", indices, len(table))
    norms = np.linalg.norm(table[indices], norm_type, axis=1)
    long = norms > max_norm
    if long.any():
        new = table.copy()
        new[indices[long]] *= (max_norm / (norms[long] + 1e-7))[:, None]
        weight.data = new


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Turn class numbers into vectors with a one at the class.

    Raises
    ------
    IndexError
        When a class number is out of range.

    Examples
    --------
    >>> import autograd
    >>> one_hot(autograd.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    indices = tensor_of("one_hot", "tensor", tensor).numpy()
    if num_classes == -1:
        if not indices.size:
            raise ValueError(f"one_hot: shape {indices.shape} has no classes to count; give num_classes")
        num_classes = int(indices.max()) + 1
    check_indices("one_hot", "tensor", indices, num_classes)
    return from_numpy((indices[..., None] == np.arange(num_classes)).astype(np.int64))


def _dropped(operation: str, input: Any, p: float, training: bool, inplace: bool, axes: int) -> Tensor:
    x = tensor_of(operation, "input", input)
    if not 0 <= p <= 1:
        raise ValueError(f"{operation}: the probability p is between 0 and 1, got {p}")
    if x.dtype.kind != "f":
        raise TypeError(f"{operation}: input has dtype {x.dtype}; convert with .to(float32)")
    if not training or p == 0:
        return x
    shape = (*x.shape[: x.ndim - axes], *(1,) * axes)
    keep = generator().random(shape, np.float32) >= p
    mask = np.multiply(keep, 1 / (1 - p) if p < 1 else 0.0, dtype=x.dtype)
    out = rows.dropout(x, mask)
    return x.mul_(mask) if inplace else out


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Set numbers to zero with probability `p` and divide the others by 1 - p; nothing without `training`.

    Parameters
    ----------
    input : Tensor
    p : float
    training : bool
    inplace : bool
        Whether to change the input itself.

    Raises
    ------
    ValueError
        When `p` is no probability.

    Examples
    --------
    >>> from autograd import ones
    >>> dropout(ones(3), training=False), dropout(ones(3), p=1.0)
    (tensor([1., 1., 1.]), tensor([0., 0., 0.]))
    """
    return _dropped("dropout", input, p, training, inplace, 0)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Drop whole channels of signals (N, C, L); see :func:`dropout`.

    Examples
    --------
    >>> from autograd import ones
    >>> dropout1d(ones(1, 1, 2), training=False)
    tensor([[[1., 1.]]])
    """
    return _dropped("dropout1d", input, p, training, inplace, 1)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Drop whole channels of images (N, C, H, W); see :func:`dropout`.

    Examples
    --------
    >>> from autograd import ones
    >>> dropout2d(ones(1, 1, 1, 2), training=False)
    tensor([[[[1., 1.]]]])
    """
    return _dropped("dropout2d", input, p, training, inplace, 2)


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout for :func:`selu`: numbers become its limit -1.758, and the rest is scaled to keep mean and variance.

    Examples
    --------
    >>> from autograd import ones
    >>> alpha_dropout(ones(3), p=0.5)
    tensor([1., 1., 1.])
    """
    x = tensor_of("alpha_dropout", "input", input)
    if not 0 <= p <= 1:
        raise ValueError(f"alpha_dropout: the probability p is between 0 and 1, got {p}")
    if not training or p == 0:
        return x
    limit = -1.7580993408473766
    factor = ((1 - p) * (1 + p * limit**2)) ** -0.5 if p < 1 else 0.0
    keep = generator().random(x.shape, np.float32) >= p
    shift = (np.where(keep, 0.0, limit * factor) - limit * factor * p).astype(x.dtype)
    out = x * np.multiply(keep, factor, dtype=x.dtype) + shift
    return x.copy_(out) if inplace else out


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Cosine of the angle between vectors along `dim`; no norm counts as smaller than `eps`.

    Examples
    --------
    >>> from autograd import tensor
    >>> cosine_similarity(tensor([[3.0, 4.0]]), tensor([[6.0, 8.0]]))
    tensor([1.])
    """
    x1, x2 = tensors_of("cosine_similarity", x1=x1, x2=x2)
    shape = np.broadcast_shapes(x1.shape, x2.shape)
    x1, x2 = (x if x.shape == shape else x.broadcast_to(shape) for x in (x1, x2))
    lengths = [rows.maximum(rows.norm(x, 2.0, dim, True), eps) for x in (x1, x2)]
    return rows.sum(x1 / lengths[0] * (x2 / lengths[1]), dim)

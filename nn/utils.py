"""What training does to gradients and weights besides the step: clipping, norms, one long vector."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Tensor, Value, cat, no_grad
from autograd.value import describe


def _listed(name: str, parameters: Any) -> list[Any]:
    found = [parameters] if isinstance(parameters, (Tensor, Value)) else list(parameters)
    for p in found:
        if not isinstance(p, (Tensor, Value)):
            raise TypeError(f"{name}: parameters are tensors or Values, got {describe(p)}")
    return found


def _norm(numbers: np.ndarray, norm_type: float) -> Any:
    return np.linalg.norm(numbers.reshape(-1), norm_type)


def clip_grad_norm_(parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False) -> Any:
    """Scale all gradients together, in place, so that their norm as one vector is at most `max_norm`.

    Parameters
    ----------
    parameters : Tensor, Value or iterable of them
        Those without a gradient are passed over.
    max_norm : float
    norm_type : float
        The p of the norm, 2 for the Euclidean one, ``math.inf`` for the largest element.
    error_if_nonfinite : bool
        Whether a norm that is nan or infinite is an error.

    Returns
    -------
    Tensor or float
        The norm before; of Values a float.

    Raises
    ------
    RuntimeError
        When `error_if_nonfinite` and the norm is not finite; nothing is scaled then.

    Examples
    --------
    >>> w = tensor([0.0, 0.0], requires_grad=True)
    >>> (w * tensor([3.0, 4.0])).sum().backward()
    >>> clip_grad_norm_([w], max_norm=1.0).item()
    5.0
    >>> w.grad.numpy().round(4)
    array([0.6, 0.8], dtype=float32)
    """
    if not max_norm >= 0:
        raise ValueError(f"clip_grad_norm_: max_norm is a number, at least 0, got {max_norm!r}")
    given = _listed("clip_grad_norm_", parameters)
    reached = [p for p in given if p.grad_computed]
    norm_type = float(norm_type)
    with np.errstate(all="ignore"):
        norms = [abs(p.grad) if isinstance(p, Value) else _norm(p.grad.numpy(), norm_type) for p in reached]
        total = _norm(np.array(norms), norm_type) if norms else np.float32(0)
        if error_if_nonfinite and not np.isfinite(total):
            raise RuntimeError(
                f"clip_grad_norm_: the norm of the gradients is {total}, so they cannot be clipped; look for the "
                f"first such number with autograd.detect_anomaly()"
            )
        scale = float(max_norm / (total + 1e-6))
    if not scale >= 1:
        _map_gradients(reached, lambda grad: grad * scale)
    return float(total) if given and isinstance(given[0], Value) else Tensor(total)


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Limit every element of the gradients, in place, to between -`clip_value` and `clip_value`.

    Parameters
    ----------
    parameters : Tensor, Value or iterable of them
    clip_value : float

    Examples
    --------
    >>> w = tensor([0.0, 0.0], requires_grad=True)
    >>> (w * tensor([3.0, -0.5])).sum().backward()
    >>> clip_grad_value_([w], 1.0)
    >>> w.grad
    tensor([ 1. , -0.5])
    """
    if not clip_value >= 0:
        raise ValueError(f"clip_grad_value_: clip_value is a number, at least 0, got {clip_value!r}")
    reached = [p for p in _listed("clip_grad_value_", parameters) if p.grad_computed]
    _map_gradients(reached, lambda grad: np.clip(grad, -clip_value, clip_value))


def _map_gradients(parameters: list[Any], change: Any) -> None:
    with no_grad(), np.errstate(all="ignore"):
        for p in parameters:
            if isinstance(p, Value):
                p.grad = float(change(p.grad))
            else:
                p.grad.copy_(np.asarray(change(p.grad.numpy())))


def max_norm_(weight: Any, c: float, dim: int = 0) -> Any:
    """Shorten weight vectors that are longer than `c`, in place; call it after the optimiser's step.

    Parameters
    ----------
    weight : Tensor, or iterable of Value
        The weights of a layer; Values are one vector.
    c : float
        The largest Euclidean norm.
    dim : int
        The axis that counts the vectors: 0, as in ``Linear.weight`` and ``Conv2d.weight``, for those
        that lead into each unit or channel.

    Returns
    -------
    Tensor or list of Value
        The weights.

    Examples
    --------
    >>> w = tensor([[3.0, 4.0], [0.3, 0.4]], requires_grad=True)
    >>> max_norm_(w, 1.0).numpy().round(3)
    array([[0.6, 0.8],
           [0.3, 0.4]], dtype=float32)
    """
    if not c >= 0:
        raise ValueError(f"max_norm_: c is a number, at least 0, got {c!r}")
    if not isinstance(weight, Tensor):
        values = _listed("max_norm_", weight)
        if not all(isinstance(value, Value) for value in values):
            raise TypeError("max_norm_ takes one tensor, or a list of Values")
        norm = math.hypot(*[value.data for value in values])
        for value in values if norm > c else []:
            value.data *= c / (norm + 1e-7)
        return values
    if not -weight.ndim <= dim < weight.ndim:
        raise IndexError(f"max_norm_: dim {dim} of a tensor of shape {weight.shape}")
    numbers = weight.numpy()
    axes = tuple(axis for axis in range(weight.ndim) if axis != dim % weight.ndim)
    norms = np.sqrt(np.sum(numbers * numbers, axis=axes, keepdims=True))
    factors = np.where(norms > c, c / (norms + 1e-7), 1.0).astype(numbers.dtype)
    if (factors < 1).any():
        with no_grad():
            weight.mul_(factors)
    return weight


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """Return all numbers of the parameters as one long vector, with its graph.

    Examples
    --------
    >>> parameters_to_vector([tensor([[1.0, 2.0]]), tensor([3.0])])
    tensor([1., 2., 3.])
    """
    found = _tensors("parameters_to_vector", parameters)
    return cat([p.reshape(-1) for p in found])


def vector_to_parameters(vec: Any, parameters: Iterable[Tensor]) -> None:
    """Copy the numbers of one long vector into the parameters.

    Raises
    ------
    ValueError
        When there are more or fewer numbers than in the parameters; nothing is changed then.

    Examples
    --------
    >>> w, b = tensor([[1.0, 2.0]], requires_grad=True), tensor([3.0], requires_grad=True)
    >>> vector_to_parameters(tensor([4.0, 5.0, 6.0]), [w, b])
    >>> w, b
    (tensor([[4., 5.]], requires_grad=True), tensor([6.], requires_grad=True))
    """
    found = _tensors("vector_to_parameters", parameters)
    numbers = np.asarray(vec.numpy() if isinstance(vec, Tensor) else vec)
    count = sum(p.numel() for p in found)
    if numbers.shape != (count,):
        raise ValueError(f"vector_to_parameters: {count} parameters, and a vector of shape {numbers.shape}")
    start = 0
    with no_grad():
        for p in found:
            p.copy_(numbers[start : start + p.numel()].reshape(p.shape))
            start += p.numel()


def _tensors(name: str, parameters: Any) -> list[Tensor]:
    found = _listed(name, parameters)
    if not found or not all(isinstance(p, Tensor) for p in found):
        raise TypeError(f"{name} takes a list of tensors, such as model.parameters(), got {describe(parameters)}")
    return found

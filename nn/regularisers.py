"""Penalties on weights, to add to a loss: large weights cost something.

Decoupled weight decay is no term of the loss: see :class:`nn.optim.AdamW`.  A constraint on the
norm is :func:`nn.utils.max_norm_`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import autograd
from autograd import Tensor, Value
from autograd.value import describe


def l1(parameters: Iterable[Any]) -> Any:
    """Return the sum of |w| over all weights, which makes many of them exactly or nearly zero.

    Parameters
    ----------
    parameters : Tensor, Value or iterable of them
        The weights; biases are usually left out.

    Returns
    -------
    Tensor or Value
        One number, with its graph.

    Raises
    ------
    TypeError
        When a weight is neither a tensor nor a Value.
    ValueError
        When there are none.

    Examples
    --------
    >>> w = tensor([1.0, -2.0], requires_grad=True)
    >>> l1(w).backward()
    >>> w.grad
    tensor([ 1., -1.])
    """
    return _total("l1", parameters, lambda w: w.abs())


def l2(parameters: Iterable[Any]) -> Any:
    """Return the sum of w² over all weights, which keeps them small and spread out.

    Many texts halve it, so that its gradient is w: ``0.5 * strength * l2(weights)``.

    Parameters
    ----------
    parameters : Tensor, Value or iterable of them
        The weights.

    Returns
    -------
    Tensor or Value
        One number, with its graph.

    Examples
    --------
    >>> l2([Value(1.0), Value(-2.0)]).data
    5.0
    """
    return _total("l2", parameters, lambda w: w * w)


def elastic_net(parameters: Iterable[Any], beta: float = 1.0) -> Any:
    """Return the sum of β w² + |w| over all weights.

    Parameters
    ----------
    parameters : Tensor, Value or iterable of them
        The weights.
    beta : float
        The part of w², β.

    Returns
    -------
    Tensor or Value
        One number, with its graph.

    Examples
    --------
    >>> elastic_net(tensor([1.0, -2.0]), beta=0.5).item()
    5.5
    """
    return _total("elastic_net", parameters, lambda w: beta * (w * w) + w.abs())


def _total(name: str, parameters: Any, penalty: Any) -> Any:
    weights = [parameters] if isinstance(parameters, (Tensor, Value)) else list(parameters)
    for w in weights:
        if not isinstance(w, (Tensor, Value)):
            raise TypeError(f"{name}: weights are tensors or Values, got {describe(w)}")
    if not weights:
        raise ValueError(f"{name}: the list of weights is empty")
    if isinstance(weights[0], Value):
        return autograd.sum([penalty(w) for w in weights])
    return reduce(add, [penalty(w).sum() for w in weights])

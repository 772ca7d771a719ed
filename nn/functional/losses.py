"""Losses: how far numbers are from targets, as one number or one for each element."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional.arguments import REDUCTIONS, choice_of, reduced, rows, tensors_of


def _compared(
    operation: str, input: Any, target: Any, reduction: str, loss: Callable[[Any, Any], Tensor], weight: Any = None
) -> Tensor:
    """Compute a loss of two tensors element by element."""
    input, target, weight = tensors_of(operation, input=input, target=target, weight=weight)
    choice_of(operation, "reduction", reduction, REDUCTIONS)
    if input.shape != target.shape:
        try:
            shape = np.broadcast_shapes(input.shape, target.shape)
        except ValueError:
            raise ValueError(
                f"{operation}: input {input.shape} and target {target.shape} differ; reshape one"
            ) from None
        warnings.warn(
            f"{operation}: input {input.shape} and target {target.shape} differ, so they are broadcast to {shape} and "
            f"each is compared with several of the other; reshape one if that is not meant",
            stacklevel=3,
        )
    losses = loss(input, target)
    if weight is None:
        return reduced(losses, reduction)
    if weight.shape != losses.shape:
        weight = weight.broadcast_to(losses.shape)
    if reduction == "mean" and operation != "huber_loss":
        return (losses * weight).sum() / weight.sum()
    return reduced(losses * weight, reduction)


def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None) -> Tensor:
    """Mean squared error.

    Parameters
    ----------
    input, target : Tensor, the same shape
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of all elements.
    weight : Tensor, optional
        A weight for each element; the mean is weighted.

    Raises
    ------
    ValueError
        When the shapes do not fit or the reduction is unknown.

    Examples
    --------
    >>> from autograd import tensor
    >>> mse_loss(tensor([1.0, 2.0]), tensor([0.0, 4.0]))
    tensor(2.5)
    """
    return _compared("mse_loss", input, target, reduction, lambda x, t: rows.square(x - t), weight)


def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None) -> Tensor:
    """Mean absolute error; see :func:`mse_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> l1_loss(tensor([1.0, 2.0]), tensor([0.0, 4.0]))
    tensor(1.5)
    """
    return _compared("l1_loss", input, target, reduction, lambda x, t: rows.abs(x - t), weight)


def smooth_l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """Squared error divided by 2 beta where it is smaller than beta, absolute error minus beta / 2 beyond.

    Examples
    --------
    >>> from autograd import tensor
    >>> smooth_l1_loss(tensor([1.0, 5.0]), tensor([0.5, 0.0]), reduction="none")
    tensor([0.125, 4.5  ])
    """
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta is not negative, got {beta}")
    if beta == 0:
        return _compared("smooth_l1_loss", input, target, reduction, lambda x, t: rows.abs(x - t))

    def loss(x: Any, t: Any) -> Tensor:
        size = rows.abs(x - t)
        return rows.where(size < beta, size * size * (0.5 / beta), size - 0.5 * beta)

    return _compared("smooth_l1_loss", input, target, reduction, loss)


def huber_loss(
    input: Tensor,
    target: Tensor,
    *,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Half the squared error up to delta, delta times the absolute error minus delta / 2 beyond.

    As in PyTorch the mean with a `weight` divides by the number of elements, not by the weights.

    Examples
    --------
    >>> from autograd import tensor
    >>> huber_loss(tensor([1.0, 5.0]), tensor([0.5, 0.0]), reduction="none")
    tensor([0.125, 4.5  ])
    """
    if delta <= 0:
        raise ValueError(f"huber_loss: delta is positive, got {delta}")

    def loss(x: Any, t: Any) -> Tensor:
        size = rows.abs(x - t)
        return rows.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta))

    return _compared("huber_loss", input, target, reduction, loss, weight)


def kl_div(input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """Kullback-Leibler divergence of a target distribution from logarithmic probabilities.

    Parameters
    ----------
    input : Tensor
        Logarithms of probabilities.
    target : Tensor
        Probabilities, or their logarithms with `log_target`.
    reduction : {"mean", "batchmean", "sum", "none"}
        "batchmean" divides by the number of samples: this is the divergence; "mean" divides by all elements.
    log_target : bool

    Examples
    --------
    >>> from autograd import tensor
    >>> kl_div(tensor([[0.0, -1.0]]), tensor([[1.0, 0.0]]), reduction="batchmean")
    tensor(0.)
    """
    choice_of("kl_div", "reduction", reduction, ("batchmean", *REDUCTIONS))

    def loss(x: Any, t: Any) -> Tensor:
        if log_target:
            return rows.exp(t) * (t - x)
        positive = t.numpy() > 0
        certain = positive.all()  # else t ln t is 0 at 0
        entropy = t * rows.log(t if certain else rows.where(positive, t, 1.0))
        return entropy - t * x

    if reduction == "batchmean":
        losses = _compared("kl_div", input, target, "none", loss)
        return losses.sum() / (losses.shape[0] if losses.ndim else 1)
    return _compared("kl_div", input, target, reduction, loss)


def hinge_loss(input: Tensor, target: Tensor, margin: float = 1.0, *, reduction: str = "mean") -> Tensor:
    """Hinge loss max(0, margin - t x) of scores for targets 1 and -1.

    Examples
    --------
    >>> from autograd import tensor
    >>> hinge_loss(tensor([0.5, -2.0]), tensor([1.0, -1.0]), reduction="none")
    tensor([0.5, 0. ])
    """
    return _compared("hinge_loss", input, target, reduction, lambda x, t: rows.relu(margin - t * x))


def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, *, reduction: str = "mean") -> Tensor:
    """Distances themselves where the target is 1; by how much they are below the margin where it is -1.

    Examples
    --------
    >>> from autograd import tensor
    >>> hinge_embedding_loss(tensor([0.5, 0.25]), tensor([1.0, -1.0]), reduction="none")
    tensor([0.5 , 0.75])
    """

    def loss(x: Any, t: Any) -> Tensor:
        near = rows.where(t.numpy() != -1, x, 0.0)
        return near + rows.where(t.numpy() != 1, rows.relu(margin - x), 0.0)

    return _compared("hinge_embedding_loss", input, target, reduction, loss)


def soft_margin_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Logistic loss ln(1 + e^(-t x)) for targets 1 and -1.

    Examples
    --------
    >>> from autograd import tensor
    >>> soft_margin_loss(tensor([0.0]), tensor([1.0]))
    tensor(0.6931472)
    """
    return _compared("soft_margin_loss", input, target, reduction, lambda x, t: rows.softplus(-t * x))

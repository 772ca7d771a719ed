"""Losses that are the negative logarithm of a density."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional.arguments import REDUCTIONS, choice_of, reduced, rows, tensors_of


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    *,
    reduction: str = "mean",
) -> Tensor:
    """Compare expected counts, or their logarithms, with counts.

    Parameters
    ----------
    input : Tensor
        Logarithms of expected counts; the counts themselves without `log_input`.
    target : Tensor of counts, the same shape
    log_input : bool
    full : bool
        Whether to add Stirling's approximation of ln(target!).
    eps : float
        Added to an expected count before its logarithm is taken.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import tensor
    >>> poisson_nll_loss(tensor([0.0]), tensor([3.0]))
    tensor(1.)
    """
    x, t = tensors_of("poisson_nll_loss", input=input, target=target)
    choice_of("poisson_nll_loss", "reduction", reduction, REDUCTIONS)
    if x.shape != t.shape:
        raise ValueError(f"poisson_nll_loss: input {x.shape} and target {t.shape} differ; reshape one")
    t = t if t.dtype == x.dtype else t.to(x.dtype)
    losses = rows.exp(x) - t * x if log_input else x - t * rows.log(x + eps)
    if full:
        several = t > 1
        counts = rows.where(several, t, 1.0)
        stirling = counts * rows.log(counts) - counts + 0.5 * rows.log(2 * math.pi * counts)
        losses = losses + rows.where(several, stirling, 0.0)
    return reduced(losses, reduction)


def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Any, full: bool = False, eps: float = 1e-6, *, reduction: str = "mean"
) -> Tensor:
    """Compare expected values and variances with values.

    Parameters
    ----------
    input, target : Tensor, the same shape
    var : Tensor
        The variances, in the shape of `input`, or one for its last axis (of size 1, or left out).
    full : bool
        Whether to add the constant ln(2π) / 2.
    eps : float
        No variance counts as smaller.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        When the shapes do not fit or a variance is negative.

    Examples
    --------
    >>> from autograd import tensor
    >>> gaussian_nll_loss(tensor([1.0]), tensor([3.0]), tensor([1.0]))
    tensor(2.)
    """
    x, t, var = tensors_of("gaussian_nll_loss", input=input, target=target, var=var)
    choice_of("gaussian_nll_loss", "reduction", reduction, REDUCTIONS)
    if var.shape == x.shape[:-1] and var.shape != x.shape:
        var = var.unsqueeze(-1)
    if x.shape != t.shape or var.shape not in (x.shape, (*x.shape[:-1], 1)):
        raise ValueError(f"gaussian_nll_loss: input {x.shape}, target {t.shape} and var {var.shape} do not fit")
    if (var.numpy() < 0).any():
        raise ValueError(f"gaussian_nll_loss: a variance is not negative, got {var.numpy().min()}")
    # The limit is a constant: a variance below it keeps its gradient, and can grow again.
    var = var + np.maximum(eps - var.numpy(), 0.0).astype(var.dtype)
    losses = 0.5 * (rows.log(var) + rows.square(x - t) / var)
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, reduction)

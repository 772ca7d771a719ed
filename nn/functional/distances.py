"""Losses that compare vectors with each other, or two scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional.arguments import REDUCTIONS, choice_of, reduced, rows, tensors_of


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """Distance of vectors along the last axis: the p-norm of x1 - x2 + eps.

    Examples
    --------
    >>> from autograd import tensor
    >>> pairwise_distance(tensor([[3.0, 4.0]]), tensor([[0.0, 0.0]]), eps=0.0)
    tensor([5.])
    """
    x1, x2 = tensors_of("pairwise_distance", x1=x1, x2=x2)
    return rows.norm(x1 - x2 + eps, p, -1, keepdim)


def _same(operation: str, **tensors: Any) -> list[Any]:
    made = tensors_of(operation, **tensors)
    if len({x.shape for x in made}) > 1:
        given = ", ".join(f"{name} {x.shape}" for name, x in zip(tensors, made, strict=True))
        raise ValueError(f"{operation}: {given} have different shapes; reshape one")
    return made


def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, *, reduction: str = "mean"
) -> Tensor:
    """Compare directions: 1 - cosine where the target is 1, by how much the cosine exceeds the margin where it is -1.

    Parameters
    ----------
    input1, input2 : Tensor, shape (N, D) or (D,)
    target : Tensor of 1 and -1, shape (N,) or ()
    margin : float
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        When the shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> cosine_embedding_loss(tensor([[3.0, 4.0]]), tensor([[-4.0, 3.0]]), tensor([1.0]))
    tensor(1.)
    """
    name = "cosine_embedding_loss"
    x, y = _same(name, input1=input1, input2=input2)
    (target,) = tensors_of(name, target=target)
    choice_of(name, "reduction", reduction, REDUCTIONS)
    if x.ndim not in (1, 2) or target.shape != x.shape[:-1]:
        raise ValueError(f"{name}: inputs {x.shape} and target {target.shape}; they have shapes (N, D) and (N,)")
    lengths = (rows.square(x).sum(-1) + 1e-12) * (rows.square(y).sum(-1) + 1e-12)
    cosine = (x * y).sum(-1) / rows.sqrt(lengths)
    alike, unlike = target.numpy() == 1, target.numpy() == -1
    if not np.all(alike | unlike):
        raise ValueError(f"{name}: a target is 1 or -1, got {target.numpy()[~(alike | unlike)].flat[0]}")
    return reduced(rows.where(alike, 1.0 - cosine, rows.relu(cosine - margin)), reduction)


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, *, reduction: str = "mean"
) -> Tensor:
    """By how much the first score should be larger than the second (target 1), or smaller (target -1).

    Examples
    --------
    >>> from autograd import tensor
    >>> margin_ranking_loss(tensor([1.0]), tensor([3.0]), tensor([1.0]), margin=0.5)
    tensor(2.5)
    """
    x, y, t = _same("margin_ranking_loss", input1=input1, input2=input2, target=target)
    choice_of("margin_ranking_loss", "reduction", reduction, REDUCTIONS)
    return reduced(rows.relu(margin - t * (x - y)), reduction)


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: str = "mean",
) -> Tensor:
    """By how much the anchor is not nearer to the positive than to the negative vector by the margin.

    Parameters
    ----------
    anchor, positive, negative : Tensor, shape (N, D) or (D,)
    margin : float
    p, eps : float
        See :func:`pairwise_distance`.
    swap : bool
        Whether the distance of positive and negative counts too, if it is smaller than that of the anchor.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import tensor
    >>> triplet_margin_loss(tensor([[0.0]]), tensor([[3.0]]), tensor([[-2.0]]), eps=0.0)
    tensor(2.)
    """
    a, b, c = _same("triplet_margin_loss", anchor=anchor, positive=positive, negative=negative)
    choice_of("triplet_margin_loss", "reduction", reduction, REDUCTIONS)
    if margin <= 0:
        raise ValueError(f"triplet_margin_loss: the margin is positive, got {margin}")
    far = pairwise_distance(a, c, p, eps)
    if swap:
        far = rows.minimum(far, pairwise_distance(b, c, p, eps))
    return reduced(rows.relu(pairwise_distance(a, b, p, eps) - far + margin), reduction)

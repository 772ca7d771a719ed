"""Losses that ask for a margin, and similarity: hinge losses and losses of pairs and triplets of vectors."""

from __future__ import annotations

from typing import Any

from autograd import Tensor
from nn import functional as F
from nn.modules.losses import Loss, optional_buffer
from nn.modules.module import Module


class MultiMarginLoss(Loss):
    """Hinge loss of several classes; see :func:`nn.functional.multi_margin_loss`.

    Parameters
    ----------
    p : {1, 2}
        The power of the hinges.
    margin : float
    weight : Tensor, shape (C,), optional
        A weight for each true class.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import tensor
    >>> MultiMarginLoss()(tensor([[1.0, 2.0, 0.5]]), tensor([1]))
    tensor(0.)
    """

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        if p not in (1, 2):
            raise ValueError(f"MultiMarginLoss: p is 1 or 2, got {p}")
        self.p, self.margin = p, margin
        self.weight = optional_buffer(weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of scores (N, C) for class numbers."""
        return F.multi_margin_loss(input, target, self.p, self.margin, self.weight, reduction=self.reduction)


class HingeLoss(Loss):
    """Hinge loss max(0, margin - t x) of scores for targets 1 and -1; see :func:`nn.functional.hinge_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> HingeLoss(reduction="none")(tensor([0.5, -2.0]), tensor([1.0, -1.0]))
    tensor([0.5, 0. ])
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.hinge_loss(input, target, self.margin, reduction=self.reduction)


class HingeEmbeddingLoss(Loss):
    """Distances of alike pairs, hinges of unlike ones; see :func:`nn.functional.hinge_embedding_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> HingeEmbeddingLoss(reduction="none")(tensor([0.5, 0.25]), tensor([1.0, -1.0]))
    tensor([0.5 , 0.75])
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.hinge_embedding_loss(input, target, self.margin, reduction=self.reduction)


class SoftMarginLoss(Loss):
    """Logistic loss for targets 1 and -1; see :func:`nn.functional.soft_margin_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> SoftMarginLoss()(tensor([0.0]), tensor([1.0]))
    tensor(0.6931472)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class CosineEmbeddingLoss(Loss):
    """Compare the directions of pairs of vectors; see :func:`nn.functional.cosine_embedding_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> CosineEmbeddingLoss()(tensor([[3.0, 4.0]]), tensor([[-4.0, 3.0]]), tensor([1.0]))
    tensor(1.)
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.cosine_embedding_loss(input1, input2, target, self.margin, reduction=self.reduction)


class MarginRankingLoss(Loss):
    """By how much two scores are not in the wanted order; see :func:`nn.functional.margin_ranking_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> MarginRankingLoss(0.5)(tensor([1.0]), tensor([3.0]), tensor([1.0]))
    tensor(2.5)
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.margin_ranking_loss(input1, input2, target, self.margin, reduction=self.reduction)


class TripletMarginLoss(Loss):
    """Nearer to the positive than to the negative vector; see :func:`nn.functional.triplet_margin_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> TripletMarginLoss(eps=0.0)(tensor([[0.0]]), tensor([[3.0]]), tensor([[-2.0]]))
    tensor(2.)
    """

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, *, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        if margin <= 0:
            raise ValueError(f"TripletMarginLoss: the margin is positive, got {margin}")
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        """Return the loss."""
        return F.triplet_margin_loss(
            anchor, positive, negative, self.margin, self.p, self.eps, self.swap, reduction=self.reduction
        )


class CosineSimilarity(Module):
    """Cosine of the angle between vectors along an axis; see :func:`nn.functional.cosine_similarity`.

    Parameters
    ----------
    dim : int
    eps : float
        No norm counts as smaller.

    Examples
    --------
    >>> from autograd import tensor
    >>> CosineSimilarity()(tensor([[3.0, 4.0]]), tensor([[6.0, 8.0]]))
    tensor([1.])
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        self.dim, self.eps = dim, eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """Return the cosines."""
        return F.cosine_similarity(x1, x2, self.dim, self.eps)

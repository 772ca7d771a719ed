"""Losses as modules: the options at construction, the numbers at the call; see :mod:`nn.functional`."""

from __future__ import annotations

from typing import Any

from autograd import Tensor
from nn import functional as F
from nn.functional.arguments import REDUCTIONS, choice_of
from nn.modules.module import Module
from nn.parameter import Buffer


def optional_buffer(tensor: Any) -> Buffer | None:
    """Return a buffer with the numbers of a tensor; ``None`` stays ``None``.

    Examples
    --------
    >>> optional_buffer([1.0, 2.0])
    tensor([1., 2.])
    """
    return None if tensor is None else Buffer(tensor)


class Loss(Module):
    """What losses have in common: what becomes of the losses of all elements or samples.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        When it is another word.

    Examples
    --------
    >>> import nn
    >>> nn.MSELoss(reduction="sum").reduction
    'sum'
    """

    reductions: tuple[str, ...] = REDUCTIONS

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = choice_of(type(self).__name__, "reduction", reduction, self.reductions)


class MSELoss(Loss):
    """Mean squared error; see :func:`nn.functional.mse_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> MSELoss()(tensor([1.0, 2.0]), tensor([0.0, 4.0]))
    tensor(2.5)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(Loss):
    """Mean absolute error; see :func:`nn.functional.l1_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> L1Loss()(tensor([1.0, 2.0]), tensor([0.0, 4.0]))
    tensor(1.5)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(Loss):
    """Squared error divided by 2 beta near zero, absolute beyond; see :func:`nn.functional.smooth_l1_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> SmoothL1Loss(reduction="none")(tensor([1.0, 5.0]), tensor([0.5, 0.0]))
    tensor([0.125, 4.5  ])
    """

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(Loss):
    """Half the squared error up to delta, linear beyond; see :func:`nn.functional.huber_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> HuberLoss(reduction="none")(tensor([1.0, 5.0]), tensor([0.5, 0.0]))
    tensor([0.125, 4.5  ])
    """

    def __init__(self, *, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class CrossEntropyLoss(Loss):
    """Compare scores with true classes; see :func:`nn.functional.cross_entropy`.

    Parameters
    ----------
    weight : Tensor, shape (C,), optional
        A weight for each class.
    ignore_index : int
        Samples of this class do not count.
    reduction : {"mean", "sum", "none"}
    label_smoothing : float
        The share of the target that is spread over all classes.

    Examples
    --------
    >>> from autograd import tensor
    >>> CrossEntropyLoss()(tensor([[0.0, 0.0], [100.0, 0.0]]), tensor([1, 0]))
    tensor(0.3465736)
    """

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction=reduction)
        self.weight = optional_buffer(weight)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of scores (N, C, ...) for class numbers or probabilities."""
        return F.cross_entropy(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(Loss):
    """Minus the logarithmic probability of the true class; see :func:`nn.functional.nll_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> NLLLoss()(tensor([[-0.5, -1.0]]), tensor([1]))
    tensor(1.)
    """

    def __init__(self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.weight = optional_buffer(weight)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of logarithms (N, C, ...) for class numbers."""
        return F.nll_loss(input, target, self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class BCELoss(Loss):
    """Compare probabilities with targets between 0 and 1; see :func:`nn.functional.binary_cross_entropy`.

    Examples
    --------
    >>> from autograd import tensor
    >>> BCELoss()(tensor([0.5]), tensor([1.0]))
    tensor(0.6931472)
    """

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.weight = optional_buffer(weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(Loss):
    """Compare scores with targets between 0 and 1; see :func:`nn.functional.binary_cross_entropy_with_logits`.

    Examples
    --------
    >>> from autograd import tensor
    >>> BCEWithLogitsLoss()(tensor([0.0]), tensor([1.0]))
    tensor(0.6931472)
    """

    def __init__(self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(reduction=reduction)
        self.weight = optional_buffer(weight)
        self.pos_weight = optional_buffer(pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


class KLDivLoss(Loss):
    """Kullback-Leibler divergence from logarithmic probabilities; see :func:`nn.functional.kl_div`.

    Examples
    --------
    >>> from autograd import tensor
    >>> KLDivLoss(reduction="batchmean")(tensor([[0.0, -1.0]]), tensor([[1.0, 0.0]]))
    tensor(0.)
    """

    reductions = ("batchmean", *REDUCTIONS)

    def __init__(self, *, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction=reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class PoissonNLLLoss(Loss):
    """Compare expected counts with counts; see :func:`nn.functional.poisson_nll_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> PoissonNLLLoss()(tensor([0.0]), tensor([3.0]))
    tensor(1.)
    """

    def __init__(
        self, log_input: bool = True, full: bool = False, *, eps: float = 1e-8, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        """Return the loss."""
        return F.poisson_nll_loss(log_input, target, self.log_input, self.full, self.eps, reduction=self.reduction)


class GaussianNLLLoss(Loss):
    """Compare expected values and variances with values; see :func:`nn.functional.gaussian_nll_loss`.

    Examples
    --------
    >>> from autograd import tensor
    >>> GaussianNLLLoss()(tensor([1.0]), tensor([3.0]), tensor([1.0]))
    tensor(2.)
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.full, self.eps = full, eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor) -> Tensor:
        """Return the loss."""
        return F.gaussian_nll_loss(input, target, var, self.full, self.eps, reduction=self.reduction)

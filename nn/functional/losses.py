"""Losses: how far predictions are from targets, as one number or one for each element."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.array_operations.checks import check_floats, check_indices
from nn.functional.arguments import choice_of, rows, tensors_of

REDUCTIONS = ("mean", "sum", "none")


def _reduced(losses: Tensor, reduction: str) -> Tensor:
    return {"mean": losses.mean, "sum": losses.sum}[reduction]() if reduction != "none" else losses


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
        return _reduced(losses, reduction)
    if weight.shape != losses.shape:
        weight = weight.broadcast_to(losses.shape)
    if reduction == "mean" and operation != "huber_loss":
        return (losses * weight).sum() / weight.sum()
    return _reduced(losses * weight, reduction)


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


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Compare scores with true classes: minus the logarithm of softmax at the true class.

    Parameters
    ----------
    input : Tensor, shape (C,), (N, C) or (N, C, ...)
        Scores: any numbers.
    target : Tensor
        Class numbers, of the shape without the axis C; or probabilities of the classes, of the shape of `input`.
    weight : Tensor, shape (C,), optional
        A weight for each class.
    ignore_index : int
        Samples of this class do not count.
    reduction : {"mean", "sum", "none"}
        What becomes of the losses of all samples; the mean is weighted.
    label_smoothing : float
        The share of the target that is spread over all classes.

    Raises
    ------
    IndexError
        When a target is no class.
    TypeError, ValueError
        When dtypes or shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> cross_entropy(tensor([[0.0, 0.0], [100.0, 0.0]]), tensor([1, 0]))
    tensor(0.3465736)
    """
    input, target, weight = tensors_of("cross_entropy", input=input, target=target, weight=weight)
    choice_of("cross_entropy", "reduction", reduction, REDUCTIONS)
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing is between 0 and 1, got {label_smoothing}")
    classes = _check_classes("cross_entropy", input, weight)
    if target.dtype.kind == "f" and target.shape == input.shape:
        if label_smoothing:
            target = target * (1 - label_smoothing) + label_smoothing / classes
        if weight is not None:
            target = target * weight.reshape(-1, *(1,) * max(input.ndim - 2, 0))
        losses = rows.soft_cross_entropy(input, target)
        if reduction == "mean" and input.ndim > 1:
            return losses.sum() / (losses.numel() or float("nan"))
        return losses if reduction == "none" else losses.sum()
    _check_target("cross_entropy", input, target, " (or probabilities, as floats of the shape of the input)")
    return rows.cross_entropy(
        input,
        target,
        weight=None if weight is None else weight.numpy(),
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


def _check_classes(operation: str, input: Tensor, weight: Tensor | None) -> int:
    if input.ndim < 1:
        raise ValueError(f"{operation}: input {input.shape}; it has shape (samples, classes, ...) or (classes,)")
    classes = input.shape[min(input.ndim - 1, 1)]
    if classes < 1:
        raise ValueError(f"{operation}: input {input.shape} has no classes")
    if weight is not None and weight.shape != (classes,):
        raise ValueError(f"{operation}: weight {weight.shape} for input {input.shape}; it has shape ({classes},)")
    return classes


def _check_target(operation: str, input: Tensor, target: Tensor, also: str = "") -> None:
    expected = input.shape[:1] + input.shape[2:] if input.ndim > 1 else ()
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"{operation}: target has dtype {target.dtype}; it holds class numbers, convert with .to(int64){also}"
        )
    if target.shape != expected:
        raise ValueError(
            f"{operation}: input {input.shape} and target {target.shape} do not fit; for this input the class numbers "
            f"have shape {expected}{also}"
        )


def _picked(x: Tensor, target: np.ndarray) -> Tensor:
    """The score of the true class of every sample, and an axis of size 1 where the classes were."""
    return rows.gather(x, 1, target[:, None])


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Minus the logarithmic probability of the true class, from logarithms; see :func:`cross_entropy`.

    Examples
    --------
    >>> from autograd import tensor
    >>> nll_loss(tensor([[-0.5, -1.0]]), tensor([1]))
    tensor(1.)
    """
    input, target, weight = tensors_of("nll_loss", input=input, target=target, weight=weight)
    choice_of("nll_loss", "reduction", reduction, REDUCTIONS)
    check_floats("nll_loss", input=input, weight=weight)
    classes = _check_classes("nll_loss", input, weight)
    _check_target("nll_loss", input, target)
    indices = target.numpy()
    check_indices("nll_loss", "target", indices, classes, ignored=ignore_index)
    kept = indices != ignore_index
    safe = np.where(kept, indices, 0)
    factors = kept.astype(input.dtype) if weight is None else weight.numpy()[safe] * kept
    x, rows_of = (input, safe) if input.ndim > 1 else (input.unsqueeze(0), safe[None])
    logarithms = _picked(x, rows_of).squeeze(1).reshape(target.shape)
    # An ignored logarithm may be infinite.
    logarithms = logarithms if kept.all() else rows.where(kept, logarithms, 0.0)
    losses = -logarithms * factors
    if reduction == "mean":
        return losses.sum() / factors.sum()
    return _reduced(losses, reduction)


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """Compare probabilities with targets between 0 and 1; no logarithm counts as less than -100.

    Raises
    ------
    ValueError
        When the shapes differ, or the input holds no probabilities.

    Examples
    --------
    >>> from autograd import tensor
    >>> binary_cross_entropy(tensor([0.5, 1.0]), tensor([1.0, 1.0]), reduction="none")
    tensor([0.6931472, 0.       ])
    """
    input, target, weight = tensors_of("binary_cross_entropy", input=input, target=target, weight=weight)
    choice_of("binary_cross_entropy", "reduction", reduction, REDUCTIONS)
    if input.shape != target.shape:
        raise ValueError(f"binary_cross_entropy: input {input.shape} and target {target.shape} differ; reshape one")
    losses = rows.binary_cross_entropy(input, target)
    return _reduced(losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Compare scores with targets between 0 and 1: cross-entropy of their sigmoid, without overflow.

    Parameters
    ----------
    input, target : Tensor, the same shape
    weight : Tensor, optional
        A weight for each element.
    reduction : {"mean", "sum", "none"}
    pos_weight : Tensor, optional
        A weight for targets of one, by class.

    Raises
    ------
    ValueError
        When the shapes differ.

    Examples
    --------
    >>> from autograd import tensor
    >>> binary_cross_entropy_with_logits(tensor([0.0]), tensor([1.0]))
    tensor(0.6931472)
    """
    name = "binary_cross_entropy_with_logits"
    x, t, weight = tensors_of(name, input=input, target=target, weight=weight)
    choice_of(name, "reduction", reduction, REDUCTIONS)
    if x.shape != t.shape:
        raise ValueError(f"{name}: input {x.shape} and target {t.shape} differ; reshape one")
    surprise = rows.softplus(-x)
    if pos_weight is not None:
        surprise = surprise * (1.0 + (tensors_of(name, pos_weight=pos_weight)[0] - 1.0) * t)
    losses = (1.0 - t) * x + surprise
    return _reduced(losses if weight is None else losses * weight, reduction)


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


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
) -> Tensor:
    """Hinge loss of several classes: by how much other scores come closer to the true one than the margin.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (C,)
    target : Tensor of class numbers, shape (N,) or ()
    p : {1, 2}
        The power of the hinges.
    margin : float
    weight : Tensor, shape (C,), optional
        A weight for each true class.
    reduction : {"mean", "sum", "none"}
        The loss of a sample is the sum over the classes divided by their number.

    Examples
    --------
    >>> from autograd import tensor
    >>> multi_margin_loss(tensor([[1.0, 2.0, 0.5]]), tensor([1]))
    tensor(0.)
    >>> multi_margin_loss(tensor([[1.0, 2.0, 1.5]]), tensor([1]), reduction="sum") * 3
    tensor(0.5)
    """
    input, target, weight = tensors_of("multi_margin_loss", input=input, target=target, weight=weight)
    choice_of("multi_margin_loss", "reduction", reduction, REDUCTIONS)
    check_floats("multi_margin_loss", input=input, weight=weight)
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss: p is 1 or 2, got {p}")
    if input.ndim > 2:
        raise ValueError(f"multi_margin_loss: input {input.shape}; it has shape (samples, classes) or (classes,)")
    classes = _check_classes("multi_margin_loss", input, weight)
    _check_target("multi_margin_loss", input, target)
    indices = target.numpy().reshape(-1)
    check_indices("multi_margin_loss", "target", target.numpy(), classes)
    x = input if input.ndim == 2 else input.unsqueeze(0)
    hinges = rows.relu(margin - _picked(x, indices) + x)
    hinges = hinges if p == 1 else hinges * hinges
    if weight is not None:
        hinges = hinges * weight.numpy()[indices][:, None]
    others = indices[:, None] != np.arange(classes)
    losses = (hinges * others.astype(input.dtype)).sum(1) / classes
    return _reduced(losses.reshape(target.shape), reduction)


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

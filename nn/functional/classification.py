"""Losses of classifiers: scores or probabilities compared with true classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Gate, Tensor
from autograd.array_operations.checks import check_floats, check_indices
from nn.functional.arguments import REDUCTIONS, choice_of, reduced, rows, tensors_of


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
    return reduced(losses, reduction)


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
    return reduced(losses.reshape(target.shape), reduction)


class ZeroOneGate(Gate):
    """Count what is classified wrong; its backward pass says why there is none."""

    symbol = "0-1"

    def __init__(self, target: np.ndarray, signs: bool) -> None:
        self.target, self.signs = target, signs

    def forward(self, *operands: Any) -> Any:
        """Return 1 where the class is wrong, else 0."""
        (input,) = operands
        right = input * self.target > 0 if self.signs else input.argmax(min(input.ndim - 1, 1)) == self.target
        return 1.0 - right * input.dtype.type(1)

    def backward(self, gradient: Any) -> Any:
        """Refuse."""
        raise RuntimeError(
            "zero_one_loss has no useful gradient: it counts mistakes, so it is a step that is flat everywhere else "
            "and gradient descent would stand still; train with cross_entropy, multi_margin_loss or hinge_loss, and "
            "compute zero_one_loss inside no_grad() to measure"
        )


def zero_one_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Count what is classified wrong: 1 for each mistake, else 0.  To measure, not to train with.

    Parameters
    ----------
    input : Tensor, shape (C,), (N, C) or (N, C, ...)
        Scores of classes, of which the highest counts; or one score for each sample.
    target : Tensor
        Class numbers, as for :func:`cross_entropy`; or for single scores 1 and -1, the signs that
        they should have, as for :func:`hinge_loss`.
    reduction : {"mean", "sum", "none"}
        The mean is 1 - accuracy.

    Raises
    ------
    RuntimeError
        In the backward pass: the loss is a step, so its gradient says nothing.
    IndexError, TypeError, ValueError
        When a target is no class and no sign, or dtypes or shapes do not fit.

    Examples
    --------
    >>> from autograd import tensor
    >>> zero_one_loss(tensor([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0]]), tensor([0, 1]), reduction="none")
    tensor([1., 0.])
    >>> zero_one_loss(tensor([0.5, -2.0]), tensor([1.0, 1.0]))
    tensor(0.5)
    """
    input, target = tensors_of("zero_one_loss", input=input, target=target)
    choice_of("zero_one_loss", "reduction", reduction, REDUCTIONS)
    check_floats("zero_one_loss", input=input)
    expected = target.numpy()
    signs = target.shape == input.shape
    if not signs:
        classes = _check_classes("zero_one_loss", input, None)
        _check_target("zero_one_loss", input, target, " (or signs, of the shape of the input)")
        check_indices("zero_one_loss", "target", expected, classes)
    elif not np.isin(expected, (-1, 1)).all():
        raise ValueError(
            f"zero_one_loss: a target of the shape of the input {input.shape} holds the signs 1 and -1, "
            f"got {expected[~np.isin(expected, (-1, 1))][0]}"
        )
    return reduced(ZeroOneGate(expected.astype(input.dtype) if signs else expected, signs)(input), reduction)


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
    return reduced(losses if weight is None else losses * weight, reduction)


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
    return reduced(losses if weight is None else losses * weight, reduction)

"""Adagrad: a rate for each number, which falls as its gradients add up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.kernels import load
from nn.optim.optimizer import Array, Optimizer


class Adagrad(Optimizer):
    """Adagrad: s ← s + g², p ← p - η g / (√s + ε).

    Some lectures write √(s + ε).

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr : float
        The learning rate η.
    lr_decay : float
        δ; step t, counted from 0, has the rate η / (1 + t δ).
    weight_decay : float
        λ, which adds λ p to the gradient.
    initial_accumulator_value : float
        What the sums s begin with.
    eps : float
        ε, against division by zero.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = Adagrad([x], lr=0.5)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([ 0.5, -1.5], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay}
        options["initial_accumulator_value"] = initial_accumulator_value
        super().__init__(params, {**options, "maximize": maximize})

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        state["step"] = state.get("step", 0) + 1
        if "sum" not in state:
            state["sum"] = np.full_like(p, group["initial_accumulator_value"])
        load("updates").adagrad(
            p,
            g,
            state["sum"],
            state["step"],
            float(group["lr"]),
            group["lr_decay"],
            group["eps"],
            group["weight_decay"],
            group["maximize"],
        )

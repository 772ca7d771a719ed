"""Adadelta: steps of the recent size of steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optim.optimizer import Array, Optimizer, decayed, zeros


class Adadelta(Optimizer):
    """Adadelta: v ← ρ v + (1 - ρ) g², d = √(u + ε) / √(v + ε) · g, u ← ρ u + (1 - ρ) d², p ← p - η d.

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr : float
        The learning rate η, 1 in the original.
    rho : float
        How much of the averages of squares stays, ρ.
    eps : float
        ε; it also sets the size of the first steps.
    weight_decay : float
        λ, which adds λ p to the gradient.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> Adadelta([x], eps=0.01).step()
    >>> print(x.numpy().round(4))
    [ 0.6877 -1.6848]
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, options)

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        rho, eps = group["rho"], group["eps"]
        state["step"] = state.get("step", 0) + 1
        squares, steps = zeros(state, "square_avg", p), zeros(state, "acc_delta", p)
        g = decayed(p, g, group)
        squares *= rho
        squares += (1 - rho) * g * g
        step = np.sqrt(steps + eps) / np.sqrt(squares + eps) * g
        steps *= rho
        steps += (1 - rho) * step * step
        p -= float(group["lr"]) * step

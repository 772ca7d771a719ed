"""Adamax: Adam with the largest gradient in the place of the root mean square."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optim.optimizer import Array, Optimizer, decayed, zeros


class Adamax(Optimizer):
    """Adamax: m ← β₁ m + (1 - β₁) g, u ← max(β₂ u, |g| + ε), p ← p - η / (1 - β₁ᵗ) · m / u.

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr : float
        The learning rate η.
    betas : (float, float)
        How much of the average of g and of the largest |g| stays, β₁ and β₂.
    eps : float
        ε, against division by zero.
    weight_decay : float
        λ, which adds λ p to the gradient.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> Adamax([x], lr=0.25).step()
    >>> x
    tensor([ 0.75, -1.75], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, options)

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        beta1, beta2 = group["betas"]
        state["step"] = state.get("step", 0) + 1
        average, largest = zeros(state, "exp_avg", p), zeros(state, "exp_inf", p)
        g = decayed(p, g, group)
        average += (1 - beta1) * (g - average)
        np.maximum(beta2 * largest, np.abs(g) + group["eps"], out=largest)
        p -= float(group["lr"]) / (1 - beta1 ** state["step"]) * average / largest

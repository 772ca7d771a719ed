"""RAdam: Adam that waits until its average of squares can be trusted."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optim.optimizer import Array, Optimizer, decayed, zeros


class RAdam(Optimizer):
    """Rectified Adam: early steps follow the average gradient alone, later ones are divided as in Adam.

    After t steps the average of squares is worth ρ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ) samples, where
    ρ∞ = 2 / (1 - β₂) - 1.  While ρ ≤ 5, p ← p - η m̂; then p ← p - η r m̂ / (√v̂ + ε) with
    r² = (ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ).

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr : float
        The learning rate η.
    betas : (float, float)
        How much of the averages of g and g² stays, β₁ and β₂.
    eps : float
        ε, against division by zero.
    weight_decay : float
        λ, which adds λ p to the gradient.
    decoupled_weight_decay : bool
        p ← (1 - η λ) p instead, beside the step.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> RAdam([x], lr=0.125).step()
    >>> x
    tensor([ 0.75, -1.5 ], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, {**options, "decoupled_weight_decay": decoupled_weight_decay})

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        beta1, beta2 = group["betas"]
        step = state["step"] = state.get("step", 0) + 1
        average, squares = zeros(state, "exp_avg", p), zeros(state, "exp_avg_sq", p)
        g = decayed(p, g, group)
        average += (1 - beta1) * (g - average)
        squares *= beta2
        squares += (1 - beta2) * g * g
        move = float(group["lr"]) / (1 - beta1**step) * average
        all_samples = 2 / (1 - beta2) - 1
        samples = all_samples - 2 * step * beta2**step / (1 - beta2**step)
        if samples > 5:
            trust = (samples - 4) * (samples - 2) * all_samples / ((all_samples - 4) * (all_samples - 2) * samples)
            move *= math.sqrt(trust * (1 - beta2**step)) / (np.sqrt(squares) + group["eps"])
        p -= move

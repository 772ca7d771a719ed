"""NAdam: Adam with Nesterov's momentum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optim.optimizer import Array, Optimizer, decayed, zeros


class NAdam(Optimizer):
    """Adam that looks ahead: momentum μₜ = β₁ (1 - ½ · 0.96^(t ψ)), with m and v̂ as in Adam.

    p ← p - η [(1 - μₜ) / (1 - μ₁…μₜ) · g + μₜ₊₁ / (1 - μ₁…μₜ₊₁) · m] / (√v̂ + ε)

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
    momentum_decay : float
        ψ, how fast the momentum grows to β₁.
    decoupled_weight_decay : bool
        p ← (1 - η λ) p instead, beside the step.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> NAdam([x], lr=0.1).step()
    >>> print(x.numpy().round(4))
    [ 0.8944 -1.8944]
    """

    shared = ("mu_product",)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        options |= {"momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, options)

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        beta1, beta2 = group["betas"]
        step = state["step"] = state.get("step", 0) + 1
        average, squares = zeros(state, "exp_avg", p), zeros(state, "exp_avg_sq", p)
        momentum, upcoming = (beta1 * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"])) for t in (step, step + 1))
        product = state["mu_product"] = state.get("mu_product", 1.0) * momentum
        g = decayed(p, g, group)
        average += (1 - beta1) * (g - average)
        squares *= beta2
        squares += (1 - beta2) * g * g
        ahead = (1 - momentum) / (1 - product) * g + upcoming / (1 - product * upcoming) * average
        p -= float(group["lr"]) * ahead / (np.sqrt(squares / (1 - beta2**step)) + group["eps"])

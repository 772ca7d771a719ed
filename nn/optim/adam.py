"""Adam and AdamW: momentum, and a rate for each number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd.kernels import load
from nn.optim.optimizer import Array, Optimizer, zeros


class Adam(Optimizer):
    """Adam: m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², p ← p - η m̂ / (√v̂ + ε).

    The averages m and v begin with zeros, so that early ones are too small; the correction of this
    bias after t steps is m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ).

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
    amsgrad : bool
        Divide by the largest v so far.
    maximize : bool
        Climb instead of descend.
    decoupled_weight_decay : bool
        p ← (1 - η λ) p instead, beside the step: :class:`AdamW`.
    bias_correction : bool
        ``False`` leaves the correction out, m̂ = m and v̂ = v: what lectures show first.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> Adam([x], lr=0.1).step()
    >>> print(x.numpy().round(4))
    [ 0.9 -1.9]
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
        bias_correction: bool = True,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad}
        options |= {"maximize": maximize, "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, {**options, "bias_correction": bias_correction})

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        state["step"] = state.get("step", 0) + 1
        load("updates").adam(
            p,
            g,
            zeros(state, "exp_avg", p),
            zeros(state, "exp_avg_sq", p),
            zeros(state, "max_exp_avg_sq", p) if group["amsgrad"] else None,
            state["step"] if group["bias_correction"] else math.inf,  # then nothing is left to correct
            float(group["lr"]),
            *group["betas"],
            group["eps"],
            group["weight_decay"],
            group["decoupled_weight_decay"],
            group["maximize"],
            group["amsgrad"],
        )


class AdamW(Adam):
    """Adam with decoupled weight decay: p ← (1 - η λ) p, then a step of Adam along the plain gradient.

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr, betas, eps, amsgrad, maximize, bias_correction
        As those of :class:`Adam`.
    weight_decay : float
        λ.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> AdamW([x], lr=0.1, weight_decay=0.5).step()
    >>> print(x.numpy().round(4))
    [ 0.85 -1.8 ]
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        bias_correction: bool = True,
    ) -> None:
        named = {"maximize": maximize, "decoupled_weight_decay": True, "bias_correction": bias_correction}
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, **named)

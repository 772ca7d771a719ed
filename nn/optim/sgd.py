"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.kernels import load
from nn.optim.optimizer import Array, Optimizer, zeros


class SGD(Optimizer):
    """Gradient descent: with gradient g, momentum μ and rate η, b ← μ b + g and p ← p - η b.

    Lectures often write the velocity v = -η b instead: v ← μ v - η g, p ← p + v, which is the same as long
    as η stays.

    Nesterov's momentum looks at the gradient where the momentum is about to carry the parameters,
    g(p + μ v).  Here, as in PyTorch, it has its rewritten form, in which the parameters that are kept
    are those looked-ahead ones, so that the gradient is an ordinary one: p ← p - η (g + μ b).

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr : float
        The learning rate η.
    momentum : float
        How much of the last step goes into the next one, μ.
    dampening : float
        The gradient is added to b with the factor 1 - dampening, after the first step.
    weight_decay : float
        λ, which adds λ p to the gradient.
    nesterov : bool
        Whether to look ahead; needs momentum, without dampening.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = SGD([x], lr=0.1, momentum=0.9)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     (x * x).sum().backward()
    ...     optimizer.step()
    >>> print(x.numpy().round(4))
    [ 0.46 -0.92]
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {**options, "nesterov": nesterov, "maximize": maximize})

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        first = "momentum_buffer" not in state
        load("updates").sgd(
            p,
            g,
            zeros(state, "momentum_buffer", p) if group["momentum"] else None,
            float(group["lr"]),
            group["momentum"],
            group["dampening"],
            group["weight_decay"],
            group["nesterov"],
            group["maximize"],
            first,
        )

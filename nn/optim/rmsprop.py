"""RMSprop: gradients divided by their recent size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.kernels import load
from nn.optim.optimizer import Array, Optimizer, zeros


class RMSprop(Optimizer):
    """RMSprop: v ← α v + (1 - α) g², p ← p - η g / (√v + ε).

    Some lectures write √(v + ε).

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train, or groups of it.
    lr : float
        The learning rate η.
    alpha : float
        How much of the average of squares stays, α.
    eps : float
        ε, against division by zero.
    weight_decay : float
        λ, which adds λ p to the gradient.
    momentum : float
        μ: the steps run through b ← μ b + g / (√v + ε).
    centered : bool
        Divide by the standard deviation: subtract the square of the average gradient from v.
    maximize : bool
        Climb instead of descend.

    Examples
    --------
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = RMSprop([x], lr=0.01)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> print(x.numpy().round(4))
    [ 0.9 -1.9]
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = {"lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**options, "centered": centered, "maximize": maximize})

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter."""
        state["step"] = state.get("step", 0) + 1
        load("updates").rmsprop(
            p,
            g,
            zeros(state, "square_avg", p),
            zeros(state, "momentum_buffer", p) if group["momentum"] else None,
            zeros(state, "grad_avg", p) if group["centered"] else None,
            float(group["lr"]),
            group["alpha"],
            group["eps"],
            group["weight_decay"],
            group["momentum"],
            group["centered"],
            group["maximize"],
        )

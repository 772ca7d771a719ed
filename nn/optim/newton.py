"""Newton's method: steps to the minimum of the parabola that fits the loss here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd import Tensor, enable_grad, grad
from nn.optim import vectors
from nn.optim.optimizer import Optimizer


class Newton(Optimizer):
    """Newton's method: p ← p - η (H + λ 1)⁻¹ g, with the Hessian H and the gradient g of the loss.

    For small problems: n parameters take n backward passes and a matrix of n² numbers a step.  It
    goes to where the gradient is zero, which far from a minimum may be a maximum or a saddle point;
    damping makes it descend there.

    Parameters
    ----------
    params : iterable of Tensor or Value
        What to train.
    lr : float
        The part η of the step to take.
    damping : float
        λ, added to the diagonal of the Hessian; large ones give steps of gradient descent, g / λ.

    Examples
    --------
    A parabola is solved in one step, however elongated:

    >>> x = tensor([3.0, -2.0], requires_grad=True)
    >>> optimizer = Newton([x])
    >>> loss = optimizer.step(lambda: 10.0 * x[0] ** 2 + x[1] ** 2)
    >>> loss.item(), x
    (94.0, tensor([0., 0.], requires_grad=True))
    """

    def __init__(self, params: Iterable[Any], lr: float = 1.0, damping: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "damping": damping})
        if len(self.param_groups) != 1:
            raise ValueError("Newton takes one list of parameters: all of them move together")

    @np.errstate(all="ignore")
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take a step.

        Parameters
        ----------
        closure : callable
            Computes the loss and returns it; it need not call ``backward()``.

        Returns
        -------
        Tensor or Value
            The loss before the step.

        Raises
        ------
        TypeError
            Without a closure.
        ValueError
            When the Hessian with the damping cannot be inverted; nothing moves then.
        """
        if closure is None:
            raise TypeError("Newton.step(closure) needs a function that computes the loss and returns it")
        (group,) = self.param_groups
        parameters = [p for p in group["params"] if p.requires_grad]
        with enable_grad():
            loss = closure()
            slopes = grad(loss, parameters, create_graph=True, allow_unused=True)
            hessian = np.array([_row(entry, parameters) for entry in _entries(slopes, parameters)])
        g = _joined(slopes, parameters)
        hessian[np.diag_indices(len(g))] += group["damping"]
        try:
            direction = np.linalg.solve(hessian, g)
        except np.linalg.LinAlgError:
            raise ValueError(
                f"Newton: the Hessian of the {len(g)} parameters is singular, so the loss has no single lowest point "
                f"here; give damping, such as Newton(params, damping=1e-3)"
            ) from None
        vectors.assign(parameters, vectors.numbers(parameters) - group["lr"] * direction)
        return loss


def _size(p: Any) -> int:
    return p.numel() if isinstance(p, Tensor) else 1


def _joined(slopes: Any, parameters: list[Any]) -> np.ndarray:
    """Return gradients, some of them ``None``, as one vector."""
    parts = [
        np.zeros(_size(p)) if slope is None else np.ravel(slope.numpy() if isinstance(slope, Tensor) else slope.data)
        for slope, p in zip(slopes, parameters, strict=True)
    ]
    return np.concatenate(parts).astype(np.float64)


def _entries(slopes: Any, parameters: list[Any]) -> Iterable[Any]:
    """Yield every element of the gradients as a node, or ``None``."""
    for slope, p in zip(slopes, parameters, strict=True):
        if slope is None:
            yield from [None] * _size(p)
        else:
            yield from slope.reshape(-1) if isinstance(slope, Tensor) else [slope]


def _row(entry: Any, parameters: list[Any]) -> np.ndarray:
    """Return one row of the Hessian: the gradient of an element of the gradient."""
    if entry is None or not entry.requires_grad:
        return np.zeros(sum(map(_size, parameters)))
    return _joined(grad(entry, parameters, allow_unused=True), parameters)

"""L-BFGS: Newton's direction from the last few steps, without the Hessian."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd import enable_grad
from nn.optim import vectors
from nn.optim.line_search import Point, strong_wolfe
from nn.optim.optimizer import Array, Optimizer


class LBFGS(Optimizer):
    """L-BFGS: the changes of the gradient along the last steps stand in for the Hessian.

    One call of :meth:`step` runs up to `max_iter` iterations and calls the closure for each.  The
    method assumes that the loss is always the same function: give it all data, not batches.

    Parameters
    ----------
    params : iterable of Tensor or Value
        What to train.
    lr : float
        The length of a step along the direction, and where the line search begins.
    max_iter : int
        Iterations in one call of :meth:`step`.
    max_eval : int, optional
        Calls of the closure in one call of :meth:`step`; 1.25 `max_iter` by default.
    tolerance_grad : float
        Stop when no element of the gradient is larger.
    tolerance_change : float
        Stop when the loss, or every parameter, changes by less.
    history_size : int
        How many steps to remember.
    line_search_fn : {"strong_wolfe", None}
        How to choose the length of a step; ``None`` takes `lr`.

    Examples
    --------
    >>> x = tensor([-1.5, 2.0], dtype=float64, requires_grad=True)
    >>> optimizer = LBFGS([x], max_iter=100, line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2
    ...     loss.backward()
    ...     return loss
    >>> loss = optimizer.step(closure)
    >>> x.numpy().round(4)
    array([1., 1.])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        options = {"lr": lr, "max_iter": max_iter, "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval}
        options |= {"tolerance_grad": tolerance_grad, "tolerance_change": tolerance_change}
        super().__init__(params, {**options, "history_size": history_size, "line_search_fn": line_search_fn})
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS takes one list of parameters: all of them move together")

    @np.errstate(all="ignore")
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Run up to `max_iter` iterations.

        Parameters
        ----------
        closure : callable
            Clears the gradients, computes the loss, calls ``backward()`` and returns the loss.

        Returns
        -------
        Tensor or Value
            The loss before the first iteration.

        Raises
        ------
        TypeError
            Without a closure.
        """
        if closure is None:
            raise TypeError("LBFGS.step(closure) needs a function that computes loss and gradients anew")
        (group,) = self.param_groups
        parameters, lr, tolerance = group["params"], float(group["lr"]), group["tolerance_change"]
        state = self.state[parameters[0]]
        for name in ("func_evals", "n_iter"):
            state.setdefault(name, 0)

        def evaluate() -> tuple[Any, Array]:
            with enable_grad():
                loss = closure()
            state["func_evals"] += 1
            return loss, vectors.gradients(parameters)

        def at(t: float) -> Point:
            vectors.assign(parameters, start + t * direction)
            loss, g = evaluate()
            return Point(t, float(loss), g, float(g @ direction))

        earlier = state["func_evals"]
        first_loss, g = evaluate()
        loss = float(first_loss)
        for iteration in range(1, group["max_iter"] + 1):
            if np.abs(g).max(initial=0) <= group["tolerance_grad"]:
                break
            state["n_iter"] += 1
            direction = self._direction(state, g, group["history_size"])
            state["d"], state["prev_flat_grad"], before = direction, g, loss
            slope = float(g @ direction)
            t = lr * min(1.0, 1.0 / float(np.abs(g).sum())) if state["n_iter"] == 1 else lr
            state["t"] = t
            if slope > -tolerance:
                break
            start = vectors.numbers(parameters)
            if group["line_search_fn"]:
                left = group["max_eval"] - (state["func_evals"] - earlier)
                found = strong_wolfe(at, Point(0.0, loss, g, slope), t, float(np.abs(direction).max()), left)
                state["t"], loss, g = found.t, found.loss, found.g
                vectors.assign(parameters, start + found.t * direction)
            else:
                vectors.assign(parameters, start + t * direction)
                if iteration < group["max_iter"]:
                    now, g = evaluate()
                    loss = float(now)
            if (
                state["func_evals"] - earlier >= group["max_eval"]
                or np.abs(state["t"] * direction).max() <= tolerance
                or abs(loss - before) < tolerance
            ):
                break
        return first_loss

    def _direction(self, state: dict[str, Any], g: Array, history_size: int) -> Array:
        """Return minus the approximate inverse Hessian times the gradient."""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], H_diag=1.0)
            return -g
        changes, steps = state["old_dirs"], state["old_stps"]
        change, step = g - state["prev_flat_grad"], state["t"] * state["d"]
        curvature = float(change @ step)
        if curvature > 1e-10:
            changes.append(change)
            steps.append(step)
            del changes[:-history_size], steps[:-history_size]
            state["H_diag"] = curvature / float(change @ change)
        # Two loops over the remembered steps, newest first and back.
        direction, parts = -g, []
        for change, step in zip(reversed(changes), reversed(steps), strict=True):
            parts.append((step @ direction) / (change @ step))
            direction = direction - parts[-1] * change
        direction = direction * state["H_diag"]
        for change, step in zip(changes, steps, strict=True):
            direction = direction + (parts.pop() - (change @ direction) / (change @ step)) * step
        return direction

    def _loaded(self, number: int, p: Any, key: str, entry: Any) -> Any:
        if isinstance(entry, list):
            return [np.array(np.asarray(each)) for each in entry if each is not None]
        array = np.array(np.asarray(entry))
        return array if array.ndim else array.item()

"""When to stop: the loss explodes, or the validation gets no better."""

from __future__ import annotations

import math
from typing import Any

from nn.optim.lr_scheduler import ReduceLROnPlateau


class Diverged(ArithmeticError):
    """The loss became nan or infinite, or grew far above where it started.

    The trainer keeps its history, and the step that would have followed was not taken.

    Examples
    --------
    >>> raise Diverged("the loss is nan")
    Traceback (most recent call last):
    nn.training.stopping.Diverged: the loss is nan
    """


class DivergenceGuard:
    """Stops a run whose loss is nan or above a multiple of the first.

    Small batches are joined to groups of at least 64 samples and compared as such, so that one
    odd sample stops nothing.

    Parameters
    ----------
    max_loss_ratio : float, optional
        The multiple; ``None`` only looks for nan and infinity.

    Examples
    --------
    >>> guard = DivergenceGuard(3.0)
    >>> guard.check(2.3, 100, "epoch 1")
    >>> guard.check(7.0, 100, "epoch 2")
    Traceback (most recent call last):
    nn.training.stopping.Diverged: epoch 2: the loss 7 is more than 3 times the first, 2.3; ...
    """

    GROUP = 64
    """Samples that are compared at least."""

    def __init__(self, max_loss_ratio: float | None = 3.0) -> None:
        if max_loss_ratio is not None and not max_loss_ratio > 1:
            raise ValueError(f"max_loss_ratio is above 1, or None for no limit, got {max_loss_ratio!r}")
        self.max_loss_ratio = max_loss_ratio
        self.first: float | None = None
        self.total, self.samples = 0.0, 0

    def check(self, loss: float, samples: int, where: str) -> None:
        """Look at the mean loss of a batch.

        Raises
        ------
        Diverged
            With the remedy.
        """
        remedy = "lower the learning rate, clip the gradients, or look at the data and the initial weights"
        if not math.isfinite(loss):
            raise Diverged(f"{where}: the loss is {loss}; {remedy}")
        if self.max_loss_ratio is None:
            return
        self.total += loss * samples
        self.samples += samples
        if self.samples < self.GROUP:
            return
        mean = self.total / self.samples
        self.total, self.samples = 0.0, 0
        if self.first is None:
            self.first = mean
        elif mean > self.max_loss_ratio * self.first > 0:
            raise Diverged(
                f"{where}: the loss {mean:.4g} is more than {self.max_loss_ratio:g} times the first, {self.first:.4g}; "
                f"{remedy}; max_loss_ratio=None lets it go on"
            )

    def state_dict(self) -> dict[str, Any]:
        """Return what it remembers."""
        return {"first": self.first, "total": self.total, "samples": self.samples}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Remember again what :meth:`state_dict` returned."""
        self.first, self.total, self.samples = state["first"], state["total"], state["samples"]


class EarlyStopping:
    """Stops when a column of the history has not become better for some epochs.

    Parameters
    ----------
    patience : int
        How many epochs in a row may pass without an improvement.
    min_delta : float
        What counts as one: a change of more than this.
    monitor : str
        The column, such as ``"val_loss"`` or ``"val_accuracy"``.
    mode : {"min", "max"}, optional
        Whether lower or higher is better; by the name, when it ends in loss, error or accuracy.
    restore_best : bool
        Whether the model gets the weights of its best epoch back at the end; a later call of ``fit``
        goes on from these.

    Raises
    ------
    ValueError
        When an option is not one of these.

    Examples
    --------
    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.update(loss, 1 + epoch, {}) for epoch, loss in enumerate([0.9, 0.5, 0.6, 0.7])]
    [False, False, False, True]
    >>> stopping.best_epoch, stopping.best
    (2, 0.5)
    """

    def __init__(
        self,
        patience: int = 5,
        min_delta: float = 0.0,
        monitor: str = "val_loss",
        mode: str | None = None,
        restore_best: bool = True,
    ) -> None:
        if mode is None:
            mode = "min" if monitor.endswith(("loss", "error")) else "max" if monitor.endswith("accuracy") else None
        if mode not in ("min", "max"):
            raise ValueError(
                f'EarlyStopping: mode is "min" or "max", and {monitor!r} does not tell which; got {mode!r}'
            )
        if patience < 1 or min_delta < 0:
            raise ValueError(
                f"EarlyStopping: patience is at least 1 and min_delta not negative, got {patience}, {min_delta}"
            )
        self.patience, self.min_delta, self.monitor, self.mode = patience, min_delta, monitor, mode
        self.restore_best = restore_best
        self.best: float | None = None
        self.best_epoch = 0
        self.best_weights: dict[str, Any] | None = None
        self.waited = 0

    def update(self, value: float, epoch: int, weights: dict[str, Any]) -> bool:
        """Take the number of a new epoch with the weights that gave it; whether to stop."""
        gain = 0.0 if self.best is None else self.best - value if self.mode == "min" else value - self.best
        if not math.isnan(value) and (self.best is None or gain > self.min_delta):
            self.best, self.best_epoch, self.waited = value, epoch, 0
            if self.restore_best:
                self.best_weights = {name: tensor.clone() for name, tensor in weights.items()}
        else:
            self.waited += 1
        return self.waited >= self.patience

    def state_dict(self) -> dict[str, Any]:
        """Return what it remembers."""
        names = ("best", "best_epoch", "best_weights", "waited")
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Remember again what :meth:`state_dict` returned."""
        for name, value in state.items():
            setattr(self, name, value)


def monitored(stopping: EarlyStopping | None, scheduler: Any, metrics: list[str], validation: bool) -> str:
    """Return the column by which ``ReduceLROnPlateau`` finds a plateau.

    Raises
    ------
    ValueError
        When the history will not have what early stopping or the schedule looks at.

    Examples
    --------
    >>> monitored(None, None, [], validation=True)
    'val_loss'
    """
    columns = ["loss", *metrics]
    columns += [f"val_{name}" for name in columns if validation]
    mode = scheduler.mode if isinstance(scheduler, ReduceLROnPlateau) else "min"
    if stopping is not None and stopping.monitor not in columns:
        raise ValueError(
            f"early stopping looks at {stopping.monitor!r}, but the history has the columns {', '.join(columns)}; "
            f"give validation data or another monitor"
        )
    if stopping is not None and stopping.mode == mode:
        return stopping.monitor
    if mode == "max" and not metrics:
        raise ValueError('ReduceLROnPlateau with mode="max" needs a metric, such as {"accuracy": nn.accuracy}')
    return ("val_" if validation else "") + ("loss" if mode == "min" else metrics[0])

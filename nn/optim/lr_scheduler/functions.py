"""Schedules given by a function of the epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nn.optim.lr_scheduler.base import LRScheduler, for_each_group
from nn.optim.optimizer import Optimizer


class LambdaLR(LRScheduler):
    """The first rate times a function of the epoch.

    Parameters
    ----------
    optimizer : Optimizer
    lr_lambda : callable or list of callable
        Takes the epoch, from 0, and returns the factor; a list has one for each group.
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = LambdaLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), lambda epoch: 1 / (1 + epoch) ** 2)
    >>> lr_scheduler.rates(schedule, 3)
    [1.0, 0.25, 0.1111111111111111]
    """

    kept_out = ("optimizer", "lr_lambdas")

    def __init__(self, optimizer: Optimizer, lr_lambda: Any, last_epoch: int = -1) -> None:
        self.lr_lambdas: list[Callable[[int], float]] = _functions(type(self).__name__, lr_lambda, optimizer)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``."""
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [base * function(self.last_epoch) for base, function in pairs]


class MultiplicativeLR(LRScheduler):
    """Each epoch the rate is multiplied by a function of the epoch, from epoch 1 on.

    Parameters
    ----------
    optimizer : Optimizer
    lr_lambda : callable or list of callable
        Takes the epoch and returns the factor; a list has one for each group.
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = MultiplicativeLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), lambda epoch: 0.5)
    >>> lr_scheduler.rates(schedule, 4)
    [1.0, 0.5, 0.25, 0.125]
    """

    kept_out = ("optimizer", "lr_lambdas")

    def __init__(self, optimizer: Optimizer, lr_lambda: Any, last_epoch: int = -1) -> None:
        self.lr_lambdas: list[Callable[[int], float]] = _functions(type(self).__name__, lr_lambda, optimizer)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``, from those before."""
        pairs = zip(self.optimizer.param_groups, self.lr_lambdas, strict=True)
        return [group["lr"] * (function(self.last_epoch) if self.last_epoch else 1.0) for group, function in pairs]


def _functions(name: str, given: Any, optimizer: Optimizer) -> list[Callable[[int], float]]:
    functions = for_each_group(f"{name}: lr_lambda", given, optimizer) if isinstance(optimizer, Optimizer) else []
    if not all(callable(function) for function in functions):
        raise TypeError(f"{name}: lr_lambda is a function of the epoch, or a list of them, got {given!r}")
    return functions

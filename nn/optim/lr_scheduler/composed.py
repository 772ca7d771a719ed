"""Schedules made of other schedules: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.value import describe
from nn.optim.lr_scheduler.base import LRScheduler
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from nn.optim.optimizer import Optimizer


class _Composed(LRScheduler):
    kept_out = ("optimizer", "schedulers")

    def _take(self, optimizer: Any, schedulers: Sequence[LRScheduler]) -> None:
        name = type(self).__name__
        for scheduler in schedulers:
            if not isinstance(scheduler, LRScheduler) or isinstance(scheduler, ReduceLROnPlateau):
                raise TypeError(
                    f"{name} takes schedules whose step() needs nothing, so no ReduceLROnPlateau; "
                    f"got {describe(scheduler)}"
                )
            if scheduler.optimizer is not optimizer:
                raise ValueError(f"{name}: the schedules belong to different optimisers; make all of them for one")
        self.optimizer, self.schedulers = optimizer, list(schedulers)

    def state_dict(self) -> dict[str, Any]:
        """Return all that it and its schedules remember, as plain data."""
        return {**super().state_dict(), "_schedulers": [scheduler.state_dict() for scheduler in self.schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another one was.

        Raises
        ------
        ValueError
            When it is not from a schedule made of the same kinds; nothing is loaded then.
        """
        before = self.state_dict()
        inner = state_dict.get("_schedulers", []) if isinstance(state_dict, Mapping) else []
        if len(inner) != len(self.schedulers):
            raise ValueError(
                f"{type(self).__name__}.load_state_dict: the state of {len(self.schedulers)} schedules is needed, "
                f"got that of {len(inner)}"
            )
        try:
            for scheduler, state in zip(self.schedulers, inner, strict=True):
                scheduler.load_state_dict(state)
            super().load_state_dict({name: entry for name, entry in state_dict.items() if name != "_schedulers"})
        except ValueError:
            for scheduler, state in zip(self.schedulers, before["_schedulers"], strict=True):
                scheduler.load_state_dict(state)
            raise


class SequentialLR(_Composed):
    """One schedule after the other; each begins with the first rates.

    Parameters
    ----------
    optimizer : Optimizer
    schedulers : list of LRScheduler
        All of this optimiser.
    milestones : list of int
        The epochs at which the second, third, ... begin.

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0)
    >>> warm_up = lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=3)
    >>> decay = lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    >>> lr_scheduler.rates(SequentialLR(optimizer, [warm_up, decay], milestones=[3]), 6)
    [0.25, 0.5, 0.75, 1.0, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        if not schedulers or len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"SequentialLR: {len(schedulers)} schedules have {max(len(schedulers) - 1, 0)} milestones between "
                f"them, got {len(milestones)}"
            )
        self._take(optimizer, schedulers)
        self.milestones = list(milestones)
        if sorted(set(self.milestones)) != self.milestones:
            raise ValueError(f"SequentialLR: milestones are epochs that increase, got {self.milestones}")
        self.last_epoch = -1
        self.step()

    def step(self) -> None:
        """Go on by one epoch."""
        self.last_epoch += 1
        place = bisect_right(self.milestones, self.last_epoch)
        if self.last_epoch == [0, *self.milestones][place]:
            self.schedulers[place].restart()
        else:
            self.schedulers[place].step()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]


class ChainedScheduler(_Composed):
    """Several schedules at once: their factors multiply.

    Parameters
    ----------
    schedulers : list of LRScheduler
        All of one optimiser.
    optimizer : Optimizer, optional
        That one.

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0)
    >>> warm_up = lr_scheduler.ConstantLR(optimizer, factor=0.5, total_iters=2)
    >>> decay = lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    >>> lr_scheduler.rates(ChainedScheduler([warm_up, decay]), 4)
    [0.5, 0.25, 0.25, 0.125]
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        if not schedulers:
            raise ValueError("ChainedScheduler: the list of schedules is empty")
        self._take(optimizer or getattr(schedulers[0], "optimizer", None), schedulers)
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    def step(self) -> None:
        """Let all schedules go on by one epoch."""
        for scheduler in self.schedulers:
            scheduler.step()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    def rewind(self) -> None:
        """Let the next step be the first one."""
        for scheduler in self.schedulers:
            scheduler.rewind()

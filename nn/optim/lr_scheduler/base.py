"""What all schedules share: count epochs, set the rates of an optimiser, save and resume."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from autograd.value import describe
from nn.optim.optimizer import Optimizer


class LRScheduler:
    """The base of all schedules: sets the rates of an optimiser now, and with every :meth:`step`.

    A new one writes :meth:`get_lr`; one whose rate is a formula of the epoch derives from
    :class:`ClosedForm` instead.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates to set.
    last_epoch : int
        The epoch before the first one; -1 to begin anew.  To resume, give the optimiser the
        ``"initial_lr"`` of each group, or better load the state dicts of both.

    Attributes
    ----------
    last_epoch : int
        How many steps were taken.
    base_lrs : list of float
        The rate of each group to begin with.

    Raises
    ------
    TypeError
        When `optimizer` is none.
    KeyError
        When it resumes and a group does not know its ``"initial_lr"``.
    """

    kept_out: tuple[str, ...] = ("optimizer",)
    """What is not part of the state dict."""

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        name = type(self).__name__
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{name}(optimizer) takes an optimiser of nn.optim, got {describe(optimizer)}")
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(f"{name}: to resume after epoch {last_epoch}, group {i} needs its 'initial_lr'")
        self.optimizer = optimizer
        self.base_lrs = [float(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._last_lr: list[float] = []
        self.step()

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``; every schedule writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no get_lr(self): return a rate for each group")

    def get_last_lr(self) -> list[float]:
        """Return the rate of each group that was set last."""
        return self._last_lr

    def step(self) -> None:
        """Go on by one epoch: call it after the optimiser's steps.

        Examples
        --------
        >>> from nn.optim import SGD, lr_scheduler
        >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0)
        >>> schedule = lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
        >>> for epoch in range(2):
        ...     optimizer.step()
        ...     schedule.step()
        >>> schedule.get_last_lr()
        [0.25]
        """
        groups = self.optimizer.param_groups
        if len(groups) != len(self.base_lrs):
            raise ValueError(
                f"{type(self).__name__} was made for {len(self.base_lrs)} groups of parameters, the optimiser has "
                f"{len(groups)} now; make a new schedule"
            )
        self.last_epoch += 1
        self._set(self.get_lr())

    def _set(self, rates: list[float]) -> None:
        for group, lr in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = lr
        self._last_lr = [*rates]

    def restart(self) -> None:
        """Begin anew, with the rates that the optimiser had at first."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        self.rewind()
        self.step()

    def rewind(self) -> None:
        """Let the next step be the first one."""
        self.last_epoch = -1

    def state_dict(self) -> dict[str, Any]:
        """Return all that it remembers, as plain data; functions that it was given are not part of it."""
        return {name: deepcopy(value) for name, value in vars(self).items() if name not in self.kept_out}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another one was; load the state dict of the optimiser too, which has the rates.

        Raises
        ------
        ValueError
            When it is not from a schedule of this kind; nothing is loaded then.
        """
        own = LRScheduler.state_dict(self)
        if not isinstance(state_dict, Mapping) or set(state_dict) != set(own):
            raise ValueError(
                f"{type(self).__name__}.load_state_dict takes a dict of {', '.join(own)}; got {describe(state_dict)}"
            )
        vars(self).update(deepcopy(dict(state_dict)))


class ClosedForm(LRScheduler):
    """A schedule whose rate is a formula of the epoch.

    Where something else has changed a rate since, such as a second schedule of the same optimiser,
    that change stays: the schedule multiplies the rate by the ratio of its own two rates.

    Examples
    --------
    >>> from nn.optim import SGD
    >>> class Halves(ClosedForm):
    ...     def rate(self, base, epoch):
    ...         return base / 2**epoch
    >>> schedule = Halves(SGD([tensor([1.0], requires_grad=True)], lr=8.0))
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [4.0]
    """

    eta_min = 0.0  # the rate that it falls to, whatever it begins with

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch, counted from 0, of a group that begins with the rate `base`."""
        raise NotImplementedError(f"{type(self).__name__} has no rate(self, base, epoch): write the formula")

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``."""
        return [
            self._continued(group["lr"], base)
            for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True)
        ]

    def _continued(self, current: float, base: float) -> float:
        now = self.rate(base, self.last_epoch)
        before = self.rate(base, self.last_epoch - 1) if self.last_epoch else base
        if current == before:
            return now
        if before == self.eta_min:  # a ratio to zero
            return current + now - before
        return self.eta_min + (now - self.eta_min) * (current - self.eta_min) / (before - self.eta_min)


def rates(schedule: LRScheduler, count: int) -> list[float]:
    """Return the rates of the first group for the next `count` epochs, to look at or to draw.

    The schedule moves on, and the optimiser with it: make both for the purpose.

    Parameters
    ----------
    schedule : LRScheduler
    count : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0)
    >>> rates(lr_scheduler.LinearLR(optimizer, start_factor=0.5, total_iters=2), 4)
    [0.5, 0.75, 1.0, 1.0]
    """
    found = []
    for _ in range(count):
        found.append(schedule.get_last_lr()[0])
        schedule.step()
    return found


def for_each_group(name: str, given: Any, optimizer: Optimizer) -> list[Any]:
    """Return a list with one entry for each group of the optimiser.

    Raises
    ------
    ValueError
        When a list of another length was given.
    """
    count = len(optimizer.param_groups)
    if not isinstance(given, (list, tuple)):
        return [given] * count
    if len(given) != count:
        raise ValueError(f"{name}: {len(given)} given for {count} groups of parameters; give one, or one for each")
    return list(given)


def check_count(schedule: str, name: str, given: Any) -> int:
    """Return a number of epochs or steps.

    Raises
    ------
    ValueError
        When it is no whole number from 1.
    """
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise ValueError(f"{schedule}: {name} is a whole number, at least 1, got {given!r}")
    return given

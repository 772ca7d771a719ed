"""Schedules that rise and fall: cosine annealing, with restarts, triangles, and one cycle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from nn.optim.lr_scheduler.base import ClosedForm, LRScheduler, check_count, for_each_group
from nn.optim.optimizer import Optimizer


def _cosine(start: float, end: float, part: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * part)) / 2


def _line(start: float, end: float, part: float) -> float:
    return start + (end - start) * part


class CosineAnnealingLR(ClosedForm):
    """Half a cosine from the first rate down to `eta_min` in `T_max` epochs; it rises again after that.

    Parameters
    ----------
    optimizer : Optimizer
    T_max : int
    eta_min : float
    last_epoch : int

    Notes
    -----
    Loshchilov and Hutter, SGDR, 2017, without the restarts.

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = CosineAnnealingLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), T_max=2)
    >>> [round(rate, 3) for rate in lr_scheduler.rates(schedule, 5)]
    [1.0, 0.5, 0.0, 0.5, 1.0]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max, self.eta_min = check_count("CosineAnnealingLR", "T_max", T_max), eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return _cosine(base, self.eta_min, epoch / self.T_max)


class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine down to `eta_min` in `T_0` epochs, then again from the top, each time `T_mult` times as long.

    Parameters
    ----------
    optimizer : Optimizer
    T_0 : int
    T_mult : int
    eta_min : float
    last_epoch : int

    Notes
    -----
    Loshchilov and Hutter, SGDR, 2017.

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0)
    >>> [round(rate, 3) for rate in lr_scheduler.rates(CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2), 7)]
    [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]
    """

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_0 = check_count("CosineAnnealingWarmRestarts", "T_0", T_0)
        self.T_mult = check_count("CosineAnnealingWarmRestarts", "T_mult", T_mult)
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``."""
        return self._rates(self.last_epoch)

    def _rates(self, epoch: float) -> list[float]:
        length = self.T_0
        if self.T_mult == 1:
            epoch %= length
        while epoch >= length:
            epoch -= length
            length *= self.T_mult
        return [_cosine(base, self.eta_min, epoch / length) for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go on by one epoch; or to any one, such as ``epoch + batch / batches`` within it.

        Raises
        ------
        ValueError
            When `epoch` is negative.
        """
        if epoch is None:
            super().step()
            return
        if not epoch >= 0:
            raise ValueError(f"CosineAnnealingWarmRestarts.step: epoch is a number, at least 0, got {epoch!r}")
        self.last_epoch = math.floor(epoch)
        self._set(self._rates(epoch))


class _WithMomentum(LRScheduler):
    """A schedule that moves the momentum, or Adam's first beta, against the rate."""

    cycle_momentum: bool

    def _begin_momentum(self, optimizer: Optimizer, base: Any, largest: Any, last_epoch: int) -> None:
        name = type(self).__name__
        if not self.cycle_momentum:
            return
        if not {"momentum", "betas"} & set(optimizer.defaults):
            raise ValueError(
                f"{name}: {type(optimizer).__name__} has no momentum and no betas to cycle; give cycle_momentum=False"
            )
        bases = for_each_group(f"{name}: base_momentum", base, optimizer)
        largests = for_each_group(f"{name}: max_momentum", largest, optimizer)
        if last_epoch == -1:
            for group, low, high in zip(optimizer.param_groups, bases, largests, strict=True):
                group["base_momentum"], group["max_momentum"] = low, high

    def _set_momentum(self, momentum: Callable[[dict[str, Any]], float]) -> None:
        """Set the momentum of each group, a function of the group."""
        for group in self.optimizer.param_groups if self.cycle_momentum else []:
            if "betas" in group:
                group["betas"] = (momentum(group), *group["betas"][1:])
            else:
                group["momentum"] = momentum(group)


class CyclicLR(_WithMomentum):
    """The rate rises along a line from `base_lr` to `max_lr` and falls back, again and again.

    Parameters
    ----------
    optimizer : Optimizer
    base_lr, max_lr : float or list of float
        The lowest and the highest rate; lists have one for each group.
    step_size_up, step_size_down : int
        Steps of rising and of falling; as many by default.
    mode : {"triangular", "triangular2", "exp_range"}
        Whether the height stays, is halved in each cycle, or is multiplied by `gamma` in each step.
    gamma : float
    scale_fn : callable, optional
        The factor on the height in the place of `mode`; takes the cycle, from 1, or the step.
    scale_mode : {"cycle", "iterations"}
        Which of the two `scale_fn` takes.
    cycle_momentum : bool
        Whether the momentum, or the first beta, falls while the rate rises.
    base_momentum, max_momentum : float or list of float
    last_epoch : int

    Notes
    -----
    Smith, Cyclical Learning Rates, 2017.

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0, momentum=0.9)
    >>> lr_scheduler.rates(CyclicLR(optimizer, base_lr=1.0, max_lr=5.0, step_size_up=2), 6)
    [1.0, 3.0, 5.0, 3.0, 1.0, 3.0]
    """

    kept_out = ("optimizer", "scale_fn")

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        if scale_fn is None and mode not in ("triangular", "triangular2", "exp_range"):
            raise ValueError(f"CyclicLR: mode is 'triangular', 'triangular2' or 'exp_range', got {mode!r}")
        if scale_mode not in ("cycle", "iterations"):
            raise ValueError(f"CyclicLR: scale_mode is 'cycle' or 'iterations', got {scale_mode!r}")
        self.step_size_up = check_count("CyclicLR", "step_size_up", step_size_up)
        down = step_size_up if step_size_down is None else step_size_down
        self.step_size_down = check_count("CyclicLR", "step_size_down", down)
        self.mode, self.gamma, self.scale_fn, self.scale_mode = mode, gamma, scale_fn, scale_mode
        self.cycle_momentum = cycle_momentum
        if isinstance(optimizer, Optimizer):
            self.min_lrs = for_each_group("CyclicLR: base_lr", base_lr, optimizer)
            self.max_lrs = for_each_group("CyclicLR: max_lr", max_lr, optimizer)
            self._begin_momentum(optimizer, base_momentum, max_momentum, last_epoch)
            for group, low in zip(optimizer.param_groups, self.min_lrs, strict=True) if last_epoch == -1 else []:
                group["lr"] = low
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``, and set the momentum."""
        cycle, position = divmod(self.last_epoch, self.step_size_up + self.step_size_down)
        rising = position <= self.step_size_up
        part = position / self.step_size_up if rising else 1 - (position - self.step_size_up) / self.step_size_down
        height = part * self._scale(cycle + 1)
        self._set_momentum(lambda group: _line(group["max_momentum"], group["base_momentum"], height))
        return [_line(low, high, height) for low, high in zip(self.min_lrs, self.max_lrs, strict=True)]

    def _scale(self, cycle: int) -> float:
        if self.scale_fn is not None:
            return self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.mode == "exp_range":
            return self.gamma**self.last_epoch
        return 0.5 ** (cycle - 1) if self.mode == "triangular2" else 1.0


AGAINST = {"initial_lr": "max_momentum", "max_lr": "base_momentum", "min_lr": "max_momentum"}
"""The momentum that goes with a rate."""


class OneCycleLR(_WithMomentum):
    """One cycle over the whole training: from `max_lr` / `div_factor` up to `max_lr`, then down to nearly nothing.

    Call :meth:`step` after every batch.

    Parameters
    ----------
    optimizer : Optimizer
    max_lr : float or list of float
        The highest rate; a list has one for each group.
    total_steps : int
        How many batches; or give `epochs` and `steps_per_epoch`.
    pct_start : float
        The part of the steps in which the rate rises, from 0 to 1.
    anneal_strategy : {"cos", "linear"}
    cycle_momentum : bool
        Whether the momentum, or the first beta, falls while the rate rises.
    base_momentum, max_momentum : float or list of float
    div_factor : float
        The first rate is `max_lr` / `div_factor`.
    final_div_factor : float
        The last rate is the first one / `final_div_factor`.
    three_phase : bool
        Fall to the first rate as fast as it rose, and only then to the last one.
    last_epoch : int

    Notes
    -----
    Smith and Topin, Super-Convergence, 2018.

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0, momentum=0.9)
    >>> schedule = OneCycleLR(optimizer, max_lr=8.0, total_steps=7, div_factor=8.0, anneal_strategy="linear")
    >>> [round(rate, 2) for rate in lr_scheduler.rates(schedule, 7)]
    [1.0, 7.36, 6.53, 4.9, 3.27, 1.63, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if total_steps is None and epochs is not None and steps_per_epoch is not None:
            total_steps = check_count("OneCycleLR", "epochs", epochs)
            total_steps *= check_count("OneCycleLR", "steps_per_epoch", steps_per_epoch)
        if total_steps is None:
            raise ValueError("OneCycleLR: give total_steps, or both epochs and steps_per_epoch")
        if not 0 <= pct_start <= 1:
            raise ValueError(f"OneCycleLR: pct_start is a number from 0 to 1, got {pct_start!r}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy is 'cos' or 'linear', got {anneal_strategy!r}")
        self.total_steps = check_count("OneCycleLR", "total_steps", total_steps)
        self.pct_start, self.anneal_strategy, self.three_phase = pct_start, anneal_strategy, three_phase
        self.cycle_momentum = cycle_momentum
        if isinstance(optimizer, Optimizer):
            highest = for_each_group("OneCycleLR: max_lr", max_lr, optimizer)
            self._begin_momentum(optimizer, base_momentum, max_momentum, last_epoch)
            for group, high in zip(optimizer.param_groups, highest, strict=True) if last_epoch == -1 else []:
                low = high / div_factor
                group["initial_lr"], group["max_lr"], group["min_lr"] = low, high, low / final_div_factor
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """Compute the rate of each group at ``last_epoch``, and set the momentum.

        Raises
        ------
        ValueError
            After more than `total_steps` steps.
        """
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"OneCycleLR: the cycle of total_steps={self.total_steps} is over, this would be step {self.last_epoch}"
            )
        between = _cosine if self.anneal_strategy == "cos" else _line
        start, end, stops = self._phase()
        part = (self.last_epoch - start) / (end - start) if end > start else 1.0
        first, last = stops
        self._set_momentum(lambda group: between(group[AGAINST[first]], group[AGAINST[last]], part))
        return [between(group[first], group[last], part) for group in self.optimizer.param_groups]

    def _phase(self) -> tuple[float, float, tuple[str, str]]:
        """Return the first and last step of the phase that this step is in, and the rates that it runs between."""
        rise, last = self.pct_start * self.total_steps - 1, self.total_steps - 1
        phases: list[tuple[float, float, tuple[str, str]]] = [(0, rise, ("initial_lr", "max_lr"))]
        if self.three_phase:
            phases += [(rise, 2 * rise, ("max_lr", "initial_lr")), (2 * rise, last, ("initial_lr", "min_lr"))]
        else:
            phases += [(rise, last, ("max_lr", "min_lr"))]
        return next((phase for phase in phases if self.last_epoch <= phase[1]), phases[-1])

"""Schedules that let the rate fall by a formula of the epoch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from nn.optim.lr_scheduler.base import ClosedForm, check_count
from nn.optim.optimizer import Optimizer


class StepLR(ClosedForm):
    """Step decay: every `step_size` epochs the rate is multiplied by `gamma`.

    Parameters
    ----------
    optimizer : Optimizer
    step_size : int
    gamma : float
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = StepLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), step_size=2, gamma=0.5)
    >>> lr_scheduler.rates(schedule, 5)
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size = check_count("StepLR", "step_size", step_size)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return base * self.gamma ** (epoch // self.step_size)


class MultiStepLR(ClosedForm):
    """The rate is multiplied by `gamma` at each of the `milestones`.

    Parameters
    ----------
    optimizer : Optimizer
    milestones : list of int
        Epochs.
    gamma : float
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = MultiStepLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), milestones=[1, 3], gamma=0.5)
    >>> lr_scheduler.rates(schedule, 5)
    [1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones = sorted(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return base * self.gamma ** bisect_right(self.milestones, epoch)


class ExponentialLR(ClosedForm):
    """Exponential decay: η = η₀ γᵗ.

    Lectures write η = η₀ e^(-k t): that is ``gamma=math.exp(-k)``.

    Parameters
    ----------
    optimizer : Optimizer
    gamma : float
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = ExponentialLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), gamma=0.5)
    >>> lr_scheduler.rates(schedule, 4)
    [1.0, 0.5, 0.25, 0.125]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return base * self.gamma**epoch


class InverseTimeLR(ClosedForm):
    """1/t decay: η = η₀ / (1 + k t); PyTorch has no class for it.

    Parameters
    ----------
    optimizer : Optimizer
    k : float
        At least 0; after 1 / k epochs the rate is halved.
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = InverseTimeLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), k=1.0)
    >>> lr_scheduler.rates(schedule, 4)
    [1.0, 0.5, 0.3333333333333333, 0.25]
    """

    def __init__(self, optimizer: Optimizer, k: float, last_epoch: int = -1) -> None:
        if not k >= 0:
            raise ValueError(f"InverseTimeLR: k is a number, at least 0, got {k!r}")
        self.k = k
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return base / (1 + self.k * epoch)


class LinearLR(ClosedForm):
    """The factor on the rate moves along a line for `total_iters` epochs, then stays.

    Upwards it warms up.  Downwards, from 1 to floor / η₀, it is the linear decay to a floor of the lectures.

    Parameters
    ----------
    optimizer : Optimizer
    start_factor : float
        Above 0, at most 1.
    end_factor : float
        From 0 to 1.
    total_iters : int
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> optimizer = SGD([tensor([1.0], requires_grad=True)], lr=1.0)
    >>> lr_scheduler.rates(LinearLR(optimizer, start_factor=1.0, end_factor=0.25, total_iters=3), 5)
    [1.0, 0.75, 0.5, 0.25, 0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1 or not 0 <= end_factor <= 1:
            raise ValueError(
                f"LinearLR: start_factor is above 0 and at most 1, end_factor from 0 to 1, "
                f"got {start_factor!r} and {end_factor!r}"
            )
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = check_count("LinearLR", "total_iters", total_iters)
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        part = min(epoch, self.total_iters) / self.total_iters
        return base * (self.start_factor + (self.end_factor - self.start_factor) * part)


class ConstantLR(ClosedForm):
    """The rate times `factor` for `total_iters` epochs, then the full one.

    Parameters
    ----------
    optimizer : Optimizer
    factor : float
        From 0 to 1.
    total_iters : int
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = ConstantLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), factor=0.5, total_iters=2)
    >>> lr_scheduler.rates(schedule, 4)
    [0.5, 0.5, 1.0, 1.0]
    """

    def __init__(
        self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1
    ) -> None:
        if not 0 <= factor <= 1:
            raise ValueError(f"ConstantLR: factor is a number from 0 to 1, got {factor!r}")
        self.factor, self.total_iters = factor, check_count("ConstantLR", "total_iters", total_iters)
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return base * self.factor if epoch < self.total_iters else base


class PolynomialLR(ClosedForm):
    """η = η₀ (1 - t / T)^power until epoch T, then 0.

    Parameters
    ----------
    optimizer : Optimizer
    total_iters : int
        T.
    power : float
    last_epoch : int

    Examples
    --------
    >>> from nn.optim import SGD, lr_scheduler
    >>> schedule = PolynomialLR(SGD([tensor([1.0], requires_grad=True)], lr=1.0), total_iters=4, power=2.0)
    >>> lr_scheduler.rates(schedule, 6)
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        self.total_iters, self.power = check_count("PolynomialLR", "total_iters", total_iters), power
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, epoch: int) -> float:
        """Return the rate at an epoch."""
        return base * (1 - min(epoch, self.total_iters) / self.total_iters) ** self.power

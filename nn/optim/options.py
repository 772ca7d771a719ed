"""Which values the options of optimisers take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any

import numpy as np

NOTES = ("initial_lr", "name")
"""What else a group may have: the rate that schedules begin from, and a name for the user."""


def _number(option: Any) -> bool:
    return isinstance(option, Real) and not isinstance(option, bool)


def _not_negative(option: Any) -> bool:
    return _number(option) and option >= 0


def _fraction(option: Any) -> bool:
    return _number(option) and 0 <= option <= 1


def _pair(option: Any) -> bool:
    return isinstance(option, (tuple, list)) and len(option) == 2 and all(_number(b) and 0 <= b < 1 for b in option)


def _flag(option: Any) -> bool:
    return isinstance(option, bool)


def _count(option: Any) -> bool:
    return isinstance(option, int) and not isinstance(option, bool) and option >= 1


def _search(option: Any) -> bool:
    return option in (None, "strong_wolfe")


ALLOWED: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(
        ("lr", "eps", "weight_decay", "momentum", "alpha", "lr_decay", "initial_accumulator_value", "momentum_decay"),
        (_not_negative, "a number, at least 0"),
    ),
    **dict.fromkeys(("damping", "tolerance_grad", "tolerance_change"), (_not_negative, "a number, at least 0")),
    "dampening": (_number, "a number"),
    "rho": (_fraction, "a number from 0 to 1"),
    "betas": (_pair, "two numbers, each at least 0 and below 1"),
    **dict.fromkeys(
        ("nesterov", "maximize", "amsgrad", "centered", "decoupled_weight_decay", "bias_correction"),
        (_flag, "True or False"),
    ),
    **dict.fromkeys(("max_iter", "max_eval", "history_size"), (_count, "a whole number, at least 1")),
    "line_search_fn": (_search, "'strong_wolfe' or None"),
}


def checked(optimizer: str, options: dict[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """Return the options of a group as plain Python data.

    Raises
    ------
    TypeError
        When an option is unknown.
    ValueError
        When one has a value that it cannot have.

    Examples
    --------
    >>> checked("SGD", {"lr": -1.0}, ["lr"])
    Traceback (most recent call last):
    ...
    ValueError: SGD: lr is a number, at least 0, got -1.0
    """
    found = {}
    for name, option in options.items():
        if name not in known and name not in NOTES:
            raise TypeError(f"{optimizer} has no option {name!r}; it has {', '.join(known)}")
        allows, words = ALLOWED.get(name, (None, ""))
        if allows is not None and not allows(option):
            raise ValueError(f"{optimizer}: {name} is {words}, got {option!r}")
        plain = option.item() if isinstance(option, np.generic) else option
        found[name] = tuple(plain) if isinstance(plain, list) else plain
    if found.get("nesterov") and not (found["momentum"] > 0 and found["dampening"] == 0):
        raise ValueError(f"{optimizer}: nesterov needs momentum above 0 and dampening 0")
    return found

"""What a search draws from: distributions of hyperparameters, and configurations drawn from them."""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Config = dict[str, Any]

RESERVED = ("number", "status", "score", "seed", "seconds", "message")
"""Columns of a table of results that are not hyperparameters."""


@dataclass(frozen=True)
class Uniform:
    """Numbers between two bounds, all equally likely; made by :func:`uniform`."""

    low: float
    high: float

    def draw(self, generator: np.random.Generator) -> float:
        """Draw a number."""
        return float(generator.uniform(self.low, self.high))

    def around(self, centre: float, factor: float) -> Uniform:
        """Return a narrower distribution around a number, within the bounds."""
        half = (self.high - self.low) * factor / 2
        return Uniform(max(self.low, centre - half), min(self.high, centre + half))


@dataclass(frozen=True)
class LogUniform:
    """Numbers whose logarithm is uniform; made by :func:`log_uniform`."""

    low: float
    high: float

    def draw(self, generator: np.random.Generator) -> float:
        """Draw a number."""
        number = math.exp(generator.uniform(math.log(self.low), math.log(self.high)))
        return min(max(number, self.low), self.high)  # exp rounds

    def around(self, centre: float, factor: float) -> LogUniform:
        """Return a narrower distribution around a number, within the bounds."""
        ratio = (self.high / self.low) ** (factor / 2)
        return LogUniform(max(self.low, centre / ratio), min(self.high, centre * ratio))


@dataclass(frozen=True)
class Integers:
    """Whole numbers from `low` to `high`, both included; made by :func:`integers`."""

    low: int
    high: int

    def draw(self, generator: np.random.Generator) -> int:
        """Draw a number."""
        return int(generator.integers(self.low, self.high, endpoint=True))

    def around(self, centre: int, factor: float) -> Integers:
        """Return a narrower distribution around a number, within the bounds."""
        half = round((self.high - self.low) * factor / 2)
        return Integers(max(self.low, centre - half), min(self.high, centre + half))


@dataclass(frozen=True)
class Choice:
    """One of several options, all equally likely; made by :func:`choice`."""

    options: tuple[Any, ...]

    def draw(self, generator: np.random.Generator) -> Any:
        """Draw an option."""
        return self.options[int(generator.integers(len(self.options)))]

    def around(self, centre: Any, factor: float) -> Choice:
        """Return all options: they have no order to be near in."""
        return self


Distribution = Uniform | LogUniform | Integers | Choice


def uniform(low: float, high: float) -> Uniform:
    """Numbers between two bounds, such as a dropout rate.

    Raises
    ------
    ValueError
        When `low` is not below `high`, or one is not finite.

    Examples
    --------
    >>> uniform(0, 0.5)
    Uniform(low=0.0, high=0.5)
    """
    return Uniform(*_bounds("uniform", low, high))


def log_uniform(low: float, high: float) -> LogUniform:
    """Positive numbers whose order of magnitude is uniform, such as a learning rate.

    ``log_uniform(1e-6, 1e-3)`` is 10 to the power of a number that is uniform from -6 to -3.

    Raises
    ------
    ValueError
        When the bounds are not positive and in order.

    Examples
    --------
    >>> log_uniform(1e-6, 1e-3)
    LogUniform(low=1e-06, high=0.001)
    """
    bounds = _bounds("log_uniform", low, high)
    if bounds[0] <= 0:
        raise ValueError(f"log_uniform takes positive bounds, got {low} and {high}; start at 1e-6, for instance")
    return LogUniform(*bounds)


def integers(low: int, high: int) -> Integers:
    """Whole numbers from `low` to `high`, both included, such as the number of layers.

    Raises
    ------
    ValueError
        When they are no whole numbers, or `low` is above `high`.

    Examples
    --------
    >>> integers(1, 4)
    Integers(low=1, high=4)
    """
    if not all(isinstance(bound, (int, np.integer)) for bound in (low, high)) or low > high:
        raise ValueError(f"integers takes two whole numbers, the lower one first; got {low!r} and {high!r}")
    return Integers(int(low), int(high))


def choice(options: Sequence[Any]) -> Choice:
    """One of several options, such as the names of activations.

    Parameters
    ----------
    options : sequence
        Of numbers, strings, tuples of them, or functions and classes: what a file of results can name.

    Raises
    ------
    ValueError
        When there are none.
    TypeError
        When an option has no name in a file.

    Examples
    --------
    >>> choice(["relu", "tanh"])
    Choice(options=('relu', 'tanh'))
    """
    found = tuple(plain(option) for option in options)
    if not found or isinstance(options, str):
        raise ValueError(f"choice takes a list of options, such as ['relu', 'tanh']; got {options!r}")
    return Choice(found)


def _bounds(name: str, low: Any, high: Any) -> tuple[float, float]:
    try:
        bounds = float(low), float(high)
    except (TypeError, ValueError):
        bounds = math.nan, math.nan
    if not (math.isfinite(bounds[1] - bounds[0]) and bounds[0] < bounds[1]):
        raise ValueError(f"{name} takes two numbers, the lower one first; got {low!r} and {high!r}")
    return bounds


def plain(value: Any) -> Any:
    """Return a value of a configuration, NumPy's numbers as Python's.

    Raises
    ------
    TypeError
        When it is not of a kind that a file of results can name.

    Examples
    --------
    >>> plain(np.float64(0.5)), plain(abs)
    (0.5, <built-in function abs>)
    """
    value = value.item() if isinstance(value, np.generic) else value
    name_of(value)
    return value


def name_of(value: Any) -> Any:
    """Return a value of a configuration as JSON has it; functions and classes by their names.

    Raises
    ------
    TypeError
        When it is of another kind.

    Examples
    --------
    >>> name_of((1, abs))
    [1, 'abs']
    """
    if isinstance(value, (list, tuple)):
        return [name_of(part) for part in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    if hasattr(value, "__qualname__"):
        return value.__qualname__
    raise TypeError(
        f"search: {value!r} ({type(value).__name__}) cannot stand in a configuration: a file of results has no name "
        f"for it. Give a number, a string, or a function or class that makes it"
    )


def checked_space(space: Any, lists: bool) -> Config:
    """Return a space whose entries are distributions or constants; with `lists`, lists or constants.

    Raises
    ------
    TypeError, ValueError
        When it is none.

    Examples
    --------
    >>> checked_space({"lr": uniform(0, 1), "epochs": 3}, lists=False)
    {'lr': Uniform(low=0.0, high=1.0), 'epochs': 3}
    """
    if not isinstance(space, Mapping) or not all(isinstance(name, str) for name in space):
        raise TypeError(f"search: the space is a dict of names and what to try, got {space!r}")
    taken = [name for name in space if name in RESERVED]
    if taken:
        raise ValueError(f"search: {', '.join(taken)} is a name that the search uses itself; call yours something else")
    checked: Config = {}
    for name, entry in space.items():
        listed = isinstance(entry, (list, tuple, range, np.ndarray))
        if listed and not lists:
            raise TypeError(f"search: {name!r} is a list; write choice({entry!r}) to draw from it")
        if isinstance(entry, Distribution) and lists:
            raise TypeError(f"search.grid: {name!r} is a distribution, {entry!r}; list the values to try")
        if listed and not len(entry):
            raise ValueError(f"search.grid: {name!r} has no values to try")
        checked[name] = choice(list(entry)) if listed else entry if isinstance(entry, Distribution) else plain(entry)
    return checked


def described(space: Config) -> Config:
    """Return a space as JSON has it, to compare it with that of a file.

    Examples
    --------
    >>> described({"lr": uniform(0, 1), "epochs": 3})
    {'lr': ['Uniform', 0.0, 1.0], 'epochs': 3}
    """
    return {
        name: [type(entry).__name__, *map(name_of, vars(entry).values())]
        if isinstance(entry, Distribution)
        else name_of(entry)
        for name, entry in space.items()
    }


def drawn(space: Config, seed: int, number: int) -> Config:
    """Return the configuration of a trial: the same for the same seed and number, whatever was drawn before.

    Every hyperparameter has random numbers of its own, so another one beside it changes nothing.

    Examples
    --------
    >>> space = {"lr": log_uniform(1e-6, 1e-3)}
    >>> drawn(space, seed=0, number=7) == drawn(space, seed=0, number=7)
    True
    """
    return {
        name: entry.draw(np.random.default_rng([seed, number, zlib.crc32(name.encode())]))
        if isinstance(entry, Distribution)
        else entry
        for name, entry in space.items()
    }


def narrowed(space: Config, best: Config, factor: float) -> Config:
    """Return a space around a configuration: every interval becomes `factor` times as wide, within its bounds.

    Examples
    --------
    >>> narrowed({"p": uniform(0, 1)}, {"p": 0.5}, 0.5)
    {'p': Uniform(low=0.25, high=0.75)}
    """
    return {
        name: entry.around(best[name], factor) if isinstance(entry, Distribution) else entry
        for name, entry in space.items()
    }


def combinations(space: Config) -> list[Config]:
    """Return every combination of the options of a space; the last name changes fastest.

    Examples
    --------
    >>> combinations({"a": choice([1, 2]), "b": choice([3, 4])})
    [{'a': 1, 'b': 3}, {'a': 1, 'b': 4}, {'a': 2, 'b': 3}, {'a': 2, 'b': 4}]
    """
    options = [entry.options if isinstance(entry, Choice) else (entry,) for entry in space.values()]
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*options)]

"""Data sets divided: for training, validation and test, and for cross-validation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.creation import generator
from nn.data.dataset import Subset

Seed = int | np.random.Generator | None


def random_numbers(seed: Seed) -> np.random.Generator:
    """Return the source of random numbers that `seed` stands for; ``None`` is that of ``autograd.manual_seed``.

    Examples
    --------
    >>> int(random_numbers(0).integers(100))
    85
    """
    return generator() if seed is None else np.random.default_rng(seed)


def random_split(dataset: Any, lengths: Sequence[float], seed: Seed = None) -> list[Subset]:
    """Divide a data set at random into parts that share no sample.

    Parameters
    ----------
    dataset : data set
    lengths : sequence of int or float
        The length of each part, which add up to that of the data set; or fractions that add up
        to 1, where samples left over by rounding down go to the first parts, one each.
    seed : int or numpy.random.Generator, optional
        By default the random numbers of ``autograd.manual_seed``.

    Raises
    ------
    ValueError
        When the lengths do not add up, or one is negative.

    Examples
    --------
    >>> train, validation = random_split(range(10), [0.8, 0.2], seed=0)
    >>> len(train), len(validation), sorted([*train, *validation])
    (8, 2, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    count = len(dataset)
    sizes = [*lengths]
    if any(size < 0 for size in sizes):
        raise ValueError(f"random_split: lengths are not negative, got {sizes}")
    if math.isclose(sum(sizes), 1.0) and sum(sizes) <= count:
        sizes = [math.floor(count * fraction) for fraction in lengths]
        for i in range(count - sum(sizes)):
            sizes[i % len(sizes)] += 1
    if sum(sizes) != count:
        raise ValueError(
            f"random_split: the lengths {sizes} add up to {sum(sizes)}, but the data set has {count} samples; "
            f"give lengths that add up to {count}, or fractions that add up to 1"
        )
    order = random_numbers(seed).permutation(count)
    return [Subset(dataset, part) for part in np.split(order, np.cumsum(sizes)[:-1])]


def k_folds(dataset: Any, k: int, seed: Seed = None) -> list[tuple[Subset, Subset]]:
    """Divide a data set at random for cross-validation: every sample is held out once.

    Parameters
    ----------
    dataset : data set
    k : int
        How many folds, from 2; their lengths differ by at most one.
    seed : int or numpy.random.Generator, optional
        By default the random numbers of ``autograd.manual_seed``.

    Returns
    -------
    list of (Subset, Subset)
        For each fold the samples to train on and those held out.

    Raises
    ------
    ValueError
        When there are fewer than 2 folds, or more than samples.

    Examples
    --------
    >>> for train, held_out in k_folds(range(5), 2, seed=0):
    ...     print(len(train), len(held_out), sorted([*train, *held_out]))
    2 3 [0, 1, 2, 3, 4]
    3 2 [0, 1, 2, 3, 4]
    """
    if not 2 <= k <= len(dataset):
        raise ValueError(f"k_folds: k is from 2 to the number of samples, {len(dataset)}; got {k}")
    folds = np.array_split(random_numbers(seed).permutation(len(dataset)), k)
    rest = [np.concatenate(folds[:i] + folds[i + 1 :]) for i in range(k)]
    return [(Subset(dataset, train), Subset(dataset, held_out)) for train, held_out in zip(rest, folds, strict=True)]

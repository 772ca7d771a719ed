"""Toy data sets: points in the plane, and other small problems whose answer is known.

All are float32 inputs with int64 labels unless they say otherwise, and the same for the same seed;
without one they draw from the random numbers of ``autograd.manual_seed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.data.dataset import TensorDataset
from nn.data.splits import Seed, random_numbers


def _labelled(
    random: np.random.Generator, points: Any, labels: Any, noise: float, classes: Sequence[str] = ()
) -> TensorDataset:
    """Add noise, and mix the classes, so that any part of the data set has samples of each."""
    if noise < 0:
        raise ValueError(f"noise is a standard deviation, which is not negative; got {noise}")
    points = points + noise * random.standard_normal(np.shape(points))
    order = random.permutation(len(points))
    return TensorDataset(points[order].astype(np.float32), np.asarray(labels)[order].astype(np.int64), classes=classes)


def _labels(name: str, samples: int, classes: int) -> np.ndarray:
    """Return labels, as many of each class as of the others or one more."""
    if samples < classes or classes < 1:
        raise ValueError(f"{name}: at least one sample for each of {classes} classes, got {samples}")
    return np.arange(samples) % classes


def moons(samples: int = 200, noise: float = 0.1, seed: Seed = None) -> TensorDataset:
    """Two half circles that reach into each other; no straight line divides them.

    Examples
    --------
    >>> moons(100, seed=0)
    TensorDataset(float32 (100, 2), int64 (100,))
    """
    random, labels = random_numbers(seed), _labels("moons", samples, 2)
    angle = np.pi * random.random(samples)
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    return _labelled(random, np.where(labels[:, None] == 0, upper, lower), labels, noise)


def circles(samples: int = 200, noise: float = 0.1, factor: float = 0.5, seed: Seed = None) -> TensorDataset:
    """A circle of radius 1, label 0, around one of radius `factor`, label 1.

    Examples
    --------
    >>> X, y = circles(100, noise=0.0, seed=0).tensors
    >>> (X[y == 1] ** 2).sum(1).sqrt().mean()
    tensor(0.5)
    """
    random, labels = random_numbers(seed), _labels("circles", samples, 2)
    angle = 2 * np.pi * random.random(samples)
    radius = np.where(labels == 0, 1.0, factor)
    return _labelled(random, np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), labels, noise)


def spirals(samples: int = 300, classes: int = 3, noise: float = 0.2, seed: Seed = None) -> TensorDataset:
    """Arms that wind around the origin, one for each class; `noise` is that of their angle.

    Examples
    --------
    >>> spirals(300, classes=3, seed=0)
    TensorDataset(float32 (300, 2), int64 (300,))
    """
    random, labels = random_numbers(seed), _labels("spirals", samples, classes)
    radius = random.random(samples)
    angle = 4 * (labels + radius) + noise * random.standard_normal(samples)
    return _labelled(random, np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1), labels, 0.0)


def xor(samples: int = 4, noise: float = 0.0, seed: Seed = None) -> TensorDataset:
    """The corners of a square, where the label says whether the coordinates differ.

    Four samples without noise are the truth table, in its order.

    Examples
    --------
    >>> X, y = xor().tensors
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    corner = _labels("xor", samples, 4)
    points = np.stack([corner // 2, corner % 2], 1)
    labels = points[:, 0] ^ points[:, 1]
    if samples == 4 and not noise:
        return TensorDataset(points.astype(np.float32), labels)
    return _labelled(random_numbers(seed), points, labels, noise)


def blobs(samples: int = 300, classes: int = 3, noise: float = 1.0, seed: Seed = None) -> TensorDataset:
    """Clouds around random centres, one for each class, with standard deviation `noise`.

    Examples
    --------
    >>> blobs(300, seed=0)
    TensorDataset(float32 (300, 2), int64 (300,))
    """
    random, labels = random_numbers(seed), _labels("blobs", samples, classes)
    centres = random.uniform(-10, 10, (classes, 2))
    return _labelled(random, centres[labels], labels, noise)


def linear(
    samples: int = 100, weight: Sequence[float] = (2.0,), bias: float = 1.0, noise: float = 0.1, seed: Seed = None
) -> TensorDataset:
    """A regression: targets (N, 1) = inputs (N, D) times `weight` plus `bias` plus noise; both float32.

    Examples
    --------
    >>> X, y = linear(3, weight=[2.0, -1.0], bias=0.5, noise=0.0, seed=0).tensors
    >>> bool((y - (X @ tensor([[2.0], [-1.0]]) + 0.5)).abs().max() < 1e-6)
    True
    """
    random = random_numbers(seed)
    inputs = random.uniform(-1, 1, (samples, len(weight)))
    targets = inputs @ np.array(weight) + bias + noise * random.standard_normal(samples)
    return TensorDataset(inputs.astype(np.float32), targets[:, None].astype(np.float32))


def quasars(samples: int = 1000, seed: Seed = None) -> TensorDataset:
    """Stars and quasars told apart by four colours, differences of brightness between neighbouring filters.

    Half are stars, label 0, along the curve that their temperature gives them; half are quasars,
    label 1, bluer in ultraviolet.  The numbers are invented, in the range of the Sloan survey's.

    Examples
    --------
    >>> quasars(seed=0), quasars(seed=0).features
    (TensorDataset(float32 (1000, 4), int64 (1000,)), ['u-g', 'g-r', 'r-i', 'i-z'])
    """
    random, labels = random_numbers(seed), _labels("quasars", samples, 2)
    coolness = random.random((samples, 1))
    stars = np.hstack([0.6 + 2.0 * coolness, 0.1 + 1.3 * coolness**0.7, 0.05 + 0.9 * coolness**2, 0.5 * coolness**2])
    colours = np.where(labels[:, None] == 0, stars, [0.3, 0.2, 0.15, 0.1])
    made = _labelled(random, colours, labels, 0.15, ["star", "quasar"])
    made.features = ["u-g", "g-r", "r-i", "i-z"]
    return made

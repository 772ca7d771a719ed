"""The problem that every engine solves: two moons, and a small network with given weights.

Pure Python and seeded, so that each process makes the same numbers whatever it has installed.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise

SIZES = (2, 16, 16, 1)
"""Inputs, two hidden layers, one output: the network of micrograd's demo."""

POINTS = 100
L2 = 1e-4
XYZ = (-2.0, 5.0, -4.0)
"""The leaves of the lecture's circuit (x + y) * z."""


@dataclass(frozen=True)
class Moons:
    """Points, labels of -1 or +1, and the weights of each layer."""

    points: list[list[float]]
    labels: list[float]
    layers: list[list[list[float]]]
    """layers[l][j]: the weights of neuron j of layer l, then its bias."""

    @property
    def weights(self) -> list[float]:
        """All weights in the order in which micrograd and Chainrule list the parameters."""
        return [weight for layer in self.layers for neuron in layer for weight in neuron]


def moons(seed: int = 1337, noise: float = 0.1) -> Moons:
    """Draw the points on two interleaved half circles, and the weights."""
    chance = random.Random(seed)
    half = POINTS // 2
    points, labels = [], []
    for label in (-1.0, 1.0):
        for i in range(half):
            angle = math.pi * i / (half - 1)
            x, y = math.cos(angle), math.sin(angle)
            if label > 0:
                x, y = 1.0 - x, 0.5 - y
            points.append([x + chance.gauss(0.0, noise), y + chance.gauss(0.0, noise)])
            labels.append(label)
    layers = [
        [[*(chance.uniform(-1.0, 1.0) for _ in range(nin)), 0.0] for _ in range(nout)] for nin, nout in pairwise(SIZES)
    ]
    return Moons(points, labels, layers)

"""How far to go along a direction: the strong Wolfe conditions."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np

ARMIJO = 1e-4
"""The loss must fall by this part of what the slope at the start promises."""
CURVATURE = 0.9
"""The slope must become smaller than this part of the slope at the start."""
TOLERANCE = 1e-9
"""A bracket that moves no parameter by more is not divided further."""


class Point(NamedTuple):
    """A place on the line: how far from the start, the loss, its gradient, and the slope along the line."""

    t: float
    loss: float
    g: np.ndarray
    slope: float


def strong_wolfe(at: Callable[[float], Point], start: Point, t: float, largest: float, evaluations: int) -> Point:
    """Return a point with a lower loss and a flatter slope: the strong Wolfe conditions.

    First the steps grow until a minimum lies between two of them, then that bracket shrinks; each
    new step is the minimum of the cubic polynomial through two points (Nocedal and Wright,
    Numerical Optimization, algorithms 3.5 and 3.6).

    Parameters
    ----------
    at : callable
        Evaluates the loss at a distance from the start.
    start : Point
        The start, with a negative slope.
    t : float
        The first distance to try.
    largest : float
        The largest element of the direction.
    evaluations : int
        How many points to try after the first.

    Examples
    --------
    >>> def at(t):
    ...     return Point(t, (t - 3.0) ** 2, np.array([2.0 * (t - 3.0)]), 2.0 * (t - 3.0))
    >>> strong_wolfe(at, at(0.0), 1.0, 1.0, 25).t
    1.0
    >>> strong_wolfe(at, at(0.0), 100.0, 1.0, 25).t
    3.0
    """

    def too_high(point: Point) -> bool:
        return point.loss > start.loss + ARMIJO * point.t * start.slope

    def flat(point: Point) -> bool:
        return abs(point.slope) <= -CURVATURE * start.slope

    before, point, tried = start, at(t), 0
    while tried < evaluations:
        if too_high(point) or (tried > 1 and point.loss >= before.loss):
            break
        if flat(point):
            return point
        if point.slope >= 0:
            break
        t = _lowest(before, point, point.t + 0.01 * (point.t - before.t), 10 * point.t)
        before, point, tried = point, at(t), tried + 1
    else:
        before = start
    low, high = (before, point) if before.loss <= point.loss else (point, before)
    slow = False
    while tried < evaluations and abs(high.t - low.t) * largest >= TOLERANCE:
        left, right = sorted((low.t, high.t))
        t = _lowest(low, high, left, right)
        margin = 0.1 * (right - left)
        if min(right - t, t - left) >= margin:
            slow = False
        elif slow or t >= right or t <= left:  # a second time near an end: step away from it
            t = right - margin if abs(t - right) < abs(t - left) else left + margin
            slow = False
        else:
            slow = True
        point, tried = at(t), tried + 1
        if too_high(point) or point.loss >= low.loss:
            low, high = (low, point) if low.loss <= point.loss else (point, low)
            continue
        if flat(point):
            return point
        low, high = point, low if point.slope * (high.t - low.t) >= 0 else high
    return low


def _lowest(a: Point, b: Point, least: float, most: float) -> float:
    """Return where the cubic polynomial with the losses and slopes of two points is lowest, within bounds."""
    if a.t == b.t:
        return least
    a, b = (a, b) if a.t <= b.t else (b, a)
    mean = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = mean * mean - a.slope * b.slope
    if not square >= 0:
        return (least + most) / 2
    root = sqrt(square)
    bottom = b.slope - a.slope + 2 * root
    t = b.t - (b.t - a.t) * ((b.slope + root - mean) / bottom) if bottom else least
    return min(max(t, least), most)

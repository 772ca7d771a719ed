"""Sums of rows inside kernels, accurate for long rows: vector lanes within blocks, float64 over the blocks."""

from __future__ import annotations

from typing import Any

from autograd.kernels.rules import reordered

BLOCK = 4096  # each of the 16 to 64 lanes then adds at most a few hundred numbers


@reordered
def total(x: Any) -> Any:
    """Return Σ x as float64."""
    result = 0.0
    for start in range(0, len(x), BLOCK):
        block = x[start : start + BLOCK]
        partial = x.dtype.type(0)
        for i in range(len(block)):
            partial += block[i]
        result += partial
    return result


@reordered
def total_of_squares(x: Any, mean: Any) -> Any:
    """Return Σ (x - mean)² as float64."""
    result = 0.0
    for start in range(0, len(x), BLOCK):
        block = x[start : start + BLOCK]
        partial = x.dtype.type(0)
        for i in range(len(block)):
            partial += (block[i] - mean) * (block[i] - mean)
        result += partial
    return result


@reordered
def totals_with_gradient(g: Any, x: Any, mean: Any, rstd: Any) -> Any:
    """Return Σ g and Σ g (x - mean) rstd as float64."""
    first, second = 0.0, 0.0
    for start in range(0, len(x), BLOCK):
        upstream, block = g[start : start + BLOCK], x[start : start + BLOCK]
        partial, product = x.dtype.type(0), x.dtype.type(0)
        for i in range(len(block)):
            partial += upstream[i]
            product += upstream[i] * (block[i] - mean)
        first += partial
        second += product
    return first, second * rstd


@reordered
def weighted_totals(g: Any, x: Any, mean: Any, rstd: Any, weight: Any) -> Any:
    """Return Σ g w and Σ g w (x - mean) rstd as float64."""
    first, second = 0.0, 0.0
    for start in range(0, len(x), BLOCK):
        upstream, block, w = g[start : start + BLOCK], x[start : start + BLOCK], weight[start : start + BLOCK]
        partial, product = x.dtype.type(0), x.dtype.type(0)
        for i in range(len(block)):
            term = upstream[i] * w[i]
            partial += term
            product += term * (block[i] - mean)
        first += partial
        second += product
    return first, second * rstd

"""The op table for arrays, by area; importing this package fills it."""

from autograd.array_operation import ARRAY_OPERATIONS
from autograd.array_operations import (
    convolution,
    cross_entropy,
    dropout,
    embedding,
    folding,
    indexing,
    linear,
    normalisation,
    pooling,
    products,
    quotients,
    reductions,
    shapes,
    softmax,
)

__all__ = [
    "ARRAY_OPERATIONS",
    "convolution",
    "cross_entropy",
    "dropout",
    "embedding",
    "folding",
    "indexing",
    "linear",
    "normalisation",
    "pooling",
    "products",
    "quotients",
    "reductions",
    "shapes",
    "softmax",
]

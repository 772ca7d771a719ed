"""The op table for arrays, by area; importing this package fills it."""

from autograd.array_operation import ARRAY_OPERATIONS
from autograd.array_operations import indexing, products, quotients, reductions, shapes

__all__ = ["ARRAY_OPERATIONS", "indexing", "products", "quotients", "reductions", "shapes"]

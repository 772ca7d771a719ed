"""Functions of tensors made of rows of the op table, under PyTorch's names; most are methods of ``Tensor`` too.

A function here adds no derivative: its gates are those of the rows that it calls.
"""

from autograd.tensor_functions import comparisons, elements, in_place, indexing, joining, products, reductions, shapes
from autograd.tensor_functions.attach import METHODS, attach
from autograd.tensor_functions.comparisons import *  # noqa: F403
from autograd.tensor_functions.elements import *  # noqa: F403
from autograd.tensor_functions.indexing import *  # noqa: F403
from autograd.tensor_functions.joining import *  # noqa: F403
from autograd.tensor_functions.products import *  # noqa: F403
from autograd.tensor_functions.reductions import *  # noqa: F403
from autograd.tensor_functions.shapes import *  # noqa: F403

_MODULES = (elements, comparisons, shapes, joining, indexing, reductions, products)

__all__ = [name for module in _MODULES for name in module.__all__]  # pyright: ignore[reportUnsupportedDunderAll]

in_place.add_to(METHODS)
attach(METHODS)

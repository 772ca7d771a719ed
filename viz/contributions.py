"""What each operand receives from a gate in the backward pass, for the branches of a picture and for `trace`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from viz.arrays import array_of

MOST_ELEMENTS = 1_000_000
"""A gate with larger operands is not run backward a second time for a picture."""


def received(node: Any, upstream: Any = None) -> list[Any] | None:
    """Return what each operand receives from a gate, or None when that cannot be known.

    The upstream gradient is that of the last pass unless another one is given.

    A gate of one's own may refuse to run again, an operand may have been changed since, or be too large.
    """
    try:
        if isinstance(node, Tensor):
            return _of_arrays(node, upstream)
        return node.op.contributions(node, node._grad if upstream is None else upstream, False)
    except Exception:  # the user's code: whatever it raises, a picture is still wanted
        return None


def _of_arrays(node: Tensor, upstream: Any) -> list[Any] | None:
    if sum(np.size(operand._data) for operand in node.parents) > MOST_ELEMENTS:
        return None
    # A stand-in for every slot keeps the contributions of `x * x` apart, and calls no hooks.
    stand_ins = [bare_copy(operand) for operand in node.parents]
    copy = bare_copy(node)
    copy.op = node.op
    copy.set_operands(stand_ins)
    given = array_of(node._grad) if upstream is None else np.full(node.shape, upstream, node.dtype)
    gradients: dict[Any, Any] = {copy: given}
    with np.errstate(all="ignore"):
        copy.pull(gradients)
    return [gradients.get(stand_in) for stand_in in stand_ins]


def bare_copy(tensor: Tensor) -> Tensor:
    """Return a leaf that shares the numbers of a tensor, and what the backward pass knows about them."""
    copy = object.__new__(Tensor)
    copy.__dict__.update({name: value for name, value in tensor.__dict__.items() if name != "_hooks"})
    copy._data, copy.label, copy.requires_grad = tensor._data, tensor.label, tensor.requires_grad
    copy._grad = copy.op = copy._first = copy._second = None
    copy._rest = ()
    return copy

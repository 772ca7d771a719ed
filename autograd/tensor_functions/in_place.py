"""Methods that change a tensor in place, beside those of the element-wise rows: ``zero_``, ``clamp_``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import functions
from autograd.inplace import change
from autograd.mode import mode
from autograd.tensor import Tensor, as_operand
from autograd.tensor_functions import elements, indexing
from autograd.tensor_functions.attach import constant

f: Any = functions


def _zero(input: Tensor) -> Tensor:
    """Set all elements to zero."""
    return _filled(input, 0)


def _fill(input: Tensor, value: Any) -> Tensor:
    """Set all elements to one number."""
    return _filled(input, value)


def _filled(input: Tensor, value: Any) -> Tensor:
    value = value if isinstance(value, Tensor) else constant(mode.quietly(input.dtype.type, value))
    if value.ndim:
        raise ValueError(f"fill_: the value is one number, got shape {value.shape}; see copy_")
    return f.expand(elements._to(value, input.dtype), input.shape)


def _copy(input: Tensor, src: Any) -> Tensor:
    """Take over the numbers of another tensor, which broadcasts."""
    if isinstance(src, (int, float, np.generic)):
        return _filled(input, src)  # a number has all its digits in the tensor's dtype
    return elements._to(f.expand(as_operand(src, _copy), input.shape), input.dtype)


COMPUTED: dict[str, Callable[..., Tensor]] = {
    "zero_": _zero,
    "fill_": _fill,
    "copy_": _copy,
    "add_": elements.add,
    "sub_": elements.sub,
    "div_": elements.div,
    "clamp_": elements.clamp,
    "clip_": elements.clamp,
    "round_": elements.round,
    "addcmul_": elements.addcmul,
    "addcdiv_": elements.addcdiv,
    "masked_fill_": indexing.masked_fill,
    "scatter_": indexing.scatter,
    "scatter_add_": indexing.scatter_add,
    "index_add_": indexing.index_add,
}
"""What each of the methods computes from the numbers so far."""


def add_to(methods: dict[str, Callable[..., Any]]) -> None:
    """Add the methods to those of ``Tensor``."""
    for name, compute in COMPUTED.items():
        methods[name] = _in_place(name, compute)


def _in_place(name: str, compute: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def method(self: Tensor, *given: Any, **named: Any) -> Tensor:
        others = [x for x in (*given, *named.values()) if isinstance(x, Tensor)]

        def computed(old: Tensor, *before: Tensor) -> Tensor:
            remaining = iter(before)
            in_order = [next(remaining) if isinstance(x, Tensor) else x for x in given]
            by_name = {key: next(remaining) if isinstance(x, Tensor) else x for key, x in named.items()}
            return compute(old, *in_order, **by_name)

        return change(self, others, name, computed)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"In place: {(compute.__doc__ or '').splitlines()[0]}"
    method.__wrapped__ = compute  # type: ignore[attr-defined]  # gives help() the signature
    return method

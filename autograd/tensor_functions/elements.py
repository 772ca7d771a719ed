"""Element by element: arithmetic with PyTorch's options, and other dtypes.

The functions that the table has as element-wise rows take Values and numbers too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import functions
from autograd.dtypes import bool as bool_dtype
from autograd.dtypes import checked_dtype, float32, float64, int8, int16, int32, int64, uint8
from autograd.tensor import Tensor, as_operand
from autograd.tensor_functions.attach import checked, constant, is_array, method

f: Any = functions

__all__ = [
    "absolute",
    "add",
    "addcdiv",
    "addcmul",
    "clamp",
    "clip",
    "div",
    "divide",
    "floor_divide",
    "multiply",
    "negative",
    "round",
    "sub",
    "subtract",
    "true_divide",
]


@method("add")
def add(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """``input + alpha * other``.

    Examples
    --------
    >>> add(tensor([1.0, 2.0]), tensor([10.0, 20.0]), alpha=0.5)
    tensor([ 6., 12.])
    >>> add(Value(3.0), Value(4.0)).data
    7.0
    """
    return f.add(input, other if alpha == 1 else other * alpha)


@method("sub", "subtract")
def sub(input: Any, other: Any, *, alpha: float = 1) -> Any:
    """``input - alpha * other``.

    Examples
    --------
    >>> sub(tensor([1.0, 2.0]), 1.0)
    tensor([0., 1.])
    """
    return f.sub(input, other if alpha == 1 else other * alpha)


@method("div", "divide")
def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """Divide, and round the quotient where a mode is given.

    Parameters
    ----------
    input, other : Tensor, Value or number
    rounding_mode : {None, "floor", "trunc"}
        Not at all, down, or towards zero; a rounded quotient of whole numbers is whole, and the
        gradient of a rounded one is zero.

    Raises
    ------
    ValueError
        When there is no such mode.

    Examples
    --------
    >>> div(tensor([7.0, -7.0]), 2.0)
    tensor([ 3.5, -3.5])
    >>> div(tensor([7, -7]), 2, rounding_mode="floor"), div(tensor([7, -7]), 2, rounding_mode="trunc")
    (tensor([ 3, -4]), tensor([ 3, -3]))
    """
    if rounding_mode is None:
        return f.div(input, other)
    if rounding_mode not in ("floor", "trunc"):
        raise ValueError(f"div: rounding_mode is None, 'floor' or 'trunc', got {rounding_mode!r}")
    if not (is_array(input) or is_array(other)):
        return getattr(f, rounding_mode)(f.div(input, other))
    if rounding_mode == "floor":
        return f.floor_divide(*_of_one_dtype(input, other))
    quotient = f.div(input, other)
    input, other = _of_one_dtype(input, other)
    return f.trunc(quotient) if input.dtype.kind == "f" else f.floor_divide(f.sub(input, f.fmod(input, other)), other)


def _of_one_dtype(input: Any, other: Any) -> tuple[Tensor, Tensor]:
    """Return both as tensors of the dtype that arithmetic with them has."""
    x, y = as_operand(input, div), as_operand(other, div)
    dtype = np.result_type(x._data, y._data)
    return _to(x, dtype), _to(y, dtype)


@method("floor_divide", "__floordiv__")
def floor_divide(input: Any, other: Any) -> Any:
    """Divide and round down, as Python's ``//``.

    Examples
    --------
    >>> floor_divide(tensor([7.0, -7.0]), 2.0)
    tensor([ 3., -4.])
    """
    return div(input, other, rounding_mode="floor")


@method("__rfloordiv__")
def _reflected_floor_divide(input: Tensor, other: Any) -> Tensor:
    return div(other, input, rounding_mode="floor")


@method("true_divide")
def true_divide(input: Any, other: Any) -> Any:
    """Divide.

    Examples
    --------
    >>> true_divide(tensor([1.0, 2.0]), 2.0)
    tensor([0.5, 1. ])
    """
    return f.div(input, other)


@method("multiply")
def multiply(input: Any, other: Any) -> Any:
    """Multiply.

    Examples
    --------
    >>> multiply(tensor([1.0, 2.0]), 2.0)
    tensor([2., 4.])
    """
    return f.mul(input, other)


@method("negative")
def negative(input: Any) -> Any:
    """Change the sign.

    Examples
    --------
    >>> negative(tensor([1.0, -2.0]))
    tensor([-1.,  2.])
    """
    return f.neg(input)


@method("absolute")
def absolute(input: Any) -> Any:
    """Absolute value.

    Examples
    --------
    >>> absolute(tensor([1.0, -2.0]))
    tensor([1., 2.])
    """
    return f.abs(input)


subtract, divide = sub, div


@method("clamp", "clip")
def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """Limit the elements to an interval; at its ends the derivative is one.

    Parameters
    ----------
    input : Tensor, Value or number
    min, max : Tensor, Value, number or None
        The ends; ``None`` for no limit on this side.

    Raises
    ------
    ValueError
        When both are ``None``.

    Examples
    --------
    >>> clamp(tensor([-2.0, 0.5, 2.0]), -1.0, 1.0)
    tensor([-1. ,  0.5,  1. ])
    >>> clamp(tensor([1, 5]), max=3)
    tensor([1, 3])
    """
    if min is None and max is None:
        raise ValueError("clamp: give min, max, or both")
    if is_array(input) and checked("clamp", input).dtype.kind != "f":
        # The unlimited side would turn whole numbers into floats.
        low, high = (None if end is None else as_operand(end, clamp)._data for end in (min, max))
        return constant(np.clip(checked("clamp", input).numpy(), low, high))
    return f.clamp(input, float("-inf") if min is None else min, float("inf") if max is None else max)


clip = clamp


@method("round", "__round__")
def round(input: Any, decimals: int = 0) -> Any:
    """Round to the nearest number with so many decimals; halves go to the even one.

    Examples
    --------
    >>> round(tensor([0.5, 1.5, 2.6]))
    tensor([0., 2., 3.])
    >>> round(tensor([3.14159]), decimals=2)
    tensor([3.14])
    """
    if is_array(input) and checked("round", input).dtype.kind in "iu" and decimals >= 0:
        return checked("round", input)
    if decimals > 0:
        return f.div(f.round(f.mul(input, 10.0**decimals)), 10.0**decimals)
    return f.mul(f.round(f.div(input, 10.0**-decimals)), 10.0**-decimals) if decimals < 0 else f.round(input)


@method()
def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: float = 1) -> Any:
    """``input + value * tensor1 * tensor2``.

    Examples
    --------
    >>> addcmul(tensor([1.0]), tensor([2.0]), tensor([3.0]), value=10.0)
    tensor([61.])
    """
    return add(input, f.mul(tensor1, tensor2), alpha=value)


@method()
def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: float = 1) -> Any:
    """``input + value * tensor1 / tensor2``.

    Examples
    --------
    >>> addcdiv(tensor([1.0]), tensor([2.0]), tensor([4.0]), value=10.0)
    tensor([6.])
    """
    return add(input, f.div(tensor1, tensor2), alpha=value)


@method("to", "type")
def _to(input: Tensor, dtype: Any) -> Tensor:
    """The same numbers in another dtype, or the dtype of another tensor; itself when it has it already.

    Examples
    --------
    >>> tensor([1.7, -1.7]).to(int64)
    tensor([ 1, -1])
    """
    dtype = dtype.dtype if isinstance(dtype, Tensor) else dtype
    if isinstance(dtype, str) and dtype == "cpu":
        return input
    wanted = checked_dtype(dtype, "to")
    return input if input.dtype == wanted else f.astype(input, wanted)


@method("type_as")
def _type_as(input: Tensor, other: Tensor) -> Tensor:
    """The same numbers in the dtype of another tensor."""
    return _to(input, other)


def _conversion(name: str, dtype: Any) -> None:
    def converted(input: Tensor) -> Tensor:
        return _to(input, dtype)

    converted.__name__ = name
    converted.__doc__ = f"The same numbers as {dtype}."
    method(name)(converted)


for _name, _dtype in {
    "float": float32,
    "double": float64,
    "char": int8,
    "short": int16,
    "int": int32,
    "long": int64,
    "byte": uint8,
    "bool": bool_dtype,
}.items():
    _conversion(_name, _dtype)


@method("is_floating_point")
def _is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is float32 or float64, which have gradients."""
    return input.dtype.kind == "f"


@method("contiguous")
def _contiguous(input: Tensor) -> Tensor:
    """Itself, or a copy whose elements lie in memory in the order of their indices."""
    return input if input.is_contiguous() else f.clone(input)

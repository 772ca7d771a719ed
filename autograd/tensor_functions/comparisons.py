"""Comparing, and what follows from it: masks, logic, counting.  Results are of dtype bool and have no gradient."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import functions
from autograd.array_operations.axes import axes_of
from autograd.tensor import Tensor, as_operand
from autograd.tensor_functions.attach import checked, constant, method

f: Any = functions

__all__ = [
    "all",
    "allclose",
    "any",
    "argwhere",
    "bitwise_and",
    "bitwise_not",
    "bitwise_or",
    "bitwise_xor",
    "count_nonzero",
    "eq",
    "ge",
    "gt",
    "isclose",
    "isfinite",
    "isinf",
    "isnan",
    "le",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lt",
    "ne",
    "nonzero",
    "where",
]


@method()
def eq(input: Any, other: Any) -> Any:
    """Where both are the same number.

    Examples
    --------
    >>> eq(tensor([1, 2, 3]), 2)
    tensor([False,  True, False])
    """
    return f.equal(input, other)


@method()
def ne(input: Any, other: Any) -> Any:
    """Where they are different numbers.

    Examples
    --------
    >>> ne(tensor([1, 2, 3]), 2)
    tensor([ True, False,  True])
    """
    return f.not_equal(input, other)


@method()
def gt(input: Any, other: Any) -> Any:
    """Where the first is larger.

    Examples
    --------
    >>> gt(tensor([1, 2, 3]), 2)
    tensor([False, False,  True])
    """
    return f.greater(input, other)


@method()
def ge(input: Any, other: Any) -> Any:
    """Where the first is at least the second.

    Examples
    --------
    >>> ge(tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])
    """
    return f.greater_equal(input, other)


@method()
def lt(input: Any, other: Any) -> Any:
    """Where the first is smaller.

    Examples
    --------
    >>> lt(tensor([1, 2, 3]), 2)
    tensor([ True, False, False])
    """
    return f.less(input, other)


@method()
def le(input: Any, other: Any) -> Any:
    """Where the first is at most the second.

    Examples
    --------
    >>> le(tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])
    """
    return f.less_equal(input, other)


@method()
def isclose(input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Where ``|input - other| <= atol + rtol * |other|``.

    Examples
    --------
    >>> isclose(tensor([1.0, 1.0]), tensor([1.000001, 1.1]))
    tensor([ True, False])
    """
    x, y = checked("isclose", input).numpy(), as_operand(other, isclose).numpy()
    return constant(_compare("isclose", lambda x, y: np.isclose(x, y, rtol, atol, equal_nan), x, y))


@method()
def allclose(input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    """Whether :func:`isclose` holds for all elements.

    Examples
    --------
    >>> allclose(tensor([1.0, 2.0]), tensor([1.000001, 2.0]))
    True
    """
    return isclose(checked("allclose", input), other, rtol, atol, equal_nan).numpy().all().item()


def _compare(operation: str, rule: Callable[..., Any], *arrays: np.ndarray) -> Any:
    try:
        return rule(*arrays)
    except ValueError:
        shapes = " and ".join(str(array.shape) for array in arrays)
        raise ValueError(
            f"{operation}: the shapes {shapes} do not broadcast; counted from the last axis, sizes must be equal or 1"
        ) from None


@method()
def isnan(input: Any) -> Tensor:
    """Which elements are nan.

    Examples
    --------
    >>> isnan(tensor([1.0, float("nan")]))
    tensor([False,  True])
    """
    return constant(np.isnan(checked("isnan", input).numpy()))


@method()
def isinf(input: Any) -> Tensor:
    """Which elements are infinite.

    Examples
    --------
    >>> isinf(tensor([1.0, float("inf")]))
    tensor([False,  True])
    """
    return constant(np.isinf(checked("isinf", input).numpy()))


@method()
def isfinite(input: Any) -> Tensor:
    """Which elements are neither infinite nor nan.

    Examples
    --------
    >>> isfinite(tensor([1.0, float("inf"), float("nan")]))
    tensor([ True, False, False])
    """
    return constant(np.isfinite(checked("isfinite", input).numpy()))


@method()
def logical_and(input: Any, other: Any) -> Tensor:
    """Whether both are true (not zero).

    Examples
    --------
    >>> logical_and(tensor([True, True]), tensor([True, False]))
    tensor([ True, False])
    """
    return _logic("logical_and", np.logical_and, input, other)


@method()
def logical_or(input: Any, other: Any) -> Tensor:
    """Whether at least one is true.

    Examples
    --------
    >>> logical_or(tensor([True, False]), tensor([False, False]))
    tensor([ True, False])
    """
    return _logic("logical_or", np.logical_or, input, other)


@method()
def logical_xor(input: Any, other: Any) -> Tensor:
    """Whether exactly one is true.

    Examples
    --------
    >>> logical_xor(tensor([True, True]), tensor([True, False]))
    tensor([False,  True])
    """
    return _logic("logical_xor", np.logical_xor, input, other)


@method()
def logical_not(input: Any) -> Tensor:
    """Whether it is false.

    Examples
    --------
    >>> logical_not(tensor([True, False]))
    tensor([False,  True])
    """
    return _logic("logical_not", np.logical_not, input)


@method("bitwise_and", "__and__", "__rand__")
def bitwise_and(input: Any, other: Any) -> Tensor:
    """The bits that both have, of whole numbers or bool: the operator ``&``.

    Examples
    --------
    >>> tensor([1.0, 2.0, 3.0]).gt(1.0) & tensor([True, True, False])
    tensor([False,  True, False])
    >>> bitwise_and(tensor([6]), 3)
    tensor([2])
    """
    return _logic("bitwise_and", np.bitwise_and, input, other)


@method("bitwise_or", "__or__", "__ror__")
def bitwise_or(input: Any, other: Any) -> Tensor:
    """The bits that at least one has, of whole numbers or bool: the operator ``|``.

    Examples
    --------
    >>> bitwise_or(tensor([6]), 3)
    tensor([7])
    """
    return _logic("bitwise_or", np.bitwise_or, input, other)


@method("bitwise_xor", "__xor__", "__rxor__")
def bitwise_xor(input: Any, other: Any) -> Tensor:
    """The bits that exactly one has, of whole numbers or bool: the operator ``^``.

    Examples
    --------
    >>> bitwise_xor(tensor([6]), 3)
    tensor([5])
    """
    return _logic("bitwise_xor", np.bitwise_xor, input, other)


@method("bitwise_not", "__invert__")
def bitwise_not(input: Any) -> Tensor:
    """Every bit the other way, of whole numbers or bool: the operator ``~``.

    Examples
    --------
    >>> bitwise_not(tensor([True, False]))
    tensor([False,  True])
    """
    return _logic("bitwise_not", np.bitwise_not, input)


def _logic(operation: str, rule: Callable[..., Any], *operands: Any) -> Tensor:
    arrays = [as_operand(operand, rule)._data for operand in operands]
    try:
        return constant(_compare(operation, rule, *arrays))
    except TypeError:
        kinds = " and ".join(str(getattr(array, "dtype", type(array).__name__)) for array in arrays)
        raise TypeError(f"{operation}: takes whole numbers or bool, got {kinds}; compare first, as in x > 0") from None


def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """`input` where the condition holds (is not zero), else `other`; without them, the indices where it holds.

    Examples
    --------
    >>> x = tensor([-1.0, 2.0])
    >>> where(x > 0, x, 0.1 * x)
    tensor([-0.1,  2. ])
    >>> where(x > 0)
    (tensor([1]),)
    """
    if input is None and other is None:
        return nonzero(condition, as_tuple=True)
    return f.where(condition, input, other)


@method("where")
def _where(input: Tensor, condition: Any, other: Any) -> Tensor:
    """Itself where the condition holds (is not zero), else `other`.

    Examples
    --------
    >>> x = tensor([-1.0, 2.0])
    >>> x.where(x > 0, 0.0)
    tensor([0., 2.])
    """
    return where(condition, input, other)


@method()
def all(input: Any, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements along `dim`, or of the whole tensor, are true (not zero).

    Examples
    --------
    >>> all(tensor([[True, False], [True, True]]), dim=1)
    tensor([False,  True])
    """
    input = checked("all", input)
    return constant(np.all(input.numpy(), axis=axes_of("all", dim, input.ndim), keepdims=keepdim))


@method()
def any(input: Any, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element along `dim`, or of the whole tensor, is true (not zero).

    Examples
    --------
    >>> any(tensor([[True, False], [False, False]]), dim=1)
    tensor([ True, False])
    """
    input = checked("any", input)
    return constant(np.any(input.numpy(), axis=axes_of("any", dim, input.ndim), keepdims=keepdim))


@method()
def count_nonzero(input: Any, dim: Any = None) -> Tensor:
    """How many elements along `dim`, or of the whole tensor, are not zero.

    Examples
    --------
    >>> count_nonzero(tensor([1.0, 0.0, 3.0]))
    tensor(2)
    """
    input = checked("count_nonzero", input)
    return constant(np.count_nonzero(input.numpy(), axis=axes_of("count_nonzero", dim, input.ndim)))


@method()
def nonzero(input: Any, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not zero: one row for each, or one tensor for each axis.

    Examples
    --------
    >>> nonzero(tensor([0.0, 5.0, 7.0]))
    tensor([[1],
            [2]])
    >>> nonzero(tensor([0.0, 5.0, 7.0]), as_tuple=True)
    (tensor([1, 2]),)
    """
    array = checked("nonzero", input).numpy()
    if not as_tuple:
        return constant(np.argwhere(array))
    return builtins.tuple(constant(places) for places in np.nonzero(np.atleast_1d(array)))


@method()
def argwhere(input: Any) -> Tensor:
    """The indices of the elements that are not zero, one row for each.

    Examples
    --------
    >>> argwhere(tensor([0.0, 5.0]))
    tensor([[1]])
    """
    return nonzero(checked("argwhere", input))

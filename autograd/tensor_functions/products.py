"""Products of vectors and matrices under PyTorch's names."""

from __future__ import annotations

from typing import Any

from autograd import functions
from autograd.tensor import Tensor
from autograd.tensor_functions.attach import checked, method

f: Any = functions

__all__ = ["addmm", "addmv", "baddbmm", "bmm", "einsum", "inner", "mm", "mv", "outer"]


def _product(operation: str, x: Any, y: Any, x_rank: int, y_rank: int) -> Tensor:
    x, y = checked(operation, x), checked(operation, y)
    given = f"{operation}: shapes {x.shape} and {y.shape}"
    if (x.ndim, y.ndim) != (x_rank, y_rank):
        raise ValueError(f"{given}: it takes tensors with {x_rank} and {y_rank} dims; see matmul")
    if x.shape[-1] != y.shape[-2 if y_rank > 1 else 0] or x.shape[:-2] != y.shape[:-2]:
        raise ValueError(f"{given} do not fit: the last size of the first must be the last but one of the second")
    return f.matmul(x, y)


@method()
def mm(input: Any, mat2: Any) -> Tensor:
    """Product of two matrices.

    Examples
    --------
    >>> mm(tensor([[1.0, 2.0]]), tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    return _product("mm", input, mat2, 2, 2)


@method()
def bmm(input: Any, mat2: Any) -> Tensor:
    """Products of the matrices of two batches, pair by pair.

    Examples
    --------
    >>> bmm(ones(5, 2, 3), ones(5, 3, 4)).shape
    (5, 2, 4)
    """
    return _product("bmm", input, mat2, 3, 3)


@method()
def mv(input: Any, vec: Any) -> Tensor:
    """Product of a matrix and a vector.

    Examples
    --------
    >>> mv(tensor([[1.0, 2.0], [3.0, 4.0]]), tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    return _product("mv", input, vec, 2, 1)


@method()
def inner(input: Any, other: Any) -> Tensor:
    """Sum of products over the last axes of both.

    Examples
    --------
    >>> inner(tensor([[1.0, 2.0], [3.0, 4.0]]), tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    input, other = checked("inner", input), checked("inner", other)
    if input.ndim == 0 or other.ndim == 0:
        return f.mul(input, other)
    return f.einsum_product(
        [f.reshape(input, (*input.shape[:-1], *(1,) * (other.ndim - 1), input.shape[-1])), other], "...a,...a->..."
    )


@method()
def outer(input: Any, vec2: Any) -> Tensor:
    """All products of an element of one vector with one of the other.

    Examples
    --------
    >>> outer(tensor([1.0, 2.0]), tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    input, vec2 = checked("outer", input), checked("outer", vec2)
    if input.ndim != 1 or vec2.ndim != 1:
        raise ValueError(f"outer: takes two vectors, got shapes {input.shape} and {vec2.shape}")
    return f.mul(f.reshape(input, (input.numel(), 1)), vec2)


def _added(operation: str, input: Any, product: Tensor, beta: float, alpha: float) -> Tensor:
    input = checked(operation, input)
    product = product if alpha == 1 else product * alpha
    if beta == 0:  # nan and infinity in the input do not count then
        return product
    return f.add(f.expand(input if beta == 1 else input * beta, product.shape), product)


@method()
def addmm(input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta * input + alpha * (mat1 @ mat2)``, of matrices.

    Examples
    --------
    >>> addmm(tensor([1.0]), tensor([[1.0, 2.0]]), tensor([[3.0], [4.0]]), alpha=10.0)
    tensor([[111.]])
    """
    return _added("addmm", input, _product("addmm", mat1, mat2, 2, 2), beta, alpha)


@method()
def addmv(input: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta * input + alpha * (mat @ vec)``, of a matrix and a vector.

    Examples
    --------
    >>> addmv(tensor([1.0]), tensor([[1.0, 2.0]]), tensor([3.0, 4.0]))
    tensor([12.])
    """
    return _added("addmv", input, _product("addmv", mat, vec, 2, 1), beta, alpha)


@method()
def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """``beta * input + alpha * (batch1 @ batch2)``, of batches of matrices.

    Examples
    --------
    >>> baddbmm(zeros(2, 4), ones(5, 2, 3), ones(5, 3, 4)).shape
    (5, 2, 4)
    """
    return _added("baddbmm", input, _product("baddbmm", batch1, batch2, 3, 3), beta, alpha)


def einsum(equation: str, *operands: Any) -> Tensor:
    """Sum of products over the axes that an equation names (Einstein's convention).

    Parameters
    ----------
    equation : str
        Letters for the axes of each operand, then ``->`` and those of the result; letters that
        the result leaves out are summed over; ``...`` stands for axes that broadcast.
    *operands : Tensor

    Raises
    ------
    ValueError
        When the equation and the shapes do not fit; says which letter and which sizes.

    Examples
    --------
    >>> einsum("ij,j->i", tensor([[1.0, 2.0], [3.0, 4.0]]), tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    given = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    if not isinstance(equation, str):
        raise TypeError(f"einsum: the equation is a text such as 'ij,jk->ik', got {equation!r}")
    return f.einsum_product([checked("einsum", x) for x in given], equation)

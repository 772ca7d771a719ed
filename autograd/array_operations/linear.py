"""The linear layer as one operation: products with a weight, plus a bias."""

import math

import numpy as np

from autograd.array_operation import array_operation
from autograd.array_operations.checks import check_floats
from autograd.kernels import load

NUMPY_LIMIT = 1 << 15
"""Up to so many multiplications NumPy computes, which waits for no compilation."""


def _rows(m, x):
    """See all axes but the last as one."""
    return x if x.ndim == 2 else m.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def _input_product(m, g, out, x, weight, bias):
    if weight.ndim == 1:
        return m.reshape(g, (*g.shape, 1)) * weight
    # One product of matrices: with axes in front matmul would multiply one small matrix after the other.
    return m.reshape(m.matmul(_rows(m, g if g.ndim else m.reshape(g, (1,))), weight), x.shape)


def _weight_product(m, g, out, x, weight, bias):
    if weight.ndim == 1:
        return m.matmul(m.reshape(g, (math.prod(g.shape),)), _rows(m, x))
    upstream, inputs = (g, x) if x.ndim > 1 else (m.reshape(g, (1, *g.shape)), m.reshape(x, (1, *x.shape)))
    return m.matmul(m.permute(_rows(m, upstream), (1, 0)), _rows(m, inputs))


@array_operation(
    symbol="linear",
    latex=r"x W^{T} + b",
    products=[_input_product, _weight_product, lambda m, g, out, x, weight, bias: g],
    method=False,
)
def linear(x, weight, bias=None):
    """Multiply the last axis by every row of a weight, and add a bias.

    >>> linear(tensor([[1.0, 2.0]]), tensor([[3.0, 4.0]]), tensor([0.5]))
    tensor([[11.5]])
    """
    check_floats("linear", input=x, weight=weight, bias=bias)
    if weight.ndim not in (1, 2) or x.ndim == 0 or x.shape[-1] != weight.shape[-1]:
        flat = math.prod(x.shape[1:]) == weight.shape[-1] if weight.ndim else False
        raise ValueError(
            f"linear: input {x.shape} and weight {weight.shape} do not fit; the weight has shape (outputs, inputs) "
            f"and the last size of the input is the number of inputs{'; flatten the input first' if flat else ''}"
        )
    outputs = weight.shape[:-1]
    if bias is not None and bias.shape != outputs and bias.shape != ():
        raise ValueError(f"linear: bias {bias.shape} for weight {weight.shape}; the bias has shape {outputs}")
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
    if rows.shape[0] * weight.size > NUMPY_LIMIT and weight.ndim == 2 and (bias is None or bias.ndim == 1):
        kernels = load("matmul")
        out = kernels.linear(rows, weight, bias)
    else:
        out = np.matmul(rows, weight.T)
        if bias is not None:
            out += bias
    return out.reshape((*x.shape[:-1], *outputs))

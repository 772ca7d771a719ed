"""Products of matrices: matmul, and einsum for all others."""

import numpy as np

from autograd.array_operation import array_operation
from autograd.kernels import load

NUMPY_LIMIT = 2**15
"""Multiplications up to which NumPy's matmul is the fastest, whatever the shape."""


def _transposed(m, x):
    return m.permute(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def _as_matrix(m, x, place):
    """A vector becomes a matrix: a row when it stands first, a column when it stands second."""
    if x.ndim > 1:
        return x
    return m.reshape(x, (1, x.shape[0]) if place == 0 else (x.shape[0], 1))


def _matmul_product(place):
    def product(m, g, out, x, y):
        operands = _as_matrix(m, x, 0), _as_matrix(m, y, 1)
        batch = out.shape[: out.ndim - (x.ndim > 1) - (y.ndim > 1)]
        g = m.reshape(g, (*batch, operands[0].shape[-2], operands[1].shape[-1]))
        first, second = (g, _transposed(m, operands[1])) if place == 0 else (_transposed(m, operands[0]), g)
        received = m.matmul(first, second)
        given = (x, y)[place]
        # The sum over broadcast axes has to come before a matrix becomes a vector again.
        return m.reshape(m.sum_to_size(received, operands[place].shape), given.shape)

    return product


@array_operation(symbol="@", latex=r"X Y", products=[_matmul_product(0), _matmul_product(1)])
def matmul(input, other):
    """Matrix product of the last two axes; the axes in front broadcast.

    >>> matmul(tensor([[1.0, 2.0]]), tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    _check_product("matmul", input, other)
    if input.ndim > 1 and other.ndim > 1 and input.size * other.shape[-1] > NUMPY_LIMIT:
        kernels = load("matmul")
        return kernels.matmul(input, other)
    return np.matmul(input, other)


def _check_product(operation, x, y):
    if x.ndim == y.ndim == 2 and x.shape[1] == y.shape[0] and x.dtype == y.dtype:
        return
    remedy = "the last size of the first must be the last but one of the second, and sizes in front equal or 1"
    given = f"{operation}: shapes {x.shape} and {y.shape}"
    if x.ndim == 0 or y.ndim == 0:
        raise ValueError(f"{given}: a single number is no matrix; multiply with *")
    if x.shape[-1] != y.shape[-2 if y.ndim > 1 else 0]:
        raise ValueError(f"{given} do not fit: {remedy}; transpose one with .T")
    if x.dtype != y.dtype:
        raise TypeError(f"{operation}: dtypes {x.dtype} and {y.dtype} differ; convert one with .to(...)")
    for a, b in zip(x.shape[-3::-1], y.shape[-3::-1], strict=False):
        if a != b and 1 not in (a, b):
            raise ValueError(f"{given} do not fit: {remedy}")


def parse(equation, shapes):
    """Return the subscripts of each operand and of the result, with letters in place of an ellipsis.

    Raises
    ------
    ValueError
        When the equation and the shapes do not fit; says the equation, the shapes and the sizes.
    """

    def fail(why):
        given = ", ".join(str(shape) for shape in shapes)
        raise ValueError(f"einsum {equation!r} with shapes {given}: {why}")

    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        fail(f"the equation has {len(terms)} operands, given were {len(shapes)}")
    unused = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if c not in equation]
    rank = 0
    for term, shape in zip(terms, shapes, strict=True):
        letters = term.replace("...", "", 1)
        if not (letters.isalpha() or not letters) or not letters.isascii():
            fail(f"{term!r} is not made of letters and at most one '...'")
        if "..." in term:
            rank = max(rank, len(shape) - len(letters))
        if len(letters) > len(shape) or ("..." not in term and len(letters) != len(shape)):
            fail(f"{term!r} names {len(letters)} axes of a tensor with {len(shape)}")
    ellipsis = "".join(unused[:rank])
    inputs, sizes = [], {}
    for term, shape in zip(terms, shapes, strict=True):
        own = len(shape) - len(term.replace("...", ""))
        inputs.append(term.replace("...", ellipsis[rank - own :] if own else ""))
        for letter, n in zip(inputs[-1], shape, strict=True):
            known = sizes.get(letter, 1)
            if n != known and 1 not in (n, known):
                axis = "an axis of '...'" if letter in ellipsis else f"the axis {letter!r}"
                fail(f"{axis} has size {known} and {n}; sizes must be equal or 1")
            sizes[letter] = n if known == 1 else known
    if arrow:
        output = right.replace("...", ellipsis)
        if not set(output) <= set(sizes) or len(set(output)) < len(output):
            fail(f"the result {right!r} must name axes of the operands, each once")
    else:
        names = "".join(inputs)
        output = ellipsis + "".join(sorted(c for c in set(names) - set(ellipsis) if names.count(c) == 1))
    return inputs, output, sizes


def _einsum_product(m, g, out, operands, i, equation):
    inputs, output, sizes = parse(equation, [x.shape for x in operands])
    own = inputs[i]
    others = [(inputs[k], operands[k]) for k in range(len(operands)) if k != i]
    known = set(output).union(*(term for term, _ in others)) if others else set(output)
    # Each letter once: a repeated one stands for a diagonal, which the last step puts back.
    letters = "".join(dict.fromkeys(own))
    reachable = "".join(c for c in letters if c in known)
    received = m.einsum_product(
        [g, *(x for _, x in others)], ",".join([output, *(term for term, _ in others)]) + "->" + reachable
    )
    # An axis that nothing else has was summed away: its gradient is the same everywhere.
    shape = tuple(sizes[c] if c in known else 1 for c in letters)
    received = m.expand(m.reshape(received, shape), tuple(sizes[c] for c in letters))
    for place, c in enumerate(own):
        if place >= len(letters) or letters[place] != c:  # the letter was seen before: put its diagonal back
            first = own.index(c)
            n = sizes[c]
            shape = (*received.shape[:place], n, *received.shape[place:])
            moved = m.permute(received, (*(k for k in range(received.ndim) if k != first), first))
            received = m.diagonal_embed(moved, shape, 0, first, place)
            letters = letters[:place] + c + letters[place:]
    return m.sum_to_size(received, operands[i].shape)


@array_operation(symbol="einsum", latex=r"\sum \prod_i X_i", products=[_einsum_product], several=True, method=False)
def einsum_product(operands, equation):
    """Sum of products over the axes that an equation names; see :func:`einsum`.

    >>> einsum_product([tensor([1.0, 2.0]), tensor([3.0, 4.0])], "i,i->")
    tensor(11.)
    """
    inputs, output, _ = parse(equation, [x.shape for x in operands])
    return np.einsum(",".join(inputs) + "->" + output, *operands, optimize=len(operands) > 1)


@array_operation(
    symbol="dot",
    latex=r"\sum_i x_i y_i",
    products=[lambda m, g, out, x, y: g * y, lambda m, g, out, x, y: g * x],
)
def dot(input, other):
    """Inner product of two vectors.

    >>> dot(tensor([2.0, -3.0]), tensor([1.0, 2.0]))
    tensor(-4.)
    """
    if input.ndim != 1 or other.ndim != 1:
        raise ValueError(f"dot: takes two vectors, got shapes {input.shape} and {other.shape}; see matmul")
    _check_product("dot", input, other)
    return np.dot(input, other)

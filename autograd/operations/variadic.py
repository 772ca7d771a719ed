"""Gates with any number of operands.

Their one derivative rule returns the local derivatives of all operands, in order.
"""

from collections.abc import Iterable

from autograd.operation import operation


def _all_operands(values: Iterable) -> tuple:
    operands = tuple(values)
    if not operands:
        raise ValueError("sum: there is nothing to add, give at least one Value or number")
    return operands


def _weights_inputs_bias(ws: Iterable, xs: Iterable, bias=None) -> tuple:
    ws, xs = tuple(ws), tuple(xs)
    if len(ws) != len(xs) or not ws:
        raise ValueError(
            f"dot: {len(ws)} weights and {len(xs)} inputs; give as many inputs as weights, at least one of each"
        )
    return (*ws, *xs) if bias is None else (*ws, *xs, bias)


@operation(
    symbol="Σ",
    latex=r"\sum_{i=1}^{n} x_i",
    gradient_latex=(r"1",),
    domain=((-3, 3),),
    collect=_all_operands,
)
def sum(m):
    """Add any number of operands in one gate, from left to right.

    >>> sum([Value(1.0), Value(2.0), 3.0]).data
    6.0
    """

    def forward(*operands):
        total = operands[0]
        for operand in operands[1:]:
            total = total + operand
        return total

    return forward, lambda operands, out: [1.0] * len(operands)


@operation(
    symbol="dot",
    latex=r"\sum_{i=1}^{n} w_i x_i + b",
    gradient_latex=(r"x_i, w_i, 1",),
    domain=((-3, 3),),
    collect=_weights_inputs_bias,
)
def dot(m):
    """Inner product of weights and inputs plus an optional bias, in one gate.

    The operands are all the weights, then all the inputs, then the bias.

    >>> dot([Value(2.0), Value(-3.0)], [-1.0, -2.0], bias=-3.0).data
    1.0
    """

    def forward(*operands):
        n = len(operands) // 2
        total = operands[0] * operands[n]
        for i in range(1, n):
            total = total + operands[i] * operands[n + i]
        return total + operands[-1] if len(operands) > 2 * n else total

    def partials(operands, out):
        n = len(operands) // 2
        return [*operands[n : 2 * n], *operands[:n], *([1.0] if len(operands) > 2 * n else [])]

    return forward, partials

"""Gates with any number of operands.

Their rules receive all operands as one sequence; the one derivative rule is also told for which
operand, counted from 0, it shall give the local derivative.
"""

from collections.abc import Iterable

from autograd.operation import operation

NAN = float("nan")


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

    def forward(operands):
        total = operands[0]
        for i in range(1, len(operands)):
            total = total + operands[i]
        return total

    return forward, lambda operands, out, i: 1.0


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

    def forward(operands):
        n = len(operands) // 2
        total = operands[0] * operands[n]
        for i in range(1, n):
            total = total + operands[i] * operands[n + i]
        return total + operands[-1] if len(operands) > 2 * n else total

    def partial(operands, out, i):
        n = len(operands) // 2
        if i < n:
            return operands[n + i]
        return operands[i - n] if i < 2 * n else 1.0

    return forward, partial


def _choices_and_index(choices: Iterable, index) -> tuple:
    choices = tuple(choices)
    number = getattr(index, "_data", index)
    if not (0 <= number < len(choices) and number == int(number)):
        raise IndexError(
            f"choose: the index {number:g} selects none of the {len(choices)} operands; "
            f"give a whole number from 0 to {len(choices) - 1}"
        )
    return (*choices, index)


@operation(
    symbol="choose",
    latex=r"x_k",
    gradient_latex=(r"\begin{cases} 1 & i = k \\ 0 & \text{otherwise} \end{cases}, 0",),
    domain=((0, 3),),
    collect=_choices_and_index,
    selects=True,
    routes=True,
)
def choose(m):
    """Select one of several operands by an index, counted from 0, which is an operand too.

    The gradient flows to the operand that was selected.

    >>> choose([Value(10.0), Value(20.0), Value(30.0)], 1).data
    20.0
    """

    def forward(operands):
        index = operands[-1]
        return operands[int(index)] if 0 <= index < len(operands) - 1 else NAN

    def partial(operands, out, i):
        return m.equal(m.floor(operands[-1]), float(i)) if i < len(operands) - 1 else 0.0

    return forward, partial

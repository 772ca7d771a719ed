"""Arithmetic: the gates of the first lecture."""

from autograd.operation import operation


@operation(
    symbol="+",
    operator="__add__",
    latex=r"x + y",
    gradient_latex=(r"1", r"1"),
    domain=((-3, 3), (-3, 3)),
)
def add(m):
    """Add two operands: the add gate distributes its gradient to both.

    >>> add(Value(3.0), Value(4.0)).data
    7.0
    """
    return (
        lambda x, y: x + y,
        lambda x, y, out: 1.0,
        lambda x, y, out: 1.0,
    )


@operation(
    symbol="-",
    operator="__sub__",
    latex=r"x - y",
    gradient_latex=(r"1", r"-1"),
    domain=((-3, 3), (-3, 3)),
)
def sub(m):
    """Subtract the second operand from the first.

    >>> sub(Value(3.0), Value(4.0)).data
    -1.0
    """
    return (
        lambda x, y: x - y,
        lambda x, y, out: 1.0,
        lambda x, y, out: -1.0,
    )


@operation(
    symbol="*",
    operator="__mul__",
    latex=r"x y",
    gradient_latex=(r"y", r"x"),
    domain=((-3, 3), (-3, 3)),
)
def mul(m):
    """Multiply two operands: the multiply gate swaps, each receives the other times the gradient.

    >>> mul(Value(3.0), Value(4.0)).data
    12.0
    """
    return (
        lambda x, y: x * y,
        lambda x, y, out: y,
        lambda x, y, out: x,
    )


@operation(
    symbol="/",
    operator="__truediv__",
    latex=r"\frac{x}{y}",
    gradient_latex=(r"\frac{1}{y}", r"-\frac{x}{y^2}"),
    domain=((-3, 3), (0.5, 3)),
)
def div(m):
    """Divide the first operand by the second; dividing by zero gives an infinity or nan.

    >>> div(Value(1.0), Value(4.0)).data
    0.25
    >>> div(Value(1.0), Value(0.0)).data
    inf
    """
    return (
        lambda x, y: m.div(x, y),
        lambda x, y, out: m.div(1.0, y),
        lambda x, y, out: m.div(-out, y),
    )


@operation(
    symbol="*-1",
    operator="__neg__",
    latex=r"-x",
    gradient_latex=(r"-1",),
    domain=((-3, 3),),
)
def neg(m):
    """Change the sign.

    >>> neg(Value(3.0)).data
    -3.0
    """
    return (
        lambda x: -x,
        lambda x, out: -1.0,
    )


@operation(
    symbol="1/x",
    latex=r"\frac{1}{x}",
    gradient_latex=(r"-\frac{1}{x^2}",),
    domain=((0.5, 3),),
)
def reciprocal(m):
    """One divided by the operand.

    >>> reciprocal(Value(4.0)).data
    0.25
    """
    return (
        lambda x: m.div(1.0, x),
        lambda x, out: -out * out,
    )


@operation(
    symbol="%",
    operator="__mod__",
    latex=r"x - y \lfloor \frac{x}{y} \rfloor",
    gradient_latex=(r"1", r"-\lfloor \frac{x}{y} \rfloor"),
    domain=((-3, 3), (0.7, 2)),
)
def remainder(m):
    """Remainder of a division, with the sign of the divisor, as Python's ``%``.

    >>> remainder(Value(-7.0), 4.0).data
    1.0
    """
    return (
        lambda x, y: m.remainder(x, y),
        lambda x, y, out: 1.0,
        lambda x, y, out: -m.floor(m.div(x, y)),
    )


@operation(
    symbol="fmod",
    latex=r"x - y \operatorname{trunc}(\frac{x}{y})",
    gradient_latex=(r"1", r"-\operatorname{trunc}(\frac{x}{y})"),
    domain=((-3, 3), (0.7, 2)),
)
def fmod(m):
    """Remainder of a division, with the sign of the dividend, as C's ``fmod``.

    >>> fmod(Value(-7.0), 4.0).data
    -3.0
    """
    return (
        lambda x, y: m.fmod(x, y),
        lambda x, y, out: 1.0,
        lambda x, y, out: -m.trunc(m.div(x, y)),
    )


@operation(
    symbol="abs",
    operator="__abs__",
    latex=r"|x|",
    gradient_latex=(r"\operatorname{sign}(x)",),
    domain=((-3, 3),),
)
def abs(m):
    """Absolute value; its derivative at zero is taken as zero.

    >>> abs(Value(-3.0)).data
    3.0
    """
    return (
        lambda x: m.abs(x),
        lambda x, out: m.sign(x),
    )


@operation(
    symbol="lerp",
    latex=r"x + z (y - x)",
    gradient_latex=(r"1 - z", r"z", r"y - x"),
    domain=((-3, 3), (-3, 3), (-1, 2)),
)
def lerp(m):
    """Linear interpolation from the first operand to the second by the third.

    >>> lerp(Value(10.0), 20.0, 0.25).data
    12.5
    """
    return (
        lambda input, end, weight: input + weight * (end - input),
        lambda input, end, weight, out: 1.0 - weight,
        lambda input, end, weight, out: weight,
        lambda input, end, weight, out: end - input,
    )

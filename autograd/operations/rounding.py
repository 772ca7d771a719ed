"""Rounding: flat between the steps, so every derivative is zero."""

from autograd.operation import operation


@operation(
    symbol="floor",
    latex=r"\lfloor x \rfloor",
    gradient_latex=(r"0",),
    domain=((-3, 3),),
    routes=True,
)
def floor(m):
    """The largest whole number that is not above the operand.

    >>> floor(Value(-1.5)).data
    -2.0
    """
    return (
        lambda x: m.floor(x),
        lambda x, out: 0.0,
    )


@operation(
    symbol="ceil",
    latex=r"\lceil x \rceil",
    gradient_latex=(r"0",),
    domain=((-3, 3),),
    routes=True,
)
def ceil(m):
    """The smallest whole number that is not below the operand.

    >>> ceil(Value(1.5)).data
    2.0
    """
    return (
        lambda x: m.ceil(x),
        lambda x, out: 0.0,
    )


@operation(
    symbol="round",
    latex=r"\operatorname{round}(x)",
    gradient_latex=(r"0",),
    domain=((-3, 3),),
    routes=True,
)
def round(m):
    """The nearest whole number; halves go to the even one.

    >>> round(Value(2.5)).data
    2.0
    """
    return (
        lambda x: m.round(x),
        lambda x, out: 0.0,
    )


@operation(
    symbol="trunc",
    latex=r"\operatorname{trunc}(x)",
    gradient_latex=(r"0",),
    domain=((-3, 3),),
    routes=True,
)
def trunc(m):
    """The operand without its fraction.

    >>> trunc(Value(-1.5)).data
    -1.0
    """
    return (
        lambda x: m.trunc(x),
        lambda x, out: 0.0,
    )

"""Hyperbolic functions and their inverses."""

from autograd.operation import operation


@operation(
    symbol="sinh",
    latex=r"\sinh x",
    gradient_latex=(r"\cosh x",),
    domain=((-3, 3),),
)
def sinh(m):
    """Hyperbolic sine.

    >>> sinh(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.sinh(x),
        lambda x, out: m.cosh(x),
    )


@operation(
    symbol="cosh",
    latex=r"\cosh x",
    gradient_latex=(r"\sinh x",),
    domain=((-3, 3),),
)
def cosh(m):
    """Hyperbolic cosine.

    >>> cosh(Value(0.0)).data
    1.0
    """
    return (
        lambda x: m.cosh(x),
        lambda x, out: m.sinh(x),
    )


@operation(
    symbol="tanh",
    latex=r"\tanh x",
    gradient_latex=(r"1 - \tanh^2 x",),
    domain=((-3, 3),),
    composed=lambda m, x: m.sigmoid(x * 2.0) * 2.0 - 1.0,
)
def tanh(m):
    """Hyperbolic tangent: squashes to (-1, 1).

    >>> tanh(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.tanh(x),
        lambda x, out: 1.0 - out * out,
    )


@operation(
    symbol="asinh",
    aliases=("arcsinh",),
    latex=r"\ln(x + \sqrt{x^2 + 1})",
    gradient_latex=(r"\frac{1}{\sqrt{x^2 + 1}}",),
    domain=((-3, 3),),
)
def asinh(m):
    """Inverse hyperbolic sine.

    >>> asinh(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.asinh(x),
        lambda x, out: m.rsqrt(x * x + 1.0),
    )


@operation(
    symbol="acosh",
    aliases=("arccosh",),
    latex=r"\ln(x + \sqrt{x^2 - 1})",
    gradient_latex=(r"\frac{1}{\sqrt{x^2 - 1}}",),
    domain=((1.5, 4),),
)
def acosh(m):
    """Inverse hyperbolic cosine; nan below one.

    >>> acosh(Value(1.0)).data
    0.0
    """
    return (
        lambda x: m.acosh(x),
        lambda x, out: m.rsqrt(x * x - 1.0),
    )


@operation(
    symbol="atanh",
    aliases=("arctanh",),
    latex=r"\frac{1}{2} \ln \frac{1 + x}{1 - x}",
    gradient_latex=(r"\frac{1}{1 - x^2}",),
    domain=((-0.8, 0.8),),
)
def atanh(m):
    """Inverse hyperbolic tangent; infinite at -1 and 1.

    >>> atanh(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.atanh(x),
        lambda x, out: m.div(1.0, 1.0 - x * x),
    )

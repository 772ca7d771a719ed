"""Exponentials, logarithms and the error function."""

from autograd.operation import operation

TWO_OVER_SQRT_PI = 1.1283791670955126
LN_2 = 0.6931471805599453
LN_10 = 2.302585092994046


@operation(
    symbol="exp",
    latex=r"e^{x}",
    gradient_latex=(r"e^{x}",),
    domain=((-3, 3),),
)
def exp(m):
    """Natural exponential: it is its own derivative.

    >>> exp(Value(0.0)).data
    1.0
    >>> exp(Value(1000.0)).data
    inf
    """
    return (
        lambda x: m.exp(x),
        lambda x, out: out,
    )


@operation(
    symbol="2^x",
    latex=r"2^{x}",
    gradient_latex=(r"2^{x} \ln 2",),
    domain=((-3, 3),),
)
def exp2(m):
    """Two to the power of the operand.

    >>> exp2(Value(3.0)).data
    8.0
    """
    return (
        lambda x: m.pow(2.0, x),
        lambda x, out: out * LN_2,
    )


@operation(
    symbol="expm1",
    latex=r"e^{x} - 1",
    gradient_latex=(r"e^{x}",),
    domain=((-3, 3),),
)
def expm1(m):
    """Exponential minus one, accurate near zero.

    >>> expm1(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.expm1(x),
        lambda x, out: out + 1.0,
    )


@operation(
    symbol="ln",
    latex=r"\ln x",
    gradient_latex=(r"\frac{1}{x}",),
    domain=((0.3, 4),),
)
def log(m):
    """Natural logarithm; minus infinity at zero, nan below.

    >>> log(Value(1.0)).data
    0.0
    >>> log(Value(0.0)).data
    -inf
    """
    return (
        lambda x: m.log(x),
        lambda x, out: m.div(1.0, x),
    )


@operation(
    symbol="log1p",
    latex=r"\ln(1 + x)",
    gradient_latex=(r"\frac{1}{1 + x}",),
    domain=((-0.5, 3),),
)
def log1p(m):
    """Logarithm of one plus the operand, accurate near zero.

    >>> log1p(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.log1p(x),
        lambda x, out: m.div(1.0, 1.0 + x),
    )


@operation(
    symbol="log2",
    latex=r"\frac{\ln x}{\ln 2}",
    gradient_latex=(r"\frac{1}{x \ln 2}",),
    domain=((0.3, 4),),
)
def log2(m):
    """Logarithm to base two.

    >>> log2(Value(8.0)).data
    3.0
    """
    return (
        lambda x: m.log2(x),
        lambda x, out: m.div(1.0, x * LN_2),
    )


@operation(
    symbol="log10",
    latex=r"\frac{\ln x}{\ln 10}",
    gradient_latex=(r"\frac{1}{x \ln 10}",),
    domain=((0.3, 4),),
)
def log10(m):
    """Logarithm to base ten.

    >>> log10(Value(100.0)).data
    2.0
    """
    return (
        lambda x: m.log10(x),
        lambda x, out: m.div(1.0, x * LN_10),
    )


@operation(
    symbol="logaddexp",
    latex=r"\ln(e^{x} + e^{y})",
    gradient_latex=(r"\frac{e^{x}}{e^{x} + e^{y}}", r"\frac{e^{y}}{e^{x} + e^{y}}"),
    domain=((-3, 3), (-3, 3)),
)
def logaddexp(m):
    """Logarithm of the sum of two exponentials, without overflow on the way.

    >>> logaddexp(Value(1000.0), 0.0).data
    1000.0
    """
    return (
        lambda x, y: m.where(m.equal(x, y), x + LN_2, m.maximum(x, y) + m.log1p(m.exp(-m.abs(x - y)))),
        lambda x, y, out: m.exp(x - out),
        lambda x, y, out: m.exp(y - out),
    )


@operation(
    symbol="erf",
    latex=r"\operatorname{erf}(x)",
    gradient_latex=(r"\frac{2}{\sqrt{\pi}} e^{-x^2}",),
    domain=((-2, 2),),
)
def erf(m):
    """Error function: the normal distribution's probability of being within x times root two.

    >>> erf(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.erf(x),
        lambda x, out: TWO_OVER_SQRT_PI * m.exp(-x * x),
    )


@operation(
    symbol="erfc",
    latex=r"1 - \operatorname{erf}(x)",
    gradient_latex=(r"-\frac{2}{\sqrt{\pi}} e^{-x^2}",),
    domain=((-2, 2),),
)
def erfc(m):
    """One minus the error function, accurate in the tail.

    >>> erfc(Value(0.0)).data
    1.0
    """
    return (
        lambda x: m.erfc(x),
        lambda x, out: -TWO_OVER_SQRT_PI * m.exp(-x * x),
    )

"""Trigonometric functions and their inverses, in radians."""

from autograd.operation import operation


@operation(
    symbol="sin",
    latex=r"\sin x",
    gradient_latex=(r"\cos x",),
    domain=((-3, 3),),
)
def sin(m):
    """Sine.

    >>> sin(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.sin(x),
        lambda x, out: m.cos(x),
    )


@operation(
    symbol="cos",
    latex=r"\cos x",
    gradient_latex=(r"-\sin x",),
    domain=((-3, 3),),
)
def cos(m):
    """Cosine.

    >>> cos(Value(0.0)).data
    1.0
    """
    return (
        lambda x: m.cos(x),
        lambda x, out: -m.sin(x),
    )


@operation(
    symbol="tan",
    latex=r"\tan x",
    gradient_latex=(r"1 + \tan^2 x",),
    domain=((-1, 1),),
)
def tan(m):
    """Tangent.

    >>> tan(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.tan(x),
        lambda x, out: 1.0 + out * out,
    )


@operation(
    symbol="asin",
    aliases=("arcsin",),
    latex=r"\arcsin x",
    gradient_latex=(r"\frac{1}{\sqrt{1 - x^2}}",),
    domain=((-0.8, 0.8),),
)
def asin(m):
    """Inverse sine; nan outside [-1, 1].

    >>> asin(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.asin(x),
        lambda x, out: m.rsqrt(1.0 - x * x),
    )


@operation(
    symbol="acos",
    aliases=("arccos",),
    latex=r"\arccos x",
    gradient_latex=(r"-\frac{1}{\sqrt{1 - x^2}}",),
    domain=((-0.8, 0.8),),
)
def acos(m):
    """Inverse cosine; nan outside [-1, 1].

    >>> acos(Value(1.0)).data
    0.0
    """
    return (
        lambda x: m.acos(x),
        lambda x, out: -m.rsqrt(1.0 - x * x),
    )


@operation(
    symbol="atan",
    aliases=("arctan",),
    latex=r"\arctan x",
    gradient_latex=(r"\frac{1}{1 + x^2}",),
    domain=((-3, 3),),
)
def atan(m):
    """Inverse tangent.

    >>> atan(Value(0.0)).data
    0.0
    """
    return (
        lambda x: m.atan(x),
        lambda x, out: m.div(1.0, 1.0 + x * x),
    )


@operation(
    symbol="atan2",
    aliases=("arctan2",),
    latex=r"\operatorname{atan2}(x, y)",
    gradient_latex=(r"\frac{y}{x^2 + y^2}", r"-\frac{x}{x^2 + y^2}"),
    domain=((0.5, 3), (-3, 3)),
)
def atan2(m):
    """Angle of the point whose second coordinate is the first operand: atan2(y, x).

    >>> atan2(Value(0.0), 1.0).data
    0.0
    """
    return (
        lambda x, y: m.atan2(x, y),
        lambda x, y, out: m.div(y, x * x + y * y),
        lambda x, y, out: m.div(-x, x * x + y * y),
    )

"""Powers and roots."""

from autograd.operation import operation


@operation(
    symbol="**",
    operator="__pow__",
    latex=r"x^{y}",
    gradient_latex=(r"y x^{y - 1}", r"x^{y} \ln x"),
    domain=((0.5, 3), (-2, 3)),
)
def pow(m):
    """Raise the first operand to the power of the second; both may vary.

    Only the derivative for an operand that needs one is computed, so a constant exponent
    allows a negative base.

    >>> pow(Value(-2.0), 3).data
    -8.0
    >>> pow(Value(0.0), 0).data
    1.0
    """
    return (
        lambda x, y: m.pow(x, y),
        lambda x, y, out: m.where(m.equal(y, 0.0), 0.0, y * m.pow(x, y - 1.0)),
        lambda x, y, out: m.where(m.equal(x, 0.0) * m.greater_equal(y, 0.0), 0.0, out * m.log(x)),
    )


@operation(
    symbol="x²",
    latex=r"x^2",
    gradient_latex=(r"2 x",),
    domain=((-3, 3),),
)
def square(m):
    """The operand times itself, as one gate.

    >>> square(Value(-3.0)).data
    9.0
    """
    return (
        lambda x: x * x,
        lambda x, out: 2.0 * x,
    )


@operation(
    symbol="√",
    latex=r"\sqrt{x}",
    gradient_latex=(r"\frac{1}{2 \sqrt{x}}",),
    domain=((0.5, 4),),
)
def sqrt(m):
    """Square root; nan below zero.

    >>> sqrt(Value(9.0)).data
    3.0
    """
    return (
        lambda x: m.sqrt(x),
        lambda x, out: m.div(0.5, out),
    )


@operation(
    symbol="1/√",
    latex=r"\frac{1}{\sqrt{x}}",
    gradient_latex=(r"-\frac{1}{2 x \sqrt{x}}",),
    domain=((0.5, 4),),
)
def rsqrt(m):
    """One divided by the square root.

    >>> rsqrt(Value(4.0)).data
    0.5
    """
    return (
        lambda x: m.div(1.0, m.sqrt(x)),
        lambda x, out: m.div(-0.5 * out, x),
    )


@operation(
    symbol="hypot",
    latex=r"\sqrt{x^2 + y^2}",
    gradient_latex=(r"\frac{x}{\sqrt{x^2 + y^2}}", r"\frac{y}{\sqrt{x^2 + y^2}}"),
    domain=((0.5, 3), (-3, 3)),
)
def hypot(m):
    """Length of the hypotenuse, without overflow on the way.

    >>> hypot(Value(3.0), 4.0).data
    5.0
    """
    return (
        lambda x, y: m.hypot(x, y),
        lambda x, y, out: m.div(x, out),
        lambda x, y, out: m.div(y, out),
    )

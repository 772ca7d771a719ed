"""Selecting and comparing: the max gate routes its gradient to the operand that won.

Comparisons give 1.0 or 0.0 and have a zero derivative.  They are operations of their own, so
that a piecewise rule stays correct when its graph is evaluated again with other numbers.
"""

from autograd.operation import operation


@operation(
    symbol="max",
    latex=r"\max(x, y)",
    gradient_latex=(
        r"\begin{cases} 1 & x > y \\ 0 & x < y \\ \frac{1}{2} & \text{otherwise} \end{cases}",
        r"\begin{cases} 1 & x < y \\ 0 & x > y \\ \frac{1}{2} & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def maximum(m):
    """The larger operand; it alone receives the gradient, equal ones share it.

    >>> maximum(Value(3.0), 4.0).data
    4.0
    """
    return (
        lambda x, y: m.maximum(x, y),
        lambda x, y, out: m.where(m.equal(x, y), 0.5, m.greater(x, y)),
        lambda x, y, out: m.where(m.equal(x, y), 0.5, m.less(x, y)),
    )


@operation(
    symbol="min",
    latex=r"\min(x, y)",
    gradient_latex=(
        r"\begin{cases} 1 & x < y \\ 0 & x > y \\ \frac{1}{2} & \text{otherwise} \end{cases}",
        r"\begin{cases} 1 & x > y \\ 0 & x < y \\ \frac{1}{2} & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def minimum(m):
    """The smaller operand; it alone receives the gradient, equal ones share it.

    >>> minimum(Value(3.0), 4.0).data
    3.0
    """
    return (
        lambda x, y: m.minimum(x, y),
        lambda x, y, out: m.where(m.equal(x, y), 0.5, m.less(x, y)),
        lambda x, y, out: m.where(m.equal(x, y), 0.5, m.greater(x, y)),
    )


@operation(
    symbol="clamp",
    aliases=("clip",),
    latex=r"\min(\max(x, y), z)",
    gradient_latex=(
        r"\begin{cases} 1 & y \le x \le z \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{cases} 1 & x < y < z \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{cases} 1 & x > z \\ 1 & y > z \\ 0 & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3), (-2, -1), (1, 2)),
    routes=True,
)
def clamp(m):
    """Limit the operand to an interval; at its ends the derivative is one.

    >>> clamp(Value(5.0), -1.0, 1.0).data
    1.0
    """
    return (
        lambda x, min=float("-inf"), max=float("inf"): m.minimum(m.maximum(x, min), max),
        lambda x, min, max, out: m.greater_equal(x, min) * m.less_equal(x, max),
        lambda x, min, max, out: m.less(x, min) * m.less(min, max),
        lambda x, min, max, out: m.maximum(m.greater(x, max), m.greater(min, max)),
    )


@operation(
    symbol="where",
    latex=r"\begin{cases} y & x \ne 0 \\ z & \text{otherwise} \end{cases}",
    gradient_latex=(
        r"0",
        r"\begin{cases} 1 & x \ne 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{cases} 0 & x \ne 0 \\ 1 & \text{otherwise} \end{cases}",
    ),
    domain=((0.5, 1), (-3, 3), (-3, 3)),
    routes=True,
)
def where(m):
    """The second operand where the condition holds (is not zero), else the third.

    >>> x = Value(-3.0)
    >>> where(x > 0, x, 0.1 * x).data
    -0.30000000000000004
    """
    return (
        lambda condition, input, other: m.where(condition, input, other),
        lambda condition, input, other, out: 0.0,
        lambda condition, input, other, out: m.where(condition, 1.0, 0.0),
        lambda condition, input, other, out: m.where(condition, 0.0, 1.0),
    )


@operation(
    symbol="sign",
    latex=r"\operatorname{sign}(x)",
    gradient_latex=(r"0",),
    domain=((-3, 3),),
    routes=True,
)
def sign(m):
    """Minus one, zero or one, by the sign.

    >>> sign(Value(-3.0)).data
    -1.0
    """
    return (
        lambda x: m.greater(x, 0.0) - m.less(x, 0.0),
        lambda x, out: 0.0,
    )


@operation(
    symbol=">",
    comparison="__gt__",
    latex=r"\begin{cases} 1 & x > y \\ 0 & \text{otherwise} \end{cases}",
    gradient_latex=(r"0", r"0"),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def greater(m):
    """1.0 where the first operand is larger than the second, else 0.0.

    >>> greater(Value(3.0), 4.0).data
    0.0
    """
    return (
        lambda x, y: m.greater(x, y),
        lambda x, y, out: 0.0,
        lambda x, y, out: 0.0,
    )


@operation(
    symbol="≥",
    comparison="__ge__",
    latex=r"\begin{cases} 1 & x \ge y \\ 0 & \text{otherwise} \end{cases}",
    gradient_latex=(r"0", r"0"),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def greater_equal(m):
    """1.0 where the first operand is at least the second, else 0.0.

    >>> greater_equal(Value(4.0), 4.0).data
    1.0
    """
    return (
        lambda x, y: m.greater_equal(x, y),
        lambda x, y, out: 0.0,
        lambda x, y, out: 0.0,
    )


@operation(
    symbol="<",
    comparison="__lt__",
    latex=r"\begin{cases} 1 & x < y \\ 0 & \text{otherwise} \end{cases}",
    gradient_latex=(r"0", r"0"),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def less(m):
    """1.0 where the first operand is smaller than the second, else 0.0.

    >>> less(Value(3.0), 4.0).data
    1.0
    """
    return (
        lambda x, y: m.less(x, y),
        lambda x, y, out: 0.0,
        lambda x, y, out: 0.0,
    )


@operation(
    symbol="≤",
    comparison="__le__",
    latex=r"\begin{cases} 1 & x \le y \\ 0 & \text{otherwise} \end{cases}",
    gradient_latex=(r"0", r"0"),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def less_equal(m):
    """1.0 where the first operand is at most the second, else 0.0.

    >>> less_equal(Value(4.0), 4.0).data
    1.0
    """
    return (
        lambda x, y: m.less_equal(x, y),
        lambda x, y, out: 0.0,
        lambda x, y, out: 0.0,
    )


@operation(
    symbol="=",
    comparison="__eq__",
    latex=r"\begin{cases} 1 & x = y \\ 0 & \text{otherwise} \end{cases}",
    gradient_latex=(r"0", r"0"),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def equal(m):
    """1.0 where both operands are the same number, else 0.0.

    >>> equal(Value(4.0), 4.0).data
    1.0
    """
    return (
        lambda x, y: m.equal(x, y),
        lambda x, y, out: 0.0,
        lambda x, y, out: 0.0,
    )


@operation(
    symbol="≠",
    comparison="__ne__",
    latex=r"\begin{cases} 1 & x \ne y \\ 0 & \text{otherwise} \end{cases}",
    gradient_latex=(r"0", r"0"),
    domain=((-3, 3), (-3, 3)),
    routes=True,
)
def not_equal(m):
    """1.0 where the operands are different numbers, else 0.0.

    >>> not_equal(Value(4.0), 4.0).data
    0.0
    """
    return (
        lambda x, y: m.not_equal(x, y),
        lambda x, y, out: 0.0,
        lambda x, y, out: 0.0,
    )

"""Activation functions of neurons.

The conditions of the piecewise ones are written so that nan stays nan, and the derivative at
a kink is PyTorch's.
"""

from autograd.operation import operation

SQRT_HALF = 0.7071067811865476
INVERSE_SQRT_TWO_PI = 0.3989422804014327
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


@operation(
    symbol="σ",
    latex=r"\frac{1}{1 + e^{-x}}",
    gradient_latex=(r"\sigma(x) (1 - \sigma(x))",),
    domain=((-3, 3),),
    composed=lambda m, x: m.reciprocal(m.exp(-x) + 1.0),
)
def sigmoid(m):
    """Sigmoid: squashes to (0, 1); the local derivative is s (1 - s).

    >>> sigmoid(Value(0.0)).data
    0.5
    """
    return (
        lambda x: m.div(1.0, 1.0 + m.exp(-x)),
        lambda x, out: out * (1.0 - out),
    )


@operation(
    symbol="ln σ",
    latex=r"-\ln(1 + e^{-x})",
    gradient_latex=(r"1 - \sigma(x)",),
    domain=((-3, 3),),
    composed=lambda m, x: m.log(m.sigmoid(x)),
)
def logsigmoid(m):
    """Logarithm of the sigmoid, accurate in both tails.

    >>> logsigmoid(Value(-1000.0)).data
    -1000.0
    """
    return (
        lambda x: -m.softplus(-x),
        lambda x, out: m.sigmoid(-x),
    )


@operation(
    symbol="softplus",
    latex=r"\ln(1 + e^{x})",
    gradient_latex=(r"\sigma(x)",),
    domain=((-3, 3),),
    composed=lambda m, x: m.log(m.exp(x) + 1.0),
)
def softplus(m):
    """Smooth ReLU; its derivative is the sigmoid.

    >>> softplus(Value(1000.0)).data
    1000.0
    """
    return (
        lambda x: m.maximum(x, 0.0) + m.log1p(m.exp(-m.abs(x))),
        lambda x, out: m.sigmoid(x),
    )


@operation(
    symbol="ReLU",
    latex=r"\max(0, x)",
    gradient_latex=(r"\begin{cases} 0 & x \le 0 \\ 1 & \text{otherwise} \end{cases}",),
    routes=True,
    domain=((-3, 3),),
    composed=lambda m, x: m.maximum(x, 0.0),
)
def relu(m):
    """Rectified linear unit; its derivative at zero is taken as zero.

    >>> relu(Value(-3.0)).data
    0.0
    """
    return (
        lambda x: m.maximum(x, 0.0),
        lambda x, out: m.greater(x, 0.0),
    )


@operation(
    symbol="leaky ReLU",
    latex=r"\begin{cases} x & x > 0 \\ y x & \text{otherwise} \end{cases}",
    gradient_latex=(
        r"\begin{cases} 1 & x > 0 \\ y & \text{otherwise} \end{cases}",
        r"\begin{cases} 0 & x > 0 \\ x & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3), (0.01, 0.5)),
)
def leaky_relu(m):
    """ReLU with a small slope below zero, so that the unit cannot die.

    >>> leaky_relu(Value(-3.0), 0.1).data
    -0.30000000000000004
    """
    return (
        lambda x, negative_slope=0.01: m.where(m.greater(x, 0.0), x, negative_slope * x),
        lambda x, negative_slope, out: m.where(m.greater(x, 0.0), 1.0, negative_slope),
        lambda x, negative_slope, out: m.where(m.greater(x, 0.0), 0.0, x),
    )


@operation(
    symbol="ReLU6",
    latex=r"\min(\max(0, x), 6)",
    gradient_latex=(r"\begin{cases} 1 & 0 < x < 6 \\ 0 & \text{otherwise} \end{cases}",),
    domain=((-3, 9),),
    routes=True,
)
def relu6(m):
    """ReLU that stops at six.

    >>> relu6(Value(9.0)).data
    6.0
    """
    return (
        lambda x: m.minimum(m.maximum(x, 0.0), 6.0),
        lambda x, out: m.greater(x, 0.0) * m.less(x, 6.0),
    )


@operation(
    symbol="ELU",
    latex=r"\begin{cases} x & x > 0 \\ y (e^{x} - 1) & \text{otherwise} \end{cases}",
    gradient_latex=(
        r"\begin{cases} 1 & x > 0 \\ y e^{x} & \text{otherwise} \end{cases}",
        r"\begin{cases} 0 & x > 0 \\ e^{x} - 1 & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3), (0.5, 2)),
)
def elu(m):
    """Exponential linear unit: smooth below zero, approaching minus alpha.

    >>> elu(Value(3.0)).data
    3.0
    """
    return (
        lambda x, alpha=1.0: m.where(m.greater(x, 0.0), x, alpha * m.expm1(m.minimum(x, 0.0))),
        lambda x, alpha, out: m.where(m.greater(x, 0.0), 1.0, alpha * m.exp(m.minimum(x, 0.0))),
        lambda x, alpha, out: m.where(m.greater(x, 0.0), 0.0, m.expm1(m.minimum(x, 0.0))),
    )


@operation(
    symbol="SELU",
    latex=(
        r"1.0507009873554805 \begin{cases} x & x > 0 \\"
        r" 1.6732632423543772 (e^{x} - 1) & \text{otherwise} \end{cases}"
    ),
    gradient_latex=(
        r"1.0507009873554805 \begin{cases} 1 & x > 0 \\ 1.6732632423543772 e^{x} & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3),),
)
def selu(m):
    """ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017).

    >>> selu(Value(0.0)).data
    0.0
    """
    return (
        lambda x: SELU_SCALE * m.elu(x, SELU_ALPHA),
        lambda x, out: SELU_SCALE * m.where(m.greater(x, 0.0), 1.0, SELU_ALPHA * m.exp(m.minimum(x, 0.0))),
    )


@operation(
    symbol="CELU",
    latex=r"\begin{cases} x & x > 0 \\ y (e^{\frac{x}{y}} - 1) & \text{otherwise} \end{cases}",
    gradient_latex=(
        r"\begin{cases} 1 & x > 0 \\ e^{\frac{x}{y}} & \text{otherwise} \end{cases}",
        r"\begin{cases} 0 & x > 0 \\ (1 - \frac{x}{y}) e^{\frac{x}{y}} - 1 & \text{otherwise} \end{cases}",
    ),
    domain=((-3, 3), (0.5, 2)),
)
def celu(m):
    """ELU whose derivative is continuous for every alpha (Barron 2017).

    >>> celu(Value(3.0)).data
    3.0
    """
    return (
        lambda x, alpha=1.0: m.where(m.greater(x, 0.0), x, alpha * m.expm1(m.div(m.minimum(x, 0.0), alpha))),
        lambda x, alpha, out: m.where(m.greater(x, 0.0), 1.0, m.exp(m.div(m.minimum(x, 0.0), alpha))),
        lambda x, alpha, out: m.where(
            m.greater(x, 0.0),
            0.0,
            m.expm1(m.div(m.minimum(x, 0.0), alpha)) - m.div(x, alpha) * m.exp(m.div(m.minimum(x, 0.0), alpha)),
        ),
    )


@operation(
    symbol="GELU",
    latex=r"\frac{x}{2} (1 + \operatorname{erf}(\frac{x}{\sqrt{2}}))",
    gradient_latex=(
        r"\frac{1}{2} (1 + \operatorname{erf}(\frac{x}{\sqrt{2}})) + \frac{x e^{-\frac{x^2}{2}}}{\sqrt{2 \pi}}",
    ),
    domain=((-3, 3),),
)
def gelu(m):
    """Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016).

    >>> gelu(Value(0.0)).data
    0.0
    """
    return (
        lambda x: 0.5 * x * m.erfc(-x * SQRT_HALF),
        lambda x, out: 0.5 * m.erfc(-x * SQRT_HALF) + x * (INVERSE_SQRT_TWO_PI * m.exp(-0.5 * x * x)),
    )


@operation(
    symbol="SiLU",
    latex=r"x \sigma(x)",
    gradient_latex=(r"\sigma(x) (1 + x (1 - \sigma(x)))",),
    domain=((-3, 3),),
    composed=lambda m, x: x * m.sigmoid(x),
)
def silu(m):
    """Sigmoid linear unit, also called swish.

    >>> silu(Value(0.0)).data
    0.0
    """
    return (
        lambda x: x * m.sigmoid(x),
        lambda x, out: m.sigmoid(x) * (1.0 + x * m.sigmoid(-x)),
    )


@operation(
    symbol="Mish",
    latex=r"x \tanh(\ln(1 + e^{x}))",
    gradient_latex=(r"\tanh(\ln(1 + e^{x})) + x \sigma(x) (1 - \tanh^2(\ln(1 + e^{x})))",),
    domain=((-3, 3),),
    composed=lambda m, x: x * m.tanh(m.softplus(x)),
)
def mish(m):
    """X times tanh of softplus (Misra 2019).

    >>> mish(Value(0.0)).data
    0.0
    """
    return (
        lambda x: x * m.tanh(m.softplus(x)),
        lambda x, out: m.tanh(m.softplus(x)) + x * m.sigmoid(x) * (1.0 - m.tanh(m.softplus(x)) * m.tanh(m.softplus(x))),
    )


@operation(
    symbol="softsign",
    latex=r"\frac{x}{1 + |x|}",
    gradient_latex=(r"\frac{1}{(1 + |x|)^2}",),
    domain=((-3, 3),),
    composed=lambda m, x: x / (m.abs(x) + 1.0),
)
def softsign(m):
    """Squashes to (-1, 1) more slowly than tanh.

    >>> softsign(Value(1.0)).data
    0.5
    """
    return (
        lambda x: m.div(x, 1.0 + m.abs(x)),
        lambda x, out: m.div(1.0, (1.0 + m.abs(x)) * (1.0 + m.abs(x))),
    )


@operation(
    symbol="hardtanh",
    latex=r"\min(\max(-1, x), 1)",
    gradient_latex=(r"\begin{cases} 1 & -1 < x < 1 \\ 0 & \text{otherwise} \end{cases}",),
    domain=((-3, 3),),
    routes=True,
)
def hardtanh(m):
    """Tanh made of three straight lines.

    >>> hardtanh(Value(3.0)).data
    1.0
    """
    return (
        lambda x: m.minimum(m.maximum(x, -1.0), 1.0),
        lambda x, out: m.greater(x, -1.0) * m.less(x, 1.0),
    )


@operation(
    symbol="hardsigmoid",
    latex=r"\frac{1}{6} \min(\max(0, x + 3), 6)",
    gradient_latex=(r"\begin{cases} \frac{1}{6} & -3 < x < 3 \\ 0 & \text{otherwise} \end{cases}",),
    domain=((-5, 5),),
    routes=True,
)
def hardsigmoid(m):
    """Sigmoid made of three straight lines.

    >>> hardsigmoid(Value(0.0)).data
    0.5
    """
    return (
        lambda x: m.div(m.minimum(m.maximum(x + 3.0, 0.0), 6.0), 6.0),
        lambda x, out: m.div(m.greater(x, -3.0) * m.less(x, 3.0), 6.0),
    )


@operation(
    symbol="hardswish",
    latex=r"\frac{x}{6} \min(\max(0, x + 3), 6)",
    gradient_latex=(
        r"\begin{cases} 0 & x \le -3 \\ 1 & x \ge 3 \\ \frac{x}{3} + \frac{1}{2} & \text{otherwise} \end{cases}",
    ),
    domain=((-5, 5),),
)
def hardswish(m):
    """SiLU with the hard sigmoid.

    >>> hardswish(Value(3.0)).data
    3.0
    """
    return (
        lambda x: x * m.hardsigmoid(x),
        lambda x, out: m.where(m.less_equal(x, -3.0), 0.0, m.where(m.greater_equal(x, 3.0), 1.0, m.div(x, 3.0) + 0.5)),
    )

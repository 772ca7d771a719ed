# Generated from the op table by `python -m autograd.stubs`; do not edit.
from collections.abc import Iterable

from autograd.value import Value

__all__ = [
    "abs",
    "acos",
    "acosh",
    "add",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "ceil",
    "celu",
    "choose",
    "clamp",
    "clip",
    "cos",
    "cosh",
    "div",
    "dot",
    "elu",
    "equal",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "fmod",
    "gelu",
    "greater",
    "greater_equal",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hypot",
    "leaky_relu",
    "lerp",
    "less",
    "less_equal",
    "log",
    "log10",
    "log1p",
    "log2",
    "logaddexp",
    "logsigmoid",
    "maximum",
    "minimum",
    "mish",
    "mul",
    "neg",
    "not_equal",
    "pow",
    "reciprocal",
    "relu",
    "relu6",
    "remainder",
    "round",
    "rsqrt",
    "selu",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "sub",
    "sum",
    "tan",
    "tanh",
    "trunc",
    "where",
]

def sigmoid(x: Value | float) -> Value:
    """Sigmoid: squashes to (0, 1); the local derivative is s (1 - s)."""

def logsigmoid(x: Value | float) -> Value:
    """Logarithm of the sigmoid, accurate in both tails."""

def softplus(x: Value | float) -> Value:
    """Smooth ReLU; its derivative is the sigmoid."""

def relu(x: Value | float) -> Value:
    """Rectified linear unit; its derivative at zero is taken as zero."""

def leaky_relu(x: Value | float, negative_slope: Value | float = ...) -> Value:
    """ReLU with a small slope below zero, so that the unit cannot die."""

def relu6(x: Value | float) -> Value:
    """ReLU that stops at six."""

def elu(x: Value | float, alpha: Value | float = ...) -> Value:
    """Exponential linear unit: smooth below zero, approaching minus alpha."""

def selu(x: Value | float) -> Value:
    """ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017)."""

def celu(x: Value | float, alpha: Value | float = ...) -> Value:
    """ELU whose derivative is continuous for every alpha (Barron 2017)."""

def gelu(x: Value | float) -> Value:
    """Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016)."""

def silu(x: Value | float) -> Value:
    """Sigmoid linear unit, also called swish."""

def mish(x: Value | float) -> Value:
    """X times tanh of softplus (Misra 2019)."""

def softsign(x: Value | float) -> Value:
    """Squashes to (-1, 1) more slowly than tanh."""

def hardtanh(x: Value | float) -> Value:
    """Tanh made of three straight lines."""

def hardsigmoid(x: Value | float) -> Value:
    """Sigmoid made of three straight lines."""

def hardswish(x: Value | float) -> Value:
    """SiLU with the hard sigmoid."""

def add(x: Value | float, y: Value | float) -> Value:
    """Add two operands: the add gate distributes its gradient to both."""

def sub(x: Value | float, y: Value | float) -> Value:
    """Subtract the second operand from the first."""

def mul(x: Value | float, y: Value | float) -> Value:
    """Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""

def div(x: Value | float, y: Value | float) -> Value:
    """Divide the first operand by the second; dividing by zero gives an infinity or nan."""

def neg(x: Value | float) -> Value:
    """Change the sign."""

def reciprocal(x: Value | float) -> Value:
    """One divided by the operand."""

def remainder(x: Value | float, y: Value | float) -> Value:
    """Remainder of a division, with the sign of the divisor, as Python's ``%``."""

def fmod(x: Value | float, y: Value | float) -> Value:
    """Remainder of a division, with the sign of the dividend, as C's ``fmod``."""

def abs(x: Value | float) -> Value:
    """Absolute value; its derivative at zero is taken as zero."""

def lerp(input: Value | float, end: Value | float, weight: Value | float) -> Value:
    """Linear interpolation from the first operand to the second by the third."""

def exp(x: Value | float) -> Value:
    """Natural exponential: it is its own derivative."""

def exp2(x: Value | float) -> Value:
    """Two to the power of the operand."""

def expm1(x: Value | float) -> Value:
    """Exponential minus one, accurate near zero."""

def log(x: Value | float) -> Value:
    """Natural logarithm; minus infinity at zero, nan below."""

def log1p(x: Value | float) -> Value:
    """Logarithm of one plus the operand, accurate near zero."""

def log2(x: Value | float) -> Value:
    """Logarithm to base two."""

def log10(x: Value | float) -> Value:
    """Logarithm to base ten."""

def logaddexp(x: Value | float, y: Value | float) -> Value:
    """Logarithm of the sum of two exponentials, without overflow on the way."""

def erf(x: Value | float) -> Value:
    """Error function: the normal distribution's probability of being within x times root two."""

def erfc(x: Value | float) -> Value:
    """One minus the error function, accurate in the tail."""

def sinh(x: Value | float) -> Value:
    """Hyperbolic sine."""

def cosh(x: Value | float) -> Value:
    """Hyperbolic cosine."""

def tanh(x: Value | float) -> Value:
    """Hyperbolic tangent: squashes to (-1, 1)."""

def asinh(x: Value | float) -> Value:
    """Inverse hyperbolic sine."""

def arcsinh(x: Value | float) -> Value:
    """Inverse hyperbolic sine."""

def acosh(x: Value | float) -> Value:
    """Inverse hyperbolic cosine; nan below one."""

def arccosh(x: Value | float) -> Value:
    """Inverse hyperbolic cosine; nan below one."""

def atanh(x: Value | float) -> Value:
    """Inverse hyperbolic tangent; infinite at -1 and 1."""

def arctanh(x: Value | float) -> Value:
    """Inverse hyperbolic tangent; infinite at -1 and 1."""

def pow(x: Value | float, y: Value | float) -> Value:
    """Raise the first operand to the power of the second; both may vary."""

def square(x: Value | float) -> Value:
    """The operand times itself, as one gate."""

def sqrt(x: Value | float) -> Value:
    """Square root; nan below zero."""

def rsqrt(x: Value | float) -> Value:
    """One divided by the square root."""

def hypot(x: Value | float, y: Value | float) -> Value:
    """Length of the hypotenuse, without overflow on the way."""

def floor(x: Value | float) -> Value:
    """The largest whole number that is not above the operand."""

def ceil(x: Value | float) -> Value:
    """The smallest whole number that is not below the operand."""

def round(x: Value | float) -> Value:
    """The nearest whole number; halves go to the even one."""

def trunc(x: Value | float) -> Value:
    """The operand without its fraction."""

def maximum(x: Value | float, y: Value | float) -> Value:
    """The larger operand; it alone receives the gradient, equal ones share it."""

def minimum(x: Value | float, y: Value | float) -> Value:
    """The smaller operand; it alone receives the gradient, equal ones share it."""

def clamp(x: Value | float, min: Value | float = ..., max: Value | float = ...) -> Value:
    """Limit the operand to an interval; at its ends the derivative is one."""

def clip(x: Value | float, min: Value | float = ..., max: Value | float = ...) -> Value:
    """Limit the operand to an interval; at its ends the derivative is one."""

def where(condition: Value | float, input: Value | float, other: Value | float) -> Value:
    """The second operand where the condition holds (is not zero), else the third."""

def sign(x: Value | float) -> Value:
    """Minus one, zero or one, by the sign."""

def greater(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is larger than the second, else 0.0."""

def greater_equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is at least the second, else 0.0."""

def less(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is smaller than the second, else 0.0."""

def less_equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is at most the second, else 0.0."""

def equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where both operands are the same number, else 0.0."""

def not_equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where the operands are different numbers, else 0.0."""

def sin(x: Value | float) -> Value:
    """Sine."""

def cos(x: Value | float) -> Value:
    """Cosine."""

def tan(x: Value | float) -> Value:
    """Tangent."""

def asin(x: Value | float) -> Value:
    """Inverse sine; nan outside [-1, 1]."""

def arcsin(x: Value | float) -> Value:
    """Inverse sine; nan outside [-1, 1]."""

def acos(x: Value | float) -> Value:
    """Inverse cosine; nan outside [-1, 1]."""

def arccos(x: Value | float) -> Value:
    """Inverse cosine; nan outside [-1, 1]."""

def atan(x: Value | float) -> Value:
    """Inverse tangent."""

def arctan(x: Value | float) -> Value:
    """Inverse tangent."""

def atan2(x: Value | float, y: Value | float) -> Value:
    """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""

def arctan2(x: Value | float, y: Value | float) -> Value:
    """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""

def sum(values: Iterable[Value | float]) -> Value:
    """Add any number of operands in one gate, from left to right."""

def dot(ws: Iterable[Value | float], xs: Iterable[Value | float], bias: Value | float | None = ...) -> Value:
    """Inner product of weights and inputs plus an optional bias, in one gate."""

def choose(choices: Iterable[Value | float], index: Value | float) -> Value:
    """Select one of several operands by an index, counted from 0, which is an operand too."""


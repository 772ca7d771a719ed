# Generated from the op table by `python -m autograd.stubs`; do not edit.
from autograd.value import Value

class Methods:
    def sigmoid(self) -> Value:
        """Sigmoid: squashes to (0, 1); the local derivative is s (1 - s)."""
    def logsigmoid(self) -> Value:
        """Logarithm of the sigmoid, accurate in both tails."""
    def softplus(self) -> Value:
        """Smooth ReLU; its derivative is the sigmoid."""
    def relu(self) -> Value:
        """Rectified linear unit; its derivative at zero is taken as zero."""
    def leaky_relu(self, negative_slope: Value | float = ...) -> Value:
        """ReLU with a small slope below zero, so that the unit cannot die."""
    def relu6(self) -> Value:
        """ReLU that stops at six."""
    def elu(self, alpha: Value | float = ...) -> Value:
        """Exponential linear unit: smooth below zero, approaching minus alpha."""
    def selu(self) -> Value:
        """ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017)."""
    def celu(self, alpha: Value | float = ...) -> Value:
        """ELU whose derivative is continuous for every alpha (Barron 2017)."""
    def gelu(self) -> Value:
        """Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016)."""
    def silu(self) -> Value:
        """Sigmoid linear unit, also called swish."""
    def mish(self) -> Value:
        """X times tanh of softplus (Misra 2019)."""
    def softsign(self) -> Value:
        """Squashes to (-1, 1) more slowly than tanh."""
    def hardtanh(self) -> Value:
        """Tanh made of three straight lines."""
    def hardsigmoid(self) -> Value:
        """Sigmoid made of three straight lines."""
    def hardswish(self) -> Value:
        """SiLU with the hard sigmoid."""
    def add(self, y: Value | float) -> Value:
        """Add two operands: the add gate distributes its gradient to both."""
    def __add__(self, other: float | Value) -> Value: ...
    def __radd__(self, other: float | Value) -> Value: ...
    def sub(self, y: Value | float) -> Value:
        """Subtract the second operand from the first."""
    def __sub__(self, other: float | Value) -> Value: ...
    def __rsub__(self, other: float | Value) -> Value: ...
    def mul(self, y: Value | float) -> Value:
        """Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""
    def __mul__(self, other: float | Value) -> Value: ...
    def __rmul__(self, other: float | Value) -> Value: ...
    def div(self, y: Value | float) -> Value:
        """Divide the first operand by the second; dividing by zero gives an infinity or nan."""
    def __truediv__(self, other: float | Value) -> Value: ...
    def __rtruediv__(self, other: float | Value) -> Value: ...
    def neg(self) -> Value:
        """Change the sign."""
    def __neg__(self) -> Value: ...
    def reciprocal(self) -> Value:
        """One divided by the operand."""
    def remainder(self, y: Value | float) -> Value:
        """Remainder of a division, with the sign of the divisor, as Python's ``%``."""
    def __mod__(self, other: float | Value) -> Value: ...
    def __rmod__(self, other: float | Value) -> Value: ...
    def fmod(self, y: Value | float) -> Value:
        """Remainder of a division, with the sign of the dividend, as C's ``fmod``."""
    def abs(self) -> Value:
        """Absolute value; its derivative at zero is taken as zero."""
    def __abs__(self) -> Value: ...
    def lerp(self, end: Value | float, weight: Value | float) -> Value:
        """Linear interpolation from the first operand to the second by the third."""
    def exp(self) -> Value:
        """Natural exponential: it is its own derivative."""
    def exp2(self) -> Value:
        """Two to the power of the operand."""
    def expm1(self) -> Value:
        """Exponential minus one, accurate near zero."""
    def log(self) -> Value:
        """Natural logarithm; minus infinity at zero, nan below."""
    def log1p(self) -> Value:
        """Logarithm of one plus the operand, accurate near zero."""
    def log2(self) -> Value:
        """Logarithm to base two."""
    def log10(self) -> Value:
        """Logarithm to base ten."""
    def logaddexp(self, y: Value | float) -> Value:
        """Logarithm of the sum of two exponentials, without overflow on the way."""
    def erf(self) -> Value:
        """Error function: the normal distribution's probability of being within x times root two."""
    def erfc(self) -> Value:
        """One minus the error function, accurate in the tail."""
    def sinh(self) -> Value:
        """Hyperbolic sine."""
    def cosh(self) -> Value:
        """Hyperbolic cosine."""
    def tanh(self) -> Value:
        """Hyperbolic tangent: squashes to (-1, 1)."""
    def asinh(self) -> Value:
        """Inverse hyperbolic sine."""
    def arcsinh(self) -> Value:
        """Inverse hyperbolic sine."""
    def acosh(self) -> Value:
        """Inverse hyperbolic cosine; nan below one."""
    def arccosh(self) -> Value:
        """Inverse hyperbolic cosine; nan below one."""
    def atanh(self) -> Value:
        """Inverse hyperbolic tangent; infinite at -1 and 1."""
    def arctanh(self) -> Value:
        """Inverse hyperbolic tangent; infinite at -1 and 1."""
    def pow(self, y: Value | float) -> Value:
        """Raise the first operand to the power of the second; both may vary."""
    def __pow__(self, other: float | Value) -> Value: ...
    def __rpow__(self, other: float | Value) -> Value: ...
    def square(self) -> Value:
        """The operand times itself, as one gate."""
    def sqrt(self) -> Value:
        """Square root; nan below zero."""
    def rsqrt(self) -> Value:
        """One divided by the square root."""
    def hypot(self, y: Value | float) -> Value:
        """Length of the hypotenuse, without overflow on the way."""
    def floor(self) -> Value:
        """The largest whole number that is not above the operand."""
    def ceil(self) -> Value:
        """The smallest whole number that is not below the operand."""
    def round(self) -> Value:
        """The nearest whole number; halves go to the even one."""
    def trunc(self) -> Value:
        """The operand without its fraction."""
    def maximum(self, y: Value | float) -> Value:
        """The larger operand; it alone receives the gradient, equal ones share it."""
    def minimum(self, y: Value | float) -> Value:
        """The smaller operand; it alone receives the gradient, equal ones share it."""
    def clamp(self, min: Value | float = ..., max: Value | float = ...) -> Value:
        """Limit the operand to an interval; at its ends the derivative is one."""
    def clip(self, min: Value | float = ..., max: Value | float = ...) -> Value:
        """Limit the operand to an interval; at its ends the derivative is one."""
    def where(self, input: Value | float, other: Value | float) -> Value:
        """The second operand where the condition holds (is not zero), else the third."""
    def sign(self) -> Value:
        """Minus one, zero or one, by the sign."""
    def greater(self, y: Value | float) -> Value:
        """1.0 where the first operand is larger than the second, else 0.0."""
    def greater_equal(self, y: Value | float) -> Value:
        """1.0 where the first operand is at least the second, else 0.0."""
    def less(self, y: Value | float) -> Value:
        """1.0 where the first operand is smaller than the second, else 0.0."""
    def less_equal(self, y: Value | float) -> Value:
        """1.0 where the first operand is at most the second, else 0.0."""
    def equal(self, y: Value | float) -> Value:
        """1.0 where both operands are the same number, else 0.0."""
    def not_equal(self, y: Value | float) -> Value:
        """1.0 where the operands are different numbers, else 0.0."""
    def sin(self) -> Value:
        """Sine."""
    def cos(self) -> Value:
        """Cosine."""
    def tan(self) -> Value:
        """Tangent."""
    def asin(self) -> Value:
        """Inverse sine; nan outside [-1, 1]."""
    def arcsin(self) -> Value:
        """Inverse sine; nan outside [-1, 1]."""
    def acos(self) -> Value:
        """Inverse cosine; nan outside [-1, 1]."""
    def arccos(self) -> Value:
        """Inverse cosine; nan outside [-1, 1]."""
    def atan(self) -> Value:
        """Inverse tangent."""
    def arctan(self) -> Value:
        """Inverse tangent."""
    def atan2(self, y: Value | float) -> Value:
        """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
    def arctan2(self, y: Value | float) -> Value:
        """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""

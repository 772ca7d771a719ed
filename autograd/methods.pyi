# Generated from the op table by `python -m autograd.stubs`; do not edit.
import builtins
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd.tensor import Tensor
from autograd.tensor_functions.reductions import Extreme
from autograd.value import Value

Array = Tensor | np.ndarray | float

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
    def __add__(self, other: Value | float) -> Value: ...
    def __radd__(self, other: Value | float) -> Value: ...
    def sub(self, y: Value | float) -> Value:
        """Subtract the second operand from the first."""
    def __sub__(self, other: Value | float) -> Value: ...
    def __rsub__(self, other: Value | float) -> Value: ...
    def mul(self, y: Value | float) -> Value:
        """Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""
    def __mul__(self, other: Value | float) -> Value: ...
    def __rmul__(self, other: Value | float) -> Value: ...
    def div(self, y: Value | float) -> Value:
        """Divide the first operand by the second; dividing by zero gives an infinity or nan."""
    def __truediv__(self, other: Value | float) -> Value: ...
    def __rtruediv__(self, other: Value | float) -> Value: ...
    def neg(self) -> Value:
        """Change the sign."""
    def __neg__(self) -> Value: ...
    def reciprocal(self) -> Value:
        """One divided by the operand."""
    def remainder(self, y: Value | float) -> Value:
        """Remainder of a division, with the sign of the divisor, as Python's ``%``."""
    def __mod__(self, other: Value | float) -> Value: ...
    def __rmod__(self, other: Value | float) -> Value: ...
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
    def __pow__(self, other: Value | float) -> Value: ...
    def __rpow__(self, other: Value | float) -> Value: ...
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
    def __gt__(self, other: Value | float) -> bool: ...
    def greater_equal(self, y: Value | float) -> Value:
        """1.0 where the first operand is at least the second, else 0.0."""
    def __ge__(self, other: Value | float) -> bool: ...
    def less(self, y: Value | float) -> Value:
        """1.0 where the first operand is smaller than the second, else 0.0."""
    def __lt__(self, other: Value | float) -> bool: ...
    def less_equal(self, y: Value | float) -> Value:
        """1.0 where the first operand is at most the second, else 0.0."""
    def __le__(self, other: Value | float) -> bool: ...
    def equal(self, y: Value | float) -> Value:
        """1.0 where both operands are the same number, else 0.0."""
    def __eq__(self, other: object) -> bool: ...
    def not_equal(self, y: Value | float) -> Value:
        """1.0 where the operands are different numbers, else 0.0."""
    def __ne__(self, other: object) -> bool: ...
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
    def __hash__(self) -> int: ...

class TensorMethods:
    @property
    def T(self) -> Tensor: ...
    @property
    def mT(self) -> Tensor: ...
    def sigmoid(self) -> Tensor:
        """Sigmoid: squashes to (0, 1); the local derivative is s (1 - s)."""
    def sigmoid_(self) -> Tensor:
        """In place: Sigmoid: squashes to (0, 1); the local derivative is s (1 - s)."""
    def logsigmoid(self) -> Tensor:
        """Logarithm of the sigmoid, accurate in both tails."""
    def logsigmoid_(self) -> Tensor:
        """In place: Logarithm of the sigmoid, accurate in both tails."""
    def softplus(self) -> Tensor:
        """Smooth ReLU; its derivative is the sigmoid."""
    def softplus_(self) -> Tensor:
        """In place: Smooth ReLU; its derivative is the sigmoid."""
    def relu(self) -> Tensor:
        """Rectified linear unit; its derivative at zero is taken as zero."""
    def relu_(self) -> Tensor:
        """In place: Rectified linear unit; its derivative at zero is taken as zero."""
    def leaky_relu(self, negative_slope: Array = ...) -> Tensor:
        """ReLU with a small slope below zero, so that the unit cannot die."""
    def leaky_relu_(self, negative_slope: Array = ...) -> Tensor:
        """In place: ReLU with a small slope below zero, so that the unit cannot die."""
    def relu6(self) -> Tensor:
        """ReLU that stops at six."""
    def relu6_(self) -> Tensor:
        """In place: ReLU that stops at six."""
    def elu(self, alpha: Array = ...) -> Tensor:
        """Exponential linear unit: smooth below zero, approaching minus alpha."""
    def elu_(self, alpha: Array = ...) -> Tensor:
        """In place: Exponential linear unit: smooth below zero, approaching minus alpha."""
    def selu(self) -> Tensor:
        """ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017)."""
    def selu_(self) -> Tensor:
        """In place: ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017)."""
    def celu(self, alpha: Array = ...) -> Tensor:
        """ELU whose derivative is continuous for every alpha (Barron 2017)."""
    def celu_(self, alpha: Array = ...) -> Tensor:
        """In place: ELU whose derivative is continuous for every alpha (Barron 2017)."""
    def gelu(self) -> Tensor:
        """Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016)."""
    def gelu_(self) -> Tensor:
        """In place: Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016)."""
    def silu(self) -> Tensor:
        """Sigmoid linear unit, also called swish."""
    def silu_(self) -> Tensor:
        """In place: Sigmoid linear unit, also called swish."""
    def mish(self) -> Tensor:
        """X times tanh of softplus (Misra 2019)."""
    def mish_(self) -> Tensor:
        """In place: X times tanh of softplus (Misra 2019)."""
    def softsign(self) -> Tensor:
        """Squashes to (-1, 1) more slowly than tanh."""
    def softsign_(self) -> Tensor:
        """In place: Squashes to (-1, 1) more slowly than tanh."""
    def hardtanh(self) -> Tensor:
        """Tanh made of three straight lines."""
    def hardtanh_(self) -> Tensor:
        """In place: Tanh made of three straight lines."""
    def hardsigmoid(self) -> Tensor:
        """Sigmoid made of three straight lines."""
    def hardsigmoid_(self) -> Tensor:
        """In place: Sigmoid made of three straight lines."""
    def hardswish(self) -> Tensor:
        """SiLU with the hard sigmoid."""
    def hardswish_(self) -> Tensor:
        """In place: SiLU with the hard sigmoid."""
    def add(self, other: Any, *, alpha: builtins.float = ...) -> Tensor:
        """``input + alpha * other``."""
    def add_(self, other: Any, *, alpha: builtins.float = ...) -> Tensor:
        """In place: ``input + alpha * other``."""
    def __add__(self, other: Array) -> Tensor: ...
    def __radd__(self, other: Array) -> Tensor: ...
    def __iadd__(self, other: Array) -> Tensor: ...
    def sub(self, other: Any, *, alpha: builtins.float = ...) -> Tensor:
        """``input - alpha * other``."""
    def sub_(self, other: Any, *, alpha: builtins.float = ...) -> Tensor:
        """In place: ``input - alpha * other``."""
    def __sub__(self, other: Array) -> Tensor: ...
    def __rsub__(self, other: Array) -> Tensor: ...
    def __isub__(self, other: Array) -> Tensor: ...
    def mul(self, y: Array) -> Tensor:
        """Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""
    def mul_(self, y: Array) -> Tensor:
        """In place: Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""
    def __mul__(self, other: Array) -> Tensor: ...
    def __rmul__(self, other: Array) -> Tensor: ...
    def __imul__(self, other: Array) -> Tensor: ...
    def div(self, other: Any, *, rounding_mode: str | None = ...) -> Tensor:
        """Divide, and round the quotient where a mode is given."""
    def div_(self, other: Any, *, rounding_mode: str | None = ...) -> Tensor:
        """In place: Divide, and round the quotient where a mode is given."""
    def __truediv__(self, other: Array) -> Tensor: ...
    def __rtruediv__(self, other: Array) -> Tensor: ...
    def __itruediv__(self, other: Array) -> Tensor: ...
    def neg(self) -> Tensor:
        """Change the sign."""
    def neg_(self) -> Tensor:
        """In place: Change the sign."""
    def __neg__(self) -> Tensor: ...
    def reciprocal(self) -> Tensor:
        """One divided by the operand."""
    def reciprocal_(self) -> Tensor:
        """In place: One divided by the operand."""
    def remainder(self, y: Array) -> Tensor:
        """Remainder of a division, with the sign of the divisor, as Python's ``%``."""
    def remainder_(self, y: Array) -> Tensor:
        """In place: Remainder of a division, with the sign of the divisor, as Python's ``%``."""
    def __mod__(self, other: Array) -> Tensor: ...
    def __rmod__(self, other: Array) -> Tensor: ...
    def __imod__(self, other: Array) -> Tensor: ...
    def fmod(self, y: Array) -> Tensor:
        """Remainder of a division, with the sign of the dividend, as C's ``fmod``."""
    def fmod_(self, y: Array) -> Tensor:
        """In place: Remainder of a division, with the sign of the dividend, as C's ``fmod``."""
    def abs(self) -> Tensor:
        """Absolute value; its derivative at zero is taken as zero."""
    def abs_(self) -> Tensor:
        """In place: Absolute value; its derivative at zero is taken as zero."""
    def __abs__(self) -> Tensor: ...
    def lerp(self, end: Array, weight: Array) -> Tensor:
        """Linear interpolation from the first operand to the second by the third."""
    def lerp_(self, end: Array, weight: Array) -> Tensor:
        """In place: Linear interpolation from the first operand to the second by the third."""
    def exp(self) -> Tensor:
        """Natural exponential: it is its own derivative."""
    def exp_(self) -> Tensor:
        """In place: Natural exponential: it is its own derivative."""
    def exp2(self) -> Tensor:
        """Two to the power of the operand."""
    def exp2_(self) -> Tensor:
        """In place: Two to the power of the operand."""
    def expm1(self) -> Tensor:
        """Exponential minus one, accurate near zero."""
    def expm1_(self) -> Tensor:
        """In place: Exponential minus one, accurate near zero."""
    def log(self) -> Tensor:
        """Natural logarithm; minus infinity at zero, nan below."""
    def log_(self) -> Tensor:
        """In place: Natural logarithm; minus infinity at zero, nan below."""
    def log1p(self) -> Tensor:
        """Logarithm of one plus the operand, accurate near zero."""
    def log1p_(self) -> Tensor:
        """In place: Logarithm of one plus the operand, accurate near zero."""
    def log2(self) -> Tensor:
        """Logarithm to base two."""
    def log2_(self) -> Tensor:
        """In place: Logarithm to base two."""
    def log10(self) -> Tensor:
        """Logarithm to base ten."""
    def log10_(self) -> Tensor:
        """In place: Logarithm to base ten."""
    def logaddexp(self, y: Array) -> Tensor:
        """Logarithm of the sum of two exponentials, without overflow on the way."""
    def logaddexp_(self, y: Array) -> Tensor:
        """In place: Logarithm of the sum of two exponentials, without overflow on the way."""
    def erf(self) -> Tensor:
        """Error function: the normal distribution's probability of being within x times root two."""
    def erf_(self) -> Tensor:
        """In place: Error function: the normal distribution's probability of being within x times root two."""
    def erfc(self) -> Tensor:
        """One minus the error function, accurate in the tail."""
    def erfc_(self) -> Tensor:
        """In place: One minus the error function, accurate in the tail."""
    def sinh(self) -> Tensor:
        """Hyperbolic sine."""
    def sinh_(self) -> Tensor:
        """In place: Hyperbolic sine."""
    def cosh(self) -> Tensor:
        """Hyperbolic cosine."""
    def cosh_(self) -> Tensor:
        """In place: Hyperbolic cosine."""
    def tanh(self) -> Tensor:
        """Hyperbolic tangent: squashes to (-1, 1)."""
    def tanh_(self) -> Tensor:
        """In place: Hyperbolic tangent: squashes to (-1, 1)."""
    def asinh(self) -> Tensor:
        """Inverse hyperbolic sine."""
    def asinh_(self) -> Tensor:
        """In place: Inverse hyperbolic sine."""
    def arcsinh(self) -> Tensor:
        """Inverse hyperbolic sine."""
    def arcsinh_(self) -> Tensor:
        """In place: Inverse hyperbolic sine."""
    def acosh(self) -> Tensor:
        """Inverse hyperbolic cosine; nan below one."""
    def acosh_(self) -> Tensor:
        """In place: Inverse hyperbolic cosine; nan below one."""
    def arccosh(self) -> Tensor:
        """Inverse hyperbolic cosine; nan below one."""
    def arccosh_(self) -> Tensor:
        """In place: Inverse hyperbolic cosine; nan below one."""
    def atanh(self) -> Tensor:
        """Inverse hyperbolic tangent; infinite at -1 and 1."""
    def atanh_(self) -> Tensor:
        """In place: Inverse hyperbolic tangent; infinite at -1 and 1."""
    def arctanh(self) -> Tensor:
        """Inverse hyperbolic tangent; infinite at -1 and 1."""
    def arctanh_(self) -> Tensor:
        """In place: Inverse hyperbolic tangent; infinite at -1 and 1."""
    def pow(self, y: Array) -> Tensor:
        """Raise the first operand to the power of the second; both may vary."""
    def pow_(self, y: Array) -> Tensor:
        """In place: Raise the first operand to the power of the second; both may vary."""
    def __pow__(self, other: Array) -> Tensor: ...
    def __rpow__(self, other: Array) -> Tensor: ...
    def __ipow__(self, other: Array) -> Tensor: ...
    def square(self) -> Tensor:
        """The operand times itself, as one gate."""
    def square_(self) -> Tensor:
        """In place: The operand times itself, as one gate."""
    def sqrt(self) -> Tensor:
        """Square root; nan below zero."""
    def sqrt_(self) -> Tensor:
        """In place: Square root; nan below zero."""
    def rsqrt(self) -> Tensor:
        """One divided by the square root."""
    def rsqrt_(self) -> Tensor:
        """In place: One divided by the square root."""
    def hypot(self, y: Array) -> Tensor:
        """Length of the hypotenuse, without overflow on the way."""
    def hypot_(self, y: Array) -> Tensor:
        """In place: Length of the hypotenuse, without overflow on the way."""
    def floor(self) -> Tensor:
        """The largest whole number that is not above the operand."""
    def floor_(self) -> Tensor:
        """In place: The largest whole number that is not above the operand."""
    def ceil(self) -> Tensor:
        """The smallest whole number that is not below the operand."""
    def ceil_(self) -> Tensor:
        """In place: The smallest whole number that is not below the operand."""
    def round(self, decimals: builtins.int = ...) -> Tensor:
        """Round to the nearest number with so many decimals; halves go to the even one."""
    def round_(self, decimals: builtins.int = ...) -> Tensor:
        """In place: Round to the nearest number with so many decimals; halves go to the even one."""
    def trunc(self) -> Tensor:
        """The operand without its fraction."""
    def trunc_(self) -> Tensor:
        """In place: The operand without its fraction."""
    def maximum(self, y: Array) -> Tensor:
        """The larger operand; it alone receives the gradient, equal ones share it."""
    def maximum_(self, y: Array) -> Tensor:
        """In place: The larger operand; it alone receives the gradient, equal ones share it."""
    def minimum(self, y: Array) -> Tensor:
        """The smaller operand; it alone receives the gradient, equal ones share it."""
    def minimum_(self, y: Array) -> Tensor:
        """In place: The smaller operand; it alone receives the gradient, equal ones share it."""
    def clamp(self, min: Any = ..., max: Any = ...) -> Tensor:
        """Limit the elements to an interval; at its ends the derivative is one."""
    def clamp_(self, min: Any = ..., max: Any = ...) -> Tensor:
        """In place: Limit the elements to an interval; at its ends the derivative is one."""
    def clip(self, min: Any = ..., max: Any = ...) -> Tensor:
        """Limit the elements to an interval; at its ends the derivative is one."""
    def clip_(self, min: Any = ..., max: Any = ...) -> Tensor:
        """In place: Limit the elements to an interval; at its ends the derivative is one."""
    def where(self, condition: Any, other: Any) -> Tensor:
        """Itself where the condition holds (is not zero), else `other`."""
    def where_(self, input: Array, other: Array) -> Tensor:
        """In place: The second operand where the condition holds (is not zero), else the third."""
    def sign(self) -> Tensor:
        """Minus one, zero or one, by the sign."""
    def sign_(self) -> Tensor:
        """In place: Minus one, zero or one, by the sign."""
    def greater(self, y: Array) -> Tensor:
        """1.0 where the first operand is larger than the second, else 0.0."""
    def greater_(self, y: Array) -> Tensor:
        """In place: 1.0 where the first operand is larger than the second, else 0.0."""
    def greater_equal(self, y: Array) -> Tensor:
        """1.0 where the first operand is at least the second, else 0.0."""
    def greater_equal_(self, y: Array) -> Tensor:
        """In place: 1.0 where the first operand is at least the second, else 0.0."""
    def less(self, y: Array) -> Tensor:
        """1.0 where the first operand is smaller than the second, else 0.0."""
    def less_(self, y: Array) -> Tensor:
        """In place: 1.0 where the first operand is smaller than the second, else 0.0."""
    def less_equal(self, y: Array) -> Tensor:
        """1.0 where the first operand is at most the second, else 0.0."""
    def less_equal_(self, y: Array) -> Tensor:
        """In place: 1.0 where the first operand is at most the second, else 0.0."""
    def equal(self, y: Array) -> Tensor:
        """1.0 where both operands are the same number, else 0.0."""
    def equal_(self, y: Array) -> Tensor:
        """In place: 1.0 where both operands are the same number, else 0.0."""
    def not_equal(self, y: Array) -> Tensor:
        """1.0 where the operands are different numbers, else 0.0."""
    def not_equal_(self, y: Array) -> Tensor:
        """In place: 1.0 where the operands are different numbers, else 0.0."""
    def sin(self) -> Tensor:
        """Sine."""
    def sin_(self) -> Tensor:
        """In place: Sine."""
    def cos(self) -> Tensor:
        """Cosine."""
    def cos_(self) -> Tensor:
        """In place: Cosine."""
    def tan(self) -> Tensor:
        """Tangent."""
    def tan_(self) -> Tensor:
        """In place: Tangent."""
    def asin(self) -> Tensor:
        """Inverse sine; nan outside [-1, 1]."""
    def asin_(self) -> Tensor:
        """In place: Inverse sine; nan outside [-1, 1]."""
    def arcsin(self) -> Tensor:
        """Inverse sine; nan outside [-1, 1]."""
    def arcsin_(self) -> Tensor:
        """In place: Inverse sine; nan outside [-1, 1]."""
    def acos(self) -> Tensor:
        """Inverse cosine; nan outside [-1, 1]."""
    def acos_(self) -> Tensor:
        """In place: Inverse cosine; nan outside [-1, 1]."""
    def arccos(self) -> Tensor:
        """Inverse cosine; nan outside [-1, 1]."""
    def arccos_(self) -> Tensor:
        """In place: Inverse cosine; nan outside [-1, 1]."""
    def atan(self) -> Tensor:
        """Inverse tangent."""
    def atan_(self) -> Tensor:
        """In place: Inverse tangent."""
    def arctan(self) -> Tensor:
        """Inverse tangent."""
    def arctan_(self) -> Tensor:
        """In place: Inverse tangent."""
    def atan2(self, y: Array) -> Tensor:
        """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
    def atan2_(self, y: Array) -> Tensor:
        """In place: Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
    def arctan2(self, y: Array) -> Tensor:
        """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
    def arctan2_(self, y: Array) -> Tensor:
        """In place: Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
    def gather(self, dim: builtins.int, index: Any) -> Tensor:
        """The elements along one axis that an index names, one for each of its entries."""
    def matmul(self, other: Array) -> Tensor:
        """Matrix product of the last two axes; the axes in front broadcast."""
    def dot(self, other: Array) -> Tensor:
        """Inner product of two vectors."""
    def sum(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """Add the elements along `dim`, or all; of a list of Values, add them in one gate."""
    def mean(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """Average along `dim`, or over all."""
    def var(self, dim: Any = ..., unbiased: builtins.bool | None = ..., keepdim: builtins.bool = ..., *, correction: builtins.float | None = ...) -> Tensor:
        """Variance along `dim`, or over all."""
    def std(self, dim: Any = ..., unbiased: builtins.bool | None = ..., keepdim: builtins.bool = ..., *, correction: builtins.float | None = ...) -> Tensor:
        """Standard deviation along `dim`, or over all; arguments as of :func:`var`."""
    def prod(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """Multiply the elements along `dim`, or all; each receives the product of the others."""
    def amax(self, dim: Any = ..., keepdim: Any = ...) -> Tensor:
        """Largest element along `dim`, or of all; equal winners share the gradient."""
    def amin(self, dim: Any = ..., keepdim: Any = ...) -> Tensor:
        """Smallest element along `dim`, or of all; equal winners share the gradient."""
    def logsumexp(self, dim: Any, keepdim: Any = ...) -> Tensor:
        """Logarithm of the sum of exponentials along `dim`, without overflow on the way; its gradient is softmax."""
    def norm(self, p: builtins.float | str | None = ..., dim: Any = ..., keepdim: builtins.bool = ..., dtype: Any = ...) -> Tensor:
        """Length of a vector in the p-norm along `dim`, or of all elements."""
    def cumsum(self, dim: builtins.int, *, dtype: Any = ...) -> Tensor:
        """Add up along `dim`: each result is the sum so far."""
    def cumprod(self, dim: builtins.int, *, dtype: Any = ...) -> Tensor:
        """Multiply along `dim`: each result is the product so far."""
    def sum_to_size(self, shape: Any) -> Tensor:
        """Undo broadcasting: add up along the axes in which `shape` has size 1 or none."""
    def flip(self, *dims: Any) -> Tensor:
        """Reverse the order along the axes."""
    def roll(self, shifts: Any, dims: Any = ...) -> Tensor:
        """Move along the axes; what leaves at one end comes in at the other."""
    def tril(self, diagonal: Any = ...) -> Tensor:
        """Lower triangle of the last two axes; zero above."""
    def triu(self, diagonal: Any = ...) -> Tensor:
        """Upper triangle of the last two axes; zero below."""
    def diagonal(self, offset: Any = ..., dim1: Any = ..., dim2: Any = ...) -> Tensor:
        """Diagonal of two axes, as the last axis of the result: a view."""
    def clone(self) -> Tensor:
        """A copy with memory of its own; the gradient passes through."""
    def softmax(self, dim: Any) -> Tensor:
        """Make positive numbers with the sum 1 along `dim`: exponentials divided by their sum."""
    def log_softmax(self, dim: Any) -> Tensor:
        """Take the logarithm of :func:`softmax`, without overflow on the way."""
    def __matmul__(self, other: Tensor | np.ndarray) -> Tensor: ...
    def __rmatmul__(self, other: Tensor | np.ndarray) -> Tensor: ...
    def __gt__(self, other: Any) -> Tensor: ...
    def __ge__(self, other: Any) -> Tensor: ...
    def __lt__(self, other: Any) -> Tensor: ...
    def __le__(self, other: Any) -> Tensor: ...
    def __eq__(self, other: Any) -> Tensor: ...  # type: ignore[override]
    def __ne__(self, other: Any) -> Tensor: ...  # type: ignore[override]
    def __hash__(self) -> builtins.int: ...
    def eq(self, other: Any) -> Tensor:
        """Where both are the same number."""
    def ne(self, other: Any) -> Tensor:
        """Where they are different numbers."""
    def gt(self, other: Any) -> Tensor:
        """Where the first is larger."""
    def ge(self, other: Any) -> Tensor:
        """Where the first is at least the second."""
    def lt(self, other: Any) -> Tensor:
        """Where the first is smaller."""
    def le(self, other: Any) -> Tensor:
        """Where the first is at most the second."""
    def isclose(self, other: Any, rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ...) -> Tensor:
        """Where ``|input - other| <= atol + rtol * |other|``."""
    def allclose(self, other: Any, rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ...) -> builtins.bool:
        """Whether :func:`isclose` holds for all elements."""
    def isnan(self) -> Tensor:
        """Which elements are nan."""
    def isinf(self) -> Tensor:
        """Which elements are infinite."""
    def isfinite(self) -> Tensor:
        """Which elements are neither infinite nor nan."""
    def logical_and(self, other: Any) -> Tensor:
        """Whether both are true (not zero)."""
    def logical_or(self, other: Any) -> Tensor:
        """Whether at least one is true."""
    def logical_xor(self, other: Any) -> Tensor:
        """Whether exactly one is true."""
    def logical_not(self) -> Tensor:
        """Whether it is false."""
    def bitwise_and(self, other: Any) -> Tensor:
        """The bits that both have, of whole numbers or bool: the operator ``&``."""
    def __and__(self, other: Any) -> Tensor:
        """The bits that both have, of whole numbers or bool: the operator ``&``."""
    def __rand__(self, other: Any) -> Tensor:
        """The bits that both have, of whole numbers or bool: the operator ``&``."""
    def bitwise_or(self, other: Any) -> Tensor:
        """The bits that at least one has, of whole numbers or bool: the operator ``|``."""
    def __or__(self, other: Any) -> Tensor:
        """The bits that at least one has, of whole numbers or bool: the operator ``|``."""
    def __ror__(self, other: Any) -> Tensor:
        """The bits that at least one has, of whole numbers or bool: the operator ``|``."""
    def bitwise_xor(self, other: Any) -> Tensor:
        """The bits that exactly one has, of whole numbers or bool: the operator ``^``."""
    def __xor__(self, other: Any) -> Tensor:
        """The bits that exactly one has, of whole numbers or bool: the operator ``^``."""
    def __rxor__(self, other: Any) -> Tensor:
        """The bits that exactly one has, of whole numbers or bool: the operator ``^``."""
    def bitwise_not(self) -> Tensor:
        """Every bit the other way, of whole numbers or bool: the operator ``~``."""
    def __invert__(self) -> Tensor:
        """Every bit the other way, of whole numbers or bool: the operator ``~``."""
    def all(self, dim: Any = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Whether all elements along `dim`, or of the whole tensor, are true (not zero)."""
    def any(self, dim: Any = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Whether any element along `dim`, or of the whole tensor, is true (not zero)."""
    def count_nonzero(self, dim: Any = ...) -> Tensor:
        """How many elements along `dim`, or of the whole tensor, are not zero."""
    def nonzero(self, *, as_tuple: builtins.bool = ...) -> Any:
        """The indices of the elements that are not zero: one row for each, or one tensor for each axis."""
    def argwhere(self) -> Tensor:
        """The indices of the elements that are not zero, one row for each."""
    def subtract(self, other: Any, *, alpha: builtins.float = ...) -> Tensor:
        """``input - alpha * other``."""
    def divide(self, other: Any, *, rounding_mode: str | None = ...) -> Tensor:
        """Divide, and round the quotient where a mode is given."""
    def floor_divide(self, other: Any) -> Tensor:
        """Divide and round down, as Python's ``//``."""
    def __floordiv__(self, other: Any) -> Tensor:
        """Divide and round down, as Python's ``//``."""
    def __rfloordiv__(self, other: Any) -> Tensor: ...
    def true_divide(self, other: Any) -> Tensor:
        """Divide."""
    def multiply(self, other: Any) -> Tensor:
        """Multiply."""
    def negative(self) -> Tensor:
        """Change the sign."""
    def absolute(self) -> Tensor:
        """Absolute value."""
    def __round__(self, decimals: builtins.int = ...) -> Tensor:
        """Round to the nearest number with so many decimals; halves go to the even one."""
    def addcmul(self, tensor1: Any, tensor2: Any, *, value: builtins.float = ...) -> Tensor:
        """``input + value * tensor1 * tensor2``."""
    def addcdiv(self, tensor1: Any, tensor2: Any, *, value: builtins.float = ...) -> Tensor:
        """``input + value * tensor1 / tensor2``."""
    def to(self, dtype: Any) -> Tensor:
        """The same numbers in another dtype, or the dtype of another tensor; itself when it has it already."""
    def type(self, dtype: Any) -> Tensor:
        """The same numbers in another dtype, or the dtype of another tensor; itself when it has it already."""
    def type_as(self, other: Tensor) -> Tensor:
        """The same numbers in the dtype of another tensor."""
    def float(self) -> Tensor:
        """The same numbers as float32."""
    def double(self) -> Tensor:
        """The same numbers as float64."""
    def char(self) -> Tensor:
        """The same numbers as int8."""
    def short(self) -> Tensor:
        """The same numbers as int16."""
    def int(self) -> Tensor:
        """The same numbers as int32."""
    def long(self) -> Tensor:
        """The same numbers as int64."""
    def byte(self) -> Tensor:
        """The same numbers as uint8."""
    def bool(self) -> Tensor:
        """The same numbers as bool."""
    def is_floating_point(self) -> builtins.bool:
        """Whether the dtype is float32 or float64, which have gradients."""
    def contiguous(self) -> Tensor:
        """Itself, or a copy whose elements lie in memory in the order of their indices."""
    def index_select(self, dim: builtins.int, index: Any) -> Tensor:
        """The entries along one axis that an index names."""
    def index_add(self, dim: builtins.int, index: Any, source: Any, *, alpha: builtins.float = ...) -> Tensor:
        """A copy to which the entries of `source` along one axis are added where an index says."""
    def take_along_dim(self, indices: Any, dim: builtins.int | None = ...) -> Tensor:
        """As :func:`gather`, but the other axes broadcast; of all elements in one axis for ``dim=None``."""
    def take_along_axis(self, indices: Any, dim: builtins.int | None = ...) -> Tensor:
        """As :func:`gather`, but the other axes broadcast; of all elements in one axis for ``dim=None``."""
    def scatter(self, dim: builtins.int, index: Any, src: Any, *, reduce: str | None = ...) -> Tensor:
        """A copy in which the elements that an index names along one axis come from `src`, a tensor or a number."""
    def scatter_add(self, dim: builtins.int, index: Any, src: Any) -> Tensor:
        """A copy to which `src` is added, each element where an index names along one axis."""
    def masked_fill(self, mask: Any, value: Any) -> Tensor:
        """A copy with a number where the mask holds."""
    def masked_select(self, mask: Any) -> Tensor:
        """The elements where the mask holds, in one axis."""
    def diag(self, diagonal: builtins.int = ...) -> Tensor:
        """The diagonal of a matrix, or the matrix with a vector on its diagonal."""
    def trace(self) -> Tensor:
        """Sum of the diagonal of a matrix."""
    def reshape(self, *shape: Any) -> Tensor:
        """The same elements in another shape; one size may be -1 and follows from the others."""
    def view(self, *shape: Any) -> Tensor:
        """The same memory in another shape."""
    def view_as(self, other: Tensor) -> Tensor:
        """The same elements in the shape of another tensor."""
    def reshape_as(self, other: Tensor) -> Tensor:
        """The same elements in the shape of another tensor."""
    def permute(self, *dims: Any) -> Tensor:
        """Put the axes into another order: a view."""
    def expand(self, *sizes: Any) -> Tensor:
        """Repeat along new axes and axes of size 1, without a copy; -1 keeps a size."""
    def broadcast_to(self, shape: Sequence[builtins.int]) -> Tensor:
        """Repeat along new axes and axes of size 1, without a copy."""
    def expand_as(self, other: Any) -> Tensor:
        """Expand to the shape of another tensor."""
    def transpose(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """Swap two axes: a view."""
    def swapaxes(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """Swap two axes: a view."""
    def swapdims(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """Swap two axes: a view."""
    def t(self) -> Tensor:
        """Transpose of a matrix; a vector stays as it is."""
    def movedim(self, source: builtins.int | Sequence[builtins.int], destination: builtins.int | Sequence[builtins.int]) -> Tensor:
        """Move axes to other places; the others keep their order."""
    def moveaxis(self, source: builtins.int | Sequence[builtins.int], destination: builtins.int | Sequence[builtins.int]) -> Tensor:
        """Move axes to other places; the others keep their order."""
    def squeeze(self, dim: builtins.int | Sequence[builtins.int] | None = ...) -> Tensor:
        """Remove axes of size 1: all, or those named."""
    def unsqueeze(self, dim: builtins.int) -> Tensor:
        """Insert an axis of size 1."""
    def flatten(self, start_dim: builtins.int = ..., end_dim: builtins.int = ...) -> Tensor:
        """Join axes into one."""
    def ravel(self) -> Tensor:
        """All elements in one axis."""
    def unflatten(self, dim: builtins.int, sizes: Sequence[builtins.int]) -> Tensor:
        """Split one axis into several; one of their sizes may be -1."""
    def narrow(self, dim: builtins.int, start: builtins.int, length: builtins.int) -> Tensor:
        """Part of an axis: a view."""
    def select(self, dim: builtins.int, index: builtins.int) -> Tensor:
        """One place of an axis, without the axis: a view."""
    def split(self, split_size: builtins.int | Sequence[builtins.int], dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """Cut an axis into parts of one size, the last perhaps smaller, or of given sizes: views."""
    def chunk(self, chunks: builtins.int, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """Cut an axis into so many parts of one size, the last perhaps smaller: views."""
    def unbind(self, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """The parts along an axis, without the axis: views."""
    def repeat(self, *repeats: Any) -> Tensor:
        """Copies side by side: so many along each axis; more numbers than axes make new axes in front."""
    def tile(self, *dims: Any) -> Tensor:
        """Copies side by side: so many along each axis, counted from the last."""
    def repeat_interleave(self, repeats: Any, dim: builtins.int | None = ...) -> Tensor:
        """Every element, or every entry along `dim`, several times in a row."""
    def mm(self, mat2: Any) -> Tensor:
        """Product of two matrices."""
    def bmm(self, mat2: Any) -> Tensor:
        """Products of the matrices of two batches, pair by pair."""
    def mv(self, vec: Any) -> Tensor:
        """Product of a matrix and a vector."""
    def inner(self, other: Any) -> Tensor:
        """Sum of products over the last axes of both."""
    def outer(self, vec2: Any) -> Tensor:
        """All products of an element of one vector with one of the other."""
    def addmm(self, mat1: Any, mat2: Any, *, beta: builtins.float = ..., alpha: builtins.float = ...) -> Tensor:
        """``beta * input + alpha * (mat1 @ mat2)``, of matrices."""
    def addmv(self, mat: Any, vec: Any, *, beta: builtins.float = ..., alpha: builtins.float = ...) -> Tensor:
        """``beta * input + alpha * (mat @ vec)``, of a matrix and a vector."""
    def baddbmm(self, batch1: Any, batch2: Any, *, beta: builtins.float = ..., alpha: builtins.float = ...) -> Tensor:
        """``beta * input + alpha * (batch1 @ batch2)``, of batches of matrices."""
    def argmax(self, dim: builtins.int | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Index of the largest element, the first of equal ones; along `dim`, or of all in one axis."""
    def argmin(self, dim: builtins.int | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Index of the smallest element, the first of equal ones; along `dim`, or of all in one axis."""
    def max(self, dim: Any = ..., keepdim: builtins.bool = ..., *, other: Any = ...) -> Any:
        """Largest element; along `dim` the values and the indices; of two tensors the larger, element by element."""
    def min(self, dim: Any = ..., keepdim: builtins.bool = ..., *, other: Any = ...) -> Any:
        """Smallest element; along `dim` the values and the indices; of two tensors the smaller, element by element."""
    def argsort(self, dim: builtins.int = ..., descending: builtins.bool = ..., stable: builtins.bool = ...) -> Tensor:
        """Indices that put an axis in order; equal elements keep theirs, whatever `stable` says."""
    def sort(self, dim: builtins.int = ..., descending: builtins.bool = ..., stable: builtins.bool = ...) -> Extreme:
        """Put an axis in order: the values and the indices they had; equal elements keep their order."""
    def topk(self, k: builtins.int, dim: builtins.int = ..., largest: builtins.bool = ..., sorted: builtins.bool = ...) -> Extreme:
        """The `k` largest, or smallest, along an axis in order: the values and the indices they had."""
    def zero_(self) -> Tensor:
        """In place: Set all elements to zero."""
    def fill_(self, value: Any) -> Tensor:
        """In place: Set all elements to one number."""
    def copy_(self, src: Any) -> Tensor:
        """In place: Take over the numbers of another tensor, which broadcasts."""
    def addcmul_(self, tensor1: Any, tensor2: Any, *, value: builtins.float = ...) -> Tensor:
        """In place: ``input + value * tensor1 * tensor2``."""
    def addcdiv_(self, tensor1: Any, tensor2: Any, *, value: builtins.float = ...) -> Tensor:
        """In place: ``input + value * tensor1 / tensor2``."""
    def masked_fill_(self, mask: Any, value: Any) -> Tensor:
        """In place: A copy with a number where the mask holds."""
    def scatter_(self, dim: builtins.int, index: Any, src: Any, *, reduce: str | None = ...) -> Tensor:
        """In place: A copy in which the elements that an index names along one axis come from `src`, a tensor or a number."""
    def scatter_add_(self, dim: builtins.int, index: Any, src: Any) -> Tensor:
        """In place: A copy to which `src` is added, each element where an index names along one axis."""
    def index_add_(self, dim: builtins.int, index: Any, source: Any, *, alpha: builtins.float = ...) -> Tensor:
        """In place: A copy to which the entries of `source` along one axis are added where an index says."""

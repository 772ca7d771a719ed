# pyright: reportOverlappingOverload=false
# Generated from the op table by `python -m autograd.stubs`; do not edit.
from collections.abc import Iterable, Sequence
from typing import Any, overload

import numpy as np

from autograd.tensor import Tensor
from autograd.value import Value

Array = Tensor | np.ndarray | float

__all__ = [
    "abs",
    "acos",
    "acosh",
    "adaptive_avg_pool",
    "adaptive_avg_pool_gradient",
    "add",
    "amax",
    "amin",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "asin",
    "asinh",
    "astype",
    "atan",
    "atan2",
    "atanh",
    "avg_pool",
    "avg_pool_gradient",
    "batch_norm",
    "batch_norm_inference",
    "binary_cross_entropy",
    "cat",
    "ceil",
    "celu",
    "choose",
    "clamp",
    "clip",
    "clone",
    "convolution",
    "convolution_input_gradient",
    "convolution_weight_gradient",
    "cos",
    "cosh",
    "cross_entropy",
    "cumprod",
    "cumsum",
    "diagonal",
    "diagonal_embed",
    "div",
    "dot",
    "dropout",
    "einsum_product",
    "elu",
    "embedding",
    "embedding_gradient",
    "equal",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expand",
    "expm1",
    "flip",
    "floor",
    "floor_divide",
    "fmod",
    "fold",
    "gather",
    "gelu",
    "getitem",
    "greater",
    "greater_equal",
    "group_norm",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hypot",
    "layer_norm",
    "leaky_relu",
    "lerp",
    "less",
    "less_equal",
    "linear",
    "log",
    "log10",
    "log1p",
    "log2",
    "log_softmax",
    "log_softmax_gradient",
    "logaddexp",
    "logsigmoid",
    "logsumexp",
    "matmul",
    "max_pool",
    "max_pool_gradient",
    "max_pool_winners",
    "maximum",
    "mean",
    "minimum",
    "mish",
    "mul",
    "neg",
    "norm",
    "not_equal",
    "pad_constant",
    "permute",
    "pixel_shuffle",
    "pixel_unshuffle",
    "pow",
    "prod",
    "put",
    "put_at",
    "put_like",
    "reciprocal",
    "relu",
    "relu6",
    "remainder",
    "reshape",
    "rms_norm",
    "roll",
    "round",
    "rsqrt",
    "scatter",
    "scatter_add",
    "selu",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "soft_cross_entropy",
    "softmax",
    "softmax_gradient",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "std",
    "sub",
    "sum",
    "sum_to_size",
    "tan",
    "tanh",
    "tril",
    "triu",
    "trunc",
    "unfold",
    "var",
    "where",
]

@overload
def sigmoid(x: Value | float) -> Value:
    """Sigmoid: squashes to (0, 1); the local derivative is s (1 - s)."""
@overload
def sigmoid(x: Array) -> Tensor:
    """Sigmoid: squashes to (0, 1); the local derivative is s (1 - s)."""

@overload
def logsigmoid(x: Value | float) -> Value:
    """Logarithm of the sigmoid, accurate in both tails."""
@overload
def logsigmoid(x: Array) -> Tensor:
    """Logarithm of the sigmoid, accurate in both tails."""

@overload
def softplus(x: Value | float) -> Value:
    """Smooth ReLU; its derivative is the sigmoid."""
@overload
def softplus(x: Array) -> Tensor:
    """Smooth ReLU; its derivative is the sigmoid."""

@overload
def relu(x: Value | float) -> Value:
    """Rectified linear unit; its derivative at zero is taken as zero."""
@overload
def relu(x: Array) -> Tensor:
    """Rectified linear unit; its derivative at zero is taken as zero."""

@overload
def leaky_relu(x: Value | float, negative_slope: Value | float = ...) -> Value:
    """ReLU with a small slope below zero, so that the unit cannot die."""
@overload
def leaky_relu(x: Array, negative_slope: Array = ...) -> Tensor:
    """ReLU with a small slope below zero, so that the unit cannot die."""

@overload
def relu6(x: Value | float) -> Value:
    """ReLU that stops at six."""
@overload
def relu6(x: Array) -> Tensor:
    """ReLU that stops at six."""

@overload
def elu(x: Value | float, alpha: Value | float = ...) -> Value:
    """Exponential linear unit: smooth below zero, approaching minus alpha."""
@overload
def elu(x: Array, alpha: Array = ...) -> Tensor:
    """Exponential linear unit: smooth below zero, approaching minus alpha."""

@overload
def selu(x: Value | float) -> Value:
    """ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017)."""
@overload
def selu(x: Array) -> Tensor:
    """ELU scaled so that activations keep mean zero and variance one (Klambauer et al. 2017)."""

@overload
def celu(x: Value | float, alpha: Value | float = ...) -> Value:
    """ELU whose derivative is continuous for every alpha (Barron 2017)."""
@overload
def celu(x: Array, alpha: Array = ...) -> Tensor:
    """ELU whose derivative is continuous for every alpha (Barron 2017)."""

@overload
def gelu(x: Value | float) -> Value:
    """Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016)."""
@overload
def gelu(x: Array) -> Tensor:
    """Gaussian error linear unit: x times the normal distribution function (Hendrycks and Gimpel 2016)."""

@overload
def silu(x: Value | float) -> Value:
    """Sigmoid linear unit, also called swish."""
@overload
def silu(x: Array) -> Tensor:
    """Sigmoid linear unit, also called swish."""

@overload
def mish(x: Value | float) -> Value:
    """X times tanh of softplus (Misra 2019)."""
@overload
def mish(x: Array) -> Tensor:
    """X times tanh of softplus (Misra 2019)."""

@overload
def softsign(x: Value | float) -> Value:
    """Squashes to (-1, 1) more slowly than tanh."""
@overload
def softsign(x: Array) -> Tensor:
    """Squashes to (-1, 1) more slowly than tanh."""

@overload
def hardtanh(x: Value | float) -> Value:
    """Tanh made of three straight lines."""
@overload
def hardtanh(x: Array) -> Tensor:
    """Tanh made of three straight lines."""

@overload
def hardsigmoid(x: Value | float) -> Value:
    """Sigmoid made of three straight lines."""
@overload
def hardsigmoid(x: Array) -> Tensor:
    """Sigmoid made of three straight lines."""

@overload
def hardswish(x: Value | float) -> Value:
    """SiLU with the hard sigmoid."""
@overload
def hardswish(x: Array) -> Tensor:
    """SiLU with the hard sigmoid."""

@overload
def add(x: Value | float, y: Value | float) -> Value:
    """Add two operands: the add gate distributes its gradient to both."""
@overload
def add(x: Array, y: Array) -> Tensor:
    """Add two operands: the add gate distributes its gradient to both."""

@overload
def sub(x: Value | float, y: Value | float) -> Value:
    """Subtract the second operand from the first."""
@overload
def sub(x: Array, y: Array) -> Tensor:
    """Subtract the second operand from the first."""

@overload
def mul(x: Value | float, y: Value | float) -> Value:
    """Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""
@overload
def mul(x: Array, y: Array) -> Tensor:
    """Multiply two operands: the multiply gate swaps, each receives the other times the gradient."""

@overload
def div(x: Value | float, y: Value | float) -> Value:
    """Divide the first operand by the second; dividing by zero gives an infinity or nan."""
@overload
def div(x: Array, y: Array) -> Tensor:
    """Divide the first operand by the second; dividing by zero gives an infinity or nan."""

@overload
def neg(x: Value | float) -> Value:
    """Change the sign."""
@overload
def neg(x: Array) -> Tensor:
    """Change the sign."""

@overload
def reciprocal(x: Value | float) -> Value:
    """One divided by the operand."""
@overload
def reciprocal(x: Array) -> Tensor:
    """One divided by the operand."""

@overload
def remainder(x: Value | float, y: Value | float) -> Value:
    """Remainder of a division, with the sign of the divisor, as Python's ``%``."""
@overload
def remainder(x: Array, y: Array) -> Tensor:
    """Remainder of a division, with the sign of the divisor, as Python's ``%``."""

@overload
def fmod(x: Value | float, y: Value | float) -> Value:
    """Remainder of a division, with the sign of the dividend, as C's ``fmod``."""
@overload
def fmod(x: Array, y: Array) -> Tensor:
    """Remainder of a division, with the sign of the dividend, as C's ``fmod``."""

@overload
def abs(x: Value | float) -> Value:
    """Absolute value; its derivative at zero is taken as zero."""
@overload
def abs(x: Array) -> Tensor:
    """Absolute value; its derivative at zero is taken as zero."""

@overload
def lerp(input: Value | float, end: Value | float, weight: Value | float) -> Value:
    """Linear interpolation from the first operand to the second by the third."""
@overload
def lerp(input: Array, end: Array, weight: Array) -> Tensor:
    """Linear interpolation from the first operand to the second by the third."""

@overload
def exp(x: Value | float) -> Value:
    """Natural exponential: it is its own derivative."""
@overload
def exp(x: Array) -> Tensor:
    """Natural exponential: it is its own derivative."""

@overload
def exp2(x: Value | float) -> Value:
    """Two to the power of the operand."""
@overload
def exp2(x: Array) -> Tensor:
    """Two to the power of the operand."""

@overload
def expm1(x: Value | float) -> Value:
    """Exponential minus one, accurate near zero."""
@overload
def expm1(x: Array) -> Tensor:
    """Exponential minus one, accurate near zero."""

@overload
def log(x: Value | float) -> Value:
    """Natural logarithm; minus infinity at zero, nan below."""
@overload
def log(x: Array) -> Tensor:
    """Natural logarithm; minus infinity at zero, nan below."""

@overload
def log1p(x: Value | float) -> Value:
    """Logarithm of one plus the operand, accurate near zero."""
@overload
def log1p(x: Array) -> Tensor:
    """Logarithm of one plus the operand, accurate near zero."""

@overload
def log2(x: Value | float) -> Value:
    """Logarithm to base two."""
@overload
def log2(x: Array) -> Tensor:
    """Logarithm to base two."""

@overload
def log10(x: Value | float) -> Value:
    """Logarithm to base ten."""
@overload
def log10(x: Array) -> Tensor:
    """Logarithm to base ten."""

@overload
def logaddexp(x: Value | float, y: Value | float) -> Value:
    """Logarithm of the sum of two exponentials, without overflow on the way."""
@overload
def logaddexp(x: Array, y: Array) -> Tensor:
    """Logarithm of the sum of two exponentials, without overflow on the way."""

@overload
def erf(x: Value | float) -> Value:
    """Error function: the normal distribution's probability of being within x times root two."""
@overload
def erf(x: Array) -> Tensor:
    """Error function: the normal distribution's probability of being within x times root two."""

@overload
def erfc(x: Value | float) -> Value:
    """One minus the error function, accurate in the tail."""
@overload
def erfc(x: Array) -> Tensor:
    """One minus the error function, accurate in the tail."""

@overload
def sinh(x: Value | float) -> Value:
    """Hyperbolic sine."""
@overload
def sinh(x: Array) -> Tensor:
    """Hyperbolic sine."""

@overload
def cosh(x: Value | float) -> Value:
    """Hyperbolic cosine."""
@overload
def cosh(x: Array) -> Tensor:
    """Hyperbolic cosine."""

@overload
def tanh(x: Value | float) -> Value:
    """Hyperbolic tangent: squashes to (-1, 1)."""
@overload
def tanh(x: Array) -> Tensor:
    """Hyperbolic tangent: squashes to (-1, 1)."""

@overload
def asinh(x: Value | float) -> Value:
    """Inverse hyperbolic sine."""
@overload
def asinh(x: Array) -> Tensor:
    """Inverse hyperbolic sine."""

@overload
def arcsinh(x: Value | float) -> Value:
    """Inverse hyperbolic sine."""
@overload
def arcsinh(x: Array) -> Tensor:
    """Inverse hyperbolic sine."""

@overload
def acosh(x: Value | float) -> Value:
    """Inverse hyperbolic cosine; nan below one."""
@overload
def acosh(x: Array) -> Tensor:
    """Inverse hyperbolic cosine; nan below one."""

@overload
def arccosh(x: Value | float) -> Value:
    """Inverse hyperbolic cosine; nan below one."""
@overload
def arccosh(x: Array) -> Tensor:
    """Inverse hyperbolic cosine; nan below one."""

@overload
def atanh(x: Value | float) -> Value:
    """Inverse hyperbolic tangent; infinite at -1 and 1."""
@overload
def atanh(x: Array) -> Tensor:
    """Inverse hyperbolic tangent; infinite at -1 and 1."""

@overload
def arctanh(x: Value | float) -> Value:
    """Inverse hyperbolic tangent; infinite at -1 and 1."""
@overload
def arctanh(x: Array) -> Tensor:
    """Inverse hyperbolic tangent; infinite at -1 and 1."""

@overload
def pow(x: Value | float, y: Value | float) -> Value:
    """Raise the first operand to the power of the second; both may vary."""
@overload
def pow(x: Array, y: Array) -> Tensor:
    """Raise the first operand to the power of the second; both may vary."""

@overload
def square(x: Value | float) -> Value:
    """The operand times itself, as one gate."""
@overload
def square(x: Array) -> Tensor:
    """The operand times itself, as one gate."""

@overload
def sqrt(x: Value | float) -> Value:
    """Square root; nan below zero."""
@overload
def sqrt(x: Array) -> Tensor:
    """Square root; nan below zero."""

@overload
def rsqrt(x: Value | float) -> Value:
    """One divided by the square root."""
@overload
def rsqrt(x: Array) -> Tensor:
    """One divided by the square root."""

@overload
def hypot(x: Value | float, y: Value | float) -> Value:
    """Length of the hypotenuse, without overflow on the way."""
@overload
def hypot(x: Array, y: Array) -> Tensor:
    """Length of the hypotenuse, without overflow on the way."""

@overload
def floor(x: Value | float) -> Value:
    """The largest whole number that is not above the operand."""
@overload
def floor(x: Array) -> Tensor:
    """The largest whole number that is not above the operand."""

@overload
def ceil(x: Value | float) -> Value:
    """The smallest whole number that is not below the operand."""
@overload
def ceil(x: Array) -> Tensor:
    """The smallest whole number that is not below the operand."""

@overload
def round(x: Value | float) -> Value:
    """The nearest whole number; halves go to the even one."""
@overload
def round(x: Array) -> Tensor:
    """The nearest whole number; halves go to the even one."""

@overload
def trunc(x: Value | float) -> Value:
    """The operand without its fraction."""
@overload
def trunc(x: Array) -> Tensor:
    """The operand without its fraction."""

@overload
def maximum(x: Value | float, y: Value | float) -> Value:
    """The larger operand; it alone receives the gradient, equal ones share it."""
@overload
def maximum(x: Array, y: Array) -> Tensor:
    """The larger operand; it alone receives the gradient, equal ones share it."""

@overload
def minimum(x: Value | float, y: Value | float) -> Value:
    """The smaller operand; it alone receives the gradient, equal ones share it."""
@overload
def minimum(x: Array, y: Array) -> Tensor:
    """The smaller operand; it alone receives the gradient, equal ones share it."""

@overload
def clamp(x: Value | float, min: Value | float = ..., max: Value | float = ...) -> Value:
    """Limit the operand to an interval; at its ends the derivative is one."""
@overload
def clamp(x: Array, min: Array = ..., max: Array = ...) -> Tensor:
    """Limit the operand to an interval; at its ends the derivative is one."""

@overload
def clip(x: Value | float, min: Value | float = ..., max: Value | float = ...) -> Value:
    """Limit the operand to an interval; at its ends the derivative is one."""
@overload
def clip(x: Array, min: Array = ..., max: Array = ...) -> Tensor:
    """Limit the operand to an interval; at its ends the derivative is one."""

@overload
def where(condition: Value | float, input: Value | float, other: Value | float) -> Value:
    """The second operand where the condition holds (is not zero), else the third."""
@overload
def where(condition: Array, input: Array, other: Array) -> Tensor:
    """The second operand where the condition holds (is not zero), else the third."""

@overload
def sign(x: Value | float) -> Value:
    """Minus one, zero or one, by the sign."""
@overload
def sign(x: Array) -> Tensor:
    """Minus one, zero or one, by the sign."""

@overload
def greater(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is larger than the second, else 0.0."""
@overload
def greater(x: Array, y: Array) -> Tensor:
    """1.0 where the first operand is larger than the second, else 0.0."""

@overload
def greater_equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is at least the second, else 0.0."""
@overload
def greater_equal(x: Array, y: Array) -> Tensor:
    """1.0 where the first operand is at least the second, else 0.0."""

@overload
def less(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is smaller than the second, else 0.0."""
@overload
def less(x: Array, y: Array) -> Tensor:
    """1.0 where the first operand is smaller than the second, else 0.0."""

@overload
def less_equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where the first operand is at most the second, else 0.0."""
@overload
def less_equal(x: Array, y: Array) -> Tensor:
    """1.0 where the first operand is at most the second, else 0.0."""

@overload
def equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where both operands are the same number, else 0.0."""
@overload
def equal(x: Array, y: Array) -> Tensor:
    """1.0 where both operands are the same number, else 0.0."""

@overload
def not_equal(x: Value | float, y: Value | float) -> Value:
    """1.0 where the operands are different numbers, else 0.0."""
@overload
def not_equal(x: Array, y: Array) -> Tensor:
    """1.0 where the operands are different numbers, else 0.0."""

@overload
def sin(x: Value | float) -> Value:
    """Sine."""
@overload
def sin(x: Array) -> Tensor:
    """Sine."""

@overload
def cos(x: Value | float) -> Value:
    """Cosine."""
@overload
def cos(x: Array) -> Tensor:
    """Cosine."""

@overload
def tan(x: Value | float) -> Value:
    """Tangent."""
@overload
def tan(x: Array) -> Tensor:
    """Tangent."""

@overload
def asin(x: Value | float) -> Value:
    """Inverse sine; nan outside [-1, 1]."""
@overload
def asin(x: Array) -> Tensor:
    """Inverse sine; nan outside [-1, 1]."""

@overload
def arcsin(x: Value | float) -> Value:
    """Inverse sine; nan outside [-1, 1]."""
@overload
def arcsin(x: Array) -> Tensor:
    """Inverse sine; nan outside [-1, 1]."""

@overload
def acos(x: Value | float) -> Value:
    """Inverse cosine; nan outside [-1, 1]."""
@overload
def acos(x: Array) -> Tensor:
    """Inverse cosine; nan outside [-1, 1]."""

@overload
def arccos(x: Value | float) -> Value:
    """Inverse cosine; nan outside [-1, 1]."""
@overload
def arccos(x: Array) -> Tensor:
    """Inverse cosine; nan outside [-1, 1]."""

@overload
def atan(x: Value | float) -> Value:
    """Inverse tangent."""
@overload
def atan(x: Array) -> Tensor:
    """Inverse tangent."""

@overload
def arctan(x: Value | float) -> Value:
    """Inverse tangent."""
@overload
def arctan(x: Array) -> Tensor:
    """Inverse tangent."""

@overload
def atan2(x: Value | float, y: Value | float) -> Value:
    """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
@overload
def atan2(x: Array, y: Array) -> Tensor:
    """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""

@overload
def arctan2(x: Value | float, y: Value | float) -> Value:
    """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""
@overload
def arctan2(x: Array, y: Array) -> Tensor:
    """Angle of the point whose second coordinate is the first operand: atan2(y, x)."""

@overload
def sum(values: Iterable[Value | float]) -> Value:
    """Add any number of operands in one gate, from left to right."""
@overload
def sum(input: Array, dim: Any = ..., keepdim: Any = ...) -> Tensor:
    """Add the elements along `dim`, or all; every element receives the upstream gradient."""

@overload
def dot(ws: Iterable[Value | float], xs: Iterable[Value | float], bias: Value | float | None = ...) -> Value:
    """Inner product of weights and inputs plus an optional bias, in one gate."""
@overload
def dot(input: Array, other: Array) -> Tensor:
    """Inner product of two vectors."""

def choose(choices: Iterable[Value | float], index: Value | float) -> Value:
    """Select one of several operands by an index, counted from 0, which is an operand too."""

def convolution(x: Array, weight: Array, bias: Array | None = ..., *, stride: Any, padding: Any, dilation: Any, groups: Any) -> Tensor:
    """Slide a kernel (O, C / groups, ...) over images (N, C, ...): a dot product at every place."""

def convolution_input_gradient(g: Array, weight: Array, input_shape: Any, *, stride: Any, padding: Any, dilation: Any, groups: Any) -> Tensor:
    """Spread every number over the places its kernel looked at: convolution's transpose."""

def convolution_weight_gradient(g: Array, x: Array, kernel_shape: Any, *, stride: Any, padding: Any, dilation: Any, groups: Any) -> Tensor:
    """Add up, for every weight of a kernel, what it multiplied times the gradient it helped to make."""

def cross_entropy(x: Array, target: Array, *, weight: Any = ..., ignore_index: Any = ..., reduction: Any = ..., label_smoothing: Any = ...) -> Tensor:
    """Compare scores (N, C, ...) with the true classes (N, ...): minus the logarithm of softmax at the true class."""

def soft_cross_entropy(x: Array, target: Array) -> Tensor:
    """Compare scores (N, C, ...) with probabilities of the classes, of the same shape: one loss for each sample."""

def binary_cross_entropy(x: Array, target: Array) -> Tensor:
    """Compare probabilities with targets between 0 and 1, element by element; no logarithm counts as less than -100."""

def dropout(x: Array, mask: Any) -> Tensor:
    """Multiply by a mask of zeros and one other factor."""

def embedding(indices: Array, weight: Array, padding_idx: Any = ..., by_frequency: Any = ...) -> Tensor:
    """Take a row of a table for every index."""

def embedding_gradient(indices: Array, g: Array, rows: Any, padding_idx: Any = ..., by_frequency: Any = ...) -> Tensor:
    """Add up, in a table of so many rows, what belongs to the same index."""

def unfold(x: Array, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Tensor:
    """Put every window of images (N, C, ...) into a column: (N, C * window, places)."""

def fold(x: Array, output_size: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Tensor:
    """Add columns up where :func:`unfold` took them from."""

def pixel_shuffle(x: Array, factor: Any) -> Tensor:
    """Spread channels over an image larger by `factor`: (..., C * factor², H, W) to (..., C, H * factor, W * factor)."""

def pixel_unshuffle(x: Array, factor: Any) -> Tensor:
    """Put the pixels of every square of `factor` into channels: what undoes :func:`pixel_shuffle`."""

def getitem(x: Array, index: Any) -> Tensor:
    """The elements that an index selects, as NumPy defines it: slices give views, arrays copies."""

def put(x: Array, shape: Any, index: Any) -> Tensor:
    """Zeros of the given shape into which `x` is added where an index selects: what undoes :func:`getitem`."""

def put_at(x: Array, values: Array, positions: Any) -> Tensor:
    """A copy of `x` in which the elements at flat `positions` are `values`: what assigning in place records."""

def gather(input: Array, dim: Any, index: Any) -> Tensor:
    """Take along one axis the elements that an index array names, one for each of its entries."""

def scatter_add(input: Array, source: Array, dim: Any, index: Any) -> Tensor:
    """Add `source` to a copy of `input`, each element where the index names along one axis."""

def put_like(x: Array, shape: Any) -> Tensor:
    """Zeros of the given shape with `x` in the first places of every axis."""

def scatter(input: Array, source: Array, dim: Any, index: Any) -> Tensor:
    """A copy of `input` in which the elements that the index names along one axis come from `source`."""

def linear(x: Array, weight: Array, bias: Array | None = ...) -> Tensor:
    """Multiply the last axis by every row of a weight, and add a bias."""

def layer_norm(x: Array, weight: Array | None = ..., bias: Array | None = ..., *, normalized_shape: Any, eps: Any = ...) -> Tensor:
    """Normalise every sample over its last axes, which have the shape `normalized_shape`."""

def rms_norm(x: Array, weight: Array | None = ..., *, normalized_shape: Any, eps: Any) -> Tensor:
    """Divide every sample by its root mean square over its last axes, of the shape `normalized_shape`."""

def group_norm(x: Array, weight: Array | None = ..., bias: Array | None = ..., *, num_groups: Any, eps: Any = ...) -> Tensor:
    """Normalise every image over groups of its channels; one group for each channel is instance norm."""

def batch_norm(x: Array, weight: Array | None = ..., bias: Array | None = ..., *, eps: Any = ..., running: Any = ..., momentum: Any = ...) -> Tensor:
    """Normalise every channel of images (N, C, ...) over the batch."""

def batch_norm_inference(x: Array, weight: Array | None = ..., bias: Array | None = ..., *, mean: Any, variance: Any, eps: Any = ...) -> Tensor:
    """Normalise every channel of images (N, C, ...) with a mean and a variance that are given."""

def max_pool(x: Array, *, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any = ...) -> Tensor:
    """Keep the largest number of every window; it alone receives the gradient."""

def max_pool_gradient(g: Array, indices: Any, input_shape: Any, dimensions: Any) -> Tensor:
    """Add every number to the place, in the last `dimensions` axes, that won its window."""

def max_pool_winners(x: Array, indices: Any, dimensions: Any) -> Tensor:
    """Take the numbers at the places, in the last `dimensions` axes, that won the windows."""

def avg_pool(x: Array, *, kernel: Any, stride: Any, padding: Any, ceil_mode: Any = ..., count_include_pad: Any = ..., divisor_override: Any = ...) -> Tensor:
    """Average every window."""

def avg_pool_gradient(g: Array, input_shape: Any, *, kernel: Any, stride: Any, padding: Any, ceil_mode: Any = ..., count_include_pad: Any = ..., divisor_override: Any = ...) -> Tensor:
    """Divide every number among the places of its window."""

def adaptive_avg_pool(x: Array, output_size: Any) -> Tensor:
    """Average windows that divide the last axes into a given number of parts."""

def adaptive_avg_pool_gradient(g: Array, input_shape: Any, dimensions: Any) -> Tensor:
    """Divide every number among the places that :func:`adaptive_avg_pool` averaged."""

def matmul(input: Array, other: Array) -> Tensor:
    """Matrix product of the last two axes; the axes in front broadcast."""

def einsum_product(operands: Iterable[Array], equation: Any) -> Tensor:
    """Sum of products over the axes that an equation names; see :func:`einsum`."""

def floor_divide(input: Array, other: Array) -> Tensor:
    """Divide and round down; exact where rounding the quotient is not: 1 // 0.1 is 9."""

def mean(input: Array, dim: Any = ..., keepdim: Any = ...) -> Tensor:
    """Average along `dim`, or over all."""

def var(input: Array, dim: Any = ..., correction: Any = ..., keepdim: Any = ...) -> Tensor:
    """Variance along `dim`, or over all; divided by n - correction, so 1 estimates it without bias."""

def std(input: Array, dim: Any = ..., correction: Any = ..., keepdim: Any = ...) -> Tensor:
    """Standard deviation along `dim`, or over all; see :func:`var`."""

def prod(input: Array, dim: Any = ..., keepdim: Any = ...) -> Tensor:
    """Multiply the elements along `dim`, or all; each receives the product of the others."""

def amax(input: Array, dim: Any = ..., keepdim: Any = ...) -> Tensor:
    """Largest element along `dim`, or of all; equal winners share the gradient."""

def amin(input: Array, dim: Any = ..., keepdim: Any = ...) -> Tensor:
    """Smallest element along `dim`, or of all; equal winners share the gradient."""

def logsumexp(input: Array, dim: Any, keepdim: Any = ...) -> Tensor:
    """Logarithm of the sum of exponentials along `dim`, without overflow on the way; its gradient is softmax."""

def norm(input: Array, p: Any = ..., dim: Any = ..., keepdim: Any = ...) -> Tensor:
    """Length of a vector in the p-norm along `dim`, or of all elements."""

def cumsum(input: Array, dim: Any) -> Tensor:
    """Add up along `dim`: each result is the sum so far."""

def cumprod(input: Array, dim: Any) -> Tensor:
    """Multiply along `dim`: each result is the product so far."""

def reshape(input: Array, shape: Any) -> Tensor:
    """The same elements in another shape; one size may be -1 and follows from the others."""

def permute(input: Array, dims: Any) -> Tensor:
    """Put the axes into another order: a view."""

def expand(input: Array, shape: Any) -> Tensor:
    """Repeat along new axes and axes of size 1, without a copy; the copies' gradients add up."""

def sum_to_size(x: Array, shape: Any) -> Tensor:
    """Undo broadcasting: add up along the axes in which `shape` has size 1 or none."""

def cat(tensors: Iterable[Array], dim: Any = ...) -> Tensor:
    """Join along an axis; each part gets its part of the gradient."""

def flip(input: Array, dims: Any) -> Tensor:
    """Reverse the order along the axes."""

def roll(input: Array, shifts: Any, dims: Any = ...) -> Tensor:
    """Move along the axes; what leaves at one end comes in at the other."""

def tril(input: Array, diagonal: Any = ...) -> Tensor:
    """Lower triangle of the last two axes; zero above."""

def triu(input: Array, diagonal: Any = ...) -> Tensor:
    """Upper triangle of the last two axes; zero below."""

def diagonal(input: Array, offset: Any = ..., dim1: Any = ..., dim2: Any = ...) -> Tensor:
    """Diagonal of two axes, as the last axis of the result: a view."""

def diagonal_embed(x: Array, shape: Any, offset: Any, dim1: Any, dim2: Any) -> Tensor:
    """Zeros of the given shape with `x` on the diagonal of two axes: what undoes :func:`diagonal`."""

def pad_constant(x: Array, widths: Any, value: Any = ...) -> Tensor:
    """Put numbers around an array: `widths` has (before, after) for every axis; negative ones cut off."""

def astype(x: Array, dtype: Any) -> Tensor:
    """The same numbers in another dtype."""

def clone(input: Array) -> Tensor:
    """A copy with memory of its own; the gradient passes through."""

def softmax(x: Array, dim: Any) -> Tensor:
    """Make positive numbers with the sum 1 along `dim`: exponentials divided by their sum."""

def softmax_gradient(g: Array, out: Array, dim: Any) -> Tensor:
    """Pull a gradient back through :func:`softmax`, whose result `out` was."""

def log_softmax(x: Array, dim: Any) -> Tensor:
    """Take the logarithm of :func:`softmax`, without overflow on the way."""

def log_softmax_gradient(g: Array, out: Array, dim: Any) -> Tensor:
    """Pull a gradient back through :func:`log_softmax`, whose result `out` was."""

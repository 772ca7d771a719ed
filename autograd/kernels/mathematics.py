"""Exponential and logarithm that the compiler can vectorise: no branches, no calls, no tables.

A loop that calls the C library's ``exp`` runs one number at a time.  These two are made of
multiplications, additions and integer shifts only, so a loop around them becomes vector
instructions, whatever their width on this machine.  Their error is at most about one unit in
the last place.

``exponential(x)``: x = n ln 2 + r with whole n and abs(r) <= ln 2 / 2, so exp(x) = 2ⁿ exp(r), and
exp(r) = 1 + r + r² q(r) with a polynomial q.

``logarithm(x)``: x = 2ⁿ m with m between √½ and √2, so log(x) = n ln 2 + log(m), and with
s = (m - 1) / (m + 1), log(m) = 2 s + s³ q(s²).

A fused multiply-add may replace a multiplication and an addition here, but nothing may be reordered: that
would undo the subtraction of n ln 2 in two parts.  Kernels that reorder their sums do not change that.

The coefficients are weighted least-squares fits that come close to the smallest maximal relative error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, types

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.rules import INLINED, exact
from autograd.kernels.small import contiguous, small

intrinsic: Any = extending.intrinsic  # its parameters are types, so a type checker cannot follow

GRAIN = 16384  # elements a thread must get to be worth waking

F32, F64, I32, I64 = np.float32, np.float64, np.int32, np.int64


def _reinterpret(typing: Any, x: Any, result: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))

    return result(x), generate


@intrinsic
def bits(typing: Any, x: Any) -> Any:
    """The bit pattern of a float as an integer of its size."""
    return _reinterpret(typing, x, types.int32 if x == types.float32 else types.int64)


@intrinsic
def number(typing: Any, x: Any) -> Any:
    """The float with this bit pattern."""
    return _reinterpret(typing, x, types.float32 if x == types.int32 else types.float64)


@intrinsic
def fused(typing: Any, x: Any, y: Any, z: Any) -> Any:
    """``x * y + z``, by one instruction where the machine has it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = context.get_value_type(signature.return_type)
        name = f"llvm.fmuladd.{'f32' if isinstance(kind, ir.FloatType) else 'f64'}"
        function = builder.module.declare_intrinsic(name, fnty=ir.FunctionType(kind, [kind] * 3))
        return builder.call(function, arguments)

    return x(x, x, x), generate


@intrinsic
def chosen(typing: Any, condition: Any, x: Any, y: Any) -> Any:
    """``x if condition else y`` where both are computed: without a branch, so that it vectorises."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return x(types.boolean, x, x), generate


@intrinsic
def larger(typing: Any, x: Any, y: Any) -> Any:
    """The larger of two numbers; with a nan it may be either, which is what lets it run in vector lanes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = context.get_value_type(signature.return_type)
        name = f"llvm.maxnum.{'f32' if isinstance(kind, ir.FloatType) else 'f64'}"
        function = builder.module.declare_intrinsic(name, fnty=ir.FunctionType(kind, [kind] * 2))
        return builder.call(function, arguments, fastmath=("nnan", "nsz"))

    return x(x, x), generate


@exact
def exp32(x: Any) -> Any:
    """Return e to the power of a float32."""
    x = F32(-104.0) if x < F32(-104.0) else x  # gives 0; a nan stays
    x = F32(89.0) if x > F32(89.0) else x  # gives an infinity
    # Adding 1.5 * 2²³ rounds to a whole number and leaves it in the low bits.
    shifted = x * F32(1.4426950408889634) + F32(12582912.0)
    n = shifted - F32(12582912.0)
    power = I32(bits(shifted) - I32(0x4B400000))  # Numba computes with 64 bits unless told each time
    r = fused(n, F32(-0.693145751953125), x)  # ln 2 in two parts; the first has few digits, so n times it is exact
    r = fused(n, F32(-1.4286068203094172e-06), r)
    q = fused(F32(0.00138145111207), r, F32(0.0083687479234))
    q = fused(q, r, F32(0.0416683913972))
    q = fused(q, r, F32(0.166665203687))
    q = fused(q, r, F32(0.49999993429))
    # 2ⁿ in two factors, so that results below the smallest normal number are rounded once and the largest fit.
    half = I32(power >> I32(1))
    scale = number(I32((half + I32(127)) << I32(23)))
    rest = number(I32((power - half + I32(127)) << I32(23)))
    return (fused(r * r, q, r) + F32(1.0)) * scale * rest


@exact
def exp64(x: Any) -> Any:
    """Return e to the power of a float64."""
    x = -746.0 if x < -746.0 else x
    x = 710.0 if x > 710.0 else x
    shifted = x * 1.4426950408889634 + 6755399441055744.0  # 1.5 * 2⁵²
    n = shifted - 6755399441055744.0
    power = bits(shifted) - I64(0x4338000000000000)
    r = fused(n, -0.6931471803691238, x)
    r = fused(n, -1.9082149292705877e-10, r)
    q = fused(2.500391846017404945e-8, r, 2.763030821514331679e-7)
    q = fused(q, r, 2.75575744963723223e-6)
    q = fused(q, r, 0.00002480149293859791461)
    q = fused(q, r, 0.0001984126951937680719)
    q = fused(q, r, 0.001388888894377413386)
    q = fused(q, r, 0.008333333333488911181)
    q = fused(q, r, 0.04166666666652968707)
    q = fused(q, r, 0.1666666666666642026)
    q = fused(q, r, 0.5000000000000010662)
    half = power >> I64(1)
    scale = number((half + I64(1023)) << I64(52))
    rest = number((power - half + I64(1023)) << I64(52))
    return (fused(r * r, q, r) + 1.0) * scale * rest


@exact
def log32(x: Any) -> Any:
    """Return the natural logarithm of a float32."""
    tiny = x < F32(1.1754943508222875e-38)
    y = x * F32(8388608.0) if tiny else x
    # Subtracting √½ before the shift splits between √½ and √2; the shift rounds down.
    n = I32(I32(bits(y) - I32(0x3F3504F3)) >> I32(23))
    m = number(I32(bits(y) - I32(n << I32(23))))
    power = F32(n) - (F32(23.0) if tiny else F32(0.0))
    f = m - F32(1.0)
    s = f / (F32(2.0) + f)
    z = s * s
    q = fused(F32(0.2358364709237415516), z, F32(0.2853723354601354834))
    q = fused(q, z, F32(0.4000033631031781639))
    q = fused(q, z, F32(0.6666666564076787278))
    # 2 s = f - s f: so the leading term f is exact and only small terms are rounded.
    result = fused(power, F32(1.4286068203094172e-06), fused(s, z * q - f, f))
    result = fused(power, F32(0.693145751953125), result)
    result = x if x == F32(np.inf) else result
    result = F32(-np.inf) if x == F32(0.0) else result
    return result if x >= F32(0.0) else F32(np.nan)


@exact
def log64(x: Any) -> Any:
    """Return the natural logarithm of a float64."""
    tiny = x < 2.2250738585072014e-308
    y = x * 18014398509481984.0 if tiny else x
    n = (bits(y) - I64(0x3FE6A09E667F3BCD)) >> I64(52)
    m = number(bits(y) - (n << I64(52)))
    power = F64(n) - (54.0 if tiny else 0.0)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    q = fused(0.1479754614210098105, z, 0.1531389908155997516)
    q = fused(q, z, 0.1818356991870504715)
    q = fused(q, z, 0.2222219847213452007)
    q = fused(q, z, 0.2857142874330577816)
    q = fused(q, z, 0.3999999999941086081)
    q = fused(q, z, 0.666666666666673494)
    result = fused(power, 1.9082149292705877e-10, fused(s, z * q - f, f))
    result = fused(power, 0.6931471803691238, result)
    result = x if x == np.inf else result
    result = -np.inf if x == 0.0 else result
    return result if x >= 0.0 else np.nan


def exponential(x: Any) -> Any:
    """Return e to the power of one number, inside a kernel."""
    return np.exp(x)


def logarithm(x: Any) -> Any:
    """Return the natural logarithm of one number, inside a kernel."""
    return np.log(x)


@extending.overload(exponential, jit_options=INLINED)
def _exponential(x):  # type: ignore[no-untyped-def]  # Numba compares the parameters, annotations included
    function = exp32 if x == types.float32 else exp64
    return lambda x: function(x)


@extending.overload(logarithm, jit_options=INLINED)
def _logarithm(x):  # type: ignore[no-untyped-def]  # Numba compares the parameters, annotations included
    function = log32 if x == types.float32 else log64
    return lambda x: function(x)


@kernel
def _exp_each(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    x, out = x[start:stop], out[start:stop]  # from 0, so that the compiler sees that no index is negative
    for i in range(len(out)):
        out[i] = exponential(x[i])


@kernel
def _log_each(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    x, out = x[start:stop], out[start:stop]  # from 0, so that the compiler sees that no index is negative
    for i in range(len(out)):
        out[i] = logarithm(x[i])


def _each(compiled: Any, x: Any) -> Any:
    x = contiguous(x)
    out = np.empty_like(x)
    threads.run(compiled, threads.parts(x.size, GRAIN), x.ravel(), out.ravel())
    return out


def exp(x: Any) -> Any:
    """Return e to the power of each element of a float32 or float64 array.

    >>> float(exp(np.zeros(1))[0])
    1.0
    """
    if small(x.size):
        with np.errstate(all="ignore"):
            return np.exp(x)
    return _each(_exp_each, x)


def log(x: Any) -> Any:
    """Return the natural logarithm of each element of a float32 or float64 array.

    >>> float(log(np.ones(1))[0])
    0.0
    """
    if small(x.size):
        with np.errstate(all="ignore"):
            return np.log(x)
    return _each(_log_each, x)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        ones = np.ones(1, dtype)
        for name, compiled in (("exp", _exp_each), ("log", _log_each)):
            yield f"{name} {dtype.__name__}", lambda compiled=compiled, ones=ones: _each(compiled, ones)

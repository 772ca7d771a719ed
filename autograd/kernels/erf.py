"""The error function and its complement, made of multiplications and additions that vectorise.

erf(x) = 2/√π ∫₀ˣ exp(-t²) dt and erfc(x) = 1 - erf(x), so erf'(x) = 2/√π exp(-x²) = -erfc'(x).

- near zero: erf(x) = x + x p(x²) with a polynomial p;
- far from it: erfc(x) = exp(-x²) q(t) / (1 + 2 x) with t = (x - 3) / (x + 3), and the other half of the
  axis by erfc(-x) = 2 - erfc(x).  The square is taken with more digits where the result
  shows it, because the exponential multiplies its error by x².

Both are computed for every element and one is chosen, so that there are no branches.  The coefficients are
weighted least-squares fits that come close to the smallest maximal relative error; errors are at most 1 to
2 units in the last place, in float64's erfc 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import extending, types

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.mathematics import F32, F64, I64, bits, chosen, exp32, exp64, fused, number
from autograd.kernels.rules import INLINED, exact
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

GRAIN = 8192  # elements a thread must get: about 10 µs of work, more than waking it costs


@exact
def _near32(x: Any) -> Any:
    """Return erf for abs(x) <= 1."""
    z = x * x
    q = fused(F32(0.00007853761267550260888), z, F32(-0.00080101633038430662641))
    q = fused(q, z, F32(0.005188324233189846787))
    q = fused(q, z, F32(-0.026853810117631933947))
    q = fused(q, z, F32(0.11283585105159029549))
    q = fused(q, z, F32(-0.37612625820406366864))
    q = fused(q, z, F32(0.1283791657261578065))
    return fused(x, q, x)


@exact
def _far32(x: Any) -> Any:
    """Return erfc for x >= 0.5, with the error of the square: good enough to be subtracted from 1."""
    x = chosen(x > F32(10.1), F32(10.1), x)  # gives 0
    t = (x - F32(3.0)) / (x + F32(3.0))
    q = fused(F32(-0.0005251262655333154825), t, F32(0.001838869452775855901))
    q = fused(q, t, F32(0.002389801192261246023))
    q = fused(q, t, F32(-0.02376512835750195284))
    q = fused(q, t, F32(0.0683380329048891504))
    q = fused(q, t, F32(-0.1192734437220724221))
    q = fused(q, t, F32(0.1296426353706696877))
    q = fused(q, t, F32(-0.04756232660797045269))
    q = fused(q, t, F32(-0.1356210474114751938))
    q = fused(q, t, F32(1.253008058510231289))
    return exp32(-x * x) * (q / fused(F32(2.0), x, F32(1.0)))


@exact
def _precise_far32(x: Any) -> Any:
    """Return erfc for x >= 0.5, in float64: the square is exact and nothing but the last step rounds."""
    x = chosen(x > 10.2, 10.2, F64(x))  # gives 0
    t = (x - 3.0) / (x + 3.0)
    q = fused(-0.0005251262655333154825, t, 0.001838869452775855901)
    q = fused(q, t, 0.002389801192261246023)
    q = fused(q, t, -0.02376512835750195284)
    q = fused(q, t, 0.0683380329048891504)
    q = fused(q, t, -0.1192734437220724221)
    q = fused(q, t, 0.1296426353706696877)
    q = fused(q, t, -0.04756232660797045269)
    q = fused(q, t, -0.1356210474114751938)
    q = fused(q, t, 1.253008058510231289)
    return F32(exp64(-x * x) * (q / fused(2.0, x, 1.0)))


@exact
def _erf32(x: Any) -> Any:
    size = abs(x)
    far = F32(1.0) - _far32(size)
    return chosen(size < F32(1.0), _near32(x), chosen(x < F32(0.0), -far, far))


@exact
def _erfc32(x: Any) -> Any:
    size = abs(x)
    far = _precise_far32(size)
    near = F32(1.0) - _near32(x)
    return chosen(size < F32(0.5), near, chosen(x < F32(0.0), F32(2.0) - far, far))


@exact
def _near64(x: Any) -> Any:
    """Return erf for abs(x) <= 1."""
    z = x * x
    q = fused(-7.7794284940837061142e-10, z, 1.371095827208586356e-8)
    q = fused(q, z, -1.6206308469424972048e-7)
    q = fused(q, z, 1.6447130856273209504e-6)
    q = fused(q, z, -0.000014924712241938254315)
    q = fused(q, z, 0.00012055293573655027965)
    q = fused(q, z, -0.00085483259292017141957)
    q = fused(q, z, 0.0052239776061160250948)
    q = fused(q, z, -0.026866170643111155722)
    q = fused(q, z, 0.11283791670944182665)
    q = fused(q, z, -0.37612638903183519484)
    q = fused(q, z, 0.1283791670955125657)
    return fused(x, q, x)


@exact
def _far64(x: Any) -> Any:
    """Return erfc for x >= 0.5."""
    x = chosen(x > 27.3, 27.3, x)  # gives 0
    t = (x - 3.0) / (x + 3.0)
    q = fused(-4.046845759843950198e-9, t, -1.100996923842161017e-8)
    q = fused(q, t, 3.352473253984500986e-8)
    q = fused(q, t, 9.974035596495486514e-8)
    q = fused(q, t, -1.335620628537493154e-7)
    q = fused(q, t, -6.157791843189397702e-7)
    q = fused(q, t, 3.522444794571984332e-7)
    q = fused(q, t, 3.472377832675324676e-6)
    q = fused(q, t, -7.298974945604746932e-7)
    q = fused(q, t, -0.00002010068738239935984)
    q = fused(q, t, 4.949138106871775301e-6)
    q = fused(q, t, 0.0001250994082057865273)
    q = fused(q, t, -0.0001051597560379582363)
    q = fused(q, t, -0.0007798322846191337133)
    q = fused(q, t, 0.001888690356160982933)
    q = fused(q, t, 0.002529391817623788027)
    q = fused(q, t, -0.02377051491853428163)
    q = fused(q, t, 0.0683080273438746102)
    q = fused(q, t, -0.1192736634153114332)
    q = fused(q, t, 0.1296451587027637675)
    q = fused(q, t, -0.04756229435345070328)
    q = fused(q, t, -0.1356211061245812005)
    q = fused(q, t, 1.253008058269729652)
    square = x * x
    # The digits that rounding the square lost: the upper half of the digits has an exact square.
    upper = number(bits(x) & I64(-0x8000000))
    rest = (upper * upper - square) + (x - upper) * (x + upper)
    result = exp64(-square) * (q / fused(2.0, x, 1.0))
    return fused(-result, rest, result)


@exact
def _erf64(x: Any) -> Any:
    size = abs(x)
    far = 1.0 - _far64(size)
    return chosen(size < 1.0, _near64(x), chosen(x < 0.0, -far, far))


@exact
def _erfc64(x: Any) -> Any:
    size = abs(x)
    far = _far64(size)
    near = 1.0 - _near64(x)
    return chosen(size < 0.5, near, chosen(x < 0.0, 2.0 - far, far))


def error_function(x: Any) -> Any:
    """Return erf of one number, inside a kernel."""
    return math.erf(x)


def complement(x: Any) -> Any:
    """Return erfc of one number, inside a kernel."""
    return math.erfc(x)


@extending.overload(error_function, jit_options=INLINED)
def _error_function(x):  # type: ignore[no-untyped-def]  # Numba compares the parameters, annotations included
    function = _erf32 if x == types.float32 else _erf64
    return lambda x: function(x)


@extending.overload(complement, jit_options=INLINED)
def _complement(x):  # type: ignore[no-untyped-def]
    function = _erfc32 if x == types.float32 else _erfc64
    return lambda x: function(x)


@kernel
def _erf_each(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    x, out = x[start:stop], out[start:stop]
    for i in range(len(out)):
        out[i] = error_function(x[i])


@kernel
def _erfc_each(part: int, start: int, stop: int, x: Any, out: Any) -> None:
    x, out = x[start:stop], out[start:stop]
    for i in range(len(out)):
        out[i] = complement(x[i])


def _each(compiled: Any, function: Callable[[float], float], x: Array) -> Array:
    if small(x.size):
        return np.array([function(number) for number in x.ravel().tolist()], x.dtype).reshape(x.shape)
    x = contiguous(x)
    out = np.empty_like(x)
    threads.run(compiled, threads.parts(x.size, GRAIN), x.reshape(-1), out.reshape(-1))
    return out


def erf(x: Array) -> Array:
    """Return the error function of each element of a float32 or float64 array.

    >>> erf(np.array([0.0, 1.0])).round(4)
    array([0.    , 0.8427])
    """
    return _each(_erf_each, math.erf, x)


def erfc(x: Array) -> Array:
    """Return 1 - erf of each element, accurate also where erf is close to 1.

    >>> erfc(np.array([0.0, 1.0])).round(4)
    array([1.    , 0.1573])
    """
    return _each(_erfc_each, math.erfc, x)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        ones = np.ones(1, dtype)
        for name, compiled in (("erf", _erf_each), ("erfc", _erfc_each)):
            yield f"{name} {dtype.__name__}", lambda run=compiled, ones=ones: run(0, 0, 1, ones, ones.copy())

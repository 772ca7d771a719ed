"""One step of an optimiser on a flat array of parameters, in place: one pass over memory.

With parameter p, its gradient g (its negative with `maximize`), learning rate η, weight decay λ (added to
the gradient as λ p, or with AdamW p ← (1 - η λ) p beforehand):

- SGD: b ← μ b + (1 - d) g, at the first step b ← g; p ← p - η b, with Nesterov p ← p - η (g + μ b);
- Adam: m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², p ← p - η / (1 - β₁ᵗ) · m / (√(v / (1 - β₂ᵗ)) + ε),
  with AMSGrad the largest v so far in the place of v;
- RMSprop: v ← α v + (1 - α) g², p ← p - η g / (√v + ε), centred with v - ā² under the root, where
  ā ← α ā + (1 - α) g; with momentum b ← μ b + g / (√v + ε), p ← p - η b;
- Adagrad: s ← s + g², p ← p - η / (1 + (t - 1) δ) · g / (√s + ε).

The arrays of an optimiser's state are changed in place too; ``None`` stands for one that is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import threads
from autograd.kernels.jit import kernel
from autograd.kernels.small import contiguous, small

Array = npt.NDArray[Any]

GRAIN = 16384  # elements a thread must get: about 10 µs of work, more than waking it costs


@kernel
def _sgd(
    part: int, start: int, stop: int, p: Any, g: Any, b: Any, numbers: Any, nesterov: bool, sign: float, first: bool
) -> None:
    kind = p.dtype.type
    rate, momentum, fresh, decay = kind(numbers[0]), kind(numbers[1]), kind(numbers[2]), kind(numbers[3])
    direction = kind(sign)
    p, g = p[start:stop], g[start:stop]
    if len(b) == 0:
        for i in range(len(p)):
            p[i] -= rate * (direction * g[i] + decay * p[i])
        return
    b = b[start:stop]
    for i in range(len(p)):
        slope = direction * g[i] + decay * p[i]
        b[i] = slope if first else momentum * b[i] + fresh * slope
        p[i] -= rate * (slope + momentum * b[i] if nesterov else b[i])


@kernel
def _adam(
    part: int, start: int, stop: int, p: Any, g: Any, m: Any, v: Any, largest: Any, numbers: Any, sign: float
) -> None:
    kind = p.dtype.type
    rate, fresh1, beta2, fresh2 = kind(numbers[0]), kind(numbers[1]), kind(numbers[2]), kind(numbers[3])
    root, eps, decay, shrink = kind(numbers[4]), kind(numbers[5]), kind(numbers[6]), kind(numbers[7])
    direction = kind(sign)
    p, g, m, v = p[start:stop], g[start:stop], m[start:stop], v[start:stop]
    if len(largest) == 0:
        for i in range(len(p)):
            before = p[i] * shrink
            slope = direction * g[i] + decay * before
            m[i] += fresh1 * (slope - m[i])
            v[i] = beta2 * v[i] + fresh2 * slope * slope
            p[i] = before - rate * m[i] / (np.sqrt(v[i]) / root + eps)
        return
    largest = largest[start:stop]
    for i in range(len(p)):
        before = p[i] * shrink
        slope = direction * g[i] + decay * before
        m[i] += fresh1 * (slope - m[i])
        v[i] = beta2 * v[i] + fresh2 * slope * slope
        largest[i] = largest[i] if largest[i] >= v[i] else v[i]
        p[i] = before - rate * m[i] / (np.sqrt(largest[i]) / root + eps)


@kernel
def _rmsprop(
    part: int, start: int, stop: int, p: Any, g: Any, v: Any, b: Any, average: Any, numbers: Any, sign: float
) -> None:
    kind = p.dtype.type
    rate, alpha, fresh = kind(numbers[0]), kind(numbers[1]), kind(numbers[2])
    eps, decay, momentum, direction = kind(numbers[3]), kind(numbers[4]), kind(numbers[5]), kind(sign)
    centred, moving = len(average) > 0, len(b) > 0
    p, g, v, b, average = p[start:stop], g[start:stop], v[start:stop], b[start:stop], average[start:stop]
    for i in range(len(p)):
        slope = direction * g[i] + decay * p[i]
        v[i] = alpha * v[i] + fresh * slope * slope
        under = v[i]
        if centred:
            average[i] += fresh * (slope - average[i])
            under -= average[i] * average[i]
        step = slope / (np.sqrt(under) + eps)
        if moving:
            b[i] = momentum * b[i] + step
            step = b[i]
        p[i] -= rate * step


@kernel
def _adagrad(part: int, start: int, stop: int, p: Any, g: Any, total: Any, numbers: Any, sign: float) -> None:
    kind = p.dtype.type
    rate, eps, decay, direction = kind(numbers[0]), kind(numbers[1]), kind(numbers[2]), kind(sign)
    p, g, total = p[start:stop], g[start:stop], total[start:stop]
    for i in range(len(p)):
        slope = direction * g[i] + decay * p[i]
        total[i] += slope * slope
        p[i] -= rate * slope / (np.sqrt(total[i]) + eps)


_loaded: set[tuple[str, str]] = set()


def _by_kernel(name: str, parameter: Array) -> bool:
    """Return whether the kernel computes: large arrays, and small ones once it is there; the bits are the same."""
    key = name, parameter.dtype.char
    if not small(parameter.size):
        _loaded.add(key)
    return key in _loaded


def _flat(name: str, parameter: Array, gradient: Array, *state: Array | None) -> list[Array]:
    """Return all arrays flattened, without copying those that change; one without elements for ``None``."""
    arrays = []
    for array in (parameter, *state):
        if array is None:
            arrays.append(np.empty(0, parameter.dtype))
        elif not array.flags.carray or array.dtype != parameter.dtype or array.shape != parameter.shape:
            raise ValueError(
                f"{name} changes arrays in place: it takes writeable row-major arrays of the parameter's shape "
                f"{parameter.shape} and {parameter.dtype}, got {array.shape} and {array.dtype}"
            )
        else:
            arrays.append(array.reshape(-1))
    if gradient.shape != parameter.shape:
        raise ValueError(f"{name}: the gradient's shape {gradient.shape} is not the parameter's {parameter.shape}")
    arrays.insert(1, contiguous(gradient, parameter.dtype).reshape(-1))
    return arrays


def _slope(p: Array, g: Array, decay: float, maximize: bool) -> Array:
    slope = -g if maximize else g
    return slope + decay * p if decay else slope


def sgd(
    parameter: Array,
    gradient: Array,
    momentum_buffer: Array | None,
    lr: float,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    maximize: bool = False,
    first: bool = False,
) -> None:
    """Take a step of stochastic gradient descent.

    Parameters
    ----------
    parameter, gradient : arrays of the same shape
    momentum_buffer : array, optional
        The running sum of gradients, needed with momentum.
    lr, momentum, dampening, weight_decay : float
    nesterov, maximize : bool
    first : bool
        Whether the buffer is new, so that it becomes the gradient.

    Examples
    --------
    >>> parameter = np.array([1.0, 2.0])
    >>> sgd(parameter, np.array([1.0, -1.0]), None, lr=0.5)
    >>> parameter
    array([0.5, 2.5])
    """
    p, g, b = _flat("sgd", parameter, gradient, momentum_buffer if momentum else None)
    if momentum and not b.size and p.size:
        raise ValueError("sgd: momentum needs a momentum_buffer")
    if _by_kernel("sgd", p):
        numbers = np.array([lr, momentum, 1 - dampening, weight_decay])
        arguments = p, g, b, numbers, bool(nesterov), -1.0 if maximize else 1.0, bool(first)
        threads.run(_sgd, threads.parts(p.size, GRAIN), *arguments)
        return
    with np.errstate(all="ignore"):
        slope = _slope(p, g, weight_decay, maximize)
        if momentum:
            b[:] = slope if first else momentum * b + (1 - dampening) * slope
            slope = slope + momentum * b if nesterov else b
        p -= lr * slope


def adam(
    parameter: Array,
    gradient: Array,
    exp_avg: Array,
    exp_avg_sq: Array,
    max_exp_avg_sq: Array | None,
    step: int,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled: bool = False,
    maximize: bool = False,
    amsgrad: bool = False,
) -> None:
    """Take a step of Adam, or with `decoupled` weight decay of AdamW.

    Parameters
    ----------
    parameter, gradient, exp_avg, exp_avg_sq : arrays of the same shape
        The averages begin with zeros.
    max_exp_avg_sq : array, optional
        Needed with `amsgrad`.
    step : int
        The number of this step, from 1.
    lr, beta1, beta2, eps, weight_decay : float
    decoupled, maximize, amsgrad : bool
    """
    maxima = max_exp_avg_sq if amsgrad else None
    p, g, m, v, largest = _flat("adam", parameter, gradient, exp_avg, exp_avg_sq, maxima)
    if amsgrad and not largest.size and p.size:
        raise ValueError("adam: amsgrad needs max_exp_avg_sq")
    rate, root = lr / (1 - beta1**step), sqrt(1 - beta2**step)
    shrink, decay = (1 - lr * weight_decay, 0.0) if decoupled else (1.0, weight_decay)
    if _by_kernel("adam", p):
        numbers = np.array([rate, 1 - beta1, beta2, 1 - beta2, root, eps, decay, shrink])
        arguments = p, g, m, v, largest, numbers, -1.0 if maximize else 1.0
        threads.run(_adam, threads.parts(p.size, GRAIN), *arguments)
        return
    with np.errstate(all="ignore"):
        p *= shrink
        slope = _slope(p, g, decay, maximize)
        m += (1 - beta1) * (slope - m)
        v *= beta2
        v += (1 - beta2) * slope * slope
        if amsgrad:
            v = np.maximum(largest, v, out=largest)
        p -= rate * m / (np.sqrt(v) / root + eps)


def rmsprop(
    parameter: Array,
    gradient: Array,
    square_avg: Array,
    momentum_buffer: Array | None,
    grad_avg: Array | None,
    lr: float,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
    maximize: bool = False,
) -> None:
    """Take a step of RMSprop.

    Parameters
    ----------
    parameter, gradient, square_avg : arrays of the same shape
    momentum_buffer : array, optional
        Needed with momentum; begins with zeros.
    grad_avg : array, optional
        Needed with `centered`; begins with zeros.
    lr, alpha, eps, weight_decay, momentum : float
    centered, maximize : bool
    """
    buffers = momentum_buffer if momentum else None, grad_avg if centered else None
    p, g, v, b, average = _flat("rmsprop", parameter, gradient, square_avg, *buffers)
    if p.size and ((momentum and not b.size) or (centered and not average.size)):
        raise ValueError("rmsprop: momentum needs a momentum_buffer, centered needs grad_avg")
    if _by_kernel("rmsprop", p):
        numbers = np.array([lr, alpha, 1 - alpha, eps, weight_decay, momentum])
        arguments = p, g, v, b, average, numbers, -1.0 if maximize else 1.0
        threads.run(_rmsprop, threads.parts(p.size, GRAIN), *arguments)
        return
    with np.errstate(all="ignore"):
        slope = _slope(p, g, weight_decay, maximize)
        v *= alpha
        v += (1 - alpha) * slope * slope
        if centered:
            average += (1 - alpha) * (slope - average)
            v = v - average * average
        move = slope / (np.sqrt(v) + eps)
        if momentum:
            b[:] = momentum * b + move
            move = b
        p -= lr * move


def adagrad(
    parameter: Array,
    gradient: Array,
    state_sum: Array,
    step: int,
    lr: float,
    lr_decay: float = 0.0,
    eps: float = 1e-10,
    weight_decay: float = 0.0,
    maximize: bool = False,
) -> None:
    """Take a step of Adagrad.

    Parameters
    ----------
    parameter, gradient, state_sum : arrays of the same shape
    step : int
        The number of this step, from 1.
    lr, lr_decay, eps, weight_decay : float
    maximize : bool
    """
    p, g, total = _flat("adagrad", parameter, gradient, state_sum)
    rate = lr / (1 + (step - 1) * lr_decay)
    if _by_kernel("adagrad", p):
        arguments = p, g, total, np.array([rate, eps, weight_decay]), -1.0 if maximize else 1.0
        threads.run(_adagrad, threads.parts(p.size, GRAIN), *arguments)
        return
    with np.errstate(all="ignore"):
        slope = _slope(p, g, weight_decay, maximize)
        total += slope * slope
        p -= rate * slope / (np.sqrt(total) + eps)


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each kernel here and a call that compiles it."""
    for dtype in (np.float32, np.float64):
        x, numbers = np.ones(1, dtype), np.ones(8)
        calls = {
            "sgd": (_sgd, x, x, x, numbers, True, 1.0, True),
            "adam": (_adam, x, x, x, x, x, numbers, 1.0),
            "rmsprop": (_rmsprop, x, x, x, x, x, numbers, 1.0),
            "adagrad": (_adagrad, x, x, x, numbers, 1.0),
        }
        for name, (compiled, *arguments) in calls.items():
            yield f"{name} {dtype.__name__}", lambda run=compiled, arguments=arguments: run(0, 0, 1, *arguments)

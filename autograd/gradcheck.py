"""Gradient checks: the analytic gradient beside the numerical one (lecture row G6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.gradients import grad
from autograd.value import Value, as_float, describe


def numerical_gradient(f: Callable[[Any], Any], x: Any, h: float = 1e-5, method: str = "central") -> Any:
    """Approximate the gradient of `f` by nudging one number of `x` at a time.

    Parameters
    ----------
    f : callable
        A function of one argument like `x` that returns one number or Value.
    x : float, Value, list of them, or numpy.ndarray
        Where to differentiate; `f` receives fresh copies of the same kind, `x` stays as it is.
    h : float
        The size of the nudge.
    method : {"central", "forward"}
        ``(f(x + h) - f(x - h)) / 2h``, whose error shrinks with h squared, or the limit
        definition ``(f(x + h) - f(x)) / h``, as the lecture's table has it.

    Returns
    -------
    float, list of float or numpy.ndarray
        The gradient in the shape of `x`.

    Raises
    ------
    TypeError
        When `x` holds anything but numbers and Values, or `f` does not return a number.
    ValueError
        When `h` is not positive or `method` is unknown.

    Examples
    --------
    >>> round(numerical_gradient(lambda x: x**2, 3.0), 6)
    6.0
    >>> [round(g, 6) for g in numerical_gradient(lambda w: w[0] * w[1], [3.0, 4.0])]
    [4.0, 3.0]
    """
    if method not in ("central", "forward"):
        raise ValueError(f"numerical_gradient: method is 'central' or 'forward', got {method!r}")
    if not h > 0:
        raise ValueError(f"numerical_gradient: the nudge h must be positive, got {h!r}")
    if isinstance(x, np.ndarray):
        flat = x.ravel()

        def at(entries: Sequence[float]) -> float:
            return _result(f(np.array(entries).reshape(x.shape)))
    else:
        single = not isinstance(x, (list, tuple))
        flat = [x] if single else x
        lift = Value if any(isinstance(entry, Value) for entry in flat) else float

        def at(entries: Sequence[float]) -> float:
            lifted = [lift(entry) for entry in entries]
            return _result(f(lifted[0] if single else lifted))

    point = [as_float(e.data if isinstance(e, Value) else e, "numerical_gradient: an entry of x") for e in flat]
    gradient = []
    for i, number in enumerate(point):
        above = at([*point[:i], number + h, *point[i + 1 :]])
        if method == "forward":
            gradient.append((above - at(point)) / h)
        else:
            gradient.append((above - at([*point[:i], number - h, *point[i + 1 :]])) / (2 * h))
    if isinstance(x, np.ndarray):
        return np.array(gradient).reshape(x.shape)
    return gradient if isinstance(x, (list, tuple)) else gradient[0]


def _result(result: Any) -> float:
    return result.data if isinstance(result, Value) else as_float(result, "the result of the function to check")


def gradcheck(
    f: Callable[..., Any],
    inputs: float | Value | Sequence[float | Value],
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Check the gradients of `f` against central differences.

    Parameters
    ----------
    f : callable
        A function of Values, or a :class:`Gate`, that returns a Value or several.
    inputs : float, Value, or a sequence of them
        Where to check; `f` is called with fresh Values of the same data.
    eps : float
        The nudge.
    atol, rtol : float
        An entry passes when ``|analytic - numerical| <= atol + rtol * |numerical|``.
    raise_exception : bool
        Raise when an entry fails, instead of returning False.

    Raises
    ------
    AssertionError
        When an entry fails; says which output and input, and both numbers.

    Examples
    --------
    >>> gradcheck(lambda x, y: x * y.exp(), [2.0, 0.5])
    True
    """
    given: list[Any] = list(inputs) if isinstance(inputs, Sequence) else [inputs]
    labels = [entry.label if isinstance(entry, Value) else "" for entry in given]
    points = [_result(entry) for entry in given]

    def outputs_at(at: Sequence[float]) -> tuple[list[Value], list[Value]]:
        leaves = [Value(point, label) for point, label in zip(at, labels, strict=True)]
        result = f(*leaves)
        outputs = list(result) if isinstance(result, (list, tuple)) else [result]
        for output in outputs:
            if not isinstance(output, Value):
                raise TypeError(f"gradcheck: the function must return Values, got {describe(output)}")
        return leaves, outputs

    leaves, outputs = outputs_at(points)
    for k, output in enumerate(outputs):
        if output.requires_grad:
            analytic = [0.0 if g is None else g.data for g in grad(output, leaves, allow_unused=True)]
        else:
            analytic = [0.0] * len(leaves)
        numerical = numerical_gradient(lambda at, k=k: outputs_at(at)[1][k], points, eps)
        for i, (exact, approximate) in enumerate(zip(analytic, numerical, strict=True)):
            if abs(exact - approximate) <= atol + rtol * abs(approximate):
                continue
            if not raise_exception:
                return False
            name = f" ({labels[i]!r})" if labels[i] else ""
            relative = abs(exact - approximate) / max(abs(exact), abs(approximate))
            raise AssertionError(
                f"gradcheck: the gradient of output {k} with respect to input {i}{name} = {points[i]!r} is wrong: "
                f"analytic {exact!r}, numerical {approximate!r}, relative error {relative:.1e}; "
                f"check the backward rules between this input and the output"
            )
    return True


def gradgradcheck(f: Callable[..., Any], inputs: float | Value | Sequence[float | Value], **tolerances: Any) -> bool:
    """Check the second derivatives of `f`: :func:`gradcheck` of its gradient.

    Examples
    --------
    >>> gradgradcheck(lambda x, y: x * y.exp(), [2.0, 0.5])
    True
    """

    def gradient(*leaves: Value) -> list[Value]:
        result = f(*leaves)
        outputs = [result] if isinstance(result, Value) else list(result)
        outputs = [output for output in outputs if output.requires_grad]
        found = grad(outputs, leaves, create_graph=True, allow_unused=True) if outputs else ()
        return [gradient for gradient in found if gradient is not None]

    return gradcheck(gradient, inputs, **tolerances)

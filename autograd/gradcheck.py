"""Gradient checks: the analytic gradient beside the numerical one (lecture row G6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.gradients import grad
from autograd.graph import Node
from autograd.tensor import ARRAYS, Tensor
from autograd.value import Value, as_float, describe


def numerical_gradient(f: Callable[[Any], Any], x: Any, h: float = 1e-5, method: str = "central") -> Any:
    """Approximate the gradient of `f` by nudging one number of `x` at a time.

    Parameters
    ----------
    f : callable
        A function of one argument like `x` that returns one number or Value.
    x : float, Value, list of them, numpy.ndarray or Tensor
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
    if isinstance(x, ARRAYS):
        array = np.asarray(x)
        flat = array.ravel()
        lift_array = Tensor if isinstance(x, Tensor) else np.array

        def at(entries: Sequence[float]) -> float:
            return _result(f(lift_array(np.array(entries, array.dtype).reshape(array.shape))))
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
    if isinstance(x, ARRAYS):
        return np.array(gradient).reshape(x.shape)
    return gradient if isinstance(x, (list, tuple)) else gradient[0]


def _result(result: Any) -> float:
    if isinstance(result, Tensor):
        return float(result.item())
    return result.data if isinstance(result, Value) else as_float(result, "the result of the function to check")


def gradcheck(
    f: Callable[..., Any],
    inputs: Any,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Check the gradients of `f` against central differences.

    Parameters
    ----------
    f : callable
        A function of Values or of Tensors, or a :class:`Gate`, that returns one node or several.
    inputs : float, Value, Tensor, or a sequence of them
        Where to check; `f` is called with fresh nodes of the same data.  Tensors that require a
        gradient, or all of float64 when none does, are checked; use float64.
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
    TypeError
        When a tensor to check is not of dtype float64: nudges drown in the rounding of float32.

    Examples
    --------
    >>> gradcheck(lambda x, y: x * y.exp(), [2.0, 0.5])
    True
    >>> gradcheck(lambda x: x.tanh() * x, tensor([1.0, 2.0], dtype=float64))
    True
    """
    given: list[Any] = list(inputs) if isinstance(inputs, Sequence) else [inputs]
    if any(isinstance(entry, ARRAYS) for entry in given):
        return _check_tensors(f, given, eps, atol, rtol, raise_exception)
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


def _check_tensors(f: Any, given: list[Any], eps: float, atol: float, rtol: float, raise_exception: bool) -> bool:
    points = [entry if isinstance(entry, Tensor) else Tensor(entry) for entry in given]
    checked = [i for i, point in enumerate(points) if point.requires_grad]
    checked = checked or [i for i, point in enumerate(points) if point.dtype.kind == "f"]
    for i in checked:
        if points[i].dtype != np.float64:
            raise TypeError(f"gradcheck: input {i} has dtype {points[i].dtype}; float64 is needed, use .to(float64)")

    def outputs_at(arrays: Sequence[np.ndarray]) -> tuple[list[Tensor], list[Tensor]]:
        leaves = [Tensor(array, None, i in checked, points[i].label) for i, array in enumerate(arrays)]
        result = f(*leaves)
        outputs = list(result) if isinstance(result, (list, tuple)) else [result]
        for output in outputs:
            if not isinstance(output, Tensor):
                raise TypeError(f"gradcheck: the function must return Tensors, got {describe(output)}")
        return leaves, [output for output in outputs if output.dtype.kind == "f"]

    arrays = [point.numpy().copy() for point in points]
    leaves, outputs = outputs_at(arrays)
    shapes = [output.shape for output in outputs]
    generator = np.random.default_rng(0)
    for k, shape in enumerate(shapes):
        # The products with a few random vectors check all rows of the Jacobian at once; small ones are checked whole.
        size = int(np.prod(shape))
        seeds = np.eye(size) if size <= 20 else generator.standard_normal((5, size))
        for seed in seeds:
            upstream = seed.reshape(shape)
            wanted = [leaves[i] for i in checked]
            exact: Any = [None] * len(wanted)
            if outputs[k].requires_grad:
                exact = grad(outputs[k], wanted, upstream, allow_unused=True)
            for i, analytic in zip(checked, exact, strict=True):
                for place in np.ndindex(arrays[i].shape):
                    number = arrays[i][place]
                    arrays[i][place] = number + eps
                    above = outputs_at(arrays)[1][k].numpy()
                    arrays[i][place] = number - eps
                    below = outputs_at(arrays)[1][k].numpy()
                    arrays[i][place] = number
                    approximate = float(((above - below) * upstream).sum() / (2 * eps))
                    found = 0.0 if analytic is None else float(analytic.numpy()[place])
                    if abs(found - approximate) <= atol + rtol * abs(approximate):
                        continue
                    if not raise_exception:
                        return False
                    name = f" ({points[i].label!r})" if points[i].label else ""
                    raise AssertionError(
                        f"gradcheck: the gradient of output {k} with respect to input {i}{name} at {place}, "
                        f"{float(number)!r}, is wrong: analytic {found!r}, numerical {approximate!r}; "
                        f"check the backward rules between this input and the output"
                    )
    return True


def gradgradcheck(f: Callable[..., Any], inputs: Any, **tolerances: Any) -> bool:
    """Check the second derivatives of `f`: :func:`gradcheck` of its gradient.

    Examples
    --------
    >>> gradgradcheck(lambda x, y: x * y.exp(), [2.0, 0.5])
    True
    """

    def gradient(*leaves: Any) -> list[Any]:
        result = f(*leaves)
        outputs: list[Any] = [result] if isinstance(result, Node) else list(result)
        outputs = [output for output in outputs if output.requires_grad]
        if not outputs:
            return []
        if not isinstance(outputs[0], Tensor):
            found = grad(outputs, leaves, create_graph=True, allow_unused=True)
            return [gradient for gradient in found if gradient is not None]
        varied = [leaf for leaf in leaves if leaf.requires_grad]
        # Random upstream gradients, the same in every call, so that nothing cancels out by symmetry.
        random = np.random.default_rng(1)
        seeds = [random.uniform(0.5, 1.5, output.shape) for output in outputs]
        found = grad(outputs, varied, seeds, create_graph=True, allow_unused=True)
        return [gradient for gradient in found if gradient is not None]

    return gradcheck(gradient, inputs, **tolerances)

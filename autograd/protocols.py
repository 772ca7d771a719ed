"""NumPy's functions on tensors: ``np.exp(t)`` and ``np.sum(t)`` record, as the functions of this package do.

NumPy asks a tensor what to do when it meets one.  The answer is the row of the op table or the
function of the same name; where NumPy has another name for it, the table below tells.  What has
no counterpart here is an error, not a silent loss of the graph.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import functions as table
from autograd import tensor_functions
from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.operations import OPERATIONS
from autograd.tensor import ARRAYS, Tensor, as_constant

functions: Any = table

UFUNCS = {
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "negative": "neg",
    "power": "pow",
    "float_power": "pow",
    "absolute": "abs",
    "fabs": "abs",
    "mod": "remainder",
    "rint": "round",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
}
"""NumPy's names of element-wise functions that are called otherwise here."""


def _flat(x: Any, axis: Any) -> tuple[Any, Any]:
    """Return what NumPy works along: for ``axis=None`` all elements in one axis."""
    return (tensor_functions.ravel(x), 0) if axis is None else (x, axis)


def _reduction(name: str) -> Callable[..., Any]:
    return lambda a, axis=None, *, keepdims=False: getattr(functions, name)(a, axis, keepdims)


def _concatenate(arrays: Any, axis: Any = 0) -> Tensor:
    return tensor_functions.cat([_flat(x, axis)[0] for x in arrays], 0 if axis is None else axis)


def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    n = ary.shape[axis]
    if not isinstance(indices_or_sections, int):
        places = [slice(*ends).indices(n) for ends in itertools.pairwise([0, *indices_or_sections, n])]
        return tuple(tensor_functions.narrow(ary, axis, start, max(stop - start, 0)) for start, stop, _ in places)
    if n % indices_or_sections:
        raise ValueError(f"np.split: axis {axis} of shape {ary.shape} has no {indices_or_sections} parts of one size")
    return tensor_functions.split(ary, n // indices_or_sections, axis)


def _pad(array: Any, pad_width: Any, mode: str = "constant", *, constant_values: float = 0.0) -> Tensor:
    widths = np.broadcast_to(pad_width, (array.ndim, 2))[::-1].ravel().tolist()
    mode = {"edge": "replicate", "wrap": "circular"}.get(mode, mode)
    return tensor_functions.pad(array, widths, mode, constant_values)


def _norm(x: Any, ord: Any = None, axis: Any = None, *, keepdims: bool = False) -> Tensor:
    axes = x.ndim if axis is None else np.size(axis)
    if ord is not None and axes > 1:
        raise TypeError("of a matrix only the norm without ord is a function here; use t.detach().numpy()")
    return functions.norm(x, 2.0 if ord is None else ord, axis, keepdims)


SHAPES = {
    **{name: _reduction(name) for name in ("sum", "mean", "prod")},
    "all": lambda a, axis=None, *, keepdims=False: tensor_functions.all(a, axis, keepdims),
    "any": lambda a, axis=None, *, keepdims=False: tensor_functions.any(a, axis, keepdims),
    "cumsum": lambda a, axis=None: functions.cumsum(*_flat(a, axis)),
    "cumprod": lambda a, axis=None: functions.cumprod(*_flat(a, axis)),
    "flip": lambda m, axis=None: functions.flip(m, tuple(range(m.ndim)) if axis is None else axis),
    "nonzero": lambda a: tuple(as_constant(index) for index in np.nonzero(a.numpy())),
    "pad": _pad,
    "split": _split,
    "take_along_axis": lambda arr, indices, axis=-1: tensor_functions.take_along_dim(arr, indices, axis),
    "concatenate": _concatenate,
    "stack": lambda arrays, axis=0: tensor_functions.stack(arrays, axis),
    "transpose": lambda a, axes=None: functions.permute(a, axes or tuple(reversed(range(a.ndim)))),
    "swapaxes": lambda a, axis1, axis2: tensor_functions.transpose(a, axis1, axis2),
    "moveaxis": lambda a, source, destination: tensor_functions.movedim(a, source, destination),
    "expand_dims": lambda a, axis: tensor_functions.unsqueeze(a, axis),
    "squeeze": lambda a, axis=None: tensor_functions.squeeze(a, axis),
    "ravel": lambda a: tensor_functions.ravel(a),
    "reshape": lambda a, shape: a.reshape(shape),
    "broadcast_to": lambda array, shape: functions.expand(array, shape),
    "einsum": lambda subscripts, *operands: tensor_functions.einsum(subscripts, *operands),
    "take": lambda a, indices, axis=None: tensor_functions.index_select(
        a if axis is not None else tensor_functions.ravel(a), axis or 0, indices
    ),
    "where": lambda condition, x, y: functions.where(condition, x, y),
    "clip": lambda a, a_min=None, a_max=None: functions.clamp(
        a, -np.inf if a_min is None else a_min, np.inf if a_max is None else a_max
    ),
    "max": _reduction("amax"),
    "min": _reduction("amin"),
    "var": lambda a, axis=None, *, ddof=0, keepdims=False: functions.var(a, axis, ddof, keepdims),
    "std": lambda a, axis=None, *, ddof=0, keepdims=False: functions.std(a, axis, ddof, keepdims),
    "argmax": lambda a, axis=None, *, keepdims=False: tensor_functions.argmax(a, axis, keepdims),
    "argmin": lambda a, axis=None, *, keepdims=False: tensor_functions.argmin(a, axis, keepdims),
    "sort": lambda a, axis=-1: tensor_functions.sort(*_flat(a, axis)).values,
    "argsort": lambda a, axis=-1: tensor_functions.argsort(*_flat(a, axis)),
    "zeros_like": lambda a: as_constant(np.zeros(a.shape, a.dtype)),
    "ones_like": lambda a: as_constant(np.ones(a.shape, a.dtype)),
    "linalg.norm": _norm,
}
"""NumPy's functions whose arguments are called otherwise here."""

PLAIN = ("shape", "ndim", "size", "array_equal", "allclose", "isclose", "count_nonzero", "array_repr", "array_str")
PLAIN += ("array2string", "may_share_memory", "shares_memory", "result_type", "can_cast", "save", "savez")
"""NumPy's functions that need no graph: they see the arrays."""


def call_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer for an element-wise function of NumPy that met a tensor."""
    options = {name: value for name, value in options.items() if value is not None or name == "axis"}
    if method == "reduce" and ufunc in (np.add, np.maximum, np.minimum, np.multiply):
        function = {"add": np.sum, "maximum": np.max, "minimum": np.min, "multiply": np.prod}[ufunc.__name__]
        return call_array_function(function, inputs, {"axis": 0, **options})
    if method != "__call__" or options:
        given = f".{method}" if method != "__call__" else f"(..., {'=, '.join(options)}=)"
        raise TypeError(f"np.{ufunc.__name__}{given} cannot be recorded; use a function of autograd, or t.numpy()")
    name = UFUNCS.get(ufunc.__name__, ufunc.__name__)
    if name in OPERATIONS or name == "matmul":
        return getattr(functions, name)(*inputs)
    if any(isinstance(x, Tensor) and x.requires_grad for x in inputs) and ufunc(*map(_first, inputs)).dtype.kind == "f":
        raise TypeError(
            f"np.{ufunc.__name__} is not an operation here, so it cannot be recorded; use t.detach().numpy()"
        )
    return as_constant(np.asarray(ufunc(*map(_plain, inputs))))


def call_array_function(function: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer for any other function of NumPy that met a tensor."""
    module = getattr(function, "__module__", "numpy").removeprefix("numpy").removeprefix(".")
    name = f"{module}.{function.__name__}" if module == "linalg" else function.__name__
    name = {"amax": "max", "amin": "min"}.get(name, name)
    if name in PLAIN:
        return function(*map(_plain, arguments), **{key: _plain(value) for key, value in options.items()})
    found = SHAPES.get(name) or _of_the_same_name(name)
    if found is None:
        raise TypeError(f"np.{name} is not a function here, so it cannot be recorded; use t.detach().numpy()")
    names = {"axis": "dim", "keepdims": "keepdim", "a": "input"} if name not in SHAPES else {}
    options = {names.get(key, key): value for key, value in options.items() if value is not None or key == "axis"}
    try:
        return found(*arguments, **options)
    except TypeError as error:
        raise TypeError(f"np.{name} of a tensor: {error}") from None


def _of_the_same_name(name: str) -> Callable[..., Any] | None:
    row = ARRAY_OPERATIONS.get(name)
    if isinstance(row, ArrayOperation):
        return row
    return getattr(tensor_functions, name, None) if name in tensor_functions.__all__ else None


def _plain(x: Any) -> Any:
    if isinstance(x, Tensor):
        return x.numpy()
    return type(x)(map(_plain, x)) if isinstance(x, (list, tuple)) else x


def _first(x: Any) -> Any:
    return np.zeros((), x.dtype) if isinstance(x, ARRAYS) else x

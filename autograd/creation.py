"""Making tensors: from data, filled, and random."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.array_operations.axes import shape_of
from autograd.dtypes import as_array, checked_dtype, float32, int64
from autograd.mode import mode
from autograd.tensor import Tensor, _checked_requires_grad, _constant


def tensor(data: Any, dtype: Any = None, requires_grad: bool = False, label: str = "") -> Tensor:
    """Make a tensor from a copy of `data`; see :class:`Tensor`.

    Examples
    --------
    >>> tensor([1, 2, 3])
    tensor([1, 2, 3])
    """
    return Tensor(data, dtype, requires_grad, label)


def from_numpy(array: np.ndarray) -> Tensor:
    """Make a tensor that shares the memory of an array: a change of one is seen in the other.

    Raises
    ------
    TypeError
        When it is no array, or of a dtype that tensors do not have.

    Examples
    --------
    >>> array = np.zeros(2)
    >>> x = from_numpy(array)
    >>> array[0] = 5.0
    >>> x
    tensor([5., 0.], dtype=float64)
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"from_numpy takes a numpy.ndarray, got {type(array).__name__}; use tensor(data)")
    checked_dtype(array.dtype, "from_numpy")
    return _constant(array)


def as_tensor(data: Any, dtype: Any = None) -> Tensor:
    """Return `data` as a tensor, without a copy where that is possible."""
    if isinstance(data, Tensor):
        return data if dtype is None or data.dtype == dtype else data.to(dtype)
    if isinstance(data, np.ndarray):
        return from_numpy(data if dtype is None else data.astype(checked_dtype(dtype, "as_tensor"), copy=False))
    return Tensor(data, dtype)


def from_dlpack(data: Any) -> Tensor:
    """Make a tensor from another library's array without a copy, through DLPack.

    Examples
    --------
    >>> from_dlpack(np.ones(2, np.float32))
    tensor([1., 1.])
    """
    return from_numpy(np.from_dlpack(data))


def _filled(function: str, shape: Sequence[Any], number: Any, dtype: Any, requires_grad: bool) -> Tensor:
    sizes = shape_of(function, shape)
    if any(n < 0 for n in sizes):
        raise ValueError(f"{function}: sizes are not negative, got {sizes}")
    out = _constant(mode.quietly(np.full, sizes, number, checked_dtype(dtype, function)))
    out.requires_grad = _checked_requires_grad(requires_grad, out.dtype)
    return out


def zeros(*shape: Any, dtype: Any = float32, requires_grad: bool = False) -> Tensor:
    """Make a tensor of zeros.

    Examples
    --------
    >>> zeros(2, 2)
    tensor([[0., 0.],
            [0., 0.]])
    """
    return _filled("zeros", shape, 0, dtype, requires_grad)


def ones(*shape: Any, dtype: Any = float32, requires_grad: bool = False) -> Tensor:
    """Make a tensor of ones."""
    return _filled("ones", shape, 1, dtype, requires_grad)


def empty(*shape: Any, dtype: Any = float32, requires_grad: bool = False) -> Tensor:
    """Make a tensor to be filled later; it holds zeros until then."""
    return _filled("empty", shape, 0, dtype, requires_grad)


def full(shape: Any, fill_value: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of one number; its dtype is that of the number.

    Examples
    --------
    >>> full((2,), 7.0)
    tensor([7., 7.])
    """
    found = as_array(fill_value, None, "full").dtype if dtype is None else dtype
    return _filled("full", (shape,), fill_value, found, requires_grad)


def zeros_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make zeros in the shape and dtype of another tensor."""
    return zeros(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def ones_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make ones in the shape and dtype of another tensor."""
    return ones(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def empty_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor to be filled later in the shape and dtype of another."""
    return empty(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def full_like(input: Tensor, fill_value: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of one number in the shape and dtype of another."""
    return full(input.shape, fill_value, dtype or input.dtype, requires_grad)


def arange(start: float, end: float | None = None, step: float = 1, dtype: Any = None) -> Tensor:
    """Make the numbers from `start` up to, without, `end`; from 0 when one is given.

    Examples
    --------
    >>> arange(3), arange(1.0, 2.0, 0.5)
    (tensor([0, 1, 2]), tensor([1. , 1.5]))
    """
    start, end = (0, start) if end is None else (start, end)
    if step == 0:
        raise ValueError("arange: the step is not zero")
    whole = all(isinstance(number, int) for number in (start, end, step))
    return _constant(
        np.arange(start, end, step).astype(checked_dtype(dtype or (int64 if whole else float32), "arange"))
    )


def linspace(start: float, end: float, steps: int, dtype: Any = float32) -> Tensor:
    """Make `steps` numbers evenly from `start` to `end`, both included.

    Examples
    --------
    >>> linspace(0.0, 1.0, 3)
    tensor([0. , 0.5, 1. ])
    """
    return _constant(np.linspace(start, end, steps).astype(checked_dtype(dtype, "linspace")))


def eye(n: int, m: int | None = None, dtype: Any = float32) -> Tensor:
    """Make a matrix with ones on its diagonal.

    Examples
    --------
    >>> eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    return _constant(np.eye(n, m, dtype=checked_dtype(dtype, "eye")))


class _Random(threading.local):
    # Each thread has its own stream; threads that were not seeded get different ones.
    def __init__(self) -> None:
        self.generator = np.random.default_rng()


_random = _Random()


def manual_seed(seed: int) -> None:
    """Start this thread's random numbers at `seed`, so that they are the same every time.

    Examples
    --------
    >>> manual_seed(0)
    >>> a = rand(2)
    >>> manual_seed(0)
    >>> bool((a == rand(2)).all())
    True
    """
    _random.generator = np.random.default_rng(seed)


def generator() -> np.random.Generator:
    """Return this thread's source of random numbers."""
    return _random.generator


def _drawn(function: str, draw: Any, dtype: Any, requires_grad: bool) -> Tensor:
    out = _constant(np.asarray(draw).astype(checked_dtype(dtype, function), copy=False))
    out.requires_grad = _checked_requires_grad(requires_grad, out.dtype)
    return out


def rand(*shape: Any, dtype: Any = float32, requires_grad: bool = False) -> Tensor:
    """Make random numbers, uniform from 0 up to 1."""
    sizes = shape_of("rand", shape)
    kind = dtype if dtype in (np.float32, np.float64) else np.float64
    return _drawn("rand", _random.generator.random(sizes, kind), dtype, requires_grad)


def randn(*shape: Any, dtype: Any = float32, requires_grad: bool = False) -> Tensor:
    """Make random numbers, normal with mean 0 and variance 1."""
    sizes = shape_of("randn", shape)
    kind = dtype if dtype in (np.float32, np.float64) else np.float64
    return _drawn("randn", _random.generator.standard_normal(sizes, kind), dtype, requires_grad)


def randint(low: int, high: int | None = None, size: Any = (), dtype: Any = int64) -> Tensor:
    """Make random whole numbers from `low` up to, without, `high`; from 0 when one is given."""
    low, high = (0, low) if high is None else (low, high)
    return _drawn("randint", _random.generator.integers(low, high, shape_of("randint", (size,))), dtype, False)


def randperm(n: int, dtype: Any = int64) -> Tensor:
    """Make a random order of the numbers from 0 up to, without, `n`."""
    return _drawn("randperm", _random.generator.permutation(n), dtype, False)


def rand_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make uniform random numbers in the shape and dtype of another tensor."""
    return rand(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def randn_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make normal random numbers in the shape and dtype of another tensor."""
    return randn(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def multinomial(input: Tensor, num_samples: int, replacement: bool = False) -> Tensor:
    """Draw indices with the probabilities, or weights, along the last axis."""
    weights = input.numpy().astype(np.float64)
    rows = weights.reshape(-1, weights.shape[-1])
    if (rows < 0).any() or (rows.sum(1) <= 0).any() or not np.isfinite(rows).all():
        raise ValueError("multinomial: weights are finite and not negative, with a sum above zero in every row")
    drawn = [_random.generator.choice(len(row), num_samples, replacement, row / row.sum()) for row in rows]
    return _constant(np.array(drawn, np.int64).reshape(*weights.shape[:-1], num_samples))


__all__ = [
    "arange",
    "as_tensor",
    "empty",
    "empty_like",
    "eye",
    "from_dlpack",
    "from_numpy",
    "full",
    "full_like",
    "linspace",
    "manual_seed",
    "multinomial",
    "ones",
    "ones_like",
    "rand",
    "rand_like",
    "randint",
    "randn",
    "randn_like",
    "randperm",
    "tensor",
    "zeros",
    "zeros_like",
]

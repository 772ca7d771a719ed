"""Making tensors: from data, filled, and random."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.array_operations.axes import shape_of
from autograd.dtypes import as_array, checked_dtype, float32, int64
from autograd.mode import mode
from autograd.tensor import Tensor, _checked_requires_grad, as_constant


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
    return as_constant(array)


def as_tensor(data: Any, dtype: Any = None) -> Tensor:
    """Return `data` as a tensor, without a copy where that is possible.

    Examples
    --------
    >>> as_tensor([1.0, 2.0])
    tensor([1., 2.])
    """
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


def _sizes(function: str, given: Sequence[Any]) -> tuple[int, ...]:
    sizes = shape_of(function, given)
    if any(n < 0 for n in sizes):
        raise ValueError(f"{function}: sizes are not negative, got {sizes}")
    return sizes


def _made(function: str, array: Any, dtype: Any, requires_grad: bool) -> Tensor:
    out = as_constant(np.asarray(array).astype(checked_dtype(dtype, function), copy=False))
    out.requires_grad = _checked_requires_grad(requires_grad, out.dtype)
    return out


def _filled(function: str, given: Sequence[Any], number: Any, dtype: Any, requires_grad: bool) -> Tensor:
    sizes, dtype = _sizes(function, given), checked_dtype(dtype, function)
    array = mode.quietly(np.full, sizes, number, dtype) if number != 0 else np.zeros(sizes, dtype)
    return _made(function, array, dtype, requires_grad)


def zeros(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of zeros.

    Examples
    --------
    >>> zeros(2, 2)
    tensor([[0., 0.],
            [0., 0.]])
    """
    return _filled("zeros", size, 0, dtype or float32, requires_grad)


def ones(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of ones.

    Examples
    --------
    >>> ones(2)
    tensor([1., 1.])
    """
    return _filled("ones", size, 1, dtype or float32, requires_grad)


def empty(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor to be filled later; it holds zeros until then.

    Examples
    --------
    >>> empty(2, 3).shape
    (2, 3)
    """
    return _filled("empty", size, 0, dtype or float32, requires_grad)


def full(size: Any, fill_value: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of one number; its dtype is that of the number.

    Examples
    --------
    >>> full((2,), 7.0)
    tensor([7., 7.])
    """
    found = as_array(fill_value, None, "full").dtype if dtype is None else dtype
    return _filled("full", (size,), fill_value, found, requires_grad)


def zeros_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make zeros in the shape and dtype of another tensor.

    Examples
    --------
    >>> zeros_like(tensor([1, 2]))
    tensor([0, 0])
    """
    return zeros(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def ones_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make ones in the shape and dtype of another tensor.

    Examples
    --------
    >>> ones_like(tensor([5.0, 2.0]))
    tensor([1., 1.])
    """
    return ones(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def empty_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor to be filled later in the shape and dtype of another.

    Examples
    --------
    >>> empty_like(tensor([5.0, 2.0])).shape
    (2,)
    """
    return empty(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def full_like(input: Tensor, fill_value: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of one number in the shape and dtype of another.

    Examples
    --------
    >>> full_like(tensor([5.0, 2.0]), 7.0)
    tensor([7., 7.])
    """
    return full(input.shape, fill_value, dtype or input.dtype, requires_grad)


def arange(
    start: float, end: float | None = None, step: float = 1, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """Make the numbers from `start` up to, without, `end`; from 0 when one is given.

    Examples
    --------
    >>> arange(3), arange(1.0, 2.0, 0.5)
    (tensor([0, 1, 2]), tensor([1. , 1.5]))
    """
    start, end = (0, start) if end is None else (start, end)
    if step == 0 or (end - start) / step < 0:
        raise ValueError(f"arange: the step {step} does not lead from {start} to {end}; give one of the other sign")
    whole = all(isinstance(number, (int, np.integer)) for number in (start, end, step))
    return _made("arange", np.arange(start, end, step), dtype or (int64 if whole else float32), requires_grad)


def linspace(start: float, end: float, steps: int, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make `steps` numbers evenly from `start` to `end`, both included.

    Examples
    --------
    >>> linspace(0.0, 1.0, 3)
    tensor([0. , 0.5, 1. ])
    """
    if steps < 0:
        raise ValueError(f"linspace: the number of steps is not negative, got {steps}")
    return _made("linspace", np.linspace(start, end, steps), dtype or float32, requires_grad)


def eye(n: int, m: int | None = None, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a matrix with ones on its diagonal.

    Examples
    --------
    >>> eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    rows, columns = _sizes("eye", (n, n if m is None else m))
    return _made("eye", np.eye(rows, columns, dtype=bool), dtype or float32, requires_grad)


class _Random(threading.local):
    # Each thread has its own stream; threads that were not seeded get different ones.
    def __init__(self) -> None:
        self.generator = np.random.default_rng()


_random = _Random()


def manual_seed(seed: int) -> None:
    """Start this thread's random numbers at `seed`, so that they are the same every time.

    Raises
    ------
    TypeError, ValueError
        When it is no whole number from 0.

    Examples
    --------
    >>> manual_seed(0)
    >>> a = rand(2)
    >>> manual_seed(0)
    >>> bool((a == rand(2)).all())
    True
    """
    _random.generator = np.random.default_rng(checked_seed("manual_seed", seed))


def checked_seed(what: str, seed: Any) -> Any:
    """Return a seed.

    Raises
    ------
    TypeError, ValueError
        When it is no whole number from 0.

    Examples
    --------
    >>> checked_seed("manual_seed", 3)
    3
    """
    if not isinstance(seed, (int, np.integer)):
        raise TypeError(f"{what}: a seed is a whole number from 0, got {seed!r}")
    if seed < 0:
        raise ValueError(f"{what}: a seed is a whole number from 0, got {seed}")
    return seed


def generator() -> np.random.Generator:
    """Return this thread's source of random numbers."""
    return _random.generator


@contextmanager
def drawing_from(source: np.random.Generator) -> Iterator[None]:
    """Draw this thread's random numbers from another source, in a ``with`` block.

    Examples
    --------
    >>> with drawing_from(np.random.default_rng(0)):
    ...     a = rand(2)
    >>> with drawing_from(np.random.default_rng(0)):
    ...     bool((a == rand(2)).all())
    True
    """
    before, _random.generator = _random.generator, source
    try:
        yield
    finally:
        _random.generator = before


def _drawn_as(dtype: Any) -> Any:
    """The dtype to draw in: float32 draws half as long as float64."""
    return np.float32 if dtype is None or dtype == float32 else np.float64


def rand(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make random numbers, uniform from 0 up to 1.

    Examples
    --------
    >>> x = rand(2, 3)
    >>> x.shape, bool((x >= 0).all()), bool((x < 1).all())
    ((2, 3), True, True)
    """
    return _made(
        "rand", _random.generator.random(_sizes("rand", size), _drawn_as(dtype)), dtype or float32, requires_grad
    )


def randn(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make random numbers, normal with mean 0 and variance 1.

    Examples
    --------
    >>> randn(2, 3).shape
    (2, 3)
    """
    drawn = _random.generator.standard_normal(_sizes("randn", size), _drawn_as(dtype))
    return _made("randn", drawn, dtype or float32, requires_grad)


def randint(low: int, high: Any = None, size: Any = None, *, dtype: Any = None) -> Tensor:
    """Make random whole numbers from `low` up to, without, `high`; ``randint(high, size)`` starts from 0.

    Examples
    --------
    >>> x = randint(5, 7, (100,))
    >>> x.dtype, int(x.min()), int(x.max())
    (dtype('int64'), 5, 6)
    >>> randint(1, (2, 3))
    tensor([[0, 0, 0],
            [0, 0, 0]])
    """
    if isinstance(high, Sequence):
        high, size = None, high
    low, high = (0, low) if high is None else (low, high)
    if low >= high:
        raise ValueError(f"randint: there is no whole number from {low} up to, without, {high}")
    drawn = _random.generator.integers(low, high, _sizes("randint", (() if size is None else size,)))
    return _made("randint", drawn, dtype or int64, False)


def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = None, *, dtype: Any = None) -> Tensor:
    """Make random numbers, normal with a mean and a standard deviation, which may be tensors.

    Examples
    --------
    >>> normal(5.0, 0.0, (2,))
    tensor([5., 5.])
    """
    mean, std = (x.numpy() if isinstance(x, Tensor) else x for x in (mean, std))
    sizes = None if size is None else _sizes("normal", (size,))
    if np.less(std, 0).any():
        raise ValueError("normal: a standard deviation is not negative")
    return _made("normal", _random.generator.normal(mean, std, sizes), dtype or float32, False)


def bernoulli(input: Tensor) -> Tensor:
    """Make ones with the probabilities in `input`, and zeros, in its shape and dtype.

    Examples
    --------
    >>> bernoulli(tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    if not ((input >= 0) & (input <= 1)).all():
        raise ValueError("bernoulli: probabilities are from 0 to 1")
    return as_constant((_random.generator.random(input.shape) < input.numpy()).astype(input.dtype))


def randperm(n: int, *, dtype: Any = None) -> Tensor:
    """Make a random order of the numbers from 0 up to, without, `n`.

    Examples
    --------
    >>> randperm(3).sort().values
    tensor([0, 1, 2])
    """
    return _made("randperm", _random.generator.permutation(n), dtype or int64, False)


def rand_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make uniform random numbers in the shape and dtype of another tensor.

    Examples
    --------
    >>> rand_like(zeros(2, 3)).shape
    (2, 3)
    """
    return rand(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def randn_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make normal random numbers in the shape and dtype of another tensor.

    Examples
    --------
    >>> randn_like(zeros(2, 3)).shape
    (2, 3)
    """
    return randn(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def multinomial(input: Tensor, num_samples: int, replacement: bool = False) -> Tensor:
    """Draw indices with the probabilities, or weights, along the last axis.

    Examples
    --------
    >>> multinomial(tensor([0.0, 1.0, 0.0]), 1)
    tensor([1])
    """
    weights = input.numpy().astype(np.float64)
    rows = weights.reshape(-1, weights.shape[-1])
    if (rows < 0).any() or (rows.sum(1) <= 0).any() or not np.isfinite(rows).all():
        raise ValueError("multinomial: weights are finite and not negative, with a sum above zero in every row")
    if not replacement and num_samples > (rows > 0).sum(1).min():
        raise ValueError(
            f"multinomial: {num_samples} different indices of a row with fewer weights above zero; use replacement=True"
        )
    drawn = [_random.generator.choice(len(row), num_samples, replacement, row / row.sum()) for row in rows]
    return as_constant(np.array(drawn, np.int64).reshape(*weights.shape[:-1], num_samples))


__all__ = [
    "arange",
    "as_tensor",
    "bernoulli",
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
    "normal",
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

"""The node that holds an array, as NumPy, Python and other libraries see it."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.graph import Node
from autograd.mode import mode

_array = np.ndarray


class ArrayNode(Node):
    """An array in a computational graph: its shape and dtype, its memory, its text.

    ``Tensor`` adds the gradients and the operations.
    """

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of elements along each axis."""
        return self._data.shape if self._data.__class__ is _array else np.shape(self._data)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim if self._data.__class__ is _array else np.ndim(self._data)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The kind of numbers."""
        data = self._data
        return data.dtype if data.__class__ is _array or hasattr(data, "dtype") else self.numpy().dtype

    @property
    def itemsize(self) -> int:
        """The number of bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self.numpy().nbytes

    def size(self, dim: int | None = None) -> Any:
        """Return the shape, or one of its entries."""
        return self.shape if dim is None else self.shape[dim]

    def dim(self) -> int:
        """Return the number of axes."""
        return self.ndim

    def numel(self) -> int:
        """Return the number of elements."""
        return int(np.size(self._data))

    def is_contiguous(self) -> bool:
        """Whether the elements lie in memory in the order of their indices."""
        return bool(self.numpy().flags.c_contiguous)

    def numpy(self) -> np.ndarray:
        """Return the array itself: it shares memory, so a change of one is seen in the other.

        A change through NumPy is not noticed by the check for tensors that were changed after
        they were saved for the backward pass; change the tensor instead.
        """
        data = self._data
        if data.__class__ is _array:
            if self._repeats:
                self._data, self._repeats = data.copy(), False
            return self._data
        if isinstance(data, np.generic):  # a result without axes is a NumPy scalar until somebody wants its memory
            self._data = np.asarray(data)
            return self._data
        # A number written in an expression: it has no dtype of its own.
        return mode.quietly(np.asarray, data, np.float32 if isinstance(data, float) else None)

    def item(self) -> Any:
        """Return the only element as a Python number.

        Raises
        ------
        ValueError
            When there is not exactly one element.
        """
        if self.numel() != 1:
            raise ValueError(f"item: a tensor of shape {self.shape} has {self.numel()} elements, not one; use tolist()")
        return self.numpy().item()

    def tolist(self) -> Any:
        """Return nested lists of Python numbers, or one number."""
        return self.numpy().tolist()

    # Text and plain numbers.

    def __repr__(self) -> str:
        text = np.array2string(self.numpy(), separator=", ", prefix="tensor(")
        extras = [f"size={self.shape}"] if self.numel() == 0 and self.shape != (0,) else []
        if self.dtype not in (np.dtype(np.float32), np.dtype(np.int64), np.dtype(np.bool)):
            extras.append(f"dtype={self.dtype}")
        if self.op is not None:
            extras.append(f"op={self.op.name}")
        elif self.requires_grad:
            extras.append("requires_grad=True")
        if self.label:
            extras.append(f"label={self.label!r}")
        return f"tensor({', '.join([text, *extras])})"

    def __format__(self, specification: str) -> str:
        if not specification:
            return repr(self)
        if self.numel() != 1:
            raise TypeError(f"format: {specification!r} is for one number, this tensor has shape {self.shape}")
        return format(self.item(), specification)

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise ValueError(
                f"a tensor of shape {self.shape} is neither true nor false; "
                f"use .any(), .all() or where(condition, x, y)"
            )
        return bool(self.numpy().item())

    def __float__(self) -> float:
        if mode.conversion_error:
            raise TypeError(mode.conversion_error)
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iub" or self.numel() != 1:
            raise TypeError(f"only one whole number can be an index, got shape {self.shape} of {self.dtype}")
        return operator.index(self.numpy().item())

    # Other libraries: see `autograd.protocols`.

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.numpy(), dtype, copy=copy) if copy else np.asarray(self.numpy(), dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from autograd.protocols import call_ufunc

        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        from autograd.protocols import call_array_function

        return call_array_function(function, arguments, options)

    def __dlpack__(self, **options: Any) -> Any:
        if self.requires_grad:
            raise BufferError("this tensor requires a gradient, which another library would not record; use detach()")
        return self.numpy().__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.numpy().__dlpack_device__()

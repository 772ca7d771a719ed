"""Pooling: one number for every window of an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor
from autograd.array_operations import pooling
from autograd.creation import from_numpy
from nn.functional.arguments import Sizes, rows, sizes_of, tensor_of


def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Keep the largest number of every window of signals (N, C, L); see :func:`max_pool2d`.

    Examples
    --------
    >>> from autograd import tensor
    >>> max_pool1d(tensor([[[1.0, 3.0, 2.0, 0.0]]]), 2)
    tensor([[[3., 2.]]])
    """
    return _max_pool("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Keep the largest number of every window; it alone receives the gradient.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        Distance of the windows; by default they touch.
    padding : int or (int, int)
        Places around the image that never win, at most half a window.
    dilation : int or (int, int)
        Distance of the pixels of a window.
    ceil_mode : bool
        Whether the last window may reach over the end.
    return_indices : bool
        Whether to return also where in its image, row after row, each winner stands.

    Returns
    -------
    Tensor, or two
        Shape (N, C, OH, OW).

    Raises
    ------
    TypeError, ValueError
        When the options do not fit the input.

    Examples
    --------
    >>> from autograd import arange, float32
    >>> max_pool2d(arange(16, dtype=float32).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])
    """
    return _max_pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _checked(operation: str, rank: int, input: Any) -> Tensor:
    input = tensor_of(operation, "input", input)
    if input.ndim not in (rank + 1, rank + 2) or 0 in input.shape[1 if input.ndim == rank + 2 else 0 :]:
        axes = ("length", "height, width")[rank - 1]
        raise ValueError(f"{operation}: input {input.shape}; it has shape (images, channels, {axes}), none of them 0")
    return input


def _max_pool(
    operation: str,
    rank: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    input = _checked(operation, rank, input)
    options = {
        "kernel": sizes_of(operation, "kernel_size", kernel_size, rank, 1),
        "stride": sizes_of(operation, "stride", kernel_size if stride is None else stride, rank, 1),
        "padding": sizes_of(operation, "padding", padding, rank),
        "dilation": sizes_of(operation, "dilation", dilation, rank, 1),
        "ceil_mode": ceil_mode,
    }
    out = rows.max_pool(input, **options)
    if not return_indices:
        return out
    indices = out._saved if out.requires_grad else pooling.max_pool.forward(input.numpy(), **options)[1]
    return out, from_numpy(indices.astype(np.int64))


def avg_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Average every window of signals (N, C, L); see :func:`avg_pool2d`.

    Examples
    --------
    >>> from autograd import tensor
    >>> avg_pool1d(tensor([[[1.0, 3.0, 2.0, 0.0]]]), 2)
    tensor([[[2., 1.]]])
    """
    return _avg_pool("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Average every window.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        Distance of the windows; by default they touch.
    padding : int or (int, int)
        Zeros around the image, at most half a window.
    ceil_mode : bool
        Whether the last window may reach over the end.
    count_include_pad : bool
        Whether the zeros of the padding count.
    divisor_override : int, optional
        Divide the sum of every window by this instead.

    Returns
    -------
    Tensor, shape (N, C, OH, OW)

    Raises
    ------
    TypeError, ValueError
        When the options do not fit the input.

    Examples
    --------
    >>> from autograd import arange, float32
    >>> avg_pool2d(arange(16, dtype=float32).reshape(1, 4, 4), 2)
    tensor([[[ 2.5,  4.5],
             [10.5, 12.5]]])
    """
    return _avg_pool(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def _avg_pool(
    operation: str,
    rank: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Tensor:
    return rows.avg_pool(
        _checked(operation, rank, input),
        kernel=sizes_of(operation, "kernel_size", kernel_size, rank, 1),
        stride=sizes_of(operation, "stride", kernel_size if stride is None else stride, rank, 1),
        padding=sizes_of(operation, "padding", padding, rank),
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


def adaptive_avg_pool1d(input: Tensor, output_size: int) -> Tensor:
    """Average windows that divide signals (N, C, L) into `output_size` parts.

    Examples
    --------
    >>> from autograd import tensor
    >>> adaptive_avg_pool1d(tensor([[[1.0, 3.0, 2.0]]]), 2)
    tensor([[[2. , 2.5]]])
    """
    input = _checked("adaptive_avg_pool1d", 1, input)
    return rows.adaptive_avg_pool(input, sizes_of("adaptive_avg_pool1d", "output_size", output_size, 1))


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """Average windows that divide images (N, C, H, W) into a given number of rows and columns.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
    output_size : int or (int or None, int or None)
        Rows and columns of the result; ``None`` keeps the input's.

    Raises
    ------
    TypeError, ValueError
        When the sizes do not fit.

    Examples
    --------
    >>> from autograd import arange, float32
    >>> adaptive_avg_pool2d(arange(16, dtype=float32).reshape(1, 4, 4), (1, None))
    tensor([[[6., 7., 8., 9.]]])
    """
    input = _checked("adaptive_avg_pool2d", 2, input)
    if isinstance(output_size, (tuple, list)) and len(output_size) == 2:
        output_size = [n if wanted is None else wanted for wanted, n in zip(output_size, input.shape[-2:], strict=True)]
    output_size = input.shape[-2:] if output_size is None else output_size
    return rows.adaptive_avg_pool(input, sizes_of("adaptive_avg_pool2d", "output_size", output_size, 2))

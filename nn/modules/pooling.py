"""Pooling as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import Tensor
from nn import functional as F
from nn.functional.arguments import Sizes, sizes_of
from nn.modules.module import Module


class MaxPooling(Module):
    """Max pooling of any rank.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.MaxPool1d(2), nn.modules.pooling.MaxPooling)
    True
    """

    function: Callable[..., Any]

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input: Tensor) -> Any:
        """Return smaller images, and with `return_indices` where the winners stood."""
        return self.function(
            input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices
        )

    def extra_repr(self) -> str:
        """Return the options."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(MaxPooling):
    """Keep the largest number of every window of signals (N, C, L); see :class:`MaxPool2d`.

    Examples
    --------
    >>> from autograd import tensor
    >>> MaxPool1d(2)(tensor([[[1.0, 3.0, 2.0, 0.0]]]))
    tensor([[[3., 2.]]])
    """

    function = staticmethod(F.max_pool1d)


class MaxPool2d(MaxPooling):
    """Keep the largest number of every window of images; see :func:`nn.functional.max_pool2d`.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        Distance of the windows; by default they touch.
    padding, dilation : int or (int, int)
    return_indices : bool
        Whether to return also where in its image each winner stands.
    ceil_mode : bool
        Whether the last window may reach over the end.

    Examples
    --------
    >>> from autograd import zeros
    >>> MaxPool2d(2)(zeros(1, 3, 28, 28)).shape
    (1, 3, 14, 14)
    """

    function = staticmethod(F.max_pool2d)


class AvgPool1d(Module):
    """Average every window of signals (N, C, L); see :class:`AvgPool2d`.

    Examples
    --------
    >>> from autograd import tensor
    >>> AvgPool1d(2)(tensor([[[1.0, 3.0, 2.0, 0.0]]]))
    tensor([[[2., 1.]]])
    """

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size = sizes_of("AvgPool1d", "kernel_size", kernel_size, 1, 1)
        self.stride = sizes_of("AvgPool1d", "stride", kernel_size if stride is None else stride, 1, 1)
        self.padding = sizes_of("AvgPool1d", "padding", padding, 1)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        """Return shorter signals."""
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    """Average every window of images; see :func:`nn.functional.avg_pool2d`.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Height and width of a window.
    stride : int or (int, int), optional
        Distance of the windows; by default they touch.
    padding : int or (int, int)
    ceil_mode : bool
        Whether the last window may reach over the end.
    count_include_pad : bool
        Whether the zeros of the padding count.
    divisor_override : int, optional
        Divide the sum of every window by this instead.

    Examples
    --------
    >>> from autograd import zeros
    >>> AvgPool2d(2)(zeros(1, 3, 28, 28)).shape
    (1, 3, 14, 14)
    """

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode
        self.count_include_pad, self.divisor_override = count_include_pad, divisor_override

    def forward(self, input: Tensor) -> Tensor:
        """Return smaller images."""
        return F.avg_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self) -> str:
        """Return the options."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AdaptiveAvgPool1d(Module):
    """Average signals (N, C, L) to a given length; see :func:`nn.functional.adaptive_avg_pool1d`.

    Examples
    --------
    >>> from autograd import zeros
    >>> AdaptiveAvgPool1d(4)(zeros(1, 3, 9)).shape
    (1, 3, 4)
    """

    function = staticmethod(F.adaptive_avg_pool1d)

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        """Return inputs of the given size."""
        return self.function(input, self.output_size)

    def extra_repr(self) -> str:
        """Return the size."""
        return f"output_size={self.output_size}"


class AdaptiveAvgPool2d(AdaptiveAvgPool1d):
    """Average images to a given size; see :func:`nn.functional.adaptive_avg_pool2d`.

    Parameters
    ----------
    output_size : int or (int or None, int or None)
        Rows and columns of the result; ``None`` keeps the input's.

    Examples
    --------
    >>> from autograd import zeros
    >>> AdaptiveAvgPool2d((1, None))(zeros(1, 3, 8, 9)).shape
    (1, 3, 1, 9)
    """

    function = staticmethod(F.adaptive_avg_pool2d)

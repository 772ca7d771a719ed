"""Convolutions and their transposes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd import Tensor
from nn import functional as F
from nn.functional.arguments import Sizes, check_counts, choice_of, sizes_of
from nn.modules.linear import inverse_root, uniform_parameter
from nn.modules.module import Module


class Windowed(Module):
    """What convolutions and their transposes have in common: sizes, weight, bias and text.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.Conv2d(3, 10, 5), nn.modules.convolution.Windowed)
    True
    """

    rank: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes,
        padding: Sizes | str,
        dilation: Sizes,
        groups: int,
        bias: bool,
        padding_mode: str,
        output_padding: Sizes,
        dtype: Any,
    ) -> None:
        name, rank = type(self).__name__, self.rank
        check_counts(name, 1, in_channels=in_channels, out_channels=out_channels, groups=groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: {groups} groups do not divide both in_channels {in_channels} and out_channels {out_channels}"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = sizes_of(name, "kernel_size", kernel_size, rank, 1)
        self.stride = sizes_of(name, "stride", stride, rank, 1)
        if isinstance(padding, str):
            self.padding: Any = choice_of(name, "padding", padding, ["valid", "same"])
            if padding == "same" and max(self.stride) > 1:
                raise ValueError(f"{name}: padding='same' keeps the size, so it needs stride 1, got {stride!r}")
        else:
            self.padding = sizes_of(name, "padding", padding, rank)
        self.dilation = sizes_of(name, "dilation", dilation, rank, 1)
        self.output_padding = sizes_of(name, "output_padding", output_padding, rank)
        self.padding_mode = padding_mode
        outer, inner = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        bound = inverse_root(inner // groups * math.prod(self.kernel_size))
        self.weight = uniform_parameter(outer, inner // groups, *self.kernel_size, bound=bound, dtype=dtype)
        self.bias = uniform_parameter(out_channels, bound=bound, dtype=dtype) if bias else None

    def extra_repr(self) -> str:
        """Return the channels, the sizes, and the options that are not the usual ones."""
        options = {"output_padding": (0,) * self.rank, "dilation": (1,) * self.rank, "groups": 1}
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        text += f", padding={self.padding}" if self.padding != (0,) * self.rank else ""
        for name in ("dilation", "output_padding", "groups"):
            text += f", {name}={getattr(self, name)}" if getattr(self, name) != options[name] else ""
        text += ", bias=False" if self.bias is None else ""
        return text + (f", padding_mode={self.padding_mode}" if self.padding_mode != "zeros" else "")


class Convolution(Windowed):
    """A convolution of any rank.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.Conv1d(3, 10, 5), nn.modules.convolution.Convolution)
    True
    """

    function: Callable[..., Tensor]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        dtype: Any = None,
    ) -> None:
        choice_of(type(self).__name__, "padding_mode", padding_mode, ["zeros", "reflect", "replicate", "circular"])
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, 0, dtype
        )

    def forward(self, input: Tensor) -> Tensor:
        """Return the images of the output channels."""
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = F.pad(input, self._around(), self.padding_mode), 0
        return self.function(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _around(self) -> list[int]:
        """How many pixels the padding adds before and after, the last axis first."""
        pairs = [(n, n) for n in self.padding] if not isinstance(self.padding, str) else [(0, 0)] * self.rank
        if self.padding == "same":
            reach = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            pairs = [(n // 2, n - n // 2) for n in reach]
        return [n for pair in reversed(pairs) for n in pair]


class Conv1d(Convolution):
    """Convolution of signals (N, C, L); see :class:`Conv2d`.

    Examples
    --------
    >>> from autograd import zeros
    >>> Conv1d(3, 10, 5)(zeros(2, 3, 32)).shape
    (2, 10, 28)
    """

    rank = 1
    function = staticmethod(F.conv1d)


class Conv2d(Convolution):
    """Convolution of images: every output channel slides a kernel over all input channels.

    The weights start uniform between -1/√k and 1/√k, where k = in_channels / groups * height * width of the kernel.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int or (int, int)
        Height and width of the kernel.
    stride, dilation : int or (int, int)
        Steps of the kernel, and distance of the pixels that it looks at.
    padding : int, (int, int), "valid" or "same"
        Pixels added around the image; "same" keeps its size (with stride 1).
    groups : int
        Into how many independent convolutions the channels are divided.
    bias : bool
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the added pixels are.
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape (out_channels, in_channels / groups, height, width)
    bias : Parameter, shape (out_channels,), or None

    Raises
    ------
    TypeError, ValueError
        When the sizes are impossible.

    Examples
    --------
    >>> from autograd import zeros
    >>> convolution = Conv2d(3, 10, 5, padding=2)
    >>> convolution(zeros(1, 3, 32, 32)).shape
    (1, 10, 32, 32)
    >>> sum(parameter.numel() for parameter in convolution.parameters())
    760
    """

    rank = 2
    function = staticmethod(F.conv2d)


class Conv3d(Convolution):
    """Convolution of volumes (N, C, D, H, W); see :class:`Conv2d`.

    Examples
    --------
    >>> from autograd import zeros
    >>> Conv3d(3, 10, 3)(zeros(2, 3, 4, 4, 4)).shape
    (2, 10, 2, 2, 2)
    """

    rank = 3
    function = staticmethod(F.conv3d)


class TransposedConvolution(Windowed):
    """A transposed convolution of any rank.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.ConvTranspose1d(3, 10, 5), nn.modules.convolution.TransposedConvolution)
    True
    """

    transposed = True
    function: Callable[..., Tensor]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
        dtype: Any = None,
    ) -> None:
        choice_of(type(self).__name__, "padding_mode", padding_mode, ["zeros"])
        padding = sizes_of(type(self).__name__, "padding", padding, self.rank)
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            output_padding,
            dtype,
        )

    def forward(self, input: Tensor) -> Tensor:
        """Return the images of the output channels."""
        return self.function(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.dilation,
        )


class ConvTranspose1d(TransposedConvolution):
    """Transposed convolution of signals (N, C, L); see :class:`ConvTranspose2d`.

    Examples
    --------
    >>> from autograd import zeros
    >>> ConvTranspose1d(3, 10, 2, stride=2)(zeros(2, 3, 8)).shape
    (2, 10, 16)
    """

    rank = 1
    function = staticmethod(F.conv_transpose1d)


class ConvTranspose2d(TransposedConvolution):
    """Transposed convolution of images: enlarges them; see :func:`nn.functional.conv_transpose2d`.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, groups, bias, dilation
        As for the :class:`Conv2d` that this transposes.
    output_padding : int or (int, int)
        Rows and columns to add at the end: several sizes lead to the same convolution.
    padding_mode : {"zeros"}
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape (in_channels, out_channels / groups, height, width)
    bias : Parameter, shape (out_channels,), or None

    Examples
    --------
    >>> from autograd import zeros
    >>> ConvTranspose2d(3, 10, 2, stride=2)(zeros(1, 3, 8, 8)).shape
    (1, 10, 16, 16)
    """

    rank = 2
    function = staticmethod(F.conv_transpose2d)

"""Convolution, its transpose, and the windows it looks at as columns."""

from __future__ import annotations

from typing import Any

from autograd import Tensor
from autograd.array_operations.checks import check_floats
from autograd.array_operations.convolution import output_sizes
from nn.functional.arguments import Sizes, rows, sizes_of, tensors_of


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolve signals (N, C, L) with a kernel (O, C / groups, K); see :func:`conv2d`.

    Examples
    --------
    >>> from autograd import ones
    >>> conv1d(ones(1, 1, 4), ones(1, 1, 2))
    tensor([[[2., 2., 2.]]])
    """
    return _convolve("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolve images with a kernel: slide it over them and take a dot product at every place.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
    weight : Tensor, shape (O, C / groups, KH, KW)
    bias : Tensor, shape (O,), optional
    stride : int or (int, int)
        Steps of the kernel.
    padding : int, (int, int), "valid" or "same"
        Zeros around the image; "same" keeps its size (with stride 1).
    dilation : int or (int, int)
        Distance of the pixels that the kernel looks at.
    groups : int
        Into how many independent convolutions the channels are divided.

    Returns
    -------
    Tensor, shape (N, O, OH, OW)

    Raises
    ------
    TypeError, ValueError
        When dtypes, shapes or options do not fit, or the kernel is larger than the padded image.

    Examples
    --------
    >>> from autograd import ones
    >>> conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2), stride=1, padding=0)
    tensor([[[[4., 4.],
              [4., 4.]]]])
    """
    return _convolve("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolve volumes (N, C, D, H, W) with a kernel (O, C / groups, KD, KH, KW); see :func:`conv2d`.

    Examples
    --------
    >>> from autograd import ones
    >>> conv3d(ones(1, 1, 2, 2, 2), ones(1, 1, 2, 2, 2))
    tensor([[[[[8.]]]]])
    """
    return _convolve("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transpose of :func:`conv1d`: the kernel (C, O / groups, K) is added at every place, times the input.

    Examples
    --------
    >>> from autograd import tensor
    >>> conv_transpose1d(tensor([[[1.0, 2.0]]]), tensor([[[1.0, 10.0]]]), stride=2)
    tensor([[[ 1., 10.,  2., 20.]]])
    """
    return _transpose("conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transpose of :func:`conv2d`: what its gradient does with the upstream gradient; enlarges images.

    Parameters
    ----------
    input : Tensor, shape (N, C, H, W) or (C, H, W)
    weight : Tensor, shape (C, O / groups, KH, KW)
    bias : Tensor, shape (O,), optional
    stride, padding, dilation, groups
        As for the convolution that this transposes.
    output_padding : int or (int, int)
        Rows and columns to add at the end: several sizes lead to the same convolution.

    Returns
    -------
    Tensor, shape (N, O, OH, OW)
        OH = (H - 1) stride - 2 padding + dilation (KH - 1) + output_padding + 1

    Raises
    ------
    TypeError, ValueError
        When dtypes, shapes or options do not fit.

    Examples
    --------
    >>> from autograd import ones
    >>> conv_transpose2d(ones(1, 1, 2, 2), ones(1, 1, 3, 3)).shape
    (1, 1, 4, 4)
    """
    return _transpose("conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def _checked(operation: str, rank: int, input: Any, weight: Any, bias: Any, groups: int, transposed: bool) -> None:
    given = f"{operation}: input {input.shape} and weight {weight.shape}"
    check_floats(operation, input=input, weight=weight, bias=bias)
    if input.ndim not in (rank + 1, rank + 2) or weight.ndim != rank + 2:
        axes = ("length", "height, width", "depth, height, width")[rank - 1]
        raise ValueError(f"{given}; the input has shape (images, channels, {axes}), the weight {rank + 2} axes")
    channels, groups = input.shape[-rank - 1], int(groups)
    if groups < 1 or weight.shape[0] % groups or channels % groups:
        raise ValueError(f"{given}; {groups} groups do not divide both the channels and the first size of the weight")
    expected = weight.shape[0] if transposed else weight.shape[1] * groups
    if channels != expected:
        remedy = f"a weight of this shape takes {expected} channels" + (f" in {groups} groups" if groups > 1 else "")
        raise ValueError(f"{given}; the input has {channels} channels, but {remedy}")
    outputs = weight.shape[1] * groups if transposed else weight.shape[0]
    if bias is not None and bias.shape != (outputs,):
        raise ValueError(
            f"{given} with bias {bias.shape}; the bias has shape ({outputs},), one for each output channel"
        )
    if min(weight.shape[2:]) < 1:
        raise ValueError(f"{given}; the kernel is empty")


def _batched(rank: int, input: Tensor) -> Tensor:
    return input if input.ndim == rank + 2 else input.unsqueeze(0)


def _convolve(
    operation: str, rank: int, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Tensor:
    input, weight, bias = tensors_of(operation, input=input, weight=weight, bias=bias)
    _checked(operation, rank, input, weight, bias, groups, False)
    kernel, sizes = weight.shape[2:], input.shape[-rank:]
    steps = sizes_of(operation, "stride", stride, rank, 1)
    spread = sizes_of(operation, "dilation", dilation, rank, 1)
    if padding == "same":
        if max(steps) > 1:
            raise ValueError(f"{operation}: padding='same' keeps the size, so it needs stride 1, got {stride!r}")
        reach = [d * (k - 1) for d, k in zip(spread, kernel, strict=True)]
        pairs = tuple((n // 2, n - n // 2) for n in reach)
    elif isinstance(padding, str) and padding != "valid":
        raise ValueError(f"{operation}: padding is a number, 'valid' or 'same', got {padding!r}")
    else:
        pairs = tuple((n, n) for n in sizes_of(operation, "padding", 0 if padding == "valid" else padding, rank))
    if min(output_sizes(sizes, kernel, steps, pairs, spread)) < 1:
        padded = tuple(n + before + after for n, (before, after) in zip(sizes, pairs, strict=True))
        raise ValueError(
            f"{operation}: the kernel {kernel} with dilation {spread} is larger than the padded input {padded} "
            f"(input {input.shape}, weight {weight.shape}, padding {padding!r}); use more padding or a smaller kernel"
        )
    options = {"stride": steps, "padding": pairs, "dilation": spread, "groups": int(groups)}
    out = rows.convolution(_batched(rank, input), weight, bias, **options)
    return out if input.ndim == rank + 2 else out.squeeze(0)


def _transpose(
    operation: str,
    rank: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Tensor:
    input, weight, bias = tensors_of(operation, input=input, weight=weight, bias=bias)
    _checked(operation, rank, input, weight, bias, groups, True)
    steps = sizes_of(operation, "stride", stride, rank, 1)
    spread = sizes_of(operation, "dilation", dilation, rank, 1)
    pads = sizes_of(operation, "padding", padding, rank)
    added = sizes_of(operation, "output_padding", output_padding, rank)
    if any(a >= max(s, d) for a, s, d in zip(added, steps, spread, strict=True)):
        raise ValueError(
            f"{operation}: output_padding {output_padding!r} must be smaller than stride {stride!r} or "
            f"dilation {dilation!r}"
        )
    sizes = tuple(
        (n - 1) * s - 2 * p + d * (k - 1) + a + 1
        for n, k, s, p, d, a in zip(input.shape[-rank:], weight.shape[2:], steps, pads, spread, added, strict=True)
    )
    if min(sizes) < 1:
        raise ValueError(
            f"{operation}: input {input.shape}, weight {weight.shape} and padding {padding!r} leave nothing"
        )
    images = _batched(rank, input)
    if any(a >= s for a, s in zip(added, steps, strict=True)):
        # The convolution of the result has so many more places, which got nothing.
        more = tuple((0, a // s) for a, s in zip(added, steps, strict=True))
        images = rows.pad_constant(images, ((0, 0), (0, 0), *more))
    shape = (images.shape[0], weight.shape[1] * int(groups), *sizes)
    options = {"stride": steps, "padding": tuple((p, p) for p in pads), "dilation": spread, "groups": int(groups)}
    out = rows.convolution_input_gradient(images, weight, shape, **options)
    if bias is not None:
        out = out + bias.reshape(-1, *(1,) * rank)
    return out if input.ndim == rank + 2 else out.squeeze(0)


def unfold(input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1) -> Tensor:
    """Put every window of images (N, C, H, W) into a column: (N, C KH KW, places).

    Examples
    --------
    >>> from autograd import tensor
    >>> unfold(tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), (1, 2))
    tensor([[[1., 3.],
             [2., 4.]]])
    """
    (input,) = tensors_of("unfold", input=input)
    options = _windows("unfold", kernel_size, dilation, padding, stride)
    if input.ndim not in (3, 4):
        raise ValueError(f"unfold: input {input.shape}; it has shape (images, channels, height, width)")
    places = output_sizes(
        input.shape[-2:], options["kernel"], options["stride"], options["padding"], options["dilation"]
    )
    if min(places) < 1:
        raise ValueError(f"unfold: a window of {options['kernel']} is larger than the padded input {input.shape}")
    out = rows.unfold(_batched(2, input), **options)
    return out if input.ndim == 4 else out.squeeze(0)


def fold(
    input: Tensor,
    output_size: Sizes,
    kernel_size: Sizes,
    dilation: Sizes = 1,
    padding: Sizes = 0,
    stride: Sizes = 1,
) -> Tensor:
    """Add columns (N, C KH KW, places) up where :func:`unfold` took them from: (N, C, H, W).

    Examples
    --------
    >>> from autograd import ones
    >>> fold(ones(1, 2, 2), (1, 3), (1, 2))
    tensor([[[[1., 2., 1.]]]])
    """
    (input,) = tensors_of("fold", input=input)
    options = _windows("fold", kernel_size, dilation, padding, stride)
    size = sizes_of("fold", "output_size", output_size, 2, 1)
    window = options["kernel"][0] * options["kernel"][1]
    high, wide = output_sizes(size, options["kernel"], options["stride"], options["padding"], options["dilation"])
    fits = input.ndim in (2, 3) and input.shape[-2] % window == 0 and input.shape[-1] == high * wide
    if not fits or high < 1 or wide < 1:
        raise ValueError(
            f"fold: columns {input.shape} do not fill output_size {size}; windows of {options['kernel']} have "
            f"{max(high, 0)} x {max(wide, 0)} places, so the shape is (images, channels * {window}, places)"
        )
    out = rows.fold(input if input.ndim == 3 else input.unsqueeze(0), size, **options)
    return out if input.ndim == 3 else out.squeeze(0)


def _windows(operation: str, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> dict[str, Any]:
    return {
        "kernel": sizes_of(operation, "kernel_size", kernel_size, 2, 1),
        "stride": sizes_of(operation, "stride", stride, 2, 1),
        "padding": tuple((n, n) for n in sizes_of(operation, "padding", padding, 2)),
        "dilation": sizes_of(operation, "dilation", dilation, 2, 1),
    }


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Spread channels over a larger image: (..., C r², H, W) to (..., C, H r, W r).

    Examples
    --------
    >>> from autograd import ones
    >>> pixel_shuffle(ones(1, 8, 2, 3), 2).shape
    (1, 2, 4, 6)
    """
    (input,) = tensors_of("pixel_shuffle", input=input)
    (factor,) = sizes_of("pixel_shuffle", "upscale_factor", upscale_factor, 1, 1)
    if input.ndim < 3 or input.shape[-3] % factor**2:
        raise ValueError(
            f"pixel_shuffle: the channels of input {input.shape} are no multiple of {factor}² = {factor**2}"
        )
    return rows.pixel_shuffle(input, factor)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Undo :func:`pixel_shuffle`: (..., C, H r, W r) to (..., C r², H, W).

    Examples
    --------
    >>> from autograd import ones
    >>> pixel_unshuffle(ones(1, 2, 4, 6), 2).shape
    (1, 8, 2, 3)
    """
    (input,) = tensors_of("pixel_unshuffle", input=input)
    (factor,) = sizes_of("pixel_unshuffle", "downscale_factor", downscale_factor, 1, 1)
    if input.ndim < 3 or input.shape[-1] % factor or input.shape[-2] % factor:
        raise ValueError(f"pixel_unshuffle: height and width of input {input.shape} are no multiples of {factor}")
    return rows.pixel_unshuffle(input, factor)

"""Normalisation layers."""

from __future__ import annotations

from typing import Any

from autograd import Tensor, int64, ones, zeros
from nn import functional as F
from nn.functional.arguments import Sizes, check_counts, sizes_of
from nn.modules.module import Module
from nn.parameter import Buffer, Parameter


class ChannelNorm(Module):
    """What batch and instance norm have in common: one scale, shift, mean and variance for each channel.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.BatchNorm1d(3), nn.modules.normalisation.ChannelNorm)
    True
    """

    ranks: tuple[int, ...]
    shapes: str

    def __init__(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        dtype: Any,
        bias: bool,
    ) -> None:
        check_counts(type(self).__name__, num_features=num_features)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(ones(num_features, dtype=dtype)) if affine else None
        self.bias = Parameter(zeros(num_features, dtype=dtype)) if affine and bias else None
        self.running_mean = Buffer(zeros(num_features, dtype=dtype)) if track_running_stats else None
        self.running_var = Buffer(ones(num_features, dtype=dtype)) if track_running_stats else None
        self.num_batches_tracked = Buffer(zeros(dtype=int64)) if track_running_stats else None

    def _check(self, input: Any, channels: int) -> None:
        shape = getattr(input, "shape", ())
        if len(shape) not in self.ranks or shape[channels] != self.num_features:
            raise ValueError(
                f"{type(self).__name__}: input {shape}; it has shape {self.shapes} with C = {self.num_features}"
            )

    def extra_repr(self) -> str:
        """Return the options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm(ChannelNorm):
    """Batch norm of any rank.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.BatchNorm2d(3), nn.modules.normalisation.BatchNorm)
    True
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, input: Tensor) -> Tensor:
        """Return the normalised input."""
        self._check(input, 1)
        momentum, batches = self.momentum, None
        if self.training and self.num_batches_tracked is not None:
            batches = self.num_batches_tracked.numpy()
            momentum = 1.0 / (int(batches) + 1) if momentum is None else momentum
        out = F.batch_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or self.running_mean is None,
            momentum or 0.0,
            self.eps,
        )
        if batches is not None:
            batches += 1  # only now: a refused batch leaves nothing changed
        return out


class BatchNorm1d(BatchNorm):
    """Batch norm of features (N, C) or signals (N, C, L); see :class:`BatchNorm2d`.

    Examples
    --------
    >>> from autograd import tensor
    >>> BatchNorm1d(1, eps=0.0, affine=False)(tensor([[1.0], [3.0]]))
    tensor([[-1.],
            [ 1.]])
    """

    ranks, shapes = (2, 3), "(N, C) or (N, C, L)"


class BatchNorm2d(BatchNorm):
    """Batch norm of images (N, C, H, W): subtract the mean of every channel, divide by its deviation.

    In training the mean and the variance are the batch's, and the running ones move towards them by the share
    `momentum`; in evaluation they are the running ones.

    Parameters
    ----------
    num_features : int
        The number of channels C.
    eps : float
        Added to the variance.
    momentum : float, optional
        ``None`` makes the running statistics the average over all batches.
    affine : bool
        Whether every channel has a learned scale and shift.
    track_running_stats : bool
        Without it there are no running statistics: the batch's own are used in evaluation too.
    dtype : numpy.dtype, optional
    bias : bool
        Whether the affine map has a shift.

    Attributes
    ----------
    weight, bias : Parameter, shape (C,), or None
    running_mean, running_var : Buffer, shape (C,), or None
    num_batches_tracked : Buffer, shape (), or None

    Raises
    ------
    ValueError
        When the shape does not fit, or a batch to train with has only one number for each channel.

    Examples
    --------
    >>> from autograd import zeros
    >>> BatchNorm2d(3)(zeros(4, 3, 8, 8)).shape
    (4, 3, 8, 8)
    """

    ranks, shapes = (4,), "(N, C, H, W)"


class InstanceNorm(ChannelNorm):
    """Instance norm of any rank.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.InstanceNorm2d(3), nn.modules.normalisation.InstanceNorm)
    True
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, input: Tensor) -> Tensor:
        """Return the normalised input."""
        self._check(input, -self.ranks[0])
        alone = input.ndim == self.ranks[0]  # one image, without the axis N
        own = self.training or self.running_mean is None
        out = F.instance_norm(
            input.unsqueeze(0) if alone else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            own,
            self.momentum or 0.0,
            self.eps,
        )
        return out.squeeze(0) if alone else out


class InstanceNorm1d(InstanceNorm):
    """Instance norm of signals (N, C, L); see :class:`InstanceNorm2d`.

    Examples
    --------
    >>> from autograd import tensor
    >>> InstanceNorm1d(1, eps=0.0)(tensor([[[1.0, 3.0]]]))
    tensor([[[-1.,  1.]]])
    """

    ranks, shapes = (2, 3), "(N, C, L) or (C, L)"


class InstanceNorm2d(InstanceNorm):
    """Instance norm of images (N, C, H, W): normalise every channel of every image by itself.

    Parameters and attributes are those of :class:`BatchNorm2d`; `affine` and `track_running_stats` are off.

    Examples
    --------
    >>> from autograd import zeros
    >>> InstanceNorm2d(3)(zeros(4, 3, 8, 8)).shape
    (4, 3, 8, 8)
    """

    ranks, shapes = (3, 4), "(N, C, H, W) or (C, H, W)"


class LayerNorm(Module):
    """Layer norm: normalise every sample over its last axes.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        The sizes of these axes.
    eps : float
        Added to the variance.
    elementwise_affine : bool
        Whether there is a learned scale and shift for every element.
    bias : bool
        Whether the affine map has a shift.
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight, bias : Parameter, shape normalized_shape, or None

    Examples
    --------
    >>> from autograd import zeros
    >>> LayerNorm(8)(zeros(2, 5, 8)).shape
    (2, 5, 8)
    """

    def __init__(
        self,
        normalized_shape: Sizes,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        self.normalized_shape = _sizes("LayerNorm", normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(ones(*self.normalized_shape, dtype=dtype)) if elementwise_affine else None
        self.bias = Parameter(zeros(*self.normalized_shape, dtype=dtype)) if elementwise_affine and bias else None

    def forward(self, input: Tensor) -> Tensor:
        """Return the normalised input."""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Divide every sample by its root mean square over its last axes.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        The sizes of these axes.
    eps : float, optional
        Added to the mean square; by default the smallest step from one of the dtype.
    elementwise_affine : bool
        Whether there is a learned scale for every element.
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape normalized_shape, or None

    Examples
    --------
    >>> from autograd import tensor
    >>> RMSNorm(2, elementwise_affine=False)(tensor([[1.0, 7.0]]))
    tensor([[0.2, 1.4]])
    """

    def __init__(
        self,
        normalized_shape: Sizes,
        eps: float | None = None,
        elementwise_affine: bool = True,
        dtype: Any = None,
    ) -> None:
        self.normalized_shape = _sizes("RMSNorm", normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(ones(*self.normalized_shape, dtype=dtype)) if elementwise_affine else None

    def forward(self, input: Tensor) -> Tensor:
        """Return the normalised input."""
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class GroupNorm(Module):
    """Normalise every image (N, C, ...) over groups of its channels.

    Parameters
    ----------
    num_groups : int
        A divisor of the number of channels.
    num_channels : int
    eps : float
        Added to the variance.
    affine : bool
        Whether every channel has a learned scale and shift.
    dtype : numpy.dtype, optional
    bias : bool
        Whether the affine map has a shift.

    Attributes
    ----------
    weight, bias : Parameter, shape (num_channels,), or None

    Raises
    ------
    ValueError
        When the groups do not divide the channels.

    Examples
    --------
    >>> from autograd import zeros
    >>> GroupNorm(2, 6)(zeros(4, 6, 8, 8)).shape
    (4, 6, 8, 8)
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        check_counts("GroupNorm", 1, num_groups=num_groups, num_channels=num_channels)
        if num_channels % num_groups:
            raise ValueError(f"GroupNorm: {num_groups} groups do not divide {num_channels} channels")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.weight = Parameter(ones(num_channels, dtype=dtype)) if affine else None
        self.bias = Parameter(zeros(num_channels, dtype=dtype)) if affine and bias else None

    def forward(self, input: Tensor) -> Tensor:
        """Return the normalised input."""
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Return the options."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


def _sizes(name: str, given: Any) -> tuple[int, ...]:
    return sizes_of(name, "normalized_shape", given, 1 if isinstance(given, int) else max(len(given), 1), 1)

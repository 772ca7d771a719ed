"""Windows of images as columns and back, and pixels as channels and back: each is the other's gradient."""

from autograd.array_operation import array_operation
from autograd.kernels import load


@array_operation(
    symbol="unfold",
    latex=r"\operatorname{unfold}(x)",
    products=[lambda m, g, out, x, **options: m.fold(g, x.shape[2:], **options)],
    method=False,
)
def unfold(x, *, kernel, stride, padding, dilation):
    """Put every window of images (N, C, ...) into a column: (N, C * window, places).

    >>> unfold(tensor([[[1.0, 2.0, 3.0]]]), kernel=(2,), stride=(1,), padding=((0, 0),), dilation=(1,))
    tensor([[[1., 2.],
             [2., 3.]]])
    """
    windows = load("windows")
    return windows.unfold(x, kernel, stride, padding, dilation)


@array_operation(
    symbol="fold",
    latex=r"\operatorname{fold}(x)",
    products=[lambda m, g, out, x, output_size, **options: m.unfold(g, **options)],
    method=False,
)
def fold(x, output_size, *, kernel, stride, padding, dilation):
    """Add columns up where :func:`unfold` took them from.

    >>> columns = tensor([[[1.0, 2.0], [2.0, 3.0]]])
    >>> fold(columns, (3,), kernel=(2,), stride=(1,), padding=((0, 0),), dilation=(1,))
    tensor([[[1., 4., 3.]]])
    """
    windows = load("windows")
    return windows.fold(x, tuple(output_size), kernel, stride, padding, dilation)


@array_operation(
    symbol="pixel shuffle",
    latex=r"\operatorname{shuffle}(x)",
    products=[lambda m, g, out, x, factor: m.pixel_unshuffle(g, factor)],
    method=False,
)
def pixel_shuffle(x, factor):
    """Spread channels over an image larger by `factor`: (..., C * factor², H, W) to (..., C, H * factor, W * factor).

    >>> pixel_shuffle(tensor([[[1.0]], [[2.0]], [[3.0]], [[4.0]]]), 2)
    tensor([[[1., 2.],
             [3., 4.]]])
    """
    *front, channels, height, width = x.shape
    n = len(front)
    blocks = x.reshape(*front, channels // factor**2, factor, factor, height, width)
    moved = blocks.transpose(*range(n), n, n + 3, n + 1, n + 4, n + 2)
    return moved.reshape(*front, channels // factor**2, height * factor, width * factor)


@array_operation(
    symbol="pixel unshuffle",
    latex=r"\operatorname{unshuffle}(x)",
    products=[lambda m, g, out, x, factor: m.pixel_shuffle(g, factor)],
    method=False,
)
def pixel_unshuffle(x, factor):
    """Put the pixels of every square of `factor` into channels: what undoes :func:`pixel_shuffle`.

    >>> pixel_unshuffle(tensor([[[1.0, 2.0], [3.0, 4.0]]]), 2).shape
    (4, 1, 1)
    """
    *front, channels, height, width = x.shape
    n = len(front)
    blocks = x.reshape(*front, channels, height // factor, factor, width // factor, factor)
    moved = blocks.transpose(*range(n), n, n + 2, n + 4, n + 1, n + 3)
    return moved.reshape(*front, channels * factor**2, height // factor, width // factor)

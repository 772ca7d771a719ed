"""Dropout: some numbers become zero at random, the others grow by as much."""

from autograd.array_operation import array_operation


@array_operation(
    symbol="dropout",
    latex=r"m \odot x",
    products=[lambda m, g, out, x, mask: g * mask],
    method=False,
)
def dropout(x, mask):
    """Multiply by a mask of zeros and one other factor.

    >>> dropout(tensor([1.0, 2.0]), np.array([0, 2], np.float32))
    tensor([0., 4.])
    """
    return x * mask

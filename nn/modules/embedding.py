"""A table of learned vectors."""

from __future__ import annotations

from typing import Any

from autograd import Tensor, empty
from nn import functional as F
from nn import init
from nn.functional.arguments import check_counts
from nn.modules.module import Module
from nn.parameter import Parameter


class Embedding(Module):
    """Table of vectors, one for each word or class; see :func:`nn.functional.embedding`.

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        The number of vectors and their length.
    padding_idx : int, optional
        A vector that starts at zero and receives no gradient.
    max_norm, norm_type : float
        Vectors with a larger norm are scaled down to it, in place, when they are looked up.
    scale_grad_by_freq : bool
        Whether to divide the gradient of a vector by how often it is looked up.
    sparse : bool
        Only ``False``: gradients are dense.
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight : Parameter, shape (num_embeddings, embedding_dim)
        Starts standard normal.

    Raises
    ------
    ValueError
        When `padding_idx` is no row of the table.

    Examples
    --------
    >>> from autograd import tensor
    >>> Embedding(10, 3)(tensor([[1, 2], [4, 1]])).shape
    (2, 2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        dtype: Any = None,
    ) -> None:
        check_counts("Embedding", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(f"Embedding: padding_idx {padding_idx} is none of the {num_embeddings} vectors")
            padding_idx %= num_embeddings
        if sparse:
            raise ValueError("Embedding: there are no sparse gradients; leave sparse=False")
        self.num_embeddings, self.embedding_dim, self.padding_idx = num_embeddings, embedding_dim, padding_idx
        self.max_norm, self.norm_type, self.scale_grad_by_freq = max_norm, norm_type, scale_grad_by_freq
        self.weight = Parameter(empty(num_embeddings, embedding_dim, dtype=dtype))
        init.normal_(self.weight)
        if padding_idx is not None:
            self.weight.numpy()[padding_idx] = 0.0

    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, **options: Any) -> Embedding:
        """Make one from a table that exists; frozen unless `freeze` is off.

        Examples
        --------
        >>> from autograd import tensor
        >>> Embedding.from_pretrained(tensor([[1.0, 2.0], [3.0, 4.0]]))(tensor([1]))
        tensor([[3., 4.]])
        """
        if embeddings.ndim != 2:
            raise ValueError(f"Embedding: a table has shape (vectors, length), got {embeddings.shape}")
        made = cls(embeddings.shape[0], embeddings.shape[1], **options)
        made.weight = Parameter(embeddings, requires_grad=not freeze)
        return made

    def forward(self, input: Tensor) -> Tensor:
        """Return the vectors for the indices, shape (*input.shape, embedding_dim)."""
        return F.embedding(input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq)

    def extra_repr(self) -> str:
        """Return the sizes and the options that are not the usual ones."""
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        text += f", padding_idx={self.padding_idx}" if self.padding_idx is not None else ""
        text += f", max_norm={self.max_norm}" if self.max_norm is not None else ""
        text += f", norm_type={self.norm_type}" if self.norm_type != 2 else ""
        return text + (", scale_grad_by_freq=True" if self.scale_grad_by_freq else "")

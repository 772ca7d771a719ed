"""Attention with several heads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.creation import from_numpy
from nn import functional as F
from nn import init
from nn.functional.arguments import rows
from nn.modules.linear import Linear
from nn.modules.module import Module
from nn.parameter import Parameter


class MultiheadAttention(Module):
    """Every query looks at all keys and takes a weighted mean of their values, after Vaswani et al. (2017).

    Queries, keys and values are projected, divided into heads, compared by softmax(q kᵀ / √d) v, and joined again.

    Parameters
    ----------
    embed_dim : int
        The length of queries and results.
    num_heads : int
        A divisor of `embed_dim`.
    dropout : float
        The probability of dropout of the weights of attention.
    bias : bool
        Whether the projections add a bias.
    kdim, vdim : int, optional
        The lengths of keys and values, when they are others.
    batch_first : bool
        Whether sequences have shape (N, L, features) instead of (L, N, features).
    dtype : numpy.dtype, optional

    Attributes
    ----------
    in_proj_weight : Parameter, shape (3 embed_dim, embed_dim), or None
        For queries, keys and values; with `kdim` or `vdim` there are q_proj_weight, k_proj_weight, v_proj_weight.
    in_proj_bias : Parameter, shape (3 embed_dim,), or None
    out_proj : Linear

    Raises
    ------
    ValueError
        When the heads do not divide the length, or shapes do not fit.

    Examples
    --------
    >>> from autograd import zeros
    >>> attention = MultiheadAttention(8, 2, batch_first=True)
    >>> x = zeros(5, 7, 8)
    >>> outputs, weights = attention(x, x, x)
    >>> outputs.shape, weights.shape
    ((5, 7, 8), (5, 7, 7))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        dtype: Any = None,
    ) -> None:
        if num_heads < 1 or embed_dim < 1 or embed_dim % num_heads:
            raise ValueError(f"MultiheadAttention: {num_heads} heads do not divide embed_dim {embed_dim}")
        if not 0 <= dropout <= 1:
            raise ValueError(f"MultiheadAttention: dropout is a probability between 0 and 1, got {dropout}")
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = _projection(3 * embed_dim, embed_dim, dtype)
        else:
            self.in_proj_weight = None
            self.q_proj_weight = _projection(embed_dim, embed_dim, dtype)
            self.k_proj_weight = _projection(embed_dim, self.kdim, dtype)
            self.v_proj_weight = _projection(embed_dim, self.vdim, dtype)
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim, dtype or np.float32)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, dtype)
        if self.out_proj.bias is not None:
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Return the result for every query, and the weights of attention.

        Parameters
        ----------
        query : Tensor, shape (L, N, embed_dim), with `batch_first` (N, L, embed_dim), or (L, embed_dim)
        key, value : Tensor, shape (S, N, kdim) and (S, N, vdim), or as the query
        key_padding_mask : Tensor, shape (N, S) or (S,), optional
            ``True`` for keys to ignore; or numbers to add to their scores.
        need_weights : bool
            Whether to return the weights.
        attn_mask : Tensor, shape (L, S) or (N * num_heads, L, S), optional
            ``True`` where a query must not look at a key; or numbers to add to the scores.
        average_attn_weights : bool
            Whether the weights are the mean over the heads.
        is_causal : bool
            Without an `attn_mask`: no query looks at keys after it.

        Returns
        -------
        Tensor, of the shape of the query
        Tensor or None
            Shape (N, L, S), with heads (N, num_heads, L, S).
        """
        if any(x.ndim != query.ndim for x in (key, value)) or query.ndim not in (2, 3):
            raise ValueError(
                f"MultiheadAttention: query {query.shape}, key {key.shape} and value {value.shape}; all have 3 axes, "
                f"or 2 without a batch"
            )
        alone = query.ndim == 2
        sources = [query, key, value]
        if alone:
            sources = [x.unsqueeze(0) for x in sources]
        elif not self.batch_first:
            sources = [query.transpose(0, 1)] * 3 if query is key is value else [x.transpose(0, 1) for x in sources]
        elif query is key is value:
            sources = [query] * 3
        self._check(sources)
        q, k, v = (self._heads(x) for x in self._projected(*sources))
        scores = (q * (1 / math.sqrt(q.shape[-1]))) @ k.transpose(-2, -1)
        mask = self._mask(scores, attn_mask, key_padding_mask, is_causal)
        weights = rows.softmax(scores if mask is None else scores + mask, -1)
        if self.dropout:
            weights = F.dropout(weights, self.dropout, self.training)
        joined = (weights @ v).transpose(1, 2).reshape(*sources[0].shape[:2], self.embed_dim)
        out = self.out_proj(joined)
        out = out.squeeze(0) if alone else out if self.batch_first else out.transpose(0, 1)
        if not need_weights:
            return out, None
        weights = weights.mean(1) if average_attn_weights else weights
        return out, weights.squeeze(0) if alone else weights

    def _check(self, sources: list[Tensor]) -> None:
        (n, _, embed), (m, s, kdim), (o, t, vdim) = (x.shape for x in sources)
        if not n == m == o or s != t or (embed, kdim, vdim) != (self.embed_dim, self.kdim, self.vdim):
            raise ValueError(
                f"MultiheadAttention: query, key and value of shapes {', '.join(str(x.shape) for x in sources)} "
                f"(samples first); they have as many samples, key and value as many steps, and features "
                f"{self.embed_dim}, {self.kdim} and {self.vdim}"
            )

    def _projected(self, query: Tensor, key: Tensor, value: Tensor) -> tuple[Tensor, ...]:
        if self.in_proj_weight is not None and query is key is value:
            return F.linear(query, self.in_proj_weight, self.in_proj_bias).chunk(3, -1)
        if self.in_proj_weight is not None:
            weights = self.in_proj_weight.chunk(3)
        else:
            weights = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        biases = (None,) * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        return tuple(F.linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))

    def _heads(self, x: Tensor) -> Tensor:
        """(N, L, embed_dim) to (N, heads, L, features of a head)."""
        return x.reshape(*x.shape[:2], self.num_heads, -1).transpose(1, 2)

    def _mask(self, scores: Tensor, attn_mask: Any, key_padding_mask: Any, is_causal: bool) -> Any:
        """What is added to the scores (N, heads, L, S)."""
        n, heads, queries, keys = scores.shape
        if attn_mask is None and is_causal:
            attn_mask = np.triu(np.ones((queries, keys), bool), 1)
        added = None
        if attn_mask is not None:
            shapes = {(queries, keys): (1, 1, queries, keys), (n * heads, queries, keys): scores.shape}
            added = _added("attn_mask", attn_mask, shapes, scores)
        if key_padding_mask is not None:
            shapes = {(n, keys): (n, 1, 1, keys)} | ({(keys,): (1, 1, 1, keys)} if n == 1 else {})
            padding = _added("key_padding_mask", key_padding_mask, shapes, scores)
            added = padding if added is None else added + padding
        return added


def _added(name: str, mask: Any, shapes: dict[Any, Any], scores: Tensor) -> Tensor:
    """A mask as numbers to add: minus infinity where it forbids."""
    mask = mask if isinstance(mask, Tensor) else from_numpy(np.asarray(mask))
    if mask.shape not in shapes:
        allowed = " or ".join(map(str, shapes))
        raise ValueError(f"MultiheadAttention: {name} has shape {mask.shape}; for these inputs it is {allowed}")
    if mask.dtype.kind not in "bf":
        raise TypeError(f"MultiheadAttention: {name} holds bool or floats, got {mask.dtype}")
    if mask.dtype.kind == "b":
        mask = from_numpy(np.where(mask.numpy(), -math.inf, 0.0).astype(scores.dtype))
    return mask.reshape(shapes[mask.shape])


def _projection(outputs: int, inputs: int, dtype: Any) -> Parameter:
    weight = Parameter(np.zeros((outputs, inputs), dtype or np.float32))
    init.xavier_uniform_(weight)
    return weight

"""The functions of tensors beside PyTorch's: the same call, written once, runs in both libraries."""

import builtins
import operator

import numpy as np
import pytest

import autograd
from autograd import Value, arange, from_numpy, no_grad, tensor, tensor_functions, zeros
from autograd.tensor_functions.attach import METHODS

torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")

NUMBERS = np.random.default_rng(0)


def numbers(*shape):
    """Numbers of which no two are equal and none is near zero."""
    return NUMBERS.permutation(np.arange(1, np.prod(shape, dtype=int) + 1)).reshape(shape) * 0.37 - 1.6


A, B, C = numbers(2, 3), numbers(2, 3), numbers(3, 4)
V, W, S = numbers(3), numbers(4), numbers()
T3 = numbers(2, 3, 4)
POSITIVE = abs(A) + 0.5

# Each call receives the library `m` and tensors made of the arrays, which require gradients where they are floats.
CALLS = [
    # element by element
    (lambda m, x, y: m.add(x, y), A, V),
    (lambda m, x, y: m.add(x, y, alpha=2), A, B),
    (lambda m, x, y: x.add(y, alpha=0.5), A, V),
    (lambda m, x: m.add(x, 1.5, alpha=2), A),
    (lambda m, x, y: m.sub(x, y, alpha=2), A, B),
    (lambda m, x, y: x.sub(y), A, V),
    (lambda m, x, y: m.subtract(x, y), A, V),
    (lambda m, x, y: x.subtract(y, alpha=3), A, V),
    (lambda m, x, y: m.multiply(x, y), A, V),
    (lambda m, x, y: x.multiply(y), A, V),
    (lambda m, x, y: m.div(x, y), A, V),
    (lambda m, x, y: x.div(y), A, B),
    (lambda m, x, y: m.div(x, y, rounding_mode=None), A, B),
    (lambda m, x, y: m.div(x, y, rounding_mode="floor"), A, B),
    (lambda m, x, y: m.div(x, y, rounding_mode="trunc"), A, B),
    (lambda m, x: m.div(x, 0.7, rounding_mode="floor"), A),
    (lambda m, x, y: m.divide(x, y, rounding_mode="floor"), A, B),
    (lambda m, x, y: x.divide(y), A, B),
    (lambda m, x, y: m.true_divide(x, y), A, B),
    (lambda m, x, y: x.true_divide(y), A, B),
    (lambda m, x: m.negative(x), A),
    (lambda m, x: x.negative(), A),
    (lambda m, x: m.absolute(x), A),
    (lambda m, x: x.absolute(), A),
    (lambda m, x: m.clamp(x, -0.5, 1.0), A),
    (lambda m, x: m.clamp(x, min=0.2), A),
    (lambda m, x: m.clamp(x, max=0.2), A),
    (lambda m, x: x.clamp(0.1), A),
    (lambda m, x, y: m.clamp(x, y), A, B),
    (lambda m, x, y: x.clamp(max=y), A, B),
    (lambda m, x: m.clip(x, -0.5, 1.0), A),
    (lambda m, x: x.clip(max=0.3), A),
    (lambda m, x: m.round(x), A),
    (lambda m, x: m.round(x, decimals=1), A),
    (lambda m, x: m.round(x * 100, decimals=-1), A),
    (lambda m, x: x.round(decimals=2), A),
    (lambda m, x, y, z: m.addcmul(x, y, z, value=0.5), A, V, B),
    (lambda m, x, y, z: x.addcmul(y, z), A, V, B),
    (lambda m, x, y, z: m.addcdiv(x, y, z, value=0.5), A, V, POSITIVE),
    (lambda m, x, y, z: x.addcdiv(y, z), A, V, POSITIVE),
    (lambda m, x: x.to(m.float64) * 2, A),
    (lambda m, x: x.to(x), A),
    (lambda m, x: x.to("cpu"), A),
    (lambda m, x, y: x.type_as(y), A, B),
    (lambda m, x: x.type(m.float32), A),
    (lambda m, x: x.float(), A),
    (lambda m, x: x.double(), A),
    (lambda m, x: x.long(), A),
    (lambda m, x: x.int(), A),
    (lambda m, x: x.short(), A),
    (lambda m, x: x.char(), A),
    (lambda m, x: x.bool(), A),
    (lambda m, x: (x * x).byte(), A),
    (lambda m, x: x.t().contiguous(), A),
    # comparing
    (lambda m, x, y: m.eq(x, y), A, A),
    (lambda m, x, y: m.ne(x, y), A, B),
    (lambda m, x, y: m.gt(x, y), A, V),
    (lambda m, x, y: m.ge(x, y), A, A),
    (lambda m, x, y: m.lt(x, y), A, V),
    (lambda m, x, y: m.le(x, y), A, V),
    (lambda m, x: x.eq(1.0), A),
    (lambda m, x: x.ne(1.0), A),
    (lambda m, x: x.gt(0), A),
    (lambda m, x: x.ge(0), A),
    (lambda m, x: x.lt(0), A),
    (lambda m, x: x.le(0), A),
    (lambda m, x, y: m.isclose(x, y), A, A * (1 + 1e-6)),
    (lambda m, x, y: x.isclose(y, rtol=0.5, atol=0.1), A, B),
    (lambda m, x: m.isclose(x / 0, x / 0, equal_nan=True), A * 0),
    (lambda m, x, y: m.tensor(m.allclose(x, y)), A, B),
    (lambda m, x: m.tensor(x.allclose(x + 1e-9)), A),
    (lambda m, x: m.isnan(x / x), A * (A > 0)),
    (lambda m, x: (x / x).isnan(), A * (A > 0)),
    (lambda m, x: m.isinf(1 / x), A * (A > 0)),
    (lambda m, x: (1 / x).isinf(), A * (A > 0)),
    (lambda m, x: m.isfinite(1 / x), A * (A > 0)),
    (lambda m, x: (1 / x).isfinite(), A * (A > 0)),
    (lambda m, x, y: m.logical_and(x > 0, y > 0), A, B),
    (lambda m, x, y: x.logical_and(y), A, B * (B > 0)),
    (lambda m, x, y: m.logical_or(x > 0, y > 0), A, B),
    (lambda m, x, y: (x > 0).logical_or(y > 0), A, B),
    (lambda m, x, y: m.logical_xor(x > 0, y > 0), A, B),
    (lambda m, x, y: (x > 0).logical_xor(y > 0), A, B),
    (lambda m, x: m.logical_not(x > 0), A),
    (lambda m, x: x.logical_not(), A),
    (lambda m, x, y: m.bitwise_and(x > 0, y > 0), A, B),
    (lambda m, x, y: x.bitwise_and(y), I3 := np.array([6, 5, -3]), np.array([3, 0, 2])),
    (lambda m, x, y: m.bitwise_or(x, y), I3, np.array([3, 0, 2])),
    (lambda m, x, y: x.bitwise_or(y), I3, np.array([3, 0, 2])),
    (lambda m, x, y: m.bitwise_xor(x, y), I3, np.array([3, 0, 2])),
    (lambda m, x, y: x.bitwise_xor(y), I3, np.array([3, 0, 2])),
    (lambda m, x: m.bitwise_not(x), I3),
    (lambda m, x: x.bitwise_not(), I3),
    (lambda m, x, y: (x > 0) & (y > 0) | ~(x > 1) ^ (y > 1), A, B),
    (lambda m, x: 3 & x | 8 ^ x, I3),
    (lambda m, x, y: m.where(x > 0, x, y), A, V),
    (lambda m, x: m.where(x > 0, x, 0.0), A),
    (lambda m, x: m.where(x > 0, 1.0, 0.0), A),
    (lambda m, x: m.where(x > 0, 0.1, 0.3), A),
    (lambda m, x: m.where(x > 0)[1], A),
    (lambda m, x, y: x.where(x > 0, y), A, B),
    (lambda m, x: m.all(x > 0), A),
    (lambda m, x: m.all(x > 0, dim=1), A),
    (lambda m, x: (x > 0).all(0, True), A),
    (lambda m, x: m.any(x > 0), A),
    (lambda m, x: m.any(x > 0, dim=1, keepdim=True), A),
    (lambda m, x: (x > 0).any(0), A),
    (lambda m, x: m.count_nonzero(x), A * (A > 0)),
    (lambda m, x: x.count_nonzero(dim=1), A * (A > 0)),
    (lambda m, x: m.nonzero(x), A * (A > 0)),
    (lambda m, x: x.nonzero(as_tuple=True)[0], A * (A > 0)),
    (lambda m, x: m.argwhere(x), A * (A > 0)),
    (lambda m, x: x.argwhere(), A * (A > 0)),
    # shapes
    (lambda m, x: m.reshape(x, (3, -1)), A),
    (lambda m, x: x.reshape(3, 2), A),
    (lambda m, x: x.reshape((-1,)), A),
    (lambda m, x: x.reshape([1, 6]), A),
    (lambda m, x: x.view(3, 2), A),
    (lambda m, x: x.view(-1), A),
    (lambda m, x: x.t().view(3, 1, 2), A),
    (lambda m, x, y: x.view_as(y), A, numbers(3, 2)),
    (lambda m, x, y: x.t().reshape_as(y), A, numbers(6)),
    (lambda m, x: m.permute(x, (2, 0, 1)), T3),
    (lambda m, x: x.permute(-1, 0, 1), T3),
    (lambda m, x: x.permute((1, 2, 0)), T3),
    (lambda m, x: x.expand(4, 2, 3), A),
    (lambda m, x: x.expand(2, -1, 3), numbers(2, 1)),
    (lambda m, x: m.broadcast_to(x, (2, 3)), V),
    (lambda m, x: x.broadcast_to((2, 3)), V),
    (lambda m, x, y: x.expand_as(y), V, A),
    (lambda m, x, y: m.broadcast_tensors(x, y)[0], V, A),
    (lambda m, x: m.transpose(x, 0, -1), T3),
    (lambda m, x: x.transpose(1, 2), T3),
    (lambda m, x: x.transpose(0, -1), S),
    (lambda m, x: m.swapaxes(x, 0, 1), A),
    (lambda m, x: x.swapaxes(0, 1), A),
    (lambda m, x: m.swapdims(x, 0, 1), A),
    (lambda m, x: x.swapdims(0, 1), A),
    (lambda m, x: m.t(x), A),
    (lambda m, x: x.t(), V),
    (lambda m, x: x.T, A),
    (lambda m, x: x.mT, T3),
    (lambda m, x: m.movedim(x, 0, -1), T3),
    (lambda m, x: x.movedim((0, 1), (2, 0)), T3),
    (lambda m, x: m.moveaxis(x, (2, 0), (0, 1)), T3),
    (lambda m, x: x.moveaxis(1, 0), T3),
    (lambda m, x: m.squeeze(x), numbers(1, 2, 1)),
    (lambda m, x: m.squeeze(x, 0), numbers(1, 2, 1)),
    (lambda m, x: x.squeeze(1), numbers(1, 2, 1)),
    (lambda m, x: x.squeeze((0, -1)), numbers(1, 2, 1)),
    (lambda m, x: m.unsqueeze(x, 0), A),
    (lambda m, x: x.unsqueeze(-1), A),
    (lambda m, x: m.flatten(x), T3),
    (lambda m, x: x.flatten(1), T3),
    (lambda m, x: m.flatten(x, start_dim=0, end_dim=1), T3),
    (lambda m, x: m.flatten(x), S),
    (lambda m, x: m.ravel(x), A),
    (lambda m, x: x.t().ravel(), A),
    (lambda m, x: m.unflatten(x, 1, (3, -1)), numbers(2, 12)),
    (lambda m, x: x.unflatten(-1, (3, 4)), numbers(2, 12)),
    (lambda m, x: m.narrow(x, 1, 1, 2), A),
    (lambda m, x: x.narrow(0, -1, 1), A),
    (lambda m, x: m.select(x, 1, -1), A),
    (lambda m, x: x.select(0, 1), A),
    (lambda m, x: m.split(x, 2, dim=1), A),
    (lambda m, x: m.split(x, [1, 0, 2], 1), A),
    (lambda m, x: x.split(1), A),
    (lambda m, x: m.chunk(x, 2, dim=1), A),
    (lambda m, x: x.chunk(5), A),
    (lambda m, x: m.chunk(x, 3), numbers(0, 2)),
    (lambda m, x: m.unbind(x), A),
    (lambda m, x: x.unbind(-1), A),
    (lambda m, x: list(x), A),
    (lambda m, x: m.flip(x, (0, 1)), A),
    (lambda m, x: m.flip(x, [-1]), A),
    (lambda m, x: x.flip(0, 1), A),
    # joining
    (lambda m, x, y: m.cat([x, y]), A, B),
    (lambda m, x, y: m.cat((x, y), dim=-1), A, numbers(2, 1)),
    (lambda m, x, y: m.cat([y, x]), A, numbers(0)),
    (lambda m, x, y: m.concat([x, y], dim=1), A, B),
    (lambda m, x, y: m.concatenate([x, y]), A, B),
    (lambda m, x, y: m.stack([x, y]), A, B),
    (lambda m, x, y: m.stack((x, y), dim=-1), A, B),
    (lambda m, x, y: m.hstack([x, y]), A, B),
    (lambda m, x, y: m.hstack([x, y]), V, W),
    (lambda m, x, y: m.vstack([x, y]), A, V),
    (lambda m, x: x.repeat(2, 1, 3), A),
    (lambda m, x: x.repeat((2, 2)), A),
    (lambda m, x: m.tile(x, (2,)), A),
    (lambda m, x: x.tile(2, 1, 2), A),
    (lambda m, x: m.repeat_interleave(x, 2), A),
    (lambda m, x: x.repeat_interleave(2, dim=1), A),
    (lambda m, x: m.repeat_interleave(x, m.tensor([0, 2, 1]), 1), A),
    (lambda m, x, y: m.meshgrid(x, y, indexing="ij"), V, W),
    (lambda m, x, y: m.meshgrid(x, y, indexing="xy"), V, W),
    # indexing
    (lambda m, x: m.index_select(x, 1, m.tensor([2, 0, 2])), A),
    (lambda m, x: x.index_select(0, m.tensor([1])), A),
    (lambda m, x, y: m.index_add(x, 0, m.tensor([1, 1, 0]), y, alpha=2), A, numbers(3, 3)),
    (lambda m, x, y: x.index_add(1, m.tensor([2]), y), A, numbers(2, 1)),
    (lambda m, x: m.gather(x, 1, m.tensor([[2, 2], [0, 1]])), A),
    (lambda m, x: x.gather(0, m.tensor([[1, 0]])), A),
    (lambda m, x: m.take_along_dim(x, m.tensor([[2], [0]]), 1), A),
    (lambda m, x: x.take_along_dim(m.tensor([[0, 2]]), dim=1), A),
    (lambda m, x: m.take_along_dim(x, m.tensor([5, 0])), A),
    (lambda m, x: m.scatter(x, 1, m.tensor([[2, 1], [0, 1]]), 5.0), A),
    (lambda m, x, y: x.scatter(1, m.tensor([[2, 1], [0, 1]]), y), A, numbers(2, 2)),
    (lambda m, x, y: m.scatter_add(x, 0, m.tensor([[1, 1, 1], [1, 0, 1]]), y), A, B),
    (lambda m, x, y: x.scatter_add(1, m.tensor([[2, 2], [0, 2]]), y), A, numbers(2, 2)),
    (lambda m, x: m.masked_fill(x, x > 0, -1.0), A),
    (lambda m, x: x.masked_fill(m.tensor([True, False, True]), 2), A),
    (lambda m, x, y: x.masked_fill(x > 0, y), A, S),
    (lambda m, x: m.masked_select(x, x > 0), A),
    (lambda m, x: x.masked_select(m.tensor([True, False, True])), A),
    (lambda m, x: m.diag(x), A),
    (lambda m, x: m.diag(x, -1), V),
    (lambda m, x: x.diag(1), V),
    (lambda m, x: m.trace(x), A),
    (lambda m, x: x.trace(), A),
    # reductions
    (lambda m, x: m.sum(x), A),
    (lambda m, x: m.sum(x, dim=(0, 2), keepdim=True), T3),
    (lambda m, x: x.sum(1), A),
    (lambda m, x: m.sum(x, 0, dtype=m.float64), A),
    (lambda m, x: x.sum(), np.array([1, 2, 3], np.int32)),
    (lambda m, x: x.sum(), np.array([250, 250], np.uint8)),
    (lambda m, x: (x > 0).sum(), A),
    (lambda m, x: m.mean(x), A),
    (lambda m, x: m.mean(x, (0, 1), True), T3),
    (lambda m, x: x.mean(dim=-1, dtype=m.float64), A),
    (lambda m, x: x.mean(dtype=m.float32), I3),
    (lambda m, x: m.prod(x), A),
    (lambda m, x: m.prod(x, 1, keepdim=True), A),
    (lambda m, x: x.prod(dim=0, dtype=m.float64), A),
    (lambda m, x: x.prod(), I3),
    (lambda m, x: m.cumsum(x, 1), A),
    (lambda m, x: x.cumsum(dim=0, dtype=m.float64), A),
    (lambda m, x: x.cumsum(0), np.array([True, False, True])),
    (lambda m, x: m.cumprod(x, 1), A),
    (lambda m, x: x.cumprod(dim=0), A),
    (lambda m, x: m.var(x), A),
    (lambda m, x: m.var(x, False), A),
    (lambda m, x: m.var(x, 1, False, True), A),
    (lambda m, x: m.var(x, (0, 2), unbiased=False), T3),
    (lambda m, x: x.var(dim=0, correction=0, keepdim=True), A),
    (lambda m, x: m.std(x), A),
    (lambda m, x: m.std(x, unbiased=False), A),
    (lambda m, x: m.std(x, dim=1, correction=0), A),
    (lambda m, x: x.std(1, True), A),
    (lambda m, x: m.norm(x), A),
    (lambda m, x: m.norm(x, p=1), A),
    (lambda m, x: m.norm(x, float("inf"), 1), A),
    (lambda m, x: m.norm(x, 3, dim=(0, 2), keepdim=True), T3),
    (lambda m, x: x.norm(2, 1), A),
    (lambda m, x: x.norm(p="fro", dim=-1), A),
    (lambda m, x: x.norm(p=0, dim=-1), A),
    (lambda m, x: x.norm(p=-float("inf")), A),
    (lambda m, x: x.norm(dim=0, dtype=m.float64), A),
    (lambda m, x: m.argmax(x), A),
    (lambda m, x: m.argmax(x, 1), A),
    (lambda m, x: x.argmax(dim=0, keepdim=True), A),
    (lambda m, x: m.argmin(x), A),
    (lambda m, x: x.argmin(-1), A),
    (lambda m, x: x.argmin(0), S),
    (lambda m, x: m.max(x), A),
    (lambda m, x: m.max(x, 1), A),
    (lambda m, x: m.max(x, dim=0, keepdim=True), A),
    (lambda m, x: m.max(x, 0), S),
    (lambda m, x, y: m.max(x, y), A, B),
    (lambda m, x: x.max(-1).values, A),
    (lambda m, x: m.min(x), A),
    (lambda m, x: m.min(x, 1), A),
    (lambda m, x: m.min(x, 0).indices, A),
    (lambda m, x, y: m.min(x, other=y), A, B),
    (lambda m, x: x.min(), A),
    (lambda m, x: m.argsort(x), A),
    (lambda m, x: x.argsort(dim=0, descending=True, stable=True), np.round(A)),
    (lambda m, x: m.sort(x), A),
    (lambda m, x: m.sort(x, 0, True), A),
    (lambda m, x: x.sort(descending=True), A),
    (lambda m, x: x.sort(), S),
    (lambda m, x: m.sort(m.where(x > 1, x / 0, x), descending=True, stable=True).values, A * (A > 1)),
    (lambda m, x: m.topk(x, 2), A),
    (lambda m, x: m.topk(x, 1, dim=0, largest=False), A),
    (lambda m, x: x.topk(3), A),
    # products
    (lambda m, x, y: m.mm(x, y), A, C),
    (lambda m, x, y: x.mm(y), A, C),
    (lambda m, x, y: m.bmm(x, y), T3, numbers(2, 4, 2)),
    (lambda m, x, y: x.bmm(y), T3, numbers(2, 4, 2)),
    (lambda m, x, y: m.mv(x, y), A, V),
    (lambda m, x, y: x.mv(y), A, V),
    (lambda m, x, y: m.outer(x, y), V, W),
    (lambda m, x, y: x.outer(y), V, W),
    (lambda m, x, y: m.inner(x, y), A, V),
    (lambda m, x, y: m.inner(x, y), T3, numbers(5, 4)),
    (lambda m, x, y: x.inner(y), V, S),
    (lambda m, x, y, z: m.addmm(x, y, z), W, A, C),
    (lambda m, x, y, z: m.addmm(x, y, z, beta=0.5, alpha=2), W, A, C),
    (lambda m, x, y, z: m.addmm((x / 0).detach(), y, z, beta=0), W, A, C),
    (lambda m, x, y, z: x.addmm(y, z), numbers(2, 4), A, C),
    (lambda m, x, y, z: m.addmv(x, y, z, alpha=3), numbers(2), A, V),
    (lambda m, x, y, z: x.addmv(y, z), numbers(1), A, V),
    (lambda m, x, y, z: m.baddbmm(x, y, z, beta=2), numbers(3, 2), T3, numbers(2, 4, 2)),
    (lambda m, x, y, z: x.baddbmm(y, z), numbers(3, 2), T3, numbers(2, 4, 2)),
    (lambda m, x, y: m.einsum("ij,jk->ik", x, y), A, C),
    (lambda m, x, y: m.einsum("ij, jk", [x, y]), A, C),
    (lambda m, x: m.einsum("...i->...", x), T3),
    (lambda m, x: m.einsum("ijk->kji", x), T3),
    (lambda m, x, y, z: m.einsum("ij,jk,k->i", x, y, z), A, C, W),
    # in place
    (lambda m, x, y: x.clone().add_(y, alpha=2), A, V),
    (lambda m, x, y: x.clone().sub_(y, alpha=2), A, V),
    (lambda m, x, y: x.clone().div_(y, rounding_mode="floor"), A, B),
    (lambda m, x: x.clone().clamp_(max=0.3), A),
    (lambda m, x: x.clone().clip_(-0.5, 1.0), A),
    (lambda m, x: x.clone().round_(decimals=1), A),
    (lambda m, x, y, z: x.clone().addcmul_(y, z, value=0.5), A, V, B),
    (lambda m, x, y, z: x.clone().addcdiv_(y, z, value=0.5), A, V, POSITIVE),
    (lambda m, x: x.clone().masked_fill_(x > 0, 2.0), A),
    (lambda m, x: x.clone().zero_() + x, A),
    (lambda m, x: x.clone().fill_(3.0) * x, A),
    (lambda m, x, y: x.clone().fill_(y), A, S),
    (lambda m, x, y: x.clone().copy_(y), A, V),
    (lambda m, x, y: x.clone().scatter_(1, m.tensor([[2, 1], [0, 1]]), y), A, numbers(2, 2)),
    (lambda m, x, y: x.clone().scatter_add_(1, m.tensor([[2, 2], [0, 2]]), y), A, numbers(2, 2)),
    (lambda m, x, y: x.clone().index_add_(0, m.tensor([1, 1]), y), A, B),
]
ADAPTED = {
    "pad": [
        (lambda pad, x: pad(x, (1, 2)), A),
        (lambda pad, x: pad(x, (1, 0, 0, 2), value=5.0), A),
        (lambda pad, x: pad(x, (-1, 1), "constant", 2), A),
        (lambda pad, x: pad(x, (2, 1), mode="reflect"), A),
        (lambda pad, x: pad(x, (2, 4), mode="replicate"), A),
        (lambda pad, x: pad(x, (3, 1), mode="circular"), A),
        (lambda pad, x: pad(x, (1, 1, 2, 0), mode="circular"), T3),
        (lambda pad, x: pad(x, (1, -1), mode="reflect"), A),
        (lambda pad, x: pad(x, (-1, 2), mode="replicate"), A),
    ]
}
CALLS += [
    (lambda m, x, call=call: call(m.pad if m is autograd else m.nn.functional.pad, x), array)
    for call, array in ADAPTED["pad"]
]


def source(call):
    """What a call is, as the name of its test."""
    return "-".join(name for name in call.__code__.co_names if name not in ("clone", "tensor")) or "pad"


def run(library, call, arrays, dtype):
    """Return the results as arrays, their dtypes, and the gradients of a weighted sum of them."""
    make = from_numpy if library is autograd else torch.from_numpy
    arrays = [np.array(array, dtype) if array.dtype == np.float64 else array.copy() for array in arrays]
    operands = [make(array) for array in arrays]
    for x in operands:
        if x.dtype in (torch.float32, torch.float64, np.float32, np.float64):
            x.requires_grad_()
    results = call(library, *operands)
    results = list(results) if isinstance(results, (tuple, list)) else [results]
    total = None
    for i, out in enumerate(results):
        if out.requires_grad:
            weight = np.random.default_rng(i).uniform(0.5, 1.5, tuple(out.shape)).astype(str(out.dtype).split(".")[-1])
            term = (out * make(np.asarray(weight))).sum()
            total = term if total is None else total + term.to(total.dtype)
    if total is not None:
        total.backward()
    found = [out.detach().numpy() for out in results]
    gradients = [np.zeros(x.shape) if x.grad is None else x.grad.numpy() for x in operands]
    return found, gradients


@pytest.mark.filterwarnings("ignore:(An output with one|The use of `x.T`|torch.meshgrid)")
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize(
    ("call", "arrays"), [(call, arrays) for call, *arrays in CALLS], ids=[source(c) for c, *_ in CALLS]
)
def test_results_and_gradients_are_those_of_torch(call, arrays, dtype):
    found, gradients = run(autograd, call, arrays, dtype)
    expected, wanted = run(torch, call, arrays, dtype)
    rtol = 2e-5 if dtype == np.float32 else 1e-12
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        np.testing.assert_allclose(ours, theirs, rtol, rtol)
    for ours, theirs in zip(gradients, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol, rtol)


def test_every_function_and_method_is_compared():
    called = {name for call, *_ in CALLS for name in call.__code__.co_names} | set(ADAPTED)
    operators = {name for name in METHODS if name.startswith("__")}
    assert set(tensor_functions.__all__) - called == {"floor_divide", "take_along_axis"}  # see below
    assert set(METHODS) - called - operators == {"floor_divide", "take_along_axis", "is_floating_point"}


def test_names_of_numpy():
    assert autograd.take_along_axis is autograd.take_along_dim
    assert tensor([1.0]).is_floating_point()
    assert not tensor([1]).is_floating_point()


# Errors: what PyTorch refuses is refused, with an error that names the operation, and what was given.


X = zeros(2, 3)
REFUSED = [
    (lambda: autograd.div(X, X, rounding_mode="up"), ValueError, "div: rounding_mode"),
    (lambda: autograd.clamp(X), ValueError, "clamp: give min"),
    (lambda: autograd.add(X, zeros(2)), ValueError, r"add: the shapes \(2, 3\) and \(2,\)"),
    (lambda: autograd.reshape(X, (4, -1)), ValueError, r"reshape: 6 elements of shape \(2, 3\).*\(4, -1\)"),
    (lambda: autograd.reshape(X, (-1, -1)), ValueError, "reshape: only one size"),
    (lambda: autograd.reshape(X, (-2, -3)), ValueError, "reshape: sizes are not negative"),
    (lambda: X.reshape(2.0, 3), TypeError, "reshape: a shape is made of whole numbers"),
    (lambda: X.t().view(6), ValueError, r"view: .*\(3, 2\).*reshape"),
    (lambda: X.permute(0, 0), ValueError, "permute: .*no order"),
    (lambda: X.permute(0, 2), IndexError, "permute: there is no dim 2"),
    (lambda: X.expand(2, 4), ValueError, r"expand: the shape \(2, 3\) cannot be expanded to \(2, 4\)"),
    (lambda: autograd.broadcast_tensors(X, zeros(2)), ValueError, "broadcast_tensors: the shapes"),
    (lambda: autograd.transpose(X, 0, 2), IndexError, "transpose: there is no dim 2"),
    (lambda: zeros(1, 2, 3).t(), ValueError, "t: takes at most two dims"),
    (lambda: autograd.movedim(X, (0, 1), 0), ValueError, "movedim: "),
    (lambda: autograd.squeeze(X, 2), IndexError, "squeeze: there is no dim 2"),
    (lambda: autograd.squeeze(tensor(1.0), 1), IndexError, "squeeze: there is no dim 1"),
    (lambda: autograd.unsqueeze(X, 3), IndexError, "unsqueeze: there is no dim 3"),
    (lambda: autograd.flatten(X, 1, 0), ValueError, "flatten: start_dim 1 comes after end_dim 0"),
    (lambda: autograd.unflatten(X, 1, (2, -1)), ValueError, r"unflatten: the sizes \(2, -1\)"),
    (lambda: autograd.cat([]), ValueError, "cat: there is nothing"),
    (lambda: autograd.cat([X, zeros(2, 2)]), ValueError, r"cat: the shapes \(2, 3\), \(2, 2\)"),
    (lambda: autograd.cat([X, "a"]), TypeError, "cat: takes a tensor"),
    (lambda: autograd.stack([X, zeros(2, 2)]), ValueError, "stack: the shapes"),
    (lambda: autograd.stack([]), ValueError, "cat: there is nothing"),
    (lambda: autograd.narrow(X, 1, 2, 2), IndexError, r"narrow: 2 elements from 2 .*\(2, 3\)"),
    (lambda: autograd.select(X, 1, 3), IndexError, "select: the index 3"),
    (lambda: autograd.unbind(tensor(1.0)), ValueError, "unbind: a single number has no axis"),
    (lambda: autograd.split(X, 0), ValueError, "split: parts have at least one"),
    (lambda: autograd.split(X, [1, 1], 1), ValueError, r"split: the sizes \(1, 1\)"),
    (lambda: autograd.chunk(X, 0), ValueError, "chunk: at least one part"),
    (lambda: X.repeat(2), ValueError, "repeat: 1 numbers for the 2 dims"),
    (lambda: autograd.tile(X, (-1,)), ValueError, "tile: numbers of copies"),
    (lambda: autograd.repeat_interleave(X, -1), ValueError, "repeat_interleave: repeats"),
    (lambda: autograd.repeat_interleave(X, tensor([1, 2]), 1), ValueError, "repeat_interleave: repeats"),
    (lambda: autograd.meshgrid(X), ValueError, "meshgrid: takes vectors"),
    (lambda: autograd.index_select(X, 1, tensor([3])), IndexError, "index_select: the index 3"),
    (lambda: autograd.index_select(X, 1, tensor([-1])), IndexError, "index_select: the index -1"),
    (lambda: autograd.index_select(X, 1, tensor([0.5])), TypeError, "index_select: the index is made of whole"),
    (lambda: autograd.index_select(X, 1, tensor([[0]])), ValueError, "index_select: the index is a vector"),
    (lambda: autograd.index_add(X, 0, tensor([0]), zeros(2, 3)), ValueError, "index_add: a source of shape"),
    (lambda: autograd.gather(X, 1, tensor([[3]])), IndexError, "gather: the index 3 is out of range for dim 1"),
    (lambda: autograd.gather(X, 1, tensor([[-1]])), IndexError, "gather: the index -1"),
    (lambda: autograd.gather(X, 1, tensor([0])), ValueError, "gather: an index of shape"),
    (lambda: autograd.take_along_dim(X, tensor([0]), 1), ValueError, "take_along_dim: indices of shape"),
    (lambda: autograd.take_along_dim(X, arange(9).reshape(3, 3), 1), ValueError, "take_along_dim: indices of shape"),
    (lambda: autograd.scatter(X, 1, tensor([[3]]), 1.0), IndexError, "scatter: the index 3"),
    (lambda: autograd.scatter(X, 1, tensor([[0]]), 1.0, reduce="max"), ValueError, "scatter: reduce"),
    (lambda: autograd.scatter_add(X, 1, tensor([[0, 1]]), zeros(1, 1)), ValueError, "scatter_add"),
    (lambda: autograd.masked_fill(X, X, 0.0), TypeError, "masked_fill: the mask is of dtype bool"),
    (lambda: autograd.masked_fill(X, X > 0, zeros(2)), ValueError, "masked_fill: the value is one number"),
    (lambda: autograd.masked_fill(arange(2), tensor([True, False]), 0.5), TypeError, "masked_fill: 0.5 does not fit"),
    (lambda: autograd.masked_select(X, zeros(2) > 0), ValueError, "masked_select: a mask of shape"),
    (lambda: autograd.diag(zeros(1, 1, 1)), ValueError, "diag: takes a vector or a matrix"),
    (lambda: autograd.diagonal(X, 0, 1, 1), ValueError, "diagonal: dim1 and dim2 are the same"),
    (lambda: autograd.trace(zeros(3)), ValueError, "trace: takes a matrix"),
    (lambda: autograd.tril(zeros(3)), ValueError, "tril: needs at least two dims"),
    (lambda: autograd.pad(X, (1,)), ValueError, "pad: 1 widths"),
    (lambda: autograd.pad(X, (1, 1), "zeros"), ValueError, "pad: there is no mode 'zeros'"),
    (lambda: autograd.pad(X, (3, 0), "reflect"), ValueError, "pad: widths"),
    (lambda: autograd.pad(X, (4, 0), "circular"), ValueError, "pad: widths"),
    (lambda: autograd.pad(X, (-4, 0)), ValueError, "pad: the widths"),
    (lambda: autograd.sum(X, 2), IndexError, "sum: there is no dim 2"),
    (lambda: autograd.sum(X, (0, 0)), ValueError, r"sum: a dim appears twice in \(0, 0\)"),
    (lambda: autograd.sum(X, dtype="text"), TypeError, "tensors have the dtypes"),
    (lambda: autograd.var(X, unbiased=True, correction=1), TypeError, "var: give unbiased= or correction="),
    (lambda: autograd.norm(X, "nuc"), ValueError, "norm: p is a number or 'fro', got 'nuc'"),
    (lambda: autograd.norm(zeros(0), float("inf")), ValueError, "norm: the shape"),
    (lambda: autograd.amax(zeros(0, 2), 0), ValueError, "amax: the shape"),
    (lambda: autograd.max(zeros(0)), ValueError, "amax: the shape"),
    (lambda: autograd.argmax(zeros(0)), ValueError, "argmax: a tensor of shape"),
    (lambda: autograd.argmax(zeros(0, 2), 0), IndexError, "argmax: dim 0 of shape"),
    (lambda: autograd.topk(X, 4), ValueError, "topk: k is from 0"),
    (lambda: autograd.mm(X, X), ValueError, r"mm: shapes \(2, 3\) and \(2, 3\) do not fit"),
    (lambda: autograd.mm(X, zeros(3)), ValueError, "mm: .*takes tensors with 2 and 2 dims"),
    (lambda: autograd.bmm(zeros(2, 2, 3), zeros(3, 3, 2)), ValueError, "bmm: shapes"),
    (lambda: autograd.matmul(X, zeros(3, 2).to(np.float64)), TypeError, "matmul: dtypes float32 and float64 differ"),
    (lambda: autograd.outer(X, zeros(3)), ValueError, "outer: takes two vectors"),
    (lambda: autograd.dot(zeros(2), zeros(3)), ValueError, "dot: shapes"),
    (lambda: autograd.addmm(zeros(5), X, zeros(3, 4)), ValueError, "expand: the shape"),
    (lambda: autograd.einsum("ij,jk->ik", X, X), ValueError, "einsum 'ij,jk->ik'.*'j' has size 3 and 2"),
    (lambda: autograd.einsum("ij->k", X), ValueError, "einsum 'ij->k'.*the result 'k'"),
    (lambda: autograd.einsum("ij,jk", X), ValueError, "einsum.*2 operands, given were 1"),
    (lambda: autograd.einsum("ijk", X), ValueError, "einsum.*names 3 axes"),
    (lambda: autograd.einsum("i1", X), ValueError, "einsum.*letters"),
    (lambda: autograd.einsum(X, "ij"), TypeError, "einsum: the equation is a text"),
    (lambda: autograd.isclose(X, zeros(2)), ValueError, "isclose: the shapes"),
    (lambda: X & X, TypeError, "bitwise_and: takes whole numbers or bool"),
    (lambda: autograd.logical_and(X, zeros(2)), ValueError, "logical_and: the shapes"),
    (lambda: X.to("complex64"), TypeError, "to: tensors have the dtypes"),
    (lambda: X.clone().fill_(zeros(2)), ValueError, "fill_: the value is one number"),
    (lambda: X.clone().copy_(zeros(2)), ValueError, "expand: the shape"),
    (lambda: X.clone().add_(zeros(4, 2, 3)), ValueError, "add_: the result has shape"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=[message[:30] for *_, message in REFUSED])
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


OF_TENSORS = [
    name
    for name in tensor_functions.__all__
    if name not in ("meshgrid", "broadcast_tensors", "einsum", "max", "min", "sum", "where")
    and name not in ("add", "sub", "subtract", "div", "divide", "true_divide", "floor_divide", "multiply", "negative")
    and name not in ("absolute", "clamp", "clip", "round", "addcmul", "addcdiv", "eq", "ne", "gt", "ge", "lt", "le")
    and not name.startswith(("logical", "bitwise"))
]


@pytest.mark.parametrize("name", OF_TENSORS)
def test_what_is_no_tensor_is_refused(name):
    function = getattr(autograd, name)
    for wrong in ("text", None, Value(1.0)):
        given = [wrong] * builtins.max(1, function.__code__.co_argcount - len(function.__defaults__ or ()))
        with pytest.raises(TypeError, match=f"{function.__name__}: takes a tensor, got"):
            function(
                [wrong] if name in ("cat", "concat", "concatenate", "stack", "hstack", "vstack") else wrong, *given[1:]
            )


# Values


def test_the_functions_of_the_table_take_values_too():
    x, y = Value(7.0), Value(2.0)
    results = {
        autograd.add(x, y): 9.0,
        autograd.add(x, y, alpha=3): 13.0,
        autograd.sub(x, 2.0, alpha=2): 3.0,
        autograd.div(x, y): 3.5,
        autograd.div(-x, y, rounding_mode="floor"): -4.0,
        autograd.div(-x, y, rounding_mode="trunc"): -3.0,
        autograd.floor_divide(x, y): 3.0,
        autograd.multiply(x, y): 14.0,
        autograd.negative(x): -7.0,
        autograd.absolute(-x): 7.0,
        autograd.clamp(x, max=5.0): 5.0,
        autograd.clamp(x, 8.0): 8.0,
        autograd.round(x / 3.0): 2.0,
        autograd.round(x / 3.0, decimals=1): 2.3,
        autograd.addcmul(x, y, y): 11.0,
        autograd.sum([x, y, 1.0]): 10.0,
        autograd.max(x, y): 7.0,
        autograd.min(x, other=y): 2.0,
        autograd.where(autograd.gt(x, y), x, y): 7.0,
        autograd.eq(x, 7.0): 1.0,
        autograd.le(x, y): 0.0,
    }
    for result, expected in results.items():
        assert isinstance(result, Value)
        assert result.data == pytest.approx(expected)
    out = autograd.add(x, y, alpha=3)
    out.backward()
    assert (x.grad, y.grad) == (1.0, 3.0)


# Whole numbers


def test_whole_numbers():
    x = tensor([7, -7, 8])
    for call in (
        lambda m, x: m.div(x, 2, rounding_mode="floor"),
        lambda m, x: m.div(x, 2, rounding_mode="trunc"),
        lambda m, x: x // 2,
        lambda m, x: x % 3,
        lambda m, x: m.clamp(x, min=0),
        lambda m, x: m.clamp(x, max=3),
        lambda m, x: m.clamp(x, -1, 1),
        lambda m, x: m.round(x),
        lambda m, x: m.add(x, x, alpha=2),
        lambda m, x: m.square(x),
        lambda m, x: x**2,
        lambda m, x: m.sign(x),
        lambda m, x: m.abs(x),
        lambda m, x: m.maximum(x, m.tensor(0)),
        lambda m, x: m.sort(x, descending=True).values,
        lambda m, x: m.cumsum(x, 0),
        lambda m, x: x.masked_fill(x > 0, 1),
        lambda m, x: x.prod(),
        lambda m, x: x.max(),
    ):
        ours, theirs = call(autograd, x), call(torch, torch.tensor(x.tolist()))
        assert ours.tolist() == theirs.tolist()
        assert f"torch.{ours.dtype}" == str(theirs.dtype)


@pytest.mark.parametrize("divide", [operator.floordiv, lambda x, y: autograd.div(x, y, rounding_mode="trunc")])
def test_rounded_quotients_are_exact(divide):
    numerators, denominators = np.array([1.0, -1.0, 6.0, 0.0, 1.0, 0.0]), np.array([0.1, 0.1, 0.1, 0.3, 0.0, 0.0])
    name = "floor" if divide is operator.floordiv else "trunc"
    expected = torch.div(torch.tensor(numerators), torch.tensor(denominators), rounding_mode=name).numpy()
    np.testing.assert_array_equal(divide(tensor(numerators), tensor(denominators)).numpy(), expected)
    assert (1.0 // tensor(0.1)).item() == 1.0 // 0.1 or name == "trunc"


@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_topk_of_many_with_equal_ones_and_nan(largest, dtype):
    x = np.random.default_rng(0).integers(0, 20, (3, 100)).astype(dtype)
    if dtype == np.float32:
        x[1, 7] = np.nan
    for k in (0, 1, 5, 99, 100):
        values, indices = tensor(x).topk(k, largest=largest)
        np.testing.assert_array_equal(values.numpy(), torch.tensor(x).topk(k, largest=largest).values.numpy())
        np.testing.assert_array_equal(np.take_along_axis(x, indices.numpy(), 1), values.numpy())
        assert all(len(set(row)) == k for row in indices.tolist())


# Memory


VIEWS = [
    lambda x: x.reshape(3, 2),
    lambda x: x.view(6),
    lambda x: x.permute(1, 0),
    lambda x: x.t(),
    lambda x: x.T,
    lambda x: x.mT,
    lambda x: x.transpose(0, 1),
    lambda x: x.squeeze(),
    lambda x: x.unsqueeze(0),
    lambda x: x.flatten(),
    lambda x: x.ravel(),
    lambda x: x.unflatten(1, (1, 3)),
    lambda x: x.narrow(1, 1, 2),
    lambda x: x.select(0, 1),
    lambda x: x.split(1)[1],
    lambda x: x.chunk(2, 1)[0],
    lambda x: x.unbind()[0],
    lambda x: x.diagonal(),
    lambda x: x[1],
    lambda x: x[:, 1:],
    lambda x: x[..., None],
    lambda x: x.detach(),
    lambda x: x.movedim(0, 1),
    lambda x: x.contiguous(),
    lambda x: x.to(x.dtype),
]


@pytest.mark.parametrize("view", VIEWS, ids=[source(view) or "index" for view in VIEWS])
def test_views_share_memory_and_pass_changes_on(view):
    x = tensor(np.arange(6.0).reshape(2, 3))
    seen = view(x)
    assert np.shares_memory(seen.numpy(), x.numpy())
    with no_grad():
        seen += 10.0
    theirs = torch.arange(6.0, dtype=torch.float64).reshape(2, 3)
    view(theirs).add_(10.0)
    np.testing.assert_array_equal(x.numpy(), theirs.numpy())
    # Recorded, the change has the gradient of PyTorch's.
    leaf, theirs = x.detach().clone().requires_grad_(), torch.from_numpy(x.numpy().copy()).requires_grad_()
    for start in (leaf, theirs):
        base = start * 1.0
        seen = view(base)
        if seen is base or "detach" in view.__code__.co_names:
            return
        try:
            seen *= 3.0
        except RuntimeError:
            assert start is theirs  # PyTorch refuses to change one of several views
            return
        (base * base).sum().backward()
    np.testing.assert_allclose(leaf.grad.numpy(), theirs.grad.numpy())


COPIES = [
    lambda x: x.clone(),
    lambda x: x.flip(0),
    lambda x: x.roll(1),
    lambda x: x.repeat(1, 1),
    lambda x: x.tile(1),
    lambda x: autograd.cat([x]),
    lambda x: autograd.stack([x]),
    lambda x: x[[0, 1]],
    lambda x: x.index_select(0, tensor([0, 1])),
    lambda x: x.tril(),
    lambda x: autograd.pad(x, (0, 0)),
    lambda x: x.masked_fill(x > 100, 0.0),
    lambda x: x.clamp(max=100.0),
    lambda x: autograd.where(tensor(True), x, 0.0),
    lambda x: autograd.where(True, x, x),
    lambda x: x.scatter(0, tensor([[0]]), 1.0),
    lambda x: x.cumsum(0),
    lambda x: x.sort().values,
    lambda x: x.t().reshape(6),
    lambda x: x + 0.0,
    lambda x: x**1,
]


@pytest.mark.parametrize("copy", COPIES, ids=range(len(COPIES)))
def test_copies_have_memory_of_their_own(copy):
    x = tensor(np.arange(6.0).reshape(2, 3))
    copied = copy(x)
    assert not np.shares_memory(copied.numpy(), x.numpy())
    copied += 1.0
    assert x.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_expand_makes_no_copy_and_cannot_be_written():
    x = tensor([1.0, 2.0])
    wide = x.expand(1000, 2)
    assert np.shares_memory(wide.numpy(), x.numpy())
    with pytest.raises(ValueError, match=r"clone\(\)"):
        wide += 1.0


def test_arrays_are_taken_as_tensors():
    x = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    for call in (
        lambda m, x: m.transpose(x, 0, 1),
        lambda m, x: m.sum(x, 0),
        lambda m, x: m.max(x, 1).values,
        lambda m, x: m.sort(x).values,
        lambda m, x: m.clamp(x, max=2.0),
        lambda m, x: m.stack([x, x]),
        lambda m, x: m.where(x > 1, x, 0.0),
        lambda m, x: m.mm(x, x.T),
    ):
        assert call(autograd, x).tolist() == call(autograd, tensor(x)).tolist()

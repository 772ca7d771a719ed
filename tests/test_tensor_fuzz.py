"""Random programs of views, indexing and changes in place: PyTorch's numbers and gradients, or an error."""

from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import tensor

torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")

REFUSED = (RuntimeError, ValueError, TypeError, IndexError)

RESULTS = [
    lambda m, x, y: x + y,
    lambda m, x, y: x * y,
    lambda m, x, y: x / (y * y + 1.0),
    lambda m, x, y: x.tanh(),
    lambda m, x, y: (x * 0.1).exp(),
    lambda m, x, y: x.sin(),
    lambda m, x, y: x.sum(0),
    lambda m, x, y: x.mean(),
    lambda m, x, y: x.cumsum(0),
    lambda m, x, y: x.sort(0)[0],
    lambda m, x, y: x.amax(0, True),
    lambda m, x, y: x.clone(),
    lambda m, x, y: m.where(x > 0.2, x, y),
    lambda m, x, y: x[m.tensor([0, 0, -1])],
    lambda m, x, y: x[x.detach() > 0.0],
    lambda m, x, y: x * x.detach(),
]
VIEWS = [
    lambda m, x, y: x[1:],
    lambda m, x, y: x[0],
    lambda m, x, y: x[None],
    lambda m, x, y: x[..., ::2],
    lambda m, x, y: x[()],
    lambda m, x, y: x.transpose(0, -1),
    lambda m, x, y: x.reshape(-1),
    lambda m, x, y: x.unsqueeze(-1),
    lambda m, x, y: x.squeeze(),
    lambda m, x, y: x.expand((2, *x.shape)),
    lambda m, x, y: x.detach(),
]
CHANGES = [
    lambda m, x, y: x.add_(y),
    lambda m, x, y: x.mul_(y),
    lambda m, x, y: x.mul_(x),
    lambda m, x, y: x.mul_(0.7),
    lambda m, x, y: x.tanh_(),
    lambda m, x, y: x.copy_(y),
    lambda m, x, y: x.__setitem__(0, y),
    lambda m, x, y: x.__setitem__(slice(1, None), 0.9),
    lambda m, x, y: x.__setitem__(..., y),
    lambda m, x, y: x.__setitem__(x.detach() > 0.4, 0.3),
    lambda m, x, y: x.__setitem__(m.tensor([0, -1]), 0.6),
]
STEPS = [*RESULTS, *VIEWS, *VIEWS, *CHANGES, *CHANGES]

steps = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 9), st.integers(0, 9), st.booleans()),
    min_size=3,
    max_size=12,
)


def run(m, leaf, program):
    """Return the leaves and all that the program makes of them; the numbers of a step say which it uses."""
    random = np.random.default_rng(0)
    leaves = [leaf(random.normal(size=shape)) for shape in ((3,), (2, 3), ())]
    nodes = [x * 1.0 for x in leaves] + [m.tensor(random.normal(size=3))]
    refused = []
    for step, i, j, without_graph in program:
        x, y = nodes[-1 - i % len(nodes)], nodes[-1 - j % len(nodes)]
        try:
            with m.no_grad() if without_graph and i == j else nullcontext():
                out = STEPS[step](m, x, y)
        except REFUSED:
            refused.append(len(nodes))
            continue
        if STEPS[step] not in CHANGES:
            nodes.append(out)
    total = sum((x * (k + 1.0)).sum() for k, x in enumerate(nodes))
    return leaves, nodes, total, refused


def ours(program):
    leaves, nodes, total, refused = run(autograd, lambda a: tensor(a, requires_grad=True), program)
    first = autograd.grad(total, leaves, create_graph=True, allow_unused=True)
    total.backward()
    norm = sum((g * g).sum() for g in first if g is not None)
    second = [None] * len(leaves)
    if isinstance(norm, autograd.Tensor) and norm.requires_grad:
        second = autograd.grad(norm, leaves, allow_unused=True)
    return refused, nodes, [*first, *(x.grad for x in leaves), *second]


def theirs(program):
    leaves, nodes, total, refused = run(torch, lambda a: torch.tensor(a, requires_grad=True), program)
    first = torch.autograd.grad(total, leaves, create_graph=True, allow_unused=True)
    total.backward(retain_graph=True)
    norm = sum((g * g).sum() for g in first if g is not None)
    second = [None] * len(leaves)
    if isinstance(norm, torch.Tensor) and norm.requires_grad:
        second = torch.autograd.grad(norm, leaves, allow_unused=True)
    return refused, nodes, [*first, *(x.grad for x in leaves), *second]


@pytest.mark.filterwarnings("ignore:Use of")  # PyTorch's, about expanded tensors
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(steps)
def test_random_programs(program):
    try:
        refused, nodes, gradients = ours(program)
    except REFUSED:
        return
    try:
        they_refused, their_nodes, their_gradients = theirs(program)
    except REFUSED:
        return
    if refused != they_refused:
        return
    for k, (one, other) in enumerate(zip(nodes, their_nodes, strict=True)):
        np.testing.assert_allclose(one.numpy(), other.detach().numpy(), rtol=1e-9, err_msg=f"node {k}")
    for k, (one, other) in enumerate(zip(gradients, their_gradients, strict=True)):
        one = 0.0 if one is None else one.numpy()
        other = 0.0 if other is None else other.detach().numpy(force=True)
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9, err_msg=f"gradient {k}")

"""Rows that route: an operand without a part in the result receives zero of an infinite gradient too, as in PyTorch."""

import math

import numpy as np
import pytest

from autograd import OPERATIONS, Value, choose, compile, functions, fused, grad, tensor, where
from autograd.kernels import elementwise
from autograd.kernels.jit import COMPILED

torch = pytest.importorskip("torch", reason="compares with PyTorch")

POINTS = (-7.0, -2.5, -0.5, 0.25, 1.5, 7.0)
UPSTREAM = (math.inf, -math.inf, math.nan, -2.0)

# For each row what PyTorch computes and the operands beside the first.
CASES = {
    "relu": (torch.relu,),
    "relu6": (torch.nn.functional.relu6,),
    "hardtanh": (torch.nn.functional.hardtanh,),
    "hardsigmoid": (torch.nn.functional.hardsigmoid,),
    "maximum": (torch.maximum, 0.0),
    "minimum": (torch.minimum, 0.0),
    "clamp": (torch.clamp, -1.0, 1.0),
    "sign": (torch.sign,),
    "floor": (torch.floor,),
    "ceil": (torch.ceil,),
    "round": (torch.round,),
    "trunc": (torch.trunc,),
}
COMPARISONS = {row.name for row in OPERATIONS.values() if row.comparison}
every_case = pytest.mark.parametrize("name", CASES)
every_upstream = pytest.mark.parametrize("upstream", UPSTREAM)


def expected(name, upstream, points=POINTS):
    """PyTorch's gradients: one list for each operand."""
    function, *others = CASES[name]
    leaves = [torch.tensor(points, dtype=torch.float64, requires_grad=True)]
    leaves += [torch.full((len(points),), other, dtype=torch.float64, requires_grad=True) for other in others]
    out = function(*leaves)
    return [g.tolist() for g in torch.autograd.grad(out, leaves, torch.full_like(out, upstream))]


def same(mine, theirs):
    # PyTorch's hardsigmoid multiplies with a sixth in float32.
    np.testing.assert_allclose(mine, theirs, rtol=1e-7, atol=0.0, equal_nan=True)


def values(name, point):
    return [Value(number) for number in (point, *CASES[name][1:])]


def arrays(name, dtype=np.float64, repeat=1):
    operands = [np.repeat(np.array(POINTS, dtype), repeat)]
    return operands + [np.full(operands[0].shape, other, dtype) for other in CASES[name][1:]]


def test_every_row_that_routes_is_here():
    found = {row.name for row in OPERATIONS.values() if row.routes}
    assert found == CASES.keys() | COMPARISONS | {"where", "choose"}


@every_case
@every_upstream
def test_values(name, upstream):
    for i, point in enumerate(POINTS):
        for create_graph in (False, True):
            leaves = values(name, point)
            found = grad(getattr(functions, name)(*leaves), leaves, [upstream], create_graph)
            same([g.data for g in found], [g[i] for g in expected(name, upstream)])


@every_case
@every_upstream
@pytest.mark.parametrize("create_graph", [False, True])
def test_tensors(name, upstream, create_graph):
    leaves = [tensor(x, requires_grad=True) for x in arrays(name)]
    seed = np.full(len(POINTS), upstream)
    found = grad(getattr(functions, name)(*leaves), leaves, [seed], create_graph)
    for mine, other in zip(found, expected(name, upstream), strict=True):
        same(mine.numpy(), other)


@every_case
@every_upstream
def test_large_tensors(name, upstream, monkeypatch):
    monkeypatch.setattr(fused, "is_large", lambda size: size > 1000)
    monkeypatch.setattr(fused, "LARGE", 1000)
    leaves = [tensor(x, requires_grad=True) for x in arrays(name, np.float32, 1000)]
    out = getattr(functions, name)(*leaves)
    out.backward(np.full(out.shape, upstream, np.float32))
    for leaf, other in zip(leaves, expected(name, upstream), strict=True):
        np.testing.assert_allclose(leaf.grad.numpy(), np.repeat(other, 1000), rtol=1e-6)
    if name == "relu" and COMPILED:
        assert elementwise.has_pull(OPERATIONS[name], 0, broadcast=False)


@every_upstream
def test_compiled_programs(upstream):
    leaves = {name: values(name, 0.0) for name in CASES}
    outputs = [getattr(functions, name)(*operands) for name, operands in leaves.items()]
    parameters = [leaf for operands in leaves.values() for leaf in operands]
    factor = Value(1.0)
    total = functions.sum([factor * output for output in outputs])
    program = compile(total, inputs=[factor], parameters=parameters)
    for i, point in enumerate(POINTS):
        for operands in leaves.values():
            operands[0].data = point
        for leaf in parameters:
            leaf.grad = None
        program(upstream)
        for name, operands in leaves.items():
            same([leaf.grad for leaf in operands], [g[i] for g in expected(name, upstream)])


@pytest.mark.parametrize("name", sorted(COMPARISONS))
def test_comparisons_have_no_derivative(name):
    leaves = [Value(1.0), Value(2.0)]
    getattr(functions, name)(*leaves).backward(math.inf)
    assert [leaf.grad for leaf in leaves] == [0.0, 0.0]


def test_what_was_not_chosen_receives_zero():
    leaves = [Value(1.0), Value(2.0), Value(3.0)]
    choose(leaves, 1).backward(math.inf)
    assert [leaf.grad for leaf in leaves] == [0.0, math.inf, 0.0]
    condition, chosen, other = Value(1.0), Value(2.0), Value(3.0)
    where(condition, chosen, other).backward(math.nan)
    assert condition.grad == other.grad == 0.0
    assert math.isnan(chosen.grad)


@pytest.mark.parametrize(
    "masked", [lambda f, x: f.relu(x), lambda f, x: f.where(x > 0.0, x, 0.0), lambda f, x: f.clamp(x, 0.0)]
)
def test_a_square_root_behind_a_mask(masked):
    numbers = np.array([-2.0, -1.0, 4.0, 9.0])
    theirs = torch.tensor(numbers, requires_grad=True)
    out = torch.sqrt(masked(torch_functions, theirs))
    first = torch.autograd.grad(out.sum(), theirs, create_graph=True)[0]
    second = torch.autograd.grad(first.sum(), theirs)[0]
    x = tensor(numbers, requires_grad=True)
    masked(functions, x).sqrt().sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), first.detach().numpy())
    (mine,) = grad(masked(functions, x).sqrt().sum(), x, create_graph=True)
    np.testing.assert_array_equal(mine.numpy(), first.detach().numpy())
    np.testing.assert_array_equal(grad(mine.sum(), x)[0].numpy(), second.numpy())


class torch_functions:
    relu, where = torch.relu, torch.where

    @staticmethod
    def clamp(x, low):
        return torch.clamp(x, torch.tensor(low, dtype=x.dtype))

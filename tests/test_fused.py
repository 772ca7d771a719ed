"""Large element-wise operations: the kernels written from the table beside the same rules in NumPy, in float64."""

import numpy as np
import pytest

from autograd import OPERATIONS, fused, tensor
from autograd.kernels import elementwise
from autograd.kernels.jit import COMPILED
from autograd.operation import operation

needs_compiler = pytest.mark.skipif(not COMPILED, reason="NUMBA_DISABLE_JIT=1: NumPy computes everything")
ROWS = [row for row in OPERATIONS.values() if row.arity is not None]
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
SIZE = 1000


def operands(row):
    """Random float32 numbers from the domain of the row, among them its ends."""
    rng = np.random.default_rng(1)
    found = []
    for low, high in row.domain:
        x = rng.uniform(low, high, SIZE).astype(np.float32)
        x[:2] = low, high
        found.append(x)
    return found


@needs_compiler
@every_row
def test_a_kernel_computes_what_the_rule_says(row):
    given = operands(row)
    exact = [x.astype(np.float64) for x in given]
    rules = row.on_arrays
    out = np.asarray(rules[0](*exact))
    found = elementwise.forward(row, given, (SIZE,))
    if found is not None:
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, out, rtol=4e-6, atol=1e-6)
    upstream = np.linspace(-2.0, 2.0, SIZE, dtype=np.float32)
    for slot in range(row.arity):
        pulled = elementwise.pull(row, slot, upstream, given, out.astype(np.float32), (SIZE,))
        if pulled is not None:
            local = np.broadcast_to(rules[slot + 1](*exact, out.astype(np.float32).astype(np.float64)), SIZE)
            np.testing.assert_allclose(pulled, upstream * local, rtol=2e-5, atol=2e-6)


@needs_compiler
def test_activations_have_kernels_and_single_functions_stay_with_numpy():
    x = np.ones(4, np.float32)
    for name in ("relu", "gelu", "silu", "sigmoid", "mish", "softplus", "hardswish"):
        assert elementwise.forward(OPERATIONS[name], [x], x.shape) is not None
        assert elementwise.has_pull(OPERATIONS[name], 0, False)
    for name in ("exp", "tanh", "log", "add", "mul", "greater"):
        given = [x] * OPERATIONS[name].arity
        assert elementwise.forward(OPERATIONS[name], given, x.shape) is None


@needs_compiler
@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus", "gelu", "silu", "hardsigmoid", "abs", "sqrt"])
def test_special_numbers(name):
    x = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 100.0, -100.0, 1e-30, 3e38], np.float32)
    with np.errstate(all="ignore"):
        expected = np.asarray([OPERATIONS[name].forward(float(number)) for number in x], np.float32)
        found = elementwise.forward(OPERATIONS[name], [x], x.shape)
    if found is not None:
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("make", [lambda x: x, lambda x: x.T, lambda x: x[::-1], lambda x: x[:, :1], lambda x: x > 0])
def test_large_tensors_give_what_small_ones_give(make):
    x = np.random.default_rng(0).normal(size=(256, 256)).astype(np.float32)
    mask = make(x)
    leaf = tensor(x, requires_grad=True)
    other = tensor(np.array(mask))
    out = (leaf * other).sigmoid().maximum(0.3) + leaf.leaky_relu(0.2).clamp(-1.0, 1.0)
    out.sum().backward()
    some = slice(0, 8)
    part = tensor(x[some], requires_grad=True)
    beside = tensor(np.array(np.broadcast_to(mask, x.shape)[some]))
    small = (part * beside).sigmoid().maximum(0.3) + part.leaky_relu(0.2).clamp(-1.0, 1.0)
    small.sum().backward()
    assert x.size >= fused.LARGE > small.numel()
    np.testing.assert_allclose(out.numpy()[some], small.numpy(), rtol=1e-6, atol=2e-7)
    np.testing.assert_allclose(leaf.grad.numpy()[some], part.grad.numpy(), rtol=1e-5, atol=1e-7)


@pytest.fixture
def no_threshold(monkeypatch):
    monkeypatch.setattr(elementwise, "FEW", 0)


BROADCASTS = [
    ((64, 1024), (1024,)),
    ((64, 1024), (64, 1)),
    ((8, 16, 16, 32), (16, 1, 1)),
    ((8, 16, 16, 32), (8, 1, 16, 32)),
    ((8, 16, 16, 32), (1, 16, 1, 32)),
    ((8, 16, 16, 32), (16, 1, 32)),
    ((128, 1), (1, 512)),
    ((1, 64, 1024), (1,)),
    ((4096, 8), (8,)),
    ((4096, 16), (4096, 1)),
]


@pytest.mark.usefixtures("no_threshold")
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", ["sub", "mul", "greater"])
@pytest.mark.parametrize(("first", "second"), BROADCASTS)
def test_large_operands_broadcast(name, first, second, turned):
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0.5, 2.0, first).astype(np.float32), rng.uniform(0.5, 2.0, second).astype(np.float32)
    x, y = (y, x) if turned else (x, y)
    row = OPERATIONS[name]
    a, b = tensor(x, requires_grad=True), tensor(y, requires_grad=True)
    exact_a, exact_b = (tensor(array.astype(np.float64), requires_grad=True) for array in (x, y))
    out, exact = row(a, b), row(exact_a, exact_b)
    assert out.numel() >= fused.LARGE
    np.testing.assert_allclose(out.numpy(), exact.numpy(), rtol=4e-6)
    if name == "greater":
        return
    upstream = rng.normal(size=out.shape).astype(np.float32)
    out.backward(upstream)
    exact.backward(upstream.astype(np.float64))
    for leaf, expected in ((a, exact_a), (b, exact_b)):
        size = max(1, out.numel() // leaf.numel())
        assert leaf.grad.shape == leaf.shape
        np.testing.assert_allclose(leaf.grad.numpy(), expected.grad.numpy(), rtol=2e-5, atol=2e-6 * size)


@needs_compiler
@pytest.mark.usefixtures("no_threshold")
def test_operands_that_broadcast_have_kernels_where_single_functions_are_slow_in_numpy():
    x = np.ones((4, 32), np.float32)
    for other in (x[0], x[:, :1].copy()):
        found = elementwise.forward(OPERATIONS["add"], [x, other], x.shape)
        np.testing.assert_array_equal(found, 2.0)
    assert elementwise.has_pull(OPERATIONS["mul"], 0, True)
    assert not elementwise.has_pull(OPERATIONS["mul"], 0, False)
    assert not elementwise.has_pull(OPERATIONS["add"], 0, True)


def test_shapes_that_do_not_broadcast_are_explained():
    with pytest.raises(ValueError, match=r"add: the shapes \(512, 512\) and \(511,\) do not broadcast"):
        tensor(np.ones((512, 512), np.float32)) + tensor(np.ones(511, np.float32))


def test_an_expanded_upstream_gradient():
    x = np.random.default_rng(0).normal(size=(300, 400)).astype(np.float32)
    leaf, exact = tensor(x, requires_grad=True), tensor(x.astype(np.float64), requires_grad=True)
    leaf.gelu().mean(1).square().sum().backward()
    exact.gelu().mean(1).square().sum().backward()
    np.testing.assert_allclose(leaf.grad.numpy(), exact.grad.numpy(), rtol=1e-4, atol=1e-8)


def test_a_row_declared_by_a_user_stays_with_numpy_when_it_is_not_in_the_table():
    @operation(symbol="t", latex="x", gradient_latex=("1",), domain=((-1, 1),))
    def triple(m):
        """Three times."""
        return lambda x: 3.0 * x, lambda x, out: 3.0

    OPERATIONS.pop("triple")
    large = tensor(np.ones(2**16, np.float32), requires_grad=True)
    out = triple(large)
    out.sum().backward()
    assert float(out.numpy()[0]) == float(large.grad.numpy()[0]) == 3.0

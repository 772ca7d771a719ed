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
    found = elementwise.forward(row, given)
    if found is not None:
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, out, rtol=4e-6, atol=1e-6)
    upstream = np.linspace(-2.0, 2.0, SIZE, dtype=np.float32)
    for slot in range(row.arity):
        pulled = elementwise.pull(row, slot, upstream, given, out.astype(np.float32))
        if pulled is not None:
            local = np.broadcast_to(rules[slot + 1](*exact, out.astype(np.float32).astype(np.float64)), SIZE)
            np.testing.assert_allclose(pulled, upstream * local, rtol=2e-5, atol=2e-6)


@needs_compiler
def test_activations_have_kernels_and_single_functions_stay_with_numpy():
    x = np.ones(4, np.float32)
    for name in ("relu", "gelu", "silu", "sigmoid", "mish", "softplus", "hardswish"):
        assert elementwise.forward(OPERATIONS[name], [x]) is not None
        assert elementwise.has_pull(OPERATIONS[name], 0)
    for name in ("exp", "tanh", "log", "add", "mul", "greater"):
        given = [x] * OPERATIONS[name].arity
        assert elementwise.forward(OPERATIONS[name], given) is None


@needs_compiler
@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus", "gelu", "silu", "hardsigmoid", "abs", "sqrt"])
def test_special_numbers(name):
    x = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 100.0, -100.0, 1e-30, 3e38], np.float32)
    with np.errstate(all="ignore"):
        expected = np.asarray([OPERATIONS[name].forward(float(number)) for number in x], np.float32)
        found = elementwise.forward(OPERATIONS[name], [x])
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

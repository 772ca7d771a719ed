"""Sums along axes, against NumPy's in float64, and as accurate as PyTorch's."""

import numpy as np
import pytest
from kernel_cases import DTYPES, layouts, path, run_examples, torch  # noqa: F401

import autograd
from autograd import threads
from autograd.array_operations.axes import added_up
from autograd.kernels import reductions as module
from autograd.kernels.reductions import summed

CASES = [((7,), (0,)), ((5, 6), (1,)), ((5, 6), (0,)), ((5, 6), (0, 1)), ((3, 4, 5), (1,)), ((3, 4, 5), (0, 2))]
CASES += [((2, 3, 4, 5), (0, 2, 3)), ((2, 3, 4, 5), (1, 3)), ((3, 5000), (1,)), ((2, 40000), (1,)), ((300, 3), (0,))]
CASES += [((1001, 7), (0,)), ((130, 1100), (0,)), ((2, 200, 5, 3), (1,)), ((1, 1), (0,)), ((9, 1), (0,))]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "axes"), CASES)
def test_sums(shape, axes, dtype):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    exact = x.sum(axes, np.longdouble, keepdims=True)
    size = np.abs(x).sum(axes, np.float64, keepdims=True)
    for layout in layouts(x):
        result = summed(layout, axes)
        assert result.dtype == dtype
        assert result.shape == exact.shape
        assert (np.abs(result - exact) <= 2 * np.finfo(dtype).eps * size).all()


@pytest.mark.usefixtures("path")
def test_infinities_and_nan():
    x = np.ones((3, 40), np.float32)
    x[0, 3], x[1, 2], x[2, 4] = np.inf, np.nan, -np.inf
    np.testing.assert_array_equal(summed(x, (1,))[:, 0], [np.inf, np.nan, -np.inf])
    np.testing.assert_array_equal(summed(np.ascontiguousarray(x.T), (0,))[0], [np.inf, np.nan, -np.inf])


def test_the_number_of_threads_does_not_change_the_result(monkeypatch):
    for shape, axes in (((1_000_000,), (0,)), ((1003, 300), (1,)), ((3001, 64), (0,)), ((7, 300, 100), (1,))):
        x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        found = []
        for count in (1, 2, 3):
            monkeypatch.setattr(threads, "_count", count)
            found.append(summed(x, axes))
        np.testing.assert_array_equal(found[0], found[1])
        np.testing.assert_array_equal(found[0], found[2])


@pytest.mark.parametrize(("shape", "axes"), [((1_000_000,), (0,)), ((512, 512), (0,)), ((512, 512), (1,))])
def test_as_accurate_as_pytorch(shape, axes):
    x = (np.random.default_rng(0).normal(size=shape) + 1).astype(np.float32)
    exact = x.sum(axes, np.float64)
    ours, theirs = added_up(x, axes), torch().from_numpy(x).sum(axes).numpy()
    error, peer = np.abs(ours - exact).max(), np.abs(theirs - exact).max()
    assert error <= max(peer, np.spacing(np.abs(exact).max().astype(np.float32)))


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1), (0, 2), (0, 1, 2), (-1,), (2, 0)])
def test_large_and_expanded_arrays_through_the_table(axes):
    x = np.random.default_rng(0).normal(size=(2**6, 2**6, 2**6)).astype(np.float32)
    for array in (x, x.transpose(2, 0, 1), np.broadcast_to(x[:, :1], x.shape), np.broadcast_to(x[0, 0, 0], x.shape)):
        for keepdim in (False, True):
            result = autograd.sum(autograd.from_numpy(array), axes, keepdim).numpy()
            np.testing.assert_allclose(result, array.sum(axes, np.float64, keepdims=keepdim), rtol=1e-5, atol=1e-3)


def test_the_gradient_of_a_sum_is_a_tensor_of_its_own():
    x = autograd.tensor(np.ones((256, 256), np.float32), requires_grad=True)
    one = autograd.tensor(np.float32(1))
    first, second = autograd.grad(x.sum(), x, one)[0], autograd.grad(x.sum(), x, one)[0]
    row = first[0]
    first *= 3.0
    one.mul_(5.0)
    assert first.numpy().flags.writeable
    np.testing.assert_array_equal(first.numpy(), 3.0)
    np.testing.assert_array_equal(row.numpy(), 3.0)
    np.testing.assert_array_equal(second.numpy(), 1.0)
    second[0, 0] = 7.0
    assert second.numpy().sum() == 256 * 256 + 6
    (doubled,) = autograd.grad((x + x).sum(), x)
    np.testing.assert_array_equal((doubled + 1.0).numpy(), 3.0)


def test_examples_compile_every_kernel():
    run_examples(module)

"""Running sums, against NumPy's in extended precision."""

import numpy as np
import pytest
from kernel_cases import DTYPES, check_accuracy, layouts, path, run_examples, torch  # noqa: F401

import autograd
from autograd.kernels import scans as module
from autograd.kernels.scans import running_sum


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("shape", "axis"), [((9,), 0), ((7, 5), 1), ((7, 5), 0), ((2, 3, 4), 1), ((3, 600), 0), ((2, 9, 1), 1), ((1, 1), 0)]
)
def test_running_sums(shape, axis, dtype):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    for layout in layouts(x):
        for view in (layout, np.flip(layout, axis)):
            exact = np.cumsum(view, axis, np.longdouble)
            result = running_sum(view, axis)
            assert result.dtype == dtype
            np.testing.assert_allclose(result, exact, rtol=np.finfo(dtype).eps, atol=8 * np.finfo(np.float64).eps)


@pytest.mark.parametrize(("shape", "dim"), [((2**17,), 0), ((200, 500), 1), ((500, 200), 0), ((7, 100, 200), -2)])
def test_through_the_table_with_the_gradient(shape, dim):
    pytorch = torch()
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32) + 1
    g = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    ours = autograd.tensor(x, requires_grad=True)
    theirs = pytorch.tensor(x, requires_grad=True)
    result, peer = ours.cumsum(dim), theirs.cumsum(dim)
    result.backward(g)
    peer.backward(pytorch.tensor(g))
    check_accuracy(result.numpy(), peer.detach().numpy(), np.cumsum(x, dim, np.float64))
    exact = np.flip(np.cumsum(np.flip(g, dim), dim, np.float64), dim)
    check_accuracy(ours.grad.numpy(), theirs.grad.numpy(), exact)


def test_examples_compile_every_kernel():
    run_examples(module)

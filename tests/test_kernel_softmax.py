import numpy as np
import pytest
from kernel_cases import DTYPES, check_accuracy, layouts, path, run_examples, tolerance, torch  # noqa: F401

from autograd.kernels import softmax as module
from autograd.kernels.softmax import log_softmax, log_softmax_gradient, softmax, softmax_gradient


def reference(x, axis):
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def jacobian_product(g, y, axis):
    """Multiply by the matrix of partial derivatives, y_i (δ_ij - y_j), as the definition says."""
    g, y = np.moveaxis(g, axis, -1), np.moveaxis(y, axis, -1)
    partials = y[..., :, None] * np.eye(y.shape[-1]) - y[..., :, None] * y[..., None, :]
    return np.moveaxis(np.einsum("...i,...ij->...j", g, partials), -1, axis)


CASES = [((1, 1), 0), ((1, 7), 1), ((5, 1), 1), ((4, 10), -1), ((4, 10), 0), ((3, 70), 1), ((2, 5, 3, 4), 1)]
CASES += [((2, 1, 3), 1), ((2, 3, 1030), 1), ((3, 4, 5), 0), ((70, 3), 1), ((9,), 0)]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "axis"), CASES)
def test_against_the_definition(dtype, shape, axis):
    generator = np.random.default_rng(0)
    x, g = (generator.normal(size=shape).astype(dtype) for _ in range(2))
    y = reference(x.astype(np.float64), axis)
    for layout in layouts(x):
        ours = softmax(layout, axis)
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, y, **tolerance(dtype))
        np.testing.assert_allclose(log_softmax(layout, axis), np.log(y), **tolerance(dtype))
    y, log_y = y.astype(dtype), np.log(y).astype(dtype)
    expected = jacobian_product(g.astype(np.float64), y.astype(np.float64), axis)
    expected_log = g - y * g.sum(axis, keepdims=True)
    for upstream in layouts(g):
        np.testing.assert_allclose(softmax_gradient(upstream, y, axis), expected, **tolerance(dtype))
        np.testing.assert_allclose(log_softmax_gradient(upstream, log_y, axis), expected_log, **tolerance(dtype))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1])
def test_special_values(dtype, axis):
    inf, nan = np.inf, np.nan
    x = np.array([[1e4, 0, -1e4], [-inf, 0, 1], [nan, 0, 1], [inf, 0, 1], [-inf, -inf, -inf], [0, 1, nan]], dtype)
    x = x if axis == 1 else x.T
    with np.errstate(all="ignore"):
        expected = reference(x, axis)
    np.testing.assert_allclose(softmax(x, axis), expected, **tolerance(dtype))
    ours = log_softmax(x, axis)
    assert (np.isnan(ours) == np.isnan(expected)).all()
    assert (ours.take(0, 1 - axis) == [0, -1e4, -2e4]).all()


@pytest.mark.usefixtures("path")
def test_nothing_to_do():
    for shape, axis in (((0, 3), 1), ((3, 0), 1), ((2, 0, 3), 1), ((0, 2, 3), 1)):
        x = np.zeros(shape, np.float32)
        assert softmax(x, axis).shape == log_softmax(x, axis).shape == shape
        assert softmax_gradient(x, x, axis).shape == log_softmax_gradient(x, x, axis).shape == shape


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("axis", [1, -1])
def test_accuracy_beside_pytorch(axis):
    peer = torch()
    generator = np.random.default_rng(1)
    x, g = (generator.normal(0, 5, (4, 300, 9)).astype(np.float32) for _ in range(2))
    for ours, gradient, name in (
        (softmax, softmax_gradient, "softmax"),
        (log_softmax, log_softmax_gradient, "log_softmax"),
    ):
        results = []
        for dtype in (np.float32, np.float64):
            leaf = peer.tensor(x.astype(dtype), requires_grad=True)
            result = getattr(peer, name)(leaf, axis)
            result.backward(peer.tensor(g.astype(dtype)))
            results.append((result.detach().numpy(), leaf.grad.numpy()))
        (peer_out, peer_grad), (exact_out, exact_grad) = results
        out = ours(x, axis)
        check_accuracy(out, peer_out, exact_out)
        check_accuracy(gradient(g, out, axis), peer_grad, exact_grad)


def test_examples():
    run_examples(module)

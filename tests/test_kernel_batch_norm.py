import numpy as np
import pytest
from kernel_cases import DTYPES, check_accuracy, layouts, path, run_examples, tolerance, torch  # noqa: F401

from autograd.kernels import batch_norm as module
from autograd.kernels.batch_norm import batch_norm, batch_norm_gradient, batch_norm_inference

EPS = 1e-3


def problem(shape, dtype):
    generator = np.random.default_rng(0)
    x, g = (generator.normal(1, 2, shape).astype(dtype) for _ in range(2))
    parameters = [generator.uniform(0.5, 2, shape[1]).astype(dtype) for _ in range(4)]
    return x, g, *parameters


def reference(g, x, weight, training, mean, variance):
    """Write the derivative of every channel's result by every element, then multiply."""
    received = np.zeros(x.shape)
    for c in range(x.shape[1]):
        row, upstream = x[:, c].ravel(), g[:, c].ravel() * weight[c]
        count, d = len(row), row - mean[c]
        std = np.sqrt(variance[c] + EPS)
        if training:
            centre = np.eye(count) - 1 / count
            partials = centre / std - np.outer(d, d @ centre) / (count * std**3)
        else:
            partials = np.eye(count) / std
        received[:, c] = (upstream @ partials).reshape(x[:, c].shape)
    return received


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", ["", "w", "b", "wb"])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(2, 1, 3), (3, 4, 5), (9, 70, 1), (1, 3, 70), (4, 3, 1), (3, 300, 1)])
def test_against_the_definition(shape, dtype, affine, training):
    x, g, weight, bias, mean, variance = problem(shape, dtype)
    w, b = (weight if "w" in affine else None), (bias if "b" in affine else None)
    factor = np.ones(shape[1]) if w is None else w
    shift = np.zeros(shape[1]) if b is None else b
    wide = x.astype(np.float64)
    if training:
        mean, variance = wide.mean((0, 2)), wide.var((0, 2))
    hat = (wide - mean[:, None]) / np.sqrt(variance[:, None] + EPS)
    expected = reference(g, wide, factor, training, mean, variance)
    scale = 30 * tolerance(dtype)["atol"]
    for layout, upstream in zip(layouts(x), layouts(g), strict=True):
        if training:
            out, m, v, r = batch_norm(layout, w, b, EPS)
            np.testing.assert_allclose(m, mean, **tolerance(dtype))
            np.testing.assert_allclose(v, variance, **tolerance(dtype))
        else:
            m = mean
            out, r = batch_norm_inference(layout, mean, variance, w, b, EPS)
        np.testing.assert_allclose(out, hat * factor[:, None] + shift[:, None], atol=scale, rtol=1e-5)
        gx, gweight, gbias = batch_norm_gradient(upstream, layout, m, r, w, training)
        assert {array.dtype for array in (out, m, r, gx, gweight, gbias)} == {np.dtype(dtype)}
        np.testing.assert_allclose(gx, expected, atol=scale, rtol=1e-4)
        np.testing.assert_allclose(gweight, (g * hat).sum((0, 2)), atol=scale, rtol=1e-5)
        np.testing.assert_allclose(gbias, g.sum((0, 2)), atol=scale, rtol=1e-5)


@pytest.mark.usefixtures("path")
def test_no_samples():
    x = np.zeros((0, 3, 2), np.float32)
    out, mean, _, rstd = batch_norm(x)
    assert batch_norm_gradient(out, x, mean, rstd)[0].shape == x.shape


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("shape", [(16, 5, 400), (300, 20, 1)])
@pytest.mark.parametrize("training", [True, False])
def test_accuracy_beside_pytorch(shape, training):
    peer = torch()
    x, g, weight, bias, mean, variance = problem(shape, np.float32)
    x += 30
    results = []
    for dtype in (np.float32, np.float64):
        leaves = [peer.tensor(array.astype(dtype), requires_grad=True) for array in (x, weight, bias)]
        running = [peer.tensor(array.astype(dtype)) for array in (mean, variance)]
        out = peer.nn.functional.batch_norm(leaves[0], *running, *leaves[1:], training, 0.1, EPS)
        out.backward(peer.tensor(g.astype(dtype)))
        results.append([out.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)])
    if training:
        out, mean, _, rstd = batch_norm(x, weight, bias, EPS)
    else:
        out, rstd = batch_norm_inference(x, mean, variance, weight, bias, EPS)
    ours = [out, *batch_norm_gradient(g, x, mean, rstd, weight, training)]
    for mine, theirs, exact in zip(ours, *results, strict=True):
        check_accuracy(mine, theirs, exact)


def test_examples():
    run_examples(module)

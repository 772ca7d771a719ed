import numpy as np
import pytest
from kernel_cases import DTYPES, check_accuracy, layouts, path, run_examples, tolerance, torch  # noqa: F401

from autograd.kernels import normalisation as module
from autograd.kernels.normalisation import (
    group_norm,
    group_norm_gradient,
    layer_norm,
    layer_norm_gradient,
    rms_norm,
    rms_norm_gradient,
)

EPS = 1e-3


def normalised(x, centred=True):
    m = x.mean(-1, keepdims=True) if centred else 0
    return (x - m) / np.sqrt(np.square(x - m).mean(-1, keepdims=True) + EPS)


def product_with_jacobian(g, x, centred=True):
    """Multiply with the matrix of partial derivatives of a normalised row, as the quotient rule gives it."""
    received = np.zeros(x.shape)
    for row, upstream, result in zip(x, g, received, strict=True):
        n = len(row)
        centre = np.eye(n) - (1 / n if centred else 0)
        d = centre @ row
        std = np.sqrt(d @ d / n + EPS)
        result[:] = upstream @ (centre / std - np.outer(d, d @ centre) / (n * std**3))
    return received


def problem(shape, dtype, channels):
    generator = np.random.default_rng(0)
    x, g = (generator.normal(1, 2, shape).astype(dtype) for _ in range(2))
    weight, bias = (generator.normal(size=channels).astype(dtype) for _ in range(2))
    return x, g, weight, bias


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", ["", "w", "b", "wb"])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (3, 70), (130, 9)])
def test_rows(shape, dtype, affine):
    x, g, weight, bias = problem(shape, dtype, shape[1])
    w, b = (weight if "w" in affine else None), (bias if "b" in affine else None)
    wide, ones = x.astype(np.float64), np.ones(shape[1])
    factor, shift = (ones if w is None else w), (0 * ones if b is None else b)
    for centred in (True, False):
        hat = normalised(wide, centred)
        expected_gx = product_with_jacobian(g * factor, wide, centred)
        for layout, upstream in zip(layouts(x), layouts(g), strict=True):
            if centred:
                out, mean, rstd = layer_norm(layout, w, b, EPS)
                np.testing.assert_allclose(mean, wide.mean(1), **tolerance(dtype))
                received = layer_norm_gradient(upstream, layout, mean, rstd, w)
                np.testing.assert_allclose(received[2], g.sum(0), **tolerance(dtype), err_msg="bias")
            else:
                out, rstd = rms_norm(layout, w, EPS)
                received = rms_norm_gradient(upstream, layout, rstd, w)
            assert {array.dtype for array in (out, rstd, *received)} == {np.dtype(dtype)}
            scale = 30 * tolerance(dtype)["atol"]
            np.testing.assert_allclose(out, hat * factor + (shift if centred else 0), atol=scale, rtol=1e-5)
            np.testing.assert_allclose(received[0], expected_gx, atol=scale, rtol=1e-4)
            np.testing.assert_allclose(received[1], (g * hat).sum(0), atol=scale, rtol=1e-5)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("affine", ["", "wb"])
@pytest.mark.parametrize("shape", [(1, 1, 1, 2), (2, 3, 2, 5), (2, 4, 1, 7), (3, 1, 4, 70)])
def test_groups(shape, dtype, affine):
    channels = shape[1] * shape[2]
    x, g, weight, bias = problem(shape, dtype, channels)
    w, b = (weight, bias) if affine else (None, None)
    factor = np.ones(shape[1:3]) if w is None else weight.reshape(shape[1:3])
    shift = np.zeros(shape[1:3]) if b is None else bias.reshape(shape[1:3])
    rows = (shape[0] * shape[1], -1)
    hat = normalised(x.astype(np.float64).reshape(rows)).reshape(shape)
    expected_gx = product_with_jacobian((g * factor[..., None]).reshape(rows), x.astype(np.float64).reshape(rows))
    scale = 30 * tolerance(dtype)["atol"]
    for layout, upstream in zip(layouts(x), layouts(g), strict=True):
        out, mean, rstd = group_norm(layout, w, b, EPS)
        np.testing.assert_allclose(out, hat * factor[..., None] + shift[..., None], atol=scale, rtol=1e-5)
        gx, gweight, gbias = group_norm_gradient(upstream, layout, mean, rstd, w)
        assert {array.dtype for array in (out, mean, rstd, gx, gweight, gbias)} == {np.dtype(dtype)}
        np.testing.assert_allclose(gx, expected_gx.reshape(shape), atol=scale, rtol=1e-4)
        np.testing.assert_allclose(gweight, (g * hat).sum((0, 3)).ravel(), atol=scale, rtol=1e-5)
        np.testing.assert_allclose(gbias, g.sum((0, 3)).ravel(), atol=scale, rtol=1e-5)


@pytest.mark.usefixtures("path")
def test_a_large_mean_keeps_the_digits_of_the_variance():
    x = (np.random.default_rng(0).normal(size=(3, 9000)) + 1000).astype(np.float32)
    exact = normalised(x.astype(np.float64))
    assert np.abs(layer_norm(x, eps=EPS)[0] - exact).max() < 2e-3  # the mean itself has an error of 3e-5
    assert np.abs(group_norm(x.reshape(3, 1, 9, 1000), eps=EPS)[0].reshape(3, 9000) - exact).max() < 2e-3


@pytest.mark.usefixtures("path")
def test_no_rows():
    x = np.zeros((0, 3), np.float32)
    out, mean, rstd = layer_norm(x)
    gx, gweight, gbias = layer_norm_gradient(out, x, mean, rstd)
    assert gx.shape == (0, 3)
    assert (gweight == 0).all()
    assert (gbias == 0).all()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("name", ["layer_norm", "rms_norm", "group_norm"])
def test_accuracy_beside_pytorch(name):
    peer = torch()
    shape = (4, 6, 50) if name == "group_norm" else (300, 200)
    x, g, weight, bias = problem(shape, np.float32, shape[1])
    results = []
    for dtype in (np.float32, np.float64):
        leaves = [peer.tensor(array.astype(dtype), requires_grad=True) for array in (x, weight, bias)]
        a, w, b = leaves
        functional = peer.nn.functional
        if name == "layer_norm":
            out = functional.layer_norm(a, shape[1:], w, b, EPS)
        elif name == "rms_norm":
            out = functional.rms_norm(a, shape[1:], w, EPS)
        else:
            out = functional.group_norm(a, 2, w, b, EPS)
        out.backward(peer.tensor(g.astype(dtype)))
        results.append([out.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves if leaf.grad is not None)])
    if name == "layer_norm":
        out, mean, rstd = layer_norm(x, weight, bias, EPS)
        ours = [out, *layer_norm_gradient(g, x, mean, rstd, weight)]
    elif name == "rms_norm":
        out, rstd = rms_norm(x, weight, EPS)
        ours = [out, *rms_norm_gradient(g, x, rstd, weight)]
    else:
        grouped = (4, 2, 3, 50)
        out, mean, rstd = group_norm(x.reshape(grouped), weight, bias, EPS)
        ours = [out, *group_norm_gradient(g.reshape(grouped), x.reshape(grouped), mean, rstd, weight)]
    for mine, theirs, exact in zip(ours, *results, strict=True):
        check_accuracy(mine.reshape(exact.shape), theirs, exact)


def test_examples():
    run_examples(module)

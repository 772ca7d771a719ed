"""Convolution and its gradients: every kernel against a plain NumPy sum over taps, in float64."""

from itertools import product

import numpy as np
import pytest

from autograd import threads
from autograd.kernels import convolution as kernels
from autograd.kernels import windows

# N, C, size, O, kernel, stride, padding, dilation, groups.
SHAPES = {
    "one channel": (2, 1, (12, 17), 3, (5, 5), (1, 1), (0, 0), (1, 1), 1),
    "few channels": (2, 3, (9, 21), 5, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    "few channels, stride 2": (2, 3, (11, 35), 4, (3, 3), (2, 2), (1, 1), (1, 1), 1),
    "few channels, strides": (3, 6, (11, 10), 4, (2, 3), (3, 2), (2, 1), (1, 2), 2),
    "few channels, dilation": (1, 2, (13, 20), 3, (3, 3), (1, 1), (2, 3), (2, 3), 1),
    "many steps": (1, 40, (5, 18), 3, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    "channel lanes": (2, 5, (7, 9), 40, (5, 5), (1, 1), (2, 2), (1, 1), 1),
    "channel lanes, ragged": (1, 17, (6, 7), 33, (3, 2), (2, 2), (1, 0), (1, 1), 1),
    "channel lanes, long sum": (1, 70, (5, 6), 16, (3, 3), (2, 1), (1, 1), (1, 1), 1),
    "channel lanes, wide padding": (1, 17, (4, 5), 18, (2, 2), (1, 1), (4, 3), (1, 1), 1),
    "channel lanes, groups": (2, 32, (6, 5), 32, (3, 3), (1, 1), (1, 1), (1, 1), 2),
    "large stride": (1, 20, (9, 8), 20, (2, 2), (4, 5), (0, 0), (1, 1), 1),
    "1x1": (3, 70, (5, 7), 72, (1, 1), (1, 1), (0, 0), (1, 1), 1),
    "1x1, padded": (2, 66, (3, 4), 20, (1, 1), (1, 1), (1, 2), (1, 1), 1),
    "1x1, stride 2": (2, 66, (6, 7), 20, (1, 1), (2, 2), (0, 0), (1, 1), 1),
    "Winograd": (2, 24, (7, 9), 40, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    "Winograd, bands": (3, 32, (20, 23), 24, (3, 3), (1, 1), (0, 1), (1, 1), 1),
    "Winograd, deep": (1, 90, (5, 4), 70, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    "Winograd, dilation": (2, 26, (9, 8), 30, (3, 3), (1, 1), (2, 3), (2, 3), 1),
    "Winograd, wide padding": (1, 24, (5, 4), 24, (3, 3), (1, 1), (4, 5), (1, 1), 1),
    "depthwise": (2, 5, (20, 19), 5, (3, 3), (1, 1), (1, 1), (1, 1), 5),
    "depthwise, one row": (2, 5, (20, 40), 5, (1, 3), (1, 1), (0, 1), (1, 1), 5),
    "depthwise, columns": (2, 5, (9, 40), 5, (5, 3), (1, 2), (1, 1), (1, 1), 5),
    "depthwise, stride 2": (2, 5, (9, 40), 5, (3, 3), (2, 2), (1, 1), (1, 1), 5),
    "depthwise, dilation": (2, 5, (9, 20), 5, (3, 3), (1, 1), (1, 2), (1, 2), 5),
    "depthwise, twice as many": (2, 5, (9, 20), 10, (3, 3), (1, 1), (1, 1), (1, 1), 5),
    "one pixel": (1, 2, (1, 1), 2, (1, 1), (1, 1), (0, 0), (1, 1), 1),
    "one axis": (2, 3, (30,), 4, (3,), (2,), (1,), (1,), 1),
    "one axis, deep": (2, 30, (30,), 40, (3,), (1,), (1,), (2,), 1),
    "three axes": (1, 2, (4, 5, 6), 3, (2, 3, 2), (1, 2, 1), (1, 0, 1), (1, 1, 2), 1),
    "no image": (0, 3, (5, 5), 2, (3, 3), (1, 1), (0, 0), (1, 1), 1),
    "no channel": (2, 0, (5, 5), 2, (3, 3), (1, 1), (0, 0), (1, 1), 1),
    "no result": (2, 3, (5, 5), 0, (3, 3), (1, 1), (0, 0), (1, 1), 1),
}


def taps(x, weight, stride, padding, dilation, groups):
    """For each group, output channel, input channel and tap: the part of the padded input that meets it."""
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    size = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(padded.shape[2:], weight.shape[2:], stride, dilation, strict=True)
    ]
    for out, channel in product(range(weight.shape[0]), range(weight.shape[1])):
        source = out // (weight.shape[0] // groups) * weight.shape[1] + channel
        for tap in product(*map(range, weight.shape[2:])):
            met = tuple(
                slice(t * d, t * d + s * (n - 1) + 1, s) for t, d, s, n in zip(tap, dilation, stride, size, strict=True)
            )
            yield size, padded, out, (out, channel, *tap), (slice(None), source, *met)


def reference(x, weight, bias, g, stride, padding, dilation, groups):
    """The result and the gradients of the input and of the weight, by adding tap after tap."""
    x, weight, bias, g = (a.astype(np.float64) for a in (x, weight, bias, g))
    y, gw = np.zeros(g.shape) + bias.reshape(-1, *[1] * len(stride)), np.zeros(weight.shape)
    gx = np.zeros([*x.shape[:2], *(n + sum(p) for n, p in zip(x.shape[2:], padding, strict=True))])
    for _, padded, out, tap, met in taps(x, weight, stride, padding, dilation, groups):
        y[:, out] += weight[tap] * padded[met]
        gx[met] += weight[tap] * g[:, out]
        gw[tap] = (padded[met] * g[:, out]).sum()
    inside = tuple(slice(p[0], p[0] + n) for p, n in zip(padding, x.shape[2:], strict=True))
    return y, gx[(..., *inside)], gw


def problem(name, dtype):
    n, c, size, o, kernel, stride, padding, dilation, groups = SHAPES[name]
    generator = np.random.default_rng(len(name))
    pairs = tuple((p, p) for p in padding)
    x = generator.standard_normal((n, c, *size)).astype(dtype)
    weight = generator.standard_normal((o, c // groups, *kernel)).astype(dtype)
    bias = generator.standard_normal(o).astype(dtype)
    where = (stride, pairs, dilation, groups)
    g = generator.standard_normal(windows.convolution(x, weight, bias, *where).shape).astype(dtype)
    return x, weight, bias, g, where


def compute(module, x, weight, bias, g, where):
    return (
        module.convolution(x, weight, bias, *where),
        module.input_gradient(g, weight, x.shape, *where),
        module.weight_gradient(g, x, weight.shape, *where),
    )


def check(results, expected, dtype):
    tolerance = 3e-6 if dtype == np.float32 else 1e-13
    for result, exact in zip(results, expected, strict=True):
        assert result.shape == exact.shape
        assert result.dtype == dtype
        assert result.flags.c_contiguous
        assert result.flags.writeable
        np.testing.assert_allclose(result, exact, rtol=0, atol=tolerance * max(np.abs(exact).max(initial=0), 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("module", [kernels, windows], ids=["kernels", "windows"])
def test_against_the_sum_over_taps(module, name, dtype):
    x, weight, bias, g, where = problem(name, dtype)
    check(compute(module, x, weight, bias, g, where), reference(x, weight, bias, g, *where), dtype)


@pytest.mark.parametrize("name", [n for n in SHAPES if "one axis" in n or "1x1" in n or "Winograd" in n])
def test_without_bias_and_with_unequal_padding(name):
    x, weight, _, _, (stride, padding, dilation, groups) = problem(name, np.float32)
    where = (stride, tuple((p, p + 1) for p, _ in padding), dilation, groups)
    bias = np.zeros(len(weight), np.float32)
    g = np.random.default_rng(1).standard_normal(windows.convolution(x, weight, None, *where).shape, np.float32)
    expected = reference(x, weight, bias, g, *where)
    check(compute(kernels, x, weight, None, g, where), expected, np.float32)
    check(compute(windows, x, weight, None, g, where), expected, np.float32)


@pytest.mark.parametrize("name", ["few channels", "channel lanes", "Winograd", "depthwise", "three axes"])
def test_any_layout(name):
    x, weight, bias, g, where = problem(name, np.float32)
    expected = reference(x, weight, bias, g, *where)
    reverse = [np.ascontiguousarray(a[::-1, ..., ::-1])[::-1, ..., ::-1] for a in (x, weight, g)]
    results = compute(kernels, reverse[0], reverse[1], np.repeat(bias, 2)[::2], reverse[2], where)
    check(results, expected, np.float32)
    fortran = [np.asfortranarray(a) for a in (x, weight, g)]
    check(compute(kernels, fortran[0], fortran[1], bias, fortran[2], where), expected, np.float32)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("name", SHAPES)
def test_threads_give_reproducible_results(name, count):
    x, weight, bias, g, where = problem(name, np.float32)
    before = threads.get_num_threads()
    try:
        threads.set_num_threads(count)
        first = compute(kernels, x, weight, bias, g, where)
        second = compute(kernels, x, weight, bias, g, where)
    finally:
        threads.set_num_threads(before)
    check(first, reference(x, weight, bias, g, *where), np.float32)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_mixed_dtypes_are_left_to_numpy():
    x, weight, bias, g, where = problem("few channels", np.float32)
    y = kernels.convolution(x, weight.astype(np.float64), bias, *where)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, windows.convolution(x, weight, bias, *where), atol=1e-5)
    assert kernels.weight_gradient(g.astype(np.float64), x, weight.shape, *where).dtype == np.float64


@pytest.mark.parametrize("name", ["few channels, strides", "channel lanes", "three axes"])
def test_unfold_lists_windows_and_fold_is_its_adjoint(name):
    x, weight, _, _, (stride, padding, dilation, _) = problem(name, np.float64)
    where = (weight.shape[2:], stride, padding, dilation)
    columns = windows.unfold(x, *where)
    full = np.random.default_rng(0).standard_normal((4, *x.shape[1:2], *weight.shape[2:]))
    y = windows.convolution(x, full, None, stride, padding, dilation, 1)
    np.testing.assert_allclose(full.reshape(4, -1) @ columns, y.reshape(len(x), 4, -1))
    other = np.random.default_rng(0).standard_normal(columns.shape)
    folded = windows.fold(other, x.shape[2:], *where)
    assert folded.shape == x.shape
    np.testing.assert_allclose(np.vdot(folded, x), np.vdot(other, columns))

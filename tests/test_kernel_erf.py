import math

import numpy as np
import pytest
from kernel_cases import DTYPES, layouts, path, run_examples, torch, units  # noqa: F401

from autograd.kernels import erf as module
from autograd.kernels.erf import erf, erfc


def each(function, x):
    return np.array([function(number) for number in x.astype(np.float64).ravel()]).reshape(x.shape)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_over_the_whole_range(dtype):
    last = 9.1 if dtype == np.float32 else 26.5
    x = np.concatenate([np.linspace(-7, last, 5001), np.linspace(-1.1, 1.1, 2001), [1e-30, -1e-10, 0.5, 1.0, -1.0]])
    x = x.astype(dtype)
    assert units(erf(x), each(math.erf, x)) < 2.5
    assert units(erfc(x), each(math.erfc, x)) < (2 if dtype == np.float32 else 6)  # math's own error included


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_special_values(dtype):
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e30, -1e30, 10.2, 27.5, np.finfo(dtype).tiny], dtype)
    for ours, reference in ((erf, math.erf), (erfc, math.erfc)):
        np.testing.assert_allclose(ours(x), each(reference, x).astype(dtype), rtol=1e-6, atol=1e-44)
    assert np.signbit(erf(x[1:2])).all()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_results_below_the_smallest_normal_number(dtype):
    x = (np.linspace(9.2, 10.2, 200) if dtype == np.float32 else np.linspace(26.6, 27.4, 200)).astype(dtype)
    assert np.abs(erfc(x) - each(math.erfc, x)).max() <= 2 * np.finfo(dtype).smallest_subnormal


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(0,), (1, 1), (3, 5), (2, 3, 7)])
def test_layouts(dtype, shape):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    for layout in layouts(x):
        for ours, reference in ((erf, math.erf), (erfc, math.erfc)):
            result = ours(layout)
            assert result.dtype == dtype
            np.testing.assert_allclose(result, each(reference, x), rtol=1e-6)


@pytest.mark.usefixtures("path")
def test_accuracy_beside_pytorch():
    peer = torch()
    x = np.linspace(-6, 9, 5000).astype(np.float32)
    for ours, name in ((erf, "erf"), (erfc, "erfc")):
        exact = each(getattr(math, name), x)
        theirs = getattr(peer, name)(peer.tensor(x)).numpy()
        assert units(ours(x), exact) <= max(3 * units(theirs, exact), 1.5)


def test_examples():
    run_examples(module)

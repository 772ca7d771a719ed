import numpy as np
import pytest
from kernel_cases import DTYPES, layouts, path, run_examples, units  # noqa: F401

from autograd.kernels import mathematics
from autograd.kernels.mathematics import exp, log


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_exp_over_the_whole_range(dtype):
    limits = np.log([np.finfo(dtype).tiny, np.finfo(dtype).max]) * 0.9999
    x = np.concatenate([np.linspace(*limits, 4001), np.linspace(-1, 1, 1001), [0.0, -0.0, 1e-30]]).astype(dtype)
    assert units(exp(x), np.exp(x.astype(np.longdouble)).astype(np.float64)) < 3


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_exp_of_results_below_the_smallest_normal_number(dtype):
    limits = np.log([np.finfo(dtype).smallest_subnormal, np.finfo(dtype).tiny])
    x = np.linspace(*limits, 1001).astype(dtype)
    assert (np.abs(exp(x) - np.exp(x)) <= 2 * np.finfo(dtype).smallest_subnormal).all()


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_exp_of_special_values(dtype):
    largest = np.finfo(dtype).max
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, largest, -largest, 89, -104, 710, -746, 1e4, -1e4], dtype)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(exp(x), np.exp(x), rtol=1e-6 if dtype == np.float32 else 1e-15)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_log_over_the_whole_range(dtype):
    limits = np.log([np.finfo(dtype).tiny, np.finfo(dtype).max / 2])
    x = np.concatenate([np.exp(np.linspace(*limits, 4001)), np.linspace(0.5, 2, 1001)]).astype(dtype)
    assert units(log(x), np.log(x.astype(np.longdouble)).astype(np.float64)) < 4


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_log_of_special_values(dtype):
    numbers = np.finfo(dtype)
    x = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, numbers.smallest_subnormal, numbers.tiny / 3, numbers.max]
    x = np.array(x, dtype)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(log(x), np.log(x), rtol=1e-6 if dtype == np.float32 else 1e-15)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(0,), (1, 1), (3, 5), (2, 3, 7)])
def test_layouts(dtype, shape):
    x = np.random.default_rng(0).uniform(0.1, 3, shape).astype(dtype)
    for layout in layouts(x):
        for ours, reference in ((exp, np.exp), (log, np.log)):
            result = ours(layout)
            assert result.dtype == dtype
            np.testing.assert_allclose(result, reference(x), rtol=1e-6)


def test_examples():
    run_examples(mathematics)

"""The k best of each row, against a stable sort."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_cases import DTYPES, layouts, path, run_examples, torch  # noqa: F401

import autograd
from autograd.kernels import best as module
from autograd.kernels import small
from autograd.kernels.best import best


def reference(row, k, largest):
    """Places in order; nan is the largest, equal numbers keep their order."""
    keys = [(1, 0.0) if np.isnan(number) else (0, float(number)) for number in row]
    if largest:
        keys = [(-is_nan, -number) for is_nan, number in keys]
    return sorted(range(len(row)), key=keys.__getitem__)[:k]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "length", "k"), [(1, 1, 1), (5, 9, 3), (4, 300, 10), (3, 200, 64), (2, 70, 70)])
def test_best(rows, length, k, dtype, largest):
    x = np.random.default_rng(0).integers(-20, 20, (rows, length)).astype(dtype)
    for layout in layouts(x):
        values, places = best(layout, k, largest)
        assert values.dtype == dtype
        np.testing.assert_array_equal(places, [reference(row, k, largest) for row in x])
        np.testing.assert_array_equal(values, np.take_along_axis(x, places, 1))


NUMBERS = st.sampled_from([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan])


@given(st.lists(NUMBERS, min_size=1, max_size=150), st.integers(1, 20), st.booleans())
def test_special_numbers(numbers, k, largest):
    row, k = np.array(numbers, np.float32), min(k, len(numbers))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small, "SMALL", 0)
        places = best(row[None], k, largest)[1][0]
    np.testing.assert_array_equal(places, reference(row, k, largest))


@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize(("shape", "dim"), [((300, 200), 1), ((200, 300), 0), ((3, 200, 100), 1), ((50000,), 0)])
def test_topk_as_pytorch(shape, dim, largest):
    pytorch = torch()
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    ours, theirs = autograd.tensor(x, requires_grad=True), pytorch.tensor(x, requires_grad=True)
    found, peer = ours.topk(7, dim, largest), theirs.topk(7, dim, largest)
    np.testing.assert_array_equal(found.values.numpy(), peer.values.detach().numpy())
    np.testing.assert_array_equal(found.indices.numpy(), peer.indices.numpy())
    (found.values * found.values).sum().backward()
    (peer.values * peer.values).sum().backward()
    np.testing.assert_array_equal(ours.grad.numpy(), theirs.grad.numpy())


def test_examples_compile_every_kernel():
    run_examples(module)

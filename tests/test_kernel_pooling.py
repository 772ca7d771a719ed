from itertools import product

import numpy as np
import pytest
from kernel_cases import DTYPES, check_accuracy, layouts, path, run_examples, tolerance, torch  # noqa: F401

from autograd.kernels import pooling as module
from autograd.kernels.pooling import (
    adaptive_average_pool,
    adaptive_average_pool_gradient,
    average_pool,
    average_pool_gradient,
    max_pool,
    max_pool_gradient,
)

# spatial sizes, kernel, stride, padding, dilation, ceil_mode
CASES = [
    ((6,), (2,), (2,), (0,), (1,), False),
    ((7,), (3,), (2,), (1,), (2,), True),
    ((4, 4), (2, 2), (2, 2), (0, 0), (1, 1), False),
    ((5, 7), (2, 2), (2, 2), (0, 0), (1, 1), False),
    ((5, 7), (2, 2), (2, 2), (0, 0), (1, 1), True),
    ((2, 5, 40), (2, 2, 2), (2, 2, 2), (0, 0, 0), (1, 1, 1), False),
    ((9, 8), (3, 3), (2, 2), (1, 1), (1, 1), False),
    ((9, 8), (3, 3), (2, 2), (1, 1), (1, 1), True),
    ((7, 5), (3, 2), (1, 3), (0, 1), (1, 1), False),
    ((7, 11), (2, 3), (3, 1), (1, 1), (2, 3), True),
    ((5, 6), (1, 1), (4, 4), (0, 0), (1, 1), True),
    ((1, 1), (1, 1), (1, 1), (0, 0), (1, 1), False),
    ((6, 5), (6, 5), (1, 1), (3, 2), (1, 1), False),
    ((4, 5, 6), (2, 3, 2), (2, 1, 2), (1, 1, 0), (1, 1, 1), False),
    ((5, 5, 4), (2, 2, 3), (2, 2, 2), (1, 0, 1), (2, 1, 1), True),
]


def outputs(size, k, s, p, d, ceil_mode):
    """Count the windows one by one: each begins inside the input or its left padding."""
    last = size + 2 * p - (k - 1) * d - 1
    starts = [i * s for i in range(size + 2 * p) if i * s <= last]
    if ceil_mode and starts[-1] < last and starts[-1] + s < size + p:
        starts.append(starts[-1] + s)
    return [start - p for start in starts]


def elements(spatial, kernel, stride, padding, dilation, ceil_mode):
    """Yield every window's place in the output, and its elements' places in the input."""
    starts = [outputs(*sizes, ceil_mode) for sizes in zip(spatial, kernel, stride, padding, dilation, strict=True)]
    for place in product(*(range(len(s)) for s in starts)):
        cells = [
            [s[i] + tap * d for tap in range(k)] for s, i, k, d in zip(starts, place, kernel, dilation, strict=True)
        ]
        inside = [[c for c in axis if 0 <= c < size] for axis, size in zip(cells, spatial, strict=True)]
        yield place, cells, inside


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", CASES)
def test_max_pool(case, dtype):
    spatial = case[0]
    generator = np.random.default_rng(0)
    x = generator.integers(-5, 5, (2, 3, *spatial)).astype(dtype)  # ties
    for layout in layouts(x):
        out, indices = max_pool(layout, *case[1:])
        assert out.dtype == dtype
        assert indices.dtype == np.int32
        g = generator.normal(size=out.shape).astype(dtype)
        gradient = np.zeros(x.shape)
        for place, _, inside in elements(*case):
            where = np.array(list(product(*inside)))
            candidates = x[(..., *where.T)]
            best = where[candidates.argmax(-1)]
            at = (..., *place)
            np.testing.assert_array_equal(out[at], candidates.max(-1))
            np.testing.assert_array_equal(indices[at], np.ravel_multi_index(np.moveaxis(best, -1, 0), spatial))
            for n, c in np.ndindex(2, 3):
                gradient[(n, c, *best[n, c])] += g[(n, c, *place)]
        received = max_pool_gradient(g, indices, x.shape, len(spatial))
        assert received.dtype == dtype
        np.testing.assert_allclose(received, gradient, **tolerance(dtype))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", [case for case in CASES if set(case[4]) == {1}])
@pytest.mark.parametrize(("count_include_pad", "divisor"), [(True, None), (False, None), (True, 7)])
def test_average_pool(case, dtype, count_include_pad, divisor):
    spatial, kernel, stride, padding, _, ceil_mode = case
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 3, *spatial)).astype(dtype)
    arguments = (kernel, stride, padding, ceil_mode, count_include_pad, divisor)
    for layout in layouts(x):
        out = average_pool(layout, *arguments)
        g = generator.normal(size=out.shape).astype(dtype)
        expected, gradient = np.zeros(out.shape), np.zeros(x.shape)
        for place, cells, inside in elements(*case):
            limits = [size + p for size, p in zip(spatial, padding, strict=True)]
            padded = [[c for c in axis if c < limit] for axis, limit in zip(cells, limits, strict=True)]
            count = divisor or np.prod([len(axis) for axis in (padded if count_include_pad else inside)])
            window = (..., *np.ix_(*inside))
            axes = tuple(range(-len(spatial), 0))
            expected[(..., *place)] = x[window].sum(axes) / count
            gradient[window] += np.expand_dims(g[(..., *place)] / count, axes)
        assert out.dtype == dtype
        np.testing.assert_allclose(out, expected, **tolerance(dtype))
        received = average_pool_gradient(g, x.shape, *arguments)
        assert received.dtype == dtype
        np.testing.assert_allclose(received, gradient, **tolerance(dtype))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("spatial", "output"),
    [((7,), (3,)), ((4, 6), (1, 1)), ((7, 5), (3, 4)), ((4, 6), (2, 3)), ((2, 3), (4, 3)), ((4, 5, 3), (2, 3, 1))],
)
def test_adaptive_average_pool(spatial, output, dtype):
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 3, *spatial)).astype(dtype)
    g = generator.normal(size=(2, 3, *output)).astype(dtype)
    expected, gradient = np.zeros(g.shape), np.zeros(x.shape)
    for place in np.ndindex(*output):
        window = tuple(
            slice(i * size // n, int(np.ceil((i + 1) * size / n)))
            for i, size, n in zip(place, spatial, output, strict=True)
        )
        cells, axes = (..., *window), tuple(range(-len(spatial), 0))
        expected[(..., *place)] = x[cells].mean(axes)
        gradient[cells] += np.expand_dims(g[(..., *place)], axes) / x[cells][0, 0].size
    for layout in layouts(x):
        out = adaptive_average_pool(layout, output)
        assert out.dtype == dtype
        np.testing.assert_allclose(out, expected, **tolerance(dtype))
    for upstream in layouts(g):
        received = adaptive_average_pool_gradient(upstream, x.shape, len(spatial))
        np.testing.assert_allclose(received, gradient, **tolerance(dtype))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("case", CASES)
def test_beside_pytorch(case):
    peer = torch()
    spatial, kernel, stride, padding, dilation, ceil_mode = case
    generator = np.random.default_rng(2)
    x = generator.normal(size=(2, 3, *spatial)).astype(np.float32)
    x.ravel()[generator.integers(0, x.size, x.size // 5)] = np.nan
    x.ravel()[generator.integers(0, x.size, x.size // 3)] = -np.inf
    leaf = peer.tensor(x, requires_grad=True)
    theirs = getattr(peer.nn.functional, f"max_pool{len(spatial)}d")(
        leaf, kernel, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=True
    )
    out, indices = max_pool(x, kernel, stride, padding, dilation, ceil_mode)
    np.testing.assert_array_equal(out, theirs[0].detach().numpy())
    np.testing.assert_array_equal(indices, theirs[1].numpy())
    g = generator.normal(size=out.shape).astype(np.float32)
    theirs[0].backward(peer.tensor(g))
    np.testing.assert_allclose(max_pool_gradient(g, indices, x.shape, len(spatial)), leaf.grad.numpy(), rtol=1e-5)
    if set(dilation) != {1}:
        return
    x = generator.normal(size=x.shape).astype(np.float32)
    for include in (True, False):
        results = []
        for dtype in (np.float32, np.float64):
            leaf = peer.tensor(x.astype(dtype), requires_grad=True)
            pool = getattr(peer.nn.functional, f"avg_pool{len(spatial)}d")
            result = pool(leaf, kernel, stride, padding, ceil_mode, include)
            result.backward(peer.tensor(g.astype(dtype)))
            results.append((result.detach().numpy(), leaf.grad.numpy()))
        (peer_out, peer_grad), (exact_out, exact_grad) = results
        check_accuracy(average_pool(x, kernel, stride, padding, ceil_mode, include), peer_out, exact_out)
        received = average_pool_gradient(g, x.shape, kernel, stride, padding, ceil_mode, include)
        check_accuracy(received, peer_grad, exact_grad)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("case", [((2, 3, 8, 9), 2), ((5, 7), 1), ((4, 4, 4), 3)])
def test_no_batch(case):
    shape, dimensions = case
    x = np.zeros((0, *shape), np.float32)
    one = (1,) * dimensions
    out, indices = max_pool(x, one, one, (0,) * dimensions, one)
    assert out.shape == max_pool_gradient(out, indices, x.shape, dimensions).shape == x.shape
    assert (
        average_pool_gradient(average_pool(x, one, one, (0,) * dimensions), x.shape, one, one, (0,) * dimensions).shape
        == x.shape
    )
    assert adaptive_average_pool(x, one).shape == x.shape[: x.ndim - dimensions] + one


def test_windows_that_do_not_fit():
    x = np.zeros((1, 1, 3, 3), np.float32)
    with pytest.raises(ValueError, match=r"max_pool: kernel_size \(4, 4\).*larger than the input \(3, 3\)"):
        max_pool(x, (4, 4), (1, 1), (0, 0), (1, 1))
    with pytest.raises(ValueError, match=r"padding .* half"):
        average_pool(x, (2, 2), (1, 1), (2, 2))
    with pytest.raises(ValueError, match="at least 1"):
        max_pool(x, (2, 2), (0, 1), (0, 0), (1, 1))
    with pytest.raises(ValueError, match="divisor_override"):
        average_pool(x, (2, 2), (1, 1), (0, 0), divisor_override=0)


def test_examples():
    run_examples(module)

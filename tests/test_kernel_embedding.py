import numpy as np
import pytest
from kernel_cases import DTYPES, layouts, path, run_examples, tolerance, torch  # noqa: F401

from autograd.kernels import embedding as module
from autograd.kernels.embedding import add_at, add_rows, gather, scatter_add, take_rows


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "size", "shape"), [(1, 1, (1,)), (5, 3, (4, 2)), (7, 40, (50,)), (4, 3, ())])
def test_rows(rows, size, shape, dtype):
    generator = np.random.default_rng(0)
    table = generator.normal(size=(rows, size)).astype(dtype)
    index = generator.integers(0, rows, shape)
    for layout in layouts(table):
        for kind in (np.int64, np.int32, np.uint8):
            result = take_rows(layout, index.astype(kind))
            assert result.dtype == dtype
            np.testing.assert_array_equal(result, table[index])
    upstream = generator.normal(size=(index.size, size)).astype(dtype)
    expected = np.zeros((rows, size))
    for row, i in zip(upstream, index.ravel(), strict=True):
        expected[i] += row
    for layout in layouts(upstream):
        np.testing.assert_allclose(add_rows(layout, index.ravel(), rows), expected, **tolerance(dtype))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_add_at(dtype):
    generator = np.random.default_rng(0)
    index, values = generator.integers(0, 12, 100), generator.normal(size=100).astype(dtype)
    expected = np.zeros(12)
    for i, value in zip(index, values, strict=True):
        expected[i] += value
    result = add_at((3, 4), index, values)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, expected.reshape(3, 4), **tolerance(dtype))


CASES = [((4,), 0, (9,)), ((3, 4), 0, (5, 4)), ((3, 4), 1, (3, 2)), ((3, 4), -1, (2, 7)), ((3, 4), 0, (6, 2))]
CASES += [((2, 3, 4), 1, (2, 5, 4)), ((2, 3, 4), 1, (1, 5, 2)), ((1, 1, 1), 2, (1, 1, 1))]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "axis", "extent"), CASES)
def test_along_an_axis(shape, axis, extent, dtype):
    generator = np.random.default_rng(0)
    x, values = generator.normal(size=shape).astype(dtype), generator.normal(size=extent).astype(dtype)
    index = generator.integers(0, shape[axis], extent)
    expected, added = np.empty(extent), x.astype(np.float64)
    for place in np.ndindex(*extent):
        source = list(place)
        source[axis] = index[place]
        expected[place] = x[tuple(source)]
        added[tuple(source)] += values[place]
    for layout in layouts(x):
        np.testing.assert_array_equal(gather(layout, axis, index), expected)
        for given in layouts(values):
            result = scatter_add(layout, axis, index, given)
            assert result.dtype == dtype
            np.testing.assert_allclose(result, added, **tolerance(dtype))
    larger = np.pad(values, [(0, 1)] * values.ndim)
    np.testing.assert_array_equal(scatter_add(x, axis, index, larger), result)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(("shape", "axis", "extent"), CASES)
def test_beside_pytorch(shape, axis, extent):
    peer = torch()
    generator = np.random.default_rng(1)
    x, values = generator.normal(size=shape), generator.normal(size=extent)
    index = generator.integers(0, shape[axis], extent)
    theirs = peer.tensor(x).scatter_add(axis, peer.tensor(index), peer.tensor(values))
    np.testing.assert_allclose(scatter_add(x, axis, index, values), theirs.numpy(), rtol=1e-12)
    theirs = peer.tensor(x).gather(axis, peer.tensor(index))
    np.testing.assert_array_equal(gather(x, axis, index), theirs.numpy())


@pytest.mark.usefixtures("path")
def test_an_index_out_of_range():
    x, index = np.zeros((3, 2), np.float32), np.array([[0, 1], [3, -1]])
    for call in (
        lambda: take_rows(x, index),
        lambda: gather(x, 0, index),
        lambda: scatter_add(x, 0, index, np.zeros((2, 2), np.float32)),
    ):
        with pytest.raises(IndexError, match=r"index\[1, 0\] is 3, but there are 3 entries, 0 to 2"):
            call()
    with pytest.raises(IndexError, match=r"add_rows: index\[0\] is -1"):
        add_rows(x, np.array([-1, 0, 7]), 3)
    with pytest.raises(IndexError, match=r"add_at: index\[1\] is 6"):
        add_at((3, 2), np.array([5, 6]), np.zeros(2))
    with pytest.raises(TypeError, match="integers"):
        take_rows(x, np.zeros(2))


@pytest.mark.usefixtures("path")
def test_nothing_to_do():
    x, index = np.zeros((3, 2), np.float32), np.zeros(0, np.int64)
    assert take_rows(x, index).shape == (0, 2)
    assert (add_rows(x[:0], index, 4) == 0).all()
    assert (add_at((2, 2), index, x[:0].ravel()) == 0).all()
    assert gather(x, 0, np.zeros((0, 2), int)).shape == (0, 2)


def test_threads_do_not_change_the_sum(monkeypatch):
    generator = np.random.default_rng(0)
    rows, index = generator.normal(size=(3000, 70)).astype(np.float32), generator.integers(0, 700, 3000)
    results = []
    for count in (1, 2, 3):
        monkeypatch.setattr(module.threads, "_count", count)
        results.append(add_rows(rows, index, 700))
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_examples():
    run_examples(module)

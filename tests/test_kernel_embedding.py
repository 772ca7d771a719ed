import numpy as np
import pytest
from kernel_cases import DTYPES, layouts, path, run_examples, tolerance, torch  # noqa: F401

import autograd
from autograd import threads
from autograd.kernels import along_axis, embedding
from autograd.kernels.along_axis import add_along, gather, scatter_add, take_along
from autograd.kernels.embedding import add_at, add_rows, take_rows


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


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "axis"), [((6,), 0), ((3, 6), 1), ((6, 5), 0), ((2, 6, 4), 1), ((3, 2, 6), 2)])
def test_entries_along_an_axis(shape, axis, dtype):
    generator = np.random.default_rng(0)
    index = generator.integers(0, 6, 9)
    x = generator.normal(size=shape).astype(dtype)
    values = generator.normal(size=(*shape[:axis], 9, *shape[axis + 1 :])).astype(dtype)
    expected = np.zeros(shape)
    for k, i in enumerate(index):
        np.moveaxis(expected, axis, 0)[i] += np.moveaxis(values, axis, 0)[k]
    for layout in layouts(x):
        np.testing.assert_array_equal(take_along(layout, axis, index), np.take(x, index, axis))
    for layout in layouts(values):
        np.testing.assert_allclose(add_along(shape, axis, index, layout), expected, **tolerance(dtype))
    for wrong in (-1, 6):
        index[4] = wrong
        with pytest.raises(IndexError, match=rf"index\[4\] is {wrong}, but there are 6 entries"):
            take_along(x, axis, index)
        with pytest.raises(IndexError, match=rf"index\[4\] is {wrong}, but there are 6 entries"):
            add_along(shape, axis, index, values)


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
        monkeypatch.setattr(threads, "_count", count)
        results.append(add_rows(rows, index, 700))
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_examples():
    run_examples(embedding)
    run_examples(along_axis)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_large_tensors_as_pytorch(axis):
    pytorch = torch()
    generator = np.random.default_rng(0)
    x = generator.normal(size=(40, 50, 60)).astype(np.float32)
    index = generator.integers(0, 40, x.shape)
    entries = generator.integers(0, 40, 30)

    def results(library, places, vector):
        leaf = library.tensor(x, requires_grad=True)
        source = library.tensor(x[::-1].copy(), requires_grad=True)
        taken = library.gather(leaf, axis, places)
        added = library.scatter_add(leaf, axis, places, source)
        chosen = library.index_select(leaf, axis, vector)
        ((taken * taken).sum() + (added * added * 0.5).sum() + (chosen * chosen * 2.0).sum()).backward()
        return [np.asarray(each.detach()) for each in (taken, added, chosen, leaf.grad, source.grad)]

    ours = results(autograd, autograd.tensor(index), autograd.tensor(entries))
    theirs = results(pytorch, pytorch.tensor(index), pytorch.tensor(entries))
    for result, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(result, expected, rtol=2e-5, atol=1e-4)


def test_large_tensors_name_the_wrong_index():
    x = autograd.tensor(np.zeros((200, 300), np.float32))
    index = np.zeros((200, 300), np.int64)
    index[3, 4] = 300
    with pytest.raises(IndexError, match=r"gather: the index 300 is out of range for dim 1 of shape \(200, 300\)"):
        autograd.gather(x, 1, autograd.tensor(index))
    with pytest.raises(IndexError, match=r"scatter_add: the index 300 is out of range for dim 1"):
        autograd.scatter_add(x, 1, autograd.tensor(index), x)
    with pytest.raises(IndexError, match=r"getitem of shape \(200, 300\): index 300 is out of bounds"):
        x[:, index[3]]
    assert x[:, np.full(300, -300)].shape == (200, 300)

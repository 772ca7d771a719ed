"""Matrix products against NumPy's, in all shapes, strides and dtypes, whatever computes them."""

import itertools

import numpy as np
import pytest
from numba import config

from autograd import blas, threads
from autograd.kernels import matmul as module
from autograd.kernels.matmul import linear, matmul


@pytest.fixture(params=["tiles", "blas", "shape"])
def way(request, monkeypatch):
    """Choose what computes: register tiles, parts handed to BLAS, or what the shape says."""
    if request.param != "shape":
        if request.param == "tiles" and config.DISABLE_JIT:
            pytest.skip("tiles are compiled")
        for name in ("SMALL", "SMALL_BATCH", "INTEGER", "COMPILING", "BLAS_THREADS", "GRAIN", "BLAS_GRAIN"):
            monkeypatch.setattr(module, name, 1)
        monkeypatch.setattr(module, "_tiles_win", lambda *_: request.param == "tiles" and bool(module._load()))
    return request.param


@pytest.fixture(params=[1, 2, 3])
def count(request):
    before = threads.get_num_threads()
    threads.set_num_threads(request.param)
    yield request.param
    threads.set_num_threads(before)


def layouts(array):
    """Yield the same numbers in memory orders that differ."""
    yield array
    yield array.swapaxes(-1, -2).copy().swapaxes(-1, -2)
    yield array[..., ::-1, ::-1].copy()[..., ::-1, ::-1]
    spread = np.zeros((*array.shape[:-1], 3 * array.shape[-1]), array.dtype)
    spread[..., ::3] = array
    yield spread[..., ::3]
    read_only = array.copy()
    read_only.flags.writeable = False
    yield read_only


def numbers(rng, shape, dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.standard_normal(shape).astype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.3
    return rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def check(got, a, b):
    exact = np.matmul(a.astype(np.float64), b.astype(np.float64)) if got.dtype.kind == "f" else np.matmul(a, b)
    assert got.shape == exact.shape
    assert got.dtype == np.result_type(a, b)
    assert got.flags.c_contiguous
    if got.dtype.kind != "f":
        np.testing.assert_array_equal(got, exact)
        return
    bound = np.abs(a).astype(np.float64) @ np.abs(b).astype(np.float64)
    assert np.all(np.abs(got - exact) <= 4 * np.finfo(got.dtype).eps * (1 + bound * np.sqrt(a.shape[-1])))


SHAPES = [
    (1, 1, 1),
    (2, 3, 4),
    (8, 5, 48),
    (9, 7, 49),
    (17, 33, 16),
    (3, 300, 5),
    (70, 20, 31),
    (5, 3, 500),
    (1, 20, 30),
    (30, 20, 1),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_and_layouts(way, count, shape, dtype):
    rng = np.random.default_rng(0)
    rows, depth, columns = shape
    left, right = numbers(rng, (rows, depth), dtype), numbers(rng, (depth, columns), dtype)
    for a, b in itertools.product(layouts(left), layouts(right)):
        check(matmul(a, b), a, b)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_integers_wrap_around_as_in_numpy(way, count, dtype):
    rng = np.random.default_rng(0)
    for rows, depth, columns in [(2, 3, 4), (20, 40, 70)]:
        left, right = numbers(rng, (rows, depth), dtype), numbers(rng, (depth, columns), dtype)
        for a, b in zip(layouts(left), layouts(right), strict=True):
            check(matmul(a, b), a, b)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((5,), (5,)),
        ((1,), (1,)),
        ((5,), ()),
        ((), (5,)),
        ((5,), (1,)),
        ((2, 1, 3), (4, 3)),
        ((2, 4, 3), (1,)),
        ((3, 1), (1, 4)),
        ((0,), (0,)),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_batches_broadcast(way, count, left, right, dtype):
    rng = np.random.default_rng(0)
    a, b = numbers(rng, (*left, 6, 5), dtype), numbers(rng, (*right, 5, 9), dtype)
    for x, y in zip(layouts(a), layouts(b), strict=True):
        check(matmul(x, y), x, y)


def test_stretched_axes_are_not_copied_wrongly(way):
    rng = np.random.default_rng(0)
    a = np.broadcast_to(numbers(rng, (1, 1, 7), "float32"), (4, 6, 7))
    b = np.broadcast_to(numbers(rng, (7, 1), "float32"), (4, 7, 5))
    check(matmul(a, b), a, b)


@pytest.mark.parametrize("shape", [(0, 3, 4), (2, 0, 4), (2, 3, 0), (0, 0, 0)])
def test_nothing_to_multiply(way, shape):
    rows, depth, columns = shape
    for batch in [(), (2,)]:
        a, b = np.ones((*batch, rows, depth), np.float32), np.ones((*batch, depth, columns), np.float32)
        got = matmul(a, b)
        assert got.shape == (*batch, rows, columns)
        assert not got.any()


@pytest.mark.parametrize("pair", [("float32", "float64"), ("int32", "float32"), ("int8", "int64"), ("bool", "int16")])
def test_dtypes_are_promoted_as_in_numpy(way, pair):
    rng = np.random.default_rng(0)
    a, b = numbers(rng, (20, 30), pair[0]), numbers(rng, (30, 40), pair[1])
    if pair[0] == "int32":
        a //= 2**20
    check(matmul(a, b), a, b)


def test_shapes_that_do_not_fit_raise_numpys_error(way):
    with pytest.raises(ValueError, match="mismatch"):
        matmul(np.ones((200, 300)), np.ones((200, 300)))
    with pytest.raises(ValueError, match="broadcast"):
        matmul(np.ones((2, 200, 300)), np.ones((3, 300, 200)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_large_products(dtype):
    rng = np.random.default_rng(0)
    for rows, depth, columns in [(200, 300, 250), (1000, 40, 1000), (300, 600, 700)]:
        a, b = numbers(rng, (rows, depth), dtype), numbers(rng, (columns, depth), dtype).T
        check(matmul(a, b), a, b)


def test_results_do_not_depend_on_the_time_of_day(way):
    rng = np.random.default_rng(0)
    a, b = numbers(rng, (90, 300), "float32"), numbers(rng, (300, 110), "float32")
    first = matmul(a, b)
    assert all(np.array_equal(matmul(a, b), first) for _ in range(20))


def test_infinities_and_nans_stay_where_they_are(way):
    a = np.ones((10, 20), np.float32)
    a[3, 4], a[9, 0] = np.inf, np.nan
    with np.errstate(invalid="ignore"):  # some builds of BLAS make NumPy warn
        got = matmul(a, np.ones((20, 50), np.float32))
    assert np.isposinf(got[3]).all()
    assert np.isnan(got[9]).all()
    assert np.all(np.delete(got, [3, 9], axis=0) == 20)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("leading", [(7,), (3, 4), (1,), (2, 3, 11), (0,)])
def test_linear(way, count, leading, dtype):
    rng = np.random.default_rng(0)
    x, weight = numbers(rng, (*leading, 300), dtype), numbers(rng, (21, 300), dtype)
    bias = numbers(rng, (42,), dtype)[::-2]
    check(linear(x, weight), x, weight.T)
    got = linear(x, weight, bias)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, x @ weight.T + bias, rtol=0, atol=2e-4)


def test_linear_of_other_dtypes(way):
    x, weight = np.arange(12).reshape(3, 4), np.ones((5, 4), np.int64)
    np.testing.assert_array_equal(linear(x, weight, np.arange(5)), x @ weight.T + np.arange(5))
    np.testing.assert_array_equal(linear(x, weight, np.full(5, 0.5)), x @ weight.T + 0.5)


def test_numpys_blas_is_held_at_one_thread_and_given_back():
    from threadpoolctl import threadpool_info

    def counts():
        return [library["num_threads"] for library in threadpool_info() if "numpy" in library["filepath"]]

    blas.release()
    before = counts()
    assert blas.hold() == bool(before)
    assert counts() == [1] * len(before)
    blas.release()
    assert counts() == before
    matmul(np.ones((40, 40)), np.ones((40, 40)))
    assert counts() == [1] * len(before)


def test_examples_run():
    for _, example in module.examples():
        example()

"""NumPy's functions on tensors, and exchange of memory with other libraries."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, from_dlpack, tensor

UNARY = [
    "exp",
    "log",
    "sqrt",
    "tanh",
    "sin",
    "arcsin",
    "negative",
    "absolute",
    "square",
    "floor",
    "reciprocal",
    "expm1",
]
BINARY = ["add", "subtract", "multiply", "divide", "power", "maximum", "arctan2", "hypot", "logaddexp", "fmod"]


def leaf():
    return tensor(np.array([[0.2, 0.55, 0.9], [0.4, 0.7, 0.1]]), requires_grad=True)


@pytest.mark.parametrize("name", UNARY + BINARY)
def test_element_wise_functions_record(name):
    ufunc, x = getattr(np, name), leaf()
    others = [0.5] if name in BINARY else []
    y = ufunc(x, *others)
    assert isinstance(y, Tensor)
    np.testing.assert_allclose(y.numpy(), ufunc(x.numpy(), *others))
    y.sum().backward()
    h = 1e-6
    numerical = (ufunc(x.numpy() + h, *others) - ufunc(x.numpy() - h, *others)) / (2 * h)
    np.testing.assert_allclose(x.grad.numpy(), numerical, atol=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        np.sum,
        np.mean,
        np.prod,
        lambda x: np.sum(x, axis=1, keepdims=True),
        lambda x: np.mean(x, axis=0),
        lambda x: np.max(x, axis=1),
        np.min,
        np.std,
        lambda x: np.var(x, axis=1, ddof=1),
        lambda x: np.cumsum(x, axis=1),
        lambda x: np.concatenate([x, x * 2], axis=1),
        lambda x: np.stack([x, x]),
        np.transpose,
        np.ravel,
        lambda x: np.reshape(x, (3, 2)),
        lambda x: np.expand_dims(x, 1),
        lambda x: np.where(x > 0.4, x, 0.0),
        lambda x: np.clip(x, 0.3, 0.6),
        lambda x: np.matmul(x, x.T),
        lambda x: np.einsum("ij,kj->ik", x, x),
        lambda x: np.linalg.norm(x),
        lambda x: np.ones((2, 2)) @ x,
        lambda x: np.ones(3) * x,
        lambda x: np.float64(2.0) * x,
        lambda x: np.add.reduce(x),
        lambda x: np.roll(x, 1),
        lambda x: np.add.reduce(x, axis=None),
        lambda x: np.concatenate([x, x], axis=None),
        lambda x: np.sort(x, axis=None),
        lambda x: np.cumsum(x),
        lambda x: np.flip(x),
        lambda x: np.clip(x, None, 0.5),
        lambda x: np.pad(x, (1, 2)),
        lambda x: np.pad(x, ((1, 2), (0, 1)), mode="edge"),
        lambda x: np.split(x, 3, axis=1)[1],
        lambda x: np.split(x, [1, 2], axis=1)[2],
        lambda x: np.take_along_axis(x, np.array([[0], [1]]), axis=1),
        lambda x: np.linalg.norm(x, 0, axis=1),
        lambda x: x[np.nonzero(x)],
    ],
)
def test_other_functions_record(call):
    x = leaf()
    y = call(x)
    assert isinstance(y, Tensor)
    assert y.requires_grad
    expected = call(x.numpy())
    np.testing.assert_allclose(y.numpy(), expected)


def test_what_cannot_be_recorded_is_an_error():
    x = leaf()
    for call in (
        lambda: np.linalg.inv(x),
        lambda: np.spacing(x),
        lambda: np.add(x, 1, out=np.zeros((2, 3))),
        lambda: np.add.outer(x, x),
        lambda: np.copyto(np.zeros((2, 3)), x),
        lambda: np.linalg.norm(x, 2),
    ):
        with pytest.raises(TypeError, match=r"np\.\w+.*numpy\(\)"):
            call()
    assert np.isfinite(x).all()
    assert np.array_equal(x, x)
    assert np.allclose(x, x.numpy())


def test_arrays_share_memory():
    x = leaf()
    assert np.shares_memory(np.asarray(x), x.numpy())
    assert not np.shares_memory(np.array(x), x.numpy())
    assert np.asarray(x, np.float32).dtype == np.float32


def test_dlpack_without_a_copy():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    x = from_dlpack(array)
    assert np.shares_memory(x.numpy(), array)
    assert np.shares_memory(np.from_dlpack(x), array)
    with pytest.raises(BufferError, match=r"detach\(\)"):
        np.from_dlpack(leaf())
    torch = pytest.importorskip("torch", reason="exchanging memory with PyTorch needs the peers extra")
    theirs = torch.from_dlpack(x)
    theirs[0, 0] = 42.0
    assert array[0, 0] == 42.0
    ours = autograd.from_dlpack(torch.ones(2))
    assert ours.tolist() == [1.0, 1.0]

"""Making tensors: from data, filled and random; beside PyTorch where the numbers are not random."""

import numpy as np
import pytest

import autograd
from autograd import (
    arange,
    as_tensor,
    bernoulli,
    eye,
    from_dlpack,
    from_numpy,
    full,
    linspace,
    manual_seed,
    multinomial,
    normal,
    ones,
    rand,
    randint,
    randn,
    randperm,
    tensor,
    zeros,
)

SAME = [
    lambda m: m.tensor([1, 2]),
    lambda m: m.tensor([1.0, 2.0]),
    lambda m: m.tensor([[True], [False]]),
    lambda m: m.tensor(3.5),
    lambda m: m.tensor([]),
    lambda m: m.tensor([1, 2.5]),
    lambda m: m.tensor([1, 2], dtype=m.float64),
    lambda m: m.tensor([1.9, -1.9], dtype=m.int32),
    lambda m: m.tensor(np.ones((2, 0))),
    lambda m: m.zeros(2, 3),
    lambda m: m.zeros((2, 3), dtype=m.int64),
    lambda m: m.zeros([]),
    lambda m: m.zeros(0, 2, dtype=None),
    lambda m: m.ones(2, requires_grad=True),
    lambda m: m.ones([2], dtype=m.uint8),
    lambda m: m.empty(2, 3).fill_(0),  # it may hold anything, nan too
    lambda m: m.full((2, 2), 7),
    lambda m: m.full((2,), 7.5, dtype=m.float64),
    lambda m: m.full((), True),
    lambda m: m.full(size=(2,), fill_value=1.5, requires_grad=True),
    lambda m: m.zeros_like(m.tensor([1, 2])),
    lambda m: m.ones_like(m.tensor([1, 2]), dtype=m.float32),
    lambda m: m.full_like(m.tensor([1.0, 2.0]), 5),
    lambda m: m.empty_like(m.tensor([[1.0]])) * 0,
    lambda m: m.arange(5),
    lambda m: m.arange(2, 5),
    lambda m: m.arange(5, 0, -2),
    lambda m: m.arange(0.0, 1.0, 0.25),
    lambda m: m.arange(1, 4, 0.5, dtype=m.float64, requires_grad=True),
    lambda m: m.arange(3, dtype=m.float32),
    lambda m: m.arange(2, 2),
    lambda m: m.linspace(0, 1, 5),
    lambda m: m.linspace(1, -1, steps=1),
    lambda m: m.linspace(0.0, 1.0, 0, dtype=m.float64),
    lambda m: m.eye(2),
    lambda m: m.eye(2, 3, dtype=m.int64),
    lambda m: m.eye(0, requires_grad=True),
]


@pytest.mark.parametrize("make", SAME, ids=range(len(SAME)))
def test_as_torch_makes_it(make):
    torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")
    ours, theirs = make(autograd), make(torch)
    assert ours.shape == tuple(theirs.shape)
    assert f"torch.{ours.dtype}" == str(theirs.dtype)
    assert ours.requires_grad == theirs.requires_grad
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-7)


def test_from_data_and_from_memory():
    array = np.arange(3.0)
    copied, shared = tensor(array), from_numpy(array)
    array[0] = 7.0
    assert copied.tolist() == [0.0, 1.0, 2.0]
    assert shared.tolist() == [7.0, 1.0, 2.0]
    assert as_tensor(array).numpy() is array
    assert as_tensor(shared) is shared
    assert as_tensor(shared, dtype=np.float32).dtype == np.float32
    assert as_tensor([1, 2]).tolist() == [1, 2]
    assert np.shares_memory(from_dlpack(array).numpy(), array)


REFUSED = [
    (lambda: tensor("text"), TypeError, "takes real numbers"),
    (lambda: tensor([1j]), TypeError, "complex"),
    (lambda: tensor([None]), TypeError, "takes real numbers"),
    (lambda: tensor([[1.0], [1.0, 2.0]]), ValueError, "different lengths"),
    (lambda: tensor([1.0], dtype="float16"), TypeError, "tensors have the dtypes float32, float64"),
    (lambda: tensor([1], requires_grad=True), TypeError, "only floats have gradients"),
    (lambda: from_numpy([1.0]), TypeError, "from_numpy takes a numpy.ndarray, got list"),
    (lambda: from_numpy(np.zeros(2, complex)), TypeError, "from_numpy: tensors have the dtypes"),
    (lambda: zeros(-1), ValueError, "zeros: sizes are not negative, got"),
    (lambda: zeros(1.5), TypeError, "zeros: a shape is made of whole numbers"),
    (lambda: rand(2, -1), ValueError, "rand: sizes are not negative"),
    (lambda: eye(-1), ValueError, "eye: sizes are not negative"),
    (lambda: full((2,), "a"), TypeError, "full: takes real numbers"),
    (lambda: ones(2, dtype=np.int64, requires_grad=True), TypeError, "only floats have gradients"),
    (lambda: arange(0, 5, 0), ValueError, "arange: the step 0"),
    (lambda: arange(5, 0), ValueError, "arange: the step 1 does not lead from 5 to 0"),
    (lambda: linspace(0, 1, -1), ValueError, "linspace: the number of steps"),
    (lambda: randint(3, 3), ValueError, "randint: there is no whole number from 3"),
    (lambda: normal(0.0, -1.0), ValueError, "normal: a standard deviation"),
    (lambda: bernoulli(tensor([1.5])), ValueError, "bernoulli: probabilities"),
    (lambda: multinomial(tensor([-1.0, 2.0]), 1), ValueError, "multinomial: weights"),
    (lambda: multinomial(tensor([0.0, 2.0]), 2), ValueError, "multinomial: 2 different indices"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=[message[:30] for *_, message in REFUSED])
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


RANDOM = [
    lambda: rand(50),
    lambda: randn(50, dtype=np.float64),
    lambda: randint(0, 100, (50,)),
    lambda: randperm(50),
    lambda: normal(0.0, 1.0, (50,)),
    lambda: bernoulli(full((50,), 0.5)),
    lambda: multinomial(ones(3, 9), 2),
    lambda: autograd.rand_like(zeros(50)),
    lambda: autograd.randn_like(zeros(50)),
]


@pytest.mark.parametrize("draw", RANDOM, ids=range(len(RANDOM)))
def test_random_numbers_are_the_same_after_the_same_seed(draw):
    manual_seed(3)
    first, second = draw(), draw()
    manual_seed(3)
    again = draw()
    assert (first.numpy() == again.numpy()).all()
    assert (first.numpy() != second.numpy()).any()


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError), (None, TypeError)])
def test_a_seed_is_a_whole_number(seed, error):
    manual_seed(3)
    with pytest.raises(error, match=f"manual_seed: a seed is a whole number from 0, got {seed}"):
        manual_seed(seed)
    drawn = rand(2)
    manual_seed(3)
    assert (drawn == rand(2)).all()


def test_distributions():
    manual_seed(0)
    n = 20000
    uniform, gaussian = rand(n), randn(n)
    assert (uniform.dtype, gaussian.dtype) == (np.float32, np.float32)
    assert 0 <= uniform.min().item() <= uniform.max().item() < 1
    assert uniform.mean().item() == pytest.approx(0.5, abs=0.02)
    assert (gaussian.mean().item(), gaussian.std().item()) == pytest.approx((0.0, 1.0), abs=0.03)
    whole = randint(-2, 3, (n,))
    assert set(whole.tolist()) == {-2, -1, 0, 1, 2}
    assert randint(4, (2, 3)).shape == (2, 3)
    assert randint(4).shape == ()
    assert sorted(randperm(100).tolist()) == list(range(100))
    shifted = normal(tensor([0.0, 100.0]), tensor([1.0, 2.0]))
    assert shifted.shape == (2,)
    assert abs(shifted[1].item() - 100) < 20
    assert bernoulli(full((n,), 0.25)).mean().item() == pytest.approx(0.25, abs=0.02)
    drawn = multinomial(tensor([1.0, 0.0, 3.0]), n, replacement=True)
    assert (drawn == 2).numpy().mean() == pytest.approx(0.75, abs=0.02)
    assert not (drawn == 1).any()
    pairs = multinomial(tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]), 2)
    assert [sorted(row) for row in pairs.tolist()] == [[0, 1], [1, 2]]

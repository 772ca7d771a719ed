"""nn.utils and nn.regularisers: clipping, norms, vectors and penalties, on tensors and Values."""

import math

import numpy as np
import pytest

import nn
from autograd import Value, gradcheck, tensor
from nn import optim, regularisers, utils

PEER = "comparing with PyTorch needs the peers extra"
SHAPES = [(3, 4), (5,), ()]


def with_gradients(make, dtype=np.float64, scale=1.0):
    generator = np.random.default_rng(2)
    found = []
    for shape in SHAPES:
        found.append(make(np.asarray(generator.normal(size=shape), dtype)))
        found[-1].grad = make(np.asarray(scale * generator.normal(size=shape), dtype)).detach()
    return [*found, make(np.zeros(2, dtype))]


def ours(array):
    return tensor(array, requires_grad=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("norm", [1.0, 2, 3.5, math.inf])
@pytest.mark.parametrize("largest", [0.0, 0.7, 1e9])
def test_clipping_the_norm_beside_pytorch(norm, largest, dtype):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peers = with_gradients(ours, dtype), with_gradients(lambda a: torch.tensor(a, requires_grad=True), dtype)
    total = utils.clip_grad_norm_(iter(mine), largest, norm)
    expected = torch.nn.utils.clip_grad_norm_(peers, largest, norm)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    assert total.dtype == dtype
    assert total.item() == pytest.approx(expected.item(), rel=tolerance)
    for p, q in zip(mine[:-1], peers[:-1], strict=True):
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), rtol=tolerance)
    assert mine[-1].grad is None


def test_clipping_values_beside_pytorch():
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peers = with_gradients(ours), with_gradients(lambda a: torch.tensor(a, requires_grad=True))
    utils.clip_grad_value_(mine, 0.5)
    torch.nn.utils.clip_grad_value_(peers, 0.5)
    for p, q in zip(mine[:-1], peers[:-1], strict=True):
        np.testing.assert_array_equal(p.grad.numpy(), q.grad.numpy())


def test_clipping_gradients_of_values():
    values = [Value(0.0), Value(0.0), Value(0.0)]
    values[0].grad, values[1].grad = 3.0, -4.0
    assert utils.clip_grad_norm_(values, 1.0) == 5.0
    assert [v.grad for v in values] == pytest.approx([0.6, -0.8, 0.0], rel=1e-5)
    assert not values[2].grad_computed
    utils.clip_grad_value_(values[0], 0.25)
    assert values[0].grad == 0.25


def test_gradients_that_are_not_finite():
    x = tensor([1.0, 2.0], requires_grad=True)
    x.grad = [math.inf, 1.0]
    with pytest.raises(RuntimeError, match="norm of the gradients is inf"):
        utils.clip_grad_norm_(x, 1.0, error_if_nonfinite=True)
    assert x.grad.tolist() == [math.inf, 1.0]
    assert utils.clip_grad_norm_(x, 1.0).item() == math.inf
    assert x.grad[1].item() == 0.0
    assert utils.clip_grad_norm_([tensor([1.0], requires_grad=True)], 1.0).item() == 0.0


@pytest.mark.parametrize(("shape", "dim"), [((6, 4), 0), ((6, 4), 1), ((6, 4), -1), ((3, 2, 5, 5), 0)])
def test_max_norm_beside_pytorch(shape, dim):
    torch = pytest.importorskip("torch", reason=PEER)
    numbers = np.random.default_rng(0).normal(size=shape)
    weight = ours(numbers)
    c = 1.5
    assert utils.max_norm_(weight, c, dim) is weight
    expected = torch.renorm(torch.tensor(numbers), 2, dim, c)
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-12)
    assert weight.requires_grad
    assert weight.is_leaf


def test_max_norm_of_a_neuron_of_values_and_after_every_step():
    weights = [Value(3.0), Value(4.0)]
    optimiser = optim.SGD(weights, lr=1.0)
    for _ in range(3):
        optimiser.zero_grad()
        (-10.0 * weights[0] - 10.0 * weights[1]).backward()
        optimiser.step()
        utils.max_norm_(weights, 1.0)
        assert math.hypot(*[w.data for w in weights]) == pytest.approx(1.0)
    assert [w.data for w in weights] == pytest.approx([math.sqrt(0.5)] * 2, rel=1e-2)
    short = [Value(0.1)]
    assert utils.max_norm_(short, 1.0)[0].data == 0.1


def test_parameters_as_one_vector():
    model = nn.Linear(3, 2)
    vector = utils.parameters_to_vector(model.parameters())
    np.testing.assert_array_equal(vector.numpy(), np.append(model.weight.numpy(), model.bias.numpy()))
    vector.sum().backward()
    assert model.bias.grad.tolist() == [1.0, 1.0]
    utils.vector_to_parameters(tensor(np.arange(8.0)), model.parameters())
    assert model.weight.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert model.bias.tolist() == [6.0, 7.0]
    with pytest.raises(ValueError, match=r"8 parameters, and a vector of shape \(9,\)"):
        utils.vector_to_parameters(tensor(np.ones(9)), model.parameters())
    assert model.bias.tolist() == [6.0, 7.0]
    for given in ([], [Value(1.0)]):
        with pytest.raises(TypeError, match="a list of tensors"):
            utils.parameters_to_vector(given)


# Row L5

NUMBERS = [0.5, -2.0, 3.0]
PENALTIES = [
    (regularisers.l1, {}, 5.5, [1.0, -1.0, 1.0]),
    (regularisers.l2, {}, 13.25, [1.0, -4.0, 6.0]),
    (regularisers.elastic_net, {"beta": 0.5}, 12.125, [1.5, -3.0, 4.0]),
]


@pytest.mark.parametrize(("penalty", "options", "expected", "slopes"), PENALTIES, ids=["l1", "l2", "elastic_net"])
def test_penalties_and_their_gradients(penalty, options, expected, slopes):
    whole, parts = tensor(NUMBERS, requires_grad=True), [tensor([x], requires_grad=True) for x in NUMBERS]
    values = [Value(x) for x in NUMBERS]
    for weights in (whole, parts, iter(values)):
        total = penalty(weights, **options)
        assert float(total) == expected
        total.backward()
    assert whole.grad.tolist() == slopes
    assert [p.grad.item() for p in parts] == slopes
    assert [v.grad for v in values] == slopes
    gradcheck(lambda w: penalty(w, **options), tensor(np.array(NUMBERS), requires_grad=True))


def test_decoupled_decay_and_l2_are_the_same_in_plain_descent():
    """w ← (1 - ε α) w - ε g, row L5: for SGD the decay, the penalty ½ α w² and AdamW's own formula agree."""
    rate, alpha, w0, g = 0.1, 0.3, 2.0, 0.7
    penalised, decayed = Value(w0), Value(w0)
    (g * penalised + 0.5 * alpha * regularisers.l2(penalised)).backward()
    optim.SGD([penalised], rate).step()
    (g * decayed).backward()
    optim.SGD([decayed], rate, weight_decay=alpha).step()
    assert penalised.data == pytest.approx((1 - rate * alpha) * w0 - rate * g)
    assert decayed.data == pytest.approx(penalised.data)


def test_l5_l1_gives_sparser_weights_than_l2():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(100, 20))
    y = tensor(x[:, :3] @ np.array([2.0, -3.0, 1.5]) + 0.1 * generator.normal(size=100))
    small = {}
    for penalty in (regularisers.l1, regularisers.l2):
        w = tensor(np.full(20, 0.5), requires_grad=True)
        optimiser = optim.SGD([w], lr=0.01)
        for _ in range(400):
            optimiser.zero_grad()
            (((tensor(x) @ w - y) ** 2).mean() + 0.3 * penalty(w)).backward()
            optimiser.step()
        small[penalty] = int((np.abs(w.numpy()) < 0.011).sum())
    assert small[regularisers.l1] >= 15
    assert small[regularisers.l2] <= 8


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: regularisers.l1([]), ValueError, "list of weights is empty"),
        (lambda: regularisers.l2([1.0]), TypeError, "weights are tensors or Values, got float 1.0"),
        (lambda: utils.clip_grad_norm_([1.0], 1.0), TypeError, "parameters are tensors or Values"),
        (lambda: utils.clip_grad_norm_([Value(1.0)], -1.0), ValueError, "max_norm is a number, at least 0"),
        (lambda: utils.clip_grad_value_([Value(1.0)], math.nan), ValueError, "clip_value"),
        (lambda: utils.max_norm_(Value(1.0), -1.0), ValueError, "c is a number"),
        (lambda: utils.max_norm_(tensor([1.0]), 1.0, 1), IndexError, r"dim 1 of a tensor of shape \(1,\)"),
        (lambda: utils.max_norm_([tensor([1.0])], 1.0), TypeError, "one tensor, or a list of Values"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()

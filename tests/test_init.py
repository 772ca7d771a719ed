"""nn.init: bounds, variances and structure as PyTorch's, and the lectures' tables of activations."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import no_grad, zeros
from nn import functional as F
from nn import init

PEER = "comparing with PyTorch needs the peers extra"
SHAPES = [(300, 200), (40, 30, 3, 5), (20, 30, 11)]


@pytest.fixture(autouse=True)
def seeded():
    autograd.manual_seed(0)


def fans(shape):
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("name", "options", "variance"),
    [
        ("xavier", {}, lambda i, o: 2 / (i + o)),
        ("xavier", {"gain": 5 / 3}, lambda i, o: 25 / 9 * 2 / (i + o)),
        ("kaiming", {}, lambda i, o: 2 / i),
        ("kaiming", {"mode": "fan_out", "nonlinearity": "relu"}, lambda i, o: 2 / o),
        ("kaiming", {"a": math.sqrt(5)}, lambda i, o: 2 / 6 / i),
        ("kaiming", {"nonlinearity": "tanh"}, lambda i, o: 25 / 9 / i),
    ],
)
def test_variances_and_bounds(shape, name, options, variance):
    expected = variance(*fans(shape))
    for kind in ("normal", "uniform"):
        numbers = getattr(init, f"{name}_{kind}_")(zeros(*shape), **options).numpy()
        # The relative deviation of a variance of n numbers is about sqrt(2 / n).
        assert abs(numbers.var() / expected - 1) < 6 * math.sqrt(2 / numbers.size)
        assert abs(numbers.mean()) < 5 * math.sqrt(expected / numbers.size)
        if kind == "uniform":
            bound = math.sqrt(3 * expected)
            assert 0.99 * bound < np.abs(numbers).max() <= bound * (1 + 1e-6)


@pytest.mark.parametrize("nonlinearity", ["linear", "conv2d", "conv_transpose3d", "sigmoid", "tanh", "relu", "selu"])
def test_gains_are_pytorchs(nonlinearity):
    torch = pytest.importorskip("torch", reason=PEER)
    assert init.calculate_gain(nonlinearity) == torch.nn.init.calculate_gain(nonlinearity)
    for slope in (None, 0.2, 3):
        assert init.calculate_gain("leaky_relu", slope) == torch.nn.init.calculate_gain("leaky_relu", slope)


def test_exact_fillings_are_pytorchs():
    torch = pytest.importorskip("torch", reason=PEER)
    cases = [
        ("eye_", (4, 6), {}),
        ("eye_", (6, 4), {}),
        ("dirac_", (6, 4, 3), {}),
        ("dirac_", (6, 2, 3, 4), {"groups": 3}),
        ("dirac_", (3, 3, 2, 2, 2), {}),
        ("ones_", (3,), {}),
        ("zeros_", (3,), {}),
        ("constant_", (3, 2), {"val": 0.1}),
    ]
    for name, shape, options in cases:
        mine, other = autograd.ones(*shape), torch.ones(*shape)
        assert getattr(init, name)(mine, **options) is mine
        getattr(torch.nn.init, name)(other, **options)
        assert (mine.numpy() == other.numpy()).all(), name


def test_uniform_and_normal():
    numbers = init.uniform_(zeros(100, 100), -2.0, 6.0).numpy()
    assert -2.0 <= numbers.min() < -1.99
    assert 5.99 < numbers.max() <= 6.0
    assert abs(numbers.mean() - 2.0) < 0.1
    numbers = init.normal_(zeros(100, 100, dtype=autograd.float64), 3.0, 0.5).numpy()
    assert numbers.dtype == np.float64
    assert abs(numbers.mean() - 3.0) < 0.02
    assert abs(numbers.std() - 0.5) < 0.02


def test_truncated_normal_has_the_distribution_in_between():
    numbers = init.trunc_normal_(zeros(200, 200), 1.0, 2.0, -1.0, 4.0).numpy()
    assert numbers.min() >= -1.0
    assert numbers.max() <= 4.0
    below, between, above = 0.15865525, 0.5, 0.9331928  # normal distribution at -1, 0 and 1.5 deviations
    assert abs((numbers < 1.0).mean() - (between - below) / (above - below)) < 0.015


@pytest.mark.parametrize("shape", [(20, 20), (10, 30), (30, 10), (8, 4, 3, 3)])
def test_orthogonal(shape):
    weight = init.orthogonal_(zeros(*shape, dtype=autograd.float64), gain=2.0).numpy().reshape(shape[0], -1)
    product = weight @ weight.T if weight.shape[0] <= weight.shape[1] else weight.T @ weight
    np.testing.assert_allclose(product, 4.0 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_matrices_are_uniformly_distributed():
    # The sign of the corner is as often plus as minus; without the correction of QR it is not.
    corners = [init.orthogonal_(zeros(2, 2)).numpy()[0, 0] > 0 for _ in range(400)]
    assert 140 < sum(corners) < 260


def test_sparse():
    weight = init.sparse_(zeros(50, 40), 0.25, std=0.1).numpy()
    assert ((weight == 0).sum(0) == 13).all()
    assert abs(weight[weight != 0].std() - 0.1) < 0.01


def test_the_seed_repeats_and_parameters_take_numbers():
    layer = nn.Linear(3, 2)
    first = init.xavier_normal_(layer.weight).numpy().copy()
    assert layer.weight.requires_grad
    assert layer.weight.op is None
    autograd.manual_seed(0)
    layer = nn.Linear(3, 2)
    assert (init.xavier_normal_(layer.weight).numpy() == first).all()


@pytest.mark.parametrize(
    ("kind", "message", "call"),
    [
        (TypeError, "uniform_: takes a tensor or parameter, got ndarray", lambda: init.uniform_(np.zeros(3))),
        (TypeError, "normal_: takes a tensor of floats, got int64", lambda: init.normal_(autograd.tensor([1]))),
        (ValueError, "xavier_uniform_: takes a weight .* got \\(3,\\)", lambda: init.xavier_uniform_(zeros(3))),
        (ValueError, "eye_: takes a tensor with 2 axes", lambda: init.eye_(zeros(3))),
        (ValueError, "dirac_: takes a tensor with 3 or 4 or 5 axes", lambda: init.dirac_(zeros(3, 3))),
        (ValueError, "2 groups do not divide the 3", lambda: init.dirac_(zeros(3, 3, 1), groups=2)),
        (ValueError, "a is not larger than b", lambda: init.uniform_(zeros(3), 1.0, 0.0)),
        (ValueError, "deviation is not negative, got -1", lambda: init.normal_(zeros(3), 0.0, -1.0)),
        (ValueError, "only a share of", lambda: init.trunc_normal_(zeros(3), 0.0, 1.0, 8.0, 9.0)),
        (ValueError, "'fan_in', 'fan_out'; got 'in'", lambda: init.kaiming_normal_(zeros(3, 3), mode="in")),
        (ValueError, "calculate_gain: nonlinearity is one of", lambda: init.calculate_gain("relu6")),
        (ValueError, "share of zeros is between 0 and 1", lambda: init.sparse_(zeros(3, 3), 2.0)),
        (ValueError, "orthogonal_: takes a tensor with at least 2 axes", lambda: init.orthogonal_(zeros(3))),
    ],
)
def test_bad_input_changes_nothing(kind, message, call):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize(
    "make",
    [
        lambda p: p.Linear(50, 40),
        lambda p: p.Conv2d(8, 12, 3, groups=2),
        lambda p: p.ConvTranspose2d(8, 12, 3, groups=2),
        lambda p: p.Bilinear(20, 30, 4),
        lambda p: p.LSTM(10, 20, 2, bidirectional=True),
        lambda p: p.GRUCell(10, 20),
        lambda p: p.MultiheadAttention(16, 4),
        lambda p: p.MultiheadAttention(16, 4, kdim=12),
        lambda p: p.Embedding(100, 20, padding_idx=3),
        lambda p: p.BatchNorm2d(5),
        lambda p: p.PReLU(3),
    ],
)
def test_layers_start_as_pytorchs(make):
    torch = pytest.importorskip("torch", reason=PEER)
    torch.manual_seed(0)
    mine, peer = make(nn), make(torch.nn)
    for (name, x), (_, y) in zip(mine.named_parameters(), peer.named_parameters(), strict=True):
        own, other = x.numpy(), y.detach().numpy()
        constant = (other == other.flat[0]).all()
        if constant:
            assert (own == other).all(), name
            continue
        error = 6 / math.sqrt(other.size)
        assert abs(own.std() / other.std() - 1) < error, name
        assert abs(own.mean() - other.mean()) < 2 * error * other.std(), name
        if "Embedding" not in repr(mine):
            assert np.abs(own).max() <= np.abs(other).max() * (1 + error), name
    if isinstance(mine, nn.Embedding):
        assert not mine.weight[3].numpy().any()


# T3: ten layers of 500 units on Gaussian input; the deviations as the lecture prints them.

LECTURE = {
    "tanh, 0.01": (F.tanh, lambda w: init.normal_(w, 0.0, 0.01), [0.213, 0.0476, 0.0106, 0.00238]),
    "tanh, 1": (F.tanh, lambda w: init.normal_(w, 0.0, 1.0), [0.98] * 10),
    "tanh, Xavier": (
        F.tanh,
        init.xavier_normal_,
        [0.628, 0.486, 0.408, 0.357, 0.321, 0.292, 0.273, 0.255, 0.239, 0.228],
    ),
    "ReLU, Xavier": (F.relu, init.xavier_normal_, [0.583, 0.404, 0.277]),
    "ReLU, He": (F.relu, lambda w: init.kaiming_normal_(w, nonlinearity="relu"), [0.825, 0.828, 0.814, 0.827]),
}


def deviations(activation, initialise):
    x, found = autograd.randn(1000, 500), []
    with no_grad():
        for _ in range(10):
            layer = nn.Linear(500, 500, bias=False)
            initialise(layer.weight)
            x = activation(layer(x))
            found.append(x.std().item())
    return found


@pytest.mark.parametrize("name", LECTURE)
def test_activations_of_ten_layers_are_the_lectures(name):
    activation, initialise, expected = LECTURE[name]
    found = deviations(activation, initialise)
    for i, (mine, printed) in enumerate(zip(found, expected, strict=False), 1):
        assert abs(mine / printed - 1) < 0.02 + 0.02 * i, f"layer {i}: {mine:.4f}, the lecture has {printed}"
    last = {"tanh, 0.01": (0.0, 1e-6), "ReLU, Xavier": (0.02, 0.033), "ReLU, He": (0.7, 1.0)}
    if name in last:
        low, high = last[name]
        assert low <= found[-1] < high


def test_activations_that_vanish_or_saturate():
    x = autograd.randn(1000, 500)
    layer = nn.Linear(500, 500, bias=False)
    init.normal_(layer.weight, 0.0, 1.0)
    out = F.tanh(layer(x)).numpy()
    assert (np.abs(out) > 0.9).mean() > 0.9  # tanh is flat there: no gradient passes

"""The lectures' rows T1 and T3: activations, and what they become in ten layers, with the numbers they print."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import float64, manual_seed, no_grad, tensor
from nn import functional as F

# T1: activations at -10, 0 and 10

S10 = 1 / (1 + math.exp(-10))
T1 = {
    "sigmoid": (F.sigmoid, [1 - S10, 0.5, S10], [S10 * (1 - S10), 0.25, S10 * (1 - S10)]),
    "tanh": (F.tanh, [-math.tanh(10), 0.0, math.tanh(10)], [math.cosh(10) ** -2, 1.0, math.cosh(10) ** -2]),
    "ReLU": (F.relu, [0.0, 0.0, 10.0], [0.0, 0.0, 1.0]),
    "leaky ReLU, 0.01": (F.leaky_relu, [-0.1, 0.0, 10.0], [0.01, 0.01, 1.0]),
    "leaky ReLU, 0.1": (lambda x: F.leaky_relu(x, 0.1), [-1.0, 0.0, 10.0], [0.1, 0.1, 1.0]),
    "ELU": (F.elu, [math.exp(-10) - 1, 0.0, 10.0], [math.exp(-10), 1.0, 1.0]),
}


@pytest.mark.parametrize("name", T1)
def test_t1_values_and_derivatives(name):
    function, values, slopes = T1[name]
    x = tensor([-10.0, 0.0, 10.0], dtype=float64, requires_grad=True)
    function(x).sum().backward()
    assert function(x).tolist() == pytest.approx(values, rel=1e-10)
    assert x.grad.tolist() == pytest.approx(slopes, rel=1e-6)


def test_t1_tanh_is_a_sigmoid_stretched():
    x = autograd.linspace(-10, 10, 101, dtype=float64)
    assert np.allclose(F.tanh(x).numpy(), (2 * F.sigmoid(2 * x) - 1).numpy(), atol=1e-15)


def test_t1_maxout_of_two_pieces_can_be_the_others():
    x = tensor([[-10.0], [0.0], [10.0]])
    maxout = nn.Maxout(1, 1, bias=False)
    for slopes, expected in (([1.0, 0.0], [0.0, 0.0, 10.0]), ([1.0, 0.1], [-1.0, 0.0, 10.0])):
        maxout.load_state_dict({"weight": tensor(slopes).unsqueeze(1)})
        assert maxout(x).numpy().ravel().tolist() == expected
    assert sum(p.numel() for p in nn.Maxout(5, 4).parameters()) == 2 * sum(
        p.numel() for p in nn.Linear(5, 4).parameters()
    )


def test_t1_softmax_takes_all_scores_together():
    x = tensor([-10.0, 0.0, 10.0], dtype=float64, requires_grad=True)
    p = F.softmax(x, dim=0)
    assert p.sum().item() == pytest.approx(1)
    assert p.tolist() == pytest.approx([math.exp(-20), math.exp(-10), 1], rel=1e-4)
    assert np.allclose(F.softmax(x + 1000, dim=0).numpy(), p.numpy(), rtol=1e-12)  # only differences count
    p[2].backward()
    assert x.grad.tolist() == pytest.approx([-math.exp(-20), -math.exp(-10), math.exp(-10)], rel=1e-3)


def test_t1_saturation_lets_no_gradient_through():
    for saturating in (F.sigmoid, F.tanh):
        x = tensor([-10.0, 10.0], dtype=float64, requires_grad=True)
        saturating(x).sum().backward()
        assert (x.grad < 1e-4).all()
    x = tensor(0.5, dtype=float64, requires_grad=True)
    sigmoids = rectified = x
    for _ in range(10):
        sigmoids, rectified = sigmoids.sigmoid(), rectified.relu()
    assert 0 < autograd.grad(sigmoids, x)[0].item() < 0.25**10  # at most a quarter in each layer
    assert autograd.grad(rectified, x)[0].item() == 1.0


def test_t1_a_dead_relu_stays_dead_and_a_leaky_one_recovers():
    X, y = autograd.rand(50, 3), autograd.ones(50, 1)
    for activation, alive in ((nn.ReLU(), False), (nn.LeakyReLU(0.1), True)):
        layer = nn.Linear(3, 1)
        layer.load_state_dict({"weight": tensor([[1.0, 1.0, 1.0]]), "bias": tensor([-10.0])})
        before = layer.weight.numpy().copy()
        model = nn.Sequential(layer, activation)
        optimiser = nn.optim.SGD(model.parameters(), lr=0.5)
        for _ in range(300):
            optimiser.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            optimiser.step()
        assert (layer.weight.numpy() != before).any() == alive
        assert loss.item() < 0.1 if alive else loss.item() == 1.0


# T3: ten layers of 500 units on unit Gaussian input; with a tolerance for each layer also in test_init


def small(weight):
    return nn.init.normal_(weight, 0.0, 0.01)


def large(weight):
    return nn.init.normal_(weight, 0.0, 1.0)


def he(weight):
    return nn.init.kaiming_normal_(weight, nonlinearity="relu")


XAVIER_TANH = ["0.628", "0.486", "0.408", "0.357", "0.321", "0.292", "0.273", "0.255", "0.239", "0.228"]
T3 = {
    # Deviations of the layers as printed; None where the lecture leaves them out.
    "tanh, 0.01": (nn.Tanh, small, ["0.213", "0.0476", "0.0106", "0.00238", *[None] * 5, "0.000000"]),
    "tanh, 1": (nn.Tanh, large, ["0.98"] * 10),
    "tanh, Xavier": (nn.Tanh, nn.init.xavier_normal_, XAVIER_TANH),
    "ReLU, Xavier": (nn.ReLU, nn.init.xavier_normal_, ["0.583", "0.404", "0.277", *[None] * 6, "0.026"]),
    "ReLU, He": (nn.ReLU, he, ["0.825", "0.828", "0.814", "0.827", *[None] * 5, "0.845"]),
}


def layer_statistics(activation, initialise):
    """The mean and the standard deviation of each layer's activations, seen by hooks."""
    layers = [layer for _ in range(10) for layer in (nn.Linear(500, 500, bias=False), activation())]
    model, found = nn.Sequential(*layers), []
    for layer in model:
        if isinstance(layer, nn.Linear):
            initialise(layer.weight)
        else:
            layer.register_forward_hook(lambda _, __, out: found.append((out.mean().item(), out.std().item())))
    with no_grad():
        model(autograd.randn(1000, 500))
    return found


@pytest.mark.parametrize("name", T3)
def test_t3_the_printed_deviations_are_within_sampling_error(name):
    """A printed number is one draw, so it differs from the mean of several networks by a few of their deviations."""
    activation, initialise, printed = T3[name]
    manual_seed(0)
    runs = np.array([layer_statistics(activation, initialise) for _ in range(6)])  # (network, layer, mean or deviation)
    means, deviations = runs[..., 0], runs[..., 1]
    for layer, text in enumerate(printed):
        if text is not None:
            rounding = 0.5 * 10.0 ** -len(text.partition(".")[2])
            # One draw beside the mean of six: the variances add up; five deviations, estimated from six draws.
            allowed = 5 * deviations[:, layer].std(ddof=1) * math.sqrt(1 + 1 / 6)
            assert abs(deviations[:, layer].mean() - float(text)) <= allowed + rounding, f"layer {layer + 1}"
    if activation is nn.Tanh:  # odd, so the means are zero up to their own scatter
        assert (np.abs(means) < 0.05 * deviations + 1e-12).all()
    else:  # half of the numbers are zero: the mean is that of half a Gaussian, 0.68 deviations
        half = math.sqrt(1 / (2 * math.pi)) / math.sqrt(1 / 2 - 1 / (2 * math.pi))
        assert np.allclose(means[:, 0] / deviations[:, 0], half, rtol=0.02)

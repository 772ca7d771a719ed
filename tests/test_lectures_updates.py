"""The lectures' row T8: ways to update weights on an elongated bowl, the lecture's own lines beside ``nn.optim``.

Where PyTorch and the lectures differ, the test says how: see ``nesterov_ahead`` and ``EPS``.
"""

import math
from itertools import islice

import numpy as np
import pytest

import autograd
from autograd import float64, tensor
from nn import optim

SLOPES = np.array([1.0, 25.0])
START = np.array([-3.0, 1.0])
EPS = 1e-8  # the lectures add 1e-7; both keep from dividing by zero


def bowl(x):
    """(x0^2 + 25 x1^2) / 2: a valley along the first axis, 25 times as steep across."""
    return 0.5 * (tensor(SLOPES) * x * x).sum()


def gradient(x):
    return SLOPES * x


def path(make, steps=40):
    """Where an optimiser of ``nn.optim`` goes."""
    x = tensor(START, dtype=float64, requires_grad=True)
    optimiser, places = make([x]), [START]

    def closure():
        optimiser.zero_grad()
        loss = bowl(x)
        loss.backward()
        return loss

    for _ in range(steps):
        optimiser.step(closure)
        places.append(x.numpy().copy())
    return np.array(places)


def by_hand(update, steps=40):
    """Where the lecture's lines go: a generator that receives a gradient function and yields places."""
    return np.array([START, *islice(update(START), steps)])


def sgd(x, lr=0.03):
    while True:
        x = x - lr * gradient(x)
        yield x


def momentum(x, lr=0.03, mu=0.9):
    v = np.zeros(2)
    while True:
        v = mu * v - lr * gradient(x)
        x = x + v
        yield x


def nesterov_ahead(x, lr=0.03, mu=0.9):
    """The gradient at the place where the momentum is about to carry x."""
    v = np.zeros(2)
    while True:
        x_ahead = x + mu * v
        v = mu * v - lr * gradient(x_ahead)
        x = x + v
        yield x + mu * v  # the rewritten form, and nn.optim, keep this place


def nesterov_rewritten(x, lr=0.03, mu=0.9):
    v = np.zeros(2)
    while True:
        v_before = v
        v = mu * v - lr * gradient(x)
        x = x - mu * v_before + (1 + mu) * v
        yield x


def adagrad(x, lr=0.5):
    cache = np.zeros(2)
    while True:
        dx = gradient(x)
        cache = cache + dx**2
        x = x - lr * dx / (np.sqrt(cache) + EPS)
        yield x


def rmsprop(x, lr=0.1, decay=0.9):
    cache = np.zeros(2)
    while True:
        dx = gradient(x)
        cache = decay * cache + (1 - decay) * dx**2
        x = x - lr * dx / (np.sqrt(cache) + EPS)
        yield x


def adam(x, lr=0.1, beta1=0.9, beta2=0.999, correct=True):
    m, v, t = np.zeros(2), np.zeros(2), 0
    while True:
        t += 1
        dx = gradient(x)
        m = beta1 * m + (1 - beta1) * dx
        v = beta2 * v + (1 - beta2) * dx**2
        m_hat, v_hat = (m / (1 - beta1**t), v / (1 - beta2**t)) if correct else (m, v)
        x = x - lr * m_hat / (np.sqrt(v_hat) + EPS)
        yield x


UPDATES = {
    "SGD": (sgd, lambda p: optim.SGD(p, lr=0.03)),
    "momentum": (momentum, lambda p: optim.SGD(p, lr=0.03, momentum=0.9)),
    "Nesterov": (nesterov_ahead, lambda p: optim.SGD(p, lr=0.03, momentum=0.9, nesterov=True)),
    "Nesterov, rewritten": (nesterov_rewritten, lambda p: optim.SGD(p, lr=0.03, momentum=0.9, nesterov=True)),
    "AdaGrad": (adagrad, lambda p: optim.Adagrad(p, lr=0.5, eps=EPS)),
    "RMSProp": (rmsprop, lambda p: optim.RMSprop(p, lr=0.1, alpha=0.9, eps=EPS)),
    "Adam": (adam, lambda p: optim.Adam(p, lr=0.1, eps=EPS)),
    "Adam without bias correction": (
        lambda x: adam(x, correct=False),
        lambda p: optim.Adam(p, lr=0.1, eps=EPS, bias_correction=False),
    ),
}


@pytest.mark.parametrize("name", UPDATES)
def test_t8_the_lectures_lines_and_ours_take_the_same_way(name):
    lines, make = UPDATES[name]
    found = path(make)
    np.testing.assert_allclose(found, by_hand(lines), rtol=1e-9, atol=1e-12)
    assert bowl(tensor(found[-1])).item() < bowl(tensor(START)).item()


def test_t8_how_they_move_on_the_bowl():
    ways = {name: path(make) for name, (_, make) in UPDATES.items()}
    one_step = {name: np.abs(way[1] - way[0]) for name, way in ways.items()}
    # SGD's steps are as unequal as the slopes: slow along the valley; AdaGrad, RMSProp and Adam make them equal.
    assert one_step["SGD"] == pytest.approx([0.09, 0.75])
    for name, length in (("AdaGrad", 0.5), ("RMSProp", 0.1 / math.sqrt(0.1)), ("Adam", 0.1)):
        assert one_step[name] == pytest.approx([length, length], rel=1e-6)
    # Without its correction Adam starts with steps too long by (1 - beta1) / sqrt(1 - beta2) = 3.16.
    assert one_step["Adam without bias correction"] == pytest.approx([0.1 * math.sqrt(10)] * 2, rel=1e-6)
    # Momentum rolls along the valley faster than SGD, and beyond the lowest place.
    assert ways["momentum"][10, 0] > ways["SGD"][10, 0]
    assert ways["momentum"][:, 0].max() > 0 > ways["SGD"][:, 0].max()
    # Nesterov's looks ahead, so it overshoots less, above all across the valley.
    overshoot = {name: np.abs(ways[name][5:, 1]).max() for name in ("momentum", "Nesterov")}
    assert overshoot["Nesterov"] < 0.5 * overshoot["momentum"]


def test_t8_adagrad_slows_down_for_ever_and_rmsprop_forgets():
    """On an even slope AdaGrad's step t is lr / sqrt(t), RMSProp's becomes lr."""
    for make, expected in (
        (lambda p: optim.Adagrad(p, lr=0.1, eps=EPS), lambda t: 0.1 / math.sqrt(t)),
        (lambda p: optim.RMSprop(p, lr=0.1, alpha=0.9, eps=EPS), lambda t: 0.1 / math.sqrt(1 - 0.9**t)),
    ):
        x = autograd.Value(0.0)
        optimiser = make([x])
        for t in range(1, 101):
            before = x.data
            optimiser.zero_grad()
            (7 * x).backward()
            optimiser.step()
            assert before - x.data == pytest.approx(expected(t), rel=1e-6)


def test_t8_sgd_diverges_where_the_steep_direction_says_so():
    """Across the valley each step multiplies by 1 - 25 lr: stable only up to lr = 2 / 25."""
    for lr, factor in ((0.079, -0.975), (0.081, -1.025)):
        way = path(lambda p, lr=lr: optim.SGD(p, lr=lr))
        assert way[40, 1] == pytest.approx(factor**40)
        assert (abs(way[40, 1]) > 1) == (lr > 2 / 25)


def test_t8_the_hessian_and_products_with_it():
    x = tensor(START, dtype=float64)
    assert autograd.hessian(bowl, x).numpy().tolist() == [[1.0, 0.0], [0.0, 25.0]]
    _, product = autograd.hvp(bowl, x, v=np.array([2.0, 3.0]))  # without the matrix
    assert product.numpy().tolist() == [2.0, 75.0]


def test_t8_newton_needs_one_step():
    way = path(optim.Newton, steps=1)
    assert way[1] == pytest.approx([0.0, 0.0], abs=1e-12)
    hessian, slope = autograd.hessian(bowl, tensor(START)).numpy(), gradient(START)
    assert START - np.linalg.solve(hessian, slope) == pytest.approx([0.0, 0.0], abs=1e-12)


def test_t8_l_bfgs_needs_gradients_only():
    way = path(lambda p: optim.LBFGS(p, line_search_fn="strong_wolfe"), steps=1)
    assert bowl(tensor(way[1])).item() < 1e-10
    sgd_way = path(UPDATES["SGD"][1], steps=20)  # as many gradients as L-BFGS may take in one step
    assert bowl(tensor(sgd_way[20])).item() > 1e-3


def test_t8_the_paths_are_drawn():
    pytest.importorskip("matplotlib", reason="drawing needs the plots extra")
    from viz import plots

    ways = {name: path(make, steps=20) for name, (_, make) in UPDATES.items()}
    axes = plots.optimiser_paths(lambda x, y: 0.5 * (x**2 + 25 * y**2), ways)
    drawn = [line.get_xydata() for line in axes.lines]
    for way in ways.values():
        assert any(line.shape == way.shape and np.allclose(line, way) for line in drawn)

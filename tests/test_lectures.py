"""The numbers that the lectures print, computed with this package.

The letters are the rows of the lectures: G graphs and backpropagation, P from one weight to a network, C convolution.
"""

from itertools import pairwise

import numpy as np
import pytest

import autograd
from autograd import (
    ComputationalGraph,
    Value,
    float64,
    functions,
    gradcheck,
    jacobian,
    numerical_gradient,
    tensor,
    topological_order,
    vjp,
)
from nn import functional as F

# G1: f = (x + y) z


def test_g1_the_first_graph():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    q = x + y
    f = q * z
    f.backward()
    assert (q.data, f.data) == (3.0, -12.0)
    assert (f.grad, q.grad, z.grad, x.grad, y.grad) == (1.0, -4.0, 3.0, -4.0, -4.0)


# G2: the sigmoid neuron


@pytest.fixture
def neuron():
    """The sigmoid neuron in stages, as the lecture draws it: every wire by its name."""
    wires = {
        "w0": Value(2.0, "w0"),
        "x0": Value(-1.0, "x0"),
        "w1": Value(-3.0, "w1"),
        "x1": Value(-2.0, "x1"),
        "w2": Value(-3.0, "w2"),
    }
    wires["w0 x0"] = wires["w0"] * wires["x0"]
    wires["w1 x1"] = wires["w1"] * wires["x1"]
    wires["sum"] = wires["w0 x0"] + wires["w1 x1"]
    wires["score"] = wires["sum"] + wires["w2"]
    wires["negated"] = -wires["score"]
    wires["exp"] = wires["negated"].exp()
    wires["plus one"] = wires["exp"] + 1
    wires["f"] = 1 / wires["plus one"]
    return wires


G2_VALUES = {
    "w0 x0": "-2.00",
    "w1 x1": "6.00",
    "sum": "4.00",
    "score": "1.00",
    "negated": "-1.00",
    "exp": "0.37",
    "plus one": "1.37",
    "f": "0.73",
}
G2_GRADIENTS = {
    "f": "1.00",
    "plus one": "-0.53",
    "exp": "-0.53",
    "negated": "-0.20",
    "score": "0.20",
    "sum": "0.20",
    "w0 x0": "0.20",
    "w1 x1": "0.20",
}
G2_LEAF_GRADIENTS = {"w0": "-0.20", "x0": "0.39", "w1": "-0.39", "x1": "-0.59", "w2": "0.20"}


def test_g2_every_wire_of_the_sigmoid_neuron(neuron):
    neuron["f"].backward()
    assert {name: f"{neuron[name]:.2f}" for name in G2_VALUES} == G2_VALUES
    found = {name: f"{wire.grad:.2f}" for name, wire in neuron.items()}
    assert found == G2_GRADIENTS | G2_LEAF_GRADIENTS


@pytest.mark.parametrize(
    ("gate", "x", "local"),
    [
        (lambda x: x.reciprocal(), 1.37, "-0.53"),  # 1/x -> -1/x^2
        (lambda x: x + 1, 0.37, "1.00"),  # c + x -> 1
        (lambda x: x.exp(), -1.00, "0.37"),  # e^x -> e^x
        (lambda x: -1 * x, 1.00, "-1.00"),  # a x -> a
        (lambda x: x.sigmoid(), 1.00, "0.20"),  # s -> s (1 - s) = 0.73 * 0.27
    ],
)
def test_g2_the_local_rule_of_each_gate(gate, x, local):
    x = Value(x)
    gate(x).backward()
    assert f"{x.grad:.2f}" == local


def test_g2_the_gates_folded_into_one_sigmoid(neuron):
    leaves = [neuron[name] for name in G2_LEAF_GRADIENTS]
    w0, x0, w1, x1, w2 = leaves
    folded = (w0 * x0 + w1 * x1 + w2).sigmoid()
    in_one_dot = functions.dot([w0, w1], [x0, x1], w2).sigmoid()
    for f in (folded, in_one_dot):
        f.zero_grad()
        f.backward()
        assert f"{f:.2f}" == "0.73"
        assert [f"{leaf.grad:.2f}" for leaf in leaves] == list(G2_LEAF_GRADIENTS.values())
    gates = [node.op.symbol for node in topological_order([folded]) if node.op]
    assert gates == ["*", "*", "+", "+", "σ"]
    score = folded.parents[0]
    assert f"{score.grad:.2f}" == f"{0.73 * 0.27:.2f}" == "0.20"


def test_g2_the_graph_runs_forward_again_with_other_weights(neuron):
    graph = ComputationalGraph(neuron["f"])
    names = [node.label for node in graph.inputs]
    assert sorted(names) == ["w0", "w1", "w2", "x0", "x1"]
    assert graph.forward({"w0": 0.0, "w1": 0.0, "w2": 0.0}) == 0.5
    assert graph.backward()[names.index("w2")] == 0.25


# G3: the patterns of the gates


def test_g3_add_distributes():
    x, y = Value(3.0), Value(-4.0)
    (2 * (x + y)).backward()
    assert (x.grad, y.grad) == (2.0, 2.0)


def test_g3_multiply_swaps():
    x, y = Value(3.0), Value(-4.0)
    (2 * (x * y)).backward()
    assert (x.grad, y.grad) == (-8.0, 6.0)


def test_g3_max_routes():
    x, y = Value(3.0), Value(-4.0)
    (2 * x.maximum(y)).backward()
    assert (x.grad, y.grad) == (2.0, 0.0)


def test_g3_a_branch_sums():
    x = Value(3.0)
    (2 * x + 5 * x).backward()
    assert x.grad == 7.0


# G5: gradients for vectors

SCORES = [[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]]
"""Of a cat, a car and a frog; the right classes are 0, 1 and 2."""


@pytest.mark.parametrize(
    ("gate", "table"),
    [
        (lambda x: x.relu(), lambda x: np.diag(x > 0)),
        (lambda x: tensor(SCORES, dtype=float64) @ x, lambda x: np.array(SCORES)),
        (lambda x: x.sum().reshape(1), lambda x: np.ones((1, 3))),
        (lambda x: F.softmax(x, dim=0), lambda x: np.diag(_softmax(x)) - np.outer(_softmax(x), _softmax(x))),
        (lambda x: x.broadcast_to((2, 3)).reshape(6), lambda x: np.vstack([np.eye(3), np.eye(3)])),
    ],
)
def test_g5_a_gate_hands_on_the_gradient_times_its_jacobian(gate, table):
    x = np.array([0.5, -1.0, 2.0])
    exact = table(x)
    assert np.allclose(jacobian(gate, x).numpy(), exact, rtol=1e-12)
    g = np.arange(1.0, len(exact) + 1)
    assert np.allclose(vjp(gate, x, v=g)[1].numpy(), g @ exact, rtol=1e-12)


def _softmax(x):
    return np.exp(x) / np.exp(x).sum()


def test_g5_the_chain_rule_multiplies_jacobians():
    W, x = tensor(SCORES, dtype=float64), tensor([0.5, -1.0, 2.0], dtype=float64, requires_grad=True)
    z = W @ x
    a = z.tanh()
    loss = (a * a).sum()
    loss.backward()
    product = 2 * a.numpy() @ jacobian(lambda z: z.tanh(), z).numpy() @ jacobian(lambda x: W @ x, x).numpy()
    assert np.allclose(x.grad.numpy(), product, rtol=1e-12)


@pytest.fixture
def linear_classifier():
    """Pictures, weights and bias that give the lecture's scores."""
    X = tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], dtype=float64)
    W = tensor([[0.9, -1.0], [-2.4, -2.6], [-5.1, -1.4]], dtype=float64, requires_grad=True)
    b = tensor([2.3, 7.5, 3.4], dtype=float64, requires_grad=True)
    return X, W, b


def test_g5_the_svm_loss_in_stages(linear_classifier):
    X, W, b = linear_classifier
    others = tensor(1 - np.eye(3))

    def stages(X, W, b):
        scores = X @ W.T + b
        right = scores[[0, 1, 2], [0, 1, 2]].reshape(3, 1)
        margins = (scores - right + 1).relu() * others
        data_loss = margins.sum() / 3
        reg_loss = 0.1 * (W * W).sum()
        return scores, margins, data_loss, reg_loss, data_loss + reg_loss

    scores, margins, data_loss, reg_loss, loss = stages(X, W, b)
    assert np.allclose(scores.numpy(), SCORES)
    assert np.allclose(margins.numpy().sum(1), [2.9, 0.0, 12.9])
    assert f"{data_loss.item():.2f}" == "5.27"
    assert reg_loss.item() == pytest.approx(4.23)
    assert (3 * F.multi_margin_loss(scores, tensor([0, 1, 2]))).item() == pytest.approx(data_loss.item())

    loss.backward()
    d_scores = np.array([[-1, 1, 0], [0, 0, 0], [1, 1, -2]]) / 3
    assert np.allclose(margins.grad.numpy(), 1 / 3)
    assert np.allclose(scores.grad.numpy(), d_scores)
    assert np.allclose(W.grad.numpy(), d_scores.T @ X.numpy() + 0.2 * W.numpy())
    assert np.allclose(b.grad.numpy(), d_scores.sum(0))  # the sum undoes the broadcasting
    assert gradcheck(lambda *leaves: stages(*leaves)[-1], (X, W, b))


def test_g5_the_softmax_loss_in_stages(linear_classifier):
    X, W, b = linear_classifier
    scores = X @ W.T + b
    exponentials = scores.exp()
    probabilities = exponentials / exponentials.sum(dim=1, keepdim=True)
    losses = -probabilities[[0, 1, 2], [0, 1, 2]].log()
    losses.mean().backward()
    assert [f"{p:.2f}" for p in probabilities[0].tolist()] == ["0.13", "0.87", "0.00"]
    assert f"{losses[0].item():.2f}" == "2.04"
    assert losses.mean().item() == pytest.approx(F.cross_entropy(scores, tensor([0, 1, 2])).item())
    d_scores = (probabilities.numpy() - np.eye(3)) / 3
    assert np.allclose(scores.grad.numpy(), d_scores)
    assert np.allclose(W.grad.numpy(), d_scores.T @ X.numpy())
    assert np.allclose(b.grad.numpy(), d_scores.sum(0))


# G6: the numerical gradient, one weight at a time


def test_g6_the_table_of_nudged_losses():
    weights = [0.34, -1.11, 0.78]
    losses = {
        (0.34, -1.11, 0.78): 1.25347,
        (0.3401, -1.11, 0.78): 1.25322,
        (0.34, -1.1099, 0.78): 1.25353,
        (0.34, -1.11, 0.7801): 1.25347,
    }

    def loss(w):
        return losses[tuple(round(entry, 4) for entry in w)]

    gradient = numerical_gradient(loss, weights, h=0.0001, method="forward")
    assert gradient == pytest.approx([-2.5, 0.6, 0.0], abs=1e-9)


def test_g6_analytic_against_numerical():
    def loss(w0, w1, w2):
        return ((w0 * 2 + w1 * -3 + w2).sigmoid() - 1) ** 2

    weights = [0.34, -1.11, 0.78]
    leaves = [Value(w) for w in weights]
    loss(*leaves).backward()
    numerical = numerical_gradient(lambda w: loss(*w), leaves)
    for leaf, approximate in zip(leaves, numerical, strict=True):
        assert abs(leaf.grad - approximate) / max(abs(leaf.grad), abs(approximate)) < 1e-6
    assert gradcheck(loss, weights)


# G7: the delta rule in layers


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("sigmoid", lambda a: a * (1 - a)),
        ("tanh", lambda a: 1 - a * a),
        ("relu", lambda a: a > 0),
    ],
)
def test_g7_the_delta_rule_equals_backprop_on_the_graph(name, slope):
    random = np.random.default_rng(7)
    sizes = [3, 4, 4, 2]
    Ws = [tensor(random.normal(size=(n, m)), requires_grad=True) for m, n in pairwise(sizes)]
    bs = [tensor(random.normal(size=(n, 1)), requires_grad=True) for n in sizes[1:]]
    x, y = tensor(random.normal(size=(3, 1))), tensor(random.normal(size=(2, 1)))
    zs, activations = [], [x]
    for W, b in zip(Ws, bs, strict=True):
        zs.append(W @ activations[-1] + b)
        activations.append(getattr(zs[-1], name)())
    (0.5 * ((activations[-1] - y) ** 2).sum()).backward()

    upstream = activations[-1].numpy() - y.numpy()
    for layer in (2, 1, 0):
        delta = upstream * slope(activations[layer + 1].numpy())
        assert np.allclose(zs[layer].grad.numpy(), delta, rtol=1e-10)
        assert np.allclose(Ws[layer].grad.numpy(), delta @ activations[layer].numpy().T, rtol=1e-10)
        assert np.allclose(bs[layer].grad.numpy(), delta, rtol=1e-10)
        upstream = Ws[layer].numpy().T @ delta


# P1: one weight, y = w x

ROWS = [(10.0, 10.1), (2.0, 1.9), (3.5, 3.4), (1.0, 1.1)]


def losses(w):
    return [0.5 * (y - w * x) ** 2 for x, y in ROWS]


def test_p1_one_weight_fits_the_first_row_only():
    each = [loss.data for loss in losses(Value(1.01))]
    assert each == pytest.approx([0.0, 0.0072, 0.0091125, 0.00405], abs=1e-12)


def test_p1_the_gradient_is_the_error_times_the_input():
    for x, y in ROWS:
        w = Value(0.5)
        (0.5 * (y - w * x) ** 2).backward()
        assert w.grad == pytest.approx(-(y - 0.5 * x) * x)


def test_p1_gradient_descent_finds_the_best_weight():
    w, eta = Value(0.0, "w"), 0.01
    history = []
    for _ in range(30):
        w.grad = 0.0
        total = sum(losses(w))
        total.backward()
        w.data -= eta * w.grad
        history.append(total.data)
    assert w.data == pytest.approx(117.8 / 117.25, rel=1e-12)  # sum of x y over sum of x x
    assert history[0] == pytest.approx(59.195)
    assert history[:6] == sorted(history[:6], reverse=True)


def test_p1_the_first_step_by_hand():
    w = Value(0.0)
    sum(losses(w)).backward()
    assert w.grad == pytest.approx(-117.8)
    w.data -= 0.001 * w.grad
    assert w.data == pytest.approx(0.1178)


# P2: the learning rate.  Each step multiplies the distance to the best weight by 1 - 117.25 eta.


@pytest.mark.parametrize(("eta", "factor"), [(0.0001, 0.988275), (0.005, 0.41375), (0.01, -0.1725), (0.02, -1.345)])
def test_p2_a_learning_rate_too_small_right_and_too_large(eta, factor):
    best, w = 117.8 / 117.25, Value(0.0)
    for step in range(1, 6):
        w.grad = 0.0
        sum(losses(w)).backward()
        w.data -= eta * w.grad
        assert w.data - best == pytest.approx(-best * factor**step, rel=1e-9)


# C1: a Gaussian kernel on nine pixels

PIXELS = np.array([[178.0, 174.0, 177.0], [179.0, 178.0, 179.0], [168.0, 171.0, 178.0]])
GAUSSIAN = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16


@pytest.mark.parametrize("dtype", [autograd.float32, float64])
def test_c1_a_gaussian_kernel_gives_176(dtype):
    by_hand = sum(PIXELS[i, j] * GAUSSIAN[i, j] for i in range(3) for j in range(3))
    pixels, kernel = (tensor(given[None, None], dtype=dtype) for given in (PIXELS, GAUSSIAN))
    result = F.conv2d(pixels, kernel)
    assert result.shape == (1, 1, 1, 1)
    assert round(result.item()) == round(by_hand) == 176
    assert result.item() == by_hand == 176.1875


# C2: the size of the result, (W - F + 2P)/S + 1


@pytest.mark.parametrize(("stride", "size"), [(1, 5), (2, 3), (3, 2)])
def test_c2_seven_pixels_and_three_weights(stride, size):
    X = autograd.zeros(1, 1, 7, 7, requires_grad=True)
    Y = F.conv2d(X, autograd.ones(1, 1, 3, 3), stride=stride)
    assert Y.shape == (1, 1, size, size)
    assert (7 - 3) // stride + 1 == size
    Y.sum().backward()  # how many windows saw each pixel
    unseen = X.grad.numpy()[0, 0] == 0
    assert unseen[6, :].all() == unseen[:, 6].all() == (stride == 3)  # it does not fit: rounded down
    assert not unseen[:6, :6].any()


@pytest.mark.parametrize("width", [1, 3, 5, 7])
def test_c2_padding_keeps_the_size(width):
    X, K = autograd.zeros(1, 1, 32, 32), autograd.ones(1, 1, width, width)
    assert F.conv2d(X, K, padding=(width - 1) // 2).shape == X.shape
    assert F.conv2d(X, K, padding="same").shape == X.shape


def test_c2_a_kernel_larger_than_the_picture_is_refused():
    with pytest.raises(ValueError, match=r"conv2d: the kernel \(9, 9\) .* is larger than the padded input \(7, 7\)"):
        F.conv2d(autograd.zeros(1, 1, 7, 7), autograd.ones(1, 1, 9, 9))


# C3: channels


def test_c3_ten_filters_with_padding():
    weights, bias = autograd.randn(10, 3, 5, 5), autograd.randn(10)
    assert F.conv2d(autograd.randn(1, 3, 32, 32), weights, bias, padding=2).shape == (1, 10, 32, 32)
    assert weights.numel() + bias.numel() == 760


def test_c3_six_filters_without_padding():
    assert F.conv2d(autograd.randn(1, 3, 32, 32), autograd.randn(6, 3, 5, 5)).shape == (1, 6, 28, 28)


def test_c3_filters_of_one_pixel_mix_channels():
    random = np.random.default_rng(3)
    X, mix = random.normal(size=(1, 3, 8, 8)), random.normal(size=(2, 3))
    mixed = F.conv2d(tensor(X), tensor(mix.reshape(2, 3, 1, 1)))
    assert np.allclose(mixed.numpy(), np.einsum("oc,nchw->nohw", mix, X), rtol=1e-12)


# C4: pooling


def test_c4_max_pooling_routes_the_gradient_to_the_stored_winner():
    X = tensor([[7, 2, 4, 1], [3, 5, 0, 6], [1, 8, 2, 2], [4, 0, 3, 9]], dtype=float64).reshape(1, 1, 4, 4)
    X.requires_grad_()
    largest, winners = F.max_pool2d(X, 2, return_indices=True)
    assert largest.numpy().ravel().tolist() == [7, 6, 8, 9]
    assert winners.numpy().ravel().tolist() == [0, 7, 9, 15]
    largest.backward(tensor([[[[10.0, 20.0], [30.0, 40.0]]]], dtype=float64))
    routed = np.zeros(16)
    routed[[0, 7, 9, 15]] = 10, 20, 30, 40
    assert np.array_equal(X.grad.numpy().ravel(), routed)


def test_c4_average_pooling_shares_the_gradient():
    X = tensor([[7, 2, 4, 1], [3, 5, 0, 6], [1, 8, 2, 2], [4, 0, 3, 9]], dtype=float64).reshape(1, 1, 4, 4)
    means, shares = vjp(lambda X: F.avg_pool2d(X, 2), X, v=np.array([[[[10.0, 20.0], [30.0, 40.0]]]]))
    assert means.numpy().ravel().tolist() == [4.25, 2.75, 3.25, 4.0]
    assert np.array_equal(shares.numpy()[0, 0], np.kron([[2.5, 5.0], [7.5, 10.0]], np.ones((2, 2))))


@pytest.mark.parametrize("pool", [F.max_pool2d, F.avg_pool2d])
@pytest.mark.parametrize(("W", "size", "stride"), [(28, 2, 2), (32, 3, 1), (7, 3, 2)])
def test_c4_the_size_after_pooling(pool, W, size, stride):
    expected = (W - size) // stride + 1
    assert pool(autograd.zeros(1, 6, W, W), size, stride).shape == (1, 6, expected, expected)

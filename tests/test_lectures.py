"""The numbers that the lectures print, computed with this package.

The letters are the rows of the lectures: G graphs and backpropagation, P from one weight to a network.
"""

import pytest

from autograd import ComputationalGraph, Value, functions, gradcheck, numerical_gradient, topological_order

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

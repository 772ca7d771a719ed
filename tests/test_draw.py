"""The picture: every number on its wire, every wire at its gate, read back from the SVG."""

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import viz
from autograd import Gate, Value
from nn import MLP

SVG = "{http://www.w3.org/2000/svg}"


# Reading a picture back.  Only what a viewer sees is used: texts, colours, positions, lines.


@dataclass
class Wire:
    label: str
    value: str
    gradient: str
    box: tuple
    texts: dict

    @property
    def numbers(self):
        return (self.label, self.value, self.gradient)


@dataclass
class Drawn:
    """A gate (or a fork, which has no text) with the wires that arrive and those that leave."""

    text: str
    box: tuple
    incoming: list = field(default_factory=list)
    outgoing: list = field(default_factory=list)

    @property
    def centre(self):
        return ((self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2)


def points(text):
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def bounds(pairs):
    xs, ys = zip(*pairs, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def distance(point, box):
    (x, y), (left, top, right, bottom) = point, box
    return max(left - x, 0, x - right) + max(top - y, 0, y - bottom)


class Picture:
    def __init__(self, diagram, theme="default", across=False):
        self.root = ET.fromstring(diagram.svg())
        self.theme = viz.THEMES[theme]
        self.across = across  # the graph runs up or down, so that operands stand side by side
        self.wires, self.gates, self.forks, self.loose = [], [], [], []
        edges = []
        for group in self.root.iter(f"{SVG}g"):
            if group.get("class") == "node":
                self._read_node(group)
            elif group.get("class") == "edge":
                edges.append(group)
        for group in edges:
            self._read_edge(group)

    def _read_node(self, group):
        texts = [(t.get("fill"), (t.text or "").strip(), t) for t in group.iter(f"{SVG}text")]
        rules = [bounds(points(p.get("points"))) for p in group.iter(f"{SVG}polygon")]
        rules = [box for box in rules if min(box[2] - box[0], box[3] - box[1]) == 0]
        if rules:
            found = {}
            for colour, text, element in texts:
                if text:
                    kind = {self.theme.value: "value", self.theme.gradient: "gradient"}.get(colour, "label")
                    found[kind] = (text, float(element.get("x")), float(element.get("y")))
            label, value, gradient = (found.get(kind, ("",))[0] for kind in ("label", "value", "gradient"))
            self.wires.append(Wire(label, value, gradient, rules[0], found))
            return
        for circle in group.iter(f"{SVG}ellipse"):
            cx, cy, rx, ry = (float(circle.get(name)) for name in ("cx", "cy", "rx", "ry"))
            box = (cx - rx, cy - ry, cx + rx, cy + ry)
        for path in group.iter(f"{SVG}path"):
            box = bounds(points(path.get("d")))
        text = "\n".join(text for _, text, _ in texts)
        (self.gates if text else self.forks).append(Drawn(text, box))

    def _read_edge(self, group):
        (path,) = group.iter(f"{SVG}path")
        line = points(path.get("d"))
        heads = [points(polygon.get("points")) for polygon in group.iter(f"{SVG}polygon")]
        tail, head = self._nearest(line[0]), self._nearest(heads[0][1] if heads else line[-1])
        assert tail is not None, "a line begins nowhere"
        if isinstance(tail, Drawn):
            tail.outgoing.append(head)
        if isinstance(head, Drawn):
            head.incoming.append(tail)
        if head is None:
            self.loose.append(tail)

    def _nearest(self, point):
        things = [*self.wires, *self.gates, *self.forks]
        nearest = min(things, key=lambda thing: distance(point, thing.box))
        return nearest if distance(point, nearest.box) < 4 else None

    def gate(self, text):
        (found,) = [gate for gate in self.gates if gate.text == text]
        return found

    def operands(self, gate):
        """The numbers of the wires that arrive at a gate, from the first operand to the last."""
        return [wire.numbers for wire in sorted(gate.incoming, key=lambda w: w.box[0 if self.across else 1])]

    def results(self, gate):
        return [wire.numbers for wire in gate.outgoing]

    def numbers(self):
        return sorted(wire.numbers for wire in self.wires)

    def texts(self):
        return [text.text for text in self.root.iter(f"{SVG}text") if (text.text or "").strip()]


def g1():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    return f


def neuron(activation):
    w0, x0, w1, x1, w2 = (
        Value(data, name) for data, name in [(2.0, "w0"), (-1.0, "x0"), (-3.0, "w1"), (-2.0, "x1"), (-3.0, "w2")]
    )
    f = activation(w0 * x0 + w1 * x1 + w2)
    f.backward()
    return f


def staged(score):
    return 1 / (1 + (score * -1).exp())


# The lecture's two pictures


def check_g1(picture):
    assert picture.operands(picture.gate("+")) == [("x", "-2.00", "-4.00"), ("y", "5.00", "-4.00")]
    assert picture.results(picture.gate("+")) == [("", "3.00", "-4.00")]
    assert picture.operands(picture.gate("*")) == [("", "3.00", "-4.00"), ("z", "-4.00", "3.00")]
    assert picture.results(picture.gate("*")) == [("", "-12.00", "1.00")]
    assert len(picture.wires) == 5
    assert len(picture.gates) == 2
    assert picture.forks == []
    assert [wire.numbers for wire in picture.loose] == [("", "-12.00", "1.00")]


def test_g1_every_number_on_its_wire():
    check_g1(Picture(viz.draw(g1())))


def check_g2_score(picture):
    first, second = sorted((gate for gate in picture.gates if gate.text == "*"), key=lambda gate: gate.centre[1])
    assert picture.operands(first) == [("w0", "2.00", "-0.20"), ("x0", "-1.00", "0.39")]
    assert picture.operands(second) == [("w1", "-3.00", "-0.39"), ("x1", "-2.00", "-0.59")]
    plus, bias = sorted((gate for gate in picture.gates if gate.text == "+"), key=lambda gate: gate.centre[0])
    assert picture.operands(plus) == [("", "-2.00", "0.20"), ("", "6.00", "0.20")]
    assert picture.operands(bias) == [("", "4.00", "0.20"), ("w2", "-3.00", "0.20")]
    assert picture.results(bias) == [("", "1.00", "0.20")]


G2_TAIL = [
    ("*-1", ("", "-1.00", "-0.20")),
    ("exp", ("", "0.37", "-0.53")),
    ("+1", ("", "1.37", "-0.53")),
    ("1/x", ("", "0.73", "1.00")),
]


def check_g2_tail(picture):
    before = ("", "1.00", "0.20")
    for text, after in G2_TAIL:
        assert picture.operands(picture.gate(text)) == [before]
        assert picture.results(picture.gate(text)) == [after]
        before = after


def test_g2_every_number_on_its_wire():
    picture = Picture(viz.draw(neuron(staged), theme="cs231n"), "cs231n")
    check_g2_score(picture)
    check_g2_tail(picture)
    assert (len(picture.gates), len(picture.wires)) == (8, 13)
    assert picture.forks == []


def test_g2_folded_into_one_sigmoid():
    picture = Picture(viz.draw(neuron(lambda score: score.sigmoid())))
    check_g2_score(picture)
    assert picture.operands(picture.gate("σ")) == [("", "1.00", "0.20")]
    assert picture.results(picture.gate("σ")) == [("", "0.73", "1.00")]
    assert (len(picture.gates), len(picture.wires)) == (5, 10)


@pytest.mark.parametrize("f", [g1(), neuron(staged)], ids=["g1", "g2"])
@pytest.mark.parametrize("direction", ["LR", "RL"])
def test_the_value_stands_above_the_wire_and_the_gradient_below(f, direction):
    for wire in Picture(viz.draw(f, direction=direction)).wires:
        left, top, right, bottom = wire.box
        assert top == bottom
        (_, value_x, value_y), (_, gradient_x, gradient_y) = wire.texts["value"], wire.texts["gradient"]
        assert value_y < top < gradient_y
        assert left <= value_x < right
        assert left <= gradient_x < right


@pytest.mark.parametrize("direction", ["TB", "BT"])
def test_on_upright_wires_the_value_stands_left_and_the_gradient_right(direction):
    for wire in Picture(viz.draw(g1(), direction=direction)).wires:
        left, top, right, bottom = wire.box
        assert left == right
        (_, value_x, value_y), (_, gradient_x, gradient_y) = wire.texts["value"], wire.texts["gradient"]
        assert value_x < left <= gradient_x
        assert value_y == gradient_y
        assert top < value_y < bottom + 1


# Wires


def test_operands_stand_in_their_order():
    a, b, c, d = (Value(float(i), name) for i, name in enumerate("abcd", 1))
    for operands in ([a, b, c, d], [d, c, b, a], [b, d, a, c]):
        f = autograd.sum(operands)
        picture = Picture(viz.draw(f))
        assert [label for label, _, _ in picture.operands(picture.gate("Σ"))] == [node.label for node in operands]
    picture = Picture(viz.draw(b - a))
    assert [label for label, _, _ in picture.operands(picture.gate("-"))] == ["b", "a"]


def test_operands_stand_in_their_order_also_when_they_are_used_elsewhere():
    b, c = Value(2.0, "b"), Value(3.0, "c")
    both = b + c
    for f, symbol, values in [
        (c * (c - c), "*", ["3.00", "0.00"]),
        (autograd.sum([both, b, both]), "Σ", ["5.00", "2.00", "5.00"]),
        (autograd.sum([b + b, c, b]), "Σ", ["4.00", "3.00", "2.00"]),
    ]:
        picture = Picture(viz.draw(f))
        assert [value for _, value, _ in picture.operands(picture.gate(symbol))] == values


def test_dot_is_one_gate_with_a_wire_for_each_operand():
    ws, xs = [Value(2.0, "w0"), Value(-3.0, "w1")], [Value(-1.0, "x0"), Value(-2.0, "x1")]
    f = autograd.dot(ws, xs, Value(-3.0, "b"))
    f.backward()
    picture = Picture(viz.draw(f))
    assert sorted(picture.operands(picture.gate("dot"))) == [
        ("b", "-3.00", "1.00"),
        ("w0", "2.00", "-1.00"),
        ("w1", "-3.00", "-2.00"),
        ("x0", "-1.00", "2.00"),
        ("x1", "-2.00", "-3.00"),
    ]
    assert picture.results(picture.gate("dot")) == [("", "1.00", "1.00")]


def test_x_times_x_has_two_wires():
    x = Value(3.0, "x")
    f = x * x
    f.backward()
    picture = Picture(viz.draw(f))
    assert picture.operands(picture.gate("*")) == [("", "3.00", "3.00")] * 2
    assert picture.numbers() == [
        ("", "3.00", "3.00"),
        ("", "3.00", "3.00"),
        ("", "9.00", "1.00"),
        ("x", "3.00", "6.00"),
    ]
    (fork,) = picture.forks
    assert [wire.numbers for wire in fork.incoming] == [("x", "3.00", "6.00")]
    assert fork.outgoing == picture.gate("*").incoming or fork.outgoing == picture.gate("*").incoming[::-1]


def test_a_branch_shows_what_arrives_through_it():
    x = Value(3.0, "x")
    f = 2 * x + x.exp() * 0 + 5 * x
    f.backward()
    picture = Picture(viz.draw(f))
    assert picture.operands(picture.gate("*2")) == [("", "3.00", "2.00")]
    assert picture.operands(picture.gate("*5")) == [("", "3.00", "5.00")]
    assert picture.operands(picture.gate("exp")) == [("", "3.00", "0.00")]
    assert ("x", "3.00", "7.00") in picture.numbers()


@st.composite
def graphs(draw):
    nodes = [Value(draw(st.floats(-2, 2)), name) for name in "abc"]
    for _ in range(draw(st.integers(1, 8))):
        pick = st.sampled_from(nodes)
        kind = draw(st.integers(0, 4))
        if kind == 0:
            node = draw(pick) + draw(pick)
        elif kind == 1:
            node = draw(pick) * draw(pick)
        elif kind == 2:
            node = draw(pick) - draw(pick)
        elif kind == 3:
            node = draw(pick).tanh()
        else:
            node = autograd.sum([draw(pick), draw(pick), draw(pick)])
        nodes.append(node)
    return nodes


@settings(deadline=None, max_examples=40)
@given(graphs())
def test_branches_sum_to_their_trunk(nodes):
    f = nodes[-1]
    f.backward()
    drawn = autograd.topological_order([f])
    for i, node in enumerate(drawn):
        node.label = f"node{i}"
    picture = Picture(viz.draw(f, precision=15))
    labelled = {wire.label.removesuffix(" ="): wire for wire in picture.wires if wire.label}
    assert sorted(labelled) == sorted(node.label for node in drawn)
    for node in drawn:
        wire = labelled[node.label]
        assert float(wire.value) == pytest.approx(node.data, abs=1e-14)
        assert float(wire.gradient) == pytest.approx(node.grad, abs=1e-14)
    uses = sum(len(node.parents) for node in drawn)
    assert sum(len(gate.incoming) for gate in picture.gates) == uses
    for fork in picture.forks:
        (trunk,) = fork.incoming
        branches = [float(wire.gradient) for wire in fork.outgoing]
        assert len(branches) > 1
        assert sum(branches) == pytest.approx(float(trunk.gradient), rel=1e-9, abs=1e-12)
        assert {wire.value for wire in fork.outgoing} == {trunk.value}


# Gradients not computed, and other numbers


def test_without_a_backward_pass_there_is_no_gradient():
    picture = Picture(viz.draw((Value(2.0, "x") + Value(3.0, "y")) * 4))
    assert [wire.gradient for wire in picture.wires] == [""] * 4
    assert sorted(picture.texts()) == ["*4", "+", "2.00", "20.00", "3.00", "5.00", "x", "y"]


def test_a_gradient_of_zero_is_shown():
    x, y = Value(3.0, "x"), Value(1.0, "y")
    f = x.maximum(y)
    f.backward()
    picture = Picture(viz.draw(f))
    assert picture.operands(picture.gate("max")) == [("x", "3.00", "1.00"), ("y", "1.00", "0.00")]
    f.zero_grad()
    assert "0.00" not in Picture(viz.draw(f)).texts()


def test_a_part_that_no_pass_reached_has_no_gradient():
    x = Value(3.0, "x")
    reached, not_reached = x * 2, x * 5
    reached.backward()
    picture = Picture(viz.draw([reached, not_reached]))
    assert picture.operands(picture.gate("*2")) == [("", "3.00", "2.00")]
    assert picture.operands(picture.gate("*5")) == [("", "3.00", "")]
    assert picture.results(picture.gate("*5")) == [("", "15.00", "")]


@pytest.mark.parametrize(
    ("number", "precision", "text"),
    [
        (1234567.0, 2, "1.23e+06"),
        (0.00012, 2, "1.20e-04"),
        (-0.0, 2, "0.00"),
        (float("nan"), 2, "nan"),
        (float("-inf"), 2, "-inf"),
        (2.5, 0, "2"),
        (1 / 3, 6, "0.333333"),
        (0.1, 17, "0.10000000000000001"),
    ],
)
def test_numbers_are_written_with_the_precision_or_in_powers_of_ten(number, precision, text):
    assert Picture(viz.draw(Value(number), precision=precision)).numbers() == [("", text, "")]


# Gates


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x: x + 1, "+1"),
        (lambda x: 1 + x, "+1"),
        (lambda x: x - 1, "-1"),
        (lambda x: 1 - x, "1-x"),
        (lambda x: x * -1, "*-1"),
        (lambda x: -1 * x, "*-1"),
        (lambda x: -x, "*-1"),
        (lambda x: 1 / x, "1/x"),
        (lambda x: x.reciprocal(), "1/x"),
        (lambda x: x / 4, "/4"),
        (lambda x: x**2, "**2"),
        (lambda x: 2**x, "2**x"),
        (lambda x: x % 0.5, "%0.5"),
        (lambda x: x.maximum(0), "max(x, 0)"),
        (lambda x: x.clamp(-1, 1), "clamp(x, -1, 1)"),
        (lambda x: x.leaky_relu(), "leaky ReLU"),
        (lambda x: x.leaky_relu(0.2), "leaky ReLU(x, 0.2)"),
        (lambda x: x.expm1(), "expm1"),
    ],
)
def test_constants_are_folded_into_their_gate(function, text):
    f = function(Value(3.0, "x"))
    f.backward()
    picture = Picture(viz.draw(f))
    assert [gate.text for gate in picture.gates] == [text]
    assert len(picture.wires) == 2


def test_constants_can_have_wires_of_their_own():
    x = Value(3.0, "x")
    f = 2 - x
    f.backward()
    picture = Picture(viz.draw(f, fold_constants=False))
    assert picture.operands(picture.gate("-")) == [("", "2.00", ""), ("x", "3.00", "-1.00")]


def test_a_constant_with_a_name_has_a_wire():
    x, c = Value(3.0, "x"), Value(2.0, "c", requires_grad=False)
    f = x * c
    f.backward()
    picture = Picture(viz.draw(f))
    assert picture.operands(picture.gate("*")) == [("x", "3.00", "2.00"), ("c", "2.00", "")]


def test_different_constants_look_different():
    x = Value(3.0, "x")
    shown = [Picture(viz.draw(x * factor)).gates[0].text for factor in (1.0, 1.00001, 123456.0, 123457.0)]
    assert len(set(shown)) == 4, shown


class MultiplyGate(Gate):
    symbol = "⊗"

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [self.y * dz, self.x * dz]


class TwiceGate(Gate):
    def forward(self, x):
        return 2 * x

    def backward(self, dz):
        return 2 * dz


def test_a_gate_of_your_own_shows_its_symbol_or_its_name():
    x = Value(3.0, "x")
    f = TwiceGate()(MultiplyGate()(x, Value(-4.0, "y")) + x)
    f.backward()
    picture = Picture(viz.draw(f))
    assert sorted(picture.operands(picture.gate("⊗"))) == [("", "3.00", "-8.00"), ("y", "-4.00", "6.00")]
    assert picture.operands(picture.gate("Twice")) == [("", "-9.00", "2.00")]
    assert picture.results(picture.gate("Twice")) == [("", "-18.00", "1.00")]
    assert ("x", "3.00", "-6.00") in picture.numbers()


# Unfolded gates


@pytest.mark.parametrize("unfold", [True, {"sigmoid"}, ["sigmoid"], "sigmoid"])
def test_an_unfolded_sigmoid_is_the_lecture_picture(unfold):
    f = neuron(lambda score: score.sigmoid())
    picture = Picture(viz.draw(f, unfold=unfold))
    check_g2_score(picture)
    check_g2_tail(picture)
    assert (len(picture.gates), len(picture.wires)) == (8, 13)


def test_unfolding_leaves_the_graph_as_it_is():
    f = neuron(lambda score: score.sigmoid())
    before = [(node, node.op, node.parents, node.data, node.grad) for node in autograd.topological_order([f])]
    viz.draw(f, unfold=True)
    after = [(node, node.op, node.parents, node.data, node.grad) for node in autograd.topological_order([f])]
    assert len(before) == len(after) == 10
    for old, new in zip(before, after, strict=True):
        assert old[0] is new[0]
        assert all(a is b for a, b in zip(old[2], new[2], strict=True))
        assert (old[1], *old[3:]) == (new[1], *new[3:])


def test_unfolding_names_only_the_gates_to_unfold():
    x = Value(0.5, "x")
    picture = Picture(viz.draw(x.sigmoid() * x.softplus(), unfold={"softplus"}))
    assert sorted(gate.text for gate in picture.gates) == ["*", "+1", "exp", "ln", "σ"]


def test_unfolding_without_a_backward_pass_shows_no_gradient():
    picture = Picture(viz.draw(Value(1.0, "x").sigmoid(), unfold=True))
    assert {wire.gradient for wire in picture.wires} == {""}
    assert len(picture.gates) == 4


@settings(deadline=None, max_examples=25)
@given(st.floats(-3, 3), st.sampled_from([row.name for row in autograd.OPERATIONS.values() if row.composed]))
def test_unfolded_gates_pass_on_the_same_numbers(data, name):
    x = Value(data, "x")
    f = getattr(x, name)()
    f.backward()
    picture = Picture(viz.draw(f, unfold={name}, precision=12))
    (trunk,) = [wire for wire in picture.wires if wire.label == "x"]
    assert float(trunk.gradient) == pytest.approx(x.grad, rel=1e-6, abs=1e-9)
    (end,) = picture.loose
    assert float(end.value) == pytest.approx(f.data, rel=1e-6, abs=1e-9)
    assert len(picture.gates) + len(picture.forks) >= 1


# Outputs


def test_several_outputs_each_have_an_arrow():
    p, q = Value(1.0, "p"), Value(2.0, "q")
    u = p * q
    v = u + p
    picture = Picture(viz.draw([u, v]))
    assert (len(picture.gates), len(picture.loose)) == (2, 2)
    assert picture.results(picture.gate("*")) == [("", "2.00", "")]
    assert picture.results(picture.gate("+")) == [("", "3.00", "")]


def test_a_leaf_alone_is_one_wire():
    picture = Picture(viz.draw(Value(3.0, "x")))
    assert picture.numbers() == [("x", "3.00", "")]
    assert [wire.label for wire in picture.loose] == ["x"]
    assert picture.gates == []


def test_the_same_output_twice_is_drawn_once():
    x = Value(3.0, "x")
    f = x * 2
    picture = Picture(viz.draw([f, f]))
    assert (len(picture.gates), len(picture.loose)) == (1, 1)


def test_a_name_of_a_result_stands_at_its_wire():
    f = Value(3.0, "x") * 2
    f.label = "loss"
    picture = Picture(viz.draw(f))
    assert picture.results(picture.gate("*2")) == [("loss =", "6.00", "")]
    assert Picture(viz.draw(f, values=False)).numbers() == [("loss", "", ""), ("x", "", "")]


# Options


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_directions(direction):
    across = direction in ("TB", "BT")
    picture = Picture(viz.draw(g1(), direction=direction), across=across)
    check_g1(picture)
    axis = 1 if across else 0
    plus, times = picture.gate("+").centre[axis], picture.gate("*").centre[axis]
    assert (plus < times) == (direction in ("LR", "TB"))


@pytest.mark.parametrize("theme", ["default", "cs231n", "dark"])
def test_themes(theme):
    picture = Picture(viz.draw(g1(), theme=theme), theme)
    check_g1(picture)
    colours = viz.THEMES[theme]
    fills = {element.get("fill") for element in picture.root.iter()}
    assert fills - {None, "none"} == {
        colours.background, colours.line, colours.text, colours.value, colours.gradient, colours.gate
    }  # fmt: skip


def test_a_theme_of_your_own():
    mine = viz.Theme("#fffff0", "#111111", "#222222", "#006600", "#660000", "#eeeeee")
    svg = viz.draw(g1(), theme=mine).svg()
    for colour in ("#fffff0", "#111111", "#222222", "#006600", "#660000", "#eeeeee"):
        assert colour in svg


def test_numbers_and_names_can_be_left_out():
    f = g1()
    assert {wire.value for wire in Picture(viz.draw(f, values=False)).wires} == {""}
    assert {wire.gradient for wire in Picture(viz.draw(f, gradients=False)).wires} == {""}
    assert {wire.label for wire in Picture(viz.draw(f, labels=False)).wires} == {""}
    assert sorted(Picture(viz.draw(f, values=False, gradients=False, labels=False)).texts()) == ["*", "+"]
    nothing_else_changes = Picture(viz.draw(f, gradients=False))
    assert nothing_else_changes.operands(nothing_else_changes.gate("*")) == [("", "3.00", ""), ("z", "-4.00", "")]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"direction": "lr"}, "'lr'.*'LR', 'RL', 'TB', 'BT'"),
        ({"direction": None}, "'LR'"),
        ({"theme": "bright"}, "'bright'.*'default', 'cs231n', 'dark'"),
        ({"precision": -1}, "0 to 17.*-1"),
        ({"precision": 18}, "0 to 17.*18"),
        ({"precision": 2.0}, "0 to 17.*2.0"),
        ({"precision": "2"}, "0 to 17.*'2'"),
        ({"precision": True}, "0 to 17.*True"),
        ({"unfold": {"exp"}}, "exp.*sigmoid"),
        ({"unfold": "sigmod"}, "sigmod.*sigmoid"),
    ],
    ids=str,
)
def test_an_unknown_option_is_an_error_that_says_what_there_is(option, message):
    with pytest.raises(ValueError, match=message):
        viz.draw(g1(), **option)


@pytest.mark.parametrize("thing", [3, 3.0, None, "x", [], (), {}, [3], [None], {Value(1.0)}, Value], ids=repr)
def test_only_values_can_be_drawn(thing):
    with pytest.raises(TypeError, match="Value"):
        viz.draw(thing)


# Large graphs


def counts(picture):
    """How many gates each box of a collapsed picture stands for."""
    found = []
    for gate in picture.gates:
        lines = [re.fullmatch(r"([\d,]+) (?:× .*|gates in all)", line) for line in gate.text.splitlines()]
        assert lines
        assert all(lines), gate.text
        numbers = [int(line[1].replace(",", "")) for line in lines]
        found.append(numbers[-1] if "in all" in gate.text else sum(numbers))
    return found


def chain(length, x):
    f = x
    for _ in range(length):
        f = f + 1
    return f


def test_above_the_limit_a_picture_collapses_with_a_warning():
    f = chain(301, Value(1.0, "x"))
    with pytest.warns(UserWarning, match=r"301 gates.*300.*collapse=True.*collapse=False") as warned:
        collapsed = viz.draw(f)
    assert warned[0].filename == __file__
    assert sum(counts(Picture(collapsed))) == 301
    assert len(Picture(viz.draw(chain(300, Value(1.0)))).gates) == 300


def test_collapse_says_whether_to_collapse():
    f = chain(10, Value(1.0, "x"))
    assert [gate.text for gate in Picture(viz.draw(f, collapse=False, limit=3)).gates] == ["+1"] * 10
    assert sum(counts(Picture(viz.draw(f, collapse=True, limit=3)))) == 10
    with pytest.warns(UserWarning, match="collapsed"):
        viz.draw(f, limit=9)


def test_a_long_chain_collapses_to_few_boxes():
    x = Value(1.0, "x")
    f = chain(200_000, x)
    f.backward()
    picture = Picture(viz.draw(f, collapse=True))
    assert 1 < len(picture.gates) <= 16
    assert sum(counts(picture)) == 200_000
    assert ("1 input", "1.00", "1.00") in picture.numbers()
    assert [wire.numbers for wire in picture.loose] == [("", "200001.00", "1.00")]


def wide_graph(depth, width):
    chooser = random.Random(depth)
    layer = [Value(chooser.random(), f"x{i}") for i in range(width)]
    functions = ["exp", "sin", "cos", "tanh", "sigmoid", "relu", "softplus", "square", "abs", "cosh", "atan", "erf"]
    gates = 0
    for _ in range(depth):
        layer = [
            getattr(chooser.choice(layer), chooser.choice(functions))()
            if chooser.random() < 0.5
            else chooser.choice(layer) * chooser.choice(layer)
            for _ in range(width)
        ]
    f = autograd.sum(layer)
    gates = sum(node.op is not None for node in autograd.topological_order([f]))
    return f, gates


@pytest.mark.parametrize("depth", [1, 4, 14, 40])
def test_a_wide_graph_collapses_to_few_boxes(depth):
    f, gates = wide_graph(depth, 200)
    picture = Picture(viz.draw(f, collapse=True))
    assert 1 < len(picture.gates) <= 60
    assert len(picture.wires) <= 200
    assert sum(counts(picture)) == gates


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_a_batch_through_a_network_collapses_to_few_boxes(direction):
    random.seed(1)
    model = MLP(2, [8, 8, 1])
    outputs = [model([random.random(), random.random()]) for _ in range(30)]
    loss = autograd.sum([(output - 1.0) ** 2 for output in outputs]) / 30
    loss.backward()
    gates = sum(node.op is not None for node in autograd.topological_order([loss]))
    picture = Picture(viz.draw(loss, collapse=True, direction=direction))
    assert 1 < len(picture.gates) <= 20
    assert sum(counts(picture)) == gates > 2000
    inputs = [int(wire.label.split()[0]) for wire in picture.wires if "input" in wire.label]
    assert sum(inputs) == len(model.parameters())
    assert [(wire.value, wire.gradient) for wire in picture.loose] == [(f"{loss.data:.2f}", "1.00")]


def test_a_collapsed_picture_of_several_outputs_has_them_all():
    x = Value(1.0, "x")
    outputs = [chain(20, x), chain(30, x), x]
    picture = Picture(viz.draw(outputs, collapse=True))
    assert sum(counts(picture)) == 50
    assert {"21.00", "31.00"} <= {wire.value for wire in picture.loose}


def staged_sigmoid(x):
    return 1 / (1 + (-x).exp())


def test_a_staged_sigmoid_folds_into_one_gate():
    x = Value(1.0, "x")
    f = staged_sigmoid(x * 2)
    f.backward()
    staged, folded = Picture(viz.draw(f)), Picture(viz.draw(f, fold={"sigmoid"}))
    assert [gate.text for gate in staged.gates] == ["*2", "*-1", "exp", "+1", "1/x"]
    assert [gate.text for gate in folded.gates] == ["*2", "σ"]
    (wire,) = folded.gates[1].incoming
    assert (wire.value, wire.gradient) == ("2.00", "0.10")
    assert f.op.name == "div"


@pytest.mark.parametrize(
    "other_way",
    [
        lambda x: (1.0 + (x * -1).exp()).reciprocal(),
        lambda x: 1 / ((-x).exp() + 1),
        lambda x: 1 / (1 + (-1 * x).exp()),
    ],
)
def test_other_ways_to_write_a_sigmoid_fold_too(other_way):
    picture = Picture(viz.draw(other_way(Value(1.0, "x")), fold=True))
    assert [gate.text for gate in picture.gates] == ["σ"]


@pytest.mark.parametrize(
    "different",
    [
        lambda x: 1 / (2 + (-x).exp()),
        lambda x: 2 / (1 + (-x).exp()),
        lambda x: 1 / (1 + x.exp()),
        lambda x: (e := (-x).exp()) + 1 / (1 + e),  # the result inside is used again
    ],
)
def test_what_is_no_sigmoid_does_not_fold(different):
    picture = Picture(viz.draw(different(Value(1.0, "x")), fold={"sigmoid"}))
    assert "σ" not in [gate.text for gate in picture.gates]


def test_folding_and_unfolding_are_inverse():
    f = Value(0.5, "x").sigmoid()
    unfolded = viz.draw(f, unfold={"sigmoid"})
    assert viz.draw(staged_sigmoid(Value(0.5, "x")), fold={"sigmoid"}).source == viz.draw(f).source
    assert [gate.text for gate in Picture(unfolded).gates] == ["*-1", "exp", "+1", "1/x"]

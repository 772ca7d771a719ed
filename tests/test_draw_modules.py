"""Calls of modules as boxes and as frames, and the other forms of a graph in the page of a stepper."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import nn
import viz
from autograd import Value, manual_seed, tensor

SVG = "{http://www.w3.org/2000/svg}"


class Net(nn.Module):
    def __init__(self):
        manual_seed(1)
        self.fc1 = nn.Linear(3, 4)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)).tanh())


@pytest.fixture
def net():
    return Net()


def loss_of(net):
    x = tensor(np.linspace(-1, 1, 15, dtype=np.float32).reshape(5, 3), label="x")
    return nn.CrossEntropyLoss()(net(x), tensor([0, 1, 0, 1, 1], label="labels"))


def drawn(diagram):
    """The texts of the gates, and those of the frames."""
    root = ET.fromstring(diagram.svg())

    def texts(kind):
        return [
            [text.text for text in group.iter(f"{SVG}text")]
            for group in root.iter(f"{SVG}g")
            if group.get("class") == kind
            and (kind == "cluster" or group.find(f"{SVG}ellipse") is not None or group.find(f"{SVG}path") is not None)
        ]

    return sorted(" ".join(text) for text in texts("node") if text), sorted(" ".join(text) for text in texts("cluster"))


@pytest.mark.parametrize(
    ("modules", "gates", "frames"),
    [
        (True, ["CrossEntropyLoss module", "Linear fc1", "Linear fc2", "ReLU act", "tanh"], ["Net"]),
        (0, ["CrossEntropyLoss module", "Net module"], []),
        (1, ["Linear fc1", "Linear fc2", "ReLU act", "cross entropy", "tanh"], ["CrossEntropyLoss", "Net"]),
        (
            9,
            ["ReLU", "cross entropy", "linear", "linear", "tanh"],
            ["CrossEntropyLoss", "Net", "act: ReLU", "fc1: Linear", "fc2: Linear"],
        ),
        (False, ["ReLU", "cross entropy", "linear", "linear", "tanh"], []),
    ],
)
def test_boxes_and_frames(net, modules, gates, frames):
    assert drawn(viz.draw(loss_of(net), modules=modules)) == (gates, frames)


def test_parameters_have_their_paths(net):
    for modules in (True, 0, 9):
        source = viz.draw(loss_of(net), modules=modules).source
        for name in ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"):
            assert source.count(f">{name}<") == 1


def test_a_box_passes_the_gradients_back_that_its_gates_would(net):
    loss = loss_of(net)
    for modules in (True, 0, 1):
        steps = viz.step(loss, modules=modules).frames
        found = {name: node._grad for node, name in steps.names.items() if node.op is None}
        net.zero_grad()
        loss.backward()
        for name, parameter in net.named_parameters():
            np.testing.assert_allclose(found[name], parameter.grad.numpy(), rtol=1e-6)


def test_gradients_of_the_last_pass_are_shown(net):
    loss = loss_of(net)
    loss.backward()
    text = viz.draw(loss, modules=0).text()
    row = next(line for line in text.splitlines() if line.split()[0] == "fc2.bias" and len(line.split()) == 4)
    assert row.split()[1] == "(2)"
    assert re.search(r"v1 = Net\(x, fc1.weight, fc1.bias, fc2.weight, fc2.bias\)", text)


def test_a_module_that_is_called_twice_has_two_boxes_and_its_parameters_once():
    manual_seed(0)
    layer = nn.Linear(2, 2)
    y = layer(layer(tensor([[1.0, 2.0]], label="x")).relu()).sum()
    diagram = viz.draw(y, modules=True)
    gates, _ = drawn(diagram)
    assert gates.count("Linear module") == 2
    assert diagram.source.count(">weight<") == 1


def test_a_module_whose_inside_is_used_elsewhere_is_a_frame():
    class Leaky(nn.Module):
        def forward(self, x):
            self.seen = x.exp()
            return self.seen * 2.0

    module = Leaky()
    y = module(tensor([1.0, 2.0], requires_grad=True, label="x"))
    gates, frames = drawn(viz.draw((y + module.seen).sum(), modules=0))
    assert "exp" in gates
    assert frames == []
    gates, frames = drawn(viz.draw((y + module.seen).sum(), modules=1))
    assert frames == ["Leaky"]


def test_nested_containers():
    manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 1)))
    y = net(tensor([[1.0, 2.0]], label="x")).sum()
    assert drawn(viz.draw(y, modules=1)) == (["Linear 0", "Sequential 1", "Σ"], ["Sequential"])
    gates, frames = drawn(viz.draw(y, modules=2))
    assert gates == ["Linear 1", "ReLU 0", "linear", "Σ"]
    assert frames == ["0: Linear", "1: Sequential", "Sequential"]


def test_a_graph_without_modules_is_drawn_as_ever():
    x = Value(2.0, "x")
    assert viz.draw(x * 3.0, modules=True).source == viz.draw(x * 3.0).source


@pytest.mark.parametrize("modules", [-1, "fc1", 1.5, None])
def test_refused(net, modules):
    with pytest.raises(ValueError, match="modules is True, False or a depth from 0 on"):
        viz.draw(loss_of(net), modules=modules)


# The other forms in the page


def figures(stepper):
    page = stepper.html()
    data = json.loads(re.search(r'id="steps">(.*?)</script>', page)[1])
    names = re.findall(r'<section class="stepper[^"]*" aria-label="([^"]*)"( hidden)?', page)
    figures = [data, *data["others"]]
    assert len(names) == len(figures) == page.count("<svg role=")
    gates = [[node["symbol"] for node in figure["pass"]["nodes"] if "symbol" in node] for figure in figures]
    return [name for name, _ in names], [bool(hidden) for _, hidden in names], gates


def neuron():
    names = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    w0, x0, w1, x1, w2 = (Value(number, name) for name, number in names.items())
    return 1 / (1 + (-(w0 * x0 + w1 * x1 + w2)).exp())


def test_the_sigmoid_folds_and_unfolds_in_the_page():
    names, hidden, gates = figures(viz.step(neuron()))
    assert names == ["As computed", "Folded"]
    assert hidden == [False, True]
    assert gates[0][-3:] == ["exp", "+", "/"]
    assert gates[1][-1] == "σ"
    names, _, gates = figures(viz.step(Value(1.0, "x").sigmoid()))
    assert names == ["As computed", "Unfolded"]
    assert len(gates[0]) == 1
    assert len(gates[1]) == 4


def test_the_chosen_form_comes_first_and_one_form_needs_no_choice():
    assert figures(viz.step(neuron(), fold=True))[0] == ["Folded", "As computed"]
    assert figures(viz.step(neuron(), forms=False))[0] == ["As computed"]
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert figures(viz.step(x * y))[0] == ["As computed"]
    assert "Form of the graph" not in viz.step(x * y).html()


def test_modules_collapse_and_expand_in_the_page(net):
    names, hidden, _ = figures(viz.step(loss_of(net), modules=True))
    assert names[0] == "Modules as boxes"
    assert {"As computed", "All gates of the modules"} <= set(names)
    assert hidden == [False] + [True] * (len(names) - 1)


def test_the_page_of_the_neuron_is_small():
    stepper = viz.step(neuron())
    assert len(stepper.html().encode()) < 80_000
    assert len(stepper._repr_mimebundle_()["text/html"].encode()) < 80_000

"""The picture of a training loop: the same graph, other numbers, and how the weights move."""

import json
import re

import numpy as np
import pytest

import nn
import viz
from autograd import Value, manual_seed, tensor


def loop(steps=4, update=lambda w: 0.125 * w.grad):
    w, b, records = Value(-1.0, "w"), Value(0.5, "b"), []
    for _ in range(steps):
        loss = (w * 2.0 + b - 6.0) ** 2
        loss.zero_grad()
        loss.backward()
        records.append(viz.frames(loss))
        for p in (w, b):
            p.data -= update(p)
    return records


def data_of(view):
    return json.loads(re.search(r'id="steps">(.*?)</script>', view.html())[1])


def test_each_record_keeps_its_numbers():
    records = loop()
    data = data_of(viz.training(records))
    weights = [step["values"][0] for step in data["records"]]
    assert weights == [-1.0, 2.75, 1.8125, 2.046875]
    assert [step["gradients"][0] for step in data["records"]] == [-30.0, 7.5, -1.875, 0.46875]


def test_old_minus_rate_times_gradient_is_new():
    lines = viz.training(loop()).text().splitlines()
    assert lines[0] == "step 1: v4 = 56.25; w: -1.00 - 0.125 * (-30.00) = 2.75; b: 0.50 - 0.125 * (-15.00) = 2.38"
    assert lines[1].startswith("step 2: v4 = 3.52; w: 2.75 - 0.125 * 7.50 = 1.81")
    assert lines[-1] == "step 4: v4 = 0.01; w: 2.05, gradient 0.47; b: 2.02, gradient 0.23"


def test_another_rule_is_not_said_to_be_plain_descent():
    text = viz.training(loop(update=lambda w: 0.1 * np.sign(w.grad) if w.label == "w" else 0.3)).text()
    assert " * " not in text
    assert "w: -1.00 becomes -0.90, gradient -30.00" in text
    assert "becomes" in viz.training(loop(), rate=0.5).text()  # a rate that does not explain the step


def test_parameters_that_an_optimiser_changes_in_place():
    manual_seed(0)
    net, records = nn.Linear(2, 1), []
    sgd = nn.optim.SGD(net.parameters(), lr=0.25)
    x, y = tensor([[1.0, 2.0], [3.0, -1.0]], label="x"), tensor([[1.0], [0.0]], label="y")
    weights = []
    for _ in range(3):
        loss = nn.functional.mse_loss(net(x), y)
        sgd.zero_grad()
        loss.backward()
        records.append(viz.frames(loss))
        weights.append(net.weight.numpy().reshape(-1).tolist())
        sgd.step()
    data = data_of(viz.training(records, theme="dark"))
    place = next(i for i, node in enumerate(data["pass"]["nodes"]) if node["value"].get("shape") == [1, 2])
    assert [step["values"][place]["numbers"] for step in data["records"]] == weights
    updates = [row["text"] for row in data["records"][0]["updates"]]
    assert any(
        re.fullmatch(r"1×2 with norm \S+ becomes 1×2 with norm \S+, gradient 1×2 with norm \S+", u) for u in updates
    )
    assert any(" - 0.25 * " in update for update in updates)  # the bias is one number


def test_the_page(tmp_path):
    path = viz.training(loop()).save_html(tmp_path / "training.html")
    page = path.read_text(encoding="utf-8")
    assert '<main class="page training">' in page
    assert page.count("<svg role=") == 1
    assert "<img data-chainrule=" in viz.training(loop())._repr_mimebundle_()["text/html"]


def test_refused():
    records = loop()
    with pytest.raises(ValueError, match="there are no records"):
        viz.training([])
    with pytest.raises(TypeError, match=r"takes a list of viz.frames\(loss\)"):
        viz.training([Value(1.0)])
    with pytest.raises(TypeError, match=r"takes a list of viz.frames\(loss\)"):
        viz.training(records[0])
    x = Value(1.0)
    with pytest.raises(ValueError, match="record 4 has another graph"):
        viz.training([*records, viz.frames(x * x)])

"""Common mistakes beside the right pass."""

import json
import re

import pytest

import viz
from autograd import Gate, Value, tensor, topological_order
from autograd.graph import results_in_order


def twice_used():
    x, y = Value(3.0, "x"), Value(2.0, "y")
    return x * x + x * y


def branching():
    a = Value(2.0, "a")
    b = a * 3.0
    return (b + b.tanh()) * a


def micrograd_rules(output, *, assign=False, ordered=True):
    """What a student's engine computes: closures run in order, or recursively; the gradients by node."""
    gradients = {output: 1.0}

    def pull(node):
        for operand, part in zip(node.parents, node.op.contributions(node, gradients[node], False), strict=True):
            if operand.requires_grad:
                gradients[operand] = part if assign else gradients.get(operand, 0.0) + part

    def recurse(node):
        pull(node)
        for operand in dict.fromkeys(node.parents):
            if operand.op is not None:
                recurse(operand)

    if ordered:
        for node in reversed(results_in_order([output])):
            pull(node)
    else:
        recurse(output)
    return gradients


@pytest.mark.parametrize("graph", [twice_used, branching])
@pytest.mark.parametrize("kind", ["assign", "no_order"])
def test_the_wrong_gradients_are_those_of_a_wrong_engine(graph, kind):
    lesson = viz.mistake(graph(), kind)
    wrong = lesson.wrong.outputs[0]
    found = micrograd_rules(wrong, assign=kind == "assign", ordered=kind != "no_order")
    for node, gradient in found.items():
        assert node._grad == pytest.approx(gradient)


@pytest.mark.parametrize("graph", [twice_used, branching])
@pytest.mark.parametrize("kind", ["assign", "no_order", "no_zero"])
def test_the_right_gradients_are_those_of_backward(graph, kind):
    output = graph()
    lesson = viz.mistake(output, kind)
    output.backward()
    right = {node.label: node._grad for node in lesson.right.nodes if node.op is None and node.requires_grad}
    assert right == {node.label: node.grad for node in topological_order([output]) if node.op is None}


def test_what_comes_out_wrong():
    assert viz.mistake(twice_used(), "assign").differences() == {"x": (8.0, 3.0)}
    assert viz.mistake(twice_used(), "no_order").differences() == {}
    assert viz.mistake(twice_used(), "no_zero").differences() == {"x": (8.0, 16.0), "y": (3.0, 6.0)}
    (right, wrong) = viz.mistake(branching(), "no_order").differences()["a"]
    assert wrong == pytest.approx(right + 6.0)  # what a * 3 passed on too early went on a second time


def test_the_words():
    text = viz.mistake(twice_used(), "assign").text()
    assert "(= puts it in the place of 2.00, which is lost; += gives 5.00)" in text
    assert text.endswith("Different in the end:\nx: right 8.00, wrong 3.00")
    text = viz.mistake(branching(), "no_order").text()
    assert "Too early: more is still to arrive" in text
    assert "Again: it did so before" in text
    text = viz.mistake(twice_used(), "no_zero").text()
    assert "all gradients are cleared." in text
    assert "the gradients of the inputs are not cleared." in text
    assert "x receives 1.00 times 2.00 is 2.00, added to 8.00 gives 10.00" in text


def test_every_step_starts_from_what_the_last_has_left():
    for kind in ("assign", "no_order", "no_zero"):
        lesson = viz.mistake(branching(), kind)
        for steps in (lesson.right, lesson.wrong):
            has = {}
            for step in steps.steps:
                for node in step.nodes:
                    del has[node]
                if step.phase == "seed":
                    has[step.node] = step.upstream
                for slot in step.slots:
                    if kind != "assign":
                        assert slot.before == has.get(slot.operand)
                    has[slot.operand] = slot.after
            assert {node: node._grad for node in has} == has


def test_tensors():
    w, x = tensor([[1.0, -2.0], [3.0, 4.0]], requires_grad=True, label="w"), tensor([1.0, 1.0], label="x")
    lesson = viz.mistake(((w @ x) * w.sum()).sum(), "assign")
    assert [*lesson.differences()] == ["w"]
    assert "an array 2×2" in lesson.text()


def test_the_graph_is_not_touched():
    f = twice_used()
    for kind in ("assign", "no_order", "no_zero"):
        viz.mistake(f, kind)
    assert not f.grad_computed


def test_the_page_has_both_passes_and_names_what_differs(tmp_path):
    path = viz.mistake(twice_used(), "assign", theme="dark").save_html(tmp_path / "lesson.html")
    page = path.read_text(encoding="utf-8")
    assert page.count("<svg role=") == 2
    assert '<main class="page lesson">' in page
    data = json.loads(re.search(r'id="steps">(.*?)</script>', page)[1])
    assert data["summary"] == ["Different in the end:", "x: right 8.00, wrong 3.00"]
    assert len(data["pass"]["steps"]) == len(data["others"][0]["pass"]["steps"])
    notes = [slot.get("note") for step in data["others"][0]["pass"]["steps"] for slot in step.get("slots", ())]
    assert sum(note is not None for note in notes) == 2
    with pytest.raises(ValueError, match="ends in"):
        viz.mistake(twice_used(), "assign").save_html(tmp_path / "lesson.txt")


def test_the_output_of_a_notebook_has_an_image_without_scripts():
    bundle = viz.mistake(twice_used(), "assign")._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert '<img data-chainrule="' in bundle["text/html"]
    assert bundle["text/plain"].endswith("x: right 8.00, wrong 3.00")
    without = viz.mistake(twice_used(), "assign", engine="no-such-engine")._repr_mimebundle_()
    assert set(without) == {"text/plain"}


def test_refused():
    with pytest.raises(ValueError, match="there is no mistake 'typo'; choose one of 'assign', 'no_order', 'no_zero'"):
        viz.mistake(twice_used(), "typo")
    with pytest.raises(TypeError, match="mistake takes a Value or a tensor"):
        viz.mistake("x", "assign")
    x = Value(1.0)
    for _ in range(20):
        x = x + x.exp()
    with pytest.raises(ValueError, match="visited once for every path, here more than 1,000 times"):
        viz.mistake(x, "no_order")

    class Once(Gate):
        def forward(self, x):
            self.runs = 0
            return x

        def backward(self, dz):
            self.runs += 1
            if self.runs > 1:
                raise RuntimeError("only once")
            return [dz]

    with pytest.raises(ValueError, match="cannot be run a second time"):
        viz.mistake(Once()(Value(1.0)), "no_order")

"""Graphs of PyTorch and micrograd in our look: values, gradients and labels as theirs."""

import subprocess
import sys

import numpy as np
import pytest

import viz
from autograd import OPERATIONS, Value

torch = pytest.importorskip("torch", reason="draws graphs of PyTorch: pip install chainrule[peers]")


def leaf(number, label=""):
    made = torch.tensor(number, requires_grad=True)
    made.label = label
    return made


def leaf_gradients(steps):
    """The gradients of the last step by the names of the leaves."""
    return {steps.names[node]: node._grad for node in steps.nodes if node.op is None and node._grad is not None}


def same_pass(theirs, leaves):
    """The gradients of our steps through their graph are the ones that their backward computes."""
    steps = viz.frames(theirs)
    theirs.sum().backward()
    ours = [node._grad for node in steps.nodes if node.op is None and node._grad is not None]
    assert len(ours) == len(leaves)
    for variable in leaves:
        right = variable.grad.numpy()
        assert any(np.shape(found) == right.shape and np.allclose(found, right, 1e-5, 1e-6) for found in ours)
    return steps


# PyTorch


def test_the_circuit_of_the_lecture_looks_as_ours():
    x, y, z = leaf(-2.0, "x"), leaf(5.0, "y"), leaf(-4.0, "z")
    a, b, c = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    theirs, ours = (x + y) * z, (a + b) * c
    assert viz.trace(theirs) == viz.trace(ours)
    assert viz.step(theirs).text() == viz.step(ours).text()
    assert viz.draw(theirs).source == viz.draw(ours).source
    theirs.backward()
    ours.backward()
    assert viz.trace(theirs) == viz.trace(ours)
    assert viz.draw(theirs).source == viz.draw(ours).source


def test_the_sigmoid_neuron():
    names = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    w0, x0, w1, x1, w2 = (leaf(number, name) for name, number in names.items())
    steps = viz.frames(1 / (1 + torch.exp(-(w0 * x0 + w1 * x1 + w2))))
    found = {name: round(gradient, 2) for name, gradient in leaf_gradients(steps).items()}
    assert found == {"w0": -0.20, "x0": 0.39, "w1": -0.39, "x1": -0.59, "w2": 0.20}
    values = [round(float(node._data), 2) for node in steps.nodes if node.op is not None]
    assert values[:8] == [-2.0, 6.0, 4.0, 1.0, -1.0, 0.37, 1.37, 0.73]


def test_many_operations():
    x, y = leaf(0.3, "x"), leaf(2.0, "y")
    f = (x * y + 2 * x - 1).tanh() ** 2 / y + torch.relu(1 - x) + x**y + torch.exp(x) * 3 + 2**x
    f = f + torch.maximum(x, y).sqrt() + torch.sub(x, y, alpha=3) + torch.nn.functional.leaky_relu(-x, 0.2)
    same_pass(f, [x, y])


def test_a_number_that_was_added_is_found():
    x = leaf(2.0, "x")
    assert "v1 = x + 5" in viz.trace((x + 5) * 3)
    assert "v1 = x - 0.25" in viz.trace(torch.exp(x - 0.25))
    assert "v1 = 1 - x" in viz.trace(torch.tanh(1 - x))


def test_what_is_not_kept_is_a_question_mark_and_the_gradient_still_right():
    x = leaf(3.0, "x")
    f = torch.relu(1 - x) * 2 + x  # relu keeps its 0, so what went in is lost
    assert "?" in viz.trace(f)
    steps = same_pass(f, [x])
    assert [node["value"] for node in steps.record()["nodes"] if node.get("operation") == "Rsub"] == [None]
    assert "= unknown." in steps.text(steps.steps[0])


def test_arrays_and_a_loss_that_the_table_does_not_have():
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 4)
    x, labels = torch.randn(5, 3), torch.tensor([0, 1, 2, 3, 0])
    loss = torch.nn.functional.cross_entropy(torch.tanh(layer(x)), labels)
    steps = same_pass(loss, [layer.weight, layer.bias])
    assert "NllLoss" in [node.op.name for node in steps.nodes if node.op]
    w = torch.randn(2, 3, requires_grad=True)
    same_pass(((w @ x.T).mean(dim=1) ** 2).sum() + w.sum(dim=0, keepdim=True).pow(3).sum(), [w])


def test_functions_of_the_user_and_several_outputs():
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(context, gradient):
            (x,) = context.saved_tensors
            return 3 * gradient * x**2

    x, y = leaf(2.0, "x"), leaf(5.0, "y")
    first, second = torch.stack([x, y]).unbind()
    same_pass(Cube.apply(x) * first + second, [x, y])


def test_gradients_are_drawn_once_there_are_some():
    x = leaf(3.0, "x")
    f = x * x
    assert "gradient" not in viz.trace(f)
    f.backward()
    assert x.grad == 6.0
    for _ in range(2):  # drawing changes nothing
        assert viz.trace(f).split()[-2:] == ["x", "6.00"]
    assert x.grad == 6.0


def test_after_a_backward_that_freed_the_graph():
    x = leaf(3.0, "x")
    f = torch.special.i0(x)  # an operation that only PyTorch knows
    f.backward()
    with pytest.raises(ValueError, match=r"backward\(\) has freed what I0 needs .*retain_graph=True"):
        viz.step(f)


def test_a_long_chain():
    x = leaf(1.0, "x")
    f = x
    for _ in range(3000):
        f = f * 1.0
    assert len(viz.frames(f).steps) == 6001


def test_torch_is_not_imported():
    code = "import sys, viz; from autograd import Value; viz.trace(Value(1.0) * 2); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_something_else_is_refused():
    with pytest.raises(TypeError, match="draw takes a Value or a tensor"):
        viz.draw(object())


ONE_OPERAND = [row.name for row in OPERATIONS.values() if row.arity == 1 and hasattr(torch, row.name)]
OTHERWISE = {"selu": None, "square": "pow"}
"""What PyTorch records under another name: None for a gate of its own, with its gradient."""


@pytest.mark.parametrize("name", ONE_OPERAND)
def test_a_row_of_one_operand_is_found_by_its_name(name):
    x = torch.tensor(1.3 if name == "acosh" else 0.3, requires_grad=True, dtype=torch.float64)
    y = getattr(torch, name)(x)
    (step,) = [step for step in viz.frames(y).steps if step.phase == "backward"]
    y.backward()
    assert step.slots[0].product == pytest.approx(x.grad.item(), rel=1e-12)
    assert OPERATIONS.get(step.node.op.name) is OPERATIONS.get(OTHERWISE.get(name, name))

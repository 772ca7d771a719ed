"""What happens to the shape of a gradient, in words, checked against the gradients themselves."""

import numpy as np
import pytest

import nn
import viz
from autograd import tensor


def notes(result):
    steps = viz.frames(result)
    return {
        steps.name(slot.operand): (slot.note, slot.product) for step in steps.steps for slot in step.slots if slot.note
    }


@pytest.mark.parametrize(
    ("shape", "said", "axes"),
    [
        ((3,), "(3) was broadcast to 5×3: the gradient is summed over axis 0", (0,)),
        ((5, 1), "5×1 was broadcast to 5×3: the gradient is summed over axis 1", (1,)),
        ((), "one number was broadcast to 5×3: the gradient is summed over axes 0, 1", (0, 1)),
        ((1, 1), "1×1 was broadcast to 5×3: the gradient is summed over axes 0, 1", (0, 1)),
    ],
)
def test_the_sums_that_undo_a_broadcast(shape, said, axes):
    numbers = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    b = tensor(np.ones(shape, np.float32), requires_grad=True, label="b")
    x = tensor(numbers, label="x", requires_grad=True)
    found = notes((x * b).sum())
    assert found["b"][0] == said
    np.testing.assert_allclose(np.reshape(found["b"][1], shape), numbers.sum(axis=axes).reshape(shape), rtol=1e-5)
    assert "x" not in found


def test_nothing_is_said_where_nothing_changes():
    x = tensor([1.0, 2.0], requires_grad=True, label="x")
    assert [note for note, _ in notes((x * x).exp().sum()).values()] == [
        "every element had the same part in its sum: the gradient is repeated to (2)"
    ]


def test_gates_of_arrays():
    x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True, label="x")
    w = tensor([[1.0], [0.0], [2.0]], requires_grad=True, label="w")
    found = notes((x @ w).mean())
    assert found["x"][0] == "upstream @ transposed right operand: 2×1 and 3×1 give 2×3"
    assert found["w"][0] == "transposed left operand @ upstream: 2×3 and 2×1 give 3×1"
    assert "divided by 2 and repeated to 2×1" in found["v1"][0]
    assert "put back into the shape 2×3" in notes(x.reshape(3, 2).exp().sum())["x"][0]
    assert "the others get zero" in notes(x[0].sum())["x"][0]
    assert "the others get zero" in notes(x.amax(dim=1).sum())["x"][0]
    bias = tensor([1.0], requires_grad=True, label="bias")
    found = notes(nn.functional.linear(x, w.reshape(1, 3), bias).sum())
    assert found["bias"][0] == "the bias was added to every row: the gradient is summed over axis 0"


def test_the_words_are_in_the_text_and_in_the_data():
    x = tensor([[1.0, 2.0], [3.0, 4.0]], label="x")
    b = tensor([1.0, 1.0], requires_grad=True, label="b")
    stepper = viz.step((x + b).sum())
    said = "(2) was broadcast to 2×2: the gradient is summed over axis 0"
    assert said in stepper.text()
    assert said in stepper.html()

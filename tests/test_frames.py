"""The steps of a pass as data: they are backward(), one gate at a time."""

import json
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_operations import call, every_row, sample

import autograd
from autograd import OPERATIONS, Gate, Value, tensor, topological_order
from autograd.graph import backpropagate
from nn import functional as F
from viz import frames

FIXED = [row for row in OPERATIONS.values() if row.arity is not None]


def bits(number):
    """A number so that only the same bits are equal, a nan to any nan."""
    array = np.asarray(number, dtype=None if isinstance(number, np.ndarray) else np.float64)
    return np.where(np.isnan(array), np.nan, array).astype(array.dtype).tobytes()


def last_gradients(record):
    """What a reader of the data finds as the gradient of every node: its seed, and the last `after`."""
    found = {}
    for step in record["steps"]:
        if step["phase"] == "seed":
            found[step["node"]] = step["gradient"]
        for slot in step.get("slots", []):
            found[slot["operand"]] = slot["after"]
    return {place: float(number) for place, number in found.items()}


def check(outputs):
    """The data of a pass agrees with a backward pass over the same graph."""
    outputs = outputs if isinstance(outputs, list) else [outputs]
    steps = frames(outputs)
    record = json.loads(steps.to_json())
    check_schema(record)
    order = topological_order(outputs, constants=True)
    gradients = backpropagate({output: 1.0 for output in outputs if output.requires_grad})
    if len(outputs) == 1:
        outputs[0].backward()
    found = last_gradients(record)
    for place, (node, copy) in enumerate(zip(order, steps.nodes, strict=True)):
        assert bits(float(record["nodes"][place]["value"])) == bits(node.data)
        assert (place in found) == (node in gradients) == (copy._grad is not None)
        if place in found:
            right = gradients[node] if len(outputs) > 1 else node.grad
            assert bits(found[place]) == bits(right) == bits(copy._grad), record["nodes"][place]
    check_arithmetic(record)
    return record


def check_schema(record):
    assert (record["schema"], record["version"]) == ("chainrule/steps", 1)
    for place, node in enumerate(record["nodes"]):
        gate = {"operation", "symbol", "operands", "formula"} if node["kind"] == "gate" else set()
        assert set(node) == {"name", "kind", "value"} | gate
        assert node["kind"] in ("input", "constant", "gate")
        assert all(operand < place for operand in node.get("operands", []))
    phases = [step["phase"] for step in record["steps"]]
    assert phases == sorted(phases, key=["forward", "seed", "backward"].index)
    gates = [place for place, node in enumerate(record["nodes"]) if node["kind"] == "gate"]
    assert [step["node"] for step in record["steps"] if step["phase"] == "forward"] == gates
    keys = {"forward": set(), "seed": {"gradient"}, "backward": {"upstream", "slots"}}
    slot_keys = {"slot", "operand", "derivative", "local", "product", "before", "after"}
    for step in record["steps"]:
        assert set(step) == {"phase", "node", "text"} | keys[step["phase"]]
        assert step["text"].endswith(".")
        for slot in step.get("slots", []):
            assert slot_keys <= set(slot) <= slot_keys | {"note"}
            assert record["nodes"][step["node"]]["operands"][slot["slot"]] == slot["operand"]


def check_arithmetic(record):
    """Upstream is what had arrived, and what was there before plus the product is what is there after."""
    arrived = {step["node"]: step["gradient"] for step in record["steps"] if step["phase"] == "seed"}
    for step in record["steps"]:
        if step["phase"] != "backward":
            continue
        assert step["upstream"] == arrived[step["node"]]
        for slot in step["slots"]:
            before, after, product = slot["before"], slot["after"], slot["product"]
            assert before == arrived.get(slot["operand"])
            total = float(product) if before is None else float(before) + float(product)
            assert bits(total) == bits(float(after))
            if slot["local"] is not None:
                times = float(step["upstream"]) * float(slot["local"])
                # A gate that routes gives zero to what has no part, whatever arrives or the other part is.
                routed = math.isnan(times) and float(product) == 0.0
                assert routed or times == pytest.approx(float(product), rel=1e-12, nan_ok=True)
            arrived[slot["operand"]] = after


# Every operation.


@every_row
def test_every_operation_agrees_with_backward(row):
    for point in sample(row):
        check(call(row, [Value(number) for number in point]))


@every_row
def test_every_operation_on_one_value_alone_adds_up(row):
    x = Value(sample(row)[0][0], "x")
    operands = [x] * (row.arity or 4)
    if row.selects:
        operands[-1] = 1.0
    check(call(row, operands))


@st.composite
def graphs(draw):
    """A random graph of any operations on few values, some of them special or constant; one or several outputs."""
    special = st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-300, 1e300, math.inf, -math.inf, math.nan])
    numbers = draw(st.lists(st.floats(-3, 3) | special, min_size=1, max_size=4))
    nodes = [Value(number) for number in numbers]
    for _ in range(draw(st.integers(1, 12))):
        row = draw(st.sampled_from(FIXED))
        operand = st.sampled_from(nodes) | st.floats(-2, 2)
        operands = [draw(st.sampled_from(nodes)), *(draw(operand) for _ in range(row.arity - 1))]
        nodes.append(call(row, operands))
    return draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=3))


@settings(deadline=None, max_examples=300)
@given(graphs())
def test_random_graphs_agree_with_backward_in_every_bit(outputs):
    if any(output.requires_grad for output in outputs):
        check(outputs)


# Special graphs.


def test_the_graph_is_not_touched():
    x = Value(3.0, "x")
    f = x * x
    f.backward()
    steps = frames(f)
    assert (x.grad, f.grad) == (6.0, 1.0)
    assert all(node is not f for node in steps.nodes)
    assert steps.nodes[0].data == 3.0


def test_nan_and_inf_are_written_as_text():
    x = Value(0.0, "x")
    record = check(x.log() * x)
    assert [node["value"] for node in record["nodes"]] == [0.0, "-inf", "nan"]
    assert {slot["local"] for step in record["steps"] for slot in step.get("slots", [])} >= {"inf", "-inf"}


def test_a_constant_has_no_gradient_and_its_digits_as_name():
    record = check(Value(2.0, "x") * 3.0)
    assert [(node["name"], node["kind"]) for node in record["nodes"]] == [
        ("x", "input"),
        ("3", "constant"),
        ("v1", "gate"),
    ]
    assert [slot["operand"] for slot in record["steps"][-1]["slots"]] == [0]


def test_several_outputs_one_of_them_inside_another_and_one_named_twice():
    x, y = Value(2.0, "x"), Value(5.0, "y")
    product = x * y
    record = check([product, product + x, product])
    assert record["outputs"] == [2, 3, 2]
    assert [step["node"] for step in record["steps"] if step["phase"] == "seed"] == [2, 3]


def test_an_output_that_is_an_input():
    record = check(Value(2.0, "x"))
    assert [step["phase"] for step in record["steps"]] == ["seed"]


def test_any_number_of_operands():
    def values(*numbers):
        return [Value(number) for number in numbers]

    x = values(1.0, -2.0, 3.0)
    check(autograd.sum([*x, x[0]]))
    check(autograd.dot(values(0.5, 2.0, 1.0), values(1.0, -2.0, 3.0), bias=Value(1.0)))
    record = check(autograd.choose(values(1.0, -2.0, 3.0), 2))
    products = {slot["slot"]: slot["product"] for slot in record["steps"][-1]["slots"]}
    assert products[2] == 1.0
    assert all(product == 0.0 for slot, product in products.items() if slot != 2)


class SquaredDistance(Gate):
    def forward(self, x, y):
        self.difference = x - y
        return self.difference**2

    def backward(self, dz):
        return [2 * self.difference * dz, -2 * self.difference * dz]


def test_a_gate_of_ones_own_has_products_but_no_locals():
    x, y = Value(3.0, "x"), Value(1.0, "y")
    record = check(SquaredDistance()(x, y) + SquaredDistance()(x, x))
    slots = [slot for step in record["steps"] for slot in step.get("slots", [])]
    own = [slot for slot in slots if slot["local"] is None]
    assert [slot["product"] for slot in own] == [0.0, 0.0, 4.0, -4.0]
    assert [slot["derivative"] for slot in own] == [""] * 4


# Tensors.


def check_tensors(output, *leaves):
    """The steps' gradients of arrays have the bits of backward()'s; returns the pass and its data."""
    steps = frames(output)
    record = json.loads(steps.to_json())
    check_schema(record)
    order = topological_order([output], constants=True)
    for node in order:
        if node.requires_grad and node.op is not None:
            node.retain_grad()
    output.backward(None if output.numel() == 1 else autograd.ones(output.shape, dtype=output.dtype))
    for node, copy in zip(order, steps.nodes, strict=True):
        if node.grad is None:
            assert copy._grad is None
        else:
            assert bits(np.asarray(copy._grad)) == bits(node.grad.numpy())
    for step in steps.steps:
        for slot in step.slots:
            total = slot.product if slot.before is None else slot.before + slot.product
            np.testing.assert_allclose(np.asarray(total), np.asarray(slot.after), rtol=1e-5, atol=1e-6)
    assert all(any(leaf.label == node["name"] for node in record["nodes"]) for leaf in leaves)
    return steps, record


def leaf(*shape, label, dtype="float64"):
    numbers = np.random.default_rng(len(label) + len(shape)).normal(size=shape)
    return tensor(numbers.astype(dtype), requires_grad=True, label=label)


def test_a_tensor_of_one_number_is_a_number_with_its_local():
    x = tensor(3.0, dtype="float64", requires_grad=True, label="x")
    _, record = check_tensors((x * x).tanh(), x)
    assert record["nodes"][0]["value"] == 3.0
    assert [slot["local"] for slot in record["steps"][-1]["slots"]] == [3.0, 3.0]
    assert record["steps"][-1]["slots"][1]["before"] == record["steps"][-1]["slots"][0]["after"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_vectors_and_what_is_broadcast(dtype):
    w, x, b = leaf(3, 2, label="W", dtype=dtype), leaf(2, label="x", dtype=dtype), leaf(1, label="b", dtype=dtype)
    _, record = check_tensors((w @ x + b).relu().sum(), w, x, b)
    arrays = [node["value"] for node in record["nodes"] if isinstance(node["value"], dict)]
    assert {tuple(array["shape"]) for array in arrays} == {(3, 2), (2,), (3,)}
    for array in arrays:
        numbers = np.array(array["numbers"]).reshape(array["shape"])
        assert array["mean"] == pytest.approx(numbers.mean())
        assert array["norm"] == pytest.approx(np.linalg.norm(numbers))


def test_a_result_with_a_shape_starts_from_ones():
    x = leaf(2, 2, label="x")
    _, record = check_tensors(x * x, x)
    (seed,) = [step["gradient"] for step in record["steps"] if step["phase"] == "seed"]
    assert seed["numbers"] == [1.0] * 4


def test_a_convolution():
    image, kernel, bias = leaf(1, 2, 5, 5, label="image"), leaf(3, 2, 3, 3, label="kernel"), leaf(3, label="bias")
    _, record = check_tensors(F.conv2d(image, kernel, bias, padding=1).relu().sum(), image, kernel, bias)
    (value,) = [node["value"] for node in record["nodes"] if node["name"] == "image"]
    assert len(value["numbers"]) == 50
    assert all("numbers" not in node["value"] for node in record["nodes"] if node.get("operation") == "relu")


def test_arrays_with_nan_and_inf_are_valid_json():
    x = tensor([0.0, -1.0, 4.0], dtype="float64", requires_grad=True, label="x")
    _, record = check_tensors(x.log().sum(), x)
    (value,) = [node["value"] for node in record["nodes"] if node.get("operation") == "log"]
    assert value["numbers"] == ["-inf", "nan", math.log(4.0)]
    assert (value["mean"], value["norm"]) == ("nan", "nan")


# Text.


def test_the_lectures_neuron_as_sentences():
    x = Value(-2.0, "x")
    y = Value(5.0, "y")
    steps = frames((x + y) * x)
    assert [steps.text(step) for step in steps.steps] == [
        "v1 = x + y = 3.00.",
        "v2 = v1 * x = -6.00.",
        "The gradient of v2 with respect to itself is 1.00.",
        "v2 = v1 * x passes its gradient 1.00 back: "
        "v1 receives 1.00 times -2.00 is -2.00; x receives 1.00 times 3.00 is 3.00.",
        "v1 = x + y passes its gradient -2.00 back: "
        "x receives -2.00 times 1.00 is -2.00, added to 3.00 gives 1.00; y receives -2.00 times 1.00 is -2.00.",
    ]
    assert steps.text(steps.steps[0], precision=4) == "v1 = x + y = 3.0000."


def test_sentences_about_arrays():
    x = tensor([3.0, 4.0], requires_grad=True, label="x")
    steps = frames((x * x).sum())
    assert steps.text(steps.steps[0]) == "v1 = x * x = an array (2), norm 18.36."
    assert "x receives an array (2), norm 5.00, added to an array (2), norm 5.00 gives" in steps.text(steps.steps[-1])


def test_what_is_no_node_is_refused():
    with pytest.raises(TypeError, match="frames"):
        frames(3.0)


def test_a_long_chain_needs_no_recursion():
    generator = random.Random(0)
    x = Value(0.5, "x")
    for _ in range(3000):
        x = x * generator.uniform(0.9, 1.1) + 0.01
    assert len(frames(x).steps) == 12001

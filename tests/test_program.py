"""Programs: the same values and gradients as eager, to the last bit, from every way to record and to run."""

import contextlib
import copy
import math
import os
import pickle
import random
import re
import struct
import subprocess
import sys
import textwrap
import threading
import warnings
import weakref

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
import nn
import viz
from autograd import OPERATIONS, Value, apply, compile, functions, grad, load_program, no_grad, take
from autograd.graph import backpropagate
from autograd.program import batch, schedule
from autograd.program.player import player_for

ROWS = [row for row in OPERATIONS.values() if row.name != "hypot"]  # hypot differs in the last bit, see below
SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1000.0, -1e308, 5e-324)


def bits(numbers):
    """The bits of the numbers; every nan is the same."""
    return [struct.pack("d", number) if number == number else b"nan" for number in numbers]


@pytest.fixture(scope="session")
def _all_rows():
    """A player that knows every row, so that no test waits for another one to be compiled."""
    player_for(OPERATIONS.values())


# Random graphs


def build(steps, numbers, outputs):
    """Build the graph that `steps` describe, from leaves with these numbers."""
    leaves = [Value(number) for number in numbers]
    nodes = [*leaves, 2.0, -0.0]
    for row, picks in steps:
        operands = [nodes[pick % len(nodes)] for pick in picks]
        if row.selects:
            operands[-1] = float(picks[-1] % (len(operands) - 1))
        made = apply(row, *operands)
        nodes.append(made if made.requires_grad else made.data)
    found = [node for node in reversed(nodes) if isinstance(node, Value)]
    return leaves, found[:outputs]


@st.composite
def steps(draw):
    rows = draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=40))
    picks = st.integers(0, 1000)
    sizes = [draw(st.integers(2, 5)) if row.arity is None else row.arity for row in rows]
    return [(row, draw(st.lists(picks, min_size=n, max_size=n))) for row, n in zip(rows, sizes, strict=True)]


numbers = st.lists(st.sampled_from(SPECIAL) | st.floats(-4, 4), min_size=4, max_size=4)


def eager(described, given_numbers, outputs):
    leaves, results = build(described, given_numbers, outputs)
    seeds = {}
    for result in results:
        seeds[result] = seeds[result] + 1.0 if result in seeds else 1.0
    gradients = backpropagate(seeds)
    return [result.data for result in results], [gradients.get(leaf) for leaf in leaves]


@pytest.mark.xdist_group("all rows")
@pytest.mark.usefixtures("_all_rows")
@pytest.mark.parametrize("section", [schedule.SECTION, 3], ids=["one section", "many sections"])
@settings(max_examples=300, deadline=None)
@given(steps(), numbers, numbers, st.integers(1, 4), st.integers(0, 4))
def test_random_graphs_are_the_same_bits(section, described, first, second, outputs, inputs):
    leaves, results = build(described, first, outputs)
    used = [leaf for leaf in leaves if leaf in set(autograd.topological_order(results))]
    assume(used)
    given_leaves, parameters = used[:inputs], used[inputs:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "SECTION", section)
        program = compile(results, inputs=given_leaves, parameters=parameters)
    for round_numbers in (first, second):
        for leaf, number in zip(leaves, round_numbers, strict=True):
            leaf.grad = None
            leaf.data = number
        values = program(*[leaf.data for leaf in given_leaves])
        expected, gradients = eager(described, round_numbers, outputs)
        assert bits(np.atleast_1d(values).tolist()) == bits(expected)
        for leaf, gradient in zip(leaves, gradients, strict=True):
            assert leaf.grad_computed == (gradient is not None)
            assert bits([leaf.grad]) == bits([gradient or 0.0 if gradient is None else gradient])


@pytest.mark.xdist_group("all rows")
@pytest.mark.usefixtures("_all_rows")
@settings(max_examples=60, deadline=None)
@given(steps(), st.lists(st.floats(-2, 2), min_size=4, max_size=4), st.integers(1, 3))
def test_random_graphs_side_by_side_are_the_same_bits(described, parameters, outputs):
    leaves, results = build(described, parameters, outputs)
    used = [leaf for leaf in leaves if leaf in set(autograd.topological_order(results))]
    assume(len(used) > 1)
    assume(not set(results) & set(leaves))
    x, *others = used
    program = compile(results, inputs=[x], parameters=others)
    rows = np.linspace(-2, 2, 11)
    mapped = program.map(rows, gradients="each")
    for i, number in enumerate(rows.tolist()):
        given_numbers = [number if leaf is x else leaf.data for leaf in leaves]
        values, gradients = eager(described, given_numbers, outputs)
        by_leaf = dict(zip(leaves, gradients, strict=True))
        expected = [by_leaf[leaf] for leaf in others]
        assert bits(np.atleast_1d(mapped.values[i]).tolist()) == bits(values)
        assert bits(mapped.gradients[i].tolist()) == bits([0.0 if g is None else g for g in expected])


def test_hypot_differs_in_the_last_bit_at_most():
    x, y = Value(1.0), Value(1.0)
    program = compile(functions.hypot(x, y), inputs=[x, y])
    for a, b in np.random.default_rng(0).uniform(-4, 4, (1000, 2)).tolist():
        assert abs(program.forward(a, b) - math.hypot(a, b)) <= math.ulp(math.hypot(a, b))


def test_a_network_is_the_same_bits():
    chance = random.Random(3)
    random.seed(3)
    model = nn.MLP(2, [13, 9, 1])
    points = [[chance.gauss(0, 1), chance.gauss(0, 1)] for _ in range(23)]
    labels = [chance.choice([-1.0, 1.0]) for _ in points]

    def loss(points, labels):
        losses = [(1.0 + -label * model(point)).relu() for point, label in zip(points, labels, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())

    compiled = compile(loss, parameters=model.parameters())
    for _ in range(3):
        model.zero_grad()
        built = loss(points, labels)
        built.backward()
        expected = [p.grad for p in model.parameters()]
        model.zero_grad()
        assert compiled(points, labels) == built.data
        assert [p.grad for p in model.parameters()] == expected
        for p in model.parameters():
            p.data -= 0.1 * p.grad


def test_a_long_chain_and_a_wide_sum():
    x = Value(0.5)
    y = x
    for _ in range(50_000):
        y = y * 0.999 + x
    program = compile(y, inputs=[x])
    y.backward()
    expected, x.grad = x.grad, None
    assert program(0.5) == y.data
    assert x.grad == expected

    ws = [Value(1.0 / (i + 1)) for i in range(3000)]
    total = functions.sum([w * w for w in ws])
    program = compile(total)
    total.backward()
    assert program.run() == total.data
    assert program.gradients.tolist() == [w.grad for w in program.leaves]


def moons_like(model_parameters, xs, ys):
    hidden = [
        autograd.sum([w * x for w, x in zip(row, xs, strict=True)]).tanh()
        for row in (model_parameters[0:2], model_parameters[2:4], model_parameters[4:6])
    ]
    return (functions.dot(hidden, model_parameters[6:9]) - ys) ** 2


# Running


def test_a_graph_as_a_program():
    w, b, x = Value(2.0, "w"), Value(1.0, "b"), Value(3.0, "x")
    program = compile((w * x + b).tanh(), inputs=[x], parameters=[b, w])
    assert program.leaves == [b, w]
    value = program(0.25)
    assert value == math.tanh(1.5)
    slope = 1 - value * value
    assert (w.grad, b.grad, x.grad) == (0.25 * slope, slope, 2.0 * slope)
    assert x.data == 0.25
    program(0.25)
    assert (w.grad, b.grad) == (2 * 0.25 * slope, 2 * slope)
    w.data = 0.0
    assert program.forward(5.0) == math.tanh(1.0)
    assert (w.grad, x.data) == (2 * 0.25 * slope, 0.25)


def test_training_without_touching_a_value():
    w, b, x, y = Value(0.0, "w"), Value(0.0, "b"), Value(0.0), Value(0.0)
    program = compile((w * x + b - y) ** 2, inputs=[x, y], parameters=[w, b])
    for step in range(2000):
        x_now = (step % 5) / 2
        program.run(x_now, 3.0 * x_now - 1.0)
        program.parameters -= 0.1 * program.gradients
    assert (w.data, w.grad) == (0.0, 0.0)
    program.write()
    assert (w.data, b.data) == pytest.approx((3.0, -1.0), abs=1e-9)
    w.data = 7.0
    program.read()
    assert program.parameters.tolist() == [7.0, b.data]
    program.parameters += 1.0
    for call in (program, program.forward):
        with pytest.raises(RuntimeError, match=r"not written back.*program\.write"):
            call(1.0, 2.0)
    with pytest.raises(RuntimeError, match="not written back"):
        program.map([[1.0, 2.0]])
    program.write()
    assert program.forward(0.0, 0.0) == b.data**2
    program.inputs = [2.0, 8.0 * 2.0 + b.data]
    assert program.run() == pytest.approx(0.0, abs=1e-20)
    with pytest.raises(ValueError, match=r"parameters of shape \(1,\)"):
        program.parameters = [5.0]


def test_several_outputs_and_the_gradient_they_start_from():
    x, y = Value(2.0), Value(3.0)
    product = x * y
    program = compile([product, x, product + 1.0], inputs=[x, y])
    assert program(4.0, 5.0) == (20.0, 4.0, 21.0)
    assert (x.grad, y.grad) == (11.0, 8.0)
    x.grad = y.grad = None
    program(4.0, 5.0, gradient=(0.0, 10.0, 1.0))
    assert (x.grad, y.grad) == (15.0, 4.0)
    x.grad = y.grad = None
    compile([product, x], inputs=[x, y], gradient=[1.0, 0.0])(4.0, 5.0)
    assert (x.grad, y.grad) == (5.0, 4.0)


def test_higher_orders():
    x = Value(2.0)
    (first,) = grad(x.exp() * x**3, x, create_graph=True)
    (second,) = grad(first, x, create_graph=True)
    program = compile([first, second], inputs=[x], gradient=[0.0, 1.0])
    assert program(2.0) == (first.data, second.data)
    (third,) = grad(second, x)
    assert x.grad == third.data

    @compile
    def slope(w):
        return grad(w.tanh(), w, create_graph=True)[0]

    assert slope(0.5) == pytest.approx(1 - math.tanh(0.5) ** 2, rel=1e-15)


def test_programs_that_share_parameters():
    w, x = Value(3.0), Value(1.0)
    square, double = compile((w * x) ** 2, inputs=[x]), compile(2.0 * w * x, inputs=[x])
    square(2.0)
    double(2.0)
    assert w.grad == 2 * 3.0 * 4.0 + 4.0


def test_take_selects_by_an_input():
    table = [[Value(10.0 * i + j) for j in range(3)] for i in range(4)]
    index = Value(0.0)
    program = compile(take(table, index), inputs=[index], parameters=[w for row in table for w in row])
    assert program(2.0) == (20.0, 21.0, 22.0)
    assert program.gradients.reshape(4, 3).tolist() == [[0, 0, 0], [0, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert program.map([3.0, 0.0]).values.tolist() == [[30.0, 31.0, 32.0], [0.0, 1.0, 2.0]]
    for wrong in (4.0, -1.0, 0.5, math.nan):
        before = [w.grad for row in table for w in row]
        with pytest.raises(IndexError, match="from 0 to 3"):
            program(wrong)
        with pytest.raises(IndexError, match="from 0 to 3"):
            program.map([1.0, wrong])
        with pytest.raises(IndexError, match="from 0 to 3"):
            take(table, wrong)
        assert [w.grad for row in table for w in row] == before
    with pytest.raises(ValueError, match="differ in length"):
        take([[1.0], [1.0, 2.0]], 0)
    with pytest.raises(TypeError, match="row 1 is float"):
        take([[1.0], 2.0], 0)


@pytest.mark.parametrize("samples", [0, 1, 127, 128, 129, 1000])
def test_map_adds_up_the_gradients_of_the_samples(samples):
    parameters = [Value(math.sin(i)) for i in range(9)]
    xs, y = [Value(0.0), Value(0.0)], Value(0.0)
    program = compile(moons_like(parameters, xs, y), inputs=[*xs, y], parameters=parameters)
    rows = np.random.default_rng(samples).normal(size=(samples, 3))
    each = program.map(rows, gradients="each")
    total = program.map(rows)
    assert each.values.shape == total.values.shape == (samples,)
    assert each.gradients.shape == (samples, 9)
    for row, value, gradient in zip(rows[:20].tolist(), each.values, each.gradients, strict=False):
        assert program.run(*row) == value
        assert program.gradients.tolist() == gradient.tolist()
    assert total.values.tolist() == each.values.tolist() == program.map(rows, gradients="none").values.tolist()
    assert total.gradients == pytest.approx(each.gradients.sum(axis=0), rel=1e-12, abs=1e-12)
    assert [p.grad_computed for p in parameters] == [False] * 9


def test_map_without_inputs_or_parameters():
    x = Value(2.0)
    program = compile([x * x, x + 1.0], inputs=[x])
    for gradients, shape in (("sum", (0,)), ("each", (3, 0))):
        mapped = program.map([1.0, 2.0, 3.0], gradients=gradients)
        assert mapped.values.tolist() == [[1.0, 2.0], [4.0, 3.0], [9.0, 4.0]]
        assert mapped.gradients.shape == shape
    mapped = compile(x * x).map(np.zeros((2, 0)), gradients="each")
    assert mapped.values.tolist() == [4.0, 4.0]
    assert mapped.gradients.tolist() == [[4.0], [4.0]]


def test_map_gives_the_same_bits_with_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(batch, "WORTH_THREADS", 0)
    w, x = Value(0.3), Value(0.0)
    program = compile((w * x).tanh() * w, inputs=[x])
    rows = np.random.default_rng(1).normal(size=1003)
    one, two, three = (program.map(rows, threads=n) for n in (1, 2, 3))
    assert one.gradients.tolist() == two.gradients.tolist() == three.gradients.tolist()
    assert one.values.tolist() == two.values.tolist()
    doubled = program.map(rows, parameters=[0.6], gradient=2.0)
    w.data = 0.6
    assert doubled.gradients == pytest.approx(2 * program.map(rows).gradients, rel=1e-14)


# Functions


def test_a_compiled_function():
    w = Value(3.0, "w")

    @compile
    def loss(x, y):
        """Squared error."""
        return (w * x - y) ** 2

    assert (loss.__name__, loss.__doc__) == ("loss", "Squared error.")
    assert loss(1.0, 2.0) == 1.0
    assert w.grad == 2.0
    x = Value(2.0)
    assert loss(x, 2.0) == 16.0
    assert (w.grad, x.grad) == (2.0 + 16.0, 24.0)
    with no_grad():
        assert loss(1.0, 2.0) == 1.0
    assert loss.forward(1.0, 2.0) == 1.0
    assert w.grad == 18.0
    assert loss.map([[1.0, 2.0], [2.0, 2.0]]).values.tolist() == [1.0, 16.0]
    assert "2 programs" in repr(loss)


def test_lists_arrays_and_dicts_are_inputs():
    calls = []

    @compile
    def total(points, weights, *, scale=1.0):
        calls.append(len(points))
        return scale * functions.sum([weights["a"] * x + weights["b"] * y for x, y in points])

    a, b = Value(2.0), Value(3.0)
    assert total([[1.0, 2.0], [3.0, 4.0]], {"a": a, "b": b}) == 26.0
    assert (a.grad, b.grad) == (4.0, 6.0)
    assert total(np.array([[1.0, 2.0], [3.0, 4.0]]), {"a": 2.0, "b": 3.0}) == 26.0
    assert total(np.array([[0, 1], [1, 0]]), {"a": 2.0, "b": 3.0}, scale=10.0) == 50.0
    assert total([[0.0, 1.0], [1.0, 0.0]], {"a": a, "b": b}) == 5.0
    assert calls == [2, 2, 2]
    total([[1.0, 2.0]], {"a": a, "b": b})
    assert calls == [2, 2, 2, 1]


def test_static_arguments_give_a_program_each():
    recorded = []
    w = Value(2.0)

    @compile(keep=2)
    def power(x, n, kind="plain"):
        recorded.append((n, kind))
        return functions.exp(w * x**n) if kind == "exp" else w * x**n

    assert power(3.0, 2) == 18.0
    assert power(3.0, 2, kind="exp") == math.exp(18.0)
    assert power(4.0, 2) == 32.0
    assert recorded == [(2, "plain"), (2, "exp")]
    with pytest.warns(RuntimeWarning, match="power was recorded 3 times and keeps 2 programs.*as a float"):
        power(3.0, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        power(1.0, 3)
    power.clear()
    assert "0 programs" in repr(power)


def test_a_structure_of_outputs_comes_back():
    w = Value(2.0)

    @compile(gradient=(1.0, 0.0, 0.0))
    def both(x):
        return w * x, [x + 1.0, 7.0]

    assert both(3.0) == (6.0, [4.0, 7.0])
    assert w.grad == 3.0


def test_methods_compile():
    class Model:
        def __init__(self, number):
            self.w = Value(number)

        @compile
        def loss(self, x):
            return self.w * x

    one, other = Model(2.0), Model(3.0)
    assert (one.loss(5.0), other.loss(5.0)) == (10.0, 15.0)
    assert (one.w.grad, other.w.grad) == (5.0, 5.0)
    assert one.loss.forward(1.0) == 2.0
    assert one.loss.map([1.0, 2.0]).values.tolist() == [2.0, 4.0]
    gone = weakref.ref(one)
    del one
    assert gone() is None


def branch(x):
    return x if x > 0 else -x


def copied(x):
    return x * copy.copy(x)


def without_recording(x):
    with no_grad():
        return x * 2.0


LIES = {
    "copy": (copied, "copied or pickled"),
    "no_grad": (without_recording, r"no_grad\(\) is entered"),
    "text": (lambda x: x * len(f"{x:.3f}"), ".data is read"),
    "computed": (lambda x: x if x.grad_computed else -x, "grad_computed is read"),
    "program": (lambda x: x * compile(Value(2.0) * 3.0)(), "a program is called"),
    "comparison": (branch, "compared.*`return x if x > 0 else -x`.*autograd.where"),
    "max": (lambda x: max(x, x * 2.0), "compared.*autograd.maximum"),
    "equality": (lambda x: x if x == 1.0 else -x, "compared"),
    "truth": (lambda x: x if x else -x, "branches on a Value.*static argument"),
    "float": (lambda x: x * float(x), "turned into a plain number.*static argument"),
    "int": (lambda x: x * int(x), "turned into a plain number"),
    "math": (lambda x: x * math.exp(x), "turned into a plain number"),
    "data": (lambda x: x * x.data, ".data is read"),
    "assignment": (lambda x: setattr(x, "data", 3.0), ".data is assigned"),
    "grad": (lambda x: x * x.grad, ".grad is read"),
    "clearing": (lambda x: x.zero_grad(), r"zero_grad\(\) is called"),
    "backward": (lambda x: (x * x).backward(), "the program computes its gradient"),
    "numbers as gradient": (lambda x: grad(x * x, x)[0], "create_graph=True"),
}


@pytest.mark.parametrize("lie", LIES)
def test_recording_refuses_what_depends_on_this_run(lie):
    function, message = LIES[lie]
    with pytest.raises(TypeError, match=rf"while .* is recorded, .*{message}") as caught:
        compile(function)(1.0)
    assert re.search(r"in line \d+ of .*test_program.py", str(caught.value))
    assert (Value(1.0) > 0.5) is True  # outside of recording nothing changed


def test_reading_a_constant_while_recording_is_no_lie():
    constant = Value(2.0, requires_grad=False)
    function = compile(lambda x: x * 3.0 if constant > 1.0 else x)
    assert function(3.0) == 9.0
    constant.data = 0.0
    with pytest.raises(RuntimeError, match="constant"):
        function(3.0)


def test_an_argument_keeps_requiring_a_gradient():
    def switch(x):
        x.requires_grad = False
        return Value(1.0) * (x if x > 0 else -x)

    with pytest.raises(TypeError, match="switches requires_grad"):
        compile(switch)(1.0)


def test_a_compiled_function_inside_another_one_is_recorded_with_it():
    w = Value(2.0)
    inner = compile(lambda x: w * x)
    outer = compile(lambda x: x * inner(x))
    assert (outer(1.0), outer(10.0)) == (2.0, 200.0)
    assert w.grad == 101.0


def test_recording_ends_with_an_error():
    with pytest.raises(ZeroDivisionError):
        compile(lambda x: x * (1 // 0))(1.0)
    assert Value(1.0) > 0.5
    assert f"{Value(1.0):.1f}" == "1.0"


def test_keywords_in_any_order_and_values_given_twice():
    @compile
    def difference(*, a, b):
        return a - 10.0 * b

    assert difference(b=1.0, a=2.0) == -8.0
    assert difference(a=2.0, b=1.0) == -8.0

    total = compile(lambda xs: functions.sum(xs))
    values = [Value(1.0) for _ in range(70)]
    total([*values[:69], values[0]])
    assert values[0].grad == 2.0
    assert values[69].grad_computed is False
    values[69].data = 100.0
    assert total(values) == 169.0
    assert (values[0].grad, values[69].grad) == (3.0, 1.0)


def test_numpy_numbers_are_like_pythons():
    w = Value(2.0)
    power = compile(lambda x, n: w * x**n)
    assert power(np.float32(3.0), np.int64(2)) == 18.0
    assert "1 program" in repr(power)
    assert power(3.0, 2) == 18.0
    assert "1 program" in repr(power)
    mask = compile(lambda mask: w * mask[0] + mask[1])
    assert mask(np.array([True, False])) == 2.0
    assert mask(np.array([0.5, 3.0])) == 4.0
    with pytest.raises(TypeError, match="plain array"):
        mask(np.ma.masked_array([1.0, 2.0]))


# Keeping


def test_pickling_keeps_sharing_with_the_parameters():
    w, x = Value(2.0, "w"), Value(1.0, "x")
    program = compile((w * x) ** 2, inputs=[x])
    again, parameter = pickle.loads(pickle.dumps((program, w)))
    assert again(3.0) == 36.0
    assert parameter.grad == 36.0
    assert w.grad == 0.0


def test_a_program_file(tmp_path):
    w, x = Value(2.0, "w"), Value(1.0, "x")
    program = compile([(w * x).tanh(), w + 1.0], inputs=[x], gradient=[1.0, 0.0])
    program.save(tmp_path / "neuron")
    again = load_program(tmp_path / "neuron")
    assert [leaf.label for leaf in again.leaves] == ["w"]
    assert again(0.25) == program(0.25)
    assert again.leaves[0].grad == w.grad
    assert repr(again) == repr(program)


def test_damaged_and_foreign_files(tmp_path):
    x = Value(1.0, "x")
    compile(x * x + 3.0, inputs=[x]).save(tmp_path / "good")
    good = (tmp_path / "good").read_bytes()
    files = {"empty": b"", "text": b"hello", "short": good[: len(good) // 2], "pickle": pickle.dumps([1, 2])}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match="not a program file"):
            load_program(tmp_path / name)
    np.savez(tmp_path / "foreign.npz", a=np.arange(3))
    with pytest.raises(ValueError, match="not a program file"):
        load_program(tmp_path / "foreign.npz")
    with pytest.raises(FileNotFoundError):
        load_program(tmp_path / "missing")

    with np.load(tmp_path / "good") as archive:
        columns = dict(archive)
    damages = {
        "operations": np.array(["system", "add"]),
        "codes": np.array([0, 9]),
        "operands": columns["operands"] + 7,
        "starts": columns["starts"][:-1],
        "outputs": np.array([99]),
        "constants": np.array([{}], object),
        "counts": np.array([5, 5]),
        "labels": np.array(["a", "b", "c"]),
        "start": np.ones(4),
        "version": np.array(99),
    }
    for name, column in damages.items():
        with (tmp_path / name).open("wb") as stream:
            np.savez(stream, **{**columns, name: column})
        with pytest.raises(ValueError, match=r"damaged|version"):
            load_program(tmp_path / name)
    for position in range(0, len(good), 7):
        flipped = bytearray(good)
        flipped[position] ^= 255
        (tmp_path / "flipped").write_bytes(flipped)
        with contextlib.suppress(ValueError):
            load_program(tmp_path / "flipped")


# Bad input


def test_wrong_inputs():
    w, x, y = Value(2.0, "w"), Value(1.0, "x"), Value(1.0, "y")
    program = compile(w * x + y, inputs=[x, y])
    for inputs, error, message in [
        ((1.0,), TypeError, r"takes 2 inputs \(x, y\); given were 1"),
        ((1.0, 2.0, 3.0), TypeError, "given were 3"),
        ((1.0, "2"), TypeError, "input 1 is str '2'.*one real number"),
        ((None, 1.0), TypeError, "input 0 is None"),
        ((1j, 1.0), TypeError, "input 0 is complex"),
        (([1.0], 1.0), TypeError, "input 0 is list"),
        ((1.0, 10**400), OverflowError, "range of a float"),
    ]:
        for call in (program, program.forward, program.run):
            with pytest.raises(error, match=message):
                call(*inputs)
    for rows, error, message in [
        ([[1.0], [2.0]], ValueError, r"shape \(2, 1\).*\(samples, 2\)"),
        ([1.0, 2.0], ValueError, r"shape \(2,\)"),
        ([["a", "b"]], TypeError, "real numbers"),
        ([[1.0, 2.0], [1.0]], ValueError, "rows differ in length"),
    ]:
        with pytest.raises(error, match=message):
            program.map(rows)
    with pytest.raises(ValueError, match='"sum", "each" or "none"'):
        program.map([[1.0, 2.0]], gradients="all")
    with pytest.raises(ValueError, match="threads=0"):
        program.map([[1.0, 2.0]], threads=0)
    with pytest.raises(ValueError, match=r"parameters of shape \(3,\)"):
        program.map([[1.0, 2.0]], parameters=[1.0, 2.0, 3.0])
    for gradient in ([1.0, 2.0], "a", None.__class__):
        with pytest.raises(ValueError, match="one number for each output"):
            program(1.0, 2.0, gradient=gradient)
    assert (w.grad_computed, x.grad_computed, x.data) == (False, False, 1.0)


def test_wrong_graphs():
    x, y, constant = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, requires_grad=False)
    z = x * 2.0
    cases = [
        (lambda: compile(z, inputs=[y]), ValueError, "input 0.*'y'.*not in the graph"),
        (lambda: compile(z * 3.0, inputs=[z]), ValueError, "result of mul"),
        (lambda: compile(z * constant, inputs=[constant]), ValueError, "constant"),
        (lambda: compile(z, inputs=[x, x]), ValueError, "listed twice"),
        (lambda: compile(z, inputs=[x], parameters=[x]), ValueError, "listed twice"),
        (lambda: compile(z, inputs=x), TypeError, "list of Values"),
        (lambda: compile(z, inputs=[1.0]), TypeError, r"inputs\[0\] is float"),
        (lambda: compile(constant), ValueError, "depends on no input and no parameter"),
        (lambda: compile([]), TypeError, "a function, a Value or a list"),
        (lambda: compile(3.0), TypeError, "a function, a Value or a list"),
        (lambda: compile("text"), TypeError, "a function, a Value or a list"),
        (lambda: compile(lambda x: x, inputs=[x]), TypeError, "are its arguments"),
        (lambda: compile(z, inputs=[x], gradient=[1.0, 2.0]), ValueError, "for 1 outputs"),
        (lambda: compile(lambda x: "text")(1.0), TypeError, "returned str"),
        (lambda: compile(lambda x: 3.0)(1.0), ValueError, "is a constant"),
        (lambda: compile(lambda x: x, keep=0), ValueError, "keep=0"),
        (lambda: compile(lambda x: x)({1, 2}), TypeError, "set.*which may change"),
        (lambda: compile(lambda x: x)(z), TypeError, "result of mul"),
        (lambda: compile(lambda x: x)(np.array(["a"])), TypeError, "real numbers"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()

    class MyGate(autograd.Gate):
        def forward(self, x):
            return x

        def backward(self, dz):
            return dz

    with pytest.raises(TypeError, match="gate MyGate, which is written in Python"):
        compile(MyGate()(x), inputs=[x])


def test_a_node_changed_after_recording():
    x, constant = Value(1.0, "x"), Value(3.0, "c", requires_grad=False)
    middle = x * constant
    program = compile(middle + 1.0, inputs=[x])
    unrelated = Value(1.0, requires_grad=False)
    unrelated.data = 2.0
    assert program(2.0) == 7.0
    constant.data = 4.0
    for call in (program, program.forward):
        with pytest.raises(RuntimeError, match=r"constant .*'c'.* changed after .*3\.0"):
            call(2.0)
    constant.data = 3.0
    assert program(2.0) == 7.0
    middle.data = 100.0
    with pytest.raises(RuntimeError, match="result of mul"):
        program(2.0)

    w = Value(1.0, "w")
    function = compile(lambda x: w * x * constant)
    assert function(1.0) == 3.0
    w.requires_grad = False
    with pytest.raises(RuntimeError, match=r"'w'.*record the program again"):
        function(1.0)
    w.requires_grad = True
    constant.data = 5.0
    with pytest.raises(RuntimeError, match="constant"):
        function(1.0)


@pytest.fixture
def table():
    """Give the op table back as it was, without the rows that the test declared."""
    before, known = dict(OPERATIONS), set(vars(autograd.floats))
    yield OPERATIONS
    OPERATIONS.clear()
    OPERATIONS.update(before)
    for name in set(vars(autograd.floats)) - known:
        delattr(autograd.floats, name)


def declare(rules, operands=1):
    columns = {"latex": "x", "gradient_latex": ("x",) * operands, "domain": ((0, 2),) * operands}
    return autograd.operation(symbol="?", **columns)(rules)


def test_a_row_with_many_operands(table):
    def five(m):
        """The sum of five squares, a row of this test."""
        return (
            lambda a, b, c, d, e: a * a + b * b + c * c + d * d + e * e,
            lambda a, b, c, d, e, out: 2.0 * a,
            lambda a, b, c, d, e, out: 2.0 * b,
            lambda a, b, c, d, e, out: 2.0 * c,
            lambda a, b, c, d, e, out: 2.0 * d,
            lambda a, b, c, d, e, out: 2.0 * e + 0.0 * out * a * b * c * d,
        )

    row = declare(five, 5)
    leaves = [Value(math.sin(i)) for i in range(60)]
    terms = [row(*[leaves[(7 * i + 11 * j) % 60] for j in range(5)]) for i in range(100)]
    out = functions.sum(terms)
    program = compile(out, parameters=leaves)
    out.backward()
    assert program.run() == out.data
    assert program.gradients.tolist() == [leaf.grad for leaf in leaves]


def test_rules_that_cannot_be_recorded(table):
    def branching(m):
        """A rule that branches, a row of this test."""
        return (lambda x: x if x > 0 else 0.0), (lambda x, out: 1.0 if x > 0 else 0.0)

    def foreign(m):
        """A rule that Numba cannot compile, a row of this test."""
        return (lambda x: float(str(x))), (lambda x, out: 1.0)

    with pytest.raises(TypeError, match=r"derivative of branching.*compared"):
        compile(declare(branching)(Value(1.0)))
    if os.environ.get("NUMBA_DISABLE_JIT", "0") == "0":
        with pytest.raises(TypeError, match=r"rule of foreign cannot be compiled.*functions of m"):
            compile(declare(foreign)(Value(1.0)))
    assert compile(Value(1.0) * 2.0).run() == 2.0


def test_a_constant_of_another_module_is_part_of_the_key_on_disk(tmp_path):
    code = """
    from autograd import Value, compile, operation
    from settings import ALPHA

    @operation(symbol="s", latex="x", gradient_latex=("1",), domain=((0, 1),))
    def scaled(m):
        \"\"\"The operand times a constant.\"\"\"
        return (lambda x: ALPHA * x), (lambda x, out: ALPHA)

    print(compile(scaled(Value(1.0))).run())
    """
    (tmp_path / "row.py").write_text(textwrap.dedent(code))
    for alpha in (0.5, 0.25):
        (tmp_path / "settings.py").write_text(f"ALPHA = {alpha}\n")
        path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
        cache = {"CHAINRULE_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path}
        assert in_process("import row", **cache) == f"{alpha}\n"


# Looking at it


def test_a_program_draws_lists_and_describes_itself():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    program = compile((x + y) * z, inputs=[x, y, z])
    program(-2.0, 5.0, -4.0)
    svg = viz.draw(program).svg()
    for number in ("-2.00", "5.00", "-4.00", "3.00", "-12.00", "1.00"):
        assert f">{number}<" in svg
    assert "5 nodes: 0 parameters, 3 inputs, 0 constants, 2 results" in repr(program)
    assert "operations: add 1, mul 1" in repr(program)
    assert "levels: 2" in repr(program)
    assert f"{program.nbytes:,} bytes" in repr(program)
    assert "v[3] = add(v[0], v[1])" in program.listing()
    assert "and 1 more" in program.listing(limit=1)
    assert "def mul_forward" in program.source
    (output,) = program.graph()
    assert output.data == -12.0
    assert [leaf.label for leaf in autograd.topological_order([output]) if leaf.op is None] == ["x", "y", "z"]


def test_dead_code_and_equal_constants_are_left_out():
    x = Value(2.0)
    unused = x.exp()
    program = compile(x * 3.0 + 3.0 * x, inputs=[x])
    assert program.tape.results == 3
    assert program.tape.constants.tolist() == [3.0]
    assert unused.op not in program.tape.operations


def test_neighbours_are_computed_by_one_instruction():
    ws, xs = [Value(0.1 * i) for i in range(200)], [Value(0.0) for _ in range(200)]
    program = compile(functions.sum([(w * x).tanh() for w, x in zip(ws, xs, strict=True)]), inputs=xs)
    assert len(program._plan.forward) == 3
    assert len(program._plan.backward) <= 4


# Where it runs


def in_process(code, **environment):
    """Run code in a Python of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SMALL = """
from autograd import Value, compile
w, x = Value(2.0), Value(3.0)
program = compile(w * x, inputs=[x])
print(program(5.0), w.grad, program.map([1.0, 2.0]).values.tolist())
"""
PRINTED = "10.0 5.0 [2.0, 4.0]\n"


def test_a_player_is_kept_on_disk_and_read_again(tmp_path):
    assert in_process(SMALL, CHAINRULE_CACHE_DIR=str(tmp_path), NUMBA_DISABLE_JIT="0") == PRINTED
    files = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()}
    assert {file.suffix for file in files} >= {".py", ".nbi", ".nbc"}
    assert in_process(SMALL, CHAINRULE_CACHE_DIR=str(tmp_path), NUMBA_DISABLE_JIT="0") == PRINTED
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()} == files
    for file in files:  # damaged files are replaced
        file.write_bytes(file.read_bytes()[:50])
    assert in_process(SMALL, CHAINRULE_CACHE_DIR=str(tmp_path), NUMBA_DISABLE_JIT="0") == PRINTED


def test_without_a_place_to_write(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert in_process(SMALL, CHAINRULE_CACHE_DIR=str(blocked)) == PRINTED
    assert in_process(SMALL, CHAINRULE_CACHE_DIR="") == PRINTED


def test_without_compilation():
    assert in_process(SMALL, NUMBA_DISABLE_JIT="1", CHAINRULE_CACHE_DIR="") == PRINTED


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_after_fork():
    code = """
    import os, threading, warnings
    warnings.simplefilter("ignore")  # Python warns about a fork beside a thread
    from autograd import Value, compile
    w, x = Value(2.0), Value(3.0)
    program = compile(w * x, inputs=[x])
    program.map([1.0] * 1000, threads=2)
    busy = threading.Thread(target=lambda: [program.forward(float(i)) for i in range(20_000)])
    busy.start()
    child = os.fork()
    if child == 0:
        ok = program(5.0) == 10.0 and program.map([1.0] * 100_000, threads=2).values.sum() == 200_000.0
        os._exit(0 if ok else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert in_process(code) == "0\n"


def test_threads_take_turns():
    w, x = Value(2.0), Value(1.0)
    program = compile(w * x * x, inputs=[x])
    wrong = []

    def work(number):
        values = {program.forward(number) for _ in range(200)}
        wrong.extend(values - {2.0 * number * number})

    threads = [threading.Thread(target=work, args=(float(i),)) for i in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_importing_autograd_does_not_import_numba():
    assert (
        in_process("import sys, autograd; print('numba' in sys.modules, autograd.compile.__name__)")
        == "False compile\n"
    )

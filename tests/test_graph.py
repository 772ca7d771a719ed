"""The graph: order, the backward pass, memory and depth, pickling and copying, and `grad`."""

import contextlib
import copy
import gc
import math
import pickle
import random
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Gate, Value, enable_grad, functions, grad, no_grad, tensor, topological_order, value_and_grad

# Random graphs.  A program is a list of steps; each applies an operation to two earlier results.  The steps keep
# numbers and derivatives small, so that rounding stays far below the tolerance.

STEPS = {
    "add": lambda x, y: (x + y) / 2,
    "sub": lambda x, y: 0.5 * (x - y),
    "mul": lambda x, y: functions.tanh(x * y),
    "div": lambda x, y: x / (y * y + 1),
    "sin": lambda x, y: functions.sin(x),
    "sum": lambda x, y: functions.sum([x, y, x]) / 3,
    "lerp": lambda x, y: functions.lerp(x, y, 0.25),
}

# The same steps on pairs (number, derivative): the chain rule forwards, an independent way to the same gradient.
DUAL_STEPS = {
    "add": lambda x, dx, y, dy: ((x + y) / 2, (dx + dy) / 2),
    "sub": lambda x, dx, y, dy: ((x - y) / 2, (dx - dy) / 2),
    "mul": lambda x, dx, y, dy: (math.tanh(x * y), (dx * y + x * dy) / math.cosh(x * y) ** 2),
    "div": lambda x, dx, y, dy: (x / (y * y + 1), dx / (y * y + 1) - x * 2 * y * dy / (y * y + 1) ** 2),
    "sin": lambda x, dx, y, dy: (math.sin(x), math.cos(x) * dx),
    "sum": lambda x, dx, y, dy: ((2 * x + y) / 3, (2 * dx + dy) / 3),
    "lerp": lambda x, dx, y, dy: (0.75 * x + 0.25 * y, 0.75 * dx + 0.25 * dy),
}

leaf_numbers = st.lists(st.floats(-2, 2), min_size=1, max_size=4)
programs = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 99), st.integers(0, 99)), max_size=12)


def build(program, leaves):
    nodes = list(leaves)
    for name, i, j in program:
        nodes.append(STEPS[name](nodes[i % len(nodes)], nodes[j % len(nodes)]))
    return nodes[-1]


def forward_mode(program, numbers, k):
    """The result and its derivative with respect to the k-th leaf."""
    nodes = [(number, float(i == k)) for i, number in enumerate(numbers)]
    for name, i, j in program:
        nodes.append(DUAL_STEPS[name](*nodes[i % len(nodes)], *nodes[j % len(nodes)]))
    return nodes[-1]


@settings(deadline=None)
@given(programs, leaf_numbers)
def test_order_has_each_node_once_after_its_operands(program, numbers):
    leaves = [Value(number) for number in numbers]
    out = build(program, leaves)
    for constants in (True, False):
        order = topological_order([out], constants=constants)
        position = {node: i for i, node in enumerate(order)}
        assert len(position) == len(order)
        assert order[-1] is out
        for node in order:
            for operand in node.parents:
                if operand in position:
                    assert position[operand] < position[node]
                else:
                    assert not constants
                    assert not operand.requires_grad
    reachable, stack = {out}, [out]
    while stack:
        new = set(stack.pop().parents) - reachable
        reachable |= new
        stack.extend(new)
    assert set(topological_order([out], constants=True)) == reachable


@settings(deadline=None)
@given(programs, leaf_numbers)
def test_backward_and_grad_against_the_forward_mode(program, numbers):
    leaves = [Value(number) for number in numbers]
    out = build(program, leaves)
    out.backward()
    through_grad = grad(out, leaves, allow_unused=True)
    through_graph = grad(out, leaves, create_graph=True, allow_unused=True)
    for k, leaf in enumerate(leaves):
        value, derivative = forward_mode(program, numbers, k)
        assert out.data == pytest.approx(value, rel=1e-9, abs=1e-9)
        assert leaf.grad == pytest.approx(derivative, rel=1e-9, abs=1e-9)
        assert (through_grad[k] is None) == (not leaf.grad_computed)
        if leaf.grad_computed:
            assert through_grad[k].data == leaf.grad
            assert through_graph[k].data == pytest.approx(leaf.grad, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(programs, leaf_numbers)
def test_backward_twice_doubles_the_leaves_exactly_and_no_more(program, numbers):
    leaves = [Value(number) for number in numbers]
    out = build(program, leaves)
    out.backward()
    inner = [node for node in topological_order([out]) if node.op]
    once, inner_once = [leaf.grad for leaf in leaves], [node.grad for node in inner]
    out.backward()
    assert [leaf.grad for leaf in leaves] == [2 * gradient for gradient in once]
    assert [node.grad for node in inner] == inner_once


@settings(deadline=None)
@given(programs, leaf_numbers)
def test_a_pickled_and_a_copied_graph_compute_the_same(program, numbers):
    leaves = [Value(number, f"x{i}") for i, number in enumerate(numbers)]
    out = build(program, leaves)
    out.backward()
    for twin in (pickle.loads(pickle.dumps(out)), copy.deepcopy(out)):
        for old, new in zip(
            topological_order([out], constants=True), topological_order([twin], constants=True), strict=True
        ):
            assert old is not new
            assert (old.op, old.data, old.grad, old.label) == (new.op, new.data, new.grad, new.label)
            assert (old.requires_grad, old.grad_computed) == (new.requires_grad, new.grad_computed)
        twin.zero_grad()
        twin.backward()
        twins = {node.label: node.grad for node in topological_order([twin]) if node.op is None}
        assert twins == {leaf.label: leaf.grad for leaf in topological_order([out]) if leaf.op is None}


# Reuse


def test_x_times_x_has_two_operands():
    x = Value(3.0)
    y = x * x
    assert y.parents == (x, x)
    assert y.parents[0] is y.parents[1] is x
    y.backward()
    assert x.grad == 6.0


def test_a_value_used_many_times_sums_its_gradients():
    x = Value(2.0)
    y = sum(x * k for k in range(1, 101))
    y.backward()
    assert x.grad == 5050.0
    z = functions.sum([x] * 1000)
    assert len(z.parents) == 1000
    (gradient,) = grad(z, x)
    assert gradient.data == 1000.0


def test_gradients_of_two_results_add_up_in_the_shared_leaf():
    x = Value(2.0)
    (3 * x).backward()
    (x * x).backward()
    assert x.grad == 7.0


def test_inner_nodes_hold_the_gradient_of_one_pass():
    x = Value(3.0)
    q = x + 1
    f = q * q
    for _ in range(3):
        f.backward()
    assert (f.grad, q.grad, x.grad) == (1.0, 8.0, 24.0)


def test_backward_on_a_leaf():
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0


def test_pull_is_one_step_of_backward():
    x, y = Value(3.0), Value(-4.0)
    product = x * y
    out = product + product.square()
    gradients = {out: 1.0}
    for node in (out, out.parents[1], product):
        node.pull(gradients)
    out.backward()
    assert gradients == {node: node.grad for node in topological_order([out])}


# Recording


@pytest.mark.parametrize("make", [Value, lambda number: tensor(number, requires_grad=True)])
def test_each_thread_has_its_own_switch_and_an_error_puts_it_back(make):
    x = make(3.0)
    inside, done = threading.Event(), threading.Event()
    found = []

    def rest():
        with no_grad():
            inside.set()
            done.wait()
            with enable_grad():
                found.append(x * x)
            found.append(x * x)

    thread = threading.Thread(target=rest)
    thread.start()
    inside.wait()
    assert (x * x).requires_grad
    assert (-x).requires_grad
    done.set()
    thread.join()
    assert [each.requires_grad for each in found] == [True, False]
    with contextlib.suppress(ZeroDivisionError), no_grad():
        found.append(-x)
        raise ZeroDivisionError
    assert not found[-1].requires_grad
    assert (x * x).requires_grad


# Errors leave the graph as it was


def test_nothing_to_differentiate():
    x = Value(3.0)
    with no_grad():
        detached = x * x
    for constant in (detached, Value(2.0, requires_grad=False), Value(2.0, requires_grad=False) * 3):
        with pytest.raises(ValueError, match="is a constant"):
            constant.backward()
        with pytest.raises(ValueError, match="is a constant"):
            grad(constant, x)
        assert (constant.grad_computed, x.grad_computed) == (False, False)


def test_an_error_in_a_gate_leaves_all_gradients_as_they_were():
    class Faulty(Gate):
        def forward(self, x):
            return x

        def backward(self, dz):
            raise RuntimeError("no derivative today")

    x, y = Value(3.0), Value(4.0)
    inner = x * y
    out = Faulty()(inner) * y + y
    inner.backward()
    before = [node.grad for node in topological_order([out])]
    with pytest.raises(RuntimeError, match="no derivative today"):
        out.backward()
    assert [node.grad for node in topological_order([out])] == before
    assert not out.grad_computed


# Size


def test_a_chain_of_a_million_operations():
    n = 1_000_000
    x = Value(1.0, "x")
    gc.collect()
    gc.disable()  # what is freed below is freed by reference counts alone
    try:
        before = sys.getallocatedblocks()
        y = x
        for _ in range(n):
            y = y + x
        y.backward()
        assert (y.data, x.grad) == (n + 1.0, n + 1.0)
        assert len(topological_order([y])) == n + 1

        loaded = pickle.loads(pickle.dumps(y))
        loaded.zero_grad()
        loaded.backward()
        (leaf,) = [node for node in topological_order([loaded]) if node.op is None]
        assert (loaded.data, leaf.label, leaf.grad) == (n + 1.0, "x", n + 1.0)

        assert sys.getallocatedblocks() - before > 2 * n
        del y, loaded, leaf
        assert sys.getallocatedblocks() - before < n / 100  # Python keeps some freed objects in its own free lists
    finally:
        gc.enable()


def test_a_deep_chain_is_copied_and_differentiated_without_recursion():
    n = 100_000
    x = Value(0.5)
    y = x
    for _ in range(n):
        y = -y
    twin = copy.deepcopy(y)
    twin.backward()
    assert (twin.data, x.grad_computed) == (0.5, False)
    (first,) = grad(y, x, create_graph=True)
    assert first.data == 1.0


def test_the_loss_of_a_network_is_freed_at_once():
    model = nn.MLP(2, [16, 16, 1])
    model([1.0, 2.0]).backward()  # the gradients stay with the parameters
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        loss = sum(model([i / 50, 1.0]) ** 2 for i in range(50))
        loss.backward()
        used = sys.getallocatedblocks() - before
        del loss
        assert sys.getallocatedblocks() - before < used / 10  # Python keeps some freed objects in its own free lists
    finally:
        gc.enable()


# Pickling and copying


def test_results_pickled_together_share_their_leaves():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    for product, total in (pickle.loads(pickle.dumps((a * b, a + b))), copy.deepcopy((a * b, a + b))):
        assert product.parents[0] is total.parents[0]
        assert product.parents[0] is not a
        product.backward()
        total.backward()
        assert [leaf.grad for leaf in total.parents] == [4.0, 3.0]
    assert (a.grad_computed, b.grad_computed) == (False, False)


def test_every_protocol_and_a_leaf_alone():
    x = Value(2.0, "x")
    x.grad = 5.0
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        leaf = pickle.loads(pickle.dumps(x, protocol))
        assert (leaf.data, leaf.grad, leaf.label, leaf.requires_grad) == (2.0, 5.0, "x", True)
        constant = pickle.loads(pickle.dumps(Value(1.0, requires_grad=False), protocol))
        assert (constant.data, constant.requires_grad, constant.grad_computed) == (1.0, False, False)
        out = pickle.loads(pickle.dumps(functions.lerp(x, 3.0, 0.5), protocol))
        assert (out.data, out.op.name, len(out.parents)) == (2.5, "lerp", 3)


def test_a_copied_network_is_a_network_of_its_own():
    random.seed(0)
    model = nn.MLP(2, [4, 1])
    loss = model([1.0, -2.0]) ** 2
    twin, twin_loss = copy.deepcopy((model, loss))
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]
    assert not set(twin.parameters()) & set(model.parameters())
    twin_loss.backward()
    assert not any(p.grad_computed for p in model.parameters())
    assert any(p.grad for p in twin.parameters())
    loss.backward()
    assert [p.grad for p in twin.parameters()] == [p.grad for p in model.parameters()]
    assert repr(pickle.loads(pickle.dumps(model))) == repr(model)


# grad


def test_grad_returns_a_tuple_and_writes_nothing():
    x, y = Value(2.0), Value(3.0)
    x.grad = 7.0
    z = x * y
    for create_graph in (False, True):
        found = grad(z, [x, y], create_graph=create_graph)
        assert type(found) is tuple
        assert [g.data for g in found] == [3.0, 2.0]
    assert type(grad(z, x)) is tuple
    assert (x.grad, y.grad_computed, z.grad_computed) == (7.0, False, False)


def test_grad_without_create_graph_is_a_constant():
    x = Value(2.0)
    (first,) = grad(x**3, x)
    assert (first.data, first.requires_grad, first.parents) == (12.0, False, ())


def test_third_derivative():
    x = Value(2.0)
    (first,) = grad(x**5, x, create_graph=True)
    (second,) = grad(first, x, create_graph=True)
    (third,) = grad(second, x, create_graph=True)
    assert [first.data, second.data, third.data] == [80.0, 160.0, 240.0]


def test_a_gradient_in_a_loss():
    x = Value(3.0)
    (slope,) = grad(x**2, x, create_graph=True)
    (slope**2).backward()  # d/dx (2x)^2 = 8x
    assert x.grad == 24.0


def test_grad_outputs():
    x, y = Value(2.0), Value(3.0)
    assert grad(x * y, x, 10)[0].data == 30.0
    assert grad([x * y, x * x], [x, y], [1.0, 10.0])[0].data == 43.0
    with pytest.raises(ValueError, match="1 grad_outputs for 2 outputs"):
        grad([x * y, x * x], x, 1.0)
    seed = Value(5.0)
    (through,) = grad(x * y, x, seed, create_graph=True)
    assert grad(through, seed)[0].data == 3.0


@pytest.mark.parametrize("seed", ["3", None, [1.0]])
def test_grad_outputs_are_numbers(seed):
    x = Value(2.0)
    with pytest.raises(TypeError, match="grad_outputs"):
        grad([x * x], x, [seed])


def test_an_unused_input():
    x, unused = Value(2.0), Value(3.0, "u")
    with pytest.raises(ValueError, match=r"do not depend on input 1 \('u'\).*allow_unused=True"):
        grad(x * x, [x, unused])
    first, none = grad(x * x, [x, unused], allow_unused=True)
    assert (first.data, none) == (4.0, None)


def test_several_outputs_and_the_same_one_twice():
    x = Value(3.0)
    y = x * x
    assert grad([y, 2 * x], x)[0].data == 8.0
    assert grad([y, y], x)[0].data == 12.0
    assert grad([y, y], x, [1.0, 10.0], create_graph=True)[0].data == 66.0
    assert [g.data for g in grad(y, [x, x])] == [6.0, 6.0]


def test_one_output_on_the_way_to_another():
    x = Value(3.0)
    q = x * x
    f = 2 * q
    assert [g.data for g in grad([f, q], [q, x])] == [3.0, 18.0]


def test_intermediate_inputs():
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    q = x + y
    f = q * z
    assert [g.data for g in grad(f, [q, f])] == [-4.0, 1.0]


def test_changing_a_gradient_changes_nothing_else():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    (gradient,) = grad(x * y, x, create_graph=True)
    gradient.label = "df/dx"
    gradient.data = 100.0
    assert (y.label, y.data) == ("y", 3.0)


@pytest.mark.parametrize("bad", [3.0, "x", None, [1.0]])
def test_grad_takes_values(bad):
    x = Value(2.0)
    with pytest.raises(TypeError, match="outputs takes a Value"):
        grad(bad, x)
    with pytest.raises(TypeError, match="inputs takes a Value"):
        grad(x * x, bad)


# value_and_grad


def test_value_and_grad_of_numbers():
    assert value_and_grad(lambda x: x * x)(3.0) == (9.0, 6.0)
    assert value_and_grad(lambda x, y: x * y)(3.0, 4.0) == (12.0, 4.0)
    assert value_and_grad(lambda x, y: x * y, argnums=1)(3.0, 4.0) == (12.0, 3.0)
    assert value_and_grad(lambda x, y: x * y, argnums=(1, 0))(3.0, 4.0) == (12.0, (3.0, 4.0))
    assert value_and_grad(lambda x, scale: x * scale)(3.0, scale=2.0) == (6.0, 2.0)


def test_value_and_grad_of_lists():
    f = value_and_grad(lambda ws, b: functions.dot(ws, [1.0, 10.0], b), argnums=(0, 1))
    assert f([2.0, 3.0], 4.0) == (36.0, ([1.0, 10.0], 1.0))


def test_value_and_grad_of_an_unused_argument_is_zero():
    assert value_and_grad(lambda x, y: x * x, argnums=(0, 1))(3.0, 4.0) == (9.0, (6.0, 0.0))
    assert value_and_grad(lambda x: Value(2.0, requires_grad=False))(3.0) == (2.0, 0.0)


def test_value_and_grad_of_values_can_be_differentiated_again():
    x = Value(3.0)
    value, first = value_and_grad(lambda x: x**3)(x)
    assert (value.data, first.data) == (27.0, 27.0)
    assert grad(first, x)[0].data == 18.0
    assert not x.grad_computed


def test_value_and_grad_refuses_what_is_no_value():
    with pytest.raises(TypeError, match="must return a Value, got float"):
        value_and_grad(lambda x: 1.0)(3.0)
    with pytest.raises(TypeError, match="an argument takes one real number, got str"):
        value_and_grad(lambda x: x)("3")

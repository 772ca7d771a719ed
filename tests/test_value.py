"""The scalar node: what it accepts, how it computes, and what it answers to bad input."""

import math
import operator
import threading
import warnings
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, enable_grad, grad, no_grad

# Construction


@pytest.mark.parametrize(
    "number", [3, 3.0, True, np.float32(3), np.float64(3), np.int64(3), np.uint8(3), Fraction(3, 2), -0.0, math.inf]
)
def test_real_numbers_become_a_float(number):
    x = Value(number)
    assert type(x.data) is float
    assert x.data == float(number)
    assert (x.grad, x.label, x.op, x.parents, x.requires_grad) == (0.0, "", None, (), True)


@pytest.mark.parametrize(
    ("given", "said", "remedy"),
    [
        ("3", "str '3'", r"float\('3'\)"),
        (None, "None", "give an int or a float"),
        (1 + 2j, r"complex \(1\+2j\)", "real and the imaginary part"),
        ([1, 2], r"list \[1, 2\]", "one Value for each number"),
        ((1, 2), r"tuple \(1, 2\)", "one Value for each number"),
        (Value(1.0), "Value", "it is a Value already"),
        (np.array([1, 2]), r"ndarray of shape \(2,\)", r"\.item\(\)"),
        ({}, "dict", "give an int or a float"),
    ],
)
def test_anything_else_is_an_error_that_says_what_to_do(given, said, remedy):
    with pytest.raises(TypeError, match=f"takes one real number, got .*{said}.*{remedy}"):
        Value(given)


def test_the_error_does_not_repeat_a_long_input():
    with pytest.raises(TypeError) as caught:
        Value("x" * 10_000)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("digits", [401, 5001])
def test_an_integer_that_no_float_can_hold(digits):
    with pytest.raises(OverflowError, match="in the range of a float"):
        Value(10 ** (digits - 1))


def test_an_integer_operand_that_no_float_can_hold():
    with pytest.raises(OverflowError, match="in the range of a float"):
        Value(1.0) + 10**400


@pytest.mark.parametrize("label", [None, 3, b"x", ["x"]])
def test_a_label_is_a_text(label):
    with pytest.raises(TypeError, match=r"Value\(label\) takes a text, got"):
        Value(1.0, label)


def test_torch_numbers_are_foreign():
    torch = pytest.importorskip("torch", reason="needs the peers extra")
    with pytest.raises(TypeError, match=r"takes one real number, got torch\.Tensor"):
        Value(torch.tensor([1.0, 2.0]))
    for compute in (lambda t: Value(1.0) + t, lambda t: t + Value(1.0), lambda t: t * Value(1.0)):
        with pytest.raises(TypeError, match=r"operand is torch\.Tensor"):
            compute(torch.tensor([1.0, 2.0]))


# Operators

BINARY = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "remainder": operator.mod,
}
binary = pytest.mark.parametrize("name", BINARY)


@binary
@pytest.mark.parametrize("number", [3, 2.5, True, np.float32(2.5), np.float64(2.5), np.int64(3), Fraction(5, 2)])
def test_a_number_on_either_side(name, number):
    compute = BINARY[name]
    x = Value(1.5)
    right, left = compute(x, number), compute(number, x)
    assert type(right) is type(left) is Value
    assert right.data == compute(1.5, float(number))
    assert left.data == compute(float(number), 1.5)
    assert right.op.name == left.op.name == name
    assert right.parents[0] is x
    assert left.parents[1] is x
    constant = right.parents[1]
    assert (constant.data, constant.requires_grad) == (float(number), False)


@binary
def test_two_values(name):
    x, y = Value(1.5), Value(2.5)
    out = BINARY[name](x, y)
    assert out.data == BINARY[name](1.5, 2.5)
    assert out.parents == (x, y)
    assert out.op.name == name


@binary
@pytest.mark.parametrize("foreign", [[1.0], (1.0,), "3", None, np.array([1.0, 2.0]), np.array(1.0), object(), 1j, {}])
def test_a_foreign_operand_is_one_clear_error_that_names_the_operation(name, foreign):
    sides = [lambda: BINARY[name](Value(1.0), foreign), lambda: BINARY[name](foreign, Value(1.0))]
    if isinstance(foreign, str) and name == "remainder":
        sides.pop()  # "..." % value formats a text
    kind = "None" if foreign is None else type(foreign).__name__
    for compute in sides:
        with pytest.raises(TypeError, match=rf"^{name}: an operand is .*{kind}"):
            compute()


def test_one_operand():
    x = Value(-3.0)
    assert (-x).data == 3.0
    assert (-x).op.name == "neg"
    assert abs(x).data == 3.0
    assert abs(x).op.name == "abs"
    assert +x is x


def test_subtraction_and_division_are_gates_of_their_own():
    x, y = Value(1.0, "x"), Value(4.0, "y")
    assert (x - y)._op == "-"
    assert (x / y)._op == "/"
    assert (x / y).parents == (x, y)


def test_in_place_operators_make_a_new_node():
    x = y = Value(2.0)
    y += 1
    y *= 3
    assert (x.data, y.data) == (2.0, 9.0)


def test_sum_of_python():
    values = [Value(1.0), Value(2.0), Value(3.0)]
    total = sum(values)
    total.backward()
    assert total.data == 6.0
    assert [value.grad for value in values] == [1.0, 1.0, 1.0]


def test_methods_take_named_operands_and_defaults():
    x = Value(-2.0)
    assert x.leaky_relu().data == -0.02
    assert x.leaky_relu(negative_slope=0.5).data == -1.0
    assert x.clamp(max=-3.0).data == -3.0
    with pytest.raises(TypeError, match=r"leaky_relu.* x, negative_slope.* slope="):
        x.leaky_relu(slope=0.5)


# Values as numbers


def test_comparisons_are_between_numbers():
    x = Value(2.0)
    for other in (Value(3.0), 3, 3.0, np.float32(3), Fraction(3)):
        assert x < other
        assert x <= other
        assert x != other
        assert not x > other
        assert not x >= other
        assert not operator.eq(x, other)
        assert other > x
        assert other >= x
    assert x == Value(2.0)
    assert x == 2
    assert Value(math.nan) != Value(math.nan)
    assert x != "2"
    assert x is not None
    assert max([Value(1.0), Value(3.0), Value(2.0)]).data == 3.0


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("foreign", ["3", None, [1], np.array([1.0, 2.0])])
def test_ordering_with_a_foreign_object_is_a_clear_error(compare, foreign):
    for left, right in ((Value(1.0), foreign), (foreign, Value(1.0))):
        with pytest.raises(TypeError, match="cannot compare a Value with"):
            compare(left, right)


def test_nodes_are_told_apart_in_sets():
    x, y = Value(1.0), Value(1.0)
    assert x == y
    assert len({x, y}) == 2
    assert {x: "x", y: "y"}[x] == "x"


def test_conversions():
    assert float(Value(2.5)) == 2.5
    assert int(Value(2.5)) == 2
    assert Value(2.0)
    assert not Value(0.0)
    assert f"{Value(2.0):.2f}" == "2.00"
    assert f"{Value(2.0)}" == repr(Value(2.0))
    x = Value(0.1) + 0.2
    assert float(f"{x:.17g}") == x.data


def test_repr_is_micrograds():
    x = Value(3.0)
    assert repr(x) == "Value(data=3.0, grad=0.0)"
    (x * 2).backward()
    assert str(x) == "Value(data=3.0, grad=2.0)"
    assert repr(Value(3.0, "w")) == "Value(data=3.0, grad=0.0, label='w')"


def test_micrograds_names():
    x, y = Value(2.0), Value(3.0)
    assert (x._prev, x._op) == (set(), "")
    assert ((x * y)._prev, (x * y)._op) == ({x, y}, "*")
    assert (x * x)._prev == {x}
    assert (x * x).parents == (x, x)


# IEEE 754: no exceptions, no warnings


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda: Value(1000.0).exp(), math.inf),
        (lambda: Value(-1000.0).exp(), 0.0),
        (lambda: Value(0.0).log(), -math.inf),
        (lambda: Value(-1.0).log(), math.nan),
        (lambda: Value(0.0) ** 0, 1.0),
        (lambda: Value(0.0) ** Value(0.0), 1.0),
        (lambda: 0 ** Value(0.0), 1.0),
        (lambda: Value(0.0) ** -1, math.inf),
        (lambda: Value(-8.0) ** (1 / 3), math.nan),
        (lambda: Value(1.0) / 0, math.inf),
        (lambda: Value(-1.0) / 0, -math.inf),
        (lambda: 1 / Value(-0.0), -math.inf),
        (lambda: Value(0.0) / 0.0, math.nan),
        (lambda: Value(1.0) % 0, math.nan),
        (lambda: Value(1e308) * 10, math.inf),
        (lambda: Value(1e200) ** 2, math.inf),
        (lambda: Value(math.inf) - math.inf, math.nan),
        (lambda: Value(-1.0).sqrt(), math.nan),
        (lambda: Value(1000.0).sigmoid(), 1.0),
        (lambda: Value(-1000.0).sigmoid(), 0.0),
        (lambda: Value(1000.0).softplus(), 1000.0),
    ],
)
def test_ieee_results(compute, expected):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = compute()
        out.backward()
    assert out.data == pytest.approx(expected, nan_ok=True)
    assert math.copysign(1, out.data) == math.copysign(1, expected) or math.isnan(expected)


def test_ieee_gradients():
    x, zero = Value(2.0), Value(0.0)
    (x / zero).backward()
    assert (x.grad, zero.grad) == (math.inf, -math.inf)
    assert gradient_at_zero(lambda x: x.log()) == math.inf
    assert gradient_at_zero(lambda x: x.sqrt()) == math.inf
    assert gradient_at_zero(lambda x: x**0) == 0.0
    assert gradient_at_zero(lambda x: x**1) == 1.0
    assert gradient_at_zero(lambda x: x**2) == 0.0
    assert gradient_at_zero(abs) == 0.0
    assert gradient_at_zero(lambda x: x.relu()) == 0.0


def gradient_at_zero(f):
    x = Value(0.0)
    f(x).backward()
    return x.grad


# Writing data and gradients


def test_data_and_grad_are_writable():
    x = Value(3.0)
    (x * x).backward()
    x.data -= 0.1 * x.grad
    assert x.data == pytest.approx(2.4)
    x.data = np.float32(2)
    assert type(x.data) is float
    x.grad = 5
    assert (x.grad, type(x.grad)) == (5.0, float)


@pytest.mark.parametrize("attribute", ["data", "grad"])
@pytest.mark.parametrize("bad", ["3", [1.0], 1j, np.array([1.0, 2.0]), Value(1.0)])
def test_a_bad_number_leaves_the_node_as_it_was(attribute, bad):
    x = Value(3.0)
    (2 * x).backward()
    with pytest.raises(TypeError, match=rf"Value\.{attribute} takes one real number"):
        setattr(x, attribute, bad)
    assert (x.data, x.grad) == (3.0, 2.0)


def test_data_cannot_be_none():
    x = Value(3.0)
    with pytest.raises(TypeError, match="got None"):
        x.data = None
    assert x.data == 3.0


def test_no_gradient_yet_is_not_a_gradient_of_zero():
    x, unused = Value(3.0), Value(1.0)
    assert (x.grad, x.grad_computed) == (0.0, False)
    y = 0 * x
    y.backward()
    assert (x.grad, x.grad_computed) == (0.0, True)
    assert (unused.grad, unused.grad_computed) == (0.0, False)
    x.grad = None
    assert (x.grad, x.grad_computed) == (0.0, False)
    x.grad = 0.0
    assert x.grad_computed
    y.zero_grad()
    assert not x.grad_computed
    assert not y.grad_computed


@pytest.mark.parametrize("bad", ["1", None, [1.0], Value(1.0)])
def test_backward_starts_from_a_number(bad):
    x = Value(3.0)
    with pytest.raises(TypeError, match=r"backward\(gradient\) takes one real number"):
        (x * x).backward(bad)
    assert not x.grad_computed


def test_backward_from_another_gradient():
    x = Value(3.0)
    (x * x).backward(10)
    assert x.grad == 60.0


def test_a_constant_keeps_no_gradient():
    x, c = Value(3.0), Value(2.0, requires_grad=False)
    (c * x).backward()
    assert (x.grad, c.grad, c.grad_computed) == (2.0, 0.0, False)


# Switching recording off


def recorded():
    return (Value(2.0) * 3).requires_grad


def test_no_grad_and_enable_grad_nest():
    assert recorded()
    with no_grad():
        assert not recorded()
        with enable_grad():
            assert recorded()
            with no_grad():
                assert not recorded()
            assert recorded()
        assert not recorded()
    assert recorded()


def test_no_grad_keeps_no_graph():
    x, y = Value(2.0), Value(3.0)
    with no_grad():
        results = [x * y, -x, x.leaky_relu(), sum([x, y])]
    for out in results:
        assert (out.requires_grad, out.op, out.parents) == (False, None, ())
    assert results[0].data == 6.0


def test_recording_is_restored_after_an_exception():
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert recorded()


def test_as_decorators():
    @no_grad()
    def without(depth):
        inner = without(depth - 1) if depth else False
        return recorded() or inner

    assert not without(3)
    assert recorded()
    assert not no_grad()(lambda: recorded())()
    with no_grad():
        assert enable_grad()(recorded)()


def test_each_thread_has_its_own_switch():
    found = []
    with no_grad():
        thread = threading.Thread(target=lambda: found.extend([recorded(), float(Value(2.0))]))
        thread.start()
        thread.join()
    assert found == [True, 2.0]


def test_a_decorated_function_may_run_in_two_threads_at_once():
    entered, leave, found = threading.Event(), threading.Event(), []

    @no_grad()
    def stay_until(action):
        action()

    def wait_inside():
        entered.set()
        leave.wait(timeout=30)

    def in_a_thread():
        stay_until(wait_inside)
        found.append(recorded())

    def let_the_other_leave_first():
        leave.set()
        thread.join()

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    assert entered.wait(timeout=30)
    with no_grad():
        stay_until(let_the_other_leave_first)
        assert not recorded()
    assert found == [True]


# micrograd's two engine tests, in our own words: the same function on Values and on torch tensors


def small_network(x):
    doubled = 2 * x + 2 + x
    gated = doubled.relu() + doubled * x
    return (doubled * doubled).relu() + gated + gated * x


def many_operations(a, b):
    total = a + b
    product = a * b + b**3
    total += total + 1
    total += 1 + total + (-a)
    product += product * 2 + (b + a).relu()
    product += 3 * product + (b - a).relu()
    squared = (total - product) ** 2
    out = squared / 2.0
    return out + 10.0 / squared


ENGINE_TESTS = pytest.mark.parametrize(
    ("f", "inputs", "result", "gradients"),
    [
        (small_network, [-4.0], -20.0, [46.0]),
        (many_operations, [-4.0, 2.0], 24.704081632653061, [138.83381924198252, 645.5772594752186]),
    ],
)


@ENGINE_TESTS
def test_micrograds_engine_tests(f, inputs, result, gradients):
    leaves = [Value(number) for number in inputs]
    out = f(*leaves)
    out.backward()
    assert out.data == pytest.approx(result, rel=1e-14)
    assert [leaf.grad for leaf in leaves] == pytest.approx(gradients, rel=1e-14)
    assert [g.data for g in grad(out, leaves)] == [leaf.grad for leaf in leaves]


@ENGINE_TESTS
def test_micrograds_engine_tests_against_torch(f, inputs, result, gradients):
    torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")
    leaves = [Value(number) for number in inputs]
    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in inputs]
    out, expected = f(*leaves), f(*tensors)
    out.backward()
    expected.backward()
    assert out.data == pytest.approx(expected.item(), rel=1e-12)
    for leaf, tensor in zip(leaves, tensors, strict=True):
        assert leaf.grad == pytest.approx(tensor.grad.item(), rel=1e-12)

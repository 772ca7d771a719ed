"""Gates written by the user, and the graph as an object (lecture row G4)."""

import copy
import math
import pickle

import pytest

from autograd import ComputationalGraph, Gate, Value, grad, gradcheck, gradgradcheck


class MultiplyGate(Gate):
    """The lecture's gate: forward keeps the operands, backward swaps them."""

    symbol = "*"

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [self.y * dz, self.x * dz]


class SquareGate(Gate):
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, dz):
        return 2 * self.x * dz


class ExpGate(Gate):
    def forward(self, x):
        self.out = math.exp(x)
        return self.out

    def backward(self, dz):
        return self.out * dz


def make(forward, backward=lambda self, dz: dz):
    return type("Made", (Gate,), {"forward": forward, "backward": backward})()


# Gate


def test_the_multiply_gate_of_the_lecture():
    x, y = Value(3.0), Value(-4.0)
    z = MultiplyGate()(x, y)
    z.backward(2.0)
    assert (z.data, x.grad, y.grad) == (-12.0, -8.0, 6.0)
    assert z.parents == (x, y)
    assert (z.op.symbol, z.op.name, z._op) == ("*", "MultiplyGate", "*")


def test_a_gate_equals_the_operation():
    assert gradcheck(MultiplyGate(), [3.0, -4.0])
    assert gradcheck(lambda x, y: SquareGate()(x * y) + MultiplyGate()(x, y), [0.5, -2.0])


def test_the_symbol_is_the_name_by_default():
    assert SquareGate()(2.0).data == 4.0
    assert SquareGate()(Value(2.0)).op.symbol == "Square"
    assert make(lambda self, x: x)(Value(2.0)).op.symbol == "Made"


def test_one_instance_can_be_called_many_times():
    gate = MultiplyGate()
    x, y, z = Value(2.0), Value(3.0), Value(5.0)
    out = gate(gate(x, y), z)
    gate(z, z)
    out.backward()
    assert [leaf.grad for leaf in (x, y, z)] == [15.0, 10.0, 6.0]


def test_calling_a_gate_leaves_the_instance_as_it_was():
    gate = MultiplyGate()
    gate(Value(2.0), Value(3.0))
    assert vars(gate) == {}


def test_an_operand_used_twice():
    x = Value(3.0)
    MultiplyGate()(x, x).backward()
    assert x.grad == 6.0


def test_one_operand_may_return_a_bare_number():
    x = Value(3.0)
    SquareGate()(x).backward()
    assert x.grad == 6.0


def test_numbers_and_none():
    x = Value(3.0)
    z = MultiplyGate()(x, 4)
    z.backward()
    assert x.grad == 4.0
    assert not MultiplyGate()(3, 4).requires_grad
    first_only = make(lambda self, x, y: x, lambda self, dz: (dz, None))
    y = Value(1.0)
    first_only(x, y).backward()
    assert (x.grad, y.grad) == (5.0, 0.0)


@pytest.mark.parametrize("returned", [[1.0], [1.0, 2.0, 3.0], 1.0, [], None])
def test_a_wrong_number_of_gradients(returned):
    x, y = Value(3.0), Value(4.0)
    z = make(lambda self, x, y: x + y, lambda self, dz: returned)(x, y)
    with pytest.raises(TypeError, match=r"Made\.backward returned \d gradients for 2 operands"):
        z.backward()
    assert (x.grad_computed, y.grad_computed, z.grad_computed) == (False, False, False)


@pytest.mark.parametrize("result", ["3", None, [3.0], 1j])
def test_forward_must_return_a_number(result):
    with pytest.raises(TypeError, match=r"the result of Made\.forward takes one real number"):
        make(lambda self, x: result)(Value(1.0))


@pytest.mark.parametrize("gradient", ["3", [3.0], 1j])
def test_backward_must_return_numbers(gradient):
    x = Value(1.0)
    out = make(lambda self, x: x, lambda self, dz: [gradient])(x)
    with pytest.raises(TypeError, match=r"a gradient from Made\.backward takes one real number"):
        out.backward()
    assert not x.grad_computed


def test_operands_are_checked():
    with pytest.raises(TypeError, match="MultiplyGate: an operand is str"):
        MultiplyGate()(Value(1.0), "2")
    with pytest.raises(TypeError, match="at least one Value"):
        MultiplyGate()()


def test_a_gate_without_rules_says_which_one_is_missing():
    class Forgetful(Gate):
        pass

    with pytest.raises(NotImplementedError, match=r"Forgetful needs a method forward"):
        Forgetful()(Value(1.0))
    Forgetful.forward = lambda self, x: x
    with pytest.raises(NotImplementedError, match=r"Forgetful needs a method backward"):
        Forgetful()(Value(1.0)).backward()


def test_second_derivatives_of_a_gate_made_of_arithmetic():
    x = Value(3.0)
    (first,) = grad(SquareGate()(SquareGate()(x)), x, create_graph=True)  # x^4
    (second,) = grad(first, x, create_graph=True)
    (third,) = grad(second, x)
    assert (first.data, second.data, third.data) == (108.0, 108.0, 72.0)
    assert gradgradcheck(MultiplyGate(), [3.0, -4.0])


def test_second_derivatives_of_a_gate_that_leaves_the_graph():
    x = Value(1.0)
    out = ExpGate()(x)
    out.backward()
    assert x.grad == math.e
    with pytest.raises(TypeError, match=r"ExpGate turns a Value into a plain number.*second derivative"):
        grad(out, x, create_graph=True)
    assert float(x) == 1.0  # only while the gate ran, conversion was an error
    assert grad(out, x)[0].data == math.e


def test_a_graph_with_gates_is_pickled_and_copied():
    x = Value(3.0, "x")
    out = MultiplyGate()(SquareGate()(x), 2)
    for twin in (pickle.loads(pickle.dumps(out)), copy.deepcopy(out)):
        twin.backward()
        (leaf,) = ComputationalGraph(twin).inputs
        assert (twin.data, leaf.grad) == (18.0, 12.0)
    assert not x.grad_computed


# ComputationalGraph


@pytest.fixture
def lecture():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    return ComputationalGraph((x + y) * z)


def test_nodes_in_topological_order(lecture):
    nodes = lecture.nodes_topologically_sorted()
    assert [node.op.symbol if node.op else node.label for node in nodes] == ["x", "y", "+", "z", "*"]
    nodes.clear()
    assert len(lecture.nodes_topologically_sorted()) == 5
    assert [node.label for node in lecture.inputs] == ["x", "y", "z"]


def test_forward_takes_labels_values_or_one_number_per_input(lecture):
    x, _, z = lecture.inputs
    assert lecture.forward() == -12.0
    assert lecture.forward({"x": 1.0, "z": 2}) == 12.0
    assert lecture.forward({x: 0.0, z: 1.0}) == 5.0
    assert lecture.forward([1.0, 2.0, 3.0]) == 9.0
    assert lecture.forward((1, 2, 3)) == 9.0
    assert lecture.output.data == 9.0
    assert [node.data for node in lecture.nodes_topologically_sorted()] == [1.0, 2.0, 3.0, 3.0, 9.0]


def test_backward_visits_the_gates_in_reverse(lecture):
    assert lecture.backward() == [-4.0, -4.0, 3.0]
    assert [node.grad for node in lecture.nodes_topologically_sorted()] == [-4.0, -4.0, -4.0, 3.0, 1.0]
    lecture.forward({"x": 1.0, "z": 2.0})
    assert lecture.backward() == [2.0, 2.0, 6.0]
    assert [node.grad for node in lecture.inputs] == [-2.0, -2.0, 9.0]  # added up, as backward() does


def test_gates_of_your_own_run_again():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    graph = ComputationalGraph(SquareGate()(MultiplyGate()(x, y)) + 1)
    assert graph.forward([4.0, 5.0]) == 401.0
    assert graph.backward() == [200.0, 160.0]


def test_forward_and_backward_agree_with_a_new_graph():
    def f(x, y):
        return (x * y).tanh() + x.maximum(y) / (x * x + 1) + x.leaky_relu()

    graph = ComputationalGraph(f(Value(0.3), Value(-0.5)))
    for numbers in ([-1.5, 2.0], [0.7, 0.1]):
        leaves = [Value(number) for number in numbers]
        expected = f(*leaves)
        expected.backward()
        assert graph.forward(numbers) == expected.data
        assert graph.backward() == [leaf.grad for leaf in leaves]


@pytest.mark.parametrize(
    ("inputs", "error", "message"),
    [
        ({"x": 1.0, "w": 2.0}, KeyError, "no input called 'w'.*'x', 'y', 'z'"),
        ({"x": 1.0, "y": "2"}, TypeError, "input 'y' takes one real number, got str"),
        ({"x": 1.0, "y": None}, TypeError, "input 'y' takes one real number, got None"),
        ([1.0, 2.0], ValueError, r"2 numbers for 3 inputs \(x, y, z\)"),
        ([1.0, 2.0, 3.0, 4.0], ValueError, "4 numbers for 3 inputs"),
        ([1.0, 2.0, [3.0]], TypeError, "input 'z' takes one real number, got list"),
    ],
)
def test_a_bad_input_leaves_the_numbers_as_they_were(lecture, inputs, error, message):
    with pytest.raises(error, match=message):
        lecture.forward(inputs)
    assert [node.data for node in lecture.nodes_topologically_sorted()] == [-2.0, 5.0, 3.0, -4.0, -12.0]


def test_an_error_in_a_gate_leaves_the_numbers_as_they_were():
    x = Value(1.0, "x")
    graph = ComputationalGraph(ExpGate()(x * 2) + x)
    before = [node.data for node in graph.nodes_topologically_sorted()]
    with pytest.raises(OverflowError):
        graph.forward({"x": 1000.0})
    assert [node.data for node in graph.nodes_topologically_sorted()] == before


def test_a_label_that_two_inputs_share():
    graph = ComputationalGraph(Value(1.0, "x") + Value(2.0, "x"))
    with pytest.raises(KeyError, match="2 inputs called 'x'"):
        graph.forward({"x": 3.0})
    assert graph.forward({graph.inputs[0]: 3.0}) == 5.0


def test_a_graph_needs_a_value():
    with pytest.raises(TypeError, match="takes the Value or Tensor to compute, got float"):
        ComputationalGraph(3.0)


def test_constants_are_not_inputs():
    graph = ComputationalGraph(Value(2.0, "x") * 3 + 1)
    assert [node.label for node in graph.inputs] == ["x"]
    assert graph.forward([4.0]) == 13.0

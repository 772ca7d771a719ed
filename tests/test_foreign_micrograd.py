"""Graphs of micrograd's Values in our look: values, gradients and labels as theirs."""

import pytest

import viz

micrograd = pytest.importorskip("micrograd.engine", reason="draws micrograd's Values: pip install micrograd")


def leaf_gradients(steps):
    """The gradients of the last step by the names of the leaves."""
    return {steps.names[node]: node._grad for node in steps.nodes if node.op is None and node._grad is not None}


def test_micrograds_values_and_gradients():
    a, b = micrograd.Value(2.0), micrograd.Value(-3.0)
    a.label, b.label = "a", "b"
    f = ((a * b + b**2 - a) / b).relu() * a + a * a
    steps = viz.frames(f)
    assert (a.grad, b.grad, f.grad) == (0, 0, 0)  # nothing of theirs was touched
    f.backward()
    assert leaf_gradients(steps)["a"] == pytest.approx(a.grad)
    assert leaf_gradients(steps)["b"] == pytest.approx(b.grad)
    assert f"b  {b.grad:.2f}".split() in [line.split() for line in viz.trace(f).splitlines()]
    assert {"*", "+", "**2", "**-1", "ReLU"} <= {*viz.draw(f).source.replace("<", ">").split(">")}


def test_micrograds_operands_keep_their_order_and_number():
    a, b = micrograd.Value(2.0), micrograd.Value(3.0)
    a.label, b.label = "a", "b"
    for f, text in ((a * a, "a * a"), (a * b, "a * b"), (b * a, "b * a"), (b + a, "b + a")):
        assert text in viz.trace(f)


def test_an_operation_that_a_student_added_to_micrograd():
    class Value(micrograd.Value):
        def triple(self):
            out = Value(3 * self.data, (self,), "triple")

            def _backward():
                self.grad += 3 * out.grad

            out._backward = _backward
            return out

    x = Value(2.0)
    f = Value.triple(x * x)
    assert list(leaf_gradients(viz.frames(f)).values()) == [12.0]
    assert "triple" in viz.draw(f).source

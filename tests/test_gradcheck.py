"""The gradient checker: it accepts right gradients and explains wrong ones (lecture row G6)."""

import re

import numpy as np
import pytest

from autograd import Gate, Value, functions, gradcheck, gradgradcheck, numerical_gradient


class WrongMultiply(Gate):
    """A multiply gate whose author forgot to swap the operands in backward."""

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [self.x * dz, self.y * dz]


# numerical_gradient


def test_numerical_gradient_keeps_the_shape_of_its_argument():
    assert numerical_gradient(lambda x: x**2, 3.0) == pytest.approx(6.0)
    assert numerical_gradient(lambda x: x.exp() * x, Value(0.0)) == pytest.approx(1.0)
    assert numerical_gradient(lambda w: w[0] * w[1], [3.0, 4.0]) == pytest.approx([4.0, 3.0])
    assert numerical_gradient(lambda w: w[0] * w[1], (Value(3.0), 4)) == pytest.approx([4.0, 3.0])
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = numerical_gradient(lambda w: (w**2).sum(), matrix)
    np.testing.assert_allclose(found, 2 * matrix, rtol=1e-8)


def test_numerical_gradient_changes_nothing():
    x, entries, array = Value(3.0), [3.0, 4.0], np.array([3.0, 4.0])
    numerical_gradient(lambda x: x * x, x)
    numerical_gradient(lambda w: w[0] * w[1], entries)
    numerical_gradient(lambda w: w[0] * w[1], array)
    assert (x.data, x.grad_computed, entries, array.tolist()) == (3.0, False, [3.0, 4.0], [3.0, 4.0])


def test_central_differences_are_closer_than_forward_differences():
    central = numerical_gradient(lambda x: x**3, 2.0, h=1e-3)
    forward = numerical_gradient(lambda x: x**3, 2.0, h=1e-3, method="forward")
    assert central - 12 == pytest.approx(1e-6, rel=1e-3)  # h^2
    assert forward - 12 == pytest.approx(6e-3, rel=1e-3)  # 3 x h


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((abs, 1.0, 0.0), ValueError, "nudge h must be positive, got 0.0"),
        ((abs, 1.0, -1e-5), ValueError, "nudge h must be positive"),
        ((abs, 1.0, 1e-5, "backward"), ValueError, "'central' or 'forward', got 'backward'"),
        ((abs, "1.0"), TypeError, "an entry of x takes one real number"),
        ((abs, [None]), TypeError, "an entry of x takes one real number"),
        ((str, 1.0), TypeError, "the result of the function to check takes one real number, got str"),
        ((lambda w: w, [1.0]), TypeError, "the result of the function to check takes one real number, got list"),
    ],
)
def test_numerical_gradient_explains_bad_input(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        numerical_gradient(*arguments)


# gradcheck


def test_right_gradients_pass():
    assert gradcheck(lambda x, y: x * y.exp() + (x / y).sin(), [2.0, 0.5]) is True
    assert gradcheck(lambda x: x.tanh(), 0.3) is True
    assert gradcheck(lambda x: x.tanh(), Value(0.3)) is True
    assert gradcheck(lambda x, y: [x * y, x + y], [2.0, Value(3.0)]) is True
    assert gradcheck(lambda x, unused: x * x, [2.0, 3.0]) is True
    assert gradcheck(lambda x: Value(1.0, requires_grad=False), 2.0) is True
    assert gradcheck(lambda *xs: functions.dot(xs[:2], xs[2:4], xs[4]), [1.0, -2.0, 3.0, 0.5, 7.0]) is True


def test_a_wrong_gradient_is_found_and_named():
    with pytest.raises(AssertionError) as caught:
        gradcheck(WrongMultiply(), [Value(3.0, "x"), Value(-4.0, "y")])
    message = str(caught.value)
    assert "output 0" in message
    assert "input 0 ('x') = 3.0" in message
    assert "analytic 3.0" in message
    numerical = float(re.search(r"numerical (\S+),", message).group(1))
    assert numerical == pytest.approx(-4.0, rel=1e-6)
    assert "relative error 1.7e+00" in message  # 7 / 4


def test_the_message_names_the_right_output_and_input():
    with pytest.raises(AssertionError, match=r"output 1 with respect to input 2 = 5\.0"):
        gradcheck(lambda x, y, z: [x * y, x + WrongMultiply()(z, 2.0)], [2.0, 3.0, 5.0])


def test_a_wrong_gradient_can_be_reported_as_false():
    assert gradcheck(WrongMultiply(), [3.0, -4.0], raise_exception=False) is False


def test_a_gradient_that_is_nan_does_not_pass():
    class Nan(Gate):
        def forward(self, x):
            return x

        def backward(self, dz):
            return float("nan")

    with pytest.raises(AssertionError, match="analytic nan"):
        gradcheck(Nan(), 1.0)


def test_a_gradient_of_zero_that_should_not_be_zero_is_found():
    class Zero(Gate):
        def forward(self, x):
            return x

        def backward(self, dz):
            return None

    with pytest.raises(AssertionError, match=r"analytic 0\.0, numerical"):
        gradcheck(Zero(), 1.0)


def test_the_checked_values_are_not_touched():
    x = Value(3.0)
    gradcheck(lambda x: x * x, x)
    assert (x.data, x.grad_computed) == (3.0, False)


def test_the_function_must_return_values():
    with pytest.raises(TypeError, match="must return Values, got float"):
        gradcheck(lambda x: 3.0, 1.0)


# gradgradcheck


def test_second_derivatives():
    assert gradgradcheck(lambda x, y: x**2 * y.exp(), [2.0, 0.5]) is True
    assert gradgradcheck(lambda x, y: x + y, [2.0, 0.5]) is True
    assert gradgradcheck(lambda x, unused: x**3, [2.0, 0.5]) is True
    assert gradgradcheck(lambda x: [x**3, Value(1.0, requires_grad=False)], [2.0]) is True
    assert gradgradcheck(lambda x, y: [x * y, x.sigmoid()], [2.0, 0.5]) is True


def test_a_wrong_second_derivative_is_found():
    class HalfRight(Gate):
        """Third power whose backward is right as a number, but hides from the graph that it depends on x."""

        def forward(self, x):
            self.slope = Value(3 * x.data**2, requires_grad=False) if isinstance(x, Value) else 3 * x**2
            return x * x * x

        def backward(self, dz):
            return self.slope * dz

    assert gradcheck(HalfRight(), 2.0) is True
    with pytest.raises(AssertionError, match=r"analytic 0\.0, numerical 1[12]\."):
        gradgradcheck(HalfRight(), 2.0)

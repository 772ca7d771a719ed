"""The text table of the forward and the backward pass."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import viz
from autograd import Gate, Value

G1 = """\
forward         value
  x             -2.00
  y              5.00
  v1 = x + y     3.00
  z             -4.00
  v2 = v1 * z  -12.00

backward       upstream  * local  = gradient
  v2 = v1 * z
    v1             1.00    -4.00       -4.00
    z              1.00     3.00        3.00
  v1 = x + y
    x             -4.00     1.00       -4.00
    y             -4.00     1.00       -4.00

gradient
  x       -4.00
  y       -4.00
  z        3.00"""


def g1():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    return f


def parts(text):
    """The rows of each part of a table, as lists of cells."""
    found = {}
    for part in text.split("\n\n"):
        header, *rows = part.splitlines()
        found[header.split()[0]] = [re.split(r"\s{2,}", row.strip()) for row in rows]
    return found


def test_g1():
    assert viz.trace(g1()) == G1


def test_g1_with_another_precision():
    text = viz.trace(g1(), precision=4)
    assert "-12.0000" in text
    assert parts(text)["gradient"] == [["x", "-4.0000"], ["y", "-4.0000"], ["z", "3.0000"]]


def test_without_a_backward_pass_there_is_only_the_forward_part():
    assert viz.trace(Value(2.0, "x") + 1) == "forward       value\n  x            2.00\n  v1 = x + 1   3.00"


def test_a_leaf_alone():
    assert viz.trace(Value(2.0, "x")) == "forward  value\n  x       2.00"


def test_a_value_used_twice_receives_twice():
    x = Value(3.0, "x")
    f = x * x
    f.label = "f"
    f.backward()
    found = parts(viz.trace(f))
    assert found["forward"] == [["x", "3.00"], ["f = x * x", "9.00"]]
    assert found["backward"] == [["f = x * x"], *[["x", "1.00", "3.00", "3.00"]] * 2]
    assert found["gradient"] == [["x", "6.00"]]


def test_constants_stand_in_the_expression_and_receive_nothing():
    x = Value(3.0, "x")
    f = 1 / (2 * x - 5) ** 2
    f.backward()
    found = parts(viz.trace(f))
    assert [row[0] for row in found["forward"]] == ["x", "v1 = 2 * x", "v2 = v1 - 5", "v3 = v2 ** 2", "v4 = 1 / v3"]
    assert [row[0] for row in found["backward"] if len(row) > 1] == ["v3", "v2", "v1", "x"]


def test_a_constant_with_a_name_has_a_row_but_no_gradient():
    f = Value(3.0, "x") * Value(2.0, "c", requires_grad=False)
    f.backward()
    found = parts(viz.trace(f))
    assert found["forward"] == [["x", "3.00"], ["c", "2.00"], ["v1 = x * c", "6.00"]]
    assert found["backward"] == [["v1 = x * c"], ["x", "1.00", "2.00", "2.00"]]
    assert found["gradient"] == [["x", "2.00"]]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda a, b: a - b, "a - b"),
        (lambda a, b: a / b, "a / b"),
        (lambda a, b: a**b, "a ** b"),
        (lambda a, b: -a, "-a"),
        (lambda a, b: a.reciprocal(), "1/a"),
        (lambda a, b: a.exp(), "exp(a)"),
        (lambda a, b: a.expm1(), "expm1(a)"),
        (lambda a, b: a.exp2(), "2^a"),
        (lambda a, b: a.square(), "a²"),
        (lambda a, b: a.sigmoid(), "σ(a)"),
        (lambda a, b: a.maximum(b), "max(a, b)"),
        (lambda a, b: a.maximum(0), "max(a, 0)"),
        (lambda a, b: autograd.sum([a, b, a]), "Σ(a, b, a)"),
    ],
)
def test_expressions(function, text):
    f = function(Value(2.0, "a"), Value(3.0, "b"))
    f.label = "f"
    assert parts(viz.trace(f))["forward"][-1][0] == f"f = {text}"


def test_many_operands_are_abbreviated():
    text = viz.trace(autograd.sum([Value(1.0, f"a{i}") for i in range(50)]))
    assert parts(text)["forward"][-1] == ["v1 = Σ(a0, a1, a2, a3, …, a49)", "50.00"]


class TwiceGate(Gate):
    def forward(self, x):
        return 2 * x

    def backward(self, dz):
        return 2 * dz


def test_a_gate_of_your_own():
    f = TwiceGate()(Value(3.0, "x"))
    f.backward()
    found = parts(viz.trace(f))
    assert found["forward"][-1] == ["v1 = Twice(x)", "6.00"]
    assert found["backward"] == [["v1 = Twice(x)"], ["x", "1.00", "2.00", "2.00"]]


def test_made_up_names_are_not_taken_from_labels():
    leaf, other = Value(2.0, "v1"), Value(5.0)
    taken = Value(1.0, "x1")
    f = (leaf + other) * taken
    found = parts(viz.trace(f))
    names = [row[0].split(" = ")[0] for row in found["forward"]]
    assert len(set(names)) == len(names) == 5
    assert {"v1", "x1"} <= set(names)
    assert found["forward"][-1][0].endswith("* x1")


def test_several_outputs():
    x = Value(3.0, "x")
    text = viz.trace([x * 2, x * 3])
    assert parts(text)["forward"] == [["x", "3.00"], ["v1 = x * 2", "6.00"], ["v2 = x * 3", "9.00"]]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=6))
def test_the_last_column_is_the_product_of_the_two_before(numbers):
    f = Value(1.0, "w")
    for i, number in enumerate(numbers):
        f = f * Value(float(number), f"x{i}")
    f.backward()
    found = parts(viz.trace(f, precision=12))
    pulls = [[float(cell) for cell in row[1:]] for row in found["backward"] if len(row) > 1]
    assert len(pulls) == 2 * len(numbers)
    for upstream, local, gradient in pulls:
        assert gradient == pytest.approx(upstream * local)
    received = {row[0]: float(row[-1]) for row in found["backward"] if len(row) > 1}
    for name, gradient in found["gradient"]:
        assert float(gradient) == received[name]


def test_the_table_is_aligned_plain_text():
    text = viz.trace(g1())
    assert text.isascii()
    assert all(line == line.rstrip() for line in text.splitlines())
    for part in text.split("\n\n"):
        ends = {len(line) for line in part.splitlines() if re.search(r"\d\.\d\d$", line)}
        assert len(ends) == 1


@pytest.mark.parametrize("label", ["two\nlines", "a\tb", "tab\x00", "\u202eevil", "x" * 10_000, "\ud800", "a\u2028b"])
def test_a_label_stays_on_its_line(label):
    lines = viz.trace(Value(1.0, label) * 2).splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) < 100
    "\n".join(lines).encode("utf-8")


# The limit


def chain(length):
    c = Value(1.0, "c")
    f = c
    for _ in range(length):
        f = f + c
    f.backward()
    return f


def left_out(text):
    return [int(n.replace(",", "")) for n in re.findall(r"… and ([\d,]+) more", text)]


@pytest.mark.parametrize("gates", [1, 20, 30, 33])
def test_nothing_is_left_out_below_the_limit(gates):
    text = viz.trace(chain(gates))
    assert "more" not in text
    assert len(parts(text)["forward"]) == gates + 1
    assert len(parts(text)["backward"]) == 3 * gates


def test_a_long_table_is_cut_and_says_so():
    text = viz.trace(chain(500), limit=10)
    forward, backward, gradient = text.split("\n\n")
    assert len(forward.splitlines()) == 12
    assert left_out(forward) == [491]
    assert len(backward.splitlines()) <= 12
    assert len(left_out(backward)) == 1
    assert 490 <= left_out(backward)[0] <= 1490
    assert left_out(gradient) == []


def test_a_cut_backward_part_counts_what_is_left_out():
    backward = viz.trace(chain(60)).split("\n\n")[1]
    rows = len(backward.splitlines()) - 2
    gates = sum(" = " in line for line in backward.splitlines()[1:-1])
    assert rows <= 100
    assert left_out(backward) in ([180 - rows], [60 - gates])


def test_a_long_chain_is_fine():
    assert len(viz.trace(chain(20_000)).splitlines()) < 250


# Errors


@pytest.mark.parametrize("thing", [3, None, "x", [3], [], (), {}], ids=repr)
def test_only_values_have_a_trace(thing):
    with pytest.raises(TypeError, match="Value"):
        viz.trace(thing)


@pytest.mark.parametrize("precision", [-1, 18, 99, 2.0, "2", True])
def test_the_precision_is_checked(precision):
    with pytest.raises(ValueError, match="0 to 17"):
        viz.trace(Value(1.0), precision=precision)

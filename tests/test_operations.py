"""One sweep over the op table: every row, also a new one, is checked in the same way."""

import doctest
import itertools
import math
import random
import warnings

import pytest
from latex_evaluator import evaluate, evaluate_all

import autograd
from autograd import OPERATIONS, Value, apply, floats, functions, grad

POINTS = 5
every_row = pytest.mark.parametrize("row", OPERATIONS.values(), ids=OPERATIONS)


def sample(row):
    """Random operands from the domain of the row, the same in every run; five for a row that takes any number."""
    generator = random.Random(row.name)
    domain = row.domain * 5 if row.arity is None else row.domain
    return [[generator.uniform(low, high) for low, high in domain] for _ in range(POINTS)]


def call(row, operands):
    """Run the operation on nodes: by its function, or for any number of operands by `apply`."""
    return apply(row, *operands) if row.arity is None else getattr(functions, row.name)(*operands)


def gradients(row, point):
    leaves = [Value(number) for number in point]
    call(row, leaves).backward()
    return [leaf.grad for leaf in leaves]


def central_differences(f, point, h=1e-5):
    """For each operand, the central difference of the list of numbers that `f` returns."""
    columns = []
    for i, x in enumerate(point):
        above = f([*point[:i], x + h, *point[i + 1 :]])
        below = f([*point[:i], x - h, *point[i + 1 :]])
        columns.append([(a - b) / (2 * h) for a, b in zip(above, below, strict=True)])
    return columns


def test_the_table_has_the_operations_that_were_promised():
    assert len(OPERATIONS) >= 40
    assert {"add", "pow", "log1p", "atan2", "asinh", "sigmoid", "gelu", "clamp", "hypot", "where"} <= set(OPERATIONS)


@every_row
def test_first_derivative_against_central_differences(row):
    for point in sample(row):
        expected = [column[0] for column in central_differences(lambda p: [row.forward(*p)], point)]
        assert gradients(row, point) == pytest.approx(expected, rel=1e-6, abs=1e-8), point


@every_row
def test_second_derivative_against_central_differences_of_the_first(row):
    for point in sample(row):
        leaves = [Value(number) for number in point]
        first = grad(call(row, leaves), leaves, create_graph=True)
        assert [g.data for g in first] == pytest.approx(gradients(row, point), rel=1e-12, abs=1e-14)
        columns = central_differences(lambda p: gradients(row, p), point)
        for i, g in enumerate(first):
            second = grad(g, leaves, allow_unused=True) if g.requires_grad else [None] * len(leaves)
            found = [0.0 if s is None else s.data for s in second]
            assert found == pytest.approx([column[i] for column in columns], rel=1e-6, abs=1e-8), (point, i)


@every_row
def test_every_way_to_reach_the_row_gives_the_same(row):
    if row.arity is None:
        pytest.skip("takes any number of operands: it is a function only, see the tests of sum, dot and choose")
    point = sample(row)[0]
    expected = row.forward(*point)
    for name in (*row.names, row.operator):
        if name:
            assert getattr(Value, name)(*map(Value, point)).data == expected
    for name in row.names:
        made = getattr(functions, name)(*map(Value, point))
        assert made.data == expected
        assert made.op is row
    assert row(*map(Value, point)).data == expected


def test_sum_and_dot_take_lists():
    a, b, c = Value(2.0), Value(-3.0), Value(0.5)
    assert functions.sum([a, b, 4.0]).data == 3.0
    out = functions.dot([a, b], [c, 2.0], bias=1.0)
    assert out.data == -4.0
    assert out.parents[:3] == (a, b, c)
    out.backward()
    assert (a.grad, b.grad, c.grad) == (0.5, 2.0, 2.0)
    assert functions.dot([a], [a]).data == 4.0
    with pytest.raises(ValueError, match="nothing to add"):
        functions.sum([])
    with pytest.raises(ValueError, match="2 weights and 1 inputs"):
        functions.dot([a, b], [c])


@pytest.mark.parametrize("name", ["exp", "maximum", "lerp", "leaky_relu"])
def test_a_wrong_number_of_operands_is_an_error_that_names_the_operands(name):
    too_many = [1.0] * (OPERATIONS[name].arity + 1)
    for operands in ([], too_many):
        with pytest.raises(TypeError, match=f"{name}.*operands {', '.join(OPERATIONS[name].operand_names)}"):
            getattr(functions, name)(*operands)


# PyTorch computes these with a constant (1/alpha, 1/6) in single precision, also for float64.
SINGLE_PRECISION = {"celu", "hardsigmoid"}


def torch_function(row, torch):
    # Where PyTorch calls the function differently, or takes an operand as a plain number.
    adapted = {
        "equal": torch.eq,
        "where": lambda condition, x, y: torch.where(condition != 0, x, y),
        "sum": lambda *operands: torch.stack(operands).sum(),
        "choose": lambda *operands: torch.stack(operands[:-1])[int(operands[-1])],
        "dot": lambda *operands: torch.stack(operands[:2]) @ torch.stack(operands[2:4]) + operands[4],
        "leaky_relu": lambda x, slope: torch.nn.functional.leaky_relu(x, slope.item()),
        "elu": lambda x, alpha: torch.nn.functional.elu(x, alpha.item()),
        "celu": lambda x, alpha: torch.nn.functional.celu(x, alpha.item()),
    }
    for found in (
        adapted.get(row.name),
        getattr(torch, row.name, None),
        getattr(torch.nn.functional, row.name, None),
        getattr(torch.special, row.name, None),
    ):
        if found is not None:
            return found
    return pytest.skip(f"PyTorch has no {row.name}")


@every_row
def test_forward_and_gradients_against_torch(row):
    torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")
    function = torch_function(row, torch)
    rel = 1e-7 if row.name in SINGLE_PRECISION else 1e-12
    for point in sample(row):
        tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in point]
        expected = function(*tensors)
        assert row.forward(*point) == pytest.approx(float(expected.item()), rel=rel, abs=1e-14)
        if not expected.requires_grad:
            assert gradients(row, point) == [0.0] * len(point)
            continue
        expected.backward()
        for found, tensor in zip(gradients(row, point), tensors, strict=True):
            if tensor.grad is not None:
                assert found == pytest.approx(tensor.grad.item(), rel=rel, abs=1e-14), point


def variables(row, point):
    """The letters of the row's formula."""
    if row.name == "dot":
        n = len(point) // 2
        return {"w": point[:n], "x": point[n : 2 * n], "b": point[-1], "n": n}
    if row.selects:
        return {"x": point[:-1], "k": int(point[-1]) + 1, "n": len(point) - 1}
    if row.arity is None:
        return {"x": point, "n": len(point)}
    return dict(zip("xyz", point, strict=False))


@every_row
def test_the_formula_says_what_the_rule_computes(row):
    for point in sample(row):
        assert evaluate(row.latex, **variables(row, point)) == pytest.approx(row.forward(*point), rel=1e-9, abs=1e-12)


@every_row
def test_the_formulas_of_the_local_derivatives_say_what_the_rules_compute(row):
    for point in sample(row):
        letters = variables(row, point)
        if row.arity is None:
            # One list of formulas for the i-th operands: for a dot product w_i, x_i and the bias.
            indices = range(1, letters["n"] + 1)
            by_index = [evaluate_all(latex, **letters, i=i) for i in indices for latex in row.gradient_latex]
            columns = [list(column) for column in zip(*by_index, strict=True)]
            found = list(itertools.chain(*columns))[: len(point)]
        else:
            found = [evaluate(latex, **letters) for latex in row.gradient_latex]
        assert found == pytest.approx(gradients(row, point), rel=1e-9, abs=1e-12)


def test_the_evaluator_of_formulas():
    assert evaluate(r"-x^2 + 2 y z", x=3.0, y=4.0, z=0.5) == -5.0
    assert evaluate(r"2^{-x} |y - 1| e^{0}", x=1.0, y=-3.0) == 2.0
    assert evaluate(r"\begin{cases} \frac{1}{x} & 0 < x \le 2 \\ 7 & \text{otherwise} \end{cases}", x=0.0) == 7.0
    assert evaluate(r"1 + \tan^2 x", x=1.0) == 1 + math.tan(1.0) ** 2
    assert evaluate(r"\sum_{i=1}^{n} w_i x_i + b", w=[1.0, 2.0], x=[3.0, 4.0], n=2, b=5.0) == 16.0
    for wrong in (r"\frac{x}", "x +", "(x", r"\unknown x", "x )"):
        with pytest.raises(ValueError, match="in "):
            evaluate(wrong, x=1.0)


compound_rows = [row for row in OPERATIONS.values() if row.composed]


@pytest.mark.parametrize("row", compound_rows, ids=[row.name for row in compound_rows])
def test_a_compound_gate_equals_its_smaller_gates(row):
    for point in sample(row):
        leaves = [Value(number) for number in point]
        out = row.composed(functions, *leaves)
        out.backward()
        assert out.data == pytest.approx(row.forward(*point), rel=1e-12, abs=1e-14)
        assert [leaf.grad for leaf in leaves] == pytest.approx(gradients(row, point), rel=1e-12, abs=1e-14)


@every_row
def test_the_example_of_the_row_runs(row):
    names = {name: getattr(functions, name) for name in functions.__all__}
    test = doctest.DocTestParser().get_doctest(row.doc, names | {"Value": Value}, row.name, None, None)
    report = []
    results = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert results.attempted > 0, f"the docstring of {row.name} has no example"
    assert results.failed == 0, "".join(report)


SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 1000.0, -1000.0, 1e308, -1e308, 5e-324)


@every_row
def test_no_number_raises_or_warns(row):
    operands = 5 if row.arity is None else row.arity
    generator = random.Random(row.name)
    points = list(itertools.product(SPECIAL, repeat=operands)) if operands < 3 else []
    points = points or [generator.choices(SPECIAL, k=operands) for _ in range(300)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for point in points:
            leaves = [Value(number) for number in point]
            out = call(row, leaves)
            out.backward()
            assert type(out.data) is float, point
            assert all(type(leaf.grad) is float for leaf in leaves), point
            for first in grad(out, leaves, create_graph=True):
                if first.requires_grad:
                    first.backward()


# Declaring a row.


@pytest.fixture
def table():
    """Give the op table back as it was, without the rows that the test declared."""
    before = dict(OPERATIONS)
    known = set(vars(floats))
    yield OPERATIONS
    OPERATIONS.clear()
    OPERATIONS.update(before)
    for name in set(vars(floats)) - known:
        delattr(floats, name)


COLUMNS = {"symbol": "x³", "latex": r"x^3", "gradient_latex": (r"3 x^2",), "domain": ((-2, 2),)}


def third_power(m):
    """Third power."""
    return (
        lambda x: x * x * x,
        lambda x, out: 3.0 * x * x,
    )


def test_a_new_row_needs_nothing_else(table):
    row = autograd.operation(**COLUMNS)(third_power)
    assert table["third_power"] is row
    x = Value(2.0)
    y = row(x)
    assert (y.data, y.op, y._op) == (8.0, row, "x³")
    (first,) = grad(y, x, create_graph=True)
    (second,) = grad(first, x, create_graph=True)
    (third,) = grad(second, x)
    assert (first.data, second.data, third.data) == (12.0, 12.0, 6.0)
    assert floats.third_power(2.0) == 8.0


def no_derivative(m):
    """Third power."""
    return (lambda x: x * x * x,)


def no_doc(m):
    return third_power(m)


def exp(m):
    """A name that the table has already."""
    return third_power(m)


def arcsin(m):
    """A name that another row has as its alias."""
    return third_power(m)


@pytest.mark.parametrize(
    ("rules", "changes", "message"),
    [
        (no_derivative, {}, "1 local derivatives"),
        (no_doc, {}, "doc"),
        (third_power, {"latex": ""}, "latex"),
        (third_power, {"symbol": ""}, "symbol"),
        (third_power, {"gradient_latex": ()}, "1 entries of gradient_latex"),
        (third_power, {"gradient_latex": ("",)}, "1 entries of gradient_latex"),
        (third_power, {"gradient_latex": ("3 x^2", "1")}, "1 entries of gradient_latex"),
        (third_power, {"domain": ()}, "1 intervals"),
        (third_power, {"domain": ((2, -2),)}, "1 intervals"),
        (third_power, {"domain": ((0, 1), (0, 1))}, "1 intervals"),
        (third_power, {"operator": "__add__"}, "already has '__add__'"),
        (third_power, {"aliases": ("exp",)}, "already has 'exp'"),
        (exp, {}, "already has 'exp'"),
        (arcsin, {}, "already has 'arcsin'"),
    ],
)
def test_an_incomplete_row_is_refused_when_it_is_declared(table, rules, changes, message):
    before, names = dict(table), set(vars(floats))
    with pytest.raises(TypeError, match=message):
        autograd.operation(**{**COLUMNS, **changes})(rules)
    assert table == before
    assert set(vars(floats)) == names


@pytest.mark.parametrize("column", COLUMNS)
def test_a_row_without_one_of_its_columns_is_refused(table, column):
    before = dict(table)
    with pytest.raises(TypeError, match=column):
        autograd.operation(**{name: value for name, value in COLUMNS.items() if name != column})(third_power)
    assert table == before

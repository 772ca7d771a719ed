"""The formulas of both op tables as MathML."""

import re
from xml.etree import ElementTree

import pytest

from autograd import OPERATIONS
from autograd.array_operation import ARRAY_OPERATIONS
from viz.mathml import mathml

FORMULAS = [
    pytest.param(latex, id=f"{row.name}-{i}")
    for row in (*OPERATIONS.values(), *ARRAY_OPERATIONS.values())
    for i, latex in enumerate([row.latex, *getattr(row, "gradient_latex", ())])
    if latex
]
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mfrac", "msqrt", "msub", "msup", "msubsup", "mover"}
ELEMENTS |= {"munder", "munderover", "mtable", "mtr", "mtd"}
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}


@pytest.mark.parametrize("latex", FORMULAS)
def test_every_formula_is_well_formed(latex):
    root = ElementTree.fromstring(f"<math>{mathml(latex)}</math>")
    for element in root.iter():
        assert element.tag in ELEMENTS
        if element.tag in CHILDREN:
            assert len(element) == CHILDREN[element.tag], ElementTree.tostring(element)
        if element.tag in ("mi", "mn", "mo"):
            assert element.text
            assert len(element) == 0
    text = "".join(root.itertext())
    assert "\\" not in text
    assert "{" not in text.replace("{", "", latex.count("\\begin{cases}"))


@pytest.mark.parametrize("latex", FORMULAS)
def test_every_number_of_a_formula_is_there(latex):
    text = " ".join(ElementTree.fromstring(f"<math>{mathml(latex)}</math>").itertext())
    assert re.findall(r"\d+(?:\.\d+)?", text) == re.findall(r"\d+(?:\.\d+)?", latex)


def test_a_letter_is_replaced_by_its_operand():
    operands = {"x": "<mi>w</mi>", "y": "<mn>2.00</mn>"}
    assert mathml("x y", operands) == "<mrow><mi>w</mi><mo>\u2062</mo><mn>2.00</mn></mrow>"
    assert mathml(r"\max(x, y)", {"x": "{0}", "y": "{1}"}).count("{") == 2


def test_two_numbers_side_by_side_get_a_sign():
    assert "<mo>⋅</mo>" in mathml("2 x", {"x": "{0}"})


def test_a_function_is_applied_not_multiplied():
    assert mathml(r"\sigma(x)").startswith("<mrow><mi>σ</mi><mo>\u2061</mo>")
    assert "\u2061" not in mathml(r"\sigma x")


def test_cases_are_a_table():
    formula = mathml(r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}")
    assert formula.count("<mtr>") == 2
    assert "<mtext>else</mtext>" in formula


@pytest.mark.parametrize("latex", [r"\frac{x}{", r"\begin{cases} x", r"x }", r"\unknown", "(x"])
def test_what_no_row_has_is_refused(latex):
    with pytest.raises(ValueError, match="mathml"):
        mathml(latex)

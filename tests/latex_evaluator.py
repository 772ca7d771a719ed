r"""Evaluate the LaTeX of the op table, so that a formula on the board can be compared with the rule in the code.

>>> evaluate(r"\frac{x}{2} (1 + \tanh^2 y)", x=4.0, y=0.0)
2.0
"""

import itertools
import math
import operator
import re

TOKEN = re.compile(
    r"\\operatorname\{\w+\}|\\(?:begin|end)\{cases\}|\\text\{otherwise\}|\\[a-zA-Z]+|\\\\|\d+(?:\.\d+)?|\S"
)
FUNCTIONS = {
    r"\ln": math.log,
    r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
    r"\max": max,
    r"\min": min,
    r"\operatorname{sign}": lambda x: (x > 0) - (x < 0),
    r"\operatorname{round}": round,
    r"\operatorname{trunc}": math.trunc,
    r"\operatorname{erf}": math.erf,
    r"\operatorname{atan2}": math.atan2,
}
FUNCTIONS |= {rf"\{name}": getattr(math, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
FUNCTIONS |= {rf"\arc{name}": getattr(math, f"a{name}") for name in ("sin", "cos", "tan")}
COMPARISONS = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    r"\le": operator.le,
    r"\ge": operator.ge,
    r"\ne": operator.ne,
}
BRACKETS = {r"\lfloor": (r"\rfloor", math.floor), r"\lceil": (r"\rceil", math.ceil)}
ENDS = {"", "+", "-", ")", "}", ",", "&", r"\\", r"\end{cases}", r"\rfloor", r"\rceil", *COMPARISONS}


def evaluate(latex, **variables):
    """Return the number that a formula stands for; ``x_i`` is an entry of the list ``x``."""
    (value,) = evaluate_all(latex, **variables)
    return value


def evaluate_all(latex, **variables):
    """Return the numbers that formulas separated by commas stand for."""
    parser = Parser(latex)
    formulas = parser.comma_separated()
    parser.expect("")
    return [formula(variables) for formula in formulas]


class Parser:
    """Recursive descent: each method reads one kind of phrase and returns a function of the variables.

    Nothing is computed while reading, so the cases that do not apply are never evaluated.
    """

    def __init__(self, latex):
        self.latex = latex
        self.tokens = TOKEN.findall(latex)
        self.inside_bars = False

    def peek(self):
        return self.tokens[0] if self.tokens else ""

    def take(self):
        return self.tokens.pop(0) if self.tokens else ""

    def expect(self, token):
        if (taken := self.take()) != token:
            raise ValueError(f"expected {token or 'the end'!r}, got {taken or 'the end'!r} in {self.latex}")

    def accept(self, token):
        found = self.peek() == token
        if found:
            self.take()
        return found

    def comma_separated(self):
        formulas = [self.sum()]
        while self.accept(","):
            formulas.append(self.sum())
        return formulas

    def sum(self):
        sign = -1 if self.accept("-") else 1
        terms = [(sign, self.product())]
        while self.peek() in ("+", "-"):
            sign = -1 if self.take() == "-" else 1
            terms.append((sign, self.product()))
        return lambda v: sum(sign * term(v) for sign, term in terms)

    def product(self):
        factors = [self.power()]
        while self.peek() not in ENDS and not (self.peek() == "|" and self.inside_bars):
            factors.append(self.power())
        return lambda v: math.prod(factor(v) for factor in factors)

    def power(self):
        base = self.atom()
        if not self.accept("^"):
            return base
        exponent = self.atom()
        return lambda v: base(v) ** exponent(v)

    def atom(self):
        token = self.take()
        if token[:1].isdigit():
            return lambda v: float(token)
        if token in FUNCTIONS:
            return self.function(FUNCTIONS[token])
        if token in BRACKETS:
            closing, function = BRACKETS[token]
            inner = self.until(closing)
            return lambda v: function(inner(v))
        match token:
            case "(":
                return self.until(")")
            case "{":
                return self.until("}")
            case "|":
                self.inside_bars = True
                inner = self.until("|")
                self.inside_bars = False
                return lambda v: abs(inner(v))
            case "e":
                return lambda v: math.e
            case r"\pi":
                return lambda v: math.pi
            case r"\frac":
                above, below = self.atom(), self.atom()
                return lambda v: above(v) / below(v)
            case r"\sqrt":
                inner = self.atom()
                return lambda v: math.sqrt(inner(v))
            case r"\sum":
                return self.series()
            case r"\begin{cases}":
                return self.cases()
        if not re.fullmatch("[a-z]", token):
            raise ValueError(f"cannot read {token!r} in {self.latex}")
        if self.accept("_"):
            index = self.take()
            return lambda v: v[token][v[index] - 1]
        return lambda v: v[token]

    def until(self, closing):
        inner = self.sum()
        self.expect(closing)
        return inner

    def function(self, function):
        r"""Read what follows a function's name: ``x``, ``(x, y)``, or ``^2 x`` as in ``\tan^2 x``."""
        exponent = self.atom() if self.accept("^") else lambda v: 1
        if self.accept("("):
            arguments = self.comma_separated()
            self.expect(")")
        else:
            arguments = [self.power()]
        return lambda v: function(*(argument(v) for argument in arguments)) ** exponent(v)

    def series(self):
        self.expect("_")
        self.expect("{")
        index = self.take()
        self.expect("=")
        first = self.until("}")
        self.expect("^")
        last, term = self.atom(), self.product()
        return lambda v: sum(term(v | {index: i}) for i in range(int(first(v)), int(last(v)) + 1))

    def cases(self):
        cases = []
        while not self.accept(r"\end{cases}"):
            value = self.sum()
            self.expect("&")
            cases.append((self.condition(), value))
            self.accept(r"\\")
        return lambda v: next(value(v) for condition, value in cases if condition(v))

    def condition(self):
        if self.accept(r"\text{otherwise}"):
            return lambda v: True
        sides, comparisons = [self.sum()], []
        while self.peek() in COMPARISONS:
            comparisons.append(COMPARISONS[self.take()])
            sides.append(self.sum())
        pairs = list(zip(comparisons, itertools.pairwise(sides), strict=True))
        return lambda v: all(compare(left(v), right(v)) for compare, (left, right) in pairs)

r"""The formulas of the op table as MathML, which browsers draw without a library.

The table writes a small part of LaTeX: letters, numbers, fractions, roots, powers, indices, sums, cases and
named functions.  A letter such as ``x`` stands for an operand and is replaced by its name, or by its number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from viz.labels import markup

TOKEN = re.compile(
    r"\\operatorname\{(\w+)\}|\\text\{([^}]*)\}|\\(begin|end)\{cases\}|(\\[a-zA-Z]+|\\\\|\d+(?:\.\d+)?|\S)"
)

OPERATORS = {
    "\\le": "≤",
    "\\ge": "≥",
    "\\ne": "≠",
    "\\in": "∈",
    "\\odot": "⊙",
    "\\dots": "…",
    "\\leftarrow": "←",
    "\\lfloor": "⌊",
    "\\rfloor": "⌋",
    "\\lceil": "⌈",
    "\\rceil": "⌉",
    "-": "−",
    "*": "∗",
}
LETTERS = {"\\sigma": "σ", "\\pi": "π", "\\mu": "μ", "\\varepsilon": "ε"}
LARGE = {"\\sum": "∑", "\\prod": "∏"}
FUNCTIONS = ("ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "max", "min")


def mathml(latex: str, operands: Mapping[str, str] | None = None) -> str:
    r"""Return a formula of the op table as MathML, without the ``<math>`` around it.

    Parameters
    ----------
    latex : str
        The formula.
    operands : mapping of str to str, optional
        What stands for a letter: MathML, or a mark such as ``{0}`` that is replaced later.

    Raises
    ------
    ValueError
        When the formula has something that no row has.

    Examples
    --------
    >>> mathml(r"\frac{x}{2}", {"x": "<mi>w</mi>"})
    '<mfrac><mi>w</mi><mn>2</mn></mfrac>'
    """
    reader = _Reader(latex, operands or {})
    result = reader.row("")
    if reader.token:
        raise ValueError(f"mathml: {reader.token!r} is not expected at the end of {latex!r}")
    return result


class _Reader:
    """Reads one token after the other; `token` is the next one."""

    def __init__(self, latex: str, operands: Mapping[str, str]) -> None:
        self.latex, self.operands = latex, operands
        self.tokens = [match.group() for match in TOKEN.finditer(latex)]
        self.tokens.reverse()
        self.token = ""
        self.step()

    def step(self) -> str:
        read, self.token = self.token, self.tokens.pop() if self.tokens else ""
        return read

    def expect(self, token: str) -> None:
        if self.step() != token:
            raise ValueError(f"mathml: {token!r} is missing in {self.latex!r}")

    def row(self, *ends: str) -> str:
        """Read until one of `ends`, which is left."""
        parts: list[str] = []
        while self.token not in ends and self.token:
            part = self.scripted()
            factor = not part.startswith("<mo") and not part.startswith("<mtext")
            if parts and factor and _is_factor(parts[-1]) and _is_number(part) and _is_number(parts[-1]):
                parts.append("<mo>⋅</mo>")  # two numbers side by side are a product
            elif parts and factor and _is_factor(parts[-1]):
                parts.append("<mo>⁢</mo>")  # an invisible times, which is read aloud
            parts.append(part)
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def scripted(self) -> str:
        """Read one symbol or group with what stands below and above it."""
        large = self.token in LARGE or self.token in ("\\max", "\\min")
        base, below, above = self.atom(), "", ""
        while self.token in ("^", "_"):
            if self.step() == "_":
                below = self.group()
            else:
                above = self.group()
        if not (below or above):
            return base
        kind = ("munder", "mover", "munderover") if large else ("msub", "msup", "msubsup")
        return (
            f"<{kind[2]}>{base}{below}{above}</{kind[2]}>"
            if below and above
            else (f"<{kind[0]}>{base}{below}</{kind[0]}>" if below else f"<{kind[1]}>{base}{above}</{kind[1]}>")
        )

    def group(self) -> str:
        """Read what stands between braces, or one symbol."""
        if self.token != "{":
            return self.atom()
        self.step()
        content = self.row("}")
        self.expect("}")
        return content

    def atom(self) -> str:
        token = self.step()
        if token == "\\frac":
            return f"<mfrac>{self.group()}{self.group()}</mfrac>"
        if token == "\\sqrt":
            return f"<msqrt>{self.group()}</msqrt>"
        if token == "\\bar":
            return f"<mover>{self.group()}<mo>¯</mo></mover>"
        if token == "\\begin{cases}":
            return self.cases()
        if token == "{":
            content = self.row("}")
            self.expect("}")
            return content
        if token in ("(", "["):
            end = {"(": ")", "[": "]"}[token]
            content = self.row(end)
            self.expect(end)
            return f"<mrow><mo>{token}</mo>{content}<mo>{end}</mo></mrow>"
        if token == "|":
            content = self.row("|")
            self.expect("|")
            return f"<mrow><mo>|</mo>{content}<mo>|</mo></mrow>"
        if token.startswith("\\operatorname{"):
            return f"<mi>{token[14:-1]}</mi><mo>⁡</mo>"
        if token.startswith("\\text{"):
            return f"<mtext>{markup(token[6:-1])}</mtext>"
        if token[1:] in FUNCTIONS and token[0] == "\\":
            return f"<mi>{token[1:]}</mi>" if self.token in ("^", "_") else f"<mi>{token[1:]}</mi><mo>⁡</mo>"
        if token in LARGE:
            return f"<mo>{LARGE[token]}</mo>"
        if token in LETTERS:
            applied = "<mo>⁡</mo>" if token == "\\sigma" and self.token == "(" else ""
            return f"<mi>{LETTERS[token]}</mi>{applied}"
        if token in OPERATORS or token in "+,<>=/&.]":
            return f"<mo>{markup(OPERATORS.get(token, token))}</mo>"
        if re.fullmatch(r"[\d.]+", token):
            return f"<mn>{token}</mn>"
        if re.fullmatch("[a-zA-Z]", token):
            return self.operands.get(token, f"<mi>{token}</mi>")
        raise ValueError(f"mathml: {token!r} in {self.latex!r} is nothing that the op table uses")

    def cases(self) -> str:
        rows = []
        while self.token != "\\end{cases}":
            value = self.row("&")
            self.expect("&")
            condition = self.row("\\\\", "\\end{cases}")
            rows.append(f"<mtr><mtd>{value}</mtd><mtd>{condition}</mtd></mtr>")
            if self.token == "\\\\":
                self.step()
        self.expect("\\end{cases}")
        return f'<mrow><mo>{{</mo><mtable columnalign="left">{"".join(rows)}</mtable></mrow>'


def _is_factor(part: str) -> bool:
    """Whether a factor may follow without a sign between."""
    return not part.endswith("</mo>") and not part.endswith("</mtext>")


def _is_number(part: str) -> bool:
    """Whether it is a number, or a letter for which one may stand, perhaps with a power."""
    return bool(re.match(r"(<ms(up|ub)>)?(<mn>|\{)", part))

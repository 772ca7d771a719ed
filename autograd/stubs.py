"""Write the type stubs of what comes from the op table, so that editors complete it.

``python -m autograd.stubs`` rewrites ``methods.pyi`` and ``functions.pyi``; a test fails when
they are out of date.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.operation import Operation
from autograd.operations import OPERATIONS
from autograd.tensor_functions import METHODS

HEADER = "# Generated from the op table by `python -m autograd.stubs`; do not edit.\n"
IMPORTS = """{0}from collections.abc import Iterable, Sequence
from typing import Any{1}

import numpy as np

from autograd.tensor import Tensor
{2}from autograd.value import Value

Array = Tensor | np.ndarray | float
"""
NUMBER = "Value | float"
SEVERAL_KINDS = ("max", "min", "nonzero")
"""Methods whose arguments decide whether the result is one tensor or several."""
EMPTY = inspect.Parameter.empty


def stubs() -> dict[str, str]:
    """Return the text of each stub file by its name."""
    rows = list(OPERATIONS.values())
    names = dict.fromkeys([*(name for row in rows for name in row.names), *ARRAY_OPERATIONS])
    extreme = "from autograd.tensor_functions.reductions import Extreme\n"
    methods = [
        HEADER + IMPORTS.format("import builtins\n", "", extreme),
        "class Methods:",
        *(line for row in rows if row.arity is not None for line in _methods(row)),
        *_def("__hash__", ["self"], "int", "", 1),
        "",
        "class TensorMethods:",
        *_tensor_methods(),
        "",
    ]
    functions = [
        # A number alone gives a Value, a number beside a tensor a tensor.
        "# pyright: reportOverlappingOverload=false\n" + HEADER + IMPORTS.format("", ", overload", ""),
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(names)),
        "]\n",
        *(line for name in names for line in _function(name)),
    ]
    return {"methods.pyi": "\n".join(methods), "functions.pyi": "\n".join(functions)}


# Methods


def _methods(row: Operation) -> Iterator[str]:
    """The methods of a row on Values."""
    for name in row.names:
        yield from _def(name, ["self", *_operands(row, NUMBER)[1:]], "Value", row.doc, 1)
    if row.operator:
        other = [f"other: {NUMBER}"] if row.arity == 2 else []
        for name in _operators(row):
            yield from _def(name, ["self", *other], "Value", "", 1)
    if row.comparison:
        other = "object" if row.comparison in ("__eq__", "__ne__") else NUMBER  # every object can be equal or not
        yield from _def(row.comparison, ["self", f"other: {other}"], "bool", "", 1)


def _tensor_methods() -> Iterator[str]:
    """The methods of both halves of the table, and of the functions of tensors, on tensors."""
    found: dict[str, tuple[list[str], str, str]] = {}
    for row in OPERATIONS.values():
        if row.arity is None:
            continue
        operands = ["self", *_operands(row, "Array")[1:]]
        for name in row.names:
            found[name] = operands, "Tensor", row.doc
            found[f"{name}_"] = operands, "Tensor", f"In place: {row.doc}"
        for name in _operators(row, "i") if row.operator else ():
            found[name] = ["self", *(["other: Array"] if row.arity == 2 else [])], "Tensor", ""
    for row in ARRAY_OPERATIONS.values():
        if row.method:
            found[row.name] = ["self", *_of_forward(row)[1:]], "Tensor", row.doc
    for name in ("__matmul__", "__rmatmul__"):
        found[name] = ["self", "other: Tensor | np.ndarray"], "Tensor", ""
    for row in OPERATIONS.values():
        if row.comparison:
            found[row.comparison] = ["self", "other: Any"], "Tensor", ""
    found["__hash__"] = ["self"], "int", ""
    for name, function in METHODS.items():
        signature = inspect.signature(function)
        _, *parameters = signature.parameters.values()
        result = _annotation(signature.return_annotation)
        if result == "Any" and name not in SEVERAL_KINDS:  # of Values a Value, but these are methods of tensors
            result = "Tensor"
        found[name] = ["self", *_parameters(parameters)], result, function.__doc__ or ""
    for name in ("T", "mT"):
        yield f"    @property\n    def {name}(self) -> Tensor: ..."
    for name, (parameters, result, doc) in found.items():
        override = "  # type: ignore[override]" if name in ("__eq__", "__ne__") else ""
        # Methods are called float, int and bool too, so inside of the class these are no types.
        parameters = [re.sub(r"\b(float|int|bool)\b(?!:)", r"builtins.\1", parameter) for parameter in parameters]
        yield from _def(name, parameters, re.sub(r"\b(float|int|bool)\b", r"builtins.\1", result), doc, 1, override)


def _operators(row: Operation, *more: str) -> list[str]:
    """The names of the operator's methods: plain, and for two operands reflected (and in place)."""
    prefixes = ("", "r", *more) if row.arity == 2 else ("",)
    return [row.operator.replace("__", f"__{prefix}", 1) for prefix in prefixes]


# Functions


def _function(name: str) -> Iterator[str]:
    """A function of Values, of tensors, or of both."""
    row = next((row for row in OPERATIONS.values() if name in row.names), None)
    array = ARRAY_OPERATIONS.get(name)
    forms: list[tuple[list[str], str, str]] = []
    if row is not None:
        forms.append((_operands(row, NUMBER), "Value", row.doc))
        if row.arity is not None:
            forms.append((_operands(row, "Array"), "Tensor", row.doc))
    if array is not None:
        forms.append((_of_forward(array), "Tensor", array.doc))
    for parameters, result, doc in forms:
        if len(forms) > 1:
            yield "@overload"
        yield from _def(name, parameters, result, doc, 0)
    yield ""


# Signatures


def _operands(row: Operation, kind: str) -> list[str]:
    several = f"Iterable[{kind}]" if row.collect else kind
    return [
        f"{parameter.name}: {kind if parameter.name == 'index' else several}"
        if parameter.default is EMPTY
        else f"{parameter.name}: {kind + ' | None' if parameter.default is None else kind} = ..."
        for parameter in inspect.signature(row.collect or row.forward).parameters.values()
    ]


def _of_forward(row: ArrayOperation) -> list[str]:
    """The arguments of a row for arrays: its operands, then its options, of any type."""
    kind = "Iterable[Array]" if row.several else "Array"
    return list(
        _parameters(
            parameter.replace(annotation=f"{kind} | None" if parameter.default is None else kind)
            if parameter.name in row.operand_names
            else parameter.replace(annotation="Any")
            for parameter in inspect.signature(row.forward).parameters.values()
        )
    )


def _parameters(parameters: Iterable[inspect.Parameter]) -> Iterator[str]:
    keyword_only = False
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            yield "*"
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = "" if parameter.default is EMPTY else " = ..."
        yield f"{star}{parameter.name}: {_annotation(parameter.annotation)}{default}"


def _annotation(annotation: Any) -> str:
    return "Any" if annotation is EMPTY else annotation if isinstance(annotation, str) else annotation.__name__


def _def(name: str, parameters: list[str], result: str, doc: str, depth: int, comment: str = "") -> Iterator[str]:
    indent = "    " * depth
    line = f"{indent}def {name}({', '.join(parameters)}) -> {result}:"
    if not doc:
        yield f"{line} ...{comment}"
        return
    yield line + comment
    yield f'{indent}    """{inspect.cleandoc(doc).splitlines()[0]}"""'


def main() -> None:
    """Rewrite the stub files beside this module."""
    for name, text in stubs().items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

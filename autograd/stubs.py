"""Write the type stubs of what comes from the op table, so that editors complete it.

``python -m autograd.stubs`` rewrites ``methods.pyi`` and ``functions.pyi``; a test fails when
they are out of date.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from autograd.operation import Operation
from autograd.operations import OPERATIONS

HEADER = "# Generated from the op table by `python -m autograd.stubs`; do not edit.\n"
NUMBER = "Value | float"


def stubs() -> dict[str, str]:
    """Return the text of each stub file by its name."""
    rows = list(OPERATIONS.values())
    methods = [line for row in rows if row.arity is not None for line in _methods(row)]
    functions = [line for row in rows for line in _functions(row)]
    names = [f'    "{name}",' for name in sorted(name for row in rows for name in row.names)]
    value = "from autograd.value import Value\n"
    return {
        "methods.pyi": "\n".join([HEADER + value, "class Methods:", *methods, ""]),
        "functions.pyi": "\n".join(
            [HEADER + "from collections.abc import Iterable\n\n" + value, "__all__ = [", *names, "]\n", *functions, ""]
        ),
    }


def _methods(row: Operation) -> Iterator[str]:
    operands = _operands(row)[1:]
    for name in row.names:
        yield f"    def {name}({', '.join(['self', *operands])}) -> Value:"
        yield f'        """{row.doc.splitlines()[0]}"""'
    if row.operator:
        other = ["other: float | Value"] if row.arity == 2 else []
        names = [row.operator, row.operator.replace("__", "__r", 1)] if row.arity == 2 else [row.operator]
        for name in names:
            yield f"    def {name}({', '.join(['self', *other])}) -> Value: ..."


def _functions(row: Operation) -> Iterator[str]:
    for name in row.names:
        yield f"def {name}({', '.join(_operands(row))}) -> Value:"
        yield f'    """{row.doc.splitlines()[0]}"""'
        yield ""


def _operands(row: Operation) -> list[str]:
    signature = inspect.signature(row.collect or row.forward)
    several = f"Iterable[{NUMBER}]" if row.collect else NUMBER
    return [
        f"{parameter.name}: {NUMBER if parameter.name == 'index' else several}"
        if parameter.default is inspect.Parameter.empty
        else f"{parameter.name}: {NUMBER + ' | None' if parameter.default is None else NUMBER} = ..."
        for parameter in signature.parameters.values()
    ]


def main() -> None:
    """Rewrite the stub files beside this module."""
    for name, text in stubs().items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

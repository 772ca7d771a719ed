"""Draw an expression: ``python -m viz "(x + y) * z" x=-2 y=5 z=-4 -o graph.svg``, or ``steps.html``."""

from __future__ import annotations

import argparse
import io
import os
import sys
import unicodedata
import warnings
from collections.abc import Sequence
from pathlib import Path

from viz.diagram import WRITERS, draw, writer
from viz.dot import DIRECTIONS
from viz.expression import ExpressionError, evaluate
from viz.html import PAGES
from viz.render import RenderError
from viz.stepper import step
from viz.themes import THEMES
from viz.trace import trace


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m viz",
        description="Draw the computational graph of an expression with its values and gradients.",
        epilog='example: python -m viz "(x + y) * z" x=-2 y=5 z=-4 -o graph.svg',
    )
    parser.add_argument("expression", help="numbers, names, + - * / %% **, parentheses, functions such as exp(x)")
    parser.add_argument("values", nargs="*", metavar="NAME=NUMBER", help="a number for every name")
    parser.add_argument("-o", "--output", metavar="FILE", help=f"where to write: {', '.join(WRITERS)}, or .html")
    parser.add_argument("--steps", action="store_true", help="print the steps of both passes instead of the table")
    parser.add_argument("--theme", choices=THEMES, default="default", help="colours (default: %(default)s)")
    parser.add_argument("--direction", choices=DIRECTIONS, default="LR", help="where the graph runs")
    parser.add_argument("--precision", type=int, default=2, metavar="N", help="decimals (default: %(default)s)")
    parser.add_argument("--unfold", action="store_true", help="draw compound gates such as sigmoid as small gates")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(_marked_expressions(sys.argv[1:] if arguments is None else arguments, parser))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that has no σ still gets the numbers
    try:
        path = Path(options.output) if options.output is not None else None
        page = path is not None and path.suffix.lower() in PAGES
        if path is not None and not page:
            writer(path)
        output = evaluate(options.expression, _values(options.values))
        output.backward()
        look = {name: getattr(options, name) for name in ("theme", "direction", "precision", "unfold")}
        report = step(output, **look).text() if options.steps else trace(output, precision=options.precision)
        if path is not None and page:
            report += f"\n\nwrote {step(output, **look).save_html(path)}"
        elif path is not None:
            with warnings.catch_warnings(record=True) as caught:
                diagram = draw(output, **look)
            if caught:
                print("note: the graph is large, so the picture shows many gates as one box", file=sys.stderr)
            report += f"\n\nwrote {diagram.save(path)}"
    except OSError as error:
        return _fail(f"cannot write {options.output}: {error.strerror or error}")
    except (ExpressionError, RenderError, ValueError) as error:
        return _fail(str(error))
    try:
        print(report, flush=True)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _marked_expressions(arguments: Sequence[str], parser: argparse.ArgumentParser) -> list[str]:
    """Put a space in front of an expression such as ``-x * y``, which tells argparse that it is no option."""
    takes_value = {flag: action.nargs != 0 for action in parser._actions for flag in action.option_strings}
    marked: list[str] = []
    for previous, argument in zip(["", *arguments], arguments, strict=False):
        option = argument == "--" or argument.split("=")[0] in takes_value or takes_value.get(previous, False)
        marked.append(argument if option or not argument.startswith("-") else f" {argument}")
    return marked


def _values(texts: Sequence[str]) -> dict[str, float]:
    values: dict[str, float] = {}
    for text in texts:
        name, equals, number = text.partition("=")
        name = unicodedata.normalize("NFKC", name)  # as Python reads the names of an expression
        if not equals or not name.isidentifier():
            raise ExpressionError(f"{text!r} is no NAME=NUMBER, such as x=-2; put the whole expression in quotes")
        if name in values:
            raise ExpressionError(f"{name} has two values, {values[name]:g} and {number}; give one")
        try:
            values[name] = float(number)
        except ValueError:
            raise ExpressionError(f"{text}: {number!r} is no number; give one, such as {name}=-2") from None
    return values


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""One picture of a pass that can be stepped through, and what its page has to know about it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from autograd import OPERATIONS
from viz.diagram import Diagram
from viz.dot import draw_graph
from viz.frames import Pass
from viz.mathml import mathml
from viz.sides import Style
from viz.themes import THEMES


class Figure:
    """A pass with its picture.

    Parameters
    ----------
    frames : Pass
        The steps.
    style : Style
        How the picture looks.
    engine : str, optional
        The Graphviz program to draw with.
    title : str
        What stands above the picture.
    """

    def __init__(self, frames: Pass, style: Style, engine: str | None = None, title: str = "") -> None:
        self.frames, self.style, self.engine, self.title = frames, style, engine, title
        self._drawing = draw_graph(frames.outputs, style)
        self.diagram = Diagram(self._drawing, frames.outputs, engine, named=True)

    @cached_property
    def svg(self) -> str:
        """The picture of the whole pass as SVG."""
        return self.diagram.svg()

    @property
    def is_dark(self) -> bool:
        """Whether the page is a dark one."""
        return self.style.theme == THEMES["dark"]

    def data(self) -> dict[str, Any]:
        """Return what the page's script reads: the steps, the formulas and where the numbers stand."""
        place = {f"n{i}": i for i in range(len(self.frames.nodes))}
        rows = {node.op.name: node.op for node in self.frames.nodes if node.op is not None}
        return {
            "pass": _without_formulas(self.frames.record(self.style.precision)),
            "formulas": {name: _formulas(op) for name, op in rows.items()},
            "arrivals": {f"{place[gate]}.{slot}": wire for (gate, slot), wire in self._drawing.arrivals.items()},
            "theme": {"value": self.style.theme.value, "gradient": self.style.theme.gradient},
            "precision": self.style.precision,
        }

    def operations(self) -> set[tuple[str, int]]:
        """Return the rows of the op table that the pass uses, each with its number of operands."""
        gates = [node for node in self.frames.nodes if node.op is not None]
        return {(node.op.name, len(node.parents)) for node in gates if OPERATIONS.get(node.op.name) is node.op}


def _formulas(op: Any) -> dict[str, Any]:
    """The formulas of a row with the places {0}, {1}, ... of its operands."""
    if OPERATIONS.get(op.name) is not op or op.arity is None:
        return {"value": "", "derivatives": []}
    places = {letter: f"{{{i}}}" for i, letter in enumerate("xyz"[: op.arity])}
    return {
        "value": mathml(op.latex, places),
        "derivatives": [mathml(formula, places) for formula in op.gradient_latex],
    }


def _without_formulas(record: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a page has once for each operation, or computes."""
    for step in record["steps"]:
        for slot in step.get("slots", ()):
            del slot["derivative"]
    del record["schema"], record["version"]
    return record

"""The collapsed form of a large graph: a few boxes, each for many gates."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd import Tensor, topological_order
from viz.arrays import array_of, summary
from viz.dot import DIRECTIONS, Drawing
from viz.labels import dot_markup, is_constant, name_text, number_text
from viz.sides import Style, Text

MOST_BOXES = 24
"""The largest number of boxes with one kind of gate each."""

BANDS = 8
"""The number of boxes in a row when there would be more; each has several kinds of gates."""

Box = tuple[int, str]


class _Range:
    """The smallest and the largest of many numbers."""

    def __init__(self) -> None:
        self.low = self.high = None

    def add(self, number: float) -> None:
        if self.low is None or number < self.low:
            self.low = number
        if self.high is None or number > self.high:
            self.high = number

    def add_array(self, array: np.ndarray) -> None:
        found = summary(array)
        for number in (found.low, found.high):
            if not math.isnan(number):
                self.add(number)

    def text(self, precision: int) -> str:
        if self.low is None or self.high is None:
            return ""
        low, high = number_text(self.low, precision), number_text(self.high, precision)
        return low if low == high else f"{low} … {high}"


class _Wires:
    """Many wires drawn as one, with the range of their numbers."""

    def __init__(self, nodes: Iterable[Any] = ()) -> None:
        self.values, self.gradients = _Range(), _Range()
        for node in nodes:
            self.add(node)

    def add(self, node: Any) -> None:
        if isinstance(node, Tensor):
            self.values.add_array(array_of(node))
            if node.grad_computed:
                self.gradients.add_array(array_of(node._grad))
            return
        self.values.add(node.data)
        if node.grad_computed:
            self.gradients.add(node._grad)


def draw_collapsed(outputs: Sequence[Any], style: Style) -> Drawing:
    """Draw the gates of about equal distance from the leaves as one box, a few boxes in a row."""
    order = topological_order(outputs, constants=True)
    heights: dict[Any, int] = {}
    for node in order:
        heights[node] = 1 + max([heights[operand] for operand in node.parents]) if node.op is not None else 0
    tallest = max(heights.values())

    kinds = {(heights[node], node.op.symbol) for node in order if node.op is not None}

    def box_of(node: Any) -> Box:
        if len(kinds) <= MOST_BOXES:
            return heights[node], node.op.symbol
        return (heights[node] - 1) * min(BANDS, tallest) // tallest, ""

    boxes: dict[Box, Counter[str]] = {}
    wires: dict[tuple[Box, Box], _Wires] = {}
    leaves: dict[tuple[Box, bool], dict[Any, None]] = {}
    for node in order:
        if node.op is None:
            continue
        box = box_of(node)
        boxes.setdefault(box, Counter())[node.op.symbol] += 1
        for operand in node.parents:
            if is_constant(operand):
                continue  # part of its gate, as in the picture of a small graph
            if operand.op is None:
                leaves.setdefault((box, operand.requires_grad), {})[operand] = None
            elif (source := box_of(operand)) != box:
                wires.setdefault((source, box), _Wires()).add(operand)
    drawing = Drawing(style)
    leaves_at, arrives_at = DIRECTIONS[style.direction]
    names = {box: f"g{i}" for i, box in enumerate(boxes)}

    def draw_wire(name: str, group: _Wires, tail: str, head: str, start: str = "") -> None:
        above = group.values.text(style.precision) if style.values else ""
        below = group.gradients.text(style.precision) if style.gradients else ""
        wire = drawing.wire(name, Text(above), Text(below), start)
        if tail:
            drawing.edge(tail, f"{wire}:{arrives_at}", arrowhead="none")
        drawing.edge(f"{wire}:{leaves_at}", head)

    for box, counts in boxes.items():
        rows = [f"{count:,} × {dot_markup(name_text(symbol))}" for symbol, count in counts.most_common(4)]
        if len(counts) > 4:
            rows.append(f"{sum(counts.values()):,} gates in all")
        drawing.node(names[box], "<BR/>".join(rows), shape="box", style="rounded,filled", margin="0.12,0.08")
    for (source, box), group in wires.items():
        draw_wire(f"{names[source]}{names[box]}", group, names[source], names[box])
    for (box, trained), nodes in leaves.items():
        kind = "input" if trained else "constant"
        start = f"{len(nodes):,} {kind}{'s' if len(nodes) > 1 else ''}"
        draw_wire(f"{names[box]}{kind}", _Wires(nodes), "", names[box], start)
    for i, output in enumerate(outputs):
        if output.op is not None:
            end = drawing.node(f"end{i}", "", shape="point", style="invis", width=0.01)
            draw_wire(f"out{i}", _Wires([output]), names[box_of(output)], end)
    return drawing

"""The graph as DOT: gates as circles, and for every operand slot a wire with its two numbers.

Labels on Graphviz edges put both numbers on the same side.  So a wire is a node of its own, a
small table with the value above a rule and the gradient below it; the rule is the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd import topological_order
from viz.labels import dot_markup, folded_operands, gate_text, is_constant, name_text, number_text, order_matters
from viz.themes import Theme
from viz.trace import received

DIRECTIONS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}
"""For each direction of the picture the side where a wire leaves, and where it arrives."""

CORNERS = {
    "LR": (":nw", ":w", ":sw"),
    "RL": (":ne", ":e", ":se"),
    "TB": (":nw", ":n", ":ne"),
    "BT": (":sw", ":s", ":se"),
}
"""For each direction where the first, a middle and the last operand arrive at a gate."""

BLANK = "&#160;"


@dataclass(frozen=True)
class Style:
    """What to show, and how."""

    theme: Theme
    direction: str = "LR"
    precision: int = 2
    values: bool = True
    gradients: bool = True
    labels: bool = True
    fold_constants: bool = True


@dataclass(frozen=True)
class Text:
    """What stands on one side of a wire: a number, and in front of it perhaps the name of the value."""

    number: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """The name as markup."""
        return dot_markup(self.label) + (" = " if self.number else "") if self.label else ""

    @property
    def width(self) -> int:
        """About how many points wide it is drawn."""
        return 8 * len(self.number + self.name) + 6


@dataclass
class Drawing:
    """DOT under construction, and the tooltip of every node in it."""

    style: Style
    lines: list[str] = field(default_factory=list)
    tooltips: dict[str, str] = field(default_factory=dict)

    def node(self, name: str, label: str, tooltip: str = "", **attributes: object) -> str:
        """Add a node with an HTML-like label."""
        options = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.lines.append(f"  {name} [label=<{label}>{options}]")
        if tooltip:
            self.tooltips[name] = tooltip
        return name

    def edge(self, tail: str, head: str, **attributes: object) -> None:
        """Add an edge; the names may carry a port."""
        options = " ".join(f'{key}="{value}"' for key, value in attributes.items())
        self.lines.append(f"  {tail} -> {head} [{options}]")

    def gate(self, name: str, text: str, tooltip: str, wires: int) -> str:
        """Add a gate: a circle, a rounded box for a long text, an ellipse along which many wires find room."""
        label, style = dot_markup(text), {"style": "filled", "fixedsize": "true"}
        if len(text) > 5:
            return self.node(name, label, tooltip, shape="box", height=0.45, style="rounded,filled", margin="0.12,0")
        if wires > 6:
            along, across = min(0.14 * wires, 6), 0.5
            width, height = (along, across) if self.style.direction in ("TB", "BT") else (across, along)
            return self.node(name, label, tooltip, shape="ellipse", width=width, height=height, **style)
        return self.node(name, label, tooltip, shape="circle", width=0.45 if len(text) <= 3 else 0.6, **style)

    def wire(self, name: str, above: Text, below: Text, start: str = "", tooltip: str = "") -> str:
        """Add a wire with text on both sides; `start` is the name of the leaf where it begins."""
        theme = self.style.theme
        upper = f'<FONT COLOR="{theme.text}">{above.name}</FONT>' if above.name else ""
        upper += f'<FONT COLOR="{theme.value}">{above.number or BLANK}</FONT>'
        lower = f'<FONT COLOR="{theme.gradient}">{below.number or BLANK}</FONT>'
        rows = f'<TR><TD CELLPADDING="1">{upper}</TD></TR><HR/><TR><TD CELLPADDING="1">{lower}</TD></TR>'
        if self.style.direction in ("TB", "BT"):
            # Equal widths on both sides keep the rule in the middle, where the edges meet it.
            side = f'<TD CELLPADDING="3" WIDTH="{max(above.width, below.width)}" ALIGN='
            rows = f'<TR>{side}"RIGHT">{upper}</TD><VR/>{side}"LEFT">{lower}</TD></TR>'
        table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" COLOR="{theme.line}"'
        if not start:
            return self.node(name, f"{table}>{rows}</TABLE>", shape="plain")
        wire = f'<TD PORT="wire" CELLPADDING="0">{table}>{rows}</TABLE></TD>'
        begin = f'<TD CELLPADDING="4">{start}</TD>'
        parts = {"LR": f"<TR>{begin}{wire}</TR>", "RL": f"<TR>{wire}{begin}</TR>"}
        parts |= {"TB": f"<TR>{begin}</TR><TR>{wire}</TR>", "BT": f"<TR>{wire}</TR><TR>{begin}</TR>"}
        return self.node(name, f"{table}>{parts[self.style.direction]}</TABLE>", tooltip, shape="plain") + ":wire"

    def source(self) -> str:
        """Return the whole DOT text."""
        import graphviz

        theme, direction = self.style.theme, self.style.direction
        dot = graphviz.Digraph(
            graph_attr={
                "rankdir": direction,
                "bgcolor": theme.background,
                "nodesep": "0.12",
                "ranksep": "0.2",
                "pad": "0.15",
                "charset": "UTF-8",
                "ordering": "in",  # the operands arrive in their order
            },
            node_attr={
                "fontname": "Helvetica",
                "fontsize": "13",
                "fontcolor": theme.text,
                "color": theme.line,
                "fillcolor": theme.gate,
            },
            edge_attr={"color": theme.line, "arrowsize": "0.6"},
        )
        dot.body.extend(line + "\n" for line in self.lines)
        return dot.source


def draw_graph(outputs: Sequence[Any], style: Style) -> Drawing:
    """Draw every gate and every wire of the graph of `outputs`."""
    return _GraphDrawing(outputs, style).drawing


class _GraphDrawing:
    def __init__(self, outputs: Sequence[Any], style: Style) -> None:
        self.drawing = Drawing(style)
        self.style = style
        self.leaves_at, self.arrives_at = DIRECTIONS[style.direction]
        order = topological_order(outputs, constants=True)
        self.names = {node: f"n{i}" for i, node in enumerate(order)}
        self.folded = {
            node: folded_operands(node) if style.fold_constants else (False,) * len(node.parents)
            for node in order
            if node.op is not None
        }
        self.slots: dict[Any, list[tuple[Any, int]]] = {node: [] for node in order}
        for consumer, folded in self.folded.items():
            for slot, operand in enumerate(consumer.parents):
                if not folded[slot]:
                    self.slots[operand].append((consumer, slot))
        self.arrivals: dict[tuple[Any, int], str] = {}
        self.received: dict[Any, list[Any] | None] = {}
        ends = set(outputs)
        for node in order:
            if node.op is not None:
                wires = self.folded[node].count(False)
                self.drawing.gate(self.names[node], gate_text(node, self.folded[node]), self._tooltip(node), wires)
            if self.slots[node] or node in ends:
                self._draw_wires(node, node in ends)
        for consumer, folded in self.folded.items():
            slots = [slot for slot in range(len(folded)) if not folded[slot]]
            # The engine keeps the order in which edges arrive where it can.  Where the order
            # matters, every operand has its own place at the gate.
            places = [""] * len(slots)
            if 1 < len(slots) <= 3 and order_matters(consumer.op):
                first, middle, last = CORNERS[style.direction]
                places = [first, last] if len(slots) == 2 else [first, middle, last]
            for slot, place in zip(slots, places, strict=True):
                self.drawing.edge(self.arrivals[consumer, slot], self.names[consumer] + place)

    def _draw_wires(self, node: Any, is_output: bool) -> None:
        """Draw what leaves a node: one wire, or a trunk that branches when it is used several times."""
        drawing, name, slots = self.drawing, self.names[node], self.slots[node]
        trunk = f"{self._numbers(node, f'{name}wire', self._gradient(node), start=node)}:{self.leaves_at}"
        end = drawing.node(f"{name}end", "", shape="point", style="invis", width=0.01) if is_output else ""
        if len(slots) + is_output == 1:
            if is_output:
                drawing.edge(trunk, end)
            else:
                self.arrivals[slots[0]] = trunk
            return
        dot = {"shape": "point", "width": 0.05, "fillcolor": self.style.theme.line}
        fork = drawing.node(f"{name}fork", "", self._tooltip(node), **dot)
        drawing.edge(trunk, fork, arrowhead="none")
        for i, (consumer, slot) in enumerate(slots):
            wire = self._numbers(node, f"{name}wire{i}", self._contribution(consumer, slot))
            drawing.edge(fork, f"{wire}:{self.arrives_at}", arrowhead="none")
            self.arrivals[consumer, slot] = f"{wire}:{self.leaves_at}"
        if is_output:
            drawing.edge(fork, end)

    def _numbers(self, node: Any, name: str, gradient: str, start: Any = None) -> str:
        """Draw one wire with its numbers and return its name; `start` is its node where the wire begins."""
        style, drawing = self.style, self.drawing
        label = name_text(node.label) if style.labels and node.label and start is not None else ""
        value = number_text(node.data, style.precision) if style.values else ""
        if start is not None and node.op is None:
            return drawing.wire(name, Text(value), Text(gradient), dot_markup(label) or BLANK, self._tooltip(node))
        wire = drawing.wire(name, Text(value, label), Text(gradient))
        if start is not None:
            drawing.edge(self.names[node], f"{wire}:{self.arrives_at}", arrowhead="none")
        return wire

    def _gradient(self, node: Any) -> str:
        known = self.style.gradients and node.grad_computed
        return number_text(node._grad, self.style.precision) if known else ""

    def _contribution(self, consumer: Any, slot: int) -> str:
        """The part of the gradient that arrives through one of several wires."""
        if not (self.style.gradients and consumer.grad_computed and consumer.parents[slot].requires_grad):
            return ""
        if consumer not in self.received:
            self.received[consumer] = received(consumer)
        contributions = self.received[consumer]
        return number_text(contributions[slot], self.style.precision) if contributions else ""

    def _tooltip(self, node: Any) -> str:
        words = [name_text(node.label, 500)] if node.label else []
        words += [node.op.name if node.op else "constant" if is_constant(node) else "input"]
        words += [
            f"value {node.data!r}",
            f"gradient {node._grad!r}" if node.grad_computed else "no gradient computed yet",
        ]
        return ", ".join(words)

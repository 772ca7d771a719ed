"""The graph as DOT: gates as circles, and for every operand slot a wire with its two numbers.

Labels on Graphviz edges put both numbers on the same side.  So a wire is a node of its own, a
small table with the value above a rule and the gradient below it; the rule is the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from autograd import Operation, Tensor, topological_order
from viz.contributions import received
from viz.gates import gate_lines, tooltip
from viz.labels import dot_markup, folded_operands, name_text, order_matters
from viz.modules import Scope, common, scopes_of
from viz.sides import BLANK, Block, Side, Style, gradient_side, value_side
from viz.thumbnail import Thumbnail

if TYPE_CHECKING:
    from viz.moment import Moment

MANY = 10_000
"""From so many nodes and edges on the engine is asked to stop looking for a better layout sooner."""

DIRECTIONS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}
"""For each direction of the picture the side where a wire leaves, and where it arrives."""

CORNERS = {
    "LR": (":nw", ":w", ":sw"),
    "RL": (":ne", ":e", ":se"),
    "TB": (":nw", ":n", ":ne"),
    "BT": (":sw", ":s", ":se"),
}
"""For each direction where the first, a middle and the last operand arrive at a gate."""


def checked_direction(direction: Any) -> str:
    """Return a direction of the picture, or raise ValueError."""
    if direction not in list(DIRECTIONS):
        raise ValueError(f"there is no direction {direction!r}; choose one of {', '.join(map(repr, DIRECTIONS))}")
    return direction


@dataclass
class Drawing:
    """DOT under construction, the tooltip of every node in it, and the heat maps by their names."""

    style: Style
    lines: list[str] = field(default_factory=list)
    tooltips: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Thumbnail] = field(default_factory=dict)
    arrivals: dict[tuple[str, int], str] = field(default_factory=dict)
    """For a gate and a slot the wire that arrives there."""

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

    def gate(self, name: str, text: str, tooltip: str, wires: int, options: Sequence[str] = ()) -> str:
        """Add a gate: a circle, a rounded box for a long text, an ellipse along which many wires find room."""
        label, style = dot_markup(text), {"style": "filled", "fixedsize": "true"}
        label += "".join(f'<BR/><FONT POINT-SIZE="9">{dot_markup(line)}</FONT>' for line in options)
        if len(text) > 5 or options:
            return self.node(name, label, tooltip, shape="box", height=0.45, style="rounded,filled", margin="0.12,0")
        if wires > 6:
            along, across = min(0.14 * wires, 6), 0.5
            width, height = (along, across) if self.style.direction in ("TB", "BT") else (across, along)
            return self.node(name, label, tooltip, shape="ellipse", width=width, height=height, **style)
        return self.node(name, label, tooltip, shape="circle", width=0.45 if len(text) <= 3 else 0.6, **style)

    def wire(self, name: str, above: Side, below: Side, start: str = "", tooltip: str = "") -> str:
        """Add a wire with text on both sides; `start` is the name of the leaf where it begins."""
        theme = self.style.theme
        height = max(above.height, below.height)
        upright = self.style.direction in ("TB", "BT")
        spaces = {"above": height - above.height}, {"above" if upright else "below": height - below.height}
        upper = above.markup(theme.text, theme.value, "RIGHT" if upright else "", **spaces[0])
        lower = below.markup(theme.text, theme.gradient, "LEFT" if upright else "", **spaces[1])
        for side in (above, below):
            if isinstance(side, Block) and side.picture and not side.hidden:
                self.pictures[side.name] = side.picture
        # Equal heights on both sides keep the rule in the middle, where the edges meet it.
        high = f' HEIGHT="{height}" VALIGN=' if height else ""
        wide = f' WIDTH="{room}"' if (room := max(above.room, below.room)) else ""
        upper_cell, lower_cell = (f'<TD CELLPADDING="1"{wide}{high and high + end}>' for end in ('"BOTTOM"', '"TOP"'))
        rows = f"<TR>{upper_cell}{upper}</TD></TR><HR/><TR>{lower_cell}{lower}</TD></TR>"
        if upright:
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
                **({"nslimit": "0.2"} if len(self.lines) > MANY else {}),
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


def draw_graph(outputs: Sequence[Any], style: Style, moment: Moment | None = None) -> Drawing:
    """Draw every gate and every wire of the graph of `outputs`.

    Parameters
    ----------
    outputs : sequence of Value or Tensor
        The results.
    style : Style
        What to show.
    moment : Moment, optional
        After which step of a pass: later numbers take their room, but are not seen.
    """
    return _GraphDrawing(outputs, style, moment).drawing


class _GraphDrawing:
    def __init__(self, outputs: Sequence[Any], style: Style, moment: Moment | None) -> None:
        self.drawing = Drawing(style)
        self.style, self.moment = style, moment
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
                text, *lines = gate_lines(node, self.folded[node])
                self.drawing.gate(self.names[node], text, tooltip(node), wires, lines)
                if moment and moment.marks(node):  # bold, as a wider pen would move other gates
                    kind = "rounded,filled,bold" if len(text) > 5 or lines else "filled,bold"
                    self.drawing.lines.append(f'  {self.names[node]} [style="{kind}" fillcolor="{style.theme.mark}"]')
            if self.slots[node] or node in ends:
                self._draw_wires(node, node in ends)
        self._draw_frames(order, ends)
        for consumer, folded in self.folded.items():
            slots = [slot for slot in range(len(folded)) if not folded[slot]]
            # The engine keeps the order in which edges arrive where it can.  Where the order
            # matters, every operand has its own place at the gate.
            places = [""] * len(slots)
            if 1 < len(slots) <= 3 and order_matters(consumer.op):
                first, middle, last = CORNERS[style.direction]
                places = [first, last] if len(slots) == 2 else [first, middle, last]
            for slot, place in zip(slots, places, strict=True):
                self.drawing.arrivals[self.names[consumer], slot] = self.arrivals[consumer, slot].split(":")[0]
                self.drawing.edge(self.arrivals[consumer, slot], self.names[consumer] + place, **self._marked(consumer))

    def _draw_frames(self, order: Sequence[Any], ends: set[Any]) -> None:
        """Draw a frame around what belongs to a call of a module."""
        members: dict[tuple[Scope, ...], list[str]] = {}
        for node in order:
            scopes, name = scopes_of(node), self.names[node]
            if node.op is not None:
                members.setdefault(scopes, []).append(name)
            users = [consumer for consumer, _ in self.slots[node]]
            if not users and node not in ends:
                continue
            trunk = () if node in ends else common([scopes, *map(scopes_of, users)])
            branches = [common([scopes, scopes_of(user)]) for user in users] if len(users) + (node in ends) > 1 else []
            members.setdefault(trunk, []).extend([f"{name}wire", *([f"{name}fork"] if branches else [])])
            for i, scope in enumerate(branches):
                members.setdefault(scope, []).append(f"{name}wire{i}")
        self.drawing.lines += _frames(members, (), self.style)

    def _draw_wires(self, node: Any, is_output: bool) -> None:
        """Draw what leaves a node: one wire, or a trunk that branches when it is used several times."""
        drawing, style, name, slots = self.drawing, self.style, self.names[node], self.slots[node]
        wider = self._wider(node, slots[0][0]) if len(slots) + is_output == 1 and slots else ()
        trunk = f"{self._trunk(node, f'{name}wire', wider)}:{self.leaves_at}"
        marked = {"penwidth": 2.6} if self.moment and self.moment.seeds(node) else {}
        end = drawing.node(f"{name}end", "", shape="point", style="invis", width=0.01) if is_output else ""
        if len(slots) + is_output == 1:
            if is_output:
                drawing.edge(trunk, end, **marked)
            else:
                self.arrivals[slots[0]] = trunk
            return
        dot = {"shape": "point", "width": 0.05, "fillcolor": style.theme.line}
        fork = drawing.node(f"{name}fork", "", tooltip(node), **dot)
        drawing.edge(trunk, fork, arrowhead="none")
        for i, (consumer, slot) in enumerate(slots):
            branch = f"{name}wire{i}"
            above = self._value(node, branch, wider=self._wider(node, consumer), whole=False)
            below = gradient_side(self._contribution(consumer, slot), style, branch)
            if self.moment and (consumer, slot) not in self.moment.branches:
                below = replace(below, hidden=True)
            wire = drawing.wire(branch, above, below)
            drawing.edge(fork, f"{wire}:{self.arrives_at}", arrowhead="none")
            self.arrivals[consumer, slot] = f"{wire}:{self.leaves_at}"
        if is_output:
            drawing.edge(fork, end, **marked)

    def _trunk(self, node: Any, name: str, wider: tuple[int, ...]) -> str:
        """Draw the wire that begins at a node, with its numbers, and return its name."""
        style, drawing = self.style, self.drawing
        label = name_text(node.label) if style.labels and node.label else ""
        below = self._gradient(node, name)
        if node.op is None:
            above = self._value(node, name, wider=wider)
            return drawing.wire(name, above, below, dot_markup(label) or BLANK, tooltip(node))
        wire = drawing.wire(name, self._value(node, name, label, wider), below)
        drawing.edge(self.names[node], f"{wire}:{self.arrives_at}", arrowhead="none", **self._marked(node))
        return wire

    def _value(self, node: Any, name: str, *arguments: Any, **named: Any) -> Side:
        """What stands above a wire, as far as it is known."""
        side = value_side(node, self.style, name, *arguments, **named)
        return replace(side, hidden=True) if self.moment and node not in self.moment.values else side

    def _gradient(self, node: Any, name: str) -> Side:
        """What stands below the wire that begins at a node: its gradient, or what is added up of it by now."""
        final = node._grad if self.style.gradients and node.grad_computed else None
        if not self.moment or final is None:
            return gradient_side(final, self.style, name)
        side = gradient_side(self.moment.gradients.get(node, final), self.style, name)
        on_the_way = self.moment.partial.get(node, ())
        room = max(gradient_side(part, self.style, name).width for part in on_the_way) if len(on_the_way) > 1 else 0
        return replace(side, hidden=node not in self.moment.gradients, room=room)

    def _marked(self, gate: Any) -> dict[str, Any]:
        """How an edge at a gate is drawn when the step is about that gate."""
        if not (self.moment and self.moment.marks(gate)):
            return {}
        return {"penwidth": 2.6, "style": "dashed" if self.moment.backward else "solid"}

    def _wider(self, node: Any, consumer: Any) -> tuple[int, ...]:
        """The shape to which a gate broadcasts an operand, or () when it takes it as it is."""
        if not isinstance(node, Tensor) or not isinstance(consumer.op, Operation):
            return ()
        return consumer.shape if node.shape != consumer.shape else ()

    def _contribution(self, consumer: Any, slot: int) -> Any:
        """The part of the gradient that arrives through one of several wires."""
        if not (self.style.gradients and consumer.grad_computed and consumer.parents[slot].requires_grad):
            return None
        if consumer not in self.received:
            self.received[consumer] = received(consumer)
        contributions = self.received[consumer]
        return contributions[slot] if contributions else None


def _frames(members: dict[tuple[Scope, ...], list[str]], outer: tuple[Scope, ...], style: Style) -> list[str]:
    """The frames inside of another one, as DOT."""
    lines = []
    for scope in dict.fromkeys(path[len(outer)] for path in members if path[: len(outer)] == outer != path):
        path = (*outer, scope)
        lines += [
            f"  subgraph cluster_{scope.number} {{",
            f'  label=<{dot_markup(scope.title)}> labeljust="l" style="rounded,dashed" color="{style.theme.line}"'
            f' fontname="Helvetica" fontsize="12" fontcolor="{style.theme.text}"',
            f"  {'; '.join(members.get(path, []))}",
            *_frames(members, path, style),
            "  }",
        ]
    return lines

"""``step``: walk through the forward and the backward pass of a graph, gate by gate, in a picture that is alive.

In a notebook the output is the finished picture as an image, and a script that puts a sandboxed frame in its
place.  So it works in saved and exported notebooks without a kernel or a network, and where scripts are blocked
the picture is still there.  The frame's own code is in ``viz/page/``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from autograd import Tensor, Value, topological_order
from viz.arguments import checked_count, checked_outputs, checked_precision
from viz.diagram import Diagram
from viz.dot import checked_direction, draw_graph
from viz.figure import Figure
from viz.fold import fold_gates
from viz.frames import Pass
from viz.html import bundle, page, write_page
from viz.modules import checked_modules, group_modules, has_modules
from viz.moment import Moment
from viz.render import RenderError
from viz.sides import Style
from viz.themes import Theme, theme
from viz.unfold import unfold_gates

MOST_GATES = 60
"""Up to how many gates a page has the other forms of the graph too."""

DEEPEST = 1000
"""Deeper than any module."""

MODES = ("explain", "predict", "nudge", "check", "flow")


class Stepper:
    """A picture of a graph through which one can step; shows itself in a notebook.

    Made by :func:`step`.  The page has the other forms of the graph too, with compound gates folded or unfolded, and
    puts one in the place of another.

    Attributes
    ----------
    frames : Pass
        The steps as data.
    """

    def __init__(self, figures: Sequence[Figure], mode: str = "explain") -> None:
        self._figures = list(figures)
        self._figure = self._figures[0]
        self.frames = self._figure.frames
        self._style = self._figure.style
        self._mode = mode

    def text(self) -> str:
        """Return the steps as numbered sentences.

        Examples
        --------
        >>> print(step(Value(2.0, "x") * 3.0).text())
        1. v1 = x * 3 = 6.00.
        2. The gradient of v1 with respect to itself is 1.00.
        3. v1 = x * 3 passes its gradient 1.00 back: x receives 1.00 times 3.00 is 3.00.
        """
        precision = self._style.precision
        return "\n".join(f"{i}. {self.frames.text(step, precision)}" for i, step in enumerate(self.frames.steps, 1))

    def html(self) -> str:
        """Return a page that needs nothing else: no other file, no network.

        Raises
        ------
        RenderError
            When there is no engine to draw with.
        """
        return self._page(self._figure.svg)

    def save_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            When the suffix is not ``.html`` or ``.htm``.
        OSError
            When the file cannot be written.
        """
        return write_page(path, self.html)

    def save_frames(self, folder: str | os.PathLike[str], kind: str = "svg", *, dpi: int = 144) -> list[Path]:
        """Write a picture for every step, all with the same layout: for slides.

        The first, number 0, has the inputs only.  A number appears with the step that computes it; the gate of the
        step and its wires are marked, dashed where the gradient flows back.

        Parameters
        ----------
        folder : path
            Where to write ``step-00.svg``, ``step-01.svg``, ...; made when it is not there.
        kind : {"svg", "png"}
            Of the pictures; an SVG has the step as a sentence for screen readers.
        dpi : int
            Dots an inch of a PNG.

        Returns
        -------
        list of pathlib.Path
            The files in order.

        Raises
        ------
        ValueError
            When there is no such kind.
        RenderError
            When no engine can draw it; nothing is written then.
        OSError
            When a file cannot be written.
        """
        if kind not in ("svg", "png"):
            raise ValueError(f"save_frames writes 'svg' or 'png', got kind={kind!r}")
        steps = self.frames.steps
        texts = ["Before the first step.", *(self.frames.text(step, self._style.precision) for step in steps)]
        contents = []
        for count, text in enumerate(texts):
            drawing = draw_graph(self.frames.outputs, self._style, Moment(self.frames, count))
            diagram = Diagram(drawing, self.frames.outputs, self._figure.engine, description=text)
            contents.append(diagram.png(dpi) if kind == "png" else diagram.svg().encode("utf-8"))
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        digits = max(2, len(str(len(steps))))
        paths = [folder / f"step-{i:0{digits}}.{kind}" for i in range(len(texts))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        return paths

    def _page(self, svg: str) -> str:
        svgs = [svg, *(figure.svg for figure in self._figures[1:])]
        return page(svgs, self._figures, "forms" if len(svgs) > 1 else "", {"mode": self._mode})

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        try:
            return bundle(self._figure.svg, self._page("PICTURE"), repr(self), self.text())
        except RenderError as error:
            return {"text/plain": f"{self.text()}\n{error}"}

    def __repr__(self) -> str:
        return f"<Stepper with {len(self.frames.steps)} steps: {self._figure.diagram._description}>"


def step(
    node: Value | Tensor | Sequence[Value | Tensor],
    *,
    mode: str = "explain",
    direction: str = "LR",
    precision: int = 2,
    theme: str | Theme = "default",
    fold: bool | Collection[str] = False,
    unfold: bool | Collection[str] = False,
    modules: bool | int = False,
    thumbnails: bool = False,
    numbers: int = 6,
    forms: bool = True,
    engine: str | None = None,
) -> Stepper:
    """Step through the forward and the backward pass of the graph that `node` was computed from.

    The right arrow computes one gate; after the last one the gradient starts at the result with 1, and every further
    step multiplies the gradient that arrives at a gate by its local derivatives.  The graph is not touched.

    Parameters
    ----------
    node : Value, Tensor or sequence of them
        The result, or several.
    mode : {"explain", "predict", "nudge", "check", "flow"}
        With what to begin: explanations; questions for the gradients; what a nudge of an input changes; the
        gradients beside difference quotients; wires as wide as their gradients.
    direction, precision, theme, fold, unfold, modules, thumbnails, numbers, engine
        As for :func:`viz.draw`.
    forms : bool
        Put the other forms of a graph of up to 60 gates into the page too: with compound gates folded or unfolded,
        with modules as boxes or with all their gates.

    Returns
    -------
    Stepper
        Shows itself in a notebook; ``save_html(path)`` writes a page.

    Raises
    ------
    TypeError
        When `node` is neither a Value nor a tensor.
    ValueError
        When an option is unknown.

    Examples
    --------
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> step((x + y) * z)
    <Stepper with 5 steps: 3 inputs, 2 gates, result -12.00>
    """
    outputs = checked_outputs(node, "step")
    if mode not in MODES:
        raise ValueError(f"there is no mode {mode!r}; choose one of {', '.join(map(repr, MODES))}")
    direction, precision, few = checked_direction(direction), checked_precision(precision), checked_count(numbers)
    style = Style(_theme(theme), direction, precision, numbers=few, thumbnails=thumbnails)
    plain = outputs
    if fold:
        outputs = fold_gates(outputs, fold)
    if unfold:
        outputs = unfold_gates(outputs, unfold)
    if checked_modules(modules) is not False:
        outputs = group_modules(outputs, modules)
    named = {_form_name(fold, unfold, modules): outputs}
    if forms:
        named |= {name: graph for name, graph in _forms(plain).items() if name not in named}
    return Stepper([Figure(Pass(graph), style, engine, name) for name, graph in named.items()], mode)


_theme = theme


def _form_name(fold: object, unfold: object, modules: object) -> str:
    names = [name for name, option in (("folded", fold), ("unfolded", unfold)) if option]
    if modules is not False:
        names.append("modules as boxes" if modules is True else f"modules to depth {modules}")
    return " and ".join(names).capitalize() or "As computed"


def _forms(outputs: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """The other forms of a graph that differ from it; none of a large one, whose page would be large too."""
    if _gates(outputs) > MOST_GATES:
        return {}
    forms = {"As computed": outputs, "Folded": fold_gates(outputs, True), "Unfolded": unfold_gates(outputs, True)}
    if has_modules(outputs):
        forms["Modules as boxes"] = group_modules(outputs, True)
        forms["All gates of the modules"] = group_modules(outputs, DEEPEST)
    gates = {name: _gates(graph) for name, graph in forms.items()}
    return {
        name: graph
        for name, graph in forms.items()
        if name in ("As computed", "All gates of the modules") or gates[name] != gates["As computed"]
    }


def _gates(outputs: Sequence[Any]) -> int:
    return sum(node.op is not None for node in topological_order(outputs))

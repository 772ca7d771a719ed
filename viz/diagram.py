"""``draw``: the picture of a computational graph, as the lecture's board shows it."""

from __future__ import annotations

import base64
import contextlib
import os
import warnings
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from autograd import Tensor, Value, topological_order
from viz.arguments import checked_count, checked_outputs, checked_precision
from viz.arrays import array_of, element_text, shape_text
from viz.collapse import draw_collapsed
from viz.dot import Drawing, checked_direction, draw_graph
from viz.fold import fold_gates
from viz.labels import markup, number_text
from viz.modules import checked_modules, group_modules
from viz.render import RenderError, render, tidy_svg
from viz.sides import Style
from viz.themes import Theme, theme
from viz.trace import trace
from viz.unfold import unfold_gates

LIMIT = 300
"""The number of gates above which `draw` collapses the picture unless told otherwise."""


class Diagram:
    """A picture of a graph, as it was when drawn; shows itself in a notebook.

    Made by :func:`draw`.
    """

    def __init__(
        self,
        drawing: Drawing,
        outputs: Sequence[Any],
        engine: str | None = None,
        named: bool = False,
        description: str = "",
    ) -> None:
        self._drawing = drawing
        self._engine = engine
        self._named = named
        self._trace = trace(outputs, precision=drawing.style.precision)
        self._description = description or _describe(outputs, drawing.style.precision)
        self._source = drawing.source()

    @property
    def source(self) -> str:
        """The picture as DOT text."""
        return self._source

    def dot(self) -> str:
        """Return the picture as DOT text."""
        return self._source

    def svg(self) -> str:
        """Return the picture as SVG text that can stand in a page.

        Raises
        ------
        RenderError
            When there is no engine to draw with.

        Examples
        --------
        >>> draw(Value(2.0, "x") * 3.0).svg()[:15]
        '<svg role="img"'
        """
        drawing, source = self._drawing, self._source
        for name, picture in drawing.pictures.items():
            source = source.replace(picture.cells(name), picture.box(name))
        svg = self._tidy_svg(source)
        # An engine that names no parts of a label leaves the boxes; it can draw the cells.
        return svg if svg.count("<image ") == len(drawing.pictures) else self._tidy_svg(self._source)

    def _tidy_svg(self, source: str) -> str:
        picture = render(source, "svg", engine=self._engine)
        return tidy_svg(picture, self._description, self._drawing.tooltips, self._drawing.pictures, self._named)

    def png(self, dpi: int = 144) -> bytes:
        """Return the picture as PNG bytes, `dpi` dots an inch."""
        return render(self._source, "png", engine=self._engine, dpi=dpi)

    def pdf(self) -> bytes:
        """Return the picture as PDF bytes; needs Graphviz's own program ``dot``."""
        return render(self._source, "pdf", engine=self._engine)

    def text(self) -> str:
        """Return the forward and the backward pass as a text table, see :func:`trace`."""
        return self._trace

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file: ``.svg``, ``.png``, ``.pdf``, ``.dot`` (or ``.gv``) or ``.txt``.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            When the suffix is none of these.
        RenderError
            When no engine can make this kind; no file is written then.
        OSError
            When the file cannot be written.
        """
        path = Path(path)
        content = writer(path)(self)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        # An untrusted notebook draws the image in the html but no svg; editors that show no html
        # take the svg or the png.  A repr never raises.
        try:
            svg = self.svg()
        except RenderError as error:
            return {"text/plain": f"{self._source}\n{error}"}
        image = base64.b64encode(svg.encode()).decode()
        size = 'style="max-width:100%;height:auto"'
        bundle = {
            "text/html": f'<img alt="{markup(self._description)}" {size} src="data:image/svg+xml;base64,{image}">',
            "image/svg+xml": svg,
            "text/plain": self._trace,
        }
        with contextlib.suppress(RenderError):  # an engine without PNG
            bundle["image/png"] = base64.b64encode(self.png()).decode()
        return bundle

    def __repr__(self) -> str:
        return f"<Diagram of {self._description}>"


WRITERS: dict[str, Callable[[Diagram], bytes | str]] = {
    ".svg": Diagram.svg,
    ".png": Diagram.png,
    ".pdf": Diagram.pdf,
    ".dot": Diagram.dot,
    ".gv": Diagram.dot,
    ".txt": Diagram.text,
}
"""For each file suffix what writes it."""


def writer(path: Path) -> Callable[[Diagram], bytes | str]:
    """Return what makes a file of this suffix.

    Raises
    ------
    ValueError
        When the suffix is unknown.
    """
    if path.suffix.lower() not in WRITERS:
        given = f"{path.suffix!r}" if path.suffix else "no suffix"
        raise ValueError(
            f"cannot write {str(path)!r}: {given} is no kind of picture; use one of {', '.join(WRITERS)}, "
            f"or .html for a page to step through, which viz.step writes"
        )
    return WRITERS[path.suffix.lower()]


def draw(
    node: Value | Tensor | Sequence[Value | Tensor],
    *,
    direction: str = "LR",
    precision: int = 2,
    values: bool = True,
    gradients: bool = True,
    labels: bool = True,
    theme: str | Theme = "default",
    fold_constants: bool = True,
    numbers: int = 6,
    thumbnails: bool = False,
    fold: bool | Collection[str] = False,
    unfold: bool | Collection[str] = False,
    modules: bool | int = False,
    collapse: bool | None = None,
    limit: int = LIMIT,
    engine: str | None = None,
) -> Diagram:
    """Draw the graph that `node` was computed from.

    Gates are circles with their symbol.  Every wire has the value above it and, once a backward
    pass has computed it, the gradient below.  A value used several times branches: the trunk
    shows the whole gradient, each branch its contribution in the last pass (a leaf adds up several
    passes until its gradient is cleared).

    Where a graph has arrays, a wire says their shape (and their dtype when it is not float32) and
    the mean and the Euclidean norm of the value and of the gradient; few numbers are written out as
    a matrix.  ``(3) → 5×3`` marks an operand that is broadcast.  Results of more than 4096 elements
    show a gradient when ``retain_grad()`` was called before the backward pass.

    Parameters
    ----------
    node : Value, Tensor or sequence of them
        The result, or several.  A result of PyTorch or a Value of micrograd is drawn in the same look;
        the attribute ``label`` of a leaf is its name.  PyTorch keeps few of the values: the others are
        computed again, and where that cannot be done ``?`` stands.
    direction : {"LR", "RL", "TB", "BT"}
        Where the graph runs: left to right, top to bottom, ...
    precision : int
        Decimals of the numbers.
    values, gradients, labels : bool
        Which of the numbers and names to show.
    theme : {"default", "cs231n", "dark"} or Theme
        The colours.
    fold_constants : bool
        Show a constant inside its gate, as ``+1``, instead of on a wire of its own.
    numbers : int
        Up to how many elements an array shows its numbers instead of mean and norm.
    thumbnails : bool
        Draw arrays as small heat maps too: blue below zero, orange above; a vector as a strip, images
        and other arrays of higher rank as tiles.  The scale is in the tooltip of the SVG.
    unfold : bool or collection of str
        Draw compound gates, or those named, as the smaller gates they are composed of:
        ``unfold={"sigmoid"}`` draws ``*-1``, ``exp``, ``+1``, ``1/x``.
    fold : bool or collection of str
        The other way round: draw ``1 / (1 + exp(-x))`` as one sigmoid gate.
    modules : bool or int
        Draw the innermost modules as one box each, with its inputs, parameters and output, and a frame around
        the modules that contain them; a number draws the modules at this depth as boxes, 0 the outermost.
    collapse : bool, optional
        Draw many gates as one box.  By default a graph above the `limit` is collapsed, with a warning.
    limit : int
        The largest number of gates to draw one by one when `collapse` is not given.
    engine : str, optional
        The Graphviz program to draw with.

    Returns
    -------
    Diagram
        The picture; it does not change when the graph does.

    Raises
    ------
    TypeError
        When `node` is neither a Value nor a tensor.
    ValueError
        When an option is unknown.

    Examples
    --------
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> draw(f)
    <Diagram of 3 inputs, 2 gates, result -12.00>

    >>> from autograd import tensor
    >>> W, x = tensor([[0.5, -1.0], [2.0, 0.0]], requires_grad=True, label="W"), tensor([1.0, 3.0], label="x")
    >>> loss = (W @ x).relu().sum()
    >>> loss.backward()
    >>> draw(loss, thumbnails=True)
    <Diagram of 1 input, 3 gates, result 2.00>
    """
    outputs = checked_outputs(node, "draw")
    direction = checked_direction(direction)
    precision = checked_precision(precision)
    few = checked_count(numbers)
    style = Style(_theme(theme), direction, precision, values, gradients, labels, fold_constants, few, thumbnails)
    if fold:
        outputs = fold_gates(outputs, fold)
    if unfold:
        outputs = unfold_gates(outputs, unfold)
    if checked_modules(modules) is not False:
        outputs = group_modules(outputs, modules)
    gates = sum(node.op is not None for node in topological_order(outputs))
    if collapse is None and gates > limit:
        warnings.warn(
            f"the graph has {gates:,} gates, more than the limit of {limit:,}: the picture is collapsed; "
            f"pass collapse=True to accept this, or collapse=False to draw every gate",
            stacklevel=2,
        )
        collapse = True
    drawing = draw_collapsed(outputs, style) if collapse and gates else draw_graph(outputs, style)
    return Diagram(drawing, outputs, engine)


_theme = theme


def _describe(outputs: Sequence[Any], precision: int) -> str:
    order = topological_order(outputs)
    inputs = sum(node.op is None for node in order)
    gates = len(order) - inputs
    results = ", ".join(_result_text(output, precision) for output in outputs[:4])
    return (
        f"{inputs:,} input{'s' if inputs != 1 else ''}, {gates:,} gate{'s' if gates != 1 else ''}, "
        f"result{'s' if len(outputs) > 1 else ''} {results}{', …' if len(outputs) > 4 else ''}"
    )


def _result_text(output: Any, precision: int) -> str:
    if not isinstance(output, Tensor):
        return number_text(output.data, precision)
    array = array_of(output)
    return element_text(array.item(), precision) if array.size == 1 else f"of shape {shape_text(array.shape)}"

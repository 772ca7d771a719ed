"""Common mistakes in a backward pass, stepped beside the right one.

The three that everyone makes once: ``=`` where the chain rule adds up, a recursion where the graph needs a
topological order, and a second pass on top of the gradients of the first.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor, Value
from autograd.graph import results_in_order
from viz.arguments import checked_outputs, checked_precision
from viz.dot import checked_direction
from viz.figure import Figure
from viz.frames import Pass, Slot, Step, number_words, seed_of
from viz.html import bundle, page, write_page
from viz.render import RenderError
from viz.sides import Style
from viz.themes import Theme, theme

MOST_VISITS = 1000
"""After how many gates a recursion without an order is given up: it visits a gate once for every path."""

MISTAKES = {
    "assign": (
        "Right: every wire adds its part, x.grad += …",
        "Wrong: every wire overwrites, x.grad = …",
    ),
    "no_order": (
        "Right: topological order, a gate passes its gradient back once it is complete",
        "Wrong: recursion, a gate passes on what it has each time a path reaches it",
    ),
    "no_zero": (
        "Right: all gradients are cleared before the second backward()",
        "Wrong: a second backward() without zero_grad()",
    ),
}
"""For every mistake the titles of the right and of the wrong pass."""


class _Wrong(Pass):
    """A pass by a wrong rule."""

    def __init__(self, outputs: Sequence[Any], kind: str, right: Pass, precision: int) -> None:
        self._kind, self._right, self._precision = kind, right, precision
        super().__init__(outputs)

    def _run(self) -> list[Step]:
        results = results_in_order(self.outputs)
        steps = [Step("forward", node) for node in results]
        gradients: dict[Any, Any] = {}
        for output in dict.fromkeys(self.outputs):
            if output.requires_grad:
                gradients[output] = seed_of(output)
                steps.append(Step("seed", output, gradients[output]))
        steps += self._recursion(gradients) if self._kind == "no_order" else self._assigned(results, gradients)
        for node, gradient in gradients.items():
            node._grad = gradient
        return steps

    def _assigned(self, results: list[Any], gradients: dict[Any, Any]) -> list[Step]:
        steps = []
        for node in reversed(results):
            if node not in gradients:
                continue
            node._grad = gradients[node]
            slots = []
            for slot in self._products(node):
                before, note = gradients.get(slot.operand), slot.note
                gradients[slot.operand] = slot.product
                if before is not None:
                    lost, kept = (number_words(number, self._precision) for number in (before, before + slot.product))
                    note = f"= puts it in the place of {lost}, which is lost; += gives {kept}"
                slots.append(replace(slot, after=slot.product, note=note))
            steps.append(Step("backward", node, gradients[node], tuple(slots)))
        return steps

    def _recursion(self, gradients: dict[Any, Any]) -> list[Step]:
        steps: list[Step] = []
        passed: set[Any] = set()
        complete = {here: there._grad for here, there in zip(self.nodes, self._right.nodes, strict=True)}
        waiting = [output for output in reversed(self.outputs) if output.op is not None and output in gradients]
        while waiting:
            node = waiting.pop()
            if len(steps) == MOST_VISITS:
                raise ValueError(
                    f"mistake: without an order a gate is visited once for every path, here more than {MOST_VISITS:,} "
                    f"times in all; give a smaller graph"
                )
            node._grad = upstream = gradients[node]
            note = ""
            if node in passed:
                note = "Again: it did so before, and the operands get the earlier part a second time."
            elif not np.array_equal(upstream, complete[node], equal_nan=True):
                whole = number_words(complete[node], self._precision)
                note = f"Too early: more is still to arrive, the whole gradient is {whole}."
            passed.add(node)
            slots = []
            for slot in self._products(node):
                before = gradients.get(slot.operand)
                gradients[slot.operand] = slot.product if before is None else before + slot.product
                slots.append(replace(slot, before=before, after=gradients[slot.operand]))
            steps.append(Step("backward", node, upstream, tuple(slots), note))
            waiting += [operand for operand in dict.fromkeys(reversed(node.parents)) if operand.op is not None]
        return steps

    def _products(self, node: Any) -> list[Slot]:
        slots = self.slots_of(node)
        if any(slot.product is None for slot in slots):
            raise ValueError(f"mistake: the gate {node.op.symbol!r} cannot be run a second time; leave it out")
        return slots


class _Twice(Pass):
    """Two passes over one graph, with or without clearing the leaves between them."""

    def __init__(self, outputs: Sequence[Any], zeroed: bool) -> None:
        self._zeroed = zeroed
        super().__init__(outputs)

    def _run(self) -> list[Step]:
        steps = super()._run()
        first = {node: node._grad for node in self.nodes if node._grad is not None}
        backward = [step for step in steps if step.phase != "forward"]
        kept = {} if self._zeroed else {node: gradient for node, gradient in first.items() if node.op is None}
        cleared = "all gradients are cleared" if self._zeroed else "the gradients of the inputs are not cleared"
        note = f"A second backward pass begins: {cleared}."
        steps.append(Step("zero", None, note=note, nodes=tuple(node for node in first if node not in kept)))
        for step in backward:
            slots = []
            for slot in step.slots:
                old = kept.get(slot.operand)
                if old is not None:
                    before = old if slot.before is None else slot.before + old
                    slot = replace(slot, before=before, after=slot.after + old)
                slots.append(slot)
            steps.append(replace(step, slots=tuple(slots)))
        for node, gradient in kept.items():
            node._grad = gradient + gradient
        return steps


class Lesson:
    """A mistake beside the right pass, on one page with one slider; shows itself in a notebook.

    Made by :func:`mistake`.

    Attributes
    ----------
    right, wrong : Pass
        The steps as data.
    """

    def __init__(self, kind: str, right: Pass, wrong: Pass, style: Style, engine: str | None) -> None:
        self.kind, self.right, self.wrong = kind, right, wrong
        self._style = style
        self._titles = MISTAKES[kind]
        self._figures = [
            Figure(frames, style, engine, title) for frames, title in zip((right, wrong), self._titles, strict=True)
        ]

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Return for every node whose gradient is wrong in the end its name, the right and the wrong gradient.

        Examples
        --------
        >>> x = Value(3.0, "x")
        >>> mistake(x * x, "assign").differences()
        {'x': (6.0, 3.0)}
        """
        pairs = zip(self.right.nodes, self.wrong.nodes, strict=True)
        return {
            self.right.name(a): (a._grad, b._grad)
            for a, b in pairs
            if a._grad is not None and not np.allclose(a._grad, b._grad, rtol=1e-6, equal_nan=True)
        }

    def text(self) -> str:
        """Return the steps of both passes as numbered sentences, and what differs in the end."""
        precision = self._style.precision
        parts = []
        for title, frames in zip(self._titles, (self.right, self.wrong), strict=True):
            steps = (f"{i}. {frames.text(step, precision)}" for i, step in enumerate(frames.steps, 1))
            parts.append("\n".join([title, *steps]))
        return "\n\n".join([*parts, "\n".join(self._differences())])

    def _differences(self) -> list[str]:
        found = [
            f"{name}: right {number_words(right, self._style.precision)}, "
            f"wrong {number_words(wrong, self._style.precision)}"
            for name, (right, wrong) in self.differences().items()
        ]
        return ["Different in the end:", *found] if found else ["No gradient differs in this graph."]

    def html(self) -> str:
        """Return a page that needs nothing else: no other file, no network.

        Raises
        ------
        RenderError
            When there is no engine to draw with.
        """
        return self._page(self._figures[0].svg)

    def save_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file whose name ends in ``.html``, and return its path."""
        return write_page(path, self.html)

    def _page(self, svg: str) -> str:
        data = {"mode": "explain", "kind": self.kind, "summary": self._differences()}
        return page([svg, self._figures[1].svg], self._figures, "lesson", data)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        try:
            return bundle(self._figures[0].svg, self._page("PICTURE"), repr(self), self.text())
        except RenderError as error:
            return {"text/plain": f"{self.text()}\n{error}"}

    def __repr__(self) -> str:
        names = ", ".join(self.differences())
        return f"<Lesson {self.kind!r}: {f'the gradient of {names} comes out wrong' if names else 'nothing differs'}>"


def mistake(
    node: Value | Tensor | Sequence[Value | Tensor],
    kind: str,
    *,
    direction: str = "LR",
    precision: int = 2,
    theme: str | Theme = "default",
    engine: str | None = None,
) -> Lesson:
    """Step through a common mistake beside the right backward pass.

    Parameters
    ----------
    node : Value, Tensor or sequence of them
        The result; the graph is not touched.
    kind : {"assign", "no_order", "no_zero"}
        ``=`` instead of ``+=`` for a gradient; a recursion instead of a topological order, so that a gate passes its
        gradient on too early and again; a second ``backward()`` without ``zero_grad()``.
    direction, precision, theme, engine
        As for :func:`viz.draw`.

    Returns
    -------
    Lesson
        Shows itself in a notebook; ``save_html(path)`` writes a page, ``text()`` tells the steps.

    Raises
    ------
    TypeError
        When `node` is neither a Value nor a tensor.
    ValueError
        When there is no such mistake, or a recursion would take too long.

    Examples
    --------
    >>> x = Value(3.0, "x")
    >>> y = x * 2.0
    >>> mistake(y * x, "assign").differences()
    {'x': (12.0, 6.0)}
    """
    outputs = checked_outputs(node, "mistake")
    if kind not in MISTAKES:
        raise ValueError(f"there is no mistake {kind!r}; choose one of {', '.join(map(repr, MISTAKES))}")
    style = Style(_theme(theme), checked_direction(direction), checked_precision(precision))
    if kind == "no_zero":
        return Lesson(kind, _Twice(outputs, True), _Twice(outputs, False), style, engine)
    right = Pass(outputs)
    return Lesson(kind, right, _Wrong(outputs, kind, right, style.precision), style, engine)


_theme = theme

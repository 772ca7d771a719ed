"""``training``: the same graph in every step of a training loop, with the updates beside the gradients."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from viz.arguments import checked_precision
from viz.arrays import shape_text
from viz.dot import checked_direction
from viz.figure import Figure
from viz.frames import Pass, json_number, number_words, plain_value
from viz.html import bundle, page, write_page
from viz.labels import number_text
from viz.render import RenderError
from viz.sides import Style
from viz.themes import Theme, theme

MOST_ROWS = 40
"""Up to how many weights the table has."""


class Training:
    """The picture of a training loop; shows itself in a notebook.

    Made by :func:`training`.
    """

    def __init__(self, records: Sequence[Pass], rate: float | None, style: Style, engine: str | None) -> None:
        self._records, self._rate, self._style = list(records), rate, style
        self._figure = Figure(self._records[-1], style, engine, "Training, step by step")
        first = self._records[0]
        self._weights = [
            i for i, node in enumerate(first.nodes) if node.op is None and node.requires_grad and node._grad is not None
        ]

    def text(self) -> str:
        """Return for every step the result and the update of each weight.

        Examples
        --------
        >>> from autograd import Value
        >>> from viz import frames
        >>> w, records = Value(1.0, "w"), []
        >>> for _ in range(2):
        ...     loss = (w * 2.0 - 6.0) ** 2
        ...     w.zero_grad()
        ...     loss.backward()
        ...     records.append(frames(loss))
        ...     w.data -= 0.1 * w.grad
        >>> print(training(records, rate=0.1).text())
        step 1: v3 = 16.00; w: 1.00 - 0.1 * (-16.00) = 2.60
        step 2: v3 = 0.64; w: 2.60, gradient -3.20
        """
        lines = []
        for k, record in enumerate(self._records):
            results = [f"{record.name(output)} = {self._number(plain_value(output))}" for output in record.outputs]
            updates = [f"{row['name']}: {row['text']}" for row in self._updates(k)]
            lines.append(f"step {k + 1}: {'; '.join([*results, *updates])}")
        return "\n".join(lines)

    def html(self) -> str:
        """Return a page that needs nothing else: no other file, no network.

        Raises
        ------
        RenderError
            When there is no engine to draw with.
        """
        return self._page(self._figure.svg)

    def save_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file whose name ends in ``.html``, and return its path."""
        return write_page(path, self.html)

    def _page(self, svg: str) -> str:
        records = [
            {
                "values": [json_number(plain_value(node)) for node in record.nodes],
                "gradients": [json_number(plain_value(node, gradient=True)) for node in record.nodes],
                "branches": {
                    f"{place}.{slot.slot}": json_number(slot.product)
                    for place, step in _pulls(record)
                    for slot in step.slots
                },
                "updates": self._updates(k),
            }
            for k, record in enumerate(self._records)
        ]
        return page([svg], [self._figure], "training", {"records": records})

    def _updates(self, k: int) -> list[dict[str, str]]:
        """For each weight its name, the number, the gradient, and the step to the next number in words."""
        record = self._records[k]
        after = self._records[k + 1] if k + 1 < len(self._records) else None
        rate = self._rate_of(k)
        rows = []
        for i in self._weights[:MOST_ROWS]:
            node = record.nodes[i]
            old, gradient = self._number(plain_value(node)), self._number(plain_value(node, gradient=True))
            new = None if after is None else plain_value(after.nodes[i])
            if new is None:
                text = f"{old}, gradient {gradient}"
            elif rate is not None and not isinstance(new, np.ndarray):
                factor = f"({gradient})" if gradient.startswith("-") else gradient
                text = f"{old} - {rate:g} * {factor} = {self._number(new)}"
            else:
                text = f"{old} becomes {self._number(new)}, gradient {gradient}"
            rows.append({"name": record.name(node), "text": text})
        return rows

    def _rate_of(self, k: int) -> float | None:
        """The learning rate that explains the update of every weight in a step, when there is one."""
        if k + 1 == len(self._records):
            return None
        rates = [] if self._rate is None else [self._rate]
        pairs = []
        for i in self._weights:
            node, after = self._records[k].nodes[i], self._records[k + 1].nodes[i]
            old, new, gradient = (
                np.ravel(number) for number in (plain_value(node), plain_value(after), plain_value(node, gradient=True))
            )
            pairs += zip((old - new).tolist(), gradient.tolist(), strict=True)
        if not rates:
            rates = [float(f"{change / gradient:.6g}") for change, gradient in pairs if gradient][:1]
        tolerance = 1e-4 * max((abs(change) for change, _ in pairs), default=0.0) + 1e-12
        fits = rates and all(math.isclose(change, rates[0] * gradient, abs_tol=tolerance) for change, gradient in pairs)
        return rates[0] if fits else None

    def _number(self, value: Any) -> str:
        if isinstance(value, np.ndarray):
            norm = number_text(float(np.linalg.norm(value)), self._style.precision)
            return f"{shape_text(value.shape)} with norm {norm}"
        return number_words(value, self._style.precision)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        try:
            return bundle(self._figure.svg, self._page("PICTURE"), repr(self), self.text())
        except RenderError as error:
            return {"text/plain": f"{self.text()}\n{error}"}

    def __repr__(self) -> str:
        first, last = (self._number(plain_value(record.outputs[0])) for record in (self._records[0], self._records[-1]))
        return f"<Training of {len(self._records)} steps: from {first} to {last}>"


def training(
    records: Sequence[Pass],
    *,
    rate: float | None = None,
    direction: str = "LR",
    precision: int = 2,
    theme: str | Theme = "default",
    engine: str | None = None,
) -> Training:
    """Step through a training loop: the same graph with other numbers, and the update of every weight.

    Parameters
    ----------
    records : sequence of Pass
        ``viz.frames(loss)`` of every step, taken before the weights are changed.
    rate : float, optional
        The learning rate; by default the one that explains ``old - rate * gradient = new`` for all weights, if any.
    direction, precision, theme, engine
        As for :func:`viz.draw`.

    Returns
    -------
    Training
        Shows itself in a notebook; ``save_html(path)`` writes a page, ``text()`` tells the steps.

    Raises
    ------
    TypeError
        When the records are not what :func:`viz.frames` returns.
    ValueError
        When there are none, or their graphs differ.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz import frames
    >>> w, records = Value(1.0, "w"), []
    >>> for _ in range(5):
    ...     loss = (w * 2.0 - 6.0) ** 2
    ...     w.zero_grad()
    ...     loss.backward()
    ...     records.append(frames(loss))
    ...     w.data -= 0.05 * w.grad
    >>> training(records)
    <Training of 5 steps: from 16.00 to 0.27>
    """
    records = list(records) if isinstance(records, (list, tuple)) else records
    if not isinstance(records, list) or not all(isinstance(record, Pass) for record in records):
        given = type(records).__name__ if not isinstance(records, list) else "a list of other things"
        raise TypeError(
            f"training takes a list of viz.frames(loss), one for every step, taken before the weights are changed; "
            f"got {given}"
        )
    if not records:
        raise ValueError("training: there are no records; append viz.frames(loss) in every step")
    for k, record in enumerate(records):
        if _form(record) != _form(records[0]):
            raise ValueError(f"training: record {k} has another graph than the first; give steps of the same graph")
    style = Style(_theme(theme), checked_direction(direction), checked_precision(precision))
    return Training(records, rate, style, engine)


_theme = theme


def _form(record: Pass) -> list[Any]:
    place = {node: i for i, node in enumerate(record.nodes)}
    return [
        (node.op.name if node.op else "", np.shape(node._data), *(place[operand] for operand in node.parents))
        for node in record.nodes
    ]


def _pulls(record: Pass) -> list[tuple[int, Any]]:
    place = {node: i for i, node in enumerate(record.nodes)}
    return [(place[step.node], step) for step in record.steps if step.phase == "backward"]

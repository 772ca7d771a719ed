"""The steps of a forward and a backward pass as pure data.

The backward steps come from ``pull``, the one function that :func:`autograd.graph.backpropagate` loops over,
called for one gate at a time while what it writes is noted down.

:meth:`Pass.to_json` writes the schema ``chainrule/steps``, version 1:

``nodes``
    One entry for every node, operands before results: ``name``, ``kind`` (``"input"``, ``"constant"`` or ``"gate"``),
    ``value``; for a gate also ``operation`` (its row in the op table), ``symbol``, ``operands`` (places in ``nodes``,
    in order, duplicates kept) and ``formula`` (text).
``outputs``
    The places of the results.
``steps``
    ``{"phase": "forward", "node"}`` for every gate; ``{"phase": "seed", "node", "gradient"}`` for every output;
    ``{"phase": "backward", "node", "upstream", "slots"}`` for every gate, from the last to the first, with one entry
    for every wire through which gradient flows: ``slot``, ``operand``, ``derivative`` (LaTeX, in the letters of the op
    table), ``local``, ``product`` (upstream times local), ``before`` (``null`` when nothing had arrived), ``after``.
    ``{"phase": "zero", "nodes"}`` between two passes: the gradients of these nodes are cleared.
    Each has a ``text``: the step as a sentence; a step and a slot may have a ``note``, which says more in words.

A number that JSON cannot write is a text: ``"nan"``, ``"inf"``, ``"-inf"``.  An array is ``{"shape", "mean", "norm"}``,
with ``"numbers"`` when it has at most 64.  ``local`` is ``null`` where there is no single number: for arrays, and for
gates of one's own.  ``value`` is ``null`` where the graph of another engine does not keep it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd import OPERATIONS, Tensor, Value, topological_order
from autograd.array_operation import ArrayOperation
from autograd.graph import results_in_order
from viz.arguments import checked_outputs
from viz.arrays import array_of, shape_text
from viz.contributions import received
from viz.foreign import is_unknown
from viz.gates import array_expression_text
from viz.labels import constant_text, expression_text, is_constant, names_of, number_text
from viz.unfold import copy_node
from viz.words import shape_note

VERSION = 1
MOST_NUMBERS = 64
"""Up to how many elements an array is written out."""


@dataclass(frozen=True)
class Slot:
    """What one operand receives in a backward step; `note` says in words what the numbers do not."""

    slot: int
    operand: Any
    derivative: str
    local: Any
    product: Any
    before: Any
    after: Any
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One step: a gate computes, an output gets its seed, or a gate pulls its gradient back.

    Attributes
    ----------
    phase : {"forward", "seed", "backward", "zero"}
    node : Value or Tensor
        A node of the pass; None when gradients are set to zero.
    upstream : float or array, optional
        The gradient of the node: the seed, or what is pulled back.
    slots : tuple of Slot
        What the operands receive, in the order in which it is added up.
    note : str
        What else there is to say.
    nodes : tuple of node
        The nodes whose gradients are cleared before another pass.
    """

    phase: str
    node: Any
    upstream: Any = None
    slots: tuple[Slot, ...] = ()
    note: str = ""
    nodes: tuple[Any, ...] = ()


class _Notes(dict[Any, Any]):
    """The gradients of a pass, with a list of all that was written: the node, what it had and what it has."""

    def __init__(self, gradients: dict[Any, Any]) -> None:
        super().__init__(gradients)
        self.written: list[tuple[Any, Any, Any]] = []

    def __setitem__(self, node: Any, gradient: Any) -> None:
        self.written.append((node, self.get(node), gradient))
        super().__setitem__(node, gradient)


class Pass:
    """A forward and a backward pass over a copy of a graph, step by step.

    Attributes
    ----------
    outputs : list of node
        The copies of the outputs.
    nodes : list of node
        All nodes, operands before results; ``_grad`` of each is its gradient after the pass.
    names : dict of node to str
        What the nodes are called.
    steps : list of Step
    """

    def __init__(self, outputs: Sequence[Any]) -> None:
        copies: dict[Any, Any] = {}
        for node in topological_order(outputs, constants=True):
            copies[node] = copy_node(node, node.op, [copies[operand] for operand in node.parents])
            copies[node]._grad = None
            if isinstance(node._data, np.ndarray):  # an optimiser changes it in place
                copies[node]._data = node._data.copy()
        self.outputs = [copies[output] for output in outputs]
        self.nodes = topological_order(self.outputs, constants=True)
        self.names = names_of([node for node in self.nodes if not is_constant(node)])
        self.steps = self._run()

    def _run(self) -> list[Step]:
        results = results_in_order(self.outputs)
        steps = [Step("forward", node) for node in results]
        gradients = _Notes({})
        for output in dict.fromkeys(self.outputs):
            if output.requires_grad:
                gradients[output] = seed_of(output)
                steps.append(Step("seed", output, gradients[output]))
        steps += [self._pulled(node, gradients) for node in reversed(results) if node in gradients]
        for node, gradient in gradients.items():
            node._grad = gradient
        return steps

    def _pulled(self, node: Any, gradients: _Notes) -> Step:
        upstream = gradients[node]
        gradients.written.clear()
        with np.errstate(all="ignore"):
            node.pull(gradients)
        written = [entry for entry in gradients.written if entry[0] is not node]
        node._grad = upstream
        slots = []
        for slot, (_, before, after) in zip(self.slots_of(node), written, strict=True):
            slots.append(replace(slot, before=_plain(before), after=_plain(after)))
        return Step("backward", node, _plain(upstream), tuple(slots))

    def slots_of(self, node: Any) -> list[Slot]:
        """Return what the operands of a gate receive from its gradient, without what they had before."""
        products = received(node)
        locals_ = received(node, 1.0) if _has_locals(node) else None
        return [
            Slot(
                slot,
                operand,
                _derivative(node, slot),
                None if locals_ is None else _plain(locals_[slot]),
                None if products is None else _plain(products[slot]),
                None,
                None,
                shape_note(node, slot),
            )
            for slot, operand in enumerate(node.parents)
            if operand.requires_grad
        ]

    def formula(self, node: Any) -> str:
        """Return the operation of a gate as text, such as ``q * z``."""
        write = array_expression_text if isinstance(node.op, ArrayOperation) else expression_text
        return write(node, self.name)

    def name(self, node: Any) -> str:
        """Return the name of a node, or the digits of a constant."""
        return constant_text(node._data) if is_constant(node) else self.names[node]

    def text(self, step: Step, precision: int = 2) -> str:
        """Return a step as a sentence, for terminals and screen readers."""

        def number(value: Any) -> str:
            return number_words(value, precision)

        if step.phase == "zero":
            return step.note
        name = self.name(step.node)
        if step.phase == "forward":
            return f"{name} = {self.formula(step.node)} = {number(plain_value(step.node))}."
        if step.phase == "seed":
            return f"The gradient of {name} with respect to itself is {number(_plain(step.upstream))}."
        parts = []
        for slot in step.slots:
            product = number(slot.product)
            if slot.local is not None:
                product = f"{number(step.upstream)} times {number(slot.local)} is {product}"
            added = "" if slot.before is None else f", added to {number(slot.before)} gives {number(slot.after)}"
            noted = f" ({slot.note})" if slot.note else ""
            parts.append(f"{self.name(slot.operand)} receives {product}{added}{noted}")
        text = f"{name} = {self.formula(step.node)} passes its gradient {number(step.upstream)} back"
        return " ".join(filter(None, [f"{text}: {'; '.join(parts)}.", step.note]))

    def record(self, precision: int = 2) -> dict[str, Any]:
        """Return the pass as lists and dictionaries, see the module's text."""
        place = {node: i for i, node in enumerate(self.nodes)}
        return {
            "schema": "chainrule/steps",
            "version": VERSION,
            "nodes": [self._node_record(node, place) for node in self.nodes],
            "outputs": [place[output] for output in self.outputs],
            "steps": [_step_record(step, place) | {"text": self.text(step, precision)} for step in self.steps],
        }

    def to_json(self, precision: int = 2, **options: Any) -> str:
        """Return the pass as JSON, see the module's text; `options` are those of ``json.dumps``."""
        return json.dumps(self.record(precision), allow_nan=False, **options)

    def _node_record(self, node: Any, place: dict[Any, int]) -> dict[str, Any]:
        kind = "gate" if node.op is not None else "constant" if is_constant(node) else "input"
        record = {"name": self.name(node), "kind": kind, "value": json_number(plain_value(node))}
        if node.op is not None:
            record["operation"] = node.op.name
            record["symbol"] = node.op.symbol
            record["operands"] = [place[operand] for operand in node.parents]
            record["formula"] = self.formula(node)
        return record


def frames(node: Value | Tensor | Sequence[Value | Tensor]) -> Pass:
    """Return the steps of the forward and the backward pass of `node` as data.

    The graph is not touched: a copy of it is walked.

    Parameters
    ----------
    node : Value, Tensor or sequence of them
        The result, or several; the backward pass starts from a gradient of 1 at each.

    Returns
    -------
    Pass
        Its ``steps``, and ``to_json()``.

    Raises
    ------
    TypeError
        When `node` is neither a Value nor a tensor.

    Examples
    --------
    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> for step in frames((x + y) * z).steps:
    ...     print(step.phase, step.node.op.name, [slot.product for slot in step.slots])
    forward add []
    forward mul []
    seed mul []
    backward mul [-4.0, 3.0]
    backward add [-4.0, -4.0]
    """
    return Pass(checked_outputs(node, "frames"))


def number_words(value: Any, precision: int) -> str:
    """Write a number in a sentence, an array by its shape and norm."""
    if value is None:
        return "unknown"
    if isinstance(value, np.ndarray):
        return f"an array {shape_text(value.shape)}, norm {number_words(float(np.linalg.norm(value)), precision)}"
    return number_text(float(value), precision)


def seed_of(output: Any) -> Any:
    """Return the gradient that the pass starts from: 1."""
    if not isinstance(output, Tensor):
        return 1.0
    return np.ones(output.shape, output.dtype)[()]


def _has_locals(node: Any) -> bool:
    """Whether the local derivatives of a gate are single numbers."""
    op: Any = node.op
    arrays = isinstance(node, Tensor) and any(operand.numel() != 1 for operand in (node, *node.parents))
    return not arrays and OPERATIONS.get(op.name) is op


def _derivative(node: Any, slot: int) -> str:
    """The local derivative of an operand in LaTeX; nothing where the table has no formula for one slot alone."""
    formulas = getattr(node.op, "gradient_latex", ())
    return formulas[slot] if node.op.arity is not None and slot < len(formulas) else ""


def plain_value(node: Any, gradient: bool = False) -> Any:
    """Return the value of a node or its gradient: a float, an array, or None where it is not known."""
    return _plain(node._grad) if gradient else None if is_unknown(node) else _plain(node._data)


def _plain(value: Any) -> Any:
    """Return a number as a float, several as an array."""
    if value is None or isinstance(value, (float, int)):
        return value
    array = array_of(value if isinstance(value, (Tensor, np.ndarray)) else np.asarray(value))
    return float(array.item()) if array.size == 1 else array


def json_number(value: Any) -> Any:
    """Return a number or an array as the schema writes it."""
    if isinstance(value, np.ndarray):
        with np.errstate(all="ignore"):
            numbers = value.astype(np.float64)
            mean = float(numbers.mean()) if numbers.size else math.nan
            record = {
                "shape": list(value.shape),
                "mean": json_number(mean),
                "norm": json_number(float(np.sqrt((numbers**2).sum()))),
            }
        if value.size <= MOST_NUMBERS:
            record["numbers"] = [json_number(float(x)) for x in numbers.reshape(-1)]
        return record
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _step_record(step: Step, place: dict[Any, int]) -> dict[str, Any]:
    if step.phase == "zero":
        return {"phase": "zero", "nodes": [place[node] for node in step.nodes]}
    record: dict[str, Any] = {"phase": step.phase, "node": place[step.node]}
    if step.note:
        record["note"] = step.note
    if step.phase == "seed":
        record["gradient"] = json_number(_plain(step.upstream))
    elif step.phase == "backward":
        record["upstream"] = json_number(step.upstream)
        record["slots"] = [
            {name: json_number(value) for name, value in vars(slot).items() if name != "note" or value}
            | {"operand": place[slot.operand]}
            for slot in step.slots
        ]
    return record

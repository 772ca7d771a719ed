"""From a tape back to Values: the recorded graph as objects, to look at and to draw."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from autograd.graph import backpropagate
from autograd.program.tape import Tape
from autograd.value import Value, apply


def rebuilt(tape: Tape, leaves: Sequence[Value], numbers: Sequence[float], start: Sequence[float]) -> list[Value]:
    """Build the graph of a tape and back-propagate it.

    Parameters
    ----------
    tape : Tape
        The recorded graph.
    leaves : sequence of Value
        Its parameters and inputs, for their labels.
    numbers : sequence of float
        The numbers of the parameters and inputs.
    start : sequence of float
        The gradient that each output starts from.

    Returns
    -------
    list of Value
        The outputs.
    """
    nodes: list[Any] = [Value(number, leaf.label) for leaf, number in zip(leaves, numbers, strict=True)]
    nodes += [Value(number, "", False) for number in tape.constants.tolist()]
    operands = tape.operands.tolist()
    for code, (begin, end) in zip(tape.codes.tolist(), pairwise(tape.starts.tolist()), strict=True):
        nodes.append(apply(tape.operations[code], *[nodes[i] for i in operands[begin:end]]))
    outputs = [nodes[i] for i in tape.outputs.tolist()]
    seeds: dict[Any, Any] = {}
    for output, gradient in zip(outputs, start, strict=True):
        if output.requires_grad:
            seeds[output] = seeds.get(output, 0.0) + gradient
    for node, found in backpropagate(seeds).items():
        node._grad = found
    return outputs

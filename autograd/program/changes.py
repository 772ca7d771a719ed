"""Notice when a node was changed after its graph was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.graph import Node, results_in_order


class Watch:
    """Remembers the numbers of constants and of results that the user can still reach.

    Nodes are compared only after the data of some constant or result was assigned, anywhere.

    Parameters
    ----------
    constants : sequence of Node
        The constants of the recorded graph.
    outputs : sequence of Node
        The outputs of a graph that was built before it was recorded; the graph is kept.
    """

    def __init__(self, constants: Sequence[Any], outputs: Sequence[Any] = ()) -> None:
        self._outputs = list(outputs)
        self._constants = list(constants)
        self._edits = Node.edits
        self._numbers = self._current()

    def _nodes(self) -> list[Any]:
        return self._constants + results_in_order(self._outputs)

    def _current(self) -> NDArray[np.float64]:
        return np.array([node._data for node in self._nodes()], np.float64)

    def check(self) -> None:
        """Raise RuntimeError when a node was changed."""
        if self._edits == Node.edits:
            return
        now, before = self._current(), self._numbers
        if len(now) != len(before):
            raise RuntimeError("compile: the graph was changed after the program was recorded; record it again")
        changed = now.view(np.int64) != before.view(np.int64)
        if changed.any():
            first = int(np.argmax(changed))
            node = self._nodes()[first]
            kind = "constant" if node.op is None else f"result of {node.op.name}"
            raise RuntimeError(
                f"compile: the {kind} {node!r} was changed after the program was recorded, when it was "
                f"{before[first]}; record the program again, or make it an input"
            )
        self._edits = Node.edits

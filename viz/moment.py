"""What a picture shows after some steps of a pass: the numbers known by then, and the gate it is about."""

from __future__ import annotations

from typing import Any

from viz.frames import Pass


class Moment:
    """The state of a pass after its first `count` steps, for one picture of a series.

    Attributes
    ----------
    step : Step or None
        The last of these steps.
    values : set of node
        The nodes whose value is known.
    gradients : dict of node to gradient
        The gradients as far as they are added up.
    branches : set of (node, int)
        The gates and slots through which gradient has flowed.
    partial : dict of node to list
        All that the gradient of a node is on the way: every picture of the series keeps room for each of them.
    """

    def __init__(self, frames: Pass, count: int) -> None:
        steps = frames.steps[:count]
        self.step = steps[-1] if steps else None
        self.values = {node for node in frames.nodes if node.op is None}
        self.gradients: dict[Any, Any] = {}
        self.branches: set[tuple[Any, int]] = set()
        for step in steps:
            if step.phase == "forward":
                self.values.add(step.node)
            elif step.phase == "seed":
                self.gradients[step.node] = step.upstream
            for slot in step.slots:
                self.gradients[slot.operand] = slot.after
                self.branches.add((step.node, slot.slot))

        self.partial: dict[Any, list[Any]] = {}
        for step in frames.steps:
            for slot in step.slots:
                self.partial.setdefault(slot.operand, []).append(slot.after)

    def marks(self, node: Any) -> bool:
        """Whether the step is about this gate."""
        return self.step is not None and self.step.node is node and self.step.phase != "seed"

    def seeds(self, node: Any) -> bool:
        """Whether the gradient starts here in this step."""
        return self.step is not None and self.step.node is node and self.step.phase == "seed"

    @property
    def backward(self) -> bool:
        """Whether gradient flows in this step."""
        return self.step is not None and self.step.phase == "backward"

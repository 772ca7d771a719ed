"""Trading time for memory: compute a part of the graph again when its gradient is needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from autograd.creation import generator
from autograd.gradients import grad
from autograd.graph import topological_order
from autograd.mode import enable_grad, mode
from autograd.recording import record
from autograd.tensor import Tensor, as_constant
from autograd.value import describe


def checkpoint(f: Callable[..., Any], *arguments: Any) -> Tensor:
    """Return ``f(*arguments)`` as one gate that keeps no results in between.

    The backward pass runs `f` once more, with the same random numbers, and differentiates that
    (Chen et al. 2016).  Tensors that `f` uses without being passed, such as weights, get their
    gradient too.

    Parameters
    ----------
    f : callable
        A function that returns a tensor; run twice, it must do the same twice.
    *arguments
        Tensors, and whatever else `f` takes.

    Raises
    ------
    TypeError
        When `f` does not return a tensor.

    Examples
    --------
    >>> x = tensor([1.0, 2.0], requires_grad=True)
    >>> y = checkpoint(lambda x: (x * x).exp().sum(), x)
    >>> y.op.name, y.parents == (x,)
    ('checkpoint', True)
    """
    state = generator().bit_generator.state
    given = [argument for argument in arguments if isinstance(argument, Tensor)]
    with enable_grad() if mode.recording else nullcontext():
        inside = [argument.detach().requires_grad_(argument.requires_grad) for argument in given]
        out = f(*_replaced(arguments, inside))
    if not isinstance(out, Tensor):
        raise TypeError(f"checkpoint: the function must return a tensor, got {describe(out)}")
    # The graph is dropped; of it are kept the leaves that the function used by itself.
    known = set(inside)
    captured = [
        node for node in topological_order([out]) if node.op is None and node not in known and node.requires_grad
    ]
    operation = Checkpoint(f, arguments, state)
    shared = any(np.may_share_memory(out.numpy(), argument.numpy()) for argument in given)
    return record(operation, [*given, *captured], out.numpy().copy() if shared else out.numpy())


class Checkpoint:
    """A called function, in the role that a row of the op table has for other nodes."""

    name = "checkpoint"
    symbol = "checkpoint"
    arity = None
    latex = ""
    gradient_latex = ()
    composed = None
    runs_again = True

    def __init__(self, f: Callable[..., Any], arguments: tuple[Any, ...], state: Any) -> None:
        self.f, self.state = f, state
        # The tensors are the node's operands; to keep them here too would keep them twice.
        self.arguments = tuple(_HOLE if isinstance(argument, Tensor) else argument for argument in arguments)

    def __repr__(self) -> str:
        return f"<checkpoint of {getattr(self.f, '__name__', 'a function')}>"

    def contributions(self, node: Any, upstream: Any, on_nodes: bool) -> list[Any]:
        """Run the function again and return what each operand of `node` receives."""
        operands = node.parents
        count = sum(argument is _HOLE for argument in self.arguments)
        random = generator().bit_generator
        state = random.state
        random.state = self.state
        try:
            with enable_grad():
                inside = [
                    x.clone() if on_nodes else x.detach().requires_grad_(x.requires_grad) for x in operands[:count]
                ]
                remaining = iter(inside)
                out = self.f(*(next(remaining) if argument is _HOLE else argument for argument in self.arguments))
                inputs = [*inside, *operands[count:]]
                wanted = [x for x in inputs if x.requires_grad]
                seed = upstream if on_nodes else as_constant(upstream)
                found = iter(grad(out, wanted, seed, create_graph=on_nodes, allow_unused=True))
        finally:
            random.state = state
        gradients = [next(found) if x.requires_grad else None for x in inputs]
        return gradients if on_nodes else [None if g is None else g.numpy() for g in gradients]


_HOLE = object()


def _replaced(arguments: tuple[Any, ...], tensors: list[Tensor]) -> list[Any]:
    remaining = iter(tensors)
    return [next(remaining) if isinstance(argument, Tensor) else argument for argument in arguments]

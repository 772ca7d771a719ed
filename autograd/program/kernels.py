"""What a generated player is made of: compiled rules, and how it reads columns of numbers.

Positions in columns are unsigned, because Numba then needs no check for negative ones; a
negative stride is a large unsigned number, and the sum wraps around to the right position.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import config
from numba.extending import intrinsic

from autograd import floats
from autograd.operation import Operation
from autograd.program import machine
from autograd.program.machine import jit
from autograd.program.runs import BLOCK
from autograd.program.source import backward_name, backward_source, forward_name, forward_source

COMPILED = not config.DISABLE_JIT  # pyright: ignore[reportAttributeAccessIssue]
"""Whether Numba compiles; with ``NUMBA_DISABLE_JIT=1`` players are Python that computes the same."""

Position: Any = np.uint64 if COMPILED else np.int64
ZERO, ONE, TWO, THREE, FOUR = map(Position, range(5))

SHORT = Position(8)
"""Below this many nodes it is faster to load operands one by one."""

ROOM = tuple(Position(BLOCK * i) for i in range(1, 34))
"""Where the rooms for placed operands begin, counted from the end of a column."""

arithmetic = machine if COMPILED else floats


@jit
def routed(upstream: Any, local: Any) -> Any:
    """Return upstream gradient times local gradient for a row that routes."""
    return (upstream if local != 0.0 else 0.0) * local


@jit
def place(column: Any, start: Any, stride: Any, n: Any, room: Any) -> Any:
    """Return where `n` numbers lie side by side: at `start`, or copied to a room at the column's end."""
    if stride == ONE:
        return start
    to = Position(column.size) - room
    if stride == ZERO:
        number = column[start]
        for k in range(n):
            column[to + k] = number
    else:
        for k in range(n):
            column[to + k] = column[start + k * stride]
    return to


def _bare(context: Any, array: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        struct = context.make_array(signature.return_type)(context, builder, value=arguments[0])
        struct.meminfo = struct.meminfo.type(None)
        return struct._getvalue()

    return array(array), code


def _same(array: Any) -> Any:
    return array


bare = intrinsic(_bare) if COMPILED else _same
"""The array without its owner: Numba then counts no references to it, which would cost more than a kernel."""


@cache
def forward_kernel(op: Operation) -> Callable[..., None]:
    """Return the kernel that computes results of a row."""
    return _kernel(forward_source(op), forward_name(op), _rules(op)[0])


@cache
def backward_kernel(op: Operation, slot: int) -> Callable[..., None]:
    """Return the kernel that pulls gradient through an operand slot of a row."""
    return _kernel(backward_source(op, slot), backward_name(op, slot), _rules(op)[1 + slot])


@cache
def _rules(op: Operation) -> tuple[Callable[..., Any], ...]:
    machine.complete()
    return op.rules(arithmetic)


def _kernel(source: str, name: str, rule: Callable[..., Any]) -> Callable[..., None]:
    namespace = dict(globals(), rule=jit(rule))
    exec(compile(source, f"<kernel {name}>", "exec"), namespace)  # generated from the op table
    return jit(namespace[name])

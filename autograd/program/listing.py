"""A program in words: a summary, and its instructions as readable lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.program.derivative import derivatives
from autograd.program.plan import Plan
from autograd.program.player import Player
from autograd.program.tape import Tape


def counted(count: int, what: str) -> str:
    """Write a number of things."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def summary(tape: Tape, plan: Plan, nbytes: int) -> str:
    """Return what a program consists of."""
    counts = np.bincount(tape.codes, minlength=len(tape.operations)).tolist()
    kinds = sorted(zip(counts, tape.operations, strict=True), key=lambda pair: -pair[0])
    operations = ", ".join(f"{op.name} {count:,}" for count, op in kinds[:12]) or "none"
    more = f", and {len(kinds) - 12} more" if len(kinds) > 12 else ""
    kinds_of_nodes = ", ".join(
        counted(count, kind)
        for count, kind in (
            (tape.parameters, "parameter"),
            (tape.inputs, "input"),
            (len(tape.constants), "constant"),
            (tape.results, "result"),
        )
    )
    return (
        f"<Program: {counted(tape.nodes, 'node')}: {kinds_of_nodes}; {counted(len(tape.outputs), 'output')}\n"
        f"  operations: {operations}{more}\n"
        f"  levels: {plan.levels:,}; instructions: {len(plan.forward):,} forward, {len(plan.backward):,} backward\n"
        f"  memory: {nbytes:,} bytes>"
    )


def listing(tape: Tape, plan: Plan, player: Player, limit: int) -> str:
    """Return the instructions as lines: v[...] are values, g[...] gradients."""
    forward_names = {code: op for op, code in player.forward_codes.items()}
    backward_names: dict[int, Any] = {}
    for slot, code in player.backward_codes.items():
        backward_names.setdefault(code, slot)
    forward = [_forward(forward_names[int(row[0])], row) for row in plan.forward[:limit].astype(np.int64)]
    backward = [_backward(backward_names[int(row[0])], row) for row in plan.backward[:limit].astype(np.int64)]
    parts = [
        f"v[0] to v[{tape.leaves - 1}]: {counted(tape.parameters, 'parameter')}, {counted(tape.inputs, 'input')}, "
        f"{counted(len(tape.constants), 'constant')}",
        *_part("forward", forward, len(plan.forward) - limit),
        *_part("backward", backward, len(plan.backward) - limit),
    ]
    return "\n".join(parts)


def _part(title: str, lines: list[str], left_out: int) -> list[str]:
    more = [f"  … and {left_out:,} more"] if left_out > 0 else []
    if not lines:
        return []
    return [title, *(f"  {line}" for line in lines), *more]


def _range(column: str, start: int, stride: int, count: int) -> str:
    """Write a run of places: v[3], v[3:8], v[3:8:2]."""
    if count == 1 or stride == 0:
        return f"{column}[{start}]"
    end = start + stride * (count - 1) + (1 if stride > 0 else -1)
    return f"{column}[{start}:{end if end >= 0 else ''}{'' if stride == 1 else f':{stride}'}]"


def _forward(op: Any, row: Any) -> str:
    count, out = int(row[1]), int(row[2])
    target = _range("v", out, 1, count)
    if op.arity is None:
        return f"{target} = {op.name} of {row[7]} operands each"
    operands = [_range("v", int(row[3 + 2 * j]), int(row[4 + 2 * j]), count) for j in range(op.arity)]
    return f"{target} = {op.name}({', '.join(operands)})"


def _backward(pulls: Any, row: Any) -> str:
    op, slot = pulls
    _, assign, count, uses, target = row[:5].tolist()
    written = f"{_range('g', target, 1, count)} {'=' if assign else '+='} "
    upstream = _range("g", int(row[5]), int(row[6]), count)
    if op.arity is None:
        local = f"derivative of {op.name}"
    else:
        derivative = derivatives(op)[slot]
        local = derivative.formula
        for j in range(len(derivative.reads)):
            local = local.replace(f"r{j}", _range("v", int(row[8 + 3 * j]), int(row[9 + 3 * j]), count))
    term = upstream if local == "1.0" else f"{upstream} * {local}"
    return written + (term if uses == 1 else f"the sum of {uses} terms {term}, ...")

"""Kernels of element-wise rows, written from the op table: one loop for a whole rule.

NumPy runs a rule one function after the other over whole arrays.  A kernel does all of it in one
pass: it reads each number once and writes each result once.  Its text is made by running the rule
on nodes and writing down the graph; it is kept in the cache directory, where Numba keeps the
machine code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from math import prod
from types import ModuleType
from typing import Any

import numpy as np

from autograd import caching, threads
from autograd.graph import topological_order
from autograd.kernels import lanes
from autograd.kernels.rows import seen_as_rows
from autograd.mode import compiling
from autograd.operation import OPERATIONS, Operation, lookup
from autograd.value import Value

GRAIN = 16384
"""Elements that are worth a thread: about 10 microseconds of work."""

SHORT = 16
"""Where operands broadcast, rows shorter than this are left to NumPy."""

FEW = 2**18
"""So many elements are worth a kernel where operands broadcast: NumPy takes twice as long, 20 microseconds more."""


def forward(operation: Operation, inputs: list[Any], shape: tuple[int, ...]) -> Any:
    """Compute a row on arrays that broadcast to `shape`, and numbers beside them; ``None`` where NumPy is better.

    Parameters
    ----------
    operation : Operation
        The row.
    inputs : list of array or number
        Contiguous arrays, float32 or bool; at least one is float32.
    shape : tuple of int
        The shape of the result.
    """
    return _run(operation, 0, inputs, shape)


def pull(operation: Operation, slot: int, upstream: Any, inputs: list[Any], out: Any, shape: tuple[int, ...]) -> Any:
    """Return upstream gradient times local gradient for one operand; ``None`` where NumPy is the better way."""
    return _run(operation, slot + 1, [*inputs, out, upstream], shape)


@cache
def has_pull(operation: Operation, slot: int, broadcast: bool) -> bool:
    """Whether a kernel is better than NumPy at the product with the derivative for an operand."""
    kind = "row" if broadcast else "array"
    return _kernel(operation, slot + 1, (kind,) * ((operation.arity or 0) + 2)) is not None


def _run(operation: Operation, place: int, inputs: list[Any], shape: tuple[int, ...]) -> Any:
    arrays = [x for x in inputs if isinstance(x, np.ndarray)]
    flat = [x.reshape(-1) if isinstance(x, np.ndarray) else np.float32(x) for x in inputs]
    if all(x.shape == shape for x in arrays):
        kinds, length, steps = ("array",) * len(arrays), 1, ()
    else:
        rows = seen_as_rows(shape, tuple([x.shape for x in arrays]))
        if rows is None or rows.length < SHORT or prod(shape) < FEW:
            return None
        kinds, length, steps = rows.kinds, rows.length, (rows.length, *rows.steps)
    each = iter(kinds)
    compiled = _kernel(operation, place, tuple([next(each) if isinstance(x, np.ndarray) else "" for x in inputs]))
    if compiled is None:
        return None
    out = np.empty(shape, np.float32)
    threads.run(compiled, threads.parts(out.size // length, GRAIN // length + 1), *flat, out.reshape(-1), *steps)
    return out


@cache
def _kernel(operation: Operation, place: int, kinds: tuple[str, ...]) -> Any:
    """Return the kernel of a rule, 0 for the forward one; ``None`` when NumPy is the better way.

    The kinds of operands: "" for a number, "array" for one of the result's shape; when some
    broadcast, those of :mod:`autograd.kernels.rows`.
    """
    if OPERATIONS.get(operation.name) is not operation or operation.arity is None:
        return None
    names = [f"x{i}" for i in range(len(kinds))]
    lines, used = _body(operation, place, names[: operation.arity], names[operation.arity :])
    functions = _functions(used)
    gates = [line for line in lines if " = " in line]
    broadcast = not {"", "array"}.issuperset(kinds)
    alone = len(gates) <= 1 and (used & lanes.ALONE or operation.operator) and not broadcast
    product = gates or (broadcast and lines[-1] in names)
    if functions is None or (alone or not _gives_floats(operation) if place == 0 else not product):
        return None
    result = lines[-1]
    if place:
        upstream = names[-1]
        if operation.routes:
            upstream = f"lanes.where({result}, {upstream}, float32(0.0))"
        result = f"{upstream} * {result}"
    arrays = [name for name, kind in zip(names, kinds, strict=True) if kind]
    loop = _row_loop(names, kinds) if broadcast else _flat_loop(names, arrays)
    inside = [name for name, kind in zip(names, kinds, strict=True) if kind in ("array", "row")]
    indent = "        " if broadcast else "    "
    text = [
        f'"""Element-wise kernel of {operation.name}, rule {place}, made from the op table."""',
        "from numpy import float32",
        "from autograd.kernels import lanes",
        "from autograd.kernels.jit import kernel",
        "from autograd.kernels.rules import exact",
        *functions,
        "",
        "",
        "@kernel",
        *loop,
        f"{indent}for i in range(len(slice_out)):",
        *[f"{indent}    {name} = float32(slice_{name}[i])" for name in inside],
        *[f"{indent}    {line}" for line in gates],
        f"{indent}    slice_out[i] = {result}",
        "",
    ]
    return _module("\n".join(text)).compiled


def _flat_loop(names: list[str], arrays: list[str]) -> list[str]:
    return [
        f"def compiled(part, start, stop, {', '.join(f'all_{name}' for name in names)}, all_out):",
        # Slices begin at 0, so that the compiler sees that no index is negative.
        *[f"    slice_{name} = all_{name}[start:stop]" for name in [*arrays, "out"]],
        *[f"    {name} = all_{name}" for name in names if name not in arrays],
    ]


def _row_loop(names: list[str], kinds: tuple[str, ...]) -> list[str]:
    arrays = [name for name, kind in zip(names, kinds, strict=True) if kind]
    steps = ", ".join(f"step_{name}, count_{name}" for name in arrays)
    lines = [
        f"def compiled(part, start, stop, {', '.join(f'all_{name}' for name in names)}, all_out, length, {steps}):",
        "    for r in range(start, stop):",
        "        slice_out = all_out[r * length :][:length]",
    ]
    for name, kind in zip(names, kinds, strict=True):
        row = f"r // step_{name} % count_{name}"
        if kind == "row":
            lines.append(f"        slice_{name} = all_{name}[{row} * length :][:length]")
        else:
            lines.append(f"        {name} = float32(all_{name}[{row}])" if kind else f"        {name} = all_{name}")
    return lines


def _gives_floats(operation: Operation) -> bool:
    operands = [np.full(1, (low + high) / 2, np.float32) for low, high in operation.domain]
    return np.asarray(operation.on_arrays[0](*operands)).dtype.kind == "f"


def _body(operation: Operation, place: int, operands: list[str], rest: list[str]) -> tuple[list[str], set[str]]:
    """Write a rule as assignments, one for each gate, and the result; and name the rows it uses."""
    from autograd import functions

    with compiling(f"a rule of {operation.name}"):
        leaves = [Value((low + high) / 2) for low, high in operation.domain]
        given = leaves if place == 0 else [*leaves, Value(operation.forward(*[leaf._data for leaf in leaves]))]
        result = operation.rules(functions)[place](*given)
    if not isinstance(result, Value):
        return [f"float32({float(result)!r})"], set()
    text = dict(zip(given, [*operands, *rest], strict=False))
    lines, used = [], set()
    for node in topological_order([result], constants=True):
        if node in text:
            continue
        if node.op is None:
            text[node] = f"float32({node._data!r})"
            continue
        used.add(node.op.name)
        text[node] = f"t{len(lines)}"
        lines.append(f"{text[node]} = {_call(node.op.name)}({', '.join(text[operand] for operand in node.parents)})")
    return [*lines, text[result]], used


def _call(name: str) -> str:
    return f"lanes.{name}" if hasattr(lanes, name) else f"row_{name}"


def _functions(used: set[str]) -> list[str] | None:
    """Write the rows that `lanes` does not have as functions; ``None`` when one cannot be written with it."""
    texts: dict[str, list[str]] = {}

    def write(names: set[str]) -> bool:
        for name in sorted(names):
            if hasattr(lanes, name) or name in texts:
                continue
            row = lookup(name)
            if row.arity is None:
                return False
            operands = [f"x{i}" for i in range(row.arity)]
            lines, inner = _body(row, 0, operands, [])
            if name in inner or not write(inner):  # the row itself is what arithmetic has to provide
                return False
            body = [*lines[:-1], f"return {lines[-1]}"]
            texts[name] = ["", "", "@exact", f"def row_{name}({', '.join(operands)}):", *[f"    {b}" for b in body]]
        return True

    return [line for text in texts.values() for line in text] if write(used) else None


def _module(source: str) -> Any:
    name = f"chainrule_elementwise_{hashlib.sha256(source.encode()).hexdigest()[:24]}"
    file = caching.written(source, name)
    if file is not None:
        return caching.imported(name, file)
    module: Any = ModuleType(name)
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)  # made from the op table a moment ago
    return module


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield a small call of the kernels that activations need, to compile them ahead of time."""
    from autograd.operations import activation

    x = np.linspace(-2.0, 2.0, 8, dtype=np.float32)
    for row in OPERATIONS.values():
        if row.rules.__module__ == activation.__name__ and row.arity is not None:
            numbers = [float(np.mean(interval)) for interval in row.domain[1:]]
            yield row.name, lambda row=row, numbers=numbers: forward(row, [x, *numbers], x.shape)
            yield f"{row.name}, backward", lambda row=row, numbers=numbers: pull(row, 0, x, [x, *numbers], x, x.shape)
    table = np.ones((FEW // 256, 256), np.float32)
    for name in ("add", "mul"):
        for kind, other in (("row", table[0]), ("column", table[:, :1].copy())):
            row = OPERATIONS[name]
            yield f"{name}, {kind}", lambda row=row, other=other: forward(row, [table, other], table.shape)

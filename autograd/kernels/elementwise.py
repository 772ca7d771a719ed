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
from types import ModuleType
from typing import Any

import numpy as np

from autograd import caching, threads
from autograd.graph import topological_order
from autograd.kernels import lanes
from autograd.mode import compiling
from autograd.operation import OPERATIONS, Operation, lookup
from autograd.value import Value

GRAIN = 16384
"""Elements that are worth a thread: about 10 microseconds of work."""


def forward(operation: Operation, inputs: list[Any]) -> Any:
    """Compute a row on arrays of one shape, and numbers beside them; ``None`` where NumPy is the better way.

    Parameters
    ----------
    operation : Operation
        The row.
    inputs : list of array or number
        Contiguous arrays of one shape, float32 or bool; at least one is float32.
    """
    compiled = _kernel(operation, 0, _kinds(inputs))
    return None if compiled is None else _run(compiled, inputs)


def pull(operation: Operation, slot: int, upstream: Any, inputs: list[Any], out: Any) -> Any:
    """Return upstream gradient times local gradient for one operand; ``None`` where NumPy is the better way."""
    given = [*inputs, out, upstream]
    compiled = _kernel(operation, slot + 1, _kinds(given))
    return None if compiled is None else _run(compiled, given)


@cache
def has_pull(operation: Operation, slot: int) -> bool:
    """Whether the derivative for an operand is more than a number or another operand."""
    return _kernel(operation, slot + 1, (True,) * ((operation.arity or 0) + 2)) is not None


def _kinds(inputs: list[Any]) -> tuple[bool, ...]:
    return tuple(isinstance(x, np.ndarray) for x in inputs)


def _run(compiled: Any, inputs: list[Any]) -> Any:
    first = next(x for x in inputs if isinstance(x, np.ndarray) and x.dtype == np.float32)
    out = np.empty(first.shape, np.float32)
    flat = [x.reshape(-1) if isinstance(x, np.ndarray) else np.float32(x) for x in inputs]
    threads.run(compiled, threads.parts(out.size, GRAIN), *flat, out.reshape(-1))
    return out


@cache
def _kernel(operation: Operation, place: int, kinds: tuple[bool, ...]) -> Any:
    """Return the kernel of a rule, 0 for the forward one; ``None`` when NumPy is the better way."""
    if OPERATIONS.get(operation.name) is not operation or operation.arity is None:
        return None
    names = [f"x{i}" for i in range(len(kinds))]
    lines, used = _body(operation, place, names[: operation.arity], names[operation.arity :])
    functions = _functions(used)
    gates = [line for line in lines if " = " in line]
    alone = len(gates) <= 1 and (used & lanes.ALONE or operation.operator)
    if functions is None or (alone or not _gives_floats(operation) if place == 0 else not gates):
        return None
    arrays = [name for name, is_array in zip(names, kinds, strict=True) if is_array]
    result = lines[-1]
    if place:
        upstream = names[-1]
        if operation.routes:
            upstream = f"lanes.where({result}, {upstream}, float32(0.0))"
        result = f"{upstream} * {result}"
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
        f"def compiled(part, start, stop, {', '.join(f'all_{name}' for name in names)}, all_out):",
        # Slices begin at 0, so that the compiler sees that no index is negative.
        *[f"    slice_{name} = all_{name}[start:stop]" for name in [*arrays, "out"]],
        *[f"    {name} = all_{name}" for name in names if name not in arrays],
        "    for i in range(len(slice_out)):",
        *[f"        {name} = float32(slice_{name}[i])" for name in arrays],
        *[f"        {line}" for line in gates],
        f"        slice_out[i] = {result}",
        "",
    ]
    return _module("\n".join(text)).compiled


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
            yield row.name, lambda row=row, numbers=numbers: forward(row, [x, *numbers])
            yield f"{row.name}, backward", lambda row=row, numbers=numbers: pull(row, 0, x, [x, *numbers], x)

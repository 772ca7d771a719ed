"""Kernels of element-wise rows, written from the op table: one loop for a whole rule.

NumPy runs a rule one function after the other over whole arrays.  A kernel does all of it in one
pass: it reads each number once and writes each result once.  Its text is made from the row and
kept in the cache directory, where Numba keeps the machine code.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograd import caching, threads
from autograd.kernels import lanes
from autograd.operation import Operation

GRAIN = 16384
"""Elements that are worth a thread: about 10 microseconds of work."""


def forward(operation: Operation, inputs: list[Any]) -> Any:
    """Compute a row on arrays of one shape, and numbers beside them; ``None`` where no kernel can.

    Parameters
    ----------
    operation : Operation
        The row.
    inputs : list of array or number
        Contiguous arrays of one shape, float32 or bool; at least one is float32.
    """
    compiled = _kernel(operation, 0, tuple(map(_kind, inputs)))
    return None if compiled is None else _run(compiled, inputs)


def pull(operation: Operation, slot: int, upstream: Any, inputs: list[Any], out: Any) -> Any:
    """Return upstream gradient times local gradient for one operand; ``None`` where no kernel can."""
    given = [upstream, *inputs, out]
    compiled = _kernel(operation, slot + 1, tuple(map(_kind, given)))
    return None if compiled is None else _run(compiled, given)


def _kind(x: Any) -> str:
    return "array" if isinstance(x, np.ndarray) else "number"


def _run(compiled: Any, inputs: list[Any]) -> Any:
    first = next(x for x in inputs if isinstance(x, np.ndarray) and x.dtype == np.float32)
    out = np.empty(first.shape, np.float32)
    flat = [x.reshape(-1) if isinstance(x, np.ndarray) else float(x) for x in inputs]
    threads.run(compiled, threads.parts(out.size, GRAIN), *flat, out.reshape(-1))
    return out


@cache
def _kernel(operation: Operation, place: int, kinds: tuple[str, ...]) -> Any:
    """Return the kernel of a rule, 0 for the forward one, for arrays and numbers; ``None`` when it needs more."""
    rules = operation.rules(lanes)
    if operation.arity is None or not lanes.has(rules[place]):
        return None
    module = _module(_source(operation, place, kinds))
    return module.compiled


def rule(name: str, place: int) -> Any:
    """Return one rule of a row, to be compiled into a kernel; generated files ask for it."""
    from autograd.kernels.rules import exact
    from autograd.operation import lookup

    return exact(lookup(name).rules(lanes)[place])


def _source(operation: Operation, place: int, kinds: tuple[str, ...]) -> str:
    names = [f"x{i}" for i in range(len(kinds))]
    arrays = [name for name, kind in zip(names, kinds, strict=True) if kind == "array"]
    values = [f"float64({name}[i])" if name in arrays else name for name in names]
    product = f"rule({', '.join(values)})" if place == 0 else f"{values[0]} * rule({', '.join(values[1:])})"
    slices = [f"    {name} = {name}[start:stop]" for name in [*arrays, "out"]]
    file = sys.modules[operation.rules.__module__].__file__ or ""
    return "\n".join(
        [
            f'"""Element-wise kernel of {operation.name}, rule {place}; made from {_digest(file)}."""',
            "from numpy import float64",
            "from autograd.kernels import elementwise, lanes",
            "from autograd.kernels.jit import kernel",
            "",
            f"rule = elementwise.rule({operation.name!r}, {place})",
            "",
            "",
            "@kernel",
            f"def compiled(part, start, stop, {', '.join(names)}, out):",
            *slices,  # from 0, so that the compiler sees that no index is negative
            "    for i in range(len(out)):",
            f"        out[i] = {product}",
            "",
        ]
    )


@cache
def _digest(file: str) -> str:
    """Name the texts that a kernel depends on, besides its own and those of this folder."""
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16] if Path(file).is_file() else "memory"


def _module(source: str) -> Any:
    name = f"chainrule_elementwise_{hashlib.sha256(source.encode()).hexdigest()[:24]}"
    file = None if "made from memory" in source else caching.written(source, name)
    if file is not None:
        specification = importlib.util.spec_from_file_location(name, file)
        assert specification
        assert specification.loader
        module: Any = importlib.util.module_from_spec(specification)
        sys.modules[name] = module  # where Numba looks for it when it keeps the machine code
        specification.loader.exec_module(module)
        return module
    module = ModuleType(name)
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)  # made from the op table a moment ago
    return module


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield a small call of every kernel that activations need, to compile it ahead of time."""
    from autograd.operations import OPERATIONS, activation

    x = np.linspace(-2.0, 2.0, 8, dtype=np.float32)
    for row in OPERATIONS.values():
        if row.rules.__module__ == activation.__name__ and row.arity is not None:
            numbers = [float(np.mean(interval)) for interval in row.domain[1:]]
            yield row.name, lambda row=row, numbers=numbers: forward(row, [x, *numbers])
            yield f"{row.name}, backward", lambda row=row, numbers=numbers: pull(row, 0, x, [x, *numbers], x)

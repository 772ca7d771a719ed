"""Record a function of Values: once for each set of static arguments."""

from __future__ import annotations

import functools
import numbers
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autograd.mode import compiling, mode, refuse
from autograd.program.changes import Watch
from autograd.program.checks import checked_rows
from autograd.program.locks import Lock
from autograd.program.program import Gradient, Mapped, Program
from autograd.program.tape import record
from autograd.value import Value, as_float, describe

KEPT = 16
"""Most programs that a compiled function keeps."""


def compiled_graph(
    outputs: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] | None,
    gradient: Gradient | None,
) -> Program:
    """Record a graph that was built before."""
    results = [outputs] if isinstance(outputs, Value) else list(outputs)
    given = _leaves(inputs, "inputs")
    listed = _leaves(parameters or (), "parameters")
    if not results or not all(isinstance(result, Value) for result in results):
        raise TypeError(f"compile takes a function, a Value or a list of Values, got {describe(outputs)}")
    if len(set(given) | set(listed)) < len(given) + len(listed):
        raise ValueError("compile: a Value is listed twice among inputs and parameters; list each once")
    _check_results(results, "the graph")
    recording = record(results, given, listed, [True] * len(given))
    used = recording.tape.used()[recording.tape.parameters :]
    for i, leaf in enumerate(given):
        if not used[i]:
            raise ValueError(
                f"compile: input {i}, {leaf!r}, is not in the graph of the outputs; "
                f"leave it out, or build the graph with it"
            )
    return Program(recording, gradient, Watch(recording.constants, results))


def _leaves(given: Any, what: str) -> list[Value]:
    if isinstance(given, Value) or not isinstance(given, Iterable):
        raise TypeError(f"compile: {what} takes a list of Values, got {describe(given)}")
    leaves = list(given)
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, Value):
            raise TypeError(f"compile: {what}[{i}] is {describe(leaf)}; {what} are Values")
        if leaf.op is not None:
            raise ValueError(
                f"compile: {what}[{i}], {leaf!r}, is the result of {leaf.op.name}; {what} are leaves of the graph"
            )
        if not leaf.requires_grad:
            raise ValueError(
                f"compile: {what}[{i}], {leaf!r}, is a constant, so what was computed from it is not recorded; "
                f"build the graph with a Value that requires a gradient"
            )
    return leaves


def _check_results(results: Sequence[Value], what: str) -> None:
    if not any(result.requires_grad for result in results):
        raise ValueError(
            f"compile: {what} is a constant: it depends on no input and no parameter; "
            f"compute it from Values that require a gradient, outside of no_grad()"
        )


class CompiledFunction:
    """A function of Values that is recorded when it is called and replayed as machine code.

    Made by :func:`autograd.compile`.  Floats, Values and arrays of numbers are inputs: a call
    with other numbers replays.  Everything else is static: ints, texts, the lengths of lists
    and the shapes of arrays; a call with other static arguments records another program.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        parameters: Iterable[Value] | None = None,
        gradient: Gradient | None = None,
        keep: int = KEPT,
    ) -> None:
        if type(keep) is not int or keep < 1:
            raise ValueError(f"compile(keep={keep!r}): give the number of programs to keep, at least 1")
        self._function = function._function if isinstance(function, CompiledFunction) else function
        self._listed = None if parameters is None else _leaves(parameters, "parameters")
        self._gradient = gradient
        self._keep = keep
        self._programs: OrderedDict[Any, _Recorded] = OrderedDict()
        self._recordings = 0
        self._lock = Lock()
        self._name = getattr(function, "__qualname__", repr(function))
        self._instances: WeakKeyDictionary[Any, CompiledFunction] = WeakKeyDictionary()
        functools.update_wrapper(self, function, updated=())

    def __get__(self, instance: Any, owner: Any = None) -> CompiledFunction:
        """Return the compiled method of an instance, which has programs of its own."""
        if instance is None:
            return self
        if instance not in self._instances:
            held = weakref.ref(instance)  # the programs end with the instance

            @functools.wraps(self._function)
            def method(*arguments: Any, **named: Any) -> Any:
                return self._function(held(), *arguments, **named)

            self._instances[instance] = CompiledFunction(method, self._listed, self._gradient, self._keep)
        return self._instances[instance]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run forward and backward, add to the ``grad`` of parameters and Values given, and return the numbers.

        Inside ``no_grad()`` it runs forward only, and inside another compiled function it is
        part of what is recorded there.
        """
        if mode.compiling:
            return self._function(*arguments, **named)
        found, atoms, flat = self._recorded(arguments, named)
        program = found.program
        with program._lock:
            result = program._run(flat, backward=mode.recording)
            if mode.recording:
                program._add_gradients(atoms)
        return found.result(result)

    def forward(self, *arguments: Any, **named: Any) -> Any:
        """Run forward only and return the numbers."""
        if mode.compiling:
            refuse("the numbers of a compiled function are asked for", "call the function itself")
        found, _, flat = self._recorded(arguments, named)
        with found.program._lock:
            return found.result(found.program._run(flat, backward=False))

    def program(self, *arguments: Any, **named: Any) -> Program:
        """Return the program for arguments like these, recorded now if need be, with their numbers as inputs.

        The inputs are in the order of the arguments, lists and arrays row by row.
        """
        found, _, flat = self._recorded(arguments, named)
        found.program.inputs[:] = flat
        return found.program

    def map(self, rows: Any, **options: Any) -> Mapped:
        """Run many samples, one row of numbers each, through the program for one float per argument.

        See :meth:`Program.map`.
        """
        samples = checked_rows(rows)
        return self.program(*[0.0] * samples.shape[1]).map(samples, **options)

    def clear(self) -> None:
        """Forget all programs, so that the next call records again."""
        with self._lock:
            self._programs.clear()

    def __repr__(self) -> str:
        return f"<compiled {self._name}: {len(self._programs)} program{'' if len(self._programs) == 1 else 's'}>"

    def _recorded(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[_Recorded, list[Any], Any]:
        atoms: list[Any] = []
        named = dict(sorted(named.items()))
        key = _flatten((arguments, named), atoms, {})
        with self._lock:
            found = self._programs.get(key)
            if found is None:
                found = self._record(arguments, named)
                self._programs[key] = found
                self._recordings += 1
                if len(self._programs) > self._keep:
                    self._programs.popitem(last=False)
                    warnings.warn(
                        f"compile: {self._name} was recorded {self._recordings} times and keeps {self._keep} "
                        f"programs; give what changes as a float, a Value or an array instead of an int or a list "
                        f"of another length, or keep more with compile(keep=...)",
                        RuntimeWarning,
                        stacklevel=3,
                    )
            else:
                self._programs.move_to_end(key)
        return found, [atom for atom in atoms for _ in range(_size(atom))], _numbers(atoms)

    def _record(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> _Recorded:
        leaves: list[Value] = []
        wanted: list[bool] = []
        name = self._name
        traced = _with_leaves((arguments, named), leaves, wanted, {})
        with compiling(name) as constants:
            returned = self._function(*traced[0], **traced[1])
        for leaf in leaves:
            if not leaf.requires_grad:
                raise TypeError(f"compile: {name} switches requires_grad of an argument off; leave it as it is")
        results: list[Value] = []
        structure = _outputs(returned, results, name)
        _check_results(results, f"what {name} returns")
        given = set(leaves)
        parameters = [leaf for leaf in self._listed or () if leaf not in given]
        recording = record(results, leaves, parameters, wanted)
        return _Recorded(Program(recording, self._gradient, Watch([*recording.constants, *constants])), structure)


class _Recorded:
    def __init__(self, program: Program, structure: Any) -> None:
        self.program = program
        self.structure = structure

    def result(self, values: Any) -> Any:
        """Return the numbers in the shape of what the function returned."""
        if self.structure is None:
            return values
        return _rebuilt(self.structure, iter(values if isinstance(values, tuple) else (values,)))


# Arguments: numbers are inputs, all else is the key of the program.


def _flatten(tree: Any, atoms: list[Any], places: dict[int, int]) -> Any:
    """Return the static part of the arguments, and add their numbers to `atoms`; `places` tells Values seen before."""
    kind = type(tree)
    if kind is float:
        atoms.append(tree)
        return "number"
    if isinstance(tree, Value):
        if tree.op is not None:
            raise TypeError(
                f"compile: an argument is {tree!r}, the result of {tree.op.name}; a compiled function takes leaves, "
                f"because the gradient ends there: pass its number, or compile the whole computation"
            )
        first = places.setdefault(id(tree), len(atoms))
        atoms.append(tree)
        return ("Value", tree.requires_grad, len(atoms) - 1 - first)
    if isinstance(tree, np.ndarray) and type(tree) is not np.ndarray:
        raise TypeError(f"compile: an argument is {describe(tree)}; give a plain array, such as numpy.array(x)")
    if isinstance(tree, np.generic) and tree.dtype.kind in "iub":
        return ("static", type(tree.item()), tree.item())
    if isinstance(tree, np.ndarray) and tree.dtype != object:
        if tree.dtype.kind not in "fiub":
            raise TypeError(f"compile: an argument is an array of {tree.dtype}; arrays hold real numbers")
        atoms.append(tree)
        return ("array", tree.shape)
    if isinstance(tree, np.ndarray):
        return ("objects", tree.shape, *(_flatten(entry, atoms, places) for entry in tree.ravel().tolist()))
    if isinstance(tree, (list, tuple)):
        return (kind, *(_flatten(entry, atoms, places) for entry in tree))
    if isinstance(tree, dict):
        return (kind, *((name, _flatten(entry, atoms, places)) for name, entry in tree.items()))
    if isinstance(tree, numbers.Real) and not isinstance(tree, numbers.Integral):
        atoms.append(tree)  # np.float64, Fraction, ...
        return "number"
    if hasattr(tree, "__array__"):
        raise TypeError(
            f"compile: an argument is {describe(tree)}, which may change; give numpy.asarray(x) or a list of numbers"
        )
    try:
        hash(tree)
    except TypeError:
        raise TypeError(
            f"compile: an argument is {describe(tree)}, which may change; give numbers, Values, arrays, lists, tuples "
            f"and dicts of them, or something that is static and can be hashed"
        ) from None
    return ("static", kind, tree)


def _size(atom: Any) -> int:
    return atom.size if isinstance(atom, np.ndarray) else 1


def _numbers(atoms: list[Any]) -> Any:
    """Return all numbers in one array."""
    if not any(isinstance(atom, np.ndarray) for atom in atoms):
        return np.array([atom._data if isinstance(atom, Value) else float(atom) for atom in atoms], np.float64)
    parts = [np.ravel(atom._data if isinstance(atom, Value) else atom) for atom in atoms]
    return np.concatenate(parts).astype(np.float64)


def _with_leaves(tree: Any, leaves: list[Value], wanted: list[bool], known: dict[int, Value]) -> Any:
    """Return the arguments with a new leaf in place of every number."""

    def leaf(number: Any, label: str = "", wants: bool = False) -> Value:
        leaves.append(Value(as_float(number, "compile: an argument"), label))
        wanted.append(wants)
        return leaves[-1]

    if isinstance(tree, Value):
        new = leaf(tree._data, tree.label, tree.requires_grad)
        # The same Value twice is one node; its second input is not used.
        return known.setdefault(id(tree), new)
    if isinstance(tree, np.ndarray):
        flat = tree.ravel() if tree.dtype == object else tree.astype(np.float64).ravel()
        entries = [_with_leaves(entry, leaves, wanted, known) for entry in flat.tolist()]
        array = np.empty(len(entries), object)
        array[:] = entries
        return array.reshape(tree.shape)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(_with_leaves(entry, leaves, wanted, known) for entry in tree))
    if isinstance(tree, (list, tuple)):
        entries = [_with_leaves(entry, leaves, wanted, known) for entry in tree]
        return tuple(entries) if isinstance(tree, tuple) else entries
    if isinstance(tree, dict):
        return {name: _with_leaves(entry, leaves, wanted, known) for name, entry in tree.items()}
    if isinstance(tree, np.generic) and tree.dtype.kind in "iub":
        return tree.item()
    if isinstance(tree, numbers.Real) and not isinstance(tree, numbers.Integral):
        return leaf(tree)
    return tree


def _outputs(returned: Any, results: list[Value], name: str) -> Any:
    """Add the Values that a function returned to `results`, and return their arrangement; None for a single one."""
    if isinstance(returned, Value):
        results.append(returned)
        return None
    if isinstance(returned, (list, tuple)) and returned:
        return type(returned), [_outputs(entry, results, name) for entry in returned]
    if isinstance(returned, numbers.Real):
        results.append(Value(as_float(returned, f"compile: what {name} returns"), "", False))
        return None
    raise TypeError(f"compile: {name} returned {describe(returned)}; return a Value, or a list or tuple of Values")


def _rebuilt(structure: Any, values: Any) -> Any:
    if structure is None:
        return next(values)
    kind, entries = structure
    rebuilt = [_rebuilt(entry, values) for entry in entries]
    return kind(*rebuilt) if hasattr(kind, "_fields") else kind(rebuilt)

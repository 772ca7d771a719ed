"""``compile``: record a computation once and replay it as machine code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.value import Value, describe

if TYPE_CHECKING:
    from autograd.program.program import Program


def compile(
    target: Any = None,
    *,
    inputs: Iterable[Value] = (),
    parameters: Iterable[Value] | None = None,
    gradient: float | Sequence[float] | None = None,
    keep: int = 16,
) -> Any:
    """Record a graph or a function of Values, to run it again as machine code.

    A program computes the same values and the same gradients as building the graph anew and
    calling ``backward()``, to the last bit (``hypot`` may differ in the last one), hundreds of
    times faster.

    Parameters
    ----------
    target : Value, sequence of Value, or callable
        A graph that was built before: its outputs.  Or a function, also as a decorator: floats,
        Values and arrays among its arguments are inputs, everything else is static; it is
        recorded at the first call with new static arguments.  Globals and attributes that it
        reads are read then: after replacing one, call its ``clear()``.
    inputs : iterable of Value
        For a graph: the leaves that each run gives new numbers.
    parameters : iterable of Value, optional
        The leaves to list first, in this order, in ``Program.parameters``.  Other leaves that
        require a gradient follow in the order in which they are found.
    gradient : float or sequence of float, optional
        The gradient that each output starts from; 1 by default, which gives the gradient of
        the sum of the outputs.  ``(1.0, 0.0)`` makes the second output one to look at only.
    keep : int
        For a function: the most programs to keep; more give a warning.

    Returns
    -------
    Program or callable
        A :class:`~autograd.program.program.Program` for a graph, a compiled function for a
        function.

    Raises
    ------
    TypeError
        When the function branches on the number of a Value, or reads it, while it is recorded.
    ValueError
        When an input is not in the graph, or there is nothing to differentiate.

    Examples
    --------
    >>> w, b = Value(2.0, "w"), Value(1.0, "b")
    >>> @compile
    ... def loss(x, y):
    ...     return (w * x + b - y) ** 2
    >>> loss(3.0, 5.0)
    4.0
    >>> w.grad, b.grad
    (12.0, 4.0)
    """
    from autograd.program.recording import CompiledFunction, compiled_graph

    if target is None:
        return lambda function: compile(function, inputs=inputs, parameters=parameters, gradient=gradient, keep=keep)
    if isinstance(target, (Value, Sequence)) and not isinstance(target, str):
        return compiled_graph(target, inputs, parameters, gradient)
    if not isinstance(target, Callable):
        raise TypeError(f"compile takes a function, a Value or a list of Values, got {describe(target)}")
    if list(inputs):
        raise TypeError("compile: inputs are for a graph; the inputs of a function are its arguments")
    return CompiledFunction(target, parameters, gradient, keep)


def load_program(file: str | Path) -> Program:
    """Load a program that ``Program.save`` wrote; its parameters are new Values.

    Nothing in the file is run: it holds columns of numbers and names of rows of the op table.

    Parameters
    ----------
    file : str or path
        The file.

    Raises
    ------
    ValueError
        When the file is no program, is damaged, or uses an operation that is not declared.

    Examples
    --------
    >>> import os, tempfile
    >>> x = Value(3.0, "x")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     compile(x * x, inputs=[x]).save(os.path.join(folder, "square"))
    ...     program = load_program(os.path.join(folder, "square"))
    >>> program(5.0)
    25.0
    """
    from autograd.program import archive
    from autograd.program.program import Program

    recording, start = archive.load(file)
    return Program(recording, start)

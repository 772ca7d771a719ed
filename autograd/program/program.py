"""The program: a recorded graph with its memory, ready to be run again with other numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.mode import mode, refuse
from autograd.program import archive, listing
from autograd.program.batch import Batches
from autograd.program.changes import Watch
from autograd.program.checks import assign, checked_rows, is_number
from autograd.program.locks import Lock
from autograd.program.plan import plan
from autograd.program.player import player_for
from autograd.program.rebuild import rebuilt
from autograd.program.tape import Recording
from autograd.value import Value, as_float, describe

Floats = NDArray[np.float64]
Gradient = Sequence[float] | NDArray[np.float64] | float


class Mapped(NamedTuple):
    """What :meth:`Program.map` returns.

    Attributes
    ----------
    values : float64 array of shape (samples,), or (samples, outputs) for several outputs
        The outputs for every sample.
    gradients : float64 array of shape (parameters,), or (samples, parameters), or None
        The gradient with respect to the parameters: summed over the samples, or one row each.
    """

    values: Floats
    gradients: Floats | None


class Program:
    """A recorded graph that runs as machine code; made by :func:`autograd.compile`.

    The numbers of all nodes lie in arrays.  A call copies inputs and parameters in, plays the
    instructions forward and backward, and adds the gradients to the ``grad`` of the leaves,
    with the same bits as building the graph anew and calling ``backward()``.  A program may
    be called by several threads; they take turns.

    Attributes
    ----------
    leaves : list of Value
        The parameters as Values.
    input_gradients : float64 array
        The gradients of the inputs of the last run (zero where none is wanted).
    tape : Tape
        The recorded graph as columns.

    Examples
    --------
    >>> from autograd import Value, compile
    >>> w, x = Value(3.0, "w"), Value(2.0, "x")
    >>> program = compile((w * x).tanh(), inputs=[x])
    >>> value = program(0.5)
    >>> value == (w * 0.5).tanh().data
    True
    >>> w.grad == 0.5 * (1 - value**2)
    True
    """

    def __init__(self, recording: Recording, gradient: Gradient | None = None, watch: Watch | None = None) -> None:
        self.tape = recording.tape
        self.leaves: list[Value] = recording.parameters
        self._input_leaves: list[Value] = recording.inputs
        self._watch = watch
        self._start = np.ones(len(self.tape.outputs))
        self._start = self._checked_start(gradient)
        self._prepare()

    def _prepare(self) -> None:
        tape = self.tape
        self._lock = Lock()
        self._player = player_for(tape.operations)
        self._plan = plan(tape, self._player)
        self._values = np.zeros(self._plan.values)
        self._gradients = np.zeros(self._plan.gradients)
        first, last = tape.parameters, tape.parameters + tape.inputs
        self._values[last : tape.leaves] = tape.constants
        self._parameters = self._values[:first]
        self._parameter_gradients = self._gradients[:first]
        self._inputs = self._values[first:last]
        self._inputs[:] = [leaf._data for leaf in self._input_leaves]
        self.input_gradients = self._gradients[first:last]
        self._batches = Batches(tape, self._player)
        reached = np.flatnonzero(tape.used()[:last] & tape.wanted)
        self._reached = reached[reached < first].tolist(), (reached[reached >= first] - first).tolist()
        self.read()

    # The parameters in arrays.

    @property
    def parameters(self) -> Floats:
        """The parameters' numbers, in the order of `leaves`; change them in place, as in ``parameters -= step``."""
        return self._parameters

    @parameters.setter
    def parameters(self, numbers: Any) -> None:
        assign(self._parameters, numbers, "parameters")

    @property
    def gradients(self) -> Floats:
        """The parameters' gradients of the last run, in the order of `leaves`."""
        return self._parameter_gradients

    @gradients.setter
    def gradients(self, numbers: Any) -> None:
        assign(self._parameter_gradients, numbers, "gradients")

    @property
    def inputs(self) -> Floats:
        """The inputs of the last run; :meth:`run` without arguments takes them as they are."""
        return self._inputs

    @inputs.setter
    def inputs(self, numbers: Any) -> None:
        assign(self._inputs, numbers, "inputs")

    def read(self) -> None:
        """Copy the Values' numbers into `parameters`."""
        self._parameters[:] = self._current()
        self._known = self._parameters.tobytes()

    def _current(self) -> list[float]:
        """Return the Values' numbers, after checking that they are still what they were recorded as."""
        if self._watch is not None:
            self._watch.check()
        for leaf in chain(self.leaves, self._input_leaves):
            if not leaf.requires_grad:
                raise RuntimeError(
                    f"compile: {leaf!r} required a gradient when the program was recorded and does not now; "
                    f"record the program again"
                )
        return [leaf._data for leaf in self.leaves]

    def _check_written(self) -> None:
        if self._parameters.tobytes() != self._known:
            raise RuntimeError(
                "the array `parameters` was changed and not written back, and this call takes the Values' numbers: "
                "call program.write() to keep the changes, program.read() to drop them, or program.run() to use them"
            )

    def write(self) -> None:
        """Copy `parameters` and `gradients` to the Values: to their ``data`` and their ``grad``."""
        numbers, gradients = self._parameters.tolist(), self._parameter_gradients.tolist()
        for leaf, number, gradient in zip(self.leaves, numbers, gradients, strict=True):
            leaf._data, leaf._grad = number, gradient
        self._known = self._parameters.tobytes()

    # Running.

    def __call__(self, *inputs: Any, gradient: Gradient | None = None) -> Any:
        """Run forward and backward with new inputs, and add to the ``grad`` of inputs and parameters.

        The inputs' Values take the new numbers.  Without recording, inside ``no_grad()``, use
        :meth:`forward`.

        Parameters
        ----------
        *inputs : float
            One number for each input, or one array with all of them.
        gradient : float or sequence of float, optional
            The gradient that each output starts from.  By default 1 or what the program was
            compiled with; with several outputs the result is the gradient of their sum.

        Returns
        -------
        float or tuple of float
            The value of each output.

        Raises
        ------
        TypeError, ValueError
            When the number of inputs is wrong, or one is no real number.
        RuntimeError
            When a node of the graph was changed after recording.
        """
        if mode.compiling:
            refuse("a program is called", "call the function that it was recorded from")
        numbers = self._checked_inputs(inputs)
        with self._lock:
            result = self._run(numbers, gradient)
            for leaf, number in zip(self._input_leaves, numbers.tolist(), strict=True):
                leaf._data = number
            self._add_gradients(self._input_leaves)
            return result

    def forward(self, *inputs: Any) -> Any:
        """Run forward only, with the Values' current numbers, and return the value of each output.

        Examples
        --------
        >>> from autograd import Value, compile
        >>> x = Value(3.0)
        >>> program = compile(x * x, inputs=[x])
        >>> program.forward(5.0), x.data, x.grad
        (25.0, 3.0, 0.0)
        """
        numbers = self._checked_inputs(inputs)
        with self._lock:
            return self._run(numbers, backward=False)

    def run(self, *inputs: Any, gradient: Gradient | None = None) -> Any:
        """Run forward and backward on `parameters` as they are, and leave the result in `gradients`.

        No Value is read or written: this is the call for a training loop on arrays.  Without
        inputs, the array `inputs` is taken as it is.

        Examples
        --------
        >>> from autograd import Value, compile
        >>> w, x = Value(0.0, "w"), Value(1.0, "x")
        >>> program = compile((w * x - 3.0) ** 2, inputs=[x])
        >>> for step in range(100):
        ...     loss = program.run(1.0)
        ...     program.parameters -= 0.1 * program.gradients
        >>> program.write()
        >>> round(w.data, 6)
        3.0
        """
        numbers = self._checked_inputs(inputs) if inputs else self._inputs
        start = self._checked_start(gradient)
        with self._lock:
            if self._watch is not None:
                self._watch.check()
            self._inputs[:] = numbers
            return self._play(start)

    def map(
        self,
        rows: Any,
        *,
        gradients: str = "sum",
        gradient: Gradient | None = None,
        parameters: Any = None,
        threads: int | None = None,
    ) -> Mapped:
        """Run many samples through the program, side by side and on several threads.

        The Values' ``grad`` is not touched.

        Parameters
        ----------
        rows : array of shape (samples, inputs)
            The inputs of each sample; for a program with one input also of shape (samples,).
        gradients : {"sum", "each", "none"}
            Whether to add the gradients of all samples, in a fixed order, to return one row
            for each sample, or to run forward only.
        gradient : float or sequence of float, optional
            The gradient that each output starts from, as in a call.
        parameters : array of shape (parameters,), optional
            Numbers to use instead of the Values' current ones, such as ``program.parameters``.
        threads : int, optional
            The most threads to use; by default as many as Numba does.

        Raises
        ------
        TypeError, ValueError
            When the rows do not fit the inputs, or an option is unknown.

        Examples
        --------
        >>> from autograd import Value, compile
        >>> w, x = Value(3.0), Value(0.0)
        >>> program = compile(w * x, inputs=[x])
        >>> mapped = program.map([1.0, 2.0, 4.0])
        >>> mapped.values.tolist(), mapped.gradients.tolist()
        ([3.0, 6.0, 12.0], [7.0])
        """
        if gradients not in ("sum", "each", "none"):
            raise ValueError(f'map(gradients={gradients!r}): give "sum", "each" or "none"')
        if threads is not None and (type(threads) is not int or threads < 1):
            raise ValueError(f"map(threads={threads!r}): give a number of threads of at least 1")
        samples = checked_rows(rows, self.tape.inputs)
        start = self._checked_start(gradient)
        if parameters is None:
            self._check_written()
            numbers = np.array(self._current())
        else:
            numbers = np.empty(self._parameters.shape)
            assign(numbers, parameters, "map: parameters")
        values, found = self._batches.run(
            samples, numbers, None if gradients == "none" else start, gradients == "each", threads
        )
        return Mapped(values[:, 0] if values.shape[1] == 1 else values, found)

    def _run(self, numbers: Floats, gradient: Gradient | None = None, backward: bool = True) -> Any:
        start = self._checked_start(gradient)
        self._check_written()
        self.read()
        self._inputs[:] = numbers
        return self._play(start if backward else None)

    def _play(self, start: Floats | None) -> Any:
        """Run with the numbers that are in place: forward, and backward from `start` when it is given."""
        self._plan.play(self._player, self._values, self._gradients, start)
        values = self._values[self._plan.outputs].tolist()
        return values[0] if len(values) == 1 else tuple(values)

    def _add_gradients(self, inputs: Sequence[Any]) -> None:
        """Add this run's gradients to those of the Values; `inputs` are the Values of the inputs."""
        parameters, given = self._reached
        for leaves, reached, gradients in (
            (self.leaves, parameters, self._parameter_gradients.tolist()),
            (inputs, given, self.input_gradients.tolist()),
        ):
            for i in reached:
                leaf, found = leaves[i], gradients[i]
                if isinstance(leaf, Value):
                    leaf._grad = found if leaf._grad is None else leaf._grad + found

    # Checks.

    def _checked_inputs(self, inputs: Sequence[Any]) -> Floats:
        takes = f"this program takes {self._described_inputs()}"
        if len(inputs) == 1 and isinstance(inputs[0], np.ndarray) and inputs[0].ndim:
            inputs = inputs[0].ravel().tolist()
        if len(inputs) != self.tape.inputs:
            raise TypeError(f"{takes}; given were {len(inputs)}")
        for i, number in enumerate(inputs):
            if number.__class__ is not float and not is_number(number):
                raise TypeError(f"input {i} is {describe(number)}; {takes}, one real number each")
        return np.array([as_float(number, "an input of a program") for number in inputs])

    def _described_inputs(self) -> str:
        names = [leaf.label or f"input {i}" for i, leaf in enumerate(self._input_leaves[:8])]
        more = ", ..." if self.tape.inputs > 8 else ""
        return listing.counted(self.tape.inputs, "input") + (f" ({', '.join(names)}{more})" if names else "")

    def _checked_start(self, gradient: Any) -> Floats:
        if gradient is None:
            return self._start
        try:
            start = np.atleast_1d(np.asarray(gradient))
        except ValueError:  # lists of different lengths
            start = np.empty((0, 0))
        if start.shape != self._start.shape or start.dtype.kind not in "fiub":
            raise ValueError(
                f"gradient: got {describe(gradient)} for {len(self._start)} outputs; give one number for each output"
            )
        return start.astype(np.float64)

    # Looking at it.

    @property
    def nbytes(self) -> int:
        """The memory of the program: the tape, the instructions and the numbers, in bytes."""
        return self.tape.nbytes + self._plan.nbytes

    @property
    def levels(self) -> int:
        """How many steps follow each other: the length of the longest chain, in the longest section."""
        return self._plan.levels

    @property
    def source(self) -> str:
        """The Python that was generated from the op table and compiled for this program's operations."""
        return self._player.source

    def __repr__(self) -> str:
        return listing.summary(self.tape, self._plan, self.nbytes)

    def listing(self, limit: int = 40) -> str:
        """Return the instructions as readable lines, forward and backward.

        Parameters
        ----------
        limit : int
            The most lines of each part.

        Examples
        --------
        >>> from autograd import Value, compile
        >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
        >>> print(compile((x + y) * z, inputs=[x, y, z]).listing())
        v[0] to v[2]: 0 parameters, 3 inputs, 0 constants
        forward
          v[3] = add(v[0], v[1])
          v[4] = mul(v[3], v[2])
        backward
          g[4] = g[3] * v[2]
          g[0:2] = g[4]
          g[2] = g[3] * v[3]
        """
        return listing.listing(self.tape, self._plan, self._player, limit)

    def graph(self) -> list[Value]:
        """Build the recorded graph as Values again, with the current numbers and their gradients.

        Returns
        -------
        list of Value
            The outputs; their leaves are copies, with the same labels.
        """
        leaves = [*self.leaves, *self._input_leaves]
        return rebuilt(self.tape, leaves, self._values[: len(leaves)].tolist(), self._start.tolist())

    # Keeping it.

    def save(self, file: str | Path) -> None:
        """Save the recorded graph and the parameters' numbers to a file (NumPy's npz format).

        The file holds columns of numbers and names of rows of the op table; loading it with
        :func:`autograd.load_program` runs no code from it.

        Parameters
        ----------
        file : str or path
            Where to save, under exactly this name.
        """
        archive.save(file, self.tape, [*self.leaves, *self._input_leaves], self._start)

    def __getstate__(self) -> dict[str, Any]:
        recording = Recording(self.tape, self.leaves, self._input_leaves, [])
        return {"recording": recording, "start": self._start, "parameters": self._parameters.copy()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["recording"], state["start"])
        self._parameters[:] = state["parameters"]

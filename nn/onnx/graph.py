"""The ONNX graph that grows while a network's layers are visited, and the table of rules for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autograd import Tensor
from nn.modules.module import Module

Rule = TypeVar("Rule", bound=Callable[..., str])

RULES: dict[type[Module], Callable[[Graph, Any, str], str]] = {}
"""For every kind of layer the function that writes its nodes."""


def onnx_library() -> Any:
    """Return the package ``onnx``.

    Raises
    ------
    ImportError
        When it is missing: names the extra.
    """
    try:
        import onnx
    except ImportError as error:
        raise ImportError('export_onnx needs onnx: pip install "chainrule[files]"') from error
    return onnx


def exports(*kinds: type[Module]) -> Callable[[Rule], Rule]:
    """Declare the function that writes the nodes of a kind of layer; for a kind that has one, replace it.

    Parameters
    ----------
    *kinds : subclasses of Module

    Returns
    -------
    callable
        A decorator for a function of the graph, the layer and the name of its input, which adds
        nodes with :meth:`Graph.add` and returns the name of its output.

    Raises
    ------
    TypeError
        When one of `kinds` is no class of modules.

    Examples
    --------
    >>> import nn
    >>> class Double(nn.Module):
    ...     def forward(self, input):
    ...         return input * 2
    >>> @exports(Double)
    ... def double(graph, layer, x):
    ...     return graph.add("Mul", x, graph.constant(2.0))
    >>> RULES.pop(Double) is double  # forget the example
    True
    """
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Module)):
            raise TypeError(
                f"exports takes classes of modules, got {kind!r}; write @exports(MyLayer) above the function"
            )

    def declare(rule: Rule) -> Rule:
        RULES.update(dict.fromkeys(kinds, rule))
        return rule

    return declare


def rule_of(module: Module) -> Callable[[Graph, Any, str], str] | None:
    """Return the rule for a module, or ``None``.

    The rule of a base class holds for classes that compute the same: those without a ``forward`` of their own.

    Examples
    --------
    >>> import nn
    >>> rule_of(nn.Linear(1, 1)).__name__, rule_of(nn.ModuleList())
    ('linear', None)
    """
    computes = [_computation(kind) for kind in type(module).__mro__]
    same = [kind for kind, found in zip(type(module).__mro__, computes, strict=True) if found == computes[0]]
    return next((RULES[kind] for kind in same if kind in RULES), None)


def _computation(kind: Any) -> tuple[Any, Any]:
    return getattr(kind, "forward", None), getattr(kind, "function", None)  # families share a forward, with a function


class Graph:
    """Nodes and constants of an ONNX graph; what a rule adds to.

    Parameters
    ----------
    example : Tensor
        An input of a batch of two, run along to know the shape of every layer's input.
    dtype : dtype
        Of constants such as a slope: that of the parameters.

    Examples
    --------
    >>> import nn
    >>> from autograd import zeros
    >>> graph = Graph(zeros(2, 3), np.float32)
    >>> graph.run("body", nn.Sequential(nn.Linear(3, 4), nn.ReLU()), "input")
    'body.1/Relu'
    >>> graph.shape("body.1/Relu")
    (2, 4)
    """

    def __init__(self, example: Tensor, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)
        self.nodes: list[Any] = []
        self.constants: dict[str, np.ndarray] = {}
        self.examples = {"input": example}
        self._place: str = ""
        self._layer: Any = None
        self._input: str = ""
        self._output: Tensor | None = None
        self._names = {"input", "output"}

    def add(self, operation: str, *inputs: str, **attributes: Any) -> str:
        """Add a node and return the name of its output.

        Parameters
        ----------
        operation : str
            The ONNX operator, such as ``"Gemm"``.
        *inputs : str
            Names of what was computed before, of parameters or constants; ``""`` leaves an optional one out.
        **attributes
            Attributes of the operator; those that are ``None`` are left out.
        """
        helper = onnx_library().helper
        name, given = self._unused(operation), list(inputs)
        while given[-1] == "":  # onnxruntime takes an empty name at the end for an input that is there
            given.pop()
        self.nodes.append(helper.make_node(operation, given, [name], name=name, **attributes))
        return name

    def constant(self, value: Any, dtype: Any = None) -> str:
        """Add a number or an array and return its name; floats become the dtype of the parameters."""
        array = np.asarray(value)
        name = self._unused("constant")
        self.constants[name] = array.astype(dtype or self.dtype) if array.dtype.kind == "f" else array
        return name

    def parameter(self, attribute: str, otherwise: Any = None) -> str:
        """Return the name of a parameter or buffer of the layer: the one it has in the state dict.

        Parameters
        ----------
        attribute : str
            Such as ``"weight"``.
        otherwise : array-like, optional
            What to use when the layer has ``None`` there; without it the name is ``""``.
        """
        value = getattr(self._layer, attribute)
        if value is None:
            return "" if otherwise is None else self.constant(otherwise)
        name = f"{self._place}.{attribute}".lstrip(".")
        self.constants[name] = value.detach().numpy()
        return name

    def shape(self, x: str) -> tuple[int, ...]:
        """Return the shape of a layer's input for a batch of two."""
        return self.examples[x].shape

    def run(self, name: str, module: Module, x: str) -> str:
        """Write the nodes of a module and return the name of its output.

        Parameters
        ----------
        name : str
            Of the attribute under which the module hangs on the current one.
        module : Module
        x : str
            The graph's input, or what :meth:`run` returned.

        Raises
        ------
        TypeError
            When there is no rule for it: says its place and kind.
        ValueError
            When it does not take an input of this shape, or has an option that ONNX lacks.
        """
        outer = self._place, self._layer, self._input, self._output
        self._place, self._layer = f"{self._place}.{name}".strip("."), module
        self._input, self._output = x, None
        try:
            rule = rule_of(module)
            if rule is None:
                kinds = ", ".join(sorted(kind.__name__ for kind in RULES))
                raise TypeError(
                    f"{self._where()} cannot be exported: no rule says how to write its forward as ONNX nodes. There "
                    f"are rules for {kinds}; declare another one with nn.onnx.exports({type(module).__name__})"
                )
            if x not in self.examples:
                raise ValueError(f"{self._where()}: the input {x!r} is no output of run, so its shape is not known")
            out = rule(self, module, x)
            if out not in self.examples:
                self.examples[out] = self._result()
            return out
        finally:
            self._place, self._layer, self._input, self._output = outer

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the current layer's output for a batch of two."""
        return self._result().shape

    def unsupported(self, option: str) -> ValueError:
        """Return the error for an option of the layer that ONNX lacks."""
        return ValueError(f"{self._where()} cannot be exported: {option}")

    def _result(self) -> Tensor:
        """Run the current layer on its example, once."""
        if self._output is None:
            example = self.examples[self._input]
            given = f"its input has shape {('batch', *example.shape[1:])} and dtype {example.dtype}"
            try:
                output = self._layer.forward(example)
            except (TypeError, ValueError, IndexError) as error:
                raise ValueError(f"{self._where()}: {given}; {error}") from error
            if not isinstance(output, Tensor):
                raise self.unsupported(f"it returns a {type(output).__name__}, not one tensor")
            if output.shape[:1] != example.shape[:1]:
                raise self.unsupported(f"{given}; the output would mix the items of a batch")
            self._output = output
        return self._output

    def _where(self) -> str:
        place = repr(self._place) if self._place else "the model"
        return f"export_onnx: {place} ({type(self._layer).__name__})"

    def _unused(self, kind: str) -> str:
        base = f"{self._place}/{kind}".lstrip("/")
        name, number = base, 1
        while name in self._names:
            name, number = f"{base}_{number}", number + 1
        self._names.add(name)
        return name

"""The scalar node: ``Value``, a float that remembers how it was computed."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd.graph import Node, topological_order
from autograd.mode import mode, refuse
from autograd.operation import Operation
from autograd.operations import OPERATIONS
from autograd.pickling import pack
from autograd.versions import clock

if TYPE_CHECKING:
    # A stub, generated from the op table.
    from autograd.methods import Methods  # pyright: ignore[reportMissingModuleSource]
else:
    Methods = object

_new = object.__new__

BRANCH = (
    "use autograd.where(autograd.greater(x, y), a, b), autograd.maximum or autograd.minimum, "
    "or decide by a static argument (an int, a text)"
)
STATIC = "compute with Values, or give the function a static argument (an int, a text)"


class Value(Node, Methods):
    """A number in a computational graph.

    Arithmetic on Values computes at once and records the operation, so that ``backward()`` can
    apply the chain rule.  Every operation of the op table is a method.

    Parameters
    ----------
    data : float
        One real number.
    label : str
        The name shown in pictures.
    requires_grad : bool
        Whether a backward pass computes a gradient; plain numbers in an expression need none.

    Raises
    ------
    TypeError
        When `data` is not one real number, or `label` no text.

    Examples
    --------
    The circuit of the first lecture (row G1), f = (x + y) z:

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = ()
    __array_ufunc__ = None  # NumPy leaves mixed arithmetic to us, which refuses arrays

    def __init__(self, data: float, label: str = "", requires_grad: bool = True) -> None:
        self._data = data if data.__class__ is float else as_float(data, "Value(data)")
        if label.__class__ is not str:
            raise TypeError(f"Value(label) takes a text, got {describe(label)}")
        self.label = label
        self.requires_grad = requires_grad
        self._grad = self.op = self._first = self._second = None
        self._rest = ()

    @property
    def data(self) -> float:
        """The number; assigning changes it in place and leaves the results computed from it as they are."""
        if mode.compiling:
            _reads(self, ".data is read", "compute with the Value itself")
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        if mode.compiling:
            refuse(".data is assigned", "return the new number as an output, or change it outside of the function")
        self._data = as_float(data, "Value.data")
        if self.op is not None or not self.requires_grad:
            Node.edits += 1

    @property
    def grad(self) -> float:
        """The gradient: 0.0 until a backward pass reaches this node; ``None`` clears it."""
        if mode.compiling:
            refuse(".grad is read", "use autograd.grad(outputs, inputs, create_graph=True), whose graph is recorded")
        return 0.0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: float | None) -> None:
        if mode.compiling:
            refuse(".grad is assigned", "clear gradients outside of the function")
        self._grad = None if grad is None else as_float(grad, "Value.grad")

    def backward(self, gradient: float = 1.0) -> None:
        """Compute the gradient of this Value with respect to everything it was computed from.

        Leaves add the result to their ``grad``; the Values in between hold this pass's gradient.

        Parameters
        ----------
        gradient : float
            The gradient to start from.

        Raises
        ------
        ValueError
            When this Value is a constant or was computed inside ``no_grad()``.

        Examples
        --------
        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        self._backward(gradient if gradient.__class__ is float else as_float(gradient, "backward(gradient)"))

    def pull(self, gradients: dict[Any, Any], on_nodes: bool = False) -> None:
        """Pull the gradient of this result to its operands: upstream gradient times local gradient."""
        op: Any = self.op
        upstream = gradients[self]
        arity = 0 if on_nodes else op.plain_arity
        # One and two operands are written out: in a scalar graph nearly every node has them, and
        # the loop over the operands takes several times as long.
        if arity == 2:
            first, second = self._first, self._second
            x, y, out = first._data, second._data, self._data
            partials = op.partials
            if first.requires_grad:
                contribution = upstream * partials[0](x, y, out)
                gradients[first] = gradients[first] + contribution if first in gradients else contribution
            if second.requires_grad:
                contribution = upstream * partials[1](x, y, out)
                gradients[second] = gradients[second] + contribution if second in gradients else contribution
        elif arity == 1:
            operand = self._first
            local = op.partials[0](operand._data, self._data)
            contribution = upstream * local if local or not op.routes else 0.0
            gradients[operand] = gradients[operand] + contribution if operand in gradients else contribution
        else:
            for operand, contribution in zip(self.parents, op.contributions(self, upstream, on_nodes), strict=True):
                if operand.requires_grad:
                    gradients[operand] = gradients[operand] + contribution if operand in gradients else contribution

    def compute(self) -> None:
        """Compute the data of this result again, from the data that its operands have now."""
        if self.op is not None:
            self._data = self.op.forward(*[operand._data for operand in self.parents])

    def zero_grad(self) -> None:
        """Clear the gradient of this Value and of everything it was computed from.

        Examples
        --------
        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward()
        >>> y.zero_grad()
        >>> x.grad, x.grad_computed
        (0.0, False)
        """
        if mode.compiling:
            refuse("zero_grad() is called", "clear gradients outside of the function")
        for node in topological_order([self], constants=True):
            node._grad = None

    @property
    def _prev(self) -> set[Any]:
        return set(self.parents)

    @property
    def _op(self) -> str:
        return self.op.symbol if self.op else ""

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        if mode.compiling and self.requires_grad:  # no text that depends on the numbers of this one run
            return f"Value(recorded{label})"
        grad = 0.0 if self._grad is None else self._grad
        return f"Value(data={self._data}, grad={grad}{label})"

    def __format__(self, specification: str) -> str:
        return format(self.data, specification) if specification else repr(self)

    def __reduce__(self) -> tuple[Any, ...]:
        if mode.compiling:
            _reads(self, "a Value is copied or pickled", "use the Value itself")
        return pack(self)

    def __pos__(self) -> Value:
        return self

    def __float__(self) -> float:
        if mode.conversion_error:
            raise TypeError(mode.conversion_error)
        if mode.compiling:
            _reads(self, "a Value is turned into a plain number", STATIC)
        return self._data

    def __int__(self) -> int:
        return int(float(self))

    def __bool__(self) -> bool:
        if mode.compiling:
            _reads(self, "Python branches on a Value", BRANCH)
        return self._data != 0.0


def describe(given: object) -> str:
    """Name what was given, for an error message."""
    kind = type(given)
    name = (
        kind.__qualname__
        if kind.__module__ in ("builtins", "autograd.value")
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    shape = getattr(given, "shape", None)
    if isinstance(shape, tuple):
        return f"{name} of shape {shape}"
    text = repr(given)
    return f"{name} {text if len(text) <= 60 else text[:57] + '...'}" if given is not None else "None"


def as_float(data: Any, what: str) -> float:
    """Return `data` as a float, or raise an error that says what `what` takes."""
    if data.__class__ is float:
        return data
    if isinstance(data, numbers.Real):
        try:
            return float(data)
        except OverflowError:
            raise OverflowError(
                f"{what} takes a number in the range of a float, up to 1.8e308; this {type(data).__name__} is larger"
            ) from None
    if isinstance(data, str):
        remedy = f"convert text first: float({data[:20]!r})"
    elif isinstance(data, complex):
        remedy = "complex numbers are not supported; use the real and the imaginary part as two Values"
    elif isinstance(data, Value):
        remedy = "it is a Value already: use it as it is, or its number, x.data"
    elif hasattr(data, "item"):
        remedy = "take one element out with .item(), or make a list of Values"
    elif isinstance(data, (list, tuple)):
        remedy = "make one Value for each number: [Value(x) for x in numbers]"
    else:
        remedy = "give an int or a float"
    raise TypeError(f"{what} takes one real number, got {describe(data)}; {remedy}")


def _reads(value: Value, what: str, remedy: str) -> None:
    """Refuse to read a number that the next run of a program may change; remember a constant that was read."""
    if value.requires_grad:
        refuse(what, remedy)
    mode.constants.append(value)


def _comparison(operation: Operation) -> Callable[[Value, Any], bool]:
    """Return the method that compares numbers, as floats do; a Value is found in sets by identity."""
    forward, equality = operation.forward, operation.comparison in ("__eq__", "__ne__")

    def method(self: Value, other: Any) -> bool:
        number = other._data if isinstance(other, Value) else other if isinstance(other, numbers.Real) else None
        if number is None:
            if equality:
                return NotImplemented
            raise TypeError(f"cannot compare a Value with {describe(other)}; compare with a Value or a number")
        if mode.compiling:
            for operand in (self, other):
                if isinstance(operand, Value):
                    _reads(operand, "Values are compared", BRANCH)
        return bool(forward(self._data, number))

    return method


def as_operand(operand: Any, operation: Any) -> Any:
    """Return `operand` as a node; a number becomes a constant."""
    if isinstance(operand, Value):
        return operand
    if isinstance(operand, numbers.Real):
        return Value(as_float(operand, f"{operation.name}: an operand"), "", False)
    raise TypeError(
        f"{operation.name}: an operand is {describe(operand)}; operands are Values and real numbers, one number each"
    )


def apply(operation: Operation, *operands: Any) -> Value:
    """Run `operation` on Values and numbers, and record it when an operand requires a gradient.

    Raises
    ------
    TypeError
        When an operand is neither a Value nor a real number.

    Examples
    --------
    >>> from autograd.operation import lookup
    >>> apply(lookup("mul"), Value(3.0), 4).data
    12.0
    """
    nodes = [as_operand(operand, operation) for operand in operands]
    return record(operation, nodes, operation.forward(*[node._data for node in nodes]))


def record(operation: Any, operands: list[Any], data: float) -> Value:
    """Return the node for a result that was computed already."""
    out = Value(data)
    out.requires_grad = mode.recording and any(operand.requires_grad for operand in operands)
    if out.requires_grad:
        out.op = operation
        out.set_operands(operands)
    return out


# Nearly all nodes of a scalar graph come from the two methods below, so they set the slots
# themselves: calling the constructor would take twice as long.


def _unary_method(operation: Operation) -> Callable[..., Value]:
    forward = operation.forward

    def method(self: Any) -> Value:
        out = _new(Value)
        out._data = forward(self._data)
        out._grad = out._second = None
        out._rest = ()
        out.label = ""
        if self.requires_grad and (not clock.special or mode.recording):
            out.requires_grad = True
            out.op = operation
            out._first = self
        else:
            out.requires_grad = False
            out.op = out._first = None
        return out

    return method


def _binary_method(operation: Operation) -> Callable[..., Value]:
    forward = operation.forward

    def method(self: Any, other: Any) -> Value:
        if other.__class__ is not Value:
            other = as_operand(other, operation)
        out = _new(Value)
        out._data = forward(self._data, other._data)
        out._grad = None
        out._rest = ()
        out.label = ""
        if (self.requires_grad or other.requires_grad) and (not clock.special or mode.recording):
            out.requires_grad = True
            out.op = operation
            out._first = self
            out._second = other
        else:
            out.requires_grad = False
            out.op = out._first = out._second = None
        return out

    return method


def _method(operation: Operation) -> Callable[..., Value]:
    def method(self: Any, *operands: Any, **named: Any) -> Value:
        return apply(operation, *operation.bind((self, *operands), named))

    return method


def _reflected(operation: Operation, method: Callable[..., Value]) -> Callable[..., Value]:
    return lambda self, other: method(as_operand(other, operation), self)


for _row in OPERATIONS.values():
    if _row.arity is None:
        continue
    if _row.arity == 1:
        _made = _unary_method(_row)
    elif _row.arity == 2 and not _row.defaults:
        _made = _binary_method(_row)
    else:
        _made = _method(_row)
    _made.__doc__ = _row.doc
    _made.__name__ = _row.name
    _made.__qualname__ = f"Value.{_row.name}"
    for _name in filter(None, (*_row.names, _row.operator)):
        if hasattr(Value, _name):
            raise TypeError(f"operation {_row.name}: Value has an attribute {_name} already; choose another name")
        setattr(Value, _name, _made)
    if _row.operator and _row.arity == 2:
        setattr(Value, _row.operator.replace("__", "__r", 1), _reflected(_row, _made))
    if _row.comparison:
        setattr(Value, _row.comparison, _comparison(_row))

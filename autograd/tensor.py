"""The array node: ``Tensor``, a NumPy array that remembers how it was computed."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import inplace
from autograd.array_node import ArrayNode
from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.dtypes import as_array
from autograd.graph import Node, backpropagate, topological_order
from autograd.hooks import Handle
from autograd.mode import mode
from autograd.operation import Operation
from autograd.pickling import pack
from autograd.pulling import owned, pull, quiet_pass, sum_of
from autograd.value import Value, describe
from autograd.versions import ChangedOperand, clock, refuse_outdated

if TYPE_CHECKING:
    # A stub, generated from the op table.
    from autograd.methods import TensorMethods  # pyright: ignore[reportMissingModuleSource]
else:
    TensorMethods = object

_new = object.__new__
_array = np.ndarray
_getitem = ARRAY_OPERATIONS["getitem"]

NUMBERS = "fd?bhilqBHILQ"
"""NumPy's codes of the dtypes that tensors have."""

KEPT_GRADIENT = 4096
"""Results with at most so many elements keep their gradient after a backward pass, so that pictures can show it."""


class Tensor(ArrayNode, TensorMethods):
    """An array in a computational graph.

    NumPy's semantics, PyTorch's names.  Every operation of both halves of the op table is a method.

    Parameters
    ----------
    data : array-like
        Numbers, nested lists of them, or an array, which is copied.
    dtype : numpy.dtype, optional
        float32, float64, an integer type or bool; by default that of an array, float32 for
        Python's floats, int64 for its ints.
    requires_grad : bool
        Whether a backward pass computes a gradient; floats only.
    label : str
        The name shown in pictures.

    Raises
    ------
    TypeError
        When `data` holds anything but real numbers, or a gradient is asked for whole numbers.

    Examples
    --------
    >>> x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([[2., 4.],
            [6., 8.]])
    """

    __array_priority__ = 1000

    pickled = ("_options", "_saved", "_retains_grad", "_line", "_outdated")

    # What only few tensors have is an attribute of the class until it is set.
    _made = 0
    _options: dict[str, Any] | None = None
    _saved: Any = None
    _base: Any = None
    _cut = False  # whether it sees the memory of its base, but has no part in the graph of it
    _repeats = False  # whether it is a gradient of repeated numbers, in memory once: until somebody wants its memory
    _changed = 0
    _rebased = 0
    _versions: list[tuple[int, Any]] | None = None
    _hooks: dict[int, Callable[[Any], Any]] | None = None
    _retains_grad = False
    _line = ""
    _calls: tuple[Any, ...] = ()  # the modules that it is the output of, innermost first

    def __init__(self, data: Any, dtype: Any = None, requires_grad: bool = False, label: str = "") -> None:
        if not isinstance(label, str):
            raise TypeError(f"Tensor(label) takes a text, got {describe(label)}")
        self._data = as_array(data, dtype, "Tensor(data)")[
            ()
        ]  # without axes a NumPy scalar: a fifth of an array's time
        self._grad = self.op = self._first = self._second = None
        self._rest = ()
        self.label = label
        self.requires_grad = _checked_requires_grad(requires_grad, self._data.dtype)
        self._made = clock.now

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return self.op is None

    @property
    def data(self) -> Tensor:
        """The same numbers without the graph; assigning puts other numbers into this tensor."""
        return self.detach()

    @data.setter
    def data(self, data: Any) -> None:
        inplace.assign_data(self, data)

    @property
    def grad(self) -> Any:
        """The gradient as a tensor; ``None`` until a backward pass reaches this one."""
        grad = self._grad
        if grad is not None and not isinstance(grad, Tensor):
            # Leaves got an array of their own; results may share theirs with other nodes.
            grad = self._grad = as_constant(np.array(grad) if self.op is not None else np.asarray(grad))
        return grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        if grad is not None:
            grad = grad if isinstance(grad, Tensor) else Tensor(grad, self.dtype)
            if grad.shape != self.shape:
                raise ValueError(f"grad: a gradient of shape {grad.shape} for a tensor of shape {self.shape}")
        self._grad = grad

    # Gradients.

    def backward(self, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False) -> None:
        """Compute the gradient of this tensor with respect to everything it was computed from.

        Leaves add the result to their ``grad``.  Results on the way keep it when they are small
        (4096 elements) or `retain_grad` was called.

        Parameters
        ----------
        gradient : array-like, optional
            The gradient to start from, in the shape of this tensor; 1 for a single number.
        retain_graph : bool, optional
            Accepted for PyTorch's sake: a graph lives as long as its result.
        create_graph : bool
            Record the graph of the derivative, so that gradients can be differentiated again.

        Raises
        ------
        ValueError
            When there are several numbers and no `gradient`, or its shape is another.
        RuntimeError
            When a tensor that the derivative needs was changed in place.

        Examples
        --------
        >>> x = tensor([1.0, 2.0], requires_grad=True)
        >>> (x * 3.0).backward(gradient=[1.0, 10.0])
        >>> x.grad
        tensor([ 3., 30.])
        """
        if self._base is not None:
            refuse_outdated(self)
        seed = _one(self) if gradient is None and self._data.size == 1 else seed_for(self, gradient, "backward")._data
        if create_graph:
            gradients = backpropagate({self: as_constant(seed)}, True, _keeps_gradient)
        else:
            gradients = quiet_pass(backpropagate, {self: seed}, False, _keeps_gradient)
        taken = {id(seed), id(getattr(seed, "base", None))}
        for node, total in gradients.items():
            if node.op is not None:
                node._grad = owned(total, taken) if create_graph else total
                continue
            if node._hooks:
                total = node.arrived(total)
            total = owned(total, taken)
            node._grad = total if node._grad is None else sum_of(node._grad, total)

    def zero_grad(self) -> None:
        """Clear the gradient of this tensor and of everything it was computed from."""
        for node in topological_order([self], constants=True):
            node._grad = None

    def retain_grad(self) -> None:
        """Keep the gradient of this result after a backward pass, however large it is.

        Raises
        ------
        ValueError
            When this tensor requires no gradient.
        """
        if not self.requires_grad:
            raise ValueError("retain_grad: this tensor requires no gradient, so it never has one")
        self._retains_grad = True

    @property
    def retains_grad(self) -> bool:
        """Whether this is a result whose gradient is kept."""
        return self.op is not None and self.requires_grad and _keeps_gradient(self)

    def register_hook(self, hook: Callable[[Tensor], Any]) -> Handle:
        """Call `hook` with the gradient whenever a backward pass computes it.

        Parameters
        ----------
        hook : callable
            Receives the gradient; what it returns, if not ``None``, takes its place.

        Returns
        -------
        Handle
            Its ``remove()`` takes the hook away again.

        Examples
        --------
        >>> x = tensor([1.0, 2.0], requires_grad=True)
        >>> handle = x.register_hook(lambda g: g * 10.0)
        >>> x.sum().backward()
        >>> x.grad
        tensor([10., 10.])
        """
        if not self.requires_grad:
            raise ValueError("register_hook: this tensor requires no gradient, so the hook would never be called")
        self._hooks = {} if self._hooks is None else self._hooks
        return Handle(self._hooks, hook)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set whether this leaf requires a gradient, and return it."""
        if self.op is not None and not requires_grad:
            raise ValueError("requires_grad_: this is a result of an operation; use detach() for one without a graph")
        self.requires_grad = _checked_requires_grad(requires_grad, self.dtype)
        return self

    def detach(self) -> Tensor:
        """Return the same numbers, in the same memory, without the graph."""
        out = as_constant(self.numpy())
        out._base = self._base if self._base is not None else self
        out._cut = True
        return out

    def arrived(self, upstream: Any) -> Any:
        """Return the complete gradient of this node after its hooks saw it."""
        if self._hooks:
            for hook in [*self._hooks.values()]:
                given = upstream if isinstance(upstream, Tensor) else as_constant(_read_only(upstream))
                changed = hook(given)
                if changed is not None:
                    changed = as_operand(changed, hook)
                    if changed.shape != self.shape:
                        raise ValueError(f"hook: returned shape {changed.shape} for a gradient of shape {self.shape}")
                    upstream = (
                        changed if isinstance(upstream, Tensor) else np.array(changed._data)
                    )  # not the hook's memory
        return upstream

    pull = pull

    def compute(self) -> None:
        """Compute the data of this result again, from the data that its operands have now."""
        op: Any = self.op
        inputs = [operand._data for operand in self.parents]
        if op.__class__ is Operation:
            self._data = mode.quietly(op.on_arrays[0], *inputs)
        elif op.__class__ is ArrayOperation:
            inputs = [np.asarray(x) for x in inputs]
            result = mode.quietly(op.forward, *([inputs] if op.several else inputs), **(self._options or {}))
            self._data, self._saved = result if op.saves else (result, None)
        elif op is not None:
            self._data = op.forward(*[np.asarray(x) for x in inputs])

    @property
    def _outdated(self) -> bool:
        """Whether it or an operand was changed in place since; pickled, as the times of changes are not."""
        nodes = (self, *self.parents) if self.op is not None else ()
        return any((node if node._base is None else node._base)._changed > self._made for node in nodes)

    @_outdated.setter
    def _outdated(self, outdated: bool) -> None:
        self._made = -1 if outdated else clock.now

    # Elements.

    def __getitem__(self, index: Any) -> Tensor:
        parts = index if index.__class__ is tuple else (index,)
        parts = tuple(_index_part(part) for part in parts)
        return _getitem.apply(_getitem, [self], {"index": parts})

    def __setitem__(self, index: Any, value: Any) -> None:
        parts = index if index.__class__ is tuple else (index,)
        inplace.set_item(self, tuple(_index_part(part) for part in parts), value)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len: a tensor without axes is a single number and has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if self.ndim == 0:
            raise TypeError("a tensor without axes is a single number; there is nothing to iterate over")
        return (self[i] for i in range(self.shape[0]))

    def __contains__(self, value: Any) -> bool:
        return bool((self.numpy() == (value.numpy() if isinstance(value, Tensor) else value)).any())

    # Copies.

    def __pos__(self) -> Tensor:
        return self

    def __copy__(self) -> Tensor:
        return self.detach().requires_grad_(self.requires_grad) if self.op is None else self

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if self.op is not None:
            raise TypeError(
                f"deepcopy: this tensor is the result of {self.op.name}; use clone(), or copy a leaf or a detach()"
            )
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        for name in Node.__slots__:
            setattr(copied, name, getattr(self, name))
        copied.__dict__.update(
            {name: value for name, value in self.__dict__.items() if name not in ("_base", "_hooks")}
        )
        copied._data = np.array(self._data)
        copied._grad = None if self.grad is None else self.grad.detach().clone()
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        return pack(self)


ARRAYS = (Tensor, np.ndarray)


def as_constant(array: Any) -> Tensor:
    """Return a tensor without gradient that shares the array."""
    out = _new(Tensor)
    out._data = array
    out._grad = out.op = out._first = out._second = None
    out._rest = ()
    out.label = ""
    out.requires_grad = False
    out._made = clock.now
    return out


def as_operand(operand: Any, operation: Any) -> Tensor:
    """Return `operand` as a tensor; a number stays a Python number, so that it takes the dtype of its partner.

    Raises
    ------
    TypeError
        When it is neither a tensor, nor an array, nor a number.
    """
    kind = operand.__class__
    if kind is Tensor:
        return operand
    if kind is float or kind is int or kind is bool:
        return as_constant(operand)
    if isinstance(operand, Tensor):
        return operand
    if isinstance(operand, np.ndarray):
        return as_constant(operand if operand.dtype.char in NUMBERS else as_array(operand, None, operation.name))
    if isinstance(operand, np.generic) and operand.dtype.char in NUMBERS:
        return as_constant(operand.item())
    if isinstance(operand, numbers.Real) and not isinstance(operand, Value):
        return as_constant(float(operand))
    if isinstance(operand, ChangedOperand):
        operand._refuse()
    name = getattr(operation, "name", "operation")
    remedy = "a graph has either Values or tensors" if isinstance(operand, Value) else "make it a tensor(...) first"
    raise TypeError(f"{name}: an operand is {describe(operand)}; operands are tensors, arrays and numbers: {remedy}")


def _checked_requires_grad(requires_grad: Any, dtype: Any) -> bool:
    if requires_grad and dtype.kind != "f":
        raise TypeError(f"requires_grad: only floats have gradients, this tensor has dtype {dtype}; use .to(float32)")
    return bool(requires_grad)


def seed_for(output: Tensor, gradient: Any, function: str) -> Tensor:
    """Return the gradient that a pass starts from, as a tensor.

    Raises
    ------
    ValueError
        When the output has several numbers and no gradient is given, or its shape is another.
    """
    if gradient is None:
        if output.numel() != 1:
            raise ValueError(
                f"{function}: the output has shape {output.shape}, not a single number; "
                f"reduce it, for example with .sum(), or give the gradient to start from in this shape"
            )
        return as_constant(_one(output))
    seed = gradient if isinstance(gradient, Tensor) else Tensor(gradient, output.dtype)
    if seed.shape != output.shape:
        raise ValueError(f"{function}: a gradient of shape {seed.shape} for an output of shape {output.shape}")
    return seed if seed.dtype == output.dtype else seed.to(output.dtype)


_ones: dict[Any, np.ndarray] = {}


def _one(output: Tensor) -> np.ndarray:
    """The gradient 1 that a pass starts from, of a single number."""
    data = output._data
    if data.__class__ is not _array:
        return data.dtype.type(1)
    key = data.shape, data.dtype.char
    if key not in _ones:
        _ones[key] = np.ones(*key)
        _ones[key].flags.writeable = False
    return _ones[key]


def _keeps_gradient(node: Any) -> bool:
    data = node._data
    return data.__class__ is not _array or data.size <= KEPT_GRADIENT or node._retains_grad


def _read_only(upstream: Any) -> np.ndarray:
    """Return a view that cannot be written: other nodes may have the same gradient."""
    view = np.asarray(upstream).view()
    view.flags.writeable = False
    return view


def _index_part(part: Any) -> Any:
    """Return one part of an index as NumPy takes it."""
    if part.__class__ is int or part.__class__ is slice or part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        return part
    if isinstance(part, Tensor):
        part = part.numpy()
    array = np.asarray(part)
    if array.size == 0 and not isinstance(part, np.ndarray):
        array = array.astype(np.int64)
    if array.dtype.kind not in "iub":
        raise IndexError(
            f"an index is made of whole numbers, slices, None, ... and arrays of whole numbers or bool; "
            f"got {describe(part)}"
        )
    if array.ndim == 0 and array.dtype.kind in "iu":
        return int(array)
    return array

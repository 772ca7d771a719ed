"""The array node: ``Tensor``, a NumPy array that remembers how it was computed."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import arrays, fused, inplace
from autograd.array_operation import ArrayOperation
from autograd.array_operations import ARRAY_OPERATIONS
from autograd.array_operations.shapes import astype as astype_row
from autograd.dtypes import as_array
from autograd.graph import Node, backpropagate, topological_order
from autograd.mode import mode
from autograd.operation import Operation
from autograd.operations import OPERATIONS
from autograd.pickling import pack
from autograd.value import Value, describe
from autograd.versions import ChangedOperand, clock, refuse_changed, refuse_outdated

if TYPE_CHECKING:
    # A stub, generated from the op table.
    from autograd.methods import TensorMethods  # pyright: ignore[reportMissingModuleSource]
else:
    TensorMethods = object

_new = object.__new__
_array = np.ndarray

NUMBERS = "fd?bhilqBHILQ"
"""NumPy's codes of the dtypes that tensors have."""

KEPT_GRADIENT = 4096
"""Results with at most so many elements keep their gradient after a backward pass, so that pictures can show it."""


class Tensor(Node, TensorMethods):
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

    # What it holds.

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of elements along each axis."""
        return np.shape(self._data)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self._data)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The kind of numbers."""
        return self._data.dtype if hasattr(self._data, "dtype") else self.numpy().dtype

    @property
    def itemsize(self) -> int:
        """The number of bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self.numpy().nbytes

    def size(self, dim: int | None = None) -> Any:
        """Return the shape, or one of its entries."""
        return self.shape if dim is None else self.shape[dim]

    def dim(self) -> int:
        """Return the number of axes."""
        return self.ndim

    def numel(self) -> int:
        """Return the number of elements."""
        return int(np.size(self._data))

    def is_contiguous(self) -> bool:
        """Whether the elements lie in memory in the order of their indices."""
        return bool(self.numpy().flags.c_contiguous)

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return self.op is None

    def numpy(self) -> np.ndarray:
        """Return the array itself: it shares memory, so a change of one is seen in the other.

        A change through NumPy is not noticed by the check for tensors that were changed after
        they were saved for the backward pass; change the tensor instead.
        """
        data = self._data
        if data.__class__ is _array:
            if self._repeats:
                self._data, self._repeats = data.copy(), False
            return self._data
        if isinstance(data, np.generic):  # a result without axes is a NumPy scalar until somebody wants its memory
            self._data = np.asarray(data)
            return self._data
        # A number written in an expression: it has no dtype of its own.
        return mode.quietly(np.asarray, data, np.float32 if isinstance(data, float) else None)

    def item(self) -> Any:
        """Return the only element as a Python number.

        Raises
        ------
        ValueError
            When there is not exactly one element.
        """
        if self.numel() != 1:
            raise ValueError(f"item: a tensor of shape {self.shape} has {self.numel()} elements, not one; use tolist()")
        return self.numpy().item()

    def tolist(self) -> Any:
        """Return nested lists of Python numbers, or one number."""
        return self.numpy().tolist()

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
            node._grad = total if node._grad is None else _sum_of(node._grad, total)

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

    def pull(self, gradients: dict[Any, Any], on_nodes: bool = False) -> None:
        """Pull the gradient of this result to its operands: upstream gradient times local gradient."""
        op: Any = self.op
        if on_nodes or self._hooks or self._made != clock.now or op.__class__ is not Operation or clock.watched:
            return self._pull_carefully(gradients, on_nodes)
        # The common case, an element-wise operation of one or two operands, is written out.
        upstream, out = gradients[self], self._data
        first, second = self._first, self._second
        rules = op.on_arrays
        if upstream.size >= fused.LARGE:
            return self._pull_carefully(gradients, on_nodes)
        if second is None:
            local = rules[1](first._data, out)
            contribution = upstream if local.__class__ is float and local == 1.0 else upstream * local
            if contribution.shape != first._data.shape or contribution.dtype is not first._data.dtype:
                contribution = _fitted(contribution, first, False)
            gradients[first] = gradients[first] + contribution if first in gradients else contribution
        elif self._rest:
            self._pull_carefully(gradients, on_nodes)
        else:
            x, y = first._data, second._data
            if first.requires_grad:
                local = rules[1](x, y, out)
                contribution = upstream if local.__class__ is float and local == 1.0 else upstream * local
                if contribution.shape != x.shape or contribution.dtype is not x.dtype:
                    contribution = _fitted(contribution, first, False)
                gradients[first] = gradients[first] + contribution if first in gradients else contribution
            if second.requires_grad:
                local = rules[2](x, y, out)
                contribution = upstream if local.__class__ is float and local == 1.0 else upstream * local
                if contribution.shape != y.shape or contribution.dtype is not y.dtype:
                    contribution = _fitted(contribution, second, False)
                gradients[second] = gradients[second] + contribution if second in gradients else contribution
        return None

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

    def _pull_carefully(self, gradients: dict[Any, Any], on_nodes: bool) -> None:
        """Pull by any kind of rule, on arrays or nodes, with a look at changes in place."""
        op: Any = self.op
        upstream = gradients[self] = self.arrived(gradients[self])
        operands = self.parents
        inputs: list[Any] = [*operands] if on_nodes else [operand._data for operand in operands]
        out: Any = self if on_nodes else self._data
        if self._made != clock.now:  # something was changed in place since
            _check_changes(self, operands, inputs)
            if (self if self._base is None else self._base)._changed > self._made:
                out = ChangedOperand(self.numpy(), _changed_message(self, op))
        if op.__class__ is Operation:
            received = _local_products(op, upstream, operands, inputs, out, on_nodes)
        elif op.__class__ is ArrayOperation:
            received = _products(self, op, upstream, operands, inputs, out, on_nodes)
        else:
            if on_nodes or op.runs_again:
                refuse_changed(inputs)
            received = op.contributions(self, upstream, on_nodes)
        for i, (operand, contribution) in enumerate(zip(operands, received, strict=True)):
            if contribution is not None and operand.requires_grad:
                received[i] = contribution = _fitted(contribution, operand, on_nodes)
                gradients[operand] = gradients[operand] + contribution if operand in gradients else contribution
        if mode.anomaly:
            inplace.check_gradients(self, received)

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
        return apply_array_operation(ARRAY_OPERATIONS["getitem"], [self], {"index": parts})

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

    # Text and plain numbers.

    def __repr__(self) -> str:
        text = np.array2string(self.numpy(), separator=", ", prefix="tensor(")
        extras = [f"size={self.shape}"] if self.numel() == 0 and self.shape != (0,) else []
        if self.dtype not in (np.dtype(np.float32), np.dtype(np.int64), np.dtype(np.bool)):
            extras.append(f"dtype={self.dtype}")
        if self.op is not None:
            extras.append(f"op={self.op.name}")
        elif self.requires_grad:
            extras.append("requires_grad=True")
        if self.label:
            extras.append(f"label={self.label!r}")
        return f"tensor({', '.join([text, *extras])})"

    def __format__(self, specification: str) -> str:
        if not specification:
            return repr(self)
        if self.numel() != 1:
            raise TypeError(f"format: {specification!r} is for one number, this tensor has shape {self.shape}")
        return format(self.item(), specification)

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise ValueError(
                f"a tensor of shape {self.shape} is neither true nor false; "
                f"use .any(), .all() or where(condition, x, y)"
            )
        return bool(self.numpy().item())

    def __float__(self) -> float:
        if mode.conversion_error:
            raise TypeError(mode.conversion_error)
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iub" or self.numel() != 1:
            raise TypeError(f"only one whole number can be an index, got shape {self.shape} of {self.dtype}")
        return operator.index(self.numpy().item())

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

    # Other libraries: see `autograd.protocols`.

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.numpy(), dtype, copy=copy) if copy else np.asarray(self.numpy(), dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from autograd.protocols import call_ufunc

        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        from autograd.protocols import call_array_function

        return call_array_function(function, arguments, options)

    def __dlpack__(self, **options: Any) -> Any:
        if self.requires_grad:
            raise BufferError("this tensor requires a gradient, which another library would not record; use detach()")
        return self.numpy().__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.numpy().__dlpack_device__()

    __hash__ = object.__hash__


ARRAYS = (Tensor, np.ndarray)


class Handle:
    """Takes a hook away again."""

    _count = 0

    def __init__(self, hooks: dict[int, Callable[..., Any]], hook: Callable[..., Any]) -> None:
        Handle._count += 1
        self._hooks, self._key = hooks, Handle._count
        hooks[self._key] = hook

    def remove(self) -> None:
        """Stop calling the hook."""
        self._hooks.pop(self._key, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: Any) -> None:
        self.remove()


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


def quiet_pass(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that runs many operations; NumPy follows IEEE 754 without warnings all the time."""
    quietly = mode.quietly
    mode.quietly = _directly  # a context cannot be entered twice
    try:
        return quietly(function, *arguments)
    finally:
        mode.quietly = quietly


def _directly(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)


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
    return node._data.size <= KEPT_GRADIENT or node._retains_grad


def _read_only(upstream: Any) -> np.ndarray:
    """Return a view that cannot be written: other nodes may have the same gradient."""
    view = np.asarray(upstream).view()
    view.flags.writeable = False
    return view


def owned(total: Any, taken: set[int]) -> Any:
    """Return a gradient that shares its memory with no other; `taken` are the arrays that somebody has."""
    if total.__class__ is _array:
        memory = total
        if total.base is not None:
            memory = total.base
            if memory.__class__ is not _array or memory.size != total.size or not total.flags.carray:
                return total.copy()
        if id(memory) in taken:
            return total.copy()
        taken.add(id(memory))
    elif isinstance(total, Tensor):
        if total.op is None or total._base is not None or id(total._data) in taken:
            return total.clone()
        taken.add(id(total._data))
    return total


def _sum_of(before: Any, total: Any) -> Any:
    if isinstance(total, Tensor) or (isinstance(before, Tensor) and before.requires_grad):
        return total + before
    return (before._data if isinstance(before, Tensor) else before) + total


def _times(upstream: Any, local: Any) -> Any:
    return upstream if local.__class__ is float and local == 1.0 else upstream * local


def _local_products(
    op: Operation, upstream: Any, operands: Any, inputs: list[Any], out: Any, on_nodes: bool
) -> list[Any]:
    """Return upstream gradient times local gradient for each operand of an element-wise row."""
    partials = op.node_partials if on_nodes else op.on_arrays[1:]
    large = not on_nodes and fused.is_large(upstream.size)
    received: list[Any] = []
    for slot, (partial, operand) in enumerate(zip(partials, operands, strict=True)):
        product = None
        if operand.requires_grad:
            product = fused.pull(op, slot, upstream, inputs, out) if large else None
            product = _times(upstream, partial(*inputs, out)) if product is None else product
        received.append(product)
    return received


def _fitted(contribution: Any, operand: Tensor, on_nodes: bool) -> Any:
    """Return the contribution in the operand's shape and dtype."""
    data = operand._data
    if contribution.shape != data.shape:
        sum_to_size = ARRAY_OPERATIONS["sum_to_size"]
        if on_nodes:
            contribution = sum_to_size(expanded_to(contribution, data.shape), data.shape)
        else:
            contribution = sum_to_size.forward(expanded_to(contribution, data.shape), data.shape)
    if contribution.dtype is not data.dtype and contribution.dtype != data.dtype:
        contribution = astype_row(contribution, data.dtype) if on_nodes else contribution.astype(data.dtype)
    return contribution


def expanded_to(contribution: Any, shape: tuple[int, ...]) -> Any:
    """Return `contribution` broadcast against `shape`: a derivative may be one number for all elements."""
    full = np.broadcast_shapes(contribution.shape, shape)
    if full == contribution.shape:
        return contribution
    if isinstance(contribution, Tensor):
        return ARRAY_OPERATIONS["expand"](contribution, full)
    return np.broadcast_to(contribution, full)


def _products(
    node: Tensor, op: ArrayOperation, upstream: Any, operands: Any, inputs: list[Any], out: Any, on_nodes: bool
) -> list[Any]:
    m: Any = arrays
    if on_nodes:
        from autograd import functions as m
    options = node._options or {}
    if op.saves:
        options = {**options, "saved": node._saved}
    if op.several:
        product = op.products[0]
        return [
            product(m, upstream, out, inputs, i, **options) if operand.requires_grad else None
            for i, operand in enumerate(operands)
        ]
    missing = [None] * (len(op.products) - len(operands))  # optional operands that were not given
    return [
        product(m, upstream, out, *inputs, *missing, **options) if operand.requires_grad else None
        for product, operand in zip(op.products, operands, strict=False)
    ]


def _changed_message(tensor: Tensor, saver: Any) -> str:
    name = f" {tensor.label!r}" if tensor.label else ""
    return (
        f"a tensor{name} of shape {tensor.shape} was changed in place after {saver.name} had used it, and the gradient "
        f"of {saver.name} needs the numbers from before; change a copy (x.clone()), or compute a new one (x = x + 1)"
    )


def _check_changes(node: Tensor, operands: Sequence[Tensor], inputs: list[Any]) -> None:
    made = node._made
    for i, operand in enumerate(operands):
        root = operand._base if operand._base is not None else operand
        if operand._rebased > made:
            raise RuntimeError(_changed_message(operand, node.op))
        if root._changed > made:
            inputs[i] = ChangedOperand(operand.numpy(), _changed_message(operand, node.op))


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


_constant = as_constant


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


def apply(operation: Operation, *operands: Any) -> Tensor:
    """Run an element-wise operation on tensors, arrays and numbers, and record it.

    Raises
    ------
    TypeError
        When an operand is neither a tensor, nor an array, nor a number.
    ValueError
        When the shapes do not broadcast.

    Examples
    --------
    >>> from autograd.operation import lookup
    >>> apply(lookup("maximum"), tensor([1.0, 5.0]), 3.0)
    tensor([3., 5.])
    """
    if operation.arity is None:
        raise TypeError(f"{operation.name}: takes Values; there is no such operation of tensors")
    nodes = [as_operand(operand, operation) for operand in operands]
    data = _computed(operation, [node._data for node in nodes])
    weak = (float, int, bool)
    if data.__class__ is _array and any(data is node._data for node in nodes):
        data = data.copy()  # where() chose all of an operand
    if (
        getattr(data, "dtype", np.dtype(data.__class__)) == np.float64
        and not mode.deriving  # in a rule, a number beside a mask has the digits that the gradient needs
        and all(node._data.__class__ in weak or node._data.dtype.kind == "b" for node in nodes)
    ):
        data = mode.quietly(np.float32, data)  # from Python's numbers alone
    return record(operation, nodes, data)


def _computed(operation: Operation, inputs: list[Any]) -> Any:
    if any(np.size(x) >= fused.LARGE for x in inputs) and fused.is_large(max(map(np.size, inputs))):
        data = fused.forward(operation, inputs)
        if data is not None:
            return data
    try:
        return mode.quietly(operation.on_arrays[0], *inputs)
    except (ValueError, TypeError) as error:
        raise _explained(operation, inputs, error) from None


def _explained(operation: Any, inputs: Sequence[Any], error: Exception) -> Exception:
    """Return the error with the operation, the shapes and dtypes, and what to do."""
    if str(error).startswith(operation.name):
        return error
    shapes = [np.shape(x) for x in inputs]
    given = ", ".join(f"{x.shape} {x.dtype}" if isinstance(x, np.ndarray) else repr(x) for x in inputs)
    if isinstance(error, TypeError):
        return TypeError(f"{operation.name}: not defined for {given}; convert with .to(float32)")
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return ValueError(
            f"{operation.name}: the shapes {' and '.join(map(str, shapes))} do not broadcast; "
            f"counted from the last axis, sizes must be equal or 1; reshape or unsqueeze one of them"
        )
    return type(error)(f"{operation.name} of {given}: {error}")


def record(operation: Any, operands: Sequence[Tensor], data: Any) -> Tensor:
    """Return the node for a result that was computed already."""
    if data.__class__ in (float, int, bool):  # a rule chose a number that stands in it
        data = np.asarray(data, np.result_type(*[operand._data for operand in operands]))[()]
    out = _new(Tensor)
    out._data = data
    out._grad = out.op = out._first = out._second = None
    out._rest = ()
    out.label = ""
    out.requires_grad = False
    out._made = clock.now
    if mode.recording and data.dtype.kind == "f":
        for operand in operands:
            if operand.requires_grad:
                out.requires_grad = True
                out.op = operation
                out.set_operands(operands)
                break
    for operand in operands:
        refuse_outdated(operand)
    if clock.watched and mode.anomaly:
        inplace.check_result(out, operation, operands)
    return out


def _input(node: Tensor, first: Tensor) -> np.ndarray:
    """Return the array of an operand; a Python number takes the dtype of the first one."""
    if node._data.__class__ is float and first.dtype.kind == "f":
        return mode.quietly(np.asarray, node._data, first.dtype)
    return node.numpy()


def apply_array_operation(operation: ArrayOperation, operands: Sequence[Any], options: dict[str, Any]) -> Tensor:
    """Run a row of the table for arrays on tensors, and record it with its options."""
    nodes = [as_operand(operand, operation) for operand in operands]
    inputs = [
        node._data if node._data.__class__ is _array and not node._repeats else _input(node, nodes[0]) for node in nodes
    ]
    try:
        result = mode.quietly(operation.forward, *([inputs] if operation.several else inputs), **options)
    except IndexError as error:
        if str(error).startswith(operation.name):
            raise
        raise IndexError(f"{operation.name} of shape {inputs[0].shape}: {error}") from None
    except (ValueError, TypeError) as error:
        raise _explained(operation, inputs, error) from None
    data, saved = result if operation.saves else (result, None)
    out = record(operation, nodes, data)
    if out.requires_grad:
        out._options = {name: _kept(option) for name, option in options.items()}
        out._saved = saved
    if out._data.base is not None and nodes:
        _note_view(out, nodes[0])
    elif nodes and out._data is nodes[0]._data:
        _see_memory_of(out, nodes[0])
    return out


def _kept(option: Any) -> Any:
    """Return an option for the backward pass: indices are copied, as their owner may change them."""
    if option.__class__ is tuple:
        return tuple(map(_kept, option))
    return option.copy() if option.__class__ is _array and option.dtype.kind != "f" else option


def _note_view(out: Tensor, source: Tensor) -> None:
    """Remember whose memory a view looks at."""
    data = source._data
    if isinstance(data, np.ndarray) and out._data.base is (data if data.base is None else data.base):
        _see_memory_of(out, source)


def _see_memory_of(out: Tensor, source: Tensor) -> None:
    out._base = source._base if source._base is not None else source
    out._cut = source._cut


# The methods: every row of both halves of the table.


def _unary_method(operation: Operation) -> Callable[..., Tensor]:
    def method(self: Tensor) -> Tensor:
        return record(operation, (self,), _computed(operation, [self._data]))

    return method


def _binary_method(operation: Operation, convert: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Any:
        kind = other.__class__
        if kind is float or kind is int:
            other = as_constant(other)
        elif kind is not Tensor:
            other = convert(other, operation)
            if other is NotImplemented:
                return other
        x = self._data
        if x.__class__ is _array and x.size >= fused.LARGE:
            return record(operation, (self, other), _computed(operation, [x, other._data]))
        try:
            data = mode.quietly(operation.on_arrays[0], x, other._data)
        except (ValueError, TypeError) as error:
            raise _explained(operation, [x, other._data], error) from None
        if self._base is not None or other._base is not None or clock.watched or data.__class__ is float:
            return record(operation, (self, other), data)
        # As `record`, written out: small graphs are made of these.
        out = _new(Tensor)
        out._data = data
        out._grad = None
        out._rest = ()
        out.label = ""
        out._made = clock.now
        if (self.requires_grad or other.requires_grad) and mode.recording and data.dtype.kind == "f":
            out.requires_grad = True
            out.op = operation
            out._first = self
            out._second = other
        else:
            out.requires_grad = False
            out.op = out._first = out._second = None
        return out

    return method


def _as_partner(other: Any, operation: Operation) -> Any:
    """As `as_operand`; but Python tries the other's own method when it is of a kind that we do not know."""
    known = isinstance(other, (*ARRAYS, numbers.Real, np.generic, Value, list, tuple, str, bytes, dict, type(None)))
    return as_operand(other, operation) if known or hasattr(other, "__array__") else NotImplemented


def _method(operation: Operation | ArrayOperation) -> Callable[..., Tensor]:
    return lambda self, *operands, **named: operation(self, *operands, **named)


def _reflected(operation: Operation, method: Callable[..., Any]) -> Callable[..., Any]:
    def reflected(self: Tensor, other: Any) -> Any:
        other = _as_partner(other, operation)
        return other if other is NotImplemented else method(other, self)

    return reflected


COMPARISONS = {
    "__gt__": "greater",
    "__ge__": "greater_equal",
    "__lt__": "less",
    "__le__": "less_equal",
    "__eq__": "equal",
    "__ne__": "not_equal",
}


def _attach() -> None:
    for row in OPERATIONS.values():
        if row.arity is None:
            continue
        if row.arity == 1:
            made = _unary_method(row)
        elif row.arity == 2 and not row.defaults:
            made = _binary_method(row, as_operand)
        else:
            made = _method(row)
        _name(made, row)
        for name in row.names:
            setattr(Tensor, name, made)
            setattr(Tensor, f"{name}_", inplace.method(row))
        if row.operator and row.arity == 2:
            made = _binary_method(row, _as_partner)
            setattr(Tensor, row.operator.replace("__", "__r", 1), _reflected(row, made))
            setattr(Tensor, row.operator.replace("__", "__i", 1), inplace.method(row))
        if row.operator:
            setattr(Tensor, row.operator, made)
    for operator_name, name in COMPARISONS.items():
        setattr(Tensor, operator_name, _binary_method(OPERATIONS[name], _as_partner))
    Tensor.__hash__ = Node.__hash__  # comparing element by element leaves nodes to be found by identity
    for row in ARRAY_OPERATIONS.values():
        if row.method:
            made = _method(row)
            _name(made, row)
            setattr(Tensor, row.name, made)
    matmul = ARRAY_OPERATIONS["matmul"]
    setattr(Tensor, "__matmul__", lambda self, other: matmul(self, other))  # noqa: B010  # the table gives all methods
    setattr(Tensor, "__rmatmul__", lambda self, other: matmul(other, self))  # noqa: B010


def _name(method: Any, row: Operation | ArrayOperation) -> None:
    method.__doc__ = row.doc
    method.__name__ = row.name
    method.__qualname__ = f"Tensor.{row.name}"


_attach()
ArrayOperation.apply = staticmethod(apply_array_operation)
arrays.complete()

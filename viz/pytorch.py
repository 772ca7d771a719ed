"""The graph behind a result of PyTorch as one of ours.

PyTorch records the backward functions (``AddBackward0``) and of the numbers only those that their derivatives need.
The others are computed again from the leaves; a number added to something is found from a result further on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import OPERATIONS, Tensor, functions
from autograd.array_operation import ARRAY_OPERATIONS
from autograd.graph import backpropagate
from autograd.recording import record
from autograd.tensor import as_constant
from viz.foreign import ForeignOperation, is_unknown

FREED = (
    "PyTorch's backward() has freed what {name} needs to pass its gradient back; "
    "draw or step before backward(), or call backward(retain_graph=True)"
)

Build = Callable[..., Any]

GATES: dict[str, Build] = {
    "Add": lambda fn, x, y: x + _scaled(y, fn),
    "Sub": lambda fn, x, y: x - _scaled(y, fn),
    "Mul": lambda fn, x, y: x * y,
    "Div": lambda fn, x, y: x / y,
    "Rsub": lambda fn, x, y: y - _scaled(x, fn),
    "Pow": lambda fn, x, y: x**y,
    "Maximum": lambda fn, x, y: functions.maximum(x, y),
    "Minimum": lambda fn, x, y: functions.minimum(x, y),
    "LeakyRelu": lambda fn, x: functions.leaky_relu(x, fn._saved_negative_slope),
    "Mm": lambda fn, x, y: x @ y,
    "Mv": lambda fn, x, y: x @ y,
    "Dot": lambda fn, x, y: x @ y,
    "Bmm": lambda fn, x, y: x @ y,
    "Addmm": lambda fn, bias, x, y: x @ y + bias if fn._saved_alpha == fn._saved_beta == 1 else None,
    "T": lambda fn, x: x.T,
    "Permute": lambda fn, x: x.permute(*map(_signed, fn._saved_dims)),
    "View": lambda fn, x: x.reshape(_shape(fn)),
    "UnsafeView": lambda fn, x: x.reshape(_shape(fn)),
    "Sum": lambda fn, x: x.sum(*_dims(fn)),
    "Mean": lambda fn, x: x.mean(*_dims(fn)),
    "LogSoftmax": lambda fn, x: ARRAY_OPERATIONS["log_softmax"](x, dim=_signed(fn._saved_dim)),
}
"""For the name of a backward function how the operation is written here, where its row has another name, or options."""

SAVED = {"self": 0, "other": 1, "exponent": 1, "mat2": 1, "vec": 1, "tensor": 1}
"""Of which operand a backward function keeps the value under these names."""

INVERSES: dict[str, Callable[[Any], Any]] = {
    "Exp": np.log,
    "Tanh": np.arctanh,
    "Sigmoid": lambda y: np.log(y) - np.log1p(-y),
    "Reciprocal": lambda y: 1 / y,
    "Sqrt": np.square,
    "Neg": np.negative,
}


def from_pytorch(output: Any) -> Tensor:
    """Return the result with its graph; gradients are there when the leaves have them."""
    if output.grad_fn is None:
        return _leaf(output)
    return _Conversion(output).result


class _Conversion:
    def __init__(self, output: Any) -> None:
        self.known = {(output.grad_fn, output.output_nr): _array(output)}
        self.users: dict[Any, list[Any]] = {}
        self.indices: dict[Any, set[int]] = {output.grad_fn: {output.output_nr}}
        self.nodes: dict[tuple[Any, int], Tensor] = {}
        order = _order(output.grad_fn)
        for fn in order:
            self._collect(fn)
        variables = [fn for fn in order if hasattr(fn, "variable")]
        for fn in variables:
            self.nodes[fn, 0] = _leaf(fn.variable)
        for fn in order:
            for index in sorted(self.indices[fn]) if fn not in variables else ():
                self.nodes[fn, index] = self._gate(fn, index)
        self.result = self.nodes[output.grad_fn, output.output_nr]
        self.result.label = _label(output)
        if any(fn.variable.grad is not None for fn in variables):
            self._add_gradients()

    def _collect(self, fn: Any) -> None:
        """Note who uses a result, and the values that are kept of results."""
        for slot, (operand, index) in enumerate(fn.next_functions):
            if operand is None:
                continue
            self.users.setdefault((operand, index), []).append((fn, slot))
            self.indices.setdefault(operand, set()).add(index)
            value = self._saved_operand(fn, slot)
            if value is not None:
                self.known.setdefault((operand, index), value)
        value = next((v for name in ("result", "output", "out") if (v := _saved(fn, name)) is not None), None)
        if value is not None:
            self.known.setdefault((fn, 0), value)

    def _saved_operand(self, fn: Any, slot: int) -> np.ndarray | None:
        names = {"mat1": 1, "mat2": 2} if _name(fn) == "Addmm" else {} if _is_power_of_number(fn) else SAVED
        for name, place in names.items():
            if place == slot and (value := _saved(fn, name)) is not None:
                return value
        return None

    def _gate(self, fn: Any, index: int) -> Tensor:
        """Make a result by our own operation when that gives the same numbers, else by a gate with PyTorch's name."""
        operands = [self.nodes.get(operand) if operand[0] else None for operand in fn.next_functions]
        known = self.known.get((fn, index))
        name = _name(fn)
        if name == "Pow" and len(operands) == 1:  # a number in front of ** or behind it
            base = _is_power_of_number(fn)
            operands.insert(0 if base else 1, _constant(_saved(fn, "self" if base else "exponent")))
        elif name == "Rsub":
            operands.append(None)
        for slot, operand in enumerate(operands):
            if operand is None:
                operands[slot] = self._constant_of(fn, slot, operands)
        build = GATES.get(name) or _row(fn)
        if build and index == 0 and not any(operand is None or is_unknown(operand) for operand in operands):
            made = build(fn, *operands)
            if made is not None and (known is None or _same(made._data, known)):
                if known is not None:
                    made._data = np.asarray(known)[()]
                return made
        return self._foreign(fn, index, known)

    def _foreign(self, fn: Any, index: int, known: np.ndarray | None) -> Tensor:
        slots = [i for i, operand in enumerate(fn.next_functions) if operand[0] is not None]
        operands = [self.nodes[fn.next_functions[i]] for i in slots]

        def pull(upstream: Any) -> list[Any]:
            received = _run(fn, index, upstream)
            return [received[i] for i in slots]

        shape = tuple(fn._input_metadata[index].shape) if hasattr(fn, "_input_metadata") else operands[0].shape
        data = known if known is not None else np.full(shape, np.nan, operands[0].dtype)
        made = record(ForeignOperation(_name(fn), pull), operands, np.asarray(data)[()])
        if known is None:
            made.__dict__["_unknown"] = True
        return made

    def _constant_of(self, fn: Any, slot: int, operands: list[Any]) -> Tensor | None:
        """Return an operand that needs no gradient: kept by the function, or found from its result."""
        kept = self._saved_operand(fn, slot)
        if kept is not None:
            return _constant(kept)
        partner = next((operand for operand in operands if operand is not None), None)
        if (
            _name(fn) not in ("Add", "Sub", "Rsub")
            or partner is None
            or is_unknown(partner)
            or _saved(fn, "alpha") != 1
        ):
            return None
        result, other = self._inferred(fn), np.asarray(partner._data, np.float64)
        if result is None or np.shape(result) != np.shape(other):
            return None
        if _name(fn) == "Add":
            found = result - other
        else:  # x - y = result
            found = other - result if _name(fn) == "Sub" and slot == 1 else result + other
        # A result has few digits: prefer a short number that gives it.
        short = np.vectorize(lambda x: float(f"{x:.5g}"))(found)
        found = short if np.allclose(short, found, rtol=1e-5, atol=1e-5 * float(np.abs(other).max())) else found
        flat = np.ravel(found)
        return _constant(flat[0] if (flat == flat[0]).all() else np.asarray(found).astype(partner.dtype))

    def _inferred(self, fn: Any) -> np.ndarray | None:
        """Return a result from what is known further on, through operations that can be inverted."""
        undo: list[Any] = []
        while (fn, 0) not in self.known:
            found = [(user, inverse) for user, _ in self.users.get((fn, 0), []) if (inverse := _inverse(user))]
            if not found:
                return None
            fn = found[0][0]
            undo.append(found[0][1])
        value = np.asarray(self.known[fn, 0], np.float64)
        for inverse in reversed(undo):
            value = inverse(value)
        return value if np.isfinite(value).all() else None

    def _add_gradients(self) -> None:
        """Give the results the gradients of a pass; those of the leaves are PyTorch's own."""
        seed = np.ones(self.result.shape, self.result.dtype)[()]
        try:
            gradients = backpropagate({self.result: seed})
        except ValueError:  # freed: the leaves still have theirs
            return
        for node, gradient in gradients.items():
            if node.op is not None:
                node._grad = gradient


def _row(fn: Any) -> Build | None:
    """Return the row of one operand that has the same name, when PyTorch has kept tensors only, and no option."""
    row = OPERATIONS.get(_name(fn).lower())
    kept = [name for name in dir(fn) if name.startswith("_saved_") and not _is_tensor(fn, name)]
    return None if row is None or row.arity != 1 or kept else lambda fn, x: row(x)


def _is_tensor(fn: Any, name: str) -> bool:
    try:
        return hasattr(getattr(fn, name), "detach")
    except RuntimeError:  # a tensor that backward() has freed
        return True


def _inverse(fn: Any) -> Callable[[Any], Any] | None:
    """Return what leads from the result of an operation back to its operand."""
    if _name(fn) == "Mul" and (factor := _saved(fn, "other")) is not None and fn.next_functions[1][0] is None:
        return lambda y: y / factor
    return INVERSES.get(_name(fn))


def _order(output: Any) -> list[Any]:
    """List the backward functions, operands before results."""
    order: dict[Any, None] = {}
    stack = [(output, False)]
    while stack:
        fn, ready = stack.pop()
        if fn in order:
            continue
        if ready:
            order[fn] = None
            continue
        stack.append((fn, True))
        stack += [(operand, False) for operand, _ in reversed(fn.next_functions) if operand is not None]
    return list(order)


def _run(fn: Any, index: int, upstream: Any) -> list[Any]:
    """Let PyTorch pull one gradient back."""
    import torch

    gradients: list[Any] = [None] * len(getattr(fn, "_input_metadata", (0,)))
    gradients[index] = torch.as_tensor(np.asarray(upstream))
    try:
        with torch.no_grad():
            received = fn(*gradients) if callable(fn) else fn.apply(*gradients)
    except RuntimeError as error:
        raise ValueError(FREED.format(name=_name(fn)) if "second time" in str(error) else str(error)) from error
    several = received if isinstance(received, tuple) else (received,)
    return [None if gradient is None else _array(gradient) for gradient in several]


def _saved(fn: Any, name: str) -> Any:
    """Return what a backward function has kept, as an array; None when it has no such thing, or it was freed."""
    try:
        value = getattr(fn, f"_saved_{name}", None)
    except RuntimeError:
        return None
    if value is None or isinstance(value, (tuple, str)):
        return None
    return np.asarray(value) if isinstance(value, (int, float, bool)) else _array(value)


def _name(fn: Any) -> str:
    return type(fn).__name__.split(".")[-1].rstrip("0123456789").removesuffix("Backward")


def _is_power_of_number(fn: Any) -> bool:
    return type(fn).__name__ == "PowBackward2"


def _array(value: Any) -> np.ndarray:
    value = value.detach().cpu().resolve_conj()
    return (value if str(value.dtype) != "torch.bfloat16" else value.float()).numpy()


def _leaf(variable: Any) -> Tensor:
    leaf = Tensor(_array(variable), requires_grad=variable.requires_grad, label=_label(variable))
    if variable.grad is not None:
        leaf._grad = _array(variable.grad).astype(leaf.dtype)[()]
    return leaf


def _constant(value: Any) -> Tensor:
    """Return a constant; a single number is drawn inside its gate."""
    return as_constant(float(value) if np.ndim(value) == 0 else np.asarray(value))


def _label(variable: Any) -> str:
    label = getattr(variable, "label", "")
    return label if isinstance(label, str) else ""


def _same(made: Any, known: Any) -> bool:
    return np.shape(made) == np.shape(known) and np.allclose(made, known, rtol=1e-4, atol=1e-6, equal_nan=True)


def _scaled(operand: Any, fn: Any) -> Any:
    return operand if fn._saved_alpha == 1 else operand * float(fn._saved_alpha)


def _signed(dim: int) -> int:
    return dim - 2**64 if dim >= 2**63 else dim


def _shape(fn: Any) -> tuple[int, ...]:
    return tuple(fn._input_metadata[0].shape)


def _dims(fn: Any) -> tuple[Any, ...]:
    """The arguments of a sum or mean: none, or the axes and whether they are kept."""
    if not hasattr(fn, "_saved_dim"):
        return ()
    dims = fn._saved_dim
    return (tuple(map(_signed, dims)) if isinstance(dims, tuple) else _signed(dims), fn._saved_keepdim)

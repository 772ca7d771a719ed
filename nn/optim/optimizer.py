"""What all optimisers share: groups of parameters, their state, and one step as one rule on arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Tensor, Value, enable_grad
from autograd.inplace import tick
from autograd.mode import mode, refuse
from autograd.pulling import quiet_pass
from autograd.value import describe
from nn.optim.options import checked

Array = np.ndarray

FOREIGN = ("foreach", "fused", "capturable", "differentiable")
"""Options that say how PyTorch computes; the state dict of one of its optimisers has them."""


class Optimizer:
    """The base of all optimisers.

    A new one passes its options to this constructor and writes :meth:`update`, one rule on arrays,
    which then moves tensors as well as Values.

    Parameters
    ----------
    params : iterable of Tensor, Value or dict
        What to train; or groups of it: dicts with ``"params"`` and the options of the group.
    defaults : dict
        The options of groups that do not have their own.

    Attributes
    ----------
    param_groups : list of dict
        Each with its ``"params"`` and all options; an option may be changed between steps.
    state : dict
        What the rule remembers of each parameter: arrays in its shape (for a Value a float),
        and ``"step"``, the number of steps so far.

    Raises
    ------
    TypeError
        When something else is to be trained, or an option is unknown.
    ValueError
        When there are no parameters, one is there twice or is the result of an operation, or an
        option is out of range.

    Examples
    --------
    >>> class Sign(Optimizer):
    ...     def __init__(self, params, lr=0.1):
    ...         super().__init__(params, {"lr": lr})
    ...
    ...     def update(self, p, g, state, group):
    ...         p -= group["lr"] * np.sign(g)
    >>> x = tensor([1.0, -2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> Sign([x]).step()
    >>> x
    tensor([ 0.9, -1.9], requires_grad=True)
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        name = type(self).__name__
        self.defaults = checked(name, defaults, defaults)
        self.state: dict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        if isinstance(params, (Tensor, Value, Mapping)) or not isinstance(params, Iterable):
            raise TypeError(
                f"{name}(params) takes a list of tensors or Values, such as model.parameters(), "
                f"or a list of dicts; got {describe(params)}"
            )
        groups = _in_order(params, name)
        if not groups:
            raise ValueError(f"{name}(params): the list of parameters is empty; there is nothing to train")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Train further parameters, with options of their own.

        Parameters
        ----------
        param_group : dict
            ``"params"``, one parameter or a list, and options that differ from the defaults.

        Raises
        ------
        TypeError, ValueError
            As the constructor does; nothing is added then.

        Examples
        --------
        >>> from nn.optim import SGD
        >>> w, b = tensor([1.0], requires_grad=True), tensor([0.0], requires_grad=True)
        >>> optimizer = SGD([w], lr=0.1, weight_decay=1e-4)
        >>> optimizer.add_param_group({"params": [b], "weight_decay": 0.0})
        >>> [group["weight_decay"] for group in optimizer.param_groups]
        [0.0001, 0.0]
        """
        name = type(self).__name__
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise TypeError(f'{name}: a group is a dict with "params", got {describe(param_group)}')
        params = param_group["params"]
        params = [params] if isinstance(params, (Tensor, Value)) else _in_order(params, name)
        seen = {p for group in self.param_groups for p in group["params"]}
        for p in params:
            _check_parameter(name, p)
            if p in seen:
                raise ValueError(f"{name}: a parameter is there twice, {describe(p)}; each belongs to one group, once")
            seen.add(p)
        options = {key: option for key, option in param_group.items() if key != "params"}
        self.param_groups.append({"params": params, **checked(name, {**self.defaults, **options}, self.defaults)})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients of all parameters; with ``set_to_none=False`` those that exist become zero."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none or not p.grad_computed:
                    p.grad = None
                elif isinstance(p, Value):
                    p.grad = 0.0
                else:
                    p.grad = Tensor(np.zeros(p.shape, p.dtype))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move the parameters that have a gradient.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss and the gradients anew, and returns the loss.

        Returns
        -------
        Tensor or Value or None
            What the closure returned.

        Examples
        --------
        >>> from nn.optim import SGD
        >>> w = Value(1.0)
        >>> optimizer = SGD([w], lr=0.25)
        >>> for _ in range(3):
        ...     optimizer.zero_grad()
        ...     (w * w).backward()
        ...     optimizer.step()
        >>> w.data
        0.125
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        quiet_pass(self._move)
        return loss

    def update(self, p: Array, g: Array, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Move the numbers of one parameter in place; the rule, which every optimiser writes.

        Parameters
        ----------
        p : array
            The numbers, which change.
        g : array
            Their gradient, which does not.
        state : dict
            What the rule remembers from step to step; empty at first.
        group : dict
            The options.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update(self, p, g, state, group): write the rule")

    def _move(self) -> None:
        # The slots `_data` and `_grad` are read here, as their properties look for a recording each time.
        if mode.compiling:
            refuse("an optimiser steps", "step outside of the function")
        for group in self.param_groups:
            values = []
            for p in group["params"]:
                if p._grad is None:
                    continue
                if isinstance(p, Value):
                    values.append(p)
                    continue
                numbers, g = p.numpy(), p.grad.numpy()
                in_order = numbers if numbers.flags.c_contiguous else numbers.copy(order="C")
                self.update(in_order, g if g.dtype == p.dtype else g.astype(p.dtype), self.state[p], group)
                if in_order is not numbers:
                    numbers[...] = in_order
                tick(p)
            if values:
                self._move_values(values, group)

    def _move_values(self, values: list[Value], group: dict[str, Any]) -> None:
        """Move Values as one vector: those that took equally many steps, as rules count them."""
        together = defaultdict(list)
        for value in values:
            state = self.state[value]
            together[len(state), state.get("step")].append(value)
        for block in together.values():
            states = [self.state[value] for value in block]
            p = np.array([value._data for value in block])
            g = np.array([value._grad for value in block])
            state = {
                name: np.array([each[name] for each in states]) if isinstance(entry, float) else entry
                for name, entry in states[0].items()
            }
            self.update(p, g, state, group)
            for value, number in zip(block, p.tolist(), strict=True):
                value.data = number
            for name, entry in state.items():
                column = entry.tolist() if isinstance(entry, Array) else [entry] * len(block)
                for each, number in zip(states, column, strict=True):
                    each[name] = number

    # Saving and loading.

    def state_dict(self) -> dict[str, Any]:
        """Return state and options as plain data and arrays, in PyTorch's layout.

        The parameters are numbered in order through all groups.  The arrays are those of the
        optimiser, which later steps change: copy what is to be kept.

        Examples
        --------
        >>> from nn.optim import SGD
        >>> x = tensor([1.0], requires_grad=True)
        >>> optimizer = SGD([x], lr=0.5, momentum=0.9)
        >>> (3.0 * x).sum().backward()
        >>> optimizer.step()
        >>> optimizer.state_dict()["state"]
        {0: {'momentum_buffer': array([3.], dtype=float32)}}
        """
        numbered = {p: i for i, p in enumerate(self._parameters())}
        return {
            "state": {i: {**self.state[p]} for p, i in numbered.items() if self.state.get(p)},
            "param_groups": [
                {**group, "params": [numbered[p] for p in group["params"]]} for group in self.param_groups
            ],
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take state and options from what :meth:`state_dict` returned; a copy, in the dtypes of the parameters.

        Parameters
        ----------
        state_dict : mapping
            Of an optimiser with groups of the same sizes, here or in PyTorch.

        Raises
        ------
        TypeError, ValueError
            When the groups, the shapes or the options do not fit; nothing is loaded then.
        """
        name = type(self).__name__
        try:
            saved = [dict(group) for group in state_dict["param_groups"]]
            numbers = [list(group.pop("params")) for group in saved]
            states = dict(state_dict["state"])
        except (KeyError, TypeError, ValueError):
            raise TypeError(
                f"{name}.load_state_dict takes what state_dict() returned, a dict of 'state' and 'param_groups'; "
                f"got {describe(state_dict)}"
            ) from None
        sizes, given = [len(group["params"]) for group in self.param_groups], [len(ids) for ids in numbers]
        if sizes != given:
            raise ValueError(
                f"{name}.load_state_dict: this optimiser has groups of {sizes} parameters, the state dict of {given}"
            )
        parameters = dict(zip([i for ids in numbers for i in ids], self._parameters(), strict=True))
        unknown = [key for key in states if key not in parameters]
        if unknown:
            raise ValueError(f"{name}.load_state_dict: state of parameters that are in no group: {unknown}")
        loaded = {
            parameters[i]: {
                key: self._loaded(i, parameters[i], key, entry) for key, entry in entries.items() if entry is not None
            }
            for i, entries in states.items()
        }
        groups = []
        for group, options in zip(self.param_groups, saved, strict=True):
            options = {key: option for key, option in options.items() if key not in FOREIGN}
            extra = {key: option for key, option in options.items() if key not in self.defaults}  # what schedules note
            own = {**self.defaults, **{key: options[key] for key in options if key not in extra}}
            groups.append({"params": group["params"], **checked(name, own, self.defaults), **extra})
        self.state = defaultdict(dict, loaded)
        for group, options in zip(self.param_groups, groups, strict=True):
            group.clear()
            group.update(options)

    def _loaded(self, number: int, p: Any, key: str, entry: Any) -> Any:
        """Return one entry of the state of a parameter as :meth:`update` keeps it."""
        if key == "step":
            return int(entry)
        if key in self.shared or isinstance(p, Value):
            return float(entry)
        array = np.asarray(entry).astype(p.dtype)  # a copy
        if array.shape != p.shape:
            raise ValueError(
                f"{type(self).__name__}.load_state_dict: {key!r} of parameter {number} has shape {array.shape}, "
                f"the parameter {p.shape}"
            )
        return array

    shared: tuple[str, ...] = ()
    """The entries of the state that are one number for all elements of a parameter."""

    def _parameters(self) -> list[Any]:
        return [p for group in self.param_groups for p in group["params"]]

    def __repr__(self) -> str:
        lines = []
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [f"    {key}: {group[key]}" for key in sorted(group) if key != "params"]
        return "\n".join([f"{type(self).__name__} (", *lines, ")"])


def zeros(state: dict[str, Any], name: str, p: Array) -> Array:
    """Return an array of the state; it begins with zeros."""
    if name not in state:
        state[name] = np.zeros_like(p)
    return state[name]


def decayed(p: Array, g: Array, group: dict[str, Any]) -> Array:
    """Return the gradient to descend along, with weight decay; decoupled decay shrinks `p` instead."""
    if group["maximize"]:
        g = -g
    decay = group["weight_decay"]
    if group.get("decoupled_weight_decay"):
        p *= 1 - group["lr"] * decay
    elif decay:
        g = g + decay * p
    return g


def _in_order(params: Any, name: str) -> list[Any]:
    if isinstance(params, (set, frozenset)) or not isinstance(params, Iterable):
        raise TypeError(f"{name}: parameters come as a list, in an order that stays, got {describe(params)}")
    return list(params)


def _check_parameter(name: str, p: Any) -> None:
    if not isinstance(p, (Tensor, Value)):
        raise TypeError(f"{name}: parameters are tensors or Values, got {describe(p)}")
    if p.op is not None:
        raise ValueError(
            f"{name}: a parameter is the result of {p.op.name}, so the next step would compute it anew; "
            f"give the leaf that it was computed from, or detach() it"
        )
    if isinstance(p, Tensor) and (p.dtype.kind != "f" or not p.numpy().flags.writeable):
        kind = f"of {p.dtype}" if p.dtype.kind != "f" else "in memory that is read-only"
        raise TypeError(f"{name}: a parameter is a tensor {kind}; parameters are floats that can be changed")

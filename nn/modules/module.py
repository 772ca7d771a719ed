"""The base of all layers and networks: ``Module``."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from autograd import Tensor, no_grad
from autograd.dtypes import checked_dtype
from autograd.hooks import Handle
from autograd.inplace import change_dtype
from nn.modules.hooks import watched_call
from nn.parameter import Buffer, Parameter

Self = TypeVar("Self", bound="Module")


class Call(NamedTuple):
    """What a result remembers of the module that computed it, so that pictures can group by module."""

    path: str
    """The names from the outermost module on, such as ``Net.features.0``."""
    kind: str
    """The class of the module."""
    inputs: tuple[Tensor, ...]


class Keys(NamedTuple):
    """What did not match when a state dict was loaded with ``strict=False``."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class _Running(threading.local):
    path = ""  # of the module whose forward runs


_running = _Running()


class Module:
    """A part of a network: parameters, other modules, and a ``forward`` that computes with them.

    Subclass it, assign parameters and modules to attributes, and write ``forward``.  Everything
    that is assigned to an attribute is found again: nothing needs to be registered, and
    ``super().__init__()`` may be left out.

    Attributes
    ----------
    training : bool
        Whether it is being trained; dropout and batch norm behave differently, see :meth:`eval`.

    Examples
    --------
    >>> from autograd import tensor
    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.weight = Parameter([2.0])
    ...         self.bias = Parameter([1.0])
    ...
    ...     def forward(self, x):
    ...         return x * self.weight + self.bias
    >>> line = Line()
    >>> line(tensor([3.0]))
    tensor([7.], op=add)
    >>> [name for name, parameter in line.named_parameters()]
    ['weight', 'bias']
    """

    training = True
    _name = ""  # under which it was assigned to its parent
    _hooks: dict[str, dict[int, Callable[..., Any]]] = {}  # noqa: RUF012  # an instance with hooks has its own

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """Compute the output; every subclass writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(self, ...): write one that returns the output")

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Run the hooks and ``forward``."""
        outer = _running.path
        own = _running.path = f"{outer}.{self._name}" if outer else self._name or type(self).__name__
        try:
            if not self._hooks:
                output = self.forward(*inputs, **named)
            else:
                inputs, output = self._call_with_hooks(inputs, named)
        except (TypeError, ValueError, IndexError) as error:
            if outer:
                _say_where(error, own, self)
            raise
        finally:
            _running.path = outer
        for result in output if isinstance(output, tuple) else (output,):
            if isinstance(result, Tensor) and result.op is not None:
                tensors = tuple([x for x in inputs if isinstance(x, Tensor)])
                if id(result) not in map(id, tensors):
                    result._calls = (*result._calls, Call(own, type(self).__name__, tensors))
        return output

    def _call_with_hooks(self, inputs: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], Any]:
        for hook in _each(self._hooks, "forward_pre"):
            changed = hook(self, inputs)
            if changed is not None:
                inputs = changed if isinstance(changed, tuple) else (changed,)
        output = watched_call(self, inputs, named) if self._hooks.get("backward") else self.forward(*inputs, **named)
        for hook in _each(self._hooks, "forward"):
            changed = hook(self, inputs, output)
            output = output if changed is None else changed
        return inputs, output

    # What belongs to it: the attributes that are parameters, buffers and modules.

    def __setattr__(self, name: str, value: Any) -> None:
        before = self.__dict__.get(name)
        if isinstance(before, (Parameter, Buffer)) and not isinstance(value, (Parameter, Buffer, type(None))):
            kind = type(before).__name__
            raise TypeError(
                f"{type(self).__name__}.{name} is a {kind}, and was assigned {type(value).__name__}, which would not "
                f"be trained or saved; assign a {kind}(...), or change the numbers with .data or copy_()"
            )
        if isinstance(value, (Module, Parameter)):
            value.__dict__["_name"] = name  # for pictures
        object.__setattr__(self, name, value)

    def _own(self, kind: type | tuple[type, ...]) -> Iterator[tuple[str, Any]]:
        """List the attributes of a kind, in the order of assignment."""
        return ((name, value) for name, value in self.__dict__.items() if isinstance(value, kind))

    def add_module(self, name: str, module: Module | None) -> None:
        """Assign a module to the attribute `name`, which need not be an identifier."""
        if not isinstance(module, (Module, type(None))):
            raise TypeError(f"add_module({name!r}): takes a Module, got {type(module).__name__}")
        self._assign("add_module", name, module)

    register_module = add_module

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Assign a parameter, or ``None`` for one that is left out."""
        if not isinstance(parameter, (Parameter, type(None))):
            raise TypeError(f"register_parameter({name!r}): takes a Parameter, got {type(parameter).__name__}")
        self._assign("register_parameter", name, parameter)

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Assign a tensor that is kept with the module, but not trained."""
        self._assign("register_buffer", name, None if tensor is None else Buffer(tensor, persistent))

    def _assign(self, caller: str, name: str, value: Any) -> None:
        if not isinstance(name, str) or not name or "." in name:
            raise ValueError(f"{caller}: a name is a text that is not empty and has no dots, got {name!r}")
        taken = getattr(self, name, None)
        if taken is not None and not isinstance(taken, (Module, Parameter, Buffer)):
            raise ValueError(f"{caller}: {type(self).__name__} already has an attribute {name!r}; use another name")
        setattr(self, name, value)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """List the modules directly inside, each once, with their names."""
        seen: set[Module] = set()
        for name, module in self._own(Module):
            if module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """List the modules directly inside."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix: str = "", _seen: set[Module] | None = None) -> Iterator[tuple[str, Module]]:
        """List this module and all inside it, each once, with their full names.

        Examples
        --------
        >>> from nn import ReLU, Sequential
        >>> [name for name, module in Sequential(ReLU(), Sequential(ReLU())).named_modules()]
        ['', '0', '1', '1.0']
        """
        seen = set() if _seen is None else _seen
        if self in seen:
            return
        seen.add(self)
        yield prefix, self
        for name, module in self._own(Module):
            yield from module.named_modules(_joined(prefix, name), seen)

    def modules(self) -> Iterator[Module]:
        """List this module and all inside it."""
        return (module for _, module in self.named_modules())

    def _named(self, kind: type, prefix: str, recurse: bool) -> Iterator[tuple[str, Any]]:
        seen: set[Any] = set()
        for path, module in self.named_modules(prefix) if recurse else [(prefix, self)]:
            for name, value in module._own(kind):
                if value not in seen:
                    seen.add(value)
                    yield _joined(path, name), value

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Parameter]]:
        """List the parameters, each once, with their full names."""
        return self._named(Parameter, prefix, recurse)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """List the parameters, each once: what an optimiser takes.

        Warns of modules and parameters in plain lists, tuples and dicts, which are not found.
        """
        for holder, name, value in self._overlooked():
            warnings.warn(
                f"{type(holder).__name__}.{name} is a {type(value).__name__} of modules or parameters, which "
                f"parameters() does not look into; use nn.ModuleList, nn.ModuleDict or one attribute for each",
                stacklevel=2,
            )
        return (parameter for _, parameter in self.named_parameters("", recurse))

    def _overlooked(self) -> Iterator[tuple[Module, str, Any]]:
        """List the attributes that hold modules or parameters which are nowhere else; a leading _ says it is meant."""
        modules = [*self.modules()]
        for module in modules:
            for name, value in module.__dict__.items():
                if isinstance(value, (list, tuple, dict)) and not name.startswith("_"):
                    parts = value.values() if isinstance(value, dict) else value
                    held = [part for part in parts if isinstance(part, (Module, Parameter))]
                    if held and not {*held} <= {*modules, *(found for _, found in self.named_parameters())}:
                        yield module, name, value

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Buffer]]:
        """List the buffers, each once, with their full names."""
        return self._named(Buffer, prefix, recurse)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """List the buffers, each once."""
        return (buffer for _, buffer in self.named_buffers("", recurse))

    def get_submodule(self, target: str) -> Module:
        """Return the module inside that has a full name, such as ``features.0``.

        Raises
        ------
        AttributeError
            When there is none.
        """
        module = self
        for name in target.split(".") if target else ():
            module = dict(module._own(Module)).get(name)
            if module is None:
                names = ", ".join(name for name, _ in self.named_modules() if name) or "none"
                raise AttributeError(f"{type(self).__name__} has no module {target!r}; it has {names}")
        return module

    def get_parameter(self, target: str) -> Parameter:
        """Return the parameter that has a full name, such as ``0.weight``.

        Raises
        ------
        AttributeError
            When there is none.
        """
        path, _, name = target.rpartition(".")
        parameter = dict(self.get_submodule(path)._own(Parameter)).get(name)
        if parameter is None:
            names = ", ".join(name for name, _ in self.named_parameters()) or "none"
            raise AttributeError(f"{type(self).__name__} has no parameter {target!r}; it has {names}")
        return parameter

    # What is done to all of it at once.

    def apply(self: Self, function: Callable[[Module], Any]) -> Self:
        """Call `function` with every module inside and then with this one, for instance to initialise them."""
        for module in self.children():
            module.apply(function)
        function(self)
        return self

    def train(self: Self, mode: bool = True) -> Self:
        """Set whether it is being trained; dropout and batch norm look at this."""
        if not isinstance(mode, bool):
            raise TypeError(f"train: mode is True or False, got {mode!r}")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: Self) -> Self:
        """Set it to evaluation: dropout keeps everything, batch norm uses its running statistics."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Freeze all parameters, or let them be trained again."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradient of every parameter."""
        for _, parameter in self.named_parameters():
            if set_to_none or parameter.grad is None:
                parameter.grad = None
            else:
                parameter.grad = Tensor(np.zeros(parameter.shape, parameter.dtype))

    def to(self: Self, dtype: Any) -> Self:
        """Convert all parameters and buffers of floats to another dtype; ``"cpu"`` is where they are.

        Raises
        ------
        TypeError
            When it is no dtype of floats.
        """
        if isinstance(dtype, str) and dtype == "cpu":
            return self
        kind = checked_dtype(dtype, "Module.to")
        if kind.kind != "f":
            raise TypeError(f"Module.to: parameters are float32 or float64, got {kind}")
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor.dtype.kind == "f":
                change_dtype(tensor, kind)
        return self

    def float(self: Self) -> Self:
        """Convert all parameters and buffers of floats to float32."""
        return self.to(np.float32)

    def double(self: Self) -> Self:
        """Convert all parameters and buffers of floats to float64."""
        return self.to(np.float64)

    # Hooks.

    def register_forward_pre_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(module, inputs)`` before every forward; what it returns, if not ``None``, are the inputs."""
        return self._register("forward_pre", hook)

    def register_forward_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(module, inputs, output)`` after every forward; what it returns, if not ``None``, is the output.

        Examples
        --------
        >>> from autograd import tensor
        >>> from nn import ReLU
        >>> relu = ReLU()
        >>> handle = relu.register_forward_hook(lambda module, inputs, output: print("gave", output.shape))
        >>> out = relu(tensor([-1.0, 1.0]))
        gave (2,)
        >>> handle.remove()
        """
        return self._register("forward", hook)

    def register_full_backward_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(module, grad_input, grad_output)`` when a backward pass has passed through the module.

        Both are tuples with one entry for each input and output, ``None`` where there is no gradient.  What the
        hook returns, if not ``None``, takes the place of `grad_input`.

        Examples
        --------
        >>> from autograd import tensor
        >>> from nn import ReLU
        >>> relu = ReLU()
        >>> handle = relu.register_full_backward_hook(lambda module, grad_input, grad_output: print(grad_input))
        >>> relu(tensor([-1.0, 1.0], requires_grad=True)).sum().backward()
        (tensor([0., 1.]),)
        >>> handle.remove()
        """
        return self._register("backward", hook)

    def _register(self, kind: str, hook: Callable[..., Any]) -> Handle:
        hooks = self.__dict__.setdefault("_hooks", {})
        return Handle(hooks.setdefault(kind, {}), hook)

    # Saving and loading.

    def state_dict(self, prefix: str = "") -> dict[str, Tensor]:
        """Return all parameters and buffers by their full names, as tensors that share their memory.

        Examples
        --------
        >>> from nn import Linear
        >>> [(name, tensor.shape) for name, tensor in Linear(3, 2).state_dict().items()]
        [('weight', (2, 3)), ('bias', (2,))]
        """
        return {name: tensor.detach() for name, tensor in self._state(prefix)}

    def _state(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        for kind in (Parameter, Buffer):
            for name, value in self._own(kind):
                if isinstance(value, Parameter) or value.persistent:
                    yield prefix + name, value
        for name, module in self._own(Module):  # shared modules once for each name, as PyTorch has them
            yield from module._state(f"{prefix}{name}.")

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Keys:
        """Copy the numbers of a state dict into the parameters and buffers.

        Nothing is changed unless everything fits.

        Parameters
        ----------
        state_dict : mapping of name to array-like
            As :meth:`state_dict` and ``nn.load`` return it.
        strict : bool
            Whether every name must be there and no other.

        Raises
        ------
        TypeError
            When it is no mapping.
        ValueError
            When names or shapes do not fit: lists the missing, the unexpected and the misshaped.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict takes a mapping of names to tensors, got {type(state_dict).__name__}")
        own = dict(self._state())
        given = {name: np.asarray(value) for name, value in state_dict.items()}
        missing = [name for name in own if name not in given]
        unexpected = [name for name in given if name not in own]
        misshaped = [
            f"{name} has shape {own[name].shape}, given {array.shape}"
            for name, array in given.items()
            if name in own and array.shape != own[name].shape
        ]
        unreadable = [
            f"{name} ({array.dtype})" for name, array in given.items() if name in own and array.dtype.kind not in "fiub"
        ]
        problems = [f"misshaped: {', '.join(misshaped)}"] if misshaped else []
        problems += [f"no real numbers: {', '.join(unreadable)}"] if unreadable else []
        if strict:
            problems += [f"missing: {', '.join(missing)}"] if missing else []
            problems += [f"unexpected: {', '.join(unexpected)}"] if unexpected else []
        if problems:
            raise ValueError(f"load_state_dict of {type(self).__name__}: {'; '.join(problems)}; nothing was loaded")
        converted = {name: given[name].astype(own[name].dtype) for name in own if name in given}
        with no_grad():
            for name, array in converted.items():
                own[name].copy_(array)
        return Keys(missing, unexpected)

    # Text.

    def extra_repr(self) -> str:
        """Return what the repr shows between the parentheses; layers write their sizes."""
        return ""

    def __repr__(self) -> str:
        lines = [f"({name}): " + repr(module).replace("\n", "\n  ") for name, module in self._own(Module)]
        extra = self.extra_repr()
        if not lines:
            return f"{type(self).__name__}({extra})"
        lines = [extra, *lines] if extra else lines
        return f"{type(self).__name__}(\n  " + "\n  ".join(lines) + "\n)"


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _say_where(error: Exception, path: str, module: Module) -> None:
    """Add to the message of an error in which module of a network it arose; the innermost one says so."""
    if getattr(error, "module", None) is None and len(error.args) == 1 and isinstance(error.args[0], str):
        error.module = path  # pyright: ignore[reportAttributeAccessIssue]
        error.args = (f"{error.args[0]} (in {path}, {type(module).__name__}({module.extra_repr()}))",)


def _each(hooks: dict[str, dict[int, Callable[..., Any]]], kind: str) -> list[Callable[..., Any]]:
    return [*hooks[kind].values()] if kind in hooks else []

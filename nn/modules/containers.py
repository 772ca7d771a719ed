"""Modules that hold other modules: ``Sequential``, ``ModuleList``, ``ModuleDict``."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autograd.value import describe
from nn.modules.module import Module


def _checked(module: Any, container: str) -> Module:
    if not isinstance(module, Module):
        remedy = ""
        if isinstance(module, type):
            remedy = f"; call it: {module.__name__}(...)"
        elif isinstance(module, (list, tuple)):
            remedy = f"; write {container}(*layers) for a list of layers"
        elif callable(module):
            remedy = "; there is a module for every activation, such as nn.ReLU(), or call it in a forward of your own"
        raise TypeError(f"{container} holds modules, got {describe(module)}{remedy}")
    return module


class _Numbered(Module):
    """Modules under the names 0, 1, 2, ..."""

    def __len__(self) -> int:
        return sum(1 for _ in self._own(Module))

    def __iter__(self) -> Iterator[Module]:
        return (module for _, module in self._own(Module))

    def __getitem__(self, index: int | slice) -> Any:
        modules = list(self)
        return type(self)._of(modules[index]) if isinstance(index, slice) else modules[index]

    def __setitem__(self, index: int, module: Module) -> None:
        names = [name for name, _ in self._own(Module)]
        setattr(self, names[index], _checked(module, type(self).__name__))

    def __delitem__(self, index: int | slice) -> None:
        kept = list(self)
        del kept[index]
        for name, _ in list(self._own(Module)):
            delattr(self, name)
        self.extend(kept)

    def append(self, module: Module):
        """Add a module at the end."""
        setattr(self, str(len(self)), _checked(module, type(self).__name__))
        return self

    def extend(self, modules: Iterable[Module]):
        """Add several modules at the end."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> None:
        """Add a module before the one that has this index now."""
        modules = list(self)
        modules.insert(index, _checked(module, type(self).__name__))
        del self[:]
        self.extend(modules)

    def __iadd__(self, modules: Iterable[Module]):
        return self.extend(modules)

    @classmethod
    def _of(cls, modules: list[Module]) -> Any:
        return cls().extend(modules)


class Sequential(_Numbered):
    """Modules one after the other: the output of each is the input of the next.

    Parameters
    ----------
    *modules : Module
        Or one dict of names and modules.

    Raises
    ------
    TypeError
        When something else than a module is given.

    Examples
    --------
    >>> from autograd import tensor
    >>> import nn
    >>> nn.Sequential(nn.ReLU(), nn.Flatten())(tensor([[[-1.0, 2.0]]]))
    tensor([[0., 2.]])
    """

    def __init__(self, *modules: Any) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                self.add_module(name, _checked(module, "Sequential"))
        else:
            self.extend(modules)

    def forward(self, input: Any) -> Any:
        """Run the modules in order."""
        for module in self:
            input = module(input)
        return input


class ModuleList(_Numbered):
    """A list of modules whose parameters are found; its owner calls them.

    Examples
    --------
    >>> import nn
    >>> len(nn.ModuleList([nn.ReLU(), nn.ReLU()]))
    2
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    def __repr__(self) -> str:
        lines = []
        for text, group in itertools.groupby(enumerate(map(repr, self)), lambda pair: pair[1]):
            first, *others = [number for number, _ in group]
            label = f"({first}-{others[-1]}): {len(others) + 1} x " if others else f"({first}): "
            lines.append("\n  " + label + text.replace("\n", "\n  "))
        return f"ModuleList({''.join(lines)}\n)" if lines else "ModuleList()"


class ModuleDict(Module):
    """A dictionary of modules whose parameters are found; its owner calls them.

    Examples
    --------
    >>> import nn
    >>> activations = nn.ModuleDict({"relu": nn.ReLU(), "none": nn.Identity()})
    >>> list(activations)
    ['relu', 'none']
    """

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] = ()) -> None:
        self.update(modules)

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Add several modules, or replace those of the same names."""
        for name, module in dict(modules).items():
            self[name] = module

    def __setitem__(self, name: str, module: Module) -> None:
        if not isinstance(name, str) or hasattr(type(self), name):
            raise ValueError(f"ModuleDict: {name!r} cannot be the name of a module")
        self.add_module(name, _checked(module, "ModuleDict"))

    def __getitem__(self, name: str) -> Module:
        return dict(self._own(Module))[name]

    def __delitem__(self, name: str) -> None:
        self[name]
        delattr(self, name)

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __len__(self) -> int:
        return len(self.keys())

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def pop(self, name: str) -> Module:
        """Take a module out and return it."""
        module = self[name]
        del self[name]
        return module

    def keys(self) -> list[str]:
        """Return the names."""
        return [name for name, _ in self._own(Module)]

    def values(self) -> list[Module]:
        """Return the modules."""
        return [module for _, module in self._own(Module)]

    def items(self) -> list[tuple[str, Module]]:
        """Return the names and the modules."""
        return [*self._own(Module)]

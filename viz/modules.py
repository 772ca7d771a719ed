"""Calls of modules in a picture: as one box with its inputs and parameters, or as a frame around its gates.

A result of a module remembers the calls it is the output of, as ``_calls``: the path of the module, such as
``Net.fc1``, its kind and its inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import topological_order
from autograd.graph import backpropagate
from viz.contributions import bare_copy
from viz.foreign import ForeignOperation
from viz.labels import is_constant
from viz.unfold import copy_node


class Scope(NamedTuple):
    """The frame of one call."""

    number: int
    title: str


class _Found(NamedTuple):
    """A call with its result and the gates inside."""

    result: Any
    call: Any
    inner: dict[Any, None]

    @property
    def level(self) -> int:
        return self.call.path.count(".")

    def contains(self, other: _Found) -> bool:
        """Whether the other call was made inside of this one."""
        return other.call.path.startswith(f"{self.call.path}.") and other.result in self.inner


def scopes_of(node: Any) -> tuple[Scope, ...]:
    """Return the frames in which a node stands, the outermost first."""
    return getattr(node, "__dict__", {}).get("_scopes", ())


def has_modules(outputs: Sequence[Any]) -> bool:
    """Whether modules had a part in a graph."""
    return any(getattr(node, "_calls", ()) for node in topological_order(outputs))


def checked_modules(modules: Any) -> bool | int:
    """Return the option, or raise ValueError."""
    if isinstance(modules, bool) or (isinstance(modules, int) and modules >= 0):
        return modules
    raise ValueError(f"modules is True, False or a depth from 0 on, got {modules!r}")


def group_modules(outputs: Sequence[Any], modules: bool | int) -> list[Any]:
    """Copy a graph with calls of modules as one gate each, and frames around those that contain them.

    Parameters
    ----------
    outputs : sequence of Tensor
        The results; they and their graph stay as they are.
    modules : True or int
        ``True``: the innermost modules are boxes.  A depth: the modules at this depth are boxes, 0 the outermost.

    Returns
    -------
    list of Tensor
        The copies of the outputs.
    """
    order = topological_order(outputs, constants=True)
    calls = [_Found(node, call, _inner(node, call)) for node in order for call in reversed(getattr(node, "_calls", ()))]
    wanted = [
        found
        for found in calls
        if (not any(found.contains(other) for other in calls) if modules is True else found.level == modules)
    ]
    users = _users(order)
    boxes = {found.result: found for found in wanted if _is_closed(found, users, set(outputs))}
    hidden = {node for found in boxes.values() for node in found.inner if node is not found.result}
    framed = [
        found
        for found in calls
        if found.result not in hidden
        and not (found.result in boxes and (boxes[found.result] is found or boxes[found.result].contains(found)))
        and (modules is True or found.level < modules)
    ]
    scopes = _scopes(order, framed, users)
    copies: dict[Any, Any] = {}
    for node in order:
        if node in hidden:
            continue
        if node in boxes:
            copies[node] = _box(boxes[node], copies)
        else:
            copies[node] = copy_node(node, node.op, [copies[operand] for operand in node.parents])
        if scopes.get(node):
            copies[node].__dict__["_scopes"] = scopes[node]
        _name(copies[node], node, users[node], calls)
    return [copies[output] for output in outputs]


def _inner(result: Any, call: Any) -> dict[Any, None]:
    """The gates of a call: all that its result was computed from, up to its inputs."""
    inputs = {id(tensor) for tensor in call.inputs}
    inner: dict[Any, None] = {}
    stack = [result]
    while stack:
        node = stack.pop()
        if node in inner or node.op is None or (id(node) in inputs and node is not result):
            continue
        inner[node] = None
        stack += node.parents
    return inner


def _users(order: Iterable[Any]) -> dict[Any, set[Any]]:
    users: dict[Any, set[Any]] = {}
    for node in order:
        users.setdefault(node, set())
        for operand in node.parents:
            users.setdefault(operand, set()).add(node)
    return users


def _is_closed(found: _Found, users: dict[Any, set[Any]], outputs: set[Any]) -> bool:
    """Whether nothing inside is used or shown outside, except the result."""
    return all(
        node is found.result or (node not in outputs and all(user in found.inner for user in users[node]))
        for node in found.inner
    )


def _scopes(order: list[Any], framed: list[_Found], users: dict[Any, set[Any]]) -> dict[Any, tuple[Scope, ...]]:
    """For each node the frames around it; a parameter stands in those that hold all its users."""
    framed = sorted(framed, key=lambda found: found.level)
    numbered = [(Scope(i, _title(found.call)), found) for i, found in enumerate(framed)]
    scopes = {node: tuple(scope for scope, found in numbered if node in found.inner) for node in order if node.op}
    for node in order:
        if node.op is None and users[node]:
            shared = common([scopes[user] for user in users[node]])
            given = [any(node is tensor for tensor in framed[scope.number].call.inputs) for scope in shared]
            scopes[node] = shared[: given.index(True)] if True in given else shared
    return scopes


def common(scopes: Sequence[tuple[Scope, ...]]) -> tuple[Scope, ...]:
    """Return the frames that all have in common."""
    shared = []
    for level in zip(*scopes, strict=False):
        if any(scope != level[0] for scope in level):
            break
        shared.append(level[0])
    return tuple(shared)


def _title(call: Any) -> str:
    name = call.path.rsplit(".", 1)[-1]
    return call.kind if name == call.kind else f"{name}: {call.kind}"


def _name(copy: Any, node: Any, users: set[Any], calls: list[_Found]) -> None:
    """Label a parameter with its path, such as ``fc1.weight``."""
    name = getattr(node, "_name", "")
    if node.op is not None or copy.label or not name:
        return
    paths = [found.call.path for found in calls if users & found.inner.keys()]
    inside = max(paths, key=len, default="").split(".")[1:]
    copy.label = ".".join([*inside, name])


def _box(found: _Found, copies: dict[Any, Any]) -> Any:
    """Make one gate of a call."""
    inside = [node for node in topological_order([found.result], constants=True) if node in found.inner]
    outside = dict.fromkeys(operand for node in inside for operand in node.parents if operand not in found.inner)
    operands = [operand for operand in outside if not is_constant(operand)]
    given = {id(tensor) for tensor in found.call.inputs}
    operands.sort(key=lambda operand: id(operand) not in given)  # the inputs first, then the parameters

    def pull(upstream: Any) -> list[Any]:
        stand_ins = {operand: operand if is_constant(operand) else bare_copy(operand) for operand in outside}
        inner: dict[Any, Any] = dict(stand_ins)
        for node in inside:
            inner[node] = copy_node(node, node.op, [inner[operand] for operand in node.parents])
            inner[node].requires_grad = node.requires_grad
        with np.errstate(all="ignore"):
            gradients = backpropagate({inner[found.result]: upstream})
        return [gradients.get(stand_ins[operand]) for operand in operands]

    name = found.call.path.rsplit(".", 1)[-1]
    operation = ForeignOperation(found.call.kind, pull, detail="module" if name == found.call.kind else name)
    return copy_node(found.result, operation, [copies[operand] for operand in operands])

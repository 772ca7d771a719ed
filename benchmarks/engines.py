"""One step of each task, written the way a user of each engine writes it.

An engine is imported when its process asks for it.  The imports go through `importlib`: no
machine has all peers at once, and two of them share the name ``autograd``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.problem import L2, POINTS, SIZES, XYZ, Moons, moons

OURS = Path(__file__).resolve().parents[1] / "autograd"
Answer = tuple[float, list[float]]


@dataclass
class Task:
    """What a process measures."""

    step: Callable[[], Any]
    """The code to time; what it returns is dropped inside the time measured."""

    read: Callable[[Any], Answer]
    """Turns what `step` returned into the result and its gradient, outside of the time measured."""

    nodes: Callable[[Any], int | None] = field(default=lambda output: None)
    build_seconds: float | None = None


# The engines with one node per number: Chainrule, micrograd, PyTorch with 0-d tensors.


def scalar_loss(model: Any, parameters: list[Any], leaf: Any, problem: Moons) -> Any:
    """The loss of micrograd's demo: hinge loss and L2 regularisation, number by number."""
    inputs = [list(map(leaf, point)) for point in problem.points]
    scores = list(map(model, inputs))
    losses = [(1 + -label * score).relu() for label, score in zip(problem.labels, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    return data_loss + L2 * sum(p * p for p in parameters)


def _value_and_network(engine: str) -> tuple[Any, Any]:
    if engine == "micrograd":
        return import_module("micrograd.engine").Value, import_module("micrograd.nn").MLP
    package = import_module("autograd")
    if getattr(package, "DISTRIBUTION", "") != "chainrule":
        raise ImportError("`import autograd` finds another package; run this from the project's folder")
    return package.Value, import_module("nn.scalar").MLP


def count_nodes(output: Any) -> int:
    """Count the nodes of a graph, leaves and constants too; Chainrule and micrograd both have ``_prev``."""
    seen, stack = {output}, [output]
    while stack:
        for operand in stack.pop()._prev:
            if operand not in seen:
                seen.add(operand)
                stack.append(operand)
    return len(seen)


def value_moons(engine: str) -> Task:
    value, network = _value_and_network(engine)
    problem = moons()
    model = network(SIZES[0], list(SIZES[1:]))
    parameters = model.parameters()
    for parameter, weight in zip(parameters, problem.weights, strict=True):
        parameter.data = weight

    def step() -> Any:
        model.zero_grad()
        loss = scalar_loss(model, parameters, value, problem)
        loss.backward()
        return loss

    return Task(step, lambda loss: (loss.data, [p.grad for p in parameters]), count_nodes)


def value_xyz(engine: str) -> Task:
    value, _ = _value_and_network(engine)

    def step() -> Any:
        x, y, z = value(XYZ[0]), value(XYZ[1]), value(XYZ[2])
        f = (x + y) * z
        f.backward()
        return f, x, y, z

    return Task(step, lambda out: (out[0].data, [leaf.grad for leaf in out[1:]]))


def torch_scalar_moons(engine: str) -> Task:
    torch: Any = import_module("torch")
    problem = moons()
    layers = [
        [[torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in neuron] for neuron in layer]
        for layer in problem.layers
    ]
    parameters = [parameter for layer in layers for neuron in layer for parameter in neuron]

    def model(x: list[Any]) -> Any:
        for layer in layers:
            x = [sum((wi * xi for wi, xi in zip(neuron, x, strict=False)), neuron[-1]) for neuron in layer]
            if layer is not layers[-1]:
                x = [act.relu() for act in x]
        return x[0]

    def step() -> Any:
        for parameter in parameters:
            parameter.grad = None
        loss = scalar_loss(model, parameters, lambda number: torch.tensor(number, dtype=torch.float64), problem)
        loss.backward()
        return loss

    return Task(step, lambda loss: (loss.item(), [p.grad.item() for p in parameters]))


def torch_scalar_xyz(engine: str) -> Task:
    torch: Any = import_module("torch")

    def step() -> Any:
        x, y, z = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in XYZ]
        f = (x + y) * z
        f.backward()
        return f, x, y, z

    return Task(step, lambda out: (out[0].item(), [leaf.grad.item() for leaf in out[1:]]))


# The engines with arrays, and the one that compiles.


def _flat(gradients: list[Any]) -> list[float]:
    """Put gradients of [weights, bias, weights, bias, ...] in the order of `Moons.weights`."""
    flat: list[float] = []
    for weights, bias in zip(gradients[::2], gradients[1::2], strict=True):
        for neuron, b in zip(weights.tolist(), bias.tolist(), strict=True):
            flat += [*neuron, b]
    return flat


def torch_moons(engine: str) -> Task:
    torch: Any = import_module("torch")
    problem = moons()
    points, labels = (torch.tensor(numbers, dtype=torch.float64) for numbers in (problem.points, problem.labels))
    parameters = []
    for layer in problem.layers:
        block = torch.tensor(layer, dtype=torch.float64)
        parameters += [block[:, :-1].clone().requires_grad_(), block[:, -1].clone().requires_grad_()]

    def step() -> Any:
        for parameter in parameters:
            parameter.grad = None
        hidden = points
        for weights, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            hidden = torch.relu(torch.nn.functional.linear(hidden, weights, bias))
        scores = torch.nn.functional.linear(hidden, *parameters[-2:]).squeeze(1)
        loss = torch.relu(1 - labels * scores).mean() + L2 * sum((p * p).sum() for p in parameters)
        loss.backward()
        return loss

    return Task(step, lambda loss: (loss.item(), _flat([p.grad for p in parameters])))


def _hips() -> tuple[Any, Any]:
    package = import_module("autograd")
    if not package.__file__ or Path(package.__file__).resolve().is_relative_to(OURS):
        raise ModuleNotFoundError("that Python has no HIPS autograd")
    return package, import_module("autograd.numpy")


def hips_moons(engine: str) -> Task:
    package, np = _hips()
    problem = moons()
    points, labels = np.array(problem.points), np.array(problem.labels)
    parameters = []
    for layer in problem.layers:
        block = np.array(layer)
        parameters += [block[:, :-1].copy(), block[:, -1].copy()]

    def loss(parameters: list[Any]) -> Any:
        hidden = points
        for weights, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            hidden = np.maximum(np.dot(hidden, weights.T) + bias, 0.0)
        scores = (np.dot(hidden, parameters[-2].T) + parameters[-1])[:, 0]
        return np.mean(np.maximum(1 - labels * scores, 0.0)) + L2 * sum(np.sum(p * p) for p in parameters)

    loss_and_gradients = package.value_and_grad(loss)
    return Task(lambda: loss_and_gradients(parameters), lambda out: (float(out[0]), _flat(out[1])))


def hips_xyz(engine: str) -> Task:
    package, _ = _hips()
    evaluate = package.value_and_grad(lambda x, y, z: (x + y) * z, (0, 1, 2))
    return Task(lambda: evaluate(*XYZ), lambda out: (float(out[0]), [float(g) for g in out[1]]))


def casadi_moons(engine: str) -> Task:
    ca: Any = import_module("casadi")
    problem = moons()
    started = time.perf_counter()
    w, points, labels = (
        ca.SX.sym("w", len(problem.weights)),
        ca.SX.sym("points", POINTS, SIZES[0]),
        ca.SX.sym("labels", POINTS),
    )
    hidden, start = points, 0
    for nin, nout in pairwise(SIZES):
        stop = start + nout * (nin + 1)
        block = ca.reshape(w[start:stop], nin + 1, nout)  # a column is a neuron: its weights, then its bias
        hidden = ca.mtimes(hidden, block[:-1, :]) + ca.repmat(block[-1, :], POINTS, 1)
        if stop < len(problem.weights):
            hidden = ca.fmax(hidden, 0)
        start = stop
    loss = ca.sum1(ca.fmax(1 - labels * hidden, 0)) / POINTS + L2 * ca.sumsqr(w)
    function = ca.Function("moons", [w, points, labels], [loss, ca.gradient(loss, w)])
    build_seconds = time.perf_counter() - started

    given = ca.DM(problem.weights), ca.DM(problem.points), ca.DM(problem.labels)

    def read(out: Any) -> Answer:
        return float(out[0]), [float(g) for g in out[1].full().ravel()]

    return Task(lambda: function(*given), read, build_seconds=build_seconds)


TASKS: dict[tuple[str, str], Callable[[str], Task]] = {
    ("chainrule", "moons"): value_moons,
    ("micrograd", "moons"): value_moons,
    ("torch-scalar", "moons"): torch_scalar_moons,
    ("torch", "moons"): torch_moons,
    ("hips", "moons"): hips_moons,
    ("casadi", "moons"): casadi_moons,
    ("chainrule", "xyz"): value_xyz,
    ("micrograd", "xyz"): value_xyz,
    ("torch-scalar", "xyz"): torch_scalar_xyz,
    ("hips", "xyz"): hips_xyz,
}

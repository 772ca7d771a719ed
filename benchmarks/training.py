"""Training beside PyTorch: the same weights, the same batches, losses step by step, samples per second.

    python -m benchmarks.training                  three networks, one and two threads
    python -m benchmarks.training --accuracy       also digits and Fashion-MNIST, where they are, to their goals

Rounding differs from library to library, and from one number of threads to another.  Where training
is steady such differences stay small; with a high rate they grow exponentially, in PyTorch beside
itself as well.  So the rates here are moderate, and the losses are compared in float64, too, where
a wrong gradient could not hide.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from statistics import median
from typing import Any

import numpy as np

import autograd
import nn
from benchmarks import accuracy
from benchmarks.networks import blocks, lenet, mlp
from benchmarks.report import load, machine, today

STEPS = 100
LOSSES_WITHIN = {np.float32: 1e-4, np.float64: 1e-9}

Run = Callable[..., list[float]]


@dataclass
class Task:
    """A network, the shape of the images it is trained on, and the optimiser: a name and its options."""

    name: str
    network: Callable[[Any], Any]
    shape: tuple[int, ...]
    batch: int
    optimiser: str
    options: dict[str, float]


TASKS = [
    Task("MLP 784-100-10, 28x28, batches of 128", mlp, (1, 28, 28), 128, "SGD", {"lr": 0.01, "momentum": 0.9}),
    Task("LeNet, 28x28, batches of 64", lenet, (1, 28, 28), 64, "Adam", {"lr": 0.001}),
    Task(
        "3 blocks conv, batch norm, 32x32x3, batches of 64",
        partial(blocks, channels=3, widths=(32, 64, 128), side=32),
        (3, 32, 32),
        64,
        "SGD",
        {"lr": 0.002, "momentum": 0.9},
    ),
]


def batches(task: Task, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of ten classes: for each a pattern of 4 x 4 patches, under noise."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, (steps, task.batch))
    channels, height, width = task.shape
    patches = random.normal(size=(10, channels, 4, 4))
    images = patches.repeat(height // 4, 2).repeat(width // 4, 3)[labels]
    images += 0.3 * random.normal(size=images.shape)
    return images.astype(np.float32), labels


def own_trainer(task: Task, weights: dict[str, np.ndarray], images: Any, labels: Any, dtype: Any) -> Run:
    model = task.network(nn).to(dtype)
    pairs = [(autograd.tensor(x.astype(dtype)), autograd.tensor(t)) for x, t in zip(images, labels, strict=True)]
    return partial(_train, nn, nn.optim, model, task, weights, pairs)


def torch_trainer(task: Task, weights: dict[str, np.ndarray], images: Any, labels: Any, dtype: Any) -> Run:
    torch: Any = import_module("torch")
    model = task.network(torch.nn).to(torch.float64 if dtype is np.float64 else torch.float32)
    pairs = [(torch.tensor(x.astype(dtype)), torch.tensor(t)) for x, t in zip(images, labels, strict=True)]
    state = {name: torch.tensor(array) for name, array in weights.items()}
    return partial(_train, torch.nn, torch.optim, model, task, state, pairs)


def _train(
    lib: Any, optim: Any, model: Any, task: Task, state: Any, pairs: Any, steps: int | None = None
) -> list[float]:
    """Train from the given weights; return the loss of every step.  The two libraries share these lines."""
    model.load_state_dict(state)
    optimiser = getattr(optim, task.optimiser)(model.parameters(), **task.options)
    losses = []
    for x, t in pairs[:steps]:
        optimiser.zero_grad()
        loss = lib.functional.cross_entropy(model(x), t)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def agree(own: Run, theirs: Run, dtype: Any) -> bool:
    """Print the largest difference of the losses; return whether it is small enough."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    autograd.set_num_threads(1)
    expected = theirs()
    difference = _largest(own(), expected)
    good = difference <= LOSSES_WITHIN[dtype]
    line = f"  {np.dtype(dtype)}: losses of {len(expected)} steps differ by at most {difference:.1e}"
    if dtype is np.float32:
        torch.set_num_threads(2)
        line += f"; PyTorch's own with one and with two threads by {_largest(theirs(), expected):.1e}"
    print(line + ("" if good else f"   ABOVE {LOSSES_WITHIN[dtype]:g}"), flush=True)
    return good


def _largest(losses: list[float], others: list[float]) -> float:
    return float(np.abs(np.subtract(losses, others)).max())


def compare(task: Task, threads: list[int], rounds: int, steps: int) -> tuple[bool, bool]:
    """Print how the losses differ, and the ratio of the speeds; return whether both are as they should be."""
    torch: Any = import_module("torch")
    images, labels = batches(task, steps)
    autograd.manual_seed(0)
    weights = {name: np.array(tensor) for name, tensor in task.network(nn).state_dict().items()}
    print(f"\n{task.name}; {task.optimiser} {task.options}")
    agrees = fast = True
    own = theirs = None
    for dtype in (np.float64, np.float32):
        own, theirs = (make(task, weights, images, labels, dtype) for make in (own_trainer, torch_trainer))
        agrees = agree(own, theirs, dtype) and agrees
    for count in threads:
        autograd.set_num_threads(count)
        torch.set_num_threads(count)
        seconds: dict[Run, list[float]] = {own: [], theirs: []}
        for _ in range(rounds):
            for run, found in seconds.items():
                run(3)
                began = time.perf_counter()
                run()
                found.append(time.perf_counter() - began)
        ratio = median(b / a for a, b in zip(*seconds.values(), strict=True))
        speeds = [steps * task.batch / median(found) for found in seconds.values()]
        fast = fast and ratio >= 1
        print(
            f"  {count} thread{'s' if count > 1 else ' '}: {speeds[0]:9,.0f} samples/s, PyTorch {speeds[1]:9,.0f}: "
            f"{ratio:.2f} times{'' if ratio >= 1 else '   BELOW 1'}",
            flush=True,
        )
    return agrees, fast


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description="Training beside PyTorch.")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round of few steps, to see that it runs")
    parser.add_argument("--only", default="", help="networks and data sets whose name contains this text")
    parser.add_argument("--accuracy", action="store_true", help="also train to the end on digits and Fashion-MNIST")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="of the runs to the end")
    given = parser.parse_args(arguments)
    print(f"{machine()}; load {load()}; Python {sys.version.split()[0]}, NumPy {np.__version__}; {today()}")
    rounds, steps = (1, 10) if given.quick else (given.rounds, STEPS)
    found = [compare(task, given.threads, rounds, steps) for task in TASKS if given.only in task.name]
    good = all(agrees and (fast or given.quick) for agrees, fast in found)  # few steps say nothing about speed
    for goal in accuracy.GOALS if given.accuracy else []:
        if given.only in goal.name:
            good = accuracy.reach(goal, given.seeds, max(given.threads)) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

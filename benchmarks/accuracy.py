"""Training to the end on real images, beside PyTorch: the same model, weights, batches and schedule.

Run by ``python -m benchmarks.training --accuracy``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

import autograd
import nn
from benchmarks.networks import blocks
from nn.data import DataLoader, Dataset, digits, fashion_mnist, random_split
from nn.data.transforms import Compose, Normalize, RandomHorizontalFlip, RandomRotation, RandomShift


@dataclass
class Goal:
    """A data set, a network, and the accuracy that it shall reach on samples it has not seen."""

    name: str
    accuracy: float
    data: Callable[[int], tuple[Dataset, Dataset]]
    network: Callable[[Any], Any]
    augment: list[Any]
    normalise: Normalize
    epochs: int
    batch: int
    rate: float


def digits_split(seed: int) -> tuple[Dataset, Dataset]:
    train, test = random_split(digits(), [0.8, 0.2], seed=seed)
    return train, test


def fashion_split(seed: int) -> tuple[Dataset, Dataset]:
    return fashion_mnist("train"), fashion_mnist("test")


GOALS = [
    Goal(
        name="digits, a fifth held out",
        accuracy=0.985,
        data=digits_split,
        network=lambda lib: blocks(lib, 1, (32, 64), 8),
        augment=[RandomShift(1), RandomRotation(10)],
        normalise=Normalize([0.31], [0.38]),
        epochs=40,
        batch=64,
        rate=0.01,
    ),
    Goal(
        name="Fashion-MNIST, the official test set",
        accuracy=0.9,
        data=fashion_split,
        network=lambda lib: blocks(lib, 1, (16, 32, 64), 28),
        augment=[RandomHorizontalFlip()],
        normalise=Normalize([0.286], [0.353]),
        epochs=4,
        batch=128,
        rate=0.01,
    ),
]


def own_run(goal: Goal, model: Any, train: DataLoader, test: DataLoader, seed: int) -> tuple[float, float]:
    """Train with ``nn.Trainer``; return the accuracy and the seconds of training."""
    optimiser = nn.optim.Adam(model.parameters(), lr=goal.rate)
    schedule = nn.optim.lr_scheduler.OneCycleLR(optimiser, goal.rate, total_steps=goal.epochs * len(train))
    trainer = nn.Trainer(
        model,
        optimiser,
        nn.functional.cross_entropy,
        metrics={"accuracy": nn.accuracy},
        scheduler=schedule,
        schedule_per="batch",
        seed=seed,
    )
    began = time.perf_counter()
    trainer.fit(train, epochs=goal.epochs, progress=False)
    return time.perf_counter() - began, trainer.evaluate(test)["accuracy"]


def torch_run(goal: Goal, model: Any, train: DataLoader, test: DataLoader) -> tuple[float, float]:
    """Train with a plain loop over the same batches; return the accuracy and the seconds of training."""
    torch: Any = import_module("torch")
    optimiser = torch.optim.Adam(model.parameters(), lr=goal.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, goal.rate, total_steps=goal.epochs * len(train))
    began = time.perf_counter()
    for _ in range(goal.epochs):
        for x, t in train:
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(torch.from_numpy(x.numpy())), torch.from_numpy(t.numpy()))
            loss.backward()
            optimiser.step()
            schedule.step()
    seconds = time.perf_counter() - began
    model.eval()
    with torch.no_grad():
        found = [(model(torch.tensor(x.numpy())).argmax(1).numpy() == t.numpy()) for x, t in test]
    return seconds, float(np.concatenate(found).mean())


def reach(goal: Goal, seeds: list[int], threads: int, peer: bool = True) -> bool:
    """Print accuracy and seconds for each seed; return whether all reach the goal."""
    torch: Any = import_module("torch")
    autograd.set_num_threads(threads)
    torch.set_num_threads(threads)
    good = True
    with_threads = f"{threads} thread{'s' if threads > 1 else ''}"
    print(f"\n{goal.name}: goal {goal.accuracy:.1%}, {goal.epochs} epochs, {with_threads}")
    for seed in seeds:
        try:
            training, held_out = goal.data(seed)
        except (FileNotFoundError, ImportError) as missing:
            print(f"  not measured: {missing}")
            return True
        autograd.manual_seed(seed)
        model = goal.network(nn)
        other = goal.network(torch.nn)
        other.load_state_dict({name: torch.tensor(np.array(tensor)) for name, tensor in model.state_dict().items()})

        def batches(seed: int = seed, training: Dataset = training) -> DataLoader:
            changes = Compose([*goal.augment, goal.normalise])
            return DataLoader(training, goal.batch, shuffle=True, seed=seed, transform=changes)

        test = DataLoader(held_out, 500, transform=goal.normalise)
        seconds, accuracy = own_run(goal, model, batches(), test, seed)
        reached = accuracy >= goal.accuracy
        good = good and reached
        line = f"  seed {seed}: {accuracy:.2%} in {seconds:.1f} s"
        if peer:
            seconds, accuracy = torch_run(goal, other, batches(), test)
            line += f"; PyTorch {accuracy:.2%} in {seconds:.1f} s"
        print(line + ("" if reached else "   BELOW"), flush=True)
    return good

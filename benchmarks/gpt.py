"""Compare training the GPT of the examples eager, compiled, and with closures in pure Python.

All three run the same model in one process, taken in turn, on the same names.  A step is the
loss of one name, its gradients, and the update of all weights.  Graphs of closures are cyclic
garbage, so most of their time goes to Python's garbage collector; it is also shown without.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean, median

import numpy as np

import autograd
from benchmarks import closures
from benchmarks.report import duration, load, machine, times, today
from examples.scalar_gpt import GPT, Adam, LossAndGradients, compiled, eager, encode, load_names

TOLERANCE = 1e-9
TARGET = 100
REPEATS = 20
"""How often the compiled steps are repeated in a round; a single one is over too soon."""


class Contender:
    """A model and a way to train it."""

    def __init__(self, name: str, model: GPT, loss_and_gradients: LossAndGradients) -> None:
        self.name, self.loss_and_gradients = name, loss_and_gradients
        self.weights = np.array([parameter.data for parameter in model.parameters()])
        self.adam = Adam(steps=10**6)
        self.rounds: dict[bool, list[float]] = {True: [], False: []}
        """The seconds of a step with the collector on, and off."""

    def train(self, names: list[str], collector: bool = True) -> list[float]:
        """Take one step for each name, and return the losses."""
        losses = []
        gc.collect()
        if not collector:
            gc.disable()
        started = time.perf_counter()
        for name in names:
            loss, gradients = self.loss_and_gradients(self.weights, encode(name))
            self.weights = self.adam.update(self.weights, gradients)
            losses.append(loss)
        self.rounds[collector].append((time.perf_counter() - started) / len(names))
        gc.enable()
        return losses


def contenders() -> list[Contender]:
    value, plain = GPT(), GPT(value=closures.Value, look_up=lambda rows, index: rows[index])
    return [
        Contender("closures, pure Python", plain, eager(plain)),
        Contender("Value, graph built anew", value, eager(value)),
        Contender("Value, compiled", value, compiled(value)),
    ]


def node_counts(names: list[str]) -> tuple[float, float]:
    """Return the mean number of nodes of a step: of closures, and of the programs."""
    plain, value = GPT(value=closures.Value, look_up=lambda rows, index: rows[index]), GPT()
    loss = autograd.compile(value.loss, parameters=value.parameters())
    return (
        fmean(len(plain.loss(encode(name).tolist()).order()) for name in names),
        fmean(loss.program(encode(name)).tape.nodes for name in names),
    )


def step_table(rounds: int, steps: int) -> tuple[list[str], bool]:
    """Time training steps; also return whether the target is met."""
    names = load_names()
    random.Random(0).shuffle(names)
    names = names[:steps]
    found = contenders()
    plain, program = found[0], found[-1]

    # The first steps record the programs; they also show that all compute the same.
    expected, eager_losses, compiled_losses = (contender.train(names) for contender in found)
    off = max(abs(a - b) / abs(b) for a, b in zip(eager_losses, expected, strict=True))
    if not off <= TOLERANCE or compiled_losses != eager_losses:
        raise SystemExit(f"the losses differ, no time is believed: {expected}, {eager_losses}, {compiled_losses}")
    for contender in found:
        contender.rounds[True].clear()

    for _ in range(rounds):
        for collector in (True, False):
            for contender in found:
                contender.train(names * REPEATS if contender is program else names, collector)

    def ratio(contender: Contender, collector: bool) -> float:
        pairs = zip(contender.rounds[collector], program.rounds[collector], strict=True)
        return median(slow / fast for slow, fast in pairs)

    closure_nodes, program_nodes = node_counts(names)
    lines = [
        f"Training the GPT of examples/scalar_gpt.py, {len(plain.weights):,} parameters, one name a step;",
        f"on average {closure_nodes:,.0f} nodes with closures, {program_nodes:,.0f} in a program.",
        f"Losses of {steps} steps: closures within {off:.0e}, compiled and eager the same bits.",
        f"  {'a step':26} {'garbage collector on':>25} {'off':>25}",
    ]
    for contender in found:
        cells = [
            f"{duration(median(contender.rounds[collector])):>10} ({times(ratio(contender, collector)):>5} x)"
            for collector in (True, False)
        ]
        lines.append(f"  {contender.name:26} {cells[0]:>25} {cells[1]:>25}")
    met = min(ratio(plain, True), ratio(plain, False)) >= TARGET
    lines.append(f"Target: compiled at least {TARGET} times faster than closures: {'met' if met else 'NOT MET'}")
    return lines, met


START = """
import json, time
import autograd, numba, numpy
from examples.scalar_gpt import BLOCK, GPT, encode, load_names
model = GPT()
loss = autograd.compile(model.loss, parameters=model.parameters())
lengths = sorted({len(name) for name in load_names()})
seconds = []
for length in lengths:
    started = time.perf_counter()
    program = loss.program(encode("a" * length))
    recorded = time.perf_counter()
    program.run()
    seconds.append((length, program.tape.nodes, recorded - started, time.perf_counter() - recorded))
print(json.dumps(seconds))
"""


def start(folder: str) -> list[tuple[int, int, float, float]]:
    """Record and run the program for each length of name in a process of its own."""
    environment = os.environ | {"CHAINRULE_CACHE_DIR": folder}
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def start_table() -> list[str]:
    """Recording and compiling the programs of all lengths of name, Numba imported before."""
    with tempfile.TemporaryDirectory() as folder:
        cold, cached = start(folder), start(folder)
    lines = [f"Recording the programs for names of {cold[0][0]} to {cold[-1][0]} letters, {len(cold)} programs:"]
    for title, found in (("cold", cold), ("with the cache on disk", cached)):
        recorded, run = sum(row[2] for row in found), sum(row[3] for row in found)
        note = f"recorded in {duration(recorded)}, first runs {duration(run)}"
        lines.append(f"  {title:34} {duration(recorded + run):>10}         {note}")
    for length, nodes, recorded, _ in (cached[0], cached[len(cached) // 2], cached[-1]):
        lines.append(f"  {length:2} letters, {nodes:7,} nodes {'':9} {duration(recorded):>10}")
    return lines


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpt", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round of few steps: does it run?")
    options = parser.parse_args(arguments)
    rounds, steps = (1, 3) if options.quick else (7, 10)
    before = load()
    print(f"{machine()}, Python {sys.version.split()[0]}, {today()}\n", flush=True)
    lines, met = step_table(rounds, steps)
    print("\n".join([*lines, "", *start_table()]))
    print(f"\nLoad {before} before, {load()} after.  Medians of {rounds} rounds of {steps} names.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

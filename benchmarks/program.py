"""Compare compiled programs with CasADi, with micrograd and with building the graph anew.

Everything but micrograd and the cold start runs in one process, taken in turn, so that other
work on the machine disturbs all alike.  Times are medians, ratios are medians of rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import autograd
import nn
from autograd import Value
from benchmarks.contenders import contenders
from benchmarks.engines import scalar_loss
from benchmarks.problem import L2, POINTS, SIZES, Moons, moons
from benchmarks.processes import run
from benchmarks.report import duration, load, machine, today

PROBLEM = moons()
LARGE = 10_000_000
RATE = 0.05


def model_with_weights() -> tuple[Any, list[Value]]:
    model = nn.MLP(SIZES[0], list(SIZES[1:]))
    parameters = model.parameters()
    for parameter, weight in zip(parameters, PROBLEM.weights, strict=True):
        parameter.data = weight
    return model, parameters


def compiled_moons() -> Any:
    """The loss of the whole problem as a compiled function of points and labels."""
    model, parameters = model_with_weights()

    @autograd.compile(parameters=parameters)
    def loss(points: Any, labels: Any) -> Any:
        problem = Moons(points, labels, PROBLEM.layers)
        return scalar_loss(model, parameters, lambda number: number, problem)

    return loss


def record_sample() -> Any:
    """The hinge loss of one point, with the point and its label as inputs."""
    model, parameters = model_with_weights()
    x, y, label = Value(0.5), Value(-0.5), Value(1.0)
    loss = (1.0 + -label * model([x, y])).relu() * (1.0 / POINTS)
    return autograd.compile(loss, inputs=[x, y, label], parameters=parameters)


def rows() -> np.ndarray:
    return np.column_stack([np.array(PROBLEM.points), np.array(PROBLEM.labels)])


def casadi_functions() -> dict[str, Any]:
    """The same two graphs in CasADi, and how long they took to build."""
    ca: Any = import_module("casadi")
    started = time.perf_counter()
    w = ca.SX.sym("w", len(PROBLEM.weights))

    def score(columns: Any) -> Any:
        hidden, start = columns, 0
        for nin, nout in pairwise(SIZES):
            block = ca.reshape(w[start : start + nout * (nin + 1)], nin + 1, nout)
            hidden = ca.mtimes(block[:-1, :].T, hidden) + ca.repmat(block[-1, :].T, 1, columns.shape[1])
            start += nout * (nin + 1)
            if start < w.shape[0]:
                hidden = ca.fmax(hidden, 0)
        return hidden

    points, labels = ca.SX.sym("points", SIZES[0], POINTS), ca.SX.sym("labels", 1, POINTS)
    loss = ca.sum2(ca.fmax(1 - labels * score(points), 0)) / POINTS + L2 * ca.sumsqr(w)
    whole = ca.Function("moons", [w, points, labels], [loss, ca.gradient(loss, w)])
    build_seconds = time.perf_counter() - started

    sample = ca.SX.sym("sample", 3)
    loss = ca.fmax(1 - sample[2] * score(sample[:2]), 0) / POINTS
    one = ca.Function("sample", [w, sample], [loss, ca.gradient(loss, w)])
    return {"whole": whole, "one": one, "build_seconds": build_seconds, "casadi": ca}


def casadi_buffer(function: Any, inputs: list[np.ndarray]) -> Callable[[], Any]:
    """CasADi's fastest way to call: arrays bound once, no conversion in the call."""
    buffer, call = function.buffer()
    kept = [np.ascontiguousarray(array.ravel(order="F")) for array in inputs]
    outputs = [np.zeros(function.nnz_out(i)) for i in range(function.n_out())]
    for i, array in enumerate(kept):
        buffer.set_arg(i, array.data)
    for i, array in enumerate(outputs):
        buffer.set_res(i, array.data)

    def evaluate() -> list[np.ndarray]:
        call()
        return outputs

    evaluate.kept = (buffer, kept, outputs)  # type: ignore[attr-defined]  # they must outlive the calls
    return evaluate


def take_turns(contestants: dict[str, Callable[[], Any]], rounds: int, calls: int) -> dict[str, list[float]]:
    """Return for each contestant the median seconds of a call in every round."""
    clock = time.perf_counter
    medians: dict[str, list[float]] = {name: [] for name in contestants}
    for step in contestants.values():
        step()
    for _ in range(rounds):
        for name, step in contestants.items():
            times = []
            for _ in range(calls):
                started = clock()
                step()
                times.append(clock() - started)
            medians[name].append(median(times))
    return medians


def ratio(slower: list[float], faster: list[float]) -> float:
    return median(a / b for a, b in zip(slower, faster, strict=True))


def row(name: str, seconds: float, note: str = "") -> str:
    return f"  {name:52s} {duration(seconds):>10s}  {note}"


def step_table(rounds: int, calls: int, micrograd_rounds: int) -> list[str]:
    """The moons graph: one call, a whole training step, and the peers."""
    loss, points, labels = compiled_moons(), np.array(PROBLEM.points), np.array(PROBLEM.labels)
    program = loss.program(points, labels)
    loss.forward(points, labels)
    functions = casadi_functions()
    weights = np.array(PROBLEM.weights)
    given = [weights, points.T, labels[None, :]]

    def train() -> None:
        program.run()
        program.parameters -= 0.0 * program.gradients  # an update that leaves the problem as it is

    buffered = casadi_buffer(functions["whole"], given)
    plain = [functions["casadi"].DM(array) for array in given]
    medians = take_turns(
        {
            "ours": program.run,
            "step": train,
            "forward": lambda: program._plan.play(program._player, program._values, program._gradients, None),
            "values": lambda: loss(points, labels),
            "casadi": lambda: functions["whole"](*plain),
            "buffer": buffered,
        },
        rounds,
        calls,
    )
    value = program.run()
    expected = [np.array(x).ravel() for x in buffered()]
    off = max(abs(value - expected[0][0]), np.abs(program.gradients - expected[1]).max())
    ours = medians["ours"]
    lines = [f"Moons graph, {program.tape.nodes:,} nodes, forward + gradient (agrees with CasADi to {off:.0e}):"]
    lines.append(row("Program.run", median(ours)))
    lines.append(row("its forward pass alone", median(medians["forward"])))
    note = f"{ratio(medians['step'], ours):.2f} x the bare call (target: at most 1.3)"
    lines.append(row("training step: run and update of 337 parameters", median(medians["step"]), note))
    note = f"{ratio(medians['values'], ours):.2f} x"
    lines.append(row("compiled function: reads Values, adds to their grad", median(medians["values"]), note))
    note = f"{ratio(medians['casadi'], ours):.1f} x (target: at least 4)"
    lines.append(row("CasADi Function, plain call", median(medians["casadi"]), note))
    note = f"{ratio(medians['buffer'], ours):.1f} x"
    lines.append(row("CasADi Function, buffers bound beforehand", median(medians["buffer"]), note))

    eager = contenders("moons", [1])
    for engine, target in (("chainrule", ""), ("micrograd", " (target: at least 1500)")):
        contender = next(c for c in eager if c.engine == engine)
        answers = [run(contender, "moons", 3, 1, "") for _ in range(micrograd_rounds)]
        if "seconds" not in answers[0]:
            lines.append(f"  {contender.name}: not measured: {answers[0].get('missing') or answers[0].get('failed')}")
            continue
        seconds = median(second for answer in answers for second in answer["seconds"])
        note = f"{seconds / median(ours):,.0f} x{target}"
        lines.append(row(f"{contender.name}, graph built anew in a step", seconds, note))
    return lines


def map_table(rounds: int, calls: int) -> list[str]:
    """The graph of one sample, over 100 samples."""
    program = record_sample()
    functions = casadi_functions()
    ca, one, weights, samples = functions["casadi"], functions["one"], np.array(PROBLEM.weights), rows()
    plain = ca.DM(weights), ca.DM(samples.T)
    mapped = {kind: one.map(f"mapped_{kind}", kind, POINTS, [0], []) for kind in ("serial", "thread")}
    whole = casadi_buffer(functions["whole"], [weights, samples[:, :2].T, samples[:, 2][None, :]])
    given = program.parameters

    def ours(threads: int, **options: Any) -> Callable[[], Any]:
        return lambda: program.map(samples, parameters=given, threads=threads, **options)

    medians = take_turns(
        {
            "two": ours(2),
            "one": ours(1),
            "each": ours(2, gradients="each"),
            "call": lambda: one(*plain),
            "serial": lambda: mapped["serial"](*plain),
            "thread": lambda: mapped["thread"](*plain),
            "whole": whole,
        },
        rounds,
        calls,
    )
    found = program.map(samples).gradients
    expected = np.array(one(*plain)[1]).sum(axis=1)
    off = np.abs(found - expected).max()
    two = medians["two"]
    lines = [f"The graph of one sample ({program.tape.nodes} nodes) over {POINTS} samples (agrees to {off:.0e}):"]
    lines.append(row("Program.map, gradients added up, up to two threads", median(two)))
    lines.append(row("Program.map, one thread", median(medians["one"])))
    lines.append(row("Program.map, a gradient for each sample", median(medians["each"])))
    for name, title, target in (
        ("call", "CasADi, one call for the whole batch", " (target: at least 10)"),
        ("serial", "CasADi map('serial')", ""),
        ("thread", "CasADi map('thread')", ""),
        ("whole", "CasADi, the whole batch as one graph, buffers", ""),
    ):
        lines.append(row(title, median(medians[name]), f"{ratio(medians[name], two):.1f} x{target}"))
    many = np.tile(samples, (100, 1))
    large = take_turns(
        {str(n): lambda n=n: program.map(many, parameters=given, threads=n) for n in (1, 2)},
        rounds,
        max(3, calls // 20),
    )
    note = f"{ratio(large['1'], large['2']):.2f} x faster than one thread"
    lines.append(row("Program.map over 10,000 samples, two threads", median(large["2"]), note))
    return lines


START = """
import json, time
import autograd, numba, nn
from benchmarks.program import PROBLEM, Value, model_with_weights, scalar_loss
started = time.perf_counter()
model, parameters = model_with_weights()
loss = scalar_loss(model, parameters, Value, PROBLEM)
built = time.perf_counter()
program = autograd.compile(loss, parameters=parameters)
recorded = time.perf_counter()
program.run()
print(json.dumps([built - started, recorded - built, time.perf_counter() - recorded]))
"""


def start_table(repeats: int) -> list[str]:
    """Recording and compiling, in processes of their own."""

    def start(folder: str) -> list[float]:
        environment = os.environ | {"CHAINRULE_CACHE_DIR": folder}
        root = Path(__file__).resolve().parents[1]
        done = subprocess.run(
            [sys.executable, "-c", START], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    cold, cached = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(start(folder))
            cached.append(start(folder))
    lines = ["Recording and compiling the moons graph, Numba imported before:"]
    for title, found, target in (("cold", cold, 2.5), ("with the cache on disk", cached, 0.5)):
        _, recorded, compiled = (median(column) for column in zip(*found, strict=True))
        note = f"recorded in {duration(recorded)}, first run {duration(compiled)} (target: {target} s)"
        lines.append(row(title, recorded + compiled, note))
    note = "the graph of Values, for comparison"
    lines.append(row("building the graph", median(found[0] for found in cold), note))
    lines.append(row("CasADi builds its function", casadi_functions()["build_seconds"]))
    return lines


def large_table(nodes: int, small_ns: float) -> list[str]:
    """A graph of many nodes: as many samples side by side as it takes."""
    model, parameters = model_with_weights()
    chance = np.random.default_rng(0)
    per_sample = 640  # a little less than there are, so that the graph has at least as many as asked for
    started = time.perf_counter()
    losses = Value(0.0, "", False)
    for x, y in chance.normal(size=(nodes // per_sample + 1, 2)).tolist():
        losses = losses + (1.0 + -model([x, y])).relu()
    built = time.perf_counter() - started
    started = time.perf_counter()
    program = autograd.compile(losses, parameters=parameters)
    recorded = time.perf_counter() - started
    program.run()
    times = take_turns({"large": program.run}, 3, 5)["large"]
    nanoseconds = median(times) / program.tape.nodes * 1e9
    return [
        f"A graph of {program.tape.nodes:,} nodes:",
        row("the program's memory", 0.0, "").replace("0.00 µs", f"{program.nbytes / 1e6:,.0f} MB") + "(target: 1 GB)",
        row("built as Values", built),
        row("recorded", recorded),
        row(
            "Program.run", median(times), f"{nanoseconds:.2f} ns a node, {nanoseconds / small_ns:.2f} x the moons graph"
        ),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.program", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few repetitions and a smaller large graph: does it run?")
    options = parser.parse_args(arguments)
    rounds, calls = (2, 20) if options.quick else (7, 200)
    before = load()
    print(f"{machine()}, Python {sys.version.split()[0]}, {today()}, one thread unless said", flush=True)
    small: list[float] = []
    program = compiled_moons().program(np.array(PROBLEM.points), np.array(PROBLEM.labels))
    small = take_turns({"run": program.run}, rounds, calls)["run"]
    nanoseconds = median(small) / program.tape.nodes * 1e9
    for table in (
        lambda: step_table(rounds, calls, 1 if options.quick else 2),
        lambda: map_table(rounds, calls),
        lambda: start_table(1 if options.quick else 3),
        lambda: large_table(LARGE // 20 if options.quick else LARGE, nanoseconds),
    ):
        print("\n" + "\n".join(table()), flush=True)
    print(f"\nLoad {before} before, {load()} after.  Times are medians of {rounds} rounds of {calls} calls.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

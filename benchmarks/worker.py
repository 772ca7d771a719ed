"""The process of one engine: run one task, print the measurements as JSON.

Run as a module for most engines.  HIPS autograd needs ``python -I worker.py``: in isolated mode
neither this folder nor the current one is on the path before its package of the same name.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import sys
import time
import tracemalloc
from importlib import import_module, metadata
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.engines import Task


def measure_time(task: Task, steps: int, calls: int) -> dict[str, Any]:
    """Time `steps` steps of `calls` calls each, with Python's collector on as users have it.

    A step has the median of its calls, and their mean: a median leaves out the calls in which the
    collector runs, a mean shares its cost among all.
    """
    output = task.step()  # warm-up
    result, gradient = task.read(output)
    measured: dict[str, Any] = {"result": result, "gradient": gradient, "nodes": task.nodes(output)}
    del output

    step, clock = task.step, time.perf_counter
    medians, means = [], []
    for _ in range(steps):
        times = [0.0] * calls
        for i in range(calls):
            started = clock()
            step()
            times[i] = clock() - started
        medians.append(median(times))
        means.append(sum(times) / calls)
    return measured | {"seconds": medians, "means": means, "build_seconds": task.build_seconds}


def measure_memory(make: Any, engine: str) -> dict[str, Any]:
    """Trace what the graph holds after a forward and a backward pass, parameters included."""
    make(engine)  # imports the engine, whose code is not part of the graph
    gc.collect()
    tracemalloc.start()
    task = make(engine)
    output = task.step()
    held, peak = tracemalloc.get_traced_memory()
    result, gradient = task.read(output)
    nodes = task.nodes(output)
    before = tracemalloc.get_traced_memory()[0]
    del output
    freed = before - tracemalloc.get_traced_memory()[0]
    return {
        "result": result,
        "gradient": gradient,
        "nodes": nodes,
        "held": held / nodes,
        "peak": peak / nodes,
        "left": (held - freed) / nodes,
    }


def versions(distribution: str) -> dict[str, str]:
    """Return the versions of Python and of the distribution measured."""
    try:
        version = metadata.version(distribution)
    except metadata.PackageNotFoundError:
        version = "source"
    return {"python": platform.python_version(), "version": version}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("engine")
    parser.add_argument("task")
    parser.add_argument("--distribution", required=True)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    root = str(Path(__file__).resolve().parents[1])
    if root not in sys.path:
        sys.path.append(root)  # after the installed packages, which include an `autograd`
    tasks = import_module("benchmarks.engines").TASKS
    try:
        if options.engine.startswith("torch"):
            import_module("torch").set_num_threads(options.threads)
        if options.task == "memory":
            measured = measure_memory(tasks[options.engine, "moons"], options.engine)
        else:
            measured = measure_time(tasks[options.engine, options.task](options.engine), options.steps, options.calls)
        measured |= versions(options.distribution)
    except ImportError as error:
        measured = {"missing": str(error)}
    print(json.dumps(measured))


if __name__ == "__main__":
    main()

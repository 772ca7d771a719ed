"""Compare Chainrule with micrograd, CasADi, PyTorch and HIPS autograd on scalar graphs.

Each engine runs in a process of its own, because in one process the cyclic garbage of the one
slows the other.  The engines are taken in turn, and the times are medians.
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import sys
from pathlib import Path

from benchmarks import report
from benchmarks.contenders import Row
from benchmarks.processes import fewer, find_python, install_hips, measure


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scalar", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round of few steps: does it run?")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in which the engines are taken in turn (3)")
    parser.add_argument("--steps", type=int, default=10, help="steps an engine takes in each round (10)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="threads of the array engines (1 2)")
    hips = parser.add_mutually_exclusive_group()
    hips.add_argument(
        "--hips-python", metavar="PYTHON", help="the Python of an environment that has HIPS autograd installed"
    )
    hips.add_argument("--install-hips", action="store_true", help="make that environment with pip, once")
    parser.add_argument(
        "--markdown", metavar="FILE", nargs="?", const="-", help="tables for a README, on the screen or to FILE"
    )
    parser.add_argument("--json", metavar="FILE", help="all measurements, to FILE")
    options = parser.parse_args(arguments)
    if min(options.rounds, options.steps, *options.threads) < 1:
        parser.error("--rounds, --steps and --threads take numbers of at least 1")
    for file in (options.markdown, options.json):
        if file and file != "-":
            try:  # now, not after minutes of measuring
                Path(file).open("a", encoding="utf-8").close()
            except OSError as error:
                parser.error(f"cannot write {file}: {error.strerror}")
    return options


def command(arguments: list[str]) -> str:
    """The command to type for the same run, without paths of this machine."""
    shown = list(arguments)
    for i, argument in enumerate(shown):
        if argument == "--hips-python":
            shown[i + 1] = "PYTHON"
        elif argument.startswith("--hips-python="):
            shown[i] = "--hips-python=PYTHON"
    return shlex.join(["python", "-m", "benchmarks.scalar", *shown])


def find_hips(options: argparse.Namespace) -> tuple[str, str]:
    """Return the interpreter that has HIPS autograd, or why there is none."""
    if options.install_hips:
        return install_hips()
    if not options.hips_python:
        return "", ""
    python = find_python(options.hips_python)
    return python, "" if python else f"no interpreter at {options.hips_python}"


def effort(options: argparse.Namespace) -> tuple[int, int, int]:
    """Return the rounds, the steps in each, and the calls of (x + y) * z in a step."""
    return (1, 2, 200) if options.quick else (options.rounds, options.steps, 2000)


def method(options: argparse.Namespace) -> str:
    """Say how the times come about."""
    rounds, steps, calls = effort(options)
    return (
        f"medians of {rounds} round{'s' if rounds > 1 else ''} of {steps} steps (moons with 0-d tensors: "
        f"{fewer(steps)}; xyz: {calls:,} calls a step); one process per engine, in turn; collector on"
    )


def compare(options: argparse.Namespace) -> dict[str, list[Row]]:
    """Measure all tasks."""
    rounds, steps, calls = effort(options)
    hips_python, why_no_hips = find_hips(options)
    moons = measure("moons", rounds, steps, 1, options.threads, hips_python, why_no_hips)
    xyz = measure("xyz", rounds, steps, calls, options.threads, hips_python, why_no_hips)
    return {
        "moons": moons,
        "xyz": xyz,
        "xyz-mean": [row.with_means() for row in xyz],
        "memory": measure("memory", 1, 1, 1, options.threads, "", ""),
    }


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    load = report.load()
    try:
        results = compare(options)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    about = {
        "Machine": report.machine(),
        "Python": platform.python_version(),
        "Date": report.today(),
        "Method": method(options),
        "Load": f"{load} before, {report.load()} after",
        "Command": command(arguments),
    }
    print(report.markdown(about, results) if options.markdown == "-" else report.text(about, results))
    if options.markdown and options.markdown != "-":
        Path(options.markdown).write_text(report.markdown(about, results) + "\n", encoding="utf-8")
    if options.json:
        Path(options.json).write_text(json.dumps(report.as_json(about, results), indent=1) + "\n", encoding="utf-8")
    ours = [rows[0] for rows in results.values()]
    return 0 if all(row.measured for row in ours) and not _disagreement(results) else 1


def _disagreement(results: dict[str, list[Row]]) -> bool:
    return any(row.why.startswith("not believed") for rows in results.values() for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

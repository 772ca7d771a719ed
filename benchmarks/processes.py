"""Run the contenders, each in a process of its own, one process at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.contenders import Contender, Row, contenders

HERE = Path(__file__).resolve().parent
HIPS_ENVIRONMENT = HERE / ".environments" / "hips"
TIMEOUT = 900


def fewer(steps: int) -> int:
    """Return the steps that a slow contender takes."""
    return max(1, steps // 3)


def find_python(given: str) -> str:
    """Return the path of the interpreter `given`, or "" when there is none; a link stays one, as venvs need it."""
    found = shutil.which(given)
    return os.path.abspath(found) if found else ""


def install_hips() -> tuple[str, str]:
    """Make an environment with HIPS autograd, unless it is there; return its interpreter, or why there is none."""
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = find_python(str(HIPS_ENVIRONMENT / scripts / "python"))
    if python and subprocess.run([python, "-I", "-c", "import autograd"], capture_output=True).returncode == 0:
        return python, ""
    commands = [
        [sys.executable, "-m", "venv", str(HIPS_ENVIRONMENT)],
        [str(HIPS_ENVIRONMENT / scripts / "python"), "-m", "pip", "install", "--quiet", "autograd"],
    ]
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or getattr(error, "stdout", "") or str(error)).strip()
        return "", f"--install-hips failed: {said.splitlines()[-1]}"
    return find_python(commands[1][0]), ""


def run(contender: Contender, task: str, steps: int, calls: int, hips_python: str) -> dict[str, Any]:
    """Measure one contender once; the answer holds ``missing`` or ``failed`` when that did not work."""
    arguments = [contender.engine, task, f"--distribution={contender.distribution}"]
    arguments += [f"--steps={steps}", f"--calls={calls}", f"--threads={contender.threads}"]
    if contender.engine == "hips":
        command = [hips_python, "-I", str(HERE / "worker.py"), *arguments]
    else:
        command = [sys.executable, "-m", "benchmarks.worker", *arguments]
    limits = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(limits, str(contender.threads))
    try:
        done = subprocess.run(
            command, cwd=HERE.parent, env=environment, capture_output=True, text=True, timeout=TIMEOUT
        )
        if done.returncode == 0:
            return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"failed": f"took longer than {TIMEOUT} s"}
    except (OSError, ValueError, IndexError) as error:
        return {"failed": str(error)}
    return {"failed": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]}


def measure(
    task: str, rounds: int, steps: int, calls: int, threads: list[int], hips_python: str, why_no_hips: str
) -> list[Row]:
    """Take the contenders of a task in turn, for several rounds."""
    rows = [Row(contender) for contender in contenders(task, threads)]
    for row in rows:
        if row.contender.engine == "hips" and not hips_python:
            row.why = f"not measured: {why_no_hips or row.contender.remedy}"
    for number in range(rounds):
        for row in rows:
            if row.why:
                continue
            contender = row.contender
            print(
                f"{task}, round {number + 1} of {rounds}: {contender.name}, {contender.how}",
                file=sys.stderr,
                flush=True,
            )
            answer = run(contender, task, fewer(steps) if contender.slow else steps, calls, hips_python)
            if "missing" in answer:
                row.why = f"not measured: {answer['missing']}; {contender.remedy}"
            elif "failed" in answer:
                row.why = f"not measured: {answer['failed']}"
            else:
                row.rounds.append(answer)
    for row in rows:
        row.check(rows[0])
    return rows

"""How long starting takes, beside NumPy's import: ``python -m benchmarks.startup``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROUNDS = 15


def main() -> None:
    """Time each command in turn and print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        picture = str(Path(folder) / "graph.svg")
        commands = {
            "import numpy": ["-c", "import numpy"],
            "import autograd": ["-c", "import autograd"],
            "import nn": ["-c", "import nn"],
            "import viz": ["-c", "import viz"],
            "draw (x + y) * z": ["-m", "viz", "(x + y) * z", "x=-2", "y=5", "z=-4", "-o", picture],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run([sys.executable, *command], check=True, capture_output=True)
                times[name].append(time.perf_counter() - start)
    numpy = median(times["import numpy"])
    for name, seconds in times.items():
        print(f"{name:18} {median(seconds) * 1e3:6.0f} ms {median(seconds) / numpy:6.2f} x import numpy")


if __name__ == "__main__":
    main()

"""The measurements as plain text, as Markdown and as JSON."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.contenders import Row

TITLES = {
    "moons": "Moons step: MLP 2-16-16-1, 100 points, hinge loss + L2, forward + backward{nodes}",
    "xyz": "(x + y) * z: three leaves created, built and back-propagated; the median call, without collections",
    "xyz-mean": "(x + y) * z again, the same calls; the mean call, with its share of garbage collection",
    "memory": "Memory of the moons graph after forward + backward{nodes}",
}
LEGEND = "Ratio = peer's time / Chainrule's time: above 1, Chainrule is faster.  By round: least and most."
NOISY = " noisy"
BACKSLASH = chr(92)
Table = tuple[str, list[str], list[list[str]]]


def machine() -> str:
    """Name the processor and the system."""
    processor = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else processor}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def load() -> str:
    """Return the load of the machine, where it is known: others' work spoils a measurement."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def today() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d")


def duration(seconds: float) -> str:
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if seconds * factor >= 1.0 or (unit == "ms" and seconds >= 1e-4):
            return f"{seconds * factor:,.{_places(seconds * factor)}f} {unit}"
    return f"{seconds * 1e6:.{_places(seconds * 1e6)}f} µs"


def _places(number: float) -> int:
    return 0 if number >= 100 else 1 if number >= 10 else 2


def times(number: float) -> str:
    """Write a ratio with about three digits."""
    return f"{number:.{_places(number)}f}" if number >= 0.1 else f"{number:.2g}"


def table(task: str, rows: Sequence[Row]) -> Table:
    """Return the title, the header and the cells."""
    ours = rows[0]
    nodes = f"; {ours.rounds[0]['nodes']:,} nodes" if ours.measured and ours.rounds[0]["nodes"] else ""
    title = TITLES[task].format(nodes=nodes)
    if task == "memory":
        header = ["engine", "version", "bytes a node", "at the peak", "after `del loss`", "ratio"]
        return title, header, [_memory_cells(row, ours) for row in rows]
    header = ["engine", "version", "how", "time a step" if task == "moons" else "time", "ratio", "by round"]
    return title, header, [_time_cells(row, ours) for row in rows]


def _time_cells(row: Row, ours: Row) -> list[str]:
    how = row.contender.how
    if row.measured and row.rounds[0]["python"] != platform.python_version():
        how += f" (Python {row.rounds[0]['python']})"
    cells = [row.contender.name, row.version, how]
    if not row.measured:
        return [*cells, row.why, "", ""]
    if row is ours:
        return [*cells, duration(row.seconds), "1", ""]
    if not ours.measured:
        return [*cells, duration(row.seconds), "", ""]
    ratio, least, most = map(times, row.ratios(ours))
    return [*cells, duration(row.seconds), ratio, f"({least} to {most}){NOISY if row.noisy(ours) else ''}"]


def _memory_cells(row: Row, ours: Row) -> list[str]:
    if not row.measured:
        return [row.contender.name, row.version, row.why, "", "", ""]
    measured = row.rounds[0]
    cells = [f"{measured[key]:.0f}" for key in ("held", "peak", "left")]
    ratio = times(measured["held"] / ours.rounds[0]["held"]) if ours.measured else ""
    return [row.contender.name, row.version, *cells, ratio]


def notes(results: dict[str, list[Row]]) -> list[str]:
    """Say what the tables do not: agreement, the same graph, the time to build."""
    lines = [LEGEND]
    checked = [row for task, rows in results.items() if task != "memory" for row in rows[1:] if row.measured]
    timed = [rows for task, rows in results.items() if task != "memory" and rows[0].measured]
    if any(row.noisy(rows[0]) for rows in timed for row in rows[1:] if row.measured):
        lines.append(
            "Noisy: the rounds differ by more than half, so other programs were busy; do not quote these rows."
        )
    if checked:
        worst = max(row.difference for row in checked)
        lines.append(f"Results and gradients agree to {worst:.0e} of the largest, checked before a time is shown.")
    moons = {row.contender.engine: row for row in results["moons"] if row.measured}
    if "chainrule" in moons and "micrograd" in moons:
        counts = [moons[engine].rounds[0]["nodes"] for engine in ("chainrule", "micrograd")]
        lines.append(f"Nodes: Chainrule {counts[0]:,}, micrograd {counts[1]:,}, leaves and constants included.")
    if "casadi" in moons:
        build = min(measured["build_seconds"] for measured in moons["casadi"].rounds)
        lines.append(
            f"CasADi builds its function once, in {duration(build)}, not counted; the others build the graph in each "
            f"step.  Arrays are few large nodes, not one per number."
        )
    lines.append(
        "Each call of (x + y) * z is timed by itself.  An engine whose graphs are cyclic garbage, as micrograd's, "
        "pays for them in the few calls in which the collector runs: in the mean, not in the median.  "
        "Bytes after `del loss` are counted before any `gc.collect()`; the parameters are among them."
    )
    return lines


def targets(results: dict[str, list[Row]]) -> list[dict[str, Any]]:
    """Compare with what the project aims at."""
    found: list[dict[str, Any]] = []

    def peer(task: str) -> tuple[Row, Row]:
        return results[task][0], results[task][1]

    for task, what, goal in (
        ("moons", "moons step, times faster than micrograd", 12.0),
        ("xyz", "(x + y) * z, median call, times faster than micrograd", 2.0),
        ("xyz-mean", "(x + y) * z, mean call with collections, times faster than micrograd", 2.0),
    ):
        ours, micrograd = peer(task)
        if ours.measured and micrograd.measured:
            ratio = micrograd.ratios(ours)[0]
            found.append({"what": what, "goal": f"at least {goal:g}", "measured": ratio, "met": ratio >= goal})
    ours = results["memory"][0]
    if ours.measured:
        held = ours.rounds[0]["held"]
        found.append({"what": "bytes a node", "goal": "at most 200", "measured": held, "met": held <= 200})
    return found


def text(about: dict[str, str], results: dict[str, list[Row]]) -> str:
    lines = [f"{key + ':':9} {value}" for key, value in about.items()]
    for task, rows in results.items():
        title, header, cells = table(task, rows)
        lines += ["", title]
        # A reason takes the rest of its row, so it does not widen a column.
        measured = [cell for row, cell in zip(rows, cells, strict=True) if row.measured]
        first = 2 if task == "memory" else 3
        widths = [max(len(cell[i]) for cell in [header, *(measured if i >= first else cells)]) for i in range(6)]
        for cell in [header, ["-" * width for width in widths], *cells]:
            padded = [
                part.rjust(w) if i >= first else part.ljust(w)
                for i, (part, w) in enumerate(zip(cell, widths, strict=True))
            ]
            lines.append(("  " + "  ".join(padded)).rstrip())
    lines += ["", *(textwrap.fill(note, 110) for note in notes(results)), ""]
    for target in targets(results):
        verdict = "met" if target["met"] else "NOT MET"
        lines.append(f"Target: {target['what']}: {times(target['measured'])}, {target['goal']}: {verdict}")
    return "\n".join(lines)


def markdown(about: dict[str, str], results: dict[str, list[Row]]) -> str:
    lines: list[str] = []
    for task, rows in results.items():
        title, header, cells = table(task, rows)
        if task != "memory":
            header = [*header[:4], "peer's time / Chainrule's", header[5]]
        first = 2 if task == "memory" else 3
        rule = ["---" if i < first else "---:" for i in range(6)]
        lines += [f"**{title.replace('*', BACKSLASH + '*')}**", ""]
        lines += [f"| {' | '.join(cell)} |" for cell in [header, rule]]
        for row, cell in zip(rows, cells, strict=True):
            shown = [f"**{part}**" if part else "" for part in cell] if row is rows[0] else cell
            lines.append(f"| {' | '.join(part.replace('|', BACKSLASH + '|') for part in shown)} |")
        lines.append("")
    lines += [*(f"- {note.replace('*', BACKSLASH + '*')}" for note in notes(results)), ""]
    lines.append("; ".join(f"{key}: {f'`{value}`' if key == 'Command' else value}" for key, value in about.items()))
    return "\n".join(lines)


def as_json(about: dict[str, str], results: dict[str, list[Row]]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for task, rows in results.items():
        tables[task] = []
        for row in rows:
            entry: dict[str, Any] = {**asdict(row), "measured": row.measured}
            for measured in entry["rounds"]:
                measured["gradient_sum"] = sum(measured.pop("gradient"))
            if row.measured and rows[0].measured and task != "memory":
                entry["seconds"] = row.seconds
                entry["ratio"], entry["least"], entry["most"] = row.ratios(rows[0])
            tables[task].append(entry)
    return {"about": about, "results": tables, "targets": targets(results)}

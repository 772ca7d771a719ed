"""How long the pages of `viz.step` take: to make, until the browser has painted, and from one step to the next."""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import autograd
import nn
import viz
from autograd import Value, topological_order

SIZES = {"neuron": (0, 0), "300 gates": (3, 5), "3,000 gates": (19, 7)}
"""For each graph how many samples pass through a network, and how wide its two hidden layers are."""

# Notes the time when the stepper was there and the browser had painted it.
READY = """
  const note = () => setTimeout(() => (window.ready = performance.now()));
  const look = () => requestAnimationFrame(document.querySelector(".stepper.alive") ? note : look);
  requestAnimationFrame(look);
"""

# The time of each of some steps until the browser has painted it, taken from all over the pass.
STEPS = """async (count) => {
  const slider = document.querySelector("input[aria-label=Step]");
  const next = document.querySelector("[data-control=next]"); // to look for it in 60,000 elements takes 15 ms
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const times = [];
  for (let i = 0; i < count; i++) {
    slider.value = Math.floor((i * slider.max) / count);
    slider.dispatchEvent(new Event("input"));
    await painted();
    const start = performance.now();
    next.click();
    await painted();
    times.push(performance.now() - start);
  }
  return times;
}"""


def neuron() -> Value:
    numbers = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    w0, x0, w1, x1, w2 = (Value(number, name) for name, number in numbers.items())
    return 1 / (1 + (-(w0 * x0 + w1 * x1 + w2)).exp())


def network(samples: int, width: int) -> Value:
    """The hinge loss of a multilayer perceptron of Values."""
    random.seed(0)
    model = nn.MLP(2, [width, width, 1])
    points = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(samples)]
    return autograd.sum([(1 - model(point)).relu() for point in points])


def measure(browser: Any, node: Value, folder: Path, steps: int) -> list[str]:
    start = time.perf_counter()
    stepper = viz.step(node)
    page = stepper.save_html(folder / "steps.html")
    made = time.perf_counter() - start
    tab = browser.new_page(viewport={"width": 1200, "height": 800})
    tab.add_init_script(READY)
    tab.goto(page.as_uri())
    tab.wait_for_function("window.ready", timeout=120_000)
    # The first paint is reported a frame late: on a small page, after the script is done.
    paint = tab.wait_for_function("performance.getEntriesByName('first-contentful-paint')[0]?.startTime").json_value()
    ready = tab.evaluate("window.ready")
    times = tab.evaluate(STEPS, steps)
    tab.close()
    gates = sum(node.op is not None for node in topological_order([node]))
    return [
        f"{gates:,}",
        f"{page.stat().st_size / 1000:,.0f}",
        f"{made:.2f}",
        f"{paint / 1000:.2f}",
        f"{ready / 1000:.2f}",
        f"{statistics.median(times):.0f}",
        f"{max(times):.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stepper", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small graphs and few steps: does it run?")
    parser.add_argument("--steps", type=int, default=40, help="how many steps are measured (40)")
    options = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise SystemExit("this needs playwright: pip install 'chainrule[browser]'") from error
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        raise SystemExit("this needs a browser: chromium or google-chrome on the PATH")
    head = ["graph", "gates", "page, kB", "made, s", "first paint, s", "ready, s", "step, ms", "slowest, ms"]
    print(" | ".join(head))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, (samples, width) in list(SIZES.items())[: 2 if options.quick else None]:
            node = network(samples, width) if samples else neuron()
            row = measure(browser, node, Path(folder), 5 if options.quick else options.steps)
            print(" | ".join([name, *row]), flush=True)
        browser.close()


if __name__ == "__main__":
    main()

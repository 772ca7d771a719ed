"""Compare the tensor engine with PyTorch's CPU build and NumPy, in one run, with one thread and with two.

Every case is written once and runs on both libraries, whose names are the same.  Times are of the
public functions, forward and backward, graph included.  Ratios are the peer's time over ours.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import numpy as np

import autograd
import autograd.blas
import nn.functional
from benchmarks.interleaved import medians, ratio
from benchmarks.report import duration, load, machine, today

Call = Callable[[], Any]

CONVOLUTIONS = {
    # name: N, C, H, K, R, options
    "5x5, 1 -> 8 channels, 28x28": (64, 1, 28, 8, 5, {}),
    "3x3, 3 -> 32, 32x32": (64, 3, 32, 32, 3, {"padding": 1}),
    "3x3, 32 -> 64, 32x32": (64, 32, 32, 64, 3, {"padding": 1}),
    "3x3, 64 -> 128, 16x16": (64, 64, 16, 128, 3, {"padding": 1}),
    "3x3, 64 -> 64, 56x56": (16, 64, 56, 64, 3, {"padding": 1}),
    "3x3 stride 2, 32 -> 64, 32x32": (64, 32, 32, 64, 3, {"padding": 1, "stride": 2}),
    "3x3 dilation 2, 32 -> 64, 32x32": (32, 32, 32, 64, 3, {"padding": 2, "dilation": 2}),
    "1x1, 64 -> 128, 28x28": (32, 64, 28, 128, 1, {}),
    "1x1, 256 -> 1024, 14x14": (16, 256, 14, 1024, 1, {}),
    "7x7 stride 2, 3 -> 64, 112x112": (8, 3, 112, 64, 7, {"padding": 3, "stride": 2}),
    "3x3 depthwise, 64, 32x32": (32, 64, 32, 64, 3, {"padding": 1, "groups": 64}),
    "3x3 batch 1, 64 -> 64, 56x56": (1, 64, 56, 64, 3, {"padding": 1}),
    "3x3 ragged, 5 -> 7, 30x30": (64, 5, 30, 7, 3, {"padding": 1}),
    "3x3 late, 256 -> 256, 14x14": (16, 256, 14, 256, 3, {"padding": 1}),
    "3x3 late, 512 -> 512, 7x7": (16, 512, 7, 512, 3, {"padding": 1}),
}
SHALLOW = (
    "5x5, 1 -> 8 channels, 28x28",
    "3x3, 3 -> 32, 32x32",
    "3x3 depthwise, 64, 32x32",
    "3x3 ragged, 5 -> 7, 30x30",
)


@dataclass
class Library:
    """One engine, by the names that both have."""

    name: str
    tensor: Callable[..., Any]
    grad: Callable[..., Any]
    functional: Any
    no_grad: Callable[[], Any]
    set_num_threads: Callable[[int], None]


@dataclass
class Case:
    """One line of the tables."""

    section: str
    name: str
    make: Callable[[Library], Call]
    numpy: Call | None = None
    goal: float | None = 1.0
    errors: Callable[[Library], list[Any]] | None = None
    results: dict[int, dict[str, list[float]]] = field(default_factory=dict)


def ours() -> Library:
    return Library(
        "Chainrule", autograd.tensor, autograd.grad, nn.functional, autograd.no_grad, autograd.set_num_threads
    )


def torch_library() -> Library:
    torch: Any = import_module("torch")
    return Library(
        "PyTorch", torch.tensor, torch.autograd.grad, torch.nn.functional, torch.no_grad, torch.set_num_threads
    )


def array(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def step(library: Library, call: Callable[..., Any], *arrays: np.ndarray) -> Call:
    """Forward, then backward to all arguments."""
    leaves = [library.tensor(each, requires_grad=True) for each in arrays]
    upstream = library.tensor(array(*call(*leaves).shape, seed=9))
    return lambda: library.grad(call(*leaves), leaves, upstream)


def convolutions() -> Iterator[Case]:
    for name, (n, c, h, k, r, options) in CONVOLUTIONS.items():
        x = array(n, c, h, h)
        w = array(k, c // options.get("groups", 1), r, r, seed=1) / math.sqrt(c * r * r)

        def both(library: Library, x: Any = x, w: Any = w, options: Any = options) -> Call:
            return step(library, lambda x, w: library.functional.conv2d(x, w, **options), x, w)

        def forward(library: Library, x: Any = x, w: Any = w, options: Any = options) -> Call:
            tensors = library.tensor(x), library.tensor(w)
            return lambda: library.functional.conv2d(*tensors, **options)

        def results(
            library: Library, x: Any = x, w: Any = w, options: Any = options, double: bool = False
        ) -> list[Any]:
            kind = np.float64 if double else np.float32
            leaves = [library.tensor(each.astype(kind), requires_grad=True) for each in (x, w)]
            y = library.functional.conv2d(*leaves, **options)
            upstream = library.tensor(array(*y.shape, seed=9).astype(kind))
            return [np.asarray(each.detach()) for each in (y, *library.grad(y, leaves, upstream))]

        yield Case("convolution", name, both, goal=2.0 if name in SHALLOW else 1.0, errors=results)
        yield Case("convolution, forward alone", name, forward, goal=None)


def products() -> Iterator[Case]:
    for n in (2048, 1024, 512, 256, 128, 64):  # large ones load the kernels, which small ones alone do not wait for
        yield _product(f"{n} x {n}", array(n, n), array(n, n, seed=1))
    yield _product("512 x 512, first transposed", array(512, 512).T, array(512, 512, seed=1))
    yield _product("512 x 512, second transposed", array(512, 512), array(512, 512, seed=1).T)
    yield _product("64 of 64 x 64", array(64, 64, 64), array(64, 64, 64, seed=1))
    yield _product("1000 of 8 x 8", array(1000, 8, 8), array(1000, 8, 8, seed=1))
    yield _product("16 of 256 x 256, transposed", array(16, 256, 256).transpose(0, 2, 1), array(16, 256, 256, seed=1))
    yield _product("128 x 784 by 784 x 100", array(128, 784), array(784, 100, seed=1))


def _product(name: str, x: np.ndarray, y: np.ndarray) -> Case:
    def make(library: Library) -> Call:
        a, b = library.tensor(np.ascontiguousarray(x)), library.tensor(np.ascontiguousarray(y))
        a = a if x.flags.c_contiguous else library.tensor(np.ascontiguousarray(x.swapaxes(-1, -2))).swapaxes(-1, -2)
        b = b if y.flags.c_contiguous else library.tensor(np.ascontiguousarray(y.swapaxes(-1, -2))).swapaxes(-1, -2)
        return lambda: a @ b

    return Case("matmul, forward, beside NumPy", name, make, numpy=lambda: np.matmul(x, y), goal=0.9)


def layers() -> Iterator[Case]:
    def case(section: str, name: str, call: Callable[..., Any], *arrays: np.ndarray) -> Case:
        return Case(section, name, lambda library: step(library, lambda *xs: call(library, *xs), *arrays))

    image, plane = array(64, 32, 32, 32), array(64, 64, 16, 16)
    yield case("pooling", "max 2x2, (64, 32, 32, 32)", lambda lib, x: lib.functional.max_pool2d(x, 2), image)
    yield case(
        "pooling", "max 3x3 stride 2, (64, 32, 32, 32)", lambda lib, x: lib.functional.max_pool2d(x, 3, 2, 1), image
    )
    yield case("pooling", "average 2x2, (64, 32, 32, 32)", lambda lib, x: lib.functional.avg_pool2d(x, 2), image)
    yield case("softmax", "(64, 10)", lambda lib, x: lib.functional.softmax(x, 1), array(64, 10))
    yield case("softmax", "(128, 1000)", lambda lib, x: lib.functional.softmax(x, 1), array(128, 1000))
    yield case("softmax", "log, (128, 1000)", lambda lib, x: lib.functional.log_softmax(x, 1), array(128, 1000))
    yield case(
        "softmax", "of channels, (32, 64, 28, 28)", lambda lib, x: lib.functional.softmax(x, 1), array(32, 64, 28, 28)
    )
    yield case(
        "normalisation",
        "layer norm, (4096, 512)",
        lambda lib, x, w, b: lib.functional.layer_norm(x, (512,), w, b),
        array(4096, 512),
        array(512),
        array(512),
    )
    yield case(
        "normalisation",
        "batch norm, (64, 64, 16, 16)",
        lambda lib, x, w, b: lib.functional.batch_norm(x, None, None, w, b, training=True),
        plane,
        array(64),
        array(64),
    )
    yield case(
        "normalisation",
        "batch norm, (16, 64, 56, 56)",
        lambda lib, x, w, b: lib.functional.batch_norm(x, None, None, w, b, training=True),
        array(16, 64, 56, 56),
        array(64),
        array(64),
    )
    for rows, classes in ((128, 10), (128, 1000), (4096, 1000)):
        target = np.random.default_rng(2).integers(0, classes, rows)

        def loss(library: Library, shape: Any = (rows, classes), target: np.ndarray = target) -> Call:
            x, t = library.tensor(array(*shape), requires_grad=True), library.tensor(target)
            return lambda: library.grad(library.functional.cross_entropy(x, t), [x])

        yield Case("cross-entropy", f"({rows}, {classes})", loss)
    for name in ("relu", "gelu", "sigmoid", "tanh"):
        yield case(
            "activation", f"{name}, (64, 32, 32, 32)", lambda lib, x, name=name: getattr(lib.functional, name)(x), image
        )
    yield case(
        "linear",
        "(128, 784) to 100",
        lambda lib, x, w, b: lib.functional.linear(x, w, b),
        array(128, 784),
        array(100, 784),
        array(100),
    )
    yield case(
        "linear",
        "(4096, 512) to 512",
        lambda lib, x, w, b: lib.functional.linear(x, w, b),
        array(4096, 512),
        array(512, 512),
        array(512),
    )
    yield case("reduction", "sum of 1 M", lambda lib, x: x.sum(), array(1_000_000))
    yield case("reduction", "mean along the rows of (4096, 512)", lambda lib, x: x.mean(1), array(4096, 512))
    yield case("reduction", "cumsum along the rows of (4096, 512)", lambda lib, x: x.cumsum(1), array(4096, 512))
    yield case("reduction", "topk 5 of the rows of (4096, 1000)", lambda lib, x: x.topk(5)[0], array(4096, 1000))
    places = np.random.default_rng(3).integers(0, 512, (4096, 256))
    for name, index in (("index_select", places[0]), ("gather", places)):
        yield Case("indexing", f"{name} along the rows of (4096, 512)", indexed(name, index, array(4096, 512)))
    index, source = places, array(4096, 256)
    yield Case(
        "indexing", "scatter_add along the rows of (4096, 512)", indexed("scatter_add", index, array(4096, 512), source)
    )
    yield case("element-wise", "x * y + x, 1 M", lambda lib, x, y: x * y + x, array(1_000_000), array(1_000_000))
    yield case("element-wise", "(4096, 512) + (512,)", lambda lib, x, y: x + y, array(4096, 512), array(512))
    shape = "(32, 64, 28, 28) * (64, 1, 1)"
    yield case("element-wise", shape, lambda lib, x, y: x * y, array(32, 64, 28, 28), array(64, 1, 1))


def indexed(name: str, index: np.ndarray, *arrays: np.ndarray) -> Callable[[Library], Call]:
    """A method along the second axis that takes an index, then the other arrays."""

    def make(library: Library) -> Call:
        places = library.tensor(index)
        return step(library, lambda x, *others: getattr(x, name)(1, places, *others), *arrays)

    return make


def small() -> Iterator[Case]:
    def xyz(library: Library, one: Any) -> Call:
        x, y, z = (library.tensor(one, requires_grad=True) for _ in range(3))

        def call() -> None:
            x.grad = y.grad = z.grad = None
            ((x + y) * z).backward()

        return call

    def chain(library: Library, one: Any, factor: Any) -> Call:
        x = library.tensor(one, requires_grad=True)
        w = library.tensor(one, requires_grad=True) if factor is None else factor

        def call() -> None:
            x.grad = None
            y = x
            for _ in range(5000):
                y = (y * w) + w
            y.backward()

        return call

    for one, shape in ((1.0, "()"), ([1.0], "(1,)")):
        yield Case("small", f"(x + y) * z, shape {shape}", lambda library, one=one: xyz(library, one), goal=4.0)
        yield Case(
            "small",
            f"10,000 operations in a chain, two tensors, {shape}",
            lambda lib, one=one: chain(lib, one, None),
            goal=4.0,
        )
        yield Case(
            "small",
            f"10,000 operations, a tensor and a number, {shape}",
            lambda lib, one=one: chain(lib, one, 1.0001),
            goal=4.0,
        )


SECTIONS: dict[str, Callable[[], Iterator[Case]]] = {
    "convolution": convolutions,
    "matmul": products,
    "layers": layers,
    "small": small,
}


def adam(threads: int, rounds: int) -> dict[str, list[float]]:
    """One step on a million parameters: our kernel beside torch.optim.Adam."""
    torch: Any = import_module("torch")
    updates: Any = import_module("autograd.kernels.updates")
    size = 1_000_000
    p, g, first, second = (array(size, seed=i) for i in range(4))
    second = np.abs(second)
    theirs = torch.nn.Parameter(torch.tensor(p))
    theirs.grad = torch.tensor(g)
    optimiser = torch.optim.Adam([theirs], lr=1e-3)
    counter = iter(range(1, 10**9))

    def own() -> None:
        updates.adam(p, g, first, second, None, next(counter), 1e-3, 0.9, 0.999, 1e-8, 0.0, False, False, False)

    return medians({"Chainrule": own, "PyTorch": optimiser.step}, rounds)


def alternating(library: Library, rounds: int) -> tuple[float, float]:
    """A loop over kinds of work beside the sum of its parts alone, with all threads: seconds of each."""
    functional = library.functional
    x, w = library.tensor(array(32, 32, 28, 28)), library.tensor(array(64, 32, 3, 3))
    a, logits, plain = library.tensor(array(512, 512)), library.tensor(array(256, 1000)), array(512, 512)
    parts: dict[str, Call] = {
        "convolution": lambda: functional.conv2d(x, w, padding=1),
        "matmul": lambda: a @ a,
        "softmax": lambda: functional.softmax(logits, 1),
        "numpy": lambda: np.tanh(plain) @ plain,
    }

    def loop() -> None:
        for part in parts.values():
            part()

    found = medians({**parts, "loop": loop}, rounds)
    return median(found["loop"]), sum(median(found[name]) for name in parts)


def peak_memory(engine: str, name: str) -> float:
    """The most bytes that forward and backward of a convolution add, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.tensor", "--memory-of", engine, name]
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    return float(out.stdout.split()[-1])


def _memory_of(engine: str, name: str) -> None:
    library = ours() if engine == "Chainrule" else torch_library()
    library.set_num_threads(1)
    case = next(case for case in convolutions() if case.name == name and case.goal is not None)
    call = case.make(library)
    call()  # compile
    ctypes.CDLL(None).malloc_trim(0)  # give back what the first call left
    status = Path("/proc/self/status")
    Path("/proc/self/clear_refs").write_text("5")
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    before = int(fields["VmRSS"].split()[0])
    held = call()
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    del held
    print((int(fields["VmHWM"].split()[0]) - before) * 1024)


def error_ratio(case: Case, peer: Library) -> float:
    """Our largest error over PyTorch's, of the result and both gradients, against float64."""
    assert case.errors is not None
    exact = case.errors(peer, double=True)  # type: ignore[call-arg]
    own, theirs = case.errors(ours()), case.errors(peer)
    worst = 0.0
    for e, a, b in zip(exact, own, theirs, strict=True):
        scale = np.abs(e).max()
        worst = max(worst, float(np.abs(a - e).max() / max(np.abs(b - e).max(), 1e-9 * scale)))
    return worst


def numpy_threads(count: int) -> None:
    autograd.blas.release()
    import_module("threadpoolctl").threadpool_limits(count)


def measure(cases: list[Case], threads: int, rounds: int, peer: Library) -> None:
    library = ours()
    library.set_num_threads(threads)
    peer.set_num_threads(threads)
    for case in cases:
        contenders = {"Chainrule": case.make(library), "PyTorch": case.make(peer)}
        if case.numpy:
            contenders["NumPy"] = case.numpy
        # NumPy's BLAS gets its own threads back, as many as we have, for its turn.
        case.results[threads] = medians(contenders, rounds, prepare={"NumPy": lambda: numpy_threads(threads)})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tensor", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"some of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="two rounds, to see that it runs")
    parser.add_argument("--only", default="", help="cases whose name or section contains this text")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--memory-of", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.memory_of:
        _memory_of(*given.memory_of)
        return 0
    rounds = 2 if given.quick else given.rounds
    names = given.sections or list(SECTIONS)
    peer = torch_library()
    cases = [case for name in names for case in SECTIONS[name]() if given.only in f"{case.section} {case.name}"]
    about = f"{machine()}; load {load()}; Python {sys.version.split()[0]}, NumPy {np.__version__}; {today()}"
    print(f"{about}\nRatio = the peer's time / ours: above 1, Chainrule is faster.\n")
    for threads in given.threads:
        measure(cases, threads, rounds, peer)
    report(cases, given.threads)
    if not given.only and "convolution" in names:
        print("\nerrors against float64, ours over PyTorch's (goal: at most 3); peak memory, ours over PyTorch's (1.5)")
        for case in cases:
            if case.errors:
                line = f"  {case.name:36} {error_ratio(case, peer):5.2f}"
                if os.name == "posix" and Path("/proc/self/clear_refs").exists() and not given.quick:
                    own, theirs = (peak_memory(engine, case.name) for engine in ("Chainrule", "PyTorch"))
                    line += f"  {own / theirs:5.2f}  ({own / 2**20:.0f} and {theirs / 2**20:.0f} MB)"
                print(line, flush=True)
    if not given.only and "layers" in names:
        for threads in given.threads:
            ours().set_num_threads(threads)
            peer.set_num_threads(threads)
            found = adam(threads, rounds)
            print(f"\nAdam step, 1 M parameters, {threads} threads: ratio {ratio(found, 'PyTorch', 'Chainrule'):.2f}")
        for library in (ours(), peer):
            loop, parts = alternating(library, rounds)
            times = f"{duration(loop)}, the parts alone {duration(parts)}: {loop / parts:.2f} times"
            print(f"convolution, matmul, softmax, NumPy in turn, {library.name}: {times}")
    if given.json:
        rows = [{"section": case.section, "name": case.name, "results": case.results} for case in cases]
        given.json.write_text(json.dumps({"about": about, "rows": rows}, indent=1), encoding="utf-8")
    return 0


def report(cases: list[Case], threads: list[int]) -> None:
    section = ""
    for case in cases:
        if case.section != section:
            section = case.section
            peers = "PyTorch and NumPy" if case.numpy else "PyTorch"
            print(f"\n{section}: ratio to {peers} with {' and '.join(map(str, threads))} threads")
        cells = []
        for count in threads:
            found = case.results[count]
            cells += [f"{ratio(found, peer, 'Chainrule'):6.2f}" for peer in found if peer != "Chainrule"]
        measured = [ratio(case.results[count], "NumPy" if case.numpy else "PyTorch", "Chainrule") for count in threads]
        missed = "" if case.goal is None or min(measured) >= case.goal else f"   below {case.goal:g}"
        print(
            f"  {case.name:52}{' '.join(cells)}   {duration(median(case.results[threads[0]]['Chainrule'])):>9}{missed}"
        )
    for count in threads:
        ratios = [ratio(c.results[count], "PyTorch", "Chainrule") for c in cases if c.section == "convolution"]
        if ratios:
            print(f"\nconvolution, geometric mean with {count} threads: {geometric_mean(ratios):.2f} (goal: 1.5)")


if __name__ == "__main__":
    raise SystemExit(main())

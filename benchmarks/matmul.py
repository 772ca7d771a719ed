"""Matrix products beside NumPy's and PyTorch's: ``python -m benchmarks.matmul [--quick]``.

Every figure is a ratio, theirs over ours, so that more than 1 is faster than they are: medians of
calls, in rounds that take turns.  NumPy is measured with as many threads of its own BLAS, which
spin for a while after each call; a pause lets them fall asleep before the next contender's turn.

The last table is a loop that takes turns between kernels on all threads, matrix products and calls
of NumPy: the time of the parts measured alone over the time of the loop.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from threadpoolctl import ThreadpoolController

from autograd import blas, threads
from autograd.kernels import matmul as module
from autograd.kernels.jit import kernel
from autograd.kernels.matmul import linear, matmul

PAUSE = 0.1  # seconds; OpenBLAS's threads spin for about 0.03
Call = Callable[[], object]


def microseconds(call: Call, seconds: float) -> float:
    """Return the median time of a call."""
    call()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def measure(ours: Call, numpys: Call, torchs: Call | None, count: int, rounds: int, seconds: float) -> list[float]:
    """Return the microseconds of ours, NumPy's and PyTorch's call with this number of threads each."""
    blas.hold()
    libraries = ThreadpoolController().select(user_api="blas")
    threads.set_num_threads(count)
    torch.set_num_threads(count)
    times: list[list[float]] = [[], [], []]
    for _ in range(rounds):
        time.sleep(PAUSE)
        times[0].append(microseconds(ours, seconds))
        with libraries.limit(limits=count):
            times[1].append(microseconds(numpys, seconds))
        time.sleep(PAUSE)
        times[2].append(microseconds(torchs, seconds) if torchs else float("nan"))
    return [min(each) for each in times]  # another program on the machine only adds


def cases(quick: bool) -> list[tuple[str, Any, Any]]:
    """Return names and operands."""
    rng = np.random.default_rng(0)

    def normal(*shape: int, dtype: str = "float32") -> Any:
        return rng.standard_normal(shape).astype(dtype)

    def both(shape: tuple[int, ...], dtype: str = "float32") -> tuple[Any, Any]:
        return normal(*shape, dtype=dtype), normal(*shape, dtype=dtype)

    sizes = (64, 128, 256, 1024) if quick else (64, 96, 128, 192, 256, 384, 512, 1024, 2048)
    few = (256,) if quick else (64, 128, 256, 1024)
    batches = ((256, 16), (64, 64)) if quick else ((1000, 4), (1000, 8), (256, 16), (256, 32), (64, 64), (32, 128))
    others = ((64, 784, 100), (100, 64, 784), (512, 784, 256), (10000, 64, 64), (1, 1024, 1024), (32, 4096, 32))
    integers = ("int32",) if quick else ("int8", "int32", "int64")
    found = [(f"{n} x {n}", *both((n, n))) for n in sizes]
    found += [(f"{n} x {n}, left transposed", normal(n, n).T, normal(n, n)) for n in few]
    found += [(f"{n} x {n}, right transposed", normal(n, n), normal(n, n).T) for n in few]
    found += [(f"{n} x {n} float64", *both((n, n), "float64")) for n in few]
    found += [(f"{count} of {n} x {n}", *both((count, n, n))) for count, n in batches]
    left, right = both((32, 8, 64, 32))
    found.append(("(32, 8) of 64 x 32, right transposed", left, right.swapaxes(-1, -2)))
    found += [(f"{m} x {k} x {n}", normal(m, k), normal(k, n)) for m, k, n in others if not quick]
    found += [(f"128 x 128 {dtype}", *(rng.integers(0, 9, (2, 128, 128)).astype(dtype))) for dtype in integers]
    return found


def products(quick: bool) -> None:
    rounds, seconds = (2, 0.02) if quick else (4, 0.03)
    print(f"{'':38}{'one thread':>20}{'two threads':>22}")
    print(f"{'matmul':38}{'NumPy':>10}{'PyTorch':>10}{'NumPy':>12}{'PyTorch':>10}")
    for name, a, b in cases(quick):
        x, y = torch.from_numpy(a), torch.from_numpy(b)
        ratios = []
        for count in (1, 2):
            calls = lambda a=a, b=b: matmul(a, b), lambda a=a, b=b: np.matmul(a, b), lambda x=x, y=y: x @ y
            ours, numpys, torchs = measure(*calls, count, rounds, seconds)
            ratios += [numpys / ours, torchs / ours]
        print(f"{name:38}{ratios[0]:10.2f}{ratios[1]:10.2f}{ratios[2]:12.2f}{ratios[3]:10.2f}", flush=True)
    for rows, depth, columns in ((64, 784, 100), (512, 784, 256), (10000, 64, 64)):
        rng = np.random.default_rng(0)
        x, weight, bias = (
            rng.standard_normal(shape).astype("float32") for shape in ((rows, depth), (columns, depth), (columns,))
        )
        tensors = [torch.from_numpy(each) for each in (x, weight, bias)]
        ratios = []
        for count in (1, 2):
            ours, numpys, torchs = measure(
                lambda x=x, weight=weight, bias=bias: linear(x, weight, bias),
                lambda x=x, weight=weight, bias=bias: x @ weight.T + bias,
                lambda tensors=tensors: torch.nn.functional.linear(*tensors),
                count,
                rounds,
                seconds,
            )
            ratios += [numpys / ours, torchs / ours]
        name = f"linear {rows} x {depth} -> {columns}"
        print(f"{name:38}{ratios[0]:10.2f}{ratios[1]:10.2f}{ratios[2]:12.2f}{ratios[3]:10.2f}", flush=True)


@kernel
def smooth(part, start, stop, image, result):
    """Stand for a convolution: each number of a row becomes a mean of nine."""
    for i in range(max(start, 1), min(stop, image.shape[0] - 1)):
        for j in range(1, image.shape[1] - 1):
            total = image[i - 1, j - 1] + image[i - 1, j] + image[i - 1, j + 1]
            total += image[i, j - 1] + image[i, j] + image[i, j + 1]
            total += image[i + 1, j - 1] + image[i + 1, j] + image[i + 1, j + 1]
            result[i, j] = total / 9


def softmax(x: Any) -> Any:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def alternating(quick: bool) -> None:
    """Compare a loop over all kinds of calls with its parts measured alone."""
    rng = np.random.default_rng(0)
    image, result = rng.random((512, 512), np.float32), np.zeros((512, 512), np.float32)
    scores, left = rng.random((256, 100), np.float32), rng.random((256, 256), np.float32)
    small = rng.random((64, 64), np.float32)
    parts: list[Call] = [
        lambda: threads.run(smooth, threads.parts(512, 32), image, result),
        lambda: matmul(left, left),
        lambda: softmax(scores),
        lambda: threads.run(smooth, threads.parts(64, 16), image, result),
        lambda: matmul(small, small),
        lambda: np.sort(scores, axis=1),
        lambda: np.tanh(scores),
    ]
    names = ["kernel", "matmul 256", "softmax", "small kernel", "matmul 64", "np.sort", "np.tanh"]

    def loop() -> None:
        for part in parts:
            part()

    print(f"\n{'loop of ' + ', '.join(names)}")
    blas.hold()
    for count in (1, 2):
        threads.set_num_threads(count)
        ratios = []
        for _ in range(3 if quick else 9):
            alone = sum(microseconds(part, 0.02) for part in parts)
            ratios.append(alone / microseconds(loop, 0.1))
        print(f"{count} thread{'s' * (count > 1)}: parts alone over loop {statistics.median(ratios):.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.matmul", description="Matrix products beside NumPy's and PyTorch's."
    )
    parser.add_argument("--quick", action="store_true", help="fewer sizes")
    options = parser.parse_args()
    matmul(np.ones((512, 512), np.float32), np.ones((512, 512), np.float32))  # as a program has done by then
    print(f"tiles of {module._products.VECTOR * 8} bits" if module._products else "no tiles are compiled")
    products(options.quick)
    alternating(options.quick)


if __name__ == "__main__":
    main()

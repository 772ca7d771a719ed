"""Convolution beside PyTorch: time of PyTorch over ours, errors against float64.  ``python -m benchmarks.convolution``."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import numpy as np

from autograd import threads
from autograd.kernels import convolution as kernels

# Name: N, C, H, K, R, stride, padding, dilation, groups.
SHAPES = {
    "5x5, 1 channel": (64, 1, 28, 8, 5, 1, 0, 1, 1),
    "3x3, 3 channels": (64, 3, 32, 32, 3, 1, 1, 1, 1),
    "3x3, 32 channels": (64, 32, 32, 64, 3, 1, 1, 1, 1),
    "3x3, 64 channels": (64, 64, 16, 128, 3, 1, 1, 1, 1),
    "3x3, 56x56": (16, 64, 56, 64, 3, 1, 1, 1, 1),
    "stride 2": (16, 64, 56, 128, 3, 2, 1, 1, 1),
    "dilation 2": (16, 64, 28, 64, 3, 1, 2, 2, 1),
    "1x1, 64 -> 256": (16, 64, 56, 256, 1, 1, 0, 1, 1),
    "1x1, 256 -> 1024": (16, 256, 14, 1024, 1, 1, 0, 1, 1),
    "1x1, stride 2": (16, 256, 28, 512, 1, 2, 0, 1, 1),
    "7x7, stride 2": (16, 3, 112, 64, 7, 2, 3, 1, 1),
    "depthwise": (16, 64, 56, 64, 3, 1, 1, 1, 64),
    "depthwise, stride 2": (16, 64, 56, 64, 3, 2, 1, 1, 64),
    "8 groups": (16, 64, 28, 64, 3, 1, 1, 1, 8),
    "batch 1": (1, 64, 56, 64, 3, 1, 1, 1, 1),
    "ragged, 5 -> 7": (16, 5, 28, 7, 3, 1, 1, 1, 1),
    "14x14, 256 channels": (16, 256, 14, 256, 3, 1, 1, 1, 1),
    "7x7, 512 channels": (16, 512, 7, 512, 3, 1, 1, 1, 1),
}


def _median_times(calls: list[Callable[[], Any]], repeats: int) -> list[float]:
    """Seconds each call takes: medians of interleaved runs."""
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(repeats):
        for call, seconds in zip(calls, times, strict=True):
            start = perf_counter()
            call()
            seconds.append(perf_counter() - start)
    return [statistics.median(seconds) for seconds in times]


def _error(result: np.ndarray, exact: Any) -> float:
    exact = exact.detach().numpy()
    return float(np.abs(result - exact).max() / np.abs(exact).max())


def rows(thread_counts: tuple[int, ...] = (1, 2), repeats: int = 9, only: str = "") -> Iterator[dict[str, Any]]:
    """Measure one shape after another."""
    import torch
    from torch.nn.functional import conv2d

    generator = np.random.default_rng(0)
    for count in thread_counts:
        torch.set_num_threads(count)
        threads.set_num_threads(count)
        for name, (n, c, h, k, r, s, p, d, groups) in SHAPES.items():
            if only not in name:
                continue
            x = generator.standard_normal((n, c, h, h), dtype=np.float32)
            w = generator.standard_normal((k, c // groups, r, r), dtype=np.float32)
            where = ((s, s), ((p, p), (p, p)), (d, d), groups)
            tx, tw = (torch.tensor(a, requires_grad=True) for a in (x, w))

            def forward(x: Any = x, w: Any = w, where: Any = where) -> np.ndarray:
                return kernels.convolution(x, w, None, *where)

            def torch_forward(x: Any, w: Any, s: int = s, p: int = p, d: int = d, groups: int = groups) -> Any:
                return conv2d(x, w, None, s, p, d, groups)

            g = generator.standard_normal(forward().shape, dtype=np.float32)
            tg = torch.tensor(g)

            def ours(x: Any = x, w: Any = w, g: Any = g, where: Any = where, forward: Any = forward) -> Any:
                y = forward()
                gradients = (
                    kernels.input_gradient(g, w, x.shape, *where), kernels.weight_gradient(g, x, w.shape, *where)
                )  # fmt: skip
                return y, *gradients

            def theirs(x: Any = tx, w: Any = tw, g: Any = tg, torch_forward: Any = torch_forward) -> Any:
                y = torch_forward(x, w)
                return y, *torch.autograd.grad(y, (x, w), g)

            exact = theirs(tx.detach().double().requires_grad_(), tw.detach().double().requires_grad_(), tg.double())
            errors = [
                (_error(a, e), _error(b.detach().numpy(), e))
                for a, b, e in zip(ours(), theirs(), exact, strict=True)
            ]  # fmt: skip
            a, b, c_, d_, e_, f_ = _median_times(
                [forward, lambda tx=tx, tw=tw, f=torch_forward: f(tx, tw), ours, theirs,
                 lambda x=x, w=w, g=g, where=where: kernels.input_gradient(g, w, x.shape, *where),
                 lambda x=x, w=w, g=g, where=where: kernels.weight_gradient(g, x, w.shape, *where)], repeats
            )
            yield {
                "shape": name,
                "threads": count,
                "milliseconds": d_ * 1e3, "ours ms": c_ * 1e3, "f":a*1e3, "x": e_*1e3, "w": f_*1e3,
                "forward": b / a,
                "both": d_ / c_,
                "error": max(ours for ours, _ in errors),
                "error ratio": max(ours / theirs for ours, theirs in errors),
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--only", default="", help="only shapes whose name contains this")
    parser.add_argument("--threads", type=int, nargs="*", default=(1, 2))
    arguments = parser.parse_args()
    print(f"{'shape':22} threads   PyTorch ms   ours ms (forward, input, weight)  forward   forward+backward   error (of PyTorch's)")
    ratios: dict[int, list[float]] = {}
    for row in rows(tuple(arguments.threads), 5 if arguments.quick else 15, arguments.only):
        ratios.setdefault(row["threads"], []).append(row["both"])
        print(
            f"{row['shape']:22} {row['threads']:7} {row['milliseconds']:12.2f} {row['ours ms']:9.2f} ({row['f']:.2f} {row['x']:.2f} {row['w']:.2f}) {row['forward']:8.2f} {row['both']:18.2f}"
            f"   {row['error']:.1e} ({row['error ratio']:.1f})", flush=True
        )
    for count, values in ratios.items():
        print(f"geometric mean, {count} threads: {statistics.geometric_mean(values):.2f}")


if __name__ == "__main__":
    main()

"""The kernels beside PyTorch's, forward and backward: ``python -m benchmarks.kernels [--quick]``.

Each ratio is PyTorch's time over ours: above 1 ours is faster.  Both are called as bare operations on
arrays, without recording a graph.  Blocks of calls take turns, and the median call counts.  Between the
blocks there is a pause, because PyTorch's threads keep their core busy for a moment after each call.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from math import exp, log
from statistics import median
from typing import Any

import numpy as np
import torch

from autograd import threads
from autograd.kernels import batch_norm, cross_entropy, embedding, erf, normalisation, pooling, softmax, updates

Case = tuple[str, Callable[[], Any], Callable[[], Any]]

GENERATOR = np.random.default_rng(0)
ATEN: Any = torch.ops.aten
PAUSE = 0.003
BLOCK = 8


def arrays(*shape: int, count: int = 2) -> tuple[list[np.ndarray], list[torch.Tensor]]:
    ours = [GENERATOR.normal(size=shape).astype(np.float32) for _ in range(count)]
    return ours, [torch.from_numpy(array.copy()) for array in ours]


def softmaxes() -> Iterator[Case]:
    for shape in ((64, 10), (128, 1000), (32, 128, 28, 28)):
        (x, g), (tx, tg) = arrays(*shape)
        for name in ("softmax", "log_softmax"):
            forward, backward = getattr(softmax, name), getattr(softmax, f"{name}_gradient")
            t_forward, t_backward = getattr(ATEN, f"_{name}"), getattr(ATEN, f"_{name}_backward_data")
            yield (
                f"{name} {shape} axis 1",
                lambda x=x, g=g, f=forward, b=backward: b(g, f(x, 1), 1),
                lambda x=tx, g=tg, f=t_forward, b=t_backward: b(g, f(x, 1, False), 1, torch.float32),
            )


def cross_entropies() -> Iterator[Case]:
    for shape in ((128, 10), (128, 1000), (4096, 1000)):
        (x,), (tx,) = arrays(*shape, count=1)
        target = GENERATOR.integers(0, shape[1], shape[0])
        t_target, g, tg = torch.from_numpy(target), np.full(shape[0], 1 / shape[0], np.float32), torch.tensor(1.0)

        def ours(x: Any = x, target: Any = target, g: Any = g) -> Any:
            loss, p = cross_entropy.cross_entropy(x, target)
            return loss.mean(), cross_entropy.cross_entropy_gradient(g, p, target)

        def theirs(x: Any = tx, target: Any = t_target, g: Any = tg) -> Any:
            y = ATEN._log_softmax(x, 1, False)
            loss, total = ATEN.nll_loss_forward(y, target, None, 1, -100)
            received = ATEN.nll_loss_backward(g, y, target, None, 1, -100, total)
            return loss, ATEN._log_softmax_backward_data(received, y, 1, torch.float32)

        yield f"cross_entropy {shape}", ours, theirs


def normalisations() -> Iterator[Case]:
    (x, g), (tx, tg) = arrays(4096, 512)
    (w, b), (tw, tb) = arrays(512)

    def layer() -> Any:
        _, mean, rstd = normalisation.layer_norm(x, w, b)
        return normalisation.layer_norm_gradient(g, x, mean, rstd, w)

    def t_layer() -> Any:
        _, mean, rstd = ATEN.native_layer_norm(tx, (512,), tw, tb, 1e-5)
        return ATEN.native_layer_norm_backward(tg, tx, (512,), mean, rstd, tw, tb, [True] * 3)

    yield "layer_norm (4096, 512)", layer, t_layer
    for shape in ((64, 64, 256), (16, 64, 3136)):
        (x4, g4), (tx4, tg4) = arrays(*shape)
        (wc, bc), (twc, tbc) = arrays(shape[1])

        def batch(x: Any = x4, g: Any = g4, w: Any = wc, b: Any = bc) -> Any:
            _, mean, _, rstd = batch_norm.batch_norm(x, w, b)
            return batch_norm.batch_norm_gradient(g, x, mean, rstd, w)

        def t_batch(x: Any = tx4, g: Any = tg4, w: Any = twc, b: Any = tbc) -> Any:
            _, mean, rstd = ATEN.native_batch_norm(x, w, b, None, None, True, 0.1, 1e-5)
            return ATEN.native_batch_norm_backward(g, x, w, None, None, mean, rstd, True, 1e-5, [True] * 3)

        yield f"batch_norm {shape}", batch, t_batch


def poolings() -> Iterator[Case]:
    shape, stride, one = (64, 32, 32, 32), (2, 2), (1, 1)
    for k, p in (((2, 2), (0, 0)), ((3, 3), (1, 1))):
        (x,), (tx,) = arrays(*shape, count=1)
        (g,), (tg,) = arrays(64, 32, 16, 16, count=1)

        def largest(x: Any = x, g: Any = g, k: Any = k, p: Any = p) -> Any:
            _, indices = pooling.max_pool(x, k, stride, p, one)
            return pooling.max_pool_gradient(g, indices, shape, 2)

        def t_largest(x: Any = tx, g: Any = tg, k: Any = k, p: Any = p) -> Any:
            _, indices = ATEN.max_pool2d_with_indices(x, k, stride, p, one, False)
            return ATEN.max_pool2d_with_indices_backward(g, x, k, stride, p, one, False, indices)

        def average(x: Any = x, g: Any = g, k: Any = k, p: Any = p) -> Any:
            pooling.average_pool(x, k, stride, p)
            return pooling.average_pool_gradient(g, shape, k, stride, p)

        def t_average(x: Any = tx, g: Any = tg, k: Any = k, p: Any = p) -> Any:
            ATEN.avg_pool2d(x, k, stride, p)
            return ATEN.avg_pool2d_backward(g, x, k, stride, p, False, True, None)

        yield f"max_pool {k} {shape}", largest, t_largest
        yield f"average_pool {k} {shape}", average, t_average


def embeddings() -> Iterator[Case]:
    (table,), (t_table,) = arrays(10000, 256, count=1)
    (g,), (tg,) = arrays(4096, 256, count=1)
    index = GENERATOR.integers(0, 10000, 4096)
    t_index = torch.from_numpy(index)

    def ours() -> Any:
        embedding.take_rows(table, index)
        return embedding.add_rows(g, index, 10000)

    def theirs() -> Any:
        ATEN.embedding(t_table, t_index)
        return ATEN.embedding_dense_backward(tg, t_index, 10000, -1, False)

    yield "embedding 10000 x 256, 4096 indices", ours, theirs


def optimisers() -> Iterator[Case]:
    for count in (10_000, 1_000_000):
        (p, g), (tp, tg) = arrays(count)
        m, v = np.zeros_like(p), np.zeros_like(p)
        tp.requires_grad_()
        tp.grad = tg

        def ours(p: Any = p, g: Any = g, m: Any = m, v: Any = v) -> Any:
            updates.adam(p, g, m, v, None, 10, 1e-3)

        for how in ("foreach", "fused"):
            optimiser: Any = torch.optim.Adam([tp], foreach=how == "foreach", fused=how == "fused")
            yield f"Adam ({how}) {count} parameters", ours, optimiser.step


def error_functions() -> Iterator[Case]:
    (x,), (tx,) = arrays(1000, 1000, count=1)
    yield "erf 1000000 elements", lambda: erf.erf(x), lambda: torch.erf(tx)


FAMILIES = (softmaxes, cross_entropies, normalisations, poolings, embeddings, optimisers, error_functions)


def compare(ours: Callable[[], Any], theirs: Callable[[], Any], seconds: float) -> tuple[float, float]:
    """Return the median times of both, in seconds."""
    times: tuple[list[float], list[float]] = ([], [])
    calls = list(zip((ours, theirs), times, strict=True))
    for call, _ in calls:
        call()  # compiles
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 3 * BLOCK:
        for call, measured in calls:
            time.sleep(PAUSE)
            call()
            for _ in range(BLOCK):
                start = time.perf_counter()
                call()
                measured.append(time.perf_counter() - start)
    return median(times[0]), median(times[1])


def main() -> None:
    """Measure every family with one thread and with two, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="how many threads, one run each")
    parser.add_argument("--family", nargs="+", choices=[family.__name__ for family in FAMILIES])
    options = parser.parse_args()
    for count in options.threads:
        threads.set_num_threads(count)
        torch.set_num_threads(count)
        print(
            f"{count} thread{'s' * (count > 1)}, float32, forward + backward" + f"{'ours':>22} {'PyTorch':>10}  ratio"
        )
        ratios = []
        for family in FAMILIES:
            if options.family and family.__name__ not in options.family:
                continue
            for name, ours, theirs in family():
                mine, peer = compare(ours, theirs, 0.1 if options.quick else 0.6)
                ratios.append(peer / mine)
                print(f"{name:48} {mine * 1e6:10.1f} µs {peer * 1e6:7.1f} µs {ratios[-1]:6.2f}", flush=True)
        print(f"{'geometric mean':69} {exp(sum(map(log, ratios)) / len(ratios)):6.2f}\n")


if __name__ == "__main__":
    main()

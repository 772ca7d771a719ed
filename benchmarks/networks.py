"""The networks that are trained, of either library's layers: `lib` is ``nn`` or ``torch.nn``."""

from __future__ import annotations

from typing import Any


def mlp(lib: Any) -> Any:
    return lib.Sequential(lib.Flatten(), lib.Linear(784, 100), lib.ReLU(), lib.Linear(100, 10))


def lenet(lib: Any) -> Any:
    return lib.Sequential(
        *(lib.Conv2d(1, 6, 5, padding=2), lib.ReLU(), lib.MaxPool2d(2)),
        *(lib.Conv2d(6, 16, 5), lib.ReLU(), lib.MaxPool2d(2), lib.Flatten()),
        *(lib.Linear(400, 120), lib.ReLU(), lib.Linear(120, 84), lib.ReLU(), lib.Linear(84, 10)),
    )


def blocks(lib: Any, channels: int, widths: tuple[int, ...], side: int) -> Any:
    """Convolution, batch norm, ReLU and pooling for each width, then one layer of scores for ten classes."""
    layers = []
    for width in widths:
        layers += [lib.Conv2d(channels, width, 3, padding=1), lib.BatchNorm2d(width), lib.ReLU(), lib.MaxPool2d(2)]
        channels, side = width, side // 2
    return lib.Sequential(*layers, lib.Flatten(), lib.Linear(channels * side * side, 10))

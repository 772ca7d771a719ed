"""The progress of a run: a bar of tqdm in a terminal or notebook, else plain lines."""

from __future__ import annotations

import sys
import time
from typing import Any

from nn.progress import bar

SECONDS = 0.2
"""Between two updates of the numbers beside the bar."""


class Progress:
    """Shows how far a run is; ``shown=False`` shows nothing.

    Parameters
    ----------
    epochs : int
        How many there are.
    batches : int
        In each epoch.
    done : int
        Batches that an earlier run has done.
    shown : bool

    Examples
    --------
    >>> with Progress(epochs=2, batches=5, shown=False) as progress:
    ...     progress.batch(1, 0.5)
    """

    def __init__(self, epochs: int, batches: int, done: int = 0, shown: bool = True) -> None:
        self.epochs = epochs
        self.bar: Any = None
        self.lines = False
        self.last = 0.0
        self.numbers: dict[str, Any] = {}
        if shown:
            self.bar = bar(total=epochs * batches, initial=done, unit="batch", dynamic_ncols=True)
            self.lines = self.bar is None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def batch(self, epoch: int, loss: float) -> None:
        """One more batch of an epoch is done."""
        if self.bar is None:
            return
        now = time.monotonic()
        if now - self.last > SECONDS:
            self.last = now
            self._show(epoch, self.numbers | {"loss": loss})
        self.bar.update()

    def epoch(self, record: dict[str, Any]) -> None:
        """One more epoch is done."""
        number = record["epoch"]
        shown = {name: value for name, value in record.items() if name not in ("epoch", "seconds")}
        if self.bar is not None:
            self.numbers = shown
            if number == self.epochs:
                self._show(number, shown)
        elif self.lines and (time.monotonic() - self.last > SECONDS or number == self.epochs):
            self.last = time.monotonic()
            numbers = ", ".join(f"{name} {number_text(value)}" for name, value in shown.items())
            print(f"epoch {number}/{self.epochs}: {numbers}", file=sys.stderr)

    def _show(self, epoch: int, numbers: dict[str, Any]) -> None:
        self.bar.set_description(f"epoch {epoch}/{self.epochs}", refresh=False)
        self.bar.set_postfix({name: number_text(value) for name, value in numbers.items()}, refresh=False)


def number_text(value: Any) -> str:
    """Return a number with four digits.

    Examples
    --------
    >>> number_text(1 / 3), number_text(7)
    ('0.3333', '7')
    """
    return f"{value:.4g}" if isinstance(value, float) else str(value)

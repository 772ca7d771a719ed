"""The rows of the tables, and what was measured for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Contender:
    """An engine, and how it is used."""

    engine: str
    name: str
    how: str
    distribution: str
    threads: int = 1
    tolerance: float = 1e-9
    """Largest relative difference from Chainrule's result and gradient before a time is believed."""

    slow: bool = False

    @property
    def remedy(self) -> str:
        """How to get it, when it is not installed."""
        if self.engine == "hips":
            return "give --install-hips, or --hips-python PYTHON where `pip install autograd` was run"
        if self.engine == "chainrule":
            return "pip install -e ."
        return f"pip install {self.distribution}"


def contenders(task: str, threads: list[int]) -> list[Contender]:
    """List the rows of a task, Chainrule first; PyTorch and NumPy once for each number of threads."""
    if task == "memory":
        return [
            Contender("chainrule", "Chainrule", "Value", "chainrule"),
            Contender("micrograd", "micrograd", "Value", "micrograd"),
        ]
    if task == "xyz":
        return [
            Contender("chainrule", "Chainrule", "Value", "chainrule"),
            Contender("micrograd", "micrograd", "Value", "micrograd"),
            Contender("torch-scalar", "PyTorch", "0-d tensors, float64", "torch", threads[0]),
            Contender("hips", "HIPS autograd", "floats, value_and_grad", "autograd", threads[0]),
        ]

    def counted(count: int) -> str:
        return f"arrays, {count} thread{'s' if count > 1 else ''}"

    return [
        Contender("chainrule", "Chainrule", "Value", "chainrule"),
        Contender("micrograd", "micrograd", "Value", "micrograd"),
        Contender("torch-scalar", "PyTorch", "a 0-d tensor per number", "torch", threads[0], slow=True),
        *(Contender("hips", "HIPS autograd", counted(n), "autograd", n, 1e-6) for n in threads),
        *(Contender("torch", "PyTorch", counted(n), "torch", n, 1e-6) for n in threads),
        Contender("casadi", "CasADi", "SX, built once, evaluated", "casadi"),
    ]


@dataclass
class Row:
    """The measurements of one contender; `why` says why there are none."""

    contender: Contender
    rounds: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""
    difference: float = 0.0

    @property
    def measured(self) -> bool:
        return bool(self.rounds) and not self.why

    @property
    def version(self) -> str:
        return self.rounds[0]["version"] if self.rounds else ""

    @property
    def seconds(self) -> float:
        """The median over the steps of all rounds."""
        return median(second for measured in self.rounds for second in measured["seconds"])

    def ratios(self, ours: Row) -> tuple[float, float, float]:
        """This row's time over Chainrule's: of the medians, and the least and most of one round."""
        by_round = [
            median(peer["seconds"]) / median(our["seconds"])
            for peer, our in zip(self.rounds, ours.rounds, strict=False)
        ]
        return self.seconds / ours.seconds, min(by_round), max(by_round)

    def noisy(self, ours: Row) -> bool:
        """Whether the rounds disagree: another program was busy, which hurts threads that wait for each other most."""
        _, least, most = self.ratios(ours)
        return most > 1.5 * least

    def with_means(self) -> Row:
        """The same row with the mean of the calls of each step instead of their median."""
        rounds = [{**measured, "seconds": measured["means"]} for measured in self.rounds]
        return Row(self.contender, rounds, self.why, self.difference)

    def check(self, ours: Row) -> None:
        """Compare the result and the gradient with Chainrule's; a row that disagrees has no time."""
        if not (self.measured and ours.measured):
            return
        expected = [ours.rounds[0]["result"], *ours.rounds[0]["gradient"]]
        largest = max(map(abs, expected))
        for measured in self.rounds:
            given = [measured["result"], *measured["gradient"]]
            if len(given) != len(expected):
                self.why = f"not believed: {len(given) - 1} gradients, Chainrule has {len(expected) - 1}"
                return
            if any(number != number for number in given):
                self.why = "not believed: the result or the gradient is nan"
                return
            off = max(abs(a - b) for a, b in zip(given, expected, strict=True)) / largest
            self.difference = max(self.difference, off)
        if self.difference > self.contender.tolerance:
            self.why = f"not believed: differs from Chainrule by {self.difference:.1e} of the largest gradient"

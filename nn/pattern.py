"""A network from one line of text, as the lectures write it: ``[(CONV16-RELU)*2-POOL]*2-FC10``.

The grammar, read by one method of :class:`_Parser` for each rule::

    chain  = item { "-" item }
    item   = ( layer | "(" chain ")" | "[" chain "]" ) { "*" count | "?" }
    layer  = name [ number ] { option number }

``*3`` repeats an item three times; ``?`` leaves it out where it does not fit the shape, such as a
window larger than the image.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from nn import modules as m
from nn.modules.module import Module

ACTIVATIONS: dict[str, Callable[[], Module]] = {
    "RELU": m.ReLU,
    "LEAKYRELU": m.LeakyReLU,
    "ELU": m.ELU,
    "SELU": m.SELU,
    "GELU": m.GELU,
    "SILU": m.SiLU,
    "SIGMOID": m.Sigmoid,
    "TANH": m.Tanh,
    "SOFTPLUS": m.Softplus,
}
CONVOLUTIONS = (m.Conv1d, m.Conv2d, m.Conv3d)
MAX_POOLING, AVERAGE_POOLING = (m.MaxPool1d, m.MaxPool2d), (m.AvgPool1d, m.AvgPool2d)
LARGEST = 10_000
"""So many layers a pattern may describe, and a hundredth of it parentheses."""
LAYERS = ["CONV", "POOL", "AVGPOOL", "GAP", "BN", "DROPOUT", "FLATTEN", "FC", "SOFTMAX", *ACTIVATIONS]


def from_pattern(pattern: str, input_shape: Any) -> m.Sequential:
    """Build a network from a description in the lectures' pattern.

    Parameters
    ----------
    pattern : str
        Layers joined by ``-``; parentheses or brackets with ``*3`` repeat a part three times; ``?`` after a
        layer leaves it out where it does not fit.  Capital or small letters, spaces as you like:

        - ``CONV16``: 16 filters of 3x3 that keep the size; ``CONV16x5`` of 5x5, ``s2`` every second pixel,
          ``p0`` without padding: ``CONV16x5s2p0``.
        - ``POOL``, ``AVGPOOL``: windows of 2x2 that touch; ``POOL3s2`` of 3x3, every second pixel.
          ``GAP``: the mean of every channel.
        - ``BN``: batch norm; ``DROPOUT0.5``; ``RELU LEAKYRELU ELU SELU GELU SILU SIGMOID TANH SOFTPLUS SOFTMAX``.
        - ``FC64``: fully connected with 64 outputs; before the first the images are flattened (or by ``FLATTEN``).
    input_shape : sequence of int
        The shape of one sample: (channels, height, width), (channels, length) or (features,).

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        When the text is no pattern or a layer does not fit its input: points at the place.

    Examples
    --------
    >>> from_pattern("(CONV8-RELU-POOL)*2-FC10", input_shape=(1, 28, 28))
    Sequential(
      (0): Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
      (1): ReLU()
      (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
      (3): Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
      (4): ReLU()
      (5): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
      (6): Flatten(start_dim=1, end_dim=-1)
      (7): Linear(in_features=392, out_features=10, bias=True)
    )
    >>> from_pattern("CONV8-RLEU", input_shape=(1, 28, 28))
    Traceback (most recent call last):
    ValueError: from_pattern: there is no layer RLEU; there are CONV, POOL, ...
      CONV8-RLEU
            ^
    """
    if not isinstance(pattern, str):
        raise TypeError(f"from_pattern: the pattern is a text, got {type(pattern).__name__}")
    shape = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
    if not 1 <= len(shape) <= 3 or not all(isinstance(n, int) and n > 0 for n in shape):
        raise ValueError(f"from_pattern: input_shape {input_shape!r}; it is (channels, height, width) or (features,)")
    builder = _Builder(pattern, shape)
    for layer in _Parser(pattern).parsed():
        builder.add(layer)
    return m.Sequential(*builder.modules)


class _Layer(NamedTuple):
    name: str
    number: float | None
    options: dict[str, int]
    position: int
    optional: bool = False


def _refused(pattern: str, position: int, problem: str) -> ValueError:
    return ValueError(f"from_pattern: {problem}\n  {pattern}\n  {' ' * position}^")


class _Parser:
    """Reads the text from left to right; ``at`` is the next character."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.sub(r"\s", " ", pattern)  # so that the caret stands below its character
        self.at = 0

    def parsed(self) -> list[_Layer]:
        """The whole text."""
        if len(re.findall(r"[(\[]", self.pattern)) > LARGEST // 100:
            raise self.wrong(f"there are more than {LARGEST // 100} parentheses")
        layers = self.chain()
        if self.at < len(self.pattern):
            raise self.wrong(f"{self.next()!r} is not expected here; layers are joined by '-'")
        return layers

    def next(self) -> str:
        """The next character that is no space; empty at the end."""
        while self.pattern[self.at : self.at + 1] == " ":
            self.at += 1
        return self.pattern[self.at : self.at + 1]

    def wrong(self, problem: str) -> ValueError:
        return _refused(self.pattern, self.at, problem)

    def match(self, expression: str) -> str:
        found = re.compile(expression).match(self.pattern, self.at)
        self.at = found.end() if found else self.at
        return found.group() if found else ""

    def chain(self) -> list[_Layer]:
        layers = self.item()
        while self.next() == "-":
            self.at += 1
            layers += self.item()
        return layers

    def item(self) -> list[_Layer]:
        opening = self.next()
        if opening and opening in "([":
            start, closing = self.at, ")]"["([".index(opening)]
            self.at += 1
            layers = self.chain()
            if self.next() != closing:
                if not self.next():
                    self.at = start
                    raise self.wrong(f"this {opening!r} has no {closing!r}")
                raise self.wrong(f"{self.next()!r} is not expected here, but {closing!r} or '-'")
            self.at += 1
        else:
            layers = [self.layer()]
        while self.next() and self.next() in "*?":
            if self.next() == "?":
                self.at += 1
                layers = [layer._replace(optional=True) for layer in layers]
                continue
            self.at += 1
            self.next()
            count = self.match(r"\d{1,4}")
            if not count or int(count) < 1:
                self.at -= len(count)
                raise self.wrong("after '*' comes how often to repeat, a whole number from 1")
            if len(layers) * int(count) > LARGEST:
                self.at -= len(count)
                raise self.wrong(f"this makes {len(layers) * int(count):,} layers; at most {LARGEST:,}")
            layers = layers * int(count)
        return layers

    def layer(self) -> _Layer:
        self.next()
        start = self.at
        name = self.match("[A-Za-z]+").upper()
        if name not in LAYERS:
            self.at = start
            given = f"there is no layer {name}" if name else "here a layer is missing"
            raise self.wrong(f"{given}; there are {', '.join(LAYERS)}")
        number = self.match(r"\d+(\.\d+)?|\.\d+")
        if number and name not in ("CONV", "POOL", "AVGPOOL", "DROPOUT", "FC"):
            self.at -= len(number)
            raise self.wrong(f"{name} takes no number")
        if name in ("CONV", "FC", "DROPOUT") and not number:
            what = {"CONV": "its filters, such as CONV16", "FC": "its outputs, such as FC10"}.get(name, "a probability")
            raise self.wrong(f"{name} needs the number of {what}" if name != "DROPOUT" else f"{name} needs {what}")
        if name != "DROPOUT" and number and (not number.isdigit() or int(number) < 1):
            self.at -= len(number)
            raise self.wrong(f"the number of {name} is whole and at least 1")
        if name == "DROPOUT" and not float(number) <= 1:
            self.at -= len(number)
            raise self.wrong("the probability is between 0 and 1")
        allowed = {"CONV": "xsp", "POOL": "sp", "AVGPOOL": "sp"}.get(name, "")
        options: dict[str, int] = {}
        while (letter := self.pattern[self.at : self.at + 1].lower()) and letter.isalnum():
            if letter not in allowed or letter in options:
                takes = f"only {', '.join(allowed)} here, each once" if allowed else "no options"
                raise self.wrong(f"{name} takes {takes}; not {letter!r}")
            self.at += 1
            digits = self.match(r"\d+")
            if not digits or (letter != "p" and int(digits) < 1):
                self.at -= len(digits)
                raise self.wrong(f"after {letter!r} comes a whole number")
            options[letter] = int(digits)
        return _Layer(name, float(number) if number else None, options, start)


class _Builder:
    """Makes the modules, and keeps track of the shape that a sample has between them."""

    def __init__(self, pattern: str, shape: tuple[int, ...]) -> None:
        self.pattern, self.shape = pattern, shape
        self.modules: list[Module] = []

    def add(self, layer: _Layer) -> None:
        """Add the module of a layer."""
        try:
            made, shape = self.made(layer)
        except ValueError as problem:
            if layer.optional:
                return
            pattern = re.sub(r"\s", " ", self.pattern)
            raise _refused(pattern, layer.position, f"{problem}, and its input has shape {self.shape}") from None
        self.modules += made
        self.shape = shape

    def made(self, layer: _Layer) -> tuple[list[Module], tuple[int, ...]]:
        """The modules of a layer and the shape after them; ValueError when it does not fit."""
        name, channels, sizes = layer.name, self.shape[0], self.shape[1:]
        number = int(layer.number or 2)
        if name in ("CONV", "POOL", "AVGPOOL", "GAP") and not sizes:
            raise ValueError(f"{name} needs images: it has to come before FC and FLATTEN")
        if name == "CONV":
            window, step = layer.options.get("x", 3), layer.options.get("s", 1)
            padding: Any = layer.options.get("p", "same" if window % 2 == 0 and step == 1 else (window - 1) // 2)
            after = sizes if padding == "same" else _after(name, sizes, window, step, padding)
            return [CONVOLUTIONS[len(sizes) - 1](channels, number, window, step, padding)], (number, *after)
        if name in ("POOL", "AVGPOOL"):
            step, padding = layer.options.get("s", number), layer.options.get("p", 0)
            if padding > number // 2:
                raise ValueError(f"{name}: padding {padding} is more than half of its window {number}")
            kind = (MAX_POOLING if name == "POOL" else AVERAGE_POOLING)[len(sizes) - 1]
            return [kind(number, step, padding)], (channels, *_after(name, sizes, number, step, padding))
        if name == "GAP":
            kind = (m.AdaptiveAvgPool1d, m.AdaptiveAvgPool2d)[len(sizes) - 1]
            return [kind(1)], (channels, *(1,) * len(sizes))
        if name == "BN":
            return [m.BatchNorm2d(channels) if len(sizes) == 2 else m.BatchNorm1d(channels)], self.shape
        if name == "DROPOUT":
            return [m.Dropout(layer.number or 0.0)], self.shape
        if name == "SOFTMAX":
            return [m.Softmax(dim=1)], self.shape
        if name in ACTIVATIONS:
            return [ACTIVATIONS[name]()], self.shape
        features = channels
        for size in sizes:
            features *= size
        flattened: list[Module] = [m.Flatten()] if sizes else []
        if name == "FLATTEN":
            return flattened, (features,)
        return [*flattened, m.Linear(features, number)], (number,)


def _after(name: str, sizes: tuple[int, ...], window: int, step: int, padding: int) -> tuple[int, ...]:
    after = tuple((n + 2 * padding - window) // step + 1 for n in sizes)
    if min(after) < 1:
        raise ValueError(f"{name}: its window {'x'.join([str(window)] * len(sizes))} is larger than the image")
    return after

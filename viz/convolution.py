"""``convolution_steps``: a small convolution step by step, the window that slides and the gradient that flows back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.array_operation import ARRAY_OPERATIONS
from viz.arguments import checked_precision
from viz.arrays import array_of, shape_text
from viz.grid import Panel, grid_svg
from viz.html import bundle, page, write_page
from viz.labels import number_text
from viz.themes import THEMES, Theme, theme

MOST_POSITIONS = 100
"""Up to how many output entries are stepped through."""

MOST_NUMBERS = 400
"""Up to how many entries the input, the kernels and the output have together."""


@dataclass(frozen=True)
class Position:
    """One step: an output entry is computed, or its gradient flows back.

    Attributes
    ----------
    phase : {"forward", "seed", "backward"}
    entry : tuple of int
        Channel, row and column of the output.
    window : tuple of int
        Row and column where the window begins, in the padded input.
    text : str
        The step as a sentence.
    input_gradient, weight_gradient : array
        What has been added up by now; the input's without its padding.
    """

    phase: str
    entry: tuple[int, ...]
    window: tuple[int, ...]
    text: str
    input_gradient: np.ndarray
    weight_gradient: np.ndarray


class ConvolutionSteps:
    """A convolution through which one can step; shows itself in a notebook.

    Made by :func:`convolution_steps`.

    Attributes
    ----------
    output, input_gradient, weight_gradient : array
        The results of the passes.
    steps : list of Position
    """

    title = "Convolution, step by step"

    def __init__(
        self,
        x: np.ndarray,
        weight: np.ndarray,
        bias: np.ndarray | None,
        upstream: np.ndarray | None,
        sizes: tuple[int, int],
        precision: int,
        style: Theme,
    ) -> None:
        self._x, self._weight, self._bias = x, weight, bias
        self._stride, self._padding = sizes
        self._precision, self._theme = precision, style
        inputs = [Tensor(array[None] if i == 0 else array, requires_grad=True) for i, array in enumerate((x, weight))]
        options = {"stride": (sizes[0],) * 2, "padding": ((sizes[1],) * 2,) * 2, "dilation": (1, 1), "groups": 1}
        operands = inputs if bias is None else [*inputs, Tensor(bias)]
        result = ARRAY_OPERATIONS["convolution"](*operands, **options)
        self.output = result.numpy()[0]
        self.upstream = np.ones_like(self.output) if upstream is None else upstream
        if self.upstream.shape != self.output.shape:
            raise ValueError(
                f"convolution_steps: the upstream gradient has shape {self.upstream.shape}, "
                f"the output {self.output.shape}; give one number for every output entry"
            )
        numbers = x.size + weight.size + self.output.size
        if self.output.size > MOST_POSITIONS or numbers > MOST_NUMBERS:
            raise ValueError(
                f"convolution_steps shows small cases, up to {MOST_POSITIONS} output entries and {MOST_NUMBERS} "
                f"numbers in all; this has {self.output.size} and {numbers}"
            )
        result.backward(self.upstream[None])
        self.input_gradient, self.weight_gradient = inputs[0].grad.numpy()[0], inputs[1].grad.numpy()
        self.steps = self._positions()

    def _positions(self) -> list[Position]:
        pad, (rows, columns) = self._padding, self._weight.shape[2:]
        padded = np.pad(self._x, ((0, 0), (pad, pad), (pad, pad)))
        input_gradient, weight_gradient = np.zeros_like(padded), np.zeros_like(self._weight)
        steps: list[Position] = []

        def add(phase: str, entry: tuple[int, ...], window: tuple[int, ...], text: str) -> None:
            inside = input_gradient[:, pad : pad + self._x.shape[1], pad : pad + self._x.shape[2]].copy()
            steps.append(Position(phase, entry, window, text, inside, weight_gradient.copy()))

        places = [(entry, tuple(i * self._stride for i in entry[1:])) for entry in np.ndindex(*self.output.shape)]
        for entry, (top, left) in places:
            taken = padded[:, top : top + rows, left : left + columns]
            add("forward", entry, (top, left), self._sum_text(entry, taken))
        add("seed", (), (), "The gradient of every output entry arrives from what comes after.")
        for entry, (top, left) in places:
            upstream = self.upstream[entry]
            window = (slice(None), slice(top, top + rows), slice(left, left + columns))
            input_gradient[window] += upstream * self._weight[entry[0]]
            weight_gradient[entry[0]] += upstream * padded[window]
            name, number = _name(entry), self._number(upstream)
            kernel = f"kernel {entry[0]}" if len(self._weight) > 1 else "the kernel"
            add(
                "backward",
                entry,
                (top, left),
                f"{name} has the gradient {number}: its window of the input receives {number} times {kernel}, and "
                f"{kernel} receives {number} times the window. Both are added to what is there.",
            )
        return steps

    def _sum_text(self, entry: tuple[int, ...], taken: np.ndarray) -> str:
        pairs = zip(taken.ravel(), self._weight[entry[0]].ravel(), strict=True)
        terms = [f"{self._factor(a)} × {self._factor(b)}" for a, b in pairs]
        terms += [] if self._bias is None else [f"{self._factor(self._bias[entry[0]])} (bias)"]
        return f"{_name(entry)} = {' + '.join(terms)} = {self._number(self.output[entry])}"

    def _number(self, number: Any) -> str:
        return number_text(float(number), self._precision)

    def _factor(self, number: Any) -> str:
        text = self._number(number)
        return f"({text})" if text.startswith("-") else text

    def text(self) -> str:
        """Return the steps as numbered sentences.

        Examples
        --------
        >>> print(convolution_steps([[1.0, 2.0]], [[3.0]]).text())
        1. y[0, 0, 0] = 1.00 × 3.00 = 3.00
        2. y[0, 0, 1] = 2.00 × 3.00 = 6.00
        3. The gradient of every output entry arrives from what comes after.
        4. y[0, 0, 0] has the gradient 1.00: its window of the input receives 1.00 times the kernel, and the kernel \
receives 1.00 times the window. Both are added to what is there.
        5. y[0, 0, 1] has the gradient 1.00: its window of the input receives 1.00 times the kernel, and the kernel \
receives 1.00 times the window. Both are added to what is there.
        """
        return "\n".join(f"{i}. {step.text}" for i, step in enumerate(self.steps, 1))

    def svg(self) -> str:
        """Return the picture after the last step: input, kernels and output, values above gradients."""
        return grid_svg(
            [
                Panel("x", "input x", self._x, self.input_gradient, self._padding),
                Panel("w", "kernel w", self._weight, self.weight_gradient),
                Panel("y", "output y", self.output, self.upstream),
            ],
            self._theme,
            self._precision,
            repr(self)[1:-1],
        )

    def html(self) -> str:
        """Return a page that needs nothing else: no other file, no network."""
        return self._page(self.svg())

    def save_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file whose name ends in ``.html``, and return its path."""
        return write_page(path, self.html)

    @property
    def is_dark(self) -> bool:
        """Whether the page is a dark one."""
        return self._theme == THEMES["dark"]

    def operations(self) -> set[tuple[str, int]]:
        """Return the rows of the op table that the page computes with: none."""
        return set()

    def data(self) -> dict[str, Any]:
        """Return what the page's script reads."""
        return {
            "precision": self._precision,
            "padding": self._padding,
            "input": list(self._x.shape),
            "kernel": list(self._weight.shape),
            "output": list(self.output.shape),
            "steps": [
                {
                    "phase": step.phase,
                    "entry": step.entry,
                    "window": step.window,
                    "text": step.text,
                    **(
                        {"x": _listed(step.input_gradient), "w": _listed(step.weight_gradient)}
                        if step.phase == "backward"
                        else {}
                    ),
                }
                for step in self.steps
            ],
        }

    def _page(self, svg: str) -> str:
        return page([svg], [self], "sliding")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle(self.svg(), self._page("PICTURE"), repr(self), self.text())

    def __repr__(self) -> str:
        shapes = (shape_text(array.shape) for array in (self._x, self._weight, self.output))
        return "<Convolution of {} with kernels {} to {}>".format(*shapes)


def convolution_steps(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: int = 1,
    padding: int = 0,
    upstream: Any = None,
    precision: int = 2,
    theme: str | Theme = "default",
) -> ConvolutionSteps:
    """Step through a small convolution: the window slides over the input, then the gradient flows back.

    Parameters
    ----------
    x : array-like (H, W), (C, H, W) or (1, C, H, W)
        The image.
    weight : array-like (kH, kW), (C, kH, kW) or (O, C, kH, kW)
        The kernel, or one for every output channel.
    bias : array-like (O,), optional
        What is added to each output channel.
    stride, padding : int
        By how much the window moves, and how many zeros stand around the image.
    upstream : array-like (O, H', W'), optional
        The gradient of the output; by default 1 everywhere.
    precision : int
        Decimals of the numbers.
    theme : {"default", "cs231n", "dark"} or Theme
        The colours.

    Returns
    -------
    ConvolutionSteps
        Shows itself in a notebook; ``save_html(path)`` writes a page, ``text()`` tells the steps.

    Raises
    ------
    ValueError
        When the shapes do not fit, or the case is too large to be looked at.

    Examples
    --------
    >>> steps = convolution_steps([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1.0, -1.0]])
    >>> steps.output
    array([[[-1., -1.],
            [-1., -1.]]], dtype=float32)
    >>> steps.weight_gradient
    array([[[[12., 16.]]]], dtype=float32)
    """
    image, kernel = _floats(x), _floats(weight)
    if image.ndim == 4 and image.shape[0] == 1:
        image = image[0]
    if image.ndim not in (2, 3) or kernel.ndim not in (2, 3, 4):
        raise ValueError(
            f"convolution_steps takes one image (H, W) or (C, H, W) and a kernel (kH, kW), (C, kH, kW) or "
            f"(O, C, kH, kW), got shapes {image.shape} and {kernel.shape}"
        )
    image: np.ndarray = image[None] if image.ndim == 2 else image
    kernel: np.ndarray = kernel[(None,) * (4 - kernel.ndim)]
    if kernel.shape[1] != image.shape[0]:
        raise ValueError(
            f"convolution_steps: the image has {image.shape[0]} channels, the kernel {kernel.shape[1]}; "
            f"give a kernel of shape (O, {image.shape[0]}, kH, kW)"
        )
    if not (isinstance(stride, int) and stride > 0 and isinstance(padding, int) and padding >= 0):
        raise ValueError(
            f"convolution_steps: stride is from 1 on and padding from 0 on, got {stride!r} and {padding!r}"
        )
    if any(k > n + 2 * padding for k, n in zip(kernel.shape[2:], image.shape[1:], strict=True)):
        raise ValueError(f"convolution_steps: the kernel {kernel.shape[2:]} is larger than the image {image.shape[1:]}")
    offsets = None if bias is None else _floats(bias).reshape(-1)
    if offsets is not None and offsets.size != len(kernel):
        raise ValueError(f"convolution_steps: {len(kernel)} kernels need as many biases, got {offsets.size}")
    arriving = None if upstream is None else _floats(upstream)
    if arriving is not None and arriving.ndim == 2:
        arriving = arriving[None]
    sizes = (stride, padding)
    return ConvolutionSteps(image, kernel, offsets, arriving, sizes, checked_precision(precision), _theme(theme))


_theme = theme


def _floats(array: Any) -> np.ndarray:
    return np.asarray(array_of(array) if isinstance(array, Tensor) else array, np.float32)


def _name(entry: Sequence[int]) -> str:
    return f"y[{', '.join(map(str, entry))}]"


def _listed(array: np.ndarray) -> list[float]:
    return [round(float(number), 6) for number in array.ravel()]

"""A small GPT in which every number is a :class:`autograd.Value`: it learns to invent first names.

``python -m examples.scalar_gpt`` trains it as machine code, ``--eager`` by building the graph
anew in every step.  Both compute the same numbers, to the last bit.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import cycle, islice
from operator import add, mul
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

import autograd
from autograd import Value, take

LETTERS = ".abcdefghijklmnopqrstuvwxyz"
"""The tokens; the point marks the start and the end of a name."""

BLOCK = 16
"""The most tokens that the network looks at."""

Vector = list[Any]
Matrix = list[Vector]


def load_names() -> list[str]:
    """Return the names to learn."""
    return Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split()


def encode(name: str) -> np.ndarray:
    """Return the tokens of a name, from its start mark to its end mark."""
    # An array, because its numbers are inputs of a compiled function: names of one length share a program.
    return np.array([LETTERS.index(letter) for letter in f".{name}."])


# What the network is made of.


def dot(weights: Vector, x: Vector) -> Any:
    """Return the inner product."""
    return reduce(add, map(mul, weights, x))


def linear(weights: Matrix, x: Vector) -> Vector:
    """Return the product of a matrix and a vector."""
    return [dot(row, x) for row in weights]


def plus(x: Vector, y: Vector) -> Vector:
    """Return the sum of two vectors."""
    return list(map(add, x, y))


def normalize(x: Vector) -> Vector:
    """Divide by the root of the mean square (RMSNorm), so that all layers see numbers of like size."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [number * scale for number in x]


def shifted_exponentials(x: Vector) -> tuple[Any, Vector]:
    """Return the largest number, and exp(number - largest) of each, which cannot overflow."""
    largest = reduce(lambda a, b: a.maximum(b), x)
    return largest, [(number - largest).exp() for number in x]


def softmax(x: Vector) -> Vector:
    """Turn numbers into positive weights that add up to one."""
    _, exponentials = shifted_exponentials(x)
    scale = 1.0 / reduce(add, exponentials)
    return [exponential * scale for exponential in exponentials]


def attend(query: Vector, keys: Matrix, values: Matrix) -> Vector:
    """Return the mean of the values, weighted by how well the key of each fits the query."""
    weights = softmax([dot(query, key) / math.sqrt(len(query)) for key in keys])
    return [dot(weights, list(column)) for column in zip(*values, strict=True)]


class GPT:
    """A transformer of one layer.

    Parameters
    ----------
    seed : int
        For the initial weights.
    width, heads : int
        The length of the vector for each token, and how many parts of it attend separately.
    value : callable
        Makes a node from a number.
    look_up : callable
        ``look_up(rows, index)`` returns a row.
    """

    def __init__(self, seed: int = 0, width: int = 16, heads: int = 4, value: Any = Value, look_up: Any = take) -> None:
        self.heads, self.look_up = heads, look_up
        chance = random.Random(seed)

        def matrix(rows: int, columns: int, spread: float) -> Matrix:
            return [[value(chance.gauss(0.0, spread)) for _ in range(columns)] for _ in range(rows)]

        self.matrices = {
            "token": matrix(len(LETTERS), width, 0.1),
            "position": matrix(BLOCK, width, 0.1),
            "query": matrix(width, width, width**-0.5),
            "key": matrix(width, width, width**-0.5),
            "value": matrix(width, width, width**-0.5),
            "mix": matrix(width, width, 0.1),
            "widen": matrix(4 * width, width, width**-0.5),
            "narrow": matrix(width, 4 * width, 0.1),
            "logits": matrix(len(LETTERS), width, 0.1),
        }

    def parameters(self) -> list[Any]:
        """Return all weights, in a fixed order."""
        return [weight for matrix in self.matrices.values() for row in matrix for weight in row]

    def logits(self, tokens: Sequence[Any]) -> Matrix:
        """Return a score for each possible next token, after every token.

        A token sees only itself and the ones before it.
        """
        embedded = [self.look_up(self.matrices["token"], token) for token in tokens]
        xs = [plus(x, position) for x, position in zip(embedded, self.matrices["position"], strict=False)]
        xs = [plus(x, change) for x, change in zip(xs, self.attention(list(map(normalize, xs))), strict=True)]
        xs = [plus(x, self.perceptron(normalize(x))) for x in xs]
        return [linear(self.matrices["logits"], normalize(x)) for x in xs]

    def attention(self, xs: Matrix) -> Matrix:
        """Let every token gather what it needs from itself and the tokens before it."""
        queries, keys, values = ([linear(self.matrices[name], x) for x in xs] for name in ("query", "key", "value"))
        size = len(xs[0]) // self.heads
        parts = [slice(start, start + size) for start in range(0, len(xs[0]), size)]
        changes = []
        for i, query in enumerate(queries):
            seen = slice(i + 1)
            gathered = [
                number
                for part in parts
                for number in attend(query[part], [k[part] for k in keys[seen]], [v[part] for v in values[seen]])
            ]
            changes.append(linear(self.matrices["mix"], gathered))
        return changes

    def perceptron(self, x: Vector) -> Vector:
        """Transform one token's vector by a hidden layer of ReLU units."""
        hidden = [number.relu() for number in linear(self.matrices["widen"], x)]
        return linear(self.matrices["narrow"], hidden)

    def loss(self, tokens: Sequence[Any]) -> Any:
        """Return the mean cross-entropy of predicting each token from the ones before it."""
        losses = []
        for scores, target in zip(self.logits(tokens[:-1]), tokens[1:], strict=True):
            largest, exponentials = shifted_exponentials(scores)
            losses.append(largest + reduce(add, exponentials).log() - self.look_up(scores, target))
        return reduce(add, losses) / len(losses)


# Training.


class Adam:
    """Gradient descent with running means of the gradient and of its square (Kingma and Ba 2015).

    Parameters
    ----------
    steps : int
        How many steps the training has.
    rate : float
        The learning rate, which falls linearly to zero.
    decays : pair of float
        How much of each running mean a step keeps.
    """

    def __init__(self, steps: int, rate: float = 0.01, decays: tuple[float, float] = (0.9, 0.99)) -> None:
        self.steps, self.rate, self.decays = steps, rate, decays
        self.step = 0
        self.mean: Any = 0.0
        self.square: Any = 0.0

    def update(self, weights: np.ndarray, gradients: np.ndarray) -> np.ndarray:
        """Return the weights after one more step."""
        rate = self.rate * (1 - self.step / self.steps)
        self.step += 1
        first, second = self.decays
        self.mean = first * self.mean + (1 - first) * gradients
        self.square = second * self.square + (1 - second) * gradients**2
        # The running means start at zero, too small; these factors make up for it.
        mean, square = self.mean / (1 - first**self.step), self.square / (1 - second**self.step)
        return weights - rate * mean / (np.sqrt(square) + 1e-8)


LossAndGradients = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
"""Takes the weights and the tokens of a name."""


def eager(model: GPT) -> LossAndGradients:
    """Return a function that builds the graph of the loss and goes back through it."""
    parameters = model.parameters()

    def loss_and_gradients(weights: np.ndarray, tokens: np.ndarray) -> tuple[float, np.ndarray]:
        for parameter, weight in zip(parameters, weights.tolist(), strict=True):
            parameter.data, parameter.grad = weight, 0.0
        loss = model.loss(tokens.tolist())
        loss.backward()
        return loss.data, np.array([parameter.grad for parameter in parameters])

    return loss_and_gradients


def compiled(model: GPT) -> LossAndGradients:
    """Return a function that computes the same as machine code: one program for each length of name."""
    loss = autograd.compile(model.loss, parameters=model.parameters())

    def loss_and_gradients(weights: np.ndarray, tokens: np.ndarray) -> tuple[float, np.ndarray]:
        program = loss.program(tokens)
        program.parameters = weights
        return program.run(tokens), program.gradients

    return loss_and_gradients


def train(model: GPT, names: Sequence[str], steps: int, loss_and_gradients: LossAndGradients) -> Iterator[float]:
    """Train with one name a step, in turn, and yield each loss; after the last step the model has the new weights."""
    adam = Adam(steps)
    weights = np.array([parameter.data for parameter in model.parameters()])
    for name in islice(cycle(names), steps):
        loss, gradients = loss_and_gradients(weights, encode(name))
        weights = adam.update(weights, gradients)
        yield loss
    for parameter, weight in zip(model.parameters(), weights.tolist(), strict=True):
        parameter.data = weight


def sample(logits: Callable[[np.ndarray], Matrix], seed: int = 0, temperature: float = 0.5) -> str:
    """Invent a name, letter by letter; near a temperature of zero always the likeliest."""
    chance = random.Random(seed)
    tokens = np.zeros(BLOCK)
    for i in range(BLOCK - 1):
        # Scores do not depend on what comes later, so one program of the whole block serves every i.
        scores = np.array(logits(tokens)[i])
        weights = np.exp((scores - scores.max()) / temperature)
        (tokens[i + 1],) = chance.choices(range(len(LETTERS)), weights.tolist())
        if tokens[i + 1] == 0:
            break
    return "".join(LETTERS[int(token)] for token in tokens).strip(".")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the list of names, and print names that the network invents."""
    parser = argparse.ArgumentParser(prog="python -m examples.scalar_gpt", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--steps", type=int, default=5000, help="training steps, one name each (5000)")
    parser.add_argument("--eager", action="store_true", help="build the graph anew in every step")
    parser.add_argument("--seed", type=int, default=0, help="for the weights and the order of the names (0)")
    parser.add_argument("--temperature", type=float, default=0.5, help="how bold the samples are (0.5)")
    options = parser.parse_args(arguments)

    model, names = GPT(options.seed), load_names()
    random.Random(options.seed).shuffle(names)
    print(f"{len(names)} names, {len(model.parameters())} parameters, {'eager' if options.eager else 'compiled'}")
    every = max(1, options.steps // 10)
    loss_and_gradients = eager(model) if options.eager else compiled(model)
    recent: list[float] = []
    started = time.perf_counter()
    for step, loss in enumerate(train(model, names, options.steps, loss_and_gradients), start=1):
        recent.append(loss)
        if step % every == 0:
            now = time.perf_counter()
            print(f"step {step:5}  loss {fmean(recent):.3f}  {(now - started) / len(recent) * 1e3:8.3f} ms a step")
            recent, started = [], now

    logits = autograd.compile(model.logits).forward
    for seed in range(10):
        print(sample(logits, seed, options.temperature))


if __name__ == "__main__":
    main()

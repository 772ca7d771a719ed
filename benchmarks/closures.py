"""Autodiff as pure Python does it: a node keeps its operands and a closure that passes the gradient on."""

from __future__ import annotations

import math
from typing import Any


class Value:
    """A number with a gradient, in the style of micrograd."""

    def __init__(self, data: float, operands: tuple[Any, ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self._prev = set(operands)
        self._backward = lambda: None

    def __add__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Any) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _backward() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, exponent: float) -> Value:
        out = Value(self.data**exponent, (self,))

        def _backward() -> None:
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out._backward = _backward
        return out

    def exp(self) -> Value:
        out = Value(math.exp(self.data), (self,))

        def _backward() -> None:
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self) -> Value:
        out = Value(math.log(self.data), (self,))

        def _backward() -> None:
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self) -> Value:
        out = Value(max(0.0, self.data), (self,))

        def _backward() -> None:
            self.grad += (self.data > 0.0) * out.grad

        out._backward = _backward
        return out

    def maximum(self, other: Value) -> Value:
        out = Value(max(self.data, other.data), (self, other))

        def _backward() -> None:
            winner = self if self.data > other.data else other
            winner.grad += out.grad

        out._backward = _backward
        return out

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Any) -> Value:
        return self + (-other)

    def __truediv__(self, other: Any) -> Value:
        return self * other**-1.0

    def __rtruediv__(self, other: float) -> Value:
        return self**-1.0 * other

    def order(self) -> list[Value]:
        """Everything this number was computed from, operands before results."""
        nodes: list[Value] = []
        seen = set()

        def visit(node: Value) -> None:
            if node not in seen:
                seen.add(node)
                for operand in node._prev:
                    visit(operand)
                nodes.append(node)

        visit(self)
        return nodes

    def backward(self) -> None:
        self.grad = 1.0
        for node in reversed(self.order()):
            node._backward()

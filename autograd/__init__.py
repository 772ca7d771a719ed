"""Automatic differentiation that draws itself: numbers that remember how they were computed.

>>> from autograd import Value
>>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
>>> f = (x + y) * z
>>> f.backward()
>>> x.grad, y.grad, z.grad
(-4.0, -4.0, 3.0)
"""

import builtins

from autograd import functions
from autograd.compiling import compile, load_program  # noqa: F401
from autograd.functions import *  # noqa: F403
from autograd.gate import ComputationalGraph, Gate
from autograd.gradcheck import gradcheck, gradgradcheck, numerical_gradient
from autograd.gradients import grad, value_and_grad
from autograd.graph import Node, topological_order
from autograd.mode import enable_grad, no_grad
from autograd.operation import OPERATIONS, Operation, operation
from autograd.selection import take
from autograd.value import Value, apply

DISTRIBUTION = "chainrule"
"""Tells this package from HIPS autograd, which is imported by the same name."""

__all__ = [
    "OPERATIONS",
    "ComputationalGraph",
    "Gate",
    "Node",
    "Operation",
    "Value",
    "apply",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "load_program",
    "no_grad",
    "numerical_gradient",
    "operation",
    "take",
    "topological_order",
    "value_and_grad",
]
# `from autograd import *` must not replace Python's abs, compile, pow, round and sum.
__all__ += [name for name in functions.__all__ if not hasattr(builtins, name)]

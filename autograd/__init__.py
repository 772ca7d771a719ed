"""Automatic differentiation that draws itself: numbers that remember how they were computed.

>>> from autograd import Value
>>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
>>> f = (x + y) * z
>>> f.backward()
>>> x.grad, y.grad, z.grad
(-4.0, -4.0, 3.0)
"""

import builtins

from autograd import creation, functions, tensor_functions
from autograd.array_operation import ARRAY_OPERATIONS
from autograd.checkpoint import checkpoint
from autograd.compiling import compile, load_program  # noqa: F401
from autograd.creation import *  # noqa: F403
from autograd.derivatives import hessian, hvp, jacobian, jvp, vjp
from autograd.dtypes import float32, float64, int8, int16, int32, int64, uint8
from autograd.functions import *  # noqa: F403
from autograd.gate import ComputationalGraph, Gate
from autograd.gradcheck import gradcheck, gradgradcheck, numerical_gradient
from autograd.gradients import grad, value_and_grad
from autograd.graph import Node, topological_order
from autograd.mode import detect_anomaly, enable_grad, no_grad
from autograd.operation import OPERATIONS, Operation, operation
from autograd.selection import take
from autograd.tensor import Tensor
from autograd.tensor_functions import *  # noqa: F403
from autograd.threads import get_num_threads, set_num_threads
from autograd.value import Value, apply

DISTRIBUTION = "chainrule"
"""Tells this package from HIPS autograd, which is imported by the same name."""

__all__ = [
    "ARRAY_OPERATIONS",
    "OPERATIONS",
    "ComputationalGraph",
    "Gate",
    "Node",
    "Operation",
    "Tensor",
    "Value",
    "apply",
    "checkpoint",
    "detect_anomaly",
    "enable_grad",
    "float32",
    "float64",
    "get_num_threads",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "hessian",
    "hvp",
    "int8",
    "int16",
    "int32",
    "int64",
    "jacobian",
    "jvp",
    "load_program",
    "no_grad",
    "numerical_gradient",
    "operation",
    "set_num_threads",
    "take",
    "topological_order",
    "uint8",
    "value_and_grad",
    "vjp",
]
# `from autograd import *` must not replace Python's abs, compile, pow, round and sum.
_FUNCTIONS = dict.fromkeys((*creation.__all__, *functions.__all__, *tensor_functions.__all__))
__all__ += [name for name in _FUNCTIONS if not hasattr(builtins, name)]

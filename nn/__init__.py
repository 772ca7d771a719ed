"""Neural networks made of ``autograd`` nodes.

>>> import nn
>>> nn.MLP(2, [4, 1])
MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(4)]]
"""

import autograd

if getattr(autograd, "DISTRIBUTION", None) != "chainrule":
    raise ImportError(
        f"nn needs Chainrule's package 'autograd', but Python finds another one at {autograd.__file__} "
        f"(HIPS autograd has the same import name); use separate environments, or run "
        f"'pip uninstall autograd' and then 'pip install --force-reinstall chainrule'"
    )

from nn import data, functional, init, modules, optim, regularisers, search, training, utils
from nn import files as files
from nn import onnx as onnx
from nn.files import load, save
from nn.modules import *  # noqa: F403  # which names: its __all__
from nn.onnx import export_onnx
from nn.overview import summary
from nn.parameter import Buffer, Parameter
from nn.pattern import from_pattern
from nn.scalar import MLP, Layer, Neuron, ScalarModule
from nn.training import *  # noqa: F403

__all__ = ["MLP", "Buffer", "Layer", "Neuron", "Parameter", "ScalarModule"]
__all__ += ["export_onnx", "from_pattern", "load", "save", "summary"]
__all__ += ["data", "functional", "init", "optim", "regularisers", "search", "utils"]
__all__ += modules.__all__
__all__ += training.__all__

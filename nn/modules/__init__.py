"""Layers, containers and losses as modules."""

from nn.modules.activation import ReLU
from nn.modules.containers import ModuleDict, ModuleList, Sequential
from nn.modules.linear import Linear
from nn.modules.module import Module
from nn.modules.shape import Flatten, Identity

__all__ = ["Flatten", "Identity", "Linear", "Module", "ModuleDict", "ModuleList", "ReLU", "Sequential"]

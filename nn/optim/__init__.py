"""Optimisers: how parameters move along their gradients.

>>> import nn
>>> model = nn.MLP(2, [4, 1])
>>> optimizer = Adam(model.parameters(), lr=0.01)
>>> model([1.0, -2.0]).backward()
>>> optimizer.step()
>>> optimizer.zero_grad()
"""

from nn.optim import lr_scheduler
from nn.optim.adadelta import Adadelta
from nn.optim.adagrad import Adagrad
from nn.optim.adam import Adam, AdamW
from nn.optim.adamax import Adamax
from nn.optim.lbfgs import LBFGS
from nn.optim.nadam import NAdam
from nn.optim.newton import Newton
from nn.optim.optimizer import Optimizer
from nn.optim.radam import RAdam
from nn.optim.rmsprop import RMSprop
from nn.optim.sgd import SGD

__all__ = [
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "NAdam",
    "Newton",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "lr_scheduler",
]

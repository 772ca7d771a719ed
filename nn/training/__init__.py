"""Training: the loop, its history, checkpoints and checks."""

from nn.training.checkpoint import Checkpoint
from nn.training.history import History
from nn.training.metrics import accuracy
from nn.training.sanity import check_initial_loss, overfit_small
from nn.training.stopping import Diverged, EarlyStopping
from nn.training.trainer import Trainer

__all__ = [
    "Checkpoint",
    "Diverged",
    "EarlyStopping",
    "History",
    "Trainer",
    "accuracy",
    "check_initial_loss",
    "overfit_small",
]

"""Sanity checks of a new network: its first loss, and whether it can learn a few samples by heart."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

from nn.modules.module import Module
from nn.training.checks import evaluating, fitted
from nn.training.history import History
from nn.training.metrics import accuracy
from nn.training.trainer import Trainer


def check_initial_loss(
    model: Module,
    inputs: Any,
    targets: Any,
    loss: Callable[..., Any],
    classes: int | None = None,
    *,
    penalty: Callable[..., Any] | None = None,
    tolerance: float = 0.1,
) -> float:
    """Compare the loss before training with that of guessing: the logarithm of the number of classes.

    Small initial weights give every class the same probability, so cross-entropy is ln(classes).
    A loss far above says that the weights are too large, or that a penalty weighs too much.

    Parameters
    ----------
    model : Module
    inputs, targets : array or Tensor
    loss : callable
    classes : int, optional
        How many; by default as many as the model gives scores.
    penalty : callable, optional
        Of the list of parameters; added to the loss.
    tolerance : float
        By how much of ln(classes) the loss may differ.

    Returns
    -------
    float
        The loss, with the penalty.

    Raises
    ------
    ValueError
        When it differs more.

    Examples
    --------
    >>> import nn
    >>> from autograd import manual_seed
    >>> manual_seed(0)
    >>> x, y = np.random.default_rng(0).normal(size=(100, 4)), np.arange(100) % 10
    >>> model = nn.Linear(4, 10)
    >>> for parameter in model.parameters():
    ...     parameter.data *= 0.01
    >>> round(check_initial_loss(model, x, y, nn.functional.cross_entropy), 3)
    2.303
    """
    with evaluating(model):
        outputs = model(fitted(inputs, model))
        value = loss(outputs, fitted(targets, model))
        if penalty is not None:
            value = value + penalty([*model.parameters()])
        found = float(value)
    classes = int(outputs.shape[-1]) if classes is None else classes
    expected = math.log(classes)
    if not abs(found - expected) <= tolerance * expected:
        raise ValueError(
            f"the loss before training is {found:.4g}; guessing among {classes} classes gives ln = {expected:.4g}; "
            f"look at the initial weights, the scale of the inputs and the penalty"
        )
    return found


def overfit_small(
    model: Module,
    optimizer: Any,
    loss: Callable[..., Any],
    inputs: Any,
    targets: Any,
    *,
    samples: int = 20,
    epochs: int = 200,
    batch_size: int = 20,
) -> History:
    """Train on a few samples until the model knows them by heart; afterwards everything is as before.

    A network that cannot do this has a mistake in it, or a learning rate that does not fit.

    Parameters
    ----------
    model : Module
    optimizer : Optimizer
    loss : callable
    inputs, targets : array or Tensor
        Of which the first `samples` are taken.
    samples, epochs, batch_size : int

    Returns
    -------
    History
        With the columns ``loss`` and ``accuracy``.

    Raises
    ------
    ValueError
        When not all of these samples are classified right in the end.

    Examples
    --------
    >>> import nn
    >>> from autograd import manual_seed, randn
    >>> manual_seed(0)
    >>> model = nn.Sequential(nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 3))
    >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.5)
    >>> x, y = randn(100, 30), [i % 3 for i in range(100)]
    >>> overfit_small(model, optimizer, nn.functional.cross_entropy, x, y)["accuracy"][-1]
    1.0
    """
    x, y = fitted(inputs, model)[:samples], fitted(targets, model)[:samples]
    before = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    trainer = Trainer(model, optimizer, loss, metrics={"accuracy": accuracy})
    modes = [(module, module.training) for module in model.modules()]
    try:
        history = trainer.fit((x, y), epochs=epochs, batch_size=batch_size, progress=False)
        found = trainer.evaluate((x, y))["accuracy"]
    finally:
        model.load_state_dict(before[0])
        optimizer.load_state_dict(before[1])
        for module, mode in modes:
            module.training = mode
    if found < 1:
        raise ValueError(
            f"after {epochs} epochs {found:.0%} of {len(x)} samples are classified right, the loss is "
            f"{history[-1]['loss']:.3g}; look at the gradients and the loss, or try another learning rate"
        )
    return history

"""The training loop: ``Trainer``."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Tensor, no_grad
from autograd.creation import checked_seed, drawing_from
from nn.data import DataLoader, check_finite
from nn.modules.module import Module
from nn.optim.lr_scheduler import ReduceLROnPlateau
from nn.training.checkpoint import Checkpoint
from nn.training.checks import as_loader, check_arguments, check_data, evaluating, fitted, parts
from nn.training.history import History
from nn.training.metrics import Means
from nn.training.progress import Progress, number_text
from nn.training.stopping import Diverged, DivergenceGuard, EarlyStopping, monitored
from nn.utils import clip_grad_norm_

RESERVED = ("epoch", "loss", "lr", "penalty", "gradient_norm", "update_ratio", "seconds")


class Trainer:
    """Trains a model: epochs, validation, history, checkpoints.

    Everything random follows from the initial weights and `seed`, so a run can be repeated bit for
    bit; a run that was interrupted goes on from its checkpoint as if nothing had happened.

    Parameters
    ----------
    model : Module
    optimizer : Optimizer
        From ``nn.optim``, with the parameters of the model.
    loss : callable
        Of the outputs and the targets; returns one number.
    metrics : dict of str to callable, optional
        What else is measured: functions of outputs and targets that return a number.
    scheduler : optional
        From ``nn.optim.lr_scheduler``.  ``ReduceLROnPlateau`` gets what `early_stopping` looks at;
        without it the loss, or with ``mode="max"`` the first metric, of the validation if there is one.
    schedule_per : {"epoch", "batch"}
        After what the scheduler makes a step.
    early_stopping : EarlyStopping, optional
        When to stop before the last epoch.
    clip_grad_norm : float, optional
        The largest norm of all gradients together; longer ones are shortened.
    penalty : callable, optional
        Of the list of parameters; what it returns is added to the loss that is minimised.  The
        history has it in a column of its own.
    constraint : callable, optional
        Called with the list of parameters after each step, to change them in place.
    max_loss_ratio : float, optional
        The run stops when the loss is above so many times the first; ``None``: only when it is nan or infinite.
    update_ratio : bool
        Record how large updates are beside the weights, norm by norm; about 0.001 is good.
    on_epoch : callable, optional
        Called with the trainer after each epoch; the run stops when it returns ``True``.
    seed : int
        Of the order of the samples, dropout and other random numbers while training.
    checkpoint : str, path or Checkpoint, optional
        Where the state is saved, by default after every epoch.

    Attributes
    ----------
    history : History
        A record for each epoch.
    epoch : int
        How many are done.
    stopped : str
        Why the run ended early, else empty.

    Raises
    ------
    TypeError, ValueError
        When an argument is of another kind, or an option out of range.

    Examples
    --------
    >>> import nn
    >>> from autograd import manual_seed
    >>> manual_seed(0)
    >>> x = np.random.default_rng(0).normal(size=(200, 2))
    >>> y = (x[:, 0] > x[:, 1]).astype(int)
    >>> model = nn.Linear(2, 2)
    >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.5)
    >>> trainer = Trainer(model, optimizer, nn.functional.cross_entropy, metrics={"accuracy": nn.accuracy})
    >>> history = trainer.fit((x, y), epochs=5, progress=False)
    >>> history["epoch"], history[-1]["accuracy"] > 0.9
    ([1, 2, 3, 4, 5], True)
    """

    def __init__(
        self,
        model: Module,
        optimizer: Any,
        loss: Callable[[Any, Any], Any],
        metrics: Mapping[str, Callable[[Any, Any], Any]] | None = None,
        *,
        scheduler: Any = None,
        schedule_per: str = "epoch",
        early_stopping: EarlyStopping | None = None,
        clip_grad_norm: float | None = None,
        penalty: Callable[[list[Any]], Any] | None = None,
        constraint: Callable[[list[Any]], Any] | None = None,
        max_loss_ratio: float | None = 3.0,
        update_ratio: bool = False,
        on_epoch: Callable[[Trainer], Any] | None = None,
        seed: int = 0,
        checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    ) -> None:
        check_arguments(model, optimizer, loss, metrics, scheduler, early_stopping)
        if schedule_per not in ("epoch", "batch"):
            raise ValueError(f'Trainer: schedule_per is "epoch" or "batch", got {schedule_per!r}')
        if schedule_per == "batch" and isinstance(scheduler, ReduceLROnPlateau):
            raise ValueError('Trainer: ReduceLROnPlateau looks at whole epochs; use schedule_per="epoch"')
        if clip_grad_norm is not None and not clip_grad_norm > 0:
            raise ValueError(f"Trainer: clip_grad_norm is above 0, or None, got {clip_grad_norm!r}")
        self.metrics = dict(metrics or {})
        taken = [name for name in self.metrics if name in RESERVED or name.startswith("val_")]
        if taken:
            raise ValueError(f"Trainer: the history has a column {taken[0]!r} of its own; give the metric another name")
        parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        own = set(model.parameters())
        if not any(parameter in own for parameter in parameters):
            raise ValueError("Trainer: the optimiser has none of the model's parameters; make it of model.parameters()")
        self.model, self.optimizer, self.loss, self.scheduler = model, optimizer, loss, scheduler
        self.schedule_per, self.early_stopping, self.clip_grad_norm = schedule_per, early_stopping, clip_grad_norm
        self.penalty, self.constraint, self.update_ratio = penalty, constraint, update_ratio
        self.on_epoch, self.seed = on_epoch, checked_seed("Trainer", seed)
        self.checkpoint = Checkpoint(checkpoint) if isinstance(checkpoint, (str, os.PathLike)) else checkpoint
        self.history, self.epoch, self.stopped = History(), 0, ""
        self.guard = DivergenceGuard(max_loss_ratio)
        self._parameters = parameters
        self._settings = _settings(self)
        self._generator = np.random.default_rng(seed)
        self._batch, self._means, self._seconds = 0, Means(), 0.0  # of the epoch that runs
        self._is_current = False  # whether the checkpoint, if there is one, has nothing newer

    def fit(
        self,
        train: Any,
        validation: Any = None,
        epochs: int = 10,
        *,
        batch_size: int = 32,
        progress: bool = True,
        resume: bool = True,
    ) -> History:
        """Train up to a number of epochs, and leave the model in evaluation mode.

        Parameters
        ----------
        train : DataLoader, Dataset or (inputs, targets)
            Arrays and data sets are shuffled and divided into batches.
        validation : the same, optional
            Measured after each epoch.
        epochs : int
            How many there are in all, those of earlier calls and of a resumed run included.
        batch_size : int
            For data that is not a DataLoader.
        progress : bool
            Show a progress bar, or plain lines without tqdm.
        resume : bool
            Go on from the checkpoint, if there is one; otherwise it is overwritten.

        Returns
        -------
        History
            A record for each epoch; also ``trainer.history``.

        Raises
        ------
        ValueError
            When the data is empty, holds nan or has wrong classes, or the checkpoint is of another run.
        Diverged
            When the loss becomes nan or far larger than the first.
        """
        if not isinstance(epochs, int) or epochs < 1:
            raise ValueError(f"fit: epochs is a whole number from 1 on, got {epochs!r}")
        loaders = [as_loader("train", train, self.model, batch_size, shuffle=True, seed=self.seed)]
        if validation is not None:
            loaders.append(as_loader("validation", validation, self.model, batch_size))
        looked_through = [
            check_data(name, loader, self.model, self.loss)
            for name, loader in zip(("train", "validation"), loaders, strict=False)
        ]
        self._look_at_batches = not looked_through[0]
        self._monitored = monitored(self.early_stopping, self.scheduler, [*self.metrics], validation is not None)
        self._start(loaders, resume)
        done = self.epoch * len(loaders[0]) + self._batch
        with drawing_from(self._generator), Progress(epochs, len(loaders[0]), done, progress) as bar:
            while self.epoch < epochs and not self.stopped:
                self._run_epoch(loaders, epochs, bar)
        if self.early_stopping is not None and self.early_stopping.best_weights is not None:
            self.model.load_state_dict(self.early_stopping.best_weights)
        self.model.eval()
        self._is_current = True
        return self.history

    def evaluate(self, data: Any, *, batch_size: int = 256) -> dict[str, float]:
        """Return the loss and the metrics on data, in evaluation mode.

        Parameters
        ----------
        data : DataLoader, Dataset or (inputs, targets)
        batch_size : int
            For data that is not a DataLoader.
        """
        means = Means()
        with evaluating(self.model):
            for batch in as_loader("evaluate", data, self.model, batch_size):
                inputs, targets = parts(batch)
                outputs = self.model(*inputs)
                numbers = {"loss": float(self.loss(outputs, targets))} | self._measured(outputs, targets)
                means.add(len(inputs[0]), numbers)
        return means.all()

    def predict(self, inputs: Any, *, batch_size: int = 256) -> Tensor:
        """Return the outputs of the model for an array of inputs, in evaluation mode."""
        inputs = fitted(inputs, self.model, "predict: the inputs")
        if not len(inputs):
            raise ValueError(f"predict: there are no inputs, their shape is {inputs.shape}")
        with evaluating(self.model):
            outputs = [self.model(inputs[i : i + batch_size]) for i in range(0, len(inputs), batch_size)]
        return Tensor(np.concatenate([output.numpy() for output in outputs]))

    # One epoch, one step.

    def _run_epoch(self, loaders: Sequence[DataLoader], epochs: int, bar: Progress) -> None:
        train, every = loaders[0], self.checkpoint.batches if self.checkpoint else None
        self.model.train()
        started, lr = time.perf_counter() - self._seconds, self.optimizer.param_groups[0]["lr"]
        for batch in train:
            inputs, targets = parts(batch)
            if self._look_at_batches:
                check_finite(inputs, f"epoch {self.epoch + 1}, batch {self._batch + 1}")
            numbers = self._step(inputs, targets)
            self._means.add(len(inputs[0]), numbers)
            self._batch += 1
            if self.schedule_per == "batch" and self.scheduler is not None:
                self.scheduler.step()
            bar.batch(self.epoch + 1, numbers["loss"])
            if every and self._batch % every == 0 and self._batch < len(train):
                self._seconds = time.perf_counter() - started
                self._save(loaders)
        record = {"epoch": self.epoch + 1, **self._means.all()}
        if len(loaders) > 1:
            found = self.evaluate(loaders[1])
            record |= {f"val_{name}": number for name, number in found.items()}
        record |= {"lr": lr, "seconds": round(time.perf_counter() - started, 3)}
        self._end_epoch(record, loaders, epochs)
        bar.epoch(record)

    def _step(self, inputs: tuple[Any, ...], targets: Any) -> dict[str, float]:
        """Train on one batch; return what was measured."""
        numbers: dict[str, float] = {}

        def closure() -> Tensor:
            self.optimizer.zero_grad()
            outputs = self.model(*inputs)
            loss = total = self.loss(outputs, targets)
            if self.penalty is not None:
                total = loss + self.penalty(self._parameters)
            if not numbers:  # some optimisers ask again, with other weights
                self._measure(numbers, outputs, targets, loss, total, len(inputs[0]))
            total.backward()
            if self.clip_grad_norm is not None:
                norm = float(clip_grad_norm_(self._parameters, self.clip_grad_norm))
                numbers.setdefault("gradient_norm", norm)
            return total

        before = [parameter.numpy().copy() for parameter in self._parameters] if self.update_ratio else None
        self.optimizer.step(closure)
        if self.constraint is not None:
            with no_grad():
                self.constraint(self._parameters)
        if before is not None:
            numbers["update_ratio"] = _update_ratio(before, self._parameters)
        return numbers

    def _measure(
        self, numbers: dict[str, float], outputs: Any, targets: Any, loss: Any, total: Any, samples: int
    ) -> None:
        minimised = numbers["loss"] = float(loss)
        if self.penalty is not None:
            minimised = float(total)
            numbers["penalty"] = minimised - numbers["loss"]
        if self.metrics:
            with no_grad():
                numbers.update(self._measured(outputs, targets))
        try:
            self.guard.check(minimised, samples, f"epoch {self.epoch + 1}, batch {self._batch + 1}")
        except Diverged:
            self.history.append({"epoch": self.epoch + 1, **numbers, "lr": self.optimizer.param_groups[0]["lr"]})
            raise

    def _measured(self, outputs: Any, targets: Any) -> dict[str, float]:
        return {name: float(metric(outputs, targets)) for name, metric in self.metrics.items()}

    def _end_epoch(self, record: dict[str, Any], loaders: Sequence[DataLoader], epochs: int) -> None:
        """Take the record of an epoch, with all that follows from it: schedule, stopping, checkpoint."""
        self.epoch += 1
        self._batch, self._means, self._seconds = 0, Means(), 0.0
        self.history.append(record)
        if isinstance(self.scheduler, ReduceLROnPlateau):
            self.scheduler.step(record[self._monitored])
        elif self.scheduler is not None and self.schedule_per == "epoch":
            self.scheduler.step()
        stopping = self.early_stopping
        if stopping is not None and stopping.update(record[stopping.monitor], self.epoch, self.model.state_dict()):
            self.stopped = f"{stopping.monitor} has not improved since epoch {stopping.best_epoch}"
        if self.on_epoch is not None and self.on_epoch(self) is True:
            self.stopped = self.stopped or "on_epoch returned True"
        every = self.checkpoint.epochs if self.checkpoint else None
        if self.stopped or self.epoch == epochs or (every and self.epoch % every == 0):
            self._save(loaders)

    # The state.

    def state_dict(self) -> dict[str, Any]:
        """Return all that a run consists of, except for the data and the functions that were given."""
        return {
            "settings": self._settings,
            "model": self.model.state_dict(),
            "optimiser": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict() if self.scheduler is not None else None,
            "early_stopping": self.early_stopping.state_dict() if self.early_stopping is not None else None,
            "guard": self.guard.state_dict(),
            "random": self._generator.bit_generator.state,
            "history": [*self.history],
            "place": {"epoch": self.epoch, "batch": self._batch, "seconds": self._seconds, "stopped": self.stopped},
            "means": {"samples": self._means.samples, "sums": self._means.sums},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where the trainer was that gave the state; nothing is changed when it does not fit.

        Raises
        ------
        ValueError
            When it is of another model or another optimiser.
        """
        saved, own = state["settings"], self._settings
        for name in saved | own:
            if saved.get(name) != own.get(name):
                raise ValueError(f"it was made with {name} {saved.get(name)}, this trainer has {own.get(name)}")
        before = copy.deepcopy(self.state_dict())
        try:
            self._put(state)
        except Exception:
            self._put(before)
            raise

    def _put(self, state: Mapping[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimiser"])
        if self.scheduler is not None:
            self.scheduler.load_state_dict(state["scheduler"])
        if self.early_stopping is not None:
            self.early_stopping.load_state_dict(state["early_stopping"])
        self.guard.load_state_dict(state["guard"])
        self._generator.bit_generator.state = state["random"]
        self.history = History(state["history"])
        place = state["place"]
        self.epoch, self._batch, self.stopped = place["epoch"], place["batch"], place["stopped"]
        self._seconds, self._means = place["seconds"], Means(**state["means"])

    def _save(self, loaders: Sequence[DataLoader]) -> None:
        if self.checkpoint is not None:
            self.checkpoint.save(self.state_dict() | {"loaders": [loader.state_dict() for loader in loaders]})

    def _start(self, loaders: Sequence[DataLoader], resume: bool) -> None:
        """Load the checkpoint, or begin with the next epoch."""
        if self.checkpoint is not None:
            self.checkpoint.prepare()
        if self.checkpoint is not None and resume and not self._is_current and self.checkpoint.exists():
            state = self.checkpoint.load()
            try:
                if len(state["loaders"]) != len(loaders):
                    raise ValueError("one has validation data, the other has not")
                for loader, place in zip(loaders, state["loaders"], strict=True):
                    copy.copy(loader).load_state_dict(place)  # raises before anything is changed
                self.load_state_dict(state)
            except ValueError as error:
                raise ValueError(
                    f"checkpoint {self.checkpoint.path} is of another run: {error}; make it as it was, or begin anew "
                    f"with resume=False or another file"
                ) from None
            for loader, place in zip(loaders, state["loaders"], strict=True):
                loader.load_state_dict(place)
        else:  # what an interrupted epoch left is forgotten
            self._batch, self._means, self._seconds = 0, Means(), 0.0
            self.history = History(record for record in self.history if record["epoch"] <= self.epoch)
        self._is_current = False

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {number_text(value)}" for name, value in (self.history or [{}])[-1].items())
        names = f"{type(self.model).__name__}, {type(self.optimizer).__name__}"
        return f"Trainer({names}; {last or 'not trained yet'}{f'; {self.stopped}' if self.stopped else ''})"


def _settings(trainer: Trainer) -> dict[str, Any]:
    """Return what must be the same when a run goes on."""
    settings = {
        "optimiser": type(trainer.optimizer).__name__,
        "scheduler": type(trainer.scheduler).__name__ if trainer.scheduler is not None else None,
        "early stopping": trainer.early_stopping is not None,
        "seed": trainer.seed,
    }
    for number, group in enumerate(trainer.optimizer.param_groups):
        for name, option in group.items():
            if isinstance(option, (bool, int, float, str, tuple)):
                settings[f"{name} of group {number}" if number else name] = option
    return settings


def _update_ratio(before: list[np.ndarray], parameters: list[Any]) -> float:
    """Return the norm of an update beside the norm of the weights."""
    with np.errstate(all="ignore"):  # of weights that explode
        moved = sum(float(np.square(new.numpy() - old).sum()) for new, old in zip(parameters, before, strict=True))
        size = sum(float(np.square(old).sum()) for old in before)
    return math.sqrt(moved / size) if size else math.inf

"""What is looked at before training changes anything: the data and one trial batch."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import Tensor, from_numpy, no_grad
from autograd.value import describe
from nn.data import DataLoader, Subset, TensorDataset, check_finite
from nn.modules.module import Module
from nn.optim import Optimizer
from nn.optim.lr_scheduler import LRScheduler
from nn.training.stopping import EarlyStopping


def check_arguments(model: Any, optimizer: Any, loss: Any, metrics: Any, scheduler: Any, early_stopping: Any) -> None:
    """Look whether a trainer is given what it needs.

    Raises
    ------
    TypeError
        When something is of another kind; says what is needed.
    """
    for name, given, kind, needed in (
        ("model", model, Module, "a Module, such as nn.Sequential(...)"),
        ("optimizer", optimizer, Optimizer, "an optimiser, such as nn.optim.Adam(model.parameters())"),
        ("scheduler", scheduler, LRScheduler, "a schedule, such as nn.optim.lr_scheduler.StepLR(optimizer, 10)"),
        ("early_stopping", early_stopping, EarlyStopping, "an EarlyStopping, such as nn.EarlyStopping(patience=5)"),
        ("metrics", metrics, Mapping, 'a dict of names and functions, such as {"accuracy": nn.accuracy}'),
    ):
        optional = name not in ("model", "optimizer")
        if not isinstance(given, kind) and not (optional and given is None):
            raise TypeError(f"Trainer: {name} is {needed}{', or None' if optional else ''}; got {describe(given)}")
    for name, function in [("loss", loss), *(metrics or {}).items()]:
        if isinstance(function, type) or not callable(function):
            remedy = f"; call it: {function.__name__}()" if isinstance(function, type) else ""
            raise TypeError(f"Trainer: {name} is a function of outputs and targets, got {describe(function)}{remedy}")


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Set a model to evaluation without recording a graph, and afterwards back to what each part was.

    Examples
    --------
    >>> import nn
    >>> model = nn.Sequential(nn.ReLU())
    >>> with evaluating(model):
    ...     print(model.training)
    False
    >>> model.training
    True
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def parts(batch: Any) -> tuple[tuple[Any, ...], Any]:
    """Return the inputs and the targets of a batch: the last entry is the targets.

    Raises
    ------
    TypeError
        When it is no tuple or list of at least two.

    Examples
    --------
    >>> parts((1, 2, 3))
    ((1, 2), 3)
    """
    if not isinstance(batch, (tuple, list)) or len(batch) < 2:
        raise TypeError(
            f"a batch is a tuple (inputs, targets), got {type(batch).__name__}; give two arrays as one tuple, "
            f"fit((inputs, targets)), or a data set whose samples are pairs"
        )
    return tuple(batch[:-1]), batch[-1]


def check_data(name: str, loader: DataLoader, model: Module, loss: Callable[..., Any]) -> bool:
    """Look for what would spoil a run, before anything is changed.

    Arrays are looked through as a whole; of other data sets one batch is tried.

    Parameters
    ----------
    name : str
        What messages call the data.
    loader : DataLoader
    model : Module
    loss : callable

    Returns
    -------
    bool
        Whether all of it was looked through.

    Raises
    ------
    ValueError
        When a sample holds nan or infinity, or a class that the model has no score for; or the
        loss is not one number.
    """
    arrays, chosen = arrays_of(loader.dataset) or ([], slice(None))
    for number, array in enumerate(arrays):
        with np.errstate(all="ignore"):
            suspicious = array.dtype.kind == "f" and not np.isfinite(array.sum())
        if suspicious:  # only then are the chosen samples copied
            check_finite(array[chosen], f"{name}[{number}]")
    trial = copy.copy(loader)
    trial.prefetch = 0
    inputs, targets = parts(next(iter(trial)))
    with evaluating(model):
        outputs = model(*inputs)
        if arrays and isinstance(outputs, Tensor) and isinstance(targets, Tensor) and loader.collate_fn is None:
            _check_classes(name, arrays[-1][chosen], outputs, targets, loss)
        value = loss(outputs, targets)
        if not isinstance(value, Tensor) or value.numel() != 1:
            kind = f"shape {value.shape}" if isinstance(value, Tensor) else type(value).__name__
            raise ValueError(f'the loss is one number as a Tensor, got {kind}; use reduction="mean" or .mean()')
    return bool(arrays)


def _check_classes(name: str, labels: np.ndarray, outputs: Tensor, targets: Tensor, loss: Callable[..., Any]) -> None:
    if labels.dtype.kind not in "iu" or outputs.ndim < 2 or targets.ndim != outputs.ndim - 1:
        return
    classes = outputs.shape[1]
    if classes < 2:  # one score for two classes; the loss says what it takes
        return
    for label in np.unique(labels[(labels < 0) | (labels >= classes)]):
        if _refuses(loss, outputs[:1], from_numpy(np.full_like(targets.numpy()[:1], label))):
            sample = np.argwhere(labels == label)[0][0]
            raise ValueError(
                f"{name}: sample {sample} has the class {label}, but the model gives scores for {classes} classes, "
                f"0 to {classes - 1}; correct the labels or the last layer"
            )


def _refuses(loss: Callable[..., Any], outputs: Tensor, targets: Tensor) -> bool:
    """Whether a loss has no use for a target; it may have one for a class without a score, its ignore_index."""
    try:
        loss(outputs, targets)
    except (IndexError, ValueError):
        return True
    return False


def arrays_of(dataset: Any) -> tuple[list[np.ndarray], Any] | None:
    """Return the arrays that a data set is made of and which samples it takes, or ``None`` when it has none.

    Examples
    --------
    >>> from nn.data import Subset, TensorDataset
    >>> arrays_of(Subset(TensorDataset(np.array([1.0, 2.0, 3.0])), [2, 0]))
    ([array([1., 2., 3.])], array([2, 0]))
    """
    if type(dataset) is TensorDataset:
        return [tensor.numpy() for tensor in dataset.tensors], slice(None)
    found = arrays_of(dataset.dataset) if type(dataset) is Subset else None
    if found is None:
        return None
    arrays, outer = found
    indices = np.asarray(dataset.indices)
    return arrays, indices if isinstance(outer, slice) else outer[indices]


def fitted(data: Any, model: Module, name: str = "data") -> Tensor:
    """Return data as a tensor; NumPy's floats take the dtype of the model's parameters.

    Raises
    ------
    TypeError
        When it is no array of numbers.

    Examples
    --------
    >>> import nn
    >>> fitted(np.zeros(2), nn.Linear(2, 1)).dtype
    dtype('float32')
    """
    if isinstance(data, Tensor):
        return data
    try:
        array = np.asarray(data)
    except ValueError:  # parts of several shapes, or a data set
        array = np.empty(0, object)
    if array.dtype.kind in "US":
        raise TypeError(f"{name}: takes numbers, got texts; np.unique(labels, return_inverse=True)[1] numbers classes")
    if array.dtype.kind not in "fiub":
        kind = f"an array of dtype {array.dtype}" if isinstance(data, np.ndarray) else describe(data)
        raise TypeError(f"{name}: takes an array of numbers, got {kind}; make it one, for instance with .astype(float)")
    if array.dtype.kind == "f":
        array = array.astype(next((p.dtype for p in model.parameters()), np.dtype(np.float32)), copy=False)
    return from_numpy(array)


def _is_array(data: Any) -> bool:
    return isinstance(data, (np.ndarray, Tensor))


def as_loader(
    name: str, data: Any, model: Module, batch_size: int, shuffle: bool = False, seed: int | None = 0
) -> DataLoader:
    """Return a DataLoader of what a trainer is given: one, a data set, or a tuple of arrays of inputs and targets.

    Raises
    ------
    TypeError, ValueError
        When it is something else, or empty.

    Examples
    --------
    >>> import nn
    >>> x, y = next(iter(as_loader("train", (np.zeros((5, 2)), np.arange(5)), nn.Linear(2, 5), batch_size=3)))
    >>> x.shape, x.dtype, y
    ((3, 2), dtype('float32'), tensor([0, 1, 2]))
    """
    if isinstance(data, DataLoader):
        return data
    if isinstance(data, tuple) or (isinstance(data, list) and data and all(map(_is_array, data))):
        data = TensorDataset(*[fitted(part, model, f"{name}[{number}]") for number, part in enumerate(data)])
    if not hasattr(data, "__len__") or not hasattr(data, "__getitem__"):
        raise TypeError(f"{name}: takes a DataLoader, a Dataset or a pair of arrays, got {type(data).__name__}")
    if not len(data):
        raise ValueError(f"{name}: the data set is empty")
    return DataLoader(data, batch_size, shuffle, seed=seed)

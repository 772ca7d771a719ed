"""The whole state of a run in one safetensors file: arrays by name, and as text what is not an array."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor
from nn import files

KEY = "chainrule.state"
"""Under which name the file has its text."""


@dataclass
class Checkpoint:
    """Where and how often a trainer saves its state.

    The file is complete at every moment: a crash while it is written leaves the one before.

    Parameters
    ----------
    path : str or path
        The file.
    epochs : int, optional
        Save after so many epochs; ``None`` for not at all, except after the last.
    batches : int, optional
        Save after so many batches of an epoch too.

    Raises
    ------
    ValueError
        When a number is below 1.

    Examples
    --------
    >>> Checkpoint("run.safetensors", batches=100)
    Checkpoint(path='run.safetensors', epochs=1, batches=100)
    """

    path: str | os.PathLike[str]
    epochs: int | None = 1
    batches: int | None = None

    def __post_init__(self) -> None:
        self.path = os.fspath(self.path)
        for name in ("epochs", "batches"):
            every = getattr(self, name)
            if every is not None and (not isinstance(every, int) or every < 1):
                raise ValueError(f"Checkpoint: {name} is a whole number from 1 on, or None, got {every!r}")

    def prepare(self) -> None:
        """Look whether the file can be written, and remove what a killed run left half written.

        Raises
        ------
        FileNotFoundError, IsADirectoryError, PermissionError
            When it cannot.
        """
        path = Path(os.path.realpath(self.path))
        if path.is_dir():
            raise IsADirectoryError(f"checkpoint {self.path} is a folder; give the name of a file")
        if not path.parent.is_dir():
            raise FileNotFoundError(f"checkpoint {self.path}: there is no folder {path.parent}; make it first")
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(f"checkpoint {self.path}: the folder {path.parent} cannot be written to")
        for unfinished in path.parent.glob(f".{path.name}.*.part"):  # as nn.files.replacing names them
            unfinished.unlink(missing_ok=True)

    def exists(self) -> bool:
        """Whether there is something to resume from."""
        return os.path.exists(self.path)

    def save(self, state: Any) -> None:
        """Write a state; see :func:`save_state`."""
        save_state(state, self.path)

    def load(self) -> Any:
        """Read the state; see :func:`load_state`."""
        return load_state(self.path)


def save_state(state: Any, path: str | os.PathLike[str]) -> None:
    """Write dicts, lists, tuples, numbers, texts, arrays and tensors, nested in any way.

    Raises
    ------
    TypeError
        When something else is in it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_state({"epoch": 3, "weights": {0: np.ones(2)}}, folder + "/state")
    ...     load_state(folder + "/state")
    {'epoch': 3, 'weights': {0: array([1., 1.])}}
    """
    arrays: dict[str, np.ndarray] = {}
    text = json.dumps(_pack(state, "", arrays))
    files.save(arrays, path, {KEY: text})


def load_state(path: str | os.PathLike[str]) -> Any:
    """Read what :func:`save_state` wrote.

    Raises
    ------
    ValueError
        When the file is damaged, or holds something else.
    """
    text = files.load_metadata(path).get(KEY)
    if text is None:
        raise ValueError(
            f"{os.fspath(path)} is no checkpoint of a trainer: it holds weights only, for model.load_state_dict(nn.load"
            f"(...)); to train anew, give another file or remove this one"
        )
    return _unpack(json.loads(text), files.load(path))


def _pack(value: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """Return what JSON can hold, and put the arrays into `arrays`, named by where they were."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {"dict": [[key, _pack(item, f"{name}.{key}".lstrip("."), arrays)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_pack(item, f"{name}.{index}", arrays) for index, item in enumerate(value)]}
    for kind, known in {"tensor": Tensor, "array": np.ndarray, "number": np.generic}.items():
        if isinstance(value, known):
            while name in arrays:
                name += "'"
            arrays[name] = np.asarray(value)
            return {kind: name}
    raise TypeError(f"a checkpoint holds numbers, texts, arrays, dicts and lists; {name} is {type(value).__name__}")


def _unpack(packed: Any, arrays: dict[str, Tensor]) -> Any:
    if not isinstance(packed, dict):
        return packed
    [(kind, content)] = packed.items()
    if kind == "dict":
        return {key: _unpack(item, arrays) for key, item in content}
    if kind in ("list", "tuple"):
        items = [_unpack(item, arrays) for item in content]
        return tuple(items) if kind == "tuple" else items
    tensor = arrays[content]
    return tensor if kind == "tensor" else tensor.numpy() if kind == "array" else tensor.numpy()[()]

"""Networks in files: ``save`` and ``load``, in the safetensors format that PyTorch's users share.

A safetensors file holds names, shapes and numbers and nothing that could run, unlike a pickle.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from autograd import Tensor
from autograd.dtypes import checked_dtype
from nn.modules.module import Module

NUMPY_NAMES = {"F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"}
"""The kinds of numbers, as the format calls them, that become tensors; F16 becomes float32."""


def _library() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError('saving and loading need safetensors: pip install "chainrule[files]"') from error
    return safetensors


def save(
    module: Module | Mapping[str, Any], path: str | os.PathLike[str], metadata: Mapping[str, str] | None = None
) -> None:
    """Save the parameters and buffers of a module to a safetensors file.

    The names and shapes are PyTorch's, so that ``safetensors.torch.load_file`` reads the file for
    a PyTorch model with the same layers.  The file appears complete or not at all: whoever reads
    meanwhile, or after a crash, finds what was there before.

    Parameters
    ----------
    module : Module or mapping of name to Tensor or array
        The module, or what its ``state_dict()`` returned.
    path : str or path
        Where to save, under exactly this name.
    metadata : mapping of str to str, optional
        Notes to keep in the file; :func:`nn.files.load_metadata` returns them.

    Raises
    ------
    TypeError
        When something else is given than names and tensors; no file is touched.
    ImportError
        When safetensors is missing.

    Examples
    --------
    >>> import nn, os, tempfile
    >>> model, copy = nn.Linear(2, 1), nn.Linear(2, 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "line.safetensors")
    ...     nn.save(model, path)
    ...     copy.load_state_dict(nn.load(path))
    Keys(missing_keys=[], unexpected_keys=[])
    >>> bool((copy.weight == model.weight).all())
    True
    """
    library = _library()
    state = module.state_dict() if isinstance(module, Module) else module
    if not isinstance(state, Mapping):
        raise TypeError(f"save: takes a module or its state dict, got {type(module).__name__}")
    notes = {} if metadata is None else metadata
    if not isinstance(notes, Mapping) or not all(isinstance(x, str) for pair in notes.items() for x in pair):
        raise TypeError(f"save: metadata is a dict of strings to strings, got {metadata!r}; convert the rest with str")
    arrays = {name: _array(name, value) for name, value in state.items()}
    content = library.numpy.save(arrays, metadata=dict(notes) or None)
    with replacing(path) as file:
        file.write(content)


def _array(name: Any, value: Any) -> np.ndarray:
    if not isinstance(name, str):
        raise TypeError(f"save: the names in a state dict are strings, got {name!r}")
    if not isinstance(value, (Tensor, np.ndarray, np.generic)):
        raise TypeError(f"save: {name!r} is a tensor or an array, got {type(value).__name__}")
    checked_dtype(value.dtype, f"save: {name!r}")
    return np.asarray(value, order="C")  # the library reads memory, whatever the strides


def load(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Load a state dict from a safetensors file, for ``module.load_state_dict``.

    Parameters
    ----------
    path : str or path
        A file of :func:`save`, or of any other program that writes safetensors.

    Returns
    -------
    dict of str to Tensor
        Half precision becomes float32.

    Raises
    ------
    ValueError
        When the file is damaged, in another format, or holds numbers of a kind that tensors do
        not have; nothing is loaded then.
    FileNotFoundError, ImportError
        When the file, or safetensors, is missing.

    Examples
    --------
    >>> import nn, os, tempfile
    >>> from autograd import tensor
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "numbers.safetensors")
    ...     nn.save({"a": tensor([1.0, 2.0])}, path)
    ...     nn.load(path)
    {'a': tensor([1., 2.])}
    """
    with _opened(path) as file:
        kinds = {name: file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118  # no dict
        strange = [f"{name} ({kind})" for name, kind in kinds.items() if kind not in NUMPY_NAMES]
        if strange:
            raise ValueError(
                f"{os.fspath(path)} holds kinds of numbers that tensors do not have: {', '.join(strange)}; nothing was "
                f"loaded. Convert them with the program that wrote the file, for instance to float32"
            )
        arrays = {name: file.get_tensor(name) for name in kinds}
    return {name: Tensor(x.astype(np.float32) if x.dtype == np.float16 else x) for name, x in arrays.items()}


def load_metadata(path: str | os.PathLike[str]) -> dict[str, str]:
    """Load the notes that were saved with a state dict.

    Parameters
    ----------
    path : str or path
        A safetensors file.

    Raises
    ------
    ValueError
        When the file is damaged or in another format.

    Examples
    --------
    >>> import nn, os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "line.safetensors")
    ...     nn.save(nn.Linear(1, 1), path, metadata={"epoch": "3"})
    ...     load_metadata(path)
    {'epoch': '3'}
    """
    with _opened(path) as file:
        return dict(file.metadata() or {})


@contextlib.contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[Any]:
    library = _library()
    with open(os.fspath(path), "rb") as stream:  # so that a missing file or a folder gives Python's own error
        start = stream.read(8)
    try:
        with library.safe_open(path, framework="np") as file:
            yield file
    except library.SafetensorError as error:
        raise ValueError(f"{os.fspath(path)} {_diagnosis(start)} ({error}); nothing was loaded") from None


def _diagnosis(start: bytes) -> str:
    """Say what a file is that is no safetensors file, by its first bytes."""
    if start.startswith((b"PK", b"\x80")):
        return (
            "is a pickle, as torch.save writes it, or a zip file, not safetensors; pickles can run any code, so "
            "they are not read. Convert a state dict once with PyTorch: "
            "safetensors.torch.save_file(torch.load('model.pt', weights_only=True), 'model.safetensors')"
        )
    return "is damaged, cut off or no safetensors file; copy or save it again"


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Write a file that appears complete or not at all, in place of the one that may be there.

    Parameters
    ----------
    path : str or path
        The file; another one beside it, with a name of its own, is written and takes its place at the end.

    Yields
    ------
    file
        To write bytes to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder, "notes.txt")) as file:
    ...         written = file.write(b"done")
    ...     [found.read_text() for found in Path(folder).iterdir()]
    ['done']
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {target.parent} to write {target.name} to; make it first")
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)

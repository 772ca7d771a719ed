"""MNIST and Fashion-MNIST, from files on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from nn.data.dataset import TensorDataset
from nn.data.idx import read_idx

Root = str | os.PathLike[str] | None

VARIABLE = "CHAINRULE_DATA"
"""The environment variable that names a folder with a folder for each data set."""

DEBIAN = Path("/usr/share/datasets")
"""Where Debian's packages put data sets."""

FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


def mnist(split: str = "train", root: Root = None) -> TensorDataset:
    """Handwritten digits: 60,000 images to train on and 10,000 to test.

    The files are looked for in `root`; else in the folder ``mnist`` of the folder that the
    environment variable ``CHAINRULE_DATA`` names, and of ``/usr/share/datasets``.  Nothing is
    downloaded.

    Parameters
    ----------
    split : {"train", "test"}
    root : path, optional
        The folder with the four files, plain or compressed, or one with it as ``mnist`` or, as
        torchvision has it, ``MNIST/raw``.

    Returns
    -------
    TensorDataset
        Images (N, 1, 28, 28) from 0 to 1 as float32, and labels from 0 to 9 as int64.

    Raises
    ------
    FileNotFoundError
        When the files are not there; says how to get them.
    ValueError
        When a file is damaged or not of this kind, or images and labels do not fit together.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998.

    Examples
    --------
    >>> mnist("test", root="/nowhere")
    Traceback (most recent call last):
    ...
    FileNotFoundError: mnist: no file t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz in /nowhere...
    """
    remedy = "download MNIST's four files (train and t10k, images and labels) from one of its mirrors"
    return _images("mnist", split, root, ("mnist", "MNIST/raw"), [*"0123456789"], remedy)


def fashion_mnist(split: str = "train", root: Root = None) -> TensorDataset:
    """Images of clothes in ten classes, in the format of :func:`mnist` but harder.

    Looked for as :func:`mnist` is, in folders ``fashion-mnist`` or ``FashionMNIST/raw``; Debian's package
    ``dataset-fashion-mnist`` puts it where it is found.

    Parameters
    ----------
    split : {"train", "test"}
    root : path, optional
        The folder with the four files, plain or compressed, or one with its folder in it.

    Returns
    -------
    TensorDataset
        Images (N, 1, 28, 28) from 0 to 1 as float32, and labels from 0 to 9 as int64.

    Raises
    ------
    FileNotFoundError
        When the files are not there; says how to get them.
    ValueError
        When a file is damaged or not of this kind, or images and labels do not fit together.

    References
    ----------
    Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms, 2017.

    Examples
    --------
    >>> fashion_mnist("test", root="/nowhere")
    Traceback (most recent call last):
    ...
    FileNotFoundError: fashion_mnist: no file t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz in /nowhere...
    """
    classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    remedy = (
        "install Debian's package dataset-fashion-mnist or download the four files of zalandoresearch/fashion-mnist"
    )
    return _images("fashion_mnist", split, root, ("fashion-mnist", "FashionMNIST/raw"), classes, remedy)


def _images(
    name: str, split: str, root: Root, folders: tuple[str, ...], classes: list[str], remedy: str
) -> TensorDataset:
    if split not in FILES:
        raise ValueError(f"{name}: split is 'train' or 'test', got {split!r}")
    if root is not None:
        places = [Path(root), *(Path(root, folder) for folder in folders)]
    else:
        # Only in folders of its own: the files of other data sets have the same names.
        roots = [Path(os.environ[VARIABLE])] if os.environ.get(VARIABLE) else []
        places = [path / folder for path in [*roots, DEBIAN] for folder in folders]
    image_file, label_file = (_found(name, file, places, remedy) for file in FILES[split])
    images, labels = read_idx(image_file), read_idx(label_file)
    _require(
        images, image_file, images.dtype == np.uint8 and images.shape[1:] == (28, 28), "images (N, 28, 28) of uint8"
    )
    _require(labels, label_file, labels.dtype == np.uint8 and labels.ndim == 1, "labels (N,) of uint8")
    if len(images) != len(labels):
        raise ValueError(
            f"{name}: {image_file} has {len(images)} images, but {label_file} has {len(labels)} labels; they are not "
            f"of one data set"
        )
    if len(labels) and labels.max() >= len(classes):
        raise ValueError(f"{name}: {label_file} has the label {labels.max()}; labels are from 0 to {len(classes) - 1}")
    scaled = images[:, None].astype(np.float32)
    scaled /= 255
    return TensorDataset(scaled, labels.astype(np.int64), classes=classes)


def _found(name: str, file: str, places: list[Path], remedy: str) -> Path:
    for place in places:
        for path in (place / file, place / f"{file}.gz"):
            if path.is_file():
                return path
    raise FileNotFoundError(
        f"{name}: no file {file} or {file}.gz in {', '.join(map(str, places))}; {remedy}, and pass their folder as "
        f"root, or name it {name.replace('_', '-')} and set the environment variable {VARIABLE} to the folder it is in"
    )


def _require(array: Any, path: Path, fits: bool, wanted: str) -> None:
    if not fits:
        raise ValueError(f"{path} holds {array.dtype} of shape {array.shape}, not {wanted}; it is of another data set")

"""Data sets, batches and preprocessing.

>>> from nn.data import DataLoader, moons, random_split
>>> train, validation = random_split(moons(200, seed=0), [0.8, 0.2], seed=0)
>>> loader = DataLoader(train, batch_size=32, shuffle=True, seed=0)
>>> len(loader), [x.shape for x, y in loader]
(5, [(32, 2), (32, 2), (32, 2), (32, 2), (32, 2)])
"""

from nn.data import transforms
from nn.data.checks import check_finite
from nn.data.collate import default_collate
from nn.data.dataset import ConcatDataset, Dataset, Subset, TensorDataset
from nn.data.idx import read_idx
from nn.data.images import fashion_mnist, mnist
from nn.data.loader import DataLoader
from nn.data.small import breast_cancer, digits, iris, wine
from nn.data.splits import k_folds, random_split
from nn.data.toy import blobs, circles, linear, moons, quasars, spirals, xor

__all__ = [
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "Subset",
    "TensorDataset",
    "blobs",
    "breast_cancer",
    "check_finite",
    "circles",
    "default_collate",
    "digits",
    "fashion_mnist",
    "iris",
    "k_folds",
    "linear",
    "mnist",
    "moons",
    "quasars",
    "random_split",
    "read_idx",
    "spirals",
    "transforms",
    "wine",
    "xor",
]

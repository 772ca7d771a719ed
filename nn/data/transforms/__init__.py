"""Transforms of inputs before they are learnt from: preprocessing, and augmentation at random.

They take a batch as an array, such as images (N, C, H, W), or a single item, and return a new
array; a tensor makes a tensor.  Give one to ``DataLoader(..., transform=...)``, or call it.
"""

from nn.data.transforms.augmentation import (
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
    RandomShift,
    RandomTransform,
    RandomVerticalFlip,
)
from nn.data.transforms.preprocessing import (
    Decorrelate,
    Normalize,
    PerImageZeroMean,
    Standardize,
    ToFloat,
    Whiten,
    ZeroMean,
)
from nn.data.transforms.transform import Compose, Transform

__all__ = [
    "Compose",
    "Decorrelate",
    "Normalize",
    "PerImageZeroMean",
    "RandomCrop",
    "RandomHorizontalFlip",
    "RandomRotation",
    "RandomShift",
    "RandomTransform",
    "RandomVerticalFlip",
    "Standardize",
    "ToFloat",
    "Transform",
    "Whiten",
    "ZeroMean",
]

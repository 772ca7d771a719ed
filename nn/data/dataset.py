"""Data sets: samples that are counted and reached by an index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd import Tensor, as_tensor
from autograd.creation import from_numpy
from nn.data.collate import default_collate, samples_of


class Dataset:
    """The base of data sets: subclass it and write ``__len__`` and ``__getitem__``.

    Anything else with these two methods, such as a list of pairs, is a data set too.

    Examples
    --------
    >>> class Squares(Dataset):
    ...     def __len__(self):
    ...         return 5
    ...
    ...     def __getitem__(self, index):
    ...         return index, index**2
    >>> Squares()[3]
    (3, 9)
    >>> Squares().batch([1, 2, 3])
    (tensor([1, 2, 3]), tensor([1, 4, 9]))
    """

    def __len__(self) -> int:
        """Return the number of samples."""
        raise NotImplementedError(f"{type(self).__name__} has no __len__(self): write one that returns the length")

    def __getitem__(self, index: Any) -> Any:
        """Return one sample."""
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__(self, index): write one for a sample")

    def batch(self, indices: Sequence[int] | np.ndarray) -> Any:
        """Return several samples as one batch; a data set that holds arrays can do this at once.

        Parameters
        ----------
        indices : array or sequence of int
            A ``range`` stands for consecutive samples.
        """
        return default_collate(samples_of(self, indices), indices)

    def __add__(self, other: Any) -> ConcatDataset:
        return ConcatDataset([self, other])


def batch_of(dataset: Any, indices: Sequence[int] | np.ndarray) -> Any:
    """Return several samples of any data set as one batch.

    Examples
    --------
    >>> batch_of([(0.5, 1), (1.5, 0)], [1, 0])
    (tensor([1.5, 0.5]), tensor([0, 1]))
    """
    if isinstance(dataset, Dataset):
        return dataset.batch(indices)
    return default_collate(samples_of(dataset, indices), indices)


class TensorDataset(Dataset):
    """Tensors of the same length; sample i holds entry i of each.

    Parameters
    ----------
    *tensors : Tensor or array
        Arrays are not copied.
    classes : sequence of str
        The names of the labels 0, 1, ..., where they have names.
    features : sequence of str
        The names of the columns of the first tensor, where they have names.

    Raises
    ------
    ValueError
        When the lengths differ, or a tensor requires a gradient.

    Examples
    --------
    >>> from autograd import tensor
    >>> points = TensorDataset(tensor([[0.0, 1.0], [2.0, 3.0]]), tensor([0, 1]))
    >>> points[1]
    (tensor([2., 3.]), tensor(1))
    >>> X, y = points.tensors
    >>> points
    TensorDataset(float32 (2, 2), int64 (2,))
    """

    def __init__(self, *tensors: Any, classes: Sequence[str] = (), features: Sequence[str] = ()) -> None:
        self.tensors = tuple(as_tensor(data) for data in tensors)
        shapes = [tensor.shape for tensor in self.tensors]
        if not shapes or () in shapes or len({shape[0] for shape in shapes}) != 1:
            raise ValueError(
                f"TensorDataset takes tensors of the same length, one entry a sample; got shapes {shapes}"
                if shapes
                else "TensorDataset takes at least one tensor, got none"
            )
        if any(tensor.requires_grad for tensor in self.tensors):
            raise ValueError("TensorDataset: a tensor requires a gradient, which batches do not carry; detach() it")
        self.classes, self.features = list(classes), list(features)

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def batch(self, indices: Sequence[int] | np.ndarray) -> tuple[Tensor, ...]:
        """Return the samples as one tensor for each of ``tensors``.

        Those of a ``range`` are views: they share the memory of the data set.
        """
        arrays = [tensor.numpy() for tensor in self.tensors]
        if isinstance(indices, range) and indices.step == 1:
            return tuple(from_numpy(array[indices.start : indices.stop]) for array in arrays)
        return tuple(from_numpy(array.take(indices, 0)) for array in arrays)

    def __repr__(self) -> str:
        return f"TensorDataset({', '.join(f'{tensor.dtype} {tensor.shape}' for tensor in self.tensors)})"


class Subset(Dataset):
    """Some samples of another data set.

    Parameters
    ----------
    dataset : data set
    indices : sequence of int
        Which samples, in which order.

    Raises
    ------
    IndexError
        When the data set has no sample with such an index.

    Examples
    --------
    >>> Subset(["a", "b", "c"], [2, 0])[0]
    'c'
    """

    def __init__(self, dataset: Any, indices: Iterable[int]) -> None:
        self.dataset, self.indices = dataset, whole_numbers("Subset", "indices", indices)
        outside = (self.indices < 0) | (self.indices >= len(dataset))
        if outside.any():
            raise IndexError(
                f"Subset: index {self.indices[outside][0]} is not one of the data set's {len(dataset)} samples; "
                f"indices go from 0 to {len(dataset) - 1}"
            )

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: Any) -> Any:
        chosen = self.indices[index]
        return self.dataset[int(chosen)] if chosen.ndim == 0 else batch_of(self.dataset, chosen)

    def batch(self, indices: Sequence[int] | np.ndarray) -> Any:
        """Return several samples as one batch."""
        return batch_of(self.dataset, self.indices[indices])

    def __repr__(self) -> str:
        return f"Subset({len(self)} samples of {self.dataset!r})"


class ConcatDataset(Dataset):
    """Several data sets, one after the other.

    Raises
    ------
    ValueError
        When there is none.

    Examples
    --------
    >>> both = ConcatDataset([["a", "b"], ["c"]])
    >>> len(both), both[2]
    (3, 'c')
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("ConcatDataset takes at least one data set, got none")

    def __len__(self) -> int:
        return sum(len(dataset) for dataset in self.datasets)

    def __getitem__(self, index: int) -> Any:
        length = len(self)
        place = index + length if index < 0 else index
        if not 0 <= place < length:
            raise IndexError(f"ConcatDataset: index {index} is not one of {length} samples")
        for dataset in self.datasets:
            if place < len(dataset):
                return dataset[place]
            place -= len(dataset)
        raise AssertionError("unreachable: the lengths add up")


def whole_numbers(what: str, name: str, given: Iterable[int]) -> np.ndarray:
    """Return whole numbers as an array.

    Raises
    ------
    TypeError
        When they are anything else.

    Examples
    --------
    >>> whole_numbers("Subset", "indices", range(3))
    array([0, 1, 2])
    """
    array = np.asarray(given if isinstance(given, (Sequence, np.ndarray, Tensor)) else list(given))
    if array.ndim != 1 or (array.dtype.kind not in "iu" and array.size):
        raise TypeError(f"{what}: {name} are whole numbers, got {array.dtype} of shape {array.shape}")
    return array.astype(np.int64)

"""Batches of a data set, in the same or another order each epoch: ``DataLoader``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from typing import Any

import numpy as np

from autograd import Tensor, as_tensor
from autograd.creation import drawing_from, generator
from autograd.value import describe
from nn.data.collate import samples_of
from nn.data.dataset import batch_of, whole_numbers
from nn.data.prefetch import prefetched
from nn.data.splits import Seed, random_numbers


class DataLoader:
    """The samples of a data set in batches; iterating once is an epoch.

    Everything random follows from the seed, the number of the epoch and that of the batch alone:
    the order, the random numbers that transforms draw, and those that the data set and the sampler
    draw from ``autograd`` (``rand`` and the like).  So batches are the same with and without `prefetch`,
    and a loader that is given the state of another one goes on exactly where that one was.

    Parameters
    ----------
    dataset : data set
        A :class:`Dataset` or anything with a length and indexing.
    batch_size : int
        Samples in a batch; the last one may have fewer.
    shuffle : bool
        Whether the order is random, another one each epoch.
    sampler : iterable of int, optional
        The indices of an epoch in their order, instead of `shuffle`.
    seed : int or numpy.random.Generator, optional
        By default it is drawn from the random numbers of ``autograd.manual_seed``.
    drop_last : bool
        Leave out a last batch that is not full.
    collate_fn : callable, optional
        Makes a batch of a list of samples, instead of :func:`default_collate`.
    transform : callable, optional
        Applied to the array of inputs of each batch: to the first entry of a batch that is a tuple.
    prefetch : int
        How many batches a background thread computes ahead; 0 for no thread.  It pays when a batch
        takes long, as with augmentation, reading files, or a data set without ``batch``.

    Attributes
    ----------
    epoch : int
        The number of the epoch that runs, or of the next one.

    Raises
    ------
    ValueError
        When there are no samples or no batches, a number is out of range, or both `shuffle` and a
        `sampler` are given.

    Notes
    -----
    Without shuffling, the batches of a :class:`TensorDataset` share its memory: do not change
    them in place.

    Examples
    --------
    >>> from nn.data import TensorDataset
    >>> points = TensorDataset(np.arange(10).reshape(5, 2), np.arange(5))
    >>> for x, y in DataLoader(points, batch_size=2, shuffle=True, seed=0):
    ...     print(x.shape, y)
    (2, 2) tensor([0, 3])
    (2, 2) tensor([2, 1])
    (1, 2) tensor([4])
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        sampler: Iterable[int] | None = None,
        *,
        seed: Seed = None,
        drop_last: bool = False,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        transform: Callable[[np.ndarray], Any] | None = None,
        prefetch: int = 0,
    ) -> None:
        for name, number, least in (("batch_size", batch_size, 1), ("prefetch", prefetch, 0)):
            if not isinstance(number, (int, np.integer)) or isinstance(number, bool) or number < least:
                given = repr(number) if np.ndim(number) == 0 else describe(number)
                raise ValueError(f"DataLoader: {name} is a whole number from {least}, got {given}")
        if isinstance(dataset, tuple) and collate_fn is None and _are_columns(dataset):
            shapes = ", ".join(str(part.shape) for part in dataset)
            raise TypeError(
                f"DataLoader: the data set is a tuple of arrays of shapes {shapes}, so that each would be one sample; "
                f"give TensorDataset(inputs, targets)"
            )
        if shuffle and sampler is not None:
            raise ValueError("DataLoader: a sampler gives the order itself; leave out shuffle")
        if not len(dataset):
            raise ValueError(f"DataLoader: the data set is empty ({type(dataset).__name__} of length 0)")
        self.dataset, self.batch_size, self.shuffle, self.sampler = dataset, int(batch_size), shuffle, sampler
        self.drop_last, self.collate_fn, self.transform, self.prefetch = drop_last, collate_fn, transform, int(prefetch)
        if drop_last and (sampler is None or isinstance(sampler, Sized)) and not len(self):
            raise ValueError(
                f"DataLoader: drop_last=True leaves no batch of {self._samples()} samples in batches of {batch_size}; "
                f"give a smaller batch_size"
            )
        # A number, not a generator: the random numbers of any epoch can be made from it again.
        self._seed = seed if isinstance(seed, int) else int(random_numbers(seed).integers(2**63))
        if self._seed < 0:
            raise ValueError(f"DataLoader: a seed is not negative, got {seed}")
        self.epoch = 0
        self._next = 0  # the batch that comes next in this epoch
        self._running = False  # whether an iterator runs through this epoch

    def _samples(self) -> int:
        """Return how many samples an epoch has."""
        if self.sampler is None:
            return len(self.dataset)
        if not isinstance(self.sampler, Sized):
            raise TypeError(f"DataLoader: the sampler, a {type(self.sampler).__name__}, has no length")
        return len(self.sampler)

    def __len__(self) -> int:
        return _batches(self._samples(), self.batch_size, self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        if self._running:  # an epoch that was not iterated to its end
            self.epoch, self._next = self.epoch + 1, 0
        self._running = True
        return self._iterate(self.epoch, self._next)

    def _iterate(self, epoch: int, start: int) -> Iterator[Any]:
        with drawing_from(self._random(epoch)):
            order = self._order()
        numbers = range(start, _batches(len(order), self.batch_size, self.drop_last))

        def make(number: int) -> Any:
            indices = order[number * self.batch_size : (number + 1) * self.batch_size]
            with drawing_from(self._random(epoch, number)):
                return self._batch(indices)

        batches = prefetched(make, numbers, self.prefetch) if self.prefetch else map(make, numbers)
        for number, batch in zip(numbers, batches, strict=True):
            if self.epoch == epoch:
                self._next = number + 1
            yield batch
        if self.epoch == epoch:
            self.epoch, self._next, self._running = epoch + 1, 0, False

    def _random(self, *place: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=place))

    def _order(self) -> Sequence[int] | np.ndarray:
        """Return the indices of an epoch; what is random is drawn from this thread's random numbers."""
        if self.sampler is not None:
            return whole_numbers("DataLoader", "the indices of the sampler", self.sampler)
        count = len(self.dataset)
        return generator().permutation(count) if self.shuffle else range(count)

    def _batch(self, indices: Sequence[int] | np.ndarray) -> Any:
        collate = self.collate_fn
        batch = collate(samples_of(self.dataset, indices)) if collate else batch_of(self.dataset, indices)
        if self.transform is None:
            return batch
        if isinstance(batch, Tensor):
            return as_tensor(self.transform(batch.numpy()))
        if isinstance(batch, (tuple, list)) and isinstance(batch[0], Tensor):
            return (as_tensor(self.transform(batch[0].numpy())), *batch[1:])
        raise TypeError(
            f"DataLoader: the transform applies to a tensor or the first one of a tuple, but batches are "
            f"{type(batch).__name__}; transform the samples in the data set or in collate_fn"
        )

    # The state.

    def __repr__(self) -> str:
        order = "in the sampler's order" if self.sampler is not None else "shuffled" if self.shuffle else "in order"
        return f"DataLoader({len(self.dataset)} samples in batches of {self.batch_size}, {order})"

    def state_dict(self) -> dict[str, int]:
        """Return where the loader is, as whole numbers: a copy that gets them goes on with the same batches.

        Examples
        --------
        >>> loader = DataLoader(range(6), batch_size=2, shuffle=True, seed=0)
        >>> batches = iter(loader)
        >>> first, state = next(batches), loader.state_dict()
        >>> other = DataLoader(range(6), batch_size=2, shuffle=True)
        >>> other.load_state_dict(state)
        >>> bool((next(iter(other)) == next(batches)).all())
        True
        """
        return {"seed": self._seed, "epoch": self.epoch, "batch": self._next} | self._sizes()

    def load_state_dict(self, state_dict: Mapping[str, int]) -> None:
        """Go on where the loader was that gave the state: the next epoch to iterate is the rest of that one.

        Raises
        ------
        ValueError
            When it is no such state, or that loader had another number of samples or batch size.
        """
        known = self.state_dict()
        if set(state_dict) != set(known) or not all(type(n) is int and n >= 0 for n in state_dict.values()):
            raise ValueError(
                f"DataLoader.load_state_dict: takes what state_dict() gave, {', '.join(known)} as whole numbers; "
                f"got {dict(state_dict)}"
            )
        for name, number in self._sizes().items():
            if state_dict[name] != number:
                raise ValueError(
                    f"DataLoader.load_state_dict: the state is of a loader with {name} {state_dict[name]}, but this "
                    f"one has {number}, so the batches would be others"
                )
        self._seed, self.epoch, self._next = state_dict["seed"], state_dict["epoch"], state_dict["batch"]
        self._running = False

    def _sizes(self) -> dict[str, int]:
        return {"samples": len(self.dataset), "batch_size": self.batch_size}


def _are_columns(parts: tuple[Any, ...]) -> bool:
    """Whether these are arrays of as many entries and different shapes, such as inputs and targets."""
    if not all(isinstance(part, (np.ndarray, Tensor)) and part.ndim for part in parts):
        return False
    return len({len(part) for part in parts}) == 1 < len({part.shape for part in parts})


def _batches(samples: int, batch_size: int, drop_last: bool) -> int:
    return samples // batch_size if drop_last else -(-samples // batch_size)

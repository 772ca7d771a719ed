"""What is measured beside the loss."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autograd import Tensor, as_tensor


def accuracy(input: Tensor, target: Tensor) -> float:
    """Return the share of samples whose class is found.

    Parameters
    ----------
    input : Tensor, shape (N, C) or (N,) or (N, 1)
        The scores of C classes, of which the highest counts; or one score for two classes, of
        which the sign counts, as for ``binary_cross_entropy_with_logits``.
    target : Tensor, shape (N,)
        The true classes; ``(N, C)`` for probabilities of the classes.

    Raises
    ------
    ValueError
        When the shapes do not fit, or there are no samples.

    Examples
    --------
    >>> from autograd import tensor
    >>> accuracy(tensor([[1.0, 2.0], [3.0, 0.0]]), tensor([1, 1]))
    0.5
    """
    scores, classes = as_tensor(input).numpy(), as_tensor(target).numpy()
    if scores.ndim == 2 and scores.shape[1] > 1:
        found = scores.argmax(1)
        classes = classes.argmax(1) if classes.shape == scores.shape else classes
    else:
        found, classes = np.ravel(scores > 0), np.ravel(classes)
    if scores.ndim not in (1, 2) or found.shape != classes.shape or not found.size:
        raise ValueError(
            f"accuracy: scores {np.shape(input)} and classes {np.shape(target)}; they have shapes (N, C) and (N,)"
        )
    return float(np.mean(found == classes))


class Means:
    """The means of several numbers over the samples of many batches.

    Examples
    --------
    >>> means = Means()
    >>> means.add(3, {"loss": 1.0})
    >>> means.add(1, {"loss": 3.0})
    >>> means.all()
    {'loss': 1.5}
    """

    def __init__(self, samples: int = 0, sums: Mapping[str, float] | None = None) -> None:
        self.samples = samples
        self.sums = dict(sums or {})

    def add(self, samples: int, numbers: Mapping[str, float]) -> None:
        """Count the numbers of a batch as often as it has samples."""
        self.samples += samples
        sums = self.sums
        for name, number in numbers.items():
            sums[name] = sums.get(name, 0.0) + samples * number

    def all(self) -> dict[str, float]:
        """Return the means."""
        return {name: total / self.samples for name, total in self.sums.items()}

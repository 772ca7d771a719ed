"""Search for good hyperparameters: at random, on a grid, from coarse to fine, on all cores or on a cluster.

>>> from nn import search
>>> def train(config):
...     return -((config["x"] - 0.5) ** 2)
>>> results = search.random(train, {"x": search.uniform(0, 1)}, trials=20, seed=0)
>>> abs(results.best.config["x"] - 0.5) < 0.1
True
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from nn.search.results import Results as Results
from nn.search.results import Trial as Trial
from nn.search.running import Search
from nn.search.space import checked_space, combinations, drawn, narrowed
from nn.search.space import choice as choice
from nn.search.space import integers as integers
from nn.search.space import log_uniform as log_uniform
from nn.search.space import uniform as uniform

Train = Callable[[dict[str, Any]], Any]
Path = str | os.PathLike[str]


def random(
    train: Train,
    space: Mapping[str, Any],
    trials: int = 20,
    seed: int = 0,
    n_jobs: int | None = None,
    mode: str = "max",
    resume: Path | None = None,
    progress: bool = True,
) -> Results:
    """Try configurations drawn at random.

    When only some hyperparameters matter, random configurations find better values of those than a
    grid of as many: no two trials repeat a value [1]_.

    Parameters
    ----------
    train : callable
        Takes a configuration, a dict with a value for every name in `space` and a ``"seed"`` of
        this trial; returns the score, or a dict with a ``"score"`` and other results.  Before it
        is called, ``autograd.manual_seed`` gets the trial's seed.
    space : mapping
        For every name a distribution (:func:`uniform`, :func:`log_uniform`, :func:`integers`,
        :func:`choice`) or a constant.
    trials : int
        How many to run.  With `resume` a larger number adds trials to a finished search.
    seed : int
        The configuration and the seed of a trial follow from this and the trial's number alone,
        so results do not depend on the order or the workers.
    n_jobs : int, optional
        How many worker processes; -1 for one per core.  By default one, or what
        ``joblib.parallel_config`` says: inside ``with joblib.parallel_config(backend="dask")``
        the trials run on a Dask cluster, likewise with Ray.  A worker computes with one thread.
    mode : str
        ``"max"`` when a higher score is better, such as an accuracy; ``"min"`` for a loss.
    resume : str or path, optional
        A file of JSON lines that every finished trial is added to; when it exists, its trials are
        not run again.
    progress : bool
        Whether to show a progress bar, in a terminal or a notebook, when tqdm is installed.

    Returns
    -------
    Results
        One record for every trial.  A trial whose score is nan or infinite or that raised :class:`nn.Diverged`,
        and one that raised another exception, have the status ``"diverged"`` or ``"failed"`` and a message.

    Raises
    ------
    TypeError, ValueError
        When an argument is none of these, or the file belongs to another search.
    ImportError
        When joblib is missing.

    References
    ----------
    .. [1] J. Bergstra, Y. Bengio: Random search for hyper-parameter optimization, JMLR 13, 2012.

    Examples
    --------
    >>> def train(config):
    ...     return {"score": -abs(config["lr"] - 1e-4), "epochs": 3}
    >>> results = random(train, {"lr": log_uniform(1e-6, 1e-3)}, trials=50)
    >>> 5e-5 < results.best.config["lr"] < 2e-4
    True
    """
    checked = checked_space(space, lists=False)
    with Search("random", train, checked, {}, trials, seed, n_jobs, mode, resume, progress) as search:
        return search.run([drawn(checked, seed, number) for number in range(trials)])


def grid(
    train: Train,
    space: Mapping[str, Any],
    seed: int = 0,
    n_jobs: int | None = None,
    mode: str = "max",
    resume: Path | None = None,
    progress: bool = True,
) -> Results:
    """Try every combination of listed values.

    Parameters
    ----------
    space : mapping
        For every name a list (or array) of values, or a constant.
    train, seed, n_jobs, mode, resume, progress
        See :func:`random`.

    Raises
    ------
    TypeError, ValueError, ImportError
        As :func:`random`.

    Examples
    --------
    >>> results = grid(lambda config: -abs(config["a"] * config["b"] - 6), {"a": [1, 2, 3], "b": [2, 4]})
    >>> len(results), results.best.config
    (6, {'a': 3, 'b': 2})
    """
    checked = checked_space(space, lists=True)
    configs = combinations(checked)
    with Search("grid", train, checked, {}, len(configs), seed, n_jobs, mode, resume, progress) as search:
        return search.run(configs)


def coarse_to_fine(
    train: Train,
    space: Mapping[str, Any],
    trials: int = 20,
    stages: int = 2,
    factor: float = 1 / 3,
    seed: int = 0,
    n_jobs: int | None = None,
    mode: str = "max",
    resume: Path | None = None,
    progress: bool = True,
) -> Results:
    """Try random configurations in the whole space, then in a smaller one around the best, and so on.

    Parameters
    ----------
    trials : int
        How many in each stage: trial `n` belongs to stage ``n // trials``.
    stages : int
        How many stages; with one it is :func:`random`.
    factor : float
        How wide the interval of every hyperparameter is, compared with the stage before; of
        logarithms where it is log-uniform.  The options of a :func:`choice` stay.
    train, space, seed, n_jobs, mode, resume, progress
        See :func:`random`.

    Raises
    ------
    TypeError, ValueError, ImportError
        As :func:`random`.

    Notes
    -----
    When the best value lies at the edge of its interval, a wider interval may hold a better one.

    Examples
    --------
    >>> def train(config):
    ...     return -abs(config["x"] - 0.3)
    >>> results = coarse_to_fine(train, {"x": uniform(0, 1)}, trials=20, stages=3)
    >>> abs(results.best.config["x"] - 0.3) < 0.01
    True
    """
    checked = checked_space(space, lists=False)
    if not isinstance(stages, int) or stages < 1:
        raise ValueError(f"search: stages is a whole number from 1, got {stages!r}")
    if not 0 < factor < 1:
        raise ValueError(f"search: factor is between 0 and 1, got {factor!r}")
    options = {"trials": trials, "factor": factor}
    total = trials * stages
    with Search("coarse to fine", train, checked, options, total, seed, n_jobs, mode, resume, progress) as search:
        results = Results([], mode)
        for stage in range(stages):
            numbers = range(stage * trials, (stage + 1) * trials)
            results = search.run([drawn(checked, seed, number) for number in numbers])
            if any(trial.status == "done" for trial in results):
                checked = narrowed(checked, results.best.config, factor)
        return results

"""Running the trials of a search through joblib, which knows this machine's cores, Dask and Ray."""

from __future__ import annotations

import contextlib
import math
import os
import time
import traceback
import uuid
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd import get_num_threads, manual_seed, set_num_threads
from autograd.creation import generator
from nn.progress import bar
from nn.search.journal import Journal
from nn.search.results import Results, Trial
from nn.search.space import Config, described
from nn.training.stopping import Diverged

_PROCESS = uuid.uuid4().hex  # a worker has another one, or, when it was forked, another process id


def seed_of(seed: int, number: int) -> int:
    """Return the seed of a trial: the same for the same seed of the search and number.

    Examples
    --------
    >>> seed_of(0, 1) == seed_of(0, 1) != seed_of(0, 2)
    True
    """
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])


class Search:
    """A search that runs: what is finished, where it is written, and how the rest is computed.

    Examples
    --------
    >>> with Search("random", lambda config: config["x"], {"x": 1}, {}, 2, 0, None, "max", None, False) as search:
    ...     [trial.score for trial in search.run([{"x": 1}, {"x": 2}])]
    [1.0, 2.0]
    """

    def __init__(
        self,
        kind: str,
        train: Callable[[Config], Any],
        space: Config,
        options: Config,
        trials: int,
        seed: int,
        n_jobs: int | None,
        mode: str,
        resume: str | os.PathLike[str] | None,
        progress: bool,
    ) -> None:
        try:
            import joblib
        except ImportError as error:
            raise ImportError('nn.search needs joblib: pip install "chainrule[search]"') from error
        self._joblib: Any = joblib
        if not callable(train):
            raise TypeError(f"search: train is a function of a configuration, got {train!r}")
        for name, value, least in (("trials", trials, 1), ("seed", seed, 0)):
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"search: {name} is a whole number from {least}, got {value!r}")
        if mode not in ("max", "min"):
            raise ValueError(f"search: mode is 'max' or 'min', got {mode!r}")
        self._train, self._seed, self._n_jobs, self._mode = train, seed, n_jobs, mode
        header = {"search": kind, "seed": seed, "mode": mode, **options, "space": described(space)}
        self._journal = None if resume is None else Journal(resume, header)
        self._trials: list[Trial] = []
        self._bar = bar(total=trials, desc="search", unit="trial") if progress else None

    def __enter__(self) -> Search:
        return self

    def __exit__(self, *error: Any) -> None:
        if self._journal is not None:
            self._journal.close()
        if self._bar is not None:
            self._bar.close()

    def run(self, configs: list[Config]) -> Results:
        """Run further trials, with the next numbers, and return the results of all so far."""
        finished = {} if self._journal is None else dict(self._journal.finished)
        calls = []
        for number, config in enumerate(configs, len(self._trials)):
            if number in finished:
                self._add(replace(finished[number], config=config))  # a file has only names of functions
            else:
                calls.append((number, seed_of(self._seed, number), config))
        with contextlib.closing(self._outcomes(calls)) as outcomes:
            for trial in outcomes:
                if self._journal is not None:
                    self._journal.append(trial)
                self._add(trial)
        return Results(self._trials, self._mode)

    def _add(self, trial: Trial) -> None:
        self._trials.append(trial)
        if self._bar is not None:
            scores = [trial.score for trial in self._trials if trial.status == "done"]
            best = f"best {max(scores) if self._mode == 'max' else min(scores):.4g}" if scores else "no score"
            unscored = len(self._trials) - len(scores)
            self._bar.set_postfix_str(best + (f", {unscored} without a score" if unscored else ""), refresh=False)
            self._bar.update()

    def _outcomes(self, calls: list[tuple[int, int, Config]]) -> Generator[Trial, None, None]:
        """Yield the trials as they finish, in any order."""
        Parallel, home = self._joblib.Parallel, (_PROCESS, os.getpid())
        jobs = [self._joblib.delayed(run_trial)(self._train, *call, home) for call in calls]
        if not jobs:  # all finished: start no workers
            return
        try:
            parallel = Parallel(self._n_jobs, batch_size=1, return_as="generator_unordered")
        except ValueError:  # a backend that returns nothing before all is done, such as multiprocessing
            parallel = Parallel(self._n_jobs, batch_size=1)
            step = self._joblib.effective_n_jobs(self._n_jobs)
            for start in range(0, len(jobs), step):
                yield from parallel(jobs[start : start + step])
        else:
            with contextlib.closing(parallel(jobs)) as trials:
                yield from trials


def run_trial(train: Callable[[Config], Any], number: int, seed: int, config: Config, home: tuple[str, int]) -> Trial:
    """Run one trial, on whatever worker this is; exceptions become part of the result.

    Examples
    --------
    >>> trial = run_trial(lambda config: 1 / config["x"], 0, 42, {"x": 0}, (_PROCESS, os.getpid()))
    >>> trial.status, trial.message.split(" (")[0]
    ('failed', 'ZeroDivisionError: division by zero')
    """
    if home != (_PROCESS, os.getpid()) and get_num_threads() > 1:
        set_num_threads(1)  # the workers are as many as the cores
    before = generator().bit_generator.state  # of the caller's random numbers, when this is its process
    start = time.perf_counter()
    try:
        manual_seed(seed)
        score, results = _checked(train({**config, "seed": seed}))
    except Diverged as error:
        trial = Trial(number, seed, config, "diverged", message=str(error))
    except Exception as error:
        trial = Trial(number, seed, config, "failed", message=_message(error))
    else:
        trial = Trial(number, seed, config, "done", score, results)
        if not math.isfinite(score):
            trial = replace(trial, status="diverged", message=f"the score is {score}")
    finally:
        generator().bit_generator.state = before
    return replace(trial, seconds=time.perf_counter() - start)


def _checked(returned: Any) -> tuple[float, dict[str, Any]]:
    results = dict(returned) if isinstance(returned, dict) else {"score": returned}
    if "score" not in results:
        raise ValueError(f"train returned a dict without 'score'; it has {', '.join(map(str, results)) or 'nothing'}")
    plain = {str(name): _plain(str(name), value) for name, value in results.items()}
    score = plain.pop("score")
    if isinstance(score, str) or score is None:
        raise TypeError(f"train returns a number or a dict with one as 'score', got {score!r}")
    return float(score), plain


def _plain(name: str, value: Any) -> Any:
    """Return a result as a table and a file can hold it."""
    if value is None or isinstance(value, str):
        return value
    try:
        number = value.item() if hasattr(value, "item") else value  # of a tensor, or NumPy's
        return number if isinstance(number, (bool, int)) else float(number)
    except (TypeError, ValueError):
        raise TypeError(f"train returned {type(value).__name__} as {name!r}; results are numbers and strings") from None


def _message(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} (in {place.name}, {os.path.basename(place.filename)} line {place.lineno})"

"""Searches: reproducible whatever runs them, resumed after any interruption, and they find what is to be found."""

import csv
import functools
import io
import json
import math
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import get_num_threads, manual_seed, rand, tensor
from nn.search import Results, Trial, choice, coarse_to_fine, grid, integers, log_uniform, random, uniform
from nn.search.space import drawn, narrowed

joblib = pytest.importorskip("joblib", reason="searching needs the search extra")
ThreadingBackend = joblib.parallel.ThreadingBackend

SPACE = {
    "lr": log_uniform(1e-6, 1e-3),
    "dropout": uniform(0, 0.5),
    "layers": integers(1, 4),
    "activation": choice(["relu", "tanh"]),
    "epochs": 5,
}


def score(config):
    """Depends on the configuration, the seed and the random numbers of this library."""
    noise = rand(1).item() + np.random.default_rng(config["seed"]).random()
    return {"score": -abs(math.log10(config["lr"]) + 4.5) - config["dropout"] + noise, "layers²": config["layers"] ** 2}


def troubled(config):
    """Fails, diverges, or returns what is no score."""
    return {
        0: lambda: 1.0,
        1: lambda: 1 / 0,
        2: lambda: math.nan,
        3: lambda: -math.inf,
        4: lambda: None,
        5: lambda: {"loss": 1.0},
        6: lambda: {"score": 1.0, "history": [1, 2]},
        7: lambda: "good",
    }[config["case"]]()


def plain(results):
    """The records without the time they took."""
    return [{name: value for name, value in record.items() if name != "seconds"} for record in results.records()]


# Distributions


def draws(distribution, count=2000):
    return [drawn({"x": distribution}, 0, number)["x"] for number in range(count)]


def test_log_uniform_is_uniform_in_the_exponent():
    exponents = np.log10(draws(log_uniform(1e-6, 1e-3)))
    assert exponents.min() >= -6
    assert exponents.max() <= -3
    quantiles = np.quantile(exponents, [0.1, 0.25, 0.5, 0.75, 0.9])
    np.testing.assert_allclose(quantiles, [-5.7, -5.25, -4.5, -3.75, -3.3], atol=0.12)  # 3.5 standard errors


def test_uniform_is_uniform():
    numbers = draws(uniform(-1, 3))
    np.testing.assert_allclose(np.quantile(numbers, [0.1, 0.5, 0.9]), [-0.6, 1.0, 2.6], atol=0.16)


def test_integers_and_choice_reach_every_value_about_equally_often():
    for distribution, values in ((integers(-1, 2), [-1, 0, 1, 2]), (choice(["a", (1, 2), None, abs]), None)):
        found = draws(distribution)
        for value in values or distribution.options:
            assert abs(found.count(value) / 2000 - 0.25) < 0.04


@settings(max_examples=50, deadline=None)
@given(st.floats(1e-300, 1e300), st.floats(1.001, 1e8), st.integers(0, 2**40))
def test_draws_stay_within_the_bounds(low, ratio, seed):
    distribution = log_uniform(low, low * ratio)
    number = drawn({"x": distribution}, seed, 0)["x"]
    assert distribution.low <= number <= distribution.high
    narrow = narrowed({"x": distribution}, {"x": number}, 0.5)["x"]
    assert distribution.low <= narrow.low <= number <= narrow.high <= distribution.high


def test_a_hyperparameter_does_not_depend_on_those_beside_it():
    more = {"momentum": uniform(0, 1), **SPACE}
    assert all(drawn(more, 3, n).items() >= drawn(SPACE, 3, n).items() for n in range(5))
    assert drawn(SPACE, 3, 0) != drawn(SPACE, 3, 1) != drawn(SPACE, 4, 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: uniform(1, 1), "two numbers, the lower one first; got 1 and 1"),
        (lambda: uniform(0, math.inf), "two numbers"),
        (lambda: uniform("a", 1), "two numbers"),
        (lambda: log_uniform(0, 1), "positive bounds"),
        (lambda: log_uniform(1, 1e-3), "the lower one first"),
        (lambda: integers(0.5, 3), "two whole numbers"),
        (lambda: integers(3, 2), "the lower one first"),
        (lambda: choice([]), "list of options"),
        (lambda: choice("relu"), "list of options"),
    ],
)
def test_bounds_are_checked(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Reproducible


def test_trials_follow_from_the_seed_alone():
    manual_seed(1)
    first = random(score, SPACE, trials=8, seed=5)
    manual_seed(2)
    again = random(score, SPACE, trials=8, seed=5)
    assert plain(first) == plain(again)
    assert plain(random(score, SPACE, trials=3, seed=5)) == plain(first)[:3]
    assert plain(random(score, SPACE, trials=8, seed=6)) != plain(first)
    assert len({trial.seed for trial in first}) == 8


def test_a_search_leaves_the_random_numbers_alone():
    manual_seed(1)
    expected = rand(2).tolist()
    manual_seed(1)
    random(score, SPACE, trials=2)
    assert rand(2).tolist() == expected


class AllAtOnce(ThreadingBackend):
    """A backend that returns nothing before all is done, as those of multiprocessing and Ray."""

    supports_return_generator = False


joblib.register_parallel_backend("all at once", AllAtOnce)


@pytest.mark.parametrize("backend", ["loky", "threading", "all at once"])
def test_workers_change_nothing(tmp_path, backend):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        results = random(score, SPACE, trials=5, seed=5, resume=tmp_path / "x")
    assert plain(results) == plain(random(score, SPACE, trials=5, seed=5))
    assert len((tmp_path / "x").read_text().splitlines()) == 6


def test_what_is_finished_is_kept_also_when_a_backend_returns_all_at_once(tmp_path):
    train, _ = counting(score, limit=4)
    with joblib.parallel_config(backend="all at once", n_jobs=2), pytest.raises(Interrupted):
        random(train, SPACE, trials=8, resume=tmp_path / "x")
    assert len((tmp_path / "x").read_text().splitlines()) == 1 + 4


def test_a_dask_cluster_gives_the_same_results(tmp_path):
    distributed = pytest.importorskip("distributed", reason="a cluster needs dask[distributed], of the dev extra")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        results = random(score, SPACE, trials=6, seed=5, resume=tmp_path / "search.jsonl")
        processes = random(process, {"x": uniform(0, 1)}, trials=4)
    assert plain(results) == plain(random(score, SPACE, trials=6, seed=5))
    assert len((tmp_path / "search.jsonl").read_text().splitlines()) == 7
    assert os.getpid() not in {trial.results["process"] for trial in processes}


def process(config):
    return {"score": 1.0, "process": os.getpid(), "threads": get_num_threads()}


def test_a_worker_computes_with_one_thread():
    before = get_num_threads()
    autograd.set_num_threads(2)
    try:
        here = random(process, {}, trials=1)
        workers = random(process, {}, trials=2, n_jobs=2)
        assert get_num_threads() == 2
    finally:
        autograd.set_num_threads(before)
    assert here[0].results == {"process": os.getpid(), "threads": 2}
    assert [trial.results["threads"] for trial in workers] == [1, 1]
    assert os.getpid() not in [trial.results["process"] for trial in workers]


def test_functions_written_in_a_notebook_reach_the_workers():
    offset = 3.0
    results = random(lambda config: config["x"] + offset, {"x": 1.0}, trials=2, n_jobs=2)
    assert [trial.score for trial in results] == [4.0, 4.0]


# Trials that fail


def test_failed_and_diverged_trials_are_results():
    results = grid(troubled, {"case": range(8)})
    assert [trial.status for trial in results] == ["done", "failed", "diverged", "diverged", *["failed"] * 4]
    assert results.best.number == 0
    messages = [trial.message for trial in results]
    assert messages[0] == ""
    assert messages[1].startswith("ZeroDivisionError: division by zero (in ")
    assert f"{Path(__file__).name} line" in messages[1]
    assert messages[2:4] == ["the score is nan", "the score is -inf"]
    assert "a number or a dict with one as 'score', got None" in messages[4]
    assert "a dict without 'score'; it has loss" in messages[5]
    assert "returned list as 'history'" in messages[6]
    assert "got 'good'" in messages[7]
    assert "8 trials: 1 done, 2 diverged, 5 failed" in repr(results)


def test_a_run_that_the_trainer_stopped_has_diverged(tmp_path):
    def train(config):
        model = nn.Linear(2, 1)
        trainer = nn.Trainer(model, nn.optim.SGD(model.parameters(), lr=config["lr"]), nn.functional.mse_loss)
        x = np.array([[1.0, 2.0], [3.0, -1.0]], np.float32)
        return -trainer.fit((x, x[:, :1]), epochs=20, progress=False)[-1]["loss"]

    for _ in range(2):  # the second time from the file
        small, large = grid(train, {"lr": [1e-3, 10.0]}, resume=tmp_path / "trials")
        assert (small.status, large.status) == ("done", "diverged")
        assert math.isnan(large.score)
        assert "lower the learning rate" in large.message


def test_without_any_score_the_best_says_what_went_wrong():
    results = random(troubled, {"case": 1}, trials=2)
    with pytest.raises(ValueError, match="no trial has a score: 2 trials: 2 failed; trial 0 failed: ZeroDiv"):
        results.best  # noqa: B018
    assert len(coarse_to_fine(troubled, {"case": 1}, trials=2)) == 4


@pytest.mark.parametrize(
    "returned", [tensor(2.0), tensor([2.0]), np.float32(2), np.array([[2]]), 2, autograd.Value(2.0)]
)
def test_a_score_is_any_single_number(returned):
    trial = random(lambda config: {"score": returned, "other": returned}, {}, trials=1)[0]
    assert (trial.score, trial.results) == (2.0, {"other": 2})


# Grid, and from coarse to fine


def test_a_grid_has_every_combination_once():
    results = grid(lambda config: config["a"], {"a": [1, 2, 3], "b": np.array([0.5, 1.5]), "c": ("x", "y"), "d": 7})
    configs = [tuple(trial.config.values()) for trial in results]
    assert len(configs) == len(set(configs)) == 12
    assert configs[:3] == [(1, 0.5, "x", 7), (1, 0.5, "y", 7), (1, 1.5, "x", 7)]
    assert results.best.number == 8  # of equal ones the first


def lecture(config):
    """Best at reg 10^-2 and lr 10^-3.5, as in the lecture's search."""
    return -((math.log10(config["reg"]) + 2) ** 2) - 4 * (math.log10(config["lr"]) + 3.5) ** 2


LECTURE = {"reg": log_uniform(1e-5, 1e5), "lr": log_uniform(1e-6, 1e-3)}


def test_from_coarse_to_fine_narrows_around_the_best():
    results = coarse_to_fine(lecture, LECTURE, trials=30, stages=3, factor=0.4, seed=1)
    assert len(results) == 90
    stages = [results[i : i + 30] for i in (0, 30, 60)]
    assert plain(stages[0]) == plain(random(lecture, LECTURE, trials=30, seed=1))
    for before, stage, width in ((results[:30], stages[1], 4.0), (results[:60], stages[2], 1.6)):
        exponents = [math.log10(trial.config["reg"]) for trial in stage]
        centre = math.log10(before.best.config["reg"])
        assert max(abs(x - centre) for x in exponents) <= width / 2 + 1e-9
        assert max(exponents) - min(exponents) > 0.7 * width
    best = [stage.best.score for stage in stages]
    assert best[0] < best[1] < best[2]
    assert abs(math.log10(results.best.config["reg"]) + 2) < 0.2
    assert abs(math.log10(results.best.config["lr"]) + 3.5) < 0.1


def test_narrowing_stays_within_the_bounds_and_keeps_choices():
    space = {"p": uniform(0, 1), "n": integers(1, 9), "kind": choice(["a", "b"]), "epochs": 3}
    best = {"p": 0.95, "n": 2, "kind": "b", "epochs": 3}
    fine = narrowed(space, best, 0.5)
    assert fine == {"p": uniform(0.7, 1), "n": integers(1, 4), "kind": choice(["a", "b"]), "epochs": 3}


def test_random_finds_more_than_a_grid_when_one_hyperparameter_does_not_matter():
    """Nine trials on a 3 x 3 grid try three learning rates, at random nine; over many places of the best one."""
    places = np.random.default_rng(0).uniform(-6, -3, 60)
    found = {"grid": [], "random": []}
    for i, place in enumerate(places):

        def train(config, place=place):
            return -abs(math.log10(config["lr"]) - place)

        levels = {"lr": 10.0 ** np.array([-5.5, -4.5, -3.5]), "reg": [1e-4, 1e-2, 1.0]}
        found["grid"].append(grid(train, levels).best.score)
        found["random"].append(random(train, LECTURE, trials=9, seed=i).best.score)
    # The expected distance from the best is 0.25 decades on the grid, and 0.165 at random.
    assert np.mean(found["random"]) > np.mean(found["grid"]) + 0.04


# Resuming


class Interrupted(BaseException):
    """What stops a search, as Ctrl-C does."""


def counting(train, limit=math.inf):
    def counted(config):
        if len(calls) >= limit:
            raise Interrupted
        calls.append(config["seed"])
        return train(config)

    calls = []
    return counted, calls


GRID = {"lr": [1e-5, 1e-4], "dropout": [0, 0.5], "layers": 1}
KINDS = {
    "random": lambda train, file: random(train, SPACE, trials=6, seed=5, resume=file),
    "grid": lambda train, file: grid(train, {"lr": [1e-5, 1e-4], "dropout": [0, 0.5], "layers": 1}, resume=file),
    "coarse to fine": lambda train, file: coarse_to_fine(train, SPACE, trials=3, stages=3, resume=file),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_search_interrupted_after_any_trial_goes_on(tmp_path, kind):
    whole = KINDS[kind](score, tmp_path / "whole")
    for limit in range(len(whole)):
        file = tmp_path / f"{limit}"
        train, calls = counting(score, limit)
        with pytest.raises(Interrupted):
            KINDS[kind](train, file)
        assert len(calls) == limit
        train, calls = counting(score)
        assert plain(KINDS[kind](train, file)) == plain(whole)
        assert len(calls) == len(whole) - limit
    train, calls = counting(score)
    assert plain(KINDS[kind](train, tmp_path / "whole")) == plain(whole)
    assert calls == []


def test_a_file_cut_off_anywhere_goes_on(tmp_path):
    whole = KINDS["random"](score, tmp_path / "whole")
    content = (tmp_path / "whole").read_bytes()
    for length in [*range(0, len(content), 29), len(content) - 1]:
        (tmp_path / "part").write_bytes(content[:length])
        train, calls = counting(score)
        assert plain(KINDS["random"](train, tmp_path / "part")) == plain(whole)
        assert len(calls) == len(whole) - max(0, content[:length].count(b"\n") - 1)
        assert (tmp_path / "part").read_bytes().count(b"\n") == len(whole) + 1


def test_more_trials_are_added_to_a_finished_search(tmp_path):
    random(score, SPACE, trials=3, seed=5, resume=tmp_path / "x")
    train, calls = counting(score)
    results = random(train, SPACE, trials=5, seed=5, resume=tmp_path / "x")
    assert plain(results) == plain(random(score, SPACE, trials=5, seed=5))
    assert len(calls) == 2
    assert len(random(train, SPACE, trials=2, seed=5, resume=tmp_path / "x")) == 2


def test_failed_trials_and_functions_come_back_from_the_file(tmp_path):
    space = {"case": range(4), "activation": [nn.ReLU, math.tanh], "sizes": [(1, 2)]}
    first = grid(troubled, space, resume=tmp_path / "x")
    again = grid(troubled, space, resume=tmp_path / "x")
    assert repr(again) == repr(first)
    assert again[0].config == {"case": 0, "activation": nn.ReLU, "sizes": (1, 2)}
    lines = [json.loads(line) for line in (tmp_path / "x").read_text().splitlines()]
    assert [line["config"]["activation"] for line in lines[1:3]] == ["ReLU", "tanh"]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda file: random(score, SPACE, seed=6, resume=file), "seed is 5 there and 6 here"),
        (lambda file: random(score, SPACE, seed=5, mode="min", resume=file), "mode is max there and min here"),
        (
            lambda file: random(score, {**SPACE, "dropout": 0.5}, seed=5, resume=file),
            "dropout is .'Uniform', 0.0",
        ),
        (lambda file: random(score, {**SPACE, "wd": 0.5}, seed=5, resume=file), "wd is missing there and 0.5 here"),
        (
            lambda file: coarse_to_fine(score, SPACE, seed=5, resume=file),
            "search is random there and coarse",
        ),
    ],
)
def test_a_file_of_another_search_is_refused(tmp_path, other, message):
    random(score, SPACE, trials=2, seed=5, resume=tmp_path / "x")
    content = (tmp_path / "x").read_bytes()
    with pytest.raises(ValueError, match=f"belongs to another search: .*{message}"):
        other(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == content


@pytest.mark.parametrize("content", [b"notes", b"a,b\n1,2\n", b"[1]\n", b'{"a": 1}\n', b"\xff\xfe\n"])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ValueError, match="x is no file of a search"):
        random(score, SPACE, resume=tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == content


def test_a_damaged_line_is_named(tmp_path):
    random(score, SPACE, trials=3, resume=tmp_path / "x")
    lines = (tmp_path / "x").read_text().splitlines(keepends=True)
    (tmp_path / "x").write_text("".join([*lines[:2], lines[2][:20] + "\n", lines[3]]))
    with pytest.raises(ValueError, match="x is damaged: line 3 is no trial"):
        random(score, SPACE, trials=3, resume=tmp_path / "x")


# Results


def test_results_are_a_list_with_the_best_first_in_ranked(tmp_path):
    results = random(score, SPACE, trials=12, seed=1)
    assert [trial.number for trial in results] == list(range(12))
    scores = [trial.score for trial in results.ranked]
    assert scores == sorted(scores, reverse=True)
    assert results.best == results.ranked[0]
    assert isinstance(results[2:4], Results)
    lines = repr(results).splitlines()
    assert lines[0] == "12 trials: 12 done"
    assert lines[1].split() == ["number", "status", "score", *SPACE]
    assert lines[2].split()[0] == str(results.best.number)
    assert len(lines) == 2 + 10 + 1
    assert lines[-1] == "... and 2 more, in .ranked"


def test_the_lowest_score_is_best_when_asked_for():
    results = grid(lambda config: config["loss"], {"loss": [2.0, 1.0, math.nan, 3.0]}, mode="min")
    assert results.best.score == 1.0
    assert [trial.number for trial in results.ranked] == [1, 0, 3, 2]


def test_results_as_csv(tmp_path):
    results = grid(troubled, {"case": range(3), "activation": [nn.ReLU]})
    results.to_csv(tmp_path / "results.csv")
    with open(tmp_path / "results.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["done", "failed", "diverged"]
    assert [row["activation"] for row in rows] == ["ReLU"] * 3
    assert [int(row["seed"]) for row in rows] == [trial.seed for trial in results]
    assert float(rows[0]["score"]) == 1.0
    assert "ZeroDivisionError" in rows[1]["message"]


def test_results_called_like_a_column_are_kept_apart():
    record = Trial(0, 1, {"lr": 0.1}, "done", 0.5, {"seconds": 7, "lr": 8, "loss": 9}).record()
    assert (record["result seconds"], record["result lr"], record["loss"], record["lr"]) == (7, 8, 9, 0.1)


def test_no_results():
    assert repr(Results([])) == "0 trials: none ran"
    with pytest.raises(ValueError, match="no trial has a score"):
        Results([]).best  # noqa: B018


# Arguments


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: random(3, SPACE), TypeError, "train is a function of a configuration, got 3"),
        (lambda: random(score, [1]), TypeError, "the space is a dict"),
        (lambda: random(score, {3: 1}), TypeError, "the space is a dict"),
        (lambda: random(score, {"lr": [1, 2]}), TypeError, r"'lr' is a list; write choice\(\[1, 2\]\)"),
        (lambda: random(score, {"seed": 1}), ValueError, "seed is a name that the search uses itself"),
        (lambda: random(score, {"x": {1, 2}}), TypeError, r"\{1, 2\} \(set\) cannot stand in a configuration"),
        (lambda: random(score, {"x": choice([object()])}), TypeError, "cannot stand in a configuration"),
        (lambda: random(score, SPACE, trials=0), ValueError, "trials is a whole number from 1, got 0"),
        (lambda: random(score, SPACE, seed=-1), ValueError, "seed is a whole number from 0, got -1"),
        (lambda: random(score, SPACE, mode="best"), ValueError, "mode is 'max' or 'min', got 'best'"),
        (lambda: random(score, SPACE, n_jobs=0), ValueError, "n_jobs"),
        (lambda: grid(score, {"lr": uniform(0, 1)}), TypeError, "'lr' is a distribution"),
        (lambda: grid(score, {"lr": []}), ValueError, "'lr' has no values to try"),
        (lambda: coarse_to_fine(score, SPACE, stages=0), ValueError, "stages is a whole number from 1, got 0"),
        (lambda: coarse_to_fine(score, SPACE, factor=1.5), ValueError, "factor is between 0 and 1, got 1.5"),
    ],
)
def test_arguments_are_checked(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_progress_bar_counts_the_trials(monkeypatch):
    auto = pytest.importorskip("tqdm.auto", reason="the bar needs the progress extra")
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(auto, "tqdm", functools.partial(auto.tqdm, file=screen, mininterval=0, ascii=True))
    grid(troubled, {"case": range(3)})
    assert "3/3" in screen.getvalue()
    assert "best 1, 2 without a score" in screen.getvalue()
    screen.truncate(0)
    grid(troubled, {"case": range(3)}, progress=False)
    assert screen.getvalue() == ""


def test_without_the_library_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(ImportError, match=r'pip install "chainrule\[search\]"'):
        random(score, SPACE)

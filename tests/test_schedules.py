"""nn.optim.lr_scheduler: rates beside PyTorch's, published sequences, resuming, and errors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from autograd import Value
from nn import optim
from nn.optim import lr_scheduler

PEER = "comparing with PyTorch needs the peers extra"
GOLDENS = json.loads((Path(__file__).parent / "goldens" / "schedules.json").read_text(encoding="utf-8"))


def up_and_down(epoch):
    return 1.0 + math.sin(epoch)


def mostly_down(epoch):
    return 0.95 if epoch % 3 else 1.02


CASES = [
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.97}),
    ("MultiStepLR", {"milestones": [30, 5, 5, 80], "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.93}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.2, "end_factor": 0.7, "total_iters": 33}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 40}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.9, "total_iters": 22}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 45, "power": 2.5}),
    ("CosineAnnealingLR", {"T_max": 11}),
    ("CosineAnnealingLR", {"T_max": 25, "eta_min": 0.03}),
    ("CosineAnnealingWarmRestarts", {"T_0": 7}),
    ("CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": 2, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 1, "T_mult": 3}),
    ("LambdaLR", {"lr_lambda": up_and_down}),
    ("LambdaLR", {"lr_lambda": [up_and_down, mostly_down]}),
    ("MultiplicativeLR", {"lr_lambda": mostly_down}),
    ("MultiplicativeLR", {"lr_lambda": [mostly_down, up_and_down]}),
    ("OneCycleLR", {"max_lr": 0.3, "total_steps": 61}),
    ("OneCycleLR", {"max_lr": [0.3, 0.6], "epochs": 8, "steps_per_epoch": 9, "anneal_strategy": "linear"}),
    ("OneCycleLR", {"max_lr": 0.3, "total_steps": 60, "three_phase": True, "pct_start": 0.37, "div_factor": 7.0}),
    ("OneCycleLR", {"max_lr": 0.3, "total_steps": 60, "cycle_momentum": False, "final_div_factor": 10.0}),
    ("OneCycleLR", {"max_lr": 0.3, "total_steps": 70, "base_momentum": [0.6, 0.7], "max_momentum": 0.99}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 7}),
    ("CyclicLR", {"base_lr": [0.1, 0.2], "max_lr": [0.9, 0.5], "step_size_up": 4, "step_size_down": 9}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 6, "mode": "triangular2"}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 6, "mode": "exp_range", "gamma": 0.98}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 6, "scale_fn": mostly_down}),
    (
        "CyclicLR",
        {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 6, "scale_fn": up_and_down, "scale_mode": "iterations"},
    ),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 6, "cycle_momentum": False}),
]
COMPOSED = [
    ("StepLR", {"step_size": 7, "gamma": 0.5}),
    ("LinearLR", {"start_factor": 0.25, "total_iters": 9}),
    ("CosineAnnealingLR", {"T_max": 23, "eta_min": 0.003}),
    ("MultiplicativeLR", {"lr_lambda": mostly_down}),
]
IDS = [f"{i}-{name}" for i, (name, _) in enumerate(CASES)]
every_case = pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)


def two_groups(package, parameter, name="SGD", **options):
    options = {"lr": 0.05, "momentum": 0.9, **options} if name == "SGD" else {"lr": 0.05, **options}
    return getattr(package, name)([{"params": [parameter()]}, {"params": [parameter()], "lr": 0.5}], **options)


def ours(name="SGD", **options):
    return two_groups(optim, lambda: Value(1.0), name, **options)


def theirs(torch, name="SGD"):
    return two_groups(torch.optim, lambda: torch.zeros(1), name)


def settings(optimiser):
    momentum = [group["betas"][0] if "betas" in group else group["momentum"] for group in optimiser.param_groups]
    return [[group["lr"] for group in optimiser.param_groups], momentum]


def followed(optimiser, step, count=60):
    found = [settings(optimiser)]
    for _ in range(count):
        optimiser.step()
        step()
        found.append(settings(optimiser))
    return np.array(found, np.float64)


@pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's own about its ways of calling
@pytest.mark.parametrize("optimiser", ["SGD", "Adam"])
@every_case
def test_sixty_epochs_beside_pytorch(name, options, optimiser):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peer = ours(optimiser), theirs(torch, optimiser)
    schedule = getattr(lr_scheduler, name)(mine, **options)
    other = getattr(torch.optim.lr_scheduler, name)(peer, **options)
    np.testing.assert_allclose(
        followed(mine, schedule.step), followed(peer, other.step), rtol=1e-10, atol=1e-14, err_msg=name
    )
    assert schedule.get_last_lr() == settings(mine)[0]
    assert schedule.last_epoch == 60


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("chosen", [(0, 1), (1, 0, 3), (2, 1), (3, 2, 1, 0)], ids=str)
def test_chained_beside_pytorch(chosen):
    torch = pytest.importorskip("torch", reason=PEER)
    found = []
    for optimiser, package in ((ours(), lr_scheduler), (theirs(torch), torch.optim.lr_scheduler)):
        parts = [getattr(package, COMPOSED[i][0])(optimiser, **COMPOSED[i][1]) for i in chosen]
        found.append(followed(optimiser, package.ChainedScheduler(parts).step))
    np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-14)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("chosen", [(1, 0), (1, 2), (0, 1, 2), (2, 0)], ids=str)
def test_one_after_the_other_beside_pytorch(chosen):
    torch = pytest.importorskip("torch", reason=PEER)
    found = []
    for optimiser, package in ((ours(), lr_scheduler), (theirs(torch), torch.optim.lr_scheduler)):
        parts = [getattr(package, COMPOSED[i][0])(optimiser, **COMPOSED[i][1]) for i in chosen]
        schedule = package.SequentialLR(optimiser, parts, milestones=[13, 29][: len(chosen) - 1])
        found.append(followed(optimiser, schedule.step))
    np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-14)


PLATEAU = [
    {},
    {"patience": 2, "cooldown": 3, "factor": 0.5},
    {"mode": "max", "patience": 1, "threshold": 0.1, "threshold_mode": "abs"},
    {"mode": "max", "patience": 3, "threshold": 0.05},
    {"threshold_mode": "abs", "patience": 0, "min_lr": [0.01, 0.2]},
    {"patience": 0, "factor": 0.1, "eps": 1e-3},
]


@pytest.mark.parametrize("options", PLATEAU, ids=lambda options: "-".join(options))
def test_plateaus_beside_pytorch(options):
    torch = pytest.importorskip("torch", reason=PEER)
    metrics = np.abs(np.random.default_rng(5).normal(size=60)) + np.linspace(3, 1, 60)
    metrics[[7, 20]] = math.nan, -1.0
    found = []
    for optimiser, package in ((ours(), lr_scheduler), (theirs(torch), torch.optim.lr_scheduler)):
        schedule, rest = package.ReduceLROnPlateau(optimiser, **options), iter(metrics)
        found.append(followed(optimiser, lambda schedule=schedule, rest=rest: schedule.step(next(rest))))
    np.testing.assert_allclose(*found, rtol=1e-12)


def test_restarts_at_a_fraction_of_an_epoch_beside_pytorch():
    torch = pytest.importorskip("torch", reason=PEER)
    for multiple in (1, 3):
        mine, peer = ours(), theirs(torch)
        schedule = lr_scheduler.CosineAnnealingWarmRestarts(mine, 5, multiple, 0.01)
        other = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(peer, 5, multiple, 0.01)
        for epoch in (0.25, 3.5, 4.75, 6.0, 19.5, 20.0, 43.3, 2.0):
            schedule.step(epoch)
            other.step(epoch)
            np.testing.assert_allclose(settings(mine), settings(peer), rtol=1e-12)
            assert schedule.last_epoch == other.last_epoch


def test_the_arguments_are_pytorchs():
    torch = pytest.importorskip("torch", reason=PEER)
    import inspect

    for name in {name for name, _ in CASES} | {"ReduceLROnPlateau", "ChainedScheduler", "SequentialLR"}:
        mine, peer = (
            {key: entry.default for key, entry in inspect.signature(getattr(package, name)).parameters.items()}
            for package in (lr_scheduler, torch.optim.lr_scheduler)
        )
        if name == "SequentialLR":
            del peer["last_epoch"]
        assert [*mine.items()] == [*peer.items()]


# Published sequences


def made(optimiser, entry):
    options = dict(entry["kwargs"])
    inner = options.pop("schedulers", None)
    kind = getattr(lr_scheduler, entry["class"])
    if inner is None:
        return kind(optimiser, **options)
    parts = [made(optimiser, each) for each in inner]
    return kind(parts, **options) if entry["class"] == "ChainedScheduler" else kind(optimiser, parts, **options)


@pytest.mark.parametrize("case", GOLDENS["cases"], ids=lambda case: case["name"])
def test_published_rates(case):
    optimiser = ours()
    schedules = [made(optimiser, entry) for entry in case["schedulers"]]
    found = []
    for _ in case["group0"]:
        found.append(settings(optimiser)[0])
        for schedule in schedules if len(found) < len(case["group0"]) else []:
            schedule.step()
    first, second = zip(*found, strict=True)
    np.testing.assert_allclose(first, case["group0"], rtol=0, atol=1e-5)
    if case["group1"] is not None:
        np.testing.assert_allclose(second, case["group1"], rtol=0, atol=1e-5)


@pytest.mark.parametrize("case", GOLDENS["plateau"], ids=lambda case: case["name"])
def test_published_rates_on_plateaus(case):
    optimiser = ours(lr=0.5)
    schedule = lr_scheduler.ReduceLROnPlateau(optimiser, **case["kwargs"])
    for metric, expected in zip(case["metrics"], case["group0"], strict=False):
        schedule.step(metric)
        assert optimiser.param_groups[0]["lr"] == pytest.approx(expected, abs=1e-5)


# Row T9


def one(lr=1.0):
    return optim.SGD([Value(1.0)], lr=lr, momentum=0.9)


def test_the_lectures_schedules():
    k, epochs = 0.1, np.arange(20)
    forms = [
        (lr_scheduler.StepLR(one(0.5), 5, 0.5), 0.5 * 0.5 ** (epochs // 5)),
        (lr_scheduler.ExponentialLR(one(0.5), math.exp(-k)), 0.5 * np.exp(-k * epochs)),
        (lr_scheduler.InverseTimeLR(one(0.5), k), 0.5 / (1 + k * epochs)),
        (
            lr_scheduler.LinearLR(one(0.5), 1.0, end_factor=0.01 / 0.5, total_iters=10),
            np.maximum(0.5 - (0.5 - 0.01) * epochs / 10, 0.01),
        ),
        (lr_scheduler.CosineAnnealingLR(one(0.5), 20), 0.25 * (1 + np.cos(np.pi * epochs / 20))),
    ]
    for schedule, expected in forms:
        np.testing.assert_allclose(lr_scheduler.rates(schedule, 20), expected, rtol=1e-12)


# Together, resuming, errors


def test_what_else_changes_the_rate_stays():
    optimiser = one()
    schedule = lr_scheduler.ExponentialLR(optimiser, 0.5)
    optimiser.param_groups[0]["lr"] = 3.0
    schedule.step()
    assert schedule.get_last_lr() == [1.5]


ALL = [
    *CASES,
    ("InverseTimeLR", {"k": 0.3}),
    ("sequential", {}),
    ("chained", {}),
    ("plateau", {}),
]


def schedule_for(name, options, optimiser):
    if name == "plateau":
        return lr_scheduler.ReduceLROnPlateau(optimiser, patience=2, factor=0.5)
    if name in ("sequential", "chained"):
        parts = [lr_scheduler.LinearLR(optimiser, 0.1), lr_scheduler.MultiplicativeLR(optimiser, mostly_down)]
        if name == "chained":
            return lr_scheduler.ChainedScheduler(parts)
        return lr_scheduler.SequentialLR(optimiser, parts, [9])
    return getattr(lr_scheduler, name)(optimiser, **options)


@pytest.mark.parametrize("stop", [1, 10])
@pytest.mark.parametrize(("name", "options"), ALL, ids=[f"{i}-{name}" for i, (name, _) in enumerate(ALL)])
def test_resuming_gives_the_same_bits(name, options, stop):
    def go(schedule, start, end):
        return [schedule.step(*([math.sin(i)] if name == "plateau" else [])) for i in range(start, end)]

    optimiser = ours()
    schedule = schedule_for(name, options, optimiser)
    go(schedule, 0, stop)
    saved, groups = json.loads(json.dumps(schedule.state_dict())), optimiser.state_dict()
    again = ours()
    resumed = schedule_for(name, options, again)
    again.load_state_dict(groups)
    resumed.load_state_dict(saved)
    assert resumed.get_last_lr() == schedule.get_last_lr()
    for i in range(stop, 25):
        go(schedule, i, i + 1)
        go(resumed, i, i + 1)
        assert settings(optimiser) == settings(again)
        assert resumed.get_last_lr() == schedule.get_last_lr() == settings(again)[0]


def test_resuming_at_an_epoch():
    optimiser = one()
    with pytest.raises(KeyError, match="initial_lr"):
        lr_scheduler.ExponentialLR(optimiser, 0.5, last_epoch=3)
    optimiser = optim.SGD([{"params": [Value(1.0)], "initial_lr": 1.0, "lr": 0.125}])
    assert lr_scheduler.ExponentialLR(optimiser, 0.5, last_epoch=3).get_last_lr() == [0.0625]


def test_a_schedule_of_ones_own():
    class Odd(lr_scheduler.LRScheduler):
        def get_lr(self):
            return [base * (1 + self.last_epoch % 2) for base in self.base_lrs]

    assert lr_scheduler.rates(Odd(one()), 4) == [1.0, 2.0, 1.0, 2.0]
    with pytest.raises(NotImplementedError, match="rate"):
        lr_scheduler.ClosedForm(one())


BAD = [
    ("StepLR", {"step_size": 0}, "step_size is a whole number, at least 1"),
    ("CosineAnnealingLR", {"T_max": 2.5}, "T_max"),
    ("CosineAnnealingWarmRestarts", {"T_0": -1}, "T_0"),
    ("LinearLR", {"start_factor": 0.0}, "start_factor is above 0"),
    ("ConstantLR", {"factor": 1.5}, "factor is a number from 0 to 1"),
    ("PolynomialLR", {"total_iters": 0}, "total_iters"),
    ("InverseTimeLR", {"k": -1.0}, "k is a number, at least 0"),
    ("LambdaLR", {"lr_lambda": [up_and_down]}, "1 given for 2 groups"),
    ("OneCycleLR", {"max_lr": 0.1}, "give total_steps, or both"),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "anneal_strategy": "log"}, "'cos' or 'linear'"),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "pct_start": 2.0}, "pct_start"),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "mode": "square"}, "mode is 'triangular'"),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "scale_mode": "epoch"}, "scale_mode"),
    ("CyclicLR", {"base_lr": [0.1], "max_lr": 0.2}, "base_lr: 1 given for 2 groups"),
    ("ReduceLROnPlateau", {"factor": 1.0}, "below 1"),
    ("ReduceLROnPlateau", {"mode": "down"}, "'min' or 'max'"),
    ("ReduceLROnPlateau", {"min_lr": [0.0]}, "min_lr: 1 given for 2 groups"),
]


@pytest.mark.parametrize(("name", "options", "message"), BAD, ids=[f"{case[0]}-{'-'.join(case[1])}" for case in BAD])
def test_bad_options_change_nothing(name, options, message):
    optimiser = ours()
    before = repr(optimiser)
    with pytest.raises(ValueError, match=message):
        getattr(lr_scheduler, name)(optimiser, **options)
    assert repr(optimiser) == before


@pytest.mark.parametrize(("name", "options"), [*CASES, ("ReduceLROnPlateau", {})])
def test_schedules_take_optimisers(name, options):
    with pytest.raises(TypeError, match="takes an optimiser"):
        getattr(lr_scheduler, name)(Value(1.0), **options)


def test_momentum_needs_an_optimiser_that_has_it():
    optimiser = optim.Adagrad([Value(1.0)])
    with pytest.raises(ValueError, match="Adagrad has no momentum and no betas"):
        lr_scheduler.CyclicLR(optimiser, 0.1, 0.2)
    lr_scheduler.CyclicLR(optimiser, 0.1, 0.2, cycle_momentum=False)


def test_one_cycle_ends():
    schedule = lr_scheduler.OneCycleLR(one(), 0.1, total_steps=3)
    for _ in range(3):
        schedule.step()
    with pytest.raises(ValueError, match="total_steps=3 is over"):
        schedule.step()


def test_bad_compositions():
    optimiser, other = one(), one()
    decay = lr_scheduler.ExponentialLR(optimiser, 0.5)
    foreign = lr_scheduler.ExponentialLR(other, 0.5)
    plateau = lr_scheduler.ReduceLROnPlateau(optimiser)
    for error, message, call in [
        (ValueError, "1 milestones", lambda: lr_scheduler.SequentialLR(optimiser, [decay, decay], [])),
        (ValueError, "increase", lambda: lr_scheduler.SequentialLR(optimiser, [decay] * 3, [5, 2])),
        (ValueError, "different optimisers", lambda: lr_scheduler.SequentialLR(optimiser, [decay, foreign], [2])),
        (ValueError, "different optimisers", lambda: lr_scheduler.ChainedScheduler([decay, foreign])),
        (ValueError, "empty", lambda: lr_scheduler.ChainedScheduler([])),
        (TypeError, "no ReduceLROnPlateau", lambda: lr_scheduler.ChainedScheduler([decay, plateau])),
        (TypeError, "function of the epoch", lambda: lr_scheduler.LambdaLR(optimiser, 0.5)),
    ]:
        with pytest.raises(error, match=message):
            call()


def test_states_that_do_not_fit_change_nothing():
    optimiser = one()
    parts = [lr_scheduler.ExponentialLR(optimiser, 0.5), lr_scheduler.StepLR(optimiser, 3)]
    chained = lr_scheduler.ChainedScheduler(parts)
    chained.step()
    before = chained.state_dict()
    swapped = {**before, "_schedulers": before["_schedulers"][::-1]}
    half = {**before, "_schedulers": [{**before["_schedulers"][0], "last_epoch": 77}, {}]}
    for state in (swapped, half, {**before, "_schedulers": []}, {}):
        with pytest.raises(ValueError, match="load_state_dict"):
            chained.load_state_dict(state)
    with pytest.raises(ValueError, match="takes a dict of"):
        parts[0].load_state_dict(parts[1].state_dict())
    assert chained.state_dict() == before


def test_groups_added_later_are_noticed():
    optimiser = one()
    schedule = lr_scheduler.ExponentialLR(optimiser, 0.5)
    optimiser.add_param_group({"params": [Value(1.0)]})
    with pytest.raises(ValueError, match="made for 1 groups of parameters, the optimiser has 2"):
        schedule.step()

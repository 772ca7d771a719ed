"""Checkpoints: a run that was interrupted ends as if nothing had happened."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import manual_seed, randn, tensor
from nn import functional as F
from nn.data import DataLoader, TensorDataset
from nn.optim import lr_scheduler
from nn.training import checkpoint

pytest.importorskip("safetensors", reason="checkpoints are safetensors files")

ROOT = Path(nn.__file__).parent.parent
NUMBERS = np.random.default_rng(0)
X = NUMBERS.normal(size=(48, 4)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
TRAIN, VALIDATION = (X[:32], Y[:32]), (X[32:], Y[32:])


# Killed


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork, which this system does not have")
@pytest.mark.parametrize("seed", [0, 1])
def test_a_run_killed_25_times_at_any_line_ends_as_an_undisturbed_one(tmp_path, seed):
    script = Path(__file__).parent / "killed_run.py"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path), "25", str(seed), "lines"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["same"], found["killed"]) == (True, 25)
    assert found["places"] > 10  # so many different places were saved and resumed from
    assert found["files"] == ["killed.safetensors", "undisturbed.safetensors"]


# Interrupted


def network():
    manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 2))


def trainer_of(path, make=None, schedule=None, **options):
    model = network()
    optimiser = make(model.parameters()) if make else nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    scheduler = schedule(optimiser) if schedule else None
    return nn.Trainer(model, optimiser, F.cross_entropy, scheduler=scheduler, checkpoint=path, **options)


def fit(trainer, **options):
    return trainer.fit(TRAIN, VALIDATION, **{"epochs": 5, "batch_size": 8, "progress": False} | options)


def result(trainer):
    """Return the numbers that a run ends with."""
    history = [{name: value for name, value in record.items() if name != "seconds"} for record in trainer.history]
    return {name: value.tolist() for name, value in trainer.model.state_dict().items()}, history


class Interruption(Exception):
    pass


def interrupt_in(epoch):
    def on_epoch(trainer):
        if trainer.epoch == epoch:
            raise Interruption

    return on_epoch


def resumed(tmp_path, **options):
    """Return a trainer that was interrupted at the end of the fourth epoch, before that was saved, and went on."""
    path = tmp_path / "run.safetensors"
    with pytest.raises(Interruption):
        fit(trainer_of(path, on_epoch=interrupt_in(4), **options))
    trainer = trainer_of(path, **options)
    fit(trainer)
    return trainer


OPTIMISERS = {
    "SGD": lambda p: nn.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "Adagrad": lambda p: nn.optim.Adagrad(p, lr=0.05),
    "RMSprop": lambda p: nn.optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
    "Adam": lambda p: nn.optim.Adam(p, lr=0.01, amsgrad=True),
    "AdamW": lambda p: nn.optim.AdamW(p, lr=0.01),
    "Adadelta": lambda p: nn.optim.Adadelta(p),
    "Adamax": lambda p: nn.optim.Adamax(p, lr=0.01),
    "NAdam": lambda p: nn.optim.NAdam(p, lr=0.01),
    "RAdam": lambda p: nn.optim.RAdam(p, lr=0.01),
    "LBFGS": lambda p: nn.optim.LBFGS(p, lr=0.1, max_iter=3),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_state_of_every_optimiser_is_resumed(tmp_path, name):
    whole = trainer_of(None, OPTIMISERS[name], max_loss_ratio=None)
    fit(whole)
    assert result(resumed(tmp_path, make=OPTIMISERS[name], max_loss_ratio=None)) == result(whole)


SCHEDULES = {
    "StepLR": lambda o: lr_scheduler.StepLR(o, 2),
    "MultiStepLR": lambda o: lr_scheduler.MultiStepLR(o, [1, 4]),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, 0.9),
    "LinearLR": lambda o: lr_scheduler.LinearLR(o, 0.1, total_iters=4),
    "ConstantLR": lambda o: lr_scheduler.ConstantLR(o, 0.5, total_iters=4),
    "PolynomialLR": lambda o: lr_scheduler.PolynomialLR(o, total_iters=6),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 5),
    "CosineAnnealingWarmRestarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 2),
    "OneCycleLR": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=30),
    "CyclicLR": lambda o: lr_scheduler.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=3),
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
    "MultiplicativeLR": lambda o: lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.9),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.ConstantLR(o, 0.1, total_iters=2), lr_scheduler.ExponentialLR(o, 0.5)], milestones=[2]
    ),
    "ChainedScheduler": lambda o: lr_scheduler.ChainedScheduler(
        [lr_scheduler.ConstantLR(o, 0.1, total_iters=2), lr_scheduler.ExponentialLR(o, 0.5)]
    ),
    "InverseTimeLR": lambda o: lr_scheduler.InverseTimeLR(o, 0.1),
    "ReduceLROnPlateau": lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=0, threshold=0.5),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_state_of_every_schedule_is_resumed(tmp_path, name):
    per = "batch" if name in ("OneCycleLR", "CyclicLR") else "epoch"
    whole = trainer_of(None, schedule=SCHEDULES[name], schedule_per=per)
    fit(whole)
    assert len(set(whole.history["lr"])) > 1
    assert result(resumed(tmp_path, schedule=SCHEDULES[name], schedule_per=per)) == result(whole)


def test_early_stopping_and_the_divergence_guard_are_resumed(tmp_path):
    options = {"make": lambda p: nn.optim.SGD(p, lr=0.3)}
    whole = trainer_of(None, early_stopping=nn.EarlyStopping(2), **options)
    fit(whole, epochs=100)
    assert whole.stopped
    path = tmp_path / "run.safetensors"
    fit(trainer_of(path, early_stopping=nn.EarlyStopping(2), **options), epochs=whole.epoch - 1)
    again = trainer_of(path, early_stopping=nn.EarlyStopping(2), **options)
    fit(again, epochs=100)
    assert result(again) == result(whole)
    assert (again.stopped, again.guard.first) == (whole.stopped, whole.guard.first)
    finished = trainer_of(path, early_stopping=nn.EarlyStopping(2), **options)
    fit(finished, epochs=100)  # nothing is left to do
    assert result(finished) == result(whole)


def test_an_interrupted_trainer_goes_on_from_its_checkpoint(tmp_path):
    whole = trainer_of(None)
    fit(whole)
    calls = []

    def accuracy(outputs, targets):
        calls.append(1)
        if len(calls) == 14:
            raise KeyboardInterrupt
        return nn.accuracy(outputs, targets)

    trainer = trainer_of(nn.Checkpoint(tmp_path / "run.safetensors", batches=1), metrics={"accuracy": accuracy})
    with pytest.raises(KeyboardInterrupt):
        fit(trainer)
    fit(trainer)
    assert result(trainer)[0] == result(whole)[0]


def test_without_a_checkpoint_an_interrupted_epoch_is_begun_again():
    trainer = trainer_of(None, on_epoch=interrupt_in(2))
    with pytest.raises(Interruption):
        fit(trainer)
    trainer.on_epoch = None
    assert fit(trainer)["epoch"] == [1, 2, 3, 4, 5]


def test_a_loader_of_samples_with_random_transforms_and_prefetch_is_resumed(tmp_path):
    def run(path, **options):
        trainer = trainer_of(path, **options)
        samples = [(tensor(x), int(y)) for x, y in zip(*TRAIN, strict=True)]
        noise = lambda x: x + 0.1 * randn(*x.shape).numpy()  # noqa: E731
        loader = DataLoader(samples, batch_size=8, shuffle=True, seed=4, prefetch=2, transform=noise)
        trainer.fit(loader, epochs=4, progress=False)
        return trainer

    whole = run(None)
    path = nn.Checkpoint(tmp_path / "run.safetensors", batches=3, epochs=None)
    with pytest.raises(Interruption):
        run(path, on_epoch=interrupt_in(3))
    assert checkpoint.load_state(path.path)["place"]["batch"] == 3
    assert result(run(path)) == result(whole)


def test_resume_false_begins_anew_and_more_epochs_go_on(tmp_path):
    path = tmp_path / "run.safetensors"
    fit(trainer_of(path), epochs=2)
    anew = trainer_of(path)
    assert fit(anew, epochs=1, resume=False)["epoch"] == [1]
    longer = trainer_of(path)
    fit(longer)
    whole = trainer_of(None)
    fit(whole)
    assert result(longer) == result(whole)


def test_the_weights_are_found_by_their_names_with_any_reader_of_safetensors(tmp_path):
    trainer = trainer_of(tmp_path / "run.safetensors")
    fit(trainer)
    arrays = nn.load(tmp_path / "run.safetensors")
    weights = {name.removeprefix("model."): array for name, array in arrays.items() if name.startswith("model.")}
    model = network()
    model.load_state_dict(weights)
    assert all((a == b).all() for a, b in zip(model.parameters(), trainer.model.parameters(), strict=True))


# Refused, and then nothing is changed


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"make": lambda p: nn.optim.Adam(p, lr=0.05)}, "made with optimiser SGD, this trainer has Adam"),
        ({"make": lambda p: nn.optim.SGD(p, lr=0.5, momentum=0.9)}, r"made with lr 0\.05, this trainer has 0\.5;"),
        ({"schedule": SCHEDULES["StepLR"]}, "scheduler None, this trainer has StepLR"),
        ({"early_stopping": nn.EarlyStopping()}, "early stopping False, this trainer has True"),
        ({"seed": 1}, "made with seed 0, this trainer has 1; .* resume=False"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, change, match):
    path = tmp_path / "run.safetensors"
    fit(trainer_of(path), epochs=1)
    trainer = trainer_of(path, **change)
    before = result(trainer)
    with pytest.raises(ValueError, match=match):
        fit(trainer)
    assert result(trainer) == before


def test_a_checkpoint_of_another_model_or_other_data_is_refused(tmp_path):
    path = tmp_path / "run.safetensors"
    fit(trainer_of(path), epochs=1)
    manual_seed(3)
    model = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))
    optimiser = nn.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, checkpoint=path)
    before = result(trainer)
    with pytest.raises(ValueError, match="load_state_dict of Sequential: misshaped"):
        fit(trainer)
    assert result(trainer) == before
    trainer = trainer_of(path)
    before = result(trainer)
    for options, match in [
        ({"batch_size": 4}, "batch_size 8, but this one has 4"),
        ({"validation": None}, "validation"),
    ]:
        with pytest.raises(ValueError, match=match):
            trainer.fit(TRAIN, **{"validation": VALIDATION, "epochs": 2, "batch_size": 8, "progress": False} | options)
        assert result(trainer) == before


def test_files_that_are_no_checkpoints(tmp_path):
    path = tmp_path / "run.safetensors"
    for content, match in [(b"", "damaged"), (b"not a checkpoint", "damaged"), (None, "holds weights only")]:
        if content is None:
            nn.save(network(), path)
        else:
            path.write_bytes(content)
        trainer = trainer_of(path)
        before = result(trainer)
        with pytest.raises(ValueError, match=match):
            fit(trainer)
        assert result(trainer) == before
    fit(trainer_of(path), resume=False, epochs=1)
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ValueError, match="damaged"):
        fit(trainer_of(path))


def test_a_place_that_cannot_be_written_is_found_before_training(tmp_path):
    for path, error in [(tmp_path / "no" / "run", FileNotFoundError), (tmp_path, IsADirectoryError)]:
        trainer = trainer_of(path)
        with pytest.raises(error, match="checkpoint"):
            fit(trainer)
        assert trainer.history == []


def test_checkpoint_options(tmp_path):
    for options in ({"epochs": 0}, {"batches": -1}, {"batches": 1.5}):
        with pytest.raises(ValueError, match="whole number from 1"):
            nn.Checkpoint("run", **options)
    path = tmp_path / "run.safetensors"
    places = []
    trainer = trainer_of(
        nn.Checkpoint(path, epochs=2), on_epoch=lambda trainer: places.append(path.exists() and path.stat().st_mtime_ns)
    )
    fit(trainer)
    assert places[:2] == [False, False]
    assert places[2] == places[3] < places[4]
    assert checkpoint.load_state(path)["place"]["epoch"] == 5


# The format


def test_any_state_comes_back_as_it_was(tmp_path):
    state = {
        "numbers": [1, -(2**100), 0.1, float("inf"), True, None, "text"],
        "pair": (1, (2.5, "a")),
        3: {"array": np.arange(6).reshape(2, 3).T, "scalar": np.float32(0.1), "none": np.zeros((0, 2))},
        "3": {"array": np.ones(())},
        "tensor": tensor([1.0, 2.0]),
    }
    checkpoint.save_state(state, tmp_path / "state")
    found = checkpoint.load_state(tmp_path / "state")
    assert (found["numbers"], found["pair"], list(found)) == (state["numbers"], state["pair"], list(state))
    assert np.array_equal(found[3]["array"], state[3]["array"])
    assert (found[3]["scalar"], type(found[3]["scalar"])) == (np.float32(0.1), np.float32)
    assert (found[3]["none"].shape, found["3"]["array"].shape) == ((0, 2), ())
    assert found["tensor"].tolist() == [1.0, 2.0]
    with pytest.raises(TypeError, match="a is function"):
        checkpoint.save_state({"a": fit}, tmp_path / "state")
    assert checkpoint.load_state(tmp_path / "state")["pair"] == state["pair"]


def test_a_mean_over_batches_survives_in_the_middle_of_an_epoch(tmp_path):
    data = TensorDataset(*TRAIN)

    def run(path, stop_at):
        trainer = trainer_of(path, metrics={"accuracy": lambda out, y: counted(trainer, out, y, stop_at)})
        trainer.fit(DataLoader(data, 8, seed=0), epochs=1, progress=False)
        return trainer

    seen = []

    def counted(trainer, outputs, targets, stop_at):
        seen.append(1)
        if len(seen) == stop_at:
            raise Interruption
        return nn.accuracy(outputs, targets)

    whole = run(None, None)
    seen.clear()
    path = nn.Checkpoint(tmp_path / "run.safetensors", batches=1)
    with pytest.raises(Interruption):
        run(path, 3)
    assert result(run(path, None)) == result(whole)

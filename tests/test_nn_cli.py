"""The command line ``python -m nn``."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nn
from nn.__main__ import DATA_SETS, main

pytest.importorskip("sklearn", reason="the data sets are scikit-learn's")
pytest.importorskip("safetensors", reason="weights and checkpoints are safetensors files")

WINE = ["train", "wine", "--model", "FC8-RELU-FC3", "--optimiser", "sgd", "--lr", "0.1", "--quiet"]


def run(*arguments):
    return main([*map(str, arguments)])


def test_train_saves_the_weights_the_history_and_a_picture(tmp_path, capsys):
    pytest.importorskip("matplotlib", reason="curves are drawn with Matplotlib")
    weights, picture, table = tmp_path / "model.safetensors", tmp_path / "curves.png", tmp_path / "history.csv"
    assert run(*WINE, "--epochs", 30, "--out", weights, "--plot", picture, "--csv", table) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    lines = shown.out.splitlines()
    assert lines[0] == "wine: 143 samples to train on, 35 held out; 139 parameters"
    assert lines[1].split() == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"]
    assert lines[-2].split()[0] == "30"
    assert float(lines[-2].split()[4]) > 0.8
    assert lines[-1] == f"wrote {weights}, {table}, {picture}"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert len(table.read_text(encoding="utf-8").splitlines()) == 31
    made_of = json.loads(nn.files.load_metadata(weights)["chainrule.model"])
    model = nn.from_pattern(made_of["pattern"], made_of["input_shape"])
    assert nn.load(weights).keys() == model.state_dict().keys()
    model.load_state_dict(nn.load(weights))


def test_training_is_the_same_every_time_and_resumes(tmp_path, capsys):
    whole, again, parts = (tmp_path / name for name in ("whole", "again", "parts"))
    for path, seed in [(whole, 3), (again, 3)]:
        assert run(*WINE, "--epochs", 4, "--out", path, "--seed", seed) == 0
    assert whole.read_bytes() == again.read_bytes()
    saved = ["--checkpoint", tmp_path / "run", "--seed", 3]
    assert run(*WINE, "--epochs", 2, *saved) == 0
    capsys.readouterr()
    assert run(*WINE, "--epochs", 4, *saved) == 2
    assert "give --resume to go on with it" in capsys.readouterr().err
    assert run(*WINE, "--epochs", 4, *saved, "--resume", "--out", parts) == 0
    assert parts.read_bytes() == whole.read_bytes()


def test_patience_stops(capsys):
    assert run(*WINE, "--epochs", 500, "--patience", 2) == 0
    assert "val_loss has not improved since epoch" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(set(DATA_SETS) - {"mnist", "fashion_mnist"}))
def test_every_data_set(name, capsys):
    classes = {"digits": 10, "breast_cancer": 2, "moons": 2}.get(name, 3)
    assert run("train", name, "--model", f"FC{classes}", "--epochs", 1, "--quiet") == 0
    assert capsys.readouterr().out.startswith(f"{name}: ")


def test_images_that_are_not_there(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(DATA_SETS, "mnist", lambda seed: nn.data.mnist("train", root=tmp_path))
    assert run("train", "mnist", "--model", "FC10") == 2
    assert "error: mnist: no file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "arguments are required: command"),
        (["train", "digitz", "--model", "FC10"], "invalid choice: 'digitz'"),
        (["train", "wine"], "required: --model"),
        (["train", "wine", "--model", "FC8-RLEU-FC3"], "no layer RLEU"),
        (["train", "wine", "--model", "FC2"], "train: sample"),
        (["train", "wine", "--model", "FC3", "--epochs", "0"], "epochs is a whole number from 1"),
        (["train", "wine", "--model", "FC3", "--epochs", "x"], "invalid int value: 'x'"),
        (["train", "wine", "--model", "FC3", "--lr", "-1"], "lr is a number, at least 0"),
        (["train", "wine", "--model", "FC3", "--optimiser", "sdg"], "invalid choice: 'sdg'"),
        (["train", "wine", "--model", "FC3", "--momentum", "0.9"], "adam has no --momentum"),
        (["train", "wine", "--model", "FC3", "--batch-size", "0"], "batch_size is a whole number from 1"),
        (["train", "wine", "--model", "FC3", "--hold-out", "1"], "--hold-out is a share between 0 and 1"),
        (["train", "wine", "--model", "FC3", "--resume"], "give --checkpoint FILE"),
        (["train", "wine", "--model", "FC3", "--out", "no/such/folder/file"], "cannot be written"),
        (["train", "wine", "--model", "FC3", "--plot", "curves.xyz"], "a picture ends in one of"),
        (["train", "wine", "--model", "FC3", "--lr", "1e9", "--optimiser", "sgd"], "times the first"),
        (["train", "wine", "--model", "FC3", "--seed", "-1"], "a seed is a whole number from 0, got -1"),
        (
            ["train", "wine", "--model", "FC4", "--optimizer", "sgd", "--momentum", "-1"],
            "momentum is a number",
        ),
        (["summary", "FC3", "--input", "1xx2"], "a shape is written as 784 or 1x28x28"),
        (["summary", "FC3-POOL", "--input", "4"], "POOL"),
    ],
)
def test_errors(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        status = run(*arguments, *(["--quiet"] if arguments[:1] == ["train"] else []))
    except SystemExit as error:  # as argparse ends
        status = error.code
    shown = capsys.readouterr().err
    assert status == 2
    assert shown.startswith("error: ")
    assert message in shown
    assert list(tmp_path.iterdir()) == []


def test_summary(capsys):
    assert run("summary", "CONV10x5p2", "--input", "3x32x32") == 0
    assert "760" in capsys.readouterr().out


def test_it_runs_as_a_program(tmp_path):
    command = [sys.executable, "-m", "nn", "summary", "FC3", "--input", "4"]
    path = str(Path(nn.__file__).parent.parent)
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "15" in done.stdout

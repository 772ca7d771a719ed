"""What the README shows is true: its code runs, its comments hold, its line counts are right."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

import autograd
from autograd import OPERATIONS, floats
from nn.__main__ import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README + CONTRIBUTING, re.MULTILINE | re.DOTALL)


@pytest.fixture
def _unchanged_table():
    """The table without the example's row, which somebody trying the example may have added."""
    before, function = dict(OPERATIONS), vars(floats).pop("cube", None)
    OPERATIONS.pop("cube", None)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)
    vars(floats).pop("cube", None)
    if function:
        floats.cube = function


def run_block(containing: str, folder: Path) -> dict:
    (block,) = [block for block in BLOCKS if containing in block]
    script = folder / "block.py"
    script.write_text(block, encoding="utf-8")
    return runpy.run_path(str(script))


def test_twelve_lines(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = run_block("neuron.svg", tmp_path)
    gradients = [names[name].grad for name in ("w0", "w1", "w2", "x0", "x1")]
    assert [round(gradient, 2) for gradient in gradients] == [-0.20, -0.39, 0.20, 0.39, -0.59]
    assert round(names["f"].data, 2) == 0.73
    assert "<svg" in (tmp_path / "neuron.svg").read_text(encoding="utf-8")
    assert "backward" in capsys.readouterr().out
    (block,) = [block for block in BLOCKS if "neuron.svg" in block]
    assert len([line for line in block.splitlines() if line]) == 12


def test_more_of_the_same_engine(tmp_path):
    names = run_block("MultiplyGate", tmp_path)
    assert (names["first"].data, names["second"].data, names["value"], names["slope"]) == (12.0, 12.0, 0.0, 3.0)


def test_network_learns(tmp_path):
    names = run_block("nn.MLP(2, [8, 1])\nsamples", tmp_path)
    assert f"{names['loss'].data:.1e}" == "3.6e-07"


def test_compiled_network_learns_the_same(tmp_path):
    built, compiled = run_block("nn.MLP(2, [8, 1])\nsamples", tmp_path), run_block("autograd.compile", tmp_path)
    assert compiled["value"] == built["loss"].data
    assert [p.data for p in compiled["model"].parameters()] == [p.data for p in built["model"].parameters()]


def test_tensors_learn(tmp_path):
    assert f"{run_block('F.max_pool2d', tmp_path)['loss'].item():.2f}" == "0.04"


def test_a_network_is_trained_saved_and_loaded(tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn", reason="the digits need the data extra")
    pytest.importorskip("safetensors", reason="checkpoints and weights need the files extra")
    monkeypatch.chdir(tmp_path)
    names = run_block("nn.Trainer", tmp_path)
    assert names["history"][-1]["val_accuracy"] > 0.97
    weights, loaded = names["model"].state_dict(), names["again"].state_dict()
    assert all((weights[name] == loaded[name]).all() for name in weights | loaded)
    assert (tmp_path / "run.safetensors").exists()


def test_the_command_trains(tmp_path, monkeypatch, capsys):
    for package, extra in {"sklearn": "data", "safetensors": "files", "matplotlib": "plots"}.items():
        pytest.importorskip(package, reason=f"the command needs the {extra} extra")
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"^python -m nn (.*)", README, re.MULTILINE)
    assert main([*shlex.split(command), "--quiet"]) == 0
    assert float(capsys.readouterr().out.splitlines()[-2].split()[4]) > 0.97
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curves.png", "digits.safetensors"]


def test_new_array_operation(tmp_path):
    try:
        dyad = run_block("def dyad", tmp_path)["dyad"]
        x, y = autograd.rand(3, dtype=autograd.float64), autograd.rand(2, dtype=autograd.float64)
        assert autograd.gradgradcheck(dyad, [x, y])
    finally:
        autograd.ARRAY_OPERATIONS.pop("dyad", None)


@pytest.mark.usefixtures("_unchanged_table")
@pytest.mark.parametrize("containing", ["print(x.grad)  # 12.0", "cube(Value(2.0)).data"])
def test_new_operation(containing, tmp_path):
    assert run_block(containing, tmp_path)["cube"](2.0).data == 8.0


def test_every_python_block_is_run():
    assert len(BLOCKS) == 9


def test_line_counts():
    rows = re.findall(r"^\| +(\d+) \| `(.*?)` \|", README, re.MULTILINE)
    assert len(rows) > 10
    actual = {name: str(len((ROOT / name).read_text(encoding="utf-8").splitlines())) for _, name in rows}
    assert {name: count for count, name in rows} == actual


def test_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)(.*?)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []

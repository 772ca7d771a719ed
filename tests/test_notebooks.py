"""The notebooks: text and notebook agree, every cell runs, and the exercises' checkers can tell right from wrong."""

import base64
import importlib
import importlib.util
import io
import json
import re
from pathlib import Path

import pytest

REASON = "needs jupytext, nbclient, ipykernel and matplotlib: pip install -e '.[dev]'"
for package in ("nbformat", "jupyter_client", "jupytext", "nbclient", "ipykernel", "matplotlib"):
    if importlib.util.find_spec(package) is None:
        pytest.skip(REASON, allow_module_level=True)

FOLDER = Path(__file__).parent.parent / "notebooks"

_spec = importlib.util.spec_from_file_location("notebooks_build", FOLDER / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)

NAMES = build.names()
# One worker executes a notebook, for all tests that look at the result.
EXECUTED = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES]


def wrong_answers(name):
    """Answers that students give, and a piece of the hint that each should get."""
    return importlib.import_module(f"wrong_answers.{name[3:]}").WRONG


def answers(notebook):
    """The code of the folded answers."""
    folds = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and "<details>" in cell.source]
    return [code for fold in folds for code in re.findall(r"^```python\n(.*?)^```", fold, re.M | re.S)]


@pytest.fixture(scope="module", params=EXECUTED)
def executed(request):
    """A notebook after a run in a clean kernel, with its answers and the wrong ones as further cells."""
    import nbformat

    name = request.param
    notebook = build.convert(name)
    length = len(notebook.cells)
    further = [*answers(notebook), *wrong_answers(name)]
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in further]
    build.execute(notebook)
    said = {cell.source: "".join(build.texts(cell)) for cell in notebook.cells[length:]}
    notebook.cells = notebook.cells[:length]
    return name, notebook, said


def test_every_notebook_has_its_text_form():
    assert NAMES
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_text_form_and_notebook_agree(name):
    assert build.source_faults(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_stored_notebook_is_small_and_clean(name):
    path = FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < 1_000_000
    notebook = build.stored(name)
    assert build.content_faults(name, notebook) == []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"] == build.METADATA


@pytest.mark.parametrize("name", NAMES)
def test_one_idea_has_at_most_30_cells(name):
    assert len(build.convert(name).cells) <= 30


@pytest.mark.parametrize("name", NAMES)
def test_begins_with_a_question_and_a_picture_and_ends_with_an_exercise(name):
    first, picture, *_, exercise, answer = build.stored(name).cells
    assert "?" in first.source
    assert any("image/png" in output.get("data", {}) for output in picture.outputs)
    assert "Not yet" in "".join(build.texts(exercise))
    assert answer.source.startswith("<details>\n<summary>")
    assert answers(build.stored(name))


@pytest.mark.parametrize("name", NAMES)
def test_two_or_three_exercises_each_with_three_wrong_answers(name):
    code = "\n".join(cell.source for cell in build.convert(name).cells if cell.cell_type == "code")
    checkers = re.findall(r"^def (check\w*)\(", code, re.M)
    assert len(checkers) in (2, 3)
    for checker in checkers:
        assert sum(f"{checker}(" in wrong for wrong in wrong_answers(name)) >= 3
        assert any(f"{checker}(" in answer for answer in answers(build.stored(name)))


def test_runs_and_prints_what_is_stored(executed):
    name, notebook, _ = executed
    assert build.output_faults(name, build.stored(name), notebook) == []
    assert build.content_faults(name, notebook) == []


def test_checker_accepts_the_folded_answer(executed):
    _, notebook, said = executed
    for answer in answers(notebook):
        assert said[answer].startswith("Right")


def test_checker_refuses_wrong_answers_with_a_hint(executed):
    name, _, said = executed
    for code, hint in wrong_answers(name).items():
        assert said[code].startswith(("No:", "Not yet:")), code
        assert hint in said[code]


def test_stored_pictures_are_small_and_look_the_same():
    import nbformat
    import numpy as np
    from PIL import Image

    def png(pixels):
        written = io.BytesIO()
        Image.fromarray(pixels).save(written, "PNG")
        return base64.b64encode(written.getvalue()).decode()

    def pixels_of(text):
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")).astype(int)

    down, across = np.mgrid[0:120, 0:120]
    jitter = np.random.default_rng(0).integers(0, 6, (120, 120))
    smooth = np.stack([2 * down, 2 * across + jitter, down + jitter, 255 + 0 * down], axis=2).astype(np.uint8)
    few = np.zeros((50, 50, 4), np.uint8)  # transparent: on a page it is white
    few[10:20, 10:20] = 0, 119, 90, 255
    cells = []
    for data in ({"image/png": png(smooth)}, {"image/png": png(few), "text/html": "<img>", "image/svg+xml": "<svg>"}):
        output = nbformat.v4.new_output("display_data", data=data)
        cells.append(nbformat.v4.new_code_cell(outputs=[output]))
    build.shrink(nbformat.v4.new_notebook(cells=cells))

    first, second = (cell.outputs[0].data for cell in cells)
    assert len(first["image/png"]) < 0.5 * len(png(smooth))
    assert abs(pixels_of(first["image/png"]) - smooth[:, :, :3]).mean() < 5
    assert sorted(second) == ["image/png", "text/html"]
    expected = np.full((50, 50, 3), 255)
    expected[10:20, 10:20] = 0, 119, 90
    assert (pixels_of(second["image/png"]) == expected).all()


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("02_graph.py", "# # 2. A graph", "# # 2. A tree", "cell 0 of .py and .ipynb differ"),
        ("02_graph.ipynb", "f = -12.0", "f = -13.0", "cell 3 printed"),
        ("02_graph.ipynb", "q = 3.0, f", "/usr/lib/site-packages, f", "cell 3 shows a path of this machine"),
    ],
)
def test_check_notices_a_change(tmp_path, monkeypatch, capsys, file, old, new, fault):
    for suffix in (".py", ".ipynb"):
        text = (FOLDER / f"02_graph{suffix}").read_text(encoding="utf-8")
        changed = text.replace(old, new) if file.endswith(suffix) else text
        (tmp_path / f"02_graph{suffix}").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["build.py", "--check", "02_graph"])
    assert build.main() == 1
    assert fault in capsys.readouterr().out

"""The notebooks: text and notebook agree, every cell runs, and the exercises' checkers can tell right from wrong."""

import importlib.util
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

# Answers that students give, and a piece of the hint that each should get.
GATE = "class SquaredDistanceGate(Gate):\n    def forward(self, x, y):\n        self.q = x - y\n        return {}\n"
GATE += "    def backward(self, dz):\n        return {}\n\ncheck(SquaredDistanceGate)"
CHAIN = "def product(xs):\n    total = xs[0]\n    for x in xs[1:]:\n        total = total * x\n    return total\n\n"
CHAIN += "check_product(product)"
BRANCH = "def huber(e):\n    if abs(e) > 1:\n        return abs(e) - 0.5\n    return 0.5 * e * e\n\ncheck_huber(huber)"
CURVATURE = (
    "def curvature(x):\n    (slope,) = autograd.grad(x.sigmoid(), x{})\n    return {}\n\ncheck_curvature(curvature)"
)
SOFTMAX = "def softmax_back(p, g):\n    return {}\n\ncheck_softmax(softmax_back)"
CENTRING = "def centring_back(g):\n    return {}\n\ncheck_centring(centring_back)"
ROUTE = "def route(x, g):\n    wide = np.kron(g, np.ones((2, 2)))\n"
ROUTE += "    best = np.kron(F.max_pool2d(autograd.tensor(x)[None], 2)[0].numpy(), np.ones((2, 2)))\n"
ROUTE += "    return {}\n\ncheck_route(route)"
WRONG = {
    "01_one_weight": {
        "check(0.006)": "before the best weight. Take a larger one",
        "check(0.01)": "past the best weight. Take a smaller one",
        "check(2 / 117.25)": "as far away as before",
        "check(-0.01)": "above zero",
        "check('1 / 117.25')": "give one number",
    },
    "02_graph": {
        "check({'x': -2, 'y': 2, 'z': -2})": "x has two ways to g",
        "check({'x': -1, 'y': -2, 'z': -2})": "the sign of y",
        "check({'x': -1, 'y': 2, 'z': 4})": "look again at z. At '*' each factor gets the other one",
    },
    "03_sigmoid_neuron": {
        "check(-3)": "the gradient is 0.197",
        "check(4)": "saturated",
        "check(0)": "At which t is the slope largest?",
        "check('-4')": "give one number",
    },
    "04_gates": {
        GATE.format("self.q", "[dz, -dz]"): "forward(5, 2) should be 9",
        GATE.format("self.q**2", "[2 * self.q * dz, 2 * self.q * dz]"): "opposite directions",
        GATE.format("self.q**2", "[2 * self.q, -2 * self.q]"): "must use dz",
        GATE.format("self.q**2", "[self.q * dz, -self.q * dz]"): "factor 2",
        GATE.format("self.q**2", "2 * self.q * dz"): "a list of two gradients",
        GATE.format("self.q**2", "None"): "backward returns None",
    },
    "05_tape": {
        CHAIN: "it has 7 levels",
        "check_product(sum)": "the product is 90.0, yours is 10.5",
        BRANCH: "`if abs(e) > 1:`",
        "check_huber(lambda e: 0.5 * e * e)": "h(3.0) should be 2.5",
        "check_huber(lambda e: autograd.minimum(0.5 * e * e, abs(e) - 0.5))": "h(0.5) should be 0.125",
        "check_huber(lambda e: 0.5)": "it cannot be compiled",
        CURVATURE.format(", create_graph=True", "slope"): "this is the first derivative",
        CURVATURE.format("", "autograd.grad(slope, x, create_graph=True)[0]"): "it cannot be compiled",
        CURVATURE.format(", create_graph=True", "autograd.grad(slope, x)[0]"): "it cannot be compiled",
        CURVATURE.format(", create_graph=True", "slope.tanh()"): "differs from the formula",
    },
    "06_vectors_and_jacobians": {
        SOFTMAX.format("None"): "returns None",
        SOFTMAX.format("p * (1 - p) * g"): "the diagonal only",
        SOFTMAX.format("p * g"): "the part with -p_i p_j is missing",
        SOFTMAX.format("-p * (p @ g)"): "The diagonal, where i = j, is missing",
        SOFTMAX.format("p * (g - g.sum())"): "weighted by its p_i",
        SOFTMAX.format("np.outer(p, g)"): "must have the shape (4,)",
        SOFTMAX.format("g - p @ g"): "other numbers",
        CENTRING.format("g"): "the direct way only",
        CENTRING.format("g - g.sum(axis=0)"): "divides by the number of rows",
        CENTRING.format("np.tile(-g.mean(axis=0), (3, 1))"): "The direct way is missing",
        CENTRING.format("g - g.mean(axis=1, keepdims=True)"): "the other axis",
        CENTRING.format("g - g.mean()"): "a mean of its own",
        CENTRING.format("g.mean(axis=0)"): "must have the shape (3, 2)",
    },
    "07_convolution_and_pooling": {
        "check_kernel([[0, 0, 0], [0, 1, 0], [0, 0, 0]])": "leaves the boat where it is",
        "check_kernel([[0, 0, 0], [0, 0, 1], [0, 0, 0]])": "it goes to the left",
        "check_kernel([[0, 1, 0], [0, 0, 0], [0, 0, 0]])": "up or down",
        "check_kernel([[0, 0, 0], [1, 1, 0], [0, 0, 0]])": "more than move",
        "check_kernel([1, 0, 0])": "three rows of three numbers",
        ROUTE.format("None"): "returns None",
        ROUTE.format("g"): "the shape of the picture, (4, 6)",
        ROUTE.format("wide"): "Only one has won",
        ROUTE.format("wide / 4"): "the way back of the mean",
        ROUTE.format("x == best"): "each must get the number from g",
        ROUTE.format("wide * (x != best)"): "in each window the largest number",
    },
}


def answers(notebook):
    """The code of the folded answers."""
    folds = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and "<details>" in cell.source]
    return [code for fold in folds for code in re.findall(r"^```python\n(.*?)^```", fold, re.M | re.S)]


@pytest.fixture(scope="module", params=NAMES)
def executed(request):
    """A notebook after a run in a clean kernel, with its answers and the wrong ones as further cells."""
    import nbformat

    name = request.param
    notebook = build.convert(name)
    length = len(notebook.cells)
    further = [*answers(notebook), *WRONG[name]]
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in further]
    build.execute(notebook)
    said = {cell.source: "".join(build.texts(cell)) for cell in notebook.cells[length:]}
    notebook.cells = notebook.cells[:length]
    return name, notebook, said


def test_every_notebook_has_its_text_form():
    assert NAMES
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES
    assert sorted(WRONG) == NAMES


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
def test_begins_with_a_question_and_a_picture_and_ends_with_an_exercise(name):
    first, picture, *_, exercise, answer = build.stored(name).cells
    assert "?" in first.source
    assert any("image/png" in output.get("data", {}) for output in picture.outputs)
    assert "Not yet" in "".join(build.texts(exercise))
    assert answer.source.startswith("<details>\n<summary>")
    assert answers(build.stored(name))


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
    for code, hint in WRONG[name].items():
        assert said[code].startswith(("No:", "Not yet:")), code
        assert hint in said[code]


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

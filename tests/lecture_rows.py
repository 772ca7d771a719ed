"""Which notebook cells and which tests show each row of the lectures' worked examples.

A test belongs to a row by its name, such as ``test_g1_the_first_graph``; those with other names are listed in
``also``.  A notebook's cell belongs to the rows that its first line names, such as ``# Lecture row G1`` or
``# Lecture rows T1, T2``.  ``python tests/lecture_rows.py`` writes the table in ``notebooks/README.md`` anew.
"""

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
NOTEBOOKS = FOLDER.parent / "notebooks"


class Row(NamedTuple):
    what: str
    also: tuple[str, ...] = ()


ROWS = {
    "G1": Row("f = (x + y) z, drawn with values and gradients"),
    "G2": Row("the sigmoid neuron, in small gates and folded"),
    "G3": Row("patterns: add distributes, multiply swaps, max routes, a branch sums"),
    "G4": Row(
        "a gate class of one's own, and the graph as an object",
        also=(
            "test_gate.py::test_the_multiply_gate_of_the_lecture",
            "test_gate.py::test_nodes_in_topological_order",
            "test_gate.py::test_backward_visits_the_gates_in_reverse",
        ),
    ),
    "G5": Row("vectors: Jacobians, staged SVM and softmax losses"),
    "G6": Row("the numerical gradient and gradient checks"),
    "G7": Row("the delta rule in layers"),
    "G8": Row("the chain rule through L layers, factor by factor"),
    "L1": Row("multiclass SVM loss and its variants"),
    "L2": Row("softmax and cross-entropy"),
    "L3": Row("SVM against softmax"),
    "L4": Row(
        "L1, L2, zero-one, hinge, squared error, binary cross-entropy, divergence",
        also=("test_modules.py::test_hinge_loss_is_the_lectures",),
    ),
    "L5": Row(
        "regularisers: L2, L1, elastic net, max-norm; weight decay; sparse weights",
        also=(
            "test_nn_utils.py::test_penalties_and_their_gradients",
            "test_nn_utils.py::test_decoupled_decay_and_l2_are_the_same_in_plain_descent",
            "test_nn_utils.py::test_max_norm_of_a_neuron_of_values_and_after_every_step",
        ),
    ),
    "L6": Row("nearest neighbours and the choice of k"),
    "P1": Row("one weight, y = w x"),
    "P2": Row("learning rates too small, right, too large"),
    "P3": Row("threshold units, NOR, AND, the perceptron"),
    "P4": Row("XOR with weights by hand", also=("test_nn_scalar.py::test_xor_with_weights_by_hand",)),
    "P5": Row("logistic regression; batch, stochastic and mini-batch descent"),
    "P6": Row("stars and quasars; free parameters"),
    "P7": Row("the network in eleven lines"),
    "P8": Row("three layers; capacity and regularisation"),
    "T1": Row("activations, saturation, dying units"),
    "T2": Row(
        "preprocessing: mean, variance, decorrelation, whitening, means of images",
        also=(
            "test_data_transforms.py::test_zero_mean_and_unit_variance",
            "test_data_transforms.py::test_decorrelated_data_have_a_diagonal_covariance_and_white_data_the_identity",
            "test_data_transforms.py::test_the_mean_image_and_the_mean_of_each_channel",
        ),
    ),
    "T3": Row(
        "initialisation: ten layers of 500 units",
        also=(
            "test_init.py::test_activations_of_ten_layers_are_the_lectures",
            "test_plots.py::test_histograms_say_mean_and_standard_deviation",
        ),
    ),
    "T4": Row("sanity checks: the first loss, twenty samples by heart"),
    "T5": Row("learning rates that do nothing or explode; a guard"),
    "T6": Row(
        "random search in log space, coarse to fine; against a grid",
        also=(
            "test_search.py::test_from_coarse_to_fine_narrows_around_the_best",
            "test_search.py::test_random_finds_more_than_a_grid_when_one_hyperparameter_does_not_matter",
        ),
    ),
    "T7": Row(
        "monitoring: loss curves, the gap, update-to-weight ratio",
        also=(
            "test_plots.py::test_another_metric_and_the_gap",
            "test_plots.py::test_update_ratios_and_the_line_at_a_thousandth",
        ),
    ),
    "T8": Row(
        "updates on an elongated bowl",
        also=(
            "test_optimisers.py::test_nesterov_in_its_rewritten_form_is_the_lectures",
            "test_optimisers.py::test_adam_with_and_without_bias_correction",
        ),
    ),
    "T9": Row("schedules", also=("test_schedules.py::test_the_lectures_schedules",)),
    "T10": Row(
        "dropout, bagging, early stopping, flips, shared layers",
        also=("test_data_transforms.py::test_the_expectation_of_a_flip",),
    ),
    "T11": Row("weight decay too small, medium, too large; cross-validation"),
    "T12": Row("random weights as a baseline; templates"),
    "C1": Row("a Gaussian kernel on nine pixels"),
    "C2": Row("the size of the result"),
    "C3": Row(
        "channels and parameters",
        also=("test_pattern.py::test_the_lectures_number_of_parameters",),
    ),
    "C4": Row("pooling"),
    "C5": Row("networks from one line of text", also=("test_pattern.py::test_the_lectures_pattern",)),
    "C6": Row("an image classifier, its filters and maps"),
    "C7": Row(
        "random transformations at training time",
        also=("test_data.py::test_a_transform_changes_the_inputs_of_each_batch",),
    ),
}


def all_tests():
    """All tests as ``file.py::function``."""
    return [
        f"{path.name}::{name}"
        for path in sorted(FOLDER.glob("test_*.py"))
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M)
    ]


def row_of(test):
    """The row that a test is named after, or ``None``."""
    named = re.match(r"\w+\.py::test_([glptc]\d+)_", test)
    return named and named[1].upper()


def shown_by(row):
    """The tests of a row, as ``file.py::function``."""
    return [*[test for test in all_tests() if row_of(test) == row], *ROWS[row].also]


def code_cells(name):
    """The code of a notebook's cells, from its text form: the first is In [1]."""
    cells = re.split(r"^# %%", (NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8"), flags=re.M)[1:]
    return [cell.strip() for cell in cells if not cell.startswith(" [markdown]")]


def cells_of(row):
    """The cells that show a row, as (name of the notebook, number as in ``In [number]``, code)."""
    return [
        (path.stem, number, code)
        for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))
        for number, code in enumerate(code_cells(path.stem), 1)
        if (named := re.match(r"# Lecture rows? (.*)", code)) and row in named[1].split(", ")
    ]


def table():
    """The table of all rows in Markdown, in lines."""
    lines = ["| Row | What | Cells | Tests |", "|---|---|---|---|"]
    for row, (what, _) in ROWS.items():
        numbers: dict[str, list[str]] = {}
        for name, number, _ in cells_of(row):
            numbers.setdefault(name, []).append(f"[{number}]")
        cells = [f"[{name}]({name}.ipynb) In {', '.join(found)}" for name, found in numbers.items()]
        tests = [f"`{test}`" for test in shown_by(row)]
        lines.append(f"| {row} | {what} | {'<br>'.join(cells)} | {'<br>'.join(tests)} |")
    return lines


def with_table(page):
    """A page of Markdown with its table of rows made anew."""
    return re.sub(r"^\| Row \|.*\n(?:\|.*\n)*", lambda _: "\n".join(table()) + "\n", page, flags=re.M)


if __name__ == "__main__":
    readme = NOTEBOOKS / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")

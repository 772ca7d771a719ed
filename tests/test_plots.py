"""Plots: what the pictures hold, how they show themselves, and what bad input is told."""

import importlib.util
import io
import os
import pickle
import sys

import numpy as np
import pytest

import autograd
from autograd import Value, float32, tensor
from viz import THEMES, plots

if importlib.util.find_spec("matplotlib") is None:
    pytest.skip("needs matplotlib: pip install -e '.[plots]'", allow_module_level=True)

from matplotlib.colors import to_hex
from matplotlib.figure import Figure

INLINE = "module://matplotlib_inline.backend_inline"  # what a kernel uses when nobody asks for another
NAN, INF = float("nan"), float("inf")
HISTORY = [
    {"epoch": 1, "loss": 2.0, "accuracy": 0.3, "val_loss": 2.2, "val_accuracy": 0.25, "lr": 0.1, "update_ratio": 4e-3},
    {"epoch": 2, "loss": 1.0, "accuracy": 0.6, "val_loss": 1.5, "val_accuracy": 0.5, "lr": 0.1, "update_ratio": 1e-3},
    {"epoch": 3, "loss": 0.5, "accuracy": 0.9, "val_loss": 1.25, "val_accuracy": 0.6, "lr": 0.01, "update_ratio": 2e-4},
]
SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def losses(*numbers):
    return [{"epoch": i + 1, "loss": number} for i, number in enumerate(numbers)]


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def bowl(x, y):
    return x**2 + 10 * y**2


ALL = {
    "loss_curves": lambda **o: plots.loss_curves(HISTORY, **o),
    "learning_rate_curves": lambda **o: plots.learning_rate_curves({0.1: HISTORY, 0.01: HISTORY}, **o),
    "update_ratios": lambda **o: plots.update_ratios(HISTORY, **o),
    "schedule": lambda **o: plots.schedule([record["lr"] for record in HISTORY], **o),
    "decision_boundary": lambda **o: plots.decision_boundary(lambda p: p.sum(axis=1) - 1.5, SQUARE, [0, 0, 0, 1], **o),
    "activation": lambda **o: plots.activation(autograd.tanh, **o),
    "activation_histograms": lambda **o: plots.activation_histograms([np.arange(9.0), np.arange(5.0)], **o),
    "saturation": lambda **o: plots.saturation([np.arange(9.0), np.arange(5.0)], **o),
    "filters": lambda **o: plots.filters(np.arange(54.0).reshape(2, 3, 3, 3), **o),
    "feature_maps": lambda **o: plots.feature_maps(np.arange(27.0).reshape(3, 3, 3), **o),
    "templates": lambda **o: plots.templates(np.arange(18.0).reshape(2, 9), **o),
    "images": lambda **o: plots.images(np.arange(18).reshape(2, 3, 3), [0, 1], **o),
    "loss_surface": lambda **o: plots.loss_surface(bowl, **o),
    "loss_curve_1d": lambda **o: plots.loss_curve_1d(lambda w: w**2, [2.0, 1.0], **o),
    "optimiser_paths": lambda **o: plots.optimiser_paths(bowl, [[(1.0, 1.0), (0.5, -0.5)]], **o),
    "confusion_matrix": lambda **o: plots.confusion_matrix([[5, 1], [0, 4]], **o),
}
every_plot = pytest.mark.parametrize("draw", ALL.values(), ids=ALL)

# What all plots have in common


def test_every_public_plot_is_among_those_tested():
    assert set(plots.__all__) == set(ALL)


@every_plot
def test_a_plot_shows_itself_and_leaves_no_figure_behind(draw):
    thing = draw(title="A title")
    data, metadata = thing._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    figure = thing if isinstance(thing, Figure) else thing.get_figure()
    size = [metadata["image/png"][side] for side in ("width", "height")]
    np.testing.assert_allclose(size, 100 * figure.get_size_inches(), atol=1)
    shown = thing.get_suptitle() if isinstance(thing, Figure) else thing.get_title()
    assert shown == "A title"
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


@every_plot
@pytest.mark.parametrize("name", THEMES)
def test_a_theme_colours_the_page_and_the_words(draw, name):
    thing = draw(theme=name)
    figure = thing if isinstance(thing, Figure) else thing.get_figure()
    ax = figure.axes[0]
    assert to_hex(figure.get_facecolor()) == to_hex(ax.get_facecolor()) == THEMES[name].background
    assert to_hex(ax.xaxis.label.get_color()) == THEMES[name].text


@every_plot
def test_a_plot_draws_into_axes_that_are_given(draw):
    left, right = Figure().subplots(1, 2)
    thing = draw(ax=right, title="right")
    assert thing in (right, right.get_figure())
    assert "right" in [right.get_title(), *(part.get_suptitle() for part in right.get_figure().subfigs)]
    panels = [ax for ax in right.get_figure().axes if ax is not left and ax.has_data()]
    assert panels
    assert all(panel.bbox.x0 > right.get_figure().bbox.width / 2 for panel in panels)
    assert not left.has_data()
    right.get_figure().savefig(io.BytesIO(), format="png")


def test_an_array_of_axes_is_refused():
    axes = Figure().subplots(1, 2)
    with pytest.raises(TypeError, match=r"one Axes of Matplotlib, got ndarray; take one of them, such as axes\[0\]"):
        plots.loss_curves(HISTORY, ax=axes)


def test_several_panels_need_a_place_in_a_grid():
    with pytest.raises(ValueError, match=r"axes that come from subplots\(\)"):
        plots.activation_histograms([[1.0]], ax=Figure().add_axes((0, 0, 1, 1)))


def test_unknown_themes_and_colours_are_refused():
    with pytest.raises(ValueError, match="there is no theme 'pink'"):
        plots.loss_curves(HISTORY, theme="pink")
    with pytest.raises(ValueError, match=r"a list of colours such as .*, got 'blu'"):
        plots.loss_curves(HISTORY, colours=["blu"])
    with pytest.raises(ValueError, match=r"a list of colours such as .*, got none"):
        plots.loss_curves(HISTORY, colours=[])


def test_colours_of_ones_own_are_used_in_turn():
    ax = plots.loss_curves({"a": losses(1, 2), "b": losses(2, 3), "c": losses(3, 4)}, colours=["#112233", "#445566"])
    assert [line.get_color() for line in ax.lines] == ["#112233", "#445566", "#112233"]


def test_a_missing_matplotlib_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.colors", None)
    with pytest.raises(ImportError, match=r'pip install "chainrule\[plots\]"'):
        plots.loss_curves(HISTORY)


def test_a_plot_can_be_pickled_and_shows_itself_still():
    ax = pickle.loads(pickle.dumps(plots.confusion_matrix([[5, 1], [0, 4]])))
    assert ax.get_title() == "accuracy 90.0 %"
    assert "image/png" in ax._repr_mimebundle_()[0]


def test_a_picture_shows_what_was_added_to_the_axes_later():
    ax = plots.loss_curves(HISTORY)
    before = ax._repr_mimebundle_()[0]["image/png"]
    ax.axhline(1.0)
    assert ax._repr_mimebundle_()[0]["image/png"] != before


def test_plots_show_themselves_in_a_notebook():
    for package in ("nbformat", "nbclient", "ipykernel"):
        pytest.importorskip(package, reason="needs nbclient and ipykernel: pip install -e '.[dev]'")
    import nbclient
    import nbformat

    start = "from viz import plots\nhistory = [{'loss': 2.0}, {'loss': 1.0}]"
    panels = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(1, 2)\n"
    panels += "plots.loss_curves(history, ax=axes[0])\nplots.schedule([0.1, 0.2], ax=axes[1]);"
    cells = [start, "plots.loss_curves(history)", "plots.activation_histograms([[0.0, 1.0]])", panels]
    cells += [
        "plots.activation_histograms([[0.0, 1.0]])",
        "plots.loss_curves(history)",
        "x = plots.loss_curves(history)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute(env=os.environ | {"MPLBACKEND": INLINE})
    pictures = [sum("image/png" in output.get("data", {}) for output in cell.outputs) for cell in book.cells]
    # Once each: bare, with several panels, through pyplot, again after pyplot was imported; nothing when not asked.
    assert pictures == [0, 1, 1, 1, 1, 1, 0]


# Curves


def test_losses_of_training_and_validation():
    ax = plots.loss_curves(HISTORY)
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1, 2, 3]] * 2
    assert [line.get_ydata().tolist() for line in ax.lines] == [[2.0, 1.0, 0.5], [2.2, 1.5, 1.25]]
    assert labels(ax) == ["training", "validation"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("epoch", "loss", "linear")
    assert not ax.lines[0].is_dashed()
    assert ax.lines[1].is_dashed()


def test_another_metric_and_the_gap():
    ax = plots.loss_curves(HISTORY, metric="accuracy", gap=True)
    assert ax.lines[1].get_ydata().tolist() == [0.25, 0.5, 0.6]
    assert ax.get_ylabel() == "accuracy"
    assert texts(ax) == ["gap 0.3"]
    assert len(ax.collections) == 1


def test_several_runs_share_a_colour_each():
    ax = plots.loss_curves({"SGD": HISTORY, "Adam": losses(3, 2)}, log=True)
    assert labels(ax) == ["SGD, training", "SGD, validation", "Adam"]
    colours = [line.get_color() for line in ax.lines]
    assert colours[0] == colours[1] != colours[2]
    assert ax.get_yscale() == "log"


def test_validation_may_be_rarer_than_training():
    records = losses(4, 3, 2, 1)
    records[1]["val_loss"], records[3]["val_loss"] = 3.5, None
    records[2]["val_loss"] = 2.5
    assert plots.loss_curves(records).lines[1].get_xdata().tolist() == [2, 3]


def test_records_without_epochs_are_numbered_and_numbers_may_be_values_or_tensors():
    ax = plots.loss_curves([{"loss": Value(2.0)}, {"loss": tensor(1.0)}, {"loss": np.float32(0.5)}])
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert ax.lines[0].get_ydata().tolist() == [2.0, 1.0, 0.5]


@pytest.mark.parametrize(
    ("numbers", "log", "drawn", "note"),
    [
        ([2.0, NAN, 1.0], False, [2.0, NAN, 1.0], "nan at epoch 2"),
        ([2.0, INF, NAN], False, [2.0, NAN, NAN], "infinite or nan from epoch 2"),
        ([2.0, 0.0, 1.0], True, [2.0, NAN, 1.0], "zero at epoch 2"),
        ([2.0, 0.0, 1.0], False, [2.0, 0.0, 1.0], ""),
        ([NAN, NAN, NAN], False, [NAN, NAN, NAN], "nan from epoch 1"),
        ([NAN, 1, NAN, 1, NAN, 1, NAN, 1], False, [NAN, 1, NAN, 1, NAN, 1, NAN, 1], "nan at 4 of 8 points"),
    ],
)
def test_what_cannot_be_drawn_is_a_gap_that_the_legend_names(numbers, log, drawn, note):
    ax = plots.loss_curves(losses(*numbers), log=log)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), drawn)
    assert labels(ax) == [f"training ({note})" if note else "training"]
    ax._repr_mimebundle_()


def test_a_cross_marks_where_the_numbers_cease():
    (cross,) = plots.loss_curves(losses(2.0, 3.0, NAN)).collections
    assert cross.get_offsets().tolist() == [[2.0, 3.0]]
    assert not plots.loss_curves(losses(2.0, NAN, 3.0)).collections


@pytest.mark.parametrize(
    ("history", "error", "message"),
    [
        ([], ValueError, "the history is empty: train for at least one epoch"),
        ({}, ValueError, "the history is empty: there is no run"),
        ({"a": []}, ValueError, "the history of run 'a' is empty"),
        ({"loss": [2.0, 1.0]}, TypeError, r"the history of run 'loss' is a list of dicts.* got list \[2.0, 1.0\]"),
        ("loss", TypeError, "is a list of dicts, one per epoch, .* got str loss"),
        (None, TypeError, "is a list of dicts, one per epoch, .* got NoneType"),
        ([{"epoch": 1, "acc": 1.0}], ValueError, "record 0 of the history has no 'loss'; it has 'epoch', 'acc'"),
        ([{"loss": 1.0}, {}], ValueError, "record 1 of the history has no 'loss'; it has nothing"),
        ([{"loss": "low"}], TypeError, "'loss' of record 0 of the history is a number, got str low"),
        ([{"loss": np.ones(3)}], TypeError, "'loss' of record 0 of the history is a number, got ndarray"),
        ([{"epoch": 2, "loss": 1.0}, {"epoch": 1, "loss": 1.0}], ValueError, "must rise from record to record"),
    ],
)
def test_bad_histories_are_refused(history, error, message):
    with pytest.raises(error, match=message):
        plots.loss_curves(history)


def test_learning_rates_stand_in_order_and_those_that_fail_are_named():
    ax = plots.learning_rate_curves(
        {
            1e6: losses(2.0, NAN, NAN),
            0.3: losses(2.0, 5.0, 70.0),
            1e-6: losses(2.0, 2.0, 2.0),
            0.01: losses(2.0, 1.0, 0.5),
        }
    )
    assert labels(ax) == ["1e-06", "0.01", "0.3 (explodes)", "1e+06 (nan from epoch 2)"]
    assert ax.get_legend().get_title().get_text() == "learning rate"
    assert ax.get_ylim() == (0.0, 6.0)
    assert plots.learning_rate_curves({0.3: losses(2.0, 70.0)}, ceiling=None).get_ylim()[1] > 70


@pytest.mark.parametrize("rate", ["0.1", 0, -1.0, NAN, None])
def test_learning_rates_are_positive_numbers(rate):
    with pytest.raises(ValueError, match="positive numbers, got"):
        plots.learning_rate_curves({rate: HISTORY})


def test_learning_rates_of_a_list_are_refused():
    with pytest.raises(TypeError, match=r"give a dict of runs, .* got list"):
        plots.learning_rate_curves(HISTORY)


def test_update_ratios_and_the_line_at_a_thousandth():
    ax = plots.update_ratios(HISTORY)
    assert ax.lines[0].get_ydata().tolist() == [4e-3, 1e-3, 2e-4]
    assert ax.lines[1].get_ydata() == [1e-3, 1e-3]
    assert ax.get_yscale() == "log"
    low, high = ax.get_ylim()
    assert low <= 1e-4 < 1e-2 <= high


def test_update_ratios_per_parameter():
    ax = plots.update_ratios(
        {"SGD": [{"update_ratio": {"w": 1e-3, "b": 0.0}}, {"update_ratio": {"w": 2e-3, "b": 1e-3}}]}
    )
    assert labels(ax) == ["SGD, w", "SGD, b (zero at epoch 1)", "about right: 1e-3"]
    assert ax.lines[0].get_ydata().tolist() == [1e-3, 2e-3]


def test_bad_update_ratios_are_refused():
    with pytest.raises(ValueError, match="a ratio of sizes is not negative, got -1"):
        plots.update_ratios([{"update_ratio": -1.0}])
    with pytest.raises(ValueError, match="record 0 of the history has no 'update_ratio'"):
        plots.update_ratios(losses(1.0))


def test_schedules():
    ax = plots.schedule({"step": [0.1, 0.1, 0.1, 0.01], "linear": tensor([0.1, 0.08, 0.06])}, xlabel="epoch")
    np.testing.assert_allclose(ax.lines[1].get_ydata(), [0.1, 0.08, 0.06])
    assert ax.lines[0].get_xdata().tolist() == [0, 1, 2, 3]
    assert [line.get_drawstyle() for line in ax.lines] == ["steps-post", "default"]
    assert (labels(ax), ax.get_xlabel()) == (["step", "linear"], "epoch")
    assert plots.schedule([0.1]).get_legend() is None
    assert labels(plots.schedule({"to zero": [0.1, 0.0]}, log=True)) == ["to zero (zero at step 1)"]


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ([], "empty"),
        ({}, "there is no schedule"),
        ([[0.1]], r"got shape \(1, 1\)"),
        ({"a": [NAN]}, "rates of 'a' .*nan"),
    ],
)
def test_bad_schedules_are_refused(rates, message):
    with pytest.raises(ValueError, match=message):
        plots.schedule(rates)


# Decision boundaries


def boundary_of(ax):
    return np.concatenate([path.vertices for c in ax.collections if hasattr(c, "levels") for path in c.get_paths()])


@pytest.mark.parametrize(
    "predict",
    [
        lambda p: p @ np.ones(2) - 1.5,
        lambda p: (p @ np.ones(2) - 1.5)[:, None],
        lambda p: 1 / (1 + np.exp(1.5 - p @ np.ones(2))),
        lambda p: np.stack([1.5 - p @ np.ones(2), p @ np.ones(2) - 1.5], axis=1),
        lambda p: (p @ np.ones(2) > 1.5).astype(int),
        lambda p: p @ np.ones(2) > 1.5,
    ],
    ids=["score", "column", "probability", "scores", "class", "truth"],
)
def test_the_boundary_is_where_the_classifier_changes_its_mind(predict):
    ax = plots.decision_boundary(predict, SQUARE, [0, 0, 0, 1], resolution=60)
    np.testing.assert_allclose(boundary_of(ax).sum(axis=1), 1.5, atol=0.03)
    assert labels(ax) == ["class 0", "class 1"]
    assert ax.get_xlim() == ax.get_ylim() == (-0.15, 1.15)
    picture = np.asarray(ax.images[0].get_array())
    assert picture.shape == (60, 60, 3)
    assert np.abs(picture[0, 0] - picture[-1, -1]).max() > 0.1  # the corners are of different classes


def test_classes_may_be_minus_one_and_one_and_the_threshold_another():
    ax = plots.decision_boundary(lambda p: np.sign(p[:, 0] - 0.25), SQUARE, [-1, -1, 1, 1])
    assert labels(ax) == ["class -1", "class 1"]
    np.testing.assert_allclose(boundary_of(ax)[:, 0], 0.25, atol=0.01)
    ax = plots.decision_boundary(lambda p: p[:, 0], SQUARE, [0, 0, 1, 1], threshold=0.75)
    np.testing.assert_allclose(boundary_of(ax)[:, 0], 0.75, atol=0.01)


def test_several_classes_and_their_names():
    ax = plots.decision_boundary(
        lambda p: np.stack([0 * p[:, 0], p[:, 0] - 0.5, p[:, 1] - 0.5], axis=1), SQUARE, [0, 2, 1, 1], labels="abc"
    )
    assert labels(ax) == ["a", "b", "c"]
    points = [c.get_offsets().tolist() for c in ax.collections if not hasattr(c, "levels")]
    assert points == [[[0, 0]], [[1, 0], [1, 1]], [[0, 1]]]


def test_a_class_without_points_still_has_a_region():
    ax = plots.decision_boundary(lambda p: np.stack([p[:, 0], 0 * p[:, 0] + 0.5], axis=1), SQUARE, [0, 0, 0, 0])
    assert labels(ax) == ["class 0", "class 1"]


def test_predict_gets_what_X_is_and_records_nothing():
    seen = []
    weight = tensor([1.0, 1.0], requires_grad=True)

    def predict(points):
        seen.append(points)
        out = points @ weight - 1.5 if isinstance(points, autograd.Tensor) else points.sum(axis=1) - 1.5
        assert not getattr(out, "requires_grad", False)
        return out

    plots.decision_boundary(predict, tensor(SQUARE, dtype=float32), tensor([0, 0, 0, 1]), resolution=20)
    plots.decision_boundary(predict, SQUARE.astype(np.float32), [0, 0, 0, 1], resolution=20)
    assert [type(points) for points in seen] == [autograd.Tensor, np.ndarray]
    assert [points.shape for points in seen] == [(400, 2)] * 2
    assert all(points.dtype == np.float32 for points in seen)


@pytest.mark.parametrize(
    ("predict", "X", "y", "message"),
    [
        (lambda p: p[:, 0], SQUARE[:, :1], [0, 0, 1, 1], r"X has shape \(n, 2\), points in the plane, got \(4, 1\)"),
        (lambda p: p[:, 0], SQUARE, [0, 1], r"y has one class per point of X, shape \(4,\), got \(2,\)"),
        (lambda p: p[:, 0] * NAN, SQUARE, [0, 0, 1, 1], "predict gave nan or infinity for 90000 of 90000 points"),
        (lambda p: p[:5, 0], SQUARE, [0, 0, 1, 1], r"shape \(90000, 2\) into shape \(5,\)"),
        (lambda p: np.full(len(p), 7), SQUARE, [0, 0, 1, 1], r"predict gave the classes \[7\], but y has \[0, 1\]"),
        (lambda p: p[:, 0], SQUARE, [0, 1, 2, 2], "but y has"),
        (lambda p: p, SQUARE, [0, 1, 2, 3], "predict gives 2 scores per point, so y has classes from 0 to 1"),
        (lambda p: p[:, 0], SQUARE * NAN, [0, 0, 1, 1], r"X of shape \(4, 2\) has [48] numbers that are nan"),
        (lambda p: p[:, 0], np.empty((0, 2)), [], "X of shape .* is empty"),
    ],
)
def test_what_fits_no_boundary_is_refused(predict, X, y, message):
    with pytest.raises(ValueError, match=message):
        plots.decision_boundary(predict, X, y)


def test_other_bad_arguments_of_a_boundary():
    with pytest.raises(TypeError, match="predict is a function of points, got ndarray"):
        plots.decision_boundary(SQUARE, SQUARE, [0, 0, 0, 1])
    with pytest.raises(ValueError, match=r"there are 2 classes.* but 1 labels"):
        plots.decision_boundary(lambda p: p[:, 0], SQUARE, [0, 0, 1, 1], labels=["a"])
    with pytest.raises(ValueError, match="resolution is a number of points"):
        plots.decision_boundary(lambda p: p[:, 0], SQUARE, [0, 0, 1, 1], resolution=1)


# Activations


@pytest.mark.parametrize(
    ("f", "value", "slope"),
    [
        (lambda x: x.sigmoid(), lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
        (autograd.tanh, np.tanh, lambda x: 1 / np.cosh(x) ** 2),
        (lambda x: max(x, 0.1 * x), lambda x: np.maximum(x, 0.1 * x), lambda x: np.where(x >= 0, 1.0, 0.1)),
        (lambda x: x * 0.0 + 2.0, lambda x: 2 + 0 * x, lambda x: 0 * x),
    ],
    ids=["sigmoid", "tanh", "of Values only", "constant"],
)
def test_an_activation_and_its_derivative(f, value, slope):
    ax = plots.activation(f)
    curves = [line for line in ax.lines if len(line.get_xdata()) == 1001]
    x = np.linspace(-11, 11, 1001)
    np.testing.assert_allclose(curves[0].get_ydata(), value(x), atol=1e-12)
    np.testing.assert_allclose(curves[1].get_ydata(), slope(x), atol=1e-12)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["x = −10", "x = 0", "x = 10"]


def test_an_activation_says_its_numbers_at_the_marks():
    ax = plots.activation(autograd.relu)
    assert texts(ax) == ["0", "0", "0", "0", "10", "1"]
    assert ax.get_title() == "relu"
    assert texts(plots.activation(autograd.tanh, marks=[2.0])) == ["0.96403", "0.07065"]
    assert plots.activation(lambda x: x).get_title() == ""


def test_drawing_an_activation_leaves_other_gradients_alone():
    slope = tensor(0.25, requires_grad=True)
    plots.activation(lambda x: autograd.where(x > 0, x, x * slope))
    assert slope.grad is None


def test_functions_that_are_no_activation_are_refused():
    with pytest.raises(TypeError, match="f is a function, got float"):
        plots.activation(1.0)
    with pytest.raises(ValueError, match=r"f turned shape \(1004,\) into \(\): it works on each number by itself"):
        plots.activation(lambda x: x.sum())
    with pytest.raises(ValueError, match=r"limits is a pair \(lower, upper\) of numbers, got \(1, -1\)"):
        plots.activation(autograd.tanh, limits=(1, -1))
    with pytest.raises(RuntimeError, match="my own mistake"):
        plots.activation(broken)


def broken(*_):
    raise RuntimeError("my own mistake")


def test_histograms_say_mean_and_standard_deviation():
    rng = np.random.default_rng(0)
    layers = {"first": rng.normal(0, 0.213, (100, 50)), "second": tensor(np.maximum(rng.normal(0, 1, 4000), 0))}
    figure = plots.activation_histograms(layers, bins=20, limits=(-1, 1))
    first, second = figure.axes
    assert [first.get_title(), second.get_title()] == ["first", "second"]
    array = layers["first"]
    assert first.get_xlabel() == f"mean {array.mean():.3f}\nstd {array.std():.3f}".replace("-", "−")
    assert second.get_xlabel().splitlines()[2] == f"zero {100 * (np.asarray(layers['second']) == 0).mean():.0f} %"
    assert first.get_xlim() == second.get_xlim() == (-1.0, 1.0)
    (bars,) = first.patches
    counts = np.histogram(np.clip(array, -1, 1), 20, (-1, 1))[0]
    np.testing.assert_allclose(bars.get_data().values, counts / counts.max())


@pytest.mark.parametrize(
    ("spread", "text"), [(0.0476, "std 0.0476"), (0.000012, "std 1.2e−05"), (12.0, "std 12.0"), (0.0, "std 0.000")]
)
def test_small_deviations_keep_their_digits(spread, text):
    figure = plots.activation_histograms([np.array([-spread, spread])])
    assert figure.axes[0].get_xlabel().splitlines()[1] == text


def test_histograms_of_many_layers_stand_in_rows_and_name_what_is_not_finite():
    figure = plots.activation_histograms([np.arange(4.0)] * 6 + [[1.0, NAN, INF, 2.0]], columns=4)
    assert len(figure.axes) == 7
    assert figure.axes[4].get_subplotspec().rowspan.start == 1
    assert figure.axes[6].get_title() == "layer 7"
    assert figure.axes[6].get_xlabel() == "mean 1.500\nstd 0.500\n50 % nan or inf"
    assert plots.activation_histograms([[NAN]]).axes[0].get_xlabel().endswith("100 % nan or inf")


def test_saturation_counts_both_ends():
    ax = plots.saturation([[-1.0, -0.99, 0.0, 1.0], [0.0, 0.1, 0.2, 0.96]])
    assert [bar.get_height() for bar in ax.patches] == [50, 0, 25, 25]
    assert texts(ax) == ["75 %", "25 %"]
    assert labels(ax) == ["≤ −0.95", "≥ 0.95"]


@pytest.mark.parametrize("draw", [plots.activation_histograms, plots.saturation])
def test_bad_layers_are_refused(draw):
    with pytest.raises(ValueError, match="there is no layer to draw"):
        draw([])
    with pytest.raises(ValueError, match=r"activations of layer 1 of shape \(0,\) is empty"):
        draw([[]])
    with pytest.raises(TypeError, match="activations of a is an array of numbers or a tensor, got list"):
        draw({"a": [[1.0], [1.0, 2.0]]})
    with pytest.raises(TypeError, match="give a list or a dict with one entry per layer, got ndarray"):
        draw(np.ones((3, 3)))


def test_bad_bounds_are_refused():
    with pytest.raises(ValueError, match="give low, high or both"):
        plots.saturation([[1.0]], low=None, high=None)
    with pytest.raises(ValueError, match="low must be below high"):
        plots.saturation([[1.0]], low=1.0, high=0.0)
    with pytest.raises(ValueError, match="bins is a whole number of at least 1, got 0"):
        plots.activation_histograms([[1.0]], bins=0)


# Images


def tiles(ax):
    return [np.asarray(image.get_array()) for image in ax.images]


def test_filters_of_three_channels_are_in_colour():
    weights = np.random.default_rng(0).normal(size=(7, 3, 5, 4))
    ax = plots.filters(tensor(weights, requires_grad=True))
    assert len(ax.images) == 7
    low, high = weights[2].min(), weights[2].max()
    np.testing.assert_allclose(tiles(ax)[2], (weights[2].transpose(1, 2, 0) - low) / (high - low))
    assert len(ax.get_figure().axes) == 1  # no scale


def test_other_filters_show_their_signs_on_one_scale():
    weights = np.random.default_rng(0).normal(size=(4, 2, 3, 3))
    ax = plots.filters(weights)
    np.testing.assert_array_equal(tiles(ax)[3], weights[1, 1])
    assert {image.get_clim() for image in ax.images} == {(-abs(weights).max(), abs(weights).max())}
    lefts = [image.get_extent()[0] for image in ax.images]
    assert lefts[0::2] == [0.0] * 4  # a row per filter
    assert len(ax.get_figure().axes) == 2


def test_filters_that_are_all_zero_can_be_drawn():
    for channels in (1, 3):
        plots.filters(np.zeros((2, channels, 3, 3)))._repr_mimebundle_()


def test_feature_maps_after_a_relu_run_from_black():
    maps = np.maximum(np.random.default_rng(0).normal(size=(1, 6, 4, 4)), 0)
    ax = plots.feature_maps(maps)
    assert len(ax.images) == 6
    assert ax.images[0].get_clim() == (0.0, maps.max())
    assert ax.images[0].get_cmap()(0.0)[:3] < (0.01, 0.01, 0.02)
    assert plots.feature_maps(maps[0] - 1).images[0].get_clim()[0] < 0


def test_templates_are_rows_as_images():
    weights = np.arange(24.0).reshape(2, 12)
    ax = plots.templates(weights, ["cat", "dog"])
    assert tiles(ax)[0].shape == (2, 2, 3)
    assert texts(ax) == ["cat", "dog"]
    ax = plots.templates(weights, shape=(3, 4))
    np.testing.assert_array_equal(tiles(ax)[1], weights[1].reshape(3, 4))


def test_images_with_labels_and_predictions():
    batch = np.arange(27, dtype=np.uint8).reshape(3, 1, 3, 3)
    ax = plots.images(batch, tensor([0, 1, 1]), [0, 0, 1], names=["cat", "dog"])
    assert texts(ax) == ["✓ cat", "✗ cat (dog)", "✓ dog"]
    colours = [text.get_color() for text in ax.texts]
    assert colours == [THEMES["default"].value, THEMES["default"].gradient, THEMES["default"].value]
    np.testing.assert_allclose(tiles(ax)[1], batch[1, 0] / 255)
    assert texts(plots.images(batch, [3, 4, 5])) == ["3", "4", "5"]
    assert texts(plots.images(batch)) == []


def test_floats_of_images_are_stretched_only_beyond_their_range():
    inside, beyond = np.array([[0.25, 0.5]]), np.array([[-1.0, 3.0]])
    ax = plots.images(np.stack([inside, beyond]))
    np.testing.assert_array_equal(tiles(ax)[0], inside)
    np.testing.assert_array_equal(tiles(ax)[1], [[0.0, 1.0]])


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.filters(np.ones((3, 3))), r"\(filters, channels, height, width\), got \(3, 3\)"),
        (lambda: plots.filters(np.ones((0, 3, 3, 3))), "is empty"),
        (lambda: plots.filters(np.full((1, 1, 2, 2), NAN)), "has 4 numbers that are nan or infinite"),
        (lambda: plots.filters(np.ones((1, 1, 2, 2)), columns=0), "columns is how many tiles"),
        (lambda: plots.feature_maps(np.ones((2, 3, 4, 4))), r"take one image of the batch, maps\[0\]"),
        (lambda: plots.templates(np.ones((2, 3073))), r"3073 numbers, .*give shape=\(height, width\)"),
        (lambda: plots.templates(np.ones((2, 12)), shape=(5, 5)), r"no image of shape \(5, 5\)"),
        (lambda: plots.templates(np.ones((2, 4)), ["a"]), "there are 2 templates, but 1 labels"),
        (lambda: plots.images(np.ones((8, 8))), r"image\[None\], of shape \(1, 8, 8\)"),
        (lambda: plots.images(np.ones((2, 5, 8, 8))), r"got \(2, 5, 8, 8\)"),
        (lambda: plots.images(np.full((1, 2, 2), 300)), "from 0 to 255, got 300 to 300"),
        (lambda: plots.images(np.ones((2, 2, 2)), [0]), "there are 2 images, but 1 labels"),
        (lambda: plots.images(np.ones((1, 2, 2)), [5], names=["a", "b"]), "class 5 has no name: names has 2"),
    ],
)
def test_what_makes_no_image_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


# Surfaces


def test_the_steps_of_descent_lie_on_the_curve():
    ax = plots.loss_curve_1d(lambda w: (w - 1) ** 2, [3.0, 2.0, 1.5])
    curve, steps = ax.lines
    np.testing.assert_allclose(curve.get_ydata(), (curve.get_xdata() - 1) ** 2)
    assert steps.get_ydata().tolist() == [4.0, 1.0, 0.25]
    assert texts(ax) == ["", "", "start"]  # two arrows
    assert ax.get_xlim()[0] < 1.5 < 3.0 < ax.get_xlim()[1]
    assert ax.get_legend() is None


def test_steps_that_leave_the_picture_are_counted():
    ax = plots.loss_curve_1d(lambda w: w**2, {"too large": [1.0, -9.0, 1.5, NAN], "right": [1.0, 0.5]}, limits=(-2, 2))
    assert labels(ax) == ["too large (2 of 4 points outside)", "right"]
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), [1.0, NAN, 2.25, NAN])
    assert texts(ax).count("") == 1  # no arrow jumps over what is missing
    assert len(plots.loss_curve_1d(lambda w: w**2, limits=(-2, 2)).lines) == 1


def test_a_loss_of_values_can_be_drawn():
    ax = plots.loss_curve_1d(lambda w: max(w, -w) if isinstance(w, Value) else broken(), [1.0, -1.0])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), abs(ax.lines[0].get_xdata()))


def test_a_surface_shows_contours_and_the_minimum():
    ax = plots.loss_surface(bowl, ((-3, 3), (-1, 2)), minimum=(0, 0), labels=("a", "b"))
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3, 3), (-1, 2))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
    assert ax.lines[0].get_xydata().tolist() == [[0, 0]]
    _, contours = ax.collections
    assert len(contours.levels) == 17
    level = contours.levels[8]
    points = contours.get_paths()[8].vertices
    np.testing.assert_allclose(bowl(*points.T), level, rtol=0.02)


def test_paths_of_optimisers_and_where_they_end():
    ways = {
        "SGD": [(2.0, 1.0), (1.0, -0.5), (0.5, 0.25)],
        "too fast": [(2.0, 1.0), (-9.0, 8.0), (INF, NAN), (1.0, 1.0)],
    }
    ax = plots.optimiser_paths(bowl, ways, limits=((-3, 3), (-2, 2)), minimum=(0, 0))
    assert labels(ax) == ["minimum", "SGD", "too fast (nan or infinite from step 2)"]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert drawn["SGD"] == [list(point) for point in ways["SGD"]]
    assert drawn["too fast (nan or infinite from step 2)"] == [[2.0, 1.0], [-9.0, 8.0]]
    ax = plots.optimiser_paths(bowl, [tensor(ways["SGD"])])
    assert labels(ax) == ["path 1"]
    assert ax.get_xlim()[0] < 0.5 < 2.0 < ax.get_xlim()[1]


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda: plots.loss_curve_1d(lambda w: w), ValueError, r"give limits=\(lower, upper\)"),
        (lambda: plots.loss_curve_1d(lambda w: w, [NAN]), ValueError, "there are no finite iterates"),
        (lambda: plots.loss_curve_1d(lambda w: w, [[1.0]]), ValueError, r"got shape \(1, 1\)"),
        (lambda: plots.loss_curve_1d(lambda w: w, [1.0], limits=(1, 1)), ValueError, "limits is a pair"),
        (lambda: plots.loss_curve_1d(2.0, [1.0]), TypeError, "the loss is a function, got float"),
        (lambda: plots.loss_curve_1d(broken, [1.0]), RuntimeError, "my own mistake"),
        (lambda: plots.loss_curve_1d(lambda w: w[:3], [1.0]), ValueError, r"gave shape \(3,\) for 401 points"),
        (lambda: plots.loss_curve_1d(lambda w: w * NAN, [1.0]), ValueError, "nan or infinite everywhere"),
        (lambda: plots.loss_surface(bowl, (-1, 1)), ValueError, "the first of limits is a pair"),
        (lambda: plots.loss_surface(bowl, 3), ValueError, "limits is a pair of ranges"),
        (lambda: plots.loss_surface(lambda x, y: 1.0), ValueError, "the loss is 1 everywhere"),
        (lambda: plots.loss_surface(bowl, levels=1), ValueError, "levels is a whole number of at least 2, got 1"),
        (lambda: plots.optimiser_paths(bowl, {}), ValueError, "there is no path to draw"),
        (lambda: plots.optimiser_paths(bowl, np.ones((3, 2))), TypeError, "one entry per path, got ndarray"),
        (lambda: plots.optimiser_paths(bowl, {"a": [1.0, 2.0]}), ValueError, r"'a' has shape \(steps, 2\), .*\(2,\)"),
        (lambda: plots.optimiser_paths(bowl, {"a": [(NAN, NAN)]}), ValueError, "no path has a finite point"),
    ],
)
def test_what_makes_no_surface_is_refused(draw, error, message):
    with pytest.raises(error, match=message):
        draw()


# Confusion matrix


def test_a_confusion_matrix_counts():
    true, predicted = tensor([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0])
    ax = plots.confusion_matrix(true, predicted, labels=["cat", "dog", "frog"])
    assert texts(ax) == ["1", "1", "0", "0", "2", "0", "1", "0", "0"]
    assert ax.get_title() == "accuracy 60.0 %"
    assert [text.get_text() for text in ax.get_yticklabels()] == ["cat", "dog", "frog"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_a_confusion_matrix_of_counts_is_the_same():
    one = plots.confusion_matrix([[1, 1, 0], [0, 2, 0], [1, 0, 0]])
    two = plots.confusion_matrix([0, 0, 1, 1, 2], [0, 1, 1, 1, 0])
    np.testing.assert_array_equal(one.images[0].get_array(), two.images[0].get_array())
    assert texts(one) == texts(two)


def test_many_classes_have_no_numbers():
    assert texts(plots.confusion_matrix(np.eye(21))) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 2, 3], [4, 5, 6]],), r"got shape \(2, 3\)"),
        (([0, 1, 1],), r"for lists of classes call confusion_matrix\(true, predicted\)"),
        (([[1, -1], [0, 1]],), "the matrix holds counts, got -1"),
        (([[0, 0], [0, 0]],), "only zeros"),
        (([[1, NAN], [0, 1]],), "has 1 numbers that are nan"),
        (([0, 1], [0, 1, 1]), "2 true classes, but 3 predicted ones"),
        (([0, 1.5], [0, 1]), "the true classes are whole numbers from 0 on"),
        (([0, 1], [0, -1]), "the predicted classes are whole numbers from 0 on, .*least -1"),
        (([], []), "the true classes of shape .* is empty"),
    ],
)
def test_bad_confusions_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        plots.confusion_matrix(*arguments)


def test_labels_must_fit_the_confusion_matrix():
    with pytest.raises(ValueError, match="2 classes, but there are 3 labels"):
        plots.confusion_matrix([[1, 0], [0, 1]], labels="abc")
    with pytest.raises(ValueError, match="there is a class 2, but 2 labels name only classes 0 to 1"):
        plots.confusion_matrix([0, 2], [0, 1], labels="ab")

"""Networks from one line of text, and their summary."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from nn import from_pattern, summary

IMAGE = (1, 28, 28)


def kinds(model):
    return [type(module).__name__ for module in model]


def test_the_lectures_pattern():
    model = from_pattern("[(CONV16-RELU)*2-POOL]*2-(FC64-RELU)*1-FC10", input_shape=IMAGE)
    block = ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d"]
    assert kinds(model) == [*block, *block, "Flatten", "Linear", "ReLU", "Linear"]
    assert model(autograd.zeros(2, *IMAGE)).shape == (2, 10)
    assert model[11].in_features == 16 * 7 * 7


@pytest.mark.parametrize(
    ("pattern", "shape", "expected"),
    [
        ("CONV10x5", (3, 32, 32), "Conv2d(3, 10, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))"),
        ("CONV6x5p0", (3, 32, 32), "Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))"),
        ("CONV6x2", IMAGE, "Conv2d(1, 6, kernel_size=(2, 2), stride=(1, 1), padding=same)"),
        ("conv6s2", IMAGE, "Conv2d(1, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))"),
        ("CONV4x3", (2, 9), "Conv1d(2, 4, kernel_size=(3,), stride=(1,), padding=(1,))"),
        ("POOL3s2", IMAGE, "MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)"),
        ("AVGPOOL", IMAGE, "AvgPool2d(kernel_size=2, stride=2, padding=0)"),
        ("AVGPOOL3s1p1", (2, 9), "AvgPool1d(kernel_size=(3,), stride=(1,), padding=(1,))"),
        ("GAP", IMAGE, "AdaptiveAvgPool2d(output_size=1)"),
        ("BN", IMAGE, repr(nn.BatchNorm2d(1))),
        ("BN", (7,), repr(nn.BatchNorm1d(7))),
        ("DROPOUT0.25", (7,), "Dropout(p=0.25, inplace=False)"),
        ("DROPOUT0", (7,), "Dropout(p=0.0, inplace=False)"),
        ("FC3", (7,), "Linear(in_features=7, out_features=3, bias=True)"),
        ("FLATTEN", IMAGE, "Flatten(start_dim=1, end_dim=-1)"),
        ("SOFTMAX", (7,), "Softmax(dim=1)"),
        (" LeakyReLU ", (7,), "LeakyReLU(negative_slope=0.01)"),
        ("TANH", 7, "Tanh()"),
    ],
)
def test_every_layer(pattern, shape, expected):
    (module,) = from_pattern(pattern, shape)
    assert repr(module) == expected
    module.eval()(autograd.zeros(1, *np.atleast_1d(shape).tolist()))


def test_a_question_mark_leaves_out_what_does_not_fit():
    assert kinds(from_pattern("[POOL?]*6-FC3", (1, 8, 8))) == ["MaxPool2d"] * 3 + ["Flatten", "Linear"]
    assert kinds(from_pattern("(POOL-POOL)?-GAP", (1, 2, 2))) == ["MaxPool2d", "AdaptiveAvgPool2d"]


ERRORS = [
    ("CONV16-COMV8", "there is no layer COMV", 7),
    ("(CONV16-RELU", "this '(' has no ')'", 0),
    ("RELU-[CONV16-(RELU)", "this '[' has no ']'", 5),
    ("CONV16-RELU)", "')' is not expected here; layers are joined by '-'", 11),
    ("(CONV16]", "']' is not expected here, but ')' or '-'", 7),
    ("CONV16 RELU", "'R' is not expected here", 7),
    ("CONV16--RELU", "here a layer is missing", 7),
    ("CONV16-", "here a layer is missing", 7),
    ("", "here a layer is missing", 0),
    ("()", "here a layer is missing", 1),
    ("POOL*x", "a whole number from 1", 5),
    ("POOL*0", "a whole number from 1", 5),
    ("POOL*N", "a whole number from 1", 5),
    ("(RELU*9999)*9999", "at most 10,000", 12),
    ("CONV", "CONV needs the number of its filters, such as CONV16", 4),
    ("FC-RELU", "FC needs the number of its outputs", 2),
    ("DROPOUT", "DROPOUT needs a probability", 7),
    ("DROPOUT1.5", "between 0 and 1", 7),
    ("CONV16x5q2", "CONV takes only x, s, p here, each once; not 'q'", 8),
    ("CONV16x5x3", "each once; not 'x'", 8),
    ("CONV16s0", "after 's' comes a whole number", 7),
    ("CONV0", "whole and at least 1", 4),
    ("FC2.5", "whole and at least 1", 2),
    ("RELU3", "RELU takes no number", 4),
    ("FC3x2", "FC takes no options; not 'x'", 3),
    ("FC10-CONV3", "CONV needs images: it has to come before FC and FLATTEN, and its input has shape (10,)", 5),
    ("RELU-POOL29", "its window 29x29 is larger than the image, and its input has shape (1, 28, 28)", 5),
    ("[POOL-RELU]*6", "its input has shape (1, 1, 1)", 1),
    ("CONV8x31p1", "its window 31x31 is larger", 0),
    ("POOL3p2", "padding 2 is more than half of its window 3", 0),
    ("RELU-\n COMV", "there is no layer COMV", 7),
]


@pytest.mark.parametrize(("pattern", "message", "place"), ERRORS, ids=[e[0] for e in ERRORS])
def test_errors_point_at_the_character(pattern, message, place):
    with pytest.raises(ValueError, match=r"^from_pattern: ") as caught:
        from_pattern(pattern, IMAGE)
    problem, text, caret = str(caught.value).split("\n")
    assert message in problem
    assert text == "  " + pattern.replace("\n", " ")
    assert caret == "  " + " " * place + "^"


def test_arguments_of_the_wrong_kind():
    with pytest.raises(TypeError, match="the pattern is a text, got list"):
        from_pattern(["FC3"], IMAGE)  # pyright: ignore[reportArgumentType]
    for shape in ((), (0, 3), (1, 2, 3, 4), (1.5,)):
        with pytest.raises(ValueError, match="input_shape"):
            from_pattern("FC3", shape)
    with pytest.raises(ValueError, match="more than 100 parentheses"):
        from_pattern("(" * 5000 + "FC3" + ")" * 5000, IMAGE)


@given(st.text(alphabet="CONVPLFREU()[]*?-x123 .", max_size=30))
def test_any_text_gives_a_network_or_a_clear_error(pattern):
    try:
        made = from_pattern(pattern, (2, 8, 8))
    except ValueError as error:
        made = str(error)
    assert isinstance(made, nn.Sequential) or made.startswith("from_pattern: ")


# Summary


def test_the_lectures_number_of_parameters():
    found = summary(nn.Conv2d(3, 10, 5, padding=2), (3, 32, 32))
    assert found.total_parameters == found.trainable_parameters == 760
    assert found.rows == [("", "Conv2d", (1, 10, 32, 32), 760)]
    assert found.size == 760 * 4


def test_the_table():
    model = from_pattern("CONV4-BN-RELU-POOL-FC3", (1, 8, 8))
    model[0].requires_grad_(False)
    assert repr(summary(model, (1, 8, 8))) == "\n".join(
        [
            "Layer             Output shape  Parameters",
            "------------------------------------------",
            "Sequential        (N, 3)                 -",
            "  0: Conv2d       (N, 4, 8, 8)          40",
            "  1: BatchNorm2d  (N, 4, 8, 8)           8",
            "  2: ReLU         (N, 4, 8, 8)           -",
            "  3: MaxPool2d    (N, 4, 4, 4)           -",
            "  4: Flatten      (N, 64)                -",
            "  5: Linear       (N, 3)               195",
            "------------------------------------------",
            "input (N, 1, 8, 8)",
            "243 parameters, 203 trainable, 40 frozen",
            "0.00 MB of parameters and buffers",
        ]
    )


def test_shared_parameters_count_once_and_several_outputs_are_listed():
    layer = nn.Linear(4, 4)
    found = summary(nn.Sequential(layer, nn.ReLU(), layer), (4,))
    assert found.total_parameters == 20
    assert sum(row.parameters for row in found.rows) == 20
    found = summary(nn.LSTM(4, 3, batch_first=True), (7, 4))
    assert found.rows[0].output_shape == [(1, 7, 3), [(1, 1, 3), (1, 1, 3)]]
    found = summary(nn.Sequential(nn.Embedding(9, 3), nn.Flatten()), (5,), dtype=autograd.int64)
    assert found.rows[-1].output_shape == (1, 15)
    unused = nn.ModuleDict({"a": nn.Linear(1, 1)})
    net = nn.Sequential(nn.ReLU())
    net[0].extra = unused
    assert summary(net, (2,)).rows[-1] == ("0.extra.a", "Linear", None, 2)


class Counting(nn.Module):
    """Changes a buffer at every call, and may fail afterwards."""

    def __init__(self, fails):
        self.calls = nn.Buffer([0.0])
        self.inner = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5))
        self.inner[1].eval()
        self.fails = fails

    def forward(self, x):
        self.calls += 1.0
        x = self.inner(x)
        if self.fails:
            raise KeyError("forward")
        return x


@pytest.mark.parametrize("fails", [False, True])
def test_the_network_is_as_it_was(fails):
    net = Counting(fails).double()
    seen = []
    net.inner.register_forward_hook(lambda *arguments: seen.append(arguments))
    state = {name: x.numpy().copy() for name, x in net.state_dict().items()}
    modes = [module.training for module in net.modules()]
    if fails:
        with pytest.raises(KeyError):
            summary(net, (3,))
    else:
        summary(net, (3,))
    assert [module.training for module in net.modules()] == modes
    assert all((x.numpy() == state[name]).all() for name, x in net.state_dict().items())
    assert len(seen) == 1
    assert all(not any(module._hooks.values()) for module in net.modules() if module is not net.inner)
    assert all(x.grad is None for x in net.parameters())


def test_a_sample_that_does_not_fit():
    with pytest.raises(ValueError, match="linear: input"):
        summary(nn.Linear(3, 2), (4,))
    with pytest.raises(TypeError, match="takes a module, got function"):
        summary(lambda x: x, (4,))
    with pytest.raises(TypeError, match="whole numbers"):
        summary(nn.Linear(3, 2), (3.0,))

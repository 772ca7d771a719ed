"""ONNX files: onnxruntime computes what the network computes, for every layer; names, errors."""

import sys

import numpy as np
import pytest

import nn
from autograd import manual_seed, no_grad, tensor
from nn.onnx.graph import RULES, exports

onnx = pytest.importorskip("onnx", reason="exporting needs the files extra")
RUNTIME = "running an exported network needs onnxruntime, of the dev extra"
NEWEST = min(onnx.defs.onnx_opset_version(), 23)  # newer ones are not in every onnxruntime


def run(path, inputs):
    runtime = pytest.importorskip("onnxruntime", reason=RUNTIME)
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {"input": inputs})[0]


def inputs_for(shape, dtype, batch=3):
    generator = np.random.default_rng(0)
    if np.dtype(dtype).kind == "i":
        return generator.integers(0, 5, (batch, *shape)).astype(dtype)
    return generator.normal(size=(batch, *shape)).astype(dtype)


def agrees(model, shape, path, dtype=np.float32, **options):
    """Export and compare, for several sizes of the batch."""
    nn.export_onnx(model, path, shape, **options)
    for batch in (1, 3):
        inputs = inputs_for(shape, dtype, batch)
        modes = {module: module.training for module in model.modules()}
        with no_grad():
            expected = model.eval()(tensor(inputs)).numpy()
        for module, mode in modes.items():
            module.training = mode
        found = run(path, inputs)
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


LAYERS = {
    "linear": (lambda: nn.Linear(4, 3), (4,)),
    "linear without bias": (lambda: nn.Linear(4, 3, bias=False), (4,)),
    "linear of sequences": (lambda: nn.Linear(4, 3), (5, 4)),
    "linear of sequences without bias": (lambda: nn.Linear(4, 3, bias=False), (5, 4)),
    "relu": (lambda: nn.ReLU(), (3, 2)),
    "identity": (lambda: nn.Identity(), (3,)),
    "flatten": (lambda: nn.Flatten(), (2, 3, 4)),
    "flatten some": (lambda: nn.Flatten(2, 3), (2, 3, 4, 2)),
    "flatten from the second": (lambda: nn.Flatten(1, -2), (2, 3, 4)),
    "empty": (lambda: nn.Sequential(), (2,)),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("opset", sorted({20, NEWEST}))
def test_onnxruntime_computes_the_same(tmp_path, name, opset):
    make, shape = LAYERS[name]
    manual_seed(0)
    agrees(make(), shape, tmp_path / "model.onnx", opset=opset)


def test_every_rule_has_a_sample():
    made = {kind for make, _ in LAYERS.values() for kind in type(make()).__mro__}
    assert [kind.__name__ for kind in RULES if kind.__module__.startswith("nn.") and kind not in made] == []


def test_double_precision(tmp_path):
    agrees(nn.Sequential(nn.Linear(4, 3), nn.ReLU()).double(), (4,), tmp_path / "x.onnx", np.float64)


class Net(nn.Sequential):
    """A Sequential with a name and nothing else of its own."""


def nested():
    manual_seed(0)
    shared = nn.ReLU()
    return Net({"flat": nn.Flatten(), "body": nn.Sequential(nn.Linear(6, 5), shared), "again": shared})


def test_names_are_those_of_the_state_dict_and_the_batch_is_open(tmp_path):
    model = nested()
    agrees(model, (2, 3), tmp_path / "x.onnx")
    graph = onnx.load(tmp_path / "x.onnx").graph
    parameters = {x.name: onnx.numpy_helper.to_array(x) for x in graph.initializer}
    assert parameters.keys() == model.state_dict().keys()
    assert all(np.array_equal(parameters[name], value) for name, value in model.state_dict().items())
    shapes = [[d.dim_param or d.dim_value for d in x.type.tensor_type.shape.dim] for x in [*graph.input, *graph.output]]
    assert shapes == [["batch", 2, 3], ["batch", 5]]
    assert [x.name for x in [*graph.input, *graph.output]] == ["input", "output"]
    assert [node.name for node in graph.node] == ["flat/Flatten", "body.0/Gemm", "body.1/Relu", "again/Relu"]
    assert graph.name == "Net"


def test_exporting_changes_nothing_in_the_model(tmp_path):
    model = nested()
    model.body.eval()
    before = [module.training for module in model.modules()]
    nn.export_onnx(model, tmp_path / "x.onnx", (2, 3))
    assert [module.training for module in model.modules()] == before
    assert all(parameter.grad is None for parameter in model.parameters())


# A rule of the user


class Residual(nn.Module):
    """The input is added to what the body makes of it."""

    def __init__(self, body):
        self.body = body

    def forward(self, input):
        return input + self.body(input)


def test_a_module_without_a_rule_is_named_with_its_place(tmp_path):
    model = nn.Sequential(nn.Linear(4, 4), nn.Sequential(nn.ReLU(), Residual(nn.Linear(4, 4))))
    with pytest.raises(
        TypeError, match=r"'1\.1' \(Residual\) cannot be exported.*Linear.*nn\.onnx\.exports\(Residual\)"
    ):
        nn.export_onnx(model, tmp_path / "x.onnx", (4,))
    assert list(tmp_path.iterdir()) == []


def test_a_class_with_a_forward_of_its_own_does_not_use_the_rule_of_its_base(tmp_path):
    class Shifted(nn.Linear):
        def forward(self, input):
            return super().forward(input) + 1

    with pytest.raises(TypeError, match=r"the model \(Shifted\) cannot be exported"):
        nn.export_onnx(Shifted(2, 2), tmp_path / "x.onnx", 2)


def test_a_user_declares_a_rule(tmp_path, monkeypatch):
    monkeypatch.setattr("nn.onnx.graph.RULES", dict(RULES))

    @exports(Residual)
    def residual(graph, layer, x):
        return graph.add("Add", x, graph.run("body", layer.body, x))

    model = nn.Sequential(nn.Linear(4, 4), Residual(nn.Sequential(nn.Linear(4, 4), nn.ReLU())), nn.Linear(4, 2))
    agrees(model, (4,), tmp_path / "x.onnx")
    names = {x.name for x in onnx.load(tmp_path / "x.onnx").graph.initializer}
    assert names == model.state_dict().keys()
    with pytest.raises(TypeError, match="exports takes classes of modules"):
        exports(residual)


# Errors


def test_an_input_that_does_not_fit_names_the_layer(tmp_path):
    model = nn.Sequential(nn.ReLU(), nn.Linear(4, 3))
    with pytest.raises(ValueError, match=r"'1' \(Linear\): its input has shape \('batch', 5\)"):
        nn.export_onnx(model, tmp_path / "x.onnx", (5,))
    assert model.training
    assert list(tmp_path.iterdir()) == []


def test_flattening_the_batch_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\(Flatten\) cannot be exported: start_dim=0 would mix the items of a batch"):
        nn.export_onnx(nn.Flatten(0), tmp_path / "x.onnx", (5,))


@pytest.mark.parametrize("shape", [(0,), (-1, 3), 2.5, "four", (2.5,)])
def test_input_shape_is_checked(tmp_path, shape):
    with pytest.raises(ValueError, match=r"input_shape is the shape of one input without the batch"):
        nn.export_onnx(nn.ReLU(), tmp_path / "x.onnx", shape)


@pytest.mark.parametrize("opset", [19, 1000, "20", 20.0])
def test_opset_is_checked(tmp_path, opset):
    with pytest.raises(ValueError, match=r"opset is from 20 to \d+"):
        nn.export_onnx(nn.ReLU(), tmp_path / "x.onnx", 2, opset=opset)


def test_what_is_no_module_is_refused(tmp_path):
    with pytest.raises(TypeError, match="takes a module, got function"):
        nn.export_onnx(lambda x: x, tmp_path / "x.onnx", 2)


def test_without_the_library_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r'pip install "chainrule\[files\]"'):
        nn.export_onnx(nn.ReLU(), tmp_path / "x.onnx", 2)

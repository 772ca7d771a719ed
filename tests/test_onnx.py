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


def session(path):
    runtime = pytest.importorskip("onnxruntime", reason=RUNTIME)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def inputs_for(shape, dtype, batch=3):
    generator = np.random.default_rng(0)
    if np.dtype(dtype).kind == "i":
        return generator.integers(0, 5, (batch, *shape)).astype(dtype)
    return generator.normal(size=(batch, *shape)).astype(dtype)


def agrees(model, shape, path, dtype=np.float32, **options):
    """Export and compare, for several sizes of the batch."""
    nn.export_onnx(model, path, shape, **options)
    runtime = session(path)
    for batch in (1, 3):
        inputs = inputs_for(shape, dtype, batch)
        modes = {module: module.training for module in model.modules()}
        with no_grad():
            expected = model.eval()(tensor(inputs)).numpy()
        for module, mode in modes.items():
            module.training = mode
        (found,) = runtime.run(None, {"input": inputs})
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


CONVOLUTIONS = {
    "conv1d": (lambda: nn.Conv1d(3, 4, 3, stride=2, padding=1), (3, 9)),
    "conv2d": (lambda: nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)), (3, 8, 7)),
    "conv2d same": (lambda: nn.Conv2d(4, 6, (4, 3), padding="same", groups=2, bias=False), (4, 6, 5)),
    "conv2d valid": (lambda: nn.Conv2d(2, 3, 3, padding="valid"), (2, 6, 5)),
    "conv2d reflect": (lambda: nn.Conv2d(2, 3, 3, padding=(2, 1), padding_mode="reflect"), (2, 6, 5)),
    "conv2d replicate": (lambda: nn.Conv2d(2, 3, (2, 3), padding="same", padding_mode="replicate"), (2, 6, 5)),
    "conv2d circular": (lambda: nn.Conv2d(2, 3, 3, padding=(0, 2), padding_mode="circular"), (2, 6, 5)),
    "conv3d": (lambda: nn.Conv3d(2, 3, (1, 2, 3), padding=(0, 1, 2)), (2, 3, 4, 5)),
    "conv transpose1d": (lambda: nn.ConvTranspose1d(3, 4, 3, stride=2, output_padding=1), (3, 5)),
    "conv transpose2d": (
        lambda: nn.ConvTranspose2d(4, 6, (3, 4), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), groups=2),
        (4, 5, 3),
    ),
    "conv transpose2d dilated": (lambda: nn.ConvTranspose2d(2, 3, 2, dilation=(2, 3), bias=False), (2, 5, 4)),
}
POOLS = {
    "max pool1d": (lambda: nn.MaxPool1d(2), (3, 7)),
    "max pool2d": (lambda: nn.MaxPool2d((3, 2), stride=2, padding=1), (3, 7, 6)),
    "max pool2d dilated": (lambda: nn.MaxPool2d(2, stride=1, dilation=(1, 2)), (3, 7, 6)),
    "max pool2d ceil": (lambda: nn.MaxPool2d(3, stride=2, ceil_mode=True), (3, 6, 7)),
    "max pool2d ceil padded": (lambda: nn.MaxPool2d(2, stride=3, padding=1, ceil_mode=True), (3, 6, 7)),
    "max pool2d ceil dilated": (lambda: nn.MaxPool2d(2, stride=3, dilation=2, ceil_mode=True), (3, 7, 6)),
    "avg pool1d": (lambda: nn.AvgPool1d(3, stride=2, padding=1), (3, 7)),
    "avg pool2d": (lambda: nn.AvgPool2d((3, 2), padding=1), (3, 7, 6)),
    "avg pool2d inside": (lambda: nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), (3, 7, 6)),
    "avg pool2d ceil": (lambda: nn.AvgPool2d(3, stride=2, ceil_mode=True), (3, 6, 8)),
    "avg pool2d ceil padded": (lambda: nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True), (3, 6, 8)),
    "avg pool2d ceil inside": (
        lambda: nn.AvgPool2d(2, stride=3, padding=1, ceil_mode=True, count_include_pad=False),
        (3, 6, 7),
    ),
    "adaptive avg pool1d": (lambda: nn.AdaptiveAvgPool1d(4), (3, 8)),
    "adaptive avg pool2d": (lambda: nn.AdaptiveAvgPool2d((2, None)), (3, 8, 5)),
    "adaptive avg pool2d to one": (lambda: nn.AdaptiveAvgPool2d(1), (3, 8, 5)),
}
NORMS = {
    "batch norm1d": (lambda: nn.BatchNorm1d(4), (4,)),
    "batch norm1d of signals": (lambda: nn.BatchNorm1d(4, eps=0.1, bias=False), (4, 5)),
    "batch norm2d": (lambda: nn.BatchNorm2d(4, affine=False), (4, 5, 3)),
    "instance norm1d": (lambda: nn.InstanceNorm1d(4), (4, 5)),
    "instance norm2d": (lambda: nn.InstanceNorm2d(4, affine=True), (4, 5, 3)),
    "instance norm2d tracked": (lambda: nn.InstanceNorm2d(4, track_running_stats=True), (4, 5, 3)),
    "layer norm": (lambda: nn.LayerNorm(5), (4, 5)),
    "layer norm without bias": (lambda: nn.LayerNorm((4, 5), bias=False, eps=0.1), (4, 5)),
    "layer norm without scale": (lambda: nn.LayerNorm(5, elementwise_affine=False), (5,)),
    "rms norm": (lambda: nn.RMSNorm((4, 5)), (4, 5)),
    "rms norm without scale": (lambda: nn.RMSNorm(5, eps=0.1, elementwise_affine=False), (4, 5)),
    "group norm": (lambda: nn.GroupNorm(2, 6), (6, 4, 3)),
    "group norm of rows": (lambda: nn.GroupNorm(3, 6, bias=False), (6,)),
    "group norm without scale": (lambda: nn.GroupNorm(2, 6, affine=False), (6, 5)),
}
ACTIVATIONS = {
    "relu": (lambda: nn.ReLU(), (3, 2)),
    "relu in place": (lambda: nn.ReLU(inplace=True), (3, 2)),
    "relu6": (lambda: nn.ReLU6(), (9,)),
    "leaky relu": (lambda: nn.LeakyReLU(0.3), (9,)),
    "prelu": (lambda: nn.PReLU(), (4, 3)),
    "prelu of channels": (lambda: nn.PReLU(4), (4, 3, 2)),
    "prelu of columns": (lambda: nn.PReLU(4), (4,)),
    "elu": (lambda: nn.ELU(0.7), (9,)),
    "celu": (lambda: nn.CELU(0.7), (9,)),
    "selu": (lambda: nn.SELU(), (9,)),
    "gelu": (lambda: nn.GELU(), (9,)),
    "gelu tanh": (lambda: nn.GELU("tanh"), (9,)),
    "silu": (lambda: nn.SiLU(), (9,)),
    "mish": (lambda: nn.Mish(), (9,)),
    "sigmoid": (lambda: nn.Sigmoid(), (9,)),
    "log sigmoid": (lambda: nn.LogSigmoid(), (9,)),
    "tanh": (lambda: nn.Tanh(), (9,)),
    "softsign": (lambda: nn.Softsign(), (9,)),
    "softplus": (lambda: nn.Softplus(), (9,)),
    "softplus cut off": (lambda: nn.Softplus(2.0, 0.5), (9,)),
    "hardtanh": (lambda: nn.Hardtanh(-0.5, 2), (9,)),
    "hardsigmoid": (lambda: nn.Hardsigmoid(), (9,)),
    "hardswish": (lambda: nn.Hardswish(), (9,)),
    "glu": (lambda: nn.GLU(), (3, 8)),
    "glu of channels": (lambda: nn.GLU(1), (4, 3)),
    "softmax": (lambda: nn.Softmax(1), (5,)),
    "softmax of channels": (lambda: nn.Softmax(dim=-2), (5, 3)),
    "softmin": (lambda: nn.Softmin(1), (5, 2)),
    "log softmax": (lambda: nn.LogSoftmax(-1), (4, 5)),
}
OTHERS = {
    "linear": (lambda: nn.Linear(4, 3), (4,)),
    "linear without bias": (lambda: nn.Linear(4, 3, bias=False), (4,)),
    "linear of sequences": (lambda: nn.Linear(4, 3), (5, 4)),
    "linear of sequences without bias": (lambda: nn.Linear(4, 3, bias=False), (5, 4)),
    "maxout": (lambda: nn.Maxout(4, 3, 2), (4,)),
    "maxout of sequences": (lambda: nn.Maxout(4, 3, 2), (5, 4)),
    "identity": (lambda: nn.Identity(), (3,)),
    "dropout": (lambda: nn.Dropout(), (3,)),
    "dropout1d": (lambda: nn.Dropout1d(), (3, 2)),
    "dropout2d": (lambda: nn.Dropout2d(), (3, 2, 2)),
    "alpha dropout": (lambda: nn.AlphaDropout(), (3,)),
    "flatten": (lambda: nn.Flatten(), (2, 3, 4)),
    "flatten some": (lambda: nn.Flatten(2, 3), (2, 3, 4, 2)),
    "flatten from the second": (lambda: nn.Flatten(1, -2), (2, 3, 4)),
    "unflatten": (lambda: nn.Unflatten(1, (3, -1)), (12, 2)),
    "pixel shuffle": (lambda: nn.PixelShuffle(2), (8, 3, 2)),
    "upsample": (lambda: nn.Upsample(scale_factor=2), (2, 3, 4)),
    "upsample by parts": (lambda: nn.Upsample(scale_factor=(1.5, 2.6)), (2, 3, 4)),
    "upsample to a size": (lambda: nn.Upsample(size=(7, 5)), (2, 3, 4)),
    "empty": (lambda: nn.Sequential(), (2,)),
}
LAYERS = CONVOLUTIONS | POOLS | NORMS | ACTIVATIONS | OTHERS


def filled(model):
    """Numbers in the parameters and statistics that were zeros or ones."""
    generator = np.random.default_rng(0)
    state = {name: generator.uniform(0.5, 1.5, x.shape) for name, x in model.state_dict().items()}
    model.load_state_dict(state)
    return model


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("opset", sorted({20, NEWEST}))
def test_onnxruntime_computes_the_same(tmp_path, name, opset):
    make, shape = LAYERS[name]
    manual_seed(0)
    model = make() if name in CONVOLUTIONS else filled(make())
    agrees(model, shape, tmp_path / "model.onnx", opset=opset)


def test_an_embedding_takes_whole_numbers(tmp_path):
    model = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(12, 2))
    agrees(model, (4,), tmp_path / "x.onnx", np.int64, input_dtype=np.int64)
    with pytest.raises(ValueError, match=r"'0' \(Embedding\): its input has shape \('batch', 4\) and dtype float32"):
        nn.export_onnx(model, tmp_path / "x.onnx", (4,))


def test_a_convolutional_network(tmp_path):
    manual_seed(0)
    model = nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.GELU(), nn.AvgPool2d(2)),
        nn.Flatten(),
        nn.Dropout(),
        nn.Linear(16 * 7 * 7, 10),
        nn.Softmax(dim=1),
    )
    model(tensor(inputs_for((1, 28, 28), np.float32)))  # gives batch norm its statistics
    agrees(model, (1, 28, 28), tmp_path / "x.onnx")
    names = {x.name for x in onnx.load(tmp_path / "x.onnx").graph.initializer}
    assert {name for name in names if "/" not in name} == model.state_dict().keys() - {"0.1.num_batches_tracked"}
    assert model[0][1].training


def test_every_rule_has_a_sample():
    samples = [*LAYERS.values(), (lambda: nn.Embedding(1, 1), ())]
    made = {kind for make, _ in samples for kind in type(make()).__mro__}
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


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.Flatten(0), 5, "the output would mix the items of a batch"),
        (nn.GLU(0), 5, "the output would mix the items of a batch"),
        (nn.Flatten(), (), "the output would mix|out of range|dimension"),
        (nn.MaxPool2d(2), (8, 8), r"shape \('batch', 8, 8\); it takes a batch of \(channels, height, width\)"),
        (nn.Conv2d(2, 1, 1), (8, 8), r"it takes a batch of \(channels, height, width\)"),
        (nn.InstanceNorm1d(2), (8,), r"it takes a batch of \(channels, length\)"),
        (nn.MaxPool2d(2, return_indices=True), (1, 8, 8), "it returns a tuple"),
        (nn.AvgPool2d(2, divisor_override=3), (1, 8, 8), "divisor_override"),
        (nn.AdaptiveAvgPool2d(3), (1, 8, 9), r"\(3, 3\) does not divide the image \(8, 9\)"),
        (nn.BatchNorm2d(1, track_running_stats=False), (1, 8, 8), "it depends on the batch"),
        (nn.Embedding(3, 2, max_norm=1.0), (4,), "max_norm"),
        (nn.Softmax(), (4,), "name the axis"),
    ],
    ids=lambda x: type(x).__name__ if isinstance(x, nn.Module) else None,
)
def test_what_onnx_lacks_is_refused_with_the_place(tmp_path, layer, shape, message):
    dtype = np.int64 if isinstance(layer, nn.Embedding) else None
    before = {name: x.numpy().copy() for name, x in layer.state_dict().items()}
    model = nn.Sequential(nn.Identity(), nn.Sequential(layer))
    with pytest.raises(ValueError, match=rf"'1\.0' \({type(layer).__name__}\).*({message})"):
        nn.export_onnx(model, tmp_path / "x.onnx", shape, input_dtype=dtype)
    assert list(tmp_path.iterdir()) == []
    assert all(np.array_equal(before[name], x) for name, x in layer.state_dict().items())


def test_an_activation_with_another_function_does_not_use_the_rule_of_its_base(tmp_path):
    class Squash(nn.ReLU):
        function = staticmethod(nn.functional.tanh)

    with pytest.raises(TypeError, match=r"the model \(Squash\) cannot be exported"):
        nn.export_onnx(Squash(), tmp_path / "x.onnx", 2)


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

"""nn.functional: results, gradients and second-order gradients beside PyTorch's, and errors."""

import doctest

import numpy as np
import pytest
from functional_cases import ACTIVATION, CASES, Classes, Probabilities, Signs, operands

import autograd
from autograd import ARRAY_OPERATIONS, gradcheck, gradgradcheck, no_grad, tensor
from nn import functional as F

PEER = "comparing with PyTorch needs the peers extra"
TOLERANCE = {np.float32: 2e-5, np.float64: 1e-11}
# PyTorch computes with 1/6 in float32, and adds 1e-12 to denominators.
LOOSE = {"hardsigmoid": 1e-7, "binary_cross_entropy": 1e-9}


def named(case):
    name, specs, options = case
    return "-".join(
        [name, *(str(tuple(s)).replace(" ", "") if isinstance(s, tuple) else str(s) for s in specs), *options]
    )


IDS = [f"{i}-{named(case)}" for i, case in enumerate(CASES)]
SHAPE_ARGUMENTS = {"unfold", "fold", "pad", "adaptive_avg_pool2d", "max_pool2d", "avg_pool2d", "layer_norm", "rms_norm"}


def is_spec(name, place, spec):
    """Whether an argument is to be filled with numbers; else it is a size as it stands."""
    if not isinstance(spec, tuple):
        return False
    if name in ("layer_norm", "rms_norm"):
        return place != 1
    return place == 0 or name not in SHAPE_ARGUMENTS


def arguments(case, dtype):
    """The operands as arrays, and the places of those that are differentiated."""
    name, specs, options = case
    filled = operands([spec if is_spec(name, i, spec) else None for i, spec in enumerate(specs)], dtype)
    arrays = [array if array is not None else spec for array, spec in zip(filled, specs, strict=True)]
    extra = {
        key: operands([value], dtype, 7)[0] if isinstance(value, (Probabilities, Signs, Classes)) else value
        for key, value in options.items()
    }
    undifferentiated = {"cross_entropy", "nll_loss", "multi_margin_loss", "binary_cross_entropy_with_logits"}
    places = [
        i
        for i, array in enumerate(arrays)
        if isinstance(array, np.ndarray)
        and array.dtype.kind == "f"
        and not (name in undifferentiated and i > 1)
        and not (name == "batch_norm" and i in (1, 2))
    ]
    if name in ("hinge_embedding_loss", "soft_margin_loss", "smooth_l1_loss", "binary_cross_entropy"):
        places = [0] if name != "binary_cross_entropy" else [0, 1]
    return arrays, places, extra


def ours(case, dtype):
    arrays, places, extra = arguments(case, dtype)
    made = [
        tensor(array, requires_grad=i in places) if isinstance(array, np.ndarray) else array
        for i, array in enumerate(arrays)
    ]
    extra = {key: tensor(value) if isinstance(value, np.ndarray) else value for key, value in extra.items()}
    return getattr(F, case[0])(*made, **extra), [made[i] for i in places]


def theirs(torch, case, dtype):
    arrays, places, extra = arguments(case, dtype)
    made = [
        torch.tensor(array, requires_grad=i in places) if isinstance(array, np.ndarray) else array
        for i, array in enumerate(arrays)
    ]
    extra = {key: torch.tensor(value) if isinstance(value, np.ndarray) else value for key, value in extra.items()}
    return getattr(torch.nn.functional, case[0])(*made, **extra), [made[i] for i in places]


def assert_close(mine, other, dtype, what):
    """Compare two tensors; `what` begins with the name of the function."""
    tolerance = max(TOLERANCE[dtype], LOOSE.get(what.split()[0], 0.0))
    other = np.zeros(mine.shape, dtype) if other is None else other.detach().numpy()
    mine = np.zeros(other.shape, dtype) if mine is None else mine.numpy()
    assert mine.shape == other.shape, what
    assert mine.dtype == other.dtype, what
    scale = np.abs(other).max(initial=1.0)
    np.testing.assert_allclose(mine, other, rtol=tolerance, atol=tolerance * scale, err_msg=what)


def weighted_sum(values, seed):
    """A number that depends on every entry of every value differently."""
    rng = np.random.default_rng(seed)
    total = 0.0
    for value in values:
        factors = rng.normal(size=tuple(value.shape)).astype(str(value.dtype).removeprefix("torch."))
        total = (
            total
            + (value * (tensor(factors) if isinstance(value, autograd.Tensor) else value.new_tensor(factors))).sum()
        )
    return total


def gradients(output, inputs, create_graph=False):
    for x in inputs:
        x.grad = None
    output.backward(create_graph=create_graph)
    found = [x.grad for x in inputs]
    for x in inputs:
        x.grad = None
    return found


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("case", CASES, ids=IDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
def test_results_and_gradients_are_pytorchs(case, dtype):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, inputs = ours(case, dtype)
    other, others = theirs(torch, case, dtype)
    assert_close(mine, other, dtype, f"{case[0]} result")
    if not inputs:
        return
    found = gradients(weighted_sum([mine], 3), inputs)
    expected = torch.autograd.grad(weighted_sum([other], 3), others, allow_unused=True)
    for place, (own, peer) in enumerate(zip(found, expected, strict=True)):
        assert_close(own, peer, dtype, f"{case[0]} gradient {place}")


def pytorch_lacks_it(case):
    """Whether PyTorch has no second derivative, or fails: a norm without a weight, an empty table."""
    name, specs, _ = case
    without_weight = (name == "layer_norm" and specs[2:3] == [None]) or (
        name == "batch_norm" and specs[3:5] == [None, (3,)]
    )
    return name in ("hardsigmoid", "multi_margin_loss") or without_weight or case == ("embedding", [(0, 3), (3, 2)], {})


BESIDE = [(i, case) for i, case in enumerate(CASES) if not pytorch_lacks_it(case)]
ALONE = [case for case in CASES if pytorch_lacks_it(case)]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("case", [case for _, case in BESIDE], ids=[IDS[i] for i, _ in BESIDE])
def test_second_order_gradients_are_pytorchs(case):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, inputs = ours(case, np.float64)
    other, others = theirs(torch, case, np.float64)
    if not inputs:
        return
    # The square makes the upstream gradient depend on the inputs too.
    first = gradients(weighted_sum([mine * mine], 3), inputs, create_graph=True)
    expected = torch.autograd.grad(weighted_sum([other * other], 3), others, create_graph=True, allow_unused=True)
    for place, (own, peer) in enumerate(zip(first, expected, strict=True)):
        assert_close(own, peer, np.float64, f"{case[0]} gradient {place}")
    again = gradients(weighted_sum([g for g in first if g is not None], 5), inputs)
    total = weighted_sum([g for g, own in zip(expected, first, strict=True) if own is not None], 5)
    if not total.requires_grad:
        assert all(g is None or not g.numpy().any() for g in again)
        return
    for place, (own, peer) in enumerate(zip(again, torch.autograd.grad(total, others, allow_unused=True), strict=True)):
        assert_close(own, peer, np.float64, f"{case[0]} second gradient {place}")


@pytest.mark.parametrize("case", ALONE, ids=named)
def test_second_order_gradients_that_pytorch_lacks(case):
    arrays, places, extra = arguments(case, np.float64)

    def f(*varied):
        operands = [tensor(array) if isinstance(array, np.ndarray) else array for array in arrays]
        for place, x in zip(places, varied, strict=True):
            operands[place] = x
        out = getattr(F, case[0])(*operands, **extra)
        return out * out

    varied = [tensor(arrays[place], requires_grad=True) for place in places]
    assert gradcheck(f, varied)
    assert gradgradcheck(f, varied)


# Without PyTorch.


ROWS = [
    row
    for row in ARRAY_OPERATIONS.values()
    if row.forward.__module__.split(".")[-1]
    in [
        "convolution",
        "cross_entropy",
        "dropout",
        "embedding",
        "folding",
        "linear",
        "normalisation",
        "pooling",
        "softmax",
    ]
]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_the_examples_of_the_rows_run(row):
    names = {"np": np, "tensor": tensor, **{other.name: other for other in ROWS}}
    test = doctest.DocTestParser().get_doctest(row.doc, names, row.name, None, None)
    assert test.examples
    report = []
    assert doctest.DocTestRunner(verbose=False).run(test, out=report.append).failed == 0, "".join(report)


def strided(array):
    """The same numbers in other memory: transposed, with gaps and backwards."""
    other = np.zeros((*array.shape[::-1], 2), array.dtype).T[1, ..., ::-1]
    other[...] = array
    return other


STRIDED = [
    ("linear", [(3, 4), (5, 4), (5,)], {}),
    ("conv2d", [(2, 3, 6, 7), (4, 3, 3, 3), (4,)], {"padding": 1}),
    ("conv2d", [(2, 32, 9, 10), (32, 32, 3, 3), (32,)], {"padding": 1}),
    ("conv_transpose2d", [(2, 3, 4, 5), (3, 4, 3, 2), (4,)], {"stride": 2}),
    ("max_pool2d", [(4, 5, 16, 17), 3], {"stride": 2}),
    ("avg_pool2d", [(4, 5, 16, 17), 3], {}),
    ("batch_norm", [(6, 7, 11, 5), None, None, (7,), (7,), True], {}),
    ("layer_norm", [(30, 65), (65,), (65,), (65,)], {}),
    ("group_norm", [(4, 6, 11, 5), 2, (6,), (6,)], {}),
    ("softmax", [(30, 65)], {"dim": 1}),
    ("unfold", [(2, 3, 5, 6), (2, 3)], {}),
    ("pixel_shuffle", [(2, 8, 3, 4), 2], {}),
    ("cross_entropy", [(40, 33), Classes((40, 33))], {}),
]


@pytest.mark.parametrize("case", STRIDED, ids=named)
def test_the_order_in_memory_changes_nothing(case):
    results = []
    for layout in (np.array, strided):
        arrays, places, extra = arguments(case, np.float64)
        made = [autograd.from_numpy(layout(array)) if isinstance(array, np.ndarray) else array for array in arrays]
        inputs = [made[place].requires_grad_() for place in places]
        out = getattr(F, case[0])(*made, **extra)
        upstream = np.random.default_rng(0).normal(size=out.shape)
        out.backward(autograd.from_numpy(layout(upstream)) if out.ndim else None)
        results.append([out.numpy(), *(x.grad.numpy() for x in inputs)])
    for first, second in zip(*results, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-13, atol=1e-13)


IN_PLACE = [name for name, _, _ in ACTIVATION[:17] if "inplace" in getattr(F, name).__code__.co_varnames]


@pytest.mark.parametrize("name", IN_PLACE)
def test_activations_change_their_input_in_place(name):
    function = getattr(F, name)
    x = tensor(operands([(3, 4)], np.float32)[0], requires_grad=True)
    copy = x * 1.0
    out = function(copy, inplace=True)
    assert out is copy
    assert (out == function(x)).all()
    (found,) = gradients(out.sum(), [x])
    (expected,) = gradients(function(x).sum(), [x])
    assert (found == expected).all()


def test_hardtanh_and_dropout_in_place():
    x = tensor([-3.0, 0.5, 9.0])
    F.hardtanh(x, -1.0, 2.0, inplace=True)
    assert x.tolist() == [-1.0, 0.5, 2.0]
    F.dropout(x, 1.0, inplace=True)
    assert x.tolist() == [0.0, 0.0, 0.0]


def test_dropout_keeps_the_mean_and_scales_its_gradient():
    autograd.manual_seed(0)
    x = autograd.ones(100, 100, requires_grad=True)
    y = F.dropout(x, 0.2)
    assert set(np.unique(y.numpy())) == {np.float32(0), np.float32(1.25)}
    assert abs(y.mean().item() - 1) < 0.02
    y.sum().backward()
    assert (x.grad == y).all()
    channels = F.dropout2d(autograd.ones(8, 8, 3, 3)).numpy()
    assert (channels == channels[:, :, :1, :1]).all()
    assert 0 < channels.mean() < 2
    assert F.dropout(x, 0.5, training=False) is x


@pytest.mark.parametrize("function", [F.batch_norm, F.instance_norm])
def test_running_statistics(function):
    torch = pytest.importorskip("torch", reason=PEER)
    x = np.random.default_rng(0).normal(size=(4, 3, 5, 2)).astype(np.float32)
    start = np.array([1.0, 2.0, 3.0], np.float32)
    mean, variance = tensor(start), tensor(start)
    their_mean, their_variance = torch.tensor(start), torch.tensor(start)
    peer = getattr(torch.nn.functional, function.__name__)
    for momentum in (0.1, 0.7):
        function(tensor(x), mean, variance, None, None, True, momentum)
        peer(torch.tensor(x), their_mean, their_variance, None, None, True, momentum)
    assert_close(mean, their_mean, np.float32, "mean")
    assert_close(variance, their_variance, np.float32, "variance")
    out = function(tensor(x), mean, variance, None, None, False)
    assert_close(out, peer(torch.tensor(x), their_mean, their_variance, None, None, False), np.float32, "inference")


def test_a_running_statistic_that_changes_leaves_earlier_gradients_alone():
    x = autograd.ones(4, 1, requires_grad=True)
    mean, variance = autograd.zeros(1), autograd.ones(1)
    weight = autograd.ones(1, requires_grad=True)
    y = F.batch_norm(x, mean, variance, weight, eps=0.0).sum()
    F.batch_norm(tensor([[5.0], [7.0]]), mean, variance, training=True)
    y.backward()
    assert weight.grad.tolist() == [4.0]


def test_a_tensor_changed_after_its_use_is_noticed():
    for f in (
        lambda x: F.layer_norm(x, 3),
        lambda x: F.conv1d(x.unsqueeze(0), x.unsqueeze(0)),
        lambda x: F.linear(x, x),
    ):
        leaf = autograd.ones(2, 3, requires_grad=True)
        x = leaf * 2.0
        y = f(x)
        with no_grad():
            x += 1.0
        with pytest.raises(RuntimeError, match="changed in place"):
            y.sum().backward()


@pytest.mark.parametrize("requires_grad", [False, True])
def test_max_pool_indices(requires_grad):
    torch = pytest.importorskip("torch", reason=PEER)
    x = operands([(2, 3, 6, 7)], np.float32)[0]
    options = {"stride": 2, "padding": 1, "return_indices": True}
    values, indices = F.max_pool2d(tensor(x, requires_grad=requires_grad), 3, **options)
    others, other_indices = torch.nn.functional.max_pool2d(torch.tensor(x), 3, **options)
    assert_close(values, others, np.float32, "values")
    assert (indices.numpy() == other_indices.numpy()).all()
    assert indices.dtype == np.int64


def test_embedding_options():
    torch = pytest.importorskip("torch", reason=PEER)
    index = np.array([[0, 2, 2], [1, 2, 0]])
    table = np.random.default_rng(0).normal(size=(4, 3)) * 2
    for options in ({"scale_grad_by_freq": True}, {"max_norm": 1.0}, {"max_norm": 2.0, "norm_type": 1.0}):
        mine, other = tensor(table, requires_grad=True), torch.tensor(table, requires_grad=True)
        if "max_norm" in options:
            mine, other = tensor(table), torch.tensor(table)
        out = F.embedding(tensor(index), mine, **options)
        peer = torch.nn.functional.embedding(torch.tensor(index), other, **options)
        assert_close(out, peer, np.float64, "embedding")
        assert_close(mine, other, np.float64, "table")
        if mine.requires_grad:
            (out * out).sum().backward()
            (peer * peer).sum().backward()
            assert_close(mine.grad, other.grad, np.float64, "gradient")


def test_one_gate_per_function():
    x = autograd.ones(2, 4, 5, 5, requires_grad=True)
    weight = autograd.ones(4, 4, 3, 3)
    symbols = {
        "conv": F.conv2d(x, weight, padding="same"),
        "max pool": F.max_pool2d(x, 2),
        "avg pool": F.avg_pool2d(x, 2),
        "softmax": F.softmax(x, 1),
        "LN": F.layer_norm(x, 5),
        "BN": F.batch_norm(x, None, None, training=True),
        "GN": F.group_norm(x, 2),
        "RMS": F.rms_norm(x, 5),
        "linear": F.linear(x, autograd.ones(3, 5)),
        "cross entropy": F.cross_entropy(x, autograd.zeros(2, 5, 5, dtype=autograd.int64)),
        "dropout": F.dropout(x),
    }
    for symbol, out in symbols.items():
        assert out.op.symbol == symbol
        assert out.parents[0] is x


def test_numbers_in_a_rule_are_as_precise_as_the_result():
    x = tensor(np.array([1.0]), requires_grad=True)
    F.leaky_relu(-x, 1 / 3).backward(create_graph=True)
    assert x.grad.item() == -1 / 3


ones, zeros = autograd.ones, autograd.zeros
INT = autograd.int64
IMAGES = (2, 3, 4, 4)
KERNEL = (1, 3, 3, 3)
ERRORS = [
    (ValueError, "conv2d: the kernel (5, 5)", lambda: F.conv2d(ones(*IMAGES), ones(1, 3, 5, 5))),
    (
        ValueError,
        "conv2d: input (2, 3, 4, 4) and weight (1, 4, 3, 3)",
        lambda: F.conv2d(ones(*IMAGES), ones(1, 4, 3, 3)),
    ),
    (ValueError, "2 groups", lambda: F.conv2d(ones(*IMAGES), ones(2, 1, 3, 3), groups=2)),
    (ValueError, "0 groups", lambda: F.conv2d(ones(*IMAGES), ones(2, 1, 3, 3), groups=0)),
    (ValueError, "the bias has shape (1,)", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL), ones(2))),
    (ValueError, "conv2d: input (3, 4) and weight", lambda: F.conv2d(ones(3, 4), ones(*KERNEL))),
    (ValueError, "the kernel is empty", lambda: F.conv2d(ones(*IMAGES), ones(1, 3, 0, 3))),
    (TypeError, "dtype float64", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL, dtype=autograd.float64))),
    (ValueError, "stride is a whole number from 1", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL), stride=0)),
    (ValueError, "padding is a whole number from 0", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL), padding=-1)),
    (ValueError, "'valid' or 'same'", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL), padding="full")),
    (ValueError, "needs stride 1", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL), padding="same", stride=2)),
    (TypeError, "dilation is a whole number", lambda: F.conv2d(ones(*IMAGES), ones(*KERNEL), dilation=1.5)),
    (TypeError, "make it a tensor", lambda: F.conv2d([[1.0]], ones(*KERNEL))),
    (ValueError, "3 channels", lambda: F.conv_transpose2d(ones(*IMAGES), ones(4, 3, 3, 3))),
    (ValueError, "output_padding", lambda: F.conv_transpose2d(ones(*IMAGES), ones(3, 3, 3, 3), output_padding=1)),
    (ValueError, "leave nothing", lambda: F.conv_transpose2d(ones(*IMAGES), ones(3, 3, 3, 3), padding=9)),
    (ValueError, "max_pool", lambda: F.max_pool2d(ones(*IMAGES), 5)),
    (ValueError, "padding", lambda: F.max_pool2d(ones(*IMAGES), 2, padding=2)),
    (ValueError, "max_pool2d: input (4, 4)", lambda: F.max_pool2d(ones(4, 4), 2)),
    (TypeError, "max_pool", lambda: F.max_pool2d(ones(*IMAGES, dtype=INT), 2)),
    (ValueError, "avg_pool", lambda: F.avg_pool2d(ones(*IMAGES), 5)),
    (ValueError, "divisor_override", lambda: F.avg_pool2d(ones(*IMAGES), 2, divisor_override=0)),
    (ValueError, "adaptive_avg_pool2d", lambda: F.adaptive_avg_pool2d(ones(*IMAGES), (1, 2, 3))),
    (ValueError, "unfold", lambda: F.unfold(ones(*IMAGES), 5)),
    (ValueError, "fold: columns (1, 4, 3)", lambda: F.fold(ones(1, 4, 3), (3, 3), 2)),
    (ValueError, "pixel_shuffle", lambda: F.pixel_shuffle(ones(*IMAGES), 2)),
    (ValueError, "running_mean (2,)", lambda: F.batch_norm(ones(*IMAGES), zeros(2), ones(3))),
    (ValueError, "one is None", lambda: F.batch_norm(ones(*IMAGES), None, None)),
    (ValueError, "more than one number", lambda: F.batch_norm(ones(1, 3), None, None, training=True)),
    (ValueError, "one pixel", lambda: F.instance_norm(ones(2, 3, 1))),
    (ValueError, "2 groups do not divide", lambda: F.group_norm(ones(*IMAGES), 2)),
    (ValueError, "normalized_shape (3,)", lambda: F.layer_norm(ones(2, 4), 3)),
    (ValueError, "weight (3,)", lambda: F.layer_norm(ones(2, 4), 4, ones(3))),
    (TypeError, "layer_norm: input has dtype int64", lambda: F.layer_norm(ones(2, 4, dtype=INT), 4)),
    (ValueError, "linear: input (2, 3) and weight (4, 5)", lambda: F.linear(ones(2, 3), ones(4, 5))),
    (ValueError, "bias (3,)", lambda: F.linear(ones(2, 5), ones(4, 5), ones(3))),
    (TypeError, "linear: ", lambda: F.linear(ones(2, 5), ones(4, 5, dtype=autograd.float64))),
    (IndexError, "holds 3 at (0, 1)", lambda: F.embedding(tensor([[0, 3]]), ones(3, 2))),
    (IndexError, "holds -1 at (0,)", lambda: F.embedding(tensor([-1]), ones(3, 2))),
    (TypeError, "whole numbers", lambda: F.embedding(ones(2), ones(3, 2))),
    (ValueError, "padding_idx 3", lambda: F.embedding(tensor([0]), ones(3, 2), padding_idx=3)),
    (ValueError, "sparse", lambda: F.embedding(tensor([0]), ones(3, 2), sparse=True)),
    (IndexError, "target[1] is 2", lambda: F.cross_entropy(ones(2, 2), tensor([0, 2]))),
    (ValueError, "target (3,)", lambda: F.cross_entropy(ones(2, 2), tensor([0, 1, 1]))),
    (TypeError, "class numbers", lambda: F.cross_entropy(ones(2, 2), ones(2))),
    (TypeError, "cross_entropy: ", lambda: F.cross_entropy(ones(2, 2, dtype=INT), tensor([0, 1]))),
    (ValueError, "weight (3,)", lambda: F.cross_entropy(ones(2, 2), tensor([0, 1]), ones(3))),
    (ValueError, "'mean', 'sum', 'none'", lambda: F.cross_entropy(ones(2, 2), tensor([0, 1]), reduction="max")),
    (IndexError, "nll_loss", lambda: F.nll_loss(ones(2, 2), tensor([0, 2]))),
    (IndexError, "multi_margin_loss", lambda: F.multi_margin_loss(ones(2, 2), tensor([0, 2]))),
    (ValueError, "no probabilities", lambda: F.binary_cross_entropy(ones(2) * 2.0, ones(2))),
    (ValueError, "differ", lambda: F.mse_loss(ones(2), ones(3))),
    (ValueError, "between 0 and 1", lambda: F.dropout(ones(2), 1.5)),
    (TypeError, "name the axis", lambda: F.softmax(ones(2))),
    (TypeError, "softmax: ", lambda: F.softmax(ones(2, dtype=INT), 0)),
    (IndexError, "dim 2", lambda: F.softmax(ones(2, 2), 2)),
    (ValueError, "odd", lambda: F.glu(ones(3))),
    (ValueError, "prelu", lambda: F.prelu(ones(2, 3), ones(2))),
    (IndexError, "one_hot", lambda: F.one_hot(tensor([0, 5]), 3)),
]


@pytest.mark.parametrize(("kind", "message", "call"), ERRORS, ids=[f"{i}-{e[1]}" for i, e in enumerate(ERRORS)])
def test_bad_input_gets_one_error(kind, message, call):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)
    assert caught.value.__cause__ is None


def test_losses_of_different_shapes_warn():
    with pytest.warns(UserWarning, match=r"broadcast to \(3, 3\)"):
        F.mse_loss(ones(3, 1), ones(3))

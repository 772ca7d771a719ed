"""Every module beside PyTorch's: output, gradients, state dicts and text, in training and in evaluation."""

import warnings

import numpy as np
import pytest
from functional_cases import operands
from module_cases import ATTENTION, CASES, CONVOLUTIONS, LINEAR, NORMALISATION, RECURRENT

import autograd
import nn
from autograd import gradcheck, gradgradcheck, no_grad, tensor

PEER = "comparing with PyTorch needs the peers extra"
OWN = {"HingeLoss", "Maxout"}  # PyTorch has no such module; they are compared with NumPy below
APART = {"Module", "Sequential", "ModuleList", "ModuleDict"}  # tests/test_module.py
# PyTorch computes with 1/6 in float32, and adds 1e-12 to denominators.
LOOSE = {"Hardsigmoid": 1e-7, "BCELoss": 1e-9}


def named(case):
    name, arguments, options, inputs = case
    return f"{name}-{arguments}-{options}-{inputs}".replace(" ", "")


def test_every_module_has_a_case():
    assert set(nn.modules.__all__) == {name for name, *_ in CASES} | OWN | APART


def filled(spec, seed=0):
    """Numbers instead of shapes; anything else as it is."""
    if isinstance(spec, list):
        return [filled(part, seed + i) for i, part in enumerate(spec)]
    return operands([spec], np.float64, seed)[0]


def changed(x, f):
    return type(x)(f(part) for part in x) if isinstance(x, (list, tuple)) else f(x)


def flat(values):
    return [x for value in values for x in (flat(value) if isinstance(value, (list, tuple)) else [value])]


def modules_of(torch, case):
    """The module, and PyTorch's with the same numbers."""
    name, arguments, options, _ = case
    given = [filled(a) if type(a).__name__ == "Probabilities" else a for a in arguments]
    named_options = {k: filled(v) if type(v).__name__ == "Probabilities" else v for k, v in options.items()}

    def build(package, make):
        own = [make(a) if isinstance(a, np.ndarray) else a for a in given]
        return getattr(package, name)(*own, **{
            k: make(v) if isinstance(v, np.ndarray) else v for k, v in named_options.items()
        })  # fmt: skip

    autograd.manual_seed(1)
    with warnings.catch_warnings():  # PyTorch's constructor of a KLDivLoss
        warnings.simplefilter("ignore")
        mine, peer = build(nn, tensor).double(), build(torch.nn, torch.tensor).double()
    assert list(mine.state_dict()) == list(peer.state_dict())
    with no_grad():
        for parameter in mine.parameters():  # some start at zero or one, where a mistake would not be seen
            parameter += autograd.randn_like(parameter) * 0.1
    peer.load_state_dict({key: torch.tensor(value.numpy()) for key, value in mine.state_dict().items()})
    return mine, peer


def close(mine, other, name, what):
    if mine is None or other is None:  # no gradient is as good as zeros
        assert not any(x.detach().numpy().any() for x in (mine, other) if x is not None), what
        return
    tolerance = LOOSE.get(name, 1e-10)
    other = other.detach().numpy()
    assert mine.shape == other.shape, what
    assert mine.dtype == other.dtype, what
    np.testing.assert_allclose(mine.numpy(), other, rtol=tolerance, atol=tolerance, err_msg=f"{name} {what}")


def total(outputs, make):
    """A number that depends on every entry of every output differently."""
    rng = np.random.default_rng(3)
    floats = [out for out in flat([outputs]) if out is not None and "float" in str(out.dtype)]
    return sum((out * make(rng.normal(size=tuple(out.shape)))).sum() for out in floats)


def arguments(case, make):
    """The leaves, and the arguments of the call: states of recurrent networks come together."""
    name, _, options, specs = case
    leaves = []
    for i, spec in enumerate(specs):
        constant = i > 0 and name in ("SoftMarginLoss", "PoissonNLLLoss")  # PyTorch has no gradient, or nan

        def leaf(x, constant=constant):
            return make(x, requires_grad=not constant and x.dtype.kind == "f")

        numbers = filled(spec, i)
        leaves.append(changed(numbers * 1.0 if name == "PoissonNLLLoss" else numbers, leaf))
    given = [x * 1.0 for x in leaves] if options.get("inplace") else leaves
    if len(given) == 2 and isinstance(given[1], list):
        given = [given[0], tuple(given[1]) if name.startswith("LSTM") else given[1][0]]
    return leaves, given


def compare(torch, case, mine, peer, **more):
    """Run both on the same numbers and compare outputs, gradients and state afterwards."""
    name = case[0]
    leaves, given = arguments(case, tensor)
    others, peers_given = arguments(case, torch.tensor)
    out, expected = mine(*given, **more), peer(*peers_given, **{key: torch_of(torch, x) for key, x in more.items()})
    assert isinstance(out, tuple) == isinstance(expected, tuple)
    for i, (x, y) in enumerate(zip(flat([out]), flat([expected]), strict=True)):
        close(x, y, name, f"output {i}")
    loss, other_loss = total(out, tensor), total(expected, torch.tensor)
    if loss.requires_grad:
        loss.backward()
        other_loss.backward()
        for i, (x, y) in enumerate(zip(flat(leaves), flat(others), strict=True)):
            close(x.grad, y.grad, name, f"gradient of input {i}")
        for (key, x), (_, y) in zip(mine.named_parameters(), peer.named_parameters(), strict=True):
            close(x.grad, y.grad, name, f"gradient of {key}")
    for (key, x), y in zip(mine.state_dict().items(), peer.state_dict().values(), strict=True):
        close(x, y, name, key)


def torch_of(torch, x):
    return torch.tensor(x.numpy()) if isinstance(x, autograd.Tensor) else x


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("case", CASES, ids=named)
def test_modules_are_pytorchs(case, training):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peer = modules_of(torch, case)
    mine.train(training)
    peer.train(training)
    for _ in range(2):  # running statistics and gradients add up
        compare(torch, case, mine, peer)
    text = repr(peer).replace("NonDynamicallyQuantizableLinear", "Linear")
    assert repr(mine) == text


WITH_STATE = [*LINEAR, *CONVOLUTIONS, *NORMALISATION, *RECURRENT, *ATTENTION]


@pytest.mark.parametrize("case", WITH_STATE, ids=named)
def test_state_dicts_of_pytorch_are_loaded(case):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peer = modules_of(torch, case)
    with torch.no_grad():
        for parameter in peer.parameters():
            parameter += 1.0
    mine.load_state_dict(peer.state_dict())
    for key, value in peer.state_dict().items():
        assert (mine.state_dict()[key].numpy() == value.numpy()).all()


# Attention


def attention(torch, **options):
    return modules_of(torch, ("MultiheadAttention", (8, 2), options, ()))


MASKS = {
    "nothing": {},
    "bool": {"attn_mask": np.triu(np.ones((5, 4), bool), 1)},
    "floats": {"attn_mask": np.linspace(-1, 1, 20).reshape(5, 4)},
    "each head": {"attn_mask": np.linspace(-1, 1, 120).reshape(6, 5, 4)},
    "padding": {"key_padding_mask": np.array([[0, 0, 0, 1], [0, 1, 1, 1], [0, 0, 0, 0]], bool)},
    "padding by floats": {"key_padding_mask": np.linspace(-2, 0, 12).reshape(3, 4)},
    "both": {
        "attn_mask": np.triu(np.ones((5, 4), bool), 1),
        "key_padding_mask": np.array([[0, 0, 0, 1], [0, 1, 1, 1], [0, 0, 0, 0]], bool),
    },
}


@pytest.mark.filterwarnings("ignore:Support for mismatched")
@pytest.mark.parametrize("returned", [{}, {"need_weights": False}, {"average_attn_weights": False}])
@pytest.mark.parametrize("masks", MASKS)
def test_masks_of_attention_are_pytorchs(masks, returned):
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peer = attention(torch)
    given = {name: tensor(mask) for name, mask in MASKS[masks].items()}
    case = ("MultiheadAttention", (), {}, [(5, 3, 8), (4, 3, 8), (4, 3, 8)])
    compare(torch, case, mine, peer, **given, **returned)


def test_attention_to_oneself():
    torch = pytest.importorskip("torch", reason=PEER)
    for batch_first in (False, True):
        mine, peer = attention(torch, batch_first=batch_first)
        numbers = filled((5, 3, 8))
        x, y = tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
        out, weights = mine(x, x, x)
        expected, their_weights = peer(y, y, y)
        close(out, expected, "MultiheadAttention", "output")
        close(weights, their_weights, "MultiheadAttention", "weights")
        total(out, tensor).backward()
        total(expected, torch.tensor).backward()
        close(x.grad, y.grad, "MultiheadAttention", "gradient")
        for a, b in zip(mine.parameters(), peer.parameters(), strict=True):
            close(a.grad, b.grad, "MultiheadAttention", "gradient of a parameter")


def test_causal_attention_sees_no_later_step():
    layer = nn.MultiheadAttention(8, 2, batch_first=True)
    x = autograd.randn(1, 5, 8)
    out, weights = layer(x, x, x, is_causal=True)
    assert not np.triu(weights.numpy()[0], 1).any()
    np.testing.assert_allclose(weights.sum(-1).numpy(), 1.0, rtol=1e-6)
    x.numpy()[0, 4] = 7.0
    assert (layer(x, x, x, is_causal=True)[0][:, :4] == out[:, :4]).all()


def test_dropout_between_layers_and_in_attention():
    autograd.manual_seed(0)
    lstm = nn.LSTM(4, 6, 2, dropout=0.5)
    x = autograd.randn(5, 3, 4)
    assert (lstm(x)[0] != lstm(x)[0]).any()
    lstm.eval()
    assert (lstm(x)[0] == lstm(x)[0]).all()
    layer = nn.MultiheadAttention(8, 2, dropout=0.5)
    x = autograd.randn(5, 3, 8)
    assert (layer(x, x, x)[1] == 0).any()
    assert not (layer.eval()(x, x, x)[1] == 0).any()
    with pytest.warns(UserWarning, match="dropout=0.5 acts between layers, and there is only one"):
        nn.GRU(2, 3, dropout=0.5)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_gradients_of_recurrent_networks(kind):
    layer = kind(1, 2).double()
    x = autograd.randn(3, 1, 1, dtype=autograd.float64, requires_grad=True)
    assert gradcheck(lambda x, *_: layer(x)[0], [x, *layer.parameters()])
    assert gradgradcheck(lambda x, *_: layer(x)[0], [x, layer.weight_hh_l0])


# Dropout


@pytest.mark.parametrize("layer", [nn.Dropout(0.25), nn.Dropout1d(0.25), nn.Dropout2d(0.25)])
def test_dropout_keeps_the_mean_in_training_and_rests_in_evaluation(layer):
    autograd.manual_seed(0)
    x = autograd.ones(50, 40, 3, 3) if isinstance(layer, nn.Dropout2d) else autograd.ones(50, 40, 9)
    out = layer(x).numpy()
    assert set(np.unique(out)) == {np.float32(0.0), np.float32(4 / 3)}
    assert abs((out == 0).mean() - 0.25) < 0.05
    whole = (out.reshape(2000, 9) == out.reshape(2000, 9)[:, :1]).all()
    assert whole == (type(layer) is not nn.Dropout)
    assert layer.eval()(x) is x


def test_alpha_dropout_keeps_mean_and_variance():
    autograd.manual_seed(0)
    x = autograd.randn(400, 400, dtype=autograd.float64, requires_grad=True)
    layer = nn.AlphaDropout(0.3)
    out = layer(x)
    assert abs(out.mean().item()) < 0.02
    assert abs(out.std().item() - 1.0) < 0.02
    out.sum().backward()
    assert abs((x.grad == 0).numpy().mean() - 0.3) < 0.01
    assert layer.eval()(x) is x


# What PyTorch does not have


def test_maxout():
    layer = nn.Maxout(4, 5, 3).double()
    assert repr(layer) == "Maxout(in_features=4, out_features=5, num_pieces=3, bias=True)"
    x = autograd.randn(7, 4, dtype=autograd.float64, requires_grad=True)
    weight, bias = layer.weight.numpy().reshape(5, 3, 4), layer.bias.numpy().reshape(5, 3)
    expected = np.max(np.einsum("opi,ni->nop", weight, x.numpy()) + bias, axis=2)
    np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-12)
    assert gradcheck(lambda x, *_: layer(x), [x, *layer.parameters()])
    # Two pieces are a leaky ReLU.
    leaky = nn.Maxout(1, 1, bias=False)
    leaky.weight.data = tensor([[1.0], [0.1]])
    assert (leaky(tensor([[-2.0], [3.0]])) == tensor([[-0.2], [3.0]])).all()


def test_hinge_loss_is_the_lectures():
    scores, targets = tensor([0.5, -2.0, 3.0], requires_grad=True), tensor([1.0, 1.0, -1.0])
    assert nn.HingeLoss(reduction="none")(scores, targets).tolist() == [0.5, 3.0, 4.0]
    assert nn.HingeLoss(2.0, reduction="sum")(scores, targets).item() == 10.5
    nn.HingeLoss()(scores, targets).backward()
    np.testing.assert_allclose(scores.grad.numpy(), [-1 / 3, -1 / 3, 1 / 3])


def test_losses_of_the_lectures_cat_car_and_frog():
    scores = tensor([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    classes = tensor([0, 1, 2])
    losses = nn.MultiMarginLoss(reduction="none")(scores, classes) * 3.0
    np.testing.assert_allclose(losses.numpy(), [2.9, 0.0, 12.9], atol=1e-5)
    assert abs(nn.MultiMarginLoss()(scores, classes).item() * 3 - 5.27) < 0.005
    assert abs(nn.CrossEntropyLoss()(scores[:1], classes[:1]).item() - 2.04) < 0.005


# Bad input


def test_a_batch_of_one_is_refused_and_leaves_nothing_changed():
    for layer, x in ((nn.BatchNorm1d(3), autograd.ones(1, 3)), (nn.BatchNorm2d(3), autograd.ones(1, 3, 1, 1))):
        with pytest.raises(ValueError, match="no more than one number for each channel"):
            layer(x)
        assert layer.num_batches_tracked.item() == 0
        assert layer.running_mean.tolist() == [0.0] * 3
        assert layer.eval()(x).shape == x.shape


ones = autograd.ones
ERRORS = [
    ("BatchNorm2d: input (2, 3); it has shape (N, C, H, W) with C = 3", lambda: nn.BatchNorm2d(3)(ones(2, 3))),
    ("BatchNorm1d: input (2, 4)", lambda: nn.BatchNorm1d(3)(ones(2, 4))),
    ("InstanceNorm1d: input (2, 4, 5)", lambda: nn.InstanceNorm1d(3)(ones(2, 4, 5))),
    ("2 groups do not divide both in_channels 3 and out_channels 4", lambda: nn.Conv2d(3, 4, 3, groups=2)),
    ("padding_mode is one of", lambda: nn.Conv2d(3, 4, 3, padding_mode="mirror")),
    ("padding is one of 'valid', 'same'; got 'full'", lambda: nn.Conv2d(3, 4, 3, padding="full")),
    ("needs stride 1", lambda: nn.Conv2d(3, 4, 3, 2, padding="same")),
    ("Conv2d: kernel_size is a whole number from 1", lambda: nn.Conv2d(3, 4, 0)),
    ("conv2d: input (1, 2, 5, 5) and weight (4, 3, 3, 3)", lambda: nn.Conv2d(3, 4, 3)(ones(1, 2, 5, 5))),
    ("2 groups do not divide 3 channels", lambda: nn.GroupNorm(2, 3)),
    ("LayerNorm: normalized_shape", lambda: nn.LayerNorm(())),
    ("Dropout: the probability p is between 0 and 1, got 1.5", lambda: nn.Dropout(1.5)),
    ("AlphaDropout: the probability", lambda: nn.AlphaDropout(-0.1)),
    ("padding_idx 5 is none of the 5 vectors", lambda: nn.Embedding(5, 2, padding_idx=5)),
    ("no sparse gradients", lambda: nn.Embedding(5, 2, sparse=True)),
    ("num_layers is a whole number from 1, got 0", lambda: nn.LSTM(2, 3, 0)),
    ("Linear: in_features is a whole number from 0, got -4", lambda: nn.Linear(-4, 3)),
    ("Embedding: embedding_dim is a whole number from 0, got -1", lambda: nn.Embedding(3, -1)),
    ("LSTM: input (5, 2, 3); it has shape (L, N, 4)", lambda: nn.LSTM(4, 3)(ones(5, 2, 3))),
    ("LSTM: the state has shape (1, 2, 3) for input", lambda: nn.LSTM(4, 3)(ones(5, 2, 4), ones(1, 2, 3))),
    ("it is a tensor of shape (1, 2, 3)", lambda: nn.GRU(4, 3)(ones(5, 2, 4), ones(2, 2, 3))),
    ("GRUCell: input (5, 3)", lambda: nn.GRUCell(4, 3)(ones(5, 3))),
    ("nonlinearity is one of 'tanh', 'relu'; got 'gelu'", lambda: nn.RNN(4, 3, nonlinearity="gelu")),
    ("3 heads do not divide embed_dim 8", lambda: nn.MultiheadAttention(8, 3)),
    ("all have 3 axes", lambda: nn.MultiheadAttention(8, 2)(ones(5, 8), ones(4, 1, 8), ones(4, 1, 8))),
    ("features 8, 8 and 8", lambda: nn.MultiheadAttention(8, 2)(ones(5, 1, 8), ones(4, 1, 8), ones(3, 1, 8))),
    (
        "attn_mask has shape (4, 5); for these inputs it is (5, 5) or (2, 5, 5)",
        lambda: nn.MultiheadAttention(8, 2)(*[ones(5, 1, 8)] * 3, attn_mask=ones(4, 5)),
    ),
    ("num_pieces is a whole number from 1", lambda: nn.Maxout(3, 2, 0)),
    ("bilinear: inputs (2, 3) and (2, 3)", lambda: nn.Bilinear(3, 4, 2)(ones(2, 3), ones(2, 3))),
    ("give either size or scale_factor", lambda: nn.Upsample()),
    ("mode is one of 'nearest'", lambda: nn.Upsample(2, mode="cubic")),
    ("leaves nothing", lambda: nn.Upsample(scale_factor=0.1)(ones(1, 1, 2))),
    ("MSELoss: reduction is one of 'mean', 'sum', 'none'; got 'max'", lambda: nn.MSELoss(reduction="max")),
    ("a target is 1 or -1, got 0.0", lambda: nn.CosineEmbeddingLoss()(ones(1, 2), ones(1, 2), autograd.zeros(1))),
    ("different shapes", lambda: nn.MarginRankingLoss()(ones(2), ones(2), ones(3))),
    ("margin is positive", lambda: nn.TripletMarginLoss(0.0)),
    ("p is 1 or 2", lambda: nn.MultiMarginLoss(3)),
    ("a variance is not negative", lambda: nn.GaussianNLLLoss()(ones(2), ones(2), -ones(2))),
    ("min_val is smaller", lambda: nn.Hardtanh(1.0, -1.0)),
]


@pytest.mark.parametrize(
    ("layer", "name", "sizes"),
    [
        (nn.Linear, "in_features", ("4", 3)),
        (nn.Linear, "out_features", (4, 3.0)),
        (nn.Conv2d, "in_channels", ("3", 8, 3)),
        (nn.GRUCell, "hidden_size", (2, 2.5)),
        (nn.BatchNorm1d, "num_features", (None,)),
        (nn.GroupNorm, "num_groups", ("2", 4)),
    ],
)
def test_sizes_are_whole_numbers(layer, name, sizes):
    with pytest.raises(TypeError, match=f"{layer.__name__}: {name} is a whole number from [01], got"):
        layer(*sizes)


@pytest.mark.parametrize(("message", "call"), ERRORS, ids=[message for message, _ in ERRORS])
def test_bad_input_gets_a_clear_error(message, call):
    with pytest.raises(ValueError, match=r"[a-z]") as caught:
        call()
    assert message in str(caught.value)


def test_embedding_options():
    torch = pytest.importorskip("torch", reason=PEER)
    table = filled((5, 3))
    layer = nn.Embedding.from_pretrained(tensor(table), max_norm=1.0)
    peer = torch.nn.Embedding.from_pretrained(torch.tensor(table), max_norm=1.0)
    close(layer(tensor([1, 4])), peer(torch.tensor([1, 4])), "Embedding", "max_norm")
    close(layer.weight, peer.weight, "Embedding", "table")
    assert not layer.weight.requires_grad
    assert repr(layer) == repr(peer)

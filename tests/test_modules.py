"""Every module beside PyTorch's: output, gradients, state dicts and text, in training and in evaluation."""

import warnings

import numpy as np
import pytest
from functional_cases import operands
from module_cases import ATTENTION, CASES, CONVOLUTIONS, LINEAR, NORMALISATION, RECURRENT

import autograd
import nn
from autograd import no_grad, tensor

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
    leaves = [
        changed(filled(spec, i), lambda x: make(x, requires_grad=x.dtype.kind == "f")) for i, spec in enumerate(specs)
    ]
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

"""nn.functional: results, gradients and second-order gradients beside PyTorch's, and errors."""

import doctest

import numpy as np
import pytest
from functional_cases import ACTIVATION, CASES, Classes, Probabilities, Signs, operands

import autograd
from autograd import ARRAY_OPERATIONS, no_grad, tensor
from nn import functional as F

PEER = "comparing with PyTorch needs the peers extra"
TOLERANCE = {np.float32: 2e-5, np.float64: 1e-11}


def named(case):
    name, specs, options = case
    return "-".join([name, *(str(tuple(s)).replace(" ", "") if isinstance(s, tuple) else str(s) for s in specs), *options])


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
        if isinstance(array, np.ndarray) and array.dtype.kind == "f" and not (name in undifferentiated and i > 1) and not (name == "batch_norm" and i in (1, 2))
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
    other = np.zeros(mine.shape, dtype) if other is None else other.detach().numpy()
    mine = np.zeros(other.shape, dtype) if mine is None else mine.numpy()
    assert mine.shape == other.shape, what
    assert mine.dtype == other.dtype, what
    scale = np.abs(other).max(initial=1.0)
    np.testing.assert_allclose(mine, other, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * scale, err_msg=what)


def weighted_sum(values, seed):
    """A number that depends on every entry of every value differently."""
    rng = np.random.default_rng(seed)
    total = 0.0
    for value in values:
        factors = rng.normal(size=tuple(value.shape)).astype(str(value.dtype).removeprefix("torch."))
        total = total + (value * (tensor(factors) if isinstance(value, autograd.Tensor) else value.new_tensor(factors))).sum()
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
    assert_close(mine, other, dtype, "result")
    if not inputs:
        return
    found = gradients(weighted_sum([mine], 3), inputs)
    expected = torch.autograd.grad(weighted_sum([other], 3), others, allow_unused=True)
    for place, (own, peer) in enumerate(zip(found, expected, strict=True)):
        assert_close(own, peer, dtype, f"gradient {place}")


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

@pytest.mark.parametrize("case", CASES, ids=IDS)
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
        assert_close(own, peer, np.float64, f"gradient {place}")
    again = gradients(weighted_sum([g for g in first if g is not None], 5), inputs)
    total = weighted_sum([g for g, own in zip(expected, first, strict=True) if own is not None], 5)
    if not total.requires_grad:
        assert all(g is None or not g.numpy().any() for g in again)
        return
    for place, (own, peer) in enumerate(zip(again, torch.autograd.grad(total, others, allow_unused=True), strict=True)):
        assert_close(own, peer, np.float64, f"second gradient {place}")

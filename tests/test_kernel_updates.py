import numpy as np
import pytest
from kernel_cases import DTYPES, layouts, path, run_examples, torch  # noqa: F401

from autograd.kernels import small
from autograd.kernels import updates as module
from autograd.kernels.updates import adagrad, adam, rmsprop, sgd

SGD = [{}, {"weight_decay": 0.1}, {"momentum": 0.9}, {"momentum": 0.9, "dampening": 0.3, "maximize": True}]
SGD += [{"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}]
ADAM = [{}, {"weight_decay": 0.1}, {"amsgrad": True}, {"maximize": True, "eps": 0.1}]
RMSPROP = [{}, {"centered": True}, {"momentum": 0.8, "weight_decay": 0.1}]
RMSPROP += [{"momentum": 0.8, "centered": True, "maximize": True}]
ADAGRAD = [{}, {"lr_decay": 0.1, "weight_decay": 0.1}, {"maximize": True}]
CASES = [("SGD", case) for case in SGD] + [("Adam", case) for case in ADAM] + [("AdamW", case) for case in ADAM]
CASES += [("RMSprop", case) for case in RMSPROP] + [("Adagrad", case) for case in ADAGRAD]


@pytest.fixture(autouse=True)
def nothing_loaded(monkeypatch):
    monkeypatch.setattr(module, "_loaded", set())


def stepper(name, shape, dtype, options):
    """Return a function (parameter, gradient, step) that keeps the state of one optimiser."""
    a, b, c = (np.zeros(shape, dtype) for _ in range(3))
    lr = 0.05
    if name == "SGD":
        return lambda p, g, step: sgd(p, g, a, lr, first=step == 1, **options)
    if name == "RMSprop":
        return lambda p, g, step: rmsprop(p, g, a, b, c, lr, **options)
    if name == "Adagrad":
        return lambda p, g, step: adagrad(p, g, a, step, lr, **options)
    options = {"decoupled": True, "weight_decay": 0.01, **options} if name == "AdamW" else options
    return lambda p, g, step: adam(p, g, a, b, c, step, lr, **options)


def gradients(shape, dtype):
    generator = np.random.default_rng(0)
    return [generator.normal(size=shape).astype(dtype) for _ in range(5)]


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("shape", [(1,), (7, 11)])
def test_beside_pytorch(name, options, shape, dtype):
    peer = torch()
    start, *slopes = gradients(shape, dtype)
    theirs = peer.tensor(start, requires_grad=True)
    optimiser = getattr(peer.optim, name)([theirs], lr=0.05, foreach=False, **options)
    ours, step = start.copy(), stepper(name, shape, dtype, options)
    for number, slope in enumerate(slopes, 1):
        theirs.grad = peer.tensor(slope)
        optimiser.step()
        step(ours, list(layouts(slope))[number], number)
    rtol = 1e-5 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=rtol, atol=rtol)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "options"), CASES)
def test_a_kernel_gives_the_bits_of_numpy(name, options, dtype, monkeypatch):
    """Small parameters are computed by NumPy until the kernel is there, so this must change nothing."""
    start, *slopes = gradients(100, dtype)
    found = []
    for limit in (10**9, 0):
        monkeypatch.setattr(small, "SMALL", limit)
        parameter, step = start.copy(), stepper(name, 100, dtype, options)
        for number, slope in enumerate(slopes, 1):
            step(parameter, slope * dtype(10.0 ** (2 - 3 * number)), number)
        found.append(parameter)
    np.testing.assert_array_equal(*found)


def reference_sgd(p, b, g, options):
    g = (-g if options.get("maximize") else g) + options.get("weight_decay", 0) * p
    momentum = options.get("momentum", 0)
    b = g if b is None else momentum * b + (1 - options.get("dampening", 0)) * g
    return p - 0.05 * (g + momentum * b if options.get("nesterov") else b if momentum else g), b


def reference_adam(p, m, v, largest, g, step, options):
    decay = options.get("weight_decay", 0)
    g = (-g if options.get("maximize") else g) + decay * p
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    largest = np.maximum(largest, v) if options.get("amsgrad") else v
    corrected = np.sqrt(largest / (1 - 0.999**step)) + options.get("eps", 1e-8)
    return p - 0.05 / (1 - 0.9**step) * m / corrected, m, v, largest


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "options"), [case for case in CASES if case[0] in ("SGD", "Adam")])
def test_against_the_formulas(name, options, dtype):
    start, *slopes = gradients(50, dtype)
    ours, step = start.copy(), stepper(name, 50, dtype, options)
    expected, b = start.astype(np.float64), None
    state = [np.zeros(50)] * 3
    for number, slope in enumerate(slopes, 1):
        step(ours, slope, number)
        if name == "SGD":
            expected, b = reference_sgd(expected, b, slope, options)
        else:
            expected, *state = reference_adam(expected, *state, slope, number, options)
    rtol = 1e-5 if dtype == np.float32 else 1e-11
    np.testing.assert_allclose(ours, expected, rtol=rtol, atol=rtol)


@pytest.mark.usefixtures("path")
def test_arrays_that_cannot_change_in_place():
    p, g = np.zeros((3, 4)), np.zeros((3, 4))
    with pytest.raises(ValueError, match="sgd changes arrays in place"):
        sgd(p, g, np.zeros((3, 4), np.float32), 0.1, momentum=0.9)
    with pytest.raises(ValueError, match="row-major"):
        sgd(p.T, g.T, None, 0.1)
    with pytest.raises(ValueError, match="gradient's shape"):
        sgd(p, g[:2], None, 0.1)
    with pytest.raises(ValueError, match="momentum_buffer"):
        sgd(p, g, None, 0.1, momentum=0.9)
    with pytest.raises(ValueError, match="max_exp_avg_sq"):
        adam(p, g, g.copy(), g.copy(), None, 1, 0.1, amsgrad=True)
    with pytest.raises(ValueError, match="grad_avg"):
        rmsprop(p, g, g.copy(), None, None, 0.1, centered=True)


def test_examples():
    run_examples(module)

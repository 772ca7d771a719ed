"""nn.optim: steps beside PyTorch's, tensors beside Values, groups, state dicts and errors."""

import copy
import json
import math
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, no_grad, tensor
from nn import optim

PEER = "comparing with PyTorch needs the peers extra"
GOLDENS = json.loads((Path(__file__).parent / "goldens" / "optimisers.json").read_text(encoding="utf-8"))
SHAPES = [(7, 11), (30, 40), (11,), ()]  # of these one is large enough for a kernel

ADAPTIVE = [{}, {"weight_decay": 0.1}, {"maximize": True, "lr": 0.03}, {"betas": (0.8, 0.95), "eps": 1e-3}]
DECOUPLED = [{"decoupled_weight_decay": True, "weight_decay": 0.1}]
OPTIONS = {
    "SGD": [
        {},
        {"weight_decay": 0.1, "maximize": True},
        {"momentum": 0.9},
        {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1, "maximize": True},
    ],
    "Adagrad": [
        {},
        {"lr_decay": 0.1, "weight_decay": 0.1},
        {"initial_accumulator_value": 0.5, "maximize": True, "eps": 1e-3},
    ],
    "RMSprop": [
        {},
        {"alpha": 0.9, "weight_decay": 0.1, "eps": 1e-3},
        {"momentum": 0.8, "maximize": True},
        {"centered": True},
        {"momentum": 0.8, "centered": True, "weight_decay": 0.1},
    ],
    "Adam": [*ADAPTIVE, *DECOUPLED, {"amsgrad": True}, {"amsgrad": True, "weight_decay": 0.1, "maximize": True}],
    "AdamW": [*ADAPTIVE, {"amsgrad": True, "weight_decay": 0.0}],
    "Adadelta": [{}, {"rho": 0.5, "eps": 1e-3, "weight_decay": 0.1}, {"lr": 0.1, "maximize": True}],
    "Adamax": ADAPTIVE,
    "NAdam": [*ADAPTIVE, *DECOUPLED, {"momentum_decay": 0.1}],
    "RAdam": [*ADAPTIVE, *DECOUPLED],
}
CASES = [(name, options) for name, cases in OPTIONS.items() for options in cases]
every_case = pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{n}-{'-'.join(o)}" for n, o in CASES])


def starts(dtype=np.float64, shapes=SHAPES, seed=0):
    generator = np.random.default_rng(seed)
    return [np.asarray(generator.normal(size=shape), dtype) for shape in shapes]


def run(optimiser, parameters, make, dtype, steps, seed=1):
    """Take steps with random gradients; now and then one parameter has none."""
    generator = np.random.default_rng(seed)
    for step in range(steps):
        for i, p in enumerate(parameters):
            gradient = np.asarray(generator.normal(size=tuple(p.shape)), dtype)
            p.grad = None if (step + i) % 7 == 3 else make(gradient)
        optimiser.step()


def parameters_of(arrays):
    return [tensor(array, requires_grad=True) for array in arrays]


@pytest.fixture
def torch():
    """PyTorch with float64 as its default: NAdam keeps the product of its momenta in that."""
    module = pytest.importorskip("torch", reason=PEER)
    before = module.get_default_dtype()
    module.set_default_dtype(module.float64)
    yield module
    module.set_default_dtype(before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_case
def test_twenty_steps_beside_pytorch(torch, name, options, dtype):
    ours = parameters_of(starts(dtype))
    theirs = [torch.tensor(array, requires_grad=True) for array in starts(dtype)]
    second = {"lr": 0.02, "weight_decay": 0.3}
    optimisers = [
        library([{"params": made[:2]}, {"params": made[2:], **second}], **options)
        for library, made in ((getattr(optim, name), ours), (getattr(torch.optim, name), theirs))
    ]
    run(optimisers[0], ours, tensor, dtype, 20)
    run(optimisers[1], theirs, torch.tensor, dtype, 20)
    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    for mine, peer in zip(ours, theirs, strict=True):
        assert mine.dtype == dtype
        np.testing.assert_allclose(mine.numpy(), peer.detach().numpy(), rtol=tolerance, atol=tolerance)


@every_case
def test_values_move_as_tensors(name, options):
    numbers, generator = starts(shapes=[(5,)])[0], np.random.default_rng(1)
    values = [Value(number) for number in numbers]
    (vector,) = single = parameters_of([numbers])
    for_values, for_tensor = getattr(optim, name)(values, **options), getattr(optim, name)(single, **options)
    for _ in range(20):
        gradient = generator.normal(size=5)
        vector.grad = tensor(gradient)
        for value, number in zip(values, gradient, strict=True):
            value.grad = number
        for_values.step()
        for_tensor.step()
    np.testing.assert_allclose([value.data for value in values], vector.numpy(), rtol=1e-13)


@every_case
def test_values_without_a_gradient_stay_behind(name, options):
    """Each Value counts its own steps: some of them move together, as they would alone."""
    together, alone = ([Value(1.0), Value(-2.0), Value(3.0)] for _ in range(2))
    one = getattr(optim, name)(together, **options)
    each = [getattr(optim, name)([value], **options) for value in alone]
    for step in range(12):
        for i in range(3):
            for value in (together[i], alone[i]):
                value.grad = None if (step + i) % 3 == 0 else math.sin(step + i)
        one.step()
        for optimiser in each:
            optimiser.step()
    assert [value.data for value in together] == [value.data for value in alone]
    assert all(type(value.data) is float for value in together)


@pytest.mark.parametrize("kind", ["tensors", "values"])
@every_case
def test_resuming_in_the_middle_gives_the_same_bits(name, options, kind):
    def made(numbers):
        return [Value(x) for x in numbers] if kind == "values" else parameters_of([np.array(x) for x in numbers])

    def go(optimiser, parameters, rounds):
        for step in rounds:
            for i, p in enumerate(parameters):
                p.grad = math.sin(step + i)
            optimiser.step()

    def numbers(parameters):
        return [float(p) for p in parameters]

    first = made([1.0, -2.0, 3.0])
    optimiser = getattr(optim, name)(first, **options)
    go(optimiser, first, range(5))
    saved, middle = copy.deepcopy(optimiser.state_dict()), numbers(first)
    kept = copy.deepcopy(saved)
    go(optimiser, first, range(5, 12))
    second = made(middle)
    resumed = getattr(optim, name)(second, lr=123.0)
    resumed.load_state_dict(saved)
    go(resumed, second, range(5, 12))
    assert numbers(first) == numbers(second)
    assert saved == kept  # the resumed one has copies


@every_case
def test_state_dicts_go_to_pytorch_and_back(torch, name, options):
    ours = parameters_of(starts())
    mine = getattr(optim, name)(ours, **options)
    run(mine, ours, tensor, np.float64, 5)
    theirs = [torch.tensor(p.numpy(), requires_grad=True) for p in ours]
    peer = getattr(torch.optim, name)(theirs)
    state = mine.state_dict()
    converted = {
        i: {key: torch.tensor(entry, dtype=torch.float64) for key, entry in entries.items()}
        for i, entries in state["state"].items()
    }
    peer.load_state_dict({"state": converted, "param_groups": state["param_groups"]})
    run(peer, theirs, torch.tensor, np.float64, 5, seed=2)
    back = parameters_of([p.detach().numpy() for p in theirs])
    returned = getattr(optim, name)(back)
    returned.load_state_dict(peer.state_dict())
    run(mine, ours, tensor, np.float64, 5, seed=2)
    run(mine, ours, tensor, np.float64, 5, seed=3)
    run(returned, back, tensor, np.float64, 5, seed=3)
    for p, q in zip(ours, back, strict=True):
        np.testing.assert_allclose(p.numpy(), q.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_signature_is_pytorchs(torch, name):
    ours = getattr(optim, name)(parameters_of(starts())).defaults
    theirs = getattr(torch.optim, name)([torch.zeros(1)]).defaults
    assert set(ours) - set(theirs) <= {"bias_correction"}
    assert set(theirs) - set(ours) <= {"foreach", "fused", "capturable", "differentiable"}
    assert {key: theirs[key] for key in ours if key in theirs} == {key: ours[key] for key in ours if key in theirs}


# Published results


def network(init):
    parameters = [np.array(init[key]) for key in ("w0", "b0", "w2", "b2")]
    return parameters_of([parameters[0].reshape(3, 2), parameters[1], parameters[2].reshape(1, 3), parameters[3]])


@pytest.mark.parametrize("case", GOLDENS["pytorch"]["cases"], ids=lambda case: case["name"])
def test_published_trajectories_of_a_network(case):
    w0, b0, w2, b2 = parameters = network(GOLDENS["pytorch"]["init"])
    optimiser = getattr(optim, case["class"])(parameters, **case["kwargs"])
    x = tensor(np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]))

    def closure():
        optimiser.zero_grad()
        out = ((x @ w0.T + b0).sigmoid() @ w2.T + b2).sigmoid().sum()
        out.backward()
        return out

    for _ in range(1001):
        optimiser.step(closure)
    rtol = 1e-3 if case["name"] in ("Adam", "Adam_wd_amsgrad") else 1e-8
    for p, expected in zip(parameters, case["w0_b0_w2_b2"], strict=True):
        np.testing.assert_allclose(p.numpy().ravel(), expected, rtol=rtol)


@pytest.mark.parametrize("kind", ["tensor", "values"])
@pytest.mark.parametrize("case", GOLDENS["lasagne"], ids=lambda case: case["name"])
def test_published_trajectories_of_a_bowl(case, kind):
    weights = [0.1, 0.2, 0.3]
    parameters = [Value(1.0) for _ in weights] if kind == "values" else parameters_of([np.ones(3)])
    optimiser = getattr(optim, case["class"])(parameters, **case["kwargs"])
    for _ in range(10):
        optimiser.zero_grad()
        if kind == "values":
            sum(w * p * p for w, p in zip(weights, parameters, strict=True)).backward()
        else:
            (tensor(np.array(weights)) * parameters[0] ** 2).sum().backward()
        optimiser.step()
    found = [p.data for p in parameters] if kind == "values" else parameters[0].numpy()
    np.testing.assert_allclose(found, case["A"], rtol=1e-5)


# Row T8


def test_nesterov_in_its_rewritten_form_is_the_lectures():
    """The lectures' form: v ← μ v - η g(p + μ v), p ← p + v.  Ours keeps the place p + μ v ahead of it."""
    slopes, rate, momentum = np.array([1.0, 10.0]), 0.03, 0.9
    p, v = np.array([1.0, 1.0]), np.zeros(2)
    ours = tensor(p, requires_grad=True)
    optimiser = optim.SGD([ours], lr=rate, momentum=momentum, nesterov=True)
    for _ in range(10):
        v = momentum * v - rate * slopes * (p + momentum * v)
        p = p + v
        ours.grad = tensor(slopes) * ours.detach()
        optimiser.step()
        np.testing.assert_allclose(ours.numpy(), p + momentum * v, rtol=1e-12)


@pytest.mark.parametrize("count", [3, 1000])
@pytest.mark.parametrize("correct", [True, False])
def test_adam_with_and_without_bias_correction(correct, count):
    generator = np.random.default_rng(0)
    p, m, v = np.ones(count), np.zeros(count), np.zeros(count)
    ours = tensor(p, requires_grad=True)
    optimiser = optim.Adam([ours], lr=0.1, bias_correction=correct)
    for step in range(1, 6):
        g = generator.normal(size=count)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        m_hat, v_hat = (m / (1 - 0.9**step), v / (1 - 0.999**step)) if correct else (m, v)
        p = p - 0.1 * m_hat / (np.sqrt(v_hat) + 1e-8)
        ours.grad = tensor(g)
        optimiser.step()
    np.testing.assert_allclose(ours.numpy(), p, rtol=1e-10)


# Groups, gradients, closures


def test_groups_have_options_of_their_own():
    a, b, c = parameters_of(starts(shapes=[(2,), (3,), ()]))
    optimiser = optim.SGD([{"params": a, "lr": 1.0}, {"params": [b]}], lr=0.5, momentum=0.9)
    optimiser.add_param_group({"params": c, "weight_decay": 0.1, "name": "bias"})
    assert [group["lr"] for group in optimiser.param_groups] == [1.0, 0.5, 0.5]
    assert [group["weight_decay"] for group in optimiser.param_groups] == [0.0, 0.0, 0.1]
    assert optimiser.defaults["lr"] == 0.5
    assert [group["params"] for group in optimiser.state_dict()["param_groups"]] == [[0], [1], [2]]
    optimiser.param_groups[0]["lr"] = np.float64(0.25)
    before = a.numpy().copy()
    a.sum().backward()
    optimiser.step()
    np.testing.assert_allclose(a.numpy(), before - 0.25)
    assert optimiser.state_dict()["state"].keys() == {0}


def test_the_text_names_the_options_of_each_group():
    text = repr(optim.SGD([{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.5}], lr=0.1))
    assert text.splitlines()[:3] == ["SGD (", "Parameter Group 0", "    dampening: 0.0"]
    assert "Parameter Group 1\n    dampening: 0.0\n    lr: 0.5\n" in text


def test_gradients_are_cleared():
    x, y, z = tensor([1.0], requires_grad=True), Value(1.0), tensor([1.0], requires_grad=True)
    optimiser = optim.SGD([x, y, z])
    x.grad, y.grad = [3.0], 3.0
    optimiser.zero_grad(set_to_none=False)
    assert x.grad.tolist() == [0.0]
    assert (y.grad, y.grad_computed) == (0.0, True)
    assert z.grad is None
    optimiser.zero_grad()
    assert x.grad is None
    assert not y.grad_computed


def test_a_closure_computes_with_gradients_and_its_loss_is_returned():
    x = tensor([2.0], requires_grad=True)
    optimiser = optim.SGD([x], lr=0.25)

    def closure():
        optimiser.zero_grad()
        loss = (x * x).sum()
        loss.backward()
        return loss

    with no_grad():
        assert optimiser.step(closure).item() == 4.0
    assert x.tolist() == [1.0]
    assert optimiser.step() is None


def test_a_step_is_noticed_by_graphs_of_before():
    x = tensor([2.0], requires_grad=True)
    loss = (x * x).sum()
    loss.backward()
    optim.SGD([x], lr=0.25).step()
    with pytest.raises(RuntimeError, match="changed in place"):
        loss.backward()


def test_parameters_keep_their_memory_and_may_lie_in_any_order():
    numbers = np.arange(12.0).reshape(3, 4)
    x = tensor(numbers.copy().T.copy().T, requires_grad=True)
    x.data = tensor(numbers)
    view = x.numpy()
    (x * x).sum().backward()
    optim.Adam([x], lr=0.5).step()
    assert x.numpy() is view
    fortran = Tensor(np.zeros((3, 4)), requires_grad=True)
    fortran._data = np.asfortranarray(numbers)
    fortran.grad = 2 * numbers
    optim.Adam([fortran], lr=0.5).step()
    np.testing.assert_array_equal(fortran.numpy(), x.numpy())
    assert fortran.numpy().flags.f_contiguous


def test_infinite_gradients_pass_without_a_warning():
    for name in OPTIONS:
        x, y = tensor(np.array([1.0, 1.0]), requires_grad=True), Value(1.0)
        optimiser = getattr(optim, name)([x, y])
        for _ in range(2):
            x.grad, y.grad = [math.inf, 1.0], math.nan
            optimiser.step()
        assert np.isfinite(x.numpy()[1])
        assert math.isnan(y.data)


def test_a_scalar_network_learns():
    model = nn.MLP(1, [4, 1])
    for i, p in enumerate(model.parameters()):
        p.data = math.sin(i + 1)
    optimiser = optim.Adam(model.parameters(), lr=0.05)
    losses = []
    for _ in range(60):
        optimiser.zero_grad()
        loss = sum((model([x]) - abs(x)) ** 2 for x in (-1.0, -0.5, 0.0, 0.5, 1.0))
        loss.backward()
        losses.append(loss.data)
        optimiser.step()
    assert losses[-1] < 0.3 * losses[0]


# Errors


BAD = [
    ({"lr": -1.0}, ValueError, "lr is a number, at least 0, got -1.0"),
    ({"lr": math.nan}, ValueError, "lr is a number"),
    ({"lr": "fast"}, ValueError, "got 'fast'"),
    ({"weight_decay": -0.1}, ValueError, "weight_decay"),
    ({"betas": (0.9, 1.0)}, ValueError, "betas is two numbers, each at least 0 and below 1"),
    ({"betas": 0.9}, ValueError, "betas"),
    ({"amsgrad": 1}, ValueError, "amsgrad is True or False"),
    ({"momentum": 0.9}, TypeError, "Adam has no option 'momentum'; it has lr, betas"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD, ids=[repr(case[0]) for case in BAD])
def test_bad_options(options, error, message):
    x = tensor([1.0], requires_grad=True)
    if error is ValueError:
        with pytest.raises(error, match=message):
            optim.Adam([x], **options)
    optimiser = optim.Adam([x])
    with pytest.raises(error, match=message):
        optimiser.add_param_group({"params": [Value(1.0)], **options})
    assert len(optimiser.param_groups) == 1
    state = optimiser.state_dict()
    if error is ValueError:
        with pytest.raises(error, match=message):
            optimiser.load_state_dict({**state, "param_groups": [{**state["param_groups"][0], **options}]})
    assert optimiser.param_groups[0]["lr"] == 1e-3


def test_unknown_options_are_refused_by_the_constructor():
    with pytest.raises(TypeError, match="momntum"):
        optim.SGD([Value(1.0)], momntum=0.9)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("options", [{}, {"momentum": 0.9, "dampening": 0.1}])
def test_nesterov_needs_momentum(options):
    with pytest.raises(ValueError, match="nesterov needs momentum above 0 and dampening 0"):
        optim.SGD([Value(1.0)], nesterov=True, **options)


def test_bad_parameters():
    x, y = tensor([1.0], requires_grad=True), Value(1.0)
    for given, error, message in [
        ([], ValueError, "empty"),
        (x, TypeError, r"SGD\(params\) takes a list"),
        (nn.Linear(2, 2), TypeError, r"model.parameters\(\)"),
        ({x, y}, TypeError, "order"),
        ([x, 3.0], TypeError, "parameters are tensors or Values, got float 3.0"),
        ([x * 2.0], ValueError, "result of mul"),
        ([y * 2.0], ValueError, "result of mul"),
        ([x, x], ValueError, "twice"),
        ([{"params": [x]}, {"params": [y, x]}], ValueError, "twice"),
        ([tensor([1, 2])], TypeError, "int64"),
        ([{"lr": 0.1}], TypeError, '"params"'),
    ]:
        with pytest.raises(error, match=message):
            optim.SGD(given)
    optimiser = optim.SGD([x])
    with pytest.raises(TypeError, match="a group is a dict"):
        optimiser.add_param_group([y])  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="twice"):
        optimiser.add_param_group({"params": [y, x]})
    assert len(optimiser.param_groups) == 1


def test_state_dicts_that_do_not_fit_change_nothing():
    x, y = parameters_of(starts(shapes=[(2,), (3,)]))
    optimiser = optim.Adam([x, y], lr=0.5)
    run(optimiser, [x, y], tensor, np.float64, 2)
    before = copy.deepcopy(optimiser.state_dict())
    state = copy.deepcopy(before)
    state["state"][1]["exp_avg"] = np.zeros(4)
    bad = [
        (ValueError, "'exp_avg' of parameter 1 has shape", state),
        (ValueError, r"groups of \[2\] parameters, the state dict of \[1\]", optim.Adam([x]).state_dict()),
        (ValueError, r"in no group: \[7\]", {**before, "state": {7: {}}}),
        (TypeError, "'state' and 'param_groups'", {"weight": 1.0}),
    ]
    for error, message, given in bad:
        with pytest.raises(error, match=message):
            optimiser.load_state_dict(given)
    after = optimiser.state_dict()
    assert after["param_groups"] == before["param_groups"]
    for i in (0, 1):
        np.testing.assert_array_equal(after["state"][i]["exp_avg"], before["state"][i]["exp_avg"])


def test_a_rule_of_ones_own():
    class Nothing(optim.Optimizer):
        pass

    x = Value(1.0)
    x.grad = 1.0
    with pytest.raises(NotImplementedError, match="Nothing has no update"):
        Nothing([x], {"lr": 1.0}).step()

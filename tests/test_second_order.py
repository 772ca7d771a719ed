"""Newton and L-BFGS: beside PyTorch and on problems whose answer is known."""

import math

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor, Value, no_grad, tensor
from nn import optim

PEER = "comparing with PyTorch needs the peers extra"


def rosenbrock(x, library):
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def logistic(x, library):
    rows = np.random.default_rng(3).normal(size=(20, 4))
    signs = library.tensor(np.sign(rows @ np.array([1.0, -2.0, 0.5, 0.0]) + 0.3))
    return library.log(1.0 + library.exp(-signs * (library.tensor(rows) @ x))).sum() + 0.1 * (x * x).sum()


def beale(x, library):
    powers = [1, 2, 3]
    constants = [1.5, 2.25, 2.625]
    return sum((c - x[0] + x[0] * x[1] ** p) ** 2 for c, p in zip(constants, powers, strict=True))


PROBLEMS = [
    (rosenbrock, [-1.5, 2.0]),
    (rosenbrock, [-1.2, 1.0, 0.5, -0.7, 2.0]),
    (logistic, [0.0, 0.0, 0.0, 0.0]),
    (beale, [1.0, 1.0]),
]
SEARCHES = [
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "max_iter": 7, "lr": 0.5},
    {"line_search_fn": "strong_wolfe", "history_size": 2, "max_iter": 40},
    {"line_search_fn": "strong_wolfe", "max_eval": 6},
    {"lr": 1e-3},
    {"lr": 0.05, "history_size": 3, "max_iter": 5, "max_eval": 4},
    {"lr": 1e-3, "tolerance_grad": 1.0, "tolerance_change": 1e-3},
]


@pytest.mark.parametrize("options", SEARCHES, ids=lambda options: "-".join(map(str, options.values())))
@pytest.mark.parametrize(("problem", "start"), PROBLEMS, ids=["rosenbrock2", "rosenbrock5", "logistic", "beale"])
def test_lbfgs_beside_pytorch(problem, start, options):
    torch = pytest.importorskip("torch", reason=PEER)
    paths, counts = [], []
    for library, package in ((ag, optim), (torch, torch.optim)):
        if library is torch:
            x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        else:
            x = tensor(np.array(start), requires_grad=True)
        optimiser = package.LBFGS([x], **options)
        calls, path = [], []

        def closure(x=x, optimiser=optimiser, library=library, calls=calls):
            optimiser.zero_grad()
            loss = problem(x, library)
            loss.backward()
            calls.append(loss.item())
            return loss

        for _ in range(4):
            first = optimiser.step(closure)
            path.append([first.item(), *x.detach().numpy()])
        paths.append(path)
        counts.append((len(calls), optimiser.state[x]["func_evals"], optimiser.state[x]["n_iter"]))
    np.testing.assert_allclose(paths[0], paths[1], rtol=1e-8, atol=1e-8)
    assert counts[0] == counts[1]


def bowl(optimiser, x, y):
    def closure():
        optimiser.zero_grad()
        loss = (x - 1.0) ** 2 + 5.0 * (y + x) ** 2 + (0.5 * x).exp()
        loss.backward()
        return loss

    return closure


@pytest.mark.parametrize("options", [{"line_search_fn": "strong_wolfe"}, {"lr": 0.1}])
def test_lbfgs_of_values_is_that_of_tensors(options):
    values, tensors = [Value(3.0), Value(-2.0)], [tensor(np.array(x), requires_grad=True) for x in (3.0, -2.0)]
    for parameters in (values, tensors):
        optimiser = optim.LBFGS(parameters, max_iter=8, **options)
        optimiser.step(bowl(optimiser, *parameters))
    np.testing.assert_allclose([float(v) for v in values], [float(t) for t in tensors], rtol=1e-12)


@pytest.mark.parametrize("options", [{"line_search_fn": "strong_wolfe"}, {"lr": 0.1, "history_size": 2}])
def test_lbfgs_resumes_with_the_same_bits(options):
    def made(numbers):
        parameters = [Value(x) for x in numbers]
        optimiser = optim.LBFGS(parameters, max_iter=3, max_eval=100, **options)
        return parameters, optimiser, bowl(optimiser, *parameters)

    first, optimiser, closure = made([3.0, -2.0])
    optimiser.step(closure)
    second, resumed, again = made([p.data for p in first])
    resumed.load_state_dict(optimiser.state_dict())
    optimiser.step(closure)
    resumed.step(again)
    assert [p.data for p in first] == [p.data for p in second]
    assert optimiser.state[first[0]]["n_iter"] == resumed.state[second[0]]["n_iter"] == 6


def test_lbfgs_takes_the_state_of_pytorchs():
    torch = pytest.importorskip("torch", reason=PEER)
    x = torch.tensor([-1.5, 2.0], dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.LBFGS([x], max_iter=5, line_search_fn="strong_wolfe")

    def run(library, x, optimiser):
        def closure():
            optimiser.zero_grad()
            loss = rosenbrock(x, library)
            loss.backward()
            return loss

        optimiser.step(closure)

    run(torch, x, theirs)
    y = tensor(x.detach().numpy(), requires_grad=True)
    ours = optim.LBFGS([y])
    ours.load_state_dict(theirs.state_dict())
    run(torch, x, theirs)
    run(ag, y, ours)
    np.testing.assert_allclose(y.numpy(), x.detach().numpy(), rtol=1e-8)


def test_newton_solves_a_parabola_in_one_step():
    matrix = np.array([[20.0, 3.0, 0.0], [3.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
    target = np.array([1.0, -2.0, 3.0])
    a, b = tensor(np.zeros(2), requires_grad=True), tensor(np.zeros(()), requires_grad=True)

    def closure():
        x = ag.cat([a, b.reshape(1)]) - tensor(target)
        return 0.5 * (x @ (tensor(matrix) @ x))

    loss = optim.Newton([a, b]).step(closure)
    assert loss.item() == pytest.approx(0.5 * target @ matrix @ target)
    np.testing.assert_allclose([*a.numpy(), b.item()], target, rtol=1e-12)


@pytest.mark.parametrize("kind", ["tensors", "values"])
def test_newton_follows_the_formula(kind):
    """p ← p - η (H + λ 1)⁻¹ g with H and g by hand."""
    p = np.array([1.0, 2.0])
    parameters = [Value(x) for x in p] if kind == "values" else [tensor(np.array(x), requires_grad=True) for x in p]
    optimiser = optim.Newton(parameters, lr=0.5, damping=0.1)
    for _ in range(3):
        x, y = p
        g = np.array([4 * x**3 + y**2, 2 * x * y + math.exp(y)])
        H = np.array([[12 * x**2, 2 * y], [2 * y, 2 * x + math.exp(y)]])
        p = p - 0.5 * np.linalg.solve(H + 0.1 * np.eye(2), g)
        optimiser.step(lambda: parameters[0] ** 4 + parameters[0] * parameters[1] ** 2 + parameters[1].exp())
        np.testing.assert_allclose([float(q) for q in parameters], p, rtol=1e-12)


def test_newton_inside_no_grad_and_with_parameters_that_do_not_matter():
    x, unused, frozen = (tensor(np.array([2.0]), requires_grad=i < 2) for i in range(3))
    with no_grad():
        optim.Newton([x, unused, frozen], damping=1.0).step(lambda: (x * x * frozen).sum())
    np.testing.assert_allclose([x.item(), unused.item(), frozen.item()], [2.0 - 8.0 / 5.0, 2.0, 2.0])


def test_a_singular_hessian_is_named_and_nothing_moves():
    x = tensor(np.array([1.0, 2.0]), requires_grad=True)
    optimiser = optim.Newton([x])
    with pytest.raises(ValueError, match=r"Hessian of the 2 parameters is singular.*damping"):
        optimiser.step(lambda: x.sum())
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("kind", [optim.Newton, optim.LBFGS])
def test_bad_use(kind):
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"step\(closure\) needs a function"):
        kind([x]).step()
    with pytest.raises(ValueError, match="one list of parameters"):
        kind([{"params": [x]}, {"params": [Value(1.0)]}])
    with pytest.raises(ValueError, match="lr is a number"):
        kind([x], lr=-1.0)


def test_bad_options_of_lbfgs():
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match="'strong_wolfe' or None"):
        optim.LBFGS([x], line_search_fn="armijo")
    with pytest.raises(ValueError, match="history_size is a whole number"):
        optim.LBFGS([x], history_size=0)


@pytest.mark.parametrize(
    "options", [{"line_search_fn": "strong_wolfe"}, {}, {"line_search_fn": "strong_wolfe", "lr": 0.0}]
)
@pytest.mark.parametrize("start", [1e200, math.inf, math.nan, 3.0])
def test_lbfgs_survives_numbers_that_overflow(start, options):
    x = tensor(np.array([start, 1.0]), requires_grad=True)
    optimiser = optim.LBFGS([x], **options)

    def closure():
        optimiser.zero_grad()
        loss = (x**4).sum()
        loss.backward()
        return loss

    assert optimiser.step(closure).item() == pytest.approx(
        start**4 + 1.0 if start < 1e9 else start * math.inf, nan_ok=True
    )

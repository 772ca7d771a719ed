"""Derivatives of functions of tensors: Jacobians, products, checkpoints, anomalies and gates."""

import numpy as np
import pytest

import autograd
from autograd import (
    ComputationalGraph,
    Gate,
    checkpoint,
    detect_anomaly,
    float64,
    grad,
    gradcheck,
    gradgradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    numerical_gradient,
    tensor,
    value_and_grad,
    vjp,
)

random = np.random.default_rng(0)
X, W = random.normal(size=3), random.normal(size=(3, 2))


def scalar(x, w):
    return ((x @ w).tanh() ** 2).sum() * x[0]


def vector(x, w):
    return (x @ w).tanh() * x[0]


def central(f, x, h=1e-6):
    """The Jacobian of a function of arrays by central differences."""
    columns = []
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += h
        below[place] -= h
        columns.append((f(above) - f(below)) / (2 * h))
    return np.stack(columns, -1).reshape(*columns[0].shape, *x.shape)


def test_jacobian_against_central_differences():
    by_x, by_w = jacobian(vector, (tensor(X), tensor(W)))
    np.testing.assert_allclose(by_x.numpy(), central(lambda x: vector(tensor(x), tensor(W)).numpy(), X), atol=1e-8)
    np.testing.assert_allclose(by_w.numpy(), central(lambda w: vector(tensor(X), tensor(w)).numpy(), W), atol=1e-8)
    single = jacobian(lambda x: vector(x, tensor(W)), X)
    np.testing.assert_array_equal(single.numpy(), by_x.numpy())


def test_hessian_is_the_jacobian_of_the_gradient():
    found = hessian(lambda x: scalar(x, tensor(W)), tensor(X))

    def gradient(x):
        leaf = tensor(x, requires_grad=True)
        return grad(scalar(leaf, tensor(W)), leaf)[0].numpy()

    np.testing.assert_allclose(found.numpy(), central(gradient, X), atol=1e-8)
    np.testing.assert_allclose(found.numpy(), found.numpy().T, atol=1e-12)


def test_products_agree_with_the_matrices():
    x, w = tensor(X), tensor(W)
    v, dx = random.normal(size=2), random.normal(size=3)
    full = jacobian(lambda x: vector(x, w), x).numpy()
    np.testing.assert_allclose(vjp(lambda x: vector(x, w), x, v)[1].numpy(), v @ full, atol=1e-12)
    outputs, tangent = jvp(lambda x: vector(x, w), x, dx)
    np.testing.assert_allclose(tangent.numpy(), full @ dx, atol=1e-12)
    np.testing.assert_array_equal(outputs.numpy(), vector(x, w).numpy())
    assert not outputs.requires_grad
    square = hessian(lambda x: scalar(x, w), x).numpy()
    np.testing.assert_allclose(hvp(lambda x: scalar(x, w), x, dx)[1].numpy(), square @ dx, atol=1e-12)


def test_derivatives_can_be_differentiated_again():
    x = tensor(X, requires_grad=True)
    found = jacobian(lambda x: x**3, x, create_graph=True)
    (third,) = grad(found.sum(), x)
    np.testing.assert_allclose(third.numpy(), 6 * X)


def test_what_a_function_does_not_depend_on_has_derivative_zero():
    assert jacobian(lambda x: tensor(np.ones(2)), tensor(X)).tolist() == np.zeros((2, 3)).tolist()
    assert jvp(lambda x: tensor(1.0, dtype=float64), tensor(X), np.ones(3))[1].item() == 0.0
    assert hessian(lambda x: x.sum(), tensor(X)).tolist() == np.zeros((3, 3)).tolist()


def test_against_torch():
    torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")
    functional = torch.autograd.functional

    def same(ours, theirs):
        if isinstance(ours, tuple):
            assert len(ours) == len(theirs)
            for a, b in zip(ours, theirs, strict=True):
                same(a, b)
        else:
            np.testing.assert_allclose(ours.numpy(), theirs.detach().numpy(), atol=1e-12)

    ours, theirs = (tensor(X), tensor(W)), (torch.tensor(X), torch.tensor(W))
    same(jacobian(vector, ours), functional.jacobian(vector, theirs))
    same(hessian(scalar, ours), functional.hessian(scalar, theirs))
    v = random.normal(size=3), random.normal(size=(3, 2))
    tensors = tuple(map(tensor, v)), tuple(map(torch.tensor, v))
    same(jvp(vector, ours, tensors[0]), functional.jvp(vector, theirs, tensors[1]))
    same(hvp(scalar, ours, tensors[0]), functional.hvp(scalar, theirs, tensors[1]))
    same(vjp(scalar, ours), functional.vjp(scalar, theirs))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: jacobian(lambda x: 3.0, tensor(X)), TypeError, "must return tensors, got float"),
        (lambda: jacobian(lambda x: x, 3.0), TypeError, "not iterable|inputs are tensors"),
        (lambda: hessian(lambda x: x * 2, tensor(X)), ValueError, r"output has shape \(3,\)"),
        (lambda: vjp(lambda x: x * 2, tensor(X), np.ones(2)), ValueError, r"v of shape \(2,\)"),
        (lambda: jvp(lambda x: x * 2, tensor(X)), ValueError, "so v is needed"),
        (lambda: grad(tensor(X), tensor(X)), ValueError, "not a single number"),
        (lambda: grad([1.0], tensor(X)), TypeError, "outputs takes"),
    ],
)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_grad_of_results_on_the_way_and_unused_inputs():
    x, unused = tensor(X, requires_grad=True), tensor(X, requires_grad=True)
    y = x * 2.0
    z = (y * y).sum()
    by_y, by_x = grad(z, [y, x])
    np.testing.assert_allclose(by_y.numpy(), 4 * X)
    np.testing.assert_allclose(by_x.numpy(), 8 * X)
    assert x.grad is None
    assert grad(z, [x, unused], allow_unused=True)[1] is None
    with pytest.raises(ValueError, match="do not depend on input 1"):
        grad(z, [x, unused])


def test_value_and_grad_of_arrays_and_tensors():
    value, gradient = value_and_grad(lambda x, s: (x * x * s).sum(), argnums=0)(X, 2.0)
    assert isinstance(value, float)
    np.testing.assert_allclose(gradient, 4 * X)
    value, (by_x, by_w) = value_and_grad(scalar, argnums=(0, 1))(tensor(X), tensor(W))
    assert value.shape == ()
    assert by_w.shape == W.shape
    assert by_x.dtype == float64


# Checkpoints.


def test_a_checkpoint_gives_the_same_gradients_and_keeps_nothing():
    x, w = tensor(X, requires_grad=True), tensor(W, requires_grad=True)

    def layer(x):
        return (x @ w).tanh() * 2.0

    plain = layer(x * 2.0).sum()
    saved = checkpoint(layer, x * 2.0)
    assert saved.op.name == "checkpoint"
    assert len(autograd.topological_order([saved])) == 4
    for create_graph in (False, True):
        for ours, theirs in zip(
            grad(saved.sum(), [x, w], create_graph=create_graph),
            grad(plain, [x, w], create_graph=create_graph),
            strict=True,
        ):
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), atol=1e-14)
    ours = grad(sum((g**2).sum() for g in grad(saved.sum(), [x, w], create_graph=True)), [x, w])
    theirs = grad(sum((g**2).sum() for g in grad(plain, [x, w], create_graph=True)), [x, w])
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), atol=1e-13)


def test_a_checkpoint_draws_the_same_random_numbers_again():
    x = tensor(np.ones(100), requires_grad=True)
    seen = []

    def noisy(x):
        noise = autograd.rand(100, dtype=float64)
        seen.append(noise.numpy())
        return x * noise

    checkpoint(noisy, x).sum().backward()
    after = autograd.rand(1)
    np.testing.assert_array_equal(seen[0], seen[1])
    np.testing.assert_array_equal(x.grad.numpy(), seen[0])
    assert after.item() not in seen[0]
    with no_grad():
        assert not checkpoint(noisy, x).requires_grad
    with pytest.raises(TypeError, match="must return a tensor"):
        checkpoint(lambda x: 3.0, x)


# Anomalies.


def test_an_anomaly_names_the_operation_and_the_line():
    x = tensor([1.0, 0.0], requires_grad=True)
    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"log gave -inf at \(1,\).*x\.log\(\)"):
        x.log()
    with detect_anomaly():
        y = x.sqrt().sum()  # the derivative at zero is infinite
        with pytest.raises(FloatingPointError, match=r"operand 0 of sqrt is inf.*y = x\.sqrt"):
            y.backward()
    assert x.log().numpy()[1] == -np.inf


# Gates and checks.


class Multiply(Gate):
    symbol = "*"

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [self.y * dz, self.x * dz]


def test_a_gate_of_ones_own_on_tensors():
    x, s = tensor(X, requires_grad=True), tensor(2.0, dtype=float64, requires_grad=True)
    Multiply()(x, s).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 2.0]
    assert s.grad.item() == pytest.approx(X.sum())
    assert gradcheck(Multiply(), [tensor(X), tensor(2.0, dtype=float64)])
    assert gradgradcheck(Multiply(), [tensor(X), tensor(2.0, dtype=float64)])

    class Wrong(Multiply):
        def backward(self, dz):
            return [dz, np.ones(7)]

    with pytest.raises(ValueError, match=r"Wrong.backward returned a gradient of shape \(7,\)"):
        Wrong()(x, tensor(X, requires_grad=True)).sum().backward()
    with pytest.raises(AssertionError, match=r"input 0 .*at \(0,\).*analytic"):
        gradcheck(type("Bad", (Multiply,), {"backward": lambda self, dz: [self.y * dz * 2, self.x * dz]})(), [X, X])


def test_gradcheck_finds_a_gradient_that_is_cut():
    assert gradcheck(lambda x, w: scalar(x, w), [tensor(X), tensor(W)])
    assert not gradcheck(lambda x: x.detach() * x, tensor(X), raise_exception=False)
    with pytest.raises(TypeError, match=r"float32; float64 is needed"):
        gradcheck(lambda x: x * 2, tensor([1.0]))
    np.testing.assert_allclose(numerical_gradient(lambda x: (x * x).sum(), tensor(X)), 2 * X, atol=1e-8)


def test_a_computational_graph_of_tensors_runs_again_with_other_arrays():
    x, w = tensor(X, requires_grad=True, label="x"), tensor(W, requires_grad=True)
    graph = ComputationalGraph(scalar(x, w))
    new = random.normal(size=3)
    assert graph.forward({"x": new}).item() == pytest.approx(scalar(tensor(new), tensor(W)).item())
    by_x = graph.backward()[0]
    np.testing.assert_allclose(by_x.numpy(), x.grad.numpy())
    with pytest.raises(ValueError, match=r"shape \(3,\), the new data \(2,\)"):
        graph.forward({"x": np.ones(2)})


def test_gradients_with_a_graph_do_not_share_memory():
    x, y, seed = tensor([1.0, 2.0], requires_grad=True), tensor([3.0, 4.0], requires_grad=True), tensor([1.0, 1.0])
    z = x + y
    z.backward(seed, create_graph=True)
    grads = [x.grad, y.grad, z.grad, seed]
    for i, one in enumerate(grads):
        assert not any(np.shares_memory(one.numpy(), other.numpy()) for other in grads[i + 1 :])
    x.grad *= 2.0
    assert y.grad.tolist() == [1.0, 1.0]


def test_a_checkpoint_refuses_operands_that_changed():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = checkpoint(lambda x: (x * x).sum(), x)
    same = checkpoint(lambda x: x, x)
    assert not np.shares_memory(same.numpy(), x.numpy())
    with no_grad():
        x += 1.0
    with pytest.raises(RuntimeError, match="changed in place after checkpoint"):
        y.backward()


def test_a_gate_keeps_its_numbers_when_tensors_change():
    class SquareGate(Gate):
        def forward(self, x):
            self.x, self.out = x, x * x
            return self.out

        def backward(self, gradient):
            assert (self.out == self.x * self.x).all()
            return 2.0 * self.x * gradient

    x = tensor([1.0, 2.0], requires_grad=True)
    h = x * 1.0
    y = SquareGate()(h)
    y += 1.0
    h *= 3.0
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]
    y = SquareGate()(x)
    with no_grad():
        x += 1.0
    assert grad(y.sum(), x)[0].tolist() == [2.0, 4.0]
    with pytest.raises(RuntimeError, match="changed in place after SquareGate"):
        grad(y.sum(), x, create_graph=True)

"""The lectures' rows G8 and P3 to P8: neurons and networks, with the numbers they print."""

import math
from itertools import pairwise

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, float64, manual_seed, no_grad, tensor
from nn import data, regularisers
from nn import functional as F


def trained(model, X, y, loss, steps, **options):
    """Full-batch gradient descent, as a student writes it."""
    penalty = options.pop("penalty", None)
    optimiser = nn.optim.SGD(model.parameters(), **options)
    for _ in range(steps):
        optimiser.zero_grad()
        total = loss(model(X), y)
        if penalty:
            total = total + penalty(model.parameters())
        total.backward()
        optimiser.step()
    return loss(model(X), y).item()


# G8: the chain rule through L layers


@pytest.mark.parametrize("layers", [1, 2, 3, 8])
def test_g8_each_factor_of_the_chain_rule(layers):
    """dJ/dw_1 = dJ/da_L * a_L' w_L * ... * a_2' w_2 * a_1' x, where a' = a (1 - a)."""
    weights, a = [Value(0.3 * i + 0.5, f"w{i}") for i in range(1, layers + 1)], Value(1.5, "x")
    activations = [a]
    for w in weights:
        activations.append((w * activations[-1]).sigmoid())
    (0.5 * (activations[-1] - 1) ** 2).backward()
    factor = activations[-1].data - 1
    for layer in range(layers, 0, -1):
        a, before, w = activations[layer], activations[layer - 1], weights[layer - 1]
        assert a.grad == pytest.approx(factor)
        factor *= a.data * (1 - a.data)
        assert w.grad == pytest.approx(factor * before.data)
        factor *= w.data
    assert activations[0].grad == pytest.approx(factor)


# P3: threshold units


INPUTS = tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=autograd.float32)


def test_p3_a_mcculloch_pitts_unit_is_a_nor_gate():
    nor = INPUTS @ tensor([-1.0, -1.0]) >= 0
    assert nor.tolist() == [True, False, False, False]


def test_p3_and_with_a_threshold():
    unit = INPUTS @ tensor([1.0, 1.0]) >= 1.5
    assert unit.tolist() == [False, False, False, True]
    # The same as a layer, whose bias is minus the threshold: it divides the plane along x1 + x2 = 1.5.
    layer = nn.Linear(2, 1)
    layer.load_state_dict({"weight": tensor([[1.0, 1.0]]), "bias": tensor([-1.5])})
    assert layer(INPUTS).numpy().ravel().tolist() == [-1.5, -0.5, -0.5, 0.5]
    assert layer(tensor([[0.75, 0.75], [1.5, 0.0]])).numpy().ravel().tolist() == [0.0, 0.0]


def perceptron(targets, epochs=50):
    """Train a perceptron, w <- w + (t - y) x: descent on the hinge loss without a margin, sample by sample.

    Weights are whole numbers and the bias ends in one half, so no score is zero, where the hinge has no slope; and
    numbers that come again at the end of an epoch come again for ever.
    """
    model = nn.Linear(2, 1)
    model.load_state_dict({"weight": tensor([[0.0, 0.0]]), "bias": tensor([-0.5])})
    optimiser = nn.optim.SGD(model.parameters(), lr=1.0)
    seen = []
    for _ in range(epochs):
        mistakes = 0
        for x, target in zip(INPUTS, targets, strict=True):
            before = nn.utils.parameters_to_vector(model.parameters()).numpy().copy()
            score = model(x)
            optimiser.zero_grad()
            F.hinge_loss(score, tensor([2.0 * target - 1]), margin=0.0).backward()
            optimiser.step()
            error = target - int(score.item() > 0)
            after = nn.utils.parameters_to_vector(model.parameters()).numpy()
            assert (after - before).tolist() == [error * x[0].item(), error * x[1].item(), error]
            mistakes += abs(error)
        if not mistakes:
            return "learnt", model
        if after.tolist() in seen:
            return "goes in circles", model
        seen.append(after.tolist())
    return "neither", model


def test_p3_a_perceptron_learns_and():
    outcome, model = perceptron([0, 0, 0, 1])
    assert outcome == "learnt"
    assert (model(INPUTS) > 0).numpy().ravel().tolist() == [False, False, False, True]


def test_p3_a_perceptron_goes_in_circles_on_xor():
    outcome, model = perceptron([0, 1, 1, 0])
    assert outcome == "goes in circles"
    assert (model(INPUTS) > 0).numpy().ravel().tolist() != [False, True, True, False]


# P4: XOR with weights by hand; with Values in test_nn_scalar

HIDDEN, OUTPUT = [[0, 1, 1, 2], [0, 0, 0, 1]], [0, 1, 1, 0]


def test_p4_xor_with_two_rectified_units():
    X, y = data.xor()[:]
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    weights = {"0.weight": [[1, 1], [1, 1]], "0.bias": [0, -1], "2.weight": [[1, -2]], "2.bias": [0]}
    model.load_state_dict({name: tensor(numbers, dtype=autograd.float32) for name, numbers in weights.items()})
    hidden = model[1](model[0](X))
    assert hidden.numpy().T.tolist() == HIDDEN
    assert model(X).numpy().ravel().tolist() == OUTPUT == y.tolist()
    # Without the ReLU it is wrong, for two linear layers are one: U (W x + b) + c = (U W) x + (U b + c).
    linear = nn.Sequential(model[0], model[2])
    W, b, U, c = (parameter.numpy() for parameter in linear.parameters())
    assert np.array_equal(linear(X).numpy(), X.numpy() @ (U @ W).T + U @ b + c)
    assert linear(X).numpy().ravel().tolist() == [2, 1, 1, 0]


def test_p4_the_best_linear_network_gives_one_half_everywhere():
    X, y = data.xor()[:]
    manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    trained(model, X, y.to(autograd.float32).unsqueeze(1), F.mse_loss, 2000, lr=0.1, momentum=0.9)
    assert model(X).numpy().ravel() == pytest.approx([0.5] * 4, abs=1e-4)


# P5: logistic regression as one neuron


@pytest.fixture(scope="module")
def tumours():
    pytest.importorskip("sklearn", reason="the table comes with the data extra")
    X, y = data.breast_cancer()[:]
    X = data.transforms.Standardize().fit(X)(X).to(float64)
    return X[:400], y[:400].to(float64), X[400:], y[400:]


def neuron():
    model = nn.Linear(30, 1).double()
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    return model


def test_p5_the_loss_and_its_gradients_by_hand_and_by_autograd(tumours):
    X, y, *_ = tumours
    manual_seed(0)
    w, b = (tensor(0.1 * autograd.randn(*shape).numpy(), float64, requires_grad=True) for shape in ((30,), ()))
    a = (X @ w + b).sigmoid()
    loss = -(y * a.log() + (1 - y) * (1 - a).log()).mean()
    loss.backward()
    assert loss.item() == pytest.approx(F.binary_cross_entropy(a, y).item())
    assert loss.item() == pytest.approx(F.binary_cross_entropy_with_logits(X @ w + b, y).item())
    dz = a.numpy() - y.numpy()
    assert np.allclose(w.grad.numpy(), X.numpy().T @ dz / len(X), rtol=1e-10)
    assert b.grad.item() == pytest.approx(dz.mean())
    one = Value(0.3, "z")
    (-((1 - one.sigmoid()).log())).backward()  # one sample with y = 0: dL/dz = a - y
    assert one.grad == pytest.approx(1 / (1 + math.exp(-0.3)))


def test_p5_gradients_of_single_samples_have_the_batch_gradient_as_their_mean(tumours):
    X, y, *_ = tumours
    model = neuron()

    def gradient(X, y):
        loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y)
        return autograd.grad(loss, [model.weight])[0].numpy().ravel()

    batch = gradient(X, y)
    for size in (1, 20):
        each = [gradient(X[i : i + size], y[i : i + size]) for i in range(0, len(X), size)]
        assert np.allclose(np.mean(each, axis=0), batch, rtol=1e-10)
        spread = np.std(each, axis=0).mean()
        assert spread > 0.05 if size == 1 else spread < 0.15  # larger batches point more surely


def test_p5_batch_stochastic_and_mini_batch_descent(tumours):
    X, y, X_test, y_test = tumours

    def descend(batch_size, lr):
        model, losses, steps = neuron(), [], 0
        optimiser = nn.optim.SGD(model.parameters(), lr=lr)
        loader = data.DataLoader(data.TensorDataset(X, y), batch_size=batch_size, shuffle=True, seed=0)
        for _ in range(5):
            for inputs, targets in loader:
                optimiser.zero_grad()
                loss = F.binary_cross_entropy_with_logits(model(inputs).squeeze(1), targets)
                loss.backward()
                optimiser.step()
                steps += 1
                losses.append(loss.item())
        with no_grad():
            last = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y).item()
            accuracy = nn.accuracy(model(X_test), y_test)
        return steps, losses, last, accuracy

    batch, stochastic, mini = descend(400, 0.1), descend(1, 0.1), descend(20, 0.1)
    assert [run[0] for run in (batch, stochastic, mini)] == [5, 2000, 100]
    assert all(run[1][0] == pytest.approx(math.log(2)) for run in (batch, stochastic, mini))
    assert batch[1] == sorted(batch[1], reverse=True)  # the whole batch falls at every step, the others jump about
    assert stochastic[1] != sorted(stochastic[1], reverse=True)
    assert mini[2] < batch[2]  # in as many epochs the smaller batches come further
    assert stochastic[2] < batch[2]
    assert min(stochastic[3], mini[3]) > 0.95


# P6: stars and quasars


def test_p6_stars_and_quasars_and_the_free_parameters_of_the_network():
    stars = data.quasars(1000, seed=0)
    train, validation = data.random_split(stars, [0.8, 0.2], seed=0)
    manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1))
    sizes = [4, 8, 8, 1]
    by_hand = sum(inputs * outputs + outputs for inputs, outputs in pairwise(sizes))
    assert by_hand == (4 * 8 + 8) + (8 * 8 + 8) + (8 + 1) == 121
    assert nn.summary(model, (4,)).trainable_parameters == sum(p.numel() for p in model.parameters()) == by_hand

    def loss(scores, labels):
        return F.binary_cross_entropy_with_logits(scores.squeeze(1), labels.to(scores.dtype))

    trainer = nn.Trainer(model, nn.optim.Adam(model.parameters(), 0.01), loss, metrics={"accuracy": nn.accuracy})
    history = trainer.fit(train, validation, epochs=10, progress=False)
    assert history[0]["loss"] > history[-1]["loss"]
    assert history[-1]["val_accuracy"] > 0.9


# P7: the network in eleven lines

P7_X, P7_Y = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]), np.array([[0, 1, 1, 0]]).T


def eleven_lines(syn0, syn1, steps):
    for _ in range(steps):
        l1 = 1 / (1 + np.exp(-(P7_X @ syn0)))
        l2 = 1 / (1 + np.exp(-(l1 @ syn1)))
        l2_delta = (P7_Y - l2) * (l2 * (1 - l2))
        l1_delta = l2_delta.dot(syn1.T) * (l1 * (1 - l1))
        syn1 = syn1 + l1.T.dot(l2_delta)
        syn0 = syn0 + P7_X.T.dot(l1_delta)
    return syn0, syn1


@pytest.fixture
def synapses():
    random = np.random.RandomState(1)
    return 2 * random.random_sample((3, 4)) - 1, 2 * random.random_sample((4, 1)) - 1


def test_p7_their_deltas_are_the_gradients_of_half_the_squared_error(synapses):
    X, y = tensor(P7_X, dtype=float64), tensor(P7_Y, dtype=float64)
    syn0, syn1 = (tensor(numbers, requires_grad=True) for numbers in synapses)
    optimiser = nn.optim.SGD([syn0, syn1], lr=1.0)
    for _ in range(200):
        optimiser.zero_grad()
        output = ((X @ syn0).sigmoid() @ syn1).sigmoid()
        (0.5 * (output - y) ** 2).sum().backward()
        optimiser.step()
    for ours, theirs in zip((syn0, syn1), eleven_lines(*synapses, 200), strict=True):
        assert np.allclose(ours.numpy(), theirs, rtol=1e-9)


def test_p7_sixty_thousand_steps(synapses):
    syn0, syn1 = ([[Value(number) for number in row] for row in numbers.tolist()] for numbers in synapses)
    outputs = []
    for x in P7_X.tolist():
        l1 = [autograd.dot(x, [row[i] for row in syn0]).sigmoid() for i in range(4)]
        outputs.append(autograd.dot(l1, [row[0] for row in syn1]).sigmoid())
    loss = sum(0.5 * (output - y) ** 2 for output, y in zip(outputs, P7_Y[:, 0].tolist(), strict=True))
    parameters = [weight for row in syn0 + syn1 for weight in row]
    program = autograd.compile([loss, *outputs], parameters=parameters, gradient=[1, 0, 0, 0, 0])
    errors = []
    for step in range(60_000):
        _, *found = program.run()
        if step % 10_000 == 0:
            errors.append(np.abs(P7_Y[:, 0] - found).mean())
        program.parameters -= program.gradients
    # What the eleven lines themselves print from this start.
    assert errors == pytest.approx([0.49641003, 0.00858452, 0.00578946, 0.00462918, 0.00395877, 0.00351012], abs=1e-8)
    assert found == pytest.approx([0.00260572, 0.99672209, 0.99701711, 0.00386759], abs=1e-8)
    assert np.round(found).tolist() == P7_Y[:, 0].tolist()


# P8: three layers


def three_layers():
    return nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 4), nn.Sigmoid(), nn.Linear(4, 1)).double()


def test_p8_the_forward_pass_of_three_layers():
    manual_seed(0)
    model, x = three_layers(), autograd.randn(3, dtype=float64)
    W1, b1, W2, b2, W3, b3 = (parameter.numpy() for parameter in model.parameters())
    h1 = 1 / (1 + np.exp(-(W1 @ x.numpy() + b1)))
    h2 = 1 / (1 + np.exp(-(W2 @ h1 + b2)))
    assert np.allclose(model(x).numpy(), W3 @ h2 + b3, rtol=1e-12)
    assert nn.summary(model, (3,)).total_parameters == (12 + 16 + 4) + (4 + 4 + 1) == 41
    assert nn.summary(nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)), (3,)).total_parameters == 26


@pytest.fixture(scope="module")
def spirals():
    X, y = data.spirals(200, classes=2, noise=0.3, seed=0)[:]
    return X[:100], y[:100], X[100:], y[100:]


def wide(hidden):
    manual_seed(0)
    return nn.Sequential(nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, 2))


def test_p8_more_neurons_more_capacity(spirals):
    X, y, *_ = spirals
    losses = [trained(wide(hidden), X, y, F.cross_entropy, 800, lr=0.5, momentum=0.9) for hidden in (1, 3, 20)]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 0.3
    assert losses[-1] < 0.02


def test_p8_regularise_instead_of_shrinking(spirals):
    """Twenty units with a penalty: the stronger it is, the smoother the boundary."""
    X, y, X_test, y_test = spirals
    slopes, models = [], []
    for strength in (0.0, 0.001, 0.01, 0.1):
        model = wide(20)

        def penalty(parameters, strength=strength):
            return 0.5 * strength * regularisers.l2(parameters)

        trained(model, X, y, F.cross_entropy, 800, lr=0.3, momentum=0.9, penalty=penalty)
        inputs = X_test.clone().requires_grad_()
        scores = model(inputs)
        (slope,) = autograd.grad((scores[:, 1] - scores[:, 0]).sum(), [inputs])
        slopes.append(np.linalg.norm(slope.numpy(), axis=1).mean())
        models.append(model)
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[-1] < 0.1 * slopes[0]
    losses = [F.cross_entropy(model(X_test), y_test).item() for model in models]
    assert min(losses[1:]) < losses[0]  # and new points are understood better

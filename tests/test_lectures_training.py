"""The lectures' rows T6, T7 and T10 to T12: training, and what keeps it from overfitting.

T4, T5 and T7's ratio are in test_trainer, T2 and T10's flips in test_data_transforms, T9 in test_schedules.
"""

import math

import numpy as np
import pytest

import nn
from autograd import float64, grad, manual_seed, no_grad, randn, tensor
from nn import data, regularisers, search
from nn import functional as F


@pytest.fixture(scope="module")
def digits():
    """Images as rows of centred pixels from 0 to 16, and labels: 600 to train on, 300 for validation."""
    pytest.importorskip("sklearn", reason="the images come with the data extra")
    X, y = data.digits()[:]
    X = 16 * X[:900].reshape(900, 64)
    X = X - X[:600].mean(dim=0)
    return (X[:600], y[:600]), (X[600:], y[600:900])


def weights(parameters):
    return [p for p in parameters if p.ndim > 1]


# T6: from coarse to fine


def test_t6_random_search_in_log_space_coarse_then_fine(digits):
    pytest.importorskip("joblib", reason="searching needs the search extra")
    train, validation = digits

    def accuracy(config):
        model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
        optimiser = nn.optim.SGD(model.parameters(), lr=config["lr"], momentum=0.9)

        def penalty(parameters):
            return 0.5 * config["reg"] * regularisers.l2(weights(parameters))

        trainer = nn.Trainer(model, optimiser, F.cross_entropy, {"accuracy": nn.accuracy}, penalty=penalty)
        return trainer.fit(train, validation, epochs=5, batch_size=50, progress=False)[-1]["val_accuracy"]

    coarse = {"reg": search.log_uniform(1e-5, 1e5), "lr": search.log_uniform(1e-6, 1e-3)}
    fine = {"reg": search.log_uniform(1e-4, 1e0), "lr": search.log_uniform(1e-4, 1e-3)}
    results = [search.random(accuracy, space, trials=15, progress=False) for space in (coarse, fine)]
    for found, (low, high) in zip(results, ((-5, 5), (-4, 0)), strict=True):
        exponents = [math.log10(trial.config["reg"]) for trial in found]
        assert low < min(exponents) < (low + high) / 2 < max(exponents) < high
    # A trial whose loss explodes is a result too, without a score.
    scores = [[trial.score if trial.status == "done" else 0.0 for trial in found] for found in results]
    assert {trial.status for trial in results[0]} == {"done", "diverged"}
    assert np.median(scores[1]) > np.median(scores[0]) + 0.2
    assert results[1].best.score > results[0].best.score
    assert 1e-4 < results[0].best.config["lr"] < 1e-3  # where the finer search looks


# T7: the gap between training and validation; the update-to-weight ratio is in test_trainer


def test_t7_the_gap_between_training_and_validation_says_overfitting(digits):
    (X, y), validation = digits

    def gap(samples):
        manual_seed(0)
        model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
        optimiser = nn.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
        trainer = nn.Trainer(model, optimiser, F.cross_entropy, {"accuracy": nn.accuracy}, update_ratio=True)
        history = trainer.fit((X[:samples], y[:samples]), validation, epochs=15, batch_size=20, progress=False)
        assert history[-1]["loss"] < history[0]["loss"]
        assert 1e-4 < history[-1]["update_ratio"] < 1e-2
        last = trainer.evaluate((X[:samples], y[:samples]))
        return last["accuracy"] - history[-1]["val_accuracy"]

    assert gap(60) > gap(600) + 0.05


# T10: dropout, bagging, sharing; early stopping is in test_trainer


def test_t10_the_expectation_of_dropout_over_all_masks():
    """a = w0 x + w1 y, each input kept with 1/2: the four masks give 1/4 of each, together half of a."""
    w, x = np.array([0.7, -1.2]), np.array([2.0, 0.5])
    masks = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert np.mean([(w * mask) @ x for mask in masks]) == pytest.approx(0.5 * w @ x)


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_t10_dropout_inverted_and_scaled_at_test_time(p):
    manual_seed(0)
    count, w, x = 40_000, randn(10, dtype=float64), randn(10, dtype=float64)
    layer = nn.Dropout(p)
    a = (w @ x).item()
    inputs = layer(x.broadcast_to((count, 10)))
    kept = inputs.numpy() != 0
    assert np.allclose(inputs.numpy()[kept], (x.numpy() / (1 - p) * kept)[kept])
    assert abs(kept.mean() - (1 - p)) < 4 * math.sqrt(p * (1 - p) / kept.size)
    outputs = (inputs @ w).numpy()
    error = 4 * outputs.std() / math.sqrt(count)
    # Inverted: divided by 1 - p in training, so its expectation is what the test computes without dropout.
    assert abs(outputs.mean() - a) < error
    assert (layer.eval()(x) @ w).item() == a
    # Not inverted: the expectation in training is (1 - p) a, so at test time activations are scaled by 1 - p.
    assert abs((outputs * (1 - p)).mean() - (1 - p) * a) < error
    # The variance of the sum is that of the masks: p / (1 - p) for each squared product.
    expected = p / (1 - p) * ((w * x) ** 2).sum().item()
    assert outputs.var() == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(("v", "c"), [(1.0, 0.0), (1.0, 0.3), (1.0, 1.0)])
@pytest.mark.parametrize("k", [1, 2, 10])
def test_t10_the_error_of_an_ensemble(k, v, c):
    """k models whose errors have variance v and covariance c: squared error of their mean v / k + (k - 1) c / k."""
    expected, trials = v / k + (k - 1) * c / k, 20_000
    numbers = np.random.default_rng(0)
    shared, own = numbers.normal(size=(trials, 1)), numbers.normal(size=(trials, k))
    errors = math.sqrt(c) * shared + math.sqrt(v - c) * own
    squared = errors.mean(axis=1) ** 2
    assert abs(squared.mean() - expected) < 4 * expected * math.sqrt(2 / trials)  # the square of a Gaussian
    assert expected == pytest.approx({0.0: v / k, 1.0: v}.get(c, 0.7 / k + 0.3))  # nothing is won if all err together


def test_t10_bagging_networks():
    """Networks trained on samples drawn with replacement: their mean is better than they are on average."""
    numbers = np.random.default_rng(0)
    x = numbers.uniform(-3, 3, (80, 1)).astype(np.float32)
    y = (np.sin(x) + 0.5 * numbers.normal(size=x.shape)).astype(np.float32)
    X_test = np.linspace(-3, 3, 200, dtype=np.float32)[:, None]
    predictions = []
    for seed in range(5):
        manual_seed(seed)
        drawn = numbers.integers(0, 80, 80)
        model = nn.Sequential(nn.Linear(1, 30), nn.Tanh(), nn.Linear(30, 1))
        trainer = nn.Trainer(model, nn.optim.Adam(model.parameters(), 0.02), F.mse_loss)
        trainer.fit((x[drawn], y[drawn]), epochs=50, batch_size=80, progress=False)
        predictions.append(trainer.predict(X_test).numpy())
    errors = np.array(predictions) - np.sin(X_test)
    ensemble = (errors.mean(axis=0) ** 2).mean()
    covariance = np.einsum("aij,bij->ab", errors, errors) / len(X_test)
    v, c, k = covariance.diagonal().mean(), covariance[~np.eye(5, dtype=bool)].mean(), 5
    assert ensemble == pytest.approx(v / k + (k - 1) * c / k, rel=1e-5)
    assert ensemble < v


def test_t10_tasks_that_share_a_layer():
    """The shared layer's gradient is the sum of what both tasks ask for; a head hears of its own task only."""
    manual_seed(0)
    shared, heads = nn.Linear(4, 3).double(), [nn.Linear(3, 1).double(), nn.Linear(3, 2).double()]
    x, y, classes = randn(8, 4, dtype=float64), randn(8, 1, dtype=float64), tensor([0, 1] * 4)

    def losses():
        hidden = shared(x).tanh()
        return F.mse_loss(heads[0](hidden), y), F.cross_entropy(heads[1](hidden), classes)

    alone = [grad(loss, [shared.weight])[0].numpy() for loss in losses()]
    regression, classification = losses()
    (regression + classification).backward()
    assert np.allclose(shared.weight.grad.numpy(), sum(alone), rtol=1e-12)
    assert np.allclose(heads[0].weight.grad.numpy(), grad(losses()[0], [heads[0].weight])[0].numpy(), rtol=1e-12)


# T11: cross-validation; weight decay too small, medium and too large is in test_trainer


def test_t11_cross_validation_chooses_the_weight_decay():
    numbers = np.random.default_rng(4)
    x = numbers.normal(size=(400, 20)).astype(np.float32)
    y = (x[:, 0] + 0.5 * numbers.normal(size=400) > 0).astype(int)  # the other 19 columns only mislead
    samples, unseen = data.TensorDataset(x[:100], y[:100]), (x[100:], y[100:])

    def loss(decay, train, held_out):
        manual_seed(0)
        model = nn.Sequential(nn.Linear(20, 20), nn.ReLU(), nn.Linear(20, 2))
        optimiser = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=decay)
        trainer = nn.Trainer(model, optimiser, F.cross_entropy)
        trainer.fit(train, epochs=25, batch_size=20, progress=False)
        return trainer.evaluate(held_out)["loss"]

    folds, decays = data.k_folds(samples, 5, seed=0), [0.0, 0.1, 1.0]
    means = [np.mean([loss(decay, *fold) for fold in folds]) for decay in decays]
    chosen = decays[int(np.argmin(means))]
    assert chosen == 0.1
    assert loss(chosen, samples, unseen) < min(loss(decay, samples, unseen) for decay in decays if decay != chosen)


# T12: random weights as a baseline, and the templates of a linear classifier


def test_t12_random_search_for_the_weights_is_better_than_guessing_and_worse_than_descent(digits):
    """The lecture's 1,000 trials give 15.5 % on CIFAR-10, which needs its 50,000 photographs: here on 600 digits."""
    (X, y), (X_validation, y_validation) = digits
    manual_seed(0)
    best, least = None, math.inf
    with no_grad():
        for _ in range(1000):
            W = 0.0001 * randn(10, 64)
            loss = (F.multi_margin_loss(X @ W.T, y) * 10).item()
            if loss < least:
                best, least = W, loss
    at_random = nn.accuracy(X_validation @ best.T, y_validation)
    model = nn.Linear(64, 10, bias=False)
    nn.Trainer(model, nn.optim.SGD(model.parameters(), lr=0.1), nn.MultiMarginLoss()).fit((X, y), progress=False)
    descended = nn.accuracy(model(X_validation), y_validation)
    assert 0.12 < at_random < 0.5  # guessing gives 0.1
    assert descended > 0.85
    assert least < 9.0  # zero scores give the number of other classes


def test_t12_templates_of_a_linear_classifier(digits):
    (X, y), _ = digits
    manual_seed(0)
    model = nn.Linear(64, 10)
    optimiser = nn.optim.SGD(model.parameters(), lr=1e-3, weight_decay=0.1)
    nn.Trainer(model, optimiser, F.cross_entropy).fit((X, y), epochs=20, progress=False)
    templates = model.weight.numpy()  # a row for each class: an image of 8 x 8
    means = np.array([X.numpy()[y.numpy() == digit].mean(axis=0) for digit in range(10)])
    # Each looks most like the mean image of its own class.
    assert (np.corrcoef(templates, means)[:10, 10:].argmax(axis=1) == np.arange(10)).all()
    # Its score is the inner product of image and template.
    assert model(X[:1]).numpy()[0] == pytest.approx(templates @ X[0].numpy() + model.bias.numpy(), rel=1e-3, abs=1e-3)


def test_t12_templates_are_shown_as_images():
    pytest.importorskip("matplotlib", reason="drawing needs the plots extra")
    from viz import plots

    axes = plots.templates(nn.Linear(64, 10).weight)
    shown = [image.get_array() for image in axes.images]
    assert [image.shape for image in shown] == [(8, 8)] * 10

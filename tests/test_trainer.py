"""nn.Trainer: what it trains, measures, refuses and shows; the lecture rows T4, T5, T7, T10, T11, L5."""

import csv
import math
import sys

import numpy as np
import pytest

import nn
from autograd import manual_seed, no_grad, rand, randn, tensor
from nn import functional as F
from nn.data import DataLoader, TensorDataset
from nn.optim import lr_scheduler
from nn.training.stopping import DivergenceGuard

NUMBERS = np.random.default_rng(0)
X = NUMBERS.normal(size=(100, 4)).astype(np.float32)
Y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int)
VALIDATION = (X[80:], Y[80:])


def network(hidden=8, dropout=0.0):
    manual_seed(0)
    return nn.Sequential(nn.Linear(4, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 2))


def trainer_of(model, lr=0.1, **options):
    return nn.Trainer(model, nn.optim.SGD(model.parameters(), lr=lr, momentum=0.9), F.cross_entropy, **options)


def weights(model):
    return [parameter.numpy().copy() for parameter in model.parameters()]


def equal(ours, theirs):
    return all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


# Training


def test_it_trains_as_the_loop_that_one_writes_by_hand():
    by_hand, loader = network(), DataLoader(TensorDataset(X, Y), batch_size=16, shuffle=True, seed=5)
    optimiser = nn.optim.SGD(by_hand.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for _ in range(3):
        total = 0.0
        for x, y in loader:
            optimiser.zero_grad()
            loss = F.cross_entropy(by_hand(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item() * len(x)
        losses.append(total / len(X))

    model = network()
    loader = DataLoader(TensorDataset(X, Y), batch_size=16, shuffle=True, seed=5)
    history = trainer_of(model).fit(loader, epochs=3, progress=False)
    assert equal(weights(model), weights(by_hand))
    assert history["loss"] == losses
    assert not model.training


def test_a_run_is_the_same_for_the_same_seed_and_leaves_other_random_numbers_alone():
    def run(seed):
        model = network(dropout=0.5)
        manual_seed(7)
        trainer_of(model, seed=seed).fit((X, Y), epochs=2, progress=False)
        return weights(model), rand(3).tolist()

    (first, drawn), (again, _), (other, _) = run(0), run(0), run(1)
    assert equal(first, again)
    assert not equal(first, other)
    manual_seed(7)
    assert drawn == rand(3).tolist()


def test_epochs_count_those_of_earlier_calls():
    together, apart = network(), network()
    whole = trainer_of(together).fit((X, Y), epochs=4, progress=False)
    loader = DataLoader(TensorDataset(X, Y), 32, shuffle=True, seed=0)
    trainer = trainer_of(apart)
    trainer.fit(loader, epochs=1, progress=False)
    history = trainer.fit(loader, epochs=4, progress=False)
    assert equal(weights(together), weights(apart))
    assert history["epoch"] == [1, 2, 3, 4]
    assert history["loss"] == whole["loss"]
    assert trainer.fit(loader, epochs=4, progress=False) == history


def test_numbers_are_means_over_the_samples_and_those_of_validation_have_their_columns():
    model = network()
    trainer = trainer_of(model, metrics={"accuracy": nn.accuracy, "error": lambda out, y: 1 - nn.accuracy(out, y)})
    history = trainer.fit((X[:80], Y[:80]), VALIDATION, epochs=2, batch_size=7, progress=False)
    names = ["loss", "accuracy", "error"]
    assert history.columns == ["epoch", *names, *(f"val_{name}" for name in names), "lr", "seconds"]
    with no_grad():
        scores = model(tensor(X[80:]))
        loss = F.cross_entropy(scores, tensor(Y[80:])).item()
    last = history[-1]
    assert last["val_loss"] == pytest.approx(loss, rel=1e-6)
    assert last["val_accuracy"] == np.mean(scores.numpy().argmax(1) == Y[80:])
    assert last["accuracy"] + last["error"] == pytest.approx(1)
    assert trainer.evaluate(VALIDATION, batch_size=7)["loss"] == pytest.approx(loss, rel=1e-6)


def test_several_inputs_and_optimisers_that_ask_again():
    class Sum(nn.Module):
        def __init__(self):
            self.line = nn.Linear(2, 1)

        def forward(self, a, b):
            return self.line(a + b)

    manual_seed(0)
    model = Sum()
    a, b = (NUMBERS.normal(size=(30, 2)).astype(np.float32) for _ in range(2))
    target = (a + b) @ np.array([[2.0], [-1.0]], np.float32) + 0.5
    trainer = nn.Trainer(model, nn.optim.LBFGS(model.parameters(), lr=1.0), F.mse_loss)
    history = trainer.fit((a, b, target), epochs=3, batch_size=30, progress=False)
    assert history[-1]["loss"] < 1e-8
    assert model.line.weight.numpy() == pytest.approx(np.array([[2.0, -1.0]]), abs=1e-4)


def test_predicting_and_evaluating_change_nothing():
    model = network(dropout=0.5)
    model[2].eval()
    before = weights(model)
    trainer = trainer_of(model)
    outputs = trainer.predict(X, batch_size=33)
    assert outputs.shape == (100, 2)
    assert not outputs.requires_grad
    assert trainer.evaluate((X, Y))["loss"] == pytest.approx(F.cross_entropy(outputs, tensor(Y)).item(), rel=1e-6)
    assert (model.training, model[2].training) == (True, False)
    assert equal(before, weights(model))
    with pytest.raises(ValueError, match="there are no inputs"):
        trainer.predict(X[:0])


def test_accuracy():
    assert nn.accuracy(tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), tensor([1, 1, 1])) == pytest.approx(2 / 3)
    assert nn.accuracy(tensor([[0.1, 0.9]]), tensor([[0.0, 1.0]])) == 1
    assert nn.accuracy(tensor([-1.0, 2.0, 3.0]), tensor([0, 1, 0])) == pytest.approx(2 / 3)
    assert nn.accuracy(tensor([[-1.0], [2.0]]), tensor([[0.0], [1.0]])) == 1
    for scores, classes in [((3, 2), (2,)), ((0, 2), (0,)), ((2, 3, 4), (2, 4))]:
        with pytest.raises(ValueError, match="accuracy: scores"):
            nn.accuracy(tensor(np.zeros(scores)), tensor(np.zeros(classes, int)))


# Schedules, penalties, clipping


def test_schedules_per_epoch_per_batch_and_on_a_plateau():
    model = network()
    trainer = trainer_of(model, lr=0.1)
    trainer.scheduler = lr_scheduler.StepLR(trainer.optimizer, 2, gamma=0.5)
    assert trainer.fit((X, Y), epochs=4, progress=False)["lr"] == [0.1, 0.1, 0.05, 0.05]

    optimiser = nn.optim.SGD(model.parameters(), lr=0.1)
    scheduler = lr_scheduler.LinearLR(optimiser, 1.0, 0.5, total_iters=8)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, scheduler=scheduler, schedule_per="batch")
    assert trainer.fit((X, Y), epochs=2, progress=False)["lr"] == pytest.approx([0.1, 0.075])  # four batches an epoch
    assert scheduler.get_last_lr() == pytest.approx([0.05])

    optimiser = nn.optim.SGD(model.parameters(), lr=1e-9)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimiser, patience=1, eps=0.0)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, scheduler=scheduler)
    assert trainer.fit((X, Y), VALIDATION, epochs=5, progress=False)["lr"] == pytest.approx([1e-9] * 3 + [1e-10] * 2)
    assert scheduler.best == trainer.history[0]["val_loss"]


def test_a_plateau_of_what_shall_rise():
    model = network()
    optimiser = nn.optim.SGD(model.parameters(), lr=0.1)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimiser, mode="max")
    with pytest.raises(ValueError, match="needs a metric"):
        nn.Trainer(model, optimiser, F.cross_entropy, scheduler=scheduler).fit((X, Y), epochs=1, progress=False)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, {"accuracy": nn.accuracy}, scheduler=scheduler)
    trainer.fit((X, Y), VALIDATION, epochs=2, progress=False)
    assert scheduler.best == max(trainer.history["val_accuracy"])


def test_l5_a_penalty_is_minimised_too_and_has_its_own_column():
    model, other = network(), network()
    penalty = lambda parameters: 0.01 * sum((p * p).sum() for p in parameters)  # noqa: E731
    history = trainer_of(model, penalty=penalty).fit((X, Y), epochs=3, progress=False)
    decayed = nn.optim.SGD(other.parameters(), lr=0.1, momentum=0.9, weight_decay=0.02)
    same = nn.Trainer(other, decayed, F.cross_entropy).fit((X, Y), epochs=3, progress=False)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(weights(model), weights(other), strict=True))
    assert history["loss"] == pytest.approx(same["loss"], abs=1e-6)  # without the penalty
    assert all(value > 0 for value in history["penalty"])


def test_l5_l1_gives_more_small_weights_than_l2():
    def small(penalty):
        model = network()
        trainer_of(model, lr=0.05, penalty=penalty).fit((X, Y), epochs=60, progress=False)
        return np.mean(np.abs(model[0].weight.numpy()) < 0.01)

    l1 = small(lambda parameters: 0.01 * sum(p.abs().sum() for p in parameters))
    l2 = small(lambda parameters: 0.01 * sum((p * p).sum() for p in parameters))
    assert l1 > 0.5 > l2


def test_l5_a_constraint_holds_after_each_step():
    def short(parameters):
        for p in parameters:
            p.copy_(p.clamp(-0.1, 0.1))

    model = network()
    trainer_of(model, constraint=short).fit((X, Y), epochs=1, progress=False)
    assert max(np.abs(w).max() for w in weights(model)) <= np.float32(0.1)


def test_clipping_shortens_gradients_and_records_their_norm():
    model = network()
    before = weights(model)
    optimiser = nn.optim.SGD(model.parameters(), lr=1.0)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, clip_grad_norm=1e-3)
    history = trainer.fit((X, Y), epochs=1, batch_size=100, progress=False)
    moved = math.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(weights(model), before, strict=True)))
    assert moved == pytest.approx(1e-3, rel=1e-3)
    assert history[0]["gradient_norm"] > 1e-2


# T4, T5, T7: looking after a run


@pytest.fixture(scope="module")
def images():
    """As many numbers as CIFAR's images have, of their scale."""
    numbers = np.random.default_rng(1)
    return (60 * numbers.normal(size=(500, 3072))).astype(np.float32), numbers.integers(0, 10, 500)


def lecture_network():
    manual_seed(0)
    model = nn.Sequential(nn.Linear(3072, 50), nn.ReLU(), nn.Linear(50, 10))
    for parameter in model.parameters():
        parameter.data = 0.0001 * randn(*parameter.shape) if parameter.ndim > 1 else 0 * parameter.data
    return model


def l2(strength):
    return lambda parameters: 0.5 * strength * sum((p * p).sum() for p in parameters if p.ndim > 1)


def test_t4_the_first_loss_is_the_logarithm_of_the_classes(images):
    x, y = images
    assert nn.check_initial_loss(lecture_network(), x / 60, y, F.cross_entropy) == pytest.approx(2.3026, abs=1e-4)
    with pytest.raises(
        ValueError, match=r"loss before training is 3\.07\d; guessing among 10 classes gives ln = 2\.303"
    ):
        nn.check_initial_loss(lecture_network(), x / 60, y, F.cross_entropy, penalty=l2(1e3))
    found = nn.check_initial_loss(lecture_network(), x / 60, y, F.cross_entropy, penalty=l2(1e3), tolerance=0.5)
    assert found == pytest.approx(3.07, abs=0.01)


def test_t4_twenty_examples_are_learnt_by_heart(images):
    x, y = images
    model = lecture_network()
    before = weights(model)
    optimiser = nn.optim.SGD(model.parameters(), lr=1e-3)
    history = nn.overfit_small(model, optimiser, F.cross_entropy, x, y)
    assert len(history) == 200
    assert (history[0]["loss"], history[-1]["accuracy"]) == (pytest.approx(2.3026, abs=1e-3), 1.0)
    assert history[-1]["loss"] < 0.003
    assert equal(before, weights(model))
    assert model.training
    with pytest.raises(ValueError, match=r"after 3 epochs \d+% of 20 samples are classified right"):
        nn.overfit_small(model, nn.optim.SGD(model.parameters(), lr=1e-6), F.cross_entropy, x, y, epochs=3)


@pytest.mark.parametrize(
    ("lr", "found"),
    [
        (1e-6, None),
        (1e-3, None),
        (3e-3, r"the loss \S+ is more than 3 times the first, 2\.30"),
        (1e6, "the loss is nan"),
    ],
)
def test_t5_learning_rates(images, lr, found):
    model = lecture_network()
    trainer = trainer_of(model, lr=lr)
    if found:
        with pytest.raises(nn.Diverged, match=found + ".*lower the learning rate"):
            trainer.fit(images, epochs=10, batch_size=50, progress=False)
        assert trainer.history[-1]["epoch"] == trainer.epoch + 1
        assert not trainer.history[-1]["loss"] < 3 * 2.30
        assert all(np.isfinite(loss) for loss in trainer.history["loss"][:-1])
    else:
        history = trainer.fit(images, epochs=10, batch_size=50, progress=False)
        assert (history[-1]["loss"] > 2.3) == (lr == 1e-6)  # it hardly moves


def test_t5_nothing_is_stepped_after_the_loss_became_nan(images):
    model = lecture_network()
    trainer = trainer_of(model, lr=1e6)
    with pytest.raises(nn.Diverged):
        trainer.fit(images, epochs=1, batch_size=50, progress=False)
    assert all(np.isfinite(w).all() for w in weights(model)[2:])


def test_t5_one_odd_sample_stops_nothing():
    points = (np.array([[1.0], [10.0], [2.0], [3.5]], np.float32), np.array([[1.1], [10.1], [1.9], [3.4]], np.float32))
    manual_seed(0)
    model = nn.Linear(1, 1, bias=False)
    model.weight.data *= 0
    trainer = nn.Trainer(model, nn.optim.SGD(model.parameters(), lr=1e-4), F.mse_loss)
    losses = trainer.fit(DataLoader(TensorDataset(*points)), epochs=30, progress=False)["loss"]
    assert losses == sorted(losses, reverse=True)


def test_the_divergence_guard():
    guard = DivergenceGuard(2.0)
    guard.check(1.0, 40, "")
    guard.check(5.0, 24, "")  # together 64 samples: the first is 2.5
    guard.check(5.0, 64, "")
    with pytest.raises(nn.Diverged, match=r"a place: the loss 5\.1 is more than 2 times the first, 2\.5"):
        guard.check(5.1, 64, "a place")
    with pytest.raises(nn.Diverged, match="inf"):
        DivergenceGuard(None).check(math.inf, 1, "")
    DivergenceGuard(None).check(1e30, 100, "")
    with pytest.raises(ValueError, match="max_loss_ratio is above 1"):
        DivergenceGuard(0.5)


def test_t7_the_update_to_weight_ratio():
    model = network()
    before = weights(model)
    optimiser = nn.optim.SGD(model.parameters(), lr=0.01)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, update_ratio=True)
    ratio = trainer.fit((X, Y), epochs=1, batch_size=100, progress=False)[0]["update_ratio"]
    moved = sum(((a - b) ** 2).sum() for a, b in zip(weights(model), before, strict=True))
    assert ratio == pytest.approx(math.sqrt(moved / sum((b**2).sum() for b in before)), rel=1e-5)
    assert 1e-4 < ratio < 1e-2


# T10, T11: stopping early, over- and underfitting


def test_t10_early_stopping_stops_and_restores_the_best_weights():
    x, y = X[:20], NUMBERS.integers(0, 2, 20)  # nothing to learn: the validation gets worse
    model = network(64)
    seen = []
    stopping = nn.EarlyStopping(patience=3)
    trainer = trainer_of(model, early_stopping=stopping, on_epoch=lambda trainer: seen.append(weights(trainer.model)))
    history = trainer.fit((x, y), VALIDATION, epochs=200, progress=False)
    losses = history["val_loss"]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 3 < 200
    assert (stopping.best_epoch, stopping.best) == (best + 1, losses[best])
    assert trainer.stopped == f"val_loss has not improved since epoch {best + 1}"
    assert equal(weights(model), seen[best])
    assert trainer.evaluate(VALIDATION)["loss"] == pytest.approx(losses[best])
    assert len(trainer.fit((x, y), VALIDATION, epochs=300, progress=False)) == len(losses)


def test_early_stopping_options():
    def epochs(values, **options):
        stopping = nn.EarlyStopping(**options)
        stops = [stopping.update(value, epoch, {}) for epoch, value in enumerate(values, 1)]
        return stops.index(True) + 1 if True in stops else None

    falling = [1.0, 0.95, 0.9, 0.85, 0.5]
    assert epochs(falling, patience=2) is None
    assert epochs(falling, patience=2, min_delta=0.2) == 3
    assert epochs(falling, patience=2, monitor="val_accuracy") == 3
    assert epochs(falling, patience=2, monitor="score", mode="max") == 3
    assert epochs([math.nan] * 3, patience=2) == 2
    model = network()
    trainer = trainer_of(model, early_stopping=nn.EarlyStopping(patience=1, monitor="loss", restore_best=False))
    trainer.fit((X, Y), epochs=2, progress=False)
    assert trainer.early_stopping.best_weights is None
    with pytest.raises(ValueError, match="'score' does not tell"):
        nn.EarlyStopping(monitor="score")
    with pytest.raises(ValueError, match="patience is at least 1"):
        nn.EarlyStopping(patience=0)
    with pytest.raises(ValueError, match=r"early stopping looks at 'val_loss'.*columns loss; give validation data"):
        trainer_of(model, early_stopping=nn.EarlyStopping()).fit((X, Y), progress=False)


def test_on_epoch_can_stop():
    trainer = trainer_of(network(), on_epoch=lambda trainer: trainer.history[-1]["epoch"] == 2)
    assert trainer.fit((X, Y), epochs=5, progress=False)["epoch"] == [1, 2]
    assert trainer.stopped == "on_epoch returned True"


def test_t11_weight_decay_too_small_right_too_large():
    numbers = np.random.default_rng(4)
    x = numbers.normal(size=(300, 20)).astype(np.float32)
    y = (x[:, 0] + 0.5 * numbers.normal(size=300) > 0).astype(int)  # the other 19 columns only mislead

    def losses(decay):
        manual_seed(0)
        model = nn.Sequential(nn.Linear(20, 40), nn.ReLU(), nn.Linear(40, 2))
        optimiser = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=decay)
        last = nn.Trainer(model, optimiser, F.cross_entropy).fit(
            (x[:100], y[:100]), (x[100:], y[100:]), epochs=40, progress=False
        )[-1]
        return last["loss"], last["val_loss"]

    (small, small_val), (medium, medium_val), (large, large_val) = losses(0.0), losses(0.1), losses(1.0)
    assert small < medium < large
    assert small < 0.1 < 1.0 < small_val  # overfits
    assert large == pytest.approx(math.log(2), abs=0.02)  # underfits: it guesses
    assert medium_val < min(small_val, large_val)


# What is refused, before anything is changed


def refused(model, data, error, match, **options):
    before = weights(model)
    trainer = trainer_of(model)
    with pytest.raises(error, match=match):
        trainer.fit(data, progress=False, **options)
    assert equal(before, weights(model))
    assert (trainer.history, trainer.epoch, model.training) == ([], 0, True)


def test_wrong_classes_are_found_in_advance():
    labels = Y.copy()
    labels[70] = 2
    refused(network(), (X, labels), ValueError, "train: sample 70 has the class 2, but .* 2 classes, 0 to 1")
    labels[70] = -1
    refused(network(), (X, labels), ValueError, "train: sample 70 has the class -1")
    refused(network(), (X, Y), ValueError, "validation: sample 70", validation=(X, labels))
    subset = nn.data.Subset(TensorDataset(X, labels), [3, 70, 5])
    refused(network(), subset, ValueError, "train: sample 1 has the class -1")
    labels[70] = -100  # cross-entropy ignores these
    assert len(trainer_of(network()).fit((X, labels), epochs=1, progress=False)) == 1


def test_nan_in_the_data_is_found_in_advance():
    spoilt = X.copy()
    spoilt[41, 2] = np.nan
    refused(network(), (spoilt, Y), ValueError, r"train\[0\].*first at \(41, 2\) is nan")
    refused(network(), (X, Y), ValueError, r"validation\[0\].*first at \(41, 2\)", validation=(spoilt, Y))


def test_nan_in_a_data_set_that_makes_its_samples_is_found_in_its_batch():
    spoilt = X.copy()
    spoilt[41, 2] = np.inf
    model = network()
    trainer = trainer_of(model)
    loader = DataLoader([(x, int(y)) for x, y in zip(spoilt, Y, strict=True)], batch_size=10)
    with pytest.raises(ValueError, match=r"epoch 1, batch 5\[0\].*first at \(1, 2\) is inf"):
        trainer.fit(loader, progress=False)
    assert all(np.isfinite(w).all() for w in weights(model))


@pytest.mark.parametrize(
    ("data", "error", "match"),
    [
        ((X[:0], Y[:0]), ValueError, "train: the data set is empty"),
        ([], ValueError, "train: the data set is empty"),
        (3, TypeError, "train: takes a DataLoader, a Dataset or a pair of arrays, got int"),
        ((X, Y[:50]), ValueError, "same length"),
        ([1.0, 2.0], TypeError, r"a batch is a tuple \(inputs, targets\)"),
        (X, TypeError, r"a batch is a tuple .* give two arrays as one tuple, fit\(\(inputs, targets\)\)"),
        ((X, np.array(["a", "b"] * 50)), TypeError, r"train\[1\]: takes numbers, got texts; np.unique"),
        ((X.astype(object), Y), TypeError, r"train\[0\]: takes an array of numbers, got an array of dtype object"),
        (([[1.0, 2.0], [3.0]], [0, 1]), TypeError, r"train\[0\]: takes an array of numbers, got list"),
        ((X[:, :3], Y), ValueError, "linear"),
    ],
)
def test_data_that_cannot_be_trained_on(data, error, match):
    refused(network(), data, error, match)


def test_options_that_cannot_be():
    model = network()
    for options, match in [
        ({"schedule_per": "step"}, 'schedule_per is "epoch" or "batch"'),
        ({"clip_grad_norm": 0.0}, "clip_grad_norm is above 0"),
        ({"metrics": {"loss": nn.accuracy}}, "a column 'loss' of its own"),
        ({"metrics": {"val_accuracy": nn.accuracy}}, "a column 'val_accuracy' of its own"),
    ]:
        with pytest.raises(ValueError, match=match):
            trainer_of(model, **options)
    refused(model, (X, Y), ValueError, "epochs is a whole number from 1", epochs=0)
    optimiser = nn.optim.SGD(model.parameters(), lr=0.1)
    plateau = lr_scheduler.ReduceLROnPlateau(optimiser)
    with pytest.raises(ValueError, match="looks at whole epochs"):
        nn.Trainer(model, optimiser, F.cross_entropy, scheduler=plateau, schedule_per="batch")
    trainer = nn.Trainer(model, optimiser, lambda out, y: F.cross_entropy(out, y, reduction="none"))
    with pytest.raises(ValueError, match=r"the loss is one number as a Tensor, got shape \(32,\)"):
        trainer.fit((X, Y), progress=False)


@pytest.mark.parametrize(
    ("name", "given", "match"),
    [
        ("model", "net", "model is a Module, .*; got str 'net'"),
        (
            "optimizer",
            nn.optim.Adam,
            r"optimizer is an optimiser, .*Adam\(model.parameters\(\)\); got type",
        ),
        ("loss", nn.CrossEntropyLoss, r"loss is a function of outputs and targets, .* call it: CrossEntropyLoss\(\)"),
        ("loss", "cross_entropy", "loss is a function .* got str 'cross_entropy'"),
        ("metrics", [nn.accuracy], r'metrics is a dict .* such as \{"accuracy": nn.accuracy\}, or None; got list'),
        ("metrics", {"accuracy": "accuracy"}, "accuracy is a function of outputs and targets, got str"),
        ("scheduler", lr_scheduler.StepLR, r"scheduler is a schedule, .*StepLR\(optimizer, 10\), or None; got type"),
        ("early_stopping", 3, r"early_stopping is an EarlyStopping, .*\(patience=5\), or None; got int 3"),
    ],
)
def test_arguments_of_another_kind(name, given, match):
    model = network()
    arguments = {"model": model, "optimizer": nn.optim.SGD(model.parameters()), "loss": F.cross_entropy, name: given}
    with pytest.raises(TypeError, match=match):
        nn.Trainer(**arguments)


def test_one_score_for_two_classes_and_targets_of_another_shape():
    model = nn.Linear(4, 1)
    trainer = nn.Trainer(model, nn.optim.SGD(model.parameters()), F.binary_cross_entropy_with_logits)
    with pytest.raises(ValueError, match=r"input \(32, 1\) and target \(32,\) differ; reshape one"):
        trainer.fit((X, Y), progress=False)


def test_lists_of_numbers_are_arrays():
    whole, lists = (trainer_of(network()) for _ in range(2))
    history = whole.fit((X, Y), epochs=1, progress=False)
    assert lists.fit((X.tolist(), Y.tolist()), epochs=1, progress=False)["loss"] == history["loss"]
    assert lists.predict(X[:3].tolist()).tolist() == whole.predict(X[:3]).tolist()
    with pytest.raises(TypeError, match=r"predict: the inputs: takes an array of numbers, got .*TensorDataset"):
        whole.predict(TensorDataset(X, Y))


def test_its_text_says_how_far_it_is():
    trainer = trainer_of(network())
    assert repr(trainer) == "Trainer(Sequential, SGD; not trained yet)"
    loss = trainer.fit((X, Y), epochs=2, progress=False)[-1]["loss"]
    assert repr(trainer).startswith(f"Trainer(Sequential, SGD; epoch 2, loss {loss:.4g}, lr 0.1, seconds ")


def test_an_optimiser_of_another_model_is_refused():
    model = network()
    with pytest.raises(ValueError, match="none of the model's parameters"):
        nn.Trainer(model, nn.optim.SGD(network().parameters(), lr=0.1), F.cross_entropy)


# History


def test_history_is_a_list_of_records_with_columns(tmp_path):
    history = nn.History([{"epoch": 1, "loss": 0.123456}, {"epoch": 2, "loss": 0.1, "note": "<b>"}])
    assert history["note"] == [None, "<b>"]
    assert history[0] == {"epoch": 1, "loss": 0.123456}
    assert history[1:]["epoch"] == [2]
    assert repr(history).splitlines() == ["epoch    loss  note", "    1  0.1235      ", "    2     0.1   <b>"]
    assert "<th>loss</th>" in history._repr_html_()
    assert "<td>&lt;b&gt;</td>" in history._repr_html_()
    assert repr(nn.History()) == "History([])"
    with pytest.raises(KeyError, match="no column 'accuracy'; it has epoch, loss, note"):
        history["accuracy"]
    with history.to_csv(tmp_path / "history.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"epoch": "1", "loss": "0.123456", "note": ""}


def test_history_plots():
    pytest.importorskip("matplotlib", reason="curves are drawn with Matplotlib")
    from viz import plots

    history = trainer_of(network(), update_ratio=True).fit((X, Y), VALIDATION, epochs=3, progress=False)
    ax = plots.loss_curves(history)
    assert [line.get_ydata().tolist() for line in ax.lines] == [history["loss"], history["val_loss"]]
    assert plots.update_ratios(history).lines[0].get_ydata().tolist() == history["update_ratio"]


# Progress


def test_a_bar_shows_epochs_and_numbers(capsys):
    pytest.importorskip("tqdm", reason="the bar is tqdm's")
    trainer_of(network(), metrics={"accuracy": nn.accuracy}).fit((X, Y), VALIDATION, epochs=3)
    shown = capsys.readouterr()
    assert shown.out == ""
    last = shown.err.rstrip().splitlines()[-1].split("\r")[-1]
    assert "epoch 3/3: 100%" in last
    assert "12/12" in last
    assert "val_accuracy=" in last


def test_plain_lines_without_tqdm_and_nothing_when_quiet(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    trainer_of(network()).fit((X, Y), epochs=2)
    assert capsys.readouterr().err.splitlines()[-1].startswith("epoch 2/2: loss 0.")
    trainer_of(network()).fit((X, Y), epochs=2, progress=False)
    assert capsys.readouterr() == ("", "")

"""The lectures' rows C5 to C7: convolutional networks; C1 to C4 are in test_lectures."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import manual_seed
from nn import data
from nn import functional as F

# C5: a network from one line; more in test_pattern


def test_c5_the_whole_pattern():
    model = nn.from_pattern("[(CONV8-RELU)*2-POOL?]*3-(FC16-RELU)*2-FC10-SOFTMAX", input_shape=(3, 32, 32))
    kinds = [type(module).__name__ for module in model]
    block, full = ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d"], ["Linear", "ReLU"]
    assert kinds == [*block * 3, "Flatten", *full * 2, "Linear", "Softmax"]
    probabilities = model(autograd.randn(2, 3, 32, 32))
    assert probabilities.shape == (2, 10)
    assert probabilities.sum(dim=1).tolist() == pytest.approx([1.0, 1.0])
    assert nn.from_pattern("CONV10x5", (3, 32, 32))(autograd.zeros(1, 3, 32, 32)).shape == (1, 10, 32, 32)


# C6: an image classifier


@pytest.fixture(scope="module")
def classifier():
    pytest.importorskip("sklearn", reason="the images come with the data extra")
    train, held_out = data.random_split(data.digits(), [0.8, 0.2], seed=0)
    manual_seed(0)
    model = nn.from_pattern("[CONV16-RELU-POOL]*2-FC10", input_shape=(1, 8, 8))
    trainer = nn.Trainer(model, nn.optim.Adam(model.parameters(), 0.01), F.cross_entropy, {"accuracy": nn.accuracy})
    trainer.fit(train, held_out, epochs=10, progress=False)
    return model, trainer, held_out


def test_c6_handwritten_digits(classifier):
    _, trainer, held_out = classifier
    assert trainer.history[-1]["val_accuracy"] > 0.93
    assert trainer.evaluate(held_out)["accuracy"] == trainer.history[-1]["val_accuracy"]


def test_c6_filters_and_activation_maps(classifier):
    model, _, held_out = classifier
    maps = {}
    for name, module in model.named_modules():
        if name:
            module.register_forward_hook(lambda _, __, output, name=name: maps.update({name: output}))
    image = held_out[:1][0]
    model(image)
    assert model[0].weight.shape == (16, 1, 3, 3)  # sixteen filters to draw, and as many maps of the image
    assert [maps[name].shape for name in "0125"[:3]] == [(1, 16, 8, 8), (1, 16, 8, 8), (1, 16, 4, 4)]
    before, after = maps["0"].numpy(), maps["1"].numpy()
    dark = after == 0
    assert np.array_equal(dark, before <= 0)  # dark is where the filter gave nothing positive
    assert 0.1 < dark.mean() < 0.9


def test_c6_no_gradient_passes_the_dark_areas_of_a_relu(classifier):
    model, _, held_out = classifier
    scores = model[0](held_out[:1][0])
    after = F.relu(scores)
    (gradient,) = autograd.grad(after.sum(), [scores])
    assert np.array_equal(gradient.numpy() == 0, after.numpy() == 0)


# C7: random transformations at training time


def test_c7_a_bag_of_random_transformations_at_training_time():
    """Trained on shifted digits, a network reads shifted digits; trained on centred ones it does not."""
    pytest.importorskip("sklearn", reason="the images come with the data extra")
    train, held_out = data.random_split(data.digits(), [0.8, 0.2], seed=0)
    bag = data.transforms.Compose([data.transforms.RandomShift(1), data.transforms.RandomRotation(10)])
    manual_seed(1)
    images, labels = held_out[:]
    moved = bag(images)

    def accuracies(transform):
        manual_seed(0)
        model = nn.from_pattern("FC64-RELU-FC10", input_shape=(1, 8, 8))
        trainer = nn.Trainer(model, nn.optim.Adam(model.parameters(), 0.01), F.cross_entropy, {"accuracy": nn.accuracy})
        loader = data.DataLoader(train, batch_size=50, shuffle=True, seed=0, transform=transform)
        trainer.fit(loader, epochs=20, progress=False)
        return [trainer.evaluate((X, labels))["accuracy"] for X in (images, moved)]

    plain, augmented = accuracies(None), accuracies(bag)
    assert plain[0] > 0.95
    assert augmented[1] > plain[1] + 0.15
    assert augmented[0] > 0.9


def test_c7_every_epoch_sees_other_images_and_flipping_keeps_half():
    pytest.importorskip("sklearn", reason="the images come with the data extra")
    digits = data.Subset(data.digits(), range(400))
    flips = data.transforms.RandomHorizontalFlip()
    loader = data.DataLoader(digits, batch_size=400, seed=0, transform=flips)
    originals = digits[:][0].numpy()
    manual_seed(0)
    first, second = (next(iter(loader))[0].numpy() for _ in range(2))
    kept = (first == originals).all(axis=(1, 2, 3))
    assert abs(kept.mean() - 0.5) < 4 * math.sqrt(0.25 / 400)
    assert np.array_equal(first[~kept], originals[~kept][..., ::-1])
    assert not np.array_equal(first, second)

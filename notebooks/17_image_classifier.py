# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 17. An image classifier
#
# Here are forty digits, written by hand and scanned with $8 \times 8$ pixels. People read nearly all of them.
#
# **Can a network that was never told what a stroke is read them as well? And what does it look at?**

# %%
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import clear_output

import autograd
import nn
from autograd import manual_seed, tensor
from nn import data
from nn import functional as F
from viz import plots

plt.rcParams.update({"figure.dpi": 80})
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"
autograd.set_num_threads(1)  # the networks are small: a second core would only wait

train, held_out = data.random_split(data.digits(), [0.8, 0.2], seed=0)
pictures, answers = held_out[:]

figure, axes = plt.subplots(figsize=(9, 3.7), layout="constrained")
plots.images(pictures[:40], columns=10, ax=axes)
plt.show()

# %% [markdown]
# There are 1797 digits. A fifth, 359 of them, is **held out**: the network never trains on these, so they tell whether
# it learned to read or only learned by heart.
#
# ## A network in one line
#
# You know the parts: convolutions, ReLU, pooling, fully connected layers. Most image classifiers put them together in
# the same order, and one line says it:
#
# $$ \texttt{[(CONV-RELU)*N-POOL?]*M-(FC-RELU)*K} $$
#
# $N$ convolutions, each with a ReLU, and then perhaps (`?`) a pooling; all that $M$ times. Then $K$ fully connected
# layers, and at last a layer that gives the scores. `nn.from_pattern` reads such a line. You fill in the numbers: how
# many filters, how many outputs.

# %%
# Lecture row C5
lecture = nn.from_pattern("[(CONV8-RELU)*2-POOL?]*3-(FC16-RELU)*2-FC10-SOFTMAX", input_shape=(3, 32, 32))
kinds = [type(layer).__name__ for layer in lecture]
for start, stop, what in [(0, 5, "3 ×"), (15, 16, "1 ×"), (16, 18, "2 ×"), (20, 22, "1 ×")]:
    print(what, " → ".join(kinds[start:stop]))

manual_seed(0)
probabilities = lecture(autograd.randn(2, 3, 32, 32))
block, full = ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d"], ["Linear", "ReLU"]
assert kinds == [*block * 3, "Flatten", *full * 2, "Linear", "Softmax"]
assert probabilities.shape == (2, 10)
assert np.allclose(probabilities.sum(dim=1).numpy(), 1.0)

# %% [markdown]
# A slip of the finger is found, and pointed at. So is a layer that does not fit. With the question mark, a pooling that
# does not fit is left out.

# %%
# Lecture row C5
for pattern in ["[(CONV8-RELU)*2-POOL]*2-(FC16-RLEU)*2-FC10", "[CONV8-RELU-POOL]*4-FC10"]:
    try:
        nn.from_pattern(pattern, input_shape=(1, 8, 8))
    except ValueError as error:
        problem, text, caret = str(error).split("\n")
    print(problem.split(";")[0], text, caret, "", sep="\n")
    assert text[caret.index("^") :].startswith(("RLEU", "POOL"))

optional = nn.from_pattern("[CONV8-RELU-POOL?]*4-FC10", input_shape=(1, 8, 8))
assert [type(layer).__name__ for layer in optional].count("MaxPool2d") == 3

# %% [markdown]
# Our own network has $N = 2$, $M = 2$, $K = 0$. `nn.summary` shows what comes out of each layer. Follow the shapes: the
# convolutions keep the size, each pooling halves it, and in the end $16$ maps of $2 \times 2$ are $64$ numbers.

# %%
# Lecture row C6
manual_seed(0)
model = nn.from_pattern("[(CONV16-RELU)*2-POOL]*2-FC10", input_shape=(1, 8, 8))
summary = nn.summary(model, (1, 8, 8))
print(summary)

assert summary.total_parameters == 16 * (9 + 1) + 3 * 16 * (16 * 9 + 1) + 10 * (64 + 1) == 7770

# %% [markdown]
# ## Training
#
# Twenty rounds through the 1438 training pictures, a few seconds. The learning rate falls along half a cosine wave. (If
# you run this cell you see a bar with the loss; it is cleared away when the training is done.)

# %%
# Lecture row C6
optimiser = nn.optim.Adam(model.parameters(), lr=0.005)
schedule = nn.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=20)
trainer = nn.Trainer(model, optimiser, F.cross_entropy, {"accuracy": nn.accuracy}, scheduler=schedule)
history = trainer.fit(train, held_out, epochs=20)
clear_output()

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
plots.loss_curves(history, ax=left)
plots.loss_curves(history, metric="accuracy", ax=right)
plt.show()

assert history[-1]["val_accuracy"] >= 0.98

# %% [markdown]
# More than 98 of 100 digits that it has never seen. Which are wrong? In the **confusion matrix** a row is what the
# digit is, a column what the network took it for. Right answers are on the diagonal.

# %%
# Lecture row C6
guesses = trainer.predict(pictures).argmax(dim=1)
wrong = np.flatnonzero(guesses.numpy() != answers.numpy())

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5.6), width_ratios=[6, 3], layout="constrained")
plots.confusion_matrix(answers, guesses, ax=left)
plots.images(pictures[wrong], answers[wrong], guesses[wrong], columns=2, ax=right)
plt.show()

assert len(wrong) <= 7
assert trainer.evaluate(held_out)["accuracy"] == history[-1]["val_accuracy"]

# %% [markdown]
# At the right, in front of the brackets, is the network's guess, and in the brackets what the writer meant. Would you
# have known?
#
# ## What does it look at?
#
# The first layer has sixteen filters of $3 \times 3$. Nobody designed them; they are what the training made of random
# numbers. Below: the filters, what each makes of one digit, and what the ReLU leaves of that. The tiles correspond: the
# third filter makes the third map.

# %%
# Lecture row C6
digit = pictures[7:8]
before = model[0](digit)
after = model[1](before)

figure, places = plt.subplots(1, 4, figsize=(14, 4.2), width_ratios=[1, 2.3, 2.3, 2.3], layout="constrained")
plots.images(digit, title="one digit", ax=places[0])
plots.filters(model[0].weight, columns=4, title="filters", ax=places[1])
plots.feature_maps(before, columns=4, title="convolved", ax=places[2])
plots.feature_maps(after, columns=4, title="after ReLU", ax=places[3])
plt.show()

(gradient,) = autograd.grad(F.relu(before).sum(), [before])
dark = after.numpy() == 0
assert model[0].weight.shape == (16, 1, 3, 3)
assert before.shape == after.shape == (1, 16, 8, 8)
assert np.array_equal(dark, before.numpy() <= 0)  # dark is where the filter found nothing
assert 0.1 < dark.mean() < 0.9
assert np.array_equal(dark, gradient.numpy() == 0)  # and no gradient passes there

# %% [markdown]
# Compare a filter with its map. Orange weights want bright pixels, blue ones dark pixels. The very first filter is
# orange above and blue below, so it lights up at the lower end of a stroke: bright above, dark below. Others want it
# bright on the right, or simply bright.
#
# The **dark areas** on the right are where the ReLU is off: the filter gave nothing positive there. No gradient passes
# through a dark area, as the last line checks. So a filter learns only from the places where it lights up.
#
# When all weights of a filter become negative, what then? No pixel is below zero, so its map is dark everywhere, on
# every picture: the filter is **dead** and never learns again. On the computer that wrote this page it has happened to
# the first filter in the second row. The fifteen others do the work. (With a leaky ReLU it could
# have come back.)
#
# Behind the first layer the maps show less and less of the picture, and more of what the network makes of it. The
# numbers are those of the table above:

# %%
# Lecture row C6
figure, places = plt.subplots(1, 4, figsize=(14, 3.8), layout="constrained")
maps = digit
for number, layer in enumerate(model):
    maps = layer(maps)
    if number in (1, 3, 6, 8):
        title = f"layer {number}: {maps.shape[2]} × {maps.shape[3]}"
        plots.feature_maps(maps, columns=4, title=title, ax=places[0])
        places = places[1:]
    if number == 9:
        assert maps.shape == (1, 16, 2, 2)
plt.show()

# %% [markdown]
# ## A bag of random changes
#
# A seven moved by two pixels is still a seven. You know that. The network does not, unless it sees moved sevens. So
# **change each picture a little, at random, each time it is used** for training. The labels stay, and the network never
# sees the same picture twice. It costs nothing but a little time, and it helps most when there are few pictures.
#
# Here the digits have a frame of two pixels around them, so that there is room to move.

# %%
# Lecture row C7
shift, turn = data.transforms.RandomShift(2), data.transforms.RandomRotation(15)
crop = data.transforms.RandomCrop(10)
mirror = data.transforms.RandomHorizontalFlip(p=1.0)
both_flips = data.transforms.Compose([mirror, data.transforms.RandomVerticalFlip(p=1.0)])
bag = data.transforms.Compose([shift, turn])


def framed(dataset):
    images, labels = dataset[:]
    return np.pad(images.numpy(), ((0, 0), (0, 0), (2, 2), (2, 2))), labels.numpy()


X, y = framed(train)
two, six = X[np.flatnonzero(y == 2)[0]], X[np.flatnonzero(y == 6)[1]]

manual_seed(5)
changes = {"shifted": shift, "turned": turn, "cropped": crop, "mirrored": mirror, "both flips": both_flips}
figure, places = plt.subplots(2, 6, figsize=(11, 4), layout="constrained")
for row, picture in zip(places, (two, six), strict=True):
    plots.images(picture, title="as it is", ax=row[0])
    for axes, (name, change) in zip(row[1:], changes.items(), strict=True):
        plots.images(change(picture), title=name, ax=axes)
plt.show()

flip = data.transforms.RandomHorizontalFlip()
flipped = flip(X[:400])
kept = (flipped == X[:400]).all(axis=(1, 2, 3))
assert abs(kept.mean() - 0.5) < 4 * np.sqrt(0.25 / 400)  # half are kept as they are
assert np.array_equal(flipped[~kept], X[:400][~kept][..., ::-1])
assert not np.array_equal(flip(X[:400]), flipped)  # the next time it is another half

# %% [markdown]
# A mirrored cat is a cat, and for photographs of animals the lecture's bag contains **flips**. For digits they are
# wrong. A mirrored 2 is no digit at all. A 6, flipped left to right and top to bottom, is a 9 with the label 6. A bag
# may only contain changes that **keep the meaning**.
#
# What does it bring? We train on **100 digits only**, all of them centred, with four different bags. Then we test
# twice: on the held-out digits, centred too, and on the same digits, moved by up to two pixels. Each number is the
# mean of two runs.

# %%
# Lecture row C7
centred, truth = framed(held_out)
manual_seed(1)
moved = shift(centred)

bags = {
    "no change": None,
    "shift by 1": data.transforms.RandomShift(1),
    "shift by 2, turn": bag,
    "mirror (wrong)": flip,
}
scores = {}
for name, transform in bags.items():
    tests = []
    for seed in (0, 1):
        manual_seed(seed)
        reader = nn.from_pattern("[CONV16-RELU-POOL]*2-FC10", input_shape=(1, 12, 12))
        adam = nn.optim.Adam(reader.parameters(), lr=0.01)
        falling = nn.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=80)
        runner = nn.Trainer(reader, adam, F.cross_entropy, {"accuracy": nn.accuracy}, scheduler=falling, seed=seed)
        few = data.DataLoader(
            data.TensorDataset(X[:100], y[:100]), batch_size=25, shuffle=True, seed=seed, transform=transform
        )
        runner.fit(few, epochs=80)
        tests.append([runner.evaluate((images, truth))["accuracy"] for images in (centred, moved)])
        clear_output(wait=True)
    scores[name] = np.mean(tests, axis=0)

figure, axes = plt.subplots(figsize=(9, 3.6), layout="constrained")
for row, (first, second) in enumerate(scores.values()):
    axes.plot([first, second], [row, row], color=GREY, linewidth=1, zorder=1)
    for score, marker, colour, side in [(first, "o", GREEN, "left"), (second, "s", ORANGE, "right")]:
        axes.plot(score, row, marker, color=colour, markersize=10)
        place = score + (0.02 if side == "left" else -0.02)
        axes.annotate(f"{score:.2f}", (place, row), ha=side, va="center", fontsize=12)
axes.annotate("centred", (scores["no change"][0], 0.35), ha="center", va="center", color=GREEN, fontsize=12)
axes.annotate("moved", (scores["no change"][1], 0.35), ha="center", va="center", color=ORANGE, fontsize=12)
axes.set(xlabel="accuracy on the held-out digits", xlim=(0, 1), ylim=(3.5, -0.6))
axes.set_yticks(range(4), list(scores), fontsize=12)
axes.spines[["top", "right"]].set_visible(False)
plt.show()

plain, little, full_bag, mirrored = scores.values()
assert full_bag[1] > plain[1] + 0.3  # moved digits: the bag brings very much
assert full_bag[0] > plain[0] - 0.12  # centred ones: it costs a little
assert little[1] > plain[1] + 0.15
assert mirrored[0] < plain[0]  # the wrong change makes it worse

# %% [markdown]
# Without the bag the network reads centred digits well and moved ones hardly at all. With shifts and turns it reads
# both.
#
# But see the circles, too. Where all pictures are centred anyway, large shifts are **not free**: the network spends its
# strength on something that never comes. And mirrors make it worse. So ask what the pictures will look like later, and
# put that in the bag.
#
# ## One more layer: batch norm
#
# `BN` in a pattern is **batch norm**. In training it takes, for each channel, the mean and the variance of the batch,
# and brings them to 0 and 1. When the network is *used*, there may be only one picture, so the layer needs a mean and a
# variance that it has kept. It moves them by a tenth towards those of each batch:
#
# $$ \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} \qquad
# r \leftarrow 0.9\, r + 0.1\, s^2 \qquad
# \sigma^2 = \frac1n \sum (x - \mu)^2 \qquad s^2 = \frac{1}{n-1} \sum (x - \mu)^2 $$
#
# Look at the two variances. To normalise, it is $\sigma^2$, divided by $n$: the **biased** one. To keep, the lecture
# takes the same. But a few numbers lie closer to their own mean than to the true one, so $\sigma^2$ is too small on
# average. PyTorch, and `nn.BatchNorm2d` here, keep the **unbiased** $s^2$.

# %%
batch = tensor([[1.0], [2.0], [3.0], [6.0]])
layer = nn.BatchNorm1d(1)
normalised = layer(batch).numpy()
biased, unbiased = batch.var(dim=0, unbiased=False).item(), batch.var(dim=0).item()
print(f"variance:   biased {biased:.4f}, unbiased {unbiased:.4f}")
print(f"normalised: mean {abs(normalised.mean()):.4f}, biased variance {normalised.var():.4f}")
print(f"kept:       {layer.running_var.item():.4f}  (with the lecture's: {0.9 + 0.1 * biased:.4f})")

assert round(biased, 4) == 3.5
assert round(unbiased, 4) == 4.6667
assert round(float(normalised.var()), 4) == 1.0
assert np.isclose(layer.running_var.item(), 0.9 * 1 + 0.1 * unbiased)  # 1.3667
assert round(0.9 * 1 + 0.1 * biased, 4) == 1.25

# %% [markdown]
# In a batch of 32 pictures of $8 \times 8$ pixels, $n$ is 2048, and nobody sees the difference. With four numbers it is
# a third.
#
# ## Your turn
#
# 1. **One line.** Write the pattern of a network for colour pictures of $3 \times 32 \times 32$ and **100** classes:
#    twice a convolution with 8 filters, each followed by ReLU and pooling; a fully connected layer of 20 with ReLU; the
#    scores. No softmax.
# 2. **Dead filters.** `maps` is an array after a ReLU, of shape (pictures, filters, height, width). How many filters
#    are dark everywhere, on every picture? Return one number.
# 3. **Running variance.** `batch` is a one-dimensional array, `before` the variance that was kept so far. Return what
#    batch norm keeps after this batch.
#
# The next cell holds the checkers. Write your answers in the cells after it, in place of `None`.

# %%


def check_pattern(pattern):
    if pattern is None:
        return print("Not yet: give a text, such as 'CONV4-RELU-FC2'.")
    try:
        network = nn.from_pattern(pattern, input_shape=(3, 32, 32))
    except (TypeError, ValueError) as error:
        return print(f"No: it cannot be read.\n{error}")
    kinds = [type(layer).__name__ for layer in network]
    if kinds[-1] == "Softmax":
        return print("No: leave the softmax to the loss, which takes scores.")
    if kinds[-1] != "Linear" or network[-1].out_features != 100:
        return print("No: at the end there should be a score for each of the 100 classes, and nothing behind it.")
    if kinds.count("Conv2d") != 2 or kinds.count("MaxPool2d") != 2:
        count = f"{kinds.count('Conv2d')} convolutions and {kinds.count('MaxPool2d')} poolings"
        return print(f"No: yours has {count}; it should be two of each.")
    if kinds != [*["Conv2d", "ReLU", "MaxPool2d"] * 2, "Flatten", "Linear", "ReLU", "Linear"]:
        return print("No: the order or a ReLU is not as asked. Yours is", " → ".join(kinds))
    count = nn.summary(network, (3, 32, 32)).total_parameters
    if count != 8 * 28 + 8 * 73 + 20 * 513 + 100 * 21:
        return print("No: the layers are right, but not their sizes: 8 filters of 3 × 3 each, 20 outputs, 100 scores.")
    return print(f"Right: {count:,} parameters in one line.")


def check_dead(function):
    maps = np.maximum(np.random.default_rng(0).normal(size=(5, 6, 4, 4)), 0)
    maps[:, 1], maps[:, 4], maps[2, 3], maps[0, 5] = 0, 0, 0, 0
    found = function(maps.copy())
    if found is None:
        return print("Not yet: the function returns None.")
    if np.shape(found) != ():
        return print(f"No: return one number, how many; yours has the shape {np.shape(found)}.")
    if found == 2:
        return print("Right: two filters are dark on all five pictures.")
    if found == (maps == 0).sum():
        return print("No: this counts dark pixels.")
    if found == (maps.max(axis=(2, 3)) == 0).sum():
        return print("No: this counts maps that are dark on one picture. A dead filter is dark on all of them.")
    if found == 6:
        return print("No: every filter has a dark pixel somewhere. A dead one has no bright pixel.")
    if found == 4:
        return print("No: this counts the living ones, or those that are dark on some picture.")
    if found == 0:
        return print("No: this finds none. After a ReLU, dark is exactly 0 and nothing is below.")
    return print(f"No: there are 2 in a test with 6 filters, you find {found}.")


def check_variance(function):
    batch, before = np.array([1.0, 3.0, 8.0]), 2.0
    found = function(batch.copy(), before)
    if found is None:
        return print("Not yet: the function returns None.")
    if np.shape(found) != ():
        return print(f"No: return one number; yours has the shape {np.shape(found)}.")
    unbiased, biased = batch.var(ddof=1), batch.var()
    if np.isclose(found, 0.9 * before + 0.1 * unbiased):
        return print("Right: nine tenths of the old, one tenth of the batch's unbiased variance.")
    if np.isclose(found, 0.9 * before + 0.1 * biased):
        return print("No: this keeps the biased variance, as the lecture does. Divide by n - 1.")
    if np.isclose(found, 0.1 * before + 0.9 * unbiased) or np.isclose(found, 0.1 * before + 0.9 * biased):
        return print("No: the other way round. Most of the old one stays.")
    if np.isclose(found, unbiased) or np.isclose(found, biased):
        return print("No: this forgets all earlier batches. What was kept so far moves by a tenth only.")
    if np.isclose(found, before + 0.1 * unbiased):
        return print("No: this only grows. The old one must shrink to nine tenths first.")
    if np.isclose(found, 0.9 * before + 0.1 * batch.std(ddof=1)) or np.isclose(found, 0.9 * before + 0.1 * batch.std()):
        return print("No: this takes the standard deviation. Variance is its square.")
    return print(f"No: for the batch 1, 3, 8 and 2.0 before, it should be 3.1; yours is {found:.4g}.")


# %%
pattern = None

check_pattern(pattern)


# %%
def dead(maps):
    return None


check_dead(dead)


# %%
def running_variance(batch, before):
    return None


check_variance(running_variance)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# ```python
# pattern = "[CONV8-RELU-POOL]*2-FC20-RELU-FC100"
#
# check_pattern(pattern)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# The largest number of a dead filter, over all pictures and all pixels, is 0.
#
# ```python
# def dead(maps):
#     return (maps.max(axis=(0, 2, 3)) == 0).sum()
#
#
# check_dead(dead)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# ```python
# def running_variance(batch, before):
#     unbiased = ((batch - batch.mean()) ** 2).sum() / (len(batch) - 1)
#     return 0.9 * before + 0.1 * unbiased
#
#
# check_variance(running_variance)
# ```
#
# </details>

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
# # 13. First checks
#
# Training a large network takes a night, or a week. Many mistakes can be seen in the first minute, if you look.
#
# Below are some pictures, and four runs of the same network on them. Only the learning rate differs.
#
# **Which of A, B, C and D would you leave alone for a night?**

# %%
import math
import re

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import clear_output

import autograd
import nn
from autograd import manual_seed, randn
from nn import data, regularisers, search
from nn import functional as F
from viz import plots

plt.rcParams.update({"figure.dpi": 80})
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"
autograd.set_num_threads(1)  # the networks are small: a second core would only wait

digits, labels = (part.numpy() for part in data.digits()[:])
random = np.random.default_rng(0)
ink, paper = random.uniform(0, 255, (2, len(digits), 3, 1, 1))
large = digits.repeat(4, axis=2).repeat(4, axis=3)  # 8 × 8 becomes 32 × 32
colourful = paper + (ink - paper) * large + 20 * random.normal(size=(len(digits), 3, 32, 32))
photos = np.clip(colourful, 0, 255).astype(np.float32)

X = photos.reshape(-1, 3072)
X = X - X[:1200].mean(axis=0)
train = (X[:1200], labels[:1200])


def network(scale=0.0001):
    manual_seed(0)
    model = nn.Sequential(nn.Linear(3072, 50), nn.ReLU(), nn.Linear(50, 10))
    for p in model.parameters():
        p.data = scale * randn(*p.shape) if p.ndim > 1 else 0 * p.data
    return model


def run(rate):
    model = network()
    optimiser = nn.optim.SGD(model.parameters(), lr=rate)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy)
    try:
        trainer.fit(train, epochs=10, batch_size=50, progress=False)
    except nn.Diverged as stop:
        return trainer.history, str(stop)
    return trainer.history, ""


rates = {"A": 3e-3, "B": 1e6, "C": 1e-6, "D": 1e-3}
runs = {name: run(rate) for name, rate in rates.items()}

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), width_ratios=[5, 6], layout="constrained")
plots.images(photos[:20] / 255, columns=5, ax=left)
for name, style, colour in [("A", "o-", ORANGE), ("B", "X", ORANGE), ("C", "^-", GREY), ("D", "s-", GREEN)]:
    history = runs[name][0]
    losses = [loss if math.isfinite(loss) else 2.8 for loss in history["loss"]]
    right.plot(history["epoch"], losses, style, color=colour, markersize=9 if name == "B" else 6)
    place = (5.5, 3.4) if name == "A" else (history["epoch"][-1] + 0.3, losses[-1])
    right.annotate("B (nan)" if name == "B" else name, place, va="center", fontsize=13)
right.set(xlabel="epoch", ylabel="loss", ylim=(1.2, 3.6), xlim=(0.5, 10.9))
right.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# The lecture uses the photographs of CIFAR-10: $32 \times 32$ pixels in three colours, so $3072$ numbers from 0 to 255,
# in ten classes. They are not part of this course. The pictures above are a **stand-in** of the same size and scale:
# scikit-learn's handwritten digits, drawn larger, in colours at random, with noise. The mean picture is subtracted.
# The network is the lecture's: 3072 inputs, 50 hidden units, 10 scores, weights $0.0001$ times a random normal number.
#
# Before we answer the question: a check that needs no training at all.
#
# ## The first loss
#
# A network with tiny weights knows nothing. It gives each of $K$ classes the same probability, so you know its loss
# before you compute it:
#
# $$ L = -\ln \frac{1}{K} = \ln K \qquad \ln 10 = 2.3026 $$
#
# Then switch on the regularisation, $\tfrac12 \lambda \sum w^2$ with a large $\lambda = 1000$. The loss must go **up**,
# and here too you can say how far. There are $3072 \cdot 50 + 50 \cdot 10 = 154{,}100$ weights, each with a mean square
# of $10^{-8}$: half of 1000 times all that is $0.77$.

# %%
# Lecture row T4


def l2(strength):
    return lambda parameters: 0.5 * strength * regularisers.l2([p for p in parameters if p.ndim > 1])


plain = nn.check_initial_loss(network(), X, labels, F.cross_entropy)
regular = nn.check_initial_loss(network(), X, labels, F.cross_entropy, penalty=l2(1e3), tolerance=0.5)
print(f"without regularisation {plain:.4f}")
print(f"with                   {regular:.2f}")

assert round(math.log(10), 4) == round(plain, 4) == 2.3026
assert round(regular, 2) == 3.07
assert round(math.log(10) + 0.5 * 1e3 * 154_100 * 0.0001**2, 2) == 3.07

# %% [markdown]
# `check_initial_loss` raises an error when the loss is further than 10 % from $\ln K$. (With the large $\lambda$ we
# knew why, and allowed 50 %.) Here it finds weights that are 1000 times too large:

# %%
try:
    nn.check_initial_loss(network(scale=0.1), X, labels, F.cross_entropy)
except ValueError as error:
    message = str(error)
print(re.sub(r"is \d+\.\d+", "is above 200", message).replace("; ", ";\n"))

assert 200 < float(re.search(r"training is (\S+);", message)[1]) < 400

# %% [markdown]
# Such a network is very sure, and wrong. It would spend its first epochs unlearning that.
#
# ## Twenty by heart
#
# Now a tiny training: 20 pictures, 200 epochs, no regularisation. A network with 154,100 weights can learn 20 pictures
# **by heart**. If it cannot, something is broken, and more data will not mend it. `overfit_small` does this and puts
# all weights back afterwards.

# %%
# Lecture row T4
model = network()
by_heart = nn.overfit_small(model, nn.optim.SGD(model.parameters(), lr=1e-3), F.cross_entropy, X, labels)
print(f"after {len(by_heart)} epochs: loss {by_heart[-1]['loss']:.3f}, accuracy {by_heart[-1]['accuracy']:.1f}")

assert len(by_heart) == 200
assert by_heart[-1]["accuracy"] == 1.0
assert 0.002 < by_heart[-1]["loss"] < 0.004
assert round(by_heart[-1]["loss"], 3) == 0.003

# %% [markdown]
# What does this check find, and what not? Two mistakes that people really make:
#
# * **Softmax twice.** Somebody ends the network with a softmax. But `cross_entropy` takes *scores* and applies softmax
#   itself.
# * **Wrong labels.** Somebody sorted the labels, and not the pictures.

# %%
twice = nn.Sequential(*network(), nn.Softmax(dim=1))
softmax_twice = nn.overfit_small(twice, nn.optim.SGD(twice.parameters(), lr=3e-3), F.cross_entropy, X, labels)
model = network()
wrong_labels = nn.overfit_small(
    model, nn.optim.SGD(model.parameters(), lr=1e-3), F.cross_entropy, X, random.permutation(labels)
)

figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
for name, history, dashes, colour, height in [
    ("all right", by_heart, "-", GREEN, 0.0025),
    ("wrong labels", wrong_labels, "--", "black", 0.0048),
    ("softmax twice", softmax_twice, ":", ORANGE, 1.46),
]:
    axes.semilogy(history["epoch"], history["loss"], dashes, color=colour, linewidth=2)
    axes.annotate(name, (203, height), va="center", color=colour, fontsize=12)
axes.set(xlabel="epoch", ylabel="loss of the 20 pictures", xlim=(0, 255), ylim=(1e-3, 5), xticks=range(0, 201, 50))
axes.spines[["top", "right"]].set_visible(False)
plt.show()

assert softmax_twice[-1]["loss"] > 1.46
assert softmax_twice[-1]["accuracy"] == 1.0
assert wrong_labels[-1]["accuracy"] == 1.0

# %% [markdown]
# Softmax twice is found: all 20 pictures are right in the end, and still the loss stays above 1.46, for ever. So look
# at the loss and not only at the accuracy. (Why 1.46? See the exercises.)
#
# Wrong labels are **not** found. Twenty wrong labels can be learnt by heart as well as right ones. The check is about
# the machine, not about the data.
#
# ## Too small, too large
#
# Now all of the pictures, and the answer to the first question.

# %%
# Lecture row T5
for name, (history, message) in sorted(runs.items(), key=lambda item: rates[item[0]]):
    losses = history["loss"]
    print(f"{name}: learning rate {rates[name]:7g}: ", end="")
    if not message:
        print(f"loss {losses[0]:.2f} at first, {losses[-1]:.2f} after ten epochs")
    else:
        reason = message.split(": ")[1].split(";")[0]
        print("stopped,", re.sub(r"loss \d\S+", "loss", reason))

A, B, C, D = (history["loss"] for history, _ in runs.values())
assert len(C) == len(D) == 10
assert max(abs(loss - math.log(10)) for loss in C) < 0.0001  # 1e-6: it hardly moves
assert math.isnan(B[-1])  # 1e6: nan
assert "the loss is nan" in runs["B"][1]
assert A[-1] > 3 * A[0]  # 3e-3: explodes
assert "more than 3 times the first" in runs["A"][1]
assert D[-1] < 0.8 * D[0]  # between: it learns

# %% [markdown]
# **D** may run through the night. C never gets anywhere: a rate of $10^{-6}$ is too small. In A it goes well at first,
# and then one step leaps out of the valley. B is lost in its first epoch: `nan` stands for *not a number*, the result
# of $\infty - \infty$, and once a weight is nan it stays so.
#
# A and B did not use up their ten epochs. The `Trainer` has a **guard**: it stops a run whose loss is nan, or more than
# three times as large as the first.
#
# So the right rate lies somewhere between $10^{-6}$ and $3 \cdot 10^{-3}$. How do you search in such a range?
#
# ## Search in the exponent
#
# If you draw numbers evenly between $10^{-6}$ and $10^{-3}$, nine of ten lie above $10^{-4}$. But a learning rate
# *multiplies*: the step from $10^{-6}$ to $10^{-5}$ matters as much as that from $10^{-4}$ to $10^{-3}$. So draw the
# **exponent** evenly. The lecture searches for the learning rate and the strength of the regularisation together:
#
# $$ \text{lr} = 10^{\,U(-6,\,-3)} \qquad \text{reg} = 10^{\,U(-5,\,5)} $$
#
# First **coarse**: the whole range, a few epochs each. Then **fine**: a smaller range, where the good ones were.
#
# Our budget is smaller than the lecture's: the pictures are the digits as they come, $8 \times 8$ pixels from 0 to 16,
# 600 to train and 300 to validate, and each search makes 40 trials of 5 epochs.

# %%
# Lecture row T6
small = 16 * digits[:900].reshape(900, 64)
small = small - small[:600].mean(axis=0)
some, others = (small[:600], labels[:600]), (small[600:], labels[600:900])


def trainer_for(lr, reg):
    model = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
    optimiser = nn.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    return nn.Trainer(model, optimiser, F.cross_entropy, {"accuracy": nn.accuracy}, penalty=l2(reg), update_ratio=True)


def accuracy(config):
    trainer = trainer_for(config["lr"], config["reg"])
    return trainer.fit(some, others, epochs=5, batch_size=50, progress=False)[-1]["val_accuracy"]


coarse = {"reg": search.log_uniform(1e-5, 1e5), "lr": search.log_uniform(1e-6, 1e-3)}
fine = {"reg": search.log_uniform(1e-4, 1e0), "lr": search.log_uniform(1e-4, 1e-3)}
found = {
    "coarse": search.random(accuracy, coarse, trials=40),
    "fine": search.random(accuracy, fine, trials=40),
}
clear_output()  # of the progress bars


def show(axes, trials):
    done = [trial for trial in trials if trial.status == "done"]
    lost = [trial for trial in trials if trial.status == "diverged"]
    scores = np.array([trial.score for trial in done])
    rates, strengths = ([trial.config[name] for trial in done] for name in ("lr", "reg"))
    style = {"cmap": "viridis_r", "vmin": 0.1, "vmax": 0.95, "edgecolors": "black", "linewidths": 0.5}
    points = axes.scatter(rates, strengths, s=20 + 220 * scores**2, c=scores, **style)
    axes.plot([t.config["lr"] for t in lost], [t.config["reg"] for t in lost], "x", color=ORANGE, markersize=9)
    axes.set(xscale="log", yscale="log", xlabel="learning rate")
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.set_minor_formatter(plt.NullFormatter())
    return points


frame = {"facecolor": "none", "edgecolor": "black", "linestyle": "--"}
figure, places = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
for axes, (name, trials) in zip(places, found.items(), strict=True):
    points = show(axes, trials)
    axes.set_title(f"{name}, best {trials.best.score:.2f}")
places[0].fill([1e-4, 1e-3, 1e-3, 1e-4], [1e-4, 1e-4, 1, 1], **frame)
places[0].set(ylabel="regularisation", ylim=(3e-6, 3e5))
places[1].set_xlim(8e-5, 1.25e-3)
places[1].text(1.5e-4, 2e2, "large and dark: accurate\nsmall and yellow: guessing\ncross: diverged", fontsize=11)
figure.colorbar(points, ax=places, label="validation accuracy")
plt.show()

for trials, (low, high) in zip(found.values(), [(-5, 5), (-4, 0)], strict=True):
    exponents = [math.log10(trial.config["reg"]) for trial in trials]
    assert low < min(exponents) < (low + high) / 2 < max(exponents) < high
assert {trial.status for trial in found["coarse"]} == {"done", "diverged"}
assert 1e-4 < found["coarse"].best.config["lr"] < 1e-3
scores = {name: [t.score if t.status == "done" else 0.0 for t in trials] for name, trials in found.items()}
assert np.median(scores["fine"]) > np.median(scores["coarse"]) + 0.2
assert found["fine"].best.score > found["coarse"].best.score

# %% [markdown]
# In the coarse search most trials are wasted, and that is its purpose: it tells where *not* to look. A large
# regularisation presses all weights to zero; a small learning rate gets nowhere in five epochs. The dashed frame is
# the range of the fine search.
#
# Look where the best ones are: at the **right edge**. That is a warning. The best rate may lie outside the range, so
# move the range and search again:

# %%
# Lecture row T6
further = {"reg": search.log_uniform(1e-4, 1e0), "lr": search.log_uniform(1e-3, 1e-1)}
found["further"] = search.random(accuracy, further, trials=40)
clear_output()

figure, axes = plt.subplots(figsize=(9, 3.6), layout="constrained")
show(axes, found["fine"])
points = show(axes, found["further"])
axes.fill([1e-4, 1e-3, 1e-3, 1e-4], [1e-4, 1e-4, 1, 1], **frame)
axes.text(1e-4, 1.6, f"fine, best {found['fine'].best.score:.2f}", fontsize=12)
axes.text(1.1e-3, 1.6, f"further, best {found['further'].best.score:.2f}", fontsize=12)
axes.set(ylabel="regularisation", ylim=(6e-5, 6))
figure.colorbar(points, ax=axes, label="validation accuracy")
plt.show()

assert found["further"].best.score > found["fine"].best.score
assert found["further"].best.config["lr"] > 1e-3

# %% [markdown]
# Beyond the old edge almost everything is dark, and at the far right it gets lighter again. Now the best lies inside.
#
# ## Random or grid?
#
# Why at random, and not neatly on a grid? Because often one of the two numbers matters and the other does not, and
# you do not know which. Nine trials on a grid try only **three** learning rates. Nine trials at random try nine.
#
# So we play: the best learning rate is hidden somewhere, regularisation does not matter at all, and both ways have
# nine trials to come close. How far from the best rate is the closest trial, on average over 60 hiding places?

# %%
# Lecture row T6
hidden = np.random.default_rng(0).uniform(-6, -3, 60)
levels = {"lr": 10.0 ** np.array([-5.5, -4.5, -3.5]), "reg": [1e-3, 1e0, 1e3]}
distances, games = {"grid": [], "random": []}, []
for seed, place in enumerate(hidden):

    def closeness(config, place=place):
        return -abs(math.log10(config["lr"]) - place)

    drawn = search.random(closeness, coarse, trials=9, seed=seed, progress=False)
    listed = search.grid(closeness, levels, progress=False)
    games.append({"grid": listed, "random": drawn})
    for name, trials in games[-1].items():
        distances[name].append(-trials.best.score)

figure, places = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True, layout="constrained")
for axes, (name, trials) in zip(places, games[0].items(), strict=True):
    tried = [trial.config["lr"] for trial in trials]
    axes.loglog(tried, [trial.config["reg"] for trial in trials], "o", color=GREEN, markersize=8)
    axes.plot(tried, [3e-7] * 9, "|", color="black", markersize=16, clip_on=False)
    text = f"{name}: {len({*tried})} learning rates, {np.mean(distances[name]):.2f} decades off"
    axes.set(xlabel="learning rate", xlim=(7e-7, 1.4e-3), ylim=(3e-7, 3e5), title=text)
    axes.spines[["top", "right"]].set_visible(False)
places[0].set_ylabel("regularisation")
plt.show()

assert [len({trial.config["lr"] for trial in trials}) for trials in games[0].values()] == [3, 9]
assert np.mean(distances["random"]) < np.mean(distances["grid"]) - 0.04

# %% [markdown]
# The picture shows the first of the 60 games, with a mark below for each learning rate that was tried. A decade is a
# factor of ten. Random search comes closer with the same work.
#
# ## What to watch while it runs
#
# Good numbers are found, the long run begins. Watch three things.
#
# **One: the loss curve**, which you have met. **Two: the gap** between training and validation. Here is the same
# network with 60 pictures and with 600:

# %%
# Lecture row T7
setting = found["further"].best.config
histories = {}
for count in (60, 600):
    manual_seed(0)
    few = (some[0][:count], some[1][:count])
    histories[count] = trainer_for(setting["lr"], setting["reg"]).fit(
        few, others, epochs=20, batch_size=20, progress=False
    )

figure, places = plt.subplots(1, 2, figsize=(11, 4.2), sharey=True, layout="constrained")
for axes, (count, history) in zip(places, histories.items(), strict=True):
    plots.loss_curves(history, metric="accuracy", gap=True, title=f"{count} pictures", ax=axes)
places[0].set_ylim(0, 1.03)
plt.show()

gaps = {count: history[-1]["accuracy"] - history[-1]["val_accuracy"] for count, history in histories.items()}
assert gaps[60] > gaps[600] + 0.05

# %% [markdown]
# A wide gap says **overfitting**: the network knows its pictures by heart. Get more data, or regularise. No gap and a
# low accuracy say the opposite: the network is too small, or not trained yet.
#
# **Three: how far the weights move in a step**, compared with how large they are:
#
# $$ \frac{\lVert \text{update} \rVert}{\lVert w \rVert} \approx 10^{-3} $$
#
# It need not be precise. $10^{-6}$ means the weights stand still, $10^{-1}$ that every step throws away a tenth of what
# was learned. You see it after one epoch, long before the loss curve tells you.

# %%
# Lecture row T7
ratios = {}
for name, rate in {"lr 1e-6": 1e-6, "lr 1e-3": 1e-3, "lr 0.1": 0.1}.items():
    manual_seed(0)
    trainer = trainer_for(rate, reg=1e-4)
    trainer.guard.max_loss_ratio = None  # look on, whatever the loss does
    ratios[name] = trainer.fit(some, others, epochs=15, batch_size=50, progress=False)

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
plots.update_ratios(ratios, ax=left)
left.set_ylim(1e-9, 1)
plots.loss_curves({name: [{"loss": r["loss"]} for r in h] for name, h in ratios.items()}, log=True, ax=right)
for axes in (left, right):
    for line, key, marker in zip(axes.lines, axes.get_legend().legend_handles, "os^", strict=False):
        line.set_marker(marker)
        key.set_marker(marker)
plt.show()

assert 1e-4 < np.mean(ratios["lr 1e-3"]["update_ratio"]) < 1e-2
assert max(ratios["lr 1e-6"]["update_ratio"]) < 1e-4
assert ratios["lr 0.1"]["update_ratio"][0] > 1e-2
assert ratios["lr 0.1"]["loss"][0] < ratios["lr 1e-3"]["loss"][0]

# %% [markdown]
# After the first epoch the rate $0.1$ even has the lowest loss. Its ratio of $10^{-1}$ knows better.
#
# ## A minute, in order
#
# 1. The first loss: is it what you expect? Does regularisation raise it?
# 2. Twenty samples by heart: does the loss go to nearly zero?
# 3. A few learning rates, ten times apart: one that hardly moves, one that explodes, and the range between.
# 4. A coarse search at random, a fine one. Best at the edge? Search further.
# 5. Let it run; watch the curve, the gap and the ratio.
#
# ## Your turn
#
# 1. **The first loss.** A network sorts pictures into 200 classes, with tiny weights and the regularisation
#    $\tfrac12 \lambda \sum w^2$, $\lambda = 10$, $\sum w^2 = 0.1$. What should the first loss be, to two decimals?
# 2. **Softmax twice.** The last layer is a softmax, and `cross_entropy` applies softmax once more. Ten classes. How
#    small can the loss become, at best?
# 3. **Draw learning rates.** Write a function that draws `count` learning rates between $10^{-5}$ and $10^{-1}$, evenly
#    in the exponent, with NumPy's generator `random`.
#
# The next cell holds the checkers. Write your answers in the cells after it, in place of `None`.

# %%


def check_first_loss(answer):
    if answer is None:
        return print("Not yet: give a number.")
    if not isinstance(answer, (int, float)):
        return print("No: give one number.")
    if abs(answer - 5.80) < 0.006:
        return print("Right: ln 200 = 5.30, and 0.5 for the weights.")
    if abs(answer - 5.30) < 0.006:
        return print("No: this is guessing among 200. The regularisation is not in it.")
    if abs(answer - 6.30) < 0.006:
        return print("No: nearly. Did you halve the regularisation?")
    if abs(answer - 2.80) < 0.006 or abs(answer - 2.30) < 0.006:
        return print("No: did you take a logarithm of base ten? Here it is the natural one, of 200.")
    if answer < 0:
        return print("No: a loss of this kind is never below zero. Mind the minus in front of the logarithm.")
    return print("No: what is the loss of guessing among 200 classes? Add half of 10 times 0.1.")


def check_softmax_twice(answer):
    if answer is None:
        return print("Not yet: give a number, or an expression with math.exp and math.log.")
    if not isinstance(answer, (int, float)):
        return print("No: give one number.")
    best = math.log(math.e + 9) - 1
    if abs(answer - best) < 0.006:
        return print(f"Right: -ln(e / (e + 9)) = {best:.4f}.")
    if abs(answer) < 0.001:
        return print("No: for that the second softmax would need a score far above the others. It gets only 0 to 1.")
    if abs(answer - math.log(10)) < 0.006:
        return print("No: this is the loss of ten equal scores. The first softmax can do better: 1 and nine times 0.")
    if abs(answer - math.e / (math.e + 9)) < 0.006:
        return print("No: this is the probability of the right class. The loss is minus its logarithm.")
    if abs(answer - math.log(math.e + 10) + 1) < 0.006:
        return print("No: the right class is one of the ten, so only nine others are left.")
    return print("No: the best that the first softmax can give is 1 for the right class and 0 for nine others.")


def check_draw(function):
    rates = function(1000, np.random.default_rng(0))
    if rates is None:
        return print("Not yet: the function returns None.")
    rates = np.asarray(rates, dtype=float)
    if rates.shape != (1000,):
        return print(
            f"No: for count = 1000 it should return 1000 numbers, an array of shape (1000,), not {rates.shape}."
        )
    if (rates < 0).any():
        return print("No: some are negative. Those are exponents; the rate is ten to this power.")
    if rates.min() >= 1:
        return print("No: all are at least 1. What is 10 to the power of a number between 0.00001 and 0.1?")
    if rates.min() < 1e-5 or rates.max() > 1e-1:
        return print(f"No: they must lie between 1e-5 and 1e-1; yours go from {rates.min():.1e} to {rates.max():.1e}.")
    shares = [np.mean((rates >= 10.0**k) & (rates < 10.0 ** (k + 1))) for k in range(-5, -1)]
    if shares[-1] > 0.8:
        return print(f"No: {shares[-1]:.0%} of yours lie above 0.01. Draw the exponent evenly, not the rate.")
    if max(abs(share - 0.25) for share in shares) > 0.06:
        return print("No: each of the four decades should get a quarter; yours get", [f"{s:.0%}" for s in shares])
    if len({*rates}) < 900:
        return print("No: many of yours are the same. Draw a number of its own for each.")
    return print("Right: each of the four decades gets about a quarter.")


# %%
first_loss = None

check_first_loss(first_loss)

# %%
smallest = None

check_softmax_twice(smallest)


# %%
def draw(count, random):
    return None


check_draw(draw)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# Guessing costs $\ln 200 = 5.30$; the weights add $\tfrac12 \cdot 10 \cdot 0.1 = 0.5$.
#
# ```python
# first_loss = math.log(200) + 0.5 * 10 * 0.1
#
# check_first_loss(first_loss)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# The first softmax gives at best $1$ for the right class and $0$ for the nine others. The second takes these as scores:
# the right class gets $e^1 / (e^1 + 9 e^0) = 0.232$. This was the floor in the picture above.
#
# ```python
# smallest = -math.log(math.e / (math.e + 9))
#
# check_softmax_twice(smallest)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# ```python
# def draw(count, random):
#     return 10 ** random.uniform(-5, -1, count)
#
#
# check_draw(draw)
# ```
#
# </details>

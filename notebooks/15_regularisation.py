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
# # 15. Regularisation
#
# Three networks with 50 hidden neurons each have seen the same 20 noisy measurements of a smooth curve, the dashed
# line. The first hits them almost exactly: it has learned them **by heart**, noise and all, and invented the rest. The
# last one says the same everywhere.
#
# They were trained in the same way, up to a single number $\alpha$. **What is this number, and how do you find the one
# in the middle?** What keeps a network from learning by heart is called regularisation. Here you will see what there
# is.

# %%
# Lecture row T11
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import clear_output
from matplotlib.colors import LinearSegmentedColormap

import autograd
import nn
from autograd import Value, float64, grad, manual_seed, tensor
from nn import data, regularisers, search
from nn import functional as F
from viz import plots

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})
np.set_printoptions(precision=3, suppress=True)
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"
SIGNS = LinearSegmentedColormap.from_list("signs", [ORANGE, "#ffffff", GREEN])


def measured(count, seed):
    numbers = np.random.default_rng(seed)
    x = numbers.uniform(-1, 1, (count, 1))
    return x, np.sin(3 * x) + 0.3 * numbers.normal(size=x.shape)


def fitted(samples, decay=0.0, seed=0):
    """Fit a network of 50 hidden neurons; `decay` is the price of large weights."""
    x, y = (tensor(given, dtype=float64) for given in samples)
    manual_seed(seed)
    model = nn.Sequential(nn.Linear(1, 50), nn.Tanh(), nn.Linear(50, 1)).double()
    nn.init.normal_(model[0].weight, std=4.0)  # neurons with steep flanks, so that it can bend often
    nn.init.normal_(model[0].bias, std=4.0)
    options = {"max_iter": 300, "history_size": 20, "line_search_fn": "strong_wolfe"}
    optimiser = nn.optim.LBFGS(model.parameters(), **options)

    def closure():
        optimiser.zero_grad()
        loss = F.mse_loss(model(x), y) + 0.5 * decay * regularisers.l2([model[0].weight, model[2].weight])
        loss.backward()
        return loss

    optimiser.step(closure)
    return model


def error_of(model, samples):
    x, y = (tensor(given, dtype=float64) for given in samples)
    return F.mse_loss(model(x), y).item()


def curve(axes, model, samples, title):
    grid = np.linspace(-1, 1, 400)[:, None]
    axes.plot(*samples, "o", color=GREEN, markersize=5 if len(samples[0]) < 50 else 3, label="measured")
    axes.plot(grid, np.sin(3 * grid), "--", color="black", linewidth=1.2, label="rule")
    axes.plot(grid, model(tensor(grid, dtype=float64)).numpy(), color=ORANGE, linewidth=2, label="network")
    axes.set(xlabel="x", ylim=(-2.2, 2.2))
    axes.set_title(title, fontsize=12)


old, new = measured(20, seed=0), measured(200, seed=1)
figure, places = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained", sharey=True)
learned, unseen = [], []
for axes, decay, name in zip(places, (1e-6, 1e-3, 1.0), ("too small", "medium", "too large"), strict=True):
    model = fitted(old, decay)
    learned.append(error_of(model, old))
    unseen.append(error_of(model, new))
    curve(axes, model, old, f"{name}: α = {decay:g}\nexamples {learned[-1]:.3f}, new {unseen[-1]:.2f}")
places[2].legend(frameon=False, loc="upper left", fontsize=10)
plt.show()

assert learned[0] < learned[1] < learned[2]
assert learned[0] < 0.03
assert unseen[1] < 0.2 < min(unseen[0], unseen[2])
assert np.isclose(learned[2], old[1].var(), rtol=0.1)  # it guesses the mean of all examples

# %% [markdown]
# The numbers above the pictures are mean squared errors, on the 20 examples and on 200 new ones. On the left
# **overfitting**: nearly no error on the examples, a large one on new points. On the right **underfitting**: neither is
# good.
#
# ## A price on large weights
#
# To bend so sharply, a network needs large weights. So make them expensive: minimise the error plus a penalty. Four
# kinds of limit are common:
#
# $$ \text{L2:}\; \sum_i w_i^2 \qquad \text{L1:}\; \sum_i |w_i| \qquad
# \text{elastic net:}\; \sum_i \beta w_i^2 + |w_i| \qquad \text{max-norm:}\; \|\mathbf{w}\| \le c $$
#
# They prefer different weights. Below, $\mathbf{x} = (1, 1, 1, 1)$, and two neurons say the same, $1$. One looks at
# a single input, the other at all four a little.

# %%
# Lecture row L5
x, one, spread = autograd.ones(4), tensor([1.0, 0.0, 0.0, 0.0]), tensor([0.25, 0.25, 0.25, 0.25])
print(f"{'weights':26} w·x     L2     L1  elastic net, β = 0.5")
for w in (one, spread):
    penalties = [regularisers.l2(w), regularisers.l1(w), regularisers.elastic_net(w, beta=0.5)]
    print(f"{w.tolist()!s:26} {(w @ x).item():3.0f}", *[f"{penalty.item():6.3f}" for penalty in penalties])

points = tensor(np.linspace(-1.5, 1.5, 301), requires_grad=True)
figure, places = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
for name, penalty, colour, style in [
    ("L2", regularisers.l2, GREEN, "-"),
    ("L1", regularisers.l1, ORANGE, "--"),
    ("elastic net", lambda w: regularisers.elastic_net(w, beta=0.5), "black", ":"),
]:
    (slope,) = grad(penalty(points), [points])
    heights = [penalty(Value(number)).data for number in points.tolist()]
    for axes, line in zip(places, (heights, slope.numpy()), strict=True):
        axes.plot(points.numpy(), line, style, color=colour, linewidth=2, label=name)
places[0].set(xlabel="weight", ylabel="penalty")
places[1].set(xlabel="weight", ylabel="its slope")
places[0].legend(frameon=False)
plt.show()

assert (one @ x).item() == (spread @ x).item() == 1.0
assert [regularisers.l2(w).item() for w in (one, spread)] == [1.0, 0.25]
assert [regularisers.l1(w).item() for w in (one, spread)] == [1.0, 1.0]
assert [regularisers.elastic_net(w, beta=0.5).item() for w in (one, spread)] == [1.5, 1.125]

# %% [markdown]
# L2 prefers weights that are **spread out**: look at everything a little. L1 has no preference here. The right picture
# shows why they act differently. The slope is the pull towards zero. With L2 it becomes weak for a small weight. With
# L1 it is the same down to zero, so it finishes the job.
#
# ## Weight decay, and a limit
#
# Take the penalty $\frac{\alpha}{2} \sum_i w_i^2$. Its gradient is $\alpha w$, and a step with learning rate
# $\varepsilon$ becomes
#
# $$ w \leftarrow w - \varepsilon \left( \frac{\partial L}{\partial w} + \alpha w \right)
# = (1 - \varepsilon \alpha)\, w - \varepsilon \frac{\partial L}{\partial w} $$
#
# In each step a weight first loses a fixed share of itself. Hence the name **weight decay**, and the argument
# `weight_decay` of the optimisers. (This holds for plain descent. `Adam` rescales whatever it gets, also $\alpha w$.
# `AdamW` keeps the decay apart.) Max-norm does nothing as long as a neuron's weights are short, and cuts them to
# length $c$ when they are not.

# %%
# Lecture row L5
eps, alpha, slopes = 0.1, 0.5, np.array([0.3, -0.2])
by_hand = np.array([1.0, -2.0])
w = tensor(by_hand.copy(), dtype=float64, requires_grad=True)
v = tensor(by_hand.copy(), dtype=float64, requires_grad=True)
decaying = nn.optim.SGD([w], lr=eps, weight_decay=alpha)
penalised = nn.optim.SGD([v], lr=eps)
path = [by_hand]
for _ in range(80):
    decaying.zero_grad()
    (tensor(slopes) * w).sum().backward()
    decaying.step()
    penalised.zero_grad()
    ((tensor(slopes) * v).sum() + 0.5 * alpha * regularisers.l2(v)).backward()
    penalised.step()
    by_hand = (1 - eps * alpha) * by_hand - eps * slopes
    path.append(by_hand)
    assert np.allclose(w.numpy(), by_hand, rtol=1e-12)
    assert np.allclose(v.numpy(), by_hand, rtol=1e-12)

layer = nn.Linear(2, 2)
layer.load_state_dict({"weight": tensor([[3.0, 4.0], [0.3, 0.4]]), "bias": tensor([9.0, 9.0])})
before = layer.weight.numpy().copy()
nn.utils.max_norm_(layer.weight, 1.0)

figure, places = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[3, 2], layout="constrained")
for line, slope, colour in zip(np.array(path).T, slopes, (GREEN, ORANGE), strict=True):
    places[0].plot(line, color=colour, linewidth=2)
    places[0].plot([0, 15], [line[0], line[0] - 15 * eps * slope], ":", color=colour)
    places[0].annotate(
        f"∂L/∂w = {slope}".replace("-", "−"), (80, line[-1]), (-4, 7), textcoords="offset points", ha="right"
    )
places[0].annotate("without decay", (15, 0.55), (5, 0), textcoords="offset points", va="center")
places[0].axhline(0, color=GREY, linewidth=0.8)
places[0].set(xlabel="step", ylabel="weight")
places[1].add_patch(plt.Circle((0, 0), 1.0, fill=False, color=GREY))
for start, end in zip(before, layer.weight.numpy(), strict=True):
    places[1].annotate("", start, (0, 0), arrowprops={"arrowstyle": "->", "color": ORANGE, "linestyle": ":"})
    places[1].annotate("", end, (0, 0), arrowprops={"arrowstyle": "->", "color": GREEN, "linewidth": 2})
places[1].text(3.05, 3.9, "(3, 4)")
places[1].text(0.75, 0.6, "(0.6, 0.8)")
places[1].set(xlim=(-1.2, 4.2), ylim=(-1.2, 4.4), aspect="equal", title="cut to length 1")
plt.show()

assert np.allclose(layer.weight.numpy(), [[0.6, 0.8], [0.3, 0.4]], atol=1e-6)
assert np.allclose(by_hand, -slopes / alpha, atol=0.05)  # where decay and gradient balance

# %% [markdown]
# The dotted lines run on for ever. With decay a weight comes to rest where both pulls balance, at
# $w = -\frac{1}{\alpha} \frac{\partial L}{\partial w}$.
#
# ## Which price is right?
#
# This $\alpha$ is the number of the first picture. The 20 examples cannot tell which is best: they always prefer no
# price at all. And you rarely have 200 new ones. So hold back some of
# those you have. In **cross-validation** the 20 examples are cut into five parts. Five times you train on four parts
# and test on the fifth. Each example is held back once, and the mean of the five errors is your estimate.

# %%
# Lecture row T11
samples = data.TensorDataset(*old)
folds = data.k_folds(samples, 5, seed=0)


def held_out(config):
    """Return the mean error on what was held back."""
    errors = []
    for train, rest in folds:
        model = fitted([given.numpy() for given in train[:]], config["decay"])
        errors.append(error_of(model, [given.numpy() for given in rest[:]]))
    return np.mean(errors)


decays = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
results = search.grid(held_out, {"decay": decays}, mode="min")
clear_output()  # of the progress bar
chosen = results.best.config["decay"]
models = [fitted(old, decay) for decay in decays]

figure, axes = plt.subplots(figsize=(8, 3.8), layout="constrained")
for name, errors, style, colour in [
    ("the examples themselves", [error_of(model, old) for model in models], "s:", GREY),
    ("cross-validation", [trial.score for trial in results], "o-", GREEN),
    ("200 new points", [error_of(model, new) for model in models], "^--", ORANGE),
]:
    axes.loglog(decays, errors, style, color=colour, label=name, linewidth=2)
axes.axvline(chosen, color="black", linewidth=0.8)
axes.annotate("chosen", (chosen, 0.013), (6, 0), textcoords="offset points")
axes.set(xlabel="weight decay α", ylabel="mean squared error")
axes.legend(frameon=False)
plt.show()
print(f"chosen: α = {chosen:g}")

truth = [error_of(model, new) for model in models]
assert 1e-5 < chosen < 1e-1
assert truth[decays.index(chosen)] < 1.2 * min(truth)
assert error_of(models[0], old) < error_of(models[decays.index(chosen)], old)

# %% [markdown]
# The new points were not used to choose. They show that the choice is good.
#
# ## L1 gives sparser weights
#
# Ten neurons look at pictures of $8 \times 8$ pixels, one for each digit. Their weights can be shown as pictures:
# orange pixels speak for the digit, blue ones against it. Here they are without a price, with L2 and with L1.

# %%
# Lecture row L5
images, labels = data.digits()[:]
pixels = images.reshape(len(images), 64)
train, validation = (pixels[:600], labels[:600]), (pixels[600:1200], labels[600:1200])
small = {}
penalties = {
    "no penalty": None,
    "L2": lambda parameters: 0.003 * regularisers.l2(parameters[0]),
    "L1": lambda parameters: 0.003 * regularisers.l1(parameters[0]),
}
figure, places = plt.subplots(3, 2, figsize=(10, 5.7), width_ratios=[3, 1], layout="constrained")
for (left, right), (name, penalty) in zip(places, penalties.items(), strict=True):
    manual_seed(0)
    model = nn.Linear(64, 10)
    optimiser = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, {"accuracy": nn.accuracy}, penalty=penalty)
    history = trainer.fit(train, validation, epochs=30, batch_size=50, progress=False)
    weights = model.weight.numpy()
    small[name] = np.mean(abs(weights) < 0.01)
    plots.templates(weights, list("0123456789"), columns=10, ax=left)
    left.set_title(f"{name}: {history[-1]['val_accuracy']:.0%} of new digits right", fontsize=12, loc="left")
    right.hist(weights.ravel(), bins=np.linspace(-1, 1, 51), color=GREEN)
    right.set_title(f"{small[name]:.0%} are below 0.01", fontsize=12)
    right.set(yticks=[], xlim=(-1, 1))
    right.spines["left"].set_visible(False)
    assert history[-1]["val_accuracy"] > 0.85
right.set_xlabel("weight")
plt.show()

assert small["L1"] > 0.5 > 0.3 > small["L2"] > small["no penalty"]

# %% [markdown]
# About two thirds of the weights with L1 are practically zero, and the neurons still tell the digits apart. L1 chooses
# which pixels to look at. With L2 all weights become smaller, but few vanish.
#
# ## Dropout
#
# A quite different idea: while training, switch each neuron off with probability $\frac12$, anew in each step. No
# neuron can rely on another one, so each must be useful on its own. But what about the test, when all are there?
#
# Take one neuron with two inputs, $a = w_1 x_1 + w_2 x_2 = 0.7 \cdot 2 - 1.2 \cdot 0.5 = 0.8$. There are four ways to
# switch inputs off, all equally likely (the upper pictures). Their mean is **half** of what the neuron computes when
# all are there:
#
# $$ \mathbb{E}[a] = \tfrac14 (w_1 x_1 + w_2 x_2) + \tfrac14 w_1 x_1 + \tfrac14 w_2 x_2 + \tfrac14 \cdot 0
# = \tfrac12 (w_1 x_1 + w_2 x_2) $$
#
# So with everything switched on, the next layer would get twice of what it is used to. There are two remedies. Either
# multiply by $1 - p$ **at test time**, where $p$ is the probability of being dropped. Or divide what is kept by $1 - p$
# **while training**, and leave the test alone. The second is called *inverted* dropout, and `nn.Dropout` does that. The
# lower pictures show both, for a neuron with ten inputs and 40,000 draws.

# %%
# Lecture row T10
w, x = np.array([0.7, -1.2]), np.array([2.0, 0.5])
masks = [(1, 1), (1, 0), (0, 1), (0, 0)]
outcomes = [float((w * mask) @ x) for mask in masks]

figure = plt.figure(figsize=(10, 5.6), layout="constrained")
upper, lower = figure.subfigures(2, 1, height_ratios=[2, 3])
for axes, mask, outcome in zip(upper.subplots(1, 4), masks, outcomes, strict=True):
    for height, kept, number, weight in zip((1.0, 0.0), mask, x, w, strict=True):
        colour, style = (GREEN, "-") if kept else (GREY, ":")
        axes.plot([0, 1], [height, 0.5], style, color=colour, linewidth=2, zorder=1)
        axes.scatter(0, height, s=900, facecolor="white", edgecolor=colour, linewidth=2, zorder=2)
        axes.text(0, height, f"{number:g}" if kept else "✗", ha="center", va="center", fontsize=12)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        text = f"{weight:g}".replace("-", "−")
        axes.text(0.45, 0.5 + 0.55 * (height - 0.5), text, ha="center", va="center", bbox=box)
    axes.scatter(1, 0.5, s=1100, facecolor="white", edgecolor="black", linewidth=2, zorder=2)
    axes.text(1, 0.5, f"{outcome:.1f}".replace("-", "−"), ha="center", va="center", fontsize=12)
    axes.set(xlim=(-0.3, 1.35), ylim=(-0.4, 1.4))
    axes.axis("off")

assert np.allclose(outcomes, [0.8, 1.4, -0.6, 0.0])
assert np.isclose(np.mean(outcomes), 0.5 * (w @ x))

manual_seed(0)
p, count = 0.5, 40_000
w, x = autograd.randn(10, dtype=float64), autograd.randn(10, dtype=float64)
a = (w @ x).item()
dropout = nn.Dropout(p)
inputs = dropout(x.broadcast_to((count, 10)))
kept = inputs.numpy() != 0
inverted = (inputs @ w).numpy()
plain = (x.numpy() * kept) @ w.numpy()
at_test = (dropout.eval()(x) @ w).item()

places = lower.subplots(1, 2, sharex=True)
for axes, outputs, end, name in [
    (places[0], plain, (1 - p) * a, "plain: the test is scaled to (1 − p) a"),
    (places[1], inverted, at_test, "inverted: training is scaled, the test is a"),
]:
    axes.hist(outputs, bins=40, color=GREEN, alpha=0.35)
    axes.axvline(outputs.mean(), color=GREEN, linewidth=5)
    axes.axvline(end, color="black", linestyle="--")
    axes.annotate(
        "mean in training",
        (outputs.mean(), 1.0),
        (-6, -12),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="right",
    )
    axes.annotate("test", (end, 1.0), (6, -12), xycoords=("data", "axes fraction"), textcoords="offset points")
    axes.set_title(name, fontsize=12)
    axes.set(yticks=[], xlabel="output of the neuron")
    axes.spines["left"].set_visible(False)
    assert abs(outputs.mean() - end) < 4 * outputs.std() / np.sqrt(count)
plt.show()

assert abs(kept.mean() - (1 - p)) < 0.01
assert np.allclose(inputs.numpy(), x.numpy() / (1 - p) * kept)
assert at_test == a

# %% [markdown]
# ## Does it help? And when to stop
#
# 300 digits, but somebody was careless: about every fifth has a label drawn at random. A network with 200 hidden
# neurons can learn even these by heart. The validation set has correct labels only.
#
# Watch the dashed line. At first the network learns what digits look like, and gets better on new ones. Then it
# begins to learn the mistakes. So there is another cure, the cheapest of all: **early stopping**. Keep the weights of
# the epoch with the best validation loss, and stop when there was no better one for a while.

# %%
# Lecture row T10
careless = labels.numpy().copy()
numbers = np.random.default_rng(0)
drawn = np.flatnonzero(numbers.random(300) < 0.2)
careless[drawn] = numbers.integers(0, 10, len(drawn))
train, validation = (pixels[:300], careless[:300]), (pixels[300:900], labels[300:900])


def run(p, early_stopping=None):
    manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 200), nn.ReLU(), nn.Dropout(p), nn.Linear(200, 10))
    optimiser = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    options = {"metrics": {"accuracy": nn.accuracy}, "early_stopping": early_stopping}
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, **options)
    trainer.fit(train, validation, epochs=60, batch_size=50, progress=False)
    return trainer


stopping = nn.EarlyStopping(patience=8)
runs = {"nothing": run(0.0), "dropout, p = 0.5": run(0.5), "early stopping": run(0.0, stopping)}
figure, places = plt.subplots(1, 3, figsize=(10, 3.6), layout="constrained", sharey=True)
right = {}
for axes, (name, trainer) in zip(places, runs.items(), strict=True):
    right[name] = trainer.evaluate(validation)["accuracy"]
    plots.loss_curves(trainer.history, colours=[GREEN, ORANGE], ax=axes)
    axes.get_legend().remove()
    for line in axes.lines:
        line.set_marker("")
    axes.set_title(f"{name}\n{right[name]:.0%} of new digits right", fontsize=12)
    axes.set(xlim=(0, 61), ylabel="", xlabel="epoch")
    axes.tick_params(labelsize=10)
places[0].set_ylabel("loss")
places[0].text(60, 1.62, "validation", ha="right", fontsize=11)
places[0].text(60, 0.3, "training", ha="right", fontsize=11)
places[2].axvline(stopping.best_epoch, color="black", linewidth=0.8)
places[2].annotate("kept", (stopping.best_epoch, 1.9), (5, 0), textcoords="offset points")
plt.show()

losses = runs["early stopping"].history["val_loss"]
assert stopping.best_epoch == int(np.argmin(losses)) + 1
assert len(losses) == stopping.best_epoch + 8 < 60
assert np.isclose(runs["early stopping"].evaluate(validation)["loss"], min(losses))  # the best are back
assert runs["nothing"].history["loss"][-1] < 0.3
assert runs["nothing"].history["val_loss"][-1] > 1.5 * min(runs["nothing"].history["val_loss"])
assert min(right["dropout, p = 0.5"], right["early stopping"]) > right["nothing"] + 0.05

# %% [markdown]
# ## Ask several
#
# **Bagging**: train $k$ networks, each on its own sample drawn from the examples *with replacement*, and take the mean
# of what they say. How good is that? Let each err by $\epsilon_i$, with variance $v$, and let two of them have the
# covariance $c$. Then the mean errs by
#
# $$ \mathbb{E}\Big[\Big(\frac1k \sum_i \epsilon_i\Big)^2\Big]
# = \frac{1}{k^2} \big( k\,v + k (k - 1)\,c \big) = \frac{v}{k} + \frac{(k - 1)\,c}{k} $$
#
# If all make the same mistakes, $c = v$, nothing is won. If they err independently, $c = 0$, the error falls to
# $v / k$. We check the formula twice: with random numbers for the errors, and with five networks.

# %%
# Lecture row T10
numbers, trials, ks = np.random.default_rng(0), 20_000, [1, 2, 3, 5, 10, 20]
figure, places = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
for c, colour, marker in [(1.0, ORANGE, "s"), (0.3, "black", "^"), (0.0, GREEN, "o")]:
    formula, simulated = [], []
    for k in ks:
        shared, own = numbers.normal(size=(trials, 1)), numbers.normal(size=(trials, k))
        errors = np.sqrt(c) * shared + np.sqrt(1 - c) * own  # variance 1, covariance c
        simulated.append((errors.mean(axis=1) ** 2).mean())
        formula.append(1 / k + (k - 1) * c / k)
        assert abs(simulated[-1] - formula[-1]) < 4 * formula[-1] * np.sqrt(2 / trials)
    places[0].plot(ks, formula, color=colour)
    places[0].plot(ks, simulated, marker, color=colour)
    places[0].annotate(f"c = {c:g}", (20, formula[-1]), (8, 0), textcoords="offset points", va="center")
places[0].set(xlabel="number of networks k", ylabel="squared error, v = 1", ylim=(0, 1.15), xlim=(0, 23.5))
places[0].set_title("lines: formula, marks: simulated", fontsize=12)

k, grid = 5, np.linspace(-1, 1, 200)[:, None]
said = []
for seed in range(k):
    drawn = numbers.integers(0, 20, 20)  # some examples twice, some not at all
    model = fitted((old[0][drawn], old[1][drawn]), decay=1e-5, seed=seed)
    said.append(model(tensor(grid, dtype=float64)).numpy())
    places[1].plot(grid, said[-1], color=GREY, linewidth=1)
places[1].plot(grid, np.mean(said, axis=0), color=ORANGE, linewidth=3)
places[1].plot(grid, np.sin(3 * grid), "--", color="black", linewidth=1.2)
errors = np.array(said)[:, :, 0] - np.sin(3 * grid)[:, 0]
covariance = errors @ errors.T / len(grid)
v, c = covariance.diagonal().mean(), covariance[~np.eye(k, dtype=bool)].mean()
ensemble = (errors.mean(axis=0) ** 2).mean()
places[1].set_title(f"each errs by {v:.3f}, their mean (thick) by {ensemble:.3f}", fontsize=12)
places[1].set(xlabel="x", ylim=(-2.2, 2.2))
plt.show()

assert np.isclose(ensemble, v / k + (k - 1) * c / k, rtol=1e-9)
assert ensemble < v

# %% [markdown]
# ## More examples, for free
#
# The best cure for learning by heart is more examples. You can make some: a mirrored cat is a cat. **Flip** each
# picture with probability $\frac12$ whenever it is used, and the network never knows which way round it comes. On
# average it sees the mean of both, and that is symmetric.

# %%
# Lecture row T10
manual_seed(0)
flip = data.transforms.RandomHorizontalFlip(0.5)
figure, places = plt.subplots(2, 3, figsize=(7, 4.4), layout="constrained")
for row, chosen in zip(places, (0, 3), strict=True):
    picture = images.numpy()[labels.numpy() == chosen][:1]
    mirrored = picture[..., ::-1]
    many = flip(np.repeat(picture, 4000, axis=0))
    share = np.mean([np.array_equal(one, mirrored[0]) for one in many])
    for axes, shown, name in [
        (row[0], picture, "original"),
        (row[1], mirrored, "mirrored"),
        (row[2], many.mean(axis=0, keepdims=True), "mean of 4000"),
    ]:
        axes.imshow(shown[0, 0], cmap="gray_r")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
        axes.set_title(name, fontsize=11)
    assert abs(share - 0.5) < 4 * np.sqrt(0.25 / 4000)
    assert np.allclose(many.mean(axis=0), ((1 - share) * picture + share * mirrored)[0], atol=1e-4)
plt.show()

# %% [markdown]
# Ask yourself each time whether **the answer stays the same**. A mirrored 0 is a 0, but what is a mirrored 3? For
# digits one would rather shift the pictures a little.
#
# ## Two tasks, one layer
#
# Last: let a network do a second task with the same hidden layer. What both need cannot be the noise of one of them.
# In the graph the shared layer branches, and you know what a branch does on the way back: it **sums**. Each head hears
# of its own task only.

# %%
# Lecture row T10
manual_seed(1)
shared, size_head, kind_head = (nn.Linear(4, 3).double(), nn.Linear(3, 1).double(), nn.Linear(3, 2).double())
x, size = autograd.randn(8, 4, dtype=float64), autograd.randn(8, 1, dtype=float64)
kind = tensor([0, 1] * 4)


def losses():
    hidden = shared(x).tanh()
    return F.mse_loss(size_head(hidden), size), F.cross_entropy(kind_head(hidden), kind)


alone = [grad(loss, [shared.weight])[0].numpy() for loss in losses()]
head_alone = grad(losses()[0], [size_head.weight])[0].numpy()
first, second = losses()
(first + second).backward()
together = shared.weight.grad.numpy()

figure, places = plt.subplots(1, 3, figsize=(10, 2.6), layout="constrained")
largest = abs(together).max()
titles = ("asked for by task 1", "+ asked for by task 2", "= gradient of the shared weights")
for axes, table, title in zip(places, (*alone, together), titles, strict=True):
    axes.imshow(table, cmap=SIGNS, vmin=-1.8 * largest, vmax=1.8 * largest)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
    axes.set_title(title, fontsize=12)
    for (i, j), number in np.ndenumerate(table):
        axes.text(j, i, f"{round(number, 2) + 0.0:.2f}".replace("-", "−"), ha="center", va="center")
plt.show()

assert np.allclose(together, alone[0] + alone[1], rtol=1e-12)
assert np.allclose(size_head.weight.grad.numpy(), head_alone, rtol=1e-12)

# %% [markdown]
# ## Your turn
#
# 1. **Decay.** Write one step of descent with weight decay: return the new weight.
# 2. **Drop.** Write inverted dropout for a NumPy array. `keep` is an array of the same shape with `True` where a
#    number is kept. At test time (`training` is `False`) nothing is dropped.
# 3. **Ask several.** Each network errs with variance $v = 1$, two of them with covariance $c = 0.2$. What is the
#    smallest number of networks whose mean has a squared error of at most $0.3$?
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_decay(function):
    cases = [(2.0, 0.5, 0.1, 0.3), (-1.0, 2.0, 0.5, 0.1), (3.0, -1.0, 0.01, 4.0)]
    found = [function(*case) for case in cases]
    if found[0] is None:
        return print("Not yet: the function returns None.")

    def all_are(wrong):
        return np.allclose(found, [wrong(*case) for case in cases], rtol=1e-9)

    if all_are(lambda w, g, eps, alpha: (1 - eps * alpha) * w - eps * g):
        return print("Right: the weight loses the share eps · alpha of itself, then the gradient acts.")
    if all_are(lambda w, g, eps, alpha: w - eps * g):
        return print("No: this is a step without decay.")
    if all_are(lambda w, g, eps, alpha: (1 - alpha) * w - eps * g):
        return print("No: the gradient of the penalty goes through the learning rate as well.")
    if all_are(lambda w, g, eps, alpha: (1 + eps * alpha) * w - eps * g):
        return print("No: the weight grows. The penalty should pull it towards zero.")
    if all_are(lambda w, g, eps, alpha: w - eps * g - eps * 2 * alpha * w):
        return print("No: twice too much. The penalty is half of alpha times the square, so its slope is alpha w.")
    if all_are(lambda w, g, eps, alpha: (1 - eps * alpha) * (w - eps * g)):
        return print("No: the step decays, too. Only the old weight should.")
    return print(f"No: for w = 2, g = 0.5, eps = 0.1, alpha = 0.3 it is 1.89, yours is {found[0]}.")


def check_drop(function):
    x, keep = np.array([1.0, -2.0, 3.0, 4.0]), np.array([True, False, True, True])
    found, tested = function(x.copy(), keep.copy(), 0.2, True), function(x.copy(), keep.copy(), 0.2, False)
    if found is None:
        return print("Not yet: the function returns None.")
    if np.shape(found) != (4,):
        return print("No: the shape stays. What is dropped becomes zero.")
    if np.allclose(found, x * keep):
        return print("No: the numbers that are kept must make up for the others. Divide them.")
    if np.allclose(found, x * keep * 0.8):
        return print("No: they become even smaller. Which way do you scale to keep the mean?")
    if np.allclose(found, x * keep / 0.2):
        return print("No: p = 0.2 is the probability of being dropped. How likely is it to be kept?")
    if not np.allclose(found, x * keep / 0.8):
        return print(f"No: with p = 0.2 and {keep} the result is {x * keep / 0.8}, yours is {found}.")
    if tested is None:
        return print("Not yet: training is right, at test time the function returns None.")
    if np.allclose(tested, found):
        return print("No: at test time nothing is dropped.")
    if not np.allclose(tested, x):
        return print("No: training has made up for it already. At test time leave the numbers alone.")
    return print("Right: scaled while training, untouched at test time.")


def check_several(k):
    if k is None:
        return print("Not yet: give a number.")
    if k == 8:
        return print("Right: 1/8 + 7/8 · 0.2 = 0.3.")
    if k == 4:
        return print("No: this is v / k alone. They do not err independently, c is 0.2.")
    if isinstance(k, (int, float)) and k > 8:
        return print(f"No: {k} are enough, but fewer will do.")
    if isinstance(k, int) and k >= 1:
        return print(f"No: {k} of them err by {1 / k + (k - 1) * 0.2 / k:.3f}, which is more than 0.3.")
    return print("No: a number of networks is whole, and at least 1.")


# %%
def decay_step(w, gradient, eps, alpha):
    return None


check_decay(decay_step)


# %%
def drop(x, keep, p, training):
    return None


check_drop(drop)

# %%
several = None

check_several(several)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# ```python
# def decay_step(w, gradient, eps, alpha):
#     return (1 - eps * alpha) * w - eps * gradient
#
#
# check_decay(decay_step)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# A number is kept with probability $1 - p$.
#
# ```python
# def drop(x, keep, p, training):
#     return x * keep / (1 - p) if training else x
#
#
# check_drop(drop)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# The error is $\frac{1}{k} + \frac{k - 1}{k} \cdot 0.2 = 0.2 + \frac{0.8}{k}$. It is at most $0.3$ when $k \ge 8$.
# Below $0.2$ it will never fall, however many you ask.
#
# ```python
# several = 8
#
# check_several(several)
# ```
#
# </details>

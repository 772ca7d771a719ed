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
# # 9. Logistic regression
#
# A doctor looks at cells of a tumour through a microscope and measures their nuclei. Is the tumour malignant, yes or
# no? Below are 569 real tumours. Each mark is one of them: to the right where the largest nuclei are large, above
# where the tumour was malignant, below where it was benign.
#
# **A neuron returns a number. How can it answer yes or no, and how does it learn from answers that were right or
# wrong?**
#
# The black curve is the answer of one neuron with one weight and one bias.

# %%
import math
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import autograd
import nn
import viz
from autograd import Value, float64, no_grad, tensor
from nn import data
from nn import functional as F

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False, "font.size": 11})
np.set_printoptions(precision=3, suppress=True)
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"

table = data.breast_cancer()  # 569 tumours, 30 features; comes with scikit-learn
features, labels = table[:]
standardise = data.transforms.Standardize().fit(features[:400])  # mean 0 and deviation 1 where we train
features = standardise(features).to(float64)
malignant = 1.0 - labels.to(float64)  # the table calls benign 1

size = features[:, table.features.index("worst radius")]
one = nn.Linear(1, 1).double()
optimiser = nn.optim.SGD(one.parameters(), lr=2.0)
for _ in range(300):
    optimiser.zero_grad()
    F.binary_cross_entropy_with_logits(one(size.unsqueeze(1)).squeeze(1), malignant).backward()
    optimiser.step()


def scatter_by_class(axes, x, height, y):
    """Draw yes as orange crosses and no as green circles."""
    axes.scatter(x[y == 1], height[y == 1], s=34, marker="x", color=ORANGE, linewidths=1.2)
    axes.scatter(x[y == 0], height[y == 0], s=20, marker="o", facecolors="none", edgecolors=GREEN)


figure, axes = plt.subplots(figsize=(8, 3.8), layout="constrained")
jitter = np.random.default_rng(0).uniform(-0.04, 0.04, len(size))
scatter_by_class(axes, size.numpy(), malignant.numpy() + jitter, malignant.numpy())
x = np.linspace(-2, 4.3, 200)
w, b = one.weight.item(), one.bias.item()
axes.plot(x, 1 / (1 + np.exp(-(w * x + b))), color="black", linewidth=2.5)
axes.axvline(-b / w, color=GREY, linestyle="--")
axes.text(-b / w + 0.06, 0.24, "from here on: yes", color="#5a5f68")
axes.text(2.6, 0.88, "malignant", color=ORANGE)
axes.text(-1.9, 0.1, "benign", color=GREEN)
axes.set(xlabel="radius of the largest nuclei (mean 0, deviation 1)", ylabel="answer $a$", xlim=(-2.1, 4.3))
plt.show()

# %% [markdown]
# ## From a number to a yes
#
# The neuron computes $z = w x + b$, any number at all. The sigmoid squeezes it between 0 and 1:
#
# $$ a = \sigma(z) = \frac{1}{1 + e^{-z}} $$
#
# Read $a$ as *how sure the neuron is of yes*. Where $a > \tfrac12$, and that is where $z > 0$, we take it for a yes.
# The old name for this is **logistic regression**.
#
# ## What does an answer cost?
#
# Let $y$ be 1 for yes and 0 for no. The cost of one answer is
#
# $$ L = -\big(y \log a + (1 - y) \log(1 - a)\big) $$
#
# Only one of the two terms is ever there. For $y = 1$ it is $-\log a$: nothing when the neuron is sure and right, and
# more and more, without a limit, when it is sure and wrong.

# %%
# Lecture row P5


def cost(a, y):
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


a, z = np.linspace(0.005, 0.995, 200), np.linspace(-6, 6, 200)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6), layout="constrained")
left.plot(a, cost(a, 1), color=ORANGE, linewidth=2)
left.plot(a, cost(a, 0), color=GREEN, linewidth=2, linestyle="--")
left.text(0.06, 3.4, "$y = 1$", color=ORANGE)
left.text(0.82, 3.4, "$y = 0$", color=GREEN)
left.plot(0.5, math.log(2), "o", color="black")
left.annotate("undecided:\nlog 2 = 0.69", (0.5, 0.76), (0.5, 1.9), ha="center", arrowprops={"arrowstyle": "-"})
left.set(xlabel="answer $a$", ylabel="cost $L$", ylim=(0, 5))

sigmoid = 1 / (1 + np.exp(-z))
right.plot(z, sigmoid - 1, color="black", linewidth=2)
right.plot(z, (sigmoid - 1) * sigmoid * (1 - sigmoid), color=GREY, linewidth=2, linestyle="--")
right.text(-1.5, -0.9, "of this cost: $a - 1$")
right.text(-5.9, -0.24, "of half the squared error", color="#5a5f68")
right.set(xlabel="$z$, where yes would be right", ylabel="slope $dL/dz$", ylim=(-1.05, 0.05))
plt.show()

for answer in (0.99, 0.9, 0.5, 0.1, 0.01):
    print(f"y = 1, answer {answer:4}: cost {cost(answer, 1):.3f}")

assert cost(0.5, 1) == cost(0.5, 0)
assert np.allclose([cost(0.5, 1), cost(0.1, 1), cost(0.9, 0)], [math.log(2), math.log(10), math.log(10)])

# %% [markdown]
# Why not simply the squared error $\tfrac12 (a - y)^2$? Look at the right picture. At $z = -6$ the neuron is sure and
# wrong. The logarithm pulls with a slope of almost $-1$. The squared error hardly pulls at all, because the sigmoid
# is flat there: who is most wrong learns least.
#
# ## The gradient by hand
#
# Go back gate by gate:
#
# $$ \frac{dL}{da} = -\frac{y}{a} + \frac{1 - y}{1 - a} \qquad \frac{da}{dz} = a\,(1 - a) $$
#
# Multiply them, and almost everything cancels. What is left is the plainest error that you can think of:
#
# $$ \frac{dL}{dz} = a - y \qquad \frac{dL}{dw} = (a - y)\,x \qquad \frac{dL}{db} = a - y $$
#
# One tumour, malignant, so $y = 1$ and $L = -\log a$:

# %%
# Lecture row P5
w, x, b = Value(2.0, "w"), Value(-1.0, "x"), Value(1.0, "b")
z = w * x + b
a = z.sigmoid()
L = -a.log()
L.backward()

print(f"answer {a.data:.4f}, cost {L.data:.4f}")
print(f"a - y       {a.data - 1:.4f}   backward: dL/dz {z.grad:.4f}, db {b.grad:.4f}")
print(f"(a - y) x    {(a.data - 1) * x.data:.4f}   backward: dw     {w.grad:.4f}")

assert math.isclose(z.grad, a.data - 1)
assert math.isclose(b.grad, a.data - 1)
assert math.isclose(w.grad, (a.data - 1) * x.data)
viz.draw(L)

# %% [markdown]
# Look at the logarithm and the sigmoid: $-1/a = -3.72$ comes in, and the sigmoid turns it into $-0.73$, which is
# $a - 1$.
#
# ## Thirty features, four hundred tumours
#
# The table has 30 features, so the neuron gets 30 weights. The cost of all tumours is the mean of their costs, and so
# is the gradient. In matrices, with a row of $X$ for each of the $N$ tumours:
#
# $$ \mathbf{dw} = \frac{1}{N}\, X^{\mathsf T} (\mathbf{a} - \mathbf{y}) \qquad
# db = \frac{1}{N} \sum_{i} (a_i - y_i) $$
#
# We learn from the first 400 rows, and keep the other 169 to test.

# %%
# Lecture row P5
X, y, X_test, y_test = features[:400], malignant[:400], features[400:], malignant[400:]

autograd.manual_seed(0)
w = (0.1 * autograd.randn(30)).to(float64).requires_grad_()
b = autograd.zeros(1, dtype=float64, requires_grad=True)

a = (X @ w + b).sigmoid()
loss = -(y * a.log() + (1 - y) * (1 - a).log()).mean()
loss.backward()

error = a.numpy() - y.numpy()
dw = X.numpy().T @ error / len(X)
db = error.mean()
print("dw by hand      ", dw[:6], "...")
print("dw by backward()", w.grad.numpy()[:6], "...")
print(f"db by hand       {db:.3f}\ndb by backward() {b.grad.item():.3f}")

assert np.allclose(dw, w.grad.numpy(), rtol=1e-10)
assert math.isclose(db, b.grad.item(), rel_tol=1e-10)
assert math.isclose(loss.item(), F.binary_cross_entropy(a, y).item())
assert math.isclose(loss.item(), F.binary_cross_entropy_with_logits(X @ w + b, y).item())

# %% [markdown]
# The last two lines name two functions of `nn.functional`. The first takes the answers $a$, the second takes $z$ and
# has the sigmoid inside. Use the second. When a neuron is very sure, $a$ is rounded to 1, $1 - a$ is 0, and its
# logarithm is infinite:

# %%
z = tensor([40.0, 40.0], dtype=float64)
right_and_wrong = tensor([1.0, 0.0], dtype=float64)

a = z.sigmoid()
with np.errstate(all="ignore"):
    from_answers = -(right_and_wrong * a.log() + (1 - right_and_wrong) * (1 - a).log())
from_z = F.binary_cross_entropy_with_logits(z, right_and_wrong, reduction="none")
print("the formula as it stands:", from_answers.numpy())
print("with z instead of a:     ", from_z.numpy())

assert np.isnan(from_answers.numpy()[0])
assert np.isinf(from_answers.numpy()[1])
assert np.allclose(from_z.numpy(), [0.0, 40.0])

# %% [markdown]
# The formula makes even the *right* answer `nan`, from $0 \cdot \infty$. With $z$ at hand the cost can be written
# without this trouble: $L = \log(1 + e^{z}) - y z$.
#
# ## All, one, or some
#
# The gradient of 400 tumours is a mean of 400 gradients. Must we always compute them all?
#
# * **Batch** gradient descent: all samples, then one step.
# * **Stochastic** gradient descent: one sample picked at random, then one step. Its gradient is wrong, but wrong to
#   all sides: on average it is right.
# * **Mini-batch** gradient descent: a few samples, here 20, then one step.
#
# To see it, go back to the neuron with one weight and one bias, and start it off badly, at $w = -1$, $b = 1$: it takes
# small nuclei for the malignant ones. Each mark on the left is the gradient of one tumour. In the middle, 20 tumours
# were averaged for each mark.

# %%
# Lecture row P5
x, start = size[:400].numpy(), (-1.0, 1.0)
answers = 1 / (1 + np.exp(-(start[0] * x + start[1])))
errors = answers - y.numpy()
single = np.stack([errors * x, errors], axis=1)  # (a - y) x and a - y, a row for each tumour
some = single[np.random.default_rng(0).permutation(400)].reshape(20, 20, 2).mean(axis=1)

wb = tensor(start, dtype=float64, requires_grad=True)
F.binary_cross_entropy_with_logits(wb[0] * size[:400] + wb[1], y).backward()
batch = wb.grad.numpy()

figure, places = plt.subplots(1, 3, figsize=(10, 3.5), sharex=True, sharey=True, layout="constrained")
scatter_by_class(places[0], *single.T, y.numpy())
places[0].text(-3.0, -0.6, "malignant", color=ORANGE)
places[0].text(-0.3, 0.45, "benign", color=GREEN)
places[1].scatter(*some.T, s=34, color="black", marker="D", facecolors="none")
places[2].plot(*batch, "*", color="black", markersize=15)
for axes, title in zip(places, ["single samples", "means of 20 samples", "mean of all 400"], strict=True):
    axes.axhline(0, color="#d5d8dd", zorder=0)
    axes.axvline(0, color="#d5d8dd", zorder=0)
    axes.set(xlabel="$dw$", title=title)
places[0].set(ylabel="$db$")
plt.show()

means = {"400 single gradients": single.mean(axis=0), "20 mini-batches": some.mean(axis=0), "backward()": batch}
for name, (mean_dw, mean_db) in means.items():
    print(f"{name:20}  dw {mean_dw:.3f}  db {mean_db:.3f}")
print(f"spread of dw: {single[:, 0].std():.2f} for single samples, {some[:, 0].std():.2f} for means of 20")

assert np.allclose(single.mean(axis=0), batch, rtol=1e-10)
assert np.allclose(some.mean(axis=0), batch, rtol=1e-10)
assert 3 < single[:, 0].std() / some[:, 0].std() < 7  # expected: the square root of 20

# %% [markdown]
# Single samples, mini-batches and `backward()` on all 400 agree *on average*. A mean of 20 is about
# $\sqrt{20} \approx 4.5$ times less scattered than a single gradient, and 20 times as much work.
#
# Now let all three walk, sixty steps each. The picture shows the loss of all 400 tumours as a map.

# %%
# Lecture row P5


def walk(batch_size, steps, lr, seed=0):
    """Return the places (w, b) of a neuron with one weight after each step."""
    pairs = data.TensorDataset(size[:400].unsqueeze(1), y)
    samples = data.DataLoader(pairs, batch_size=batch_size, shuffle=True, seed=seed)
    wb = tensor(start, dtype=float64, requires_grad=True)
    optimiser = nn.optim.SGD([wb], lr=lr)
    places = [start]
    while True:
        for inputs, targets in samples:
            optimiser.zero_grad()
            F.binary_cross_entropy_with_logits(wb[0] * inputs[:, 0] + wb[1], targets).backward()
            optimiser.step()
            places.append(tuple(wb.tolist()))
            if len(places) > steps:
                return np.array(places)


def map_of_loss(w, b):
    """Return the loss of all 400 tumours at many places (w, b)."""
    z = w.unsqueeze(-1) * size[:400] + b.unsqueeze(-1)
    return (F.softplus(z) - y * z).mean(-1)


batch_sizes = {"all 400": 400, "20 at a time": 20, "one at a time": 1}
walks = {name: walk(batch_size, 60, lr=1.0) for name, batch_size in batch_sizes.items()}
figure, axes = plt.subplots(figsize=(8.4, 4.6), layout="constrained")
viz.plots.optimiser_paths(
    map_of_loss, walks, limits=((-1.6, 5.0), (-1.7, 1.4)), resolution=80, labels=("$w$", "$b$"), ax=axes
)
plt.show()

assert all(len(path) == 61 for path in walks.values())
turns = {name: np.abs(np.diff(np.diff(path, axis=0), axis=0)).sum() for name, path in walks.items()}
assert turns["all 400"] < turns["20 at a time"] < turns["one at a time"]
assert max(abs(walks["20 at a time"][-1] - walks["all 400"][-1])) < 0.2

# %% [markdown]
# Step for step, the batch goes straightest. But count the work: its sixty steps looked at $60 \cdot 400 = 24\,000$
# tumours. The mini-batches came to almost the same place after 1200, and the single samples had seen just 60.
#
# So compare what is fair: the same number of looks. Here is the neuron with all 30 features. In 5 **epochs** every
# tumour is looked at five times. That is 5 steps, or 100, or 2000.

# %%
# Lecture row P5


def descend(batch_size, epochs=5, lr=0.1, seed=0):
    """Train a neuron; return it, the loss of each step, and the loss of all samples now and then."""
    neuron = nn.Linear(30, 1).double()
    nn.init.zeros_(neuron.weight)
    nn.init.zeros_(neuron.bias)
    optimiser = nn.optim.SGD(neuron.parameters(), lr=lr)
    samples = data.DataLoader(data.TensorDataset(X, y), batch_size=batch_size, shuffle=True, seed=seed)
    losses, seen, whole = [], [0], [math.log(2)]
    for _ in range(epochs):
        for inputs, targets in samples:
            optimiser.zero_grad()
            loss = F.binary_cross_entropy_with_logits(neuron(inputs).squeeze(1), targets)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            if len(losses) * batch_size % 20 == 0:
                with no_grad():
                    seen.append(len(losses) * batch_size)
                    whole.append(F.binary_cross_entropy_with_logits(neuron(X).squeeze(1), y).item())
    return neuron, losses, seen, whole


runs = {"batch": descend(400), "mini-batch": descend(20), "stochastic": descend(1)}
looks = {"batch": ("o-", "black"), "mini-batch": ("--", ORANGE), "stochastic": ("-", GREEN)}
figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
for name, (neuron, losses, seen, whole) in runs.items():
    style, colour = looks[name]
    axes.semilogy(seen, whole, style, color=colour, linewidth=1.8)
    axes.text(2030, whole[-1], f"{name}: {len(losses)} steps", color=colour, va="center")
    accuracy = nn.accuracy(neuron(X_test), y_test)
    print(f"{name:10}  {len(losses):4} steps, loss {whole[-1]:.2f}, right on new tumours {accuracy:.0%}")
axes.set(xlabel="tumours looked at", ylabel="loss of all 400", xlim=(0, 2700), xticks=range(0, 2001, 400))
axes.set_yticks([0.05, 0.1, 0.2, 0.5], ["0.05", "0.1", "0.2", "0.5"])
axes.minorticks_off()
plt.show()

_, batch, _, batch_loss = runs["batch"]
_, stochastic, _, stochastic_loss = runs["stochastic"]
assert [len(losses) for _, losses, *_ in runs.values()] == [5, 100, 2000]
assert all(math.isclose(losses[0], math.log(2)) for _, losses, *_ in runs.values())  # undecided at first
assert batch == sorted(batch, reverse=True)  # falls in every step
assert stochastic != sorted(stochastic, reverse=True)  # jumps about
assert stochastic_loss[-1] < runs["mini-batch"][3][-1] < batch_loss[-1]
assert all(nn.accuracy(runs[name][0](X_test), y_test) > 0.95 for name in ("mini-batch", "stochastic"))

# %% [markdown]
# For the same looks, small batches come much further, because they do not wait. Why then not always one at a time?
# A computer multiplies a matrix of 20 rows almost as fast as a single row, so 2000 small steps take far longer than
# 100 larger ones. And the smaller the batch, the more it trembles around the lowest point. Mini-batches are what
# everybody uses.
#
# ## Stars and quasars
#
# A quasar is the bright heart of a distant galaxy. On a photograph of the sky it is a point like any star. But it has
# other colours: measure its brightness through five filters, from ultraviolet (*u*) to infrared (*z*), and subtract
# neighbours. Four numbers, one question: is it a quasar?
#
# **A stand-in.** A measured table would have to be downloaded from a survey of the sky, and this course needs no
# network. So the 1000 points of light below are *invented*, in the range of real ones. Stars lie along a bent line,
# from hot to cool; quasars form a cloud.
#
# One neuron divides the space with a straight cut. For a bent line we take two hidden layers of 8 rectified units
# (ReLU), and the same neuron behind them. How many numbers does it have to learn? Each unit has a weight for each
# input, and a bias:

# %%
# Lecture row P6
stars = data.quasars(1000, seed=0)


def network(*sizes):
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])  # no ReLU after the last


summary = nn.summary(network(4, 8, 8, 1), (4,))
print(summary)

by_hand = (4 * 8 + 8) + (8 * 8 + 8) + (8 * 1 + 1)
assert by_hand == 121
assert summary.trainable_parameters == by_hand
assert [row.parameters for row in summary.rows if row.parameters] == [40, 72, 9]

# %% [markdown]
# **121 free parameters.** A single neuron has 5. We train both on 800 points of light and test them on the other 200,
# and we do the same with the tumours, a real table.

# %%
# Lecture row P6


def loss_of(scores, targets):
    return F.binary_cross_entropy_with_logits(scores.squeeze(1), targets.to(scores.dtype))


tables = {
    "stars": data.random_split(stars, [0.8, 0.2], seed=0),
    "tumours": [data.TensorDataset(X.float(), y.float()), data.TensorDataset(X_test.float(), y_test.float())],
}
results, models = {}, {}
lines = ["                        parameters   right on new ones"]
for name, (training, validation) in tables.items():
    inputs = len(training[0][0])
    for kind, sizes in {"one neuron": [inputs, 1], "8, 8, 1 units": [inputs, 8, 8, 1]}.items():
        autograd.manual_seed(0)
        model = models[name, kind] = network(*sizes)
        optimiser = nn.optim.Adam(model.parameters(), 0.01)
        trainer = nn.Trainer(model, optimiser, loss_of, metrics={"accuracy": nn.accuracy})
        history = trainer.fit(training, validation, epochs=30, progress=False)
        results[name, kind] = nn.summary(model, (inputs,)).total_parameters, history
        accuracy = history[-1]["val_accuracy"]
        lines.append(f"{name:8} {kind:14} {results[name, kind][0]:10}  {accuracy:18.1%}")
print("\n".join(lines))

lights, is_quasar = (numbers.numpy() for numbers in tables["stars"][1][:])
figure, places = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True, layout="constrained")
for axes, kind in zip(places, ("one neuron", "8, 8, 1 units"), strict=True):
    with no_grad():
        said = models["stars", kind](tensor(lights)).numpy()[:, 0] > 0
    scatter_by_class(axes, *lights[:, :2].T, is_quasar)
    wrong = said != is_quasar
    axes.scatter(*lights[wrong, :2].T, s=110, marker="s", facecolors="none", edgecolors="black")
    axes.set(xlabel="$u - g$", title=f"{kind}: {wrong.sum()} of {len(wrong)} wrong")
places[0].set(ylabel="$g - r$")
places[0].text(1.7, 0.5, "stars", color=GREEN)
places[0].text(-0.05, 0.68, "quasars", color=ORANGE)
places[0].text(1.15, 0.12, "black square:\na wrong answer")
plt.show()

parameters = [number for number, _ in results.values()]
assert parameters == [5, 121, 31, 329]
for _, history in results.values():
    assert history[-1]["loss"] < history[0]["loss"]
    assert history[-1]["val_accuracy"] > 0.9
one_neuron, many = (results["stars", kind][1][-1]["val_accuracy"] for kind in ("one neuron", "8, 8, 1 units"))
assert many > one_neuron + 0.01

# %% [markdown]
# For the stars the network makes about half as many mistakes. It could not be perfect: some quasars lie among the
# stars. For the tumours ten times as many parameters change next to nothing. So begin with one neuron. It tells you
# what the network must beat.
#
# ## Your turn
#
# 1. **Gradients.** Write the gradients by hand: from $X$ (a row for each sample), $\mathbf{y}$, $\mathbf{w}$ and $b$,
#    all NumPy, return $\mathbf{dw}$ and $db$ of the mean cost.
# 2. **Count.** `count(sizes)` is the number of free parameters of a network with layers of these sizes: the first
#    size is the number of inputs. `count([4, 8, 8, 1])` is 121.
# 3. **Be careful.** Half sure is not always the right threshold. Say a missed malignant tumour is as bad as 10 false
#    alarms. From which answer $a$ on should the neuron trained with mini-batches say yes? Over the 400 tumours, the
#    missed ones times 10 and the false alarms together should come to less than 40.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_gradients(function):
    random = np.random.default_rng(1)
    X, w, b = random.normal(size=(6, 3)), np.array([1.0, -2.0, 0.5]), 0.3
    y = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    found = function(X, y, w, b)
    if found is None:
        return print("Not yet: the function returns None.")
    if not isinstance(found, tuple) or len(found) != 2:
        return print("No: return two things, dw and db.")
    dw, db = (np.asarray(part, float) for part in found)
    if dw.shape != (3,):
        return print(f"No: dw has a number for each weight, so its shape is (3,); yours has {dw.shape}.")
    if db.shape != ():
        return print(f"No: there is one bias, so db is one number; yours has the shape {db.shape}.")
    a = 1 / (1 + np.exp(-(X @ w + b)))
    right_dw, right_db = X.T @ (a - y) / 6, (a - y).mean()
    if np.allclose(dw, -right_dw):
        return print("No: the sign is turned round. An answer that is too high must come down.")
    if np.allclose(dw, 6 * right_dw):
        return print("No: this is the sum. The mean cost has the mean of the gradients.")
    if np.allclose(dw, X.T @ ((a - y) * a * (1 - a)) / 6):
        return print("No: this is the squared error's. What does a (1 - a) cancel with?")
    if np.allclose(dw, X.T @ (X @ w + b - y) / 6):
        return print("No: where is the sigmoid? The error is a - y, not z - y.")
    if not np.allclose(dw, right_dw):
        return print("No: dw has other numbers. For each sample it is (a - y) x, and then comes the mean.")
    if not np.allclose(db, right_db):
        return print("No: dw is right, db is not. It is dw with an input that is always 1.")
    return print("Right: both agree with backward().")


def check_count(function):
    for sizes in ([4, 8, 8, 1], [30, 1], [784, 100, 10]):
        found = function(sizes)
        weights = sum(a * b for a, b in pairwise(sizes))
        right = weights + sum(sizes[1:])
        if found is None:
            return print("Not yet: the function returns None.")
        if found == right:
            continue
        if found == weights:
            return print(f"No: for {sizes} you counted the weights. Each unit also has a bias.")
        if found == weights + sum(sizes):
            return print(f"No: for {sizes} you gave the inputs biases. Inputs are just numbers.")
        if found == weights + len(sizes) - 1:
            return print(f"No: for {sizes} you counted one bias per layer. It is one per unit.")
        return print(f"No: {sizes} has {right} parameters, you counted {found}.")
    return print("Right: weights between neighbours, and a bias for each unit.")


def check_threshold(threshold):
    if threshold is None:
        return print("Not yet: give a number between 0 and 1.")
    if not 0 <= threshold <= 1:
        return print("No: answers lie between 0 and 1, so the threshold does, too.")
    counts = []
    for rows, truth in ((X, y), (X_test, y_test)):
        with no_grad():
            yes = runs["mini-batch"][0](rows).sigmoid().numpy()[:, 0] > threshold
        counts.append((int((~yes & (truth.numpy() == 1)).sum()), int((yes & (truth.numpy() == 0)).sum())))
    (missed, alarms), (missed_new, alarms_new) = counts
    told = f"{missed} missed and {alarms} false alarms make {10 * missed + alarms}."
    if 10 * missed + alarms < 40:
        print(f"Right: {told}")
        return print(f"On the 169 new ones: {missed_new} missed, {alarms_new} false alarms.")
    if threshold >= 0.5:
        return print(f"No: {told} To miss fewer, should you say yes earlier or later?")
    if alarms > 10 * missed:
        return print(f"No: {told} Now the alarms cost most. A little less careful?")
    return print(f"No: {told} The missed ones still cost most.")


# %%
def gradients(X, y, w, b):
    return None


check_gradients(gradients)


# %%
def count(sizes):
    return None


check_count(count)

# %%
threshold = None

check_threshold(threshold)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# ```python
# def gradients(X, y, w, b):
#     a = 1 / (1 + np.exp(-(X @ w + b)))
#     error = a - y
#     return X.T @ error / len(X), error.mean()
#
#
# check_gradients(gradients)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# A layer with $n$ inputs and $m$ units has $n\,m$ weights and $m$ biases.
#
# ```python
# def count(sizes):
#     return sum(n * m + m for n, m in zip(sizes, sizes[1:]))
#
#
# check_count(count)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# Go down from 0.5 until it gets worse again. If the answers were perfect probabilities, the best threshold would be
# where both mistakes cost the same on average: $10\,a = 1 - a$, so $a = \tfrac{1}{11} \approx 0.09$. After five epochs
# the neuron is not yet as sure as it could be, and a bit more is better.
#
# ```python
# threshold = 0.15
#
# check_threshold(threshold)
# ```
#
# </details>

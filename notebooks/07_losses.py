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
# # 7. Losses
#
# A network looked at three photographs, a cat, a car and a frog, and gave each of them three scores. The highest score
# is its answer. So it is right about the car, and takes the cat and the frog for cars.
#
# **How bad is that? Give each photograph one number: zero for good, and the larger the worse.**
#
# Look at the bars before you read on. Is the cat as bad as the frog? Is the car perfect?

# %%
import math
import textwrap

import matplotlib.pyplot as plt
import numpy as np

import autograd
import viz
from autograd import Value, float64, tensor
from nn import functional as F

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})
plt.rcParams["hatch.linewidth"] = 0.6
GREEN, ORANGE, GREY, PALE = "#00775a", "#b54708", "#8a8f98", "#d5d8dd"

NAMES = ["cat", "car", "frog"]
SCORES = [[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]]
RIGHT = [0, 1, 2]  # the right class of each photograph


def bars(axes, heights, right, title, digits=1, line=None):
    """Draw one bar for each class: the right one green, what rises above a line orange and hatched."""
    for j, height in enumerate(heights):
        axes.bar(j, height, color=GREEN if j == right else PALE, edgecolor="black", linewidth=0.8)
        if line is not None and j != right and height > line:
            missing = {"color": "white", "edgecolor": ORANGE, "hatch": "////", "linewidth": 1.2}
            axes.bar(j, height - line, bottom=line, **missing)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
            where = {"ha": "center", "va": "center", "weight": "bold"}
            axes.text(j, (height + line) / 2, f"{height - line:.1f}", color=ORANGE, bbox=box, **where)
        side = 1 if height >= 0 else -1
        offset = {"xytext": (0, 3 * side), "textcoords": "offset points"}
        axes.annotate(f"{height:.{digits}f}", (j, height), **offset, ha="center", va=("top", "bottom")[side > 0])
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(3), [f"{name}\n(right)" if j == right else name for j, name in enumerate(NAMES)])
    axes.set_title(title, fontsize=11)
    axes.margins(y=0.15)


figure, places = plt.subplots(1, 3, figsize=(9, 3), sharey=True, layout="constrained")
for axes, scores, right in zip(places, SCORES, RIGHT, strict=True):
    bars(axes, scores, right, f"photograph of a {NAMES[right]}")
places[0].set(ylabel="score", ylim=(-5, 6.5))
plt.show()

# %% [markdown]
# ## A first answer: keep your distance
#
# The **multiclass SVM loss** wants the right score to be above every other one, with some distance: by at least $1$.
# Each class that comes closer pays for what is missing. Let $s_y$ be the right score:
#
# $$ L = \sum_{j \ne y} \max(0,\; s_j - s_y + 1) $$
#
# The dashed line is the right score minus 1. What rises above it is the loss.

# %%
# Lecture row L1


def svm(scores, right):
    """Return the multiclass SVM loss of one photograph."""
    return sum(max(0.0, s - scores[right] + 1) for j, s in enumerate(scores) if j != right)


losses = [svm(scores, right) for scores, right in zip(SCORES, RIGHT, strict=True)]

figure, places = plt.subplots(1, 3, figsize=(9, 3), sharey=True, layout="constrained")
for axes, scores, right, loss in zip(places, SCORES, RIGHT, losses, strict=True):
    line = scores[right] - 1
    bars(axes, scores, right, f"{NAMES[right]}: loss {loss:.1f}", line=line)
    axes.axhline(line, color=ORANGE, linestyle="--")
places[0].set(ylabel="score", ylim=(-5, 6.5))
plt.show()
print(f"losses {[round(loss, 1) for loss in losses]}, mean {sum(losses) / 3:.2f}")

assert [round(loss, 1) for loss in losses] == [2.9, 0.0, 12.9]
assert round(sum(losses) / 3, 2) == 5.27

# %% [markdown]
# The car is fine: nobody comes closer than $1$. The frog pays twice, for both others, $6.3 + 6.6$. The loss of all
# photographs is the mean, $5.27$.
#
# ## Small print
#
# The formula could have been a little different. Which of the changes below matter?
#
# * Add up over **all** classes, the right one as well. It would pay $\max(0,\; s_y - s_y + 1) = 1$.
# * Take the **mean** over the classes instead of the sum. (`F.multi_margin_loss` does, as PyTorch's.)
# * **Square** what is missing. Then one large mistake costs more than two small ones.

# %%
# Lecture row L1
S, y = tensor(SCORES, dtype=float64, requires_grad=True), tensor(RIGHT)
margins = (S - S[RIGHT, RIGHT].reshape(3, 1) + 1).relu()  # of all classes
variants = {
    "sum over the others": F.multi_margin_loss(S, y, reduction="none") * 3,
    "sum over all classes": margins.sum(1),
    "mean over the classes": F.multi_margin_loss(S, y, reduction="none"),
    "squared": F.multi_margin_loss(S, y, p=2, reduction="none") * 3,
}
slopes = {name: autograd.grad(loss.mean(), S)[0].numpy() for name, loss in variants.items()}
print(f"{'':22}   cat    car   frog    mean    gradient of the cat's scores, times 3")
for name, loss in variants.items():
    pushes = "".join(f"{3 * slope:7.2f}" for slope in slopes[name][0])
    each = "".join(f"{number:6.2f} " for number in loss.tolist())
    print(f"{name:22}{each}{loss.mean().item():7.2f}  {pushes}")

assert np.allclose(variants["sum over the others"].numpy(), [2.9, 0.0, 12.9])
assert round(variants["sum over the others"].mean().item(), 2) == 5.27
assert np.allclose(variants["sum over all classes"].numpy(), [3.9, 1.0, 13.9])  # adds 1
assert np.allclose(slopes["sum over all classes"], slopes["sum over the others"])
assert np.allclose(slopes["mean over the classes"], slopes["sum over the others"] / 3)
assert np.allclose(variants["squared"].numpy(), [2.9**2, 0.0, 6.3**2 + 6.6**2])

# %% [markdown]
# A network learns from the gradient, so look at the last columns. Adding 1 changes nothing there. The mean makes all
# steps three times smaller, which a learning rate can undo. Only the square is really **another** loss: it pushes
# harder where more is missing.
#
# ## From zero to infinity
#
# What are the smallest and the largest loss? Multiply all weights by a number $c$. Without a bias, all scores are
# multiplied by $c$, too. At $c = 0$ all scores are equal; at $c = 1$ we have the photographs from above.

# %%
# Lecture row L1
sizes = np.linspace(0, 2.5, 101)
figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
for scores, right, style in zip(SCORES, RIGHT, ["--", "-", ":"], strict=True):
    curve = [svm([c * s for s in scores], right) for c in sizes]
    axes.plot(sizes, curve, style, color=GREEN if right == 1 else ORANGE, linewidth=2)
axes.text(1.62, 19, "frog")
axes.text(2.53, 5.8, "cat", va="center")
axes.text(2.53, 0.0, "car", va="center")
axes.plot([0, 2], [2, 0], "o", color="black")
thin = {"arrowstyle": "-", "color": GREY}
axes.annotate("all scores equal:\nclasses − 1", (0, 2.3), (0.07, 10), arrowprops=thin)
axes.text(2, 1, "twice the weights: still zero", ha="center")
axes.set(xlabel="all weights times c", ylabel="SVM loss", xlim=(0, 2.5), ylim=(-0.4, 20))
plt.show()

for classes in (2, 3, 10):
    assert svm([0.0] * classes, 0) == classes - 1
assert svm([1e6, 0.0, 0.0], 0) == 0.0  # no loss is below zero
assert svm([-1e6, 0.0, 0.0], 0) == 2 * (1e6 + 1)  # and there is no largest one

x, W = np.array([1.0, 0.5]), np.array([[1.3, 0.0], [4.9, 0.0], [1.0, 2.0]])
assert np.allclose(W @ x, SCORES[1])  # the car
assert svm(W @ x, 1) == svm(2 * W @ x, 1) == 0.0

# %% [markdown]
# Two things to keep. **At the start**, when weights are tiny and scores nearly equal, the loss must be about
# *classes minus 1*. If yours is not, look for a mistake before you train. **At the end**, weights with a loss of zero
# are never alone: twice the weights do as well. To prefer one of them is the task of regularisation, in a later
# notebook.
#
# ## A second answer: say it in probabilities
#
# The SVM loss takes scores as they are. **Softmax** first turns them into probabilities, in two steps: make them
# positive, make their sum 1. The loss is the negative logarithm of what the right class got, the **cross-entropy**:
#
# $$ p_j = \frac{e^{s_j}}{\sum_k e^{s_k}} \qquad L = -\ln p_y $$
#
# Step by step for the cat:

# %%
# Lecture row L2
scores = np.array(SCORES[0])
exponentials = np.exp(scores)
probabilities = exponentials / exponentials.sum()
loss = -np.log(probabilities[0])

figure, places = plt.subplots(1, 4, figsize=(11, 3), layout="constrained")
bars(places[0], scores, 0, "scores $s$")
bars(places[1], exponentials, 0, "$e^s$", digits=2)
bars(places[2], probabilities, 0, "divided by the sum", digits=2)
p = np.linspace(0.01, 1, 100)
places[3].plot(p, -np.log(p), color=ORANGE, linewidth=2)
places[3].plot(probabilities[0], loss, "o", color="black")
places[3].text(probabilities[0] + 0.04, loss, f"{probabilities[0]:.2f} → {loss:.2f}", va="bottom")
places[3].set(xlabel="probability of the right class", xlim=(0, 1), ylim=(0, 4.7))
places[3].set_title("$-\\ln p$", fontsize=11)
plt.show()
print("with a logarithm to base 10:", f"{-math.log10(0.13):.2f}")

assert [f"{e:.1f}" for e in exponentials[:2]] == ["24.5", "164.0"]
assert f"{exponentials[2]:.2f}" == "0.18"
assert [f"{p:.2f}" for p in probabilities] == ["0.13", "0.87", "0.00"]
assert f"{loss:.2f}" == f"{-math.log(0.13):.2f}" == "2.04"
assert f"{-math.log10(0.13):.2f}" == f"{loss / math.log(10):.2f}" == "0.89"
assert [f"{p:.3f}" for p in F.softmax(tensor([2.0, 1.0, 0.1]), dim=0).tolist()] == ["0.659", "0.242", "0.099"]
for classes in (2, 3, 10):
    assert np.isclose(F.cross_entropy(autograd.zeros(1, classes), tensor([0])).item(), math.log(classes))

# %% [markdown]
# The loss of the cat is $2.04$. A lecture prints $0.89$ at this place: that is the logarithm to base 10. The loss is
# meant with the *natural* logarithm, and programs compute it so. (It makes the gradient simple, as you will see in a
# moment. To base 10 everything would be $2.30$ times smaller.)
#
# The value for the start is $\ln(\text{classes})$, since each class has the same probability: $1.10$ for three classes,
# $2.30$ for ten. The cat's $2.04$ is *worse* than knowing nothing.
#
# ## Walk through it
#
# The same loss as a graph. Press the right arrow: first the values from left to right, then the gradients back. Before
# the last steps, guess: which scores will be pushed up, which down?

# %%
# Lecture row L2
cat, car, frog = (Value(score, name) for score, name in zip(SCORES[0], NAMES, strict=True))
e_cat, e_car, e_frog = cat.exp(), car.exp(), frog.exp()
p_cat = e_cat / autograd.sum([e_cat, e_car, e_frog])
loss = -p_cat.log()
loss.backward()

assert f"{loss.data:.2f}" == "2.04"
assert np.allclose([cat.grad, car.grad, frog.grad], probabilities - [1, 0, 0])
viz.step(loss)

# %% [markdown]
# At the scores the gradients are $-0.87$, $0.87$ and nearly $0$: the **probabilities minus the truth**,
# $\mathbf{p} - (1, 0, 0)$. All those exponentials and fractions, and nothing else is left. If the network already
# said $(1, 0, 0)$, there would be nothing to learn.
#
# ## Who is content?
#
# Three rows of scores; the first class is right. Both losses look at them, once as they are, and once after the last
# score *jiggled* a bit, by $+0.3$. And below, more of the same: the last score moves from $0$ to $14$, and the right
# one stays at $10$.

# %%
# Lecture row L3
rows = [[10.0, -2.0, 3.0], [10.0, 9.0, 9.0], [10.0, -100.0, -100.0]]


def both(rows):
    """Return the SVM and the softmax losses of rows of scores, and their gradients; class 0 is right."""
    S = tensor(rows, dtype=float64, requires_grad=True)
    firsts = tensor(np.zeros(len(rows), int))
    losses = [loss(S, firsts, reduction="none") for loss in (F.multi_margin_loss, F.cross_entropy)]
    losses[0] = losses[0] * 3
    return [(loss.numpy(), autograd.grad(loss.sum(), S)[0].numpy()) for loss in losses]


(hinge, _), (softmax, _) = both(rows)
(hinge_after, hinge_slope), (softmax_after, softmax_slope) = both(np.add(rows, [0, 0, 0.3]))
print("scores              SVM   jiggled    softmax   jiggled   slope by the last score")
for i, row in enumerate(rows):
    shown = "[{:g}, {:g}, {:g}]".format(*row)
    print(
        f"{shown:18}  {hinge[i]:3.1f}   {hinge_after[i]:3.1f}      "
        f" {softmax[i]:7.4f}   {softmax_after[i]:7.4f}   {softmax_slope[i, 2]:.0e}"
    )

last = np.linspace(0, 14, 281)
figure, places = plt.subplots(1, 2, figsize=(9.5, 3.3), sharex=True, layout="constrained")
curves = both([[10.0, -2.0, s] for s in last])
for (values, slope), colour, style in zip(curves, [ORANGE, GREEN], ["--", "-"], strict=True):
    places[0].plot(last, values, style, color=colour, linewidth=2)
    places[1].plot(last, slope[:, 2], style, color=colour, linewidth=2)
for axes in places:
    axes.axvline(9, color=GREY, linewidth=1, linestyle=":")
    axes.set_xlabel("score of a wrong class (the right one has 10)")
places[0].text(11.6, 3.1, "SVM", color=ORANGE, ha="right")
places[0].text(12.3, 1.5, "softmax", color=GREEN)
places[1].text(8.9, 0.9, "SVM", color=ORANGE, ha="right")
places[1].text(10.5, 0.45, "softmax", color=GREEN)
places[0].set_title("loss", fontsize=11)
places[1].set_title("its slope: how hard it pushes down", fontsize=11)
plt.show()

assert hinge.tolist() == [0.0, 0.0, 0.0]
assert [f"{loss:.4f}" for loss in softmax] == ["0.0009", "0.5514", "0.0000"]
assert np.allclose(hinge_after, [0.0, 0.3, 0.0])
assert all(softmax_after[:2] > softmax[:2])
assert not hinge_slope[[0, 2]].any()
assert (softmax_slope[:, 1:] > 0).all()

# %% [markdown]
# **The SVM is content** with all three rows. As long as the distance is kept, scores can jiggle as they like, and it
# does not care. The second row stands just at the edge.
#
# **Softmax is never content.** It tells the three rows apart, and it goes on pushing, even in the third row, if only
# by $10^{-48}$. Its curve is the SVM's with the corner made smooth.
#
# ## Other questions, other losses
#
# Not every network chooses a class. If it answers with **numbers** $\hat y_i$, the loss looks at the errors
# $e_i = \hat y_i - y_i$:
#
# $$ L_1 = \sum_i |e_i| \qquad L_2 = \sqrt{\textstyle\sum_i e_i^2} \qquad
# \text{half squared error} = \tfrac12 \sum_i e_i^2 $$
#
# $L_2$ is the Euclidean distance. Why would anybody take half of its square? Look at the slope, and at the two graphs
# below, half the square above and the absolute error below it: a prediction of $3$ where $1$ is right.

# %%
# Lecture row L4
errors = tensor(np.linspace(-3, 3, 241), requires_grad=True)
kinds = {"absolute": errors.abs(), "squared": errors**2, "half squared": 0.5 * errors**2}

figure, places = plt.subplots(1, 2, figsize=(9.5, 3.3), layout="constrained")
for (name, loss), colour, style in zip(kinds.items(), [ORANGE, GREY, GREEN], ["--", ":", "-"], strict=True):
    slope = autograd.grad(loss.sum(), errors)[0].numpy()
    ends = [(2.42, 5.7), (2.25, 4.3)] if name == "squared" else [(3.05, loss[-1].item()), (3.05, slope[-1])]
    for axes, curve, end in zip(places, [loss.numpy(), slope], ends, strict=True):
        axes.plot(errors.numpy(), curve, style, color=colour, linewidth=2)
        axes.text(*end, f" {name}", color="black" if colour == GREY else colour, va="center")
for axes, title in zip(places, ["loss", "its slope"], strict=True):
    axes.set(xlabel="error", xlim=(-3, 5), xticks=range(-3, 4))
    axes.set_title(title, fontsize=11)
places[0].set_ylim(0, 6)
places[1].set_ylim(-4.5, 4.7)
plt.show()

predicted, truth = tensor([3.0, 1.0, -2.0], requires_grad=True), tensor([1.0, 1.0, 1.0])
assert F.l1_loss(predicted, truth, reduction="sum").item() == 5.0
squared = F.mse_loss(predicted, truth, reduction="sum")
assert squared.item() == 13.0
assert math.isclose(autograd.norm(predicted - truth).item(), math.sqrt(13), rel_tol=1e-6)
(0.5 * squared).backward()
assert predicted.grad.tolist() == (predicted - truth).tolist()  # why it is halved

absolute = abs(Value(3.0, "prediction") - Value(1.0, "truth"))
half = 0.5 * (Value(3.0, "prediction") - Value(1.0, "truth")) ** 2
absolute.backward()
half.backward()
viz.draw([absolute, half])

# %% [markdown]
# The half makes the slope simply the error. And the slope is what differs: $L_1$ pushes every error equally hard, so a
# few wild values do little harm. The square pushes large errors hard and small ones hardly at all.
#
# ## Yes or no
#
# With two classes one score $s$ is enough: positive means yes, negative means no. Write the truth as $y = \pm 1$, and
# everything depends on the product $y\,s$: above zero is right.
#
# * **zero-one**: 1 for a mistake, 0 else. This is what we really want to know.
# * **hinge**: $\max(0,\ 1 - y\,s)$, the SVM for two classes.
# * **binary cross-entropy**: $\ln(1 + e^{-y s})$, softmax for two classes.
# * **half squared error**: $\tfrac12 (y - s)^2$, made for numbers, but often used here as well.
#
# Which of these curves could you roll down?

# %%
# Lecture row L4
s = tensor(np.linspace(-3, 3, 601), requires_grad=True)
yes = autograd.ones(601, dtype=float64)
every = {"reduction": "none"}
kinds = {
    "zero-one": (F.zero_one_loss(s, yes, **every), "-", "black"),
    "hinge": (F.hinge_loss(s, yes, **every), "--", ORANGE),
    "binary cross-entropy": (F.binary_cross_entropy_with_logits(s, yes, **every), "-", GREEN),
    "half squared": (0.5 * F.mse_loss(s, yes, **every), ":", GREY),
}
figure, axes = plt.subplots(figsize=(8.5, 3.6), layout="constrained")
for name, (loss, style, colour) in kinds.items():
    axes.plot(s.numpy(), loss.numpy(), style, color=colour, linewidth=2)
    if name == "half squared":
        axes.text(3.08, 2.0, name, va="center")
    else:
        axes.text(-3.08, loss[0].item(), name, va="center", ha="right", color=colour)
axes.axvline(0, color=GREY, linewidth=1)
axes.spines["left"].set_visible(False)
axes.set(xlabel="wrong  ←  score times truth  →  right", ylabel="loss", ylim=(-0.1, 4.1))
axes.set(xlim=(-4.9, 4.9), xticks=range(-3, 4))
plt.show()

S = tensor(SCORES, requires_grad=True)
mistakes = F.zero_one_loss(S, y, reduction="none")
print("mistakes:", mistakes.tolist(), f"share {F.zero_one_loss(S, y).item():.2f}")
try:
    F.zero_one_loss(S, y).backward()
except RuntimeError as error:
    print("\n".join(textwrap.wrap(str(error), 100)))
    refused = str(error)

assert mistakes.tolist() == [1.0, 0.0, 1.0]
assert "zero_one_loss has no useful gradient" in refused
assert S.grad is None
four = tensor([2.0, 1.0, 0.25, -1.0])
assert F.hinge_loss(four, autograd.ones(4), reduction="none").tolist() == [0.0, 0.0, 0.75, 2.0]
assert F.hinge_loss(four, -autograd.ones(4), reduction="none").tolist() == [3.0, 2.0, 1.25, 0.0]
assert (kinds["zero-one"][0] <= kinds["hinge"][0]).all()

# %% [markdown]
# The zero-one loss is flat nearly everywhere. A flat road shows no way down, so asking for its gradient is refused
# instead of answered with zeros. We train with one of the others and *count* with this one.
#
# Look at the dotted curve on the right: half the squared error punishes a score of $3$ for being *too* right. For
# classes, the other two are the better choice.
#
# ## A probability for yes
#
# Binary cross-entropy is mostly written with a probability $a = \sigma(s)$ and a truth $y$ of $0$ or $1$:
#
# $$ L = -\big(y \ln a + (1 - y) \ln(1 - a)\big) $$
#
# One of its two halves is always switched off. You can see in the graph how: here $y = 1$. What will be the gradient of
# the score?

# %%
# Lecture row L4
score, yes = Value(-1.0, "score"), Value(1.0, "y")
a = score.sigmoid()
loss = -(yes * a.log() + (1 - yes) * (1 - a).log())
loss.backward()

assert math.isclose(score.grad, a.data - yes.data)
probability, truth = tensor([0.9, 0.2, 0.5], dtype=float64), tensor([1.0, 0.0, 1.0], dtype=float64)
expected = [-math.log(0.9), -math.log(0.8), math.log(2)]
assert np.allclose(F.binary_cross_entropy(probability, truth, reduction="none").numpy(), expected)
logits = (probability / (1 - probability)).log()
assert np.allclose(F.binary_cross_entropy_with_logits(logits, truth, reduction="none").numpy(), expected)
viz.draw(loss)

# %% [markdown]
# Again *what it said minus what is true*: $0.27 - 1 = -0.73$.
#
# ## When the truth itself is uncertain
#
# Of four experts two call it a cat, one a car, and one a frog. Then the truth $\mathbf{p}$ is a row of
# probabilities, and so is the answer $\mathbf{q}$. The same formula still works,
# $-\sum_j p_j \ln q_j$, but even a perfect answer $\mathbf{q} = \mathbf{p}$ leaves something, the **entropy** of the
# truth. What lies above it is the network's own fault, the **Kullback-Leibler divergence**:
#
# $$ \underbrace{\textstyle\sum_j p_j \ln \frac{p_j}{q_j}}_{\text{KL divergence}} =
# \underbrace{\textstyle -\sum_j p_j \ln q_j}_{\text{cross-entropy}} -
# \underbrace{\big(\textstyle -\sum_j p_j \ln p_j\big)}_{\text{entropy}} $$

# %%
# Lecture row L4
p = tensor([0.5, 0.25, 0.25], dtype=float64)
entropy = -(p * p.log()).sum().item()
answers = {
    "q = p": [0.5, 0.25, 0.25],
    "all equal": [1 / 3, 1 / 3, 1 / 3],
    "softmax of\n(2.0, 1.0, 0.1)": F.softmax(tensor([2.0, 1.0, 0.1], dtype=float64), dim=0).tolist(),
    "sure of the car": [0.05, 0.9, 0.05],
}
figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
for i, q in enumerate(tensor(list(answers.values()), dtype=float64)):
    cross_entropy = -(p * q.log()).sum().item()
    divergence = F.kl_div(q.log(), p, reduction="sum").item()
    axes.barh(i, entropy, color=PALE, edgecolor="black", linewidth=0.8)
    axes.barh(i, divergence, left=entropy, color="white", edgecolor=ORANGE, hatch="////")
    axes.text(cross_entropy + 0.02, i, f"{entropy:.2f} + {divergence:.2f} = {cross_entropy:.2f}", va="center")
    assert math.isclose(divergence, cross_entropy - entropy, abs_tol=1e-12)
axes.text(entropy / 2, -0.62, "entropy of the truth", ha="center")
axes.text(entropy + 0.02, -0.62, "+ divergence", color=ORANGE)
axes.set_yticks(range(4), list(answers))
axes.set(xlabel="cross-entropy", xlim=(0, 3.1), ylim=(3.5, -0.9))
plt.show()

assert math.isclose(entropy, 1.5 * math.log(2))
assert F.kl_div(p.log(), p, reduction="sum").item() == 0.0
certain, q = tensor([1.0, 0.0, 0.0], dtype=float64), tensor([0.659, 0.242, 0.099], dtype=float64)
assert math.isclose(F.kl_div(q.log(), certain, reduction="sum").item(), -math.log(0.659))

# %% [markdown]
# Entropy does not depend on the network, so both have the same gradient. And with one right class the entropy is zero:
# then cross-entropy *is* the divergence, $-\ln p_y$, as above.
#
# ## Your turn
#
# 1. **The blind spot.** Find three scores, the first class right, with an SVM loss of *zero* and a softmax loss that is
#    as *large* as it can be.
# 2. **Too large to be true.** Write the softmax loss of a NumPy array of scores. It must also survive scores such as
#    $(1000, 1001, 990)$, where $e^{1000}$ is too large for a computer. A hint: what happens to the probabilities when
#    you subtract the same number from all scores?
#
# The next cell holds the checkers. Write your answers in the two cells after it, in place of `None`.

# %%


def check_blind_spot(scores):
    if scores is None:
        return print("Not yet: give a list of three scores.")
    if np.shape(scores) != (3,):
        return print("No: three scores are a list such as [10, -2, 3].")
    missing = svm(scores, 0)
    found = F.cross_entropy(tensor([scores], dtype=float64), tensor([0])).item()
    if max(scores[1:]) >= scores[0]:
        return print("No: the first class is right, so its score must be the highest.")
    if missing > 1e-6:
        return print(f"No: the SVM notices, its loss is {missing:.2f}. How close may the others come?")
    if min(scores[1:]) < scores[0] - 1 - 1e-6 and max(scores[1:]) > scores[0] - 1 - 1e-6:
        return print(f"No: softmax says {found:.3f}. One wrong score is as high as it may be. And the other?")
    if found < 0.551:
        return print(f"No: softmax says {found:.3f}, there is room for more. Let the wrong scores come closer.")
    return print(f"Right: the SVM says 0, softmax says {found:.4f}, which is ln(1 + 2/e). More is not possible.")


def check_softmax_loss(function):
    with np.errstate(all="ignore"):
        small = function(np.array([3.2, 5.1, -1.7]), 0)
        large = function(np.array([1000.0, 1001.0, 990.0]), 0)
        lowest = function(np.array([-1000.0, -1001.0, -1002.0]), 2)
        last = function(np.array([0.0, 800.0]), 0)
    if small is None:
        return print("Not yet: the function returns None.")
    if np.shape(small) != ():
        return print("No: the loss is one number, the one of the right class.")
    if math.isclose(small, 0.8858, abs_tol=1e-3):
        return print("No: this is the logarithm to base 10. NumPy's natural logarithm is np.log.")
    if math.isclose(small, -2.0396, abs_tol=1e-3):
        return print("No: a loss is not negative. One sign is missing.")
    if math.isclose(small, 0.1301, abs_tol=1e-3):
        return print("No: this is the probability of the right class, not yet the loss.")
    if not math.isclose(small, 2.0396, abs_tol=1e-3):
        return print(f"No: the cat's loss is 2.04, yours is {small:.4g}. Try it without tricks first.")
    if not math.isclose(large, 1.3133, abs_tol=1e-3):
        return print(f"No: right for the cat, but (1000, 1001, 990) gives {large}. No exponent may be large.")
    if not math.isclose(lowest, 2.4076, abs_tol=1e-3):
        return print(
            f"No: scores of -1000 give {lowest}. All powers became 0. Subtract the largest score, whatever it is."
        )
    if not math.isclose(last, 800.0, abs_tol=1e-3):
        return print(
            f"No: (0, 800) should give 800, yours gives {last}: ln 0. The logarithm of a fraction is a difference."
        )
    return print("Right: no exponent is above 0, and no logarithm meets a 0.")


# %%
my_scores = None

check_blind_spot(my_scores)


# %%
def softmax_loss(scores, right):
    return None


check_softmax_loss(softmax_loss)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# Both wrong scores come as close as the SVM allows: exactly $1$ below. The network then gives the right class a
# probability of only $0.58$, and the SVM sees no fault.
#
# ```python
# my_scores = [10, 9, 9]
#
# check_blind_spot(my_scores)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# Subtracting $m$ from all scores divides all powers by $e^m$, and the fractions stay as they are. With the largest
# score as $m$ no power is above $1$. And $-\ln \frac{e^{s_y}}{\sum_k e^{s_k}} = \ln \sum_k e^{s_k} - s_y$ needs no
# fraction at all. `F.cross_entropy` does the same.
#
# ```python
# def softmax_loss(scores, right):
#     shifted = scores - scores.max()
#     return np.log(np.exp(shifted).sum()) - shifted[right]
#
#
# check_softmax_loss(softmax_loss)
# ```
#
# </details>

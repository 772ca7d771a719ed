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
# # 10. Threshold units
#
# The oldest artificial neuron, from 1943, knows two answers: it fires, 1, or it does not, 0. It weighs its inputs,
# adds them up, and fires when the sum reaches a **threshold**.
#
# **What can be computed with such a unit, and what cannot?**
#
# Below, two inputs $x_1$ and $x_2$ are 0 or 1, so there are four corners. The number at each corner is the answer that
# we want. A unit fires in the hatched half of the plane. Can you draw a half plane for the last picture?

# %%
from itertools import product

import matplotlib.pyplot as plt
import numpy as np

import autograd
import nn
import viz
from autograd import Value, float64, tensor
from nn import data
from nn import functional as F

plt.rcParams.update({"figure.dpi": 80, "font.size": 11, "hatch.color": "#9cc9bc", "hatch.linewidth": 1.2})
GREEN, ORANGE = "#00775a", "#b54708"
INPUTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def corners(axes, targets, points=INPUTS, size=260):
    """Draw points with the wanted answers written in: black for 1, white for 0."""
    for (x, y), target in zip(points, targets, strict=True):
        face, ink = ("black", "white") if target else ("white", "black")
        axes.scatter(x, y, s=size, color=face, edgecolors="black", linewidths=1.4, zorder=3)
        font = 10 if size > 200 else 7
        axes.text(x, y, str(target), color=ink, ha="center", va="center", fontsize=font, zorder=4)


def half_plane(axes, w, threshold, limits=(-0.6, 1.6)):
    """Hatch where w1 x1 + w2 x2 reaches the threshold, and draw the line between."""
    side = np.linspace(*limits, 201)
    score = w[0] * side + w[1] * side[:, None] - threshold
    if score.max() >= 0:
        axes.contourf(side, side, score, levels=[0, 1e9], colors=["#e3f3ee"], hatches=["//"])
    if score.min() < 0 < score.max():
        axes.contour(side, side, score, levels=[0], colors=[GREEN], linewidths=2)


def plane(axes, title, limits=(-0.6, 1.6)):
    """Set up a picture of the plane of two inputs."""
    axes.set(xlim=limits, ylim=limits, xticks=[0, 1], yticks=[0, 1], aspect="equal", title=title)


figure, places = plt.subplots(1, 4, figsize=(10, 2.9), layout="constrained")
for axes, (name, targets, line) in zip(
    places,
    [
        ("NOR", [1, 0, 0, 0], ((-1, -1), -0.5)),
        ("AND", [0, 0, 0, 1], ((1, 1), 1.5)),
        ("OR", [0, 1, 1, 1], ((1, 1), 0.5)),
        ("XOR", [0, 1, 1, 0], None),
    ],
    strict=True,
):
    if line:
        half_plane(axes, *line)
    else:
        axes.text(0.5, 0.5, "?", fontsize=30, ha="center", va="center", color=ORANGE)
    corners(axes, targets)
    plane(axes, name)
    axes.set(xlabel="$x_1$")
places[0].set(ylabel="$x_2$")
plt.show()

# %% [markdown]
# ## A unit that says *neither*
#
# McCulloch and Pitts called their unit a model of a nerve cell. Some inputs excite it, with weight $+1$. Others inhibit
# it, with weight $-1$. It fires when
#
# $$ w_1 x_1 + w_2 x_2 \ge \theta $$
#
# Take two inhibiting inputs and the threshold $\theta = 0$. Then any input that is on keeps the unit silent: it
# computes NOR, *neither this nor that*. (The picture above has the line at $-\tfrac12$. Any threshold above $-1$, up to
# $0$, answers the four corners alike.)
#
# NOR is a strong gate: with enough copies of it *every* table of zeros and ones can be built. The computer that
# steered the Moon landing was made of NOR gates only. The cell makes NOT, OR and AND from it.

# %%
# Lecture row P3


def unit(w, threshold, x):
    return int(np.dot(w, x) >= threshold)


def nor(x1, x2):
    return unit((-1, -1), 0, (x1, x2))


def not_(x):
    return nor(x, x)


def or_(x1, x2):
    return not_(nor(x1, x2))


def and_(x1, x2):
    return nor(not_(x1), not_(x2))


print("x1 x2  sum  NOR   OR  AND")
for x1, x2 in INPUTS:
    print(f" {x1}  {x2}   {-x1 - x2:2}   {nor(x1, x2)}     {or_(x1, x2)}   {and_(x1, x2)}")

assert [nor(x1, x2) for x1, x2 in INPUTS] == [1, 0, 0, 0]
assert (not_(0), not_(1)) == (1, 0)
assert [or_(x1, x2) for x1, x2 in INPUTS] == [0, 1, 1, 1]
assert [and_(x1, x2) for x1, x2 in INPUTS] == [0, 0, 0, 1]

# %% [markdown]
# So a *network* of threshold units can compute anything. What can *one* do?
#
# ## One unit, one line
#
# AND needs one unit only: $w = (1, 1)$ and a threshold of $1.5$. The sum reaches it when both inputs are on. The
# points where the sum is *exactly* $1.5$ form a line, and the line cuts the plane into two halves. The weights are the
# arrow that stands upright on the line and points to where the unit fires.
#
# It is handy to bring the threshold to the other side and to call it a **bias**, $b = -\theta$. Then a unit fires when
# $w_1 x_1 + w_2 x_2 + b \ge 0$, which is `nn.Linear` and a look at the sign.

# %%
# Lecture row P3
layer = nn.Linear(2, 1)
layer.load_state_dict({"weight": tensor([[1.0, 1.0]]), "bias": tensor([-1.5])})
scores = layer(tensor(INPUTS, dtype=autograd.float32)).numpy().ravel()
on_the_line = layer(tensor([[0.75, 0.75], [1.5, 0.0]])).numpy().ravel()

figure, axes = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
half_plane(axes, (1, 1), 1.5)
corners(axes, [0, 0, 0, 1])
arrow = {"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2}
axes.annotate("", (1.4, 0.75), (1.075, 0.425), arrowprops=arrow)
axes.text(1.42, 0.6, "$w$", color=ORANGE, fontsize=14)
for (x, y), score in zip(INPUTS, scores, strict=True):
    below = "none" if score < 0 else "#e3f3ee"
    axes.text(x, 1.16 if y else -0.24, f"score ${score:+.1f}$", ha="center", backgroundcolor=below)
axes.text(0.2, 0.5, "$x_1 + x_2 = 1.5$", color=GREEN)
plane(axes, "AND")
axes.set(xlabel="$x_1$", ylabel="$x_2$")
plt.show()

assert [unit((1, 1), 1.5, x) for x in INPUTS] == [0, 0, 0, 1]
assert scores.tolist() == [-1.5, -0.5, -0.5, 0.5]
assert on_the_line.tolist() == [0.0, 0.0]

# %% [markdown]
# When a line can divide the ones from the zeros, they are called **linearly separable**.
#
# ## A unit that learns: the perceptron
#
# In 1958 Rosenblatt's **perceptron** found its weights by itself, with the simplest rule there is. Show it a sample
# $x$ with the wanted answer $t$. It says $y$. Then
#
# $$ w \leftarrow w + (t - y)\, x \qquad b \leftarrow b + (t - y) $$
#
# * It was right: $t - y = 0$, nothing changes.
# * It should have fired and did not: add the sample to the weights, and the sum for this sample grows.
# * It fired and should not have: subtract the sample.
#
# We begin with weights of 0 and a bias of $-\tfrac12$, and let it learn AND.

# %%
# Lecture row P3


def perceptron(targets, rounds=20):
    """Show the four corners again and again; return w, b and the corner of each correction, and the end."""
    w, b = np.zeros(2), -0.5
    corrections, ends_of_rounds = [(w, b, None)], []
    for _ in range(rounds):
        before = len(corrections)
        for x, t in zip(INPUTS, targets, strict=True):
            y = int(w @ x + b >= 0)
            if y != t:
                w, b = w + (t - y) * x, b + (t - y)
                corrections.append((w, b, x))
        if len(corrections) == before:
            return corrections, "learnt"
        if (*w, b) in ends_of_rounds:
            return corrections, "goes in circles"
        ends_of_rounds.append((*w, b))
    return corrections, "not done"


corrections, outcome = perceptron([0, 0, 0, 1])
figure, places = plt.subplots(2, (len(corrections) + 1) // 2, figsize=(10, 4), layout="constrained")
for axes in places.flat[len(corrections) :]:
    axes.axis("off")
for axes, (w, b, x) in zip(places.flat, corrections, strict=False):
    half_plane(axes, w, -b)
    corners(axes, [0, 0, 0, 1], size=130)
    if x is not None:
        axes.scatter(*x, s=420, marker="s", facecolors="none", edgecolors=ORANGE, linewidths=2.2, zorder=5)
    plane(axes, "")
    axes.set_title(f"w = ({w[0]:.0f}, {w[1]:.0f}), b = {b:.1f}", fontsize=9)
    axes.set(xticks=[], yticks=[])
plt.show()
w, b, _ = corrections[-1]
print(f"{outcome} after {len(corrections) - 1} corrections: w = {w}, b = {b}")

assert outcome == "learnt"
assert [int(w @ x + b >= 0) for x in INPUTS] == [0, 0, 0, 1]

# %% [markdown]
# Read the pictures row by row. The orange square is the corner that the picture before had wrong: it brought the
# line to its new place. The line jumps about, overshoots, and comes to rest.
#
# It can be proved that it always comes to rest, **if there is a line**. The rule is an old friend, by the way:
# gradient descent, one sample at a time, on a loss that is 0 for a right answer, and otherwise as large as the score
# is on the wrong side (the hinge loss without a margin). `autograd` finds the same corrections:

# %%
# Lecture row P3
model = nn.Linear(2, 1)
model.load_state_dict({"weight": tensor([[0.0, 0.0]]), "bias": tensor([-0.5])})
optimiser = nn.optim.SGD(model.parameters(), lr=1.0)

path = [[0.0, 0.0, -0.5]]
for _ in range(10):
    for x, target in zip(INPUTS, [0, 0, 0, 1], strict=True):
        optimiser.zero_grad()
        score = model(tensor(x, dtype=autograd.float32))
        F.hinge_loss(score, tensor([2.0 * target - 1]), margin=0.0).backward()  # takes +1 and -1
        optimiser.step()
        here = nn.utils.parameters_to_vector(model.parameters()).tolist()
        if here != path[-1]:
            path.append(here)
print("by gradient descent:", path[-1])

assert path == [[*w, b] for w, b, _ in corrections]

# %% [markdown]
# ## XOR
#
# XOR is 1 when *exactly one* input is on. Show it to the same unit, with the same rule and the same start.
#
# The rule comes back to weights that it had before, so it will go round for ever. No other rule would do better,
# because the four wishes contradict each other:
#
# $$ b < 0 \qquad w_2 + b \ge 0 \qquad w_1 + b \ge 0 \qquad w_1 + w_2 + b < 0 $$
#
# Add the two in the middle: $w_1 + w_2 + 2b \ge 0$. Add the first and the last: $w_1 + w_2 + 2b < 0$. Both cannot be.
#
# How often does this happen? Two inputs have four corners, so there are $2^4 = 16$ tables. The cell looks for a line
# for each of them.

# %%
# Lecture row P3
corrections, outcome = perceptron([0, 1, 1, 0])
w, b, _ = corrections[-1]
answers = [int(w @ x + b >= 0) for x in INPUTS]
print(f"XOR: {outcome}, with answers {answers} instead of [0, 1, 1, 0]")

assert outcome == "goes in circles"
assert answers != [0, 1, 1, 0]

found = {}
for w1, w2, threshold in product([0, 1, -1], [0, 1, -1], [0.5, 1.5, -0.5, -1.5]):
    answers = tuple(unit((w1, w2), threshold, x) for x in INPUTS)
    found.setdefault(answers, ((w1, w2), threshold))

figure, places = plt.subplots(2, 8, figsize=(10, 2.8), layout="constrained")
for axes, targets in zip(places.flat, product([0, 1], repeat=4), strict=True):
    if targets in found:
        half_plane(axes, *found[targets])
    else:
        axes.text(0.5, 0.5, "no line", color=ORANGE, ha="center", va="center", fontsize=10)
    corners(axes, targets, size=90)
    plane(axes, "")
    axes.set(xticks=[], yticks=[])
plt.show()
print(f"{len(found)} of 16 tables are linearly separable")

assert len(found) == 14
assert set(product([0, 1], repeat=4)) - set(found) == {(0, 1, 1, 0), (1, 0, 0, 1)}

# %% [markdown]
# Only XOR and its opposite are missing. That sounds harmless, but it gets worse quickly: with more inputs, almost all
# tables are missing. This is why one layer is not enough.
#
# ## Two units in between
#
# Now with a **hidden layer**. Its two units add up the inputs, and they are *rectified*: below zero they return 0,
# above zero the number itself, $\text{relu}(z) = \max(0, z)$.
#
# $$ \mathbf{h} = \text{relu}(W \mathbf{x} + \mathbf{b}) \qquad y = U \mathbf{h} + c $$
#
# $$ W = \begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix} \qquad \mathbf{b} = \begin{pmatrix} 0 \\ -1 \end{pmatrix} \qquad
# U = \begin{pmatrix} 1 & -2 \end{pmatrix} \qquad c = 0 $$
#
# The first hidden unit counts how many inputs are on. The second wakes up only when it is two, and then takes the
# answer back, with weight $-2$.

# %%
# Lecture row P4
W, b, U, c = np.array([[1, 1], [1, 1]]), np.array([0, -1]), np.array([1, -2]), 0

hidden = np.maximum(0, W @ INPUTS.T + b[:, None])  # a column for each corner
output = U @ hidden + c
for name, row in zip(["x1", "x2", "h1", "h2", "output"], [*INPUTS.T, *hidden, output], strict=True):
    print(f"{name:6} {row}")

model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)).double()
weights = {"0.weight": W, "0.bias": b, "2.weight": U[None], "2.bias": [c]}
model.load_state_dict({name: tensor(numbers, dtype=float64) for name, numbers in weights.items()})
corners_as_tensor, labels = data.xor()[:]

assert hidden.tolist() == [[0, 1, 1, 2], [0, 0, 0, 1]]
assert output.tolist() == [0, 1, 1, 0] == labels.tolist()
assert model[:2](corners_as_tensor.double()).numpy().T.tolist() == hidden.tolist()
assert model(corners_as_tensor.double()).numpy().ravel().tolist() == [0, 1, 1, 0]

# %% [markdown]
# As a graph, without the factors 1 and the summands 0, for $x_1 = x_2 = 1$:

# %%
# Lecture row P4
x1, x2 = Value(1.0, "x1"), Value(1.0, "x2")
h1 = (x1 + x2).relu()
h2 = (x1 + x2 - 1).relu()
y = h1 - 2 * h2
h1.label, h2.label, y.label = "h1", "h2", "y"
y.backward()

assert (h1.data, h2.data, y.data) == (2.0, 1.0, 0.0)
assert x1.grad == x2.grad == 1.0 - 2.0
viz.draw(y)

# %% [markdown]
# The gradients come along for free. From here, more $x_1$ makes $y$ *smaller*: one unit brings $+1$, the other $-2$. A
# threshold unit has no gradient to offer. Its answer is flat, with a jump. That is one reason why networks have
# rectified units, or smooth ones.
#
# ## What the hidden units see
#
# The last unit draws a straight line, as every unit does. But it does not look at $x_1$ and $x_2$. It looks at $h_1$
# and $h_2$, and in *their* plane the four corners lie elsewhere:

# %%
# Lecture row P4
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.3), width_ratios=[1, 1.25], layout="constrained")
side = np.linspace(-0.6, 1.6, 401)
total = side + side[:, None]
answer = np.maximum(0, total) - 2 * np.maximum(0, total - 1)
left.contourf(side, side, answer, levels=[0.5, 9], colors=["#e3f3ee"], hatches=["//"])
left.contour(side, side, answer, levels=[0.5], colors=[GREEN], linewidths=2)
corners(left, [0, 1, 1, 0])
plane(left, "what comes in")
left.set(xlabel="$x_1$", ylabel="$x_2$")

limits = (-0.6, 2.8)
half_plane(right, (1, -2), 0.5, limits)
corners(right, [0, 1, 1, 0], points=hidden.T)
for x, y, text in [(0, 0.2, "(0, 0)"), (1, -0.32, "(0, 1) and (1, 0)"), (1.94, 1.2, "(1, 1)")]:
    right.text(x, y, text, ha="center", backgroundcolor="white")
right.text(1.66, 1.75, "$h_1 - 2h_2 = \\frac{1}{2}$", color=GREEN)
right.annotate("", (2.42, 1.0), (2.05, 1.68), arrowprops={"arrowstyle": "-", "color": GREEN})
plane(right, "what the last unit sees", limits)
right.set(xlabel="$h_1$", ylabel="$h_2$", xticks=[0, 1, 2], yticks=[0, 1, 2], ylim=(-0.6, 2.2))
plt.show()

assert hidden[:, 1].tolist() == hidden[:, 2].tolist()
assert [unit((1, -2), 0.5, h) for h in hidden.T] == [0, 1, 1, 0]

# %% [markdown]
# On the right, the corners $(0, 1)$ and $(1, 0)$ lie on top of each other, and the corner $(1, 1)$ was lifted out of
# the way. Now **one line is enough**. Seen from the left, from the inputs, the same line is a band. A hidden layer
# bends the plane until a straight line will do.
#
# ## Does it need the bend?
#
# Leave out the rectifying, and two layers of weights are no more than one:
#
# $$ U(W\mathbf{x} + \mathbf{b}) + c = \underbrace{(U W)}_{\text{one matrix}}\,\mathbf{x} +
# \underbrace{(U\mathbf{b} + c)}_{\text{one bias}} $$

# %%
# Lecture row P4
two_layers = U @ (W @ INPUTS.T + b[:, None]) + c
one_layer = (U @ W) @ INPUTS.T + (U @ b + c)
print("two layers without relu:", two_layers)
print(f"one layer, {U @ W} and {U @ b + c}: ", one_layer)

autograd.manual_seed(0)
linear = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
optimiser = nn.optim.SGD(linear.parameters(), lr=0.1, momentum=0.9)
for _ in range(1000):
    optimiser.zero_grad()
    F.mse_loss(linear(corners_as_tensor).squeeze(1), labels.float()).backward()
    optimiser.step()
best = linear(corners_as_tensor).numpy().ravel()
print("the best that two linear layers can learn:", [round(float(answer), 3) for answer in best])

assert two_layers.tolist() == one_layer.tolist() == [2, 1, 1, 0]
assert np.allclose(best, 0.5, atol=1e-4)

# %% [markdown]
# Trained for long, the best linear network shrugs its shoulders: one half for every corner. A hundred linear layers
# would do the same. What makes a network more than a line is the bend between the layers.
#
# ## Your turn
#
# 1. **A unit.** Find weights and a threshold for *$x_1$ and not $x_2$*: the unit fires for $(1, 0)$ only. Give three
#    numbers, `(w1, w2, threshold)`.
# 2. **XOR from NOR.** Write XOR with nothing but `nor(a, b)`, which the checker hands you as the last argument. Five
#    calls are enough.
# 3. **The opposite.** Find `W, b, U, c` for a network with two rectified units that computes the *opposite* of XOR:
#    1 when the inputs are equal.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_unit(numbers):
    if numbers is None:
        return print("Not yet: give three numbers, (w1, w2, threshold).")
    if np.shape(numbers) != (3,):
        return print("No: three numbers are needed, (w1, w2, threshold).")
    *w, threshold = numbers
    answers = [unit(w, threshold, x) for x in INPUTS]
    if answers == [0, 0, 1, 0]:
        return print("Right: it fires for (1, 0) only.")
    if answers == [0, 1, 0, 0]:
        return print("No: this is x2 and not x1. Which input excites, which inhibits?")
    if answers == [1, 1, 0, 1]:
        return print("No: this is exactly turned round. Turn the signs of all three numbers.")
    if answers[0]:
        return print("No: it fires for (0, 0), where the sum is 0. What does this say about the threshold?")
    if answers[3]:
        return print("No: it fires for (1, 1). Input x2 must be able to prevent that: which sign has its weight?")
    if not any(answers):
        return print("No: it never fires. For (1, 0) the sum is w1: does it reach the threshold?")
    return print(f"No: for (0, 0), (0, 1), (1, 0), (1, 1) it answers {answers}.")


def check_xor(function):
    calls = []

    def counted(a, b):
        calls.append((a, b))
        return nor(a, b)

    answers = [function(int(x1), int(x2), counted) for x1, x2 in INPUTS]
    if answers[0] is None:
        return print("Not yet: the function returns None.")
    answers = [int(answer) for answer in answers]
    if answers == [0, 1, 1, 0]:
        if not calls:
            return print("No: right, but without a single NOR gate.")
        return print(f"Right: XOR with {len(calls) // 4} NOR gates.")
    if answers == [1, 0, 0, 1]:
        return print("No: this is the opposite of XOR. You are one gate away: nor(a, a) is not a.")
    if answers == [0, 1, 1, 1]:
        return print("No: this is OR. Both inputs on must give 0.")
    if answers == [1, 0, 0, 0]:
        return print("No: this is NOR itself, one gate.")
    if answers in ([0, 1, 0, 0], [0, 0, 1, 0]):
        return print("No: this is half of it: one input on and the other off. You need both halves.")
    return print(f"No: for (0, 0), (0, 1), (1, 0), (1, 1) it gives {answers}.")


def check_network(W, b, U, c):
    if any(part is None for part in (W, b, U, c)):
        return print("Not yet: give W, b, U and c.")
    W, b, U, c = (np.array(part, float) for part in (W, b, U, c))
    for name, part, shape in [("W", W, (2, 2)), ("b", b, (2,)), ("U", U, (2,)), ("c", c, ())]:
        if part.shape != shape:
            return print(f"No: {name} has the shape {shape}, yours has {part.shape}.")
    answers = U @ np.maximum(0, W @ INPUTS.T + b[:, None]) + c
    if np.allclose(answers, [1, 0, 0, 1]):
        return print("Right: 1 when the inputs are equal.")
    if np.allclose(answers, [0, 1, 1, 0]):
        return print("No: this is XOR itself. Its opposite is 1 - XOR: what must U and c be?")
    if np.allclose(answers, [0, -1, -1, 0]):
        return print("No: turned round, but 1 too low everywhere. Which number moves all four answers?")
    if np.allclose(answers, [1, 2, 2, 1]):
        return print("No: 1 is added, but XOR is not yet turned round. Which weights turn the sign?")
    return print(f"No: for (0, 0), (0, 1), (1, 0), (1, 1) it answers {answers + 0.0}.")


# %%
numbers = None

check_unit(numbers)


# %%
def xor(x1, x2, nor):
    return None


check_xor(xor)

# %%
W, b, U, c = None, None, None, None

check_network(W, b, U, c)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# The first input excites, the second inhibits. The sums are $0, -1, 1, 0$, and a threshold between 0 and 1 picks out
# the third.
#
# ```python
# numbers = (1, -1, 0.5)
#
# check_unit(numbers)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# `none` is 1 for two zeros. `nor(x1, none)` is 1 only for $(0, 1)$, and `nor(x2, none)` only for $(1, 0)$. Their NOR is
# 1 when neither holds, and this is turned round at the end.
#
# ```python
# def xor(x1, x2, nor):
#     none = nor(x1, x2)
#     equal = nor(nor(x1, none), nor(x2, none))
#     return nor(equal, equal)
#
#
# check_xor(xor)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# The hidden units can stay as they are. $1 - (h_1 - 2 h_2) = -h_1 + 2 h_2 + 1$.
#
# ```python
# W, b, U, c = [[1, 1], [1, 1]], [0, -1], [-1, 2], 1
#
# check_network(W, b, U, c)
# ```
#
# </details>

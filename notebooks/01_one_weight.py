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
# # 1. One weight
#
# Here are four measured points. They lie nearly on a line through the origin, $y = w\,x$.
#
# **Which number $w$ fits best, and how can a program find it when all it can do is try, look and correct?**
#
# A whole neural network learns in the same way. It only has more numbers.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import viz
from autograd import Value

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"

points = [(10.0, 10.1), (2.0, 1.9), (3.5, 3.4), (1.0, 1.1)]

figure, axes = plt.subplots(figsize=(6, 3.6))
for w, colour in [(0.5, ORANGE), (1.01, GREEN), (1.5, GREY)]:
    axes.plot([0, 10.5], [0, w * 10.5], color=colour, linewidth=1.5)
    axes.annotate(f"w = {w}", (10.6, w * 10.5), color=colour, va="center")
axes.plot(*zip(*points, strict=True), "o", color="black")
axes.set(xlabel="x", ylabel="y", xlim=(0, 12.5), ylim=(0, 16.5))
plt.show()

# %% [markdown]
# ## How wrong is a weight?
#
# We need one number that says how badly a weight fits a point $(x, y)$. We take half the squared error:
#
# $$ L = \tfrac{1}{2}\,(y - w\,x)^2 $$
#
# It is zero when the line meets the point, and it grows on both sides.
#
# Look at the first point alone. It is met exactly when $w = 10.1 / 10 = 1.01$. What does this weight do to the
# others?

# %%
# Lecture row P1
w = 1.01
errors = [y - w * x for x, y in points]

print("     x      y    w x   error   loss")
for (x, y), error in zip(points, errors, strict=True):
    print(f"{x:6.2f} {y:6.2f} {w * x:6.2f} {error + 0.0:7.3f} {0.5 * error**2:6.3f}")

assert points == [(10, 10.1), (2, 1.9), (3.5, 3.4), (1, 1.1)]
assert np.allclose(errors, [0, -0.12, -0.135, 0.09])  # the first row is met exactly, and it is the only one
assert np.allclose([0.5 * error**2 for error in errors], [0, 0.0072, 0.0091125, 0.00405])

# %% [markdown]
# No weight meets all four points. So we look for the weight with the smallest loss over all points together.
#
# ## In which direction is better?
#
# Start with a weight that is clearly too small, $w = 0.5$, and one point. A `Value` is a number that remembers how it
# was computed. So the loss can be drawn, and `backward()` can ask each number: *if you grow a little, how much does
# the loss grow?*

# %%
w = Value(0.5, "w")
x = Value(10.0, "x", requires_grad=False)  # given by the measurement: may not change
y = Value(10.1, "y", requires_grad=False)

loss = 0.5 * (y - w * x) ** 2
loss.backward()
viz.draw(loss)

# %% [markdown]
# Values stand above the wires, gradients below. Below $w$ you read $-51$: when $w$ grows, the loss falls, and
# steeply.
#
# By hand, the chain rule says the same. The outer square gives $(y - wx)$, the inner part gives $-x$:
#
# $$ \frac{dL}{dw} = -(y - w\,x)\,x = -(10.1 - 5)\cdot 10 = -51 $$

# %%
by_hand = -(10.1 - 0.5 * 10.0) * 10.0
print(f"by hand {by_hand:.2f}, by backward {w.grad:.2f}")

assert abs(w.grad - by_hand) < 1e-9
assert round(w.grad, 2) == -51.00

# %% [markdown]
# ## One step, and the next
#
# The gradient points uphill. We want to go down, so we step the other way. The **learning rate** $\eta$ (say "eta")
# sets how far:
#
# $$ w \leftarrow w - \eta\,\frac{dL}{dw} $$
#
# Then the same again: compute the loss, ask for the gradient, take a step. `zero_grad()` clears the old gradient
# first; otherwise the new one would be added to it.

# %%
# Lecture row P1
eta, path, records = 0.005, [w.data], []
for _ in range(6):
    loss = 0.5 * (y - w * x) ** 2
    loss.label = "loss"
    loss.zero_grad()
    loss.backward()
    records.append(viz.frames(loss))  # this graph with its numbers, for the picture
    w.data -= eta * w.grad
    path.append(w.data)
print("w:", ", ".join(f"{number:.4f}" for number in path))

assert path[1] == 0.5 - 0.005 * by_hand == 0.755
assert path == sorted(path)
assert abs(path[-1] - 1.01) < 0.01
viz.training(records, precision=3)

# %% [markdown]
# The buttons (or the arrow keys) go from step to step. It is the same graph every time, only the numbers differ, and
# below it stands the step that changes $w$. Watch the gradient: near the goal it is small, so the steps become short
# by themselves. (Is there only a picture without buttons? Then run the cell, or trust the notebook.)
#
# ## Many steps, all points
#
# Now the whole method: the loss of all four points is added up, the rest stays.

# %%
# Lecture row P1


def total_loss(w):
    return sum(0.5 * (y - w * x) ** 2 for x, y in points)


def descend(eta, start=0.2, steps=10):
    """Return the weight before the first step and after each one."""
    w = Value(start, "w")
    path = [w.data]
    for _ in range(steps):
        loss = total_loss(w)
        loss.zero_grad()
        loss.backward()
        w.data -= eta * w.grad
        path.append(w.data)
    return path


best = sum(x * y for x, y in points) / sum(x * x for x, _ in points)
path = descend(eta=0.006)
for step, w in enumerate(path):
    print(f"step {step:2d}   w = {w:.5f}   loss = {total_loss(w):8.5f}")
print(f"the best weight of all: {best:.5f}")

assert round(best, 4) == 1.0047
assert abs(path[-1] - best) < 1e-4
assert total_loss(best) < total_loss(1.01) < total_loss(0.5)

# %% [markdown]
# Ten steps are enough. Note that the best weight is not $1.01$: the first point gives way a little to the other
# three.
#
# ## Too small, right, too large
#
# All depends on $\eta$. The curve below is the loss for every weight. Each dot is one step; some have
# their number. The dotted line is the best weight. (The third picture shows more of the curve.)

# %%
# Lecture row P2
rates = {"too small": 0.0005, "right": 0.006, "too large": 0.018}
paths = {name: descend(eta) for name, eta in rates.items()}
curve = np.linspace(-2.2, 4.2, 200)

views = {  # what part of the curve to show, and which steps to number
    "too small": {"w": (-0.1, 2.1), "loss": (-3, 75), "numbers": (0, 5, 10)},
    "right": {"w": (-0.1, 2.1), "loss": (-3, 75), "numbers": (0, 1)},
    "too large": {"w": (-2.1, 4.1), "loss": (-20, 480), "numbers": (0, 1, 2, 3, 9, 10)},
}

figure, row = plt.subplots(1, 3, figsize=(11, 3.6))
for axes, (name, view) in zip(row, views.items(), strict=True):
    path = paths[name]
    axes.plot(curve, [total_loss(w) for w in curve], color=GREY, linewidth=1)
    axes.plot(path, [total_loss(w) for w in path], "o-", color=ORANGE, markersize=5, linewidth=1)
    for step in view["numbers"]:
        left = path[step] < best
        place = {"xytext": (-7 if left else 7, -4), "ha": "right" if left else "left"}
        axes.annotate(step, (path[step], total_loss(path[step])), textcoords="offset points", **place)
    axes.axvline(best, color=GREEN, linewidth=1, linestyle=":")
    axes.set(title=f"{name}: η = {rates[name]}", xlabel="w", xlim=view["w"], ylim=view["loss"])
row[0].set_ylabel("loss")
figure.tight_layout()
plt.show()

distances = {name: [w - best for w in path] for name, path in paths.items()}
assert all(-0.81 < distance < -0.4 for distance in distances["too small"])  # all on one side, and far away
assert abs(distances["right"][4]) < 0.01  # at the goal after four steps
for now, after in pairwise(distances["too large"]):
    assert now * after < 0  # from one side to the other ...
    assert abs(after) > abs(now)  # ... and further away

# %%
# Lecture row P2
losses = {name: [total_loss(w) for w in path] for name, path in paths.items()}

figure, axes = plt.subplots(figsize=(6, 3.4))
for (name, series), colour in zip(losses.items(), [GREY, GREEN, ORANGE], strict=True):
    axes.semilogy(series, "o-", color=colour, markersize=4)
    axes.annotate(name, (10.2, series[-1]), color=colour, va="center")
axes.set(xlabel="step", ylabel="loss, in powers of ten", xlim=(0, 12.2))
plt.show()

assert losses["too small"][10] > 0.2 * losses["too small"][0]  # still far away
assert losses["right"][10] < 1.0001 * total_loss(best)  # arrived
assert losses["too large"] == sorted(losses["too large"])  # higher with every step

# %% [markdown]
# * **Too small:** every step goes the right way, but after ten steps more than half of the way is still ahead.
# * **Right:** three or four steps, and the dots lie on top of each other.
# * **Too large:** each step jumps over the valley and lands *higher* on the other side. The loss grows for ever.
#
# ## Where is the border?
#
# For this loss the gradient is $\left(\sum x^2\right)(w - w^*)$, where $w^*$ is the best weight. Put that into the
# step:
#
# $$ w_{\text{new}} - w^* = \Big(1 - \eta \sum x^2\Big)\,(w - w^*) $$
#
# So each step multiplies the distance to the goal by the same factor. The distance shrinks only while the factor lies
# between $-1$ and $1$, that is while $\eta < 2 / \sum x^2$.

# %%
steepness = sum(x * x for x, _ in points)
print(f"sum of x² = {steepness}, the border is at η = {2 / steepness:.4f}")
for name, eta in rates.items():
    factor = 1 - eta * steepness
    measured = (paths[name][1] - best) / (paths[name][0] - best)
    print(f"{name:10s} η = {eta:<7} distance times {factor:6.3f} in each step")
    assert abs(measured - factor) < 1e-9

assert steepness == 117.25
assert round(2 / steepness, 4) == 0.0171

# %% [markdown]
# ## Your turn
#
# 1. **A gradient.** One point, $(2,\ 1.9)$, and the weight $w = 1.5$. What is $\frac{dL}{dw}$? Use pencil and paper.
# 2. **A step.** Write the function that takes one step for one point $(x, y)$ and returns the new weight.
# 3. **The best rate.** There is one learning rate that leads from $w = 0.2$ to the best weight of all four points in
#    **one single step**. Which one? Guess first, then compute.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_gradient(gradient):
    if gradient is None:
        return print("Not yet: put a number in place of None.")
    if not isinstance(gradient, (int, float)):
        return print("No: give one number, such as -51.")
    for mistake, hint in [
        (-2.2, "the amount is right. But 1.5 is too large, so growing further makes the loss larger: which sign?"),
        (-1.1, "this is the error y - w x. The derivative is asked for."),
        (1.1, "the chain rule is not finished: when w grows by 1, w x grows by x."),
        (4.4, "the square brings a factor 2, and the half in front takes it away again."),
        (0.605, "this is the loss itself. How fast does it grow with w?"),
    ]:
        if abs(gradient - mistake) < 1e-6:
            return print(f"No: {hint}")
    if abs(gradient - 2.2) > 1e-6:
        return print("No: put the numbers into -(y - w x) x.")
    return print("Right: -(1.9 - 3) * 2 = 2.2. The loss grows with w, so the step makes w smaller.")


def check_step(function):
    w, x, y, eta = 0.5, 10.0, 10.1, 0.005
    after = function(w, x, y, eta)
    if after is None:
        return print("Not yet: the function returns None.")
    if not isinstance(after, (int, float)):
        return print("No: return one number, the new weight.")
    for mistake, hint in [
        (0.245, "w went away from 1.01. The gradient points uphill, the step goes the other way."),
        (51.5, "this step is huge. Where is the learning rate?"),
        (0.255, "this is how far to go. Add it to the old weight."),
        (0.5255, "the chain rule is not finished: the inner part brings the factor x."),
    ]:
        if abs(after - mistake) < 1e-6:
            return print(f"No: {hint}")
    if abs(after - 0.755) > 1e-6:
        return print(f"No: for w = 0.5, the point (10, 10.1) and eta = 0.005 it should be 0.755, yours is {after:.4f}.")
    if abs(function(1.5, 2.0, 1.9, 0.1) - 1.28) > 1e-6:
        return print("No: right for one point, but not for another. Use all four arguments.")
    return print("Right: these are the steps of the picture with the buttons.")


def check_eta(eta):
    if eta is None:
        return print("Not yet: put a learning rate in place of None.")
    if not isinstance(eta, (int, float)):
        return print("No: give one number, such as 0.004.")
    if eta <= 0:
        return print("No: this goes uphill or nowhere. A learning rate is above zero.")
    w = descend(eta, steps=1)[-1]
    if abs(w - best) < 0.002:
        return print(f"Right: one step leads to w = {w:.4f}.")
    if w < best:
        return print(f"No: the step ends at w = {w:.3f}, before the best weight. Take a larger one.")
    if w - best > 0.99 * (best - 0.2):
        return print(f"No: the step ends at w = {w:.3f}, as far away as before or further.")
    return print(f"No: the step ends at w = {w:.3f}, past the best weight. Take a smaller one.")


# %%
my_gradient = None

check_gradient(my_gradient)


# %%
def my_step(w, x, y, eta):
    return None


check_step(my_step)

# %%
my_eta = None

check_eta(my_eta)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# The line gives $w\,x = 3$, the error is $1.9 - 3 = -1.1$, and the inner part brings $-x = -2$:
# $(-1.1) \cdot (-2) = 2.2$.
#
# ```python
# my_gradient = 2.2
#
# check_gradient(my_gradient)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# ```python
# def my_step(w, x, y, eta):
#     gradient = -(y - w * x) * x
#     return w - eta * gradient
#
#
# check_step(my_step)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# The distance is multiplied by $1 - \eta \sum x^2$. One step is enough when this factor is zero, so
# $\eta = 1 / \sum x^2 = 1 / 117.25 \approx 0.00853$: half of the border.
#
# ```python
# my_eta = 1 / 117.25
#
# check_eta(my_eta)
# ```
#
# With more than one weight there is usually no such rate: each direction has a steepness of its own, and the steepest
# sets the border.
#
# </details>

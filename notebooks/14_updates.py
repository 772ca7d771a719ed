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
# # 14. Updates
#
# Backward gives you the slope of the loss by every weight. And then? The simplest answer is one line: take a small
# step downhill. Here is a loss of two weights, a long valley, drawn as a map. Three walkers start at the same place,
# and none of them sees more than the slope under its feet.
#
# **Why do they take such different ways?**

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

import autograd
import nn
from autograd import Value, float64, tensor
from nn import functional as F
from nn import optim
from nn.data import digits
from nn.optim import lr_scheduler
from viz import plots

plt.rcParams.update({"figure.dpi": 80})
np.set_printoptions(precision=3, suppress=True)
GREEN, ORANGE, BLUE, GREY = "#00775a", "#b54708", "#1b62a8", "#8a8f98"
START = np.array([-3.0, 1.0])


def height(w1, w2):
    return 0.5 * (w1**2 + 25 * w2**2)


def path(make, steps=40, start=START, surface=height):
    """Return the places to which an optimiser goes; also counts how often it asks for the gradient."""
    w = tensor(start, dtype=float64, requires_grad=True)
    optimiser, places = make([w]), [start]

    def closure():
        optimiser.zero_grad()
        loss = surface(w[0], w[1])
        loss.backward()
        path.gradients += 1
        return loss

    path.gradients = 0
    for _ in range(steps):
        optimiser.step(closure)
        places.append(w.numpy().copy())
    return np.array(places)


def draw_paths(ways, minimum=(0, 0), limits=((-3.4, 2.4), (-1.15, 1.2)), surface=height, **options):
    options = {"levels": 8, "resolution": 120, **options}
    return plots.optimiser_paths(surface, ways, minimum=minimum, limits=limits, **options)


walkers = {
    "SGD": lambda w: optim.SGD(w, lr=0.03),
    "momentum": lambda w: optim.SGD(w, lr=0.03, momentum=0.9),
    "Adam": lambda w: optim.Adam(w, lr=0.1),
}
figure, axes = plt.subplots(figsize=(9.4, 4.1), layout="constrained")
draw_paths({name: path(make) for name, make in walkers.items()}, ax=axes)
plt.show()

# %% [markdown]
# Each mark is a step, 40 for each. SGD goes down to the bottom of the valley at once and then hardly
# moves. Momentum swings from side to side. Adam goes almost straight.
#
# ## Downhill, and no more
#
# The valley is a bowl, 25 times as steep across as along:
#
# $$ L = \tfrac12 \left( w_1^2 + 25\, w_2^2 \right) \qquad \nabla L = (w_1,\; 25\, w_2) \qquad
# w \leftarrow w - \eta\, \nabla L $$
#
# This is plain gradient descent. It is called **SGD** when the slope comes from a small batch of the data. Put the
# slope in: a step multiplies $w_1$ by $1 - \eta$ and $w_2$ by $1 - 25\,\eta$. So the steep direction forbids every
# rate above $2/25 = 0.08$, and with such a rate the flat direction is slow.

# %%
# Lecture row T8


def slope(w):
    return np.array([1.0, 25.0]) * w


class Memory:
    """What an update remembers from step to step; everything begins at zero."""

    v = cache = m = t = 0


def by_hand(update, steps=40):
    """Return the places to which an update goes that is written as a function of place and memory."""
    memory, places = Memory(), [START]
    for _ in range(steps):
        places.append(update(places[-1], memory))
    return np.array(places)


figure, places = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
for lr, colour, style in ((0.03, GREEN, "-"), (0.079, GREY, "--"), (0.081, ORANGE, ":")):
    way = by_hand(lambda w, memory, lr=lr: w - lr * slope(w))
    for axes, numbers in zip(places, way.T, strict=True):
        axes.plot(numbers, color=colour, linestyle=style, linewidth=2, label=f"rate {lr}")
    assert np.allclose(way, path(lambda w, lr=lr: optim.SGD(w, lr=lr)))
    assert np.allclose(way[40], START * [(1 - lr) ** 40, (1 - 25 * lr) ** 40])
    assert (abs(way[40, 1]) > 1) == (lr > 2 / 25)
places[0].set(title="along the valley: $w_1$", xlabel="step")
places[1].set(title="across the valley: $w_2$", xlabel="step")
places[0].legend(frameon=False)
for axes in places:
    axes.axhline(0, color="black", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
plt.show()
print("first step with rate 0.03:", path(walkers["SGD"], 1)[1] - START)

assert np.allclose(path(walkers["SGD"], 1)[1] - START, [0.09, -0.75])

# %% [markdown]
# With $0.079$ the swings become smaller, by $0.975$ each. With $0.081$ they grow. And look at the first step of the
# SGD walker: $0.75$ across, where there was only $1$ to go, and $0.09$ along, where there were $3$.
#
# ## Momentum
#
# Let the walker be a ball. It has a velocity $v$. The slope pushes it, friction $\mu$ takes a part away:
#
# $$ v \leftarrow \mu\, v - \eta\, \nabla L(w) \qquad\quad w \leftarrow w + v $$
#
# Along the valley all pushes point the same way and add up. Across they change sign, and partly cancel. $\mu$ is
# usually $0.9$, sometimes $0.5$ at the beginning. (`optim.SGD` stores $-v / \eta$, as PyTorch
# does. As long as $\eta$ stays the same, so does the walk.)
#
# **Nesterov's** momentum looks ahead. We know already that the velocity will carry us to $w + \mu v$. So ask for the
# slope *there*:
#
# $$ v \leftarrow \mu\, v - \eta\, \nabla L(w + \mu v) \qquad\quad w \leftarrow w + v $$

# %%
# Lecture row T8
mu, lr = 0.9, 0.03


def momentum(w, memory):
    memory.v = mu * memory.v - lr * slope(w)
    return w + memory.v


def nesterov(w, memory):
    memory.v = mu * memory.v - lr * slope(w + mu * memory.v)
    return w + memory.v


figure, places = plt.subplots(1, 2, figsize=(10, 3.5), layout="constrained")
w, v = np.array([-2.4, 0.5]), np.array([0.5, -0.9])
for axes, name in zip(places, ("momentum: the slope here", "Nesterov: the slope ahead"), strict=True):
    push = -lr * slope(w if "here" in name else w + mu * v)
    corners = [w, w + mu * v, w + mu * v + push]
    grid = np.meshgrid(np.linspace(-2.75, -1.7, 80), np.linspace(-0.8, 0.7, 80))
    axes.contour(*grid, height(*grid), levels=np.linspace(0, 16, 17), colors="#cfd3d8", linewidths=0.8)
    arrows = [(0, 1, GREEN, "-"), (1, 2, ORANGE, "-"), (0, 2, "black", "--")]
    for begin, end, colour, style in arrows:
        look = {"arrowstyle": "-|>", "color": colour, "linewidth": 2.2, "linestyle": style, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", corners[end], xytext=corners[begin], arrowprops={**look, "mutation_scale": 16})
    axes.plot(*w, "o", color="black")
    axes.plot(*(w if "here" in name else corners[1]), "o", markersize=13, color="none", markeredgecolor=ORANGE)
    below, above = ((w + corner) / 2 for corner in sorted(corners[1:], key=lambda corner: corner[1]))
    velocity, step = (above, below) if "here" in name else (below, above)
    for text, place, colour in (("velocity $\\mu v$", velocity, GREEN), ("step", step, "black")):
        side = 1 if place is above else -1
        axes.text(*(place + side * np.array([0.04, 0.04])), text, color=colour, ha="left" if side > 0 else "right")
    axes.text(*(corners[2] + (corners[1] - corners[2]) / 2 + [0.03, 0]), "push", color=ORANGE, va="center")
    axes.set(title=name, xlabel="$w_1$", ylabel="$w_2$", xlim=(-2.75, -1.7), ylim=(-0.8, 0.7))
    axes.spines[["top", "right"]].set_visible(False)
plt.show()

ways = {"momentum": by_hand(momentum), "Nesterov": by_hand(nesterov)}
figure, axes = plt.subplots(figsize=(9, 3.8), layout="constrained")
draw_paths(ways, colours=[ORANGE, BLUE], ax=axes)
plt.show()

assert np.allclose(ways["momentum"], path(lambda w: optim.SGD(w, lr=lr, momentum=mu)))
sgd = path(walkers["SGD"])
assert ways["momentum"][10, 0] > sgd[10, 0]  # faster along the valley
assert ways["momentum"][:, 0].max() > 0 > sgd[:, 0].max()  # and beyond the lowest place
overshoot = {name: abs(way[5:, 1]).max() for name, way in ways.items()}
assert overshoot["Nesterov"] < 0.5 * overshoot["momentum"]

# %% [markdown]
# The ring marks where the slope is asked for. Where momentum would fly across the valley, Nesterov sees the other
# side coming and brakes in time.
#
# ## Nesterov, rewritten
#
# There is one inconvenience: backward computes the slope at the weights $w$, not at $w + \mu v$. So keep the place
# ahead, $a = w + \mu v$, and forget $w$. A little algebra gives
#
# $$ v_{\text{new}} = \mu\, v - \eta\, \nabla L(a) \qquad\quad
# a \leftarrow a - \mu\, v + (1 + \mu)\, v_{\text{new}} $$
#
# This is what `optim.SGD(..., nesterov=True)` does. It is the same walk, seen from one look ahead.

# %%
# Lecture row T8


def nesterov_rewritten(a, memory):
    v_before = memory.v
    memory.v = mu * memory.v - lr * slope(a)
    return a - mu * v_before + (1 + mu) * memory.v


w = by_hand(nesterov)
ahead = w[1:] + mu * np.diff(w, axis=0)  # the velocity is the last step
a = by_hand(nesterov_rewritten)
ours = path(lambda w: optim.SGD(w, lr=lr, momentum=mu, nesterov=True))
print("w          ", *w[1:5])
print("w + mu v   ", *ahead[:4])
print("rewritten a", *a[1:5])

assert np.allclose(a[1:], ahead)
assert np.allclose(a, ours)
assert height(*a[-1]) < height(*START)

# %% [markdown]
# ## A rate for each weight
#
# The trouble was that one rate must serve a steep and a flat direction. So measure for each weight how steep it has
# been, and divide by that. **AdaGrad** adds up all squared slopes. **RMSProp** lets old ones fade:
#
# $$ \text{AdaGrad:}\quad c \leftarrow c + g^2 \qquad\quad \text{RMSProp:}\quad c \leftarrow \rho\, c + (1 - \rho)\,
# g^2 \qquad\quad \text{both:}\quad w \leftarrow w - \eta\, \frac{g}{\sqrt{c} + \varepsilon} $$
#
# All of this element by element, with $g = \nabla L(w)$; $\varepsilon$ only keeps us from dividing by zero. ($10^{-7}$
# is what the lecture has; the default of `nn.optim` is PyTorch's.)

# %%
# Lecture row T8
eps = 1e-7


def adagrad(w, memory, lr=0.5):
    g = slope(w)
    memory.cache = memory.cache + g**2
    return w - lr * g / (np.sqrt(memory.cache) + eps)


def rmsprop(w, memory, lr=0.1, rho=0.9):
    g = slope(w)
    memory.cache = rho * memory.cache + (1 - rho) * g**2
    return w - lr * g / (np.sqrt(memory.cache) + eps)


makers = {
    "AdaGrad": lambda w, lr=0.5: optim.Adagrad(w, lr=lr, eps=eps),
    "RMSProp": lambda w, lr=0.1: optim.RMSprop(w, lr=lr, alpha=0.9, eps=eps),
}
ways = {"AdaGrad": by_hand(adagrad), "RMSProp": by_hand(rmsprop)}
figure, places = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for axes, (name, way), colour in zip(places, ways.items(), (GREEN, ORANGE), strict=True):
    draw_paths({name: way}, limits=((-3.4, 0.8), (-0.5, 1.2)), colours=[colour], ax=axes)
plt.show()

for name, way in ways.items():
    assert np.allclose(way, path(makers[name]))
assert np.allclose(abs(ways["AdaGrad"][1] - START), 0.5)  # both directions the same
assert np.allclose(abs(ways["RMSProp"][1] - START), 0.1 / math.sqrt(0.1))


def steps_on_an_even_slope(make, steps):
    """Return how long each step is where the slope is always 7."""
    w, lengths = Value(0.0), []
    optimiser = make([w])
    for _ in range(steps):
        before = w.data
        optimiser.zero_grad()
        (7 * w).backward()
        optimiser.step()
        lengths.append(before - w.data)
    return np.array(lengths)


t = np.arange(1, 101)
even = {name: steps_on_an_even_slope(lambda w, make=make: make(w, lr=0.1), 100) for name, make in makers.items()}
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
for (name, lengths), colour, style in zip(even.items(), (GREEN, ORANGE), ("-", "--"), strict=True):
    axes.plot(t, lengths, color=colour, linestyle=style, linewidth=2.5)
    axes.text(102, lengths[-1], name, color=colour, va="center")
axes.set(
    xlabel="step t, on a slope that is always the same", ylabel="length of the step", xlim=(0, 115), ylim=(0, 0.34)
)
axes.spines[["top", "right"]].set_visible(False)
plt.show()

assert np.allclose(even["AdaGrad"], 0.1 / np.sqrt(t))
assert np.allclose(even["RMSProp"], 0.1 / np.sqrt(1 - 0.9**t))

# %% [markdown]
# Both set off at $45°$: the same distance along and across, whatever the slopes are. On an even slope AdaGrad's steps
# shrink for ever, as $\eta / \sqrt t$, and its training comes to a halt. RMSProp forgets, and keeps its pace $\eta$.
# (But then it also keeps its pace near the minimum, and does not come to rest there. More about this below.)
#
# ## Adam
#
# A velocity *and* a rate for each weight:
#
# $$ m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \qquad
# w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon} $$
#
# with $\beta_1 = 0.9$ and $\beta_2 = 0.999$. A lecture shows it with $m$ and $v$ in place of $\hat m$ and $\hat v$.
# That form is **dated**. Both begin at zero, so both are too small at first, and not by the same factor. After one
# step $m = 0.1\,g$, but $\sqrt v = \sqrt{0.001}\,|g| = 0.032\,|g|$. The first step is then $3.16$ times as long as
# $\eta$ says. Today's Adam divides by what is missing, the **bias correction**:
#
# $$ \hat m = \frac{m}{1 - \beta_1^t} \qquad\quad \hat v = \frac{v}{1 - \beta_2^t} $$

# %%
# Lecture row T8


def adam(w, memory, lr=0.1, beta1=0.9, beta2=0.999, correct=True):
    memory.t += 1
    g = slope(w)
    memory.m = beta1 * memory.m + (1 - beta1) * g
    memory.v = beta2 * memory.v + (1 - beta2) * g**2
    m, v = memory.m, memory.v
    if correct:
        m, v = m / (1 - beta1**memory.t), v / (1 - beta2**memory.t)
    return w - lr * m / (np.sqrt(v) + eps)


both = {
    "with correction": lambda w: optim.Adam(w, lr=0.1, eps=eps),
    "without": lambda w: optim.Adam(w, lr=0.1, eps=eps, bias_correction=False),
}
ways = {name: by_hand(lambda w, m, name=name: adam(w, m, correct=name != "without")) for name in both}
figure, axes = plt.subplots(figsize=(9, 3.8), layout="constrained")
draw_paths(ways, colours=[GREEN, ORANGE], ax=axes)
plt.show()

t = np.arange(1, 3001)
even = {name: steps_on_an_even_slope(make, 3000) for name, make in both.items()}
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
for (name, lengths), colour, style in zip(even.items(), (GREEN, ORANGE), ("-", "--"), strict=True):
    axes.semilogx(t, lengths, color=colour, linestyle=style, linewidth=2.5)
    at = 1 if name == "with correction" else 24
    axes.text(at, lengths[at] + 0.02, name, color=colour, va="bottom")
axes.set(xlabel="step t, on a slope that is always the same", ylabel="length of the step", ylim=(0, 0.7))
axes.spines[["top", "right"]].set_visible(False)
plt.show()

print("the first steps on an even slope, with a rate of 0.1")
for name, lengths in even.items():
    print(f"{name:15}", *(f"{length:.3f}" for length in lengths[:6]), "...", f"the longest {lengths.max():.3f}")

for name, make in both.items():
    assert np.allclose(ways[name], path(make))
assert np.allclose(abs(ways["with correction"][1] - START), 0.1)
assert np.allclose(abs(ways["without"][1] - START), 0.1 * math.sqrt(10))
assert np.allclose(even["with correction"], 0.1)
assert np.allclose(even["without"], 0.1 * (1 - 0.9**t) / np.sqrt(1 - 0.999**t))

# %% [markdown]
# Without the correction the steps become more than six times too long, and it takes thousands of steps until they are
# right. On the bowl it flies past the minimum. And in a network, the first gradients are the ones that you should
# trust least.
#
# ## The curvature
#
# What if we knew not only the slope but how it changes? That is the **Hessian** $H$, the table of all second
# derivatives. **Newton's method** goes straight to the lowest place of the bowl that fits here:
#
# $$ w \leftarrow w - H^{-1}\, \nabla L $$
#
# No learning rate, and on a bowl a single step. But a million weights have a Hessian of a million times a million
# numbers. Sometimes the product of $H$ with a vector is enough, and it costs about as much as two gradients (`hvp`).
# **L-BFGS** does not even need that. It remembers its last steps and how the slope changed along each, and so learns
# the curvature on its way.
#
# Here are both on the bowl, and in a valley that bends, $L = (1 - w_1)^2 + 20\,(w_2 - w_1^2)^2$.

# %%
# Lecture row T8
bowl = tensor(START, dtype=float64)
H = autograd.hessian(lambda w: height(w[0], w[1]), bowl).numpy()
_, product = autograd.hvp(lambda w: height(w[0], w[1]), bowl, v=np.array([2.0, 3.0]))
print("Hessian", H.tolist(), "  times (2, 3), without the Hessian:", product.tolist())

newton = path(optim.Newton, steps=1)
print("Newton on the bowl, one step: ", newton[1] + 0.0)
lbfgs = path(lambda w: optim.LBFGS(w, line_search_fn="strong_wolfe"), steps=1)
gradients = path.gradients
print(f"L-BFGS on the bowl, {gradients} gradients: loss below 1e-10:", bool(height(*lbfgs[1]) < 1e-10))

assert H.tolist() == [[1.0, 0.0], [0.0, 25.0]]
assert product.tolist() == [2.0, 75.0]
assert np.allclose(newton[1], 0)
assert np.allclose(START - np.linalg.solve(H, slope(START)), 0)
assert height(*lbfgs[1]) < 1e-10
assert gradients <= 25
assert height(*path(walkers["SGD"], gradients)[-1]) > 1e-3  # as many gradients


def bend(w1, w2):
    return (1 - w1) ** 2 + 20 * (w2 - w1**2) ** 2


makers = {
    "momentum": lambda w: optim.SGD(w, lr=0.002, momentum=0.9),
    "L-BFGS": lambda w: optim.LBFGS(w, max_iter=1, max_eval=30, line_search_fn="strong_wolfe"),
    "Newton": optim.Newton,
}
ways, start = {}, np.array([-1.2, 1.0])
for name, make in makers.items():
    way = path(make, 1000 if name == "momentum" else 30, start, bend)
    arrived = int(np.argmax(bend(*way.T) < 1e-6))
    ways[name] = way[: arrived + 1]
    print(f"{name:8} arrives after {arrived:3} steps, loss below 1e-6")
    assert 0 < arrived < {"momentum": 1000, "L-BFGS": 30, "Newton": 10}[name]

figure, axes = plt.subplots(figsize=(8.6, 4.4), layout="constrained")
draw_paths(ways, minimum=(1, 1), limits=((-1.6, 1.5), (-2, 1.6)), surface=bend, ax=axes)
plt.show()

# %% [markdown]
# Newton needs few steps, and does not always go downhill. Far from the minimum it can even run to a maximum. L-BFGS
# asks for about two gradients a step. Both assume that the loss is the same at every step. With small batches it is
# another one each time: this is why networks are mostly trained with momentum or Adam.
#
# ## Schedules
#
# A large rate is fast and then dances about in the valley. A small rate is slow and comes to rest. So begin with a
# large rate and **anneal** it, as a smith lets hot metal cool slowly. With epoch $t$ and a first rate $\eta_0 = 0.5$:
#
# | schedule | rate | here |
# |---|---|---|
# | step | multiply by a factor every so many epochs | halve every 5 |
# | exponential | $\eta_0\, e^{-k t}$ | $k = 0.1$ |
# | $1/t$ | $\eta_0 / (1 + k t)$ | $k = 0.1$ |
# | linear to a floor | $(1 - \alpha)\, \eta_0 + \alpha\, \eta_\tau$, $\alpha = \min(t / 10, 1)$ | $\eta_\tau = 0.005$ |
# | cosine annealing | $\tfrac12\, \eta_0\, (1 + \cos(\pi t / T))$ | $T = 20$ |

# %%
# Lecture row T9
k, eta, floor, epochs = 0.1, 0.5, 0.005, np.arange(21)


def new_optimiser():
    return optim.SGD([Value(1.0)], lr=eta)


schedules = {
    "step": lr_scheduler.StepLR(new_optimiser(), step_size=5, gamma=0.5),
    "exponential": lr_scheduler.ExponentialLR(new_optimiser(), gamma=math.exp(-k)),
    "1/t": lr_scheduler.InverseTimeLR(new_optimiser(), k),
    "linear, floor": lr_scheduler.LinearLR(new_optimiser(), 1.0, end_factor=floor / eta, total_iters=10),
    "cosine": lr_scheduler.CosineAnnealingLR(new_optimiser(), T_max=20),
}
rates = {name: np.array(lr_scheduler.rates(schedule, 21)) for name, schedule in schedules.items()}
figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
plots.schedule(rates, xlabel="epoch", ax=axes)
axes.set_xticks(range(0, 21, 5))
plt.show()
print("epoch        ", *(f"{epoch:6}" for epoch in epochs[::5]))
for name, numbers in rates.items():
    print(f"{name:13}", *(f"{rate:6.3f}" for rate in numbers[::5]))

assert np.allclose(rates["step"], eta * 0.5 ** (epochs // 5))
assert np.allclose(rates["exponential"], eta * np.exp(-k * epochs))
assert np.allclose(rates["1/t"], eta / (1 + k * epochs))
alpha = np.minimum(epochs / 10, 1)
assert np.allclose(rates["linear, floor"], (1 - alpha) * eta + alpha * floor)
assert np.allclose(rates["cosine"], eta / 2 * (1 + np.cos(np.pi * epochs / 20)))
assert np.allclose(rates["step"][::5], [0.5, 0.25, 0.125, 0.0625, 0.03125])
assert np.allclose(rates["exponential"][::5], [0.5, 0.303, 0.184, 0.112, 0.068], atol=5e-4)
assert np.allclose(rates["1/t"][::5], [0.5, 0.333, 0.25, 0.2, 0.167], atol=5e-4)
assert np.allclose(rates["linear, floor"][::5], [0.5, 0.2525, 0.005, 0.005, 0.005])
assert np.allclose(rates["cosine"][::5], [0.5, 0.427, 0.25, 0.073, 0.0], atol=5e-4)

# %% [markdown]
# ## Does it help?
#
# One layer learns handwritten digits from batches of eight. First with a rate that is too restless, then with one that
# is ten times smaller, then with a rate that falls from the one far below the other. Everything else is the same.

# %%
# Lecture row T9
images, labels = (numbers.numpy() for numbers in digits().tensors)
order = np.random.default_rng(0).permutation(len(images))
images, labels = images.reshape(len(images), 64).astype(np.float64)[order], labels[order]
training, validation = (images[:1200], labels[:1200]), (images[1200:], labels[1200:])

histories, losses = {}, {}
for name, lr, T in (("0.5, always", 0.5, None), ("0.05, always", 0.05, None), ("0.5, cosine", 0.5, 12)):
    autograd.manual_seed(0)
    model = nn.Linear(64, 10, dtype=float64)
    optimiser = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    schedule = lr_scheduler.CosineAnnealingLR(optimiser, T) if T else None
    trainer = nn.Trainer(model, optimiser, F.cross_entropy, scheduler=schedule, max_loss_ratio=None)
    histories[name] = trainer.fit(training, validation, epochs=12, batch_size=8, progress=False)
    losses[name] = trainer.evaluate(training)["loss"], trainer.evaluate(validation)["loss"]
    print(f"{name:13} loss at the end {losses[name][0]:.3f}, on new digits {losses[name][1]:.3f}")

figure, places = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
for axes, column, title in zip(places, ("loss", "val_loss"), ("while learning", "on new digits"), strict=True):
    for (name, history), style, colour in zip(
        histories.items(), ("s:", "D--", "o-"), (ORANGE, GREY, GREEN), strict=True
    ):
        axes.semilogy(history["epoch"], history[column], style, color=colour, linewidth=2, markersize=5, label=name)
    axes.set(title=title, xlabel="epoch", yticks=[0.02, 0.05, 0.1, 0.2, 0.5], yticklabels=[0.02, 0.05, 0.1, 0.2, 0.5])
    axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)
places[0].set_ylabel("loss")
places[1].legend(frameon=False, title="learning rate")
plt.show()

for name in ("0.5, always", "0.05, always"):
    assert losses["0.5, cosine"][0] < 0.7 * losses[name][0]
    assert losses["0.5, cosine"][1] < losses[name][1]

# %% [markdown]
# With the same $0.5$ that is too restless when it stays, the loss at the end is a quarter. The large steps at the
# beginning were good for something.
#
# ## Your turn
#
# 1. **Too steep.** A bowl has the curvatures $1$ and $40$: $L = \tfrac12 (w_1^2 + 40\, w_2^2)$. At which learning rate
#    does plain gradient descent begin to diverge?
# 2. **RMSProp.** Write one step: `rmsprop_step(w, g, cache)` gets three arrays and returns the new `w` and the new
#    `cache`. Take $\eta = 0.1$, $\rho = 0.9$ and $\varepsilon = 10^{-8}$.
# 3. **A schedule.** Write `rate(t)`: $0.4$ at epoch $0$, in a straight line down to $0.02$ at epoch $10$, and $0.02$
#    ever after.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_limit(limit):
    if limit is None:
        return print("Not yet: give a number.")
    if not np.isscalar(limit) or not limit > 0:
        return print("No: a learning rate is one number above zero.")
    hints = {
        1 / 40: "with 1 / 40 one step goes exactly to the bottom across the valley. Larger ones still converge.",
        2.0: "this is the limit of the flat direction. The steep one gives up first.",
        2 / 25: "this is the limit of the bowl above. Here it is steeper.",
        2 / 41: "the directions do not add up: each weight is multiplied by a factor of its own.",
    }
    for mistake, hint in hints.items():
        if math.isclose(limit, mistake, rel_tol=1e-3):
            return print(f"No: {hint}")
    if not math.isclose(limit, 2 / 40, rel_tol=1e-3):
        return print(f"No: with this rate a step multiplies w2 by {1 - 40 * limit:.3g}. At the limit it is -1.")
    return print("Right: above 2 / 40 the swings across the valley grow.")


def check_rmsprop(function):
    random = np.random.default_rng(3)
    w, g, cache = random.standard_normal(4), 3 * random.standard_normal(4), random.random(4)
    found = function(w.copy(), g.copy(), cache.copy())
    if found is None:
        return print("Not yet: the function returns None.")
    if not isinstance(found, tuple) or len(found) != 2 or any(np.shape(part) != (4,) for part in found):
        return print("No: return two arrays, the new w and the new cache.")
    new, kept = found
    right = 0.9 * cache + 0.1 * g**2
    if np.allclose(kept, cache + g**2):
        return print("No: this cache never forgets. That is AdaGrad.")
    if np.allclose(kept, 0.1 * cache + 0.9 * g**2):
        return print("No: 0.9 of the old cache stays, and 0.1 of the new square comes in. You have it turned round.")
    if np.allclose(kept, 0.9 * cache + 0.1 * g):
        return print("No: the cache keeps the squares of the slopes.")
    if not np.allclose(kept, right):
        return print("No: look at the cache first. It is a mean of squares in which old ones fade.")
    if np.allclose(new, w - 0.1 * g):
        return print("No: the cache is right, but w does not use it.")
    if np.allclose(new, w + 0.1 * g / np.sqrt(right)):
        return print("No: this goes uphill. Check the sign.")
    if np.allclose(new, w - 0.1 * g / right):
        return print("No: the cache holds squares, so divide by its root.")
    if np.allclose(new, w - 0.1 * g / np.sqrt(cache)):
        return print("No: divide by the new cache, not by the old one.")
    if not np.allclose(new, w - 0.1 * g / (np.sqrt(right) + 1e-8)):
        return print("No: the cache is right, the step is not. Compare it with the formula.")
    return print("Right: every weight has a rate of its own now.")


def check_rate(function):
    found = [function(t) for t in range(26)]
    if any(rate is None for rate in found):
        return print("Not yet: the function returns None.")
    alpha = np.minimum(np.arange(26) / 10, 1)
    if np.allclose(found, (1 - alpha) * 0.4 + alpha * 0.02):
        return print("Right: down in a straight line, then constant.")
    if not math.isclose(found[0], 0.4):
        return print(f"No: epoch 0 has 0.4, yours has {found[0]:.3g}.")
    if min(found) < 0:
        return print("No: the rate becomes negative, and training would go uphill. Where is the floor?")
    if not math.isclose(found[25], 0.02):
        return print(f"No: long after epoch 10 the rate is 0.02, yours is {found[25]:.3g}.")
    if np.allclose(found, np.maximum(0.4 * (1 - np.arange(26) / 10), 0.02)):
        return print("No: this line aims at 0 and is cut off. It must arrive at 0.02 just at epoch 10.")
    if math.isclose(found[10], 0.02):
        return print(
            f"No: both ends are right. In the middle, at epoch 5, a straight line is at 0.21, not {found[5]:.3g}."
        )
    return print(f"No: epoch 10 has 0.02, yours has {found[10]:.3g}.")


# %%
limit = None

check_limit(limit)


# %%
def rmsprop_step(w, g, cache):
    return None


check_rmsprop(rmsprop_step)


# %%
def rate(t):
    return None


check_rate(rate)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# A step multiplies $w_2$ by $1 - 40\,\eta$. This is $-1$ at $\eta = 2 / 40$; beyond, the swings grow.
#
# ```python
# limit = 2 / 40
#
# check_limit(limit)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# ```python
# def rmsprop_step(w, g, cache):
#     cache = 0.9 * cache + 0.1 * g**2
#     return w - 0.1 * g / (np.sqrt(cache) + 1e-8), cache
#
#
# check_rmsprop(rmsprop_step)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# ```python
# def rate(t):
#     alpha = min(t / 10, 1)
#     return (1 - alpha) * 0.4 + alpha * 0.02
#
#
# check_rate(rate)
# ```
#
# </details>

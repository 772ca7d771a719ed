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
# # 11. Layers
#
# One neuron divides the plane by a straight line. **What is gained by putting a layer of neurons behind another?**
#
# Three networks have learned the same points: green circles here, orange squares there. The first has no hidden layer.
# The second and the third have a hidden layer of eight neurons. They were trained in the same way. Why is the second
# no better than the first?

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

import autograd
import nn
import viz
from autograd import Value, float32, float64, manual_seed, tensor
from nn import data, regularisers
from nn import functional as F
from viz import plots

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})
np.set_printoptions(precision=3, suppress=True)
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"
SIGNS = LinearSegmentedColormap.from_list("signs", [ORANGE, "#ffffff", GREEN])


def trained(model, X, y, strength=0.0):
    """Train on all points in each step; `strength` is that of the penalty on large weights."""
    optimiser = nn.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(600):
        optimiser.zero_grad()
        loss = F.cross_entropy(model(X), y) + 0.5 * strength * regularisers.l2(model.parameters())
        loss.backward()
        optimiser.step()
    return model


def boundary(axes, model, X, y, title):
    plots.decision_boundary(model, X, y, resolution=64, colours=[GREEN, ORANGE], ax=axes)
    axes.get_legend().remove()
    axes.images[0].set_interpolation("nearest")
    for points in axes.collections[-2:]:
        points.set_sizes([26])
    axes.set(xlabel="", ylabel="", xticks=[], yticks=[])
    axes.set_title(title, fontsize=12)


def heat(axes, table, title="", digits=2, size=10):
    """Draw a small table of numbers as colours, green above zero and orange below."""
    table = np.atleast_2d(table.numpy() if isinstance(table, autograd.Tensor) else table)
    largest = abs(table).max() or 1.0
    axes.imshow(table, cmap=SIGNS, vmin=-largest, vmax=largest)
    axes.set(xticks=[], yticks=[])
    axes.set_xticks(np.arange(0.5, table.shape[1] - 1), minor=True)
    axes.set_yticks(np.arange(0.5, table.shape[0] - 1), minor=True)
    axes.grid(which="minor", color="#d5d8dd", linewidth=0.7)
    axes.tick_params(which="both", length=0)
    axes.spines[["top", "right"]].set_visible(True)
    axes.set_title(title, fontsize=11)
    for (i, j), number in np.ndenumerate(table):
        colour = "white" if abs(number) > 0.6 * largest else "black"
        text = f"{round(float(number), digits) + 0.0:.{digits}f}"
        axes.text(j, i, text, ha="center", va="center", color=colour, fontsize=size)


X, y = data.moons(200, noise=0.1, seed=0)[:]
manual_seed(0)
networks = {
    "no hidden layer": nn.Sequential(nn.Linear(2, 2)),
    "a hidden layer": nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 2)),
    "a hidden layer that squashes": nn.Sequential(nn.Linear(2, 8), nn.Sigmoid(), nn.Linear(8, 2)),
}
figure, places = plt.subplots(1, 3, figsize=(10, 3.3), layout="constrained")
for axes, (name, network) in zip(places, networks.items(), strict=True):
    trained(network, X, y)
    boundary(axes, network, X, y, f"{name}\n{nn.accuracy(network(X), y):.0%} right")
plt.show()

straight, two_layers, squashing = networks.values()
assert abs(nn.accuracy(straight(X), y) - nn.accuracy(two_layers(X), y)) < 0.02
assert nn.accuracy(squashing(X), y) > 0.98

# %% [markdown]
# ## Two layers that are one
#
# A layer multiplies by a matrix and adds a vector. Two in a row:
#
# $$ W_2 (W_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2 = \underbrace{W_2 W_1}_{\text{one matrix}} \mathbf{x}
# + \underbrace{W_2 \mathbf{b}_1 + \mathbf{b}_2}_{\text{one vector}} $$
#
# However many layers you add, you can multiply them out, and the boundary stays a straight line. The squashing
# function between them prevents that:
#
# $$ \sigma(z) = \frac{1}{1 + e^{-z}} \qquad \sigma'(z) = \sigma(z)\,(1 - \sigma(z)) $$
#
# So the second network can be replaced by one layer:

# %%
first, second = two_layers
merged = nn.Linear(2, 2)
weight, bias = second.weight @ first.weight, second.weight @ first.bias + second.bias
merged.load_state_dict({"weight": weight, "bias": bias})

print("weights", first.weight.shape, "and", second.weight.shape, "become", merged.weight.shape)
assert np.allclose(merged(X).numpy(), two_layers(X).numpy(), atol=1e-4)

# %% [markdown]
# ## A network in eleven lines
#
# Now a task that no straight line can do. There are four examples with three inputs each. The answer is 1 when the
# first two inputs differ, and the third input is always 1: it is there for the bias.
#
# The whole program has eleven lines: the data, two matrices of random weights, and a loop. In each step the four
# examples pass through both layers at once, one row each.

# %%
# Lecture row P7
start = np.random.RandomState(1)  # the start that the lecture's program takes
start_1, start_2 = 2 * start.random_sample((3, 4)) - 1, 2 * start.random_sample((4, 1)) - 1

X = tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
y = tensor([[0.0], [1.0], [1.0], [0.0]])
W1 = tensor(start_1, dtype=float32, requires_grad=True)
W2 = tensor(start_2, dtype=float32, requires_grad=True)
optimiser = nn.optim.SGD([W1, W2], lr=1.0)
for _ in range(1000):
    hidden = (X @ W1).sigmoid()
    output = (hidden @ W2).sigmoid()
    optimiser.zero_grad()
    (0.5 * (output - y) ** 2).sum().backward()
    optimiser.step()

print("wanted:", y.numpy().ravel(), " after 1000 steps:", output.numpy().ravel())
assert np.round(output.numpy()).tolist() == y.tolist()

# %% [markdown]
# It works. What went through the network on the way, and what came back? Below is the first step again, from the same
# start, up to the output. Above each wire stands the tensor, below it its gradient. At the right end the loss sends
# back $\text{output} - y$: lower the first and the last, raise the two in the middle.
#
# The lecture's program has no `backward()`. It writes the way back by hand, with a *delta* for each layer: how wrong
# the layer is, times the slope of its sigmoid. The error of the output goes back through $W_2$ to become the error of
# the hidden layer.
#
# $$ \delta_2 = (\text{output} - y) \cdot \sigma'_2 \qquad \delta_1 = (\delta_2 W_2^{\mathsf T}) \cdot \sigma'_1
# \qquad \frac{\partial L}{\partial W_2} = \text{hidden}^{\mathsf T} \delta_2
# \qquad \frac{\partial L}{\partial W_1} = X^{\mathsf T} \delta_1 $$

# %%
# Lecture row P7
W1 = tensor(start_1, dtype=float32, requires_grad=True, label="W1")
W2 = tensor(start_2, dtype=float32, requires_grad=True, label="W2")
X.label = "X"
hidden = (X @ W1).sigmoid()
output = (hidden @ W2).sigmoid()
loss = (0.5 * (output - y) ** 2).sum()
hidden.label, output.label = "hidden", "output"
loss.backward()

h, o = hidden.numpy(), output.numpy()
output_delta = (o - y.numpy()) * (o * (1 - o))
hidden_delta = output_delta @ W2.numpy().T * (h * (1 - h))
print("delta 2, by hand\n", output_delta)
print("delta 1, by hand\n", hidden_delta)

assert np.allclose(h.T @ output_delta, W2.grad.numpy(), atol=1e-7)
assert np.allclose(X.numpy().T @ hidden_delta, W1.grad.numpy(), atol=1e-7)
viz.draw(output, numbers=16, precision=3)

# %% [markdown]
# You find the deltas in the picture: they stand below the wires into the two $\sigma$. (The lecture takes
# $y - \text{output}$ and adds, we take $\text{output} - y$ and subtract.)
#
# ## Sixty thousand steps
#
# The lecture runs the loop 60,000 times. For a graph of a few dozen gates most of the time goes into building it. So
# write it with numbers instead of tensors and `compile` it: the graph is recorded once and played 60,000 times.

# %%
# Lecture row P7
rows_1 = [[Value(number) for number in row] for row in start_1.tolist()]
rows_2 = [[Value(number) for number in row] for row in start_2.tolist()]
outputs = []
for example in X.tolist():
    units = [autograd.dot(example, [row[i] for row in rows_1]).sigmoid() for i in range(4)]
    outputs.append(autograd.dot(units, [row[0] for row in rows_2]).sigmoid())
targets = [0.0, 1.0, 1.0, 0.0]
loss = sum(0.5 * (output - target) ** 2 for output, target in zip(outputs, targets, strict=True))
weights = [weight for row in rows_1 + rows_2 for weight in row]
program = autograd.compile([loss, *outputs], parameters=weights, gradient=[1, 0, 0, 0, 0])

errors = []
for _ in range(60_000):
    _, *found = program.run()
    errors.append(np.abs(np.subtract(targets, found)).mean())
    program.parameters -= program.gradients

numbers = np.array(program.parameters, dtype=np.float32)
hidden = (X @ tensor(numbers[:12].reshape(3, 4))).sigmoid()
figure, places = plt.subplots(1, 5, figsize=(10, 3), width_ratios=[7, 3, 4, 1, 1], layout="constrained")
places[0].loglog(range(1, 60_001), errors, color=GREEN)
places[0].set(xlabel="step", ylabel="mean absolute error")
heat(places[1], X, "examples", digits=0)
heat(places[2], hidden, "hidden neurons")
heat(places[3], np.array(found)[:, None], "output")
heat(places[4], y, "wanted", digits=0)
plt.show()
for step in range(0, 60_000, 10_000):
    print(f"step {step:>6,}: mean error {errors[step]:.5f}")

expected = [0.49641003, 0.00858452, 0.00578946, 0.00462918, 0.00395877, 0.00351012]
assert np.allclose(errors[::10_000], expected, rtol=0, atol=1e-8)
assert np.allclose(found, [0.00260572, 0.99672209, 0.99701711, 0.00386759], rtol=0, atol=1e-8)
assert np.round(found).tolist() == targets

# %% [markdown]
# For some hundred steps nothing seems to happen. Then the hidden neurons find out who does what. The tables show what
# they say in the end: each turned the examples into another column. No straight line divides the first two columns of
# the examples as wanted, but one plane divides the four columns of the hidden neurons. This is what a hidden layer is
# for: **it describes the examples anew, so that the next layer has an easy task.**
#
# ## The way back through many layers
#
# How does the first of many layers learn what it did wrong? Take the thinnest network there is, one neuron in each of
# $L$ layers, without biases: $a_0 = x$, $a_l = \sigma(w_l\,a_{l-1})$, and $J = \frac12 (a_L - y)^2$ in the end. The
# chain rule goes through every layer, two factors each:
#
# $$ \frac{\partial J}{\partial w_1} = \underbrace{(a_L - y)}_{\text{error}} \cdot
# \underbrace{a_L'\, w_L}_{\text{layer } L} \cdot \underbrace{a_{L-1}'\, w_{L-1}}_{\text{layer } L - 1} \cdots
# \underbrace{a_2'\, w_2}_{\text{layer } 2} \cdot \underbrace{a_1'\, x}_{\text{layer } 1}
# \qquad a_l' = a_l (1 - a_l) $$

# %%
# Lecture row G8
x = Value(1.5, "x")
w = [None, Value(0.8, "w1"), Value(1.1, "w2"), Value(1.4, "w3")]
z, a = [None], [x]
for layer in (1, 2, 3):
    z.append(w[layer] * a[layer - 1])
    a.append(z[layer].sigmoid())
J = 0.5 * (a[3] - 1) ** 2
J.backward()

viz.draw(J, precision=4)

# %% [markdown]
# Multiply the factors one after another, from the loss to the left. Each product is a number below a wire:

# %%
# Lecture row G8
factors = {"a₃ − y": a[3].data - 1}
wires = [a[3].grad]
for layer, digit in [(3, "₃"), (2, "₂"), (1, "₁")]:
    factors[f"a{digit}′"] = a[layer].data * (1 - a[layer].data)
    wires.append(z[layer].grad)
    if layer > 1:
        factors[f"w{digit}"] = w[layer].data
        wires.append(a[layer - 1].grad)
factors["x"] = x.data
wires.append(w[1].grad)
products = np.cumprod(list(factors.values()))

reached = [f"∂J/∂{name}" for name in ("a₃", "z₃", "a₂", "z₂", "a₁", "z₁", "w₁")]
rows = [("factor", factors, factors.values(), 3), ("product so far", reached, products, 5)]
figure, places = plt.subplots(2, 1, figsize=(9, 4.6), layout="constrained")
for axes, (title, names, bars, digits) in zip(places, rows, strict=True):
    bars = list(bars)
    axes.bar(range(7), bars, color=[GREEN if bar > 0 else ORANGE for bar in bars], width=0.55)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_ylabel(title)
    axes.margins(y=0.25)
    axes.set_xticks(range(7), names)
    axes.tick_params(axis="x", bottom=False, labelsize=12)
    for i, bar in enumerate(bars):
        sign = 1 if bar > 0 else -1
        text = f"{bar:.{digits}f}".replace("-", "−")
        axes.annotate(text, (i, bar), (0, 8 * sign), textcoords="offset points", ha="center", va="center")
plt.show()

assert np.allclose(products, wires, rtol=1e-12)
assert list(factors) == ["a₃ − y", "a₃′", "w₃", "a₂′", "w₂", "a₁′", "x"]
assert np.isclose(np.prod(list(factors.values())), w[1].grad, rtol=1e-12)

# %% [markdown]
# The slope of a sigmoid is at most $\frac14$. So each sigmoid takes at least three quarters of the gradient away. What
# is left for $w_1$ in a network of twelve layers? The lines compare sigmoids with units that pass on what is positive,
# $\max(0, z)$, whose slope is 1.

# %%
# Lecture row G8


def first_gradient(layers, weight, squash):
    """Return dJ/dw_1 by the chain rule, factor by factor, and check it against backward()."""
    weights, a = [Value(weight) for _ in range(layers)], [Value(1.5)]
    for w in weights:
        a.append(squash(w * a[-1]))
    (0.5 * (a[-1] - 1) ** 2).backward()
    product = a[-1].data - 1
    for layer in range(layers, 0, -1):
        after = a[layer].data
        slope = after * (1 - after) if squash is Value.sigmoid else float(after > 0)
        product *= slope * (weights[layer - 1].data if layer > 1 else a[0].data)
    assert np.isclose(product, weights[0].grad, rtol=1e-9)
    return abs(product)


depths = range(1, 13)
figure, axes = plt.subplots(figsize=(8, 3.8), layout="constrained")
ends = {}
for name, weight, squash, style, colour in [
    ("max(0, z), w = 1", 1.0, Value.relu, "o-", GREEN),
    ("sigmoid, w = 4", 4.0, Value.sigmoid, "^-", GREY),
    ("sigmoid, w = 1", 1.0, Value.sigmoid, "s-", ORANGE),
]:
    line = [first_gradient(layers, weight, squash) for layers in depths]
    axes.semilogy(depths, line, style, color=colour, markersize=5)
    axes.annotate(name, (12, line[-1]), (8, 0), textcoords="offset points", va="center", color="black")
    ends[name] = line[-1]
axes.set(xlabel="number of layers", ylabel="size of ∂J/∂w₁", xlim=(0.7, 15.5), xticks=[1, 3, 6, 9, 12])
plt.show()

assert ends["sigmoid, w = 1"] < 0.25**12 < 1e-6
assert ends["max(0, z), w = 1"] == 0.5 * 1.5

# %% [markdown]
# With sigmoids the first of twelve layers hears almost nothing: the gradient **vanishes**. Larger weights are no cure:
# with $w = 4$ the sigmoids run into their flat ends, where the slope is smaller still. This is why deep networks
# prefer other units, and why it matters with which weights you start.
#
# ## Three layers, forward
#
# Real layers have several neurons, and numbers become vectors and matrices. Three inputs, two hidden layers of four
# neurons, one output: $3 \to 4 \to 4 \to 1$. The last layer does not squash.
#
# $$ \mathbf{h}_1 = \sigma(W_1 \mathbf{x} + \mathbf{b}_1) \qquad \mathbf{h}_2 = \sigma(W_2 \mathbf{h}_1 + \mathbf{b}_2)
# \qquad \text{out} = W_3 \mathbf{h}_2 + \mathbf{b}_3 $$

# %%
# Lecture row P8
manual_seed(0)
model = nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 4), nn.Sigmoid(), nn.Linear(4, 1)).double()
W1, b1, W2, b2, W3, b3 = model.parameters()
x = autograd.randn(3, dtype=float64).requires_grad_()

h1 = (W1 @ x + b1).sigmoid()
h2 = (W2 @ h1 + b2).sigmoid()
out = W3 @ h2 + b3

steps = [("x", x), ("W₁", W1), ("b₁", b1), ("h₁", h1), ("W₂", W2), ("b₂", b2), ("h₂", h2)]
steps += [("W₃", W3), ("b₃", b3), ("out", out)]
figure, places = plt.subplots(1, 10, figsize=(10, 1.9), width_ratios=[1, 3, 1, 1, 4, 1, 1, 4, 1, 1])
for axes, (name, numbers) in zip(places, steps, strict=True):
    heat(axes, numbers if numbers.ndim == 2 else numbers.reshape(-1, 1), name, digits=1)
plt.show()
print(nn.summary(model, (3,)))

assert np.allclose(model(x).numpy(), out.numpy(), rtol=1e-12)
assert nn.summary(model, (3,)).total_parameters == (3 * 4 + 4 * 4 + 4 * 1) + (4 + 4 + 1) == 41
assert nn.summary(nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)), (3,)).total_parameters == 26

# %% [markdown]
# Count the cells: 32 weights and 9 biases make 41 parameters. (A network $3 \to 4 \to 2$ has $20 + 6 = 26$.)
#
# And the way back? The same formula as for the thin network. Each factor is now a Jacobian: for a layer its matrix,
# for the sigmoids a diagonal of slopes. Start with the row on the left. Multiplied by each table it stays a row, and
# what arrives at the right is the gradient of $\mathbf{x}$.

# %%
# Lecture rows G8, P8
out.sum().backward()
slopes_1, slopes_2 = (h.numpy() * (1 - h.numpy()) for h in (h1, h2))
tables = [W3.numpy(), np.diag(slopes_2), W2.numpy(), np.diag(slopes_1), W1.numpy()]
names = ["W₃", "slopes of h₂", "W₂", "slopes of h₁", "W₁"]
arrives = ["at h₂", "before its σ", "at h₁", "before its σ", "at x"]

figure, places = plt.subplots(2, 5, figsize=(10, 3.2), height_ratios=[4, 1], layout="constrained")
row, rows = np.ones((1, 1)), []
for (above, below), name, where, factor in zip(places.T, names, arrives, tables, strict=True):
    row = row @ factor
    rows.append(row)
    heat(above, factor, name)
    heat(below, row, where, digits=3, size=8)
plt.show()

assert np.allclose(rows[0], h2.grad.numpy())
assert np.allclose(rows[2], h1.grad.numpy())
assert np.allclose(rows[4], x.grad.numpy(), rtol=1e-9)
assert np.allclose(rows[3].T @ x.numpy()[None], W1.grad.numpy(), rtol=1e-9)  # times what came in
assert np.allclose(rows[3], b1.grad.numpy(), rtol=1e-9)

# %% [markdown]
# ## More neurons, and a price on their weights
#
# How many neurons should a hidden layer have? Each adds another line, and the boundary can bend once more. Here are
# noisy points, 100 to learn from. Another 100 points are kept aside, to see what the network makes of points that it
# has never met. (The neurons squash with $\tanh$, a sigmoid stretched to reach from $-1$ to $1$.)
#
# Too many neurons, and the boundary follows every stray point. So take fewer? Better not. A small network has few good
# solutions, and training may find none of them. Keep the twenty and make large weights expensive, as in the lower row:
#
# $$ L = \text{data loss} + \frac{\lambda}{2} \sum_i w_i^2 $$

# %%
# Lecture row P8
X, y = data.moons(200, noise=0.3, seed=1)[:]
X, y, X_new, y_new = X[:100], y[:100], X[100:], y[100:]


networks = {
    "1 neuron": (1, 0.0),
    "3 neurons": (3, 0.0),
    "20 neurons": (20, 0.0),
    "20 neurons, λ = 0.001": (20, 0.001),
    "20 neurons, λ = 0.01": (20, 0.01),
    "20 neurons, λ = 0.1": (20, 0.1),
}
learned, new = [], []
figure, places = plt.subplots(2, 3, figsize=(10, 6.8), layout="constrained")
for axes, (name, (neurons, strength)) in zip(places.ravel(), networks.items(), strict=True):
    manual_seed(0)
    model = nn.Sequential(nn.Linear(2, neurons), nn.Tanh(), nn.Linear(neurons, 2))
    trained(model, X, y, strength)
    learned.append(F.cross_entropy(model(X), y).item())
    new.append(F.cross_entropy(model(X_new), y_new).item())
    boundary(axes, model, X, y, f"{name}\nloss {learned[-1]:.2f}, new points {new[-1]:.2f}")
plt.show()

assert learned[0] > learned[1] > learned[2]  # more neurons, more capacity
assert learned[0] > 0.25
assert learned[2] < 0.02
assert new[2] > new[1] > new[0]  # surer of what it has seen, worse on what it has not
assert learned[2] < learned[3] < learned[4] < learned[5]  # the price is paid here
assert max(new[3:]) < 0.5 * new[2]
assert min(new[3:]) < min(new[:3])  # better than any number of neurons without it

# %% [markdown]
# The upper row: twenty neurons make no mistake on the points they have seen. They go round each stray square, and pay
# for it on new points: they are *sure* there, and wrong. This is **overfitting**.
#
# The lower row: the same twenty neurons, and with a growing $\lambda$ the boundary becomes smoother. With
# $\lambda = 0.01$ new points are understood better than by any network above. With $\lambda = 0.1$ the boundary is
# almost straight. So choose the number of neurons by the time you have, and the strength of the penalty by the points
# kept aside.
#
# ## Your turn
#
# 1. **Forward.** Write the forward pass of a network with any number of layers. `Ws` and `bs` are lists of NumPy
#    arrays, one for each layer. All layers squash with the sigmoid, but the last one does not.
# 2. **Count.** How many parameters does a network have? `sizes` is a list such as `[3, 4, 4, 1]`.
# 3. **Back.** Write $\partial J / \partial w_1$ for the thin network with any number of layers. `w` is the list of
#    weights $w_1, \dots, w_L$ and `a` the list $a_0, a_1, \dots, a_L$ with $a_0 = x$. So the weight `w[i]` leads from
#    `a[i]` to `a[i + 1]`.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_forward(function):
    numbers = np.random.default_rng(0)
    sizes = [2, 3, 5, 2]
    Ws = [numbers.normal(size=(n, m)) for m, n in pairwise(sizes)]
    bs = [numbers.normal(size=n) for n in sizes[1:]]
    x = numbers.normal(size=2)

    def forward(biases=1.0, last=False):
        h = x
        for layer, (W, b) in enumerate(zip(Ws, bs, strict=True)):
            h = W @ h + biases * b
            h = 1 / (1 + np.exp(-h)) if layer < 2 or last else h
        return h

    found = function(x.copy(), [W.copy() for W in Ws], [b.copy() for b in bs])
    if found is None:
        return print("Not yet: the function returns None.")
    linear = x
    for W, b in zip(Ws, bs, strict=True):
        linear = W @ linear + b
    if np.shape(found) != (2,):
        return print(f"No: with layers 2 → 3 → 5 → 2 the result has shape (2,), yours has {np.shape(found)}.")
    if np.allclose(found, forward(last=True)):
        return print("No: the last layer squashed, too. Its result may be any number.")
    if np.allclose(found, linear):
        return print("No: nothing was squashed. Without the sigmoid all these layers are one.")
    if np.allclose(found, forward(biases=0.0)):
        return print("No: the biases are missing.")
    if not np.allclose(found, forward()):
        return print("No: go through layer by layer. Each result is the input of the next.")
    return print("Right: layer by layer, and the last one does not squash.")


def check_count(function):
    given = [function([3, 4, 4, 1]), function([3, 4, 2]), function([64, 10])]
    if given[0] is None:
        return print("Not yet: the function returns None.")
    if given == [32, 20, 640]:
        return print("No: these are the weights alone. Each neuron has a bias as well.")
    if given == [44, 29, 714]:
        return print("No: inputs are not neurons. They have no bias.")
    if given == [9, 6, 10]:
        return print("No: these are the neurons. Each has a weight for every number that comes in.")
    if given != [41, 26, 650]:
        return print(f"No: 3 → 4 → 4 → 1 has 41, 3 → 4 → 2 has 26 and 64 → 10 has 650; yours are {given}.")
    return print("Right: 41, 26 and 650.")


def check_back(function):
    answers = []
    for weights, x, y in [([0.8, 1.1, 1.4], 1.5, 1.0), ([0.7], 2.0, 0.0), ([2.0, -1.0], -0.5, 1.0)]:
        w, a = [Value(weight) for weight in weights], [Value(x)]
        for weight in w:
            a.append((weight * a[-1]).sigmoid())
        (0.5 * (a[-1] - y) ** 2).backward()
        numbers = [value.data for value in a]
        answers.append((function(list(weights), numbers, y), w[0].grad, w[0].data, a[0].data, a[-1].data - y))
    if answers[0][0] is None:
        return print("Not yet: the function returns None.")

    def all_are(wrong):
        return all(np.isclose(found, wrong(*rest), rtol=1e-6) for found, *rest in answers)

    if all_are(lambda right, w1, x, error: right):
        return print("Right: error, slopes, weights and the input.")
    if all_are(lambda right, w1, x, error: -right):
        return print("No: the sign is turned round. The error is what came out minus what was wanted.")
    if all_are(lambda right, w1, x, error: right / error):
        return print("No: the chain begins with the error, a_L − y.")
    if all_are(lambda right, w1, x, error: right / x):
        return print("No: the last factor is missing. What is w1 multiplied by?")
    if all_are(lambda right, w1, x, error: right * w1 / x):
        return print("No: this is the gradient of x. In layer 1, * swaps: w1 gets x, not itself.")
    if all_are(lambda right, w1, x, error: right * w1):
        return print("No: w1 itself is no factor of its own gradient.")
    return print(f"No: for three layers the gradient is {answers[0][1]:.6f}, yours is {answers[0][0]:.6f}.")


# %%
def forward(x, Ws, bs):
    return None


check_forward(forward)


# %%
def count(sizes):
    return None


check_count(count)


# %%
def back(w, a, y):
    return None


check_back(back)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# ```python
# def forward(x, Ws, bs):
#     h = x
#     for W, b in zip(Ws[:-1], bs[:-1], strict=True):
#         h = 1 / (1 + np.exp(-(W @ h + b)))
#     return Ws[-1] @ h + bs[-1]
#
#
# check_forward(forward)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# Each neuron of a layer has one weight for each number that comes in, and one bias.
#
# ```python
# def count(sizes):
#     return sum((before + 1) * after for before, after in pairwise(sizes))
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
# ```python
# def back(w, a, y):
#     product = a[-1] - y
#     for i in range(len(w) - 1, -1, -1):
#         product *= a[i + 1] * (1 - a[i + 1])
#         product *= w[i] if i > 0 else a[0]
#     return product
#
#
# check_back(back)
# ```
#
# </details>

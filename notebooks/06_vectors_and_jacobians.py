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
# # 6. Vectors and Jacobians
#
# So far a gate took numbers and returned a number. Let it take a vector and return a vector: then *every* number that
# comes out has a derivative by *every* number that goes in. All of them together are a table, the **Jacobian**.
#
# **A gate with a thousand numbers in and a thousand out has a Jacobian of a million numbers. Does the backward pass
# need them all?**
#
# Here are the Jacobians of four gates with eight inputs. A row is an output, a column an input; green is positive,
# orange negative, white zero. How many numbers would *you* write down for each?

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

import autograd
import viz
from autograd import Tensor, float64, gradcheck, jacobian, tensor, vjp
from nn import functional as F

plt.rcParams.update({"figure.dpi": 80})
np.set_printoptions(precision=2, suppress=True)
GREEN, ORANGE = "#00775a", "#b54708"
SIGNS = LinearSegmentedColormap.from_list("signs", [ORANGE, "#ffffff", GREEN])


def heat(axes, matrix, title, digits=None):
    """Draw a table of numbers as colours, with the numbers written in when `digits` is given."""
    matrix = np.atleast_2d(matrix.numpy() if isinstance(matrix, Tensor) else matrix)
    largest = abs(matrix).max() or 1.0
    rows, columns = matrix.shape
    axes.imshow(matrix, cmap=SIGNS, vmin=-largest, vmax=largest)
    axes.set(xticks=[], yticks=[])
    axes.set_xticks(np.arange(0.5, columns - 1), minor=True)
    axes.set_yticks(np.arange(0.5, rows - 1), minor=True)
    axes.grid(which="minor", color="#d5d8dd", linewidth=0.7)
    axes.tick_params(which="both", length=0)
    axes.set_title(title, fontsize=11)
    for (i, j), number in np.ndenumerate(matrix if digits is not None else np.empty((0, 0))):
        colour = "white" if abs(number) > 0.6 * largest else "black"
        axes.text(
            j,
            i,
            f"{round(float(number), digits) + 0.0:.{digits}f}",
            ha="center",
            va="center",
            color=colour,
            fontsize=10,
        )


x = tensor([1.5, -0.5, 2.0, 0.5, -1.0, 1.0, -2.0, 0.8])
W = tensor([[((3 * i + 5 * j) % 7 - 3) / 3 for j in range(8)] for i in range(8)])
gates = {
    "relu(x)": lambda x: x.relu(),
    "softmax(x)": lambda x: F.softmax(x, dim=0),
    "W x": lambda x: W @ x,
    "sum(x)": lambda x: x.sum(),
}
tables = {name: jacobian(gate, x) for name, gate in gates.items()}

figure, places = plt.subplots(1, 4, figsize=(10, 2.8))
for axes, (name, table) in zip(places, tables.items(), strict=True):
    heat(axes, table, name)
plt.show()

# %% [markdown]
# `relu` works on each number alone, so its table has a diagonal and nothing else. The table of $W x$ *is* $W$, which
# we have already. The table of a sum is one row of ones. Only `softmax` mixes everything, and even its table is made
# of just eight numbers, as the exercise will show.
#
# ## The chain rule for vectors
#
# For $\mathbf{y} = g(\mathbf{x})$ the Jacobian has an entry for each pair:
#
# $$ J_{ij} = \frac{\partial y_i}{\partial x_j} $$
#
# For one number after another, derivatives are multiplied along the way. For one vector after another, Jacobians are
# multiplied, as matrices. Three gates, $\mathbf{z} = W \mathbf{x}$, $\mathbf{a} = \text{relu}(\mathbf{z})$,
# $L = \text{sum}(\mathbf{a}^2)$:
#
# $$ \frac{\partial L}{\partial \mathbf{x}} =
# \underbrace{\frac{\partial L}{\partial \mathbf{a}}}_{1 \times 8}\;
# \underbrace{\frac{\partial \mathbf{a}}{\partial \mathbf{z}}}_{8 \times 8}\;
# \underbrace{\frac{\partial \mathbf{z}}{\partial \mathbf{x}}}_{8 \times 8} $$

# %%
# Lecture row G5
x.requires_grad_()
z = W @ x
a = z.relu()
L = (a * a).sum()
L.backward()

J_L = jacobian(lambda a: (a * a).sum(), a).numpy().reshape(1, 8)
J_a = jacobian(lambda z: z.relu(), z).numpy()
J_z = jacobian(lambda x: W @ x, x).numpy()
print("three Jacobians multiplied:", (J_L @ J_a @ J_z)[0])
print("backward():                ", x.grad.numpy())

assert np.allclose((J_L @ J_a @ J_z)[0], x.grad.numpy(), atol=1e-5)

# %% [markdown]
# ## Never build it
#
# The first factor is a single row, because a loss is a single number. Multiply **from the left**, and it stays a
# single row all the way: each gate receives a row and hands on a row. So a gate never has to show its Jacobian. It
# only has to answer: *what is my row $\mathbf{g}$ times your table?* This is the **vector-Jacobian product**, and
# each gate has a short cut for it:
#
# | gate | what it hands on | instead of |
# |---|---|---|
# | $\mathbf{a} = \text{relu}(\mathbf{z})$ | $\mathbf{g} \cdot [\mathbf{z} > 0]$, one by one | a diagonal matrix |
# | $\mathbf{z} = W \mathbf{x}$ | $W^{\mathsf T} \mathbf{g}$ | $W$, which is there already |
# | $s = \text{sum}(\mathbf{x})$ | $g$ for each entry | a row of ones |

# %%
g = tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
row = g.numpy()

_, through_relu = vjp(gates["relu(x)"], x, v=g)
_, through_W = vjp(gates["W x"], x, v=g)
_, through_sum = vjp(gates["sum(x)"], x, v=tensor(5.0))
print("relu:", through_relu.numpy())
print("W x: ", through_W.numpy())
print("sum: ", through_sum.numpy())

assert np.array_equal(through_relu.numpy(), row * (x.numpy() > 0))
assert np.allclose(through_W.numpy(), W.numpy().T @ row, atol=1e-5)
assert np.array_equal(through_sum.numpy(), [5.0] * 8)
for name, found in [("relu(x)", through_relu), ("W x", through_W)]:
    assert np.allclose(found.numpy(), row @ tables[name].numpy(), atol=1e-5)

# %% [markdown]
# With eight numbers this is a convenience. Now take a layer of 4096 units and a mini-batch of 100 examples, nothing
# unusual. `relu` turns 409 600 numbers into 409 600 numbers. And take the weights of a network with
# $3072 \to 500 \to 500 \to 10$ units and a loss: does it matter from which side we multiply?

# %%
batch = autograd.zeros(100, 4096)
_, handed_on = vjp(lambda z: z.relu(), batch, v=autograd.ones(100, 4096))
numbers = batch.numel()
print(f"Jacobian of relu:  {numbers**2:>15,} numbers, {4 * numbers**2 / 1e9:.0f} GB")
print(f"what is handed on: {numbers:>15,} numbers, {handed_on.nbytes / 1e6:.1f} MB")

shapes = [(1, 10), (10, 500), (500, 500), (500, 3072)]
from_left = sum(1 * rows * columns for rows, columns in shapes[1:])
from_right = sum(rows * columns * 3072 for rows, columns in shapes[:-1])
print(f"multiplications from the left, row by row:    {from_left:>13,}")
print(f"multiplications from the right, whole tables: {from_right:>13,}")

assert numbers == 409_600
assert handed_on.nbytes == 4 * 409_600
assert (from_left, from_right) == (1_791_000, 783_390_720)

# %% [markdown]
# 671 gigabytes against 1.6 megabytes, and 437 times the work. (From the right it pays when there are few inputs and
# many outputs. With one loss and a million weights, the left is the side to start from, and *starting at the loss* is
# what "backward" means.)
#
# ## A loss in stages
#
# Three pictures, a cat, a car and a frog, each with two measurements. A matrix $W$ and a vector $\mathbf{b}$ turn
# each picture into three scores, one for each class. The scores are those of the lecture. We want the **multiclass
# SVM loss**, and build it in stages, so that each one is easy to differentiate:
#
# $$ S = X W^{\mathsf T} + \mathbf{b} \qquad
# M_{ij} = \max(0,\; S_{ij} - S_{i y_i} + 1) \;\text{ for } j \ne y_i $$
# $$ \text{data} = \frac{1}{n} \sum_{i,j} M_{ij} \qquad
# \text{reg} = \lambda \sum_{i,j} W_{ij}^2 \qquad L = \text{data} + \text{reg} $$

# %%
# Lecture row G5
X = tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], label="X")
W = tensor([[0.9, -1.0], [-2.4, -2.6], [-5.1, -1.4]], requires_grad=True, label="W")
b = tensor([2.3, 7.5, 3.4], requires_grad=True, label="b")
labels, every, reg_strength = [0, 1, 2], [0, 1, 2], 0.1  # cat, car, frog
others = tensor(1 - np.eye(3)[labels], dtype=X.dtype, label="others")

scores = F.linear(X, W, b)  # X W^T + b
right = scores[every, labels].reshape(3, 1)
excess = scores - right + 1
margins = excess.relu() * others
data_loss = margins.sum() / 3
reg_loss = reg_strength * (W**2).sum()
loss = data_loss + reg_loss
scores.label, margins.label, loss.label = "scores", "margins", "loss"

print("scores\n", scores.numpy())
print("margins\n", margins.numpy())
print(f"each picture {margins.numpy().sum(1)}, data loss {data_loss.item():.2f}")
print(f"regularisation loss {reg_loss.item():.2f}, loss {loss.item():.2f}")

assert np.allclose(scores.numpy(), [[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
assert np.allclose(margins.numpy().sum(1), [2.9, 0.0, 12.9])
assert round(data_loss.item(), 2) == 5.27
assert np.isclose(reg_loss.item(), 4.23)

# %% [markdown]
# ## And back, stage by stage
#
# The same stages from the last to the first, in NumPy. Nothing here is new: `+` distributes, `max` routes, `*` swaps,
# a branch sums. There are two branches: $W$ is used by the scores and by the regularisation, and the scores are used
# directly and as the score of the right class.

# %%
# Lecture row G5
d_data, d_reg = 1.0, 1.0  # + distributes
d_margins = np.full((3, 3), d_data / 3)  # the mean
d_excess = d_margins * others.numpy() * (excess.numpy() > 0)  # max routes
d_right = -d_excess.sum(1)  # was subtracted from all three scores of a picture
d_scores = d_excess.copy()
d_scores[every, labels] += d_right  # the scores branched
d_W = d_scores.T @ X.numpy()  # * swaps
d_W = d_W + d_reg * 2 * reg_strength * W.numpy()  # W branched
d_b = d_scores.sum(0)  # b was added to all three pictures

loss.backward()
assert np.array_equal(np.round(d_scores * 3), [[-1, 1, 0], [0, 0, 0], [1, 1, -2]])
assert np.allclose(d_scores, scores.grad.numpy())
assert np.allclose(d_W, W.grad.numpy())
assert np.allclose(d_b, b.grad.numpy())
viz.draw(loss, direction="TB", numbers=9)

# %% [markdown]
# On each wire stands the tensor (left) and its gradient (right), always in the same shape. Read the gradient of the
# scores, a row for each picture, in thirds because of the mean. The cat's row says: lower the score for "car", raise
# the one for "cat". The car is fine and asks for nothing. The frog complains about both others, and its own score
# counts for both complaints: $-\tfrac23$.
#
# ## Another stage, another loss
#
# Replace the margins and keep the rest. **Softmax** turns scores into probabilities, and the loss is the negative
# logarithm of the one for the right class:
#
# $$ P_{ij} = \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}} \qquad \text{data} = -\frac1n \sum_i \ln P_{i y_i} $$
#
# Going back through logarithm, division, sum and exponential by hand takes a page. What is left in the end is one
# line: *what the network said, minus what is true*.
#
# $$ \frac{\partial\,\text{data}}{\partial S} = \frac{P - Y}{n} $$

# %%
# Lecture row G5
scores = tensor([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]], requires_grad=True)
exponentials = scores.exp()
P = exponentials / exponentials.sum(dim=1, keepdim=True)
each = -P[every, labels].log()
data_loss = each.mean()
data_loss.backward()

Y = np.eye(3)[labels]
print("probabilities\n", P.numpy())
print("gradient of the scores, times 3\n", 3 * scores.grad.numpy())
print(f"loss of the cat {each[0].item():.2f}")

assert [f"{p:.2f}" for p in P[0].tolist()] == ["0.13", "0.87", "0.00"]
assert f"{each[0].item():.2f}" == "2.04"
assert np.allclose(scores.grad.numpy(), (P.numpy() - Y) / 3, atol=1e-6)
assert np.isclose(data_loss.item(), F.cross_entropy(scores, tensor(labels)).item())

# %% [markdown]
# (A lecture prints $0.89$ as the loss of the cat. That is the logarithm to base 10; with $\ln$ it is $2.04$.) The SVM
# is content as soon as the margins are kept. Softmax never is: even the car still gets a small push.
#
# ## Broadcasting, and the sum that undoes it
#
# In $X W^{\mathsf T} + \mathbf{b}$ a vector of three is added to a table of nine. NumPy **stretches** it: the same
# three numbers for every picture. (In the picture above the right scores are stretched as well, see the arrow
# "→ 3×3".) Stretching is a gate like any other, a very simple one: it copies. And a copy is a
# branch, so on the way back the gradients are **summed**, along exactly those axes that were stretched.
#
# The Jacobian says the same: stretching three numbers to nine is a table of three unit matrices, one above the other.
# From the left, a row of nine times this table adds up what belongs together.

# %%
stretch = jacobian(lambda b: b.broadcast_to((3, 3)).reshape(9), b).numpy()
g = np.arange(1.0, 10.0)
figure, places = plt.subplots(1, 3, figsize=(8, 3), width_ratios=[9, 3, 3], layout="constrained")
heat(places[0], g, "a gradient of nine numbers, times", digits=0)
heat(places[1], stretch, "this table, gives", digits=0)
heat(places[2], g @ stretch, "the sum", digits=0)
plt.show()

G = tensor(g.reshape(3, 3), dtype=X.dtype)
for shape, axes, drop in [((3,), 0, True), ((1, 3), 0, False), ((3, 1), 1, False), ((), (0, 1), True)]:
    _, found = vjp(lambda small: X @ W.T + small, autograd.ones(*shape), v=G)
    print(f"shape {shape!s:7} summed along axis {axes!s:7} gives {found.numpy().tolist()}")
    assert np.array_equal(found.numpy(), G.numpy().sum(axes, keepdims=not drop))

assert np.array_equal(g @ stretch, g.reshape(3, 3).sum(0))

# %% [markdown]
# A gradient always has the shape of its tensor. If yours has not, a sum is missing.
#
# ## The delta rule
#
# Now a network with several layers, a vector for each:
#
# $$ \mathbf{z}_l = W_l\, \mathbf{a}_{l-1} + \mathbf{b}_l \qquad \mathbf{a}_l = f(\mathbf{z}_l) \qquad
# J = \tfrac12\, |\mathbf{a}_L - \mathbf{y}|^2 $$
#
# The loss is called $J$ here, as in textbooks, which give the way back as a recipe. Let $\boldsymbol\delta_l$ be the
# gradient of $\mathbf{z}_l$. The short cuts from above, one after the other, are the whole proof: through $f$ multiply
# one by one with $f'$, through $W$ multiply with $W^{\mathsf T}$.
#
# $$ \boldsymbol\delta_L = (\mathbf{a}_L - \mathbf{y}) * f'(\mathbf{z}_L) \qquad
# \boldsymbol\delta_l = (W_{l+1}^{\mathsf T}\, \boldsymbol\delta_{l+1}) * f'(\mathbf{z}_l) $$
# $$ \frac{\partial J}{\partial W_l} = \boldsymbol\delta_l\, \mathbf{a}_{l-1}^{\mathsf T} \qquad
# \frac{\partial J}{\partial \mathbf{b}_l} = \boldsymbol\delta_l $$

# %%
sizes = [2, 2, 2, 2]  # small, so that every number fits into the picture
autograd.manual_seed(30)
parameters = []
for layer, (before, after) in enumerate(pairwise(sizes), 1):
    parameters += [autograd.randn(after, before), autograd.randn(after)]
    parameters[-2].label, parameters[-1].label = f"W{layer}", f"b{layer}"
x, y = tensor([1.0, -2.0], label="x"), tensor([1.0, 0.0], label="y")


def network(x, *parameters):
    """Return the loss, and the vectors z and a of every layer."""
    zs, activations = [], [x]
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        zs.append(W @ activations[-1] + b)
        activations.append(zs[-1].sigmoid())
    return 0.5 * ((activations[-1] - y) ** 2).sum(), zs, activations


for parameter in parameters:
    parameter.requires_grad_()
J, zs, activations = network(x, *parameters)
for layer, (z, a) in enumerate(zip(zs, activations[1:], strict=True), 1):
    z.label, a.label = f"z{layer}", f"a{layer}"
J.backward()
viz.draw(J, direction="TB", precision=3)

# %% [markdown]
# Read it from below: $\boldsymbol\delta_3$ is what stands to the right of $\mathbf{z}_3$. Through the `+` it reaches
# $\mathbf{b}_3$ unchanged; at `@` it makes a column times a row for $W_3$, and $W_3^{\mathsf T}\boldsymbol\delta_3$ for
# $\mathbf{a}_2$. Now the recipe, in NumPy, against the graph:

# %%
# Lecture row G7


def f_slope(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


Ws, bs = parameters[::2], parameters[1::2]
deltas = {}
for layer in (2, 1, 0):
    z, a_before = zs[layer].numpy(), activations[layer].numpy()
    if layer == 2:
        deltas[layer] = (activations[-1].numpy() - y.numpy()) * f_slope(z)
    else:
        deltas[layer] = (Ws[layer + 1].numpy().T @ deltas[layer + 1]) * f_slope(z)
    dJ_dW = np.outer(deltas[layer], a_before)
    dJ_db = deltas[layer]
    print(f"layer {layer + 1}: delta", " ".join(f"{delta:8.4f}" for delta in deltas[layer]))

    assert np.allclose(deltas[layer], zs[layer].grad.numpy(), atol=1e-6)
    assert np.allclose(dJ_dW, Ws[layer].grad.numpy(), atol=1e-6)
    assert np.allclose(dJ_db, bs[layer].grad.numpy(), atol=1e-6)

in_float64 = [leaf.detach().to(float64) for leaf in (x, *parameters)]
passed = gradcheck(lambda *leaves: network(*leaves)[0], in_float64)
print("gradcheck:", passed)

assert passed

# %% [markdown]
# The recipe and the graph give the same numbers: $\boldsymbol\delta$ is what the graph keeps in `z.grad`. Note how it
# gets smaller from layer to layer: each sigmoid multiplies by a slope of at most $\tfrac14$.
#
# ## Your turn
#
# Write the vector-Jacobian product of two gates, in NumPy, **without building the Jacobian**: a function that gets
# what the gate kept and the upstream gradient `g`, and returns the gradient of the input.
#
# 1. **Softmax of a vector**, $\mathbf{p} = \text{softmax}(\mathbf{x})$. Its Jacobian is $p_i\,([i = j] - p_j)$. Eight
#    numbers $p_i$ should be enough.
# 2. **Centring**, $\mathbf{y}_i = \mathbf{x}_i - \bar{\mathbf{x}}$ for the rows of a table: from each column its mean
#    is subtracted. The mean is a sum that is then stretched. What undoes both?

# %%


def compare(found, exact, hints):
    """Say what is wrong with a gradient; `hints` are known mistakes and what to say about them."""
    if found is None:
        return print("Not yet: the function returns None.")
    found = np.asarray(found)
    if found.shape != exact.shape:
        return print(f"No: the gradient must have the shape {exact.shape}, yours has {found.shape}.")
    for mistake, hint in hints:
        if np.allclose(found, mistake):
            return print(f"No: {hint}")
    if not np.allclose(found, exact):
        return print("No: the Jacobian gives other numbers. Try it with g = (1, 0, 0, ...) first.")
    return print("Right: the same as with the Jacobian, without building it.")


def check_softmax(function):
    x, g = np.array([0.5, -1.0, 2.0, 0.3]), np.array([1.0, -2.0, 0.5, 3.0])
    p, exact = vjp(lambda x: F.softmax(x, dim=0), x, v=g)
    p = p.numpy()
    hints = [
        (p * (1 - p) * g, "this is the diagonal only. In a softmax every output depends on every input."),
        (p * g, "each output also falls when the others grow: the part with -p_i p_j is missing."),
        (-p * (p @ g), "this is the part with -p_i p_j. The diagonal, where i = j, is missing."),
        (p * g - p * g.sum(), "in the sum, each g_i is weighted by its p_i."),
    ]
    return compare(function(p.copy(), g.copy()), exact.numpy(), hints)


def check_centring(function):
    g = np.array([[1.0, -2.0], [0.5, 3.0], [4.0, 1.0]])
    _, exact = vjp(lambda x: x - x.mean(dim=0), np.zeros((3, 2)), v=g)
    hints = [
        (g, "this is the direct way only. Each entry also moves the mean of its column."),
        (g - g.sum(0), "the mean divides by the number of rows, also on the way back."),
        (-g.mean(0) + np.zeros_like(g), "this is the way through the mean. The direct way is missing."),
        (g - g.mean(1, keepdims=True), "along the other axis: the mean was taken over the rows of a column."),
        (g - g.mean(), "each column has a mean of its own."),
    ]
    return compare(function(g.copy()), exact.numpy(), hints)


# %%
def softmax_back(p, g):
    return None


check_softmax(softmax_back)


# %%
def centring_back(g):
    return None


check_centring(centring_back)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# $\sum_i g_i\, p_i\,([i = j] - p_j) = p_j\,\big(g_j - \sum_i g_i p_i\big)$. The sum is one number for all $j$.
#
# ```python
# def softmax_back(p, g):
#     return p * (g - p @ g)
#
#
# check_softmax(softmax_back)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# The mean is stretched over the rows, so its gradient is the sum over the rows, with a minus; and a mean hands each
# row its $n$-th part. Together: centre the gradient as well.
#
# ```python
# def centring_back(g):
#     return g - g.mean(axis=0)
#
#
# check_centring(centring_back)
# ```
#
# </details>

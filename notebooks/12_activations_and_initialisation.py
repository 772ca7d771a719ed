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
# # 12. Activations and initialisation
#
# Here are three networks of ten layers, 500 units each, with tanh. Nothing has been trained: 1000 random inputs went
# through random weights. The networks differ in one number only, the standard deviation of these weights.
#
# **Which of the three can learn?** Each row is a network. Each panel shows what comes out of one layer: how often each
# number between $-1$ and $1$ occurs.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

import autograd
import nn
import viz
from autograd import Value, float64, no_grad, tensor
from nn import functional as F
from nn.data import transforms
from viz import plots

plt.rcParams.update({"figure.dpi": 80})
np.set_printoptions(precision=2, suppress=True)
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"


def ten_layers(activation, initialise):
    """Send 1000 Gaussian inputs through ten new layers; return their sums W x, and their outputs."""
    x, sums, outputs = autograd.randn(1000, 500, dtype=float64), [], []
    for _ in range(10):
        layer = nn.Linear(500, 500, bias=False, dtype=float64)
        initialise(layer.weight)
        sums.append(layer(x))
        x = activation(sums[-1])
        outputs.append(x)
    return sums, outputs


def normal(std):
    return lambda weight: nn.init.normal_(weight, 0.0, std)


autograd.manual_seed(0)
panels = {}
for std in (0.01, 0.045, 1.0):
    with no_grad():
        _, outputs = ten_layers(F.tanh, normal(std))
    panels |= {f"std {std:g}: layer {number}": outputs[number - 1] for number in (1, 4, 7, 10)}

figure = plots.activation_histograms(panels, limits=(-1, 1), columns=4)
figure.set(size_inches=(10, 6.6), dpi=80)
display(figure)

# %% [markdown]
# In the first network the numbers become smaller from layer to layer, until all are zero. In the third, all numbers
# are $-1$ or $1$. Only the second still has something to say after ten layers.
#
# This page follows a number on its way: through the bend of a unit, into the network, from layer to layer. The idea is
# always the same. **A network learns where signals arrive and slopes come back.**
#
# ## Six bends
#
# Without a bend between them, ten layers are no more than one: a matrix times a matrix is a matrix. Here are six
# bends, called **activation functions**. The solid line is the function, the dashed line its slope. Below each stand
# both at $x = -10$, $0$ and $10$: the function first, then the slope.

# %%
# Lecture row T1
bends = {
    "sigmoid": F.sigmoid,
    "tanh": F.tanh,
    "ReLU": F.relu,
    "leaky ReLU, 0.01": lambda x: F.leaky_relu(x, 0.01),
    "leaky ReLU, 0.1": lambda x: F.leaky_relu(x, 0.1),
    "ELU": F.elu,
}
figure, places = plt.subplots(2, 3, figsize=(9, 7.4), layout="constrained")
figure.get_layout_engine().set(hspace=0.08, w_pad=0.1)
for axes, (name, bend) in zip(places.flat, bends.items(), strict=True):
    plots.activation(bend, title=name, ax=axes)
    axes.get_legend().remove()
figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=13)
plt.show()

s, t = 1 / (1 + math.exp(-10)), math.tanh(10)
at_three_places = {
    "sigmoid": ([1 - s, 0.5, s], [s * (1 - s), 0.25, s * (1 - s)]),
    "tanh": ([-t, 0, t], [math.cosh(10) ** -2, 1, math.cosh(10) ** -2]),
    "ReLU": ([0, 0, 10], [0, 0, 1]),
    "leaky ReLU, 0.01": ([-0.1, 0, 10], [0.01, 0.01, 1]),
    "leaky ReLU, 0.1": ([-1, 0, 10], [0.1, 0.1, 1]),
    "ELU": ([math.exp(-10) - 1, 0, 10], [math.exp(-10), 1, 1]),
}
for name, (values, slopes) in at_three_places.items():
    x = tensor([-10.0, 0.0, 10.0], dtype=float64, requires_grad=True)
    y = bends[name](x)
    y.sum().backward()
    assert np.allclose(y.numpy(), values, rtol=1e-10)
    assert np.allclose(x.grad.numpy(), slopes, rtol=1e-6)

# %% [markdown]
# * **sigmoid** $\;\sigma(x) = 1 / (1 + e^{-x})$. Flat at both ends: there it is **saturated**. Its slope is at most
#   $\tfrac14$. All that it gives is positive.
# * **tanh** has its middle at zero. It is a sigmoid twice as fast, stretched: $\tanh(x) = 2\,\sigma(2x) - 1$. Flat at
#   both ends, too.
# * **ReLU** $\;\max(0, x)$. Not flat at the right, and cheap. At the left, nothing at all comes back. (At $0$ there is
#   a corner. Take any slope between $0$ and $1$; here, as in PyTorch, it is $0$.)
# * **leaky ReLU** $\;\max(\alpha x, x)$ with a small $\alpha$, such as $0.01$ or $0.1$: a little always comes back.
# * **ELU** $\;x$ for $x > 0$, else $e^x - 1$: a ReLU without the corner, flat only at the far left.
#
# Two more do not fit into a picture with one line. **Maxout** has several lines $w_k^{\mathsf T} x + b_k$, takes the
# largest, and learns them all: its shape, too. With two lines that is twice the weights. **Softmax** takes all scores
# of a layer together and makes them probabilities, so it stands at the end of a classifier.

# %%
# Lecture row T1
x = autograd.linspace(-10, 10, 201, dtype=float64).unsqueeze(1)
maxout = nn.Maxout(1, 1, bias=False, dtype=float64)
figure, places = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
for axes, slopes in zip(places, ([1.0, 0.0], [1.0, 0.1]), strict=False):
    maxout.load_state_dict({"weight": tensor(slopes, dtype=float64).unsqueeze(1)})
    with no_grad():
        largest = maxout(x)
    for slope in slopes:
        axes.plot(x, slope * x, color=GREY, linestyle="--")
    axes.plot(x, largest, color=GREEN, linewidth=3)
    name = "ReLU" if slopes[1] == 0 else "leaky ReLU"
    axes.set(title=f"maxout of {slopes[0]:g} x and {slopes[1]:g} x", xlabel="x")
    axes.text(-10, 6, f"the larger of both:\n{name}", color=GREEN)
    assert np.allclose(largest.numpy(), F.leaky_relu(x, slopes[1]).numpy())

scores = tensor([-10.0, 0.0, 10.0], dtype=float64, requires_grad=True)
p = F.softmax(scores, dim=0)
p[2].backward()
bars = places[2].bar(["−10", "0", "10"], p.tolist(), color=GREEN, width=0.6)
places[2].bar_label(bars, [f"{share:.2g}" for share in p.tolist()], padding=2)
places[2].set(title="softmax of three scores", xlabel="score", ylim=(0, 1.15))
for axes in places:
    axes.spines[["top", "right"]].set_visible(False)
plt.show()
print("probabilities                       ", [f"{share:.7f}" for share in p.tolist()])
print("slopes of the last one by each score", [f"{slope:.1e}" for slope in scores.grad.tolist()])

assert np.allclose(F.tanh(x).numpy(), (2 * F.sigmoid(2 * x) - 1).numpy(), atol=1e-15)
weights = {layer: sum(w.numel() for w in layer(5, 4).parameters()) for layer in (nn.Linear, nn.Maxout)}
assert weights[nn.Maxout] == 2 * weights[nn.Linear]
assert np.isclose(p.sum().item(), 1.0)
assert np.allclose(p.tolist(), [math.exp(-20), math.exp(-10), 1.0], rtol=1e-4)
assert np.allclose(F.softmax(scores + 1000, dim=0).tolist(), p.tolist())  # only differences count
assert np.allclose(scores.grad.tolist(), [-math.exp(-20), -math.exp(-10), math.exp(-10)], rtol=1e-3)

# %% [markdown]
# Softmax saturates as well: with scores so far apart, none of the slopes is more than $0.00005$.
#
# ## Saturation
#
# Two units with the same weight and the same input: both get the product $10$. One bends it with a sigmoid, the other
# with a ReLU. Their results are added, so both get the same gradient, $1$. What reaches the two weights?

# %%
# Lecture row T1
x, u, v = Value(2.0, "x"), Value(5.0, "u"), Value(5.0, "v")
both = (u * x).sigmoid() + (v * x).relu()
both.backward()

assert f"{u.grad:.5f}" == "0.00009"
assert v.grad == 2.0
viz.draw(both, precision=5)

# %% [markdown]
# $v$ gets $2$. $u$ gets $0.00009$, next to nothing: a saturated sigmoid passes a twenty-thousandth of what it is
# given. Now ten bends in a row, with nothing in between, beginning at $0.5$. How much comes back to the first?

# %%
# Lecture row T1
start = tensor(0.5, dtype=float64, requires_grad=True)
slopes = {}
for name in ("sigmoid", "tanh", "ReLU"):
    y, slopes[name] = start, [1.0]
    for _ in range(10):
        y = bends[name](y)
        slopes[name].append(autograd.grad(y, start)[0].item())

figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
for (name, line), colour, marker in zip(slopes.items(), (ORANGE, GREY, GREEN), "so^", strict=True):
    axes.semilogy(line, color=colour, marker=marker, markersize=6)
    axes.annotate(name, (10, line[-1]), xytext=(9, 0), textcoords="offset points", va="center", color=colour)
axes.set(xlabel="bends in a row", ylabel="slope of the last by the first", xlim=(-0.3, 11.4), xticks=range(0, 11, 2))
axes.spines[["top", "right"]].set_visible(False)
plt.show()

assert 0 < slopes["sigmoid"][-1] < 0.25**10
assert slopes["ReLU"][-1] == 1.0
for bend in (F.sigmoid, F.tanh):
    x = tensor([-10.0, 10.0], dtype=float64, requires_grad=True)
    bend(x).sum().backward()
    assert (x.grad < 1e-4).all()

# %% [markdown]
# Even where a sigmoid is not saturated its slope is a quarter at most. After ten of them less than a millionth is
# left. This is why deep networks are not made of sigmoids.
#
# ## Units that die
#
# A ReLU passes everything or nothing. Suppose one unlucky step, with a learning rate that was too large, carries a
# unit so far to the left that it is off for *every* input. Then its gradient is zero, always. No step will ever bring
# it back: it is **dead**. A leaky ReLU passes a little, and climbs out.
#
# One unit, $\text{bend}(w x + b)$, is to learn the dots. The first step is far too large, the 600 steps after it are
# fine.

# %%
# Lecture row T1
inputs = autograd.linspace(0, 1, 21).unsqueeze(1)
targets = 0.5 * inputs + 0.25
figure, places = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
for axes, (name, bend) in zip(places, {"ReLU": nn.ReLU(), "leaky ReLU, 0.1": nn.LeakyReLU(0.1)}.items(), strict=True):
    unit = nn.Linear(1, 1)
    unit.load_state_dict({"weight": tensor([[1.0]]), "bias": tensor([1.0])})
    model = nn.Sequential(unit, bend)
    optimiser = nn.optim.SGD(model.parameters(), lr=3.0)
    shown = {"before": model(inputs).numpy()}
    for step in range(601):
        optimiser.zero_grad()
        loss = F.mse_loss(model(inputs), targets)
        loss.backward()
        optimiser.step()
        if step == 0:
            shown["after one step"] = model(inputs).numpy()
            fallen = unit.weight.item(), unit.bias.item()
            optimiser.param_groups[0]["lr"] = 0.2
    shown["at the end"] = model(inputs).numpy()

    axes.plot(inputs, targets, "o", color="black", markersize=4)
    for (when, line), style in zip(shown.items(), (":", "--", "-"), strict=True):
        colour = GREEN if when == "at the end" else ORANGE
        axes.plot(inputs, line, color=colour, linestyle=style, linewidth=2.5)
        below = name == "ReLU" and when == "at the end"
        offset = -0.12 if below else -0.22 if when == "before" else 0.12
        axes.text(0.97, line[-1, 0] + offset, when, color=colour, ha="right", va="top" if offset < 0 else "bottom")
    axes.set(title=name, xlabel="x")
    axes.spines[["top", "right"]].set_visible(False)
    print(f"{name:15}  loss at the end {loss.item():.4f}")

    alive = (unit.weight.item(), unit.bias.item()) != fallen
    assert alive == (name != "ReLU")
    assert loss.item() < 1e-3 if alive else unit.weight.grad.item() == unit.bias.grad.item() == 0.0
plt.show()

# %% [markdown]
# The ReLU stays at zero: its gradients are exactly $0$. So choose learning rates with care, and if many of your units
# are dead, try a leaky ReLU.
#
# ## Before the first layer: the data
#
# Inputs can saturate a unit, too. And when all inputs are positive, all weights of a unit are pushed in the same
# direction, up or down. So data are prepared. Four steps, each goes further than the one before:
#
# 1. **zero mean**: subtract the mean of each feature,
# 2. **unit variance**: also divide by the standard deviation of each feature,
# 3. **decorrelate**: turn the cloud so that it lies along the axes (this is called PCA),
# 4. **whiten**: then divide by the deviation along each axis. What is left is a round cloud.
#
# Follow the three marked points.

# %%
# Lecture row T2
random = np.random.default_rng(0)
cloud = random.standard_normal((300, 2)) @ np.array([[2.0, 0.9], [0.0, 0.5]]) + [3.0, 2.5]
marked = np.array([[6.5, 4.4], [3.0, 1.0], [-0.5, 0.6]])

steps = {
    "zero mean": transforms.ZeroMean(),
    "unit variance": transforms.Standardize(),
    "decorrelate": transforms.Decorrelate(),
    "whiten": transforms.Whiten(eps=0.0),
}
prepared = {"as it came": (cloud, marked)}
for name, step in steps.items():
    step.fit(cloud)
    prepared[name] = step(cloud), step(marked)

figure, places = plt.subplots(1, 5, figsize=(10, 2.4), sharex=True, sharey=True, layout="constrained")
for axes, (name, (points, three)) in zip(places, prepared.items(), strict=True):
    axes.axhline(0, color="#d5d8dd", zorder=0)
    axes.axvline(0, color="#d5d8dd", zorder=0)
    axes.scatter(*points.T, s=5, color=GREY)
    for point, letter in zip(three, "ABC", strict=True):
        axes.plot(*point, "o", color="white", markeredgecolor=ORANGE, markersize=14, markeredgewidth=1.5)
        axes.text(*point, letter, ha="center", va="center_baseline", color=ORANGE, fontsize=10, fontweight="bold")
    axes.set(title=name, xlim=(-5, 8), ylim=(-4.2, 5.5), aspect="equal", xticks=[-4, 0, 4, 8], yticks=[-4, 0, 4])
    axes.spines[["top", "right"]].set_visible(False)
plt.show()


def covariance(points):
    return np.cov(points.T, bias=True)


for name, (points, _) in prepared.items():
    print(f"{name:14} mean {points.mean(0).round(2) + 0.0}, covariance {(covariance(points).round(2) + 0.0).tolist()}")

assert np.allclose(prepared["zero mean"][0].mean(0), 0)
assert np.allclose(covariance(prepared["zero mean"][0]), covariance(cloud))
assert np.allclose(prepared["unit variance"][0].std(0), 1)
along_the_axes = np.diag(np.sort(np.linalg.eigvalsh(covariance(cloud)))[::-1])
assert np.allclose(covariance(prepared["decorrelate"][0]), along_the_axes)
assert np.allclose(covariance(prepared["whiten"][0]), np.eye(2))

# %% [markdown]
# The statistics are taken from the **training data alone**, once. All later data get the same treatment with the same
# numbers, as the marked points did: they are not part of the cloud.
#
# ## Images
#
# The features of an image all have the same scale, so usually only a mean is subtracted. Which one?
#
# * the **mean image**: one number for each pixel and channel,
# * one number **per channel**: three for colour images,
# * one number **per image**: how bright it is as a whole no longer counts.
#
# Here are patches of two photographs. (After subtracting, grey is zero.)

# %%
# Lecture row T2
from sklearn.datasets import load_sample_image

patches = []
for photograph in ("flower.jpg", "china.jpg"):
    pixels = load_sample_image(photograph)[:416, :624] / 255.0
    blocks = pixels.reshape(4, 104, 6, 104, 3)[:, :96, :, :96].reshape(4, 24, 4, 6, 24, 4, 3).mean((2, 5))
    patches.append(blocks.transpose(0, 2, 4, 1, 3).reshape(24, 3, 24, 24))
patches = np.concatenate(patches)  # (N, C, H, W)

mean_image = transforms.ZeroMean(axis=0).fit(patches)
per_channel = transforms.ZeroMean(axis=(0, 2, 3)).fit(patches)
per_image = transforms.PerImageZeroMean()
rows = {
    "as they came": patches,
    "minus the mean image": mean_image(patches) + 0.5,
    "minus the mean of each channel": per_channel(patches) + 0.5,
    "minus the mean of each image": per_image(patches) + 0.5,
}
figure, places = plt.subplots(4, 1, figsize=(7, 5.4), layout="constrained")
for axes, (name, batch) in zip(places, rows.items(), strict=True):
    chosen = np.pad(batch[[1, 8, 15, 24, 31, 38, 45]], ((0, 0), (0, 0), (0, 0), (0, 2)), constant_values=1.0)
    axes.imshow(np.clip(np.concatenate(chosen.transpose(0, 2, 3, 1), axis=1), 0, 1), interpolation="nearest")
    axes.set_title(name, fontsize=11)
    axes.axis("off")
plt.show()
red, green, blue = per_channel.mean.ravel()
print(f"{len(patches)} patches of shape {patches.shape[1:]}")
print("the mean image has", mean_image.mean.size, "numbers")
print(f"the mean per channel has three: red {red:.2f}, green {green:.2f}, blue {blue:.2f}")

assert np.allclose(mean_image.mean, patches.mean(0))
assert np.allclose(mean_image(patches).mean(0), 0)
assert np.allclose(per_channel(patches).mean((0, 2, 3)), 0)
assert per_channel.mean.size == 3
assert np.allclose(per_image(patches).mean((1, 2, 3)), 0)

# %% [markdown]
# ## How large should the first weights be?
#
# Back to the ten layers. A unit adds up $n$ products, here 500. When the inputs and the weights are independent and
# have mean zero, the variances of the products add up:
#
# $$ s = \sum_{i=1}^{n} w_i x_i \qquad \text{Var}(s) = n \,\text{Var}(w)\, \text{Var}(x) $$
#
# So each layer multiplies the standard deviation by $\sqrt{n}$ times that of the weights. With weights of $0.01$ the
# factor is $22.4 \cdot 0.01 = 0.22$. With weights of $1$ it is $22.4$, and tanh cuts off what is too large.
#
# Below are the standard deviations that a lecture found, beside ours. They cannot be equal: everybody draws other
# random weights. So we draw six networks and write down the mean of their deviations; the scatter among the six says
# how far apart two honest answers may be. The histograms show the first of the six.

# %%
# Lecture row T3


def compare(activation, initialise, printed, title, limits=None):
    """Draw six networks; show the first as histograms, and all beside the lecture's standard deviations."""
    autograd.manual_seed(0)
    networks = []
    with no_grad():
        for i in range(6):
            _, outputs = ten_layers(activation, initialise)
            networks.append([(output.mean().item(), output.std().item()) for output in outputs])
            if i == 0:
                first = outputs
    means, stds = np.array(networks).transpose(2, 0, 1)  # each (network, layer)
    scatter = stds.std(0, ddof=1)

    print(title)
    rows = {"layer": range(1, 11), "mean, first": [f"{mean:.2g}" for mean in means[0]]}
    rows |= {"std, six": [f"{std:.3g}" for std in stds.mean(0)], "std, scatter": [f"{std:.1g}" for std in scatter]}
    rows |= {"std, lecture": [text or "..." for text in printed]}
    for name, row in rows.items():
        print(f"{name:12}" + "".join(f"{entry:>9}" for entry in row))

    figure = plots.activation_histograms({f"layer {i}": x for i, x in enumerate(first, 1)}, limits=limits)
    figure.set(size_inches=(10, 4.6), dpi=80)
    display(figure)

    for layer, text in enumerate(printed):
        if text:
            rounding = 0.5 * 10.0 ** -len(text.partition(".")[2])
            # The lecture's draw beside the mean of six: their variances add up. Five deviations are allowed.
            allowed = 5 * scatter[layer] * math.sqrt(1 + 1 / 6) + rounding
            assert abs(stds[:, layer].mean() - float(text)) <= allowed
    return means, stds


printed = ["0.213", "0.0476", "0.0106", "0.00238", *[None] * 5, "0.000000"]
means, _ = compare(F.tanh, normal(0.01), printed, "tanh, weights 0.01: everything becomes zero", (-1, 1))
assert (abs(means) < 0.01).all()

means, stds = compare(F.tanh, normal(1.0), ["0.98"] * 10, "tanh, weights 1: everything is saturated", (-1, 1))
assert (np.round(stds, 2) == 0.98).all()

# %% [markdown]
# ## Xavier
#
# Nothing grows and nothing shrinks when the factor is $1$, so when $\text{Var}(w) = 1/n$: here a standard deviation of
# $1/\sqrt{500} = 0.045$, the one in the middle of the first picture. This is **Xavier initialisation**, after Xavier
# Glorot. (For a layer with $n$ inputs and $m$ outputs `xavier_normal_` takes $2/(n + m)$, a compromise between the way
# forward and the way back. Here $n = m$.)

# %%
# Lecture row T3
printed = ["0.628", "0.486", "0.408", "0.357", "0.321", "0.292", "0.273", "0.255", "0.239", "0.228"]
means, _ = compare(F.tanh, nn.init.xavier_normal_, printed, "tanh, Xavier: alive in every layer", (-1, 1))
assert (abs(means) < 0.02).all()

# %% [markdown]
# It still shrinks a little, because tanh flattens what is large. You can make up for it: try
# `lambda weight: nn.init.xavier_normal_(weight, gain=5 / 3)`.
#
# ## He
#
# Now the same weights with ReLU. It throws away half of the numbers, and with them half of the mean square. What the
# next layer adds up is therefore smaller by $\sqrt{\tfrac12}$, in every layer. The remedy is simple: begin with twice
# the variance, $\text{Var}(w) = 2/n$. This is **He initialisation**, after Kaiming He.

# %%
# Lecture row T3


def he(weight):
    return nn.init.kaiming_normal_(weight, nonlinearity="relu")


printed = ["0.583", "0.404", "0.277", *[None] * 6, "0.026"]
means, stds = compare(F.relu, nn.init.xavier_normal_, printed, "ReLU, Xavier: smaller and smaller", (0, 5))
assert np.allclose(stds[:, 0], math.sqrt(1 / 2 - 1 / (2 * math.pi)), rtol=0.02)  # half a Gaussian

printed = ["0.825", "0.828", "0.814", "0.827", *[None] * 5, "0.845"]
means, stds = compare(F.relu, he, printed, "ReLU, He: the same in every layer", (0, 5))
assert np.allclose(means[:, 0] / stds[:, 0], 1 / math.sqrt(math.pi - 1), rtol=0.02)
assert (abs(stds / 0.825 - 1) < 0.4).all()

# %% [markdown]
# ## And on the way back?
#
# The gradients go through the same weights, and through the slopes of the bends. Give every output of the last layer a
# random gradient of size $1$, and look at the gradients of the sums $W x$ in each layer, from 10 back to 1.

# %%
networks = {
    "tanh, 1": (F.tanh, normal(1.0)),
    "ReLU, He": (F.relu, he),
    "tanh, Xavier": (F.tanh, nn.init.xavier_normal_),
    "ReLU, Xavier": (F.relu, nn.init.xavier_normal_),
    "tanh, 0.01": (F.tanh, normal(0.01)),
}
autograd.manual_seed(1)
backwards = {}
figure, places = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
for i, (name, (activation, initialise)) in enumerate(networks.items()):
    sums, outputs = ten_layers(activation, initialise)
    backwards[name] = autograd.grad(outputs[-1], sums, autograd.randn(1000, 500, dtype=float64))
    for axes, tensors in zip(places, (outputs, backwards[name]), strict=True):
        style = {"color": GREEN if "ReLU" in name else ORANGE, "marker": "^o*Ds"[i], "linestyle": ["-", "--"][i % 2]}
        axes.semilogy(range(1, 11), [x.std().item() for x in tensors], label=name, markersize=7, **style)
places[0].set(title="forward: outputs", ylabel="standard deviation")
places[1].set(title="backward: gradients")
for axes in places:
    axes.set(xlabel="layer", xticks=range(1, 11))
    axes.spines[["top", "right"]].set_visible(False)
figure.legend(*axes.get_legend_handles_labels(), loc="outside right center", frameon=False)
plt.show()

stds = {name: [gradient.std().item() for gradient in gradients] for name, gradients in backwards.items()}
in_layer_1 = abs(backwards["tanh, 1"][0].numpy())
print("tanh, weights 1, gradients of layer 1:")
print(f"standard deviation {in_layer_1.std():.0e}, half of them below {np.median(in_layer_1):.1e}")

assert stds["tanh, 0.01"][0] < 1e-5
assert stds["tanh, 1"][0] > 1e3
assert np.median(in_layer_1) < 1e-7
assert 0.5 < stds["ReLU, He"][0] < 1.2
assert stds["ReLU, Xavier"][0] < 0.06

# %% [markdown]
# Three of the five fail in both directions. The network with weights of $1$ is the strangest. Its saturated units pass
# nothing, so most of the gradients are zero. But the few units that are not saturated hand theirs on through weights
# that are much too large, and these few explode. Xavier's weights with tanh and He's with ReLU do well both ways.
#
# ## Your turn
#
# 1. **First weights.** A layer takes $200$ numbers and gives $800$. A ReLU follows. Which standard deviation should
#    its weights have, so that signals keep their size on the way forward?
# 2. **Two lines.** Maxout takes the larger of $a x$ and $b x$. For which $a$ and $b$ is it $|x|$?
# 3. **Tomorrow's data.** Write `standardise(train, test)`. It gets two tables (NumPy), one sample a row, and returns
#    the *test* data, prepared with zero mean and unit variance as it should be.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_spread(std):
    if std is None:
        return print("Not yet: give a number.")
    if not np.isscalar(std) or not std > 0:
        return print("No: a standard deviation is one number above zero.")
    hints = {
        2 / 200: "this is the variance. The standard deviation is its root.",
        1 / 200: "this is a variance, and one for tanh. Take the root, and think of what a ReLU throws away.",
        math.sqrt(1 / 200): "this is right without a ReLU. It throws away half, so you need twice the variance.",
        math.sqrt(2 / 800): "a unit adds up one product for each number that comes in, not for each that goes out.",
        math.sqrt(2 / 1000): "this is Xavier's compromise between both directions. Here only forward counts.",
    }
    for mistake, hint in hints.items():
        if math.isclose(std, mistake, rel_tol=0.01):
            return print(f"No: {hint}")
    factor = std * math.sqrt(200 / 2)
    if not math.isclose(factor, 1.0, rel_tol=0.01):
        return print(f"No: each such layer would multiply the signal by about {factor:.2g}. It should be 1.")
    return print("Right: the variance is 2 / 200, for the 200 inputs and for the half that ReLU throws away.")


def check_pieces(pieces):
    if pieces is None:
        return print("Not yet: give a list of two numbers, [a, b].")
    if np.shape(pieces) != (2,):
        return print("No: a list of two numbers, [a, b], please.")
    unit = nn.Maxout(1, 1, bias=False, dtype=float64)
    unit.load_state_dict({"weight": tensor([[float(piece)] for piece in pieces], dtype=float64)})
    left, right = unit(tensor([[-2.0], [2.0]], dtype=float64)).numpy().ravel().tolist()
    if (left, right) == (2.0, 2.0):
        return print("Right: at x = -2 the line with slope -1 is the larger one, at x = 2 the other.")
    if right == -left:
        return print("No: this is a straight line. The two slopes must differ.")
    if (left, right) == (0.0, 2.0):
        return print("No: this is a ReLU. Which line is needed where x is negative?")
    if right == 2.0 and left < 0:
        return print("No: this is a leaky ReLU. |x| is positive at the left, so its line falls.")
    return print(f"No: at x = -2 and x = 2 you get {left:g} and {right:g}; |x| is 2 and 2.")


def check_standardise(function):
    random = np.random.default_rng(5)
    train = random.standard_normal((50, 3)) * [1.0, 5.0, 0.2] + [0.0, 20.0, -3.0]
    test = random.standard_normal((8, 3)) * [1.5, 4.0, 0.4] + [1.0, 24.0, -3.5]
    found = function(train.copy(), test.copy())
    if found is None:
        return print("Not yet: the function returns None.")
    found = np.asarray(found)
    if found.shape != test.shape:
        return print(f"No: the prepared test data have the shape {test.shape}, yours have {found.shape}.")
    mean, std = train.mean(0), train.std(0)
    hints = [
        ((test - test.mean(0)) / test.std(0), "mean and deviation must be the training data's, for all data."),
        ((test - mean) / test.std(0), "the deviation must be the training data's, too."),
        (test - mean, "this is zero mean only. Divide by the standard deviation as well."),
        ((test - mean) / std**2, "divide by the standard deviation, not by the variance."),
        ((test - train.mean()) / train.std(), "each feature has a mean and a deviation of its own: axis 0."),
    ]
    for mistake, hint in hints:
        if np.allclose(found, mistake):
            return print(f"No: {hint}")
    if not any(np.allclose(found, (test - mean) / train.std(0, ddof=ddof)) for ddof in (0, 1)):
        return print("No: try it by hand for one number: minus the mean of its column, divided by its deviation.")
    return print("Right: the network will see tomorrow's data on the scale that it has learned.")


# %%
std = None

check_spread(std)

# %%
pieces = None

check_pieces(pieces)


# %%
def standardise(train, test):
    return None


check_standardise(standardise)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# Each unit adds up $200$ products, and half of the mean square is lost in the ReLU: $200 \cdot \tfrac12 \cdot
# \text{Var}(w) = 1$. How many units there are does not matter.
#
# ```python
# std = math.sqrt(2 / 200)
#
# check_spread(std)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# $|x|$ is the larger of $x$ and $-x$.
#
# ```python
# pieces = [1, -1]
#
# check_pieces(pieces)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# `transforms.Standardize().fit(train)(test)` does the same.
#
# ```python
# def standardise(train, test):
#     return (test - train.mean(axis=0)) / train.std(axis=0)
#
#
# check_standardise(standardise)
# ```
#
# </details>

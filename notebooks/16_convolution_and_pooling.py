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
# # 16. Convolution and pooling
#
# Take a small table of nine numbers, a **kernel**. Lay it over a picture, multiply each number with the pixel below
# it, add up the nine products: that is one pixel of a new picture. Move one step and do it again.
#
# **What can nine numbers see?** Above are four kernels, below is what each makes of the same picture of a boat.

# %%
import textwrap

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

import autograd
import nn
import viz
from autograd import float64, gradcheck, tensor, vjp
from nn import functional as F

plt.rcParams.update({"figure.dpi": 80})
np.set_printoptions(precision=2, suppress=True)
GREEN, ORANGE = "#00775a", "#b54708"
SIGNS = LinearSegmentedColormap.from_list("signs", [ORANGE, "#ffffff", GREEN])


def show(axes, picture, title=""):
    """Draw a picture in grey, or in colour when it has three channels."""
    picture = np.asarray(picture)
    axes.imshow(picture if picture.ndim == 2 else picture.transpose(1, 2, 0), cmap="gray")
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=11)


def heat(axes, table, title="", digits=0):
    """Draw a small table of numbers as colours, green above zero and orange below."""
    table = np.asarray(table)
    largest = abs(table).max() or 1.0
    axes.imshow(table, cmap=SIGNS, vmin=-largest, vmax=largest)
    axes.set(xticks=[], yticks=[])
    axes.set_xticks(np.arange(0.5, table.shape[1] - 1), minor=True)
    axes.set_yticks(np.arange(0.5, table.shape[0] - 1), minor=True)
    axes.grid(which="minor", color="#d5d8dd", linewidth=0.7)
    axes.tick_params(which="both", length=0)
    axes.set_title(title, fontsize=11)
    for (i, j), number in np.ndenumerate(table):
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


def slide(picture, kernel, **options):
    """Convolve one grey picture with one kernel; arrays in, array out."""
    picture, kernel = (tensor(np.asarray(given), dtype=float64)[None, None] for given in (picture, kernel))
    return F.conv2d(picture, kernel, **options)[0, 0].numpy()


down, across = np.mgrid[0:32, 0:32]
boat = 0.75 - 0.006 * down
boat[(down - 7) ** 2 + (across - 25) ** 2 < 14] = 1.0  # the sun
boat[(across > 9) & (across < 15) & (down > 24 - 3.4 * (across - 9)) & (down < 22)] = 0.95  # the sails
boat[(across > 15) & (down > 5 + 1.5 * (across - 15)) & (down < 22)] = 0.9
boat[4:23, 15] = 0.2  # the mast
boat[(down > 22) & (down < 27) & (abs(across - 15) < 12 - (down - 22))] = 0.1  # the hull
boat[27:] = 0.35 + 0.05 * np.sin(across[27:])  # the sea

kernels = {
    "the pixel itself": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blurred": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "left and right differ": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "above and below differ": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
}
figure, places = plt.subplots(2, 4, figsize=(10, 5), height_ratios=[2, 5], layout="constrained")
for (top, bottom), (name, kernel) in zip(places.T, kernels.items(), strict=True):
    heat(top, kernel, digits=0 if kernel.dtype == int else 2)
    show(bottom, slide(boat, kernel), name)
plt.show()

# %% [markdown]
# ## By hand
#
# Three by three pixels from a photograph, and the kernel that blurs:
#
# $$ \begin{pmatrix} 178 & 174 & 177 \\ 179 & 178 & 179 \\ 168 & 171 & 178 \end{pmatrix} * \frac{1}{16}
# \begin{pmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{pmatrix} = \;? $$

# %%
# Lecture row C1
pixels = np.array([[178, 174, 177], [179, 178, 179], [168, 171, 178]])
gaussian = kernels["blurred"]

total = 0
for i in range(3):
    for j in range(3):
        total += pixels[i, j] * gaussian[i, j]

figure, places = plt.subplots(1, 3, figsize=(8, 2.6))
heat(places[0], pixels, "pixels")
heat(places[1], gaussian * 16, "times 16ths")
heat(places[2], pixels * gaussian, "products", digits=1)
plt.show()
print(f"sum of the products {total}, as a pixel {round(total)}")

assert total == 176.1875
assert round(total) == 176
assert slide(pixels, gaussian) == total

# %% [markdown]
# The new pixel is $176$: a weighted mean, so it lies between the others. The kernel's numbers add up to 1.
#
# ## Let it slide
#
# For a whole picture this happens at every place where the kernel fits:
#
# $$ Y_{ij} = \sum_{u} \sum_{v} X_{i+u,\,j+v}\; K_{uv} $$
#
# With a **stride** $S$ the kernel moves $S$ pixels at a time. With **padding** $P$ the picture first gets a frame of
# $P$ zeros. (In mathematics, convolution also turns the kernel by half a circle. Nobody does that in a network: its
# numbers are learned anyway.)

# %%


def convolve(picture, kernel, stride=1, padding=0):
    """Convolve with loops: one window after another."""
    picture = np.pad(picture, padding)
    (height, width), (rows, columns) = picture.shape, kernel.shape
    result = np.zeros(((height - rows) // stride + 1, (width - columns) // stride + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            window = picture[i * stride : i * stride + rows, j * stride : j * stride + columns]
            result[i, j] = (window * kernel).sum()
    return result


for kernel in kernels.values():
    for options in ({}, {"stride": 2}, {"padding": 1}, {"stride": 3, "padding": 2}):
        assert np.allclose(convolve(boat, kernel, **options), slide(boat, kernel, **options))
print(f"loops and conv2d agree for {len(kernels)} kernels, with and without stride and padding")

# %% [markdown]
# The loops are good to read, and slow. On the computer that wrote this page a picture of $512 \times 512$ pixels took
# more than a second with the loops, and well under a millisecond with `conv2d`, which does the same multiplications
# in machine code.
#
# Here is the window at four of nine places. The kernel looks for corners of one kind: bright at the lower right.

# %%
corner = np.array([[-1, -1, -1], [-1, 1, 1], [-1, 1, 2]])
shape = np.array([[0, 0, 0, 0, 0], [0, 1, 1, 1, 0], [0, 1, 2, 2, 0], [0, 1, 2, 2, 0], [0, 0, 0, 0, 0]])
found = convolve(shape, corner)

figure, places = plt.subplots(2, 4, figsize=(9, 4.4), height_ratios=[5, 3], layout="constrained")
for (top, bottom), step in zip(places.T, [0, 1, 4, 8], strict=True):
    i, j = divmod(step, 3)
    heat(top, shape, f"place {step + 1}")
    top.add_patch(Rectangle((j - 0.5, i - 0.5), 3, 3, fill=False, edgecolor=ORANGE, linewidth=3, zorder=5))
    heat(bottom, found)
    for later in range(step + 1, 9):
        y, x = divmod(later, 3)
        bottom.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="#e4e6ea", edgecolor="white", zorder=4))
    bottom.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=ORANGE, linewidth=3, zorder=5))
plt.show()

assert found.shape == (3, 3)
assert found.argmax() == 0

# %% [markdown]
# Place 1 wins: there the kernel lies on the upper left corner of the shape. Inside the shape it still finds something,
# at the opposite corner it says *no*.
#
# ## How large is the result?
#
# A picture of width $W$, a kernel (also called filter) of width $F$:
#
# $$ \frac{W - F + 2P}{S} + 1 $$
#
# For $7 \times 7$ pixels and a $3 \times 3$ kernel: stride 1 gives $5$, stride 2 gives $3$. Stride 3 gives
# $2\tfrac13$, so it **does not fit**. You can call that a mistake, as `output_size` below does. `conv2d` rounds down,
# as PyTorch does, and leaves out the rest of the picture.
#
# Which pixels are left out? The gradient knows. Add up all outputs of a kernel of ones and go back: the gradient of a
# pixel is the number of windows that have seen it.

# %%
# Lecture row C2


def output_size(W, F, S=1, P=0):
    steps = W - F + 2 * P
    if steps % S:
        window = f"a window of {F} in steps of {S}"
        raise ValueError(f"{window} does not fit into {W + 2 * P}: {steps} / {S} is not whole")
    return steps // S + 1


ones = autograd.ones(1, 1, 3, 3)
figure, places = plt.subplots(1, 3, figsize=(9, 3.2), layout="constrained")
for axes, stride in zip(places, (1, 2, 3), strict=True):
    X = autograd.zeros(1, 1, 7, 7, requires_grad=True)
    Y = F.conv2d(X, ones, stride=stride)
    Y.sum().backward()
    heat(axes, X.grad[0, 0].numpy(), f"stride {stride}: {Y.shape[2]} × {Y.shape[3]}")
    assert Y.shape == (1, 1, *[{1: 5, 2: 3, 3: 2}[stride]] * 2)
plt.show()

assert (output_size(7, 3, 1), output_size(7, 3, 2)) == (5, 3)
try:
    output_size(7, 3, 3)
except ValueError as error:
    refused = str(error)
print("output_size:", refused)
assert refused == "a window of 3 in steps of 3 does not fit into 7: 4 / 3 is not whole"
assert not X.grad[0, 0, 6, :].any()  # with stride 3: never seen
assert not X.grad[0, 0, :, 6].any()

try:
    F.conv2d(X, autograd.ones(1, 1, 9, 9))
except ValueError as error:
    refused = str(error)
print(textwrap.fill(refused, 100))
assert "is larger than the padded input (7, 7)" in refused

for width in (1, 3, 5, 7):
    padding = (width - 1) // 2
    assert output_size(32, width, P=padding) == 32
    assert slide(boat, np.ones((width, width)), padding=padding).shape == boat.shape

# %% [markdown]
# With stride 3 nobody looks at the last row and the last column. The other way to lose pixels is the border: without
# padding each layer shrinks the picture. Padding with $P = (F - 1) / 2$ zeros keeps its size, as the last lines check.
#
# ## Channels
#
# A colour picture has three **channels**: red, green, blue. A filter is as deep as its picture, so a $5 \times 5$
# filter has $5 \cdot 5 \cdot 3$ weights, and one bias. It slides in two directions and adds up over all channels, so
# it makes *one* flat picture. Ten filters make ten, and these are the channels of the next layer.

# %%
# Lecture row C3
autograd.manual_seed(0)
picture = autograd.rand(1, 3, 32, 32)

weights, bias = autograd.randn(10, 3, 5, 5), autograd.zeros(10)
padded = F.conv2d(picture, weights, bias, padding=2)
print("ten 5×5 filters, padding 2:", padded.shape[1:], "with", weights.numel() + bias.numel(), "parameters")

six = F.conv2d(picture, autograd.randn(6, 3, 5, 5))
print("six 5×5 filters, no padding:", six.shape[1:])

everywhere = 32 * 32 * 3 * 32 * 32 * 10
print(f"a weight for each pair of pixels instead: {everywhere:,} parameters")

assert padded.shape == (1, 10, 32, 32)
assert weights.numel() + bias.numel() == 10 * (5 * 5 * 3 + 1) == 760
assert six.shape == (1, 6, 28, 28)
assert (output_size(32, 5, P=2), output_size(32, 5)) == (32, 28)

# %% [markdown]
# (Lectures write $32 \times 32 \times 10$; here, as in PyTorch, the channels come first.) 760 numbers instead of 31
# million, because the same filter is used at every place: what is an edge at the left is an edge at the right, too.
#
# ## One by one
#
# A filter of $1 \times 1$ looks strange: a window of a single pixel. But it is as deep as the picture. It sees no
# neighbours, it **mixes channels**: the same small matrix, here two rows of three, at every pixel.

# %%
# Lecture row C3
painted = boat[None] * np.array([0.75, 0.9, 1.0])[:, None, None]
painted[:, (down - 7) ** 2 + (across - 25) ** 2 < 14] = np.array([1.0, 0.8, 0.2])[:, None]  # a yellow sun
painted[0, (down > 22) & (down < 27) & (abs(across - 15) < 12 - (down - 22))] = 0.7  # a red hull
colours = tensor(painted[None], dtype=float64)

mix = tensor([[0.3, 0.6, 0.1], [1.0, 0.0, -1.0]], dtype=float64)  # brightness; red minus blue
mixed = F.conv2d(colours, mix.reshape(2, 3, 1, 1))

figure, places = plt.subplots(1, 3, figsize=(9, 3.3), layout="constrained")
show(places[0], painted, "red, green and blue")
show(places[1], mixed[0, 0].numpy(), "0.3 red + 0.6 green + 0.1 blue")
show(places[2], mixed[0, 1].numpy(), "red minus blue")
plt.show()

assert mixed.shape == (1, 2, 32, 32)
assert np.allclose(mixed[0].numpy(), np.tensordot(mix.numpy(), painted, axes=1))

# %% [markdown]
# ## The way back
#
# Convolution only multiplies and adds, so we know how gradients go back. Let $G$ be the gradient of the result $Y$.
#
# * **To the picture.** The pixel below $K_{uv}$ gets $G_{ij}\,K_{uv}$. So each place of $G$ *stamps the kernel* into
#   the gradient of the picture, and where stamps overlap they are added.
# * **To the kernel.** The same weight was used at every place, and a branch sums: this is again a convolution, of the
#   picture, with $G$ as its kernel.
#
# $$ \frac{\partial L}{\partial X} = \sum_{i,j} G_{ij} \cdot (K \text{ stamped at } i, j) \qquad
# \frac{\partial L}{\partial K_{uv}} = \sum_{i,j} G_{ij}\, X_{i+u,\,j+v} $$

#
# Step through it, the sliding and then the way back. Here $G$ has two numbers that are not zero, so there are two
# stamps; they overlap in the middle.

# %%
G = np.zeros((3, 3))
G[0, 1], G[2, 2] = 1.0, 2.0
inputs = [tensor(given, dtype=float64)[None, None] for given in (shape, corner)]
_, (to_picture, to_kernel) = vjp(F.conv2d, inputs, v=G[None, None])

stamps = np.zeros((5, 5))
for i, j in np.ndindex(3, 3):
    stamps[i : i + 3, j : j + 3] += G[i, j] * corner
print("gradient of the picture\n", to_picture[0, 0].numpy().astype(int))

assert np.array_equal(to_picture[0, 0].numpy(), stamps)
assert np.array_equal(to_kernel[0, 0].numpy(), convolve(shape, G))
assert gradcheck(F.conv2d, inputs)
viz.convolution_steps(shape, corner, upstream=G, precision=0)

# %% [markdown]
# ## Pooling
#
# Often it matters *that* a corner is there, and not precisely where. **Pooling** makes pictures smaller: of each
# window, keep the largest number, or the mean. There is nothing to learn, so there are no parameters. The windows
# usually touch, and the size is the same formula without padding: $(W - F) / S + 1$.
#
# Going back, a mean hands each pixel the same share. A maximum **routes**: on the way forward it stores the index of
# the winner, and on the way back the winner gets everything.

# %%
# Lecture row C4
X = tensor([[7, 2, 4, 1], [3, 5, 0, 6], [1, 8, 2, 2], [4, 0, 3, 9]], dtype=float64)[None, None]
G = np.array([[10.0, 20.0], [30.0, 40.0]])
largest, winners = F.max_pool2d(X, 2, return_indices=True)
_, to_winners = vjp(lambda X: F.max_pool2d(X, 2), X, v=G[None, None])
_, to_all = vjp(lambda X: F.avg_pool2d(X, 2), X, v=G[None, None])

figure, places = plt.subplots(2, 3, figsize=(8, 5), width_ratios=[4, 2, 4], layout="constrained")
for row, name, pooled, back in [
    (places[0], "max", largest, to_winners),
    (places[1], "mean", F.avg_pool2d(X, 2), to_all),
]:
    heat(row[0], X[0, 0].numpy(), "picture")
    heat(row[1], pooled[0, 0].numpy(), name, digits=0 if name == "max" else 2)
    heat(row[2], back[0, 0].numpy(), "gradients 10, 20, 30, 40 go back", digits=0 if name == "max" else 1)
    for axes in (row[0], row[2]):
        axes.axhline(1.5, color="black", linewidth=2)
        axes.axvline(1.5, color="black", linewidth=2)
plt.show()
print("places of the winners, counted row by row:", winners.numpy().ravel())

assert largest[0, 0].tolist() == [[7.0, 6.0], [8.0, 9.0]]
assert winners[0, 0].tolist() == [[0, 7], [9, 15]]
routed = np.zeros(16)
routed[winners.numpy().ravel()] = G.ravel()
assert np.array_equal(to_winners[0, 0].numpy().ravel(), routed)
assert F.avg_pool2d(X, 2)[0, 0].tolist() == [[4.25, 2.75], [3.25, 4.0]]
assert np.array_equal(to_all[0, 0].numpy(), np.kron(G / 4, np.ones((2, 2))))
for W, size, stride in [(28, 2, 2), (32, 3, 1), (7, 3, 2)]:
    assert nn.MaxPool2d(size, stride)(autograd.zeros(1, 1, W, W)).shape[2:] == (output_size(W, size, stride),) * 2
assert [*nn.MaxPool2d(2).parameters(), *nn.AvgPool2d(2).parameters()] == []

# %% [markdown]
# ## All of it, as a graph
#
# Corners found, negative ones cut off, and the strongest kept. Values above the wires, gradients below; here blue is
# negative and orange positive. Go back from the right: which pixels could make the result larger?

# %%
X = tensor(shape[None, None], dtype=autograd.float32, requires_grad=True, label="X")
K = tensor(corner[None, None], dtype=autograd.float32, requires_grad=True, label="K")
strongest = F.max_pool2d(F.conv2d(X, K).relu(), 3).sum()
strongest.backward()

assert strongest.item() == found.max()
assert np.array_equal(X.grad[0, 0, :3, :3].numpy(), corner)
viz.draw(strongest, thumbnails=True)

# %% [markdown]
# ## Can nine numbers be learned?
#
# So far we chose the kernels. Now pretend we have a picture and its edges, but do not know how the edges were made.
# Start with nine zeros, convolve, compare, go back, take a step. (The picture is noise: it has a bit of every pattern.)

# %%
autograd.manual_seed(4)
noise = autograd.randn(1, 1, 24, 24)
secret = tensor(kernels["left and right differ"], dtype=noise.dtype)[None, None]
edges = F.conv2d(noise, secret)

K = autograd.zeros(1, 1, 3, 3, requires_grad=True)
losses, frames = [], {}
for step in range(31):
    if step in (0, 1, 3, 30):
        frames[step] = K.numpy()[0, 0].copy()
    K.grad = None
    loss = F.mse_loss(F.conv2d(noise, K), edges)
    loss.backward()
    losses.append(loss.item())
    K.data = K.data - 0.25 * K.grad

figure, places = plt.subplots(1, 5, figsize=(10, 2.4), width_ratios=[3, 2, 2, 2, 2], layout="constrained")
places[0].semilogy(losses, color=GREEN)
places[0].set(xlabel="step", title="loss")
places[0].spines[["top", "right"]].set_visible(False)
for axes, (step, kernel) in zip(places[1:], frames.items(), strict=True):
    heat(axes, kernel, f"step {step}", digits=1)
plt.show()

assert losses[-1] < 1e-3 * losses[0]
assert np.allclose(frames[30], secret[0, 0].numpy(), atol=0.05)

# %% [markdown]
# The kernel came back. A convolutional network does nothing else, with many kernels in many layers, and nobody has to
# tell it what to look for.
#
# ## Your turn
#
# 1. **Move the boat.** Which $3 \times 3$ kernel moves the picture one pixel **to the right**? With padding 1, so the
#    size stays.
# 2. **Route.** Write the way back of max pooling with $2 \times 2$ windows that touch. `x` is the picture, `g` the
#    gradient of the result, both NumPy arrays; return the gradient of the picture.
#
# The next cell holds the checkers. Write your answers in the two cells after it, in place of `None`.

# %%


def check_kernel(kernel):
    if kernel is None:
        return print("Not yet: give a list of three rows of three numbers.")
    if np.shape(kernel) != (3, 3):
        return print("No: a kernel of 3 × 3 is a list of three rows of three numbers.")
    moved = slide(boat, kernel, padding=1)
    right, left, lower, upper = (np.zeros_like(boat) for _ in range(4))
    right[:, 1:], left[:, :-1], lower[1:], upper[:-1] = boat[:, :-1], boat[:, 1:], boat[:-1], boat[1:]
    if np.allclose(moved, boat):
        return print("No: this leaves the boat where it is.")
    if np.allclose(moved, left):
        return print("No: it goes to the left. The new pixel must be the old one on its left.")
    if np.allclose(moved, lower) or np.allclose(moved, upper):
        return print("No: it goes up or down. Which of the nine numbers is beside the middle?")
    if not np.allclose(moved, right):
        return print("No: this does more than move. Eight of the nine numbers are zero.")
    return print("Right: every pixel is copied from its neighbour on the left.")


def check_route(function):
    x = np.random.default_rng(0).permutation(24.0 * np.arange(24)).reshape(4, 6)
    g = np.arange(1.0, 7.0).reshape(2, 3)
    _, exact = vjp(lambda x: F.max_pool2d(x, 2), x[None, None], v=g[None, None])
    found = function(x.copy(), g.copy())
    if found is None:
        return print("Not yet: the function returns None.")
    found = np.asarray(found)
    if found.shape != x.shape:
        return print(f"No: the gradient has the shape of the picture, {x.shape}; yours has {found.shape}.")
    if np.allclose(found, np.kron(g, np.ones((2, 2)))):
        return print("No: all four pixels of a window get the gradient. Only one has won.")
    if np.allclose(found, np.kron(g / 4, np.ones((2, 2)))):
        return print("No: this is the way back of the mean.")
    if np.array_equal(found != 0, exact[0, 0].numpy() != 0):
        if not np.allclose(found, exact[0, 0].numpy()):
            return print("No: the winners are right, but each must get the number from g, no more and no less.")
        return print("Right: each gradient goes to the winner of its window.")
    return print("No: look again at who gets a gradient: in each window the largest number.")


# %%
kernel = None

check_kernel(kernel)


# %%
def route(x, g):
    return None


check_route(route)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# The new pixel is the old pixel on the left of the window's middle.
#
# ```python
# kernel = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]
#
# check_kernel(kernel)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# ```python
# def route(x, g):
#     gradient = np.zeros_like(x)
#     for i, j in np.ndindex(g.shape):
#         window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
#         u, v = np.unravel_index(window.argmax(), window.shape)
#         gradient[2 * i + u, 2 * j + v] = g[i, j]
#     return gradient
#
#
# check_route(route)
# ```
#
# </details>

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
# # 18. A GPT
#
# This one goes beyond the lectures: a language model of the kind that answers questions and writes programs, in its
# smallest form. It reads 900 first names, letter by letter, and then makes up names of its own.
#
# **Which letter comes next, and how far back do you have to look to know it?**
#
# The simplest answer is a table: count which letter follows which. A point marks the start and the end of a name.

# %%
import math
import random
import textwrap
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import clear_output
from matplotlib.colors import LinearSegmentedColormap

import autograd
import nn
import viz
from autograd import Value, dot, float64, no_grad, take, tensor
from nn import functional as F
from nn.progress import bar

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})
np.set_printoptions(precision=2, suppress=True)
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"
SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", GREEN])
LETTERS = ".abcdefghijklmnopqrstuvwxyz"

names = Path("../examples/names.txt").read_text(encoding="utf-8").split()
random.Random(0).shuffle(names)
learn, held_out = names[:900], names[900:]


def encode(name):
    """Return the letters of a name as numbers, with a point before and after it."""
    return np.array([LETTERS.index(letter) for letter in f".{name}."])


def decode(tokens):
    return "".join(LETTERS[int(token)] for token in tokens).strip(".")


counts = np.zeros((27, 27))
for name in learn:
    tokens = encode(name)
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)

figure, axes = plt.subplots(figsize=(7, 6.4))
axes.imshow(np.sqrt(counts), cmap=SHADES)
axes.set_xticks(range(27), LETTERS, fontsize=9)
axes.set_yticks(range(27), LETTERS, fontsize=9)
axes.set(xlabel="next letter", ylabel="letter", title="how often, in 900 names")
plt.show()

# %% [markdown]
# Read a row: a name often begins with m or a, and after q there is only u. Read a column: many names end in a. Such a
# table is a language model already: it gives each next letter a probability. The **cross-entropy** says how good these
# are: the mean of $-\ln p$, where $p$ is what the model gave to the letter that really came. We measure it with 100
# names that were not counted.

# %%
pairs = np.concatenate([np.stack([encode(name)[:-1], encode(name)[1:]], axis=1) for name in held_out])
before, after = pairs.T

often = counts.sum(0) / counts.sum()
table = (counts + 0.3) / (counts + 0.3).sum(1, keepdims=True)  # nothing is quite impossible
losses = {
    "guess": math.log(27),
    "how common is the letter": -np.log(often[after]).mean(),
    "which letter was before": -np.log(table[before, after]).mean(),
}
for name, loss in losses.items():
    print(f"{name:25s} {loss:.2f}")

assert [round(loss, 2) for loss in losses.values()] == [3.30, 2.81, 2.41]

# %% [markdown]
# One letter back brings us from 3.30 to 2.41. Two letters back would need 27 times as many rows, and most of them
# would stay empty. Instead each letter shall *look for itself* at the ones before it, and take what it needs.
#
# ## One head
#
# That is **attention**. Each letter, called a token, makes three short vectors out of what it knows:
#
# * a **query** $\mathbf q$: what am I looking for?
# * a **key** $\mathbf k$: what am I?
# * a **value** $\mathbf v$: what do I tell those who look at me?
#
# The query is compared with the key of every token so far. Softmax turns the comparisons into shares, and the result
# is the mean of the values in these shares. (Often the scores are divided by the root of the vectors' length first; we
# let the query bring that along.)
#
# $$ w_j = \frac{e^{\mathbf q \cdot \mathbf k_j}}{\sum_i e^{\mathbf q \cdot \mathbf k_i}} \qquad
# \mathbf o = \sum_j w_j\, \mathbf v_j $$
#
# Here it is as a graph of single numbers. The tokens are a, m, y, each vector has two numbers, and y looks back. We
# pretend that the rest of the network sends back the gradients $1$ and $-1$.

# %%


def softmax(scores):
    exponentials = [score.exp() for score in scores]
    total = autograd.sum(exponentials)
    return [exponential / total for exponential in exponentials]


def attend(query, keys, values):
    """Return the mean of the values, weighted by how well the key of each fits the query."""
    shares = softmax([dot(query, key) for key in keys])
    return [dot(shares, numbers) for numbers in zip(*values, strict=True)]


def vectors(kind, table):
    return [[Value(a, f"{letter}: {kind}₀"), Value(b, f"{letter}: {kind}₁")] for letter, (a, b) in table.items()]


(q,) = vectors("q", {"y": [1.0, 0.5]})
k = vectors("k", {"a": [1.0, 0.0], "m": [-1.0, 1.0], "y": [2.0, -1.0]})
v = vectors("v", {"a": [1.0, 0.0], "m": [0.0, 1.0], "y": [-1.0, 2.0]})
o = attend(q, k, v)
o[0].label, o[1].label = "o₀", "o₁"
difference = o[0] - o[1]
difference.backward()  # the gradient of o₀ is 1, that of o₁ is -1
viz.draw(o)

# %% [markdown]
# The three dots on the left compare: $1.00$, $-0.50$, $1.50$. After softmax y takes $0.35$ of a, $0.08$ of m and
# $0.57$ of itself. Now from the right to the left, with the habits of the gates that you know:
#
# * **Values** get the gradient times their share: $0.35$, $0.08$, $0.57$. Who was looked at learns, who was ignored
#   does not.
# * **Shares**: those of a, m, y get $1$, $-1$ and $-3$. More of a would help, more of y would hurt.
# * **Scores**: softmax shares out a whole. When one share grows, the others shrink. So the three gradients of the
#   scores, $0.85$, $0.04$ and $-0.89$, add up to zero: it is all about *more of this and less of that*.
#
# ## The same head on tensors
#
# One matrix has a row for each token, so that all three look at the same time. Nobody may look ahead: a **mask** adds
# $-\infty$ to the scores of later tokens, and $e^{-\infty} = 0$. The last row is our y.

# %%
Q = tensor([[0.0, 1.0], [1.0, 1.0], [1.0, 0.5]], requires_grad=True, label="Q")
K = tensor([[1.0, 0.0], [-1.0, 1.0], [2.0, -1.0]], requires_grad=True, label="K")
V = tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 2.0]], requires_grad=True, label="V")
mask = tensor(np.triu(np.full((3, 3), -np.inf), 1), dtype=Q.dtype, label="mask")

W = F.softmax(Q @ K.T + mask, dim=1)
result = W @ V
W.label, result.label = "W", "result"
result.backward(tensor([[0.0, 0.0], [0.0, 0.0], [1.0, -1.0]]))

assert np.allclose(result[2].tolist(), [number.data for number in o])
assert np.allclose(Q.grad[2].tolist(), [number.grad for number in q])
assert np.allclose(K.grad.tolist(), [[number.grad for number in row] for row in k])
assert np.allclose(V.grad.tolist(), [[number.grad for number in row] for row in v])
assert np.allclose(K.grad.numpy().sum(0), 0, atol=1e-6)
viz.draw(result, direction="TB", numbers=9)

# %% [markdown]
# Left of each wire are the values, right of it the gradients: in the last rows the same numbers as before. The other
# rows of the gradient are zero, because only y was asked. And the key of a gets a gradient although a came first:
# *forward* nobody looks ahead, *backward* the later tokens tell the earlier ones what would have helped them.
#
# To walk through the pass gate by gate, press the arrow:

# %%
difference.label = "L"
viz.step(difference)

# %% [markdown]
# ## The whole model
#
# Each of the 27 letters and each of the 13 places has a learned vector of 16 numbers; a token starts as the sum of its
# two. Then it gathers what it needs from the tokens before it (four heads with four numbers each), thinks about it on
# its own (a hidden layer of 64 units), and gives 27 scores for the next letter. Two tricks keep numbers at a like size:
# what comes out of a part is *added* to what went in, and what goes in is divided by its root mean square first.
#
# Every number below is a `Value`. The loss of a name is the mean cross-entropy of its letters.

# %%
WIDTH, HEADS, PLACES = 16, 4, 13

chance = np.random.default_rng(0)
start = {
    "token": chance.normal(0, 0.1, (27, WIDTH)),
    "place": chance.normal(0, 0.1, (PLACES, WIDTH)),
    "query": chance.normal(0, 0.25, (WIDTH, WIDTH)),
    "key": chance.normal(0, 0.25, (WIDTH, WIDTH)),
    "value": chance.normal(0, 0.25, (WIDTH, WIDTH)),
    "mix": chance.normal(0, 0.1, (WIDTH, WIDTH)),
    "widen": chance.normal(0, 0.25, (4 * WIDTH, WIDTH)),
    "narrow": chance.normal(0, 0.1, (WIDTH, 4 * WIDTH)),
    "scores": chance.normal(0, 0.02, (27, WIDTH)),
}
weights = {name: [[Value(number) for number in row] for row in matrix.tolist()] for name, matrix in start.items()}
parameters = [number for matrix in weights.values() for row in matrix for number in row]


def linear(name, x):
    return [dot(row, x) for row in weights[name]]


def plus(x, y):
    return [a + b for a, b in zip(x, y, strict=True)]


def normalise(x):
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [number * scale for number in x]


def attention(xs):
    queries = [[number * (HEADS / WIDTH) ** 0.5 for number in linear("query", x)] for x in xs]
    keys, values = [linear("key", x) for x in xs], [linear("value", x) for x in xs]
    parts = [slice(first, first + WIDTH // HEADS) for first in range(0, WIDTH, WIDTH // HEADS)]
    changes = []
    for i, query in enumerate(queries):
        seen = slice(i + 1)  # itself and those before it
        heads = [attend(query[part], [k[part] for k in keys[seen]], [v[part] for v in values[seen]]) for part in parts]
        changes.append(linear("mix", [number for head in heads for number in head]))
    return changes


def scores_of(tokens):
    """Return 27 scores for the next letter, after every token."""
    places = weights["place"][: len(tokens)]
    xs = [plus(take(weights["token"], token), place) for token, place in zip(tokens, places, strict=True)]
    xs = [plus(x, change) for x, change in zip(xs, attention([normalise(x) for x in xs]), strict=True)]
    for i, x in enumerate(xs):
        hidden = [number.relu() for number in linear("widen", normalise(x))]
        xs[i] = plus(x, linear("narrow", hidden))
    return [linear("scores", normalise(x)) for x in xs]


def loss_of(tokens):
    chances = [softmax(scores) for scores in scores_of(tokens[:-1])]
    surprises = [-take(row, token).log() for row, token in zip(chances, tokens[1:], strict=True)]
    return autograd.sum(surprises) / len(surprises)


first = loss_of(encode("amy").tolist())
nodes = len(autograd.topological_order([first]))
print(f"{len(parameters)} weights; the loss of amy, {first.data:.2f}, is a graph of {nodes} nodes")

assert len(parameters) == 4144
assert abs(first.data - math.log(27)) < 0.1

# %% [markdown]
# Untrained it guesses, and guessing costs about $\ln 27 = 3.30$. If your first loss is far from the logarithm of the
# number of classes, something is wrong before the training has begun.
#
# ## Compiled
#
# As in the notebook about the tape: the graph is recorded once for each *length* of name, the letters are inputs, and
# the tape is played as machine code. All 4144 weights are one array, and so are their gradients. Adam takes one step
# per name, 900 in all, with a rate that falls to zero.

# %%


def adam(parameters, steps):
    optimizer = nn.optim.Adam(parameters, lr=0.01, betas=(0.9, 0.99))
    return optimizer, nn.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, steps)


compiled = autograd.compile(loss_of, parameters=parameters)
flat = tensor([number.data for number in parameters], dtype=float64, requires_grad=True)
optimizer, schedule = adam([flat], len(learn))

scalar_losses = []
for name in bar(iterable=learn):
    program = compiled.program(encode(name))  # names of one length share a program
    program.parameters = flat.numpy()
    scalar_losses.append(program.run())
    flat.grad = tensor(program.gradients, dtype=float64)
    optimizer.step()
    schedule.step()
clear_output()  # of the progress bar

for parameter, number in zip(parameters, flat.tolist(), strict=True):
    parameter.data = number
print(compiled)
early, late = np.mean(scalar_losses[:100]), np.mean(scalar_losses[-100:])
print(f"mean loss of the first 100 names {early:.2f}, of the last {late:.2f}")

assert late < 2.4 < early

# %% [markdown]
# ## The same model on tensors
#
# In `nn` every part has a name, and the model is a dozen lines. It starts with the same weights, sees the same names
# in the same order, and uses the same Adam. If both are right, both must find **the same losses**.

# %%


class GPT(nn.Module):
    def __init__(self):
        self.token = nn.Embedding(27, WIDTH, dtype=float64)
        self.place = nn.Embedding(PLACES, WIDTH, dtype=float64)
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5, elementwise_affine=False)
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, bias=False, batch_first=True, dtype=float64)
        self.widen = nn.Linear(WIDTH, 4 * WIDTH, bias=False, dtype=float64)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH, bias=False, dtype=float64)
        self.scores = nn.Linear(WIDTH, 27, bias=False, dtype=float64)

    def forward(self, tokens):
        x = self.token(tokens) + self.place.weight[: tokens.shape[1]]
        n = self.norm(x)
        x = x + self.attention(n, n, n, is_causal=True, need_weights=False)[0]
        x = x + self.narrow(self.widen(self.norm(x)).relu())
        return self.scores(self.norm(x))


def fresh():
    """Return a model with the same weights at the start."""
    model = GPT()
    state = {f"{name}.weight": start[name] for name in ("token", "place", "widen", "narrow", "scores")}
    state["attention.in_proj_weight"] = np.concatenate([start["query"], start["key"], start["value"]])
    state["attention.out_proj.weight"] = start["mix"]
    model.load_state_dict(state)
    return model


model = fresh()
optimizer, schedule = adam(model.parameters(), len(learn))
tensor_losses = []
for name in bar(iterable=learn):
    tokens = encode(name)
    optimizer.zero_grad()
    loss = F.cross_entropy(model(tensor(tokens[None, :-1]))[0], tensor(tokens[1:]))
    loss.backward()
    optimizer.step()
    schedule.step()
    tensor_losses.append(loss.item())
clear_output()


def smooth(losses, over=50):
    return np.convolve(losses, np.ones(over) / over, mode="valid")


figure, axes = plt.subplots(figsize=(8, 3.6))
steps = np.arange(len(smooth(scalar_losses))) + 50
axes.plot(steps, smooth(scalar_losses), color=GREEN, linewidth=2)
circles = smooth(tensor_losses)[::40]
axes.plot(steps[::40], circles, "o", color=ORANGE, markerfacecolor="white", markersize=7)
axes.axhline(losses["which letter was before"], color=GREY, linestyle="--")
axes.text(900, losses["which letter was before"] + 0.02, "the table", ha="right", color="black")
axes.annotate("line: Values, compiled\ncircles: tensors", (250, 2.66), color="black")
axes.set(xlabel="names seen", ylabel="loss, mean of 50 names")
plt.show()
largest = np.abs(np.subtract(scalar_losses, tensor_losses)).max()
print("the largest difference of the 900 losses is below 1e-9:", largest < 1e-9)

assert largest < 1e-9

# %% [markdown]
# One has a gate for each number, the other a few matrices; what they share are the rules of the op table and Adam. And
# after 900 steps their losses still agree to nine decimals.
#
# ## Invent
#
# Start with the point, let the model give probabilities, roll the dice, append the letter, ask again. Dividing the
# scores by a **temperature** below 1 first makes it more careful.

# %%


def invent(scores_after, seed, temperature=0.6):
    """Make up a name; scores_after(tokens) returns the scores after each token."""
    chance = random.Random(seed)
    tokens = np.zeros(PLACES)
    for i in range(PLACES - 1):
        # Nobody looks ahead, so it does not matter what stands after i.
        scores = np.array(scores_after(tokens)[i]) / temperature
        (tokens[i + 1],) = chance.choices(range(27), np.exp(scores - scores.max()).tolist())
        if tokens[i + 1] == 0:
            break
    return decode(tokens)


def of_tensors(model):
    def scores_after(tokens):
        with no_grad():
            return model(tensor(tokens[None].astype(int)))[0].numpy()

    return scores_after


of_values = autograd.compile(scores_of, parameters=parameters).forward
by_values = [invent(of_values, seed) for seed in range(12)]
by_tensors = [invent(of_tensors(model), seed) for seed in range(12)]
print("Values: ", *by_values)
print("tensors:", *by_tensors)

assert by_values == by_tensors

# %% [markdown]
# ## Many names at once
#
# With one name per step the machine code of the scalar graph, once it is recorded, is even faster than the tensors,
# whose matrices are tiny here. What tensors are made for is a **batch**: 30 names in one step, filled up to the same
# length, and twelve times through all names. Where a name has ended, the target is $-100$, which the loss leaves out.

# %%


def table_of(names):
    """Return inputs and targets, a row for each name."""
    inputs, targets = np.zeros((len(names), PLACES), int), np.full((len(names), PLACES), -100)
    for row, name in enumerate(names):
        tokens = encode(name)
        inputs[row, : len(tokens) - 1], targets[row, : len(tokens) - 1] = tokens[:-1], tokens[1:]
    return inputs, targets


def batch_loss(scores, targets):
    return F.cross_entropy(scores.reshape(-1, 27), targets.reshape(-1), ignore_index=-100)


trained = fresh()
optimizer, schedule = adam(trained.parameters(), 12 * 30)
trainer = nn.Trainer(trained, optimizer, batch_loss, scheduler=schedule, schedule_per="batch", seed=0)
history = trainer.fit(table_of(learn), table_of(held_out), epochs=12, batch_size=30)
clear_output()  # of the progress bar

with no_grad():
    inputs, targets = (tensor(part) for part in table_of(held_out))
    losses["GPT, each name once"] = batch_loss(model(inputs), targets).item()
    losses["GPT, each name twelve times"] = batch_loss(trained(inputs), targets).item()

figure, axes = plt.subplots(figsize=(8, 2.8))
bars = axes.barh(list(losses), list(losses.values()), color=[GREY] * 3 + [GREEN] * 2, height=0.6)
axes.bar_label(bars, fmt="%.2f", padding=4)
axes.invert_yaxis()
axes.set(xlabel="loss of the 100 names held out")
plt.show()
invented = [invent(of_tensors(trained), seed) for seed in range(24)]
print(textwrap.fill("new: " + " ".join(name for name in invented if name not in names), 90))
print("not new:", *[name for name in invented if name in names])

*_, by_table, once, twelve_times = losses.values()
assert twelve_times < once < by_table

# %% [markdown]
# ## Where does it look?
#
# The shares $w_j$ of the four heads are there to be looked at. Each row is a token that looks, each column one that is
# looked at; the right upper half is masked.

# %%
word = "isabella"
with no_grad():
    tokens = tensor(encode(word)[None, :-1])
    n = trained.norm(trained.token(tokens) + trained.place.weight[: tokens.shape[1]])
    _, shares = trained.attention(n, n, n, is_causal=True, average_attn_weights=False)
shares = shares[0].numpy()

figure, places = plt.subplots(1, 4, figsize=(10, 3), layout="constrained")
for head, (axes, share) in enumerate(zip(places, shares, strict=True), 1):
    axes.imshow(share, cmap=SHADES, vmin=0, vmax=1)
    axes.set_xticks(range(len(word) + 1), f".{word}")
    axes.set_yticks(range(len(word) + 1), f".{word}")
    axes.set_title(f"head {head}", fontsize=11)
places[0].set(xlabel="is looked at", ylabel="looks")
plt.show()

assert np.allclose(shares.sum(2), 1)
assert not np.triu(shares, 1).any()

# %% [markdown]
# Some tokens look at the letter before, some at the first one, some at the point that tells where the name began.
# Nobody told them to. Change `word`, and look again.
#
# ## Your turn
#
# 1. **Temperature.** Return the probabilities of the next letter for some `scores` (a NumPy array) and a
#    `temperature`: softmax of the scores divided by it.
# 2. **Who may look at whom?** Some models look back only a little. Return the mask for `n` tokens which see
#    themselves and the one token before: an array of $n \times n$ that is *added* to the scores.
#
# The next cell holds the checkers. Write your answers in the two cells after it, in place of `None`.

# %%


def check_temperature(function):
    scores = np.array([1.0, 3.0, 2.0])
    found = function(scores.copy(), 0.5)
    if found is None:
        return print("Not yet: the function returns None.")
    found = np.asarray(found, float)
    if found.shape != scores.shape:
        return print(f"No: there is one probability for each of the 3 scores, not {found.shape}.")
    right, at_one = (np.exp(scores / t) / np.exp(scores / t).sum() for t in (0.5, 1.0))
    if not np.isclose(found.sum(), 1):
        return print(f"No: yours add up to {found.sum():.2f} instead of 1. Divide by their sum, last of all.")
    if np.allclose(found, at_one):
        return print("No: the temperature changes nothing. Use it before the exponential.")
    if np.allclose(found, np.exp(scores * 0.5) / np.exp(scores * 0.5).sum()):
        return print("No: a temperature below 1 must make the likeliest letter likelier. Divide by it.")
    if np.allclose(found, scores / scores.sum()):
        return print("No: the exponential is missing. Scores may be negative, probabilities may not.")
    if not np.allclose(found, right):
        return print(f"No: the scores 1, 3, 2 at temperature 0.5 should give {right}, yours {found}.")
    with np.errstate(all="ignore"):
        large = np.asarray(function(np.array([1000.0, 0.0]), 0.5))
    if not np.allclose(large, [1, 0]):
        return print("No: right for small scores, but exp(2000) overflows. Subtract the largest score first.")
    return print("Right: and it cannot overflow.")


def check_mask(function):
    found = function(5)
    if found is None:
        return print("Not yet: the function returns None.")
    found = np.asarray(found, float)
    if found.shape != (5, 5):
        return print(f"No: a row for each token that looks, a column for each that is seen, not {found.shape}.")
    if not np.isneginf(found).any():
        return print("No: the mask is added before softmax. Only -np.inf makes a share of exactly zero.")
    seen = found == 0
    if not (seen | np.isneginf(found)).all():
        return print("No: a score that counts must stay as it is: add 0 to it.")
    if not seen.diagonal().all():
        return print("No: every token sees itself, so the diagonal is 0.")
    if seen[np.triu_indices(5, 1)].any():
        return print("No: somebody looks ahead. Row i is the token that looks; which columns come after it?")
    if not seen.diagonal(-1).all():
        return print("No: the token just before must be seen.")
    if seen[np.tril_indices(5, -2)].any():
        return print("No: this sees everything before. Only one step back is allowed.")
    if not np.array_equal(np.asarray(function(1), float), [[0.0]]):
        return print("No: it should work for any number of tokens, also for one.")
    return print("Right: each token sees itself and its neighbour.")


# %%
def probabilities(scores, temperature):
    return None


check_temperature(probabilities)


# %%
def mask_of(n):
    return None


check_mask(mask_of)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# A temperature near 0 takes the likeliest letter always, a high one takes all letters equally.
#
# ```python
# def probabilities(scores, temperature):
#     scores = scores / temperature
#     exponentials = np.exp(scores - scores.max())
#     return exponentials / exponentials.sum()
#
#
# check_temperature(probabilities)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# Start with $-\infty$ everywhere and open two diagonals.
#
# ```python
# def mask_of(n):
#     mask = np.full((n, n), -np.inf)
#     for i in range(n):
#         mask[i, max(0, i - 1) : i + 1] = 0
#     return mask
#
#
# check_mask(mask_of)
# ```
#
# </details>

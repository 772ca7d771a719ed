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
# # 5. A tape
#
# Training means thousands of steps. Each step builds a graph, walks back through it, and throws it away. But it is
# the same graph in every step. Only the numbers differ.
#
# **Why build it again and again? What is left of a graph when we write it down once, as a table?**
#
# Here is the smallest graph we know, $(x + y)\,z$. This time every number has a number of its own, from `v0` to `v4`.

# %%
import math
import random
import textwrap
import timeit

import matplotlib.pyplot as plt
import numpy as np

import autograd
import nn
import viz
from autograd import Value

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})
GREEN, ORANGE, GREY = "#00775a", "#b54708", "#8a8f98"

x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
q = x + y
f = q * z
for place, node in enumerate([x, y, z, q, f]):
    node.label = f"v{place}"
viz.draw(f)

# %% [markdown]
# ## The same graph as a table
#
# Go through the gates from left to right and write one row for each: *which operation, on which numbers*. Such a
# table is called a **tape**. `compile` writes it. There are no objects in it, only three columns of whole numbers:
#
# * `codes`: the operation of each row, as its place in a short list of operations;
# * `operands`: the places of all operands, row after row, without gaps;
# * `starts`: where in `operands` each row begins. Row $i$ ends where row $i + 1$ begins.

# %%
program = autograd.compile(f, inputs=[x, y, z])
tape = program.tape

print("operations", [op.name for op in tape.operations])
print("codes     ", tape.codes.tolist())
print("operands  ", tape.operands.tolist())
print("starts    ", tape.starts.tolist())
print()
for row in range(tape.results):
    name = tape.operations[tape.codes[row]].name
    a, b = tape.operands[tape.starts[row] : tape.starts[row + 1]]
    print(f"row {row}:  v{tape.leaves + row} = {name}(v{a}, v{b})")

assert tape.operands.tolist() == [0, 1, 3, 2]

# %% [markdown]
# Compare the two rows with the two gates of the picture. The inputs come first and need no row, so row 0 writes `v3`.
# Nothing was lost: from the table you could draw the picture again.
#
# ## Play it
#
# The table can be played like a tape. **Forward**: from the first row to the last, compute and append. **Backward**:
# from the last row to the first, hand each operand the upstream gradient times the local one. No row comes before its
# operands, so there is nothing to sort and nothing to search.
#
# An operation brings its rules along: `forward` and `partials`, one local derivative for each operand.

# %%


def replay(tape, leaves):
    """Return the values and the gradients of all numbers of a tape."""
    rows = [
        (tape.operations[code], tape.operands[a:b].tolist())
        for code, a, b in zip(tape.codes, tape.starts, tape.starts[1:], strict=False)
    ]

    values = list(leaves)
    for op, operands in rows:
        values.append(op.forward(*[values[i] for i in operands]))

    gradients = [0.0] * tape.nodes
    gradients[tape.outputs[0]] = 1.0
    for out in range(tape.nodes - 1, tape.leaves - 1, -1):
        op, operands = rows[out - tape.leaves]
        numbers = [values[i] for i in operands]
        for i, local in zip(operands, op.partials, strict=True):
            gradients[i] += gradients[out] * local(*numbers, values[out])
    return values, gradients


values, gradients = replay(tape, [-2.0, 5.0, -4.0])
f.backward()
print("values   ", values)
print("gradients", gradients)

assert values == [node.data for node in (x, y, z, q, f)]
assert gradients == [node.grad for node in (x, y, z, q, f)]

# %% [markdown]
# These are the numbers of `backward()`. A tape is a table, and these few lines play it.
#
# ## Let the machine play
#
# What `compile` returns is such a table with a player in machine code. It is a function of the inputs. It adds to
# `grad`, as `backward()` does, and its numbers are the same to the last bit. The very first time on a computer this
# takes some seconds, until the machine code is written; then it is kept.
#
# `listing()` shows what will be played: `v` are values, `g` are gradients.

# %%
f.zero_grad()
result = program(0.1, 0.2, 0.3)

p, r, s = Value(0.1), Value(0.2), Value(0.3)
anew = (p + r) * s
anew.backward()
print(f"f = {result}, gradients {x.grad}, {y.grad}, {z.grad}")
print(program.listing())

assert result == anew.data
assert (x.grad, y.grad, z.grad) == (p.grad, r.grad, s.grad)

# %% [markdown]
# The lower part runs from the last gate to the first. Gradients have places of their own: `g[0]` to `g[2]` belong to
# the inputs, `g[3]` to the output, `g[4]` to the number in between. The addition hands its gradient to both sides
# unchanged, so one line serves two inputs: `g[0:2]`.
#
# ## Side by side
#
# Those two inputs show where the speed comes from. Here is one neuron, $\max(0,\ w\,x + b)$, for a hundred points.
# That makes 300 gates. How many lines will the listing have?

# %%
w, b = Value(0.5, "w"), Value(1.0, "b")


@autograd.compile
def neuron(xs):
    return [(w * x + b).relu() for x in xs]


hundred = neuron.program([0.1 * i for i in range(100)])
print(hundred)
print(hundred.listing())

assert hundred.tape.results == 300
assert hundred.levels == 3

# %% [markdown]
# Three lines forward, three backward. All products can be computed at once, since none needs another one: they are
# one **level**. Then all sums are the next level, and so on. Within a level, gates of the same kind stand next to each
# other, and so do the numbers they read. `v[2:102]` are a hundred numbers in a row, and the processor runs through
# them without ever asking what comes next. (So results no longer lie in the order of the tape: the products, which
# are not needed on the way back, moved to the end.)
#
# Note the last two lines as well: $w$ and $b$ were used a hundred times, so a hundred gradients are added up.
#
# ## A task: two moons
#
# Two half circles with some noise, and one network that shall tell them apart. (The points are rounded, as if they
# had been measured with a ruler.)

# %%
random.seed(2)


def moons(count, noise=0.1):
    points, labels = [], []
    for i in range(count):
        angle = math.pi * random.random()
        upper = i % 2 == 0
        a, b = (math.cos(angle), math.sin(angle)) if upper else (1 - math.cos(angle), 0.5 - math.sin(angle))
        points.append((round(a + random.gauss(0, noise), 3), round(b + random.gauss(0, noise), 3)))
        labels.append(1.0 if upper else -1.0)
    return points, labels


def scatter(axes):
    for label, colour, marker in [(1.0, GREEN, "o"), (-1.0, ORANGE, "s")]:
        chosen = [point for point, own in zip(points, labels, strict=True) if own == label]
        axes.plot(*zip(*chosen, strict=True), marker, color=colour, markersize=4)
    axes.set_aspect("equal")


points, labels = moons(100)
figure, axes = plt.subplots(figsize=(6, 3.4))
scatter(axes)
axes.set(xlabel="$x_0$", ylabel="$x_1$")
plt.show()

# %% [markdown]
# The network gives each point a score $s$. It shall be above $1$ for the upper moon (label $y = 1$) and below $-1$
# for the lower one ($y = -1$). The **hinge loss** counts what is missing, and a small second term keeps the weights
# small:
#
# $$ L = \frac{1}{n} \sum_{i=1}^{n} \max(0,\ 1 - y_i\,s_i) \;+\; 10^{-4} \sum_k w_k^2 $$
#
# One line makes the difference between the graph as objects and the program: `autograd.compile`. The numbers in the
# arguments become inputs, the weights are the parameters.

# %%
model = nn.MLP(2, [16, 16, 1])


def loss_of(points, labels):
    scores = [model(point) for point in points]
    missing = [(1 - label * score).relu() for label, score in zip(labels, scores, strict=True)]
    return sum(missing) / len(missing) + 1e-4 * sum(w * w for w in model.parameters())


def eager_step():
    loss = loss_of(points, labels)
    loss.zero_grad()
    loss.backward()
    return loss.data


compiled_loss = autograd.compile(loss_of, parameters=model.parameters())
program = compiled_loss.program(points, labels)

loss = eager_step()
assert program.run() == loss
assert program.gradients.tolist() == [w.grad for w in model.parameters()]
print(f"loss {loss:.4f}, the same in both ways, and {len(program.gradients)} equal gradients")
print(program)

# %% [markdown]
# More than 65 000 numbers, but fewer than 1000 instructions. (Most of the levels come from the sums: Python's `sum`
# adds one number after the other.)
#
# Is the table alone so much faster than the objects? We take three times: the graph built anew, our own `replay` in
# Python, and the program.

# %%
leaves = [*program.parameters.tolist(), *program.inputs.tolist(), *program.tape.constants.tolist()]
values, gradients = replay(program.tape, leaves)
assert values[program.tape.outputs[0]] == loss
assert gradients[: len(program.gradients)] == program.gradients.tolist()
print("our replay finds the same loss and the same gradients")


def seconds(function, times):
    return min(timeit.repeat(function, number=1, repeat=times))


objects = seconds(eager_step, 5)
in_python = seconds(lambda: replay(program.tape, leaves), 5)
machine_code = seconds(program.run, 50)

for name, time in [("the graph built anew", objects), ("the table in Python", in_python)]:
    assert time > 100 * machine_code
    print(f"{name:20s} takes more than 100 times as long as the program")

# %% [markdown]
# So the table does not do it alone. It is the order, the neighbours, and the machine code; and only the table makes
# them possible. (On the computer that wrote this page a step took 85 milliseconds with objects, 100 with the table in
# Python, and 0.03 with the program. Print the three times on yours.)
#
# ## Train
#
# `run()` leaves all Values alone: parameters and gradients are two arrays, and a step of gradient descent is one line.
# At the end `write()` puts the numbers back into the weights of `model`.
#
# To see what the network has learned, we need its score at very many points. That is a second, smaller program with
# the same weights. `map` runs a whole table of inputs through it, here 40 000 rows, forward only.

# %%
losses, snapshots = [], {}


def train(steps=1000, eta=0.1):
    for step in range(steps):
        if step in (0, 100):
            snapshots[step] = program.parameters.copy()
        losses.append(program.run())
        program.parameters -= eta * program.gradients
    snapshots[steps] = program.parameters.copy()


whole_training = seconds(train, 1)
program.write()
right = sum((model(point).data > 0) == (label > 0) for point, label in zip(points, labels, strict=True))

assert whole_training < 10 * objects
print("1000 steps of training took less time than 10 steps with objects")
for step in (0, 10, 100, 999):
    print(f"step {step:3d}   loss {losses[step]:.3f}")
print(f"{right} of {len(points)} points on the right side")

assert losses[-1] < 0.02
assert right == 100

# %%
x0, x1 = Value(0.0, "x0"), Value(0.0, "x1")
score = autograd.compile(model([x0, x1]), inputs=[x0, x1], parameters=model.parameters())

across, up = np.linspace(-1.6, 2.6, 200), np.linspace(-1.1, 1.6, 200)
grid = np.array([(a, b) for b in up for a in across])

figure, axes = plt.subplots(2, 2, figsize=(9.6, 6.4))
axes[0, 0].semilogy(losses, color=GREY, linewidth=1.5)
axes[0, 0].set(xlabel="step", ylabel="loss, in powers of ten", title="the loss")
for place, (step, parameters) in zip(axes.ravel()[1:], snapshots.items(), strict=True):
    scores = score.map(grid, gradients="none", parameters=parameters).values.reshape(200, 200)
    place.contourf(across, up, scores, levels=[-1e9, 0, 1e9], colors=["#fbe6d6", "#d8efe6"])
    place.contour(across, up, scores, levels=[0], colors="black", linewidths=1.6)
    place.contour(across, up, scores, levels=[-1, 1], colors="black", linewidths=0.8, linestyles="--")
    scatter(place)
    place.set(title="before training" if step == 0 else f"after {step} steps")
    axes[0, 0].plot(min(step, 999), losses[min(step, 999)], "o", color="black", markersize=5, clip_on=False)
figure.tight_layout()
plt.show()

assert all((value > 0) == (label > 0) for value, label in zip(score.map(points).values, labels, strict=True))

# %% [markdown]
# The thick line is the border, on the dashed lines the score is $-1$ and $1$. At first the border is nearly straight;
# then it bends, until the whole upper moon is on one side and the lower one on the other.
#
# ## What cannot be recorded
#
# A tape knows one way only. An `if` on a number decides between two ways, and while the function is recorded there is
# only one number to decide by. The tape would keep this one answer for ever. So `compile` refuses, and names the line.
#
# The remedy: compute both ways, and let a *gate* choose between the results. `where(condition, a, b)` is such a gate,
# `maximum` and `minimum` are others. The choice is then part of the graph and made anew in each run.
#
# There is an `if` that is fine: one that does not depend on a recorded number. Whole numbers and texts are **static**
# arguments. Each new one gets a tape of its own, in which the decision has already been taken.

# %%


def readable(error):
    """Return the message in lines of 100 letters."""
    return textwrap.fill(str(error), 100)


@autograd.compile
def bent(x):
    if x > 0:
        return 2 * x
    return 0.1 * x


try:
    bent(3.0)
except TypeError as error:
    refused = readable(error)
print(refused)

assert "if x > 0" in refused


@autograd.compile
def bent(x):
    return autograd.where(autograd.greater(x, 0), 2 * x, 0.1 * x)


print("bent:", bent(3.0), bent(-3.0))


@autograd.compile
def scaled(x, how):
    if how == "double":
        return 2 * x
    return x / 2


print("scaled:", scaled(3.0, "double"), scaled(5.0, "double"), scaled(3.0, "halve"))
print(scaled)

assert (bent(3.0), bent(-3.0)) == (6.0, 0.1 * -3.0)
assert (scaled(3.0, "double"), scaled(5.0, "double"), scaled(3.0, "halve")) == (6.0, 10.0, 1.5)
assert "2 programs" in repr(scaled)

# %% [markdown]
# Three calls, two tapes: `"double"` was recorded once and played for $3$ and for $5$.
#
# ## Your turn
#
# 1. **Levels.** `a * b * c * d * e * f * g * h` are seven multiplications, one after the other: 7 levels. Multiply
#    eight numbers in another order, so that there are only **3** levels.
# 2. **A branch.** The Huber loss is a parabola in the middle and a line outside: $h(e) = \tfrac12 e^2$ where
#    $|e| \le 1$, and $h(e) = |e| - \tfrac12$ elsewhere. Write it so that it can be compiled.
# 3. **A gradient has a graph, too.** `autograd.grad(z, x, create_graph=True)` returns the gradient as a Value with a
#    graph, in a tuple of one. Use it twice and return the *second* derivative of the sigmoid of $x$. The checker
#    compiles it and compares with $s\,(1 - s)\,(1 - 2s)$, where $s = \sigma(x)$.
#
# The next cell holds the checkers. Write your functions in the three cells after it, in place of `None`.

# %%


def recorded(function, *arguments):
    """Return the compiled function; None, and say why, when it cannot be compiled."""
    compiled = autograd.compile(function)
    try:
        if function(*arguments) is None:
            return print("Not yet: the function returns None.")
        compiled(*arguments)
    except (TypeError, ValueError) as error:
        return print(f"No: it cannot be compiled.\n{readable(error)}")
    return compiled


def check_product(function):
    numbers = [1.5, -2.0, 3.0, 0.5, 4.0, -1.0, 2.5, 2.0]
    compiled = recorded(function, [Value(number) for number in numbers])
    if compiled is None:
        return None
    if compiled(numbers) != math.prod(numbers):
        return print(f"No: the product is {math.prod(numbers)}, yours is {compiled(numbers)}.")
    levels = compiled.program(numbers).levels
    if levels > 3:
        return print(f"No: right, but it has {levels} levels. Which products do not need each other?")
    return print("Right: 3 levels. Four products, then two, then one.")


def check_huber(function):
    compiled = recorded(function, Value(0.5))
    if compiled is None:
        return None
    for e in (0.5, -0.25, 0.0, 3.0, -2.0):
        value, slope = (0.5 * e * e, e) if abs(e) <= 1 else (abs(e) - 0.5, math.copysign(1.0, e))
        error = Value(e)
        if abs(compiled(error) - value) > 1e-12:
            return print(f"No: h({e}) should be {value}, yours is {compiled(e)}.")
        if abs(error.grad - slope) > 1e-12:
            return print(f"No: the value at {e} is right, but the slope is {slope}, not {error.grad}.")
    return print("Right: one tape for the parabola and for both lines.")


def check_curvature(function):
    compiled = recorded(function, Value(0.5))
    if compiled is None:
        return None
    numbers = np.linspace(-4, 4, 33)
    found = compiled.map(numbers, gradients="none").values
    s = 1 / (1 + np.exp(-numbers))
    if np.allclose(found, s * (1 - s)):
        return print("No: this is the first derivative. Ask for the gradient of the gradient.")
    if not np.allclose(found, s * (1 - s) * (1 - 2 * s)):
        return print("No: it differs from the formula. Is it the sigmoid that you differentiate?")
    return print("Right: the program agrees with the formula at all 33 places.")


# %%
def product(xs):
    return None


check_product(product)


# %%
def huber(e):
    return None


check_huber(huber)


# %%
def curvature(x):
    return None


check_curvature(curvature)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# Four pairs need nothing from each other: one level. Their products form two pairs, then one. Each level halves, so
# for $n$ numbers there are about $\log_2 n$ levels instead of $n - 1$.
#
# ```python
# def product(xs):
#     while len(xs) > 1:
#         xs = [a * b for a, b in zip(xs[::2], xs[1::2])]
#     return xs[0]
#
#
# check_product(product)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# Compute the parabola and the line, and let `where` choose.
#
# ```python
# def huber(e):
#     size = abs(e)
#     return autograd.where(autograd.greater(size, 1), size - 0.5, 0.5 * e * e)
#
#
# check_huber(huber)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# The second gradient needs `create_graph=True` as well: without it, it is a bare number, and there is nothing to
# record.
#
# ```python
# def curvature(x):
#     (slope,) = autograd.grad(x.sigmoid(), x, create_graph=True)
#     (bend,) = autograd.grad(slope, x, create_graph=True)
#     return bend
#
#
# check_curvature(curvature)
# ```
#
# </details>

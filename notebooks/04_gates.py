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
# # 4. Gates
#
# A gradient comes back through a graph from right to left. At each gate something happens to it.
#
# **Can you see what, without computing anything?** Look at the numbers below the wires: what does `+` do, what `*`,
# what `max`?

# %%
import textwrap

import matplotlib.pyplot as plt

import viz
from autograd import ComputationalGraph, Gate, Value, gradcheck, numerical_gradient

a, b, c, d = Value(4.0, "a"), Value(-3.0, "b"), Value(1.0, "c"), Value(6.0, "d")
product = a * b
larger = c.maximum(d)
total = product + larger
out = total * 2
out.backward()
viz.draw(out)

# %% [markdown]
# ## Three habits
#
# * **`+` distributes.** What arrives goes to both sides, unchanged: $2$ for the product, $2$ for the maximum.
# * **`*` swaps.** Each side gets the gradient times the *other* value: $a$ gets $2 \cdot (-3)$, $b$ gets $2 \cdot 4$.
# * **`max` routes.** The winner gets everything, the loser nothing. Moving the loser a little changes nothing.

# %%
# Lecture row G3
print(f"+    gives {product.grad} and {larger.grad}")
print(f"*    gives {a.grad} and {b.grad}")
print(f"max  gives {c.grad} and {d.grad}")

assert product.grad == larger.grad == total.grad == 2.0
assert a.grad == total.grad * b.data == -6.0
assert b.grad == total.grad * a.data == 8.0
assert (c.grad, d.grad) == (0.0, 2.0)

# %% [markdown]
# ## And when a wire branches?
#
# Forwards, a branch copies a number. Backwards it does the opposite: **a branch sums**. A number that is used twice
# is responsible twice. Below, $v$ goes into a product and straight into the sum:
#
# $$ f = u\,v + v \qquad \frac{df}{dv} = u + 1 $$

#
# Step through it: above is the right way, below somebody writes `=` where the chain rule adds up. Up to which step do
# the two agree?

# %%
# Lecture row G3
u, v = Value(3.0, "u"), Value(-2.0, "v")
f = u * v + v
f.label = "f"
f.backward()

assert v.grad == u.data + 1.0 == 4.0
assert viz.mistake(f, "assign").differences() == {"v": (4.0, 3.0)}
viz.mistake(f, "assign")

# %% [markdown]
# The two branches bring $1$ and $3$, the trunk shows $4$. Overwritten, it shows only what came last. With these four
# habits you can read most graphs at a glance.
#
# ## A gate of your own
#
# What is a gate, then? Two functions. `forward` computes, and keeps what it will need later. `backward` receives
# the gradient of its result, $dz$, and returns one gradient for each input:
#
# $$ z = x\,y \qquad dx = y\,dz \qquad dy = x\,dz $$

# %%
# Lecture row G4


class MultiplyGate(Gate):
    symbol = "×"

    def forward(self, x, y):
        self.x, self.y = x, y  # needed on the way back
        return x * y

    def backward(self, dz):
        dx = self.y * dz
        dy = self.x * dz
        return [dx, dy]


by_hand = MultiplyGate()
print(by_hand.forward(4.0, -3.0), by_hand.backward(2.0))

assert by_hand.forward(4.0, -3.0) == -12.0
assert by_hand.backward(2.0) == [-6.0, 8.0]

# %% [markdown]
# These are the numbers of the first picture. Called with `Value`s, the gate takes its place in a graph like any
# other:

# %%
x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
multiply = MultiplyGate()
f = multiply(x + y, z)
f.backward()

assert f.data == -12.0
assert (x.grad, y.grad, z.grad) == (-4.0, -4.0, 3.0)
viz.draw(f)

# %% [markdown]
# ## The whole graph as one object
#
# A graph has the same two functions as a gate. `forward` visits the gates **in topological order**: no gate before
# its inputs are known. `backward` visits them in the reverse order: no gate before all that comes back to it is
# known. Two gates that say when they are visited show it:

# %%
# Lecture row G4
visits = []


class LoudGate(MultiplyGate):
    def __init__(self, name):
        self.name = name

    def forward(self, x, y):
        visits.append(f"{self.name} forward")
        return super().forward(x, y)

    def backward(self, dz):
        visits.append(f"{self.name} backward")
        return super().backward(dz)


graph = ComputationalGraph(LoudGate("second")(LoudGate("first")(x, y), z))
visits.clear()
result = graph.forward({"x": 1.0, "y": 2.0, "z": 10.0})
gradients = graph.backward()
print(" → ".join(visits))
print("with x = 1, y = 2, z = 10:", result, gradients)

order = [node.op.symbol if node.op else node.label for node in ComputationalGraph(f).nodes_topologically_sorted()]
assert order == ["x", "y", "+", "z", "×"]
assert visits == ["first forward", "second forward", "second backward", "first backward"]
assert [node.label for node in graph.inputs] == ["x", "y", "z"]
assert result == 20.0
assert gradients == [20.0, 10.0, 2.0]

# %% [markdown]
# ## Is my gate right?
#
# A wrong `backward` raises no error. The network just learns badly. So check it against the definition of the
# derivative:
#
# $$ \frac{dL}{dW_i} = \lim_{h \to 0} \frac{L(W + h\,e_i) - L(W)}{h} $$
#
# Nudge one number, look how the loss moves, divide by $h$. Here are the losses from a lecture, for $h = 0.0001$ and
# $W = (0.34,\ {-1.11},\ 0.78,\ \dots)$, nudged one entry at a time:

# %%
# Lecture row G6
h = 0.0001
loss_before = 1.25347
loss_after = [1.25322, 1.25353, 1.25347]

slopes = [(after - loss_before) / h for after in loss_after]
print("  W      W + h    loss      gradient")
for weight, after, slope in zip([0.34, -1.11, 0.78], loss_after, slopes, strict=True):
    print(f"{weight:5.2f}  {weight + h:8.4f}   {after:.5f}   {slope + 0.0:6.1f}")

assert [round(slope, 1) for slope in slopes] == [-2.5, 0.6, 0.0]

# %% [markdown]
# The lecture does not show the data behind its loss. But we can build a small loss of our own that has the same
# values at these weights, and see where such a table comes from:
#
# $$ L = \max(0,\ 2.76947 - 2.5\,W_0 + 0.6\,W_1) + \max(0,\ W_2 - 2) $$

# %%
# Lecture row G6


def loss_of(W):
    return (2.76947 - 2.5 * W[0] + 0.6 * W[1]).maximum(0) + (W[2] - 2).maximum(0)


W = [Value(0.34, "W0"), Value(-1.11, "W1"), Value(0.78, "W2")]
loss = loss_of(W)
loss.backward()

nudged = [loss_of([Value(w.data + h * (i == k)) for k, w in enumerate(W)]).data for i in range(3)]
numerical = numerical_gradient(loss_of, W, h=0.0001, method="forward")
print("losses     ", round(loss.data, 5), [round(number, 5) for number in nudged])
print("numerical  ", [round(g, 4) + 0.0 for g in numerical])
print("backward   ", [round(w.grad, 4) for w in W])

assert round(loss.data, 5) == 1.25347
assert [round(number, 5) for number in nudged] == [1.25322, 1.25353, 1.25347]
assert [round(g, 4) for g in numerical] == [-2.5, 0.6, 0.0]
assert [w.grad for w in W] == [-2.5, 0.6, 0.0]
viz.draw(loss)

# %% [markdown]
# Now the zero has a reason: the lower `max` routes the gradient to its other input, the constant, and nothing to
# $W_2$.
#
# ## How small should the nudge be?
#
# A large $h$ cuts the curve too coarsely. A tiny $h$ compares two numbers that are almost equal, and the rounding of
# the computer shows. Nudging to *both* sides is much better:
#
# $$ \frac{L(w + h) - L(w - h)}{2h} $$
#
# We compare by the **relative error**, because $0.01$ is much beside $0.02$ and little beside $500$:
#
# $$ \frac{|\text{analytic} - \text{numerical}|}{\max(|\text{analytic}|,\ |\text{numerical}|)} $$

# %%
# Lecture row G6


def relative(analytic, numerical):
    return abs(analytic - numerical) / max(abs(analytic), abs(numerical))


w = Value(1.0)
w.exp().backward()

sizes = [10.0**-k for k in range(1, 13)]
smallest = {}
figure, axes = plt.subplots(figsize=(6.4, 3.6), dpi=80)
for method, name, colour, form in [("forward", "one side", "#b54708", "s"), ("central", "both sides", "#00775a", "o")]:
    estimates = [numerical_gradient(lambda w: w.exp(), Value(1.0), size, method) for size in sizes]
    errors = [relative(w.grad, g) for g in estimates]
    axes.loglog(sizes, errors, f"{form}-", color=colour, markersize=4)
    axes.annotate(name, (sizes[2], errors[2]), xytext=(8, 2), textcoords="offset points", color=colour)
    smallest[method] = min(errors)
axes.invert_xaxis()
axes.set(xlabel="h, smaller to the right", ylabel="relative error")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

assert relative(0.01, 0.02) == 0.5
assert relative(500.0, 500.01) < 0.0001
assert smallest["forward"] < 1e-6
assert smallest["central"] < 1e-9

# %% [markdown]
# ## Catch a mistake
#
# `gradcheck` does this for every input of a gate. Here is one that forgot to swap:

# %%
# Lecture row G6


class ForgetfulGate(MultiplyGate):
    def backward(self, dz):
        return [self.x * dz, self.y * dz]


print("MultiplyGate is right:", gradcheck(MultiplyGate(), [4.0, -3.0]))
print("ForgetfulGate is right:", gradcheck(ForgetfulGate(), [4.0, -3.0], raise_exception=False))
try:
    gradcheck(ForgetfulGate(), [4.0, -3.0])
except AssertionError as error:
    message = str(error)
print(textwrap.fill(message, 100))

assert gradcheck(MultiplyGate(), [4.0, -3.0])
assert "input 0" in message
assert gradcheck(ForgetfulGate(), [3.0, 3.0])  # not noticed!

# %% [markdown]
# A good check uses ordinary numbers. At $x = y = 3$ even the forgetful gate passes: see the last line.
#
# ## Your turn
#
# 1. **Read a graph.** $f = \max(a\,b,\ c) + a$ with $a = 2$, $b = 3$, $c = 5$. Which three gradients come back? The
#    four habits are enough, there is nothing to compute.
# 2. **A gate.** Write a gate for the squared distance $z = (x - y)^2$.
# 3. **A measure.** Write the relative error so that it is a number for *any* two gradients. When both are zero they
#    agree, and the error is $0$. What does the formula above do then?
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_reading(gradients):
    missing = [name for name in "abc" if gradients.get(name) is None]
    if missing:
        return print(f"Not yet: give a number for {', '.join(missing)}.")
    a, b, c = (gradients[name] for name in "abc")
    if c != 0:
        return print("No: max routes. a b = 6 is larger than 5, so what does c get?")
    if a == 3:
        return print("No: a is used twice. Add what comes back on both ways.")
    if b == 3:
        return print("No: '*' swaps. Each factor gets the other one.")
    if (a, b) != (4, 2):
        return print("No: go from right to left. + distributes, max routes, * swaps, a branch sums.")
    return print("Right: a gets 3 through the product and 1 from the sum, b gets 2, c nothing.")


def check_gate(gate_class):
    gate = gate_class()
    z = gate.forward(5.0, 2.0)
    if z is None:
        return print("Not yet: forward returns None.")
    if z != 9.0:
        return print(f"No: forward(5, 2) should be 9, yours is {z}.")
    gradients = gate.backward(1.0)
    if gradients is None:
        return print("Not yet: forward is right, backward returns None.")
    if not isinstance(gradients, (list, tuple)) or len(gradients) != 2:
        return print("No: backward returns a list of two gradients, [dx, dy].")
    dx, dy = gradients
    if (dx, dy) == (6.0, 6.0):
        return print("No: x and y pull in opposite directions. One of the signs is wrong.")
    if (dx, dy) == (-6.0, 6.0):
        return print("No: both signs are turned round. When x grows above y, z grows.")
    if (dx, dy) == (3.0, -3.0):
        return print("No: the square brings a factor 2.")
    if list(gate.backward(10.0)) == [dx, dy]:
        return print("No: backward must use dz. The chain rule multiplies by what arrives.")
    if all(gradcheck(gate_class(), point, raise_exception=False) for point in ([5.0, 2.0], [-1.0, 0.5])):
        return print("Right: forward, backward and the gradient check agree.")
    return print(f"No: for x = 5, y = 2, dz = 1 yours gives {dx}, {dy}; nudging gives 6, -6.")


def check_measure(function):
    if function(1.0, 2.0) is None:
        return print("Not yet: the function returns None.")
    try:
        both_zero = function(0.0, 0.0)
    except ZeroDivisionError:
        return print("No: for two zeros it divides by zero.")
    if both_zero != 0:
        return print(f"No: two zeros agree, the error is 0; yours is {both_zero}.")
    for analytic, numerical, exact in [(500.0, 499.99, 2e-05), (0.02, 0.01, 0.5), (0.01, 0.02, 0.5), (0.0, 1e-9, 1.0)]:
        found = function(analytic, numerical)
        if abs(found - exact) < 1e-12:
            continue
        if found == abs(analytic - numerical):
            return print("No: this is the absolute error. 0.01 is little beside 500.")
        if found < 0:
            return print("No: an error is not negative. Where does abs belong?")
        if (analytic, numerical) == (0.01, 0.02) and abs(found - 1) < 1e-12:
            return print("No: it should not matter which of the two comes first. Divide by the larger one.")
        return print(f"No: for {analytic:g} and {numerical:g} it should be {exact:g}, yours is {found:g}.")
    return print("Right. This is what a gradient check compares.")


# %%
my_reading = {"a": None, "b": None, "c": None}

check_reading(my_reading)


# %%
class SquaredDistanceGate(Gate):
    symbol = "d²"

    def forward(self, x, y):
        return None

    def backward(self, dz):
        return None


check_gate(SquaredDistanceGate)


# %%
def my_measure(analytic, numerical):
    return None


check_measure(my_measure)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# From the right: the sum hands $1$ to the maximum and $1$ to $a$. The maximum hands its $1$ to the product, since
# $6 > 5$, and nothing to $c$. The product hands $3$ to $a$ and $2$ to $b$. So $a$ gets $3 + 1$.
#
# ```python
# my_reading = {"a": 4, "b": 2, "c": 0}
#
# check_reading(my_reading)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# With $q = x - y$ and $z = q^2$ the chain rule gives $dx = 2q\,dz$ and $dy = -2q\,dz$. So keep $q$:
#
# ```python
# class SquaredDistanceGate(Gate):
#     symbol = "d²"
#
#     def forward(self, x, y):
#         self.difference = x - y
#         return self.difference**2
#
#     def backward(self, dz):
#         return [2 * self.difference * dz, -2 * self.difference * dz]
#
#
# check_gate(SquaredDistanceGate)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# ```python
# def my_measure(analytic, numerical):
#     larger = max(abs(analytic), abs(numerical))
#     return abs(analytic - numerical) / larger if larger else 0.0
#
#
# check_measure(my_measure)
# ```
#
# Beside zero every other number is infinitely far away: for $0$ and $10^{-9}$ this says $1$. So a real check also lets
# very small differences pass, whatever their relative error.
#
# </details>

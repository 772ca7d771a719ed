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
# # 3. A neuron
#
# A neuron weighs its inputs, adds them up, and squeezes the sum into a number between 0 and 1:
#
# $$ s = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}} $$
#
# This one answers $0.73$. **We would like it to say a bit more. Which of its five numbers should change, and which
# way?**
#
# The formula looks like one piece. In the picture it falls apart into gates that each do almost nothing.

# %%
import matplotlib.pyplot as plt
import numpy as np

import viz
from autograd import Value

plt.rcParams.update({"figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False})

w0, x0 = Value(2.0, "w0"), Value(-1.0, "x0")
w1, x1 = Value(-3.0, "w1"), Value(-2.0, "x1")
w2 = Value(-3.0, "w2")

first = w0 * x0
second = w1 * x1
both = first + second
t = both + w2
negative = t * -1
power = negative.exp()
below = power + 1
s = 1 / below

viz.draw(s, theme="cs231n")

# %% [markdown]
# ## Forward: eight small steps
#
# Follow the upper numbers from left to right.

# %%
# Lecture row G2
steps = [first, second, both, t, negative, power, below, s]
print([round(step.data, 2) for step in steps])

assert [round(step.data, 2) for step in steps] == [-2.00, 6.00, 4.00, 1.00, -1.00, 0.37, 1.37, 0.73]

# %% [markdown]
# ## Backward: four rules are enough
#
# Each gate needs to know only its own derivative:
#
# | gate | computes | local derivative |
# |:----:|:--------:|:----------------:|
# | `1/x` | $\frac{1}{x}$ | $-\frac{1}{x^2}$ |
# | `+1` | $c + x$ | $1$ |
# | `exp` | $e^x$ | $e^x$ |
# | `*-1` | $a\,x$ | $a$ |
#
# We begin with $1$ at the right end and multiply gate by gate. First with bare numbers, so that nothing is hidden:

# %%
at_s = 1.0
at_below = at_s * (-1 / below.data**2)  # gate 1/x
at_power = at_below * 1  # gate +1
at_negative = at_power * power.data  # gate exp: its derivative is its own result
at_t = at_negative * -1  # gate *-1
rounded = [round(g, 2) for g in (at_s, at_below, at_power, at_negative, at_t)]
print(rounded)

assert rounded == [1.00, -0.53, -0.53, -0.20, 0.20]

# %% [markdown]
# Two gates are left. An addition hands its gradient to both sides unchanged. A multiplication hands each side the
# gradient times the *other* factor. `backward()` does it all:

# %%
# Lecture row G2
s.backward()

assert [round(v.grad, 2) for v in (s, below, power, negative, t)] == [1.00, -0.53, -0.53, -0.20, 0.20]
assert [round(v.grad, 2) for v in (both, first, second)] == [0.20, 0.20, 0.20]
assert round(w0.grad, 2) == -0.20
assert round(x0.grad, 2) == 0.39
assert round(w1.grad, 2) == -0.39
assert round(x1.grad, 2) == -0.59
assert round(w2.grad, 2) == 0.20
viz.draw(s, theme="cs231n")

# %% [markdown]
# Now the question has an answer. To make the neuron say more, raise $w_2$ and $x_0$, lower $w_0$, $w_1$ and $x_1$.
# The number that matters most is $x_1$, with $-0.59$.
#
# Why is $w_0$ negative although $t$ has a positive gradient? Its partner is $x_0 = -1$. A weight on a negative input
# works the other way round.
#
# We take one small step in this direction and look.

# %%
step = 0.1
a0, b0, a1, b1, a2 = [v.data + step * v.grad for v in (w0, x0, w1, x1, w2)]
raised = 1 / (1 + np.exp(-(a0 * b0 + a1 * b1 + a2)))
print(f"before {s.data:.4f}, after {raised:.4f}")

assert raised > s.data

# %% [markdown]
# ## Four gates are one gate
#
# The last four gates come together so often that they have a name, the **sigmoid** $\sigma(t)$. Its derivative is
# surprisingly short:
#
# $$ \frac{d\sigma}{dt} = \frac{e^{-t}}{(1 + e^{-t})^2}
# = \underbrace{\frac{1}{1 + e^{-t}}}_{s} \cdot \underbrace{\frac{e^{-t}}{1 + e^{-t}}}_{1 - s} = s\,(1 - s) $$
#
# So a sigmoid gate needs only its own result to go back. Here $0.73 \cdot 0.27 = 0.20$, in one step instead of four.

# %%
# Lecture row G2
u0, v0 = Value(2.0, "w0"), Value(-1.0, "x0")
u1, v1 = Value(-3.0, "w1"), Value(-2.0, "x1")
u2 = Value(-3.0, "w2")

folded = (u0 * v0 + u1 * v1 + u2).sigmoid()
folded.backward()
local = folded.data * (1 - folded.data)
print(f"s (1 - s) = {folded.data:.2f} * {1 - folded.data:.2f} = {local:.2f}")

assert (round(folded.data, 2), round(1 - folded.data, 2), round(local, 2)) == (0.73, 0.27, 0.20)
for staged, short in zip((w0, x0, w1, x1, w2), (u0, v0, u1, v1, u2), strict=True):
    assert abs(staged.grad - short.grad) < 1e-12
viz.draw(folded, theme="cs231n")

# %% [markdown]
# All five gradients are the same as before. Where a gate begins and ends is our choice; the chain rule does not mind.
#
# The picture can open the sigmoid again. Nothing is computed anew, only drawn in smaller pieces:

# %%
source = viz.draw(folded, unfold=True).source
for number in ("0.37", "1.37", "-0.53", "-0.20", "0.73"):
    assert f">{number}<" in source
viz.draw(folded, theme="cs231n", unfold=True)

# %% [markdown]
# ## Where the neuron learns, and where it sleeps
#
# The local derivative is the slope of the curve. It is largest in the middle and nearly zero at both ends.

# %%
curve = np.linspace(-10, 10, 300)
sigmoid = 1 / (1 + np.exp(-curve))

figure, axes = plt.subplots(figsize=(6.4, 3.4))
axes.plot(curve, sigmoid, color="#00775a")
axes.plot(curve, sigmoid * (1 - sigmoid), color="#b54708")
axes.plot([1, 1], [s.data, local], "o", color="black", markersize=5)
axes.annotate("our neuron: 0.73", (1, s.data), xytext=(1.7, 0.68))
axes.annotate("slope there: 0.20", (1, local), xytext=(1.7, 0.22))
axes.annotate("σ(t)", (5, 0.93), color="#00775a")
axes.annotate("σ(t) (1 − σ(t))", (-6.6, 0.17), color="#b54708")
axes.set(xlabel="t", xlim=(-10, 10), ylim=(-0.02, 1.05))
plt.show()

slopes = []
for number in (-10.0, 0.0, 10.0):
    v = Value(number)
    v.sigmoid().backward()
    slopes.append(v.grad)
print([round(slope, 5) for slope in slopes])

assert slopes[1] == 0.25  # no input gives more
assert max(slopes[0], slopes[2]) < 0.0001

# %% [markdown]
# At $t = \pm 10$ the slope is about $0.00005$. Whatever gradient arrives from the right, almost nothing goes on to
# the left. Such a neuron is called **saturated**: it has a firm opinion and hardly learns.
#
# ## Your turn
#
# Leave the four other numbers as they are and choose $w_2$ so that the gradient of $w_2$ becomes **as large as it can
# be**. The next cell holds the checker; put your number in place of `None` in the cell after it.

# %%


def check(w2):
    if w2 is None:
        return print("Not yet: put a number in place of None.")
    if not isinstance(w2, (int, float)):
        return print("No: give one number, such as -3.5.")
    bias = Value(w2, "w2")
    t = 2.0 * -1.0 + -3.0 * -2.0 + bias
    t.sigmoid().backward()
    if abs(bias.grad - 0.25) < 1e-6:
        return print("Right: t = 0, s = 0.5, and the gradient is 0.25.")
    if abs(t.data) > 4:
        return print(f"No: t = {t.data:g}, the neuron is saturated, the gradient is only {bias.grad:.4f}.")
    return print(f"No: t = {t.data:g}, the gradient is {bias.grad:.3f}. At which t is the slope largest?")


# %%
my_w2 = None
check(my_w2)

# %% [markdown]
# <details>
# <summary>Answer</summary>
#
# $w_2$ is simply added, so its gradient is the slope of the sigmoid, $s\,(1 - s)$. This is largest at $s =
# \tfrac{1}{2}$, that is at $t = 0$. The two products give $-2 + 6 = 4$, so $w_2 = -4$.
#
# ```python
# my_w2 = -4
# check(my_w2)
# ```
#
# Ten sigmoid layers in a row multiply ten such slopes. Even at best that is $0.25^{10} \approx 0.000001$. This is why
# deep networks seldom use the sigmoid between layers.
#
# </details>

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
t.label, s.label = "t", "s"

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
# Lecture row G2
rules = {
    "1/x": -1 / below.data**2,
    "+1": 1.0,
    "exp": power.data,  # the derivative of exp is its own result
    "*-1": -1.0,
}
gradient, gradients = 1.0, [1.0]
print("gate   upstream * local = gradient")
for gate, local in rules.items():
    print(f"{gate:5s}  {gradient:8.2f} * {local:5.2f} = {gradient * local:8.2f}")
    gradient = gradient * local
    gradients.append(gradient)

assert [round(local, 2) for local in rules.values()] == [-0.53, 1.00, 0.37, -1.00]
assert [round(gradient, 2) for gradient in gradients] == [1.00, -0.53, -0.53, -0.20, 0.20]

# %% [markdown]
# Two gates are left. An addition hands its gradient to both sides unchanged. A multiplication hands each side the
# gradient times the *other* factor. `backward()` does it all. Step through it, forward and back: at each gate you see
# its rule and the numbers put in.

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
shown = [step.slots[0] for step in viz.frames(s).steps if step.phase == "backward"][:4]
assert [slot.derivative for slot in shown] == [r"-\frac{x}{y^2}", "1", "e^{x}", "y"]  # of x/y, x + y, e^x and x y
assert [slot.local for slot in shown] == list(rules.values())
viz.step(s, theme="cs231n")

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
# The picture can open the sigmoid again. Nothing is computed anew, only drawn in smaller pieces. (The stepper above can
# do both: choose "Folded" there.)

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
# 1. **Wide awake.** Leave the four other numbers as they are and choose $w_2$ so that the gradient of $w_2$ becomes
#    **as large as it can be**.
# 2. **Other inputs.** Now keep the three weights $2$, $-3$, $-3$ and choose the inputs $x_0$ and $x_1$ so that the
#    gradient of $w_0$ is **positive** and the gradient of $w_1$ is **zero**.
# 3. **Another squeeze.** $\tanh(t) = 2\,\sigma(2t) - 1$ squeezes into $-1$ to $1$. Like the sigmoid, it can compute
#    its local derivative from its own result $a$ alone. Write this function of $a$.
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_bias(w2):
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


def check_inputs(x0, x1):
    if x0 is None or x1 is None:
        return print("Not yet: give two numbers.")
    w0, w1 = Value(2.0, "w0"), Value(-3.0, "w1")
    s = (w0 * x0 + w1 * x1 - 3.0).sigmoid()
    s.backward()
    if w1.grad != 0:
        return print(f"No: the gradient of w1 is {w1.grad:.3f}. At '*' each factor gets the other one: which is zero?")
    if x0 == 0:
        return print("No: the gradient of w0 is zero as well. Its partner must not be zero.")
    if x0 < 0:
        return print(f"No: the gradient of w0 is {w0.grad:.3f}. Which sign has its partner?")
    if w0.grad < 0.001:
        return print(f"No: the signs are right, but the neuron is saturated at s = {s.data:.4f}. Take a smaller x0.")
    return print(f"Right: a weight whose input is zero learns nothing. Here w0 gets {w0.grad:.3f} and w1 nothing.")


def check_tanh(function):
    if function(0.5) is None:
        return print("Not yet: the function returns None.")
    for t in (-2.0, -0.5, 0.0, 1.0):
        v = Value(t)
        a = v.tanh()
        a.backward()
        found = function(a.data)
        if abs(found - v.grad) < 1e-9:
            continue
        for mistake, hint in [
            (a.data * (1 - a.data), "this is the rule of the sigmoid."),
            ((1 - a.data) ** 2, "this squares too much. It is largest at a = -1, where the curve is flat."),
            (1 - a.data, "at a and at -a the curve is equally steep. Your slopes there differ."),
            (1 - np.tanh(a.data) ** 2, "a is the result already. Do not apply tanh once more."),
        ]:
            if abs(found - mistake) < 1e-9:
                return print(f"No: {hint}")
        return print(f"No: at t = {t:g}, where a = {a.data:.3f}, the slope is {v.grad:.3f}; yours is {found:.3f}.")
    return print("Right: 1 - a². At a = 0 the slope is 1, four times that of the sigmoid.")


# %%
my_w2 = None

check_bias(my_w2)

# %%
my_x0, my_x1 = None, None

check_inputs(my_x0, my_x1)


# %%
def tanh_slope(a):
    return None


check_tanh(tanh_slope)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# $w_2$ is simply added, so its gradient is the slope of the sigmoid, $s\,(1 - s)$. This is largest at $s =
# \tfrac{1}{2}$, that is at $t = 0$. The two products give $-2 + 6 = 4$, so $w_2 = -4$.
#
# ```python
# my_w2 = -4
#
# check_bias(my_w2)
# ```
#
# Ten sigmoid layers in a row multiply ten such slopes. Even at best that is $0.25^{10} \approx 0.000001$. This is why
# deep networks seldom use the sigmoid between layers.
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# The gradient of a weight is what arrives at its product, which is positive here, times its input. So $x_0 > 0$ and
# $x_1 = 0$, and $x_0$ not so large that the neuron is saturated.
#
# ```python
# my_x0, my_x1 = 1.5, 0.0
#
# check_inputs(my_x0, my_x1)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# With $a = 2 s - 1$ and $s = \sigma(2t)$ the chain rule gives $2 \cdot s\,(1 - s) \cdot 2$. Put in $s = (1 + a) / 2$:
# $4 \cdot \frac{1 + a}{2} \cdot \frac{1 - a}{2} = (1 + a)(1 - a) = 1 - a^2$.
#
# ```python
# def tanh_slope(a):
#     return 1 - a**2
#
#
# check_tanh(tanh_slope)
# ```
#
# </details>

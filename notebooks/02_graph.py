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
# # 2. A graph
#
# Take three numbers and compute $f = (x + y)\,z$ with $x = -2$, $y = 5$, $z = -4$.
#
# **If one of the three grows a little, does $f$ grow or fall, and how fast?**
#
# The picture shows the computation as a graph: numbers flow along wires from left to right, and gates combine them.

# %%
import viz
from autograd import Value

x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")

q = x + y
q.label = "q"
f = q * z
f.label = "f"
viz.draw(f)

# %% [markdown]
# ## Forward
#
# We give the result of the first gate a name, $q$. Then every gate is a small formula of its own:
#
# $$ q = x + y = -2 + 5 = 3 \qquad f = q\,z = 3 \cdot (-4) = -12 $$

# %%
# Lecture row G1
print(f"q = {q.data}, f = {f.data}")

assert q.data == 3.0
assert f.data == -12.0

# %% [markdown]
# ## Backward, by hand
#
# Start at the end. How fast does $f$ grow with $f$? As fast as itself:
#
# $$ \frac{df}{df} = 1 $$
#
# Now one gate back. In $f = q\,z$ each factor is weighted by the other one:
#
# $$ \frac{df}{dq} = z = -4 \qquad \frac{df}{dz} = q = 3 $$
#
# One more gate back. In $q = x + y$ both numbers count fully: $\frac{dq}{dx} = \frac{dq}{dy} = 1$. But we ask about
# $f$, not about $q$. The **chain rule** joins the two: *multiply along the way*.
#
# $$ \frac{df}{dx} = \frac{df}{dq}\,\frac{dq}{dx} = -4 \cdot 1 = -4 \qquad
# \frac{df}{dy} = \frac{df}{dq}\,\frac{dq}{dy} = -4 \cdot 1 = -4 $$

# %%
df_df = 1.0
df_dq = df_df * z.data
df_dz = df_df * q.data
df_dx = df_dq * 1.0
df_dy = df_dq * 1.0
print(df_df, df_dq, df_dz, df_dx, df_dy)

assert (df_df, df_dq, df_dz, df_dx, df_dy) == (1.0, -4.0, 3.0, -4.0, -4.0)

# %% [markdown]
# ## Backward, by the machine
#
# `backward()` does just this: it starts with 1 at the end, walks through the gates from back to front, and
# multiplies. `viz.step` shows the same walk one gate at a time. Go through it with the buttons or the arrow keys: at
# each gate it says what arrives from the right (**upstream**), what the gate itself contributes (**local**), and what
# it passes on to the left. (Is there only a picture without buttons? Then run the cell, or trust the notebook.)

# %%
# Lecture row G1
f.backward()

assert (f.grad, q.grad, z.grad, x.grad, y.grad) == (1.0, -4.0, 3.0, -4.0, -4.0)
drawn = viz.draw(f).source
for number in ("-2.00", "5.00", "-4.00", "3.00", "-12.00", "1.00"):  # values and gradients on the wires
    assert f">{number}<" in drawn
viz.step(f)

# %% [markdown]
# At the end each wire has two numbers, the value above and the gradient below. Read the $-4$ below $x$ like this: *if
# $x$ grows, $f$ falls four times as fast*.
#
# Choose "Predict" instead of "Explain" to be asked for each gradient yourself. And here is the whole walk as a table:

# %%
print(viz.trace(f))

# %% [markdown]
# ## Do you believe it? Nudge it
#
# Move one number by a small $h$ and look how far $f$ moves:
#
# $$ \frac{f(x + h) - f(x)}{h} $$

# %%
h = 0.001
numbers = {"x": -2.0, "y": 5.0, "z": -4.0}


def compute(x, y, z):
    return (x + y) * z


print("nudged   f before   f after    change / h")
for name, gradient in [("x", x.grad), ("y", y.grad), ("z", z.grad)]:
    nudged = compute(**{**numbers, name: numbers[name] + h})
    slope = (nudged - compute(**numbers)) / h
    print(f"  {name}      {compute(**numbers):7.3f}   {nudged:8.3f}   {slope:8.3f}")
    assert abs(slope - gradient) < 1e-6

# %% [markdown]
# Three nudges for three gradients. A network with a million weights would need a million nudges. Backward needs one
# pass for all of them. That is why it is used.
#
# ## Twice
#
# What happens when `backward()` runs a second time on the same graph?

# %%
f.backward()
print(f"twice: x.grad = {x.grad}, y.grad = {y.grad}, z.grad = {z.grad}, but q.grad = {q.grad}")

assert (x.grad, y.grad, z.grad) == (-8.0, -8.0, 6.0)
assert q.grad == -4.0

# %% [markdown]
# The gradients of $x$, $y$ and $z$ have doubled. They are **added up**, on purpose: the loss of many samples is a
# sum, and so is its gradient. The number in between, $q$, belongs to one pass only and shows the gradient of the last
# one.
#
# So before a new round, clear the old gradients with `zero_grad()`. Forgetting this is among the most common mistakes
# in training. `viz.mistake` shows it beside the right way; both agree until the second pass begins.

# %%
f.zero_grad()
print(f"cleared: x.grad = {x.grad}")
f.backward()
print(f"and once more: x.grad = {x.grad}")

different = viz.mistake(f, "no_zero").differences()
for name, (right, wrong) in different.items():
    print(f"{name}: right {right}, without zero_grad() {wrong}")

assert (x.grad, y.grad, z.grad) == (-4.0, -4.0, 3.0)
assert different == {"x": (-4.0, -8.0), "y": (-4.0, -8.0), "z": (3.0, 6.0)}
viz.mistake(f, "no_zero")

# %% [markdown]
# ## "Not asked yet" is not "zero"
#
# A gradient of zero is an answer: *this number does not matter here*. Before the backward pass there is no answer at
# all. `grad` reads `0.0` in both cases; `grad_computed` tells them apart, and so does the picture.
#
# The gate below keeps positive numbers and turns negative ones into zero (it is called ReLU). Near $-3$ it is flat.

# %%
a = Value(-3.0, "a")
r = a.relu()
r.label = "r"
print(f"before: a.grad = {a.grad}, computed: {a.grad_computed}")
assert not a.grad_computed
viz.draw(r)  # nothing below the wires: nobody has asked

# %%
r.backward()
print(f"after:  a.grad = {a.grad}, computed: {a.grad_computed}")
assert a.grad_computed
assert a.grad == 0.0
viz.draw(r)  # 0.00 below a: asked, and it does not matter

# %% [markdown]
# ## Your turn
#
# 1. **Gradients.** Here is another graph, with one trap in it: $g = (x - y)\,z + x$ with $x = 1$, $y = 3$, $z = -2$.
#    Find the three gradients with pencil and paper.
# 2. **Backwards.** Choose numbers for our first graph, $f = (x + y)\,z$, so that $f = 24$ and
#    $\frac{df}{dx} = 6$.
# 3. **Keeping the books.** What is `v.grad` after each of the lines A, B and C?
#
#    ```python
#    v = Value(3.0)
#    a, b = v * v, 4 * v
#    a.backward()                   # A
#    b.backward()                   # B
#    b.zero_grad(); b.backward()    # C
#    ```
#
# The next cell holds the checkers. Write your answers in the three cells after it, in place of `None`.

# %%


def check_gradients(gradients):
    missing = [name for name in "xyz" if gradients.get(name) is None]
    if missing:
        return print(f"Not yet: give a number for {', '.join(missing)}.")
    x, y, z = Value(1.0, "x"), Value(3.0, "y"), Value(-2.0, "z")
    g = (x - y) * z + x
    g.backward()
    if gradients["x"] == z.data:
        return print("No: x has two ways to g. Add what comes back on both.")
    if gradients["y"] == -y.grad:
        return print("No: check the sign of y. When y grows, x - y falls.")
    wrong = [value.label for value in (x, y, z) if gradients[value.label] != value.grad]
    if wrong:
        return print(f"No: look again at {', '.join(wrong)}. At '*' each factor gets the other one.")
    return print("Right, all three. Step through it: viz.step(g)")


def check_numbers(x, y, z):
    missing = [name for name, number in (("x", x), ("y", y), ("z", z)) if number is None]
    if missing:
        return print(f"Not yet: give a number for {', '.join(missing)}.")
    x, y, z = Value(x, "x"), Value(y, "y"), Value(z, "z")
    f = (x + y) * z
    f.backward()
    if x.grad != 6 and z.grad == 6:
        return print(f"No: 6 is df/dz here, and df/dx is {x.grad:g}. What does x get at the end of its way?")
    if x.grad != 6:
        return print(f"No: df/dx is {x.grad:g}. Which of the three numbers decides about it?")
    if f.data != 24:
        return print(f"No: df/dx is 6, but f is {f.data:g}. What must x + y be?")
    return print(f"Right: df/dx is z = 6, and x + y = 4. You chose {x.data:g} + {y.data:g}; others do as well.")


def check_books(gradients):
    if not isinstance(gradients, (list, tuple)) or len(gradients) != 3:
        return print("No: give a list of three numbers, for A, B and C.")
    if None in gradients:
        return print(f"Not yet: {sum(g is None for g in gradients)} of the three numbers are missing.")
    first, second, third = gradients
    if first == 3:
        return print("No: look again at A. v goes into both sides of the product and gets something from each.")
    if first != 6:
        return print("No: look again at A. a is v times v, and each side gets the other factor.")
    if second == 4:
        return print("No: look again at B. Nothing was cleared between A and B.")
    if second != 10:
        return print("No: look again at B. b passes 4 to v. What is there already?")
    if third == 14:
        return print("No: look again at C. zero_grad() has cleared what was there.")
    if third != 4:
        return print("No: look again at C. First all is cleared, then b passes its gradient once.")
    return print("Right: 6, then 6 + 4, then 4 alone.")


# %%
my_gradients = {"x": None, "y": None, "z": None}

check_gradients(my_gradients)

# %%
x, y, z = None, None, None

check_numbers(x, y, z)

# %%
my_books = [None, None, None]

check_books(my_books)

# %% [markdown]
# <details>
# <summary>Answer to 1</summary>
#
# Let $q = x - y = -2$, so $g = q\,z + x$.
#
# * Behind the multiplication: $\frac{dg}{dq} = z = -2$ and $\frac{dg}{dz} = q = -2$.
# * Through the minus: $y$ gets $-1 \cdot (-2) = 2$.
# * $x$ is used twice. One way leads through $q$ and brings $-2$, the other is direct and brings $1$. Together
#   $\frac{dg}{dx} = -2 + 1 = -1$.
#
# ```python
# my_gradients = {"x": -1, "y": 2, "z": -2}
#
# check_gradients(my_gradients)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 2</summary>
#
# The gradient of $x$ is $z$, so $z = 6$. Then $x + y$ must be $24 / 6 = 4$. How the $4$ is divided does not matter.
#
# ```python
# x, y, z = 1, 3, 6
#
# check_numbers(x, y, z)
# ```
#
# </details>
#
# <details>
# <summary>Answer to 3</summary>
#
# In $a = v \cdot v$ each factor gets the other one, $3 + 3 = 6$. Then $b$ adds its $4$: $10$. At last everything is
# cleared and $b$ adds its $4$ to nothing.
#
# ```python
# my_books = [6, 10, 4]
#
# check_books(my_books)
# ```
#
# </details>

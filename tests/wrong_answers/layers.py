"""Wrong answers to the exercises of layers, and a piece of the hint that each should get."""

FORWARD = "def forward(x, Ws, bs):\n    h = x\n    for W, b in zip(Ws[:-1], bs[:-1]):\n        h = {}\n"
FORWARD += "    return {}\n\ncheck_forward(forward)"
SIGMOID = "1 / (1 + np.exp(-({})))"
COUNT = "def count(sizes):\n    return {}\n\ncheck_count(count)"
PAIRS = "for m, n in zip(sizes[:-1], sizes[1:])"
BACK = "def back(w, a, y):\n    product = {}\n    for i in range(len(w) - 1, -1, -1):\n"
BACK += "        product *= a[i + 1] * (1 - a[i + 1])\n        product *= {}\n    return product\n\ncheck_back(back)"

WRONG = {
    FORWARD.format(SIGMOID.format("W @ h + b"), SIGMOID.format("Ws[-1] @ h + bs[-1]")): "the last layer squashed",
    FORWARD.format("W @ h + b", "Ws[-1] @ h + bs[-1]"): "nothing was squashed",
    FORWARD.format(SIGMOID.format("W @ h"), "Ws[-1] @ h"): "the biases are missing",
    FORWARD.format(SIGMOID.format("W @ h + b"), "h"): "has shape (2,), yours has (5,)",
    FORWARD.format(SIGMOID.format("W @ h - b"), "Ws[-1] @ h + bs[-1]"): "layer by layer",
    FORWARD.format(SIGMOID.format("W @ h + b"), "None"): "returns None",
    COUNT.format(f"sum(m * n {PAIRS})"): "weights alone",
    COUNT.format(f"sum(m * n {PAIRS}) + sum(sizes)"): "inputs are not neurons",
    COUNT.format("sum(sizes[1:])"): "these are the neurons",
    COUNT.format(f"sum(m * n + m {PAIRS})"): "3 → 4 → 4 → 1 has 41",
    BACK.format("y - a[-1]", "w[i] if i > 0 else a[0]"): "the sign is turned round",
    BACK.format("1.0", "w[i] if i > 0 else a[0]"): "begins with the error",
    BACK.format("a[-1] - y", "w[i] if i > 0 else 1.0"): "the last factor is missing",
    BACK.format("a[-1] - y", "w[i]"): "gradient of x",
    BACK.format("a[-1] - y", "w[i] if i > 0 else a[0] * w[0]"): "no factor of its own gradient",
    BACK.format("a[-1] - y", "a[i]"): "for three layers the gradient is",
}

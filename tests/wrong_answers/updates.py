"""Wrong answers to the exercises of updates, and a piece of the hint that each should get."""

STEP = "def rmsprop_step(w, g, cache):\n    new = {}\n    return {}, new\n\ncheck_rmsprop(rmsprop_step)"
RIGHT = "0.9 * cache + 0.1 * g**2"
RATE = "def rate(t):\n    return {}\n\ncheck_rate(rate)"

WRONG = {
    "limit = 1 / 40\ncheck_limit(limit)": "exactly to the bottom",
    "limit = 2.0\ncheck_limit(limit)": "the flat direction",
    "limit = 0.08\ncheck_limit(limit)": "the bowl above",
    "limit = 2 / 41\ncheck_limit(limit)": "do not add up",
    "limit = 0.1\ncheck_limit(limit)": "multiplies w2 by -3.",
    "limit = -0.05\ncheck_limit(limit)": "one number above zero",
    STEP.format("cache + g**2", "w - 0.1 * g / np.sqrt(new)"): "That is AdaGrad",
    STEP.format("0.1 * cache + 0.9 * g**2", "w - 0.1 * g / np.sqrt(new)"): "turned round",
    STEP.format("0.9 * cache + 0.1 * g", "w - 0.1 * g / np.sqrt(abs(new))"): "squares of the slopes",
    STEP.format(RIGHT, "w - 0.1 * g / new"): "divide by its root",
    STEP.format(RIGHT, "w + 0.1 * g / np.sqrt(new)"): "goes uphill",
    STEP.format(RIGHT, "w - 0.1 * g / np.sqrt(cache)"): "not by the old one",
    STEP.format(RIGHT, "w - 0.1 * g"): "does not use it",
    "def rmsprop_step(w, g, cache):\n    return w - 0.1 * g\n\ncheck_rmsprop(rmsprop_step)": "return two arrays",
    RATE.format("0.4 - 0.038 * t"): "becomes negative",
    RATE.format("max(0.4 * (1 - t / 10), 0.02)"): "aims at 0",
    RATE.format("max(0.4 - 0.038 * (t + 1), 0.02)"): "epoch 0 has 0.4",
    RATE.format("max(0.4 * 0.75**t, 0.02)"): "epoch 10 has 0.02",
    RATE.format("0.4 if t < 10 else 0.02"): "In the middle",
    RATE.format("0.4 - 0.038 * min(t, 5)"): "long after epoch 10",
}

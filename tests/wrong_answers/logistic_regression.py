"""Wrong answers to the exercises of logistic_regression, and a piece of the hint that each should get."""

GRADIENTS = "def gradients(X, y, w, b):\n    z = X @ w + b\n    a = 1 / (1 + np.exp(-z))\n"
GRADIENTS += "    return {}\n\ncheck_gradients(gradients)"
COUNT = (
    "def count(sizes):\n    weights = sum(n * m for n, m in zip(sizes, sizes[1:]))\n    return {}\n\ncheck_count(count)"
)

WRONG = {
    GRADIENTS.format("None"): "returns None",
    GRADIENTS.format("X.T @ (a - y) / len(X)"): "two things",
    GRADIENTS.format("X.T @ (y - a) / len(X), (y - a).mean()"): "sign is turned round",
    GRADIENTS.format("X.T @ (a - y), (a - y).sum()"): "this is the sum",
    GRADIENTS.format("X.T @ ((a - y) * a * (1 - a)) / len(X), (a - y).mean()"): "the squared error's",
    GRADIENTS.format("X.T @ (z - y) / len(X), (z - y).mean()"): "where is the sigmoid",
    GRADIENTS.format("(X * (a - y)[:, None]), (a - y).mean()"): "its shape is (3,)",
    GRADIENTS.format("X.T @ (a - y) / len(X), a - y"): "one number",
    GRADIENTS.format("X.T @ (a - y) / len(X), (a - y).sum()"): "db is not",
    COUNT.format("None"): "returns None",
    COUNT.format("weights"): "also has a bias",
    COUNT.format("weights + sum(sizes)"): "Inputs are just numbers",
    COUNT.format("weights + len(sizes) - 1"): "one per unit",
    COUNT.format("sum(sizes)"): "has 121 parameters",
    "check_threshold(0.5)": "earlier or later",
    "check_threshold(0.9)": "earlier or later",
    "check_threshold(0.02)": "Now the alarms cost most",
    "check_threshold(0.3)": "missed ones still cost most",
    "check_threshold(15)": "between 0 and 1",
}

"""Wrong answers to the exercises of gpt, and a piece of the hint that each should get."""

TEMPERATURE = "def probabilities(scores, temperature):\n    {}\n\ncheck_temperature(probabilities)"
MASK = "def mask_of(n):\n    {}\n\ncheck_mask(mask_of)"


def softmax(inside):
    return TEMPERATURE.format(f"e = np.exp({inside})\n    return e / e.sum()")


WRONG = {
    softmax("scores"): "temperature changes nothing",
    softmax("scores * temperature"): "Divide by it",
    softmax("scores / temperature"): "overflows",
    softmax("scores - temperature"): "temperature changes nothing",
    softmax("scores**2"): "should give",
    TEMPERATURE.format("return scores / scores.sum()"): "exponential is missing",
    TEMPERATURE.format("e = np.exp(scores)\n    return e / e.sum() / temperature"): "instead of 1",
    TEMPERATURE.format("return np.exp(scores / temperature)"): "instead of 1",
    TEMPERATURE.format("return scores.max()"): "one probability for each",
    TEMPERATURE.format("pass"): "returns None",
    MASK.format("return np.tri(n) - np.tri(n, k=-2)"): "Only -np.inf",
    MASK.format("return np.where(np.tri(n, k=-1) > 0, 0, -np.inf)"): "sees itself",
    MASK.format("return np.triu(np.full((n, n), -np.inf), 1)"): "Only one step back",
    MASK.format("return np.tril(np.full((n, n), -np.inf), -1)"): "looks ahead",
    MASK.format("return np.where(np.eye(n) > 0, 0, -np.inf)"): "just before",
    MASK.format("return np.where(np.tri(n) - np.tri(n, k=-2) > 0, 1, -np.inf)"): "add 0",
    MASK.format("return np.full(n, -np.inf)"): "a row for each",
    MASK.format("return np.where(np.tri(5) - np.tri(5, k=-2) > 0, 0, -np.inf)"): "any number of tokens",
    MASK.format("pass"): "returns None",
}

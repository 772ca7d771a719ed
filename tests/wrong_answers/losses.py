"""Wrong answers to the exercises of losses, and a piece of the hint that each should get."""

BLIND = "check_blind_spot({})"
LOSS = "def softmax_loss(scores, right):\n    return {}\n\ncheck_softmax_loss(softmax_loss)"

WRONG = {
    BLIND.format("None"): "three scores",
    BLIND.format("[[10, 9, 9]]"): "three scores are a list",
    BLIND.format("[9, 10, 9]"): "its score must be the highest",
    BLIND.format("[10, 9.5, 9.5]"): "the SVM notices, its loss is 1.00",
    BLIND.format("[10, -2, 3]"): "Let the wrong scores come closer",
    BLIND.format("[10, 9, -2]"): "And the other?",
    LOSS.format("None"): "returns None",
    LOSS.format("-np.log(np.exp(scores) / np.exp(scores).sum())"): "the loss is one number",
    LOSS.format("-np.log10(np.exp(scores[right]) / np.exp(scores).sum())"): "logarithm to base 10",
    LOSS.format("np.log(np.exp(scores[right]) / np.exp(scores).sum())"): "One sign is missing",
    LOSS.format("np.exp(scores[right]) / np.exp(scores).sum()"): "not yet the loss",
    LOSS.format("-np.log(scores[right] / scores.sum())"): "Try it without tricks first",
    LOSS.format("-np.log(np.exp(scores[right]) / np.exp(scores).sum())"): "No exponent may be large",
    LOSS.format("-np.log(np.exp(scores[right] - 1000) / np.exp(scores - 1000).sum())"): "Try it without tricks first",
    LOSS.format("np.log(np.exp(scores - max(scores.max(), 0)).sum()) + max(scores.max(), 0) - scores[right]"): (
        "Subtract the largest score"
    ),
    LOSS.format("-np.log(np.exp(scores[right] - scores.max()) / np.exp(scores - scores.max()).sum())"): (
        "The logarithm of a fraction is a difference"
    ),
}

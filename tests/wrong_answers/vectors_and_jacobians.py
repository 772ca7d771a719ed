"""Wrong answers to the exercises of vectors_and_jacobians, and a piece of the hint that each should get."""

SOFTMAX = "def softmax_back(p, g):\n    return {}\n\ncheck_softmax(softmax_back)"
CENTRING = "def centring_back(g):\n    return {}\n\ncheck_centring(centring_back)"

WRONG = {
    SOFTMAX.format("None"): "returns None",
    SOFTMAX.format("p * (1 - p) * g"): "the diagonal only",
    SOFTMAX.format("p * g"): "the part with -p_i p_j is missing",
    SOFTMAX.format("-p * (p @ g)"): "The diagonal, where i = j, is missing",
    SOFTMAX.format("p * (g - g.sum())"): "weighted by its p_i",
    SOFTMAX.format("np.outer(p, g)"): "must have the shape (4,)",
    SOFTMAX.format("g - p @ g"): "other numbers",
    CENTRING.format("g"): "the direct way only",
    CENTRING.format("g - g.sum(axis=0)"): "divides by the number of rows",
    CENTRING.format("np.tile(-g.mean(axis=0), (3, 1))"): "The direct way is missing",
    CENTRING.format("g - g.mean(axis=1, keepdims=True)"): "the other axis",
    CENTRING.format("g - g.mean()"): "a mean of its own",
    CENTRING.format("g.mean(axis=0)"): "must have the shape (3, 2)",
}

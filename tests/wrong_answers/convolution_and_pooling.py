"""Wrong answers to the exercises of convolution_and_pooling, and a piece of the hint that each should get."""

ROUTE = "def route(x, g):\n    wide = np.kron(g, np.ones((2, 2)))\n"
ROUTE += "    best = np.kron(F.max_pool2d(autograd.tensor(x)[None], 2)[0].numpy(), np.ones((2, 2)))\n"
ROUTE += "    return {}\n\ncheck_route(route)"

WRONG = {
    "check_kernel([[0, 0, 0], [0, 1, 0], [0, 0, 0]])": "leaves the boat where it is",
    "check_kernel([[0, 0, 0], [0, 0, 1], [0, 0, 0]])": "it goes to the left",
    "check_kernel([[0, 1, 0], [0, 0, 0], [0, 0, 0]])": "up or down",
    "check_kernel([[0, 0, 0], [1, 1, 0], [0, 0, 0]])": "more than move",
    "check_kernel([1, 0, 0])": "three rows of three numbers",
    ROUTE.format("None"): "returns None",
    ROUTE.format("g"): "the shape of the picture, (4, 6)",
    ROUTE.format("wide"): "Only one has won",
    ROUTE.format("wide / 4"): "the way back of the mean",
    ROUTE.format("x == best"): "each must get the number from g",
    ROUTE.format("wide * (x != best)"): "in each window the largest number",
}

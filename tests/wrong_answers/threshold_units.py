"""Wrong answers to the exercises of threshold_units, and a piece of the hint that each should get."""

XOR = "def xor(x1, x2, nor):\n    none = nor(x1, x2)\n    return {}\n\ncheck_xor(xor)"
NETWORK = "check_network({})"

WRONG = {
    "check_unit((1, 1, 1.5))": "fires for (1, 1)",
    "check_unit((1, -1, 0))": "fires for (0, 0)",
    "check_unit((-1, 1, 0.5))": "x2 and not x1",
    "check_unit((-1, 1, -0.5))": "exactly turned round",
    "check_unit((1, -1, 1.5))": "never fires",
    "check_unit((1, -1))": "three numbers are needed",
    "check_unit((1, 1, 0.5))": "fires for (1, 1)",
    XOR.format("None"): "returns None",
    XOR.format("nor(nor(x1, none), nor(x2, none))"): "the opposite of XOR",
    XOR.format("nor(none, none)"): "this is OR",
    XOR.format("none"): "NOR itself",
    XOR.format("nor(x1, none)"): "half of it",
    "def xor(x1, x2, nor):\n    return x1 ^ x2\n\ncheck_xor(xor)": "without a single NOR gate",
    NETWORK.format("[[1, 1], [1, 1]], [0, -1], [1, -2], 0"): "this is XOR itself",
    NETWORK.format("[[1, 1], [1, 1]], [0, -1], [-1, 2], 0"): "1 too low everywhere",
    NETWORK.format("[[1, 1], [1, 1]], [0, -1], [1, -2], 1"): "not yet turned round",
    NETWORK.format("[[1, 1], [1, 1]], [0, -1], [-1, 2], [1]"): "c has the shape",
    NETWORK.format("[[1, 1], [1, 1]], [0, 0], [-1, 2], 1"): "it answers",
}

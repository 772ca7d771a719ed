"""Wrong answers to the exercises of tape, and a piece of the hint that each should get."""

CHAIN = "def product(xs):\n    total = xs[0]\n    for x in xs[1:]:\n        total = total * x\n    return total\n\n"
CHAIN += "check_product(product)"
BRANCH = "def huber(e):\n    if abs(e) > 1:\n        return abs(e) - 0.5\n    return 0.5 * e * e\n\ncheck_huber(huber)"
CURVATURE = (
    "def curvature(x):\n    (slope,) = autograd.grad(x.sigmoid(), x{})\n    return {}\n\ncheck_curvature(curvature)"
)

WRONG = {
    CHAIN: "it has 7 levels",
    "check_product(lambda xs: (xs[0] * xs[1]) * (xs[2] * xs[3]))": "the product is 90.0, yours is -4.5",
    "check_product(sum)": "the product is 90.0, yours is 10.5",
    BRANCH: "`if abs(e) > 1:`",
    "check_huber(lambda e: 0.5 * e * e)": "h(3.0) should be 2.5",
    "check_huber(lambda e: autograd.minimum(0.5 * e * e, abs(e) - 0.5))": "h(0.5) should be 0.125",
    "check_huber(lambda e: 0.5)": "it cannot be compiled",
    CURVATURE.format(", create_graph=True", "slope"): "this is the first derivative",
    CURVATURE.format("", "autograd.grad(slope, x, create_graph=True)[0]"): "it cannot be compiled",
    CURVATURE.format(", create_graph=True", "autograd.grad(slope, x)[0]"): "it cannot be compiled",
    CURVATURE.format(", create_graph=True", "slope.tanh()"): "differs from the formula",
}

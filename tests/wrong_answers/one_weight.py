"""Wrong answers to the exercises of one_weight, and a piece of the hint that each should get."""

STEP = "def my_step(w, x, y, eta):\n    return {}\n\ncheck_step(my_step)"

WRONG = {
    "check_gradient(-2.2)": "which sign?",
    "check_gradient(1.1)": "when w grows by 1, w x grows by x",
    "check_gradient(-1.1)": "this is the error",
    "check_gradient(4.4)": "the half in front takes it away",
    "check_gradient(0.605)": "this is the loss itself",
    "check_gradient(3.0)": "put the numbers into",
    "check_gradient('2.2')": "give one number",
    STEP.format("None"): "returns None",
    STEP.format("w + eta * -(y - w * x) * x"): "The gradient points uphill",
    STEP.format("w + (y - w * x) * x"): "Where is the learning rate?",
    STEP.format("eta * (y - w * x) * x"): "Add it to the old weight",
    STEP.format("w + eta * (y - w * x)"): "brings the factor x",
    STEP.format("w + 2 * eta * (y - w * x) * x"): "it should be 0.755, yours is 1.0100",
    STEP.format("0.755"): "Use all four arguments",
    STEP.format("[w + eta * (y - w * x) * x]"): "return one number",
    "check_eta(0.006)": "before the best weight. Take a larger one",
    "check_eta(0.01)": "past the best weight. Take a smaller one",
    "check_eta(2 / 117.25)": "as far away as before",
    "check_eta(-0.01)": "above zero",
    "check_eta('1 / 117.25')": "give one number",
}

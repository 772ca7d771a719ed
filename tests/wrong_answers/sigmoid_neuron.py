"""Wrong answers to the exercises of sigmoid_neuron, and a piece of the hint that each should get."""

TANH = "def tanh_slope(a):\n    return {}\n\ncheck_tanh(tanh_slope)"

WRONG = {
    "check_bias(-3)": "the gradient is 0.197",
    "check_bias(4)": "saturated",
    "check_bias(0)": "At which t is the slope largest?",
    "check_bias('-4')": "give one number",
    "check_inputs(-1, 0)": "Which sign has its partner?",
    "check_inputs(1, 1)": "At '*' each factor gets the other one",
    "check_inputs(0, 0)": "Its partner must not be zero",
    "check_inputs(20, 0)": "the neuron is saturated at s = 1.0000",
    "check_inputs(1, None)": "give two numbers",
    TANH.format("None"): "returns None",
    TANH.format("a * (1 - a)"): "the rule of the sigmoid",
    TANH.format("(1 - a) ** 2"): "squares too much",
    TANH.format("1 - a"): "the curve is equally steep",
    TANH.format("1 - np.tanh(a) ** 2"): "a is the result already",
    TANH.format("4 * (1 - a * a)"): "the slope is",
}

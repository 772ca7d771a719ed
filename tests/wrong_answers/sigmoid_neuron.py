"""Wrong answers to the exercises of sigmoid_neuron, and a piece of the hint that each should get."""

WRONG = {
    "check(-3)": "the gradient is 0.197",
    "check(4)": "saturated",
    "check(0)": "At which t is the slope largest?",
    "check('-4')": "give one number",
}

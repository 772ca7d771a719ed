"""Wrong answers to the exercises of one_weight, and a piece of the hint that each should get."""

WRONG = {
    "check(0.006)": "before the best weight. Take a larger one",
    "check(0.01)": "past the best weight. Take a smaller one",
    "check(2 / 117.25)": "as far away as before",
    "check(-0.01)": "above zero",
    "check('1 / 117.25')": "give one number",
}

"""Wrong answers to the exercises of first_checks, and a piece of the hint that each should get."""

DRAW = "def draw(count, random):\n    return {}\n\ncheck_draw(draw)"

WRONG = {
    "check_first_loss(math.log(200))": "The regularisation is not in it",
    "check_first_loss(math.log(200) + 1)": "Did you halve",
    "check_first_loss(math.log10(200) + 0.5)": "a logarithm of base ten?",
    "check_first_loss(math.log(1 / 200) + 0.5)": "never below zero",
    "check_first_loss(200)": "guessing among 200 classes",
    "check_first_loss('ln 200')": "one number",
    "check_softmax_twice(0.0)": "It gets only 0 to 1",
    "check_softmax_twice(math.log(10))": "ten equal scores",
    "check_softmax_twice(math.e / (math.e + 9))": "minus its logarithm",
    "check_softmax_twice(-math.log(math.e / (math.e + 10)))": "only nine others",
    "check_softmax_twice(0.5)": "1 for the right class and 0 for nine others",
    DRAW.format("random.uniform(1e-5, 1e-1, count)"): "Draw the exponent evenly",
    DRAW.format("random.uniform(-5, -1, count)"): "Those are exponents",
    DRAW.format("10 ** random.uniform(1e-5, 1e-1, count)"): "all are at least 1",
    DRAW.format("10 ** random.uniform(-6, -3, count)"): "between 1e-5 and 1e-1; yours go from",
    DRAW.format("np.repeat(10 ** random.uniform(-5, -1, count // 10), 10)"): "many of yours are the same",
    DRAW.format("10 ** random.uniform(-5, -1)"): "should return 1000 numbers",
}

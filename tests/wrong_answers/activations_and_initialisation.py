"""Wrong answers to the exercises of activations_and_initialisation, and a piece of the hint that each should get."""

STANDARDISE = "def standardise(train, test):\n    return {}\n\ncheck_standardise(standardise)"

WRONG = {
    "std = 2 / 200\ncheck_spread(std)": "this is the variance",
    "std = math.sqrt(1 / 200)\ncheck_spread(std)": "throws away half",
    "std = math.sqrt(2 / 800)\ncheck_spread(std)": "each number that comes in",
    "std = math.sqrt(2 / 1000)\ncheck_spread(std)": "only forward counts",
    "std = 1 / 200\ncheck_spread(std)": "one for tanh",
    "std = 1.0\ncheck_spread(std)": "by about 10.",
    "std = -0.1\ncheck_spread(std)": "one number above zero",
    "pieces = [1, 0]\ncheck_pieces(pieces)": "this is a ReLU",
    "pieces = [1, 0.1]\ncheck_pieces(pieces)": "this is a leaky ReLU",
    "pieces = [1, 1]\ncheck_pieces(pieces)": "straight line",
    "pieces = [-2, 1]\ncheck_pieces(pieces)": "you get 4 and 2",
    "pieces = 1\ncheck_pieces(pieces)": "a list of two numbers",
    STANDARDISE.format("(test - test.mean(0)) / test.std(0)"): "the training data's, for all data",
    STANDARDISE.format("test - train.mean(0)"): "zero mean only",
    STANDARDISE.format("(test - train.mean(0)) / train.var(0)"): "not by the variance",
    STANDARDISE.format("(test - train.mean()) / train.std()"): "each feature",
    STANDARDISE.format("(train - train.mean(0)) / train.std(0)"): "have the shape",
    STANDARDISE.format("test / train.std(0)"): "try it by hand",
}

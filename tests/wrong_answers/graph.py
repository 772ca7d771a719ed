"""Wrong answers to the exercises of graph, and a piece of the hint that each should get."""

WRONG = {
    "check({'x': -2, 'y': 2, 'z': -2})": "x has two ways to g",
    "check({'x': -1, 'y': -2, 'z': -2})": "the sign of y",
    "check({'x': -1, 'y': 2, 'z': 4})": "look again at z. At '*' each factor gets the other one",
}

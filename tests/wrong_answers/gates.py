"""Wrong answers to the exercises of gates, and a piece of the hint that each should get."""

GATE = "class SquaredDistanceGate(Gate):\n    def forward(self, x, y):\n        self.q = x - y\n        return {}\n"
GATE += "    def backward(self, dz):\n        return {}\n\ncheck_gate(SquaredDistanceGate)"
MEASURE = "def my_measure(a, n):\n    return {}\n\ncheck_measure(my_measure)"

WRONG = {
    "check_reading({'a': 4, 'b': 2, 'c': 1})": "max routes",
    "check_reading({'a': 3, 'b': 2, 'c': 0})": "a is used twice",
    "check_reading({'a': 1, 'b': 3, 'c': 0})": "'*' swaps",
    "check_reading({'a': 1, 'b': 0, 'c': 0})": "go from right to left",
    "check_reading({'a': 4, 'b': 2})": "give a number for c",
    GATE.format("self.q", "[dz, -dz]"): "forward(5, 2) should be 9",
    GATE.format("self.q**2", "[2 * self.q * dz, 2 * self.q * dz]"): "opposite directions",
    GATE.format("self.q**2", "[-2 * self.q * dz, 2 * self.q * dz]"): "both signs are turned round",
    GATE.format("self.q**2", "[2 * self.q, -2 * self.q]"): "must use dz",
    GATE.format("self.q**2", "[self.q * dz, -self.q * dz]"): "factor 2",
    GATE.format("self.q**2", "2 * self.q * dz"): "a list of two gradients",
    GATE.format("self.q**2", "None"): "backward returns None",
    MEASURE.format("None"): "returns None",
    MEASURE.format("abs(a - n)"): "this is the absolute error",
    MEASURE.format("abs(a - n) / max(abs(a), abs(n))"): "it divides by zero",
    MEASURE.format("abs(a - n) / abs(a) if a else float(n != 0)"): "Divide by the larger one",
    MEASURE.format("(n - a) / max(abs(a), abs(n)) if a or n else 0"): "Where does abs belong?",
    MEASURE.format("abs(a - n) / max(abs(a), abs(n)) if a and n else 1"): "two zeros agree",
    MEASURE.format("abs(a - n) / max(abs(a), abs(n)) if a and n else 0"): "for 0 and 1e-09 it should be 1",
    MEASURE.format("abs(a - n) / (abs(a) + abs(n)) if a or n else 0"): "for 500 and 499.99 it should be 2e-05",
}

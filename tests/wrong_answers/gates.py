"""Wrong answers to the exercises of gates, and a piece of the hint that each should get."""

GATE = "class SquaredDistanceGate(Gate):\n    def forward(self, x, y):\n        self.q = x - y\n        return {}\n"
GATE += "    def backward(self, dz):\n        return {}\n\ncheck(SquaredDistanceGate)"

WRONG = {
    GATE.format("self.q", "[dz, -dz]"): "forward(5, 2) should be 9",
    GATE.format("self.q**2", "[2 * self.q * dz, 2 * self.q * dz]"): "opposite directions",
    GATE.format("self.q**2", "[2 * self.q, -2 * self.q]"): "must use dz",
    GATE.format("self.q**2", "[self.q * dz, -self.q * dz]"): "factor 2",
    GATE.format("self.q**2", "2 * self.q * dz"): "a list of two gradients",
    GATE.format("self.q**2", "None"): "backward returns None",
}

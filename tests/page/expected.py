"""Print as JSON what the page's JavaScript must agree with: rules, samples with Python's results, a pass, formulas."""

import itertools
import json
import math
import random

from autograd import OPERATIONS, Value
from viz import step
from viz.javascript import key, rules

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, 1e-9, 20.0, -20.0, 710.0, math.inf, -math.inf, math.nan]


def text(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)


def samples() -> list[dict]:
    found = []
    for row in OPERATIONS.values():
        if row.name == "choose":  # its last operand is an index, it has no rule
            continue
        count = row.arity or 3
        domain = row.domain * count if row.arity is None else row.domain
        generator = random.Random(row.name)
        points = [[generator.uniform(low, high) for low, high in domain] for _ in range(6)]
        special = SPECIAL if count == 1 else SPECIAL[:6] + SPECIAL[-3:]
        points += itertools.product(special, repeat=count) if count < 3 else []
        for point in points:
            result = float(row.forward(*point))
            found.append({"rule": key(row, count), "operands": [*map(text, point)], "result": text(result)})
    return found


def main() -> None:
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    g1 = step((x + y) * z)._figure.data()
    wanted = {(row.name, row.arity or 3) for row in OPERATIONS.values()}
    record = {
        "rules": rules(wanted),
        "samples": samples(),
        "g1": g1,
    }
    print(json.dumps(record, allow_nan=False))


if __name__ == "__main__":
    main()

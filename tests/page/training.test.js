import assert from "node:assert/strict";
import { test } from "node:test";
import { curvePoints, recordNumbers } from "../../viz/page/training.js";

test("a record gives the numbers of values, gradients and branches", () => {
  const known = recordNumbers({ values: [3, 9], gradients: [6, null], branches: { "1.0": 3, "1.1": 3 } });
  assert.deepEqual(Object.fromEntries(known), { v0: 3, v1: 9, g0: 6, "b1.0": 3, "b1.1": 3 });
});

test("a curve goes from left to right, the largest number at the top", () => {
  assert.deepEqual(curvePoints([4, 2, 0, 1], 300, 60), [[0, 0], [100, 30], [200, 60], [300, 45]]);
});

test("a curve stays in its box whatever the numbers are", () => {
  for (const numbers of [[1], [5, 5], [NaN, 1, 2], [Infinity, -Infinity], [1e300, -1e300], []]) {
    const points = curvePoints(numbers, 240, 60);
    assert.equal(points.length, numbers.length);
    for (const [x, y] of points) assert.ok(x >= 0 && x <= 240 && y >= 0 && y <= 60, `${numbers}: ${x}, ${y}`);
  }
});

test("a number that is not finite is at the top of the curve", () => {
  assert.equal(curvePoints([1, NaN, 2], 200, 60)[1][1], 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../viz/page/lesson.js";

/** A stepper at the end of a pass over `y = x * x` that leaves this gradient in `x`. */
function stepper(gradient, index = 1) {
  const nodes = [{ name: "x", kind: "input", value: 3 }, { name: "y", kind: "gate", value: 9, operands: [0, 0] }];
  const slots = [{ slot: 0, operand: 0, product: 3, after: gradient }];
  const steps = [{ phase: "seed", node: 1, gradient: 1 }, { phase: "backward", node: 1, slots }];
  return { pass: { nodes, steps, outputs: [1] }, index, data: { precision: 2 } };
}

test("a gradient that differs is told with both numbers", () => {
  assert.deepEqual(differences(stepper(6), stepper(3), "assign"), [{ node: 0, text: "6.00", given: "3.00" }]);
});

test("what looks the same does not differ", () => {
  assert.deepEqual(differences(stepper(6), stepper(6.001), "assign"), []);
  assert.deepEqual(differences(stepper("nan"), stepper("nan"), "assign"), []);
});

test("a gradient that only one of them has yet is no difference", () => {
  assert.deepEqual(differences(stepper(6), stepper(3, 0), "assign"), []);
});

test("another order of the steps is compared at the end only", () => {
  assert.deepEqual(differences(stepper(6), stepper(3, 0), "no_order"), []);
  assert.equal(differences(stepper(6), stepper(3), "no_order").length, 1);
});

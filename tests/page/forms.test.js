import assert from "node:assert/strict";
import { test } from "node:test";
import { sameStep } from "../../viz/page/forms.js";

/** A pass with so many gates. */
const passOf = (gates) => {
  const steps = (phase) => Array.from({ length: gates }, () => ({ phase }));
  return { steps: [...steps("forward"), { phase: "seed" }, ...steps("backward")] };
};
const [few, many] = [passOf(2), passOf(10)];

test("another form of the graph keeps the start, the turn and the end", () => {
  for (const [before, after] of [[few, many], [many, few], [few, few]]) {
    const [turn, newTurn] = [before, after].map((pass) => (pass.steps.length - 1) / 2);
    assert.equal(sameStep({ pass: before, index: -1 }, { pass: after }), -1);
    assert.equal(sameStep({ pass: before, index: turn }, { pass: after }), newTurn);
    assert.equal(sameStep({ pass: before, index: before.steps.length - 1 }, { pass: after }), after.steps.length - 1);
  }
});

test("another form of the graph keeps the half of the pass, and never goes back while the first goes on", () => {
  for (const [before, after] of [[few, many], [many, few]]) {
    const places = before.steps.map((_, index) => sameStep({ pass: before, index }, { pass: after }));
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    places.forEach((place, index) => assert.equal(after.steps[place].phase, before.steps[index].phase));
  }
});

test("the same form keeps the step", () => {
  many.steps.forEach((_, index) => assert.equal(sameStep({ pass: many, index }, { pass: many }), index));
});

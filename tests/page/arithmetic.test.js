import assert from "node:assert/strict";
import { test } from "node:test";
import { m } from "../../viz/page/arithmetic.js";
import { toNumber } from "../../viz/page/core.js";
import { expected } from "./expected.js";

// The rules as the page has them: functions that use `m`, to which they are added.
const functions = Object.entries(expected.rules).map(([name, text]) => `${JSON.stringify(name)}: ${text}`);
const code = `export const rules = (m) => ({${functions.join(",\n")}});`;
const { rules } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
const table = rules(m);
for (const [name, rule] of Object.entries(table)) m[name] ??= rule;

function agrees(found, right) {
  if (!Number.isFinite(right)) return Object.is(found, right);
  return Math.abs(found - right) <= 1e-15 + 1e-12 * Math.abs(right);
}

for (const name of Object.keys(table)) {
  test(`${name} computes what Python computes`, () => {
    const samples = expected.samples.filter((sample) => sample.rule === name);
    assert.ok(samples.length >= 6);
    for (const { operands, result } of samples) {
      const found = table[name](...operands.map(toNumber));
      assert.ok(agrees(Number(found), toNumber(result)), `${name}(${operands.join(", ")}) is ${result}, not ${found}`);
    }
  });
}

test("every sample has a rule", () => {
  for (const { rule } of expected.samples) assert.ok(rule in table, rule);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as core from "../../viz/page/core.js";
import { expected } from "./expected.js";

const { pass, formulas } = expected.g1; // f = (x + y) z
const rules = { add: (x, y) => x + y, mul: (x, y) => x * y };
const place = (name) => pass.nodes.findIndex((node) => node.name === name);
const plain = (markup) => markup.replace(/<[^>]*>/g, "");

test("numbers are written with decimals, or in powers of ten where that would hide them", () => {
  const texts = [[1, "1.00"], [-0.001, "-1.00e-03"], [0, "0.00"], [-0, "0.00"], [2e6, "2.00e+06"], [1e-12, "1.00e-12"], [1e123, "1.00e+123"]];
  for (const [number, text] of texts) assert.equal(core.numberText(number, 2), text);
  for (const [number, text] of [["nan", "nan"], ["-inf", "-inf"], [Infinity, "inf"], [null, ""]]) {
    assert.equal(core.numberText(number, 2), text);
  }
  assert.equal(core.numberText({ shape: [2, 3], mean: 1, norm: "inf" }, 2), "2×3, norm inf");
});

test("before the first step only the inputs are known", () => {
  const known = core.knownAfter(pass, -1);
  assert.deepEqual([...known.keys()].sort(), ["x", "y", "z"].map((name) => core.valueKey(place(name))).sort());
});

test("each step of the lecture's example makes its numbers known", () => {
  const [q, f] = pass.steps.slice(0, 2).map((step) => step.node);
  const appears = [
    [[core.valueKey(q), 3]],
    [[core.valueKey(f), -12]],
    [[core.gradientKey(f), 1]],
    [[core.gradientKey(q), -4], [core.gradientKey(place("z")), 3]],
    [[core.gradientKey(place("x")), -4], [core.gradientKey(place("y")), -4]],
  ];
  appears.forEach((entries, index) => {
    const [before, after] = [core.knownAfter(pass, index - 1), core.knownAfter(pass, index)];
    for (const [key, number] of entries) {
      assert.equal(before.has(key), false);
      assert.equal(after.get(key), number);
    }
  });
});

test("a gate leads to its step, forward or backward", () => {
  const { node } = pass.steps[0];
  assert.equal(core.stepOf(pass, node, false), 0);
  assert.equal(core.stepOf(pass, node, true), 4);
});

test("a gate through which no gradient flows leads to its forward step in both halves", () => {
  const forward = { nodes: [], steps: [{ phase: "forward", node: 7 }] };
  assert.equal(core.stepOf(forward, 7, true), 0);
});

test("what a student types is read", () => {
  const typed = [["-0.5", -0.5], [" −0,5 ", -0.5], ["1e-3", 0.001], ["", null], ["  ", null], ["four", null], ["inf", Infinity], ["-∞", -Infinity]];
  for (const [text, number] of typed) assert.equal(core.readNumber(text), number, text);
  assert.ok(Number.isNaN(core.readNumber("NaN")));
});

test("an answer is right within what is shown or a hundredth", () => {
  const judged = [[-0.53, -0.5344, true], [-0.52, -0.5344, false], [100.9, 100, true], [102, 100, false], [0, 0, true], [null, 0, false]];
  for (const [given, right, verdict] of judged) assert.equal(core.isRight(given, right, 2), verdict, `${given} for ${right}`);
  assert.ok(core.isRight(NaN, NaN, 2));
  assert.ok(!core.isRight(null, NaN, 2));
  assert.ok(core.isRight(Infinity, Infinity, 2));
  assert.ok(!core.isRight(1e300, Infinity, 2));
});

test("a nudge is computed through the whole graph", () => {
  const values = core.recomputed(pass, rules, new Map([[place("x"), -1]]));
  assert.equal(values[pass.outputs[0]], -16);
  assert.equal(core.recomputed(pass, {}, new Map()), null);
});

test("difference quotients are the gradients", () => {
  const quotientOf = core.differenceQuotients(pass, rules);
  for (const [name, gradient] of [["x", -4], ["y", -4], ["z", 3], ["v1", -4], ["v2", 1]]) {
    assert.ok(core.compared(gradient, quotientOf(place(name))).good, name);
  }
  assert.equal(core.differenceQuotients(pass, {})(place("x")), null);
});

test("only what depends on the nudged node is computed again", () => {
  const nodes = [{ kind: "input", value: 3 }, { kind: "input", value: 2 }];
  nodes.push({ kind: "gate", operation: "square", operands: [0], value: 9 }, { kind: "gate", operation: "costly", operands: [1], value: 2 });
  nodes.push({ kind: "gate", operation: "sum", operands: [2, 3, 2], value: 20 });
  let calls = 0;
  const own = { square: (x) => x * x, costly: (x) => (calls++, x), "sum/3": (x, y, z) => x + y + z };
  const quotientOf = core.differenceQuotients({ nodes, outputs: [4] }, own);
  assert.equal(calls, 1);
  assert.ok(core.compared(12, quotientOf(0)).good); // it arrives twice
  assert.equal(calls, 1);
  assert.ok(core.compared(1, quotientOf(3)).good);
});

test("derivatives agree within rounding, and a wrong one does not", () => {
  const pairs = [[2, 2 + 1e-6, true], [2, 2.01, false], [0, 1e-9, true], [1e-12, -1e-12, true], [NaN, 1, false], [Infinity, 1, false]];
  for (const [analytic, quotient, verdict] of pairs) assert.equal(core.compared(analytic, quotient).good, verdict, `${analytic}, ${quotient}`);
});

test("remarkable gradients are named, and wires keep within their widths", () => {
  const remarks = [[0, "zero"], [1e-6, "vanishing"], [-1e5, "exploding"], [NaN, "nan"], [-Infinity, "infinite"], [0.3, ""]];
  for (const [gradient, remark] of remarks) assert.equal(core.flowRemark(gradient), remark);
  const widths = [0, 1e-300, 1e-2, 1, 1e2, 1e300, Infinity].map(core.flowWidth);
  assert.deepEqual(widths, [...widths].sort((a, b) => a - b));
  assert.ok(widths[0] > 0 && widths.at(-1) <= 6);
});

test("names become markup that cannot end anything", () => {
  assert.equal(core.nameMath("w0"), "<msub><mi>w</mi><mn>0</mn></msub>");
  assert.equal(core.nameMath("x_12"), "<msub><mi>x</mi><mn>12</mn></msub>");
  assert.equal(core.nameMath("-2.5"), core.numberMath("-2.5"));
  assert.equal(core.nameMath('</script><img src="x">'), "<mi>&lt;/script&gt;&lt;img src=&quot;x&quot;&gt;</mi>");
  assert.equal(core.filled("{0}<mo>⋅</mo>{1}", ["<mi>a</mi>", "<mi>$1{0}</mi>"]), "<mi>a</mi><mo>⋅</mo><mi>$1{0}</mi>");
});

test("the cards have the arithmetic", () => {
  const cards = [-1, 0, 1, 2, 3, 4].map((index) => core.card(pass, formulas, index, 2));
  assert.equal(cards[0].title, "Before the first step");
  assert.match(cards[1].title, /^Forward: v1 = x \+ y$/);
  assert.ok(cards[1].lines.map(plain).includes("=(−2.00)+5.00"));
  assert.equal(plain(cards[3].lines[0]), "∂v2∂v2=1.00");
  const product = cards[4].lines.map(plain);
  assert.ok(product.some((line) => line.startsWith("∂v2∂v1=z=−4.00")), product.join("\n"));
  assert.ok(product.some((line) => line.startsWith("∂v2∂v1=1.00⋅(−4.00)=−4.00")));
  assert.ok(cards[5].lines.map(plain).some((line) => line.startsWith("∂v2∂x=(−4.00)⋅1.00=−4.00")));
});

test("a card adds up what arrives over several wires", () => {
  const gate = { name: "v", kind: "gate", value: 9, operation: "mul", symbol: "*", operands: [0, 0], formula: "x * x" };
  const twice = { nodes: [{ name: "x", kind: "input", value: 3 }, gate], outputs: [1] };
  const slots = [null, 3].map((before, slot) => ({ slot, operand: 0, local: 3, product: 3, before, after: 3 + (before ?? 0) }));
  twice.steps = [{ phase: "backward", node: 1, upstream: 1, slots }];
  const lines = core.card(twice, formulas, 0, 2).lines.map(plain);
  assert.ok(lines.some((line) => line.startsWith("∂v∂x=3.00+3.00=6.00")), lines.join("\n"));
});

test("every minus of a formula is a minus, and what explains it stands beside it", () => {
  assert.equal(plain(core.numberMath("-4.92e-05")), "(−4.92e−05)");
  const lines = core.card(pass, formulas, 3, 2).lines;
  assert.ok(!/-\d/.test(lines.join("").replace(/<[^>]*>/g, "")));
  assert.match(core.card(pass, formulas, 4, 2).lines[0], /<\/math> <span class="note">upstream/);
});

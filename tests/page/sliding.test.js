import assert from "node:assert/strict";
import { test } from "node:test";
import { markedCells, shownAfter } from "../../viz/page/sliding.js";

// A kernel of 1×2 over an input of 2×2: two entries of the output, one below the other.
const data = { input: [1, 2, 2], output: [1, 2, 1], kernel: [1, 1, 1, 2], padding: 0 };
data.steps = [
  { phase: "forward", entry: [0, 0, 0], window: [0, 0] },
  { phase: "forward", entry: [0, 1, 0], window: [1, 0] },
  { phase: "seed" },
  { phase: "backward", entry: [0, 0, 0], window: [0, 0], x: [1, -1, 0, 0], w: [1, 2] },
  { phase: "backward", entry: [0, 1, 0], window: [1, 0], x: [1, -1, 1, -1], w: [4, 6] },
];

test("the outputs appear one by one, then their gradients, then those of input and kernel", () => {
  const outputs = data.steps.map((_, index) => [...shownAfter(data, index).outputs]);
  assert.deepEqual(outputs.slice(0, 2), [["y0"], ["y0", "y1"]]);
  assert.equal(shownAfter(data, -1).outputs.size, 0);
  assert.equal(shownAfter(data, 1).gradients.size, 0);
  assert.deepEqual([...shownAfter(data, 2).gradients.keys()], ["y0", "y1"]);
  assert.deepEqual(["x0", "x2", "w1"].map((name) => shownAfter(data, 3).gradients.get(name)), [1, 0, 2]);
  assert.deepEqual(["x0", "x2", "w1"].map((name) => shownAfter(data, 4).gradients.get(name)), [1, 1, 6]);
});

test("a step is about its window, the kernel and one output", () => {
  assert.deepEqual([...markedCells(data, data.steps[1])].sort(), ["w0", "w1", "x2", "x3", "y1"]);
  assert.equal(markedCells(data, data.steps[2]).size, 0);
});

test("a window over the edge is about padding too", () => {
  const padded = { ...data, padding: 1, output: [1, 4, 3] };
  const marked = markedCells(padded, { phase: "forward", entry: [0, 1, 0], window: [1, 0] });
  assert.deepEqual([...marked].sort(), ["w0", "w1", "x0", "xpad0.1.0", "y3"]);
});

test("a kernel with several channels and filters is about one filter, all channels", () => {
  const deep = { input: [2, 1, 2], output: [2, 1, 1], kernel: [2, 2, 1, 2], padding: 0 };
  const marked = markedCells(deep, { phase: "backward", entry: [1, 0, 0], window: [0, 0] });
  assert.deepEqual([...marked].sort(), ["w4", "w5", "w6", "w7", "x0", "x1", "x2", "x3", "y1"]);
});

// A small convolution: the window slides over the input, then the gradient flows back through it.
import * as core from "./core.js";
import { Stepper } from "./page.js";

class Convolution extends Stepper {
  connectGates() {} // there are none

  setMode() {
    this.modes.remove();
    this.go(-1);
  }

  forward() {
    this.go(this.index + 1);
  }

  paint() {
    const { steps } = this.pass;
    const step = steps[this.index];
    const at = shownAfter(this.data, this.index);
    const marked = step ? markedCells(this.data, step) : new Set();
    for (const [name, cell] of this.picture.parts) {
      const [value, gradient] = cell.querySelectorAll("text");
      if (marked.has(name)) cell.parentNode.append(cell); // over the lines of its neighbours
      cell.classList.toggle("now", marked.has(name));
      cell.classList.toggle("back", marked.has(name) && step.phase === "backward");
      if (!gradient) continue; // padding
      value.style.visibility = name.startsWith("y") && !at.outputs.has(name) ? "hidden" : "visible";
      const number = at.gradients.get(name);
      gradient.style.visibility = number === undefined ? "hidden" : "visible";
      if (typeof number === "number") gradient.textContent = core.numberText(number, this.data.precision);
    }
    this.slider.value = this.index + 1;
    this.slider.setAttribute("aria-valuetext", `step ${this.index + 1} of ${steps.length}`);
    this.counter.textContent = `${this.index + 1} / ${steps.length}`;
    const titles = { forward: "Forward: the sum of products", seed: "Backward: start", backward: "Backward: through the window" };
    this.write(titles[step?.phase] ?? "Before the first step", [step?.text ?? "The kernel will slide over the input."]);
    this.spoken.textContent = step?.text ?? "Before the first step.";
    this.root.dispatchEvent(new CustomEvent("step", { bubbles: true, detail: this.index }));
  }
}

/** The place of an entry in an array of this shape, counted through row by row. */
const place = (shape, ...entry) => entry.reduce((sum, i, axis) => sum * shape[axis] + i, 0);

/** Return what is known after a step: the names of the outputs, and the gradients by the names of their cells. */
export function shownAfter(data, index) {
  const outputs = new Set();
  const gradients = new Map();
  for (const step of data.steps.slice(0, index + 1)) {
    if (step.phase === "forward") outputs.add(`y${place(data.output, ...step.entry)}`);
    if (step.phase === "seed") for (const name of outputs) gradients.set(name, null); // as drawn
    if (step.phase === "backward") {
      for (const panel of ["x", "w"]) step[panel].forEach((number, i) => gradients.set(`${panel}${i}`, number));
    }
  }
  return { outputs, gradients };
}

/** Return the names of the cells that a step is about: the window, the kernel and the output entry. */
export function markedCells(data, step) {
  const names = new Set();
  if (step.phase === "seed") return names;
  const [channels, rows, columns] = data.input;
  const [top, left] = step.window;
  names.add(`y${place(data.output, ...step.entry)}`);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < data.kernel[2]; i++) {
      for (let j = 0; j < data.kernel[3]; j++) {
        const [row, column] = [top + i - data.padding, left + j - data.padding];
        const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
        names.add(isInside ? `x${place(data.input, c, row, column)}` : `xpad${c}.${top + i}.${left + j}`);
        names.add(`w${place(data.kernel, step.entry[0], c, i, j)}`);
      }
    }
  }
  return names;
}

export function startSliding(page, data, rules) {
  const pass = { nodes: [], steps: data.steps, outputs: [] };
  return new Convolution(page.querySelector(".stepper"), { ...data, pass, arrivals: {} }, rules);
}

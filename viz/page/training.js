// A training loop: the slider goes over its steps, the graph stays and its numbers change.
import * as core from "./core.js";
import { Stepper, element } from "./page.js";

class Training extends Stepper {
  connectGates() {} // a gate has no step of its own

  setMode() {
    this.modes.remove();
    this.slider.min = 1;
    this.go(0);
  }

  go(index) {
    super.go(Math.max(0, index));
  }

  forward() {
    this.go(this.index + 1);
  }

  paint() {
    const record = this.pass.steps[this.index];
    this.picture.show(recordNumbers(record));
    this.slider.value = this.index + 1;
    this.counter.textContent = `${this.index + 1} / ${this.pass.steps.length}`;
    const title = `Step ${this.index + 1} of the training`;
    this.slider.setAttribute("aria-valuetext", title);
    const rows = record.updates.map(({ name, text }) => {
      return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, text.replaceAll(" * ", " × ").replaceAll("-", "−")));
    });
    const head = element("tr", {}, element("th", { scope: "col" }, "weight"), element("th", { scope: "col" }, "old − rate × gradient = new"));
    this.card.replaceChildren(element("h2", {}, title), this.curve(), element("table", {}, head, ...rows));
    this.spoken.textContent = `${title}: ${record.updates.map(({ name, text }) => `${name}: ${text}`).join("; ")}`;
    this.root.dispatchEvent(new CustomEvent("step", { bubbles: true, detail: this.index }));
  }

  /** The result of every step as a line, with a mark at this one. */
  curve() {
    const results = this.pass.steps.map((record) => core.toNumber(record.values[this.pass.outputs[0]]));
    const points = curvePoints(results, 240, 60);
    const text = core.numberText(results[this.index], this.data.precision);
    const name = this.pass.nodes[this.pass.outputs[0]].name;
    const figure = element("p", { class: "curve" });
    const [x, y] = points[this.index] ?? [0, 0];
    const drawn = `<polyline points="${points.join(" ")}"/><circle cx="${x}" cy="${y}" r="4"/>`;
    figure.innerHTML = `<svg viewBox="-5 -5 250 70" width="250" height="70" aria-hidden="true">${drawn}</svg>`;
    figure.append(` ${name} = ${text}`);
    return figure;
  }
}

/** Return the numbers of a record by the keys of the picture. */
export function recordNumbers(record) {
  const known = new Map();
  record.values.forEach((value, i) => known.set(core.valueKey(i), value));
  record.gradients.forEach((gradient, i) => gradient !== null && known.set(core.gradientKey(i), gradient));
  for (const [key, product] of Object.entries(record.branches)) known.set(`b${key}`, product);
  return known;
}

/** Return points of a curve in a box of this size, the largest number at the top; what is not finite is at the top. */
export function curvePoints(numbers, width, height) {
  const finite = numbers.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return numbers.map((number, i) => {
    const share = Number.isFinite(number) && high > low ? (number - low) / (high - low) : Number(!Number.isFinite(number));
    return [(i * width) / Math.max(1, numbers.length - 1), height * (1 - share)].map((x) => Math.round(x * 10) / 10);
  });
}

export function startTraining(page, data, rules) {
  const pass = { ...data.pass, steps: data.records };
  return new Training(page.querySelector(".stepper"), { ...data, pass }, rules);
}

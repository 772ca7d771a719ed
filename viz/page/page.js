// The stepper's page: buttons, keys and the picture.  What is shown comes from core.js.
import * as core from "./core.js";
import { Picture } from "./picture.js";
import { View } from "./view.js";

const MODES = { explain: "Explain", predict: "Predict", nudge: "What if", check: "Gradient check", flow: "Gradient flow" };
const SPEEDS = { "0.5×": 2400, "1×": 1200, "2×": 600, "4×": 300 };
const SLICE = 100; // wires whose gradients are checked at once
const ICONS = {
  first: "M4 4v16h2V4zm16 0L8 12l12 8z",
  previous: "M18 4 6 12l12 8z",
  play: "M6 3l14 9-14 9z",
  pause: "M6 4h4v16H6zm8 0h4v16h-4z",
  next: "M6 4l12 8-12 8z",
  last: "M18 4v16h2V4zM4 4l12 8-12 8z",
  closer: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  farther: "M5 11h14v2H5z",
  whole: "M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z",
};

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function button(name, label, keys, action) {
  const made = element("button", { type: "button", "data-control": name, "aria-label": label, title: keys ? `${label} (${keys})` : label });
  made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  made.addEventListener("click", action);
  return made;
}

export class Stepper {
  constructor(root, data, rules) {
    Object.assign(this, { root, data, rules, pass: data.pass });
    this.index = -1;
    this.mode = data.mode;
    this.score = { right: 0, asked: 0 };
    this.answered = new Set(); // the steps whose gradients were predicted
    const svg = root.querySelector("svg");
    this.picture = new Picture(svg, data);
    this.view = new View(svg);
    this.build();
    this.connectGates();
    root.ownerDocument.addEventListener("keydown", (event) => this.key(event));
    this.setMode(data.mode);
    root.classList.add("alive");
  }

  build() {
    const controls = element("div", { class: "controls", role: "toolbar", "aria-label": "Steps" });
    this.playButton = button("play", "Play", "space", () => this.toggle());
    this.slider = element("input", { type: "range", min: 0, max: this.pass.steps.length, value: 0, "aria-label": "Step" });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value) - 1));
    this.counter = element("output", { class: "counter" });
    controls.append(
      button("first", "First step", "home", () => this.go(-1)),
      button("previous", "Previous step", "←", () => this.go(this.index - 1)),
      this.playButton,
      button("next", "Next step", "→", () => this.forward()),
      button("last", "Last step", "end", () => this.go(this.pass.steps.length - 1)),
      this.slider,
      this.counter,
    );
    this.speed = this.select("Speed", Object.keys(SPEEDS), "1×");
    this.modes = this.select("Mode", Object.keys(MODES), this.mode, MODES);
    this.modes.addEventListener("change", () => this.setMode(this.modes.value));
    controls.append(this.speed, this.modes);
    controls.append(
      button("closer", "Zoom in", "+", () => this.view.closer()),
      button("farther", "Zoom out", "−", () => this.view.farther()),
      button("whole", "Whole picture", "0", () => this.view.fit()),
    );
    const figure = this.root.getAttribute("aria-label"); // one of several pictures has a name
    this.card = element("section", { class: "card", "aria-label": figure ? `This step: ${figure}` : "This step" });
    this.spoken = element("p", { class: "spoken", "aria-live": "polite" });
    this.root.append(controls, this.card, this.spoken);
  }

  select(label, values, chosen, names = {}) {
    const made = element("select", { "aria-label": label, title: label });
    for (const value of values) made.append(element("option", { value, ...(value === chosen && { selected: "" }) }, names[value] ?? value));
    return made;
  }

  /** Make the gates buttons: tab goes to one of them, arrows up and down to its neighbours, enter to its step. */
  connectGates() {
    this.gates = new Map(); // from the part of the picture to the place in the pass
    this.pass.nodes.forEach((node, i) => {
      const gate = node.kind === "gate" && this.picture.parts.get(`n${i}`);
      if (!gate) return;
      gate.setAttribute("tabindex", this.tabStop ? "-1" : "0");
      this.tabStop ??= gate;
      gate.setAttribute("role", "button");
      const drawn = [...gate.querySelectorAll("text")].map((text) => text.textContent).join(" ");
      gate.setAttribute("aria-label", `${drawn}: go to the step of ${node.name} = ${node.formula}`);
      gate.classList.add("gate");
      this.gates.set(gate, i);
    });
    this.picture.svg.setAttribute("role", "group");
    const { box } = this.view;
    box.addEventListener("click", (event) => this.jump(event.target.closest(".gate")));
    box.addEventListener("keydown", (event) => this.gateKey(event));
    box.addEventListener("focusin", (event) => {
      this.tabStop.setAttribute("tabindex", "-1");
      this.tabStop = event.target;
      this.tabStop.setAttribute("tabindex", "0");
      this.view.follow(this.tabStop);
    });
  }

  jump(gate) {
    if (gate) this.go(core.stepOf(this.pass, this.gates.get(gate), this.isBackward()));
  }

  gateKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const all = [...this.gates.keys()];
    if (event.key === "Enter") this.jump(event.target);
    else if (by && !event.shiftKey) all[all.indexOf(event.target) + by]?.focus();
    else return;
    event.preventDefault();
  }

  isBackward() {
    return ["seed", "backward"].includes(this.pass.steps[this.index]?.phase);
  }

  key(event) {
    if (this.root.hidden || this.root.dataset.follows) return; // another stepper of the page has the keys
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target !== this.slider && event.target.closest?.("input,select,textarea")) return;
    if (event.target.closest?.("button") && event.key === " ") return; // the button's own key
    if (event.shiftKey && event.key.startsWith("Arrow")) {
      event.preventDefault();
      return this.view.pan(...{ ArrowRight: [80, 0], ArrowLeft: [-80, 0], ArrowDown: [0, 80], ArrowUp: [0, -80] }[event.key]);
    }
    const actions = {
      ArrowRight: () => this.forward(),
      ArrowLeft: () => this.go(this.index - 1),
      Home: () => this.go(-1),
      End: () => this.go(this.pass.steps.length - 1),
      " ": () => this.toggle(),
      "+": () => this.view.closer(),
      "-": () => this.view.farther(),
      0: () => this.view.fit(),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  forward() {
    const next = this.index + 1;
    const step = this.pass.steps[next];
    const asks = this.mode === "predict" && step?.phase === "backward" && !this.answered.has(next);
    if (asks) this.ask(next);
    else this.go(next);
  }

  go(index) {
    this.index = Math.max(-1, Math.min(index, this.pass.steps.length - 1));
    if (this.index === this.pass.steps.length - 1) this.pause();
    this.paint();
  }

  toggle() {
    if (this.timer) return this.pause();
    if (this.index === this.pass.steps.length - 1) this.go(-1);
    this.playButton.querySelector("path").setAttribute("d", ICONS.pause);
    this.playButton.setAttribute("aria-label", "Pause");
    const tick = () => {
      this.timer = setTimeout(tick, SPEEDS[this.speed.value]);
      this.forward();
    };
    this.timer = setTimeout(tick, SPEEDS[this.speed.value] / 3);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.playButton?.querySelector("path").setAttribute("d", ICONS.play);
    this.playButton?.setAttribute("aria-label", "Play");
  }

  setMode(mode) {
    this.pause();
    clearTimeout(this.checking);
    this.mode = mode;
    this.score = { right: 0, asked: 0 };
    this.answered.clear();
    if (mode === "predict") this.index = this.pass.steps.findIndex((step) => step.phase === "seed");
    else if (mode !== "explain") this.index = this.pass.steps.length - 1;
    this.picture.clear();
    this.paint();
    if (mode === "check") this.writeCheck(); // it is about the whole pass, whichever step is shown
  }

  paint() {
    const step = this.pass.steps[this.index];
    const known = core.knownAfter(this.pass, this.index);
    this.view.follow(this.picture.parts.get(`n${(step ?? this.pass.steps[0])?.node}`)); // it measures, so before the changes
    this.picture.show(known);
    this.picture.mark(step);
    if (this.mode === "flow") this.picture.flow(known);
    this.slider.value = this.index + 1;
    this.slider.setAttribute("aria-valuetext", `step ${this.index + 1} of ${this.pass.steps.length}`);
    this.counter.textContent = `${this.index + 1} / ${this.pass.steps.length}`;
    if (this.mode === "nudge") this.writeNudge();
    else if (this.mode !== "check") this.writeStep();
    this.spoken.textContent = step ? step.text : "Before the first step.";
    this.root.dispatchEvent(new CustomEvent("step", { bubbles: true, detail: this.index }));
  }

  writeStep() {
    const { title, lines } = core.card(this.pass, this.data.formulas, this.index, this.data.precision);
    this.write(title, lines);
    if (this.mode === "predict") this.writeScore();
  }

  write(title, lines) {
    this.card.replaceChildren(element("h2", {}, title));
    for (const line of lines) {
      const row = element("p");
      if (line.startsWith("<math")) row.innerHTML = line; // made in core.js, which escapes all names
      else row.textContent = line;
      this.card.append(row);
    }
  }

  // Predict, then reveal.

  ask(index) {
    this.pause();
    const step = this.pass.steps[index];
    const node = this.pass.nodes[step.node];
    const asked = step.slots.filter((slot) => slot.local !== null);
    if (!asked.length) return this.go(index);
    this.picture.mark(step);
    const upstream = core.numberText(step.upstream, this.data.precision);
    const question = `Its gradient is ${upstream}. What does each input receive?`;
    this.write(`Predict: ${node.name} = ${node.formula}`, [question]);
    const form = element("form");
    const fields = asked.map((slot) => {
      const field = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 9 });
      const answer = element("span", { class: "answer", role: "status" });
      form.append(element("label", {}, `${this.pass.nodes[slot.operand].name} `, field, " ", answer));
      return { slot, field, answer };
    });
    form.append(element("button", { type: "submit" }, "Check"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge(index, fields, form);
    });
    this.card.append(form);
    fields[0].field.focus();
  }

  judge(index, fields, form) {
    if (form.dataset.done) return this.go(index);
    const step = this.pass.steps[index];
    const formula = this.data.formulas[this.pass.nodes[step.node].operation];
    for (const { slot, field, answer } of fields) {
      const right = core.toNumber(slot.product);
      const given = core.readNumber(field.value);
      const correct = core.isRight(given, right, this.data.precision);
      this.score.asked += 1;
      this.score.right += correct;
      const text = (number) => core.numberText(number, this.data.precision);
      answer.className = `answer ${correct ? "right" : "wrong"}`;
      answer.textContent = correct ? "✓ right" : `✗ no: upstream ${text(step.upstream)} × local ${text(slot.local)} = ${text(slot.product)}`;
      if (!correct && formula?.derivatives[slot.slot]) {
        const names = this.pass.nodes[step.node].operands.map((operand) => core.nameMath(this.pass.nodes[operand].name));
        const hint = element("span", { class: "hint" });
        hint.innerHTML = `, the local rule is <math>${core.filled(formula.derivatives[slot.slot], names)}</math>`;
        answer.append(hint);
      }
    }
    this.answered.add(index);
    form.dataset.done = "yes";
    const on = form.querySelector("button");
    on.textContent = "Go on";
    on.focus();
    this.writeScore();
  }

  writeScore() {
    this.card.querySelector(".score")?.remove();
    if (this.score.asked) this.card.append(element("p", { class: "score", role: "status" }, `Score: ${this.score.right} of ${this.score.asked}`));
  }

  // What if: nudge an input.

  writeNudge() {
    const leaves = this.pass.nodes.flatMap((node, i) => (node.kind === "input" && typeof node.value !== "object" ? [i] : []));
    const known = core.knownAfter(this.pass, this.pass.steps.length - 1);
    const able = leaves.filter((i) => typeof known.get(core.gradientKey(i)) === "number");
    if (!able.length || !core.recomputed(this.pass, this.rules, new Map())) {
      return this.write("What if", ["This graph has arrays, or gates that the page cannot compute; there is nothing to nudge."]);
    }
    this.write("What if an input changes?", []);
    const names = Object.fromEntries(able.map((i) => [i, this.pass.nodes[i].name]));
    const which = this.select("Input", able.map(String), String(able[0]), names);
    const size = element("input", { type: "range", min: -1, max: 1, step: 0.01, value: 0, "aria-label": "Nudge" });
    const table = element("div", { role: "status" });
    const update = () => this.nudge(Number(which.value), Number(size.value), known, table);
    which.addEventListener("input", update);
    size.addEventListener("input", update);
    this.card.append(element("label", {}, "Input ", which), element("label", {}, "Nudge ", size), table);
    update();
  }

  nudge(node, by, known, table) {
    const at = core.toNumber(this.pass.nodes[node].value);
    const values = core.recomputed(this.pass, this.rules, new Map([[node, at + by]]));
    const output = this.pass.outputs[0];
    const gradient = core.toNumber(known.get(core.gradientKey(node)));
    const text = (number) => core.numberText(number, Math.max(4, this.data.precision));
    const changed = new Map(known);
    values.forEach((value, i) => changed.set(core.valueKey(i), value));
    this.picture.show(changed);
    const rows = [
      ["nudge", text(by)],
      ["predicted change: gradient × nudge", `${text(gradient)} × ${text(by)} = ${text(gradient * by)}`],
      ["true change", text(values[output] - core.toNumber(this.pass.nodes[output].value))],
    ];
    const cells = rows.map(([name, value]) => [element("th", { scope: "row" }, name), element("td", {}, value)]);
    table.replaceChildren(element("table", {}, ...cells.map((row) => element("tr", {}, ...row))));
  }

  // Gradient check: analytic beside a difference quotient, for every wire.

  writeCheck() {
    this.write("Gradient check: analytic beside a difference quotient", []);
    const known = core.knownAfter(this.pass, this.pass.steps.length - 1);
    const quotientOf = core.differenceQuotients(this.pass, this.rules);
    const waiting = this.pass.nodes.flatMap((_, i) => {
      const analytic = core.toNumber(known.get(core.gradientKey(i)));
      return typeof analytic === "number" && i !== this.pass.outputs[0] ? [{ i, analytic }] : [];
    });
    const heads = ["wire", "analytic", "difference quotient", "relative error", "verdict"];
    const table = element("table", {}, element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name))));
    const remarks = [];
    const goOn = () => {
      for (const { i, analytic } of waiting.splice(0, SLICE)) {
        const quotient = quotientOf(i);
        if (quotient === null) continue;
        const { error, good } = core.compared(analytic, quotient);
        remarks.push([i, good ? "✓" : `✗ ${core.numberText(quotient, 4)}`, good ? "good" : "bad"]);
        const cells = [core.numberText(analytic, 6), core.numberText(quotient, 6), error.toExponential(1), good ? "✓ agrees" : "✗ differs"];
        table.append(element("tr", {}, element("th", { scope: "row" }, this.pass.nodes[i].name), ...cells.map((cell) => element("td", {}, cell))));
      }
      this.picture.remark(remarks);
      if (waiting.length) this.checking = setTimeout(goOn); // the page is there for others between the slices
      else if (!remarks.length) this.write(this.card.textContent, ["This graph has arrays, or gates that the page cannot compute."]);
    };
    this.card.append(table);
    goOn();
  }
}

/** Bring a stepper to life inside `root`, which holds the picture. */
export function start(root, data, rules) {
  return new Stepper(root, data, rules);
}

/** Return what is known of each picture of a page. */
export function figuresOf({ others, ...first }) {
  return [first, ...others.map((other) => ({ ...other, mode: first.mode }))];
}

/** Bring a page with one picture to life. */
export function startPage(page, data, rules) {
  return start(page.querySelector(".stepper"), data, rules);
}

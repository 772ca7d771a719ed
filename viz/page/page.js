// The stepper's page: buttons, keys and the picture.  What is shown comes from core.js.
import * as core from "./core.js";
import { View } from "./view.js";

const MODES = { explain: "Explain", predict: "Predict", nudge: "What if", check: "Gradient check", flow: "Gradient flow" };
const SPEEDS = { "0.5×": 2400, "1×": 1200, "2×": 600, "4×": 300 };
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

/** The numbers in the picture: finds where each stands, shows it, hides it, writes it. */
class Picture {
  constructor(svg, data) {
    this.svg = svg;
    this.data = data;
    this.parts = new Map([...svg.querySelectorAll("[data-name]")].map((part) => [part.dataset.name, part]));
    this.places = new Map(); // from the key of a number to the marks that show it
    this.shown = new Map();
    data.pass.nodes.forEach((node, i) => {
      this.add(core.valueKey(i), `n${i}wire`, data.theme.value);
      this.add(core.gradientKey(i), `n${i}wire`, data.theme.gradient);
    });
    for (const [key, wire] of Object.entries(data.arrivals)) {
      const [consumer, slot] = key.split(".").map(Number);
      const operand = data.pass.nodes[consumer].operands[slot];
      if (wire === `n${operand}wire`) continue; // one wire only: it shows the whole gradient
      this.add(core.valueKey(operand), wire, data.theme.value);
      this.add(core.branchKey(consumer, slot), wire, data.theme.gradient);
    }
    this.arriving = new Map(); // from the name of a gate to its edges and wires
    this.edges = []; // each with the key of the gradient that flows along it
    const flows = new Map(data.pass.nodes.map((node, i) => [`n${i}wire`, core.gradientKey(i)]));
    for (const [key, wire] of Object.entries(data.arrivals)) {
      if (!flows.has(wire)) flows.set(wire, core.branchKey(...key.split(".")));
    }
    for (const [name, part] of this.parts) {
      const [tail, head] = name.split(">");
      if (!head) continue;
      this.arriving.set(head, [...(this.arriving.get(head) ?? []), name, tail]);
      this.edges.push({ path: part.querySelector("path"), key: flows.get(head) ?? flows.get(tail) });
    }
    this.marked = [];
    this.remarks = new Map();
    this.flowing = new Map(); // from an edge to the gradient that its width shows
  }

  add(key, wire, colour) {
    const marks = this.parts.get(wire)?.querySelectorAll(`[fill="${colour}"],[stroke="${colour}"]`) ?? [];
    const images = this.parts.get(wire)?.querySelectorAll(`[id$="${wire}${colour === this.data.theme.value ? "value" : "gradient"}"]`) ?? [];
    this.places.set(key, [...(this.places.get(key) ?? []), ...marks, ...images]);
  }

  /** Show the numbers of a map and no others; what has not changed is left alone. */
  show(known) {
    const changed = [...this.places].filter(([key]) => !this.shown.has(key) || this.shown.get(key) !== known.get(key));
    const written = changed.flatMap(([key, marks]) => {
      const number = known.get(key);
      this.shown.set(key, number);
      if (number === undefined || typeof number === "object") return [];
      const text = core.numberText(number, this.data.precision);
      return marks.filter((mark) => mark.tagName === "text" && mark.textContent !== text).map((mark) => ({ mark, text }));
    });
    write(written);
    for (const [key, marks] of changed) {
      for (const mark of marks) mark.style.visibility = known.get(key) === undefined ? "hidden" : "visible";
    }
  }

  /** Mark the gate of a step and its wires. */
  mark(step) {
    for (const part of this.marked) part.classList.remove("now", "back");
    this.marked = [];
    if (!step) return;
    const gate = `n${step.node}`;
    const now = [gate, `${gate}>${gate}wire`];
    if (step.phase === "seed") now.push(`${gate}wire`);
    else now.push(...(this.arriving.get(gate) ?? []));
    this.marked = now.flatMap((name) => this.parts.get(name) ?? []);
    for (const part of this.marked) part.classList.add("now", ...(step.phase === "backward" ? ["back"] : []));
  }

  /** Write these remarks and no others, `[node, text, kind]`, at gradients: a sign beside it, a word below. */
  remark(remarks) {
    const wanted = new Map(remarks.map(([node, text, kind]) => [node, { text, kind }]));
    for (const [node, mark] of this.remarks) {
      if (wanted.get(node)?.text === mark.textContent) wanted.delete(node);
      else {
        mark.remove();
        this.remarks.delete(node);
      }
    }
    const placed = [...wanted].flatMap(([node, { text, kind }]) => {
      const last = (this.places.get(core.gradientKey(node)) ?? []).filter((mark) => mark.tagName === "text").at(-1);
      return last ? [{ node, last, text, kind, box: last.getBBox() }] : []; // all are measured before the first is written
    });
    for (const { node, last, text, kind, box } of placed) {
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "text");
      const isSign = text.length === 1;
      mark.setAttribute("class", `remark ${kind}`);
      mark.setAttribute("x", isSign ? box.x + box.width + 5 : box.x + box.width / 2);
      mark.setAttribute("y", isSign ? last.getAttribute("y") : box.y + box.height + 7);
      mark.setAttribute("text-anchor", "middle");
      mark.textContent = text;
      last.parentNode.append(mark);
      this.remarks.set(node, mark);
    }
  }

  /** Take away what the modes have added. */
  clear() {
    this.remark([]);
    for (const path of this.flowing.keys()) path.style.removeProperty("stroke-width");
    this.flowing.clear();
  }

  /** Draw every wire as wide as its gradient is large. */
  flow(known) {
    for (const { path, key } of this.edges) {
      const gradient = core.toNumber(known.get(key));
      if (Object.is(this.flowing.get(path), gradient)) continue;
      this.flowing.set(path, gradient);
      path.style.strokeWidth = typeof gradient === "number" ? core.flowWidth(gradient) : "";
    }
    const gradients = this.data.pass.nodes.map((node, i) => core.toNumber(known.get(core.gradientKey(i))));
    const remarks = gradients.map((gradient, i) => [i, typeof gradient === "number" && core.flowRemark(gradient), "bad"]);
    this.remark(remarks.filter(([, text]) => text));
  }
}

/** Write numbers; they grow to both sides. All are measured before the first is written: that lays out the page once. */
function write(texts) {
  const started = texts.filter(({ mark }) => mark.getAttribute("text-anchor") !== "middle");
  const middles = started.map(({ mark }) => mark.getBBox()).map((box) => box.x + box.width / 2);
  started.forEach(({ mark }, i) => {
    mark.setAttribute("x", middles[i]);
    mark.setAttribute("text-anchor", "middle");
  });
  for (const { mark, text } of texts) mark.textContent = text;
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
    const known = core.knownAfter(this.pass, this.pass.steps.length - 1);
    this.write("Gradient check: analytic beside a difference quotient", []);
    const [rows, remarks] = [[], []];
    this.pass.nodes.forEach((node, i) => {
      const number = known.get(core.gradientKey(i));
      if (number === undefined || typeof number === "object" || i === this.pass.outputs[0]) return;
      const quotient = core.differenceQuotient(this.pass, this.rules, i);
      if (quotient === null) return;
      const analytic = core.toNumber(number);
      const error = Math.abs(analytic - quotient) / Math.max(1e-8, Math.abs(analytic), Math.abs(quotient));
      const good = error < 1e-4 || Math.abs(analytic - quotient) < 1e-7;
      remarks.push([i, good ? "✓" : `✗ ${core.numberText(quotient, 4)}`, good ? "good" : "bad"]);
      const cells = [node.name, core.numberText(analytic, 6), core.numberText(quotient, 6), error.toExponential(1), good ? "✓ agrees" : "✗ differs"];
      rows.push(element("tr", {}, element("th", { scope: "row" }, cells[0]), ...cells.slice(1).map((cell) => element("td", {}, cell))));
    });
    this.picture.remark(remarks);
    if (!rows.length) return this.card.append(element("p", {}, "This graph has arrays, or gates that the page cannot compute."));
    const heads = ["wire", "analytic", "difference quotient", "relative error", "verdict"];
    const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name)));
    this.card.append(element("table", {}, head, ...rows));
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

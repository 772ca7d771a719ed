// The stepper's page: buttons, keys and the picture.  What is shown comes from core.js.
import * as core from "./core.js";

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
    for (const name of this.parts.keys()) {
      const [tail, head] = name.split(">");
      if (head) this.arriving.set(head, [...(this.arriving.get(head) ?? []), name, tail]);
    }
  }

  add(key, wire, colour) {
    const marks = this.parts.get(wire)?.querySelectorAll(`[fill="${colour}"],[stroke="${colour}"]`) ?? [];
    const images = this.parts.get(wire)?.querySelectorAll(`[id$="${wire}${colour === this.data.theme.value ? "value" : "gradient"}"]`) ?? [];
    this.places.set(key, [...(this.places.get(key) ?? []), ...marks, ...images]);
  }

  /** Show the numbers of a map and no others; what has not changed is left alone. */
  show(known) {
    for (const [key, marks] of this.places) {
      const number = known.get(key);
      if (this.shown.has(key) && this.shown.get(key) === number) continue;
      this.shown.set(key, number);
      if (number !== undefined && typeof number !== "object") {
        const text = core.numberText(number, this.data.precision);
        for (const mark of marks) if (mark.tagName === "text") write(mark, text);
      }
      for (const mark of marks) mark.style.visibility = number === undefined ? "hidden" : "visible";
    }
  }

  /** Mark the gate of a step and its wires. */
  mark(step) {
    this.svg.querySelectorAll(".now").forEach((part) => part.classList.remove("now", "back"));
    if (!step) return;
    const gate = `n${step.node}`;
    const now = [gate, `${gate}>${gate}wire`];
    if (step.phase === "seed") now.push(`${gate}wire`);
    else now.push(...(this.arriving.get(gate) ?? []));
    for (const name of now) {
      this.parts.get(name)?.classList.add("now");
      if (step.phase === "backward") this.parts.get(name)?.classList.add("back");
    }
  }

  /** Write a small remark beside the gradient of a node, or take all remarks away. */
  remark(node, text, kind = "") {
    const last = (this.places.get(core.gradientKey(node)) ?? []).filter((mark) => mark.tagName === "text").at(-1);
    if (!last) return;
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "text");
    mark.setAttribute("class", `remark ${kind}`);
    mark.setAttribute("x", last.getAttribute("x"));
    mark.setAttribute("y", Number(last.getAttribute("y")) + 10);
    mark.setAttribute("text-anchor", "middle");
    mark.textContent = text;
    last.parentNode.append(mark);
  }

  clear() {
    this.svg.querySelectorAll(".remark").forEach((mark) => mark.remove());
    this.svg.querySelectorAll(".edge path").forEach((path) => path.style.removeProperty("stroke-width"));
  }

  /** Draw every wire as wide as its gradient is large. */
  flow(known) {
    this.data.pass.nodes.forEach((node, i) => {
      const number = known.get(core.gradientKey(i));
      if (number === undefined || typeof number === "object") return;
      const gradient = core.toNumber(number);
      for (const [name, part] of this.parts) {
        if (!name.startsWith(`n${i}wire>`) && name !== `n${i}>n${i}wire`) continue;
        part.querySelectorAll("path").forEach((path) => (path.style.strokeWidth = core.flowWidth(gradient)));
      }
      const remark = core.flowRemark(gradient);
      if (remark) this.remark(i, remark, "bad");
    });
  }
}

/** Write a number; it grows to both sides when it is not the one that the picture was made with. */
function write(mark, text) {
  if (mark.textContent === text) return;
  if (mark.getAttribute("text-anchor") !== "middle") {
    const box = mark.getBBox();
    mark.setAttribute("x", box.x + box.width / 2);
    mark.setAttribute("text-anchor", "middle");
  }
  mark.textContent = text;
}

/** Zoom and pan by changing the part of the picture that is seen. */
class View {
  constructor(svg) {
    this.svg = svg;
    this.whole = svg.getAttribute("viewBox").split(/\s+/).map(Number);
    this.seen = [...this.whole];
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.grab(event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (this.grabbed = null));
  }

  apply() {
    this.svg.setAttribute("viewBox", this.seen.map((x) => x.toFixed(2)).join(" "));
  }

  /** Zoom by a factor; the point at these fractions of the picture stays where it is. */
  zoom(factor, across = 0.5, down = 0.5) {
    const [x, y, width, height] = this.seen;
    const scale = Math.min(1, Math.max(0.02, (width * factor) / this.whole[2])) * (this.whole[2] / width);
    this.seen = [x + width * (1 - scale) * across, y + height * (1 - scale) * down, width * scale, height * scale];
    if (scale * width >= this.whole[2] * 0.999) this.seen = [...this.whole];
    this.apply();
  }

  fit() {
    this.seen = [...this.whole];
    this.apply();
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    const box = this.svg.getBoundingClientRect();
    this.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  grab(event) {
    if (this.seen[2] < this.whole[2]) this.grabbed = { x: event.clientX, y: event.clientY, seen: [...this.seen] };
  }

  drag(event) {
    if (!this.grabbed) return;
    const scale = this.seen[2] / this.svg.getBoundingClientRect().width;
    this.seen[0] = this.grabbed.seen[0] - (event.clientX - this.grabbed.x) * scale;
    this.seen[1] = this.grabbed.seen[1] - (event.clientY - this.grabbed.y) * scale;
    this.apply();
  }

  /** Bring a part into sight when it is outside of what is seen. */
  follow(part) {
    if (!part || this.seen[2] >= this.whole[2]) return;
    const [box, frame] = [part.getBoundingClientRect(), this.svg.getBoundingClientRect()];
    if (box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom) return;
    const scale = this.seen[2] / frame.width;
    this.seen[0] += (box.left + box.width / 2 - frame.left - frame.width / 2) * scale;
    this.seen[1] += (box.top + box.height / 2 - frame.top - frame.height / 2) * scale;
    this.apply();
  }
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
      button("closer", "Zoom in", "+", () => this.view.zoom(1 / 1.4)),
      button("farther", "Zoom out", "−", () => this.view.zoom(1.4)),
      button("whole", "Whole picture", "0", () => this.view.fit()),
    );
    this.card = element("section", { class: "card", "aria-label": "This step" });
    this.spoken = element("p", { class: "spoken", "aria-live": "polite" });
    this.root.append(controls, this.card, this.spoken);
  }

  select(label, values, chosen, names = {}) {
    const made = element("select", { "aria-label": label, title: label });
    for (const value of values) made.append(element("option", { value, ...(value === chosen && { selected: "" }) }, names[value] ?? value));
    return made;
  }

  connectGates() {
    this.pass.nodes.forEach((node, i) => {
      const gate = node.kind === "gate" && this.picture.parts.get(`n${i}`);
      if (!gate) return;
      gate.setAttribute("tabindex", "0");
      gate.setAttribute("role", "button");
      gate.setAttribute("aria-label", `${node.symbol}: go to the step of ${node.name} = ${node.formula}`);
      gate.classList.add("gate");
      const jump = () => this.go(core.stepOf(this.pass, i, this.isBackward()));
      gate.addEventListener("click", jump);
      gate.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        jump();
      });
    });
  }

  isBackward() {
    return ["seed", "backward"].includes(this.pass.steps[this.index]?.phase);
  }

  key(event) {
    if (this.root.hidden || this.root.dataset.follows) return; // another stepper of the page has the keys
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("input:not([type=range]),select,textarea")) return;
    if (event.target.closest?.("button") && event.key === " ") return; // the button's own key
    const actions = {
      ArrowRight: () => this.forward(),
      ArrowLeft: () => this.go(this.index - 1),
      Home: () => this.go(-1),
      End: () => this.go(this.pass.steps.length - 1),
      " ": () => this.toggle(),
      "+": () => this.view.zoom(1 / 1.4),
      "-": () => this.view.zoom(1.4),
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
    this.paint();
  }

  paint() {
    const step = this.pass.steps[this.index];
    const known = core.knownAfter(this.pass, this.index);
    this.picture.clear();
    this.picture.show(known);
    this.picture.mark(step);
    if (this.mode === "flow") this.picture.flow(known);
    this.view.follow(step && this.picture.parts.get(`n${step.node}`));
    this.slider.value = this.index + 1;
    this.slider.setAttribute("aria-valuetext", `step ${this.index + 1} of ${this.pass.steps.length}`);
    this.counter.textContent = `${this.index + 1} / ${this.pass.steps.length}`;
    const { title, lines } = core.card(this.pass, this.data.formulas, this.index, this.data.precision);
    this.write(title, lines);
    if (this.mode === "predict") this.writeScore();
    if (this.mode === "nudge") this.writeNudge();
    if (this.mode === "check") this.writeCheck();
    this.spoken.textContent = step ? step.text : "Before the first step.";
    this.root.dispatchEvent(new CustomEvent("step", { bubbles: true, detail: this.index }));
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
    this.write(`Predict: ${node.symbol} of ${node.name} = ${node.formula}`, [`Its gradient is ${core.numberText(step.upstream, this.data.precision)}. What does each input receive?`]);
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
      const given = Number(field.value.replace(",", ".").replace("−", "-") || NaN);
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
    table.replaceChildren(element("table", {}, ...rows.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)))));
  }

  // Gradient check: analytic beside a difference quotient, for every wire.

  writeCheck() {
    const known = core.knownAfter(this.pass, this.pass.steps.length - 1);
    this.write("Gradient check: analytic beside a difference quotient", []);
    const rows = [];
    this.pass.nodes.forEach((node, i) => {
      const number = known.get(core.gradientKey(i));
      if (number === undefined || typeof number === "object" || i === this.pass.outputs[0]) return;
      const quotient = core.differenceQuotient(this.pass, this.rules, i);
      if (quotient === null) return;
      const analytic = core.toNumber(number);
      const error = Math.abs(analytic - quotient) / Math.max(1e-8, Math.abs(analytic), Math.abs(quotient));
      const good = error < 1e-4 || Math.abs(analytic - quotient) < 1e-7;
      this.picture.remark(i, good ? "✓" : `✗ ${core.numberText(quotient, 4)}`, good ? "good" : "bad");
      const cells = [node.name, core.numberText(analytic, 6), core.numberText(quotient, 6), error.toExponential(1), good ? "✓ agrees" : "✗ differs"];
      rows.push(element("tr", {}, element("th", { scope: "row" }, cells[0]), ...cells.slice(1).map((cell) => element("td", {}, cell))));
    });
    if (!rows.length) return this.card.append(element("p", {}, "This graph has arrays, or gates that the page cannot compute."));
    const head = element("tr", {}, ...["wire", "analytic", "difference quotient", "relative error", ""].map((name) => element("th", { scope: "col" }, name)));
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

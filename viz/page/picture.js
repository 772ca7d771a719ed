// The numbers and marks in the picture.
import * as core from "./core.js";

/** The numbers in the picture: finds where each stands, shows it, hides it, writes it. */
export class Picture {
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

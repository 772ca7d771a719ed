// What a stepper knows, without any page: which numbers are shown at a step, what its card says, what a
// nudge changes.  `pass` is a pass in the schema "chainrule/steps", see viz/frames.py.

/** Read a number of the schema, which writes what JSON cannot as a text. */
export function toNumber(value) {
  return typeof value === "string" ? { nan: NaN, inf: Infinity, "-inf": -Infinity }[value] : value;
}

/** Write a number with some decimals; halfway between two it takes the even digit, as Python does. */
export function fixed(x, precision) {
  const isHalfway = Math.abs(x * 2 ** (precision + 1)) % 2 === 1;
  if (!isHalfway) return x.toFixed(precision);
  const below = Math.floor(Math.abs(x) * 10 ** precision);
  return ((Math.sign(x) * (below + (below % 2))) / 10 ** precision).toFixed(precision);
}

/** Write a number with some decimals, or in powers of ten where that would hide it. */
export function numberText(number, precision) {
  if (number === null || number === undefined) return "";
  if (typeof number === "object") return `${number.shape.join("×")}, norm ${numberText(toNumber(number.norm), precision)}`;
  const x = toNumber(number);
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const text = fixed(x, precision);
  if ((x !== 0 && Number(text) === 0) || Math.abs(x) >= 1e6) {
    return x.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** Up to how many numbers of an array the card shows. */
const MOST_NUMBERS = 12;

/** The keys of the numbers in the picture. */
export const valueKey = (node) => `v${node}`;
export const gradientKey = (node) => `g${node}`;
export const branchKey = (consumer, slot) => `b${consumer}.${slot}`;

/** Return what is known after step `index` (from 0; -1: before the first): a map from key to number. */
export function knownAfter(pass, index) {
  const known = new Map();
  pass.nodes.forEach((node, i) => {
    if (node.kind !== "gate") known.set(valueKey(i), node.value);
  });
  for (const step of pass.steps.slice(0, index + 1)) {
    if (step.phase === "forward") known.set(valueKey(step.node), pass.nodes[step.node].value);
    if (step.phase === "zero") {
      for (const key of known.keys()) if (key.startsWith("b")) known.delete(key);
      for (const node of step.nodes) known.delete(gradientKey(node));
    }
    if (step.phase === "seed") known.set(gradientKey(step.node), step.gradient);
    if (step.phase === "backward") {
      for (const slot of step.slots) {
        known.set(branchKey(step.node, slot.slot), slot.product);
        known.set(gradientKey(slot.operand), slot.after);
      }
    }
  }
  return known;
}

/** Return the step at which a gate computes, or in the backward half the one at which it pulls its gradient back. */
export function stepOf(pass, node, backward) {
  const phase = backward ? "backward" : "forward";
  const found = pass.steps.findIndex((step) => step.node === node && step.phase === phase);
  return found >= 0 ? found : pass.steps.findIndex((step) => step.node === node);
}

/** Read what a student has typed; null when it is no number. */
export function readNumber(text) {
  const plain = text.trim().toLowerCase().replace(",", ".").replace("−", "-").replace("∞", "inf");
  if (["nan", "inf", "+inf", "-inf"].includes(plain)) return toNumber(plain.replace("+", ""));
  return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain);
}

/** Whether a student's number is the right one: within half a unit of the last decimal shown, or a hundredth. */
export function isRight(given, right, precision) {
  if (given === null) return false;
  if (Number.isNaN(right)) return Number.isNaN(given);
  if (!Number.isFinite(right)) return given === right;
  return Math.abs(given - right) <= Math.max(0.5001 * 10 ** -precision, 0.01 * Math.abs(right));
}

const ruleOf = (rules, node) => rules[node.operation] ?? rules[`${node.operation}/${node.operands.length}`];

/** Compute the values of all nodes again with some of them given; null when a gate has no rule here. */
export function recomputed(pass, rules, given) {
  const values = [];
  for (const [i, node] of pass.nodes.entries()) {
    if (given.has(i)) values.push(given.get(i));
    else if (node.kind !== "gate") values.push(toNumber(node.value));
    else values.push(ruleOf(rules, node)?.(...node.operands.map((operand) => values[operand])));
    if (typeof values[i] !== "number") return null; // an array, or nothing
  }
  return values;
}

/** Return what tells the derivative of the first output with respect to a node, by nudging it both ways; null if that cannot be done. */
export function differenceQuotients(pass, rules) {
  const values = recomputed(pass, rules, new Map());
  const users = pass.nodes.map(() => []);
  pass.nodes.forEach((node, i) => node.operands?.forEach((operand) => users[operand].push(i)));
  const resultAt = (nudged, x) => {
    const changed = new Map([[nudged, x]]);
    const value = (i) => changed.get(i) ?? values[i];
    for (const i of dependents(users, nudged)) changed.set(i, ruleOf(rules, pass.nodes[i])(...pass.nodes[i].operands.map(value)));
    return value(pass.outputs[0]);
  };
  return (node) => {
    const at = toNumber(pass.nodes[node].value);
    if (!values || !Number.isFinite(at)) return null;
    const h = 1e-5 * Math.max(1, Math.abs(at));
    return (resultAt(node, at + h) - resultAt(node, at - h)) / (2 * h);
  };
}

/** Return the nodes that depend on a node, in the order of the pass. */
function dependents(users, node) {
  const found = new Set([node]);
  for (const i of found) for (const user of users[i]) found.add(user); // a set grows while it is walked
  found.delete(node);
  return [...found].sort((a, b) => a - b);
}

/** Return the relative error between two derivatives, and whether they agree. */
export function compared(analytic, quotient) {
  const difference = Math.abs(analytic - quotient);
  const error = difference / Math.max(1e-8, Math.abs(analytic), Math.abs(quotient));
  return { error, good: error < 1e-4 || difference < 1e-7 };
}

/** Name what is remarkable about the size of a gradient beside that of the output's; "" when nothing is. */
export function flowRemark(gradient) {
  if (Number.isNaN(gradient)) return "nan";
  if (!Number.isFinite(gradient)) return "infinite";
  const size = Math.abs(gradient);
  if (size === 0) return "zero";
  if (size < 1e-4) return "vanishing";
  return size > 1e4 ? "exploding" : "";
}

/** How wide a wire is drawn for a gradient, in points: 0.6 for none up to 6. */
export function flowWidth(gradient) {
  const size = Math.abs(gradient);
  if (!Number.isFinite(size)) return 6;
  return size === 0 ? 0.6 : Math.min(6, Math.max(0.6, 2.4 + 0.9 * Math.log10(size)));
}

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const minus = (text) => escape(text).replaceAll("-", "−");

/** A name as MathML: one letter slanted, a word upright, digits at the end as an index. */
export function nameMath(text) {
  const parts = /^(\p{L}+)_?(\d+)$/u.exec(text);
  if (parts) return `<msub><mi>${escape(parts[1])}</mi><mn>${parts[2]}</mn></msub>`;
  return /^-?[\d.]+$/.test(text) ? numberMath(text) : `<mi>${escape(text)}</mi>`;
}

/** A number as MathML; a negative one in parentheses, so that it can follow a sign. */
export function numberMath(text) {
  if (text.startsWith("-")) return `<mrow><mo>(</mo><mo form="prefix">−</mo><mn>${minus(text.slice(1))}</mn><mo>)</mo></mrow>`;
  return `<mn>${minus(text)}</mn>`;
}

/** An array as MathML: few numbers as a matrix, else its shape and norm. */
export function arrayMath(array, precision) {
  const numbers = array?.numbers ?? [];
  if (!numbers.length || numbers.length > MOST_NUMBERS || array.shape.length > 2) return `<mtext>${escape(numberText(array, precision))}</mtext>`;
  const width = array.shape.at(-1);
  const cells = numbers.map((number) => `<mtd><mn>${minus(numberText(number, precision))}</mn></mtd>`);
  const rows = cells.flatMap((_, i) => (i % width ? [] : [`<mtr>${cells.slice(i, i + width).join("")}</mtr>`]));
  return `<mtable class="matrix">${rows.join("")}</mtable>`;
}

/** Put MathML in the places {0}, {1}, … of a formula of the op table. */
export function filled(template, operands) {
  return template.replace(/\{(\d+)\}/g, (mark, i) => operands[i] ?? mark);
}

const math = (...parts) => `<math display="block"><mrow>${parts.join("")}</mrow></math>`;
const note = (text) => ` <span class="note">${text}</span>`;
const sign = (text) => `<mo>${text}</mo>`;
const derivative = (of, by) => `<mfrac><mrow><mo>∂</mo>${of}</mrow><mrow><mo>∂</mo>${by}</mrow></mfrac>`;
const isNumber = (value) => typeof value !== "object";

/** Return the lines of a step's card: plain text, or MathML. `formulas` has those of each operation, with places. */
export function card(pass, formulas, index, precision) {
  const step = pass.steps[index];
  if (!step) return { title: "Before the first step", lines: ["The inputs have their values. Nothing is computed yet."] };
  if (step.phase === "zero") return { title: "Another backward pass", lines: [step.text] };
  const node = pass.nodes[step.node];
  const text = (value) => numberText(value, precision);
  const factor = (value) => (isNumber(value) ? numberMath(text(value)) : arrayMath(value, precision));
  const equals = (value) => sign("=") + (isNumber(value) ? `<mn>${minus(text(value))}</mn>` : factor(value));
  const own = nameMath(node.name);
  const result = nameMath(pass.nodes[pass.outputs[0]].name);
  if (step.phase === "seed") {
    const lines = [math(derivative(own, own), equals(step.gradient))];
    return { title: `Backward: start at ${node.name}`, lines: [...lines, "The result changes exactly as much as itself."] };
  }
  const operands = node.operands.map((operand) => pass.nodes[operand]);
  const names = operands.map((operand) => nameMath(operand.name));
  const numbers = operands.map((operand) => factor(operand.value));
  const formula = formulas[node.operation];
  const places = operands.length <= 3 && formula && operands.every((operand) => isNumber(operand.value));
  if (step.phase === "forward") {
    const lines = places
      ? [math(own, sign("="), filled(formula.value, names)), math(sign("="), filled(formula.value, numbers))]
      : [node.formula];
    return { title: `Forward: ${node.name} = ${node.formula}`, lines: [...lines, math(own, equals(node.value))] };
  }
  const lines = [math(derivative(result, own), equals(step.upstream)) + note("upstream: what arrives at the gate")];
  for (const slot of step.slots) {
    const operand = names[slot.slot];
    const rule = places && formula.derivatives[slot.slot];
    if (slot.local !== null) {
      const symbolic = rule ? filled(rule, names) : "";
      const known = symbolic && symbolic !== numberMath(text(slot.local)) && !/^<mn>/.test(symbolic) ? sign("=") + symbolic : "";
      lines.push(math(derivative(own, operand), known, equals(slot.local)) + note(`local: how ${escape(node.name)} changes with it`));
      const product = [factor(step.upstream), sign("⋅"), factor(slot.local), equals(slot.product)];
      lines.push(math(derivative(result, operand), sign("="), ...product) + (slot.before === null ? "" : note("through this wire")));
    } else {
      lines.push(math(derivative(result, operand), sign("="), factor(slot.product)) + note("what it receives"));
    }
    if (slot.before !== null) {
      const sum = isNumber(slot.after) ? [sign("="), factor(slot.before), sign("+"), factor(slot.product)] : [];
      lines.push(math(derivative(result, operand), ...sum, equals(slot.after)) + note("added up over its wires"));
    }
    if (slot.note) lines.push(`${pass.nodes[slot.operand].name}: ${slot.note}.`);
  }
  if (step.note) lines.push(step.note);
  return { title: `Backward: ${node.name} = ${node.formula}`, lines };
}

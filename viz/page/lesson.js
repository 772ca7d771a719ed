// A mistake beside the right pass: two steppers with one slider.
import * as core from "./core.js";
import { element, figuresOf, start } from "./page.js";

/** Let the steppers of a page go together; the longer one leads, and what differs is said in words. */
export function startLesson(page, data, rules) {
  const roots = [...page.querySelectorAll(".stepper")];
  const figures = figuresOf(data);
  const [first, second] = figures.map((figure) => figure.pass.steps.length);
  const longer = second >= first ? 1 : 0;
  roots[1 - longer].dataset.follows = "yes";
  const [right, wrong] = roots.map((root, i) => start(root, figures[i], rules));
  const [leader, follower] = longer ? [wrong, right] : [right, wrong];
  leader.modes.remove();
  const summary = element("div", { class: "summary", role: "status" });
  page.append(element("div", { class: "stepper together" }, leader.root.querySelector(".controls"), summary));
  const together = () => {
    follower.go(leader.index);
    const found = differences(right, wrong, data.kind);
    wrong.picture.remark(found.map(({ node, text }) => [node, `✗ right: ${text}`, "bad"]));
    const atEnd = leader.index === leader.pass.steps.length - 1;
    const names = found.map(({ node, text, given }) => `${wrong.pass.nodes[node].name} is ${given}, right is ${text}`);
    const lines = atEnd ? data.summary : names.length ? [`Different by now: ${names.join("; ")}.`] : ["Both agree so far."];
    summary.replaceChildren(...lines.map((line) => element("p", {}, line)));
  };
  leader.root.addEventListener("step", together);
  together();
}

/** Return the gradients that differ at this step; where the order differs too, only those of finished passes. */
export function differences(right, wrong, kind) {
  const isOver = [right, wrong].every((stepper) => stepper.index === stepper.pass.steps.length - 1);
  if (kind === "no_order" && !isOver) return [];
  const [good, bad] = [right, wrong].map((stepper) => core.knownAfter(stepper.pass, stepper.index));
  const text = (number) => core.numberText(number, wrong.data.precision);
  return wrong.pass.nodes.flatMap((_, node) => {
    const key = core.gradientKey(node);
    const pair = [good.get(key), bad.get(key)];
    return pair.includes(undefined) || text(pair[0]) === text(pair[1]) ? [] : [{ node, text: text(pair[0]), given: text(pair[1]) }];
  });
}

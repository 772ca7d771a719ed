// Several forms of one graph, such as a sigmoid as one gate or as four: one is shown, in the place of the others.
import { figuresOf, start } from "./page.js";

/** Bring the first form of a page to life, and another one when it is chosen. */
export function startForms(page, data, rules) {
  const roots = [...page.querySelectorAll(".stepper")];
  const names = Object.fromEntries(roots.map((root, i) => [i, root.getAttribute("aria-label")]));
  const figures = figuresOf(data);
  const steppers = [];

  const show = (place, before) => {
    roots.forEach((root, i) => (root.hidden = i !== place));
    steppers[place] ??= withChoice(start(roots[place], figures[place], rules), place);
    const stepper = steppers[place];
    stepper.forms.value = String(place);
    stepper.view.measure(); // the page may be of another width since it was seen
    if (!before) return;
    before.pause();
    stepper.go(sameStep(before, stepper));
    stepper.forms.focus();
  };

  const withChoice = (stepper, place) => {
    stepper.forms = stepper.select("Form of the graph", Object.keys(names), String(place), names);
    stepper.forms.addEventListener("change", () => show(Number(stepper.forms.value), stepper));
    stepper.modes.after(stepper.forms);
    return stepper;
  };

  show(0);
}

/** Return about the same step of another form: as far through the same half. */
export function sameStep(before, after) {
  const [from, to] = [before.pass.steps, after.pass.steps];
  if (before.index < 0 || before.index === from.length - 1) return before.index < 0 ? -1 : to.length - 1;
  const seeds = [from, to].map((steps) => steps.findIndex((step) => step.phase === "seed"));
  if (before.index === seeds[0]) return seeds[1];
  if (before.index < seeds[0]) return Math.floor((before.index * seeds[1]) / seeds[0]);
  const rest = (before.index - seeds[0]) / (from.length - 1 - seeds[0]);
  return seeds[1] + Math.max(1, Math.floor(rest * (to.length - 1 - seeds[1])));
}

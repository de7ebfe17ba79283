/** One mark a repetition: its shape tells the verdict, its colour says it again. As on all pages. */

import { say, tenths } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
export const VERDICTS = ["in_tempo", "accepted", "too_fast", "too_slow", "shallow", "counted"];

/** Shapes in a box of 24: a disc with a tick, a ring, a triangle down, one up, a half-filled ring, a disc. */
const SHAPES = {
  pending: [["circle", { cx: 12, cy: 12, r: 5, class: "rep-ring" }]],
  in_tempo: [["circle", { cx: 12, cy: 12, r: 11 }], ["path", { d: "M7 12.5L10.6 16L17 8.8", class: "rep-tick" }]],
  accepted: [["circle", { cx: 12, cy: 12, r: 9, class: "rep-ring" }]],
  counted: [["circle", { cx: 12, cy: 12, r: 9 }]],
  too_fast: [["path", { d: "M1.5 3.5H22.5L12 22Z" }]],
  too_slow: [["path", { d: "M1.5 20.5H22.5L12 2Z" }]],
  shallow: [["circle", { cx: 12, cy: 12, r: 9.5, class: "rep-ring" }], ["path", { d: "M2.5 12A9.5 9.5 0 0 0 21.5 12Z" }]],
};

/** Make an SVG element with attributes. */
export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** The mark of a verdict as SVG children, in a box of 24 by 24. */
export function shapeOf(verdict) {
  const shape = SHAPES[verdict] ?? SHAPES.counted;
  return draw("g", { class: `rep rep-${verdict}` }, ...shape.map(([name, attributes]) => draw(name, attributes)));
}

function mark(verdict) {
  return draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, shapeOf(verdict));
}

/** A sentence for one repetition, as a screen reader says it. */
export function describeRep(rep) {
  const verdict = say(`verdict_${rep.verdict}`);
  if (rep.eccentric_s === null || rep.eccentric_s === undefined) return say("rep_item_untimed", { n: rep.n, verdict });
  return say("rep_item", { n: rep.n, seconds: tenths(rep.eccentric_s), verdict });
}

/** Fill the row of marks: what was done, then what is still to do. Only what changed is made anew. */
export function showDots(list, reps, target) {
  const total = Math.max(target ?? 0, ...reps.keys());
  while (list.children.length > total) list.lastElementChild.remove();
  for (let n = 1; n <= total; n++) {
    const rep = reps.get(n);
    const key = rep ? `${rep.verdict} ${rep.eccentric_s}` : "pending";
    const item = list.children[n - 1] ?? list.appendChild(document.createElement("li"));
    if (item.dataset.key === key) continue;
    item.dataset.key = key;
    item.replaceChildren(mark(rep?.verdict ?? "pending"));
    item.toggleAttribute("aria-hidden", !rep);
    if (rep) item.append(hidden(describeRep(rep)));
  }
}

/** Text for screen readers alone. */
export function hidden(text) {
  const span = document.createElement("span");
  span.className = "hidden";
  span.textContent = text;
  return span;
}

/** The legend: only of the verdicts that occurred. */
export function showLegend(list, reps) {
  const seen = new Set([...reps.values()].map((rep) => rep.verdict));
  const shown = VERDICTS.filter((verdict) => seen.has(verdict));
  const key = shown.join(" ");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...shown.map((verdict) => {
    const item = document.createElement("li");
    item.append(mark(verdict), say(`verdict_${verdict}`));
    return item;
  }));
}

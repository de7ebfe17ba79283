/** The signal of a recording before it is stored: tilt of the sensor over time. */

import { linePath, scale, ticks } from "../tracechart.js";

const SVG = "http://www.w3.org/2000/svg";
const FOOT = 26; // pixels below the plot, for the times
const HEAD = 12;
const LEFT = 44; // for the degrees
const LEAST_DEG = 20; // less would blow up the noise of a leg that lies still

function element(name, attributes, words) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (words !== undefined) made.textContent = words;
  return made;
}

/** Highest mark of the axis: a ten at or above all values. */
export function top(angles) {
  const highest = Math.max(LEAST_DEG, ...angles.filter((angle) => angle !== null));
  return 10 * Math.ceil(highest / 10);
}

/** Draw the curve into an svg element, as wide and high as its place. */
export function drawPreview(svg, { t, a }, label, language) {
  const width = Math.max(120, svg.clientWidth || svg.getBoundingClientRect().width);
  const height = Math.max(80, svg.clientHeight || svg.getBoundingClientRect().height);
  const highest = top(a);
  const end = Math.max(t.at(-1), 1);
  const sx = scale(0, end, LEFT, width);
  const sy = scale(0, highest, height - FOOT, HEAD);
  const step = highest > 90 ? 45 : highest > 40 ? 20 : 10;
  const parts = [];
  for (let at = 0; at <= highest; at += step) {
    parts.push(element("line", { x1: LEFT, x2: width, y1: sy(at), y2: sy(at), class: "grid" }));
    parts.push(element("text", { x: LEFT - 8, y: sy(at) + 4, class: "tick end" }, `${at}°`));
  }
  for (const at of ticks(0, end, Math.max(2, width / 110))) {
    const place = sx(at) > width - 24 ? "end" : "middle";
    parts.push(element("text", { x: sx(at), y: height - 6, class: `tick ${place}` }, `${at.toLocaleString(language)} s`));
  }
  parts.push(element("path", { d: linePath(t, a, 0, t.length, sx, sy, t.length), class: "curve" }));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", label);
  svg.replaceChildren(...parts);
}

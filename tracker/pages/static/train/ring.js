/** A ring that fills: a hold of two seconds, a stretch of thirty. Pure but for the drawing. */

import { draw } from "../live/dots.js";

const RADIUS = 104;
const ROUND = 2 * Math.PI * RADIUS;

/** Make the ring; `fill` is its share, `text` what stands in it. */
export function newRing(label) {
  const track = draw("circle", { class: "ring-track", cx: 120, cy: 120, r: RADIUS });
  const filled = draw("circle", { class: "ring-filled", cx: 120, cy: 120, r: RADIUS, transform: "rotate(-90 120 120)", "stroke-dasharray": `0 ${ROUND}` });
  const number = draw("text", { class: "ring-number", x: 120, y: 128, "text-anchor": "middle" });
  const unit = draw("text", { class: "ring-unit", x: 120, y: 164, "text-anchor": "middle" });
  const svg = draw("svg", { class: "ring", viewBox: "0 0 240 240", role: "img", "aria-label": label }, track, filled, number, unit);
  return { svg, filled, number, unit };
}

/** Fill it to a share, 0 to 1. */
export function fillRing(ring, share, number, unit) {
  const drawn = Math.min(1, Math.max(0, share)) * ROUND;
  ring.filled.setAttribute("stroke-dasharray", `${drawn.toFixed(1)} ${ROUND.toFixed(1)}`);
  ring.svg.classList.toggle("is-full", share >= 1);
  if (ring.number.textContent !== number) ring.number.textContent = number;
  if (ring.unit.textContent !== unit) ring.unit.textContent = unit;
}

/** The pacer of an exercise without an arc: a strip from rest to the far end, as the arc is read. */

import { draw } from "../live/dots.js";
import { corridorDeg, paceDeg } from "../live/pacer.js";

const LEFT = 20;
const LENGTH = 360;
const MIDDLE = 24;
const BEYOND = 1.15; // the strip goes on a little past the far end

/** Where an angle lies on the strip. */
export function placeOn(angleDeg, farDeg) {
  return LEFT + LENGTH * Math.min(1, Math.max(0, angleDeg / (farDeg * BEYOND)));
}

/** Make the strip. It says nothing that the pace in words does not say. */
export function newStrip() {
  const svg = draw("svg", { class: "strip", viewBox: "0 0 400 48", "aria-hidden": "true" });
  const track = draw("path", { class: "strip-track", d: `M${LEFT} ${MIDDLE}H${LEFT + LENGTH}` });
  const corridor = draw("rect", { class: "strip-corridor", y: MIDDLE - 11, height: 22, rx: 11 });
  const pacer = draw("circle", { class: "strip-pacer", cy: MIDDLE, r: 13 });
  const marker = draw("circle", { class: "strip-marker", cy: MIDDLE, r: 9 });
  svg.append(track, corridor, pacer, marker);
  return { svg, corridor, pacer, marker };
}

/** Show the leg at an angle, and the pacer on its `way` (null: only the leg). */
export function moveStrip(strip, { angleDeg, farDeg, way, elapsedS, bandS, pace }) {
  strip.svg.dataset.pace = way ? pace : "rest";
  strip.marker.toggleAttribute("hidden", angleDeg === null);
  if (angleDeg !== null) strip.marker.setAttribute("cx", placeOn(angleDeg, farDeg).toFixed(1));
  for (const part of [strip.corridor, strip.pacer]) part.toggleAttribute("hidden", way === null);
  if (way === null) return;
  const [from, to] = corridorDeg(elapsedS, bandS, way.startDeg, way.endDeg).map((deg) => placeOn(deg, farDeg));
  strip.corridor.setAttribute("x", (from - 9).toFixed(1));
  strip.corridor.setAttribute("width", (to - from + 18).toFixed(1));
  strip.pacer.setAttribute("cx", placeOn(paceDeg(elapsedS, way.tempoS, way.startDeg, way.endDeg), farDeg).toFixed(1));
}

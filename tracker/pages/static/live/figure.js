/**
 * The leg in side view, the pacing arc around the joint, and the marker that chases the pacer.
 *
 * The drawing itself stands in the page (templates/figure.svg); here it is only turned. Angles on
 * screen: degrees from "to the right", clockwise, as SVG has them.
 */

import { corridorDeg, paceDeg, shareGone } from "./pacer.js";

const GOOD_DEPTH_DEG = 10; // the target plus and minus this is good depth
const BEYOND_DEG = 18; // how far the arc goes on past the target

/** One drawing: where the joint is, where the limb points at rest, which way it bends. */
const FIGURES = {
  prone: { x: 280, y: 372, restDeg: 0, turn: -1, radius: 292, footRestDeg: -58, bandEnd: [646, 428], numberAt: [668, 92] },
  seated: { x: 290, y: 150, restDeg: 0, turn: 1, radius: 292, footRestDeg: -18, bandEnd: [648, 214], numberAt: [668, 478] },
};
const FIGURE_OF = { ecc_prone_helper: "prone", iso_prone_raise: "prone", ecc_seated_solo: "seated", conc_seated: "seated" };
const BANDED = new Set(["ecc_prone_helper", "ecc_seated_solo", "conc_seated"]);
const CUFF = 222; // where the band holds the ankle, from the knee

/** Which drawing an exercise gets. */
export function figureOf(exerciseId) {
  return FIGURE_OF[exerciseId] ?? "seated";
}

/** Point on a circle about the joint, for an angle of the exercise. */
export function pointAt(figure, angleDeg, radius) {
  const screen = ((figure.restDeg + figure.turn * angleDeg) * Math.PI) / 180;
  return [figure.x + radius * Math.cos(screen), figure.y + radius * Math.sin(screen)];
}

/** SVG path of the arc between two angles of the exercise. */
export function arcPath(figure, fromDeg, toDeg, radius) {
  const [x0, y0] = pointAt(figure, fromDeg, radius);
  const [x1, y1] = pointAt(figure, toDeg, radius);
  const isLong = Math.abs(toDeg - fromDeg) > 180 ? 1 : 0;
  const sweep = figure.turn * (toDeg - fromDeg) > 0 ? 1 : 0;
  return `M${x0.toFixed(1)} ${y0.toFixed(1)}A${radius} ${radius} 0 ${isLong} ${sweep} ${x1.toFixed(1)} ${y1.toFixed(1)}`;
}

/** Take hold of the drawing in the page. */
export function findFigure(svg) {
  const part = (name) => svg.querySelector(`[data-part="${name}"]`);
  const parts = Object.fromEntries(
    ["track", "goal", "corridor", "trail", "pacer", "marker", "target", "angle"].map((name) => [name, part(name)]),
  );
  return { svg, parts, drawn: null };
}

/** Choose the drawing for an exercise, and lay the arc with its marks. */
export function dress(drawing, exerciseId, targetDeg) {
  const key = `${exerciseId} ${targetDeg}`;
  if (drawing.drawn === key) return;
  drawing.drawn = key;
  const name = figureOf(exerciseId);
  for (const group of drawing.svg.querySelectorAll("[data-figure]")) group.toggleAttribute("hidden", group.dataset.figure !== name);
  const group = drawing.svg.querySelector(`[data-figure="${name}"]`);
  const find = (part) => group.querySelector(`[data-part="${part}"]`);
  drawing.figure = FIGURES[name];
  drawing.limb = { shank: find("shank"), foot: find("foot"), band: find("band"), muscle: find("muscle") };
  drawing.limb.band.toggleAttribute("hidden", !BANDED.has(exerciseId));
  layMarks(drawing, targetDeg);
}

function layMarks({ figure, parts }, targetDeg) {
  const endDeg = (targetDeg ?? 90) + BEYOND_DEG;
  parts.track.setAttribute("d", arcPath(figure, 0, endDeg, figure.radius));
  parts.goal.toggleAttribute("hidden", targetDeg === null);
  parts.target.toggleAttribute("hidden", targetDeg === null);
  if (targetDeg !== null) {
    parts.goal.setAttribute("d", arcPath(figure, targetDeg - GOOD_DEPTH_DEG, targetDeg + GOOD_DEPTH_DEG, figure.radius));
    placeText(parts.target, pointAt(figure, targetDeg, figure.radius + 26));
    parts.target.textContent = `${targetDeg}°`;
  }
  placeText(parts.angle, figure.numberAt);
}

function placeText(text, [x, y]) {
  text.setAttribute("x", x.toFixed(1));
  text.setAttribute("y", y.toFixed(1));
}

/** Turn the limb to an angle; without one it stays where it is, drawn faint. */
export function turnLimb(drawing, angleDeg) {
  const { figure, limb, parts, svg } = drawing;
  svg.classList.toggle("is-unsure", angleDeg === null);
  if (angleDeg === null) {
    parts.angle.textContent = "";
    return;
  }
  const screenDeg = figure.restDeg + figure.turn * angleDeg;
  limb.shank.setAttribute("transform", `translate(${figure.x} ${figure.y}) rotate(${screenDeg.toFixed(2)})`);
  const bent = Math.min(1, Math.max(0, angleDeg / 90));
  limb.foot.setAttribute("transform", `translate(236 0) rotate(${(figure.footRestDeg * (1 - bent)).toFixed(1)})`);
  const [cuffX, cuffY] = pointAt(figure, angleDeg, CUFF);
  limb.band.setAttribute("d", `M${cuffX.toFixed(1)} ${cuffY.toFixed(1)}L${figure.bandEnd[0]} ${figure.bandEnd[1]}`);
  limb.band.setAttribute("stroke-width", (8 - 4 * bent).toFixed(1)); // a stretched band is thin
  placeAt(parts.marker, pointAt(figure, angleDeg, figure.radius));
  parts.angle.textContent = `${Math.round(angleDeg)}°`;
}

function placeAt(part, [x, y]) {
  part.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

/** Draw the pacer `elapsedS` into a slow way from `startDeg` to `endDeg`, or take it away (null). */
export function showPacer(drawing, pace) {
  const { figure, parts } = drawing;
  for (const name of ["corridor", "trail", "pacer"]) parts[name].toggleAttribute("hidden", pace === null);
  if (pace === null) return;
  const { elapsedS, tempoS, bandS, startDeg, endDeg = 0 } = pace;
  const nowDeg = paceDeg(elapsedS, tempoS, startDeg, endDeg);
  const [lowest, highest] = corridorDeg(elapsedS, bandS, startDeg, endDeg);
  parts.corridor.setAttribute("d", arcPath(figure, lowest, highest, figure.radius));
  parts.trail.setAttribute("d", arcPath(figure, startDeg, nowDeg, figure.radius));
  placeAt(parts.pacer, pointAt(figure, nowDeg, figure.radius));
  parts.pacer.classList.toggle("is-home", shareGone(elapsedS, tempoS) === 1);
}

/** The cadence dial with the line of the least cadence. Angles: 0 is the left end, 180 the right. */

import { draw } from "../live/dots.js";

const CENTRE = [160, 160];
const RADIUS = 130;
const MAX_PER_MIN = 130;

/** Where a cadence lies on the dial, in degrees from its left end. */
export function dialDeg(perMin) {
  return (Math.min(MAX_PER_MIN, Math.max(0, perMin)) / MAX_PER_MIN) * 180;
}

function pointAt(deg, radius) {
  const turned = Math.PI * (1 - deg / 180);
  return [CENTRE[0] + radius * Math.cos(turned), CENTRE[1] - radius * Math.sin(turned)].map((value) => value.toFixed(1));
}

function arc(fromDeg, toDeg) {
  return `M${pointAt(fromDeg, RADIUS).join(" ")}A${RADIUS} ${RADIUS} 0 0 1 ${pointAt(toDeg, RADIUS).join(" ")}`;
}

/** Make the dial for a least cadence. */
export function newDial(label, targetPerMin) {
  const targetDeg = dialDeg(targetPerMin);
  const line = draw("path", { class: "dial-target", d: `M${pointAt(targetDeg, RADIUS - 20).join(" ")}L${pointAt(targetDeg, RADIUS + 16).join(" ")}` });
  const mark = draw("text", { class: "dial-mark", x: pointAt(targetDeg, RADIUS + 30)[0], y: pointAt(targetDeg, RADIUS + 30)[1], "text-anchor": "middle" });
  mark.textContent = `${targetPerMin}`;
  const hand = draw("path", { class: "dial-hand", d: `M${CENTRE[0]} ${CENTRE[1]}L${CENTRE[0] - RADIUS + 34} ${CENTRE[1]}` });
  const number = draw("text", { class: "dial-number", x: 160, y: 226, "text-anchor": "middle" });
  const svg = draw("svg", { class: "dial", viewBox: "0 0 320 236", role: "img", "aria-label": label },
    draw("path", { class: "dial-track", d: arc(0, 180) }), draw("path", { class: "dial-good", d: arc(targetDeg, 180) }), line, mark, hand, draw("circle", { class: "dial-hub", cx: CENTRE[0], cy: CENTRE[1], r: 9 }), number);
  return { svg, hand, number };
}

/** Turn the hand; without a cadence (coasting, standing) it rests, and the number is a dash. */
export function turnDial(dial, perMin) {
  const deg = perMin === null ? 0 : dialDeg(perMin);
  dial.hand.setAttribute("transform", `rotate(${deg.toFixed(1)} ${CENTRE[0]} ${CENTRE[1]})`);
  dial.svg.classList.toggle("is-idle", perMin === null);
  const text = perMin === null ? "–" : `${Math.round(perMin)}`;
  if (dial.number.textContent !== text) dial.number.textContent = text;
}

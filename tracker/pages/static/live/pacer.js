/**
 * The pacer: where the leg would be now, lowering evenly in the tempo that was ordered. Pure.
 *
 * It starts where the leg was when the phase began and ends at the rest pose. The corridor is what
 * a leg does that takes between the shortest and the longest time of the tempo band; a few degrees
 * are added so that there is room at the start, where both are the same.
 */

export const CORRIDOR_SLACK_DEG = 6;

/** Share of the way gone after `elapsedS` of a movement that takes `durationS`: 0 to 1. */
export function shareGone(elapsedS, durationS) {
  return Math.min(1, Math.max(0, elapsedS / durationS));
}

/** Angle of the pacer, in degrees, on its way from one angle to another; the rest pose is 0. */
export function paceDeg(elapsedS, tempoS, startDeg, endDeg = 0) {
  return startDeg + (endDeg - startDeg) * shareGone(elapsedS, tempoS);
}

/** The corridor as [lowest, highest] angle in degrees. `bandS`: shortest and longest duration. */
export function corridorDeg(elapsedS, bandS, startDeg, endDeg = 0) {
  const ends = bandS.map((seconds) => paceDeg(elapsedS, seconds, startDeg, endDeg));
  const highest = Math.max(startDeg, endDeg);
  return [
    Math.max(0, Math.min(...ends) - CORRIDOR_SLACK_DEG),
    Math.min(highest + CORRIDOR_SLACK_DEG, Math.max(...ends) + CORRIDOR_SLACK_DEG),
  ];
}

/**
 * What to say of the leg at this moment: "ahead" (it went too fast), "on" or "behind".
 * Someone who was told something is only told otherwise when it is clearly so (`before`).
 */
export function judgePace(angleDeg, elapsedS, bandS, startDeg, before = "on", endDeg = 0) {
  const [lowest, highest] = corridorDeg(elapsedS, bandS, startDeg, endDeg);
  const [low, high] = endDeg > startDeg ? ["behind", "ahead"] : ["ahead", "behind"];
  const margin = before === "on" ? 3 : -2;
  if (angleDeg < lowest - (before === high ? 3 : margin)) return low;
  if (angleDeg > highest + (before === low ? 3 : margin)) return high;
  return "on";
}

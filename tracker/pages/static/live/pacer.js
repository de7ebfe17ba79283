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

/** Angle of the pacer, in degrees. */
export function paceDeg(elapsedS, tempoS, startDeg) {
  return startDeg * (1 - shareGone(elapsedS, tempoS));
}

/** The corridor as [lowest, highest] angle in degrees. `bandS`: shortest and longest duration. */
export function corridorDeg(elapsedS, bandS, startDeg) {
  const [shortestS, longestS] = bandS;
  return [
    Math.max(0, paceDeg(elapsedS, shortestS, startDeg) - CORRIDOR_SLACK_DEG),
    Math.min(startDeg + CORRIDOR_SLACK_DEG, paceDeg(elapsedS, longestS, startDeg) + CORRIDOR_SLACK_DEG),
  ];
}

/**
 * What to say of the leg at this moment: "ahead" (it went too fast), "on" or "behind".
 * Someone who was told something is only told otherwise when it is clearly so (`before`).
 */
export function judgePace(angleDeg, elapsedS, bandS, startDeg, before = "on") {
  const [lowest, highest] = corridorDeg(elapsedS, bandS, startDeg);
  const margin = before === "on" ? 3 : -2;
  if (angleDeg < lowest - (before === "behind" ? 3 : margin)) return "ahead";
  if (angleDeg > highest + (before === "ahead" ? 3 : margin)) return "behind";
  return "on";
}

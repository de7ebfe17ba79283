/**
 * Angles that come seldom are drawn in between. In the first repetition of a set the axis of the
 * leg is not known yet and an angle comes eight times a second; the leg glides from one to the next.
 */

const SELDOM_MS = 90; // from one angle to the next; what comes more often needs no help
const LONGEST_MS = 200; // after a longer rest the leg is drawn where it is

export function newGlide() {
  return { fromDeg: null, toDeg: null, sinceMs: 0, overMs: 0 };
}

/** Take the newest angle, null for none: the same as before is no news. */
export function glideTo(glide, angleDeg, nowMs) {
  if (angleDeg === glide.toDeg) return;
  const gapMs = nowMs - glide.sinceMs;
  const fromDeg = glidingDeg(glide, nowMs);
  const isSeldom = fromDeg !== null && angleDeg !== null && gapMs > SELDOM_MS && gapMs < LONGEST_MS;
  Object.assign(glide, { fromDeg, toDeg: angleDeg, sinceMs: nowMs, overMs: isSeldom ? gapMs : 0 });
}

/** Where the leg is drawn now. */
export function glidingDeg(glide, nowMs) {
  if (glide.overMs === 0) return glide.toDeg;
  const share = Math.min(1, (nowMs - glide.sinceMs) / glide.overMs);
  return glide.fromDeg + share * (glide.toDeg - glide.fromDeg);
}

/** Whether the leg is still under way to the newest angle. */
export function isGliding(glide, nowMs) {
  return nowMs - glide.sinceMs < glide.overMs;
}

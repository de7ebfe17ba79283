/**
 * Where a course of legs stands, by the clock alone. Pure: the time is an argument.
 *
 * A course is {index, startMs, pausedMs}: which leg, when it began, and when it was paused (null
 * while it runs). Nothing is counted down, so that a page that slept, was hidden or was loaded
 * again stands where the clock says. A leg whose `duration_s` is null lasts until `next`.
 */

export const begin = (nowMs) => ({ index: 0, startMs: nowMs, pausedMs: null });
export const isOver = (legs, course) => course.index >= legs.length;

const clockMs = (course, nowMs) => course.pausedMs ?? nowMs;

/** The course at this moment: legs whose time is over make room for the next, without drift. */
export function at(legs, course, nowMs) {
  let { index, startMs } = course;
  const clock = clockMs(course, nowMs);
  while (index < legs.length && legs[index].duration_s !== null && clock >= startMs + 1000 * legs[index].duration_s) {
    startMs += 1000 * legs[index].duration_s;
    index += 1;
  }
  return { ...course, index, startMs };
}

/** Seconds left of the leg that is on; null where the patient ends it, or all is over. */
export function leftS(legs, course, nowMs) {
  const leg = legs[course.index];
  if (!leg || leg.duration_s === null) return null;
  return Math.max(0, leg.duration_s - (clockMs(course, nowMs) - course.startMs) / 1000);
}

/** Seconds since the leg that is on began. */
export const goneS = (course, nowMs) => Math.max(0, (clockMs(course, nowMs) - course.startMs) / 1000);

/** Go on to the next leg now. */
export function next(legs, course, nowMs) {
  if (isOver(legs, course)) return course;
  const clock = clockMs(course, nowMs);
  return { ...course, index: course.index + 1, startMs: clock };
}

export const pause = (course, nowMs) => (course.pausedMs === null ? { ...course, pausedMs: nowMs } : course);

/** Go on after a pause: the leg lasts as much longer as the pause took. */
export function resume(course, nowMs) {
  if (course.pausedMs === null) return course;
  return { ...course, startMs: course.startMs + nowMs - course.pausedMs, pausedMs: null };
}

/**
 * Every beep still to come before a leg that only the patient ends, as [{atMs, cue}]: the last
 * three seconds of each leg, the change, and the end.
 */
export function beeps(legs, course, nowMs) {
  const coming = [];
  if (course.pausedMs !== null) return coming;
  let atMs = course.startMs;
  for (let index = course.index; index < legs.length && legs[index].duration_s !== null; index += 1) {
    atMs += 1000 * legs[index].duration_s;
    for (const before of [3, 2, 1]) coming.push({ atMs: atMs - 1000 * before, cue: "pace" });
    coming.push({ atMs, cue: index + 1 < legs.length ? "go" : "set_end" });
  }
  return coming.filter((beep) => beep.atMs > nowMs);
}

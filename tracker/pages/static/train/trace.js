/** The curve of a set that this page saw, kept while it came in. Pure. */

const MOST_POINTS = 36_000; // twenty minutes at thirty a second
const LEVEL_DEG = 30;

export const newTrace = () => ({ t: [], a: [], spans: [], isSlow: false });

/** Keep one frame of the set that runs. Frames come in order; one that does not is left out. */
export function keep(trace, frame) {
  if (trace.t.length >= MOST_POINTS || !(frame.t > (trace.t.at(-1) ?? -Infinity))) return;
  trace.t.push(frame.t);
  trace.a.push(frame.a);
  const isSlow = frame.phase === "eccentric";
  if (isSlow && !trace.isSlow) trace.spans.push([frame.t - (frame.phase_s ?? 0), frame.t]);
  if (isSlow) trace.spans.at(-1)[1] = frame.t;
  trace.isSlow = isSlow;
}

/** What the chart marks: its range in degrees, its lines, and where the leg was braked. */
export function marksOf(trace, targetDeg) {
  const angles = trace.a.filter((angle) => angle !== null);
  const top = Math.max(targetDeg ?? 0, ...angles) + 8;
  const bottom = Math.min(0, ...angles) - 4;
  const yTicks = [];
  for (let level = 0; level < top; level += top > 2 * LEVEL_DEG ? LEVEL_DEG : 10) yTicks.push(level);
  return { range: [bottom, top], yTicks, spans: trace.spans, goal: null, target: targetDeg };
}

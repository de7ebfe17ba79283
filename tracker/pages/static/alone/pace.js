/** Which part of a set the clock is in. Pure: the page asks with its own clock. */

const LIFT_S = 2;
const TOP_S = 1;
const REST_S = 1;

/** The parts of one repetition as [name, seconds], for an exercise of the page. */
export function partsOf({ concentric_s: up, hold_s: hold, eccentric_s: back }) {
  return [["lift", up ?? LIFT_S], ["hold", hold ?? TOP_S], ["return", back], ["rest", REST_S]];
}

/** Where `seconds` after the start is: {rep, part, share, leftS}, rep from 1; null after the last. */
export function placeAt(seconds, parts, reps) {
  const cycleS = parts.reduce((sum, [, takes]) => sum + takes, 0);
  const rep = Math.floor(seconds / cycleS);
  if (rep >= reps) return null;
  let within = seconds - rep * cycleS;
  for (const [part, takes] of parts) {
    if (within < takes) return { rep: rep + 1, part, share: within / takes, leftS: takes - within };
    within -= takes;
  }
  const [part] = parts.at(-1); // a rounding error behind the last part
  return { rep: rep + 1, part, share: 1, leftS: 0 };
}

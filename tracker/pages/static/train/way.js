/**
 * The slow way that a repetition is on: from where to where, and how long it should take. Pure.
 *
 * Which phase goes out and which comes back depends on the exercise: a leg curl is braked on its
 * way back, a squat on its way down, which is its way out. A two-way tempo paces both.
 */

const CADENCE_REPS = 4; // steps differ; fewer would jump, more would lag
const QUICKEST_MS = 300; // nobody steps up and down three times a second
const STEADY_SHARE = 0.85; // of the repetitions before: a figure should not jump for one that was odd

/** How far this person goes, from the repetitions so far; null before there are any. */
export function usualDeg(reps) {
  const peaks = [...reps.values()].map((rep) => rep.peak_deg).filter((peak) => typeof peak === "number").sort((a, b) => a - b);
  return peaks.length ? peaks[Math.floor(STEADY_SHARE * (peaks.length - 1))] : null;
}

/** The far end of the movement: as ordered, as this person goes, or as people usually do. */
export function farDeg(model, manner) {
  return knownFarDeg(model) ?? manner.amplitudeDeg;
}

function knownFarDeg(model) {
  return model.state?.peak_target_deg ?? usualDeg(model.reps);
}

/**
 * The way that is being paced now as {startDeg, endDeg, tempoS, isSure}; null in every other phase.
 * `isSure`: both ends are known, so that it can be judged. Of a first squat nobody knows how deep it goes.
 */
export function slowWay(model, manner) {
  const { state, phase } = model;
  const tempoS = { eccentric: state?.tempo_s, concentric: state?.concentric_s }[phase];
  if (state?.state !== "set" || typeof tempoS !== "number") return null;
  const goesOut = (phase === "eccentric") === manner.isOutward;
  if (goesOut) return { startDeg: 0, endDeg: farDeg(model, manner), tempoS, isSure: knownFarDeg(model) !== null };
  return model.startDeg > 0 ? { startDeg: model.startDeg, endDeg: 0, tempoS, isSure: true } : null;
}

/** How an exercise is done, as its card in the page says it. */
export function mannerOf(exercise) {
  const told = document.getElementById(`card-${exercise}`)?.dataset;
  return { isOutward: told?.eccentric === "outward", amplitudeDeg: Number(told?.amplitude) || 90 };
}

/**
 * Repetitions a minute over the last few, from when they were told; null before there are two, and
 * where they were told all at once, to a page that came later.
 */
export function repsPerMin(repTimesMs) {
  const last = repTimesMs.slice(-CADENCE_REPS);
  const perRepMs = (last.at(-1) - last[0]) / (last.length - 1);
  return perRepMs > QUICKEST_MS ? 60_000 / perRepMs : null;
}

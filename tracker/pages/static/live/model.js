/**
 * What the page knows, built from the messages of the live channel. Pure: no document, no clock.
 *
 * `take` changes the model and returns what just happened ({kind, ...}), for the voice, the tones
 * and the announcements. What a snapshot tells is old news: nothing happens then.
 */

import { keep, newTrace } from "../train/trace.js";

const BEFORE_REPS = new Set(["connecting", "calibrating", "ready", "set"]);
const LATE_MS = 300; // a first frame so far into a phase says nothing of where it began
const ANCHOR_SLIP_MS = 400; // a phase clock that is off by more belongs to another repetition

export function newModel() {
  return { ...emptySet(), state: null, stateAtMs: 0, sensor: null, saved: null, plan: null, summary: null, refused: null, watched: [], link: "opening" };
}

function emptySet() {
  return {
    reps: new Map(), repTimesMs: [], trace: newTrace(), holds: [], bouts: [], card: null, setEndMs: null, frame: null, frameAtMs: 0, count: 0,
    phase: null, phaseAtMs: 0, startDeg: 0, topDeg: 0, hasSeenRep: false,
  };
}

/** Take in one message. `nowMs`: any clock that never goes back. */
export function take(model, message, nowMs) {
  if (message.type === "snapshot") {
    Object.assign(model, emptySet(), { state: null, sensor: null, saved: null, plan: null, summary: null, watched: [] });
    for (const told of message.messages) take(model, told, nowMs - (told.age_s ?? 0) * 1000);
    return [];
  }
  const reader = READERS[message.type];
  return reader ? reader(model, message, nowMs) : [];
}

const READERS = {
  state: takeState, frame: takeFrame, rep: takeRep, hold: takeHold, bout: takeBout, card: takeCard, sensor: takeSensor,
  saved: takeSaved, plan: takePlan, summary: takeSummary, refused: takeRefused, watched: takeWatched,
};

function takeState(model, state, nowMs) {
  const before = model.state;
  const isOtherSession = before?.session !== state.session;
  const isElsewhere = before !== null && (before.set !== state.set || before.step !== state.step);
  const isOtherSet = isElsewhere && BEFORE_REPS.has(state.state);
  if (isOtherSession || isOtherSet) Object.assign(model, emptySet());
  if (isOtherSession) Object.assign(model, { saved: null, summary: null });
  model.refused = null;
  const isNew = isOtherSession || isOtherSet || before?.state !== state.state;
  if (isNew) model.stateAtMs = nowMs;
  if (state.state !== "set") setPhase(model, null, nowMs);
  model.state = state;
  const isSaidAnew = isNew || before?.text?.en !== state.text?.en;
  return isSaidAnew ? [{ kind: "state", state, isNew }] : [];
}

function takeFrame(model, frame, nowMs) {
  const happened = intervalOf(model.frame, frame);
  const isNext = (frame.reps ?? 0) > model.count;
  model.frame = frame;
  if (model.state?.state === "set") keep(model.trace, frame);
  model.frameAtMs = nowMs;
  model.count = Math.max(model.count, frame.reps ?? 0);
  if (frame.phase === null || isNext) Object.assign(model, { topDeg: 0, hasSeenRep: false });
  if (frame.a !== null) model.topDeg = Math.max(model.topDeg, frame.a);
  const beganMs = nowMs - (frame.phase_s ?? 0) * 1000;
  const isSamePhase = frame.phase === model.phase && Math.abs(beganMs - model.phaseAtMs) < ANCHOR_SLIP_MS;
  if (frame.phase === null ? model.phase === null : isSamePhase) return happened;
  const isChange = frame.phase !== model.phase;
  setPhase(model, frame.phase, beganMs);
  const isLate = !model.hasSeenRep && nowMs - beganMs > LATE_MS;
  if (isLate) model.startDeg = Math.max(model.topDeg, usualTopDeg(model));
  model.hasSeenRep = true;
  return isChange ? [...happened, { kind: "phase", phase: frame.phase }] : happened;
}

/** A new interval of a series is something that happens; the first one seen is told as well. */
function intervalOf(before, { interval }) {
  const isSame = before?.interval?.kind === interval?.kind && before?.interval?.round === interval?.round;
  return !interval || isSame ? [] : [{ kind: "interval", interval }];
}

/** Where this person turns round, for a page that came in half way: as last time, or as ordered. */
function usualTopDeg(model) {
  const last = [...model.reps.values()].at(-1);
  return last?.peak_deg ?? model.state?.peak_target_deg ?? 0;
}

function setPhase(model, phase, atMs) {
  model.phase = phase;
  model.phaseAtMs = atMs;
  model.startDeg = model.topDeg;
}

function takeRep(model, rep, nowMs) {
  const isNew = !model.reps.has(rep.n);
  if (isNew) model.repTimesMs.push(nowMs);
  model.reps.set(rep.n, rep);
  model.count = Math.max(model.count, rep.n);
  return isNew ? [{ kind: "rep", rep }] : [];
}

function takeHold(model, hold) {
  const isNew = !model.holds.some((known) => known.n === hold.n);
  if (isNew) model.holds.push(hold);
  return isNew ? [{ kind: "hold", hold }] : [];
}

function takeBout(model, bout) {
  model.bouts.push(bout);
  return [{ kind: "bout", bout }];
}

function takePlan(model, plan) {
  model.plan = plan;
  return [];
}

function takeSummary(model, summary) {
  model.summary = summary;
  return [{ kind: "summary", summary }];
}

/** Who looks on at the clinic, by name. */
function takeWatched(model, watched) {
  model.watched = watched.by ?? [];
  return [];
}

function takeRefused(model, refused) {
  model.refused = refused;
  return [{ kind: "refused", refused }];
}

function takeCard(model, card, nowMs) {
  const isAgain = model.card !== null && model.card.set === card.set && model.card.step === card.step;
  model.card = card;
  if (isAgain) return []; // the same card with the patient's own count
  model.setEndMs = nowMs;
  return [{ kind: "card", card }];
}

function takeSensor(model, sensor) {
  const isNew = model.sensor?.state !== sensor.state;
  model.sensor = sensor;
  return isNew ? [{ kind: "sensor", sensor }] : [];
}

function takeSaved(model, saved) {
  model.saved = saved;
  return [{ kind: "saved", saved }];
}

/** Seconds since the running phase began; the page's own clock, so it goes on if the link drops. */
export function phaseSeconds(model, nowMs) {
  return model.phase === null ? null : Math.max(0, (nowMs - model.phaseAtMs) / 1000);
}

/** Whole seconds of rest that are left, never under 0. Rest begins when the set ends, with its card. */
export function restSeconds(model, nowMs) {
  const goneS = (nowMs - (model.setEndMs ?? model.stateAtMs)) / 1000;
  return Math.max(0, Math.ceil((model.state?.rest_s ?? 0) - goneS));
}

/** Whether the picture changes by itself, without any message. */
export function isMoving(model) {
  const isLed = model.state?.state === "set" && Boolean(model.frame?.interval);
  return model.state?.state === "rest" || isLed || (model.state?.state === "set" && model.phase !== null);
}

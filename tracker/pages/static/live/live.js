/**
 * The live page: messages come in, the model takes them, the next animation frame draws the newest.
 */

import { showCard } from "./card.js";
import { showDots, showLegend } from "./dots.js";
import { dress, figureOf, findFigure, showPacer, turnLimb } from "./figure.js";
import { glideTo, glidingDeg, isGliding, newGlide } from "./glide.js";
import { listen } from "./link.js";
import { isMoving, newModel, phaseSeconds, restSeconds, stateName, take } from "./model.js";
import { judgePace, shareGone } from "./pacer.js";
import { plain, rounded, say, spoken, tenths } from "./texts.js";
import { keepAwake } from "./wake.js";
import { hearTraining } from "../sound/hearing.js";
import { PATIENCE_MS, showConnect } from "../train/connect.js";
import { setText } from "../train/elements.js";
import { showGear } from "../train/gear.js";
import { showIntro } from "../train/intro.js";
import { showPlan } from "../train/plan.js";
import { showQuestion } from "../train/questions.js";
import { clock, kindText, secondsLeft, Stage, stageOf } from "../train/stage.js";
import { Steering } from "../train/steer.js";
import { showSummary } from "../train/summary.js";
import { mannerOf, repsPerMin, slowWay } from "../train/way.js";

const BAND_S = [2.5, 3.5];
const CALM_STEP_S = 0.5; // with reduced motion the pacer moves in steps

const model = newModel();
const glide = newGlide();
const drawing = findFigure(document.getElementById("leg"));
const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let isQueued = false;
let pace = "on";
let cardShown = null;
let restEnded = false;

const stage = new Stage({ leg: drawing.svg, posable: at.posable, drawn: at.drawn });
const steers = at.live.dataset.steers === "yes";
const tell = listen(liveAddress(), { onMessage: receive, onLink: (link) => { model.link = link; hearing.link(link); queue(); } });
const hearing = hearTraining(at, { send: tell, isUsual: steers });
const steering = steers ? new Steering(at, send) : null;

/** Put the summary away, and choose what to train next. */
function startAnew() {
  model.isPutAway = true;
  setHeadline(stateText());
  drawAll();
  at["start-exercise"].focus();
}

/** Ask for something; without a line it is said so, and nothing is asked later. */
function send(command) {
  if (!tell(command)) receive({ type: "refused", text: null });
}

function liveAddress() {
  const address = new URL(at.live.dataset.channel, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

function receive(message) {
  hearing.take(message);
  const happenings = take(model, message, performance.now());
  if (message.type === "snapshot") {
    setHeadline(textNow());
    keepAwake(TRAINING.has(model.state?.state));
  }
  for (const happening of happenings) HANDLERS[happening.kind]?.(happening);
  queue();
}

/* ---- what happened: announced ---- */

const TRAINING = new Set(["intro", "move_sensor", "connecting", "calibrating", "ready", "set", "card", "rest"]);

const HANDLERS = {
  state({ state }) {
    restEnded = false;
    setHeadline(stateText());
    keepAwake(TRAINING.has(state.state));
    if (state.state === "connecting") setTimeout(queue, PATIENCE_MS + 50); // nothing else may come
  },
  phase({ phase }) {
    pace = "on";
    if (phase !== null) setHeadline(phaseText(phase));
  },
  rep: ({ rep }) => setHeadline(repText(rep)),
  hold({ hold }) {
    setHeadline(say("hold_result", { seconds: rounded(hold.held_s) }));
  },
  still: ({ isStill }) => setHeadline(say(isStill ? "still_stay" : "still_moved")),
  interval({ interval }) {
    const now = [kindText(interval.kind), typeof interval.left_s === "number" ? clock(interval.left_s) : ""].filter(Boolean).join(", ");
    setHeadline(now);
  },
  refused: () => hearing.cue("attention"),
};

/** What a page says that comes in half way: a set that runs is past its "go". */
function textNow() {
  const last = [...model.reps.values()].at(-1);
  if (model.state?.state !== "set" || stageOf(model.state) === "ring") return stateText();
  if (model.phase !== null) return phaseText(model.phase);
  return last ? repText(last) : stateText();
}

function repText(rep) {
  const verdict = say(`verdict_${rep.verdict}`);
  const isTimed = typeof rep.eccentric_s === "number";
  return say(isTimed ? "rep_result" : "rep_result_untimed", { n: rep.n, verdict, seconds: isTimed ? tenths(rep.eccentric_s) : "" });
}

function stateText() {
  const name = stateName(model);
  if (name === "idle") return say("state_idle");
  const isStretch = name === "set" && stageOf(model.state) === "ring";
  return spoken(model.state.text) || say(isStretch ? "hold_stay" : `state_${name}`);
}

function isLift() {
  return ["ecc_prone_helper", "ecc_seated_solo"].includes(model.state?.exercise);
}

function phaseText(phase) {
  const exercise = model.state?.exercise;
  const isSeated = figureOf(exercise) === "seated" && isLift();
  if (mannerOf(exercise).isOutward && phase !== "hold") return say(phase === "eccentric" ? "phase_eccentric_outward" : "phase_lift_outward");
  if (phase === "hold") return say(isLift() ? "phase_hold" : "phase_hold_other");
  if (phase === "concentric") return say("phase_concentric");
  if (isSeated) return say(`phase_${phase}_seated`);
  return say(exercise === "ecc_prone_helper" ? `phase_${phase}` : `phase_${phase}_other`);
}

function setHeadline(text) {
  if (at.headline.textContent !== text) at.headline.textContent = text;
}

/* ---- the picture: once in an animation frame, from the newest that is known ---- */

function queue() {
  if (isQueued) return;
  isQueued = true;
  requestAnimationFrame(drawAll);
}

function drawAll() {
  isQueued = false;
  const nowMs = performance.now();
  const name = stateName(model);
  at.live.dataset.view = viewOf(name);
  at.live.dataset.stage = stageOf(model.state);
  drawBar();
  stage.show(model, nowMs, drawLeg(name, nowMs));
  drawCount(name);
  drawHold(name, nowMs);
  drawRest(name, nowMs);
  drawCard(name);
  drawSitting(name, nowMs);
  if (isMoving(model) || isGliding(glide, nowMs)) queue();
}

/** The plan, the card of an exercise, a question, the summary, and what may be asked for. */
function drawSitting(name, nowMs) {
  const { plan, state, summary, refused } = model;
  at.plan.hidden = plan === null || name === "set" || (name === "done" && summary !== null);
  if (!at.plan.hidden) showPlan({ title: at["plan-title"], list: at["plan-steps"] }, plan, steers && name !== "done" ? (step) => send({ do: "goto", step }) : null);
  at.intro.hidden = name !== "intro";
  if (!at.intro.hidden) showIntro(at.intro, state);
  showGear(at.gear, state, steers ? (gear) => send({ do: "equip", step: state.step, gear }) : null);
  at.connect.hidden = name !== "connecting";
  if (!at.connect.hidden) showConnect(at.connect, model.sensor, nowMs - model.stateAtMs);
  const question = name === "questions" ? (state.question ?? null) : null;
  at.question.hidden = question === null;
  if (question) showQuestion(at.question, question, steers ? (code, value) => send({ do: "answer", code, value }) : null);
  at.summary.hidden = summary === null || name !== "done";
  if (!at.summary.hidden) showSummary(at.summary, summary, steers ? { onAccept: (code) => send({ do: "accept", code }), onAgain: startAnew } : {});
  at.refused.hidden = refused === null;
  setText(at.refused, refused === null ? "" : spoken(refused.text) || say("refused_lost"));
  steering?.show(state);
}

function viewOf(name) {
  if (name === "idle") return "empty";
  if (name === "intro") return "intro";
  if (name === "questions" && model.state.question) return "question";
  if (name === "done" && model.summary) return "summary";
  if (["card", "rest"].includes(name)) return "card";
  if (["questions", "done"].includes(name)) return model.card ? "card" : "message";
  return name === "set" ? "set" : "message";
}

function drawBar() {
  const { state, sensor } = model;
  const isIdle = !state || ["idle", "questions", "done"].includes(state.state);
  setText(at["what-exercise"], isIdle ? "" : spoken(state.name));
  setText(at["what-set"], isIdle ? "" : [state.set > 0 && state.sets > 1 ? say("set_of", state) : "", state.side ? say(`side_${state.side}`) : ""].filter(Boolean).join(" · "));
  at.lost.hidden = model.link !== "lost";
  at.watched.hidden = model.watched.length === 0;
  setText(at.watched, at.watched.hidden ? "" : say("watched_by", { names: model.watched.join(", ") }));
  at.live.dataset.link = model.link;
  at.sensor.hidden = sensor === null || isIdle;
  if (!at.sensor.hidden) {
    at.sensor.dataset.state = sensor.state;
    setText(at.sensor, [say(`sensor_${sensor.state}`), spoken(sensor.advice), typeof sensor.battery_percent === "number" ? say("battery", { percent: sensor.battery_percent }) : ""].filter(Boolean).join(", "));
  }
  drawing.svg.dataset.sensor = sensor?.state ?? "none";
}

/** Draw the leg with its pacer; returns how the slow way goes, for a figure that has another pacer. */
function drawLeg(name, nowMs) {
  const state = model.state ?? {};
  const manner = mannerOf(state.exercise);
  const way = slowWay(model, manner);
  const angleDeg = model.frame ? model.frame.a : 0;
  const bandS = state.tempo_band_s ?? BAND_S;
  const elapsedS = way ? phaseSeconds(model, nowMs) : 0;
  const shownS = calm.matches ? Math.floor(elapsedS / CALM_STEP_S) * CALM_STEP_S : elapsedS;
  dress(drawing, state.exercise ?? "ecc_prone_helper", state.peak_target_deg ?? null);
  glideTo(glide, angleDeg, nowMs);
  const drawnDeg = glidingDeg(glide, nowMs);
  turnLimb(drawing, name === "set" ? drawnDeg : (drawnDeg ?? 0));
  drawing.svg.classList.toggle("is-working", name === "set" && ["eccentric", "concentric"].includes(model.phase));
  drawing.svg.classList.toggle("is-lifting", name === "set" && model.phase === "lift");
  showPacer(drawing, way && { ...way, elapsedS: shownS, bandS });
  hearing.pace(way ? shareGone(elapsedS, way.tempoS) : null, pace);
  const isJudged = Boolean(way?.isSure);
  if (isJudged && angleDeg !== null) pace = judgePace(angleDeg, elapsedS, bandS, way.startDeg, pace, way.endDeg);
  const shownPace = isJudged ? pace : "rest";
  drawing.svg.dataset.pace = shownPace;
  drawPace(name, way, elapsedS, shownPace);
  return { manner, way, elapsedS: shownS, bandS, pace: shownPace, drawnDeg };
}

function drawPace(name, way, elapsedS, shownPace) {
  const { state } = model;
  const isSteps = state?.movement === "steps";
  at.pace.hidden = name !== "set" || !(isSteps || typeof state.tempo_s === "number");
  if (at.pace.hidden) return;
  at.pace.dataset.pace = shownPace;
  if (isSteps && !way) {
    const perMin = model.frame?.cadence_per_min ?? repsPerMin(model.repTimesMs);
    setText(at.seconds, typeof perMin === "number" ? rounded(perMin) : "–");
    setText(at.hint, say("cadence_steps"));
    return;
  }
  const last = [...model.reps.values()].at(-1);
  const seconds = way ? elapsedS : last?.eccentric_s;
  setText(at.seconds, typeof seconds === "number" ? `${tenths(seconds)} s` : "– s");
  setText(at.hint, way ? say(`pace_${shownPace}`, { target: plain(way.tempoS) }) : say(last ? "pace_last" : "pace_rest", { target: plain(state.tempo_s) }));
}

function drawCount(name) {
  const kind = stageOf(model.state);
  const isCounted = ["leg", "figure"].includes(kind);
  const ride = kind === "dial" ? model.frame?.interval : null;
  at.count.hidden = name !== "set" || !(isCounted || ride);
  at.reps.hidden = !["set", "ready"].includes(name) || !isCounted;
  if (ride) {
    setText(at["count-number"], clock(secondsLeft(ride, performance.now() - model.frameAtMs)));
    setText(at["count-of"], say(typeof ride.left_s === "number" ? "time_left" : "time_gone"));
  }
  if (!isCounted || (at.count.hidden && at.reps.hidden)) return;
  setText(at["count-number"], rounded(model.count));
  setText(at["count-of"], say("reps_of", { target: model.state.reps_target }));
  showDots(at.dots, model.reps, model.state.reps_target);
  showLegend(at.legend, model.reps);
}

/** A prescribed hold at the top, in seconds; of a stretch whether its time runs. */
function drawHold(name, nowMs) {
  const { state, frame, phase } = model;
  const isStretch = name === "set" && stageOf(state) === "ring";
  const isHeld = name === "set" && !isStretch && phase === "hold" && typeof state.hold_s === "number";
  at.hold.hidden = !isHeld && !isStretch;
  if (isHeld) setText(at.hold, `${tenths(phaseSeconds(model, nowMs))} / ${plain(state.hold_s)} s`);
  else setText(at.hold, isStretch ? stretchText(frame) : "");
}

function stretchText(frame) {
  const interrupted = frame?.interruptions ? say("hold_interruptions", { n: frame.interruptions }) : "";
  return [frame?.is_still === false ? say("hold_waits") : "", interrupted].filter(Boolean).join(" · ");
}

function drawRest(name, nowMs) {
  at.rest.hidden = name !== "rest";
  const left = restSeconds(model, nowMs);
  setText(at["rest-number"], at.rest.hidden ? "" : left > 0 ? `${left} s` : "0 s");
  setText(at["rest-of"], say("rest_left"));
  at.after.hidden = name !== "rest";
  setText(at.after, say(steers ? "rest_hint_here" : "rest_hint"));
  if (name === "rest" && left === 0 && !restEnded) {
    restEnded = true;
    setHeadline(say("rest_over"));
  }
}

function drawCard(name) {
  at.card.hidden = at.live.dataset.view !== "card" || model.card === null;
  at.empty.hidden = name !== "idle";
  at.saved.hidden = model.saved === null || name === "set";
  if (!at.saved.hidden) at["saved-link"].href = model.saved.url;
  if (model.card !== null && model.card !== cardShown) {
    const { step, set } = model.card;
    showCard(at.card, model.card, model.state ?? {}, { trace: model.trace, onCorrect: steers ? (reps) => send({ do: "correct", step, set, reps }) : null });
  }
  cardShown = model.card;
}

at.unscripted.hidden = true;
queue();

/**
 * The live page: messages come in, the model takes them, the next animation frame draws the newest.
 */

import { cardAloud, showCard } from "./card.js";
import { showDots, showLegend } from "./dots.js";
import { dress, figureOf, findFigure, showPacer, turnLimb } from "./figure.js";
import { listen } from "./link.js";
import { isMoving, newModel, phaseSeconds, restSeconds, take } from "./model.js";
import { judgePace, shareGone } from "./pacer.js";
import { Tones, Voice } from "./sound.js";
import { plain, rounded, say, spoken, tenths } from "./texts.js";
import { keepAwake } from "./wake.js";
import { setText } from "../train/elements.js";
import { showIntro } from "../train/intro.js";
import { showPlan } from "../train/plan.js";
import { showQuestion } from "../train/questions.js";
import { Stage, stageOf } from "../train/stage.js";
import { Steering } from "../train/steer.js";
import { showSummary } from "../train/summary.js";

const TEMPO_S = 3;
const BAND_S = [2.5, 3.5];
const CALM_STEP_S = 0.5; // with reduced motion the pacer moves in steps

const model = newModel();
const drawing = findFigure(document.getElementById("leg"));
const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const tones = new Tones();
const voice = new Voice();
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let isQueued = false;
let pace = "on";
let cardShown = null;
let restEnded = false;

const stage = new Stage({ leg: drawing.svg, posable: at.posable, drawn: at.drawn });
const steers = at.live.dataset.steers === "yes";
const tell = listen(liveAddress(), { onMessage: receive, onLink: (link) => { model.link = link; queue(); } });
const steering = steers ? new Steering(at, send) : null;

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
  const happenings = take(model, message, performance.now());
  if (message.type === "snapshot") {
    setHeadline(stateText());
    keepAwake(TRAINING.has(model.state?.state));
  }
  for (const happening of happenings) HANDLERS[happening.kind]?.(happening);
  queue();
}

/* ---- what happened: said, sounded, announced ---- */

const TRAINING = new Set(["intro", "move_sensor", "connecting", "calibrating", "ready", "set", "card", "rest"]);
const STATE_CUES = { ready: "calibrated", set: "go", card: "set_end" };

const HANDLERS = {
  state({ state, isNew }) {
    restEnded = false;
    setHeadline(stateText());
    keepAwake(TRAINING.has(state.state));
    if (isNew && state.state in STATE_CUES) tones.play(STATE_CUES[state.state]);
    if (!["card", "rest"].includes(state.state)) voice.say(stateText());
  },
  phase({ phase }) {
    pace = "on";
    if (phase === null) return;
    setHeadline(phaseText(phase));
    if (phase === "hold" && isLift()) tones.play("let_go");
  },
  rep({ rep }) {
    const verdict = say(`verdict_${rep.verdict}`);
    const isTimed = typeof rep.eccentric_s === "number";
    setHeadline(say(isTimed ? "rep_result" : "rep_result_untimed", { n: rep.n, verdict, seconds: isTimed ? tenths(rep.eccentric_s) : "" }));
    tones.play({ in_tempo: "in_tempo", too_fast: "too_fast" }[rep.verdict] ?? "other");
    voice.say(["in_tempo", "accepted"].includes(rep.verdict) ? `${rep.n}` : `${rep.n}. ${verdict}`, { urgent: true });
  },
  hold({ hold }) {
    setHeadline(say("hold_result", { seconds: rounded(hold.held_s) }));
    tones.play("in_tempo");
    voice.say(stateText());
  },
  card: ({ card }) => voice.say(cardAloud(card)),
  refused: () => tones.play("other"),
};

function stateText() {
  const name = model.state?.state ?? "idle";
  if (name === "idle") return say("state_idle");
  return spoken(model.state.text) || say(`state_${name}`);
}

function isLift() {
  return ["ecc_prone_helper", "ecc_seated_solo"].includes(model.state?.exercise);
}

function phaseText(phase) {
  const exercise = model.state?.exercise;
  const isSeated = figureOf(exercise) === "seated" && isLift();
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
  const name = model.state?.state ?? "idle";
  at.live.dataset.view = viewOf(name);
  at.live.dataset.stage = stageOf(model.state);
  drawBar();
  drawLeg(name, nowMs);
  stage.show(model, nowMs);
  drawCount(name);
  drawHold(name, nowMs);
  drawRest(name, nowMs);
  drawCard(name);
  drawSitting(name);
  if (isMoving(model)) queue();
}

/** The plan, the card of an exercise, a question, the summary, and what may be asked for. */
function drawSitting(name) {
  const { plan, state, summary, refused } = model;
  at.plan.hidden = plan === null || name === "set";
  if (!at.plan.hidden) showPlan({ title: at["plan-title"], list: at["plan-steps"] }, plan, steers && name !== "done" ? (step) => send({ do: "goto", step }) : null);
  at.intro.hidden = name !== "intro";
  if (!at.intro.hidden) showIntro(at.intro, state);
  const question = name === "questions" ? (state.question ?? null) : null;
  at.question.hidden = question === null;
  if (question) showQuestion(at.question, question, steers ? (code, value) => send({ do: "answer", code, value }) : null);
  at.summary.hidden = summary === null || name !== "done";
  if (!at.summary.hidden) showSummary(at.summary, summary, steers ? (code) => send({ do: "accept", code }) : null);
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
  const isIdle = !state || state.state === "idle";
  setText(at["what-exercise"], isIdle ? "" : spoken(state.name));
  setText(at["what-set"], isIdle ? "" : [say("set_of", state), state.side ? say(`side_${state.side}`) : ""].filter(Boolean).join(" · "));
  at.lost.hidden = model.link !== "lost";
  at.sensor.hidden = sensor === null || isIdle;
  if (!at.sensor.hidden) {
    at.sensor.dataset.state = sensor.state;
    setText(at.sensor, [say(`sensor_${sensor.state}`), spoken(sensor.advice), typeof sensor.battery_percent === "number" ? say("battery", { percent: sensor.battery_percent }) : ""].filter(Boolean).join(", "));
  }
  drawing.svg.dataset.sensor = sensor?.state ?? "none";
}

function drawLeg(name, nowMs) {
  const state = model.state ?? {};
  dress(drawing, state.exercise ?? "ecc_prone_helper", state.peak_target_deg ?? null);
  const angleDeg = model.frame ? model.frame.a : 0;
  turnLimb(drawing, name === "set" ? angleDeg : (angleDeg ?? 0));
  const isBack = model.phase === "eccentric" && model.startDeg > 0;
  const isOut = model.phase === "concentric" && typeof state.concentric_s === "number";
  const isSlow = name === "set" && (isBack || isOut);
  const endDeg = isOut ? (state.peak_target_deg ?? 0) : 0;
  drawing.svg.classList.toggle("is-working", name === "set" && ["eccentric", "concentric"].includes(model.phase));
  drawing.svg.classList.toggle("is-lifting", name === "set" && model.phase === "lift");
  const elapsedS = isSlow ? phaseSeconds(model, nowMs) : 0;
  const tempoS = (isOut ? state.concentric_s : state.tempo_s) ?? TEMPO_S;
  const shownS = calm.matches ? Math.floor(elapsedS / CALM_STEP_S) * CALM_STEP_S : elapsedS;
  showPacer(drawing, isSlow ? { elapsedS: shownS, tempoS, bandS: bandOf(state), startDeg: model.startDeg, endDeg } : null);
  tones.pace(isSlow ? shareGone(elapsedS, tempoS) : null);
  drawPace(name, isSlow, elapsedS, angleDeg, endDeg);
}

const bandOf = (state) => state.tempo_band_s ?? BAND_S;

function drawPace(name, isSlow, elapsedS, angleDeg, endDeg) {
  at.pace.hidden = name !== "set" || typeof model.state.tempo_s !== "number";
  if (at.pace.hidden) return;
  if (isSlow && angleDeg !== null) pace = judgePace(angleDeg, elapsedS, bandOf(model.state), model.startDeg, pace, endDeg);
  at.pace.dataset.pace = isSlow ? pace : "rest";
  drawing.svg.dataset.pace = isSlow ? pace : "rest";
  const last = [...model.reps.values()].at(-1);
  const seconds = isSlow ? elapsedS : last?.eccentric_s;
  setText(at.seconds, typeof seconds === "number" ? `${tenths(seconds)} s` : "– s");
  setText(at.hint, isSlow ? say(`pace_${pace}`) : say(last ? "pace_last" : "pace_rest", { target: plain(model.state.tempo_s) }));
}

function drawCount(name) {
  const isCounted = ["leg", "figure"].includes(stageOf(model.state));
  at.count.hidden = name !== "set" || !isCounted;
  at.reps.hidden = !["set", "ready"].includes(name) || !isCounted;
  if (at.count.hidden && at.reps.hidden) return;
  setText(at["count-number"], rounded(model.count));
  setText(at["count-of"], say("reps_of", { target: model.state.reps_target }));
  showDots(at.dots, model.reps, model.state.reps_target);
  showLegend(at.legend, model.reps);
}

/** A prescribed hold at the top, in seconds, and how often a stretch was interrupted. */
function drawHold(name, nowMs) {
  const { state, frame, phase } = model;
  const isHeld = name === "set" && phase === "hold" && typeof state.hold_s === "number";
  const interrupted = name === "set" && stageOf(state) === "ring" ? (frame?.interruptions ?? 0) : 0;
  at.hold.hidden = !isHeld && interrupted === 0;
  if (isHeld) setText(at.hold, `${tenths(phaseSeconds(model, nowMs))} / ${plain(state.hold_s)} s`);
  else setText(at.hold, interrupted ? say("hold_interruptions", { n: interrupted }) : "");
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
    tones.play("rest_end");
    voice.say(say("rest_over"));
  }
}

function drawCard(name) {
  at.card.hidden = at.live.dataset.view !== "card" || model.card === null;
  at.empty.hidden = name !== "idle";
  at.saved.hidden = model.saved === null || name === "set";
  if (!at.saved.hidden) at["saved-link"].href = model.saved.url;
  if (model.card !== null && model.card !== cardShown) {
    const { step, set } = model.card;
    showCard(at.card, model.card, model.state ?? {}, steers ? (reps) => send({ do: "correct", step, set, reps }) : null);
  }
  cardShown = model.card;
}

/* ---- the two switches ---- */

for (const [key, output] of [["tones", tones], ["voice", voice]]) {
  at[key].hidden = key === "voice" && !("speechSynthesis" in window);
  at[key].addEventListener("click", () => {
    const isOn = !output.isOn;
    at[key].setAttribute("aria-pressed", String(isOn));
    if (key === "voice" && isOn && !Voice.canSpeak()) {
      setHeadline(say("no_voice"));
      at.voice.setAttribute("aria-pressed", "false");
      if (!tones.isOn) at.tones.click();
      return;
    }
    output.switch(isOn);
  });
}
at.tones.hidden = !("AudioContext" in window);
at.unscripted.hidden = true;
queue();

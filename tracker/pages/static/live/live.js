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

listen(liveAddress(), { onMessage: receive, onLink: (link) => { model.link = link; queue(); } });

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

const TRAINING = new Set(["connecting", "calibrating", "ready", "set", "card", "rest"]);
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
  card: ({ card }) => voice.say(cardAloud(card)),
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
  drawBar();
  drawLeg(name, nowMs);
  drawCount(name);
  drawRest(name, nowMs);
  drawCard(name);
  if (isMoving(model)) queue();
}

function viewOf(name) {
  if (name === "idle") return "empty";
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
  const isSlow = name === "set" && model.phase === "eccentric" && model.startDeg > 0;
  drawing.svg.classList.toggle("is-working", name === "set" && ["eccentric", "concentric"].includes(model.phase));
  drawing.svg.classList.toggle("is-lifting", name === "set" && model.phase === "lift");
  const elapsedS = isSlow ? phaseSeconds(model, nowMs) : 0;
  const tempoS = state.tempo_s ?? TEMPO_S;
  const shownS = calm.matches ? Math.floor(elapsedS / CALM_STEP_S) * CALM_STEP_S : elapsedS;
  showPacer(drawing, isSlow ? { elapsedS: shownS, tempoS, bandS: bandOf(state), startDeg: model.startDeg } : null);
  tones.pace(isSlow ? shareGone(elapsedS, tempoS) : null);
  drawPace(name, isSlow, elapsedS, angleDeg);
}

const bandOf = (state) => state.tempo_band_s ?? BAND_S;

function drawPace(name, isSlow, elapsedS, angleDeg) {
  at.pace.hidden = name !== "set" || typeof model.state.tempo_s !== "number";
  if (at.pace.hidden) return;
  if (isSlow && angleDeg !== null) pace = judgePace(angleDeg, elapsedS, bandOf(model.state), model.startDeg, pace);
  at.pace.dataset.pace = isSlow ? pace : "rest";
  drawing.svg.dataset.pace = isSlow ? pace : "rest";
  const last = [...model.reps.values()].at(-1);
  const seconds = isSlow ? elapsedS : last?.eccentric_s;
  setText(at.seconds, typeof seconds === "number" ? `${tenths(seconds)} s` : "– s");
  setText(at.hint, isSlow ? say(`pace_${pace}`) : say(last ? "pace_last" : "pace_rest", { target: plain(model.state.tempo_s) }));
}

function drawCount(name) {
  at.count.hidden = name !== "set";
  at.reps.hidden = !["set", "ready"].includes(name);
  if (at.count.hidden && at.reps.hidden) return;
  setText(at["count-number"], rounded(model.count));
  setText(at["count-of"], say("reps_of", { target: model.state.reps_target }));
  showDots(at.dots, model.reps, model.state.reps_target);
  showLegend(at.legend, model.reps);
}

function drawRest(name, nowMs) {
  at.rest.hidden = name !== "rest";
  const left = restSeconds(model, nowMs);
  setText(at["rest-number"], at.rest.hidden ? "" : left > 0 ? `${left} s` : "0 s");
  setText(at["rest-of"], say("rest_left"));
  at.after.hidden = name !== "rest";
  setText(at.after, say("rest_hint"));
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
  if (model.card !== null && model.card !== cardShown) showCard(at.card, model.card, model.state ?? {});
  cardShown = model.card;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
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

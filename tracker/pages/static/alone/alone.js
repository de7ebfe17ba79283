/**
 * The page for a phone with no tempo90 in reach: paces by clock and sound, keeps what it measures,
 * and hands it in when it can. Steps: choose -> set -> done; the list of what is kept is below.
 */

import { SPEECH_LANGUAGE, plain, rounded, say, spoken } from "../live/texts.js";
import { keepAwake } from "../live/wake.js";
import { askLeave, watchMotion } from "../phone/motion.js";
import { platformOf } from "../phone/platform.js";
import { Choices } from "../sound/choices.js";
import { Ear } from "../sound/ear.js";
import { Unpaired, Unreachable, handInAll } from "./hand_in.js";
import { knownKey } from "./key.js";
import { partsOf, placeAt } from "./pace.js";
import { openStore } from "./store.js";

const STRAP_ON_S = 15;
const FLUSH_MS = 1000;
const TRY_AGAIN_MS = 15000;
const SOUNDS = { lift: "go", hold: "let_go" };

const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const exercises = JSON.parse(at.exercises.textContent);
const ear = new Ear(new Choices());
const when = new Intl.DateTimeFormat(SPEECH_LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
let store = null;
let writer = null;
let running = null; // {parts, reps, startMs, last}
let isWatching = false;
let isSending = false;
const shares = new Map();

/* ---- choose ---- */

function fill() {
  at.unscripted.hidden = true;
  at.exercise.replaceChildren(...exercises.map((one) => Object.assign(document.createElement("option"), { value: one.id, textContent: spoken(one.name) })));
  const suggest = () => { at.reps.value = chosen().reps; };
  at.exercise.addEventListener("change", suggest);
  suggest();
}

const chosen = () => exercises.find(({ id }) => id === at.exercise.value);

function show(step) {
  for (const section of document.querySelectorAll("[data-for]")) section.hidden = section.dataset.for !== step;
  document.querySelector(`[data-for="${step}"] h2`)?.focus({ preventScroll: true });
}

function note(name) {
  at.note.textContent = name ? say(name) : "";
  at.note.hidden = !name;
}

at["choose-form"].addEventListener("submit", async (event) => {
  event.preventDefault();
  const side = new FormData(event.target).get("side");
  const [leave] = await Promise.all([askLeave(), ear.switch(true)]);
  keepAwake(true);
  note(leave === "granted" ? null : `allow_${leave}`);
  if (leave === "granted") await record(side);
  pace();
});

/* ---- measure ---- */

async function record(side) {
  if (!store) return note("alone_no_store");
  try {
    writer = await store.begin({ exercise: chosen().id, side, platform: platformOf(navigator) });
  } catch {
    return note("alone_full");
  }
  if (!isWatching) watchMotion((timeMs, values) => writer?.push(timeMs, values));
  isWatching = true;
}

setInterval(() => writer?.flush().catch(stopMeasuring), FLUSH_MS);
document.addEventListener("visibilitychange", () => writer?.flush().catch(stopMeasuring));
addEventListener("pagehide", () => writer?.flush().catch(() => {}));

/** No room: what is written stays; the pace goes on. */
async function stopMeasuring() {
  note("alone_full");
  await endRecording();
}

async function endRecording() {
  const ended = writer;
  writer = null;
  await ended?.end().catch(() => note("alone_full"));
  return ended;
}

/* ---- pace ---- */

function pace() {
  running = { parts: partsOf(chosen()), reps: Number(at.reps.value), startMs: performance.now() + STRAP_ON_S * 1000, last: "" };
  show("set");
  ear.speak(say("alone_strap"));
  requestAnimationFrame(draw);
}

function draw() {
  if (!running) return;
  const seconds = (performance.now() - running.startMs) / 1000;
  const place = seconds < 0 ? { rep: 0, part: "strap", share: 1 + seconds / STRAP_ON_S, leftS: -seconds } : placeAt(seconds, running.parts, running.reps);
  if (!place) return end();
  const name = `${place.rep} ${place.part}`;
  if (name !== running.last) begin(place);
  running.last = name;
  at.pace.value = place.part === "return" ? 1 - place.share : place.share;
  at["phase-left"].textContent = place.part === "strap" ? say("alone_in", { seconds: rounded(Math.ceil(place.leftS)) }) : "";
  ear.pace(place.part === "return" ? place.share : null);
  requestAnimationFrame(draw);
}

/** A part begins: shown, sounded, and the number spoken once in each repetition. */
function begin({ rep, part }) {
  at.phase.textContent = say(`alone_${part}`);
  at.count.textContent = rep ? say("alone_of", { rep: plain(rep), reps: plain(running.reps) }) : "";
  if (SOUNDS[part]) ear.cue(SOUNDS[part]);
  if (part === "rest") ear.speak(plain(rep));
}

at.stop.addEventListener("click", () => end());
at.again.addEventListener("click", () => { note(null); show("choose"); });

async function end() {
  running = null;
  ear.pace(null);
  ear.cue("set_end");
  keepAwake(false);
  const recording = await endRecording();
  at["done-words"].textContent = say("alone_done");
  at["done-kept"].textContent = say(recording?.nBytes ? "alone_kept" : "alone_no_motion");
  ear.speak(say("alone_done"));
  show("done");
  await list();
  await send();
}

/* ---- hand in ---- */

async function send() {
  if (isSending || !store || running) return;
  isSending = true;
  let problem = null;
  try {
    await handInAll(store, knownKey(), (id, share) => { shares.set(id, share); list(); });
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof Unpaired)) throw error;
    problem = error instanceof Unpaired ? "alone_unpaired" : "alone_away";
  } finally {
    isSending = false;
    shares.clear();
  }
  await list();
  at.away.textContent = problem ? say(problem) : "";
  at.away.hidden = !problem;
}

async function list() {
  if (!store) return;
  const found = (await store.list()).filter(({ state }) => state !== "open");
  at.kept.hidden = found.length === 0;
  at.send.hidden = !found.some(({ state }) => state === "whole");
  at["kept-list"].replaceChildren(...found.reverse().map((one) => {
    const name = spoken(exercises.find(({ id }) => id === one.exercise)?.name) || one.exercise;
    const about = [when.format(one.startedMs), one.isCutOff ? say("alone_cut_off") : ""].filter(Boolean).join(" · ");
    const item = document.createElement("li");
    item.append(...[[name, "strong"], [about, "p"], [stateOf(one), "p"]].map(([textContent, tag]) => Object.assign(document.createElement(tag), { textContent })));
    item.dataset.state = one.state;
    return item;
  }));
}

function stateOf({ id, state, result }) {
  if (state === "refused") return say("alone_refused");
  if (state === "whole") return shares.has(id) ? say("alone_sending", { percent: rounded(100 * shares.get(id)) }) : say("alone_waiting");
  const sum = (name) => result.sets.reduce((total, one) => total + (one[name] ?? 0), 0);
  return sum("reps") ? say("alone_counted", { reps: plain(sum("reps")), tempo: plain(sum("in_tempo")) }) : say("alone_nothing");
}

at.send.addEventListener("click", send);
addEventListener("online", send);
setInterval(() => at.send.hidden || send(), TRY_AGAIN_MS);

fill();
openStore().then(async (opened) => { store = opened; await list(); await send(); }, () => note("alone_no_store"));

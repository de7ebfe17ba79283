/**
 * The page on the phone: a step at a time from the code to the strapped-on phone, then a locked screen.
 *
 *     code -> allow -> flat (still, screen up) -> [choose] -> sound -> strap -> worn -> done -> ...
 */

import { plain, rounded, say, spoken } from "../live/texts.js";
import { keepAwake } from "../live/wake.js";
import { Aloud } from "./aloud.js";
import { openByHolding } from "./lock.js";
import { Line } from "./line.js";
import { askLeave, watchMotion } from "./motion.js";
import { Outbox } from "./outbox.js";
import { platformOf } from "./platform.js";
import { rememberKey } from "../alone/key.js";

const TICKET = "tempo90-ticket";
const WORN = "tempo90-worn";
const FIT = "tempo90-fit"; // what the check of the sensor found: another process takes our word for it
const NO_EVENTS_MS = 3000;
const MESSAGE_S = 0.05;
const LEAST = 3;
const QUIET_MS = 1500; // a page in view that gets no events for so long: a call, or the system
const TRAINING = new Set(["calibrating", "ready", "set", "card", "rest"]);

const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
const outbox = new Outbox();
const aloud = new Aloud();
const stream = crypto.randomUUID();
const line = new Line(channelAddress(), outbox, hello, { message: receive, state: showLink, refused });
const known = { code: location.hash.slice(1), welcome: null, isWorn: false, isRejoining: false, hasSounded: false, choice: null, few: few(JSON.parse(recall(FIT) ?? "null")) };
let lastEventMs = 0;
let isQuiet = false;

history.replaceState(null, "", location.pathname + location.search); // a code is used once: not in the history

/* ---- the steps ---- */

function show(step) {
  at.phone.dataset.step = step;
  for (const section of document.querySelectorAll("[data-for]")) section.hidden = section.dataset.for !== step;
  const heading = document.querySelector(`[data-for="${step}"] h2`);
  heading?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function begin() {
  at.unscripted.hidden = true;
  if (at.phone.dataset.logIn || recall(TICKET) || known.code) show("allow");
  else show("code");
}

at["code-form"].addEventListener("submit", (event) => {
  event.preventDefault();
  known.code = at["code-field"].value;
  if (lastEventMs) line.open();
  else show("allow");
});

at["allow-button"].addEventListener("click", async () => {
  at["allow-problem"].hidden = true;
  const [leave] = await Promise.all([askLeave(), aloud.switch(false)]);
  if (leave !== "granted") return problem(`allow_${leave}`);
  keepAwake(true);
  if (!lastEventMs) {
    watchMotion(sample);
    setTimeout(() => lastEventMs || problem("allow_silent"), NO_EVENTS_MS);
  }
  line.open();
});

function problem(name) {
  at["allow-problem"].textContent = say(name);
  at["allow-problem"].hidden = false;
}

function sample(timeMs, values) {
  lastEventMs = performance.now();
  if (isQuiet) comeBack();
  outbox.push(timeMs, values);
  line.pump(known.few);
}

function hello() {
  const signs = platformOf(navigator);
  return { stream, platform: signs, code: known.code, ticket: recall(TICKET) ?? "", worn: known.isWorn, fit: JSON.parse(recall(FIT) ?? "null") };
}

function receive(message) {
  if (message.type === "welcome") return welcome(message);
  if (message.type === "check") {
    if (message.fit) {
      keep(FIT, JSON.stringify(message.fit));
      known.few = few(message.fit);
    }
    return showCheck(message.finding);
  }
  if (message.type === "done") return done(); // all of it was done before the line broke
  if (message.type === "bye") return ended();
  if (message.type === "failed") return failed(message.text);
  for (const happening of aloud.take(message)) happened(happening);
  if (message.type === "snapshot" && aloud.model.state?.state === "done" && known.isWorn) done(); // it ended meanwhile
  drawWorn();
}

function welcome(message) {
  keep(TICKET, message.ticket);
  if (message.key) rememberKey(message.key);
  known.code = "";
  const isFirst = known.welcome === null;
  known.welcome = message;
  if (!isFirst && !["code", "allow"].includes(at.phone.dataset.step)) {
    if (known.choice && at.phone.dataset.step !== "done") line.say({ ...known.choice, again: true }); // it may have been lost
    return;
  }
  known.isRejoining = recall(WORN) === "yes";
  show("flat");
  showCheck(message.finding);
}

function refused(reason) {
  forget(TICKET);
  if (at.phone.dataset.logIn) {
    show("allow");
    return problem(`refused_${reason}`);
  }
  known.code = "";
  at["code-problem"].textContent = say(`refused_${reason}`);
  at["code-problem"].hidden = false;
  show("code");
}

function showCheck(finding) {
  at["flat-state"].textContent = say(`check_${finding}`);
  at["flat-state"].dataset.finding = finding;
  at["flat-up"].hidden = finding !== "unsure";
  if (finding !== "fit" || at.phone.dataset.step !== "flat") return;
  if (known.isRejoining) goOn();
  else if (known.welcome.may_choose) showChoice();
  else showSound();
}

at["flat-up"].addEventListener("click", () => line.say({ type: "screen_up" }));

/* ---- what to train, where nobody has chosen yet ---- */

function showChoice() {
  keepAwake(true);
  at["choose-list"].replaceChildren(...known.welcome.exercises.map((one, k) => {
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "exercise", value: one.id, checked: k === 0 });
    const words = document.createElement("span");
    const name = Object.assign(document.createElement("strong"), { textContent: spoken(one.name) });
    const amount = one.reps ? say("choose_amount", { sets: one.sets, reps: one.reps }) : "";
    words.append(name, Object.assign(document.createElement("small"), { textContent: [spoken(one.posture), amount].filter(Boolean).join(" · ") }));
    const label = document.createElement("label");
    label.append(input, words);
    return label;
  }));
  const side = document.querySelector(`[name="side"][value="${known.welcome.side}"]`);
  if (side) side.checked = true;
  show("choose");
}

at["choose-form"].addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = new FormData(event.target);
  known.choice = { type: "train", exercise: chosen.get("exercise"), side: chosen.get("side") };
  line.say(known.choice);
  showSound();
});

/* ---- sound, strap, lock ---- */

function showSound() {
  show("sound");
}

async function soundTone() {
  known.hasSounded = true;
  at["tone-answer"].hidden = false;
  await aloud.test();
}
at["tone-button"].addEventListener("click", soundTone);
at["tone-heard"].addEventListener("click", async () => {
  const isHere = document.querySelector('[name="sound"][value="here"]').checked;
  if (isHere && !known.hasSounded) return soundTone(); // a coach that is not heard is none
  await aloud.switch(isHere);
  tellSound();
  showStrap();
});
at["tone-silent"].addEventListener("click", () => { at["tone-help"].hidden = false; });

function showStrap() {
  const one = known.welcome.exercises.find(({ id }) => id === known.choice?.exercise) ?? known.welcome.exercises[0];
  const side = known.choice?.side ?? known.welcome.side;
  at["strap-what"].textContent = [one ? spoken(one.name) : "", side ? say(`side_${side}`) : ""].filter(Boolean).join(" · ");
  at["strap-awake"].hidden = "wakeLock" in navigator;
  show("strap");
}

at["strap-button"].addEventListener("click", async () => {
  await aloud.resume();
  goOn();
});

/** From now on samples count: the phone is on the leg. */
function goOn() {
  known.isRejoining = false;
  known.isWorn = true;
  keepAwake(true);
  keep(WORN, "yes");
  line.say({ type: "worn", worn: true });
  lock(true);
  drawWorn();
  show("worn");
}

function lock(isLocked) {
  at.phone.dataset.locked = String(isLocked);
  at["worn-open"].hidden = isLocked;
  at["lock-hint"].hidden = !isLocked;
  at.hold.hidden = !isLocked;
  if (isLocked) document.documentElement.requestFullscreen?.().catch(() => {});
}

openByHolding(at.hold, {
  onProgress: (share) => at["hold-ring"].setAttribute("stroke-dashoffset", (1 - share).toFixed(3)),
  onOpen: () => { lock(false); at["lock-again"].focus(); },
});
at["lock-again"].addEventListener("click", () => lock(true));
at["stop-button"].addEventListener("click", () => line.say({ type: "stop" }));

/* ---- while it is worn ---- */

function happened({ kind, state }) {
  if (kind === "state" && state.state === "done" && at.phone.dataset.step === "worn") done();
  if (kind === "saved") at["done-saved"].hidden = false;
}

function drawWorn() {
  const { state, count, card, watched } = aloud.model;
  at.watched.hidden = watched.length === 0;
  at.watched.textContent = at.watched.hidden ? "" : say("watched_by", { names: watched.join(", ") });
  const name = TRAINING.has(state?.state) ? state.state : "wait";
  at.headline.textContent = state && name !== "wait" ? (spoken(state.text) || say(`state_${name}`)) : say("worn_wait");
  at["worn-count"].textContent = name === "set" || name === "ready" ? rounded(count) : "";
  at["worn-of"].textContent = name === "set" || name === "ready" ? say("reps_of", { target: state.reps_target }) : "";
  at["worn-set"].textContent = state ? say("set_of", { set: Math.max(1, state.set), sets: state.sets }) : "";
  at["done-card"].textContent = card ? say("done_card", { reps: card.reps, target: card.reps_target, seconds: plain(card.dose_s ?? 0) }) : "";
}

function done() {
  known.isWorn = false;
  keepAwake(false);
  forget(WORN);
  line.say({ type: "worn", worn: false });
  document.exitFullscreen?.().catch(() => {});
  aloud.speak(say("done_aloud"));
  at["again-button"].hidden = !known.welcome.may_choose;
  show("done");
}

/** tempo90 was ended: after a training that is as it should be, else it is said. */
function ended() {
  forget(TICKET);
  at["again-button"].hidden = true;
  if (at.phone.dataset.step === "done") return;
  done();
  at["done-ended"].hidden = false;
}

/** The training could not begin or go on: said here, or the computer says why. */
function failed(text) {
  done();
  if (text) at["done-failed"].textContent = text[document.documentElement.lang] ?? text.en;
  at["done-failed"].hidden = false;
}

at["again-button"].addEventListener("click", () => {
  for (const note of ["done-saved", "done-failed"]) at[note].hidden = true;
  showChoice();
});

/* ---- what gets in between: the line, another app, a call, the screen ---- */

function showLink(state) {
  at.lost.hidden = state !== "lost" || known.welcome === null;
  if (state === "open") tellWhere();
  if (state === "open" && aloud.isOn) tellSound();
}

/** The coach sounds from here, or from another place: never from both. */
function tellSound() {
  line.say({ type: "sound", on: aloud.isOn });
}

function tellWhere() {
  line.say({ type: "hidden", hidden: document.visibilityState === "hidden" });
}

document.addEventListener("visibilitychange", () => {
  tellWhere();
  if (document.visibilityState === "visible") {
    if (known.isWorn) isQuiet = true; // said when the first event is there again
    aloud.resume();
  }
});

setInterval(() => {
  const isSilent = lastEventMs > 0 && document.visibilityState === "visible" && performance.now() - lastEventMs > QUIET_MS;
  if (!isSilent) return;
  isQuiet = true;
  at.quiet.textContent = say("quiet_now");
  at.quiet.hidden = false;
}, QUIET_MS / 3);

function comeBack() {
  isQuiet = false;
  at.quiet.textContent = known.isWorn ? say("quiet_back") : "";
  at.quiet.hidden = !known.isWorn;
  if (!known.isWorn) return;
  aloud.speak(say("quiet_back"));
  setTimeout(() => { at.quiet.hidden ||= !isQuiet; }, 6000);
}

navigator.getBattery?.().then((battery) => {
  const tell = () => line.say({ type: "battery", percent: Math.round(battery.level * 100) });
  battery.addEventListener("levelchange", tell);
  setInterval(tell, 60000);
}, () => {});

/* ---- small things ---- */

/** How many samples are worth a message: 50 ms of them, at the rate that was found. */
function few(fit) {
  return Math.max(LEAST, Math.round((fit?.rate_hz ?? 0) * MESSAGE_S));
}

function channelAddress() {
  const address = new URL(at.phone.dataset.channel, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

function keep(name, value) {
  try { sessionStorage.setItem(name, value); } catch { /* private windows may refuse: then a reload needs a new code */ }
}
function recall(name) {
  try { return sessionStorage.getItem(name); } catch { return null; }
}
function forget(name) {
  try { sessionStorage.removeItem(name); } catch { /* nothing was kept */ }
}

addEventListener("hashchange", () => location.reload()); // another code was scanned
begin();

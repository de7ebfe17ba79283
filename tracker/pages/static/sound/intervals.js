/** The interval timer: says and beeps what to do, with the phone in a pocket and no sensor. */

import { plain, say, SPEECH_LANGUAGE } from "../live/texts.js";
import { keepAwake } from "../live/wake.js";
import { Choices } from "./choices.js";
import { at, beeps, begin, goneS, isOver, leftS, next, pause, resume } from "./course.js";
import { Schedule } from "./schedule.js";

const KEPT = "tempo90.intervals";
const LOOK_MS = 250;
const LATE_S = 3; // a change that the page slept through is not said any more
const SHORT_MS = 60_000; // away longer than this, a course waits where it was left
const PLANS = JSON.parse(document.getElementById("plans").textContent);

const element = Object.fromEntries([...document.querySelectorAll("[id]")].map((one) => [one.id, one]));
const sound = new Schedule();
const choices = new Choices();
choices.follow(({ volume }) => { sound.volume = volume; });
let run = readRun(); // {plan, level, course}, or null
let saidIndex = run?.course.index ?? null;

function readRun() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    if (!kept || !legsOf(kept)) return null;
    const isShort = Date.now() - kept.seenMs < SHORT_MS;
    return { ...kept, course: isShort ? kept.course : pause(kept.course, kept.seenMs) };
  } catch {
    return null; // storage is closed to this page, or an older version wrote it
  }
}

function keep() {
  try {
    if (run === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify({ ...run, seenMs: Date.now() }));
  } catch {
    // Without storage the timer works, but does not survive a reload.
  }
}

function legsOf({ plan, level }) {
  return PLANS.find((one) => one.id === plan)?.levels[level];
}

function speak(text) {
  const speech = window.speechSynthesis;
  if (!speech || !element.voice.checked) return;
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, { lang: SPEECH_LANGUAGE, volume: choices.values.volume });
  speech.cancel();
  speech.speak(utterance);
}

function legText(leg) {
  if (!leg) return say("interval_over");
  const course = leg.course_m ? { up: leg.course_m[0], sprint: leg.course_m[1], out: leg.course_m[2] } : {};
  return say(`interval_${leg.kind}`, course);
}

/** A change by hand: beeps are scheduled anew and the leg is said. */
function changed(course, { isSaid = true } = {}) {
  run = { ...run, course };
  sound.set(beeps(legsOf(run), course, Date.now()), Date.now());
  if (isSaid) speak(legText(legsOf(run)[course.index]));
  saidIndex = course.index;
  keep();
  look();
}

function look() {
  const nowMs = Date.now();
  if (run !== null) {
    const legs = legsOf(run);
    const course = at(legs, run.course, nowMs);
    const isLate = goneS(course, nowMs) > LATE_S;
    run = { ...run, course };
    if (course.index !== saidIndex) {
      saidIndex = course.index;
      if (!isLate) speak(legText(legs[course.index]));
      if (!isLate && choices.values.vibrates) navigator.vibrate?.([200, 100, 200]);
      keep();
    }
    draw(legs, course, nowMs);
  }
  element.choose.hidden = run !== null;
  element.timer.hidden = run === null;
  keepAwake(run !== null && run.course.pausedMs === null && !isOver(legsOf(run), run.course));
}

function draw(legs, course, nowMs) {
  const leg = legs[course.index];
  const left = leftS(legs, course, nowMs);
  write(element.now, legText(leg));
  write(element.clock, leg ? minutes(left === null ? goneS(course, nowMs) : Math.ceil(left)) : "");
  write(element.round, leg ? say("interval_round", { round: leg.round_number, rounds: leg.rounds }) : "");
  write(element.then, leg && legs[course.index + 1] ? say("interval_then", { what: legText(legs[course.index + 1]) }) : "");
  const isPaused = course.pausedMs !== null;
  write(element.pause, say(isPaused ? "interval_resume" : "interval_pause"));
  element.pause.hidden = element.next.hidden = !leg;
  write(element.stop, say(leg ? "interval_stop" : "interval_close"));
  element.timer.dataset.kind = isPaused ? "paused" : (leg?.kind ?? "over");
}

function minutes(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function showLevels() {
  const plan = PLANS.find((one) => one.id === element.plan.value);
  element.text.textContent = plan.text;
  element.level.replaceChildren(...plan.levels.map((legs, level) => {
    const whole = legs.reduce((sum, leg) => sum + (leg.duration_s ?? 0), 0);
    const isOpen = legs.some((leg) => leg.duration_s === null);
    return new Option(isOpen ? say("interval_open") : say("interval_minutes", { minutes: plain(whole / 60) }), level);
  }));
}

element.plan.addEventListener("change", showLevels);
element.start.addEventListener("click", async () => {
  await sound.open();
  run = { plan: element.plan.value, level: Number(element.level.value), course: null };
  sound.play("calibrated");
  changed(begin(Date.now()));
});
element.pause.addEventListener("click", async () => {
  await sound.open();
  const { course } = run;
  changed(course.pausedMs === null ? pause(course, Date.now()) : resume(course, Date.now()), { isSaid: course.pausedMs !== null });
});
element.next.addEventListener("click", async () => {
  await sound.open();
  sound.play("go");
  changed(next(legsOf(run), run.course, Date.now()));
});
element.stop.addEventListener("click", () => {
  sound.clear();
  window.speechSynthesis?.cancel();
  run = saidIndex = null;
  keep();
  look();
});
// After a reload the first tap anywhere gives the sound back.
addEventListener("pointerdown", async () => {
  if (run === null || sound.isOpen) return;
  await sound.open();
  sound.set(beeps(legsOf(run), run.course, Date.now()), Date.now());
});
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => { keep(); look(); });

showLevels();
setInterval(look, LOOK_MS);
look();

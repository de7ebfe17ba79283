/** The practice page: one return, seen and heard, in the right time or not. */

import { dress, findFigure, showPacer, turnLimb } from "../live/figure.js";
import { judgePace, paceDeg } from "../live/pacer.js";
import { say } from "../live/texts.js";
import { Choices } from "./choices.js";
import { Schedule } from "./schedule.js";

const START_DEG = 90;
const TEMPO_S = 3;
const BAND_S = [2.5, 3.5];
const SECOND = { ahead: "pace_ahead", on: "pace", behind: "pace_behind" };

const drawing = findFigure(document.getElementById("leg"));
const told = document.getElementById("told");
const sound = new Schedule();
new Choices().follow(({ volume }) => { sound.volume = volume; });
let startMs = null;
let returnS = TEMPO_S;

/** The tones of one return, as the coach would sound them: [{atMs, cue}]. */
function tones(beganMs) {
  const coming = [];
  let pace = "on";
  for (let second = 1; second < TEMPO_S; second += 1) {
    pace = judgePace(paceDeg(second, returnS, START_DEG), second, BAND_S, START_DEG, pace);
    coming.push({ atMs: beganMs + 1000 * second, cue: SECOND[pace] });
  }
  return [...coming, { atMs: beganMs + 1000 * TEMPO_S, cue: "pace_end" }];
}

async function play(seconds) {
  await sound.open();
  returnS = seconds;
  const now = Date.now();
  startMs = now + 400; // a breath, so that the first second can be heard whole
  sound.set([{ atMs: startMs, cue: "go" }, ...tones(startMs)], now);
  told.textContent = !sound.isOpen ? say("practice_silent")
    : say(seconds < BAND_S[0] ? "practice_fast" : seconds > BAND_S[1] ? "practice_slow" : "practice_right");
  requestAnimationFrame(draw);
}

function draw() {
  const elapsedS = Math.max(0, (Date.now() - startMs) / 1000);
  turnLimb(drawing, paceDeg(elapsedS, returnS, START_DEG));
  const isOn = elapsedS < Math.max(TEMPO_S, returnS);
  showPacer(drawing, isOn ? { elapsedS, tempoS: TEMPO_S, bandS: BAND_S, startDeg: START_DEG } : null);
  if (isOn) requestAnimationFrame(draw);
}

dress(drawing, "ecc_prone_helper", START_DEG);
turnLimb(drawing, START_DEG);
for (const button of document.querySelectorAll("[data-return-s]")) {
  button.addEventListener("click", () => play(Number(button.dataset.returnS)));
}

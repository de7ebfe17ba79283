/**
 * What stands on the stage while somebody trains: the leg with its arc, the figure of another
 * exercise, a ring for a hold, a dial for the cadence, or what to do now and what next.
 */

import { plain, rounded, say } from "../live/texts.js";
import { newDial, turnDial } from "./dial.js";
import { make, setText } from "./elements.js";
import { placeFigure, pose } from "./pose.js";
import { fillRing, newRing } from "./ring.js";
import { moveStrip, newStrip } from "./strip.js";
import { farDeg, usualDeg } from "./way.js";

const KNEES = new Set(["ecc_prone_helper", "ecc_seated_solo", "conc_seated"]);
const DRAWN = new Set(["ring", "dial", "board"]);
const FILLED = new Set(["picture", "still"]);
const LEAST_CADENCE_PER_MIN = 85; // of the cycling that the programme asks for, where a state does not tell

/** Which of them a state asks for. */
export function stageOf(state) {
  if (state?.movement === "stillness") return "ring";
  if (state?.movement === "cycling") return "dial";
  if (state?.movement === "gait") return "board";
  return !state?.exercise || KNEES.has(state.exercise) ? "leg" : "figure";
}

export class Stage {
  #leg;
  #posable;
  #drawn;
  #made = null;
  #strip = newStrip();

  constructor({ leg, posable, drawn }) {
    [this.#leg, this.#posable, this.#drawn] = [leg, posable, drawn];
  }

  /** Show the stage of this moment; `pacing` is how the slow way goes: {manner, way, elapsedS, bandS, pace}. */
  show(model, nowMs, pacing) {
    let kind = stageOf(model.state);
    if (kind === "figure" && !placeFigure(this.#posable, model.state.exercise)) kind = "leg";
    if (DRAWN.has(kind) && model.state.state !== "set") kind = "picture"; // nothing to read off yet
    if (stillOf(model) !== null) kind = "still";
    this.#leg.toggleAttribute("hidden", kind !== "leg");
    this.#posable.hidden = kind !== "figure";
    this.#drawn.hidden = !FILLED.has(kind) && !DRAWN.has(kind);
    if (kind === "figure") this.#pose(model, pacing);
    if (!this.#drawn.hidden) this.#draw(kind, model, nowMs);
  }

  #pose(model, pacing) {
    const { state, frame } = model;
    pose(this.#posable.figure, frame?.a ?? 0, usualDeg(model.reps));
    if (this.#strip.svg.parentNode !== this.#posable) this.#posable.append(this.#strip.svg);
    this.#strip.svg.toggleAttribute("hidden", state.state !== "set" || typeof state.tempo_s !== "number");
    moveStrip(this.#strip, { ...pacing, angleDeg: frame?.a ?? null, farDeg: farDeg(model, pacing.manner) });
  }

  #draw(kind, model, nowMs) {
    const key = `${kind} ${model.state.exercise}`;
    if (this.#made?.key !== key) {
      this.#made = { key, ...MAKERS[kind](model.state) };
      this.#drawn.replaceChildren(...this.#made.nodes);
    }
    FILLERS[kind]?.(this.#made, model, nowMs);
  }
}

const MAKERS = {
  picture(state) {
    const picture = document.getElementById(`card-${state.exercise}`)?.content.querySelector("svg");
    return { nodes: picture ? [picture.cloneNode(true)] : [] };
  },
  ring() {
    const ring = newRing(say("ring_label"));
    return { ring, nodes: [ring.svg] };
  },
  still() {
    const ring = newRing(say("still_ring"));
    return { ring, nodes: [ring.svg] };
  },
  dial(state) {
    const dial = newDial(say("cadence_unit"), state.cadence_target_per_min ?? LEAST_CADENCE_PER_MIN);
    const words = make("p", "dial-words", say("cadence_target", { target: plain(state.cadence_target_per_min ?? LEAST_CADENCE_PER_MIN) }));
    return { dial, nodes: [dial.svg, make("p", "dial-unit", say("cadence_unit")), words] };
  },
  board() {
    const parts = Object.fromEntries(["kind", "round", "next", "cadence"].map((name) => [name, make("p", `board-${name}`)]));
    const { kind, ...others } = parts;
    const ring = newRing(say("interval_ring"));
    return { parts, ring, nodes: [make("div", "board", kind, ring.svg, make("div", "board-words", ...Object.values(others)))] };
  },
};

const FILLERS = {
  still({ ring }, model) {
    const { stillS, ofS } = stillOf(model);
    fillRing(ring, stillS / ofS, `${Math.ceil(ofS - stillS)}`, say("still_left"));
  },
  ring({ ring }, model) {
    const target = model.state.hold_s ?? 30;
    const held = model.frame?.hold_s ?? model.holds.at(-1)?.held_s ?? 0;
    fillRing(ring, held / target, rounded(Math.min(held, 999)), say("hold_left", { target: plain(target) }));
  },
  dial({ dial }, model) {
    turnDial(dial, model.frame?.cadence_per_min ?? null);
  },
  board({ parts, ring }, model, nowMs) {
    const interval = model.frame?.interval;
    setText(parts.kind, interval ? kindText(interval.kind) : "");
    const seconds = interval ? secondsLeft(interval, nowMs - model.frameAtMs) : 0;
    fillRing(ring, interval?.of_s ? 1 - seconds / interval.of_s : 0, interval ? clock(seconds) : "", "");
    setText(parts.round, interval?.rounds > 1 ? say("interval_round", interval) : "");
    setText(parts.next, interval?.next ? say("interval_next", { kind: kindText(interval.next) }) : "");
    const cadence = model.frame?.cadence_per_min;
    setText(parts.cadence, typeof cadence === "number" ? `${rounded(cadence)} ${say("cadence_steps")}` : "");
  },
};

/** How long the leg has been still before a set, and how long it should be; null at any other time. */
export function stillOf({ state, frame }) {
  if (state?.state !== "calibrating" || typeof frame?.still_s !== "number") return null;
  return { stillS: frame.still_s, ofS: frame.still_of_s };
}

/** The word for a kind of interval. */
export function kindText(kind) {
  return say(`interval_${kind}`);
}

/** What is left of an interval, by the page's own clock; without a length, how long it lasts. */
export function secondsLeft(interval, sinceMs) {
  const goneS = Math.max(0, sinceMs) / 1000;
  if (typeof interval.left_s === "number") return Math.max(0, interval.left_s - goneS);
  return (interval.elapsed_s ?? 0) + goneS;
}

/** Minutes and seconds: 3:05; under a minute the seconds alone. */
export function clock(seconds) {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

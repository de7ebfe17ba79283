/** What the coach tells, as tones and speech from this phone: the same cues as the live page gives. */

import { cardAloud } from "../live/card.js";
import { newModel, phaseSeconds, take } from "../live/model.js";
import { judgePace, shareGone } from "../live/pacer.js";
import { Tones, Voice } from "../live/sound.js";
import { say, spoken } from "../live/texts.js";

const PACE_MS = 50;
const BAND_S = [2.5, 3.5];
const STATE_CUES = { ready: "calibrated", set: "go", card: "set_end" };
const REP_CUES = { in_tempo: "in_tempo", too_fast: "too_fast" };

export class Aloud {
  model = newModel();
  #tones = new Tones();
  #voice = new Voice();
  #verdict = "on";

  constructor() {
    setInterval(() => this.#pace(), PACE_MS);
  }

  get isOn() { return this.#tones.isOn; }

  /** Call this in a tap: browsers give sound to a tap alone. It sounds two short tones. */
  async switch(isOn) {
    if (!("AudioContext" in window)) return;
    this.#voice.switch(isOn && Voice.canSpeak());
    await this.#tones.switch(isOn);
  }

  /** The test tone, whether or not the coach is to sound from here afterwards. */
  async test() {
    await this.#tones.switch(true);
    this.#tones.play("set_end");
  }

  /** After a call, or back in view: the sound was taken away and is taken back. */
  async resume() {
    if (this.isOn) await this.#tones.switch(true);
  }

  speak(text) { this.#voice.say(text, { urgent: true }); }

  /** Take in a message of the coach; returns what happened. */
  take(message) {
    const happenings = take(this.model, message, performance.now());
    for (const happening of happenings) this.#sound(happening);
    return happenings;
  }

  #sound(happening) {
    const { state, rep, card } = happening;
    if (happening.kind === "state") {
      if (happening.isNew && state.state in STATE_CUES) this.#tones.play(STATE_CUES[state.state]);
      if (!["card", "set"].includes(state.state)) this.#voice.say(spoken(state.text));
    }
    if (happening.kind === "phase" && happening.phase === "hold" && this.#isLift()) this.#tones.play("let_go");
    if (happening.kind === "rep") {
      this.#tones.play(REP_CUES[rep.verdict] ?? "other");
      const isGood = ["in_tempo", "accepted"].includes(rep.verdict);
      this.#voice.say(isGood ? `${rep.n}` : `${rep.n}. ${say(`verdict_${rep.verdict}`)}`, { urgent: true });
    }
    if (happening.kind === "card") this.#voice.say(cardAloud(card));
  }

  #isLift() {
    return ["ecc_prone_helper", "ecc_seated_solo"].includes(this.model.state?.exercise);
  }

  #pace() {
    const { state, phase, frame, startDeg } = this.model;
    const isSlow = state?.state === "set" && phase === "eccentric" && typeof state.tempo_s === "number";
    const elapsedS = isSlow ? phaseSeconds(this.model, performance.now()) : 0;
    const angleDeg = isSlow && startDeg > 0 ? (frame?.a ?? null) : null;
    this.#verdict = angleDeg === null ? "on" : judgePace(angleDeg, elapsedS, state.tempo_band_s ?? BAND_S, startDeg, this.#verdict);
    this.#tones.pace(isSlow ? shareGone(elapsedS, state.tempo_s) : null, this.#verdict);
  }
}

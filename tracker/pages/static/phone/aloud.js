/** What the coach tells, as tones and speech from this phone: the same as the training page gives. */

import { newModel, phaseSeconds, take } from "../live/model.js";
import { judgePace, shareGone } from "../live/pacer.js";
import { Choices } from "../sound/choices.js";
import { Ear } from "../sound/ear.js";
import { Tones } from "../sound/tones.js";

const PACE_MS = 50;
const PHONE_PAGE = "phone"; // as the server names this page
const BAND_S = [2.5, 3.5];

export class Aloud {
  model = newModel();
  #ear = new Ear(new Choices());
  #verdict = "on";

  constructor() {
    setInterval(() => this.#pace(), PACE_MS);
  }

  get isOn() { return this.#ear.isOn; }

  /** Call this in a tap: browsers give sound to a tap alone. It sounds two short tones. */
  async switch(isOn) {
    if (Tones.canSound) await this.#ear.switch(isOn);
  }

  /** The test tone, whether or not the coach is to sound from here afterwards. */
  async test() {
    await this.switch(true);
    this.#ear.cue("set_end");
  }

  /** After a call, or back in view: the sound was taken away and is taken back. */
  async resume() {
    if (this.isOn) await this.switch(true);
  }

  speak(text) { this.#ear.speak(text); }

  /** Take in a message of the coach; returns what happened. */
  take(message) {
    const isElsewhere = message.type === "sound" && message.page !== null && message.page !== PHONE_PAGE;
    if (isElsewhere) this.#ear.switch(false); // somebody switched a page on
    this.#ear.take(message);
    return take(this.model, message, performance.now());
  }

  #pace() {
    const { state, phase, frame, startDeg } = this.model;
    const isSlow = state?.state === "set" && phase === "eccentric" && typeof state.tempo_s === "number";
    const elapsedS = isSlow ? phaseSeconds(this.model, performance.now()) : 0;
    const angleDeg = isSlow && startDeg > 0 ? (frame?.a ?? null) : null;
    this.#verdict = angleDeg === null ? "on" : judgePace(angleDeg, elapsedS, state.tempo_band_s ?? BAND_S, startDeg, this.#verdict);
    this.#ear.pace(isSlow ? shareGone(elapsedS, state.tempo_s) : null, this.#verdict);
  }
}

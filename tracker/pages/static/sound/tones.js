/**
 * Tones of this page: the coach's cues, and one soft tone that falls an octave with the pacer.
 *
 * Browsers give sound to a tap alone, so it has to be opened in one. While a voice speaks all tones
 * are softer, so that both can be heard.
 */

import { CUES } from "./cues.js";

const PACE_TOP_HZ = 523.25;
const PACE_OCTAVES = 1;
const PACE_SHIFT = { ahead: 4 / 3, on: 1, behind: 3 / 4 };
const PACE_GAIN = 0.08;
const CUE_GAIN = 0.28;
const DUCKED = 0.35; // of the volume, while somebody speaks
const DUCK_S = 0.05;
const RAMP_S = 0.03;

export class Tones {
  #context = null;
  #master = null;
  #pace = null;
  #volume = 1;
  #isDucked = false;
  isOn = false;

  /** Whether this browser has sound at all. */
  static get canSound() { return "AudioContext" in window; }

  /** Call this in a click handler. Resolves to whether there is sound now. */
  async open() {
    if (!Tones.canSound) return false;
    if (this.#context === null) {
      this.#context = new AudioContext();
      this.#master = new GainNode(this.#context, { gain: this.#loudness });
      this.#master.connect(this.#context.destination);
    }
    await this.#context.resume();
    return this.#context.state === "running";
  }

  /** Switch on, in a click handler: two short tones say so. */
  async switch(isOn) {
    this.isOn = isOn;
    if (!isOn) return this.pace(null);
    await this.open();
    return this.play("calibrated");
  }

  /** 0 to 1. */
  set volume(volume) {
    this.#volume = volume;
    this.#level();
  }

  /** Make room for a voice, or stop doing so. */
  duck(isDucked) {
    this.#isDucked = isDucked;
    this.#level();
  }

  // Loudness is heard by its logarithm: the square of the slider feels even.
  get #loudness() { return this.#volume ** 2 * (this.#isDucked ? DUCKED : 1); }

  #level() {
    this.#master?.gain.setTargetAtTime(this.#loudness, this.#context.currentTime, DUCK_S);
  }

  play(cue) {
    if (!this.isOn || this.#context === null) return;
    let at = this.#context.currentTime + 0.01;
    for (const [pitch, seconds] of CUES[cue] ?? []) {
      if (pitch > 0) this.#beep(pitch, at, seconds);
      at += seconds;
    }
  }

  #beep(pitch, at, seconds) {
    const { oscillator, gain } = this.#voice(pitch);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(CUE_GAIN, at + 0.01);
    gain.gain.setValueAtTime(CUE_GAIN, at + seconds - 0.02);
    gain.gain.linearRampToValueAtTime(0, at + seconds);
    oscillator.start(at);
    oscillator.stop(at + seconds);
  }

  #voice(pitch) {
    const oscillator = new OscillatorNode(this.#context, { type: "sine", frequency: pitch });
    const gain = new GainNode(this.#context, { gain: 0 });
    oscillator.connect(gain).connect(this.#master);
    return { oscillator, gain };
  }

  /**
   * Let the pacing tone sound for a share of the way gone (0 to 1); null or 1 ends it. `verdict`
   * shifts it by a fourth: up when the leg is ahead, down when it is behind.
   */
  pace(share, verdict = "on") {
    if (!this.isOn || this.#context === null || share === null || share >= 1) return this.#endPace();
    const now = this.#context.currentTime;
    if (!this.#pace) {
      this.#pace = this.#voice(PACE_TOP_HZ);
      this.#pace.oscillator.start();
      this.#pace.gain.gain.setTargetAtTime(PACE_GAIN, now, RAMP_S);
    }
    this.#pace.oscillator.frequency.setTargetAtTime(PACE_TOP_HZ * 2 ** (-PACE_OCTAVES * share) * PACE_SHIFT[verdict], now, RAMP_S);
  }

  #endPace() {
    if (!this.#pace) return;
    const { oscillator, gain } = this.#pace;
    const now = this.#context.currentTime;
    gain.gain.setTargetAtTime(0, now, RAMP_S);
    oscillator.stop(now + 8 * RAMP_S);
    this.#pace = null;
  }
}

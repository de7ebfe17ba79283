/**
 * Tones and voice, each switched on by a tap (browsers ask for one) and off by the next.
 *
 * During the slow return one soft tone falls an octave with the pacer: a patient who lies face down
 * hears how far the leg should be, and that it is over when the tone ends. The pitches of the cues
 * are those of the coach in the terminal.
 */

import { CUES as COACH_CUES } from "../sound/cues.js";
import { SPEECH_LANGUAGE } from "./texts.js";

const PACE_TOP_HZ = 523.25;
const PACE_OCTAVES = 1;
const PACE_SHIFT = { ahead: 4 / 3, on: 1, behind: 3 / 4 };
const PACE_GAIN = 0.08;
const CUE_GAIN = 0.22;
const RAMP_S = 0.03;

/** The coach's cues, and how this page tells the verdict on a repetition. */
const CUES = {
  ...COACH_CUES,
  in_tempo: [[784, 0.07], [988, 0.12]],
  other: [[440, 0.12]],
  too_fast: [[330, 0.12], [0, 0.05], [262, 0.18]],
};

export class Tones {
  #context = null;
  #pace = null;
  isOn = false;

  /** Call this in a click handler. */
  async switch(isOn) {
    this.isOn = isOn;
    if (!isOn) return this.pace(null);
    this.#context ??= new AudioContext();
    await this.#context.resume();
    return this.play("calibrated");
  }

  play(cue) {
    if (!this.isOn) return;
    let at = this.#context.currentTime + 0.01;
    for (const [pitch, seconds] of CUES[cue]) {
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
    oscillator.connect(gain).connect(this.#context.destination);
    return { oscillator, gain };
  }

  /**
   * Let the pacing tone sound for a share of the way gone (0 to 1); null or 1 ends it. `verdict`
   * shifts it by a fourth: up when the leg is ahead, down when it is behind.
   */
  pace(share, verdict = "on") {
    if (!this.isOn || share === null || share >= 1) return this.#endPace();
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

export class Voice {
  isOn = false;

  /** Whether this browser can speak the language of the page. */
  static canSpeak() {
    const speech = window.speechSynthesis;
    return Boolean(speech) && speech.getVoices().some((voice) => voice.lang.replace("_", "-").startsWith(SPEECH_LANGUAGE.slice(0, 2)));
  }

  switch(isOn) {
    this.isOn = isOn;
    if (!isOn) window.speechSynthesis?.cancel();
  }

  /** Say it; what is still being said makes room when it is `urgent`. */
  say(text, { urgent = false } = {}) {
    if (!this.isOn || !text) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = SPEECH_LANGUAGE;
    if (urgent) window.speechSynthesis.cancel();
    window.speechSynthesis.speak(utterance);
  }
}

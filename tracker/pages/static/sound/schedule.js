/**
 * Tones at a time of the wall clock, given to the sound card ahead of it.
 *
 * A hidden page runs its timers seldom, but its sound goes on: what is scheduled here is heard on
 * time with the phone in a pocket. A constant source too faint to hear keeps the sound going.
 */

import { CUES } from "./cues.js";

const GAIN = 0.28;
const RAMP_S = 0.008;
const FAINT = 0.00001;

export class Schedule {
  #context = null;
  #master = null;
  #volume = 1;
  #nodes = new Set();
  /** What was given to the sound card last, as [{cue, atMs, atS}]: for the test of its timing. */
  given = [];

  /** Call this in a tap: browsers give sound to a tap alone. */
  async open() {
    if (!("AudioContext" in window)) return;
    if (this.#context === null) {
      this.#context = new AudioContext();
      this.#master = new GainNode(this.#context, { gain: this.#volume ** 2 });
      this.#master.connect(this.#context.destination);
      const faint = new ConstantSourceNode(this.#context, { offset: FAINT });
      faint.connect(this.#context.destination);
      faint.start();
    }
    await this.#context.resume();
  }

  /** 0 to 1; what is scheduled already follows. */
  set volume(volume) {
    this.#volume = volume;
    if (this.#master !== null) this.#master.gain.value = volume ** 2; // even to the ear, as in tones.js
  }

  get isOpen() { return this.#context !== null; }

  get nowS() { return this.#context?.currentTime ?? 0; }

  /** Replace all that is scheduled by these beeps, [{atMs, cue}], on the clock of Date.now. */
  set(beeps, nowMs) {
    this.clear();
    if (this.#context === null) return;
    this.given = beeps.map(({ cue, atMs }) => ({ cue, atMs, atS: this.nowS + (atMs - nowMs) / 1000 }));
    for (const { cue, atS } of this.given) this.#sound(cue, atS);
  }

  /** Play it now. */
  play(cue) {
    if (this.#context !== null) this.#sound(cue, this.nowS + 0.01);
  }

  clear() {
    for (const node of this.#nodes) node.stop();
    this.#nodes.clear();
    this.given = [];
  }

  #sound(cue, atS) {
    let startS = atS;
    for (const [pitch, seconds] of CUES[cue]) {
      if (pitch > 0) this.#tone(pitch, startS, seconds);
      startS += seconds;
    }
  }

  #tone(frequency, startS, seconds) {
    const oscillator = new OscillatorNode(this.#context, { frequency });
    const gain = new GainNode(this.#context, { gain: 0 });
    oscillator.connect(gain).connect(this.#master);
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(GAIN, startS + RAMP_S);
    gain.gain.setValueAtTime(GAIN, startS + seconds - RAMP_S);
    gain.gain.linearRampToValueAtTime(0, startS + seconds);
    oscillator.start(startS);
    oscillator.stop(startS + seconds);
    this.#nodes.add(oscillator);
    oscillator.addEventListener("ended", () => this.#nodes.delete(oscillator));
  }
}

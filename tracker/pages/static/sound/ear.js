/** Everything that a training is heard and felt by on this device: tones, voice, vibration. */

import { spoken } from "../live/texts.js";
import { Mouth } from "./mouth.js";
import { SpeechQueue } from "./queue.js";
import { Tones } from "./tones.js";

/** What is felt, in ms on, off, on ...: what a patient acts on, and no more. */
export const VIBRATIONS = {
  go: [200],
  let_go: [80],
  pace_end: [120, 60, 120],
  down: [80, 60, 80],
  attention: [300, 100, 300],
  set_end: [200, 100, 200, 100, 400],
  rest_end: [150, 100, 150, 100, 150],
};
const SPOKEN = { off: [], counts: ["urgent", "count"], all: ["urgent", "count", "guide", "result"] };

export class Ear {
  #tones = new Tones();
  #mouth = new Mouth((isSpeaking) => this.#tones.duck(isSpeaking));
  #queue = new SpeechQueue(this.#mouth, () => performance.now());
  #choices;

  /** `choices`: of this device, a `Choices`. */
  constructor(choices) {
    choices.follow((values) => {
      this.#choices = values;
      this.#tones.volume = values.volume;
      this.#mouth.volume = values.volume;
      if (values.speech === "off") this.#queue.clear();
    });
  }

  get isOn() { return this.#tones.isOn; }

  get canSpeak() { return this.#mouth.canSpeak; }

  /** Call this in a tap: browsers give sound to a tap alone. */
  async switch(isOn) {
    if (!isOn) this.#queue.clear();
    await this.#tones.switch(isOn);
  }

  /** Back in view, or after a call: the sound was taken away and is taken back. */
  async resume() {
    if (this.isOn) await this.#tones.open();
  }

  /** Take in a message of the coach. */
  take(message) {
    if (!this.isOn) return;
    if (message.type === "cue") this.cue(message.cue);
    if (message.type === "say") this.#say(message);
  }

  /** Sound a cue, and let it be felt. */
  cue(name) {
    if (!this.isOn) return;
    this.#tones.play(name);
    if (this.#choices.vibrates && name in VIBRATIONS) navigator.vibrate?.(VIBRATIONS[name]);
  }

  /** Say something of the page itself, at once. */
  speak(text) { this.#say({ rank: "urgent", text, cue: null }); }

  /** See `Tones.pace`. */
  pace(share, verdict) { this.#tones.pace(this.#choices.glides ? share : null, verdict); }

  #say({ rank, text, cue }) {
    if (!this.isOn || !SPOKEN[this.#choices.speech].includes(rank)) return;
    const words = typeof text === "string" ? text : spoken(text);
    if (this.canSpeak) this.#queue.say({ rank, text: words });
    else if (cue) this.#tones.play(cue);
  }
}

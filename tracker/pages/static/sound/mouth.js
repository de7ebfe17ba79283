/** The voice of this browser in the language of the page; knows when it has none. */

import { SPEECH_LANGUAGE } from "../live/texts.js";

const MS_A_CHARACTER = 110; // slower than any voice speaks: some browsers never tell the end
const START_MS = 1500;

/** The best voice of a language among those of a browser: one that works without a network first. */
export function bestVoice(voices, language) {
  const short = language.slice(0, 2).toLowerCase();
  const found = voices.filter(({ lang }) => lang.replace("_", "-").toLowerCase().split("-")[0] === short);
  const isExact = ({ lang }) => lang.replace("_", "-").toLowerCase() === language.toLowerCase();
  const rank = (voice) => (voice.localService ? 2 : 0) + (isExact(voice) ? 1 : 0);
  return found.sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

export class Mouth {
  #voice = null;
  #onChange;
  volume = 1;

  /** `onChange(isSpeaking)`: for what should be softer meanwhile. */
  constructor(onChange = () => {}) {
    this.#onChange = onChange;
    this.#look();
    window.speechSynthesis?.addEventListener?.("voiceschanged", () => this.#look());
  }

  /** Whether this browser can speak the language of the page; some know it only after a while. */
  get canSpeak() { return this.#voice !== null; }

  #look() {
    this.#voice = bestVoice(window.speechSynthesis?.getVoices() ?? [], SPEECH_LANGUAGE);
  }

  speak({ text }, onEnd) {
    const utterance = new SpeechSynthesisUtterance(text);
    Object.assign(utterance, { lang: SPEECH_LANGUAGE, voice: this.#voice, volume: this.volume });
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(watch);
      this.#onChange(false);
      onEnd();
    };
    const watch = setTimeout(end, START_MS + MS_A_CHARACTER * text.length);
    utterance.addEventListener("end", end);
    utterance.addEventListener("error", end);
    this.#onChange(true);
    speechSynthesis.speak(utterance);
  }

  cancel() {
    window.speechSynthesis?.cancel();
    this.#onChange(false);
  }
}

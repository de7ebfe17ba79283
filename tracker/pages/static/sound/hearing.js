/** The sound of the training page and of the live page: its switch, its fields, and what it plays. */

import { say } from "../live/texts.js";
import { setText } from "../train/elements.js";
import { Choices } from "./choices.js";
import { Ear } from "./ear.js";
import { SoundHere } from "./here.js";
import { bindPanel } from "./panel.js";
import { Tones } from "./tones.js";

/**
 * Let a page be heard. `at`: its elements by id; `send(command)`: to the server; `isUsual`: whether
 * it sounds where nobody chose.
 */
export function hearTraining(at, { send, isUsual }) {
  const choices = new Choices();
  const ear = new Ear(choices);
  const here = new SoundHere({ ear, choices, send, isUsual, onChange: show });

  function show() {
    const state = here.isOn ? "on" : here.elsewhere ? "elsewhere" : here.isWaiting ? "waiting" : "off";
    at.sound.setAttribute("aria-pressed", String(here.isOn));
    at.sound.dataset.state = state;
    at.sound.title = say(`sound_${state}`);
    setText(at["sound-state"], say(`sound_${state}`));
  }

  at.sound.hidden = at["sound-more"].hidden = !Tones.canSound;
  at.sound.addEventListener("click", () => here.switch(!here.isOn));
  bindPanel(at["sound-more"], choices, {
    canSpeak: () => ear.canSpeak,
    async onTry() {
      if (!here.isOn) await here.switch(true);
      ear.cue("rep_good");
      ear.speak(at["sound-more"].querySelector("[data-trial]").dataset.trial);
    },
  });
  addEventListener("keydown", ({ key }) => { if (key === "Escape") at["sound-more"].open = false; });
  addEventListener("pointerdown", ({ target }) => { at["sound-more"].open &&= at["sound-more"].contains(target); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ear.resume(); });
  show();

  return {
    /** Take in a message of the live channel. */
    take(message) {
      const told = message.type === "snapshot" ? message.messages.find(({ type }) => type === "sound") : message;
      if (told?.type === "sound") here.heard(told);
      ear.take(message);
    },
    cue: (name) => ear.cue(name),
    pace: (share, verdict) => ear.pace(share, verdict),
    /** The line to the server was opened, or lost. */
    link: (state) => { if (state === "open") here.opened(); },
  };
}

/** The sound of this device, on a page that plays nothing but a trial. */

import { Choices } from "./choices.js";
import { Ear } from "./ear.js";
import { bindPanel } from "./panel.js";

const panel = document.querySelector("[data-sound-panel]");
const choices = new Choices();
const ear = new Ear(choices);

bindPanel(panel, choices, {
  canSpeak: () => ear.canSpeak,
  async onTry() {
    if (!ear.isOn) await ear.switch(true);
    ear.cue("rep_good");
    ear.speak(panel.dataset.trial);
  },
});

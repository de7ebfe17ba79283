/** The fields for volume, speech, falling tone and vibration: each holds at once, on this device. */

/** Bind the fields in `panel` to the choices; `onTry()` lets one hear them. */
export function bindPanel(panel, choices, { onTry, canSpeak }) {
  const field = (name) => panel.querySelectorAll(`[name="${name}"]`);
  const one = (name) => field(name)[0];
  choices.follow((values) => {
    one("volume").value = Math.round(100 * values.volume);
    for (const radio of field("speech")) radio.checked = radio.value === values.speech;
    one("glides").checked = values.glides;
    one("vibrates").checked = values.vibrates;
  });
  one("volume").addEventListener("input", ({ target }) => choices.choose({ volume: Number(target.value) / 100 }));
  for (const radio of field("speech")) radio.addEventListener("change", () => choices.choose({ speech: radio.value }));
  for (const name of ["glides", "vibrates"]) one(name).addEventListener("change", ({ target }) => choices.choose({ [name]: target.checked }));
  one("vibrates").closest("label").hidden = !("vibrate" in navigator);
  const told = panel.querySelector("[data-no-voice]");
  const look = () => { told.hidden = canSpeak(); };
  window.speechSynthesis?.addEventListener?.("voiceschanged", look);
  panel.querySelector("[data-try]").addEventListener("click", () => { look(); onTry(); });
  look();
}

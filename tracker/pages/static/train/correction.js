/** "Count wrong?": the patient's own count, kept beside what was measured. */

import { say } from "../live/texts.js";
import { button, make } from "./elements.js";

const MOST = 200;

/** Make the correction of a card; `onCorrect(reps)` keeps it. */
export function correctionOf(card, onCorrect) {
  const told = typeof card.reps_by_patient === "number"
    ? make("p", "card-told", say("card_corrected", { n: card.reps_by_patient, measured: card.reps }))
    : null;
  if (!onCorrect) return told;
  const label = make("label", "", say("card_correct"));
  const field = make("input", "count-field");
  Object.assign(field, { type: "number", min: "0", max: `${MOST}`, value: `${card.reps_by_patient ?? card.reps}`, id: "count-field", inputMode: "numeric" });
  label.htmlFor = field.id;
  const save = button(say("card_correct_save"), () => {
    if (field.reportValidity() && field.value !== "") onCorrect(Number(field.value));
  });
  return make("div", "card-correction", told, make("details", "", make("summary", "", say("card_wrong")), make("p", "count-form", label, " ", field, " ", save)));
}

/** Which band or step is used: told on the card of the exercise or in a rest, kept at once. */

import { say } from "../live/texts.js";
import { make } from "./elements.js";

const SHOWN_IN = new Set(["intro", "move_sensor", "connecting", "card", "rest"]); // never under a set
const CHOICES = { kind: ["training_band", "inner_tube", "inner_tube_halved"], pre_stretch: ["less", "same", "more"], stage: ["slow", "faster", "springing"] };
const BAND = ["kind", "colour", "is_double", "pre_stretch"];
const FIELDS = { band: BAND, helped_band: [...BAND, "helper_presses"], step: ["stage", "height_cm"] };
const FLAGS = { is_double: ["gear_single", "gear_double"], helper_presses: ["gear_helper_lifts", "gear_helper_presses"] }; // no, yes
const LONGEST_COLOUR = 40;
const HIGHEST_CM = 100;

/** Show the form of a state, or nothing; `onTell(gear)` keeps it, without it the page only looks on. */
export function showGear(section, state, onTell) {
  const gear = SHOWN_IN.has(state?.state) ? (state.gear ?? null) : null;
  section.hidden = gear === null || (!onTell && !gear.told);
  if (section.hidden) return;
  const key = `${state.state} ${state.exercise} ${JSON.stringify(gear)} ${Boolean(onTell)}`;
  if (section.dataset.key === key) return;
  const isOther = section.dataset.exercise !== state.exercise;
  if (!isOther && section.contains(document.activeElement)) {
    section.querySelector(".gear-now").textContent = gearText(gear); // the form already says it
    return;
  }
  const isSameState = section.dataset.state === state.state;
  Object.assign(section.dataset, { key, exercise: state.exercise, state: state.state });
  const wasOpen = !isOther && isSameState && Boolean(section.querySelector("details")?.open);
  section.replaceChildren(onTell ? formOf(gear, onTell, wasOpen || !gear.told) : make("p", "gear-now", gearText(gear)));
}

/** A band is called a band, with a helper too. */
function namedBy(asks) {
  return asks === "helped_band" ? "band" : asks;
}

/** What is used, in a few words. */
export function gearText({ asks, told }) {
  if (!told) return say(`gear_${namedBy(asks)}_open`);
  if (typeof told === "string") return told;
  const parts = FIELDS[asks].map((name) => partText(name, told[name])).filter(Boolean);
  return parts.length ? parts.join(", ") : say(`gear_${namedBy(asks)}_open`);
}

function partText(name, value) {
  if (value === undefined || value === null) return "";
  if (name in FLAGS) return say(FLAGS[name][value ? 1 : 0]);
  if (name === "height_cm") return say("gear_height", { cm: value });
  if (name === "pre_stretch") return say(`gear_stretch_${value}`);
  return name in CHOICES ? say(`gear_${value}`) : value;
}

function formOf(gear, onTell, isOpen) {
  const told = typeof gear.told === "object" && gear.told ? gear.told : typeof gear.told === "string" ? { colour: gear.told.slice(0, LONGEST_COLOUR) } : {};
  const form = make("form", "gear-form", ...FIELDS[gear.asks].map((name) => fieldOf(name, told)));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    if (form.reportValidity()) onTell(readGear(gear.asks, new FormData(form)));
  });
  const details = make("details", "", make("summary", "", say(`gear_${namedBy(gear.asks)}`), " ", make("span", "gear-now", gearText(gear))), form);
  details.open = isOpen;
  return details;
}

/** What the form says; what was left open is null. */
export function readGear(asks, fields) {
  const text = (name) => fields.get(name)?.trim() || null;
  const flag = (name) => (text(name) === null ? null : text(name) === "yes");
  const read = { is_double: flag, helper_presses: flag, height_cm: (name) => (text(name) === null ? null : Number(text(name))) };
  return Object.fromEntries(FIELDS[asks].map((name) => [name, (read[name] ?? text)(name)]));
}

function fieldOf(name, told) {
  if (name === "colour") return labelled(name, Object.assign(make("input"), { name, type: "text", maxLength: LONGEST_COLOUR, value: told.colour ?? "", autocomplete: "off" }));
  if (name === "height_cm") return labelled(name, Object.assign(make("input"), { name, type: "number", min: 1, max: HIGHEST_CM, inputMode: "numeric", value: told.height_cm ?? "" }));
  const chosen = name in FLAGS ? { true: "yes", false: "no" }[told[name]] : told[name];
  const options = name in FLAGS ? [["no", say(FLAGS[name][0])], ["yes", say(FLAGS[name][1])]] : CHOICES[name].map((value) => [value, partText(name, value)]);
  return labelled(name, make("select", "", new Option(say("gear_unknown"), ""), ...options.map(([value, text]) => new Option(text, value, false, value === chosen))));
}

function labelled(name, control) {
  control.name = name;
  return make("label", "gear-field", make("span", "", say(`gear_ask_${name}`)), control);
}

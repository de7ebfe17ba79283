/**
 * What a person asks for on this page: buttons, keys, and the line they travel on.
 *
 * A command says in which state it was given, so that a page that is behind is not obeyed twice.
 */

/** Which buttons stand in which state, beside "stop"; `next` is the large one. */
const BUTTONS = {
  questions: ["next"],
  intro: ["next", "skip", "self"],
  move_sensor: ["next", "skip", "self"],
  connecting: ["next", "skip", "self"],
  calibrating: ["next", "skip"],
  ready: ["next"],
  set: ["next"],
  card: ["next", "again"],
  rest: ["next", "again", "skip"],
};

/** The buttons of a state: [] where nothing can be asked for. */
export function buttonsOf(state) {
  return BUTTONS[state] ?? [];
}

/** The command that a button gives, in the state that the page shows. */
export function commandOf(button, state) {
  if (button === "self") return { do: "self_report", step: state.step, state: state.state };
  return { do: button, state: state.state };
}

/**
 * The command of a pressed key, or null: space goes on, Escape asks whether to stop. Keys belong
 * to what has the focus first: a button, a field, an open question.
 */
export function keyOf(event) {
  const isTaken = event.target.closest?.("button, a, input, select, summary, dialog, [tabindex='0']");
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return null;
  if (event.key === "Escape") return "stop";
  return event.key === " " && !isTaken ? "next" : null;
}

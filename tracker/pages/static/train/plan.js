/** Today's exercises: what was done, what is on, what comes. */

import { hidden } from "../live/dots.js";
import { plain, rounded, say, spoken } from "../live/texts.js";
import { button, fillOnce, make, setText } from "./elements.js";

const MARKS = { todo: "○", doing: "▶", done: "✓", skipped: "–", self_reported: "✓" };

/** Show the list; `onGoto(step)` is called for a step that somebody chooses, where they may. */
export function showPlan({ title, list }, plan, onGoto) {
  const minutes = plan.minutes_left > 0 ? say("plan_left", { minutes: rounded(plan.minutes_left) }) : "";
  setText(title, [say("plan_title"), minutes].filter(Boolean).join(" · "));
  fillOnce(list, JSON.stringify(plan.steps) + Boolean(onGoto), () => plan.steps.map((step) => itemOf(step, onGoto)));
}

function itemOf(step, onGoto) {
  const mark = make("span", "step-mark", MARKS[step.state] ?? "");
  mark.setAttribute("aria-hidden", "true");
  const name = spoken(step.name);
  const words = make("span", "step-words", make("span", "step-name", name), make("span", "step-dose", doseOf(step)), hidden(`, ${say(`step_${step.state}`)}`));
  const item = make("li", `step step-${step.state}`, mark);
  if (step.state === "doing") item.setAttribute("aria-current", "step");
  if (onGoto && step.state !== "doing") {
    const go = button("", () => onGoto(step.n), "step-go");
    go.setAttribute("aria-label", `${say("step_goto", { name })}, ${say(`step_${step.state}`)}`);
    go.append(words);
    item.append(go);
  } else item.append(words);
  return item;
}

function doseOf(step) {
  const side = step.side ? say(`side_${step.side}`) : "";
  const dose = step.reps
    ? say("step_sets_reps", { sets: step.sets, reps: step.reps })
    : step.hold_s ? say("step_sets_hold", { sets: step.sets, seconds: plain(step.hold_s) }) : "";
  return [dose, side, step.state === "self_reported" ? say("step_self_reported") : ""].filter(Boolean).join(" · ");
}

/** What a sitting came to, and what the programme has to say to it. */

import { say, spoken } from "../live/texts.js";
import { button, fillOnce, make } from "./elements.js";

/** Show the summary; `onAccept(code)` carries out an offer, `onAgain` begins another training. */
export function showSummary(section, summary, { onAccept = null, onAgain = null }) {
  fillOnce(section, JSON.stringify(summary) + Boolean(onAccept), () => {
    const title = make("h2", "card-title", say("summary_title"));
    title.id = "summary-title";
    return [title, summary.text ? make("p", "advice-text", spoken(summary.text)) : null, doneOf(summary), adviceOf(summary, onAccept), onAgain && make("p", "summary-again", button(say("train_again"), onAgain))];
  });
}

function doneOf(summary) {
  return make("ul", "summary-done", ...(summary.exercises ?? []).map((one) => {
    const parts = [
      one.sets ? say("summary_sets", { sets: one.sets }) : "",
      one.reps ? say("summary_reps", { n: one.reps }) : "",
      typeof one.in_tempo === "number" && one.reps ? say("summary_in_tempo", { n: one.in_tempo }) : "",
      one.state === "done" ? "" : say(`step_${one.state}`),
    ];
    return make("li", "", make("span", "step-name", spoken(one.name)), make("span", "step-dose", parts.filter(Boolean).join(" · ")));
  }));
}

function adviceOf(summary, onAccept) {
  return make("ul", "card-advice", ...(summary.advice ?? []).map((one) => make(
    "li", `advice advice-${one.kind === "stop" ? "correction" : "next"}`,
    make("span", "advice-text", spoken(one.text)),
    one.offer && onAccept ? make("p", "", button(say("accept"), () => onAccept(one.code))) : null,
  )));
}

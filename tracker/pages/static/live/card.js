/** The set card: three numbers, one mark a repetition against the tempo band, three sentences. */

import { describeRep, draw, hidden, shapeOf } from "./dots.js";
import { plain, say, spoken, tenths, rounded } from "./texts.js";
import { correctionOf } from "../train/correction.js";
import { make } from "../train/elements.js";
import { traceOf } from "../train/curve.js";
import { clock, kindText } from "../train/stage.js";

const CHART = { height: 190, left: 44, right: 12, top: 12, bottom: 12, mark: 22 };
const WIDE = 640;
const NARROW = 340; // on a phone, so that the numbers stay legible
const LONGEST_SHOWN_S = 6;

/** Show the card of a set; `state` tells what was ordered, `trace` what this page saw, `onCorrect(reps)` keeps the patient's count. */
export function showCard(section, card, state, { trace = null, onCorrect = null } = {}) {
  const title = make("h2", "card-title", `${say("set_of", { set: card.set, sets: state.sets ?? card.set })}`);
  title.id = "card-title";
  const width = matchMedia("(max-width: 52rem)").matches ? NARROW : WIDE;
  const isCounted = !card.holds?.length && !card.bouts?.length;
  const parts = [title, isCounted ? numbersOf(card, state) : timesOf(card, state), chartOf(card, state, width), notesOf(card), adviceOf(card)];
  section.replaceChildren(...parts, ...[trace && isCounted ? traceOf(trace, state.peak_target_deg ?? null) : null, isCounted ? correctionOf(card, onCorrect) : null].filter(Boolean));
}

/** A hold or a bout: how long, and at what cadence. */
function timesOf(card, state) {
  const list = make("dl", "card-numbers");
  for (const hold of card.holds ?? []) {
    list.append(make("div", "", make("dd", "", make("span", "card-value", rounded(hold.held_s)), make("span", "card-unit", " s")), make("dt", "", say("card_held", { target: plain(state.hold_s ?? 30) }))));
  }
  const bouts = make("ul", "card-bouts", ...(card.bouts ?? []).map((bout) => {
    const values = { kind: kindText(bout.kind), duration: clock(bout.duration_s), cadence: isNumber(bout.cadence_per_min) ? rounded(bout.cadence_per_min) : "" };
    return make("li", "", say(values.cadence ? "card_bout" : "card_bout_timed", values));
  }));
  return make("div", "", list, bouts);
}

/** What is said of the set beside its feedback: extra repetitions, the other leg, not measured. */
function notesOf(card) {
  const notes = [
    card.extra_reps > 0 ? say("card_extra", { n: card.extra_reps }) : "",
    card.is_measured === false ? say("card_not_measured") : "",
    card.legs ? spoken(card.legs.text) : "",
  ].filter(Boolean);
  return make("div", "card-notes", ...notes.map((note) => make("p", "", note)));
}

function numbersOf(card, state) {
  const list = make("dl", "card-numbers");
  const add = (value, unit, label) => {
    const number = make("dd", "", make("span", "card-value", value), ...(unit ? [make("span", "card-unit", ` ${unit}`)] : []));
    list.append(make("div", "", number, make("dt", "", label)));
  };
  if (isNumber(card.in_tempo)) add(`${card.in_tempo}`, `/ ${card.reps}`, say("card_in_tempo"));
  else add(`${card.reps}`, "", say("card_reps", { target: card.reps_target }));
  if (isNumber(card.eccentric_mean_s)) add(tenths(card.eccentric_mean_s), "s", say("card_mean", { target: plain(state.tempo_s ?? 3) }));
  if (isNumber(card.dose_s) && isNumber(card.dose_prescribed_s)) {
    add(rounded(card.dose_s), "s", say("card_dose", { target: rounded(card.dose_prescribed_s) }));
  }
  return list;
}

const isNumber = (value) => typeof value === "number";

function chartOf(card, state, width) {
  const reps = (card.reps_list ?? []).map((rep, index) => ({ ...rep, n: index + 1 }));
  const timed = reps.filter((rep) => isNumber(rep.eccentric_s));
  if (timed.length === 0) return "";
  const { height, left, right, top, bottom, mark: largest } = CHART;
  const band = state.tempo_band_s ?? [2.5, 3.5];
  const topS = Math.min(LONGEST_SHOWN_S, Math.max(5, ...timed.map((rep) => rep.eccentric_s + 0.5)));
  const y = (seconds) => height - bottom - (Math.min(seconds, topS) / topS) * (height - top - bottom);
  const mark = Math.min(largest, (width - left - right) / reps.length - 1);
  const step = (width - left - right) / reps.length;
  const chart = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": say("card_chart"), class: "card-chart" });
  chart.append(draw("rect", { class: "chart-band", x: left, y: y(band[1]), width: width - left - right, height: y(band[0]) - y(band[1]), rx: 4 }));
  for (const seconds of [0, 1, 2, 3, 4, 5].filter((second) => second <= topS)) {
    chart.append(draw("path", { class: "chart-grid", d: `M${left} ${y(seconds)}H${width - right}` }));
    const label = draw("text", { class: "chart-tick", x: left - 10, y: y(seconds) + 5, "text-anchor": "end" });
    label.textContent = seconds === 0 ? "0 s" : `${seconds}`;
    chart.append(label);
  }
  for (const rep of timed) {
    const x = left + (rep.n - 0.5) * step;
    const shape = shapeOf(rep.verdict);
    shape.setAttribute("transform", `translate(${x - mark / 2} ${y(rep.eccentric_s) - mark / 2}) scale(${mark / 24})`);
    chart.append(shape);
  }
  const said = make("ol", "hidden", ...reps.map((rep) => make("li", "", describeRep(rep))));
  return make("figure", "card-figure", chart, said);
}

function adviceOf(card) {
  const list = make("ul", "card-advice");
  for (const [kind, label, text] of [
    ["praise", "card_praise", card.praise], ["correction", "card_correction", card.correction], ["next", "card_next", card.next_step],
  ]) {
    if (!text) continue;
    list.append(make("li", `advice advice-${kind}`, make("span", "advice-label", say(label)), hidden(": "), make("span", "advice-text", spoken(text))));
  }
  return list;
}

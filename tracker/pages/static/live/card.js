/** The set card: three numbers, one mark a repetition against the tempo band, three sentences. */

import { describeRep, draw, hidden, shapeOf } from "./dots.js";
import { plain, say, spoken, tenths, rounded } from "./texts.js";

const CHART = { height: 190, left: 44, right: 12, top: 12, bottom: 12, mark: 22 };
const WIDE = 640;
const NARROW = 340; // on a phone, so that the numbers stay legible
const LONGEST_SHOWN_S = 6;

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Show the card of a set; `state` tells what was ordered. */
export function showCard(section, card, state) {
  const title = make("h2", "card-title", `${say("set_of", { set: card.set, sets: state.sets ?? card.set })}`);
  title.id = "card-title";
  section.replaceChildren(title, numbersOf(card, state), chartOf(card, state, matchMedia("(max-width: 52rem)").matches ? NARROW : WIDE), adviceOf(card));
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
  const reps = card.reps_list.map((rep, index) => ({ ...rep, n: index + 1 }));
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

/** The card as it is spoken: only its sentences. */
export function cardAloud(card) {
  return [card.praise, card.correction, card.next_step].filter(Boolean).map(spoken).join(" ");
}

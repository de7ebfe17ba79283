/** The card of an imported recording: what was measured in each set, in the words of the page. */

import { fill } from "./words.js";

function figure(label, value, rest = "") {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const number = document.createElement("dd");
  name.textContent = label;
  number.textContent = value;
  if (rest) {
    const small = document.createElement("span");
    small.className = "rest";
    small.textContent = ` ${rest}`;
    number.append(small);
  }
  row.append(name, number);
  return row;
}

function figures(one, words, number) {
  const listed = [];
  if (one.n_bouts) listed.push(figure(words.bouts, number(one.n_bouts, 0)));
  else if (one.n_holds) listed.push(figure(words.holds, number(one.n_holds, 0)));
  else listed.push(figure(words.reps, number(one.n_reps, 0)));
  if (one.in_tempo !== null) listed.push(figure(words.in_tempo, number(one.in_tempo, 0), `/ ${number(one.n_reps, 0)}`));
  if (one.eccentric_mean_s !== null) listed.push(figure(words.mean, `${number(one.eccentric_mean_s, 1)} s`));
  if (one.dose_s !== null) listed.push(figure(words.dose, `${number(one.dose_s, 1)} s`));
  return listed;
}

function setCard(one, index, words, number) {
  const card = document.createElement("section");
  const title = document.createElement("h3");
  title.textContent = fill(words.set, { n: index + 1 });
  const list = document.createElement("dl");
  list.className = "figures";
  list.append(...figures(one, words, number));
  card.append(title, list);
  if (one.feedback.length) {
    const said = document.createElement("ul");
    said.className = "feedback";
    for (const sentence of one.feedback) {
      const item = document.createElement("li");
      item.textContent = sentence;
      said.append(item);
    }
    card.append(said);
  }
  return card;
}

/** Show the sets of a stored session in `place`. */
export function showSets(place, sets, words, number) {
  if (sets.length) {
    place.replaceChildren(...sets.map((one, index) => setCard(one, index, words, number)));
    return;
  }
  const nothing = document.createElement("p");
  nothing.textContent = words.no_sets;
  place.replaceChildren(nothing);
}

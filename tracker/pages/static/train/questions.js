/** One question at a time, in large buttons: 0 to 10, yes or no, or a choice. */

import { say, spoken } from "../live/texts.js";
import { button, fillOnce, make } from "./elements.js";

const SCALE_WORDS = { 0: "scale_0", 3: "scale_3", 6: "scale_6", 10: "scale_10" };
const RPE_WORDS = { 0: "rpe_0", 10: "rpe_10" };

/** Show a question; without `onAnswer` (a page that only looks on) its buttons are off. */
export function showQuestion(section, question, onAnswer) {
  const isHere = section.contains(document.activeElement) || document.activeElement === document.body; // or lost with what was pressed last
  const isNew = fillOnce(section, `${question.code} ${Boolean(onAnswer)}`, () => {
    const title = make("h2", "question-title", spoken(question.text));
    title.id = "question-title";
    title.tabIndex = -1;
    const answers = make("div", `answers answers-${question.kind}`, ...answersOf(question).map(({ value, text, word }) => {
      const answer = button(text, () => onAnswer(question.code, value), "answer");
      if (word) answer.append(make("span", "answer-word", word));
      answer.disabled = !onAnswer;
      return answer;
    }));
    answers.setAttribute("role", "group");
    answers.setAttribute("aria-labelledby", "question-title");
    return [title, answers];
  });
  if (isNew && isHere) section.querySelector("h2").focus(); // for who answers by keyboard
}

/** The answers of a question: what is sent, what is read, and a word beneath. */
export function answersOf(question) {
  if (question.kind === "yes_no") return [{ value: 1, text: say("answer_yes") }, { value: 0, text: say("answer_no") }];
  if (question.kind === "choice") return question.choices.map(({ value, text }) => ({ value, text: spoken(text) }));
  const words = question.code === "rpe" ? RPE_WORDS : SCALE_WORDS;
  return Array.from({ length: 11 }, (_, value) => ({ value, text: `${value}`, word: words[value] ? say(words[value]) : "" }));
}

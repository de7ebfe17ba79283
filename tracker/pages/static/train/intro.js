/** The card of an exercise before it begins: its moving picture, posture, sensor, what counts. */

import { say, spoken } from "../live/texts.js";
import { button, fillOnce, make } from "./elements.js";

/** Show the card of the exercise of this state. */
export function showIntro(section, state) {
  const key = `${state.exercise} ${state.side}`;
  fillOnce(section, key, () => [titleOf(state), ...cardOf(state.exercise)]);
}

function titleOf(state) {
  return make("h2", "intro-title", [spoken(state.name), state.side ? say(`side_${state.side}`) : ""].filter(Boolean).join(" · "));
}

function cardOf(exercise) {
  const template = document.getElementById(`card-${exercise}`);
  if (!template) return []; // an exercise of another programme
  const card = template.content.cloneNode(true);
  const picture = card.querySelector("svg");
  return [card, picture ? stopperOf(picture) : null];
}

/** Whatever moves for longer than five seconds can be stopped (WCAG 2.2.2). */
function stopperOf(picture) {
  const stopper = button(say("picture_stop"), () => {
    const isStopped = picture.animationsPaused();
    if (isStopped) picture.unpauseAnimations();
    else picture.pauseAnimations();
    stopper.textContent = say(isStopped ? "picture_stop" : "picture_go");
  }, "button plain intro-stop");
  return stopper;
}

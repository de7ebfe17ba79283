/** The buttons and keys of the training page: they send commands, and follow the state. */

import { say } from "../live/texts.js";
import { buttonsOf, commandOf, keyOf } from "./commands.js";
import { setText } from "./elements.js";

export class Steering {
  #at;
  #send;
  #state = null;

  /** `at`: the page's elements by id; `send(command)`: to the server. */
  constructor(at, send) {
    [this.#at, this.#send] = [at, send];
    for (const button of ["next", "again", "skip", "self"]) {
      at[`do-${button}`].addEventListener("click", () => send(commandOf(button, this.#state)));
    }
    at["do-stop"].addEventListener("click", () => at.sure.showModal());
    at["sure-no"].addEventListener("click", () => at.sure.close());
    at["sure-yes"].addEventListener("click", () => {
      at.sure.close();
      send({ do: "stop" });
    });
    at.start.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = (id) => at[id].value || null;
      send({ do: "start", exercise: value("start-exercise"), sensor: value("start-sensor"), short: at["start-short"].checked, on: at["start-free"].checked });
    });
    addEventListener("keydown", (event) => this.#press(event));
    for (const [id, name] of [["do-again", "do_again"], ["do-skip", "do_skip"], ["do-self", "do_self_report"], ["do-stop", "do_stop"], ["sure-text", "stop_sure"], ["sure-yes", "do_stop_yes"], ["sure-no", "do_stop_no"]]) setText(at[id], say(name));
  }

  /** Show the buttons of this state. */
  show(state) {
    this.#state = state;
    const shown = buttonsOf(state?.state);
    this.#at.steer.hidden = shown.length === 0;
    for (const button of ["next", "again", "skip", "self"]) this.#at[`do-${button}`].hidden = !shown.includes(button);
    this.#at["do-next"].classList.toggle("plain", state?.state === "questions"); // to answer is what is asked
    if (shown.includes("next")) setText(this.#at["do-next"], say(`do_next_${state.state}`));
  }

  #press(event) {
    const pressed = keyOf(event);
    if (pressed === null || this.#at.steer.hidden || this.#at.sure.open) return;
    if (pressed === "next" && this.#state.state === "questions") return; // no question is passed over by habit
    event.preventDefault();
    if (pressed === "stop") this.#at.sure.showModal();
    else this.#send(commandOf("next", this.#state));
  }
}

/** How this device sounds: chosen once, kept in this browser, and the same in all its tabs. */

const KEPT = "tempo90.sound";

/** `here`: whether this device is the one that sounds; null: nobody chose yet. */
export const USUAL = { here: null, volume: 0.8, speech: "all", glides: true, vibrates: true };
const SPEECH = ["off", "counts", "all"];

/** What was chosen, with what is usual for the rest; anything else that was written is left out. */
export function checked(written) {
  const told = written !== null && typeof written === "object" ? written : {};
  return {
    here: typeof told.here === "boolean" ? told.here : USUAL.here,
    volume: Number.isFinite(told.volume) ? Math.min(1, Math.max(0, told.volume)) : USUAL.volume,
    speech: SPEECH.includes(told.speech) ? told.speech : USUAL.speech,
    glides: typeof told.glides === "boolean" ? told.glides : USUAL.glides,
    vibrates: typeof told.vibrates === "boolean" ? told.vibrates : USUAL.vibrates,
  };
}

export class Choices {
  #listeners = [];
  values = read();

  constructor() {
    addEventListener("storage", ({ key }) => {
      if (key === KEPT || key === null) this.#take(read());
    });
  }

  /** Be told now, and whenever something is chosen. */
  follow(listener) {
    this.#listeners.push(listener);
    listener(this.values);
  }

  choose(some) {
    const values = checked({ ...this.values, ...some });
    try {
      localStorage.setItem(KEPT, JSON.stringify(values));
    } catch {
      // Without storage it holds until the page is left.
    }
    this.#take(values);
  }

  #take(values) {
    this.values = values;
    for (const listener of this.#listeners) listener(values);
  }
}

function read() {
  try {
    return checked(JSON.parse(localStorage.getItem(KEPT)));
  } catch {
    return checked(null); // storage is closed to this page, or an older version wrote it
  }
}

/**
 * Whether this page is the one that sounds. Of all pages, and the terminal, one does.
 *
 * The page that was switched on last sounds; the server tells the others, and they keep quiet. A
 * page that should sound, and may not yet because browsers ask for a tap first, begins with the
 * first tap anywhere, unless another place sounds already.
 */

const NAME = "tempo90.page";

export class SoundHere {
  #ear;
  #choices;
  #send;
  #isUsual;
  #onChange;
  #name = pageName();
  #isOpened = false;
  elsewhere = false;

  /**
   * `isUsual`: whether this page sounds where nobody chose; `send(command)`: to the server;
   * `onChange()`: something to show has changed.
   */
  constructor({ ear, choices, send, isUsual, onChange }) {
    [this.#ear, this.#choices, this.#send, this.#isUsual, this.#onChange] = [ear, choices, send, isUsual, onChange];
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, (event) => this.#tapped(event), { capture: true });
  }

  get isOn() { return this.#ear.isOn; }

  /** Whether it will sound with the first tap. */
  get isWaiting() { return !this.isOn && this.#isWanted && !this.elsewhere; }

  get #isWanted() { return this.#choices.values.here ?? this.#isUsual; }

  /** Somebody switches the sound of this page; call it in a tap. */
  async switch(isOn) {
    this.#isOpened = true;
    this.#choices.choose({ here: isOn });
    await this.#set(isOn);
    this.#tell(isOn);
  }

  /** Take in who sounds: {page, terminal}. */
  async heard({ page, terminal }) {
    const isMine = page === this.#name;
    this.elsewhere = page === null ? terminal : !isMine;
    if (this.isOn && this.elsewhere) await this.#set(false);
    else if (isMine && this.#isOpened) await this.#set(true); // a line that dropped had silenced it
    else if (page === null && !terminal && this.#isOpened && this.#isWanted) await this.claim();
    this.#onChange();
  }

  /** The line is there again: say once more that this page sounds. */
  opened() {
    if (this.isOn) this.#tell(true);
  }

  async claim() {
    await this.#set(true);
    this.#tell(true);
  }

  async #tapped({ target }) {
    const isSwitch = target.closest?.("[data-sound-switch]") !== null;
    if (this.#isOpened || isSwitch || !this.isWaiting) return;
    this.#isOpened = true;
    await this.claim();
  }

  async #set(isOn) {
    if (isOn !== this.#ear.isOn) await this.#ear.switch(isOn);
    this.#onChange();
  }

  #tell(isOn) {
    this.#send({ do: "sound", page: this.#name, on: isOn });
  }
}

/** The same after a reload; another in every tab. */
function pageName() {
  try {
    const name = sessionStorage.getItem(NAME) ?? crypto.randomUUID();
    sessionStorage.setItem(NAME, name);
    return name;
  } catch {
    return `${Math.random()}`;
  }
}

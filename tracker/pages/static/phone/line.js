/**
 * The line to tempo90: opens, opens again when it breaks, and empties the outbox without haste.
 *
 * A Wi-Fi that is gone is often not told by the browser for minutes. The other end confirms twice a
 * second what it has; where that stays away while samples are sent, the line is taken for dead.
 */

import { waitMs } from "../live/link.js";

const FEW = 3; // samples worth a message: 50 ms
const MANY = 256; // in one message after a break
const MAX_BUFFERED_BYTES = 32768; // more has been given to the browser than the line carries
const SILENCE_MS = 4000;
const LOOK_MS = 1000;
const REFUSED = 4003;
const REPLACED = 4001;

export class Line {
  #address; #outbox; #hello; #on;
  #socket = null;
  #isWelcome = false;
  #attempts = 0;
  #heardMs = 0;
  #isOver = false;

  /** `hello()` gives the first message; `on` holds message(m), state("open" | "lost"), refused(reason). */
  constructor(address, outbox, hello, on) {
    this.#address = address;
    this.#outbox = outbox;
    this.#hello = hello;
    this.#on = on;
    setInterval(() => this.#look(), LOOK_MS);
    addEventListener("online", () => this.#lookAfterChange());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#lookAfterChange());
  }

  get isOpen() { return this.#isWelcome; }

  open() {
    this.#isOver = false;
    const socket = new WebSocket(this.#address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#heardMs = performance.now();
      socket.send(JSON.stringify({ type: "hello", ...this.#hello() }));
    });
    socket.addEventListener("message", (event) => socket === this.#socket && this.#take(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => socket === this.#socket && this.#closed(event.code));
  }

  /** Say something; false when the line is down. */
  say(message) {
    if (!this.#isWelcome || this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Send what waits, as far as the line takes it. */
  pump(least = FEW) {
    if (!this.#isWelcome || this.#socket.readyState !== WebSocket.OPEN) return;
    while (this.#outbox.waiting >= least && this.#socket.bufferedAmount < MAX_BUFFERED_BYTES) {
      this.#socket.send(this.#outbox.take(MANY));
    }
  }

  #take(message) {
    this.#heardMs = performance.now();
    if (message.type === "refused") {
      this.#isOver = true;
      this.#on.refused(message.reason);
      return;
    }
    if (message.type === "bye") {
      this.#isOver = true;
      this.#isWelcome = false; // nothing more is sent
    }
    if (message.type === "welcome") {
      this.#attempts = 0;
      this.#isWelcome = true;
      this.#outbox.resume(message.next);
      this.#on.state("open");
    }
    if (message.type === "ack") this.#outbox.confirm(message.next);
    else this.#on.message(message);
    this.pump(1);
  }

  #closed(code) {
    const wasWelcome = this.#isWelcome;
    this.#isWelcome = false;
    this.#socket = null;
    if (code === REPLACED) this.#isOver = true;
    if (this.#isOver) {
      if (code === REPLACED) this.#on.refused("replaced");
      return;
    }
    if (code === REFUSED) return this.#on.refused("wrong_code");
    if (wasWelcome || this.#attempts === 0) this.#on.state("lost");
    setTimeout(() => this.#socket ?? this.open(), waitMs(this.#attempts++));
  }

  #look() {
    const isDead = this.#isWelcome && this.#outbox.kept > 0 && performance.now() - this.#heardMs > SILENCE_MS;
    if (isDead) this.#giveUp();
  }

  /** Back in view or online again: a line that was silent meanwhile is not waited for. */
  #lookAfterChange() {
    this.#attempts = 0;
    this.#look();
  }

  #giveUp() {
    const dead = this.#socket;
    this.#closed(1006);
    dead?.close();
  }
}

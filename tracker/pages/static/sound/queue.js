/**
 * What is said when several things want to be said: a voice that never lags behind the leg.
 *
 * A count is true at this moment only: it goes first, a newer one takes its place, and it cuts off
 * an older count or a result. A guide ("lie still") takes the place of one that waits. A result
 * waits for its turn. What is urgent cuts off everything. What waited too long is not said any more.
 */

const PATIENCE_MS = { urgent: Infinity, count: 1500, guide: 8000, result: 30_000 };
const CUTS_OFF = { count: ["count", "result"], guide: [], result: [], urgent: ["count", "guide", "result", "urgent"] };

export class SpeechQueue {
  #mouth;
  #nowMs;
  #waiting = [];
  #said = null;

  /** `mouth`: `speak(saying, onEnd)` and `cancel()`; `nowMs()`: a clock that never goes back. */
  constructor(mouth, nowMs) {
    [this.#mouth, this.#nowMs] = [mouth, nowMs];
  }

  get isBusy() { return this.#said !== null; }

  /** Take in a saying, {rank, text, ...}. */
  say(saying) {
    const coming = { ...saying, atMs: this.#nowMs() };
    const isUrgent = saying.rank === "urgent";
    this.#waiting = isUrgent ? [coming] : this.#waiting.filter(({ rank }) => rank !== saying.rank);
    if (!isUrgent) this.#waiting.splice(saying.rank === "count" ? 0 : this.#waiting.length, 0, coming);
    if (this.#said !== null && CUTS_OFF[saying.rank].includes(this.#said.rank)) this.#cut();
    else this.#next();
  }

  /** Stop speaking, and forget what waits. */
  clear() {
    this.#waiting = [];
    if (this.#said !== null) this.#cut();
  }

  #cut() {
    this.#said = null; // so that the end of what is cut off is no longer waited for
    this.#mouth.cancel();
    this.#next();
  }

  #next() {
    if (this.#said !== null) return;
    const isFresh = ({ rank, atMs }) => this.#nowMs() - atMs <= PATIENCE_MS[rank];
    const [saying, ...later] = this.#waiting.filter(isFresh);
    this.#waiting = later;
    if (saying === undefined) return;
    this.#said = saying;
    this.#mouth.speak(saying, () => {
      if (this.#said !== saying) return;
      this.#said = null;
      this.#next();
    });
  }
}

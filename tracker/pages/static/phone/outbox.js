/**
 * Samples on their way: each has a number, and is kept until the other end says it has it.
 *
 * A ring of fixed size, so that a long break costs no more memory than a short one; what no longer
 * fits pushes out the oldest, and the gap in the numbers tells. Pure: no clock, no line.
 */

export const SAMPLE_BYTES = 32;
const HEAD_BYTES = 4;
const CAPACITY = 65536; // eighteen minutes of sixty a second

export class Outbox {
  #capacity;
  #ring;
  #view;
  #oldest = 0;
  #next = 0;
  #unsent = 0;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
    this.#ring = new Uint8Array(capacity * SAMPLE_BYTES);
    this.#view = new DataView(this.#ring.buffer);
  }

  /** Number of the next sample. */
  get next() { return this.#next; }
  /** How many wait to be sent. */
  get waiting() { return this.#next - this.#unsent; }
  /** How many are kept until they are confirmed. */
  get kept() { return this.#next - this.#oldest; }

  push(timeMs, values) {
    const at = (this.#next % this.#capacity) * SAMPLE_BYTES;
    this.#view.setFloat64(at, timeMs, true);
    values.forEach((value, k) => this.#view.setFloat32(at + 8 + 4 * k, value, true));
    this.#next += 1;
    this.#oldest = Math.max(this.#oldest, this.#next - this.#capacity);
    this.#unsent = Math.max(this.#unsent, this.#oldest);
  }

  /** The next message, of at most `most` samples; null when nothing waits. */
  take(most) {
    const n = Math.min(most, this.waiting);
    if (n === 0) return null;
    const message = new Uint8Array(HEAD_BYTES + n * SAMPLE_BYTES);
    new DataView(message.buffer).setUint32(0, this.#unsent, true);
    for (let k = 0; k < n; k++) {
      const at = ((this.#unsent + k) % this.#capacity) * SAMPLE_BYTES;
      message.set(this.#ring.subarray(at, at + SAMPLE_BYTES), HEAD_BYTES + k * SAMPLE_BYTES);
    }
    this.#unsent += n;
    return message;
  }

  /** The other end has all before this number. */
  confirm(number) {
    this.#oldest = Math.min(Math.max(this.#oldest, number), this.#next);
    this.#unsent = Math.max(this.#unsent, this.#oldest);
  }

  /** Send again from this number on, after a break. */
  resume(number) {
    this.confirm(number);
    this.#unsent = this.#oldest;
  }
}

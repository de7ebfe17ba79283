/**
 * Recordings in IndexedDB: what was written survives a page, a browser and a phone that stops.
 *
 *     recordings  {id, exercise, side, platform, startedMs, state, nBytes, result}
 *     chunks      {id, n, bytes}, in order of n
 *
 * state: "open" (being written), "whole", "counted", "refused". Samples go in about once a second,
 * in one transaction with the length of the recording; they leave the memory when the database has
 * confirmed them. A page that dies loses less than that second, and its recording is found "open"
 * without a lock: whole, and cut off.
 */

const NAME = "tempo90-alone";
const SAMPLE_BYTES = 32;
const lockOf = (id) => `tempo90-recording-${id}`;

export async function openStore() {
  const db = await asked(Object.assign(indexedDB.open(NAME, 1), {
    onupgradeneeded: ({ target: { result } }) => {
      result.createObjectStore("recordings", { keyPath: "id" });
      result.createObjectStore("chunks", { keyPath: ["id", "n"] });
    },
  }));
  navigator.storage?.persist?.().catch(() => {}); // asked for; a browser may say no
  return new Store(db);
}

export class Store {
  #db;

  constructor(db) { this.#db = db; }

  /** All recordings, the oldest first; what nobody writes any more is whole. */
  async list() {
    const found = await asked(this.#db.transaction("recordings").objectStore("recordings").getAll());
    for (const one of found.filter(({ state }) => state === "open")) {
      if (await isBeingWritten(one.id)) continue;
      Object.assign(one, { state: "whole", isCutOff: true });
      await this.change(one.id, { state: "whole", isCutOff: true });
    }
    return found.sort((a, b) => a.startedMs - b.startedMs);
  }

  /** Begin a recording; gives what takes its samples. */
  async begin(about) {
    const recording = { id: crypto.randomUUID(), startedMs: Date.now(), state: "open", nBytes: 0, result: null, ...about };
    const release = await hold(recording.id);
    await this.#write(["recordings"], (tx) => tx.objectStore("recordings").add(recording));
    return new Writer((n, bytes, nBytes) => this.#append(recording.id, n, bytes, nBytes), async (changes) => {
      await this.change(recording.id, changes);
      release();
    }, recording.id);
  }

  async change(id, changes) {
    await this.#write(["recordings"], async (tx) => {
      const all = tx.objectStore("recordings");
      const known = await asked(all.get(id));
      if (known) all.put({ ...known, ...changes });
    });
  }

  /** All bytes of a recording, in order. */
  async bytes(id) {
    const range = IDBKeyRange.bound([id, 0], [id, Infinity]);
    const chunks = await asked(this.#db.transaction("chunks").objectStore("chunks").getAll(range));
    return new Uint8Array(await new Blob(chunks.map(({ bytes }) => bytes)).arrayBuffer());
  }

  /** Let go of the samples of a recording that is stored elsewhere. */
  async counted(id, result) {
    await this.change(id, { state: "counted", result });
    await this.#write(["chunks"], (tx) => tx.objectStore("chunks").delete(IDBKeyRange.bound([id, 0], [id, Infinity])));
  }

  #append(id, n, bytes, nBytes) {
    return this.#write(["chunks", "recordings"], async (tx) => {
      tx.objectStore("chunks").add({ id, n, bytes });
      const all = tx.objectStore("recordings");
      all.put({ ...(await asked(all.get(id))), nBytes });
    });
  }

  /** One transaction; resolves when the disk has it. */
  #write(stores, act) {
    return new Promise((resolve, reject) => {
      const tx = this.#db.transaction(stores, "readwrite", { durability: "strict" });
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
      Promise.resolve(act(tx)).catch(() => { try { tx.abort(); } catch { /* it has aborted by itself */ } });
    });
  }
}

/** Takes samples, and writes those of about a second at a time, one write after the other. */
export class Writer {
  #write; #finish; #waiting = []; #n = 0; #nBytes = 0; #last = Promise.resolve();

  constructor(write, finish, id) {
    this.#write = write;
    this.#finish = finish;
    this.id = id;
  }

  push(timeMs, values) {
    const sample = new DataView(new ArrayBuffer(SAMPLE_BYTES));
    sample.setFloat64(0, timeMs, true);
    values.forEach((value, k) => sample.setFloat32(8 + 4 * k, value, true));
    this.#waiting.push(new Uint8Array(sample.buffer));
  }

  /** Bytes that the database has confirmed. */
  get nBytes() { return this.#nBytes; }

  /** Write what waits. Rejects when there is no room; what could not be written waits on. */
  flush() {
    this.#last = this.#last.catch(() => {}).then(async () => {
      const taken = this.#waiting.length;
      if (taken === 0) return;
      const bytes = new Uint8Array(taken * SAMPLE_BYTES);
      for (let k = 0; k < taken; k++) bytes.set(this.#waiting[k], k * SAMPLE_BYTES);
      await this.#write(this.#n, bytes, this.#nBytes + bytes.length);
      this.#n += 1;
      this.#nBytes += bytes.length;
      this.#waiting.splice(0, taken);
    });
    return this.#last;
  }

  /** Write the rest and close the recording; what does not fit is given up. */
  async end() {
    try {
      await this.flush();
    } finally {
      await this.#finish({ state: "whole" });
    }
  }
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** Hold a name for as long as this page lives, so that other pages know who writes. */
function hold(id) {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(() => {});
    navigator.locks.request(lockOf(id), () => new Promise((release) => resolve(release)));
  });
}

async function isBeingWritten(id) {
  if (!navigator.locks) return false;
  return navigator.locks.request(lockOf(id), { ifAvailable: true }, (lock) => lock === null);
}

/**
 * Hands in recordings, the oldest first, a piece at a time from where the other end is.
 *
 * Whatever breaks off is taken up again: the other end says how much it has, and a recording that
 * it has counted is only told of again.
 */

const PIECE_BYTES = 131072;
const SENDABLE = new Set(["whole"]);

export class Unreachable extends Error {}
export class Unpaired extends Error {}

/** Hand in all that waits; `onChange(id, share)` is told as it goes. Throws Unreachable or Unpaired. */
export async function handInAll(store, key, onChange = () => {}) {
  for (const one of await store.list()) {
    if (SENDABLE.has(one.state)) await handIn(store, one, key, onChange);
  }
}

async function handIn(store, one, key, onChange) {
  const bytes = await store.bytes(one.id);
  if (bytes.length === 0) {
    await store.change(one.id, { state: "refused", reason: "empty" });
    return onChange(one.id, 1);
  }
  let { n_bytes: at, stored } = await ask(`/alone/${one.id}`, key);
  while (!stored) {
    while (at < bytes.length) {
      const answer = await ask(`/alone/${one.id}?offset=${at}`, key, { method: "PUT", body: bytes.subarray(at, at + PIECE_BYTES) });
      if (answer.refused) return refuse(store, one, answer.reason, onChange);
      at = answer.n_bytes;
      onChange(one.id, at / bytes.length);
    }
    const about = { n_bytes: bytes.length, sha256: await sha256(bytes), exercise: one.exercise, side: one.side, platform: one.platform };
    const answer = await ask(`/alone/${one.id}/session`, key, { method: "POST", body: JSON.stringify(about), headers: { "Content-Type": "application/json" } });
    if (answer.refused) return refuse(store, one, answer.reason, onChange);
    if (answer.session) stored = answer;
    else at = answer.n_bytes;
  }
  await store.counted(one.id, stored);
  onChange(one.id, 1);
}

async function refuse(store, one, reason, onChange) {
  await store.change(one.id, { state: "refused", reason }); // its samples stay
  onChange(one.id, 1);
}

/** The answer, with `refused` where the other end will never take it; throws where it cannot now. */
async function ask(address, key, { headers = {}, ...options } = {}) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", headers: { ...headers, ...(key && { Authorization: `Bearer ${key}` }) }, ...options });
  } catch {
    throw new Unreachable();
  }
  if (answer.status === 401) throw new Unpaired();
  if (answer.ok || answer.status === 409) return answer.json();
  if (answer.status === 422) return { refused: true, reason: (await answer.json()).reason ?? "" };
  throw new Unreachable();
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What this phone got when it was paired, and shows when it hands in what it measured alone. */

const KEY = "tempo90-key";

export function rememberKey(key) {
  try { localStorage.setItem(KEY, key); } catch { /* a private window: it may measure, and hand in after pairing again */ }
}

export function knownKey() {
  try { return localStorage.getItem(KEY) ?? ""; } catch { return ""; }
}

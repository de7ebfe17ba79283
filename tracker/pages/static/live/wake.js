/** Keeps the screen on while somebody trains; a browser that cannot, or may not, leaves it. */

let lock = null;
let isWanted = false;

/** Say whether the screen must stay on. */
export function keepAwake(isTraining) {
  if (isWanted === isTraining) return;
  isWanted = isTraining;
  if (isTraining) ask();
  else lock?.release();
}

async function ask() {
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = null; // refused, by a low battery for one: the page works without
  }
}

// The browser takes the lock away when the page is hidden.
document.addEventListener("visibilitychange", () => {
  if (isWanted && document.visibilityState === "visible") ask();
});

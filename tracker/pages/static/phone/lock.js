/**
 * The touch lock: a bandage or a sock touches the screen, so nothing but a long press counts.
 *
 * The press must be of one finger, stay where it began, and last two seconds. A switch control or a
 * screen reader cannot press long: its click, which comes without a finger, counts at once.
 */

export const HOLD_MS = 2000;
const SLIP_PX = 40;
const KEYS = new Set(["Enter", " "]);

/** Make `button` open by a long press: `onProgress(share)` while it lasts, `onOpen()` after it. */
export function openByHolding(button, { onProgress, onOpen }) {
  let hold = null;
  let timer = 0;

  function begin(at) {
    if (hold) return stop(); // a second finger
    hold = { ...at, sinceMs: performance.now() };
    timer = setInterval(() => {
      const share = (performance.now() - hold.sinceMs) / HOLD_MS;
      onProgress(Math.min(1, share));
      if (share >= 1) { stop(); onOpen(); }
    }, 50);
  }

  function stop() {
    clearInterval(timer);
    hold = null;
    onProgress(0);
  }

  button.addEventListener("pointerdown", (event) => { event.preventDefault(); begin({ x: event.clientX, y: event.clientY }); });
  button.addEventListener("pointermove", (event) => {
    if (hold && Math.hypot(event.clientX - hold.x, event.clientY - hold.y) > SLIP_PX) stop();
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave", "blur", "keyup"]) button.addEventListener(name, () => hold && stop());
  button.addEventListener("keydown", (event) => { if (KEYS.has(event.key)) { event.preventDefault(); if (!event.repeat) begin({ x: 0, y: 0 }); } });
  button.addEventListener("click", (event) => { if (event.detail === 0 && event.pointerType === "") onOpen(); });
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}

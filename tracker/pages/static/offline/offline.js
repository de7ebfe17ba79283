/** The offline page looks whether tempo90 is back, and then loads what was asked for. */

const LOOK_EVERY_MS = 2000;

async function look() {
  try {
    const answer = await fetch("/health", { cache: "no-store" });
    if (answer.ok) location.reload();
  } catch {
    /* still away */
  }
}

document.querySelectorAll("button").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => location.reload());
});
if (location.pathname !== "/offline") setInterval(look, LOOK_EVERY_MS);

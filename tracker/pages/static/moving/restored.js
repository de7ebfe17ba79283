/** Waits for the program that starts anew, and opens its first page. */

const LOOK_MS = 500;
const FIRST_LOOK_MS = 1500; // until then the old one may still answer

async function look() {
  try {
    if ((await fetch("/health", { cache: "no-store" })).ok) {
      location.replace("/");
      return;
    }
  } catch {
    // not up yet
  }
  setTimeout(look, LOOK_MS);
}

setTimeout(look, FIRST_LOOK_MS);

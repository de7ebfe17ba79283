/** The page with the code: shows each new one, and goes to the live page when a phone came in. */

const LOOK_MS = 1500;
const at = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
let shown = "";

async function look() {
  try {
    const answer = await fetch(at.pair.dataset.state, { cache: "no-store" });
    if (answer.ok) draw(await answer.json());
    at["pair-lost"].hidden = answer.ok;
  } catch {
    at["pair-lost"].hidden = false; // tempo90 was ended, or this computer slept
  }
  setTimeout(look, LOOK_MS);
}

function draw({ is_paired: isPaired, code, left_s: leftS, picture }) {
  at["pair-code"].hidden = isPaired;
  at["pair-done"].hidden = !isPaired;
  if (isPaired) {
    shown = "";
    return;
  }
  at["pair-left"].textContent = `${Math.max(1, Math.ceil(leftS / 60))}`;
  if (code === shown) return;
  shown = code;
  at["pair-letters"].textContent = code;
  at["pair-picture"].src = picture;
}

at["pair-wait"].hidden = true;
look();

// Keeps the list of jobs up to date while one is at work. The page works without.

const EVERY_MS = 2000;
const LIST = "#jobs";

function isAnyOpen() {
  return document.querySelector(`${LIST} [data-open]`) !== null;
}

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = document.querySelector(LIST);
  const newer = fresh.querySelector(LIST);
  // Whoever is at a button there is not taken away from it.
  if (newer && !list.contains(document.activeElement)) list.replaceWith(newer);
}

async function follow() {
  if (isAnyOpen() && !document.hidden) {
    await refresh().catch(() => {}); // away for a moment: the next round asks again
  }
  setTimeout(follow, EVERY_MS);
}

setTimeout(follow, EVERY_MS);

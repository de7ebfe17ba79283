// Keeps the list of jobs up to date while one is at work. The page works without.

const EVERY_MS = 2000;
const LIST = "#jobs";

function isAnyOpen() {
  return document.querySelector(`${LIST} [data-open]`) !== null;
}

// The browser parses it: nothing here makes HTML of a text.
function fetchPage() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    request.onload = () => resolve(request.status === 200 ? request.response : null);
    request.onerror = () => reject(new Error("away"));
    request.send();
  });
}

async function refresh() {
  const fresh = await fetchPage();
  const list = document.querySelector(LIST);
  const newer = fresh?.querySelector(LIST);
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

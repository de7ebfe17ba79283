/**
 * The service worker. Data and pages come from tempo90 or not at all; static files of this build
 * are kept, and the offline page stands in for a page that cannot be had.
 *
 * `self.TEMPO90`, put before this text by the server: version, shell (addresses to keep), offline
 * (the page that stands in), alone (pages that work by themselves and hold nothing of a person).
 */

const { version, shell, offline, alone } = self.TEMPO90;
const NAME = `tempo90-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(shell.map((path) => new Request(path, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clean().then(() => self.clients.claim()));
});

async function clean() {
  const old = (await caches.keys()).filter((name) => name.startsWith("tempo90-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(orOffline(request));
  else if (pathname.startsWith("/static/")) event.respondWith(orKept(request));
});

async function orOffline(request) {
  const { pathname } = new URL(request.url);
  const isAlone = alone.includes(pathname);
  try {
    const answer = await fetch(request);
    if (isAlone && answer.ok) await (await caches.open(NAME)).put(pathname, answer.clone()); // in the reader's language
    return answer;
  } catch {
    return (await kept(isAlone ? pathname : offline)) ?? Response.error();
  }
}

/** What is named with its hash never changes; the rest is asked for, and kept for when nobody answers. */
async function orKept(request) {
  const isFixed = new URL(request.url).searchParams.has("v");
  if (isFixed) return (await kept(request)) ?? fetch(request);
  try {
    return await fetch(request);
  } catch {
    return (await kept(request)) ?? Response.error();
  }
}

async function kept(request) {
  return (await caches.open(NAME)).match(request);
}

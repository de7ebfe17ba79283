/** Starts the service worker, and says so when a newer tempo90 is there than this page is from. */

const WORKER = "/worker.js";

/** The one script address that this policy lets through. */
function workerAddress() {
  const policy = window.trustedTypes?.createPolicy("tempo90", {
    createScriptURL: (address) => {
      if (address !== WORKER) throw new TypeError("Only the service worker is started.");
      return address;
    },
  });
  return policy?.createScriptURL(WORKER) ?? WORKER;
}

async function start() {
  const registration = await navigator.serviceWorker.register(workerAddress());
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing.addEventListener("statechange", () => {
      if (installing.state === "installed" && navigator.serviceWorker.controller) offer(installing);
    });
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {}); // it may be away
  });
}

/** Never reloads by itself: somebody may be training. */
function offer(worker) {
  if (document.querySelector(".new-version")) return;
  const { content, dataset } = document.querySelector('meta[name="tempo90-update"]');
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: dataset.button });
  const bar = Object.assign(document.createElement("div"), { className: "new-version" });
  const words = Object.assign(document.createElement("p"), { textContent: content });
  bar.setAttribute("role", "status");
  bar.append(words, button);
  button.addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    worker.postMessage("take over");
  });
  document.querySelector("main").before(bar);
}

// Without one, or where a browser does not trust the certificate, the pages work as they did.
if ("serviceWorker" in navigator) start().catch(() => {});

/** Passkeys: the browser asks the device, and this service asks the browser. */
const NOT_OFFERED = !window.PublicKeyCredential;
const LEFT = new Set(["NotAllowedError", "AbortError"]); // somebody closed the device's question

export function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a device answered, as the service reads it. */
export function sendable(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

class Refused extends Error {}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.refusal ?? "");
  return said;
}

async function make(form) {
  const asked = await post("/account/passkeys/options", { password: form.elements.password.value });
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const credential = await navigator.credentials.create({ publicKey });
  return post("/account/passkeys", { name: form.elements.name.value, credential: sendable(credential) });
}

async function logIn(form) {
  const asked = await post("/log-in/passkey/options", {});
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] };
  const credential = await navigator.credentials.get({ publicKey });
  return post("/log-in/passkey", { onward: form.elements.onward.value, credential: sendable(credential) });
}

function connect(form, ask) {
  if (NOT_OFFERED) return;
  const said = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = "";
    try {
      location.assign((await ask(form)).onward);
    } catch (error) {
      const isLeft = LEFT.has(error.name);
      said.textContent = (error instanceof Refused && error.message) || (isLeft ? said.dataset.left : said.dataset.failed);
      button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  connect(form, form.dataset.passkey === "make" ? make : logIn);
}

/** Sends a chosen backup, and goes to the page that asks whether it is meant. */

const at = Object.fromEntries(["restore", "file", "unscripted", "sending", "refusal", "refused", "reason", "away"].map((id) => [id, document.getElementById(id)]));

async function send(file) {
  for (const one of [at.refusal, at.away]) one.hidden = true;
  at.sending.hidden = false;
  try {
    const answer = await fetch("/restore", { method: "POST", body: file, headers: { "Content-Type": "application/zip" } });
    const told = await answer.json();
    if (answer.ok) location.assign(told.url);
    else {
      at.refused.textContent = told.refusal;
      at.reason.textContent = told.reason;
      at.refusal.hidden = false;
    }
  } catch {
    at.away.hidden = false;
  } finally {
    at.sending.hidden = true;
    at.file.value = ""; // the same file may be chosen again
  }
}

at.file.addEventListener("change", () => { if (at.file.files.length) send(at.file.files[0]); });
at.unscripted.hidden = true;
at.restore.hidden = false;

/** Sending files to a tray, and asking what became of them. */

/** The answer of the service: what it found, or why not. */
export class Refusal extends Error {
  constructor(refusal, reason = "") {
    super(refusal);
    this.reason = reason;
  }
}

/** Files of a drop: those of folders too. */
export async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = await Promise.all(entries.map(filesIn));
  return found.flat();
}

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return (await Promise.all(found.map(filesIn))).flat();
    found.push(...some);
  }
}

/** Send files one after the other to one tray; `tell` gets the share that is sent, 0 to 1. */
export async function sendFiles(files, words, tell) {
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let tray = null;
  let sent = 0;
  for (const file of files) {
    const answer = await sendOne(file, tray, words, (bytes) => tell((sent + bytes) / total, file.name));
    tray = answer.tray;
    sent += file.size;
  }
  return tray;
}

// fetch cannot tell how much of a body is sent.
function sendOne(file, tray, words, tell) {
  const query = new URLSearchParams({ name: file.name });
  if (tray) query.set("tray", tray);
  if (file.lastModified > 0) query.set("modified_ms", file.lastModified);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/upload/recording?${query}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => tell(event.loaded));
    request.addEventListener("load", () => {
      try {
        resolve(read(request.status, JSON.parse(request.responseText), words));
      } catch (error) {
        reject(error instanceof Refusal ? error : new Refusal(words.lost));
      }
    });
    request.addEventListener("error", () => reject(new Refusal(words.lost)));
    request.send(file);
  });
}

/** Ask for something that is done with a tray. */
export async function ask(path, body, words) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body ?? {}),
    });
    answer = { status: answer.status, document: await answer.json() };
  } catch {
    throw new Refusal(words.lost);
  }
  return read(answer.status, answer.document, words);
}

function read(status, document, words) {
  if (status < 400) return document;
  throw new Refusal(document.refusal ?? words.lost, document.reason ?? document.detail ?? "");
}

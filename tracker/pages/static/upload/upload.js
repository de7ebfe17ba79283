/** The upload page: choose or drop, look, say what it was, store. */

import { drawPreview } from "./preview.js";
import { showSets } from "./result.js";
import { Refusal, ask, filesOf, sendFiles } from "./sending.js";
import { fill, lengthOf } from "./words.js";

const LARGEST_BYTES = 256 * 2 ** 20;
const byId = (id) => document.getElementById(id);
const words = JSON.parse(byId("sentences").textContent);
const language = document.documentElement.lang;
const number = (value, digits) => value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

let tray = null;
let preview = null;
let isBusy = false;

function say(sentence) {
  byId("said").textContent = sentence;
}

/** Show how far it is: a share of 1, or null where nobody knows. */
function progress(sentence, share) {
  byId("progress").hidden = sentence === null;
  if (sentence === null) return;
  byId("doing").textContent = sentence;
  const bar = byId("bar");
  if (share === null) bar.removeAttribute("value");
  else bar.value = Math.round(100 * share);
}

function refuse(error) {
  const refusal = error instanceof Refusal ? error : new Refusal(words.lost, String(error));
  byId("refused").textContent = refusal.message;
  byId("reason").textContent = refusal.reason;
  byId("refusal").hidden = false;
}

/** One thing at a time: what goes wrong in it is told, and leaves the page usable. */
async function attempt(work) {
  if (isBusy) return;
  isBusy = true;
  byId("store").disabled = true;
  byId("refusal").hidden = true;
  try {
    await work();
  } catch (error) {
    refuse(error);
  } finally {
    isBusy = false;
    byId("store").disabled = false;
    progress(null);
  }
}

async function take(files) {
  if (!files.length) return;
  byId("look").hidden = byId("result").hidden = true;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > LARGEST_BYTES) throw new Refusal(words.too_large);
  tray = await sendFiles(files, words, (share, name) => progress(fill(words.sending, { name }), share));
  progress(words.reading, null);
  preview = await ask(`/upload/${tray}/preview`, null, words);
  showPreview(files);
}

function showPreview(files) {
  const folder = files[0].webkitRelativePath?.split("/")[0];
  byId("file-name").textContent = files.length === 1 ? files[0].name : folder || files.map((file) => file.name).join(", ");
  const about = { duration: lengthOf(preview.duration_s, words, number), rate: number(preview.rate_hz, 0) };
  byId("about").textContent = fill(words.ready, about);
  byId("notes").replaceChildren(...preview.notes.map((note) => {
    const item = document.createElement("li");
    item.textContent = note;
    return item;
  }));
  byId("look").hidden = false;
  draw();
  byId("look-title").focus();
}

function draw() {
  if (preview && !byId("look").hidden) drawPreview(byId("preview"), preview, words.chart, language);
}

async function store() {
  const form = new FormData(byId("order"));
  progress(words.analysing, null);
  const order = {
    exercise: form.get("exercise"),
    side: form.get("side") || null,
    zero_deg: Number(form.get("zero")) || 0,
  };
  const stored = await ask(`/upload/${tray}/session`, order, words);
  byId("result-title").textContent = stored.is_new ? words.stored : words.stored_before;
  showSets(byId("sets"), stored.sets, words, number);
  byId("session").href = stored.url;
  byId("look").hidden = true;
  byId("result").hidden = false;
  byId("result-title").focus();
  say(byId("result-title").textContent);
}

function listenToDrops(drop) {
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const files = filesOf(event.dataTransfer);
    attempt(async () => take(await files));
  });
}

for (const id of ["files", "folder"]) {
  byId(id).addEventListener("change", (event) => {
    const files = [...event.target.files];
    attempt(() => take(files)).then(() => { event.target.value = ""; });
  });
}
byId("order").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(store);
});
byId("again").addEventListener("click", () => {
  byId("result").hidden = true;
  preview = null;
  byId("files").click();
});
listenToDrops(byId("drop"));
addEventListener("resize", () => requestAnimationFrame(draw));
byId("unscripted").hidden = true;
byId("upload").hidden = false;

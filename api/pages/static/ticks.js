// Keeps the ticks of a checklist in this browser: for one day, or without a day for good.
for (const list of document.querySelectorAll(".ticks")) {
  const key = `tempo90.ticks.${list.dataset.list}`;
  const boxes = [...list.querySelectorAll("input")];
  const day = list.dataset.day ?? "";
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  if (kept && kept.day === day) boxes.forEach((box, n) => { box.checked = Boolean(kept.ticks[n]); });
  list.addEventListener("change", () => {
    localStorage.setItem(key, JSON.stringify({ day, ticks: boxes.map((box) => box.checked) }));
  });
}

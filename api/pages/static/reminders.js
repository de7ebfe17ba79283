// The switch of the browser's notifications; what comes of it is in remind.js, on every page.
import { KEY } from "./remind.js";

const card = document.getElementById("notify");
if (card) {
  const button = card.querySelector("button");
  const state = document.getElementById("state");
  const form = document.getElementById("times");
  const isOn = () => localStorage.getItem(KEY) !== null && Notification.permission === "granted";
  const keep = () => {
    const times = [form.elements.first.value, form.elements.second.value].filter(Boolean);
    localStorage.setItem(KEY, JSON.stringify({ times, title: card.dataset.title, body: card.dataset.body }));
  };
  const tell = () => {
    const on = isOn();
    const refused = Notification.permission === "denied";
    button.textContent = on ? button.dataset.on : button.dataset.off;
    button.setAttribute("aria-pressed", String(on));
    state.textContent = refused ? state.dataset.refused : on ? state.dataset.on : state.dataset.off;
  };
  if ("Notification" in window) {
    const wanted = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (wanted) [form.elements.first.value, form.elements.second.value] = wanted.times;
    document.getElementById("ask").hidden = false;
    button.addEventListener("click", async () => {
      if (isOn()) localStorage.removeItem(KEY);
      else if ((await Notification.requestPermission()) === "granted") keep();
      tell();
    });
    form.addEventListener("change", () => isOn() && keep());
    tell();
  } else {
    state.textContent = state.dataset.missing;
  }
}

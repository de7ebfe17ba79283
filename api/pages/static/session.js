/** The page of one session: its traces can be moved and looked at closer. */

import { TraceChart } from "./tracechart.js";

const PAN = 0.25; // of what is in sight
const CLOSER = 0.6;
const ACTIONS = {
  left: (chart) => chart.pan(-PAN),
  right: (chart) => chart.pan(PAN),
  in: (chart) => chart.zoom(CLOSER),
  out: (chart) => chart.zoom(1 / CLOSER),
  all: (chart) => chart.showAll(),
};
const KEYS = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", Home: "all" };
const language = document.documentElement.lang;
const seconds = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function listenToKeys(plot, chart) {
  plot.addEventListener("keydown", (event) => {
    const action = KEYS[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    ACTIONS[action](chart);
  });
}

/** The wheel zooms when the chart has the focus or Ctrl is held; else it scrolls the page. */
function listenToWheel(plot, chart) {
  plot.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== plot) return;
    event.preventDefault();
    chart.zoom(event.deltaY < 0 ? CLOSER : 1 / CLOSER, event.offsetX);
  }, { passive: false });
}

function listenToPointer(plot, chart) {
  let last = null;
  plot.addEventListener("pointerdown", (event) => {
    last = event.clientX;
    plot.setPointerCapture(event.pointerId);
    plot.classList.add("dragging");
  });
  plot.addEventListener("pointermove", (event) => {
    if (last === null) {
      chart.point(event.clientX - plot.getBoundingClientRect().left);
      return;
    }
    chart.pan((last - event.clientX) / plot.getBoundingClientRect().width);
    last = event.clientX;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    plot.addEventListener(name, () => {
      last = null;
      plot.classList.remove("dragging");
    });
  }
  plot.addEventListener("pointerleave", () => chart.point(null));
}

async function enliven(figure) {
  const answer = await fetch(figure.dataset.trace);
  if (!answer.ok) return; // the drawing of the server stays
  const trace = await answer.json();
  const marks = JSON.parse(figure.querySelector("script").textContent);
  const plot = figure.querySelector(".plot");
  const tools = figure.querySelector(".tools");
  const readout = figure.querySelector(".readout");
  const chart = new TraceChart(plot, trace, marks, (cursor) => {
    readout.textContent = cursor === null || cursor.angle === null ? "" : `${seconds.format(cursor.time)} s · ${Math.round(cursor.angle)}°`;
  });
  plot.setAttribute("tabindex", "0");
  plot.setAttribute("role", "application");
  plot.setAttribute("aria-label", figure.dataset.name);
  listenToKeys(plot, chart);
  listenToWheel(plot, chart);
  listenToPointer(plot, chart);
  for (const button of tools.querySelectorAll("button")) {
    button.addEventListener("click", () => ACTIONS[button.dataset.do](chart));
  }
  tools.inert = false;
  figure.dataset.ready = "yes";
}

for (const figure of document.querySelectorAll("[data-trace]")) enliven(figure);

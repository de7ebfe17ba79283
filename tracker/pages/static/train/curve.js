/** The curve of a set on its card, drawn when it is asked for. */

import { TraceChart } from "../tracechart.js";
import { draw } from "../live/dots.js";
import { rounded, say, tenths } from "../live/texts.js";
import { make } from "./elements.js";
import { marksOf } from "./trace.js";

const LEAST_POINTS = 30; // a second of it: less is no curve

/** A part of the card that draws the curve once it is opened; null where this page saw too little. */
export function traceOf(trace, targetDeg) {
  if (trace.a.filter((angle) => angle !== null).length < LEAST_POINTS) return null;
  const plot = draw("svg", { class: "plot trace-plot", role: "img", "aria-label": say("trace_label") });
  const reading = make("p", "trace-reading");
  const details = make("details", "", make("summary", "", say("trace_show")), plot, reading);
  let chart = null;
  details.addEventListener("toggle", () => {
    if (!details.open || chart) return;
    const tell = (point) => { reading.textContent = !point || point.angle === null ? say("trace_hint") : `${tenths(point.time)} s · ${rounded(point.angle)}°`; };
    chart = new TraceChart(plot, trace, marksOf(trace, targetDeg), tell);
    const pixel = (event) => event.clientX - plot.getBoundingClientRect().left;
    plot.addEventListener("pointermove", (event) => chart.point(pixel(event)));
    plot.addEventListener("pointerleave", () => chart.point(null));
  });
  return details;
}

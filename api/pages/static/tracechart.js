/** The angle of a set over time: what can be looked at closer than the drawing of the server. */

const SVG = "http://www.w3.org/2000/svg";
const FOOT = 24; // pixels below the plot, for the time axis; as in api/pages/charts.py
const HEAD = 14;
const LONGEST_GAP_S = 1;
const SHORTEST_S = 1; // nearer than this there is nothing more to see
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600];

/** A straight line from values to pixels. */
export function scale(low, high, start, end) {
  return (value) => start + ((value - low) / (high - low)) * (end - start);
}

/** Round numbers between two limits, at most about as many as asked. */
export function ticks(low, high, about) {
  const rough = (high - low) / about;
  const step = STEPS_S.find((one) => one >= rough) ?? STEPS_S.at(-1);
  const listed = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) listed.push(Number((n * step).toFixed(1)));
  return listed;
}

/**
 * First, lowest, highest and last point of each pixel column, so that no peak is lost.
 * A null or a gap over 1 s lifts the pen.
 */
export function linePath(xs, ys, from, to, sx, sy, columns) {
  const perColumn = Math.max(1, Math.floor((to - from) / columns));
  let path = "";
  let pen = "M";
  for (let i = from; i < to; ) {
    if (ys[i] === null) {
      pen = "M";
      i++;
      continue;
    }
    let low = i;
    let high = i;
    let j = i + 1;
    for (; j < to && j < i + perColumn && ys[j] !== null && xs[j] - xs[j - 1] <= LONGEST_GAP_S; j++) {
      if (ys[j] < ys[low]) low = j;
      if (ys[j] > ys[high]) high = j;
    }
    for (const n of [...new Set([i, low, high, j - 1])].sort((a, b) => a - b)) {
      path += `${pen}${sx(xs[n]).toFixed(1)} ${sy(ys[n]).toFixed(1)}`;
      pen = "L";
    }
    if (j < to && xs[j] - xs[j - 1] > LONGEST_GAP_S) pen = "M";
    i = j;
  }
  return path;
}

/** Keep a stretch of time inside the set, at its length if that fits. */
export function clamp(view, first, last) {
  const length = Math.min(Math.max(view.end - view.start, SHORTEST_S), last - first);
  const start = Math.min(Math.max(view.start, first), last - length);
  return { start, end: start + length };
}

/** A stretch around a point that stays where it is; factor under 1 goes closer. */
export function zoomed(view, factor, at) {
  return { start: at - (at - view.start) * factor, end: at + (view.end - at) * factor };
}

/** Index of the first time that is not before t. */
export function indexAt(xs, t) {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

function element(name, attributes, words) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (words !== undefined) made.textContent = words;
  return made;
}

/** Draws a trace into the plot that the server made, and moves about in it. */
export class TraceChart {
  #plot;
  #trace;
  #marks;
  #view;
  #onMove;
  #cursor = null;
  #queued = false;

  constructor(plot, trace, marks, onMove) {
    this.#plot = plot;
    this.#trace = trace;
    this.#marks = marks;
    this.#onMove = onMove;
    this.showAll();
    new ResizeObserver(() => this.#queue()).observe(plot);
  }

  get first() { return this.#trace.t[0]; }
  get last() { return Math.max(this.#trace.t.at(-1), this.first + SHORTEST_S); }
  get view() { return { ...this.#view }; }

  showAll() { this.#show({ start: this.first, end: this.last }); }

  /** Go earlier (negative) or later by a share of what is in sight. */
  pan(share) {
    const step = (this.#view.end - this.#view.start) * share;
    this.#show({ start: this.#view.start + step, end: this.#view.end + step });
  }

  /** Go closer or wider; the time under the pixel stays, without one the middle does. */
  zoom(factor, pixel = this.#width / 2) { this.#show(zoomed(this.#view, factor, this.timeAt(pixel))); }

  timeAt(pixel) { return this.#view.start + (pixel / this.#width) * (this.#view.end - this.#view.start); }

  /** Point at a time under a pixel, or at none. */
  point(pixel) {
    this.#cursor = pixel === null ? null : this.#nearest(this.timeAt(pixel));
    this.#queue();
  }

  get #width() { return Math.max(1, this.#plot.clientWidth || this.#plot.getBoundingClientRect().width); }

  #nearest(time) {
    const { t, a } = this.#trace;
    const after = Math.min(indexAt(t, time), t.length - 1);
    const index = after > 0 && time - t[after - 1] < t[after] - time ? after - 1 : after;
    return { time: t[index], angle: a[index] };
  }

  #show(view) {
    this.#view = clamp(view, this.first, this.last);
    this.#queue();
  }

  #queue() {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => {
      this.#queued = false;
      this.#draw();
    });
  }

  #draw() {
    const width = this.#width;
    const height = this.#plot.clientHeight || this.#plot.getBoundingClientRect().height;
    const { start, end } = this.#view;
    const sx = scale(start, end, 0, width);
    const sy = scale(...this.#marks.range, height - FOOT, HEAD);
    this.#plot.replaceChildren(
      ...this.#areas(sx, sy, width),
      ...this.#levels(sy, width),
      this.#curve(sx, sy, width),
      ...this.#times(sx, width, height),
      ...this.#pointer(sx, sy, height),
    );
    this.#onMove(this.#cursor);
  }

  #areas(sx, sy, width) {
    const [bottom, top] = this.#marks.range;
    const areas = [];
    const add = (x1, x2, y1, y2, name) => {
      const [left, right] = [Math.max(x1, 0), Math.min(x2, width)];
      if (right > left) areas.push(element("rect", { x: left, width: right - left, y: sy(y2), height: sy(y1) - sy(y2), class: name }));
    };
    for (const [from, to, shade = "lowering"] of this.#marks.spans) add(sx(from), sx(to), bottom, top, shade);
    if (this.#marks.goal) add(0, width, ...this.#marks.goal, "band");
    return areas;
  }

  #levels(sy, width) {
    const line = (at, name) => element("line", { x1: 0, x2: width, y1: sy(at), y2: sy(at), class: name });
    const lines = this.#marks.yTicks.map((at) => line(at, "grid"));
    if (this.#marks.target !== null) lines.push(line(this.#marks.target, "target"));
    return lines;
  }

  #curve(sx, sy, width) {
    const { t, a } = this.#trace;
    const from = Math.max(0, indexAt(t, this.#view.start) - 1);
    const to = Math.min(t.length, indexAt(t, this.#view.end) + 1);
    return element("path", { d: linePath(t, a, from, to, sx, sy, width), class: "curve" });
  }

  #times(sx, width, height) {
    const { start, end } = this.#view;
    return ticks(start, end, Math.max(2, width / 80)).map((at) => {
      const place = sx(at) < 16 ? "start" : sx(at) > width - 16 ? "end" : "middle";
      return element("text", { x: sx(at), y: height - 6, class: `tick ${place}` }, `${at.toLocaleString(document.documentElement.lang)} s`);
    });
  }

  #pointer(sx, sy, height) {
    if (this.#cursor === null) return [];
    const x = sx(this.#cursor.time);
    const line = element("line", { x1: x, x2: x, y1: HEAD, y2: height - FOOT, class: "cursor" });
    if (this.#cursor.angle === null) return [line];
    return [line, element("circle", { cx: x, cy: sy(this.#cursor.angle), r: 4.5, class: "mark" })];
  }
}

/**
 * The figure that follows a measured movement of any exercise: between the poses that the page
 * carries for it, as far as the angle is of the usual amplitude.
 */

const AT_MOST = 1.15; // a little further than usual shows; more would break the figure

/** Put the figure of an exercise into its place; null where there is none. */
export function placeFigure(holder, exercise) {
  if (holder.dataset.exercise === exercise) return holder.figure;
  const template = document.getElementById(`figure-${exercise}`);
  holder.dataset.exercise = exercise;
  holder.figure = null;
  if (!template) {
    holder.replaceChildren();
    return null;
  }
  holder.replaceChildren(template.content.cloneNode(true));
  const poses = JSON.parse(document.getElementById(`card-${exercise}`).dataset.poses);
  const part = (name) => holder.querySelector(`[data-segment="${name}"]`);
  holder.figure = { poses, hip: part("hip"), parts: Object.keys(poses.turns).map((name) => [part(name), poses.turns[name]]) };
  return holder.figure;
}

/** Pose the figure at an angle; `usualDeg` is how far this person goes. */
export function pose(figure, angleDeg, usualDeg) {
  const share = Math.min(AT_MOST, Math.max(0, angleDeg / (usualDeg || figure.poses.amplitude)));
  const { hips, turns } = figure.poses;
  const [x, y] = [0, 1].map((axis) => between(hips.map((hip) => hip[axis]), share));
  figure.hip.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  for (const [part, angles] of figure.parts) part.setAttribute("transform", `rotate(${between(angles, share).toFixed(1)})`);
  return turns;
}

/** The value a share of the way along a list, straight between its entries, and on beyond the last. */
export function between(values, share) {
  const at = share * (values.length - 1);
  const k = Math.min(values.length - 2, Math.floor(at));
  return values[k] + (at - k) * (values[k + 1] - values[k]);
}

/** While the sensor is being looked for: how it stands, and what somebody can do about it. */

import { say, spoken } from "../live/texts.js";
import { fillOnce, make } from "./elements.js";

export const PATIENCE_MS = 10_000; // most sensors are there within a few seconds

/** Whether it is time to say what can be done: it takes long, or something is known to be wrong. */
export function needsHelp(sensor, sinceMs) {
  if (sensor?.state === "streaming") return false;
  return Boolean(sensor?.advice) || sinceMs > PATIENCE_MS;
}

/** Show the state of the connection. */
export function showConnect(section, sensor, sinceMs) {
  const isHelp = needsHelp(sensor, sinceMs);
  fillOnce(section, JSON.stringify([sensor?.state, sensor?.advice, isHelp]), () => [
    make("p", "connect-state", say(`sensor_${sensor?.state ?? "scanning"}`)),
    sensor?.advice ? make("p", "connect-advice", spoken(sensor.advice)) : null,
    isHelp ? make("ul", "connect-help", ...["awake", "near", "taken", "without"].map((what) => make("li", "", say(`connect_${what}`)))) : null,
  ]);
}

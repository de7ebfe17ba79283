/** The motion sensor: asks leave, and gives each event as a time and six numbers. */

const EPOCH_MS = 1e12; // some old browsers count event times from 1970 by themselves
const LEAST_STEP_MS = 0.01; // clocks are made coarse on purpose: two events may bear one time

/** Call this in a tap. Resolves to "granted", "denied", "missing" or "insecure". */
export async function askLeave() {
  if (!window.isSecureContext) return "insecure";
  if (!("DeviceMotionEvent" in window)) return "missing";
  if (typeof DeviceMotionEvent.requestPermission !== "function") return "granted";
  try {
    return (await DeviceMotionEvent.requestPermission()) === "granted" ? "granted" : "denied";
  } catch {
    return "denied";
  }
}

/** Call `onSample(timeMs, values)` for each event: ms since 1970, three accelerations, three rates. */
export function watchMotion(onSample) {
  let lastMs = -Infinity;
  addEventListener("devicemotion", (event) => {
    const stampMs = event.timeStamp > EPOCH_MS ? event.timeStamp : performance.timeOrigin + event.timeStamp;
    lastMs = Math.max(stampMs, lastMs + LEAST_STEP_MS);
    onSample(lastMs, valuesOf(event));
  });
}

/** What the event says, NaN for what it leaves out: signs and units are the other end's business. */
export function valuesOf({ accelerationIncludingGravity: force, rotationRate: rate }) {
  const numbers = [force?.x, force?.y, force?.z, rate?.alpha, rate?.beta, rate?.gamma];
  return numbers.map((value) => (typeof value === "number" ? value : NaN));
}

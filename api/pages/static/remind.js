// Browser notifications at the chosen times, for as long as a page of tempo90 is open somewhere.
// The reminders page stores what to say and when; the key of the last one keeps two tabs apart.
export const KEY = "tempo90.remind";
const SAID = "tempo90.reminded";
const LOOK_EVERY_MS = 20_000;
const LATE_MIN = 10; // a computer that slept: later than this nobody is called back

export function dueAt(times, now) {
  const minute = now.getHours() * 60 + now.getMinutes();
  return times.find((time) => {
    const [hours, minutes] = time.split(":").map(Number);
    const late = minute - (hours * 60 + minutes);
    return late >= 0 && late < LATE_MIN;
  });
}

function look() {
  const wanted = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (!wanted || !("Notification" in window) || Notification.permission !== "granted") return;
  const now = new Date();
  const time = dueAt(wanted.times, now);
  if (!time) return;
  const said = `${now.toDateString()} ${time}`;
  if (localStorage.getItem(SAID) === said) return;
  localStorage.setItem(SAID, said);
  new Notification(wanted.title, { body: wanted.body, tag: "tempo90" });
}

look();
setInterval(look, LOOK_EVERY_MS);

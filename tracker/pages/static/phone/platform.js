/** Whose signs this browser follows. WebKit on iPhone and iPad, under any name, turns accelerations round. */

/** "ios" or "android": what the page takes its platform for; the still pose has the last word. */
export function platformOf({ userAgent = "", platform = "", maxTouchPoints = 0 }) {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  const isMac = /^Mac/.test(platform) || /Macintosh/.test(userAgent); // what an iPad says it is
  return isMac && maxTouchPoints > 1 ? "ios" : "android";
}

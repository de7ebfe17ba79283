/** Sentences of the upload page. */

/** A sentence with {values} filled in. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** How long a recording is: seconds, or minutes and seconds. */
export function lengthOf(seconds, words, number) {
  if (seconds < 120) return fill(words.seconds, { s: number(seconds, 0) });
  const minutes = Math.floor(seconds / 60);
  return fill(words.minutes, { m: number(minutes, 0), s: number(Math.floor(seconds - 60 * minutes), 0) });
}
